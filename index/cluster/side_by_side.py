"""Writing several shards at once: each is an ordinary library, so a process of its own can fill it.

Only what is copied from an ordinary library is written so; it waits in the workshop like any writer's work,
and is published in one step.
"""

import logging
import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from index.cluster.manifest import shard_of
from index.cluster.part import Part
from index.cluster.splitting import copy_article
from index.cluster.store import ShardedStore
from index.stores.local import LocalStore

logger = logging.getLogger(__name__)

AT_ONCE = 200
"""Articles that a process copies before it says so and is given more."""

SINGLE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Environment of a process: the others have the other cores."""


def fill_shards(
    source: LocalStore,
    target: ShardedStore,
    processes: int,
    progress: Callable[[int, int], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> int:
    """Copy the articles of an ordinary library to their shards; return how many were not there yet.

    Some are left where the copying is stopped or a process dies: `copy_articles` takes what is left.

    Args:
        source: The library to copy from.
        target: The library to copy to, open for writing; made with the same settings.
        processes: How many shards are written at the same time.
        progress: Called with how many articles are done and how many there are.
        stop: Asked before each part of `AT_ONCE` articles; True ends the copying.
    """
    from loky import ProcessPoolExecutor

    waiting: dict[int, list[str]] = {shard: [] for shard in range(target.shards)}
    everything = sorted(card.id for card in source.articles())
    for identity in reversed(everything):
        waiting[shard_of(identity, target.shards)].append(identity)
    folders = {shard: target.lend(shard) for shard in waiting}
    done = copied = 0
    running: dict[Future[int], tuple[int, int]] = {}
    pool = ProcessPoolExecutor(processes, env=SINGLE, initializer=_ignore_interrupts)

    def go_on(shard: int) -> None:
        some = [waiting[shard].pop() for _ in range(min(AT_ONCE, len(waiting[shard])))]
        if some and not (stop is not None and stop()):
            made = pool.submit(copy_some, source.database.folder, folders[shard], some, os.getpid())
            running[made] = shard, len(some)

    try:
        for shard in waiting:
            go_on(shard)
        while running:
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for made in finished:
                shard, count = running.pop(made)
                copied += made.result()
                done += count
                if progress is not None and done < len(everything):
                    progress(done, len(everything))
                go_on(shard)
    except BrokenProcessPool:
        logger.warning("a process that writes a shard has died; going on in one process")
    finally:
        # Nobody else may write a shard once it is open here again.
        pool.shutdown(wait=True, kill_workers=True)
        for shard in waiting:
            target.work(shard)
    return copied


def copy_some(source: Path, folder: Path, article_ids: Sequence[str], parent: int) -> int:
    """Copy articles into one shard that nobody else writes; return how many were not there yet.

    Args:
        source: Folder of the library to copy from.
        folder: Folder of the shard in the workshop.
        article_ids: Of articles that belong in this shard.
        parent: The process that holds the write lock; nothing more is written once it is gone.
    """
    part = Part(LocalStore.open(source))
    home = Part(LocalStore.open(folder, write=True))
    copied = 0
    try:
        for identity in article_ids:
            if os.getppid() != parent:
                break
            if not home.store.has(identity):
                copy_article(part, identity, home)
                copied += 1
    finally:
        part.store.close()
        home.store.close()
    return copied


def _ignore_interrupts() -> None:
    """Leave Ctrl-C, which every process of a terminal gets, to the one that gives out the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
