"""Checking a cluster library: each shard byte by byte, and what holds between them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from index.cluster.manifest import Manifest, shard_of
from index.cluster.part import Part
from index.cluster.sealed import SealedDatabase
from index.cluster.stories import join, read_joined, read_links
from index.cluster.word_counts import counts_in, write_counts
from index.cluster.workshop import file_problems
from index.errors import LibraryError
from index.stores.local import LocalStore


def cluster_problems(folder: Path, manifest: Manifest, changed: Mapping[int, Part]) -> list[str]:
    """Return every problem, a line each; empty when all is well.

    Args:
        folder: The cluster library's folder.
        manifest: Its version.
        changed: The shards that a writer has changed and not published yet; they are read as they are now.
    """
    problems: list[str] = []
    parts: list[Part] = []
    for shard, entry in enumerate(manifest.shards):
        try:
            part = changed.get(shard) or Part(LocalStore(SealedDatabase(folder / entry.path)))
            parts.append(part)
            if shard not in changed:
                problems += [
                    f"{entry.path}: {line}" for line in _entry_problems(folder, manifest, shard, part)
                ]
            lines = [*part.store.verify(), *_home_problems(part, shard, len(manifest.shards))]
            problems += [f"shard {shard}: {line}" for line in lines]
        except LibraryError as error:
            problems.append(f"shard {shard}: {error.message}")
    if len(parts) == len(manifest.shards):
        try:
            problems += _source_problems(parts)
            if not changed:
                problems += _story_problems(folder, manifest, parts)
                problems += _word_problems(folder, manifest)
        except LibraryError as error:
            problems.append(error.message)
    for shard, part in enumerate(parts):
        if shard not in changed:
            part.store.close()
    return problems


def _entry_problems(folder: Path, manifest: Manifest, shard: int, part: Part) -> Iterator[str]:
    entry = manifest.shards[shard]
    yield from file_problems(folder / entry.path, entry.files)
    made = (part.store.config(), part.store.space, part.store.dimension)
    if made != (manifest.config, manifest.space, manifest.dimension):
        yield "it was made with other settings than the manifest says"
    if part.store.generation() != entry.generation:
        yield f"it has generation {part.store.generation()}; the manifest says {entry.generation}"
    for kind, stated in (("articles", entry.articles), ("chunks", entry.chunks)):
        count = part.store.database.value(f"SELECT count(*) FROM {kind}")
        if count != stated:
            yield f"it holds {count} {kind}; the manifest says {stated}"
    tokens = part.store.word_statistics("").tokens
    if tokens != entry.tokens:
        yield f"it holds {tokens} words; the manifest says {entry.tokens}"


def _home_problems(part: Part, shard: int, shards: int) -> Iterator[str]:
    for (identity,) in part.store.database.rows("SELECT id FROM articles ORDER BY id"):
        home = shard_of(identity, shards)
        if home != shard:
            yield f"article {identity} belongs in shard {home}"


def _story_problems(folder: Path, manifest: Manifest, parts: list[Part]) -> Iterator[str]:
    path = folder / manifest.stories
    problems = list(file_problems(folder, {manifest.stories: manifest.stories_sha256}))
    if problems:
        yield from problems
        return
    links = read_links(path)
    named = [identity for pair in links for identity in pair]
    homes = {
        identity: (shard, group)
        for shard, part in enumerate(parts)
        for identity, group in part.groups_of(named).items()
    }
    stories = join(links, homes)
    for shard in range(len(parts)):
        if read_joined(path, shard) != stories.get(shard, {}):
            yield f"{path.name}: the stories of shard {shard} are not those that its links make"


def _word_problems(folder: Path, manifest: Manifest) -> Iterator[str]:
    problems = list(file_problems(folder, {manifest.words: manifest.words_sha256}))
    if problems:
        yield from problems
        return
    with TemporaryDirectory(prefix="dateline-check-") as made:
        counted = Path(made) / manifest.words
        write_counts(counted, None, [], [folder / entry.path for entry in manifest.shards])
        if counts_in(counted) != counts_in(folder / manifest.words):
            yield f"{manifest.words}: its counts are not those of the shards' words"


def _source_problems(parts: list[Part]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for shard, part in enumerate(parts):
        for (key,) in part.store.database.rows("SELECT key FROM sources ORDER BY key"):
            if key in seen:
                yield f"source {key} is in shard {seen[key]} and in shard {shard}"
            seen[key] = shard
