"""Making the next version of a cluster library: copies of the shards that change, then all of them at once.

A shard that is to change is copied to `work/`, an ordinary library open for writing. Publishing seals these
copies, moves them beside the versions that readers have open, and puts a new manifest in the place of the old
one. Whatever stops a writer before that leaves readers with the old version, and its work for the next one.
"""

import json
import logging
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from index.cluster.manifest import Manifest, ShardEntry, write_manifest
from index.cluster.sealed import seal
from index.cluster.stories import Joined, write_stories
from index.cluster.word_counts import write_counts
from index.config import IndexConfig
from index.errors import LibraryDamagedError, LibraryStorageError
from index.stores.database import create_database
from index.stores.disk import RESERVE_NAME, file_digest, sync_folder, write_file
from index.stores.local import LocalStore
from index.stores.lock import LOCK_NAME

logger = logging.getLogger(__name__)

WORK = "work"
SHARDS = "shards"
KEPT_VERSIONS = 2
"""Versions of a shard that stay on disk: the present one and the one that readers may still have open."""

_BASE = "base.json"


@dataclass(frozen=True, slots=True)
class Stories:
    """What a version says of near-duplicates in different shards; see `index.cluster.stories`.

    `linked` is the number of each shard's last article whose copies elsewhere are known, `groups` the number
    of stories in the whole library.
    """

    links: frozenset[tuple[str, str]]
    joined: Mapping[int, Joined]
    linked: tuple[int, ...]
    groups: int


class Workshop:
    """The shards of a cluster library that are being changed. The caller holds the library's write lock.

    Args:
        folder: The cluster library's folder.
        manifest: The version that is changed.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest
        self._work = folder / WORK
        self._open: dict[int, LocalStore] = {}
        try:
            self._take_up()
        except OSError as error:
            raise _unwritable(folder, error) from error

    def changed(self) -> list[int]:
        """Return the shards that are not as in the manifest."""
        return waiting_work(self.folder, self.manifest)

    def store(self, shard: int) -> LocalStore:
        """Return a shard open for writing, copied from its present version at the first call."""
        if shard not in self._open:
            self._open[shard] = LocalStore.open(self._place(shard), write=True)
        return self._open[shard]

    def lend(self, shard: int) -> Path:
        """Return the folder of a shard's copy for another process to write; it is not open here meanwhile."""
        if shard in self._open:
            self._open.pop(shard).close()
        return self._place(shard)

    def _place(self, shard: int) -> Path:
        """Return the folder of a shard's copy, made at the first call."""
        target = self._work / str(shard)
        try:
            if not target.is_dir():
                self._copy(shard, target)
        except OSError as error:
            raise _unwritable(self.folder, error) from error
        return target

    def publish(self, stories: Stories, *, shrink: bool) -> Manifest:
        """Make all changes the version that readers see, and return it.

        The stores of changed shards are closed: their folders move.

        Args:
            stories: The near-duplicates in different shards, as of the changes.
            shrink: Whether space of deleted articles is given back.
        """
        version = self.manifest.version + 1
        try:
            entries = list(self.manifest.shards)
            changed = self.changed()
            for shard in changed:
                entries[shard] = self._seal(shard, version, shrink=shrink)
            entries = [
                replace(entry, linked=linked) for entry, linked in zip(entries, stories.linked, strict=True)
            ]
            name, words = _stories_name(version), _words_name(version)
            write_stories(self.folder / name, stories.links, stories.joined)
            self._count_words(words, entries, changed)
            self.manifest = replace(
                self.manifest,
                version=version,
                shards=tuple(entries),
                stories=name,
                stories_sha256=file_digest(self.folder / name),
                words=words,
                words_sha256=file_digest(self.folder / words),
                groups=stories.groups,
            )
            write_manifest(self.folder, self.manifest)
            self._prune()
        except OSError as error:
            raise _unwritable(self.folder, error) from error
        return self.manifest

    def _count_words(self, name: str, entries: list[ShardEntry], changed: list[int]) -> None:
        """Write how many chunks of all shards hold each word; only the changed shards are read."""
        before = self.folder / self.manifest.words
        come = [self.folder / entries[shard].path for shard in changed]
        broken = list(file_problems(self.folder, {self.manifest.words: self.manifest.words_sha256}))
        if broken or len(changed) == len(entries):
            write_counts(self.folder / name, None, [], [self.folder / entry.path for entry in entries])
        else:
            gone = [self.folder / self.manifest.shards[shard].path for shard in changed]
            write_counts(self.folder / name, before, gone, come)

    def close(self) -> None:
        """Close what is open. Changes that were not published wait for the next writer."""
        for store in self._open.values():
            store.close()
        self._open.clear()

    def _take_up(self) -> None:
        """Find what an earlier writer left: work to go on with, or work on a version that is no more."""
        try:
            base = json.loads((self._work / _BASE).read_bytes())["version"]
        except FileNotFoundError:
            base = None
        except (ValueError, KeyError, TypeError):
            base = -1
        if base != self.manifest.version:
            if base is not None:
                logger.warning("work left in %s was on another version; it is deleted", self._work)
            shutil.rmtree(self._work, ignore_errors=True)
            return
        # A writer that was stopped while publishing had moved some shards already.
        for shard in range(len(self.manifest.shards)):
            moved = self._versions(shard) / str(self.manifest.version + 1)
            if moved.is_dir() and not (self._work / str(shard)).exists():
                moved.rename(self._work / str(shard))
        if self.changed():
            logger.warning("going on with the work that was left in %s", self._work)

    def _versions(self, shard: int) -> Path:
        return self.folder / SHARDS / str(shard)

    def _copy(self, shard: int, target: Path) -> None:
        """Copy the present version of a shard, whole or not at all."""
        self._work.mkdir(exist_ok=True)
        write_file(self._work / _BASE, json.dumps({"version": self.manifest.version}).encode())
        entry = self.manifest.shards[shard]
        temporary = self._work / f"{shard}.tmp"
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir()
        for name in entry.files:
            shutil.copyfile(self.folder / entry.path / name, temporary / name)
        temporary.rename(target)

    def _seal(self, shard: int, version: int, *, shrink: bool) -> ShardEntry:
        """Close a changed shard for good, move it to where readers look, and return its entry."""
        store = self.store(shard)
        del self._open[shard]
        entry = _close_for_good(store, shrink=shrink)
        target = self._versions(shard) / str(version)
        shutil.rmtree(target, ignore_errors=True)
        (self._work / str(shard)).rename(target)
        sync_folder(target.parent)
        return replace(entry, path=f"{SHARDS}/{shard}/{version}")

    def _prune(self) -> None:
        """Delete what neither this version nor the one before it names."""
        shutil.rmtree(self._work, ignore_errors=True)
        for shard in range(len(self.manifest.shards)):
            versions = [int(path.name) for path in self._versions(shard).iterdir() if path.name.isdecimal()]
            for version in sorted(versions)[:-KEPT_VERSIONS]:
                shutil.rmtree(self._versions(shard) / str(version), ignore_errors=True)
        versions = [self.manifest.version - back for back in range(KEPT_VERSIONS)]
        kept = {make(version) for version in versions for make in (_stories_name, _words_name)}
        for pattern in ("stories.*.sqlite*", "words.*.sqlite*"):
            for path in self.folder.glob(pattern):
                if path.name not in kept:
                    path.unlink(missing_ok=True)


