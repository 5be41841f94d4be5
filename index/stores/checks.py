"""Checking a library byte by byte, rebuilding what is derived, and giving space back."""

import hashlib
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.duplicates import signature, sketch
from index.errors import LibraryDamagedError, LibraryError
from index.identity import article_id
from index.stores import groups
from index.stores.checksum import article_checksum
from index.stores.corrections import correction_problems, correction_rows
from index.stores.database import Database, translated
from index.stores.disk import RESERVE_NAME, set_aside
from index.stores.journal import journal_problems
from index.stores.statements import outdated
from index.stores.vectors import VectorCache
from index.stores.writing import bump_generation

if TYPE_CHECKING:
    from index.reports import LibraryStats

logger = logging.getLogger(__name__)

OPTIMIZE_UP_TO = 10_000
"""Chunks up to which deleting rewrites the whole word index, so that it shrinks at once."""

SPANS = {
    "sentences": "sentence",
    "chunks": "chunk",
    "mentions": "mention",
    "statements": "statement",
}


class DerivedFile(Protocol):
    """A cache in a file beside the database, which can always make it again."""

    def path(self) -> Path | None:
        """Return where the recorded file should be, None when none was ever written."""

    def problem(self) -> str | None:
        """Return what is wrong with the file, None when it is sound or was never written."""

    def forget(self) -> None:
        """Drop what is held in memory."""

    def save(self) -> None:
        """Write the file anew and record it."""


def verify(database: Database, caches: Sequence[DerivedFile]) -> list[str]:
    """Return every problem found, a line each; empty when all is well."""
    problems: list[str] = []
    checks: tuple[Callable[[], Iterable[str]], ...] = (
        lambda: _sqlite_problems(database),
        lambda: _article_problems(database),
        lambda: _span_problems(database),
        lambda: _chunk_problems(database),
        lambda: journal_problems(database),
        lambda: _word_problems(database),
        lambda: _group_problems(database),
        lambda: correction_problems(database),
        lambda: filter(None, [cache.problem() for cache in caches]),
    )
    with database.snapshot():
        for check in checks:
            try:
                with translated(database.folder):
                    problems += check()
            except LibraryError as error:
                problems.append(error.message)
            except (TypeError, ValueError, KeyError, OverflowError) as error:
                # Damaged pages can put anything anywhere: a number for a text, nothing for a blob.
                problems.append(f"{database.path.name}: a stored value cannot be read ({error})")
    return problems


def _sqlite_problems(database: Database) -> Iterator[str]:
    for (line,) in database.rows("PRAGMA integrity_check"):
        if line != "ok":
            yield f"{database.path.name}: {line}"
    for table, row, parent, _ in database.rows("PRAGMA foreign_key_check"):
        yield f"{table}: row {row} names a missing {parent}"


def repair(database: Database, caches: Sequence[DerivedFile]) -> list[str]:
    """Rebuild the word index, the near-duplicate groups and the files beside the database.

    Articles are never touched. A broken file is renamed, not deleted.

    Returns:
        What was done, a line each.
    """
    done = [line for cache in caches for line in _set_broken_aside(cache)]
    with database.transaction() as connection:
        connection.execute("INSERT INTO words (words) VALUES ('rebuild')")
        connection.execute("DELETE FROM links")
        connection.execute("DELETE FROM sketches")
        connection.execute("UPDATE articles SET group_id = id")
        numbers = connection.execute("SELECT article FROM texts ORDER BY article").fetchall()
        for (number,) in numbers:
            text = connection.execute("SELECT text FROM texts WHERE article = ?", (number,)).fetchone()[0]
            fresh = signature(text)
            connection.execute("UPDATE texts SET signature = ? WHERE article = ?", (fresh, number))
            groups.link(connection, number, fresh)
        bump_generation(connection)
    done.append(f"rebuilt the word index and the near-duplicate groups of {len(numbers)} articles")
    for cache in caches:
        cache.forget()
        cache.save()
    done.append(
        f"wrote the files of vectors and words anew from {database.path.name}, embedding nothing again"
    )
    database.shrink()
    return done


