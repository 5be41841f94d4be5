"""Regular expressions that are compiled when they are first used.

Hundreds stand in the modules that answer questions, and one question uses a part of them: compiling all of
them takes longer than answering it.
"""

import re
from typing import Any, cast

__all__ = ["regex"]

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn")


def regex(expression: str, flags: int = 0) -> re.Pattern[str]:
    """Return what `re.compile` returns, save that nothing is compiled, or found wrong, before it is used.

    For the module level only: a pattern that is used at once is better compiled at once.
    """
    return cast("re.Pattern[str]", _Uncompiled(expression, flags))


class _Uncompiled:
    """Takes over the methods of the compiled pattern at its first use; later calls go straight to them."""

    def __init__(self, expression: str, flags: int) -> None:
        self.pattern = expression  # longer expressions are put together of it
        self._flags = flags

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a compiled pattern has by this name
        compiled = re.compile(self.pattern, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)
