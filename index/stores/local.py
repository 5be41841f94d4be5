"""The local store: SQLite holds everything, FTS5 finds words, FAISS finds vectors."""

# ruff: noqa: A002 - "filter" is the word the reader knows

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.config import IndexConfig
from index.errors import InputError, LibraryStorageError
from index.schema import Article, ArticleCard, ArticleRecord, Filter, Mention, Sentence
from index.stores import cards, checks, writing
from index.stores.database import Database
from index.stores.disk import keep_reserve, release_reserve, sweep
from index.stores.filters import limits_nothing
from index.stores.found import NO_CHUNKS, Found, Sought, nothing_found
from index.stores.kept import Kept
from index.stores.places import PlaceCache, passing_chunks, placed
from index.stores.protocol import EVERYTHING, ChunkScore, Extent, Source, StoredChunk, WordStatistics
from index.stores.rows import mention_from_row, metadata_from_json, removed_from_json
from index.stores.shelf import StatementShelf
from index.stores.sources import SourceShelf
from index.stores.upgrade import upgrade
from index.stores.vectors import VectorCache
from index.stores.words import WordSearch, articles_mentioning

if TYPE_CHECKING:
    from index.reports import LibraryStats

logger = logging.getLogger(__name__)

KEPT = 64
"""Readings kept of a library that does not change: counts, and which articles mention a name."""
FILTERS_KEPT = 8
"""Filters whose chunks are kept: one question asks for them several times."""
SAVE_AFTER = 100
"""Changed chunks after which the vector file is written again, or a fiftieth of all where that is more.

Up to there readers catch up by themselves, and adding or removing an article writes no file.
"""


