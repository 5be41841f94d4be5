"""Whether the words that come closest speak of what the question asks, or only of something like it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from index.aliases import Aliases
from index.patterns import regex
from index.stores.protocol import Store
from qa.answerers.draft import Draft
from qa.evidence import matching, stems_of
from qa.names_needed import bare_name, is_taken_for_granted
from qa.schema import Kind, Plan, Question
from qa.verify.check import naming_of
from qa.verify.figures import figures, unborne_figures
from qa.verify.grounds import Ground, read_ground
from qa.verify.moments import known_moments, placed_moments, unborne_moments
from qa.verify.naming import Named, Naming, missing_name, names_of
from qa.verify.reversal import polarity, turned_negation, turned_opposite
from qa.wording import STOP_WORDS, stem, words

_PREFIX = regex(r"^(?:non|un|in|im|ir|il|dis)-?(?=[a-z]{4})")
_PREFIXES = ("non", "non-", "un", "in", "im", "ir", "il", "dis")
_NO_CONTRARY = regex(
    r"im(?:migra|port|press|prov|part(?!ia)|pos|plant)"
    r"|in(?:form(?!al)|come|side|vest|ten[dst]|vent|habit|land|sect|clin|struct|dict|spir|duc|hale|fer|sist|jury"
    r"|flat|stall|cent|still|creas)"
    r"|dis(?:cover|count|play|patch|charg|solv|cours|miss|cuss|tribut)"
    r"|un(?:less|til|ion|iform|ique)"
)
"""Words that only look as if turned into their contrary: immigrant, migrant."""
_WANTED = regex(r"\bone\b|(?<=\bwhat are )(?:two|three|four|five)\b|(?<=\bname )(?:two|three|four)\b", re.I)
"""Numbers that say how many answers are wanted."""
_OFTEN = 4
"""Sentences of an article that name somebody, from which on it is about them."""
_ENDINGS = ("", "s", "d", "ed", "ing", "ly")
_WISHED = regex(
    r"\b(?:want|wish|hope|plan|seek|sought|demand|call(?:s|ed|ing)? for|threat|try|tries|tried|attempt|urg"
    r"|propos|could|may|might|should|likely|expect)",
    re.I,
)
"""What a question only wishes or expects is not denied by a sentence in which it has not happened."""
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
    if denied and (asked.negated or not _WISHED.search(question)):
        yield denied
    opposite = turned_opposite(asked, held)
    if opposite:
        yield opposite[0]
    yield from _flipped(question, sentence)


def _flipped(question: str, sentence: str) -> Iterator[str]:
    """Yield words of the question that the sentence has with or without "un-", "non-" and the like."""
    held = {found.group().lower() for found in words(sentence)}
    stems = stems_of(sentence)
    for found in words(question):
        word = found.group().lower()
        if word in STOP_WORDS or matching((stem(word),), stems):
            continue
        bare = _PREFIX.match(word)
        without = bare is not None and not _NO_CONTRARY.match(word) and _has_form(word[bare.end() :], held)
        longer = (prefix + word for prefix in _PREFIXES)
        if without or any(_has_form(one, held) for one in longer if not _NO_CONTRARY.match(one)):
            yield found.group()


def _has_form(word: str, held: set[str]) -> bool:
    """Whether the words hold one, or it with an ending more or less."""
    return any(
        word + ending in held or (ending and word.endswith(ending) and word[: -len(ending)] in held)
        for ending in _ENDINGS
    )


def _lost(question: str, ground: Ground) -> Iterator[str]:
    held = naming_of((ground,), _NO_ALIASES)
    for named in names_of(question):
        needed = replace(named, text=bare_name(named.text))
        if not named.sure or is_taken_for_granted(named.text) or not missing_name(needed, held, frozenset()):
            continue
        if not _is_subject(needed, ground):
            yield named.text
    places = placed_moments(question)
    known = known_moments(ground.window, ground.citation.article.published)
    for moment in unborne_moments([one for _, _, one in places], known):
        yield moment.text
    bare = question
    for start, end, _ in places:
        bare = bare[:start] + "," * (end - start) + bare[end:]
    bare = _WANTED.sub(",", bare)
    for figure in unborne_figures(figures(bare), figures(ground.window)):
        yield figure.text


def _is_subject(named: Named, ground: Ground) -> bool:
    """Whether the article speaks of a name so often that its other sentences need not repeat it."""
    holding = (one for one in ground.sentences if not missing_name(named, Naming((one,)), frozenset()))
    return sum(1 for _ in islice(holding, _OFTEN)) == _OFTEN
