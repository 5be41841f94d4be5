"""Sentences that may carry the answer, and how well each fits the question.

`gather` reads them from the library; the rest is pure.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from index.patterns import regex
from index.schema import ArticleCard, Hit, Mention, Sentence
from index.stores.protocol import Store
from qa.names import MONTHS
from qa.schema import Citation
from qa.wording import NUMBER, STOP_WORDS, WORD, stem, words

_PREFIX = 5
"""Stems that share this many first letters count as the same word: Kazakh and Kazakhstan."""


_SHORTEST = 4
_NOUN_ENDINGS = frozenset("ement ment er or ion ation al ance ing".split())
"""Endings by which shorter stems too make another word: agre(e) and agreement."""
_YEAR = regex(r"(?:1[5-9]|20)\d\d")
_OTHER_YEAR = 0.8
_NEAR = 0.7
_FAR = 0.5
"""What a term counts that stands beside the sentence, or only in its passage or title."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each question term counts: its rarity among the sentences read, doubled for names."""

    terms: Mapping[str, float]

    @property
    def total(self) -> float:
        """Sum of all weights, never 0."""
        return sum(self.terms.values()) or 1.0

    def share(self, matched: Iterable[str]) -> float:
        """Return the weighted share (0 to 1) of the question's terms that `matched` holds."""
        return sum(self.terms.get(term, 0.0) for term in matched) / self.total


@dataclass(frozen=True, slots=True)
class EvidenceSentence:
    """A sentence with its neighbourhood and its fit to the question.

    Attributes:
        around: The sentence before and the one after (empty at the ends of the article).
        mentions: Names, dates and amounts within the sentence.
        stems: Stems of the sentence's words; `near` those of `around`; `far` those of the whole passage, of
            the article's title and of its outlet.
        retrieval: Score of the passage it stands in, scaled so that the best passage has 1.
        covered: Weighted share of the question's terms in the sentence; `covered_near` with `near` and
            `far` counted at a discount.
        similarity: Cosine of sentence and question, 0 when it was not computed.
        score: The fit by which sentences are ranked.
    """

    article: ArticleCard
    start: int
    end: int
    text: str
    around: tuple[str, str]
    mentions: tuple[Mention, ...]
    stems: frozenset[str]
    near: frozenset[str]
    far: frozenset[str]
    retrieval: float
    covered: float = 0.0
    covered_near: float = 0.0
    similarity: float = 0.0
    score: float = 0.0

    def citation(self) -> Citation:
        """Return the sentence as a citation."""
        return Citation(self.article, self.start, self.end, self.text)


def gather(store: Store, hits: Sequence[Hit]) -> list[EvidenceSentence]:
    """Read the sentences of the passages that search found, each once, in the order of the passages."""
    store.read_ahead([hit.article.id for hit in hits])
    best = max((hit.scores.fused for hit in hits), default=1.0) or 1.0
    found: dict[tuple[str, int], EvidenceSentence] = {}
    for hit in hits:
        for sentence in _read_passage(store, hit, hit.scores.fused / best):
            found.setdefault((hit.article.id, sentence.start), sentence)
    return list(found.values())


def _read_passage(store: Store, hit: Hit, retrieval: float) -> Iterator[EvidenceSentence]:
    """Yield the sentences that a passage holds or touches, in order."""
    card = hit.article
    far = stems_of(f"{hit.text} {card.title} {card.outlet or ''} {date_words(card.published)}")
    text, sentences = store.text(card.id), store.sentences(card.id)
    touched = [place for place, one in enumerate(sentences) if one.end > hit.start and one.start < hit.end]
    start = min((sentences[place].start for place in touched), default=0)
    end = max((sentences[place].end for place in touched), default=0)
    mentions = store.mentions_between(card.id, start, end) if touched else ()
    for place in touched:
        sentence = sentences[place]
        before, after = sentences[max(place - 1, 0) : place], sentences[place + 1 : place + 2]
        around = (_words_of(text, before), _words_of(text, after))
        words_here = text[sentence.start : sentence.end]
        yield EvidenceSentence(
            article=card,
            start=sentence.start,
            end=sentence.end,
            text=words_here,
            around=around,
            mentions=tuple(
                one for one in mentions if one.start >= sentence.start and one.end <= sentence.end
            ),
            stems=stems_of(words_here),
            near=stems_of(around[0]) | stems_of(around[1]),
            far=far,
            retrieval=retrieval,
        )


def _words_of(text: str, sentences: Sequence[Sentence]) -> str:
    """Return the words of the one sentence, empty without one."""
    return text[sentences[0].start : sentences[0].end] if sentences else ""


def date_words(published: str | None) -> str:
    """Return an ISO date as a question would name it: "2015-11-11" -> "November 2015"."""
    return f"{MONTHS[int(published[5:7]) - 1]} {published[:4]}" if published else ""


@lru_cache(maxsize=1024)
def stems_of(text: str) -> frozenset[str]:
    """Return the stems of all words of the text. Kept: a sentence is its neighbours' neighbour too."""
    return frozenset(map(stem, frozenset(WORD.findall(text))))


