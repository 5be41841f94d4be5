"""Which chunks hold which words, as arrays, and BM25 over them. Pure.

The arrays may lie in memory or in a mapped file. BM25 is that of SQLite's FTS5 to the last digits that its
order of adding leaves (https://www.sqlite.org/fts5.html#the_bm25_function, which follows Robertson and
Zaragoza, "The Probabilistic Relevance Framework", 2009): k1 is 1.2, b is .75, and a phrase that most chunks
hold still counts for a little.
"""

import math
import mmap
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.stores.protocol import WordStatistics

K1 = 1.2
B = 0.75
LEAST_WEIGHT = 1e-6
"""The weight of a phrase that more than half of the chunks hold."""

SLACK = 1e-8
"""Scores that differ by less, relatively, are ties: adding up in another order moves the last digits."""

FEW = 20_000
"""Postings that are added up without asking whether some chunks are out of the race already."""

PROMISING = 0.4
"""Share of what a chunk can have so far; while more is to come, no chunk is taken to be out of the race."""

Phrase = tuple[bytes, ...]
"""The words of a phrase as the word index writes them: stemmed, folded, in UTF-8."""

Rows = NDArray[np.int64]


class Terms(NamedTuple):
    """Some of the words that chunks hold, in byte order.

    Attributes:
        terms: The words as the word index writes them, in UTF-8.
        postings: How many chunks hold each, shape (t,).
        places: How often each stands in all of them, shape (t,).
        rows: Rows of the chunks that hold each, ascending; those of all words one after the other.
        counts: How often each of these holds it.
        positions: Where, chunk after chunk, ascending in each: counted from 0 in the title and from
            `Postings.body_from` in the text.
    """

    terms: tuple[bytes, ...]
    postings: NDArray[Any]
    places: NDArray[Any]
    rows: NDArray[Any]
    counts: NDArray[Any]
    positions: NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """The words of n chunks; never changed once made, so any thread may read it.

    Attributes:
        numbers: The chunk number of each row, ascending, shape (n,).
        lengths: How many words each chunk has, title included, shape (n,).
        terms: All t words one after the other, in byte order, as UTF-8.
        terms_at: Where each word begins in `terms`, and the end; shape (t + 1,).
        postings_at: Where each word's chunks begin in `rows` and `counts`, and the end; shape (t + 1,).
        positions_at: Where each word's places begin in `positions`, and the end; shape (t + 1,).
        rows, counts, positions: See `Terms`.
        body_from: Position of the first word of a chunk's text; no title reaches so far.
        file: The mapped file that the arrays lie in, None where they lie in memory.
    """

    numbers: NDArray[Any]
    lengths: NDArray[Any]
    terms: NDArray[np.uint8]
    terms_at: NDArray[Any]
    postings_at: NDArray[Any]
    positions_at: NDArray[Any]
    rows: NDArray[Any]
    counts: NDArray[Any]
    positions: NDArray[Any]
    body_from: int
    file: mmap.mmap | None = None

    def let_go(self) -> None:
        """Give back the memory of what was read of a mapped file; where it is asked for again it comes back.

        The system keeps a mapped page in the process's memory until it runs short, and maps those around it
        too: without this a process would come to hold the whole file.
        """
        if self.file is not None and hasattr(self.file, "madvise"):  # absent on Windows
            self.file.madvise(mmap.MADV_DONTNEED)

    def holding(self, phrase: Phrase) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the rows that hold a phrase, ascending, and how often each does."""
        places = [self._place(word) for word in phrase]
        if not places or min(places) < 0:
            return np.zeros(0, np.uint32), np.zeros(0, np.uint16)
        if len(places) == 1:
            chosen = slice(self.postings_at[places[0]], self.postings_at[places[0] + 1])
            return self.rows[chosen], self.counts[chosen]
        rarest, *others = sorted((self._rows(place) for place in set(places)), key=len)
        begins = self._side_by_side(places, _common(rarest.astype(np.int64), others))
        rows, counts = np.unique(begins >> 32, return_counts=True)
        return rows, counts

    def among(self, phrases: Sequence[Phrase], rows: Rows) -> NDArray[np.bool_]:
        """Return which of these rows, ascending and each once, hold each phrase in their text.

        Shape (phrases, rows); a phrase without words is held by none.
        """
        instances = {word: self._in_texts(word, rows) for word in {word for one in phrases for word in one}}
        found = np.zeros((len(phrases), len(rows)), bool)
        for number, phrase in enumerate(phrases):
            if phrase:
                begins = instances[phrase[0]]
                for step, word in enumerate(phrase[1:], 1):
                    begins = begins[_member(instances[word], begins + step)]
                found[number, np.searchsorted(rows, begins >> 32)] = True
        return found

    def _in_texts(self, word: bytes, rows: Rows) -> Rows:
        """Return where a word stands in the texts of some rows, as `_instances` does."""
        place = self._place(word)
        if place < 0:
            return np.zeros(0, np.int64)
        instances = self._instances(place, rows[_member(self._rows(place), rows)])
        return instances[instances & 0xFFFFFFFF >= self.body_from]

    def _place(self, word: bytes) -> int:
        """Return the place of a word among all, -1 where no chunk holds it."""
        # A view gives Python's own numbers and bytes, many times faster than an array gives its own.
        terms, begins = self.terms.data, self.terms_at.data
        last = len(begins) - 1
        low = bisect_left(
            range(last), word, key=lambda place: terms[begins[place] : begins[place + 1]].tobytes()
        )
        return low if low < last and terms[begins[low] : begins[low + 1]] == word else -1

    def _rows(self, place: int) -> NDArray[Any]:
        return self.rows[self.postings_at[place] : self.postings_at[place + 1]]

    def _side_by_side(self, places: Sequence[int], rows: Rows) -> Rows:
        """Return where words follow each other in rows that hold them all, as `_instances` does."""
        begins = self._instances(places[0], rows)
        for step, place in enumerate(places[1:], 1):
            begins = begins[_member(self._instances(place, rows), begins + step)]
        return begins

    def _instances(self, place: int, rows: Rows) -> Rows:
        """Return where a word stands in some rows that hold it, as `row << 32 | position`, ascending."""
        if not len(rows):
            return rows
        first, last = int(self.postings_at[place]), int(self.postings_at[place + 1])
        counts = self.counts[first:last]
        at = np.searchsorted(self.rows[first:last], rows.astype(self.rows.dtype))
        # How many places lie before each row: sums between one row and the next, then added up.
        before = np.add.reduceat(counts, np.concatenate([[0], at]), dtype=np.int64)[:-1]
        before[0] = before[0] if at[0] else 0
        begins = np.cumsum(before) + int(self.positions_at[place])
        wanted = counts[at].astype(np.int64)
        total = int(wanted.sum())
        within = np.arange(total) - np.repeat(np.cumsum(wanted) - wanted, wanted)
        positions = self.positions[np.repeat(begins, wanted) + within].astype(np.int64)
        return np.repeat(rows, wanted) << 32 | positions


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Postings with the chunks among them that are still there.

    Attributes:
        alive: Which rows are; None for all.
    """

    postings: Postings
    alive: NDArray[np.bool_] | None = None

    def size(self) -> tuple[int, int]:
        """Return how many chunks are there, and how many words they have."""
        lengths = self.postings.lengths
        if self.alive is None:
            return len(lengths), int(lengths.sum(dtype=np.int64))
        return int(self.alive.sum()), int(lengths[self.alive].sum(dtype=np.int64))

    def count(self, rows: NDArray[Any]) -> int:
        """Return how many of these rows are there."""
        return len(rows) if self.alive is None else int(self.alive[rows].sum())

    def norms(self, mean_length: float) -> NDArray[np.float64]:
        """Return BM25's `k1 * (1 - b + b * length / mean_length)` of each row."""
        return K1 * (1 - B + B * self.postings.lengths.astype(np.float64) / mean_length)