def _set_broken_aside(cache: DerivedFile) -> list[str]:
    """Rename the recorded file of a cache when it is broken; return what was done."""
    path, problem = cache.path(), cache.problem()
    if path is None or problem is None:
        return []
    if not path.exists():
        return [f"{path.name} was missing"]
    return [f"{problem}; set aside as {set_aside(path).name}"]


def compact_words(database: Database) -> None:
    """Drop the words of deleted chunks from the word index, as far as that is quick."""
    with database.transaction() as connection:
        if connection.execute("SELECT count(*) FROM chunks").fetchone()[0] <= OPTIMIZE_UP_TO:
            connection.execute("INSERT INTO words (words) VALUES ('optimize')")
        else:
            connection.execute("INSERT INTO words (words, rank) VALUES ('merge', 64)")


def stats(database: Database, vectors: VectorCache, outlets: tuple[tuple[str, int], ...]) -> "LibraryStats":
    """Return the size and make of the library."""
    from index.reports import LibraryStats

    with database.snapshot():
        counts = {
            table: int(database.value(f"SELECT count(*) FROM {table}"))
            for table in ("articles", "chunks", "sentences", "mentions", "statements")
        }
        first, last = database.rows("SELECT min(day), max(day) FROM articles")[0]
        return LibraryStats(
            **counts,
            groups=int(database.value("SELECT count(DISTINCT group_id) FROM articles")),
            undated=int(database.value("SELECT count(*) FROM articles WHERE day IS NULL")),
            outlets=outlets,
            published_from=first,
            published_to=last,
            model=database.config().model,
            dimension=int(database.setting("dimension") or 0),
            generation=database.generation(),
            format_version=int(database.setting("format_version") or 0),
            bytes_on_disk=sum(
                path.stat().st_size
                for path in database.folder.iterdir()
                if path.is_file() and path.name != RESERVE_NAME
            ),
            vectors=_vector_state(vectors),
            vector_index=vectors.made(),
            outdated=len(outdated(database)),
        )


def content_digest(database: Database) -> str:
    """Return a SHA-256 over all articles and what belongs to them, whatever the order they were added in."""
    total = hashlib.sha256()
    with database.snapshot() as connection:
        for number, *card in database.rows("SELECT number, id, group_id, stale FROM articles ORDER BY id"):
            total.update(f"{card} {article_checksum(connection, number)}".encode())
        for row in database.rows(
            "SELECT one.id, other.id FROM links JOIN articles AS one ON one.number = links.one "
            "JOIN articles AS other ON other.number = links.other ORDER BY one.id, other.id"
        ):
            total.update(repr(row).encode())
        for row in database.rows("SELECT key, span FROM restored ORDER BY key, span"):
            total.update(repr(row).encode())
        for row in correction_rows(database):
            total.update(repr(row).encode())
    return total.hexdigest()


def _vector_state(vectors: VectorCache) -> str:
    path, made = vectors.path(), vectors.made()
    if path is None:
        return "no vector file yet; searching reads them from the database"
    if made is None:
        return f"{path.name} is missing; searching reads the vectors from the database"
    how = "each compared (exact)"
    if made.cells > 1:
        how = (
            f"in {made.cells:,} cells, {made.probed:,} read for a question "
            f"(recall {made.recall:.3f} at 20, {made.questions} questions)"
        )
    behind = vectors.behind()
    state = "up to date" if behind == 0 else f"{behind:,} chunks caught up from the database when searching"
    return f"{path.name}: {made.chunks:,} vectors of {made.bits} bits a number, {how}; {state}"