def matching(terms: Iterable[str], stems: frozenset[str]) -> frozenset[str]:
    """Return the question terms that stand among the stems, allowing for derived words.

    Example: terms {"kazakhstan", "tariff"}, stems {"kazakh", "leader"} -> {"kazakhstan"}.
    """
    return _matching(tuple(terms), stems)


@lru_cache(maxsize=4096)
def _matching(terms: tuple[str, ...], stems: frozenset[str]) -> frozenset[str]:
    beginnings = {term[:_SHORTEST] for term in terms if len(term) >= _SHORTEST and term not in stems}
    alike = [one for one in stems if one[:_SHORTEST] in beginnings] if beginnings else []
    return frozenset(
        term for term in terms if term in stems or any(is_derived(other, term) for other in alike)
    )


def is_derived(stem_of_one: str, stem_of_other: str) -> bool:
    """Whether two stems belong to words of one family: "kazakh" and "kazakhstan", "agre" and "agreement"."""
    if stem_of_one[:_SHORTEST] != stem_of_other[:_SHORTEST]:
        return False
    return _same_word(*sorted((stem_of_one, stem_of_other), key=len))


def _same_word(short: str, long: str) -> bool:
    if not long.startswith(short) or len(short) < _SHORTEST:
        return False
    return len(short) >= _PREFIX or long[len(short) :] in _NOUN_ENDINGS


def weigh(terms: Sequence[str], names: Sequence[str], sentences: Sequence[EvidenceSentence]) -> Weights:
    """Weigh question terms: log(1 + n / (1 + df)) over the n sentences read, names and numbers doubled."""
    counts: Counter[str] = Counter()
    for sentence in sentences:
        counts.update(matching(terms, sentence.stems))
    named = {stem(found.group()) for name in names for found in words(name)}
    size = max(len(sentences), 1)
    return Weights(
        {
            term: math.log(1 + size / (1 + counts[term]))
            * (2.0 if term in named or NUMBER.search(term) else 1.0)
            for term in terms
        }
    )


_FRESH_DAYS = 10
_OTHER_TIME = 0.8
"""What a sentence counts whose article is not of the ten days up to the question's."""


def is_fresh(published: str | None, asked_on: date) -> bool:
    """Whether an article is of the ten days up to the day of a question, or of the day after."""
    return published is not None and -1 <= (asked_on - date.fromisoformat(published[:10])).days <= _FRESH_DAYS


def rate(
    sentences: Sequence[EvidenceSentence],
    weights: Weights,
    similarities: Mapping[int, float] | None = None,
    *,
    asked_on: date | None = None,
) -> list[EvidenceSentence]:
    """Score sentences and sort them best first; ties by article and place.

    score = .35 covered + .25 covered_near + .25 similarity + .15 retrieval, each in 0..1; a fifth less where
    the question names a year that stands neither in the sentence nor beside it, and a fifth less where
    other articles are of the ten days up to `asked_on` and the sentence's is not.

    Args:
        sentences: What `gather` found.
        weights: Weights of the question's terms.
        similarities: Cosine to the question by position in `sentences`; missing ones count 0.
        asked_on: The day the question is asked; None rates articles of all days alike.
    """
    rated = []
    fresh = {one.article.id for one in sentences if asked_on and is_fresh(one.article.published, asked_on)}
    years = {term for term in weights.terms if _YEAR.fullmatch(term)}
    for position, sentence in enumerate(sentences):
        here = matching(weights.terms, sentence.stems)
        near = matching(weights.terms, sentence.near) - here
        far = matching(weights.terms, sentence.far) - here - near
        covered = weights.share(here)
        covered_near = covered + _NEAR * weights.share(near) + _FAR * weights.share(far)
        similarity = max((similarities or {}).get(position, 0.0), 0.0)
        score = 0.35 * covered + 0.25 * covered_near + 0.25 * similarity + 0.15 * sentence.retrieval
        if years - here - near:
            score *= _OTHER_YEAR
        if fresh and sentence.article.id not in fresh:
            score *= _OTHER_TIME
        rated.append(
            replace(sentence, covered=covered, covered_near=covered_near, similarity=similarity, score=score)
        )
    return sorted(rated, key=lambda sentence: (-sentence.score, sentence.article.id, sentence.start))


def missing_names(names: Sequence[str], texts: Sequence[str]) -> tuple[str, ...]:
    """Return the question's names that no text holds, not even by their most telling word.

    A person's last name is enough ("Tokayev" for "Kassym-Jomart Tokayev"); of other names half of the
    words must stand somewhere, so that "Nobel Peace Prize" is not found by "peace".
    """
    stems = frozenset().union(*(stems_of(text) for text in texts)) if texts else frozenset()
    absent = []
    for name in names:
        parts = [stem(found.group()) for found in words(name) if found.group().lower() not in STOP_WORDS]
        held = matching(parts, stems)
        if (parts and parts[-1] not in held and 2 * len(held) <= len(parts)) or (
            parts and len(parts) > 1 and 2 * len(held) < len(parts)
        ):
            absent.append(name)
    return tuple(absent)
