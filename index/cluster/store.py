"""The store of a cluster library: the same promises as one library, over many shards."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from index.cluster import merging
from index.cluster.asking import View
from index.cluster.checking import cluster_problems
from index.cluster.copies import Copies
from index.cluster.manifest import MANIFEST, Manifest, read_manifest
from index.cluster.memory import Memory
from index.cluster.part import Part
from index.cluster.reading import ClusterReading
from index.cluster.shards import Call, LocalShards, Shards
from index.cluster.stories import read_links
from index.cluster.word_counts import WordCounts
from index.cluster.workshop import Stories, Workshop
from index.cluster.writing import ClusterWriting
from index.config import IndexConfig
from index.errors import LibraryStorageError
from index.reports import LibraryStats

Reach = Callable[[Manifest, Shards | None], Shards]
"""Reaches the shards of a version, given those of the version before."""

_WITH_STORIES = frozenset({"articles", "cards", "card", "ledger", "extent_of", "extent_mentioning", "ahead"})
"""What a shard tells that depends on near-duplicates in other shards."""


class ShardedStore(ClusterReading, ClusterWriting):
    """A cluster library; see `index.stores.protocol.Store` for what each method promises.

    A store for reading moves to a new version by itself: each call sees one version whole. A store for
    writing sees its own changes, which readers see once `save` has published them.

    Args:
        folder: The cluster library's folder.
        manifest: Its present version.
        reach: Reaches the shards of a version.
        workshop: Where changes are made; None for reading only. Then the caller holds the write lock.
    """

    def __init__(
        self, folder: Path, manifest: Manifest, reach: Reach, workshop: Workshop | None = None
    ) -> None:
        self.folder = folder
        self.space, self.dimension = manifest.space, manifest.dimension
        self.shards = len(manifest.shards)
        self._reach = reach
        self._seen = _stamp(folder)
        self._now = self._reached(manifest, None, keeping=workshop is None)
        self._moving = Lock()
        self._workshop = workshop
        if workshop is not None:
            self._begin(workshop)

    def config(self) -> IndexConfig:
        """Return the settings the library was made with."""
        return self._now.manifest.config

    def generation(self) -> int:
        """Return the number of changes so far: while it stays, everything read stays true."""
        view = self._view()
        if self._workshop is not None:
            return sum(part.store.generation() for part in self._parts())
        return sum(entry.generation for entry in view.manifest.shards) + view.shards.changes

    def lost(self, since: float) -> tuple[int, int]:
        """Return how many parts answers had to do without since then, and how many parts there are."""
        shards = self._now.shards
        return shards.lost(since), shards.count

    def stats(self) -> LibraryStats:
        """Return the size and make of the library."""
        parts: list[LibraryStats] = self._each("stats")
        more = sum(path.stat().st_size for path in self.folder.glob("*.sqlite"))
        more += (self.folder / MANIFEST).stat().st_size
        return merging.whole_stats(parts, self.extent().stories, self.generation(), more)

    def verify(self) -> list[str]:
        """Read every byte and return what is wrong, a line a problem; empty when all is well."""
        changed = {}
        if self._workshop is not None:
            parts = self._parts()
            changed = {shard: parts[shard] for shard in self._workshop.changed()}
        return cluster_problems(self.folder, read_manifest(self.folder), changed)

    def digest(self) -> str:
        """Return a SHA-256 over all content: equal for cluster libraries that hold the same articles."""
        self._settle()
        found = [*self._each("digest"), *(str(sorted(joined.items())) for joined in self._each("stories"))]
        return hashlib.sha256("\n".join(found).encode()).hexdigest()

    def repair(self) -> list[str]:
        """Rebuild what is derived in every shard, and publish it; return what was done."""
        done = []
        for shard in range(len(self._parts())):
            done += [f"shard {shard}: {line}" for line in self.work(shard).store.repair()]
        # Every copy in another shard is looked for again.
        self._copies = Copies(set(), [0] * len(self._parts()))
        self.save()
        done.append(f"compared all articles across shards: {len(self._copies.links)} near-duplicates")
        return done

    def save(self, *, shrink: bool = False) -> None:
        """Publish what was changed; with `shrink`, give deleted space back. Readers do nothing."""
        workshop = self._workshop
        if workshop is None or not workshop.changed():
            return
        groups = self.extent().stories
        copies = self._copies
        stories = Stories(frozenset(copies.links), copies.joined, tuple(copies.linked), groups)
        manifest = workshop.publish(stories, shrink=shrink)
        self._now.shards.close()
        self._now = self._reached(manifest, None, keeping=False)
        self._begin(workshop)

    def close(self) -> None:
        """Let go of all resources. What was not published waits for the next writer."""
        self._now.shards.close()
        if self._workshop is not None:
            self._workshop.close()

    # ---- which version is read

    def _view(self) -> View:
        if self._workshop is not None:
            return self._now
        seen = _stamp(self.folder)
        if seen != self._seen:
            self._move(seen)
        return self._now

    def _move(self, seen: tuple[int, int, int]) -> None:
        """Read the version that has been published; calls that still use the one before keep it open."""
        with self._moving:
            if seen != self._seen:
                manifest = read_manifest(self.folder)
                if manifest.version != self._now.manifest.version:
                    self._now = self._reached(manifest, self._now.shards, keeping=True)
                self._seen = seen

    def _reached(self, manifest: Manifest, before: Shards | None, *, keeping: bool) -> View:
        """Return a version as it is read; one that is being changed is not as its manifest says."""
        words = WordCounts(self.folder / manifest.words, manifest.words_sha256) if keeping else None
        return View(manifest, self._reach(manifest, before), Memory(keeping=keeping), words)

    def _ask(self, view: View, calls: Mapping[int, Call]) -> dict[int, Any]:
        if any(call.method in _WITH_STORIES for call in calls.values()):
            self._settle()
        return super()._ask(view, calls)

    # ---- writing

    def _begin(self, workshop: Workshop) -> None:
        """Start from the published version, with what an earlier writer has left on top."""
        manifest = workshop.manifest
        links = read_links(self.folder / manifest.stories)
        self._copies = Copies(links, [entry.linked for entry in manifest.shards])
        for shard in workshop.changed():
            self.work(shard)

    def _parts(self) -> Sequence[Part]:
        self._opened()
        shards = self._now.shards
        assert isinstance(shards, LocalShards)
        return shards.parts

    def _opened(self) -> Workshop:
        if self._workshop is None:
            raise LibraryStorageError(
                f"The library {self.folder} is open for reading only.", "Open it with write=True."
            )
        return self._workshop

    def work(self, shard: int) -> Part:
        """Return a shard open for writing; readers see its changes once `save` has published them."""
        store = self._opened().store(shard)
        shards = self._now.shards
        assert isinstance(shards, LocalShards)
        part = shards.parts[shard]
        if part.store is not store:
            part.store.close()
            part = shards.parts[shard] = Part(store, part.joined)
        return part

    def lend(self, shard: int) -> Path:
        """Return a shard's folder for another process to write, until `work` opens it here again."""
        return self._opened().lend(shard)

    def _settle(self) -> None:
        """Bring near-duplicates in different shards up to date with what was written."""
        if self._workshop is not None:
            self._copies.settle(self._parts(), self._workshop.changed())


def _stamp(folder: Path) -> tuple[int, int, int]:
    """Return what changes when a new version is published."""
    status = (folder / MANIFEST).stat()
    return status.st_mtime_ns, status.st_size, status.st_ino
