"""What was read from a library, kept for as long as the library does not change."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

__all__ = ["Kept"]

Result = TypeVar("Result")


class Kept:
    """Keeps results of reading, those longest unused going first; may be used by several threads.

    Args:
        generation: Returns the library's generation: a result is good for the one that it was read in.
        most: How many results are kept.
    """

    def __init__(self, generation: Callable[[], int], most: int) -> None:
        self._generation = generation
        self._most = most
        self._found: OrderedDict[Hashable, tuple[int, Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, read: Callable[[], Result]) -> Result:
        """Return what `read` gives, read again where the library has changed since."""
        generation = self._generation()
        with self._lock:
            known = self._found.get(key)
            if known is not None and known[0] == generation:
                self._found.move_to_end(key)
                kept: Result = known[1]
                return kept
        # Read outside the lock: what another process writes meanwhile makes a new generation.
        result = read()
        with self._lock:
            self._found[key] = generation, result
            self._found.move_to_end(key)
            while len(self._found) > self._most:
                self._found.popitem(last=False)
        return result
