"""Search by words: a plain word list becomes a safe FTS5 query, ranked by BM25."""

import json
import re
import unicodedata
from collections.abc import Sequence

from index.schema import Filter
from index.stores.database import Database
from index.stores.filters import limits_nothing, where
from index.stores.protocol import ChunkScore

TITLE_WEIGHT = 1.0
"""How much more a word counts in the title than in the text."""

MAX_TERMS = 128
"""A longer question is cut: FTS5 refuses expressions that nest too deep, and nobody types one."""

_POSSESSIVE = re.compile(r"['’]s?$", re.IGNORECASE)
_EDGES = re.compile(r"^[^\w]+|[^\w%+]+$")


def match_expression(query: str) -> str:
    """Return the FTS5 expression that any word of `query` satisfies; empty when it holds no word.

    Each word is quoted, so nothing in it is taken as an operator; a word that the tokenizer splits
    ("C5+1", "1,242", "U.S.") is searched as a phrase.

    Example:
        >>> match_expression("Trump's C5+1 AND")
        '"Trump" OR "C5+1" OR "AND"'
    """
    terms: dict[str, str] = {}
    for word in query.split():
        term = _EDGES.sub("", _POSSESSIVE.sub("", _EDGES.sub("", word)))
        if any(character.isalnum() for character in term):
            terms.setdefault(term.casefold(), term.replace("\0", " "))
    return " OR ".join(f'"{_quoted(term)}"' for term in list(terms.values())[:MAX_TERMS])


def search_words(
    database: Database, query: str, k: int, limits: Filter, *, title_weight: float = TITLE_WEIGHT
) -> list[ChunkScore]:
    """Return the k best chunks by BM25, best first; ties by article id, then place in the article."""
    expression = match_expression(query)
    if not expression or k < 1:
        return []
    with database.snapshot():
        scores = _best(database, expression, k, limits, title_weight)
        if not scores:
            return []
        found = [
            ChunkScore(chunk, article, ordinal, start, end, _digits(scores[chunk]))
            for chunk, article, ordinal, start, end in database.rows(
                "SELECT chunks.id, articles.id, chunks.ordinal, chunks.start, chunks.end FROM chunks "
                "JOIN articles ON articles.number = chunks.article "
                "WHERE chunks.id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(scores)),),
            )
        ]
    return sorted(found, key=lambda hit: (-hit.score, hit.article, hit.ordinal))[:k]


def _best(
    database: Database, expression: str, k: int, limits: Filter, title_weight: float
) -> dict[int, float]:
    """Return the chunks that score as high as the k-th best, so that ties at the edge can be settled."""
    condition: str = ""
    values: tuple[str, ...] = ()
    if not limits_nothing(limits):
        limit = where(limits)
        condition = (
            "AND words.rowid IN (SELECT chunks.id FROM chunks "
            f"JOIN articles ON articles.number = chunks.article WHERE {limit.sql})"
        )
        values = limit.values
    wanted = k + 16
    while True:
        rows = database.rows(
            f"SELECT rowid, -bm25(words, ?, 1.0) AS score FROM words WHERE words MATCH ? {condition} "
            "ORDER BY score DESC, rowid LIMIT ?",
            (title_weight, expression, *values, wanted),
        )
        # Scores that differ in the last digits only are ties: adding up in another order moves those.
        if len(rows) < wanted or rows[-1][1] < rows[k - 1][1] * (1 - 1e-8):
            return dict(rows)
        wanted *= 4


def articles_mentioning(database: Database, names: Sequence[str], limits: Filter) -> list[str]:
    """Return the ids of articles whose text holds any of the names as whole words, ordered by id.

    The word index proposes, the text decides: capitals count where the name has them ("May" is not "may"),
    save that a text in capitals matches too; accents do not.
    """
    expression = " OR ".join(f'"{_quoted(name)}"' for name in names if any(map(str.isalnum, name)))
    pattern = _names_pattern(names)
    if not expression or pattern is None:
        return []
    limit = where(limits)
    rows = database.rows(
        "SELECT articles.id, texts.text FROM articles JOIN texts ON texts.article = articles.number "
        f"WHERE {limit.sql} AND articles.number IN (SELECT chunks.article FROM words "
        "JOIN chunks ON chunks.id = words.rowid WHERE words MATCH ?) ORDER BY articles.id",
        (*limit.values, f"body : ({expression})"),
    )
    return [identity for identity, text in rows if pattern.search(_plain(text))]


def _names_pattern(names: Sequence[str]) -> re.Pattern[str] | None:
    forms: set[str] = set()
    for name in names:
        plain = _plain(name).strip()
        if plain:
            form = r"\s+".join(re.escape(word) for word in plain.split())
            forms |= {f"(?i:{form})"} if plain.islower() else {form, f"{_upper(plain)}"}
    if not forms:
        return None
    return re.compile(r"(?<!\w)(?:" + "|".join(sorted(forms)) + r")(?!\w)")


def _upper(name: str) -> str:
    return r"\s+".join(re.escape(word) for word in name.upper().split())


_MAYBE_MARK = re.compile("[\u0300-\u1fff\u20d0-\U0010ffff]")
"""All characters that may be combining marks; dashes and quotation marks are not among them."""


def _plain(text: str) -> str:
    """Return `text` without accents and with straight apostrophes."""
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return _MAYBE_MARK.sub(lambda found: "" if unicodedata.combining(found[0]) else found[0], folded)


def _quoted(term: str) -> str:
    return term.replace('"', '""').replace("\0", " ")


def _digits(score: float) -> float:
    """Round to nine significant digits: the last ones depend on the order in which BM25's terms are added."""
    return float(f"{score:.9g}")
