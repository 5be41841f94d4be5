"""Opening the store of a cluster library, in one process."""

from pathlib import Path

from index.cluster.manifest import Manifest, read_manifest
from index.cluster.part import Part
from index.cluster.sealed import open_sealed
from index.cluster.shards import LocalShards, Shards
from index.cluster.store import Reach, ShardedStore
from index.cluster.stories import read_joined
from index.cluster.workshop import Workshop, check_folder
from index.errors import LibraryFormatError


def open_cluster_store(folder: Path, *, write: bool = False, address: str | None = None) -> ShardedStore:
    """Open the cluster library in `folder`.

    Args:
        folder: Its folder.
        write: Whether to change it; then the caller holds its write lock.
        address: Of the Ray cluster whose nodes serve its shards; None to read them in this process. A writer
            always does.

    Raises:
        ShardLostError: There is no such Ray cluster, or none of its nodes serves the library.
        LibraryMissingError: There is none.
        LibraryDamagedError: Its manifest is broken, or a shard is gone.
        LibraryFormatError: This version cannot read it.
    """
    manifest = read_manifest(folder)
    if address and not write:
        return ShardedStore(folder, manifest, _reach_on_ray(folder, manifest, address))
    workshop = Workshop(folder, manifest) if write else None

    def reach(manifest: Manifest, before: Shards | None) -> Shards:
        return open_parts(folder, manifest, before, workshop)

    return ShardedStore(folder, manifest, reach, workshop)


def _reach_on_ray(folder: Path, manifest: Manifest, address: str) -> Reach:
    from index.cluster.ray_link import join_ray
    from index.cluster.ray_shards import RayShards, Replicas

    replicas = Replicas(join_ray(address), folder, len(manifest.shards))

    def reach(manifest: Manifest, before: Shards | None) -> Shards:  # noqa: ARG001 - replicas are the same
        return RayShards(replicas, manifest)

    return reach


def open_parts(
    folder: Path, manifest: Manifest, before: Shards | None = None, workshop: Workshop | None = None
) -> LocalShards:
    """Open every shard of a version in this process, taking over what has not changed.

    Args:
        folder: The cluster library's folder.
        manifest: The version.
        before: Shards of another version that are open.
        workshop: Brings shards of an earlier format up to date; without one they are refused.
    """
    known = {}
    if isinstance(before, LocalShards):
        known = {part.store.database.folder: part.store for part in before.parts}
    parts = []
    for shard, entry in enumerate(manifest.shards):
        path = check_folder(folder, entry)
        try:
            store = known.get(path) or open_sealed(path)
        except LibraryFormatError as error:
            if workshop is None:
                raise LibraryFormatError(
                    f"The cluster library {folder}: {error.message}",
                    f"Bring it up to date with: python -m index upgrade --library {folder}",
                ) from error
            store = workshop.store(shard)
        parts.append(Part(store, read_joined(folder / manifest.stories, shard)))
    return LocalShards(parts)
