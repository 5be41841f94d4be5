"""A library of format 1, made by its own frozen tables: what earlier versions have left on people's disks."""

import hashlib
import sqlite3

TABLES = """
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE files (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, sha256 TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE articles (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    file TEXT NOT NULL,
    title TEXT, outlet TEXT, outlet_folded TEXT, published TEXT, day TEXT, url TEXT,
    metadata TEXT NOT NULL,
    group_id TEXT NOT NULL,
    stale INTEGER NOT NULL DEFAULT 0,
    sketch_size INTEGER NOT NULL DEFAULT 0,
    checksum TEXT NOT NULL DEFAULT ''
);
CREATE INDEX articles_by_day ON articles (day);
CREATE INDEX articles_by_file ON articles (file);
CREATE INDEX articles_stale ON articles (stale) WHERE stale;

CREATE TABLE texts (
    article INTEGER PRIMARY KEY REFERENCES articles (number) ON DELETE CASCADE,
    text TEXT NOT NULL, raw TEXT NOT NULL, removed TEXT NOT NULL, signature BLOB NOT NULL
);

CREATE TABLE authors (
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, name TEXT NOT NULL, name_folded TEXT NOT NULL,
    PRIMARY KEY (article, ordinal)
) WITHOUT ROWID;
CREATE INDEX authors_by_name ON authors (name_folded);

CREATE TABLE sources (
    key TEXT PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    path TEXT NOT NULL, file TEXT NOT NULL, page TEXT NOT NULL, metadata TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX sources_by_article ON sources (article);
CREATE INDEX sources_by_path ON sources (path);

CREATE TABLE restored (key TEXT NOT NULL, span TEXT NOT NULL, PRIMARY KEY (key, span)) WITHOUT ROWID;

CREATE TABLE sentences (
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, paragraph INTEGER NOT NULL,
    PRIMARY KEY (article, ordinal)
) WITHOUT ROWID;

CREATE TABLE chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, tokens INTEGER NOT NULL,
    vector BLOB NOT NULL
);
CREATE UNIQUE INDEX chunks_by_article ON chunks (article, ordinal);

CREATE TABLE mentions (
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    kind TEXT NOT NULL, name TEXT NOT NULL,
    PRIMARY KEY (article, ordinal)
) WITHOUT ROWID;

CREATE TABLE statements (
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    speaker TEXT NOT NULL, target TEXT, stance TEXT NOT NULL, strength INTEGER NOT NULL,
    voice TEXT NOT NULL, cue TEXT NOT NULL,
    speaker_start INTEGER, speaker_end INTEGER, target_start INTEGER, target_end INTEGER,
    cue_start INTEGER, cue_end INTEGER, reported_by TEXT,
    PRIMARY KEY (article, ordinal)
) WITHOUT ROWID;
CREATE INDEX statements_by_stance ON statements (stance);

CREATE TABLE sketches (
    hash INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    PRIMARY KEY (hash, article)
) WITHOUT ROWID;
CREATE INDEX sketches_by_article ON sketches (article);

CREATE TABLE links (
    one INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    other INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    PRIMARY KEY (one, other)
) WITHOUT ROWID;
CREATE INDEX links_by_other ON links (other);

CREATE VIEW chunk_words (id, title, body) AS
    SELECT chunks.id, coalesce(articles.title, ''),
           substr(texts.text, chunks.start + 1, chunks.end - chunks.start)
    FROM chunks
    JOIN articles ON articles.number = chunks.article
    JOIN texts ON texts.article = chunks.article;

CREATE VIRTUAL TABLE words USING fts5 (
    title, body, content = 'chunk_words', content_rowid = 'id',
    tokenize = 'porter unicode61 remove_diacritics 2'
);
"""

CONTENT = (
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

COPIED = (
    "settings",
    "files",
    "articles",
    "texts",
    "authors",
    "sources",
    "restored",
    "sentences",
    "chunks",
    "mentions",
    "statements",
    "sketches",
    "links",
)


def checksum(connection, number):
    total = hashlib.sha256()
    for query in CONTENT:
        for row in connection.execute(query, (number,)):
            total.update(repr(row).encode("utf-8", "surrogatepass"))
    return total.hexdigest()


def make_format_1(of, folder):
    """Write the articles of a present library into a new one of format 1."""
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
    connection.execute("UPDATE settings SET value = '1' WHERE name = 'format_version'")
    connection.execute("DELETE FROM settings WHERE name LIKE 'vectors_%' OR name = 'gone_since'")
    for (number,) in connection.execute("SELECT number FROM articles").fetchall():
        connection.execute(
            "UPDATE articles SET checksum = ? WHERE number = ?", (checksum(connection, number), number)
        )
    connection.execute("DETACH present")
    connection.close()
