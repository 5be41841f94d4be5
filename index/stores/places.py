"""Where chunks stand in their articles, and which pass a filter, read with as few rows as can be."""

import json
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from index.schema import Filter
from index.stores.database import Database
from index.stores.filters import where
from index.stores.protocol import ChunkScore


def placed(database: Database, scores: Mapping[int, float]) -> list[ChunkScore]:
    """Return chunks with their scores, best first; ties by article id, then place in the article."""
    rows = database.rows(
        "SELECT chunks.id, articles.id, chunks.ordinal, chunks.start, chunks.end "
        "FROM json_each(?) AS one CROSS JOIN chunks ON chunks.id = one.value "
        "CROSS JOIN articles ON articles.number = chunks.article",
        (json.dumps(list(scores)),),
    )
    found = [
        ChunkScore(chunk, article, ordinal, start, end, scores[chunk])
        for chunk, article, ordinal, start, end in rows
    ]
    return sorted(found, key=lambda hit: (-hit.score, hit.article, hit.ordinal))


def passing_chunks(database: Database, limits: Filter) -> NDArray[np.int64]:
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
    return np.sort(np.fromstring(numbers or "", dtype=np.int64, sep=","))
