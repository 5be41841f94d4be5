"""Asking the shards of a cluster library: what every way of reaching them does, and the one in process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from index.cluster.part import Part


@dataclass(frozen=True, slots=True)
class Call:
    """A method of `Part`, or of its store, with what it is to be given."""

    method: str
    arguments: tuple[Any, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


class Shards(Protocol):
    """The shards of one version of a cluster library.

    Attributes:
        count: How many there are.
    """

    count: int

    @property
    def changes(self) -> int:
        """Grow whenever what reaches a shard falls silent or comes back."""

    def ask(self, calls: Mapping[int, Call]) -> dict[int, Any]:
        """Return what the shards answer, each its own call; one that cannot be reached is left out.

        Errors that a shard raises itself are raised here.
        """

    def lost(self, since: float) -> int:
        """Return how many shards an answer had to do without since a moment of the monotonic clock."""

    def close(self) -> None:
        """Let go of all resources."""


class LocalShards:
    """Shards that are open in this process.

    Args:
        parts: The shards in their order.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = list(parts)
        self.count = len(self.parts)

    @property
    def changes(self) -> int:
        """None of them falls silent."""
        return 0

    def lost(self, since: float) -> int:  # noqa: ARG002 - none is ever lost here
        """Return how many shards an answer had to do without."""
        return 0

    def ask(self, calls: Mapping[int, Call]) -> dict[int, Any]:
        """Return what the shards answer, each its own call."""
        return {
            shard: self.parts[shard].call(call.method, call.arguments, call.options)
            for shard, call in calls.items()
        }

    def close(self) -> None:
        """Close the shards."""
        for part in self.parts:
            part.store.close()
