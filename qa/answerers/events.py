"""When an event was: the sentence that tells it best, and the day that it names or that its article has."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.library import Library
from qa.answerers.reading import by_meaning, read_widely, without_copies
from qa.evidence import EvidenceSentence, matching
from qa.occasions import Occasion, occasions_in
from qa.schema import Plan, Question
from qa.settings import AnswerSettings
from qa.wording import content_stems, words

PASSAGES = 12
COMPARED = 5
_HELD = 0.7
"""Share of an event's words that a sentence must hold to tell when it was."""
_ALIKE = 0.4
"""Likeness of meaning from which a sentence tells an event in other words."""
_HISTORY_DAYS, _MONTH_DAYS = 5 * 365, 31


@dataclass(frozen=True, slots=True)
class Dated:
    """A sentence with its day: the one it names beside what was asked, or that of its article."""

    sentence: EvidenceSentence
    first: date | None
    last: date | None
    named: bool

    @property
    def label(self) -> str:
        """The day, the days or the month, for the reader."""
        if self.first is None or self.last is None:
            return "undated"
        return f"{self.first}" if self.first == self.last else f"{self.first} to {self.last}"


def date_sentence(sentence: EvidenceSentence, terms: Sequence[str] = ()) -> Dated:
    """Return a sentence with the day that it names nearest to the terms; else with its article's day."""
    published = sentence.article.published
    found = occasions_in(sentence.text, published)
    if found:
        chosen = _nearest_to(sentence.text, found, terms)
        return Dated(sentence, chosen.first, chosen.last, named=True)
    day = date.fromisoformat(published[:10]) if published else None
    return Dated(sentence, day, day, named=False)


def _nearest_to(text: str, found: Sequence[Occasion], terms: Sequence[str]) -> Occasion:
    places = [
        token.start()
        for token in words(text)
        if terms and matching(terms, frozenset(content_stems(token.group())))
    ]
    days = [one for one in found if one.is_day] or list(found)
    if not places:
        return days[0]
    return min(days, key=lambda one: (min(abs(one.start - place) for place in places), one.start))


def find_event(
    library: Library, question: Question, plan: Plan, settings: AnswerSettings, event: str
) -> Dated | None:
    """Return the sentence that tells best when an event was, with its day; None where none tells of it."""
    terms = content_stems(event)
    asked = replace(plan, terms=terms, names=())
    read = read_widely(library, question, asked, settings, words=event, passages=PASSAGES)
    sentences = by_meaning(library, event, asked, without_copies(read.sentences), COMPARED)
    telling = [one for one in sentences if len(matching(terms, one.stems)) >= _HELD * len(terms)]
    if not telling:
        telling = [
            one
            for one in sentences
            if len(matching(terms, one.stems | one.near)) >= len(terms) and one.covered
        ]
    if not telling:
        telling = [
            one
            for one in sentences
            if one.similarity >= _ALIKE and 2 * len(matching(terms, one.stems)) >= len(terms)
        ]
    if not terms or not telling:
        return None
    best = telling[0].score
    near = [date_sentence(one, terms) for one in telling if one.score >= 0.8 * best]
    near = [one for one in near if not _is_history(one)] or near
    dated = [one for one in near if one.named and one.first == one.last]
    if dated:
        return dated[0]
    whole = [one for one in map(_at_most_a_month, near) if one.first is not None]
    return min(whole, key=lambda one: (not one.named, str(one.first)), default=None)


def _is_history(one: Dated) -> bool:
    """Whether a sentence tells of a day long before its article: of another event of that name."""
    printed = day_printed(one)
    return bool(printed and one.first and (printed - one.first).days > _HISTORY_DAYS)


def _at_most_a_month(one: Dated) -> Dated:
    """Return a sentence that only names a year or so with its article's day: "last year" dates no event."""
    vague = one.first is not None and one.last is not None and (one.last - one.first).days > _MONTH_DAYS
    return replace(one, first=day_printed(one), last=day_printed(one), named=False) if vague else one


def day_printed(one: Dated) -> date | None:
    """Return the day of a sentence's article, None where it is undated."""
    published = one.sentence.article.published
    return date.fromisoformat(published[:10]) if published else None
