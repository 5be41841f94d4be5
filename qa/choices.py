"""Multiple choice: the option that the articles speak for, and the sentence that does. `pick` is pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from index.patterns import regex
from index.schema import Filter, Hit, Scores
from index.stores.protocol import Store
from index.terms import search_terms
from qa.amounts import Amount, amounts_in
from qa.evidence import EvidenceSentence, Weights, gather, is_fresh, matching, weigh
from qa.schema import Plan, Question, Wanted
from qa.wording import content_stems, stem, words

SEARCHED = 12
"""Passages read for the question's words together with all options'."""
_NEAR, _FAR = 0.8, 0.5
"""What a question term counts that stands beside the sentence, or only in its passage or title."""
_IN_PART = 0.6
"""What an option counts of which some words are missing ("Tokayev" for "Kassym-Jomart Tokayev")."""
_AGREEING = 0.3
"""What further articles add, as the mean of the four next best ones."""
_OTHER_TIME = 0.6
"""What an article counts that is not of the ten days up to the question's."""
_ASIDE = regex(r"\s*\([^)]*\)")
_OF_WHERE = regex(r"^(?:[A-Z][\w.]*\s?)+[’']s?\s(?=[A-Z])")
"""Where somebody is of: "Britain's" before "King Charles III"."""
_ALL = regex(r"\b(?:all|both|any|each)\b(?: \w+)? (?:of )?(?:the )?(?:above|these|them|those)\b", re.I)
_NONE = regex(r"\b(?:none|neither) of (?:the )?(?:above|these|them|those)\b", re.I)
_NEGATED = regex(r"\b(?:not|never|except|isn[’']t|wasn[’']t|aren[’']t|weren[’']t|didn[’']t)\b", re.I)
_NO_COUNTS = frozenset(["%", "dollar", "euro", "pound", "yen", "rupee", "money"])
_WORTH_ALL = 0.8
"""Of the best option's score every other one needs so much for "all of the above"."""


@dataclass(frozen=True, slots=True)
class Option:
    """An option as it is looked for: the stems that set it apart from the others, or its amounts.

    `counted` is the stem of the noun that a bare number counts ("years" in "How many years ...").
    """

    text: str
    stems: tuple[str, ...]
    amounts: tuple[Amount, ...] = ()
    counted: str = ""


@dataclass(frozen=True, slots=True)
class Picked:
    """The option picked, the sentence that speaks for it most (None for "none of the above"), its score.

    `lead` (0 to 1) is by how much of its score it is ahead of the next option.
    """

    option: str
    sentence: EvidenceSentence | None
    score: float
    lead: float


def widen(store: Store, question: Question, limits: Filter) -> list[EvidenceSentence]:
    """Return sentences of the passages that hold the words of the question and of its options."""
    sought = search_terms(" ".join((question.text, *question.choices)))
    found = store.search_words(" ".join(sought), SEARCHED, limits)
    hits = [
        Hit(
            rank=rank,
            article=store.card(chunk.article),
            start=chunk.start,
            end=chunk.end,
            text=store.text(chunk.article)[chunk.start : chunk.end],
            scores=Scores(fused=chunk.score),
        )
        for rank, chunk in enumerate(found, start=1)
    ]
    return gather(store, hits)


def pick(question: Question, plan: Plan, sentences: Sequence[EvidenceSentence]) -> Picked | None:
    """Return the option of the question that the sentences speak for, or None where none is spoken of.

    An option's score is that of its best sentence: how much of it stands there, times the weighted share of
    the question's other terms in and around the sentence; sentences of other articles add to it. Where the
    question is negated ("which of these is not ..."), the option least spoken for is picked.
    """
    counted = stem(plan.head) if plan.wanted is Wanted.NUMBER and plan.head else ""
    options = read_options([text for text in question.choices if not _is_sweeping(text)], counted)
    weights = weigh(plan.terms, plan.names, sentences)
    rated = [_rate(option, weights, sentences, question.asked_on) for option in options]
    best = max((score for score, _ in rated), default=0.0)
    if sweeping := _sweeping(question.choices, [score for score, _ in rated], best):
        carrier = max(rated, key=lambda one: one[0])[1] if rated else None
        return Picked(sweeping, carrier if best else None, best, 0.0)
    if best <= 0.0:
        return None
    negated = bool(_NEGATED.search(question.text))
    order = sorted(range(len(options)), key=lambda at: rated[at][0], reverse=not negated)
    score, carrier = rated[order[0]]
    if not negated and len(order) > 1 and rated[order[1]][0] == score:
        return None
    following = rated[order[1]][0] if len(order) > 1 else 0.0
    lead = abs(score - following) / max(score, following, 1e-9)
    return Picked(options[order[0]].text, carrier, score, lead)


