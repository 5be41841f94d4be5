"""Reading statements: looked up by speaker and target through an index, and the names they carry."""

# ruff: noqa: A002 - "filter" is the word the reader knows

import json
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from index.config import ANALYSIS_VERSION
from index.schema import Analysis, Filter, LedgerEntry, MentionKind, Stance
from index.stores.cards import cards_of, texts_of
from index.stores.database import Database
from index.stores.filters import where
from index.stores.protocol import StatementName
from index.stores.rows import STATEMENT_COLUMNS, mention_from_row, statement_from_row

TEXTS_AT_ONCE = 500
"""Articles whose texts are held at a time while their statements' quotes are cut out."""

_KINDS = {"": None, **{kind.value: kind for kind in MentionKind}}
_COLUMNS = ", ".join(f"statements.{name}" for name in STATEMENT_COLUMNS.split(", "))


def ledger_entries(
    database: Database,
    stance: Stance | None,
    filter: Filter,
    speakers: Sequence[str] | None,
    targets: Sequence[str] | None,
) -> list[LedgerEntry]:
    """Return statements with their articles, ordered by article id and place; see `Store.ledger`."""
    limit = where(filter)
    condition, values = limit.sql, list[Any](limit.values)
    by_name = speakers is not None or targets is not None
    if stance is not None:
        # The plus keeps SQLite from looking up the stance, which a third of all statements share.
        condition += f" AND {'+' if by_name else ''}statements.stance = ?"
        values.append(stance.value)
    for column, names in (("speaker", speakers), ("target", targets)):
        if names is not None:
            condition += f" AND statements.{column} IN (SELECT value FROM json_each(?))"
            values.append(json.dumps(list(names)))
    with database.snapshot():
        rows = database.rows(
            # A cross join is one from left to right: first the few statements of a name, then their articles.
            f"SELECT articles.id, statements.ordinal, {_COLUMNS} "
            f"FROM statements {'CROSS JOIN' if by_name else 'JOIN'} articles "
            f"ON articles.number = statements.article WHERE {condition} "
            "ORDER BY articles.id, statements.start, statements.ordinal",
            values,
        )
        articles = sorted({row[0] for row in rows})
        cards, texts = cards_of(database, articles), dict[str, str]()
        found = []
        for identity, ordinal, *columns in rows:
            if identity not in texts:
                # Not all at once: those of a common name are a large part of a library.
                at = bisect_left(articles, identity)
                texts = texts_of(database, articles[at : at + TEXTS_AT_ONCE])
            statement = statement_from_row(columns)
            quote = texts[identity][statement.start : statement.end]
            found.append(
                LedgerEntry(cards[identity], statement, quote, statement.speaker, statement.target, ordinal)
            )
    return found


def statement_names(database: Database) -> list[StatementName]:
    """Return every name of a speaker or target with its kind and how often it is which, by name and kind."""
    with database.snapshot():
        speakers, targets = (
            {
                (name, kind): count
                for name, kind, count in database.rows(
                    f"SELECT {side}, coalesce({side}_kind, ''), count(*) FROM statements "
                    f"WHERE {side} IS NOT NULL GROUP BY {side}, {side}_kind"
                )
            }
            for side in ("speaker", "target")
        )
    # Each side is in order already.
    both = sorted([*speakers, *(key for key in targets if key not in speakers)])
    return [StatementName(key[0], _KINDS[key[1]], speakers.get(key, 0), targets.get(key, 0)) for key in both]


def analysis_of(database: Database, identity: str) -> Analysis:
    """Return the names and statements of one article in their order; empty for an unknown article."""
    with database.snapshot():
        card = database.rows("SELECT number, analysis_version FROM articles WHERE id = ?", (identity,))
        if not card:
            return Analysis()
        number, version = card[0]
        mentions = database.rows(
            "SELECT start, end, kind, name FROM mentions WHERE article = ? ORDER BY ordinal", (number,)
        )
        statements = database.rows(
            f"SELECT {STATEMENT_COLUMNS} FROM statements WHERE article = ? ORDER BY ordinal", (number,)
        )
    return Analysis(
        tuple(map(mention_from_row, mentions)), tuple(map(statement_from_row, statements)), version
    )


def outdated(database: Database) -> tuple[str, ...]:
    """Return articles whose statements an older version of the rules has found, ordered by id."""
    rows = database.rows(
        "SELECT id FROM articles WHERE analysis_version < ? ORDER BY id", (ANALYSIS_VERSION,)
    )
    return tuple(row[0] for row in rows)


def article_of_source(database: Database, key: str) -> str | None:
    """Return the id of the article that a source now gives, None without one."""
    identity: str | None = database.value(
        "SELECT articles.id FROM sources JOIN articles ON articles.number = sources.article "
        "WHERE sources.key = ?",
        (key,),
    )
    return identity
