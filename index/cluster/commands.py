"""What each action of `python -m index cluster` does."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from index.cluster.manifest import Manifest, is_cluster, read_manifest
from index.cluster.ray_link import join_ray, ray_address
from index.cluster.ray_serving import replica_states, stop_serving
from index.cluster.ray_serving import serve as start_serving
from index.cluster.side_by_side import fill_shards
from index.cluster.splitting import copy_articles
from index.cluster.store import ShardedStore
from index.cluster.workshop import make_cluster, waiting_work
from index.command_line import (
    DONE,
    INTERRUPTED,
    PROBLEMS,
    Say,
    counting_bar,
    progress_bar,
    remove_articles,
    stop_on_signal,
    tell_added,
)
from index.config import IndexConfig
from index.deriving import processes_for
from index.errors import InputError, LibraryMismatchError, LibraryMissingError, LibraryStorageError
from index.library import Library
from index.stores.database import has_database
from index.stores.local import LocalStore
from index.stores.lock import WriteLock


def run(options: argparse.Namespace, say: Say) -> int:
    """Run one action."""
    return _ACTIONS[options.action](options, say)


def build(options: argparse.Namespace, say: Say) -> int:
    """Make a cluster library of files and folders, or of an ordinary library; run again, it goes on."""
    for path in options.sources:
        if not path.exists():
            raise InputError(f"There is no file or folder {path}.", "Check the path.")
    if options.shards < 1:
        raise InputError(f"A library in {options.shards} shards cannot be.", "Give --shards 1 or more.")
    if any(has_database(path) for path in options.sources):
        return _split(options, say)
    if not is_cluster(options.out):
        from index.embedders import load_embedder

        config = replace(IndexConfig(), model=options.model) if options.model else IndexConfig()
        embedder = load_embedder(config.model)
        _make(options.out, options.shards, config, embedder.space, embedder.dimension)
    with Library.open(options.out, write=True, model=options.model) as library:
        _check_shards(options.out, options.shards)
        return _take_in(library, options.sources, options, say)


def add(options: argparse.Namespace, say: Say) -> int:
    """Add articles to a cluster library."""
    for path in options.paths:
        if not path.exists():
            raise InputError(f"There is no file or folder {path}.", "Check the path.")
    _manifest(options.library)
    with Library.open(options.library, write=True) as library:
        return _take_in(library, options.paths, options, say)


def remove(options: argparse.Namespace, say: Say) -> int:
    """Delete articles from a cluster library."""
    _manifest(options.library)
    return remove_articles(options, say)


def serve(options: argparse.Namespace, say: Say) -> int:
    """Start replicas of every shard on the nodes of a Ray cluster."""
    _manifest(options.library)
    folder = options.library.absolute()
    ray = join_ray(_address(options))
    manifest = start_serving(ray, folder, options.replicas)
    say(f"{len(manifest.shards)} shards are served by {options.replicas} replicas each")
    return DONE


def stop(options: argparse.Namespace, say: Say) -> int:
    """End the replicas of a cluster library."""
    _manifest(options.library)
    ended = stop_serving(join_ray(_address(options)), options.library.absolute())
    say(f"{ended} replicas ended")
    return DONE


def _address(options: argparse.Namespace) -> str:
    return options.address or ray_address() or "auto"


def status(options: argparse.Namespace, say: Say) -> int:
    """Say what a cluster library is made of."""
    manifest = _manifest(options.library)
    articles = sum(entry.articles for entry in manifest.shards)
    chunks = sum(entry.chunks for entry in manifest.shards)
    say(
        f"version {manifest.version}: {articles:,} articles in {manifest.groups:,} stories, "
        f"{chunks:,} chunks, {len(manifest.shards)} shards; "
        f"model {manifest.config.model}, {manifest.dimension} dimensions"
    )
    for shard, entry in enumerate(manifest.shards):
        folder = options.library / entry.path
        size = sum(path.stat().st_size for path in folder.iterdir()) if folder.is_dir() else 0
        missing = "" if folder.is_dir() else "  MISSING"
        say(
            f"{shard:>4}  {entry.path:<16} {entry.articles:>9,} articles {entry.chunks:>9,} chunks "
            f"{size / 1e6:>9.1f} MB{missing}"
        )
    if options.address or ray_address():
        for state in replica_states(join_ray(_address(options)), options.library.absolute()):
            where = state.where if state.answers else "does not answer"
            say(f"shard {state.shard}, replica {state.replica}: {where}")
    changed = waiting_work(options.library, manifest)
    if changed:
        shards = ", ".join(map(str, changed))
        say(f"changes to shards {shards} wait to be published by the next add, or are being made now")
    return DONE


def verify(options: argparse.Namespace, say: Say) -> int:
    """Check every byte of all shards, and what holds between them."""
    manifest = _manifest(options.library)
    with Library.open(options.library) as library:
        problems = library.store.verify()
    for problem in problems:
        say(problem)
    if problems:
        sys.stderr.write(f"{len(problems)} problems. python -m index repair rebuilds what is derived.\n")
        return PROBLEMS
    articles = sum(entry.articles for entry in manifest.shards)
    say(f"{articles:,} articles in {len(manifest.shards)} shards checked, no problem found")
    return DONE


_ACTIONS: dict[str, Callable[[argparse.Namespace, Say], int]] = {
    "build": build,
    "add": add,
    "remove": remove,
    "serve": serve,
    "stop": stop,
    "status": status,
    "verify": verify,
}


def _manifest(folder: Path) -> Manifest:
    """Return the manifest, or say that an ordinary library needs no such command."""
    if not is_cluster(folder) and has_database(folder):
        raise LibraryMissingError(
            f"{folder} is an ordinary library.",
            f"Use python -m index without 'cluster', or spread it over shards: "
            f"python -m index cluster build {folder} --shards N --out DIR",
        )
    return read_manifest(folder)


def _take_in(library: Library, paths: Sequence[Path], options: argparse.Namespace, say: Say) -> int:
    from index.cluster.ray_deriving import DerivingOnRay
    from index.ingest import add as ingest

    jobs = partial(DerivingOnRay, join_ray(options.address)) if options.address else options.jobs
    with stop_on_signal() as stop, progress_bar(quiet=options.quiet) as progress:
        report = ingest(library, paths, jobs=jobs, progress=progress, stop=stop)
    return tell_added(report, say, quiet=options.quiet)


def _split(options: argparse.Namespace, say: Say) -> int:
    """Spread an ordinary library over shards."""
    (folder, *more) = options.sources
    if more:
        raise InputError(
            "A library is spread over shards alone.",
            "Give one library folder, or files and folders of articles.",
        )
    if options.model:
        raise InputError("A library keeps its model.", "Leave out --model.")
    source = LocalStore.open(folder)
    try:
        if not is_cluster(options.out):
            _make(options.out, options.shards, source.config(), source.space, source.dimension)
        manifest = _check_shards(options.out, options.shards)
        if (manifest.config, manifest.space) != (source.config(), source.space):
            raise LibraryMismatchError(
                f"{options.out} was made with {manifest.config}, {folder} with {source.config()}.",
                "Choose another folder.",
            )
        with Library.open(options.out, write=True) as library, stop_on_signal() as stop:
            assert isinstance(library.store, ShardedStore)
            copied = _copy_all(source, library.store, options, stop)
            interrupted = stop()
    finally:
        source.close()
    _copy_settings(folder, options.out)
    if not options.quiet:
        say(f"{copied:,} articles copied")
    if interrupted:
        sys.stderr.write("Interrupted. Run the same command again to go on.\n")
        return INTERRUPTED
    return DONE


def _copy_all(
    source: LocalStore, target: ShardedStore, options: argparse.Namespace, stop: Callable[[], bool]
) -> int:
    """Copy all articles, several shards at a time where there are cores for it, and publish them."""
    processes = min(processes_for(options.jobs), target.shards)
    bar = counting_bar(quiet=options.quiet)
    copied = fill_shards(source, target, processes, bar, stop) if processes > 1 else 0
    return copied + copy_articles(source, target, bar, stop)


def _copy_settings(source: Path, target: Path) -> None:
    """Copy what users have said beside the library: who is who, and how questions are answered."""
    for path in sorted(source.glob("*.toml")):
        if not (target / path.name).exists():
            (target / path.name).write_bytes(path.read_bytes())


def _make(folder: Path, shards: int, config: IndexConfig, space: str, dimension: int) -> None:
    if has_database(folder):
        raise LibraryMismatchError(f"There is an ordinary library in {folder}.", "Choose another folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryStorageError(f"Cannot make the folder {folder}: {error.strerror}.") from error
    lock = WriteLock(folder)
    try:
        if not is_cluster(folder):
            make_cluster(folder, shards=shards, config=config, space=space, dimension=dimension)
    finally:
        lock.release()


def _check_shards(folder: Path, shards: int) -> Manifest:
    manifest = read_manifest(folder)
    if len(manifest.shards) != shards:
        raise LibraryMismatchError(
            f"The cluster library {folder} has {len(manifest.shards)} shards, not {shards}.",
            "The number of shards is fixed; build it anew in another folder to change it.",
        )
    return manifest
