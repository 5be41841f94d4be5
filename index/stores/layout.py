"""The tables of `library.sqlite`. docs/library-format.md explains them.

`articles` holds what lists and filters need; the long texts are apart so that listing never reads them.
Chunk numbers are never used twice (AUTOINCREMENT), and `gone` names those deleted lately: a cache that is
behind is caught up by the numbers that it lacks and those that went, without reading all chunks.
"""

DATABASE = "library.sqlite"

TOKENIZER = "porter unicode61 remove_diacritics 2"

STATEMENT_INDEXES = """
CREATE INDEX statements_by_speaker ON statements (speaker, speaker_kind);
CREATE INDEX statements_by_target ON statements (target, target_kind);
"""

CORRECTIONS = """
CREATE TABLE corrections (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    article TEXT NOT NULL, source TEXT NOT NULL, quote TEXT NOT NULL,
    speaker TEXT NOT NULL, target TEXT, stance TEXT NOT NULL,
    is_statement INTEGER NOT NULL,
    new_speaker TEXT NOT NULL, new_target TEXT, new_stance TEXT NOT NULL,
    note TEXT NOT NULL, made_at TEXT NOT NULL, checksum TEXT NOT NULL
);
"""
"""Corrections name their article by value, not by reference: they outlive it and wait for its return."""

GONE = """
CREATE TABLE gone (
    generation INTEGER NOT NULL, chunk INTEGER NOT NULL, PRIMARY KEY (generation, chunk)
) WITHOUT ROWID;
"""
"""Chunks deleted after the generation in the setting `gone_since`; see `index.stores.journal`."""

TABLES = f"""
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
    checksum TEXT NOT NULL DEFAULT '',
    analysis_version INTEGER NOT NULL DEFAULT 1
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
{GONE}
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
    speaker_kind TEXT, target_kind TEXT, confidence REAL NOT NULL DEFAULT 1,
    PRIMARY KEY (article, ordinal)
) WITHOUT ROWID;
CREATE INDEX statements_by_stance ON statements (stance);
{STATEMENT_INDEXES}
{CORRECTIONS}

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
    title, body, content = 'chunk_words', content_rowid = 'id', tokenize = '{TOKENIZER}'
);
"""
