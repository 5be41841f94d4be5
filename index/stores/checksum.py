"""A checksum over everything stored about one article, so that `verify` notices any byte that changed."""

import hashlib
from sqlite3 import Connection

_CONTENT = (
    "SELECT id, file, title, outlet, published, day, url, metadata FROM articles WHERE number = ?",
    "SELECT text, raw, removed, signature FROM texts WHERE article = ?",
    "SELECT ordinal, name, name_folded FROM authors WHERE article = ? ORDER BY ordinal",
    "SELECT key, path, file, page, metadata FROM sources WHERE article = ? ORDER BY key",
    "SELECT ordinal, start, end, paragraph FROM sentences WHERE article = ? ORDER BY ordinal",
    "SELECT ordinal, start, end, tokens, vector FROM chunks WHERE article = ? ORDER BY ordinal",
    "SELECT ordinal, start, end, kind, name FROM mentions WHERE article = ? ORDER BY ordinal",
    "SELECT ordinal, start, end, speaker, target, stance, strength, voice, cue, speaker_start, speaker_end, "
    "target_start, target_end, cue_start, cue_end, reported_by FROM statements WHERE article = ? "
    "ORDER BY ordinal",
)


def article_checksum(connection: Connection, number: int) -> str:
    """Return a SHA-256 of an article's rows; it does not depend on when or in what order they were added."""
    total = hashlib.sha256()
    for query in _CONTENT:
        for row in connection.execute(query, (number,)):
            total.update(repr(row).encode("utf-8", "surrogatepass"))
    return total.hexdigest()


def seal(connection: Connection, number: int) -> None:
    """Store the checksum of an article as it now is."""
    connection.execute(
        "UPDATE articles SET checksum = ? WHERE number = ?", (article_checksum(connection, number), number)
    )
