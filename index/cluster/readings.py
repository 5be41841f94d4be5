"""What a question reads of an article besides its card: text, sentences, names and statements, at once.

A shard sends them as rows: plain tuples cross between processes many times faster than records, and most of
them are never looked at.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from index.schema import Analysis, Mention, Sentence
from index.stores.database import Database
from index.stores.rows import STATEMENT_COLUMNS, mention_from_row, statement_from_row

Rows = tuple[tuple[Any, ...], ...]

_OF_ARTICLE = (
    "FROM articles CROSS JOIN {table} ON {table}.article = articles.number "
    "WHERE articles.id IN (SELECT value FROM json_each(?)) ORDER BY articles.id, {table}.ordinal"
)


@dataclass(frozen=True)
class Reading:
    """An article as rows of the library; sentences and names are made of them when somebody asks.

    Attributes:
        text: `Article.text`.
        version: Of the rules that found the statements; see `Analysis`.
        sentence_rows: Start, end and paragraph of each, in order.
        mention_rows: Start, end, kind and name of each, in order.
        statement_rows: The `STATEMENT_COLUMNS` of each, in order.
    """

    text: str
    version: int
    sentence_rows: Rows
    mention_rows: Rows
    statement_rows: Rows

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The article's sentences in order."""
        return tuple(Sentence(*row) for row in self.sentence_rows)

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """The article's mentions in order."""
        return tuple(map(mention_from_row, self.mention_rows))

    @cached_property
    def analysis(self) -> Analysis:
        """The names and statements of the article."""
        return Analysis(self.mentions, tuple(map(statement_from_row, self.statement_rows)), self.version)

    def mentions_between(self, start: int, end: int) -> tuple[Mention, ...]:
        """Return the mentions that lie wholly within `[start, end)`."""
        return tuple(mention_from_row(row) for row in self.mention_rows if row[0] >= start and row[1] <= end)


def readings_of(database: Database, article_ids: Sequence[str]) -> dict[str, Reading]:
    """Return what there is to read of those of these articles that are there, by id."""
    wanted = (json.dumps(list(article_ids)),)
    with database.snapshot():
        articles = database.rows(
            "SELECT articles.id, texts.text, articles.analysis_version FROM articles "
            "JOIN texts ON texts.article = articles.number "
            "WHERE articles.id IN (SELECT value FROM json_each(?))",
            wanted,
        )
        parts = [
            _by_article(
                database.rows(f"SELECT articles.id, {columns} {_OF_ARTICLE.format(table=table)}", wanted)
            )
            for table, columns in _TABLES
        ]
    return {
        identity: Reading(text, version, *(tuple(part.get(identity, ())) for part in parts))
        for identity, text, version in articles
    }


def _columns(table: str, names: str) -> str:
    return ", ".join(f"{table}.{name}" for name in names.split(", "))


_TABLES = (
    ("sentences", _columns("sentences", "start, end, paragraph")),
    ("mentions", _columns("mentions", "start, end, kind, name")),
    ("statements", _columns("statements", STATEMENT_COLUMNS)),
)


def _by_article(rows: Sequence[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for identity, *values in rows:
        found.setdefault(identity, []).append(tuple(values))
    return found
