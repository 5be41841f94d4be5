"""Whether the words that come closest speak of what the question asks, or only of something like it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from index.aliases import Aliases
from index.stores.protocol import Store
from qa.answerers.draft import Draft
from qa.evidence import matching, stems_of
from qa.schema import Kind, Plan, Question
from qa.verify.check import naming_of
from qa.verify.figures import figures, unborne_figures
from qa.verify.grounds import Ground, read_ground
from qa.verify.moments import known_moments, placed_moments, unborne_moments
from qa.verify.naming import missing_name, names_of
from qa.verify.reversal import polarity, turned_negation, turned_opposite
from qa.wording import STOP_WORDS, stem, words

_PREFIX = re.compile(r"^(?:non|un|in|im|ir|il|dis)-?(?=[a-z]{4})")
_PREFIXES = ("non", "non-", "un", "in", "im", "ir", "il", "dis")
_NO_ALIASES = Aliases()


@dataclass(frozen=True, slots=True)
class Misfit:
    """Where a question and the words that come closest part.

    Attributes:
        turned: Words of the question that the sentence denies or has the opposite of.
        lost: Names, dates and numbers of the question that neither the sentence nor its neighbours hold.
    """

    turned: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def with_fit(store: Store, question: Question, plan: Plan, draft: Draft) -> Draft:
    """Note in a draft's signals where its first sentence parts from the question; questions of fact only."""
    if plan.kind is not Kind.FACT or question.choices or draft.signals.exhaustive or not draft.shown:
        return draft
    found = misfit(question.text, read_ground(store, draft.shown[0]))
    return replace(draft, signals=replace(draft.signals, turned=found.turned, lost=found.lost))


def misfit(question: str, ground: Ground) -> Misfit:
    """Compare a question with the words that come closest to it."""
    return Misfit(tuple(dict.fromkeys(_turned(question, ground.cited))), tuple(_lost(question, ground)))


def _turned(question: str, sentence: str) -> Iterator[str]:
    asked, held = polarity(question), polarity(sentence)
    denied = turned_negation(asked, held)
    if denied:
        yield denied
    opposite = turned_opposite(asked, held)
    if opposite:
        yield opposite[0]
    yield from _flipped(question, sentence)


def _flipped(question: str, sentence: str) -> Iterator[str]:
    """Yield words of the question that the sentence has with or without "un-", "non-" and the like."""
    stems = stems_of(sentence)
    for found in words(question):
        word = found.group().lower()
        if word in STOP_WORDS or matching((stem(word),), stems):
            continue
        bare = _PREFIX.match(word)
        without = {stem(word[bare.end() :])} if bare else set()
        if stems & {*without, *(stem(prefix + word) for prefix in _PREFIXES)}:
            yield found.group()


def _lost(question: str, ground: Ground) -> Iterator[str]:
    held = naming_of((ground,), _NO_ALIASES)
    for named in names_of(question):
        if named.sure and missing_name(named, held, frozenset()):
            yield named.text
    places = placed_moments(question)
    known = known_moments(ground.window, ground.citation.article.published)
    for moment in unborne_moments([one for _, _, one in places], known):
        yield moment.text
    bare = question
    for start, end, _ in places:
        bare = bare[:start] + "," * (end - start) + bare[end:]
    for figure in unborne_figures(figures(bare), figures(ground.window)):
        yield figure.text
