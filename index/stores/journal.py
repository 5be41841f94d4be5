"""The journal of chunks that are gone: how a cache that is behind catches up by what changed alone.

A chunk number means one chunk for ever: it is never used again, and a chunk whose words change gets a new
one. So a cache of some generation lacks only the chunks with higher numbers than it knows, and must skip only
those that the journal names.
"""

from collections.abc import Iterator
from sqlite3 import Connection

import numpy as np
from numpy.typing import NDArray

from index.stores.database import Database

CACHES = ("vectors", "words")
"""The caches beside the database; the setting NAME_generation says which generation a file of each shows."""


def note_gone(connection: Connection, article: int) -> None:
    """Put the chunks of an article, which are about to be deleted, into the journal.

    The caller raises the generation later in the same transaction.
    """
    connection.execute(
        "INSERT INTO gone SELECT settings.value + 1, chunks.id FROM settings JOIN chunks "
        "WHERE settings.name = 'generation' AND chunks.article = ?",
        (article,),
    )


def gone_after(database: Database, generation: int) -> NDArray[np.int64] | None:
    """Return the chunks deleted after a generation; None where the journal does not reach back so far.

    Read it in the same snapshot as the chunks that were added. Shape (n,), in no order.
    """
    if generation < int(database.setting("gone_since") or 0):
        return None
    rows = database.rows("SELECT chunk FROM gone WHERE generation > ?", (generation,))
    return np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))


def trim(connection: Connection) -> None:
    """Forget what every recorded cache file already knows; call where a file has been recorded."""
    (oldest,) = connection.execute(
        "SELECT min(CAST(value AS INTEGER)) FROM settings "
        f"WHERE name IN ({', '.join(repr(f'{cache}_generation') for cache in CACHES)})"
    ).fetchone()
    if oldest is not None:
        connection.execute("DELETE FROM gone WHERE generation <= ?", (oldest,))
        connection.execute(
            "UPDATE settings SET value = max(CAST(value AS INTEGER), ?) WHERE name = 'gone_since'", (oldest,)
        )


def journal_problems(database: Database) -> Iterator[str]:
    """Yield what is wrong with the journal, a line a problem."""
    for (chunk,) in database.rows("SELECT DISTINCT chunk FROM gone JOIN chunks ON chunks.id = gone.chunk"):
        yield f"journal: chunk {chunk} is said to be gone and is there"
    since, generation = database.setting("gone_since"), database.generation()
    if since is None or not since.isdecimal() or int(since) > generation:
        yield f"journal: it says that it begins after generation {since}; the library is at {generation}"
        return
    for (chunk,) in database.rows(
        "SELECT chunk FROM gone WHERE generation <= ? OR generation > ?", (int(since), generation)
    ):
        yield f"journal: chunk {chunk} went outside the generations {since} to {generation}"
    last = database.value("SELECT seq FROM sqlite_sequence WHERE name = 'chunks'") or 0
    highest = database.value(
        "SELECT max(number) FROM (SELECT max(id) AS number FROM chunks UNION SELECT max(chunk) FROM gone)"
    )
    if (highest or 0) > last:
        yield f"chunk {highest}: its number is above {last}, the last one given out"
