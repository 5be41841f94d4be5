"""How well statements fit what a question says they are about ("... over the ferry contract").

A word of the question counts most in the statement itself, less beside it, less again in the headline, the
date or the rest of the article.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from unicodedata import combining, normalize

from index.schema import ArticleCard, LedgerEntry, Span
from index.stores.protocol import Store
from qa.evidence import date_words, is_derived
from qa.wording import WORD, stem

BESIDE = 600
"""Characters before and after a statement that count as beside it."""
_LEAD = 700
_BESIDE, _LEADING, _ELSEWHERE = 0.8, 0.6, 0.35
"""What a word counts beside the statement, in headline, lead or date, and elsewhere in the article."""
_FEW = 2
_LONGEST_ENDING = 12
"""Letters by which a word may be longer than its stem."""


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the words of a topic stand in one article.

    Attributes:
        offsets: All places of each term.
        between: Those outside of the rated statements: a word that only stands in one statement is what
            that one is about, and says nothing about the statement beside it.
        headline: The terms of the headline, outlet and date.
    """

    offsets: Mapping[str, tuple[int, ...]]
    between: Mapping[str, tuple[int, ...]]
    headline: frozenset[str]


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a statement fits a topic, from 0 to 1, and whether its article holds enough of the topic.

    Where it does not, the words may only be others ("showing" for "performance"), or speak of something else.
    """

    share: float
    told: bool


def rate_topic(store: Store, terms: Sequence[str], entries: Sequence[LedgerEntry]) -> list[Fit]:
    """Return how well each entry fits the terms; fully for every entry when there are no terms.

    Terms that few of the articles hold weigh more. Of two terms both must stand in the article, of more
    terms half.
    """
    if not terms:
        return [Fit(1.0, True)] * len(entries)
    cards = {entry.article.id: entry.article for entry in entries}
    spans: dict[str, list[Span]] = {}
    for entry in entries:
        spans.setdefault(entry.article.id, []).append(Span(entry.statement.start, entry.statement.end))
    places = {identity: _find(store, card, terms, spans[identity]) for identity, card in cards.items()}
    weights = _weights(terms, list(places.values()))
    total = sum(weights.values()) or 1.0
    needed = len(terms) if len(terms) <= _FEW else math.ceil(len(terms) / 2)
    fits = []
    for entry in entries:
        near = {term: _nearness(places[entry.article.id], term, entry) for term in terms}
        share = sum(weights[term] * near[term] for term in terms) / total
        fits.append(Fit(share, sum(value > 0 for value in near.values()) >= needed))
    return fits


def _weights(terms: Sequence[str], places: Sequence[_Places]) -> dict[str, float]:
    held = {term: sum(bool(one.offsets[term]) or term in one.headline for one in places) for term in terms}
    return {term: math.log(1 + (len(places) + 1) / (1 + held[term])) for term in terms}


def _nearness(places: _Places, term: str, entry: LedgerEntry) -> float:
    start, end = entry.statement.start, entry.statement.end
    offsets = places.offsets[term]
    if any(start <= place < end for place in offsets):
        return 1.0
    if any(start - BESIDE <= place < end + BESIDE for place in places.between[term]):
        return _BESIDE
    if term in places.headline or any(place < _LEAD for place in places.between[term]):
        return _LEADING
    return _ELSEWHERE if offsets else 0.0


def _find(store: Store, card: ArticleCard, terms: Sequence[str], spans: Sequence[Span]) -> _Places:
    text = _folded(store.text(card.id))
    headline = _folded(f"{card.title} {card.outlet or ''} {date_words(card.published)}")
    offsets = {term: tuple(_offsets(text, term)) for term in terms}
    return _Places(
        offsets,
        {
            term: tuple(place for place in found if not any(one.start <= place < one.end for one in spans))
            for term, found in offsets.items()
        },
        frozenset(term for term in terms if any(True for _ in _offsets(headline, term))),
    )


def _offsets(folded: str, term: str) -> Iterator[int]:
    """Yield where words of a term begin; only words with its first letters are looked at."""
    head = term[: max(len(term) - 1, min(len(term), 4))]
    place = folded.find(head)
    while place >= 0:
        if place == 0 or not folded[place - 1].isalnum():
            word = WORD.match(folded, place)
            if word and len(word.group()) <= len(term) + _LONGEST_ENDING and _is_word_of(word.group(), term):
                yield place
        place = folded.find(head, place + len(head))


@cache
def _is_word_of(word: str, term: str) -> bool:
    found = stem(word)
    return found == term or is_derived(found, term)


def _folded(text: str) -> str:
    """Return the text lower-cased and without accents, character for character."""
    return text.translate(_plain_letters())


@cache
def _plain_letters() -> dict[int, str]:
    letters = {}
    for code in range(0x41, 0x250):
        plain = "".join(mark for mark in normalize("NFKD", chr(code)) if not combining(mark)).lower()
        if len(plain) == 1 and plain != chr(code):
            letters[code] = plain
    return letters
