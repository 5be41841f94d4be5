"""A checksum over everything stored about one article, so that `verify` notices any byte that changed."""

import hashlib
from collections.abc import Sequence
from sqlite3 import Connection

from index.stores.rows import STATEMENT_COLUMNS

CONTENT = (
    "SELECT id, file, title, outlet, published, day, url, metadata, analysis_version FROM articles "
    "WHERE number = ?",
    "SELECT text, raw, removed, signature FROM texts WHERE article = ?",
    "SELECT ordinal, name, name_folded FROM authors WHERE article = ? ORDER BY ordinal",
    "SELECT key, path, file, page, metadata FROM sources WHERE article = ? ORDER BY key",
    "SELECT ordinal, start, end, paragraph FROM sentences WHERE article = ? ORDER BY ordinal",
    "SELECT ordinal, start, end, tokens, vector FROM chunks WHERE article = ? ORDER BY ordinal",
    "SELECT ordinal, start, end, kind, name FROM mentions WHERE article = ? ORDER BY ordinal",
    f"SELECT ordinal, {STATEMENT_COLUMNS} FROM statements WHERE article = ? ORDER BY ordinal",
)


def article_checksum(connection: Connection, number: int, content: Sequence[str] = CONTENT) -> str:
    """Return a SHA-256 of an article's rows; it does not depend on when or in what order they were added.

    Args:
        connection: Where they are.
        number: The article's number.
        content: The queries whose rows are summed; those of an older format for an upgrade.
    """
    total = hashlib.sha256()
    for query in content:
        for row in connection.execute(query, (number,)):
            total.update(repr(row).encode("utf-8", "surrogatepass"))
    return total.hexdigest()


def seal(connection: Connection, number: int) -> None:
    """Store the checksum of an article as it now is."""
    connection.execute(
        "UPDATE articles SET checksum = ? WHERE number = ?", (article_checksum(connection, number), number)
    )