def _article_problems(database: Database) -> Iterator[str]:
    for identity, text, stored in database.rows(
        "SELECT articles.id, texts.text, texts.signature FROM articles "
        "LEFT JOIN texts ON texts.article = articles.number"
    ):
        if text is None:
            yield f"article {identity}: its text is missing"
        elif article_id(text) != identity:
            yield f"article {identity}: its text has been changed; it hashes to {article_id(text)}"
        elif signature(text) != stored:
            yield f"article {identity}: its near-duplicate sketch is not that of its text"
    for number, identity, checksum in database.rows("SELECT number, id, checksum FROM articles ORDER BY id"):
        if article_checksum(database.read(), number) != checksum:
            yield f"article {identity}: its rows are not those that were written (checksum)"
    for (identity,) in database.rows(
        "SELECT id FROM articles WHERE NOT EXISTS (SELECT 1 FROM sources WHERE article = articles.number)"
    ):
        yield f"article {identity}: it has no source"


def _span_problems(database: Database) -> Iterator[str]:
    for table, name in SPANS.items():
        for identity, ordinal, start, end in database.rows(
            f"SELECT articles.id, {table}.ordinal, {table}.start, {table}.end FROM {table} "
            f"JOIN articles ON articles.number = {table}.article "
            "JOIN texts ON texts.article = articles.number "
            f"WHERE {table}.start < 0 OR {table}.start >= {table}.end OR {table}.end > length(texts.text)"
        ):
            yield f"article {identity}: {name} {ordinal} spans [{start}, {end}), outside its text"
        for identity, count, last in database.rows(
            f"SELECT articles.id, count(*), max({table}.ordinal) FROM {table} "
            f"JOIN articles ON articles.number = {table}.article GROUP BY {table}.article "
            f"HAVING count(*) <> max({table}.ordinal) + 1"
        ):
            yield f"article {identity}: {count} {name}s numbered up to {last}"


def _chunk_problems(database: Database) -> Iterator[str]:
    dimension = int(database.setting("dimension") or 0)
    for number, blob in database.rows("SELECT id, vector FROM chunks ORDER BY id"):
        if len(blob) != 4 * dimension:
            yield f"chunk {number}: its vector has {len(blob)} bytes, not {4 * dimension}"
            continue
        length = float(np.linalg.norm(np.frombuffer(blob, dtype="<f4")))
        if not abs(length - 1.0) < 1e-3:
            yield f"chunk {number}: its vector has length {length:.4f}, not 1"


def _word_problems(database: Database) -> Iterator[str]:
    chunks = int(database.value("SELECT count(*) FROM chunks"))
    indexed = int(database.value("SELECT count(*) FROM words_docsize"))
    if chunks != indexed:
        yield f"word index: {indexed} entries for {chunks} chunks"
        return
    if not os.access(database.folder, os.W_OK):
        logger.info(
            "the word index of %s was only counted: checking it needs the right to write", database.path
        )
        return
    try:
        with database.rolled_back() as connection:
            connection.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
    except LibraryDamagedError:
        yield "word index: it does not match the articles' texts"


def _group_problems(database: Database) -> Iterator[str]:
    for (identity,) in database.rows(
        "SELECT DISTINCT one.id FROM links JOIN articles AS one ON one.number = links.one "
        "JOIN articles AS other ON other.number = links.other WHERE one.group_id <> other.group_id"
    ):
        yield f"article {identity}: it is linked with an article of another near-duplicate group"
    for identity, group in database.rows(
        "SELECT id, group_id FROM articles WHERE group_id NOT IN (SELECT id FROM articles) OR id < group_id"
    ):
        yield f"article {identity}: its near-duplicate group {group} is not named by its smallest id"
    expected = {
        (value, number)
        for number, stored in database.rows("SELECT article, signature FROM texts")
        for value in sketch(stored)
    }
    if expected != set(database.rows("SELECT hash, article FROM sketches")):
        yield "near-duplicate sketches: the table does not match the articles"