def read_options(texts: Sequence[str], counted: str = "") -> list[Option]:
    """Read the options: what stands in brackets and what they have in common is left out.

    Example: "Delta Air Lines", "United Airlines" and "Southwest Airlines" -> "delta" and "air" and "line";
    "unit"; "southwest".
    """
    read = [_terms_of(text) for text in texts]
    options = []
    for at, text in enumerate(texts):
        others = frozenset().union(*(read[other] for other in range(len(texts)) if other != at))
        own = tuple(term for term in read[at] if term not in others) or read[at]
        options.append(Option(text, own, amounts_in(text), counted))
    return options


def _terms_of(text: str) -> tuple[str, ...]:
    plain = _OF_WHERE.sub("", _ASIDE.sub("", text)) or text
    return content_stems(plain) or tuple(dict.fromkeys(stem(found.group()) for found in words(plain)))


def _is_sweeping(text: str) -> bool:
    return bool(_ALL.search(text) or _NONE.search(text))


def _sweeping(choices: Sequence[str], scores: Sequence[float], best: float) -> str | None:
    """Return "all of the above" or "none of them", where there is such an option and it holds."""
    everything = next((text for text in choices if _ALL.search(text)), None)
    nothing = next((text for text in choices if _NONE.search(text)), None)
    if everything and best > 0 and min(scores) >= _WORTH_ALL * best:
        return everything
    return nothing if nothing and best == 0 else None


def _rate(
    option: Option, weights: Weights, sentences: Sequence[EvidenceSentence], asked_on: date | None
) -> tuple[float, EvidenceSentence | None]:
    """Return the option's score and the sentence that speaks for it most."""
    asked = Weights({term: weight for term, weight in weights.terms.items() if term not in option.stems})
    best: dict[str, tuple[float, EvidenceSentence]] = {}
    for sentence in sentences:
        held = _held(option, sentence)
        if not held:
            continue
        score = held * _coverage(asked, sentence) * _timeliness(sentence, asked_on)
        source = sentence.article.group or sentence.article.id
        if source not in best or score > best[source][0]:
            best[source] = (score, sentence)
    ranked = sorted(best.values(), key=lambda one: -one[0])
    if not ranked:
        return 0.0, None
    further = sum(score for score, _ in ranked[1:5]) / 4
    return ranked[0][0] + _AGREEING * further, ranked[0][1]


def _held(option: Option, sentence: EvidenceSentence) -> float:
    """Return 0 to 1: how much of the option stands in the sentence."""
    if option.amounts:
        return float(all(_has_amount(one, option.counted, sentence.text) for one in option.amounts))
    held = sum(term in sentence.stems for term in option.stems) / max(len(option.stems), 1)
    return 1.0 if held == 1.0 else _IN_PART * held if held >= 0.5 else 0.0


def _has_amount(wanted: Amount, counted: str, text: str) -> bool:
    """Whether a text holds an amount of the same value and of a unit that fits."""
    return any(
        found.value == wanted.value and _fits(found.unit, wanted.unit, counted) for found in _amounts_of(text)
    )


def _fits(unit: str, wanted: str, counted: str) -> bool:
    """Whether a unit is the option's; a bare number is never of money or a share where things are counted."""
    return unit == wanted if wanted else not (counted and unit in _NO_COUNTS)


@lru_cache(maxsize=2_000)
def _amounts_of(text: str) -> tuple[Amount, ...]:
    return amounts_in(text)


def _coverage(asked: Weights, sentence: EvidenceSentence) -> float:
    here = matching(asked.terms, sentence.stems)
    near = matching(asked.terms, sentence.near) - here
    far = matching(asked.terms, sentence.far) - here - near
    return asked.share(here) + _NEAR * asked.share(near) + _FAR * asked.share(far)


def _timeliness(sentence: EvidenceSentence, asked_on: date | None) -> float:
    return 1.0 if asked_on is None or is_fresh(sentence.article.published, asked_on) else _OTHER_TIME
