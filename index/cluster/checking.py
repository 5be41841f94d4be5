"""Checking a cluster library: each shard byte by byte, and what holds between them."""

from collections.abc import Iterator
from pathlib import Path

from index.cluster.manifest import Manifest, shard_of
from index.cluster.part import Part
from index.cluster.sealed import SealedDatabase
from index.cluster.stories import join, read_joined, read_links
from index.cluster.workshop import file_problems
from index.errors import LibraryError
from index.stores.disk import file_digest
from index.stores.local import LocalStore


def cluster_problems(folder: Path, manifest: Manifest) -> list[str]:
    """Return every problem of a version, a line each; empty when all is well."""
    problems: list[str] = []
    parts: list[Part] = []
    for shard, entry in enumerate(manifest.shards):
        try:
            part = Part(LocalStore(SealedDatabase(folder / entry.path)))
            parts.append(part)
            problems += [f"{entry.path}: {line}" for line in _shard_problems(folder, manifest, shard, part)]
        except LibraryError as error:
            problems.append(f"{entry.path}: {error.message}")
    if len(parts) == len(manifest.shards):
        try:
            problems += _story_problems(folder, manifest, parts)
            problems += _source_problems(parts)
        except LibraryError as error:
            problems.append(error.message)
    for part in parts:
        part.store.close()
    return problems


def _shard_problems(folder: Path, manifest: Manifest, shard: int, part: Part) -> Iterator[str]:
    entry = manifest.shards[shard]
    yield from file_problems(folder / entry.path, entry.files)
    yield from part.store.verify()
    database = part.store.database
    made = (part.store.config(), part.store.space, part.store.dimension)
    if made != (manifest.config, manifest.space, manifest.dimension):
        yield "it was made with other settings than the manifest says"
    if part.store.generation() != entry.generation:
        yield f"it has generation {part.store.generation()}; the manifest says {entry.generation}"
    ids = [identity for (identity,) in database.rows("SELECT id FROM articles ORDER BY id")]
    if len(ids) != entry.articles:
        yield f"it holds {len(ids)} articles; the manifest says {entry.articles}"
    for identity in ids:
        home = shard_of(identity, len(manifest.shards))
        if home != shard:
            yield f"article {identity} belongs in shard {home}"


def _story_problems(folder: Path, manifest: Manifest, parts: list[Part]) -> Iterator[str]:
    path = folder / manifest.stories
    try:
        if file_digest(path) != manifest.stories_sha256:
            yield f"{path.name}: its SHA-256 is not the one in the manifest; it was changed or is damaged"
            return
    except OSError as error:
        yield f"{path.name}: cannot be read ({error.strerror})"
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


def _source_problems(parts: list[Part]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for shard, part in enumerate(parts):
        for (key,) in part.store.database.rows("SELECT key FROM sources ORDER BY key"):
            if key in seen:
                yield f"source {key} is in shard {seen[key]} and in shard {shard}"
            seen[key] = shard
