"""The words of chunks as FTS5 sees them: its own tokenizer, and what its index holds."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.stores.layout import TOKENIZER
from index.stores.postings import Phrase, Postings, Terms

BODY_FROM = 1 << 31
"""`Postings.body_from` of what is read here: no title is so long."""

AT_ONCE = 200_000
"""Places of words that are read at a time."""

PHRASES_KEPT = 4096
"""Texts whose words are remembered; then it begins anew."""

_COLUMN = 1 << 40
"""Set in a place that is not in the title, on the way out of SQLite."""


def indexed_terms(connection: sqlite3.Connection, numbers: NDArray[np.int64]) -> Iterator[Terms]:
    """Yield every word of the library's word index with the chunks that hold it, words in byte order.

    Args:
        connection: A connection in a snapshot of the library.
        numbers: All its chunk numbers, ascending; row i is chunk numbers[i].
    """
    # Not even a temporary table can be made on a connection that only queries.
    (querying,) = connection.execute("PRAGMA query_only").fetchone()
    connection.execute("PRAGMA query_only = OFF")
    try:
        connection.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.words_held USING fts5vocab (main, words, instance)"
        )
    finally:
        connection.execute(f"PRAGMA query_only = {querying}")
    yield from _terms(connection, "temp.words_held", numbers)


def postings_of(chunks: Iterable[tuple[int, str, str]]) -> Postings:
    """Return the postings of chunks given by number, title and text, numbers ascending."""
    connection = _tokenizing()
    try:
        connection.executemany("INSERT INTO words (rowid, title, body) VALUES (?, ?, ?)", chunks)
        rows = connection.execute("SELECT id FROM words_docsize ORDER BY id").fetchall()
        numbers = np.array([row[0] for row in rows], dtype=np.int64)
        return collected(_terms(connection, "held", numbers), numbers)
    finally:
        connection.close()


def collected(parts: Iterable[Terms], numbers: NDArray[np.int64]) -> Postings:
    """Return the postings of words that come in byte order, in memory."""
    nothing = np.zeros(0, np.uint32)
    found = [Terms((), nothing, nothing, nothing, nothing, nothing), *parts]
    terms = [term for part in found for term in part.terms]
    rows = np.concatenate([part.rows for part in found])
    counts = np.concatenate([part.counts for part in found])
    return Postings(
        numbers,
        np.bincount(rows, counts, minlength=len(numbers)).astype(np.uint32),
        np.frombuffer(b"".join(terms), np.uint8),
        ends([len(term) for term in terms]),
        ends(np.concatenate([part.postings for part in found])),
        ends(np.concatenate([part.places for part in found])),
        rows,
        counts,
        np.concatenate([part.positions for part in found]),
        BODY_FROM,
    )


class PhraseReader:
    """Reads phrases as the word index does; may be used by several threads."""

    def __init__(self) -> None:
        self._connection = _tokenizing()
        self._lock = threading.Lock()
        self._kept: dict[str, Phrase] = {}

    def phrases(self, texts: Sequence[str]) -> list[Phrase]:
        """Return the words of each text in order, stemmed and folded; empty where it holds none."""
        with self._lock:
            new = list({text for text in texts if text not in self._kept})
            if new:
                if len(self._kept) > PHRASES_KEPT:
                    self._kept.clear()
                    new = list(set(texts))
                self._kept |= self._read(new)
            return [self._kept[text] for text in texts]

    def _read(self, texts: Sequence[str]) -> dict[str, Phrase]:
        """Read texts in one transaction: it takes longer than reading a word."""
        self._connection.execute("BEGIN")
        try:
            self._connection.executemany(
                "INSERT INTO words (rowid, title, body) VALUES (?, '', ?)", enumerate(texts)
            )
            rows = self._connection.execute("SELECT doc, term FROM held ORDER BY doc, offset").fetchall()
        finally:
            self._connection.execute("ROLLBACK")
        words: list[list[bytes]] = [[] for _ in texts]
        for number, term in rows:
            words[number].append(term.encode("utf-8", "surrogatepass"))
        return dict(zip(texts, map(tuple, words), strict=True))


def _tokenizing() -> sqlite3.Connection:
    """Return a database in memory whose table `words` splits texts as the library's does."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.execute(
        f"CREATE VIRTUAL TABLE words USING fts5 (title, body, content = '', tokenize = '{TOKENIZER}')"
    )
    connection.execute("CREATE VIRTUAL TABLE held USING fts5vocab (words, instance)")
    return connection


