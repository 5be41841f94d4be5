"""Changing a library that lies in shards. The methods are those of `index.stores.protocol.Store`.

What is written waits in the workshop, visible to the writer only, until `save` publishes it.
"""

import zlib
from abc import ABC, abstractmethod
from collections.abc import Sequence

from index.cluster.manifest import shard_of
from index.cluster.part import Part
from index.schema import Analysis, Article, ArticleRecord, Correction
from index.stores.protocol import FileStamp, Source


class ClusterWriting(ABC):
    """What can be changed in a cluster library."""

    @abstractmethod
    def _parts(self) -> Sequence[Part]:
        """Return all shards as they are now, changes included, or raise LibraryStorageError."""

    @abstractmethod
    def work(self, shard: int) -> Part:
        """Return a shard open for writing."""

    @abstractmethod
    def save(self, *, shrink: bool = False) -> None:
        """Publish what was changed."""

    def put(self, record: ArticleRecord, source: Source) -> None:
        """Write an article with everything derived from it; on return it is on disk."""
        home = self._home_of(record.article.id)
        self._fetch(source.key, home)
        self.work(home).store.put(record, source)

    def attach(self, article: Article, source: Source) -> None:
        """Add a source to an article that is already there, whose text is `article.text`."""
        home = self._home_of(article.id)
        self._fetch(source.key, home)
        self.work(home).store.attach(article, source)

    def replace(self, old: str, record: ArticleRecord, restored: Sequence[str] = ()) -> None:
        """Put a reworked article in the place of `old`, with all its sources."""
        former, home = self._home_of(old), self._home_of(record.article.id)
        if former == home:
            self.work(home).store.replace(old, record, restored)
            return
        before = self._parts()[former]
        sources = before.sources_with_metadata(old)
        for source in sources:
            self.work(home).keep_restored(source.key, sorted(before.store.restored(source.key)))
        self.work(home).adopt(record, sources, restored)
        self.work(former).release([source.key for source in sources])

    def detach(self, keys: Sequence[str]) -> int:
        """Forget these sources; return how many articles went with them."""
        holding = [shard for shard, part in enumerate(self._parts()) if part.knows(keys)]
        return sum(self.work(shard).store.detach(keys) for shard in holding)

    def mark_read(self, stamps: Sequence[FileStamp]) -> None:
        """Record that these files hold nothing new.

        A file is remembered in a shard that has its articles, so that adding one file changes one shard; one
        that is remembered so already changes none.
        """
        paths = [stamp.path for stamp in stamps]
        homes: dict[str, int] = {}
        for shard, part in enumerate(self._parts()):
            for path in part.read_from(paths):
                homes.setdefault(path, shard)
        known: dict[str, FileStamp] = {}
        for shard, part in enumerate(self._parts()):
            stamped = part.stamped(paths)
            known |= stamped
            homes |= dict.fromkeys(stamped, shard)
        by_shard: dict[int, list[FileStamp]] = {}
        for stamp in stamps:
            if known.get(stamp.path) == stamp:
                continue
            by_shard.setdefault(homes.get(stamp.path, self._any_home(stamp.path)), []).append(stamp)
        for shard, some in sorted(by_shard.items()):
            self.work(shard).store.mark_read(some)

    def forget_files(self, paths: Sequence[str]) -> int:
        """Forget files and all sources in them; return how many articles went."""
        holding = [
            shard for shard, part in enumerate(self._parts()) if part.stamped(paths) or part.read_from(paths)
        ]
        return sum(self.work(shard).store.forget_files(paths) for shard in holding)

    def remove(self, article_ids: Sequence[str]) -> int:
        """Delete articles and all that belongs to them; return how many there were."""
        by_shard: dict[int, list[str]] = {}
        for identity in article_ids:
            if self._parts()[self._home_of(identity)].store.has(identity):
                by_shard.setdefault(self._home_of(identity), []).append(identity)
        paths = sorted(
            {path for shard, ids in by_shard.items() for path in self._parts()[shard].paths_of(ids)}
        )
        removed = sum(self.work(shard).store.remove(ids) for shard, ids in sorted(by_shard.items()))
        for shard, part in enumerate(self._parts()):
            # Their files are read again by the next add, whichever shard remembers them.
            stamped = sorted(part.stamped(paths))
            if stamped:
                self.work(shard).forget_stamps(stamped)
        return removed

    def reanalyse(self, article_id: str, analysis: Analysis) -> None:
        """Put other names and statements in the place of an article's own."""
        self.work(self._home_of(article_id)).store.reanalyse(article_id, analysis)

    def add_correction(self, correction: Correction) -> int:
        """Store a correction and return its number; on return readers see it."""
        shard = self._home_of(correction.article)
        number = self.work(shard).store.add_correction(correction)
        self.save()
        return number * len(self._parts()) + shard

    def remove_correction(self, number: int) -> bool:
        """Delete a correction and return whether it was there; on return readers see it."""
        local, shard = divmod(number, len(self._parts()))
        if all(correction.number != local for correction in self._parts()[shard].store.corrections()):
            return False
        self.work(shard).store.remove_correction(local)
        self.save()
        return True

    def _home_of(self, article_id: str) -> int:
        return shard_of(article_id, len(self._parts()))

    def _any_home(self, path: str) -> int:
        """Return the shard that remembers a file without articles."""
        return zlib.crc32(path.encode("utf-8", "surrogatepass")) % len(self._parts())

    def _fetch(self, key: str, home: int) -> None:
        """Take a source out of every other shard, with what a reader has put back for it.

        It leaves before it arrives: an `add` that is stopped in between reads the file again when it goes on.
        """
        for shard, part in enumerate(self._parts()):
            if shard != home and part.knows([key]):
                self.work(home).keep_restored(key, sorted(part.store.restored(key)))
                self.work(shard).release([key])
