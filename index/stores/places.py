"""Where chunks stand in their articles, and which pass a filter, read with as few rows as can be."""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.schema import Filter
from index.stores.database import Database
from index.stores.filters import where
from index.stores.found import Found, Numbers, Scored, best_of, column
from index.stores.journal import gone_after
from index.stores.protocol import ChunkScore

_FIRST_DAY = 1721424.5
"""The Julian day before the first of the year 1, from which `date.toordinal` counts."""


@dataclass(frozen=True, slots=True, eq=False)
class PlaceTable:
    """The article of every chunk of one generation of a library; never changed once made.

    Attributes:
        generation: The library's generation it shows.
        chunks: All n chunk numbers, ascending; within an article they ascend with the place.
        owners: The article number of each, shape (n,).
        numbers: All a article numbers, ascending.
        ranks: The place of each in the order of ids, shape (a,).
        ids: All article ids, ascending.
        days: The day of publication of each as `date.toordinal` has it, 0 where unknown; shape (a,).
    """

    generation: int
    chunks: Numbers
    owners: Numbers
    numbers: Numbers
    ranks: Numbers
    ids: tuple[str, ...]
    days: Numbers

    def rank(self, chunks: Numbers) -> Numbers:
        """Return the place of each chunk's article in the order of ids; the chunks must be there."""
        owners = self.owners[np.searchsorted(self.chunks, chunks)]
        ranks: Numbers = self.ranks[np.searchsorted(self.numbers, owners)]
        return ranks

    def ordered(self, chunks: Numbers) -> tuple[Numbers, Numbers]:
        """Return the order of chunks by article id, then place in the article, and their articles' ranks."""
        ranks = self.rank(chunks)
        order = np.lexsort((chunks, ranks))
        return order, ranks[order]

    def best(self, found: Scored, k: int) -> Scored:
        """Return the k best of what a search proposes; ties by article id, then place in the article."""
        if len(found.chunks) <= k:
            return found
        order, _ = self.ordered(found.chunks)
        order = order[best_of(found.scores[order], k)]
        return Scored(found.chunks[order], found.scores[order])

    def columns(self, chunks: Numbers, found: Sequence[Scored], holding: NDArray[np.bool_]) -> Found:
        """Return what searches propose as columns.

        Args:
            chunks: All that one of them proposes, ascending.
            found: What each search proposes, the one by the vector last.
            holding: Which phrases each chunk holds, shape (phrases, n).
        """
        order, ranks = self.ordered(chunks)
        used, article = np.unique(ranks, return_inverse=True)
        scores = np.array([column(chunks, one) for one in found])[:, order]
        ids = tuple(self.ids[rank] for rank in used.tolist())
        return Found(chunks[order], ids, self.days[used], article, scores[:-1], scores[-1], holding[:, order])


class PlaceCache:
    """Where the chunks of a library stand, as new as its last commit.

    Args:
        database: The library's database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._table: PlaceTable | None = None
        self._refreshing = threading.Lock()

    def table(self) -> PlaceTable:
        """Return the places of the generation that this thread sees. Call it in a snapshot."""
        generation = self._database.generation()
        table = self._table
        if table is None or table.generation < generation:
            with self._refreshing:
                table = self._table
                if table is None or table.generation < generation:
                    table = self._table = self._read(table, generation)
        # Another thread may have gone ahead of this thread's snapshot.
        return table if table.generation == generation else self._read(None, generation)

    def _read(self, earlier: PlaceTable | None, generation: int) -> PlaceTable:
        chunks, owners = self._chunks(earlier)
        # Each of these texts is read from an index alone, many times faster than a row each.
        ids, listed = self._database.rows(
            "SELECT json_group_array(id), group_concat(number) FROM "
            "(SELECT id, number FROM articles ORDER BY id)"
        )[0]
        by_id = _integers(listed)
        dated, days = self._database.rows(
            f"SELECT group_concat(number), group_concat(CAST(julianday(day) - {_FIRST_DAY} AS INTEGER)) "
            "FROM articles WHERE julianday(day) > 0"
        )[0]
        order = np.argsort(by_id)
        numbers = by_id[order]
        day_of = np.zeros(len(numbers), np.int64)
        day_of[order[np.searchsorted(numbers, _integers(dated))]] = _integers(days)
        return PlaceTable(generation, chunks, owners, numbers, order, tuple(json.loads(ids)), day_of)

    def _chunks(self, earlier: PlaceTable | None) -> tuple[Numbers, Numbers]:
        """Return all chunk numbers, ascending, and the number of each one's article."""
        gone = None if earlier is None else gone_after(self._database, earlier.generation)
        if earlier is None or gone is None:
            return self._chunks_after(0)
        last = int(earlier.chunks[-1]) if len(earlier.chunks) else 0
        later, later_owners = self._chunks_after(last)
        kept = ~np.isin(earlier.chunks, gone)
        chunks = np.concatenate([earlier.chunks[kept], later])
        return chunks, np.concatenate([earlier.owners[kept], later_owners])

    def _chunks_after(self, number: int) -> tuple[Numbers, Numbers]:
        condition = f"WHERE id > {number}" if number else ""
        ids, owners = self._database.rows(
            f"SELECT group_concat(id), group_concat(article) FROM chunks {condition}"
        )[0]
        chunks = _integers(ids)
        order = np.argsort(chunks)
        return chunks[order], _integers(owners)[order]


def placed(database: Database, found: Scored) -> list[ChunkScore]:
    """Return chunks with their scores, best first; ties by article id, then place in the article."""
    scores: Mapping[int, float] = dict(zip(found.chunks.tolist(), found.scores.tolist(), strict=True))
    rows = database.rows(
        "SELECT chunks.id, articles.id, chunks.ordinal, chunks.start, chunks.end "
        "FROM json_each(?) AS one CROSS JOIN chunks ON chunks.id = one.value "
        "CROSS JOIN articles ON articles.number = chunks.article",
        (json.dumps(sorted(scores)),),
    )
    hits = [
        ChunkScore(chunk, article, ordinal, start, end, scores[chunk])
        for chunk, article, ordinal, start, end in rows
    ]
    return sorted(hits, key=lambda hit: (-hit.score, hit.article, hit.ordinal))


def passing_chunks(database: Database, limits: Filter) -> Numbers:
    """Return the numbers of the chunks whose articles pass a filter, ascending.

    The articles come first: their chunks' numbers are in an index, apart from the long rows of `chunks`. One
    text of all numbers is read in half the time of a row for each.
    """
    limit = where(limits)
    numbers = database.value(
        "SELECT group_concat(chunks.id) FROM articles "
        f"CROSS JOIN chunks ON chunks.article = articles.number WHERE {limit.sql}",
        limit.values,
    )
    return np.sort(_integers(numbers))


def _integers(text: str | None) -> Numbers:
    """Return the numbers of an SQL group_concat, which is None for none."""
    return np.fromstring(text or "", dtype=np.int64, sep=",")
