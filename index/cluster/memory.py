"""What the process that asks keeps of one version of a library in shards. A version never changes."""

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping
from threading import Lock
from typing import Any, Generic, TypeVar

from index.stores.protocol import StoredChunk

ARTICLES = 512
"""Articles whose texts, sentences and names are kept: 75 kB each where articles are long."""

CARDS = 8_192
"""Cards of articles that are kept: about 1 kB each."""

CHUNKS = 16_384
"""Chunks whose places are kept: about 250 bytes each."""

ANSWERS = 512
"""Lists and counts of one shard that are kept."""

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Keeps values by key, those longest unused going first; may be used by several threads.

    Args:
        most: How many are kept; with 0 nothing is.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Value] = OrderedDict()
        self._lock = Lock()

    def known(self, keys: Iterable[Key]) -> dict[Key, Value]:
        """Return those of these that are kept."""
        found = {}
        with self._lock:
            for key in keys:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    found[key] = self._kept[key]
        return found

    def unknown(self, keys: Iterable[Key]) -> list[Key]:
        """Return those of these that are not kept, each once."""
        asked = dict.fromkeys(keys)
        known = self.known(asked)
        return [key for key in asked if key not in known]

    def keep(self, values: Mapping[Key, Value]) -> None:
        """Keep these values."""
        with self._lock:
            for key, value in values.items():
                self._kept[key] = value
                self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


class Memory:
    """What was read of one version.

    Args:
        keeping: Whether anything is kept; a library that is being changed is read anew each time.

    Attributes:
        articles: What shards say of articles, by id, for each method of `index.cluster.part.Part` that
            says it.
        chunks: Where chunks stand, by their number in the whole library.
        answers: What one shard has answered, by shard, method and arguments.
    """

    def __init__(self, *, keeping: bool = True) -> None:
        self.articles: dict[str, Recent[str, Any]] = {
            "cards": Recent(CARDS * keeping),
            "texts": Recent(ARTICLES * keeping),
            "readings": Recent(ARTICLES * keeping),
        }
        self.chunks: Recent[int, StoredChunk] = Recent(CHUNKS * keeping)
        self.answers: Recent[tuple[int, str, tuple[Any, ...]], Any] = Recent(ANSWERS * keeping)
