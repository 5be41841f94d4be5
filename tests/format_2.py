"""A library of format 2, made by its own frozen tables: format 1 with what its upgrade had added."""

import sqlite3

import format_1

ADDED = """
ALTER TABLE statements ADD COLUMN speaker_kind TEXT;
ALTER TABLE statements ADD COLUMN target_kind TEXT;
ALTER TABLE statements ADD COLUMN confidence REAL NOT NULL DEFAULT 1;
ALTER TABLE articles ADD COLUMN analysis_version INTEGER NOT NULL DEFAULT 1;

CREATE INDEX statements_by_speaker ON statements (speaker, speaker_kind);
CREATE INDEX statements_by_target ON statements (target, target_kind);

CREATE TABLE corrections (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    article TEXT NOT NULL, source TEXT NOT NULL, quote TEXT NOT NULL,
    speaker TEXT NOT NULL, target TEXT, stance TEXT NOT NULL,
    is_statement INTEGER NOT NULL,
    new_speaker TEXT NOT NULL, new_target TEXT, new_stance TEXT NOT NULL,
    note TEXT NOT NULL, made_at TEXT NOT NULL, checksum TEXT NOT NULL
);
"""

TABLES = format_1.TABLES + ADDED

COPIED = (*format_1.COPIED, "corrections")


def make_format_2(of, folder):
    """Write the articles of a present library into a new one of format 2; their checksums still hold."""
    folder.mkdir(parents=True)
    connection = sqlite3.connect(folder / "library.sqlite", isolation_level=None)
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(TABLES)
    connection.execute("ATTACH ? AS present", (str(of / "library.sqlite"),))
    for table in COPIED:
        columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
        connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM present.{table}")
    connection.execute("INSERT INTO words (words) VALUES ('rebuild')")
    connection.execute("UPDATE settings SET value = '2' WHERE name = 'format_version'")
    connection.execute("DELETE FROM settings WHERE name LIKE 'vectors_%' OR name = 'gone_since'")
    connection.execute("DETACH present")
    connection.close()
