"""What a cluster library is made of: `cluster.json`, which names its shards and their versions.

A cluster library is a folder. Its articles lie in shards, each an ordinary library folder that is never
changed once the manifest names it; a change writes new shard folders and then a new manifest, in one step. So
a reader sees one version or the next, never half of either.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.config import IndexConfig
from index.errors import LibraryDamagedError, LibraryFormatError, LibraryMissingError, LibraryStorageError
from index.stores.disk import write_file

MANIFEST = "cluster.json"

CLUSTER_FORMAT = 2
"""Version of the manifest's layout."""

_RESTORE = "Restore the folder from a backup, or build it again with: python -m index cluster build"


@dataclass(frozen=True, slots=True)
class ShardEntry:
    """One shard of one version of a cluster library.

    Attributes:
        path: Its folder, from the cluster's folder on, such as `shards/0/3`.
        generation: The shard's own number of changes.
        articles, chunks, tokens: How many it holds; tokens as the word index counts them, titles included.
        linked: The number of its last article whose near-duplicates in other shards are known.
        files: SHA-256 of each of its files, by name.
    """

    path: str
    generation: int
    articles: int
    chunks: int
    tokens: int
    linked: int
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """One version of a cluster library.

    Attributes:
        version: Counts the changes from 1 on.
        config: The settings all shards were made with.
        space, dimension: Of the vectors; see `index.embedders.protocol`.
        shards: In their order, which never changes: an article's shard is `shard_of` its id.
        stories: File of the near-duplicates that lie in different shards, from the cluster's folder on.
        stories_sha256: Its SHA-256.
        words: File of how many chunks of all shards hold each word, likewise.
        words_sha256: Its SHA-256.
        groups: How many stories all articles are; near-duplicates are one.
    """

    version: int
    config: IndexConfig
    space: str
    dimension: int
    shards: tuple[ShardEntry, ...]
    stories: str
    stories_sha256: str
    words: str
    words_sha256: str
    groups: int


def shard_of(article_id: str, shards: int) -> int:
    """Return the shard that an article lies in.

    Ids are the first digits of a SHA-256, so what is left when they are divided spreads them evenly. Any
    other string is hashed first.

    Example:
        >>> shard_of("00000000000000ff", 4)
        3
    """
    try:
        number = int(article_id, 16)
    except ValueError:
        number = int.from_bytes(
            hashlib.sha256(article_id.encode("utf-8", "surrogatepass")).digest()[:8], "big"
        )
    return number % shards


def is_cluster(folder: Path) -> bool:
    """Return whether a folder holds a cluster library."""
    return (folder / MANIFEST).is_file()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Make this version the one that readers see, in one step that survives a power cut.

    Raises LibraryStorageError where the folder cannot be written.
    """
    content: dict[str, Any] = {"format": CLUSTER_FORMAT, **asdict(manifest)}
    content["sha256"] = _digest(content)
    try:
        write_file(folder / MANIFEST, f"{json.dumps(content, indent=1, sort_keys=True)}\n".encode())
    except OSError as error:
        raise LibraryStorageError(
            f"Cannot write {folder / MANIFEST}: {error.strerror}.", "What was there before is untouched."
        ) from error


def read_manifest(folder: Path) -> Manifest:
    """Return the present version of the cluster library in a folder.

    Raises:
        LibraryMissingError: There is none.
        LibraryDamagedError: The manifest is not what was written.
        LibraryFormatError: A newer version of Dateline wrote it.
        LibraryStorageError: It cannot be read.
    """
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_bytes())
        stated = content.pop("sha256", None)
        form = content.pop("format")
    except FileNotFoundError as error:
        raise LibraryMissingError(
            f"There is no cluster library in {folder}.",
            f"Make one with: python -m index cluster build SOURCE --shards N --out {folder}",
        ) from error
    except OSError as error:
        raise LibraryStorageError(f"Cannot read {path}: {error.strerror}.") from error
    except (ValueError, AttributeError, KeyError, TypeError) as error:
        raise LibraryDamagedError(f"{path} is not a manifest ({error}).", _RESTORE) from error
    if form != CLUSTER_FORMAT:
        raise LibraryFormatError(
            f"The cluster library {folder} has format {form}; this version reads format {CLUSTER_FORMAT}.",
            "Update Dateline, or build the library again in another folder.",
        )
    if stated != _digest({"format": form, **content}):
        raise LibraryDamagedError(f"{path}: its SHA-256 is not the one recorded in it.", _RESTORE)
    try:
        return _manifest_from(content)
    except (TypeError, KeyError, ValueError) as error:
        raise LibraryDamagedError(f"{path} is not a whole manifest ({error}).", _RESTORE) from error


def _manifest_from(content: dict[str, Any]) -> Manifest:
    shards = tuple(ShardEntry(**entry) for entry in content.pop("shards"))
    if not shards:
        raise ValueError("it names no shard")
    return Manifest(config=IndexConfig(**content.pop("config")), shards=shards, **content)


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