class LocalStore(StatementShelf, SourceShelf):
    """A library folder on this machine; see `index.stores.protocol.Store` for what each method promises.

    Args:
        database: The open database of the folder.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.space = database.setting("space") or ""
        self.dimension = int(database.setting("dimension") or 0)
        self.vectors = VectorCache(database, self.dimension)
        self.words = WordSearch(database)
        self._places = PlaceCache(database)
        self._kept = Kept(database.generation, KEPT)
        self._passing = Kept(database.generation, FILTERS_KEPT)

    @classmethod
    def open(cls, folder: Path, *, write: bool = False) -> "LocalStore":
        """Open the library in `folder`; with `write`, its write lock must be held by the caller."""
        database = Database(folder, write=write)
        try:
            database.check_format(upgrading=write)
            if write:
                upgrade(database)
            store = cls(database)
            if write:
                sweep(folder)
                keep_reserve(folder)
        except BaseException:
            database.close()
            raise
        return store

    # ---- writing

    def put(self, record: ArticleRecord, source: Source) -> None:
        """Write an article with everything derived from it; on return it is on disk."""
        writing.check_vectors(record.vectors, len(record.chunks), self.dimension)
        with self.database.transaction() as connection:
            writing.put_article(connection, record, source)

    def replace(self, old: str, record: ArticleRecord, restored: Sequence[str] = ()) -> None:
        """Put a reworked article in the place of `old`, with all its sources, in one step.

        `restored` names removed texts (their SHA-256) that a reader has put back for these sources.
        """
        writing.check_vectors(record.vectors, len(record.chunks), self.dimension)
        with self.database.transaction() as connection:
            writing.replace_article(connection, old, record, restored)

    def remove(self, article_ids: Sequence[str]) -> int:
        """Delete articles and all that belongs to them; return how many there were."""
        try:
            return self._remove(article_ids)
        except LibraryStorageError:
            if not release_reserve(self.database.folder):
                raise
            # One at a time, the log emptied in between, needs the least room.
            removed = 0
            for article_id in article_ids:
                removed += self._remove([article_id])
                self.database.shrink()
            return removed

    def _remove(self, article_ids: Sequence[str]) -> int:
        with self.database.transaction() as connection:
            return writing.delete_articles(connection, article_ids)

    def save(self, *, shrink: bool = False) -> None:
        """Bring the files of vectors and words up to date where it is worth it.

        They are caches: when one cannot be written, that is logged and searching goes on without it. With
        `shrink`, deleted space is given back.
        """
        if shrink:
            checks.compact_words(self.database)
        try:
            behind = self.vectors.behind()
            if behind < 0 or behind > max(SAVE_AFTER, self._count("chunks") // 50):
                self.vectors.save()
        except OSError as error:
            logger.warning("the vector file of %s could not be written: %s", self.database.folder, error)
        try:
            if self.words.cache.outdated(forgetting=shrink):
                self.words.cache.save()
        except OSError as error:
            logger.warning("the word file of %s could not be written: %s", self.database.folder, error)
        if shrink:
            self.database.shrink()

    def close(self) -> None:
        """Close all connections."""
        self.database.close()

    # ---- what is there

    def config(self) -> IndexConfig:
        """Return the settings the library was made with."""
        return self.database.config()

    def has(self, article_id: str) -> bool:
        """Return whether the article is in the store."""
        return self.database.value("SELECT 1 FROM articles WHERE id = ?", (article_id,)) is not None

    def stale(self) -> tuple[str, ...]:
        """Return articles whose merged metadata changed after they were embedded with it."""
        # Sorting afterwards: in the order of ids SQLite would read all articles, not the index of stale ones.
        rows = self.database.rows("SELECT id FROM articles WHERE stale ORDER BY +id")
        return tuple(row[0] for row in rows)

    def articles(self, filter: Filter = EVERYTHING) -> list[ArticleCard]:
        """Return the cards of all articles that pass the filter, newest first, undated last."""
        return cards.passing_cards(self.database, filter)

    def extent(self, filter: Filter = EVERYTHING) -> Extent:
        """Return how many articles pass the filter."""
        if limits_nothing(filter):
            return self._kept.get("extent", lambda: cards.extent(self.database, filter))
        return cards.extent(self.database, filter)

    def newest(self) -> str | None:
        """Return the latest date of publication (ISO), None where no article has one."""
        return cards.newest(self.database)

    def cards(self, article_ids: Sequence[str]) -> dict[str, ArticleCard]:
        """Return the cards of those of these articles that are there, by id."""
        return cards.cards_of(self.database, article_ids)

    def card(self, article_id: str) -> ArticleCard:
        """Return one article's card, or raise InputError naming the id."""
        found = self.cards([article_id])
        if not found:
            raise unknown_article(article_id)
        return found[article_id]

    def article(self, article_id: str) -> Article:
        """Return one article, or raise InputError naming the id."""
        rows = self.database.rows(
            "SELECT articles.id, articles.file, articles.metadata, texts.text, texts.raw, texts.removed "
            "FROM articles JOIN texts ON texts.article = articles.number WHERE articles.id = ?",
            (article_id,),
        )
        if not rows:
            raise unknown_article(article_id)
        identity, file, metadata, text, raw, removed = rows[0]
        return Article(identity, file, metadata_from_json(metadata), text, raw, removed_from_json(removed))

    def text(self, article_id: str) -> str:
        """Return one article's text, or raise InputError naming the id."""
        found = self.texts([article_id])
        if not found:
            raise unknown_article(article_id)
        return found[article_id]

    def texts(self, article_ids: Sequence[str]) -> dict[str, str]:
        """Return the texts of those of these articles that are there, by id."""
        return cards.texts_of(self.database, article_ids)

    def read_ahead(
        self, article_ids: Sequence[str], *, cards: Sequence[str] = (), chunks: Sequence[int] = ()
    ) -> None:
        """Do nothing: what is read of an article is here."""

    def resolve(self, name: str) -> str:
        """Return the id meant by an id, a unique beginning of one, or a file name."""
        return name if self.has(name) else the_one(name, self.named(name))

    def named(self, name: str) -> list[str]:
        """Return the ids of the articles that a file name, or the beginning of an id, may mean; ordered."""
        rows = self.database.rows(
            "SELECT id FROM articles WHERE file = ?1 "
            "OR number IN (SELECT article FROM sources WHERE file = ?1 OR key = ?1 OR path = ?1) "
            "OR (length(?1) >= 4 AND substr(id, 1, length(?1)) = lower(?1)) ORDER BY id",
            (name,),
        )
        return [row[0] for row in rows]

    def sentences(self, article_id: str) -> tuple[Sentence, ...]:
        """Return the article's sentences in order."""
        rows = self._of_article("sentences", "start, end, paragraph", article_id)
        return tuple(Sentence(*row) for row in rows)

    def mentions(self, article_id: str) -> tuple[Mention, ...]:
        """Return the article's mentions in order."""
        rows = self._of_article("mentions", "start, end, kind, name", article_id)
        return tuple(mention_from_row(row) for row in rows)

    def mentions_between(self, article_id: str, start: int, end: int) -> tuple[Mention, ...]:
        """Return the mentions that lie wholly within `[start, end)`."""
        rows = self._of_article(
            "mentions", "start, end, kind, name", article_id, " AND start >= ? AND end <= ?", (start, end)
        )
        return tuple(mention_from_row(row) for row in rows)

    def _of_article(
        self, table: str, columns: str, article_id: str, also: str = "", values: tuple[int, ...] = ()
    ) -> list[tuple[Any, ...]]:
        return self.database.rows(
            f"SELECT {columns} FROM {table} "
            f"WHERE article = (SELECT number FROM articles WHERE id = ?){also} ORDER BY ordinal",
            (article_id, *values),
        )

    # ---- searching

    def search_words(
        self, query: str, k: int, filter: Filter = EVERYTHING, *, statistics: WordStatistics | None = None
    ) -> list[ChunkScore]:
        """Return the k best chunks by BM25 for a plain list of words, any of which may match."""
        if k < 1:
            return []
        with self.database.snapshot():
            allowed = self._chunk_numbers(filter)
            known = None if statistics is None else [statistics]
            (found,) = self.words.search([query], k, allowed, known)
            return placed(self.database, found)[:k]

    def word_statistics(self, query: str) -> WordStatistics:
        """Return what BM25 asks of this library for a query."""
        return self.words.statistics(query)

    def search_vectors(
        self, vector: NDArray[np.float32], k: int, filter: Filter = EVERYTHING
    ) -> list[ChunkScore]:
        """Return the k best chunks by cosine with `vector`, of shape (dimension,) and unit length."""
        self._check(vector)
        if k < 1:
            return []
        with self.database.snapshot():
            return placed(self.database, self.vectors.search(vector, k, self._chunk_numbers(filter)))[:k]

    def find(self, sought: Sought, *, statistics: Sequence[WordStatistics] | None = None) -> Found:
        """Return what a question's searches find, as columns.

        Args:
            sought: What is asked.
            statistics: For each list of words those of a larger collection that this library is part of.
        """
        if sought.vector is not None:
            self._check(sought.vector)
        if sought.k < 1:
            return nothing_found(sought)
        with self.database.snapshot():
            allowed, places = self._chunk_numbers(sought.filter), self._places.table()
            found = self.words.search(sought.words, sought.k, allowed, statistics)
            if sought.vector is not None:
                found.append(self.vectors.search(sought.vector, sought.k, allowed))
            else:
                found.append(NO_CHUNKS)
            found = [places.best(one, sought.k) for one in found]
            # A plain np.unique would import numpy.ma, for a few hundred numbers.
            chunks = np.array(sorted({number for one in found for number in one.chunks.tolist()}), np.int64)
            return places.columns(chunks, found, self.words.holding(sought.phrases, chunks))

    def _check(self, vector: NDArray[np.float32]) -> None:
        if vector.size != self.dimension:
            raise InputError(f"A vector of {vector.size} numbers; this library has {self.dimension}.")

    def _chunk_numbers(self, filter: Filter) -> NDArray[np.int64] | None:
        """Return the numbers of the chunks that pass the filter, ascending; None where all pass."""
        if limits_nothing(filter):
            return None
        return self._passing.get(filter, lambda: passing_chunks(self.database, filter))

    def chunks(self, ids: Sequence[int]) -> list[StoredChunk]:
        """Return these chunks in the order asked for; unknown numbers are left out."""
        rows = self.database.rows(
            "SELECT chunks.id, articles.id, chunks.ordinal, chunks.start, chunks.end FROM chunks "
            "JOIN articles ON articles.number = chunks.article "
            "WHERE chunks.id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        found = {row[0]: StoredChunk(*row) for row in rows}
        return [found[number] for number in ids if number in found]

    def count_mentioning(self, names: Sequence[str], filter: Filter = EVERYTHING) -> list[str]:
        """Return the ids of articles whose text holds any of the names as whole words, ordered by id."""
        return articles_mentioning(self.database, names, filter, self._kept)

    def extent_mentioning(self, names: Sequence[str], filter: Filter = EVERYTHING) -> Extent:
        """Return how many articles that pass the filter hold any of the names as whole words."""
        found = self.count_mentioning(names, filter)
        # Without an id the filter would limit nothing.
        return self.extent(Filter(articles=tuple(found))) if found else Extent(0, 0, 0)

    # ---- the whole library

    def outlets(self) -> list[tuple[str, int]]:
        """Return each outlet with its number of articles, most first."""
        return list(self._kept.get("outlets", lambda: cards.outlets(self.database)))

    def authors(self) -> list[tuple[str, int]]:
        """Return each author with their number of articles, most first."""
        rows = self.database.rows(
            "SELECT min(name), count(DISTINCT article) FROM authors "
            "GROUP BY name_folded ORDER BY count(DISTINCT article) DESC, name_folded"
        )
        return [(name, count) for name, count in rows]

    def _count(self, table: str) -> int:
        """Return the number of rows of a table."""
        return int(self.database.value(f"SELECT count(*) FROM {table}"))

    def stats(self) -> "LibraryStats":
        """Return the size and make of the library."""
        return checks.stats(self.database, self.vectors, tuple(self.outlets()))

    def verify(self) -> list[str]:
        """Read every byte and return what is wrong, a line a problem; empty when all is well."""
        return checks.verify(self.database, self._files())

    def repair(self) -> list[str]:
        """Rebuild what is derived, set broken files aside, and return what was done."""
        return checks.repair(self.database, self._files())

    def _files(self) -> tuple[checks.DerivedFile, ...]:
        return self.vectors, self.words.cache

    def digest(self) -> str:
        """Return a SHA-256 over all content: equal for libraries that hold the same articles."""
        return checks.content_digest(self.database)


def the_one(name: str, found: Sequence[str]) -> str:
    """Return the one article that a name means, or raise InputError for none and for several."""
    if not found:
        raise unknown_article(name)
    if len(found) > 1:
        listed = ", ".join(found[:5]) + (", ..." if len(found) > 5 else "")
        raise InputError(f"{name!r} names {len(found)} articles: {listed}.", "Give one of these ids.")
    return found[0]


def unknown_article(name: str) -> InputError:
    """Return the error for an article that is not there."""
    return InputError(f"There is no article {name!r} in the library.", "python -m index list shows all ids.")
