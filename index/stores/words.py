"""Search by words: chunks ranked by BM25, and articles that mention a name."""

import json
import re
import unicodedata
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.patterns import regex
from index.schema import Filter
from index.stores.database import Database, translated
from index.stores.filters import limits_nothing, where
from index.stores.found import Scored
from index.stores.kept import Kept
from index.stores.postings import Phrase
from index.stores.protocol import WordStatistics
from index.stores.vocabulary import PhraseReader
from index.stores.words_cache import WordCache

MAX_TERMS = 128
"""A longer question is cut; nobody types one."""

_POSSESSIVE = re.compile(r"['’]s?$", re.IGNORECASE)
_EDGES = re.compile(r"^[^\w]+|[^\w%+]+$")


def query_words(query: str) -> list[str]:
    """Return the words of a query that are searched, in order, each once, without the marks around them.

    Nothing in them is an operator. A word that the tokenizer splits ("C5+1", "1,242", "U.S.") is searched as
    a phrase.

    Example:
        >>> query_words("Trump's C5+1 AND")
        ['Trump', 'C5+1', 'AND']
    """
    terms: dict[str, str] = {}
    for word in query.split():
        term = _EDGES.sub("", _POSSESSIVE.sub("", _EDGES.sub("", word)))
        if any(character.isalnum() for character in term):
            terms.setdefault(term.casefold(), term.replace("\0", " "))
    return list(terms.values())[:MAX_TERMS]


def query_phrases(reader: PhraseReader, query: str) -> list[Phrase]:
    """Return the words of a query as the word index has them; one that falls apart is a phrase of several."""
    return [phrase for phrase in reader.phrases(query_words(query)) if phrase]


class WordSearch:
    """Finds chunks by their words.

    Args:
        database: The library's database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.cache = WordCache(database)
        self._reader = PhraseReader()

    def statistics(self, query: str) -> WordStatistics:
        """Return what BM25 asks of the library for a query."""
        return self._counted(self._phrases(query))

    def held(self, phrases: Sequence[Phrase]) -> tuple[int, ...]:
        """Return how many chunks hold each of these phrases."""
        return self._counted(phrases).holding

    def _counted(self, phrases: Sequence[Phrase]) -> WordStatistics:
        with self._database.snapshot():
            table = self.cache.table()
            return table.statistics([table.holding(phrase) for phrase in phrases])

    def search(
        self,
        queries: Sequence[str],
        k: int,
        allowed: NDArray[np.int64] | None,
        statistics: Sequence[WordStatistics] | None = None,
    ) -> list[Scored]:
        """Return for each query the chunks that score as high as the k-th best, or higher, with their BM25.

        Call it in a snapshot of the library.

        Args:
            queries: Plain words, any of which may match.
            k: How many are wanted, 1 or more; all ties at the edge come on top.
            allowed: The chunk numbers to search among, ascending; None for all.
            statistics: For each query those of a larger collection that this library is part of; its own
                without them.
        """
        # Reading all at once takes little longer than reading a word.
        self._reader.phrases([word for query in queries for word in query_words(query)])
        phrases = [self._phrases(query) for query in queries]
        table = self.cache.table()
        masks = table.masks(allowed)
        held = {phrase: table.holding(phrase) for own in phrases for phrase in own}
        found = []
        for number, own in enumerate(phrases):
            parts = [held[phrase] for phrase in own]
            known = statistics[number] if statistics else table.statistics(parts)
            chunks, scores = table.search(parts, k, masks, known)
            found.append(Scored(chunks, _digits(scores)))
        return found

    def holding(self, phrases: Sequence[str], among: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which chunks hold the words of each phrase in a row, in any of their forms.

        Call it in a snapshot of the library.

        Args:
            phrases: Texts of several words.
            among: The chunks asked for, ascending, shape (n,).

        Returns:
            Shape (phrases, n).
        """
        read = self._reader.phrases(phrases)
        if not any(read) or not len(among):
            return np.zeros((len(phrases), len(among)), bool)
        return self.cache.table().among(read, among)

    def _phrases(self, query: str) -> list[Phrase]:
        return query_phrases(self._reader, query)


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
    with translated(database.folder):
        rows = database.read().execute(
            "SELECT articles.number, CAST(texts.text AS BLOB) FROM articles "
            f"JOIN texts ON texts.article = articles.number WHERE {limit.sql} "
            "AND articles.number IN (SELECT chunks.article FROM words "
            "JOIN chunks ON chunks.id = words.rowid WHERE words MATCH ?)",
            (*limit.values, f"body : ({expression})"),
        )
        # One text at a time: those that hold a common name are a large part of a library.
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
        if self.folds_case:
            encoded = encoded.decode("utf-8", "surrogatepass").lower().encode("utf-8", "surrogatepass")
        begun = [beginning for beginning in self.beginnings if beginning in encoded]
        if not begun:
            return False
        if any(_stands_apart(encoded, spelling) for spelling in self.spellings):
            return True
        text = encoded.decode("utf-8", "surrogatepass")
        for beginning in begun:
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
    if encoded.isascii() or not encoded.translate(None, _NO_ACCENTS):
        return False
    accents = np.flatnonzero(_IS_ACCENT[np.frombuffer(encoded, np.uint8)]).tolist()
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
_NO_ACCENTS = bytes(np.flatnonzero(~_IS_ACCENT).tolist())
"""All other bytes."""
_NEAR = 80
"""Bytes around an accent that hold its word."""
_MAYBE_MARK = regex("[\u0300-\u1fff\u20d0-\U0010ffff]")
"""All characters that may be combining marks; dashes and quotation marks are not among them."""


def _plain(text: str) -> str:
    """Return `text` without accents and with straight apostrophes."""
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return _MAYBE_MARK.sub(lambda found: "" if unicodedata.combining(found[0]) else found[0], folded)


def _quoted(term: str) -> str:
    return term.replace('"', '""').replace("\0", " ")


def _digits(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round to nine significant digits: the last ones depend on the order in which BM25's terms are added."""
    units = 10.0 ** (8 - np.floor(np.log10(scores)))
    rounded: NDArray[np.float64] = np.round(scores * units) / units
    return rounded
