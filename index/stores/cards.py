"""Reading what lists and counts of articles need: their cards, and how many pass a filter."""

import json
from collections.abc import Sequence

from index.schema import ArticleCard, Filter
from index.stores.database import Database
from index.stores.filters import where
from index.stores.protocol import Extent
from index.stores.rows import CARD_COLUMNS, card_from_row


def passing_cards(database: Database, limits: Filter) -> list[ArticleCard]:
    """Return the cards of all articles that pass the filter, newest first, undated last."""
    limit = where(limits)
    rows = database.rows(
        f"SELECT {CARD_COLUMNS} FROM articles WHERE {limit.sql} "
        "ORDER BY articles.day IS NULL, articles.day DESC, articles.id",
        limit.values,
    )
    return [card_from_row(row) for row in rows]


def cards_of(database: Database, identities: Sequence[str]) -> dict[str, ArticleCard]:
    """Return the cards of those of these articles that are there, by id."""
    rows = database.rows(
        f"SELECT {CARD_COLUMNS} FROM articles WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(identities)),),
    )
    return {row[0]: card_from_row(row) for row in rows}


def texts_of(database: Database, identities: Sequence[str]) -> dict[str, str]:
    """Return the texts of those of these articles that are there, by id."""
    return dict(
        database.rows(
            "SELECT articles.id, texts.text FROM articles JOIN texts ON texts.article = articles.number "
            "WHERE articles.id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(identities)),),
        )
    )


def extent(database: Database, limits: Filter) -> Extent:
    """Return how many articles pass the filter."""
    limit = where(limits)
    rows = database.rows(
        "SELECT count(*), count(*) - count(articles.day), count(DISTINCT articles.group_id) "
        f"FROM articles WHERE {limit.sql}",
        limit.values,
    )
    return Extent(*rows[0])


def newest(database: Database) -> str | None:
    """Return the latest date of publication (ISO), None where no article has one."""
    found: str | None = database.value(
        "SELECT published FROM articles WHERE day IS NOT NULL ORDER BY day DESC, id LIMIT 1"
    )
    return found


def outlets(database: Database) -> list[tuple[str, int]]:
    """Return each outlet with its number of articles, most first."""
    rows = database.rows(
        "SELECT min(outlet), count(*) FROM articles WHERE outlet IS NOT NULL "
        "GROUP BY outlet_folded ORDER BY count(*) DESC, outlet_folded"
    )
    return [(name, count) for name, count in rows]