def weights(statistics: WordStatistics) -> list[float]:
    """Return BM25's weight (its idf) of each phrase."""
    return [
        max(LEAST_WEIGHT, math.log((statistics.rows - held + 0.5) / (held + 0.5)))
        if held <= statistics.rows
        else LEAST_WEIGHT
        for held in statistics.holding
    ]


def best(
    found: Iterable[tuple[float, NDArray[Any], NDArray[Any]]],
    norms: NDArray[np.float64],
    k: int,
    allowed: NDArray[np.bool_] | None,
) -> tuple[Rows, NDArray[np.float64]]:
    """Return the rows that score as high as the k-th best, or higher, with their BM25; in no order.

    Once the k-th best score so far is more than all phrases still to come could give, rows that lie too far
    behind are left out of the count: what is returned is the same (MaxScore: Turtle and Flood, 1995).

    Args:
        found: The weight, rows and counts of each phrase.
        norms: See `Segment.norms`, shape (n,).
        k: How many are wanted; 1 or more.
        allowed: Which rows may be returned; None for all.
    """
    parts = sorted(found, key=lambda part: (-part[0], len(part[1])))
    if len(parts) == 1:
        return _best_of_one(*parts[0], norms, k, allowed)
    to_come = [*accumulate((weight * (K1 + 1) for weight, _, _ in reversed(parts)), initial=0.0)][::-1]
    scores = np.zeros(len(norms))
    racing: Rows | None = None
    counted = np.zeros(0, np.int64)
    for (weight, rows, counts), most in zip(parts, to_come[:-1], strict=True):
        if not len(rows):
            continue
        if racing is not None:
            racing = _ahead(scores, racing, k, most)
        elif len(rows) > FEW and most < PROMISING * (to_come[0] - most):
            # Chunks seldom hold all phrases: before, the k-th best is hardly ever ahead of what is to come.
            racing = _racing(scores, counted, k, most, len(rows))
        if racing is not None:
            at = np.minimum(np.searchsorted(rows, racing.astype(rows.dtype)), len(rows) - 1)
            at = at[rows[at] == racing]
            rows, counts = rows[at], counts[at]
        elif allowed is not None:
            passing = allowed[rows]
            rows, counts = rows[passing], counts[passing]
        times = counts.astype(np.float64)
        scores[rows] += weight * (K1 + 1) * times / (times + norms[rows])
        counted = rows
    rows = np.flatnonzero(scores) if racing is None else racing
    return _reaching(rows, scores[rows], k)


