"""The write side of `library.sqlite`: each function runs inside one transaction of its caller."""

import json
from collections.abc import Iterable, Sequence
from sqlite3 import Connection
from typing import Any

import numpy as np

from index.errors import ModelError
from index.schema import Analysis, Article, ArticleRecord, Metadata, Vectors
from index.stores import groups
from index.stores.checksum import seal
from index.stores.filters import fold
from index.stores.journal import note_gone
from index.stores.protocol import FileStamp, Source
from index.stores.rows import (
    STATEMENT_COLUMNS,
    merge_metadata,
    metadata_from_json,
    metadata_to_json,
    removed_to_json,
    statement_to_row,
)


def check_vectors(vectors: Vectors, chunks: int, dimension: int) -> None:
    """Raise ModelError unless there is one finite row of unit length for each chunk."""
    if vectors.shape != (chunks, dimension):
        raise ModelError(
            f"The embedding model returned an array of shape {vectors.shape}, not {(chunks, dimension)}.",
            "Use another model, or report the one that did this.",
        )
    lengths = np.linalg.norm(vectors, axis=1)
    if not np.all(np.abs(lengths - 1.0) < 1e-3):
        raise ModelError(
            "The embedding model returned vectors that are not finite and of unit length.",
            "Nothing was stored; run the command again or use another model.",
        )


def bump_generation(connection: Connection) -> None:
    """Mark the library as changed, so that readers look again."""
    connection.execute("UPDATE settings SET value = value + 1 WHERE name = 'generation'")


def put_article(connection: Connection, record: ArticleRecord, source: Source) -> None:
    """Write an article and everything derived from it, keeping the other sources of its id."""
    article = record.article
    number = _number(connection, article.id)
    if number is None:
        number = _insert_article(connection, article)
    else:
        delete_derived(connection, number)
        connection.execute("DELETE FROM texts WHERE article = ?", (number,))
    _insert_text(connection, number, article, record.signature)
    _move_source(connection, number, source)
    title = _refresh_card(connection, number)
    _insert_derived(connection, number, record, title)
    _mark_stale(connection, number, article.metadata)
    seal(connection, number)
    groups.link(connection, number, record.signature)
    bump_generation(connection)


def attach_source(connection: Connection, article: Article, source: Source) -> None:
    """Add a source to a stored article; the page of its first source by key is the one shown."""
    number = _number(connection, article.id)
    if number is None:
        raise LookupError(article.id)
    _move_source(connection, number, source)
    first, text = connection.execute(
        "SELECT (SELECT min(key) FROM sources WHERE article = texts.article), text "
        "FROM texts WHERE article = ?",
        (number,),
    ).fetchone()
    if first == source.key and text == article.text:
        connection.execute(
            "UPDATE texts SET raw = ?, removed = ? WHERE article = ?",
            (article.raw, removed_to_json(article.removed), number),
        )
    _refresh_stored_card(connection, number)
    bump_generation(connection)


def detach_sources(connection: Connection, keys: Iterable[str]) -> int:
    """Forget sources; delete articles left without one and return how many that were."""
    touched: set[int] = set()
    for key in keys:
        row = connection.execute("DELETE FROM sources WHERE key = ? RETURNING article", (key,)).fetchone()
        if row is not None:
            touched.add(row[0])
        connection.execute("DELETE FROM restored WHERE key = ?", (key,))
    gone = sum(_settle(connection, number) for number in sorted(touched))
    if touched:
        bump_generation(connection)
    return gone


def delete_articles(connection: Connection, identities: Sequence[str]) -> int:
    """Delete articles with their sources, and forget the files that held nothing else."""
    deleted = 0
    for identity in identities:
        number = _number(connection, identity)
        if number is None:
            continue
        rows = connection.execute("SELECT key, path FROM sources WHERE article = ?", (number,)).fetchall()
        connection.executemany("DELETE FROM restored WHERE key = ?", [(key,) for key, _ in rows])
        _delete_article(connection, number)
        # A file whose article was deleted by hand is read again by the next add: deleting is not banning.
        connection.executemany("DELETE FROM files WHERE path = ?", [(path,) for _, path in rows])
        deleted += 1
    if deleted:
        bump_generation(connection)
    return deleted


def write_stamps(connection: Connection, stamps: Iterable[FileStamp]) -> None:
    """Record files as read completely."""
    connection.executemany(
        "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
        [(stamp.path, stamp.size, stamp.mtime_ns, stamp.sha256) for stamp in stamps],
    )


def delete_derived(connection: Connection, number: int) -> None:
    """Delete what was computed from an article's text."""
    groups.unlink(connection, number)
    connection.execute(
        "INSERT INTO words (words, rowid, title, body) "
        "SELECT 'delete', id, title, body FROM chunk_words "
        "WHERE id IN (SELECT id FROM chunks WHERE article = ?)",
        (number,),
    )
    note_gone(connection, number)
    for table in ("chunks", "sentences", "mentions", "statements"):
        connection.execute(f"DELETE FROM {table} WHERE article = ?", (number,))