def _terms(connection: sqlite3.Connection, table: str, numbers: NDArray[np.int64]) -> Iterator[Terms]:
    """Yield the words of an fts5vocab table of the type "instance", many at a time."""
    # One string a word crosses from SQLite to Python many times faster than a row an instance.
    cursor = connection.execute(
        "SELECT CAST(term AS BLOB), count(*), group_concat(doc, ' '), "
        f"group_concat(\"offset\" + {_COLUMN} * (col = 'body'), ' ') FROM {table} GROUP BY term"
    )
    batch: list[tuple[bytes, int, str, str]] = []
    places = 0
    for row in cursor:
        batch.append(row)
        places += row[1]
        if places > AT_ONCE:
            yield _decoded(batch, numbers)
            batch, places = [], 0
    if batch:
        yield _decoded(batch, numbers)


def _decoded(batch: Sequence[tuple[bytes, int, str, str]], numbers: NDArray[np.int64]) -> Terms:
    terms, places, chunks, offsets = zip(*batch, strict=True)
    own = np.repeat(np.arange(len(terms)), places)
    rows = np.searchsorted(numbers, np.fromstring(" ".join(chunks), np.int64, sep=" "))
    within = np.fromstring(" ".join(offsets), np.int64, sep=" ")
    positions = np.where(within >= _COLUMN, within - _COLUMN + BODY_FROM, within)
    order = np.lexsort((positions, rows, own))
    return _grouped(terms, own[order], rows[order], positions[order])


def _grouped(
    terms: tuple[bytes, ...],
    own: NDArray[np.int64],
    rows: NDArray[np.int64],
    positions: NDArray[np.int64],
) -> Terms:
    """Return words from all their places, given in the order of word, row and position."""
    new = np.flatnonzero((np.diff(rows, prepend=-1) != 0) | (np.diff(own, prepend=-1) != 0))
    return Terms(
        terms,
        np.bincount(own[new], minlength=len(terms)),
        np.bincount(own, minlength=len(terms)),
        rows[new].astype(np.uint32),
        np.diff(new, append=len(rows)).astype(np.uint32),
        positions.astype(np.uint32),
    )


def ends(lengths: "Sequence[int] | NDArray[Any]") -> NDArray[np.int64]:
    """Return where each of several parts begins, and the end of the last."""
    return np.concatenate([[0], np.cumsum(np.asarray(lengths, np.int64))])


def merged(one: Postings, other: Postings) -> Postings:
    """Return the postings of two sets of chunks in memory, the numbers of `other` being the higher ones."""
    parts = [_spread(postings) for postings in (one, other)]
    terms = sorted({term for part in parts for term in part[0]})
    place = {term: number for number, term in enumerate(terms)}
    own = np.concatenate([np.array([place[term] for term in part[0]], np.int64)[part[1]] for part in parts])
    rows = np.concatenate([parts[0][2], parts[1][2] + len(one.numbers)])
    positions = np.concatenate([part[3] for part in parts])
    order = np.lexsort((positions, rows, own))
    found = _grouped(tuple(terms), own[order], rows[order], positions[order])
    return collected([found], np.concatenate([one.numbers, other.numbers]))


def _spread(postings: Postings) -> tuple[list[bytes], NDArray[np.int64], NDArray[Any], NDArray[Any]]:
    """Return the words, and of each place of a word its word, its row and its position."""
    edges = postings.terms_at.tolist()
    text = postings.terms.tobytes()
    terms = [text[begin:end] for begin, end in pairwise(edges)]
    own = np.repeat(np.arange(len(terms)), np.diff(postings.positions_at))
    return terms, own, np.repeat(postings.rows.astype(np.int64), postings.counts), postings.positions