def _best_of_one(
    weight: float,
    rows: NDArray[Any],
    counts: NDArray[Any],
    norms: NDArray[np.float64],
    k: int,
    allowed: NDArray[np.bool_] | None,
) -> tuple[Rows, NDArray[np.float64]]:
    """Do as `best` for a single phrase, without a score for every row."""
    if allowed is not None:
        passing = allowed[rows]
        rows, counts = rows[passing], counts[passing]
    times = counts.astype(np.float64)
    return _reaching(rows.astype(np.int64), weight * (K1 + 1) * times / (times + norms[rows]), k)


def _reaching(rows: Rows, scores: NDArray[np.float64], k: int) -> tuple[Rows, NDArray[np.float64]]:
    """Return the rows whose score is the k-th best or higher, with it."""
    if len(rows) <= k:
        return rows, scores
    enough = scores >= np.partition(scores, -k)[-k] * (1 - SLACK)
    return rows[enough], scores[enough]


def _edge(scores: NDArray[np.float64], k: int, low: float) -> float:
    """Return the k-th best score, less what may be a tie; 0 where there are fewer. It is not below `low`."""
    # Comparing first: finding what is not 0 takes several times as long.
    reached = scores[scores >= low if low else scores > 0]
    return float(np.partition(reached, -k)[-k]) * (1 - SLACK) if len(reached) >= k else 0.0


def _racing(scores: NDArray[np.float64], some: NDArray[Any], k: int, most: float, enough: int) -> Rows | None:
    """Return the rows that may still be among the k best when `most` can be added; None for too many.

    Args:
        scores: Those of all rows so far.
        some: Rows whose k-th best is not far behind the k-th best of all.
        k: How many are wanted.
        most: What all phrases still to come can add.
        enough: So many rows are too many to tell apart: it would take longer than counting all.
    """
    if len(some) < k:
        return None
    edge = np.partition(scores[some], -k)[-k] * (1 - SLACK)
    if most >= edge:
        return None
    left = _ahead(scores, np.flatnonzero(scores >= edge - most), k, most)
    return left if len(left) < enough else None


def _ahead(scores: NDArray[np.float64], rows: Rows, k: int, most: float) -> Rows:
    """Return which of the rows, the k best among them, may still be so when `most` can be added."""
    if len(rows) <= k:
        return rows
    reached = scores[rows]
    left: Rows = rows[reached + most >= np.partition(reached, -k)[-k] * (1 - SLACK)]
    return left


def _common(rows: Rows, others: Sequence[NDArray[Any]]) -> Rows:
    """Return which of the rows are among all the others."""
    for other in others:
        rows = rows[_member(other, rows)]
    return rows


def _member(rows: NDArray[Any], wanted: Rows) -> NDArray[np.bool_]:
    """Return which of the wanted rows are among `rows`; both ascend."""
    if not len(rows):
        return np.zeros(len(wanted), bool)
    at = np.minimum(np.searchsorted(rows, wanted.astype(rows.dtype)), len(rows) - 1)
    member: NDArray[np.bool_] = rows[at] == wanted
    return member
