"""Bringing a library of an earlier format up to this one: a step a format, all in one transaction."""

import logging
from collections.abc import Callable
from sqlite3 import Connection

from index.config import FORMAT_VERSION
from index.stores.checksum import CONTENT, article_checksum, seal
from index.stores.database import Database
from index.stores.layout import CORRECTIONS, GONE, STATEMENT_INDEXES

logger = logging.getLogger(__name__)

_CONTENT_1 = (
    "SELECT id, file, title, outlet, published, day, url, metadata FROM articles WHERE number = ?",
    *CONTENT[1:-1],
    "SELECT ordinal, start, end, speaker, target, stance, strength, voice, cue, speaker_start, speaker_end, "
    "target_start, target_end, cue_start, cue_end, reported_by FROM statements WHERE article = ? "
    "ORDER BY ordinal",
)
"""What the checksum of an article covered in format 1."""


def upgrade(database: Database) -> int:
    """Bring the library to the present format and return the format it had.

    The caller holds the write lock. A crash on the way leaves the library as it was.
    """
    found = int(database.setting("format_version") or 0)
    if found == FORMAT_VERSION:
        return found
    with database.transaction() as connection:
        for version in range(found, FORMAT_VERSION):
            _STEPS[version](connection)
        connection.execute(
            "UPDATE settings SET value = ? WHERE name = 'format_version'", (str(FORMAT_VERSION),)
        )
    logger.info("the library %s went from format %d to %d", database.folder, found, FORMAT_VERSION)
    return found


def _from_1(connection: Connection) -> None:
    """Kinds and confidence of statements, their names indexed, and a place for corrections.

    An article whose checksum does not match stays as it is: a new one would hide the damage from `verify`.
    """
    numbers = connection.execute("SELECT number, checksum FROM articles ORDER BY number").fetchall()
    whole = [
        number for number, checksum in numbers if article_checksum(connection, number, _CONTENT_1) == checksum
    ]
    connection.execute("ALTER TABLE statements ADD COLUMN speaker_kind TEXT")
    connection.execute("ALTER TABLE statements ADD COLUMN target_kind TEXT")
    connection.execute("ALTER TABLE statements ADD COLUMN confidence REAL NOT NULL DEFAULT 1")
    connection.execute("ALTER TABLE articles ADD COLUMN analysis_version INTEGER NOT NULL DEFAULT 1")
    for statement in f"{STATEMENT_INDEXES}{CORRECTIONS}".split(";"):
        # Not executescript: that would commit what was done so far.
        connection.execute(statement)
    for number in whole:
        seal(connection, number)


def _from_2(connection: Connection) -> None:
    """A journal of deleted chunks; nothing is known of those deleted before."""
    connection.execute(GONE)
    connection.execute(
        "INSERT INTO settings SELECT 'gone_since', value FROM settings WHERE name = 'generation'"
    )


_STEPS: dict[int, Callable[[Connection], None]] = {1: _from_1, 2: _from_2}
"""The step that leaves each format for the next one."""