def _number(connection: Connection, identity: str) -> int | None:
    row = connection.execute("SELECT number FROM articles WHERE id = ?", (identity,)).fetchone()
    return None if row is None else int(row[0])


def _insert_article(connection: Connection, article: Article) -> int:
    cursor = connection.execute(
        "INSERT INTO articles (id, file, metadata, group_id) VALUES (?, ?, ?, ?)",
        (article.id, article.file, metadata_to_json(Metadata()), article.id),
    )
    return int(cursor.lastrowid or 0)


def _insert_text(connection: Connection, number: int, article: Article, signature: bytes) -> None:
    connection.execute(
        "INSERT INTO texts VALUES (?, ?, ?, ?, ?)",
        (number, article.text, article.raw, removed_to_json(article.removed), signature),
    )


def _insert_derived(connection: Connection, number: int, record: ArticleRecord, title: str) -> None:
    connection.executemany(
        "INSERT INTO sentences VALUES (?, ?, ?, ?, ?)",
        [
            (number, ordinal, sentence.start, sentence.end, sentence.paragraph)
            for ordinal, sentence in enumerate(record.sentences)
        ],
    )
    vectors = np.ascontiguousarray(record.vectors, dtype="<f4")
    for ordinal, chunk in enumerate(record.chunks):
        cursor = connection.execute(
            "INSERT INTO chunks (article, ordinal, start, end, tokens, vector) VALUES (?, ?, ?, ?, ?, ?)",
            (number, ordinal, chunk.start, chunk.end, chunk.tokens, vectors[ordinal].tobytes()),
        )
        connection.execute(
            "INSERT INTO words (rowid, title, body) VALUES (?, ?, ?)",
            (cursor.lastrowid, title, record.article.text[chunk.start : chunk.end]),
        )
    _insert_analysis(connection, number, record.analysis)


def _insert_analysis(connection: Connection, number: int, analysis: Analysis) -> None:
    connection.executemany(
        "INSERT INTO mentions VALUES (?, ?, ?, ?, ?, ?)",
        [
            (number, ordinal, mention.start, mention.end, mention.kind.value, mention.name)
            for ordinal, mention in enumerate(analysis.mentions)
        ],
    )
    connection.executemany(
        f"INSERT INTO statements (article, ordinal, {STATEMENT_COLUMNS}) VALUES ({', '.join('?' * 20)})",
        [
            (number, ordinal, *statement_to_row(statement))
            for ordinal, statement in enumerate(analysis.statements)
        ],
    )
    connection.execute(
        "UPDATE articles SET analysis_version = ? WHERE number = ?", (analysis.version, number)
    )


def replace_analysis(connection: Connection, identity: str, analysis: Analysis) -> None:
    """Put other names and statements in the place of an article's own; nothing else of it changes."""
    number = _number(connection, identity)
    if number is None:
        raise LookupError(identity)
    for table in ("mentions", "statements"):
        connection.execute(f"DELETE FROM {table} WHERE article = ?", (number,))
    _insert_analysis(connection, number, analysis)
    seal(connection, number)
    bump_generation(connection)


def _move_source(connection: Connection, number: int, source: Source) -> None:
    """Make `source` a source of this article; the article it leaves goes when it was its only one."""
    row = connection.execute("SELECT article FROM sources WHERE key = ?", (source.key,)).fetchone()
    connection.execute(
        "INSERT OR REPLACE INTO sources (key, article, path, file, page, metadata) VALUES (?, ?, ?, ?, ?, ?)",
        (source.key, number, source.path, source.file, source.page, metadata_to_json(source.metadata)),
    )
    if row is not None and row[0] != number:
        _settle(connection, row[0])


def _settle(connection: Connection, number: int) -> bool:
    """Delete an article that lost its last source and return True; otherwise show what its sources say."""
    if connection.execute("SELECT 1 FROM sources WHERE article = ? LIMIT 1", (number,)).fetchone():
        _refresh_stored_card(connection, number)
        return False
    _delete_article(connection, number)
    return True


def _delete_article(connection: Connection, number: int) -> None:
    delete_derived(connection, number)
    connection.execute("DELETE FROM articles WHERE number = ?", (number,))