def make_cluster(folder: Path, *, shards: int, config: IndexConfig, space: str, dimension: int) -> Manifest:
    """Make a cluster library of empty shards and return its first version.

    Args:
        folder: A folder without a library; the caller holds its write lock.
        shards: How many.
        config: The settings of the library.
        space: Of the vectors; see `index.embedders.protocol`.
        dimension: Of the vectors.
    """
    entries = []
    name, words = _stories_name(1), _words_name(1)
    try:
        for shard in range(shards):
            path = folder / SHARDS / str(shard) / "1"
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir(parents=True)
            create_database(path, config, space, dimension)
            entry = _close_for_good(LocalStore.open(path, write=True), shrink=False)
            entries.append(replace(entry, path=f"{SHARDS}/{shard}/1"))
        write_stories(folder / name, (), {})
        write_counts(folder / words, None, [], [])
        files = (name, file_digest(folder / name), words, file_digest(folder / words))
        made = Manifest(1, config, space, dimension, tuple(entries), *files, 0)
        write_manifest(folder, made)
    except OSError as error:
        raise _unwritable(folder, error) from error
    return made


def waiting_work(folder: Path, manifest: Manifest) -> list[int]:
    """Return the shards that have changes which are not published."""
    return [shard for shard in range(len(manifest.shards)) if (folder / WORK / str(shard)).is_dir()]


def file_problems(folder: Path, files: Mapping[str, str]) -> Iterable[str]:
    """Yield a line for each file that is missing or is not what the manifest says."""
    for name, expected in sorted(files.items()):
        try:
            if file_digest(folder / name) != expected:
                yield f"{name}: its SHA-256 is not the one in the manifest; it was changed or is damaged"
        except OSError as error:
            yield f"{name}: cannot be read ({error.strerror})"


def check_folder(folder: Path, entry: ShardEntry) -> Path:
    """Return a shard's folder, or raise LibraryDamagedError where it is not there."""
    path = folder / entry.path
    if not path.is_dir():
        raise LibraryDamagedError(
            f"The cluster library {folder} has lost {entry.path}.",
            "Restore the folder from a backup, or build the library again.",
        )
    return path


def _close_for_good(store: LocalStore, *, shrink: bool) -> ShardEntry:
    """Write a shard's caches, fold its log and close it; return its entry, which has no path yet."""
    store.save(shrink=shrink)
    seal(store.database)
    count = store.database.value
    entry = ShardEntry(
        path="",
        generation=store.generation(),
        articles=int(count("SELECT count(*) FROM articles")),
        chunks=int(count("SELECT count(*) FROM chunks")),
        tokens=store.word_statistics("").tokens,
        linked=0,
        files={},
    )
    store.close()
    folder = store.database.folder
    for name in (RESERVE_NAME, LOCK_NAME):
        (folder / name).unlink(missing_ok=True)
    return replace(entry, files=_digests(folder))


def _stories_name(version: int) -> str:
    return f"stories.{version}.sqlite"


def _words_name(version: int) -> str:
    return f"words.{version}.sqlite"


def _digests(folder: Path) -> dict[str, str]:
    """Return SHA-256 of each file in a sealed shard; SQLite's own side files are gone by then."""
    return {
        path.name: file_digest(path)
        for path in sorted(folder.iterdir())
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


def _unwritable(folder: Path, error: OSError) -> LibraryStorageError:
    name = f" ({os.fspath(error.filename)})" if error.filename else ""
    return LibraryStorageError(
        f"The cluster library {folder} cannot be written: {error.strerror}{name}.",
        "Free some disk space or check the folder's permissions. What readers see is untouched.",
    )
