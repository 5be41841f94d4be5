"""Search by words: a plain word list becomes a safe FTS5 query, ranked by BM25."""

import json
import re
import unicodedata
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.schema import Filter
from index.stores.database import Database
from index.stores.filters import limits_nothing, where
from index.stores.kept import Kept
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


def chunks_holding(database: Database, phrase: str, among: Sequence[int]) -> set[int]:
    """Return which of these chunks hold the words of a phrase in a row, in any of their forms."""
    if not any(map(str.isalnum, phrase)):
        return set()
    rows = database.rows(
        "SELECT rowid FROM words WHERE words MATCH ? AND +rowid IN (SELECT value FROM json_each(?))",
        (f'body : "{_quoted(phrase)}"', json.dumps(list(among))),
    )
    return {row[0] for row in rows}


def _best(
    database: Database, expression: str, k: int, limits: Filter, title_weight: float
) -> dict[int, float]:
    """Return the chunks that score as high as the k-th best, so that ties at the edge can be settled."""
    condition: str = ""
    values: tuple[str, ...] = ()
    if not limits_nothing(limits):
        limit = where(limits)
        # The plus keeps SQLite from looking every chunk that passes up in the word index, one by one.
        condition = (
            "AND +words.rowid IN (SELECT chunks.id FROM chunks "
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


def articles_mentioning(database: Database, names: Sequence[str], limits: Filter, kept: Kept) -> list[str]:
    """Return the ids of articles whose text holds any of the names as whole words, ordered by id.

    The word index proposes, the text decides: capitals count where the name has them ("May" is not "may"),
    save that a text in capitals matches too; accents do not.

    Args:
        database: The library's database.
        names: Any of them will do.
        limits: Which articles count. Without limits, what a name was found in is looked up in `kept`.
        kept: Keeps the articles of a name until the library changes.
    """
    wanted = _without_longer([name for name in names if any(map(str.isalnum, name))])
    if limits_nothing(limits):
        parts = [kept.get(("mentioning", one), partial(_holding, database, [one], limits)) for one in wanted]
        numbers = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
    else:
        numbers = _holding(database, wanted, limits)
    rows = database.rows(
        "SELECT id FROM articles WHERE number IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(numbers.tolist()),),
    )
    return [row[0] for row in rows]


def _holding(database: Database, names: Sequence[str], limits: Filter) -> NDArray[np.int64]:
    """Return the numbers of the articles whose text holds any of the names."""
    expression = " OR ".join(f'"{_quoted(name)}"' for name in names)
    forms = [_Form.of(name) for name in dict.fromkeys(map(str.strip, map(_plain, names))) if name]
    if not forms:
        return np.zeros(0, dtype=np.int64)
    limit = where(limits)
    rows = database.rows(
        "SELECT articles.number, CAST(texts.text AS BLOB) FROM articles "
        f"JOIN texts ON texts.article = articles.number WHERE {limit.sql} "
        "AND articles.number IN (SELECT chunks.article FROM words "
        "JOIN chunks ON chunks.id = words.rowid WHERE words MATCH ?)",
        (*limit.values, f"body : ({expression})"),
    )
    return np.array([number for number, text in rows if _mentions(text, forms)], dtype=np.int64)


def _without_longer(names: Sequence[str]) -> list[str]:
    """Return the names that do not end with another of them: who mentions "Ana Ito" mentions "Ito"."""
    parts = [name.split() for name in dict.fromkeys(names)]
    return [
        " ".join(own)
        for own in parts
        if not any(len(other) < len(own) and own[-len(other) :] == other for other in parts)
    ]


class _Form(NamedTuple):
    """A name as it is looked for: where one of `beginnings` stands, `whole` decides.

    Finding a fixed string is many times faster than matching a pattern at every character, or than decoding.

    Attributes:
        spellings: The name in each spelling; empty where more than the letters decide.
        beginnings: The first word in each spelling.
        whole: Matches the whole name.
        folds_case: Whether capitals do not matter.
        words: The words of the name in lower case.
    """

    spellings: tuple[bytes, ...]
    beginnings: tuple[bytes, ...]
    whole: re.Pattern[str]
    folds_case: bool
    words: frozenset[str]

    @classmethod
    def of(cls, name: str) -> "_Form":
        """Return the form of a name that has no accents and straight apostrophes."""
        spellings = (name,) if name.islower() else tuple(dict.fromkeys((name, name.upper())))
        ways = "|".join(r"\s+".join(map(re.escape, spelling.split())) for spelling in spellings)
        first = sorted({spelling.split()[0].partition("'")[0] for spelling in spellings})
        plain = not name.islower() and name.isascii() and "'" not in name
        return cls(
            tuple(spelling.encode() for spelling in spellings) if plain else (),
            tuple(word.encode("utf-8", "surrogatepass") for word in first),
            re.compile(rf"(?<!\w)(?:{ways})(?!\w)".replace("'", "['’]")),
            name.islower(),
            frozenset(_WORD.findall(name.lower())),
        )

    def stands_in(self, encoded: bytes) -> bool:
        """Return whether a text in UTF-8 holds the name as whole words."""
        if any(_stands_apart(encoded, spelling) for spelling in self.spellings):
            return True
        text = ""
        if self.folds_case:
            encoded = encoded.decode("utf-8", "surrogatepass").lower().encode("utf-8", "surrogatepass")
        for beginning in self.beginnings:
            if beginning not in encoded:
                continue
            text = text or encoded.decode("utf-8", "surrogatepass")
            first = beginning.decode("utf-8", "surrogatepass")
            at = text.find(first)
            while at >= 0:
                if self.whole.match(text, at):
                    return True
                at = text.find(first, at + 1)
        return False


def _stands_apart(encoded: bytes, spelling: bytes) -> bool:
    """Return whether a spelling stands between ASCII marks, dashes or quotation marks: surely whole."""
    at = encoded.find(spelling)
    while at >= 0:
        end = at + len(spelling)
        before = not at or encoded[at - 1] in _MARKS or encoded[max(at - 3, 0) : at - 1] == _PUNCTUATION
        after = end == len(encoded) or encoded[end] in _MARKS or encoded[end : end + 2] == _PUNCTUATION
        if before and after:
            return True
        at = encoded.find(spelling, at + 1)
    return False


def _mentions(encoded: bytes, forms: Sequence[_Form]) -> bool:
    """Return whether a text in UTF-8 holds one of the names as whole words, accents in the text aside."""
    if any(form.stands_in(encoded) for form in forms):
        return True
    if encoded.isascii():
        return False
    accents = np.flatnonzero(_IS_ACCENT[np.frombuffer(encoded, np.uint8)]).tolist()
    if not accents:
        return False
    # Folding a whole text is slow: only one with an accented word of the name is folded.
    near = b" ".join(encoded[max(0, at - _NEAR) : at + _NEAR] for at in accents)
    words = frozenset(_WORD.findall(_plain(near.decode("utf-8", "ignore")).lower()))
    if not any(form.words & words for form in forms):
        return False
    plain = _plain(encoded.decode("utf-8", "surrogatepass")).encode("utf-8", "surrogatepass")
    return any(form.stands_in(plain) for form in forms)


_WORD = re.compile(r"\w+")
_MARKS = frozenset(byte for byte in range(0x80) if not _WORD.match(chr(byte)))
"""The ASCII characters that are part of no word."""
_PUNCTUATION = b"\xe2\x80"
"""How dashes, quotation marks and the like begin in UTF-8, U+2000 to U+203F; none is part of a word."""
_IS_ACCENT = np.array([byte >= 0xC3 and byte != 0xE2 and byte < 0xF5 for byte in range(256)])
"""Whether a byte of UTF-8 begins another character than ASCII, dashes, quotation marks and the like."""
_NEAR = 80
"""Bytes around an accent that hold its word."""
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
