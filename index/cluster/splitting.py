"""Spreading the articles of an ordinary library over shards: nothing is read, embedded or analysed again."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from index.cluster.manifest import shard_of
from index.cluster.part import Part
from index.cluster.store import ShardedStore
from index.errors import InputError
from index.schema import ArticleRecord, Chunk
from index.stores.local import LocalStore


def copy_articles(
    source: LocalStore,
    target: ShardedStore,
    progress: Callable[[int, int], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> int:
    """Copy a library with all that readers have said of it, and publish it; return how many articles it took.

    What the target has already is left as it is, so an interrupted copy goes on where it was.

    Args:
        source: The library to copy from.
        target: The library to copy to, open for writing; made with the same settings.
        progress: Called with how many articles are done and how many there are.
        stop: Asked before each article; True ends the copy.

    Raises:
        InputError: An `add` to the source was interrupted.
    """
    if source.stale():
        raise InputError(
            f"Adding to the library {source.database.folder} was interrupted.",
            "Run the same python -m index add again, then this command.",
        )
    part = Part(source)
    waiting = sorted(card.id for card in source.articles())
    copied = 0
    for done, identity in enumerate(waiting):
        if stop is not None and stop():
            return copied
        if progress is not None:
            progress(done, len(waiting))
        if not target.has(identity):
            copy_article(part, identity, target.work(shard_of(identity, target.shards)))
            copied += 1
    # Numbers are each library's own.
    known = {replace(correction, number=0) for correction in target.corrections()}
    for correction in source.corrections():
        if replace(correction, number=0) not in known:
            home = shard_of(correction.article, target.shards)
            target.work(home).store.add_correction(correction)
    target.mark_read(list(source.files().values()))
    target.save()
    if progress is not None:
        progress(len(waiting), len(waiting))
    return copied


def copy_article(part: Part, identity: str, home: Part) -> None:
    """Copy an article with all its sources to the shard that it belongs in, which is open for writing."""
    sources = part.sources_with_metadata(identity)
    for source in sources:
        home.keep_restored(source.key, sorted(part.store.restored(source.key)))
    home.adopt(record_of(part.store, identity), sources, ())


def record_of(store: LocalStore, identity: str) -> ArticleRecord:
    """Return all that a library keeps of an article."""
    with store.database.snapshot():
        rows = store.database.rows(
            "SELECT chunks.start, chunks.end, chunks.tokens, chunks.vector FROM chunks "
            "JOIN articles ON articles.number = chunks.article WHERE articles.id = ? ORDER BY chunks.ordinal",
            (identity,),
        )
        signature: bytes = store.database.value(
            "SELECT signature FROM texts JOIN articles ON articles.number = texts.article "
            "WHERE articles.id = ?",
            (identity,),
        )
        vectors = np.frombuffer(b"".join(row[3] for row in rows), dtype="<f4")
        return ArticleRecord(
            store.article(identity),
            store.sentences(identity),
            tuple(Chunk(*row[:3]) for row in rows),
            vectors.astype(np.float32).reshape(len(rows), store.dimension),
            store.analysis(identity),
            signature,
        )