def _refresh_stored_card(connection: Connection, number: int) -> None:
    """Bring the card of an article with chunks up to date, its words too.

    Chunks are embedded under a heading of title, outlet and date: when one of them changes, the article is
    marked stale and embedded again by ingest.
    """
    heading = "SELECT title, outlet, published FROM articles WHERE number = ?"
    before: tuple[Any, ...] = connection.execute(heading, (number,)).fetchone()
    chunks = connection.execute(
        "SELECT chunk_words.id, title, body FROM chunk_words JOIN chunks ON chunks.id = chunk_words.id "
        "WHERE chunks.article = ? ORDER BY chunks.ordinal",
        (number,),
    ).fetchall()
    title = _refresh_card(connection, number)
    seal(connection, number)
    if before == connection.execute(heading, (number,)).fetchone():
        return
    connection.execute("UPDATE articles SET stale = 1 WHERE number = ?", (number,))
    connection.executemany("INSERT INTO words (words, rowid, title, body) VALUES ('delete', ?, ?, ?)", chunks)
    bodies = [body for _, _, body in chunks]
    connection.executemany(
        "INSERT INTO words (rowid, title, body) VALUES (?, ?, ?)",
        [(chunk, title, body) for chunk, body in zip(_renumbered(connection, number), bodies, strict=True)],
    )


def _renumbered(connection: Connection, number: int) -> list[int]:
    """Give the chunks of an article new numbers, in order: caches know their words by the old ones."""
    columns = "article, ordinal, start, end, tokens, vector"
    chunks = connection.execute(
        f"SELECT {columns} FROM chunks WHERE article = ? ORDER BY ordinal", (number,)
    ).fetchall()
    note_gone(connection, number)
    connection.execute("DELETE FROM chunks WHERE article = ?", (number,))
    inserted = f"INSERT INTO chunks ({columns}) VALUES (?, ?, ?, ?, ?, ?)"
    return [int(connection.execute(inserted, chunk).lastrowid or 0) for chunk in chunks]


def _mark_stale(connection: Connection, number: int, embedded: Metadata) -> None:
    """Mark an article whose chunks were embedded under another heading than its sources now give."""
    wanted = tuple(
        value.value if value else None for value in (embedded.title, embedded.outlet, embedded.published)
    )
    connection.execute(
        "UPDATE articles SET stale = NOT (title IS ? AND outlet IS ? AND published IS ?) WHERE number = ?",
        (*wanted, number),
    )


def _refresh_card(connection: Connection, number: int) -> str:
    """Merge what the sources say into the article's row and return its title ("" without one)."""
    sources = connection.execute(
        "SELECT key, file, metadata FROM sources WHERE article = ? ORDER BY key", (number,)
    ).fetchall()
    merged = merge_metadata((key, metadata_from_json(metadata)) for key, _, metadata in sources)
    outlet, published = merged.outlet, merged.published
    connection.execute(
        "UPDATE articles SET file = ?, title = ?, outlet = ?, outlet_folded = ?, published = ?, day = ?, "
        "url = ?, metadata = ? WHERE number = ?",
        (
            sources[0][1],
            merged.title.value if merged.title else None,
            outlet.value if outlet else None,
            fold(outlet.value) if outlet else None,
            published.value if published else None,
            published.value[:10] if published else None,
            merged.url.value if merged.url else None,
            metadata_to_json(merged),
            number,
        ),
    )
    connection.execute("DELETE FROM authors WHERE article = ?", (number,))
    connection.executemany(
        "INSERT INTO authors VALUES (?, ?, ?, ?)",
        [
            (number, ordinal, author.value, fold(author.value))
            for ordinal, author in enumerate(merged.authors)
        ],
    )
    return merged.title.value if merged.title else ""


def replace_article(connection: Connection, old: str, record: ArticleRecord, spans: Sequence[str]) -> None:
    """Put a reworked article in the place of `old`: all sources move to it.

    Args:
        connection: An open transaction.
        old: Id of the article as it was.
        record: The article with its new text.
        spans: SHA-256 of each removed text that was put back, remembered for every source.
    """
    number = _number(connection, old)
    sources = connection.execute(
        "SELECT key, file, path, page, metadata FROM sources WHERE article = ? ORDER BY key", (number,)
    ).fetchall()
    for key, file, path, page, metadata in sources:
        source = Source(key, file, path, page, metadata_from_json(metadata))
        if _number(connection, record.article.id) is None or key == sources[0][0]:
            put_article(connection, record, source)
        else:
            attach_source(connection, record.article, source)
        connection.executemany(
            "INSERT OR IGNORE INTO restored VALUES (?, ?)", [(key, span) for span in spans]
        )
    number = _number(connection, record.article.id)
    if number is not None:
        _mark_stale(connection, number, record.article.metadata)


def restored_spans(connection: Connection, key: str) -> frozenset[str]:
    """Return SHA-256 of the removed texts that a reader has put back for this source."""
    rows = connection.execute("SELECT span FROM restored WHERE key = ?", (key,)).fetchall()
    return frozenset(row[0] for row in rows)


def ids_json(identities: Sequence[str]) -> str:
    """Return ids as the value of a `json_each(?)` placeholder."""
    return json.dumps(list(identities))
