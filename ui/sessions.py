"""Readers' sessions that share what none of them has changed.

Gradio keeps for each reader how every component of every page looks, and works all of it out anew for each
one who comes: 20 milliseconds, a tenth of what an answer takes.
"""

from typing import Any

from gradio import Blocks
from gradio.blocks import Block, BlocksConfig

__all__ = ["share"]


class _OfPages(BlocksConfig):
    """What is on the pages; each session begins with a copy of it."""

    def __init__(self, pages: Blocks) -> None:
        vars(self).update(vars(pages.default_config))
        self._known: dict[int, dict[str, Any]] = {}

    def __copy__(self) -> "_OfSession":
        return _OfSession(super().__copy__(), self._known)  # type: ignore[no-untyped-call]


class _OfSession(BlocksConfig):
    """What is on the pages of one reader, who may have changed some of it.

    Args:
        own: The same, as Gradio keeps it.
        known: How the components look that no reader has changed, by number; all sessions fill it.
    """

    def __init__(self, own: BlocksConfig, known: dict[int, dict[str, Any]]) -> None:
        vars(self).update(vars(own))
        self._known = known

    def config_for_block(  # type: ignore[override]
        self,
        number: int,
        rendered: list[int],
        block: Block,
        renderable: Any = None,  # noqa: ANN401 - part of a page that is drawn anew, of which Dateline has none
    ) -> dict[str, Any]:
        """Return how a component looks; Gradio sets the value of this reader's own in "props"."""
        if renderable is not None or self.root_block.blocks.get(number) is not block:
            looks: dict[str, Any] = BlocksConfig.config_for_block(number, rendered, block, renderable)
            return looks
        if number not in self._known:
            self._known[number] = BlocksConfig.config_for_block(number, rendered, block)
        known = self._known[number]
        return {**known, "props": {**known["props"]}}


def share(pages: Blocks) -> None:
    """Let the sessions of finished pages share what none of them has changed."""
    pages.default_config = _OfPages(pages)
