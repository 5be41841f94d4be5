"""Sources that give different answers to one question: each version with its outlet and date. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.patterns import regex
from qa.amounts import Amount, amounts_in, same_amount
from qa.answerers.draft import Draft
from qa.evidence import EvidenceSentence, matching
from qa.gaps import verb_root
from qa.schema import Group, Plan, Side, Wanted
from qa.short_answers import ShortAnswer
from qa.spans import date_parts
from qa.wording import STOP_WORDS, stem, words

VERSIONS = 4
SENTENCES = 2
"""Most versions shown, and sentences of each."""
_AMOUNTS = (Wanted.NUMBER, Wanted.MONEY, Wanted.PERCENT, Wanted.MEASURE)
_NAMED = (Wanted.PERSON, Wanted.ORGANISATION, Wanted.PLACE, Wanted.NAME)
_RIVAL = 0.6
"""Of the best answer's score another needs so much to be another version of it."""
_COVERED = {Wanted.DATE: 0.75}
_COVERED_ELSE = 0.6
"""Share of the question's terms that the sentence itself must hold."""
_SHARE_OF_BEST = 0.85
_TWINS = 0.7
"""Share of words that two sentences have in common, their answers left out, when one is a version of the
other."""
_BESIDE = 3
"""Words between a name and the question's verb."""
_DISPUTE = regex(
    r"\b(?:disput|contest|denie[sd]|den(?:y|ies)|reject|contradict|put(?:s|ting)? (?:it|the)|claim|estimat"
    r"|according to|whereas|while|revis|correct|not as many|instead of)\w*",
    re.I,
)
_MANY_RIGHT = regex(r"\b(?:any|some|other|another|one) of\b|\b(?:first|second|third|each|every)\b", re.I)


@dataclass(frozen=True, slots=True)
class Version:
    """One of several answers that articles give to the same question, with the sentences that give it."""

    answer: ShortAnswer
    sentences: tuple[EvidenceSentence, ...]

    @property
    def newest(self) -> str:
        """The latest day of an article that gives it (ISO), "" where none is dated."""
        return max((one.article.published or "" for one in self.sentences), default="")[:10]


def find_versions(
    plan: Plan, answers: Sequence[ShortAnswer], sentences: Sequence[EvidenceSentence]
) -> tuple[Version, ...]:
    """Return the different answers that sentences give to one question, the best first; () where they agree.

    Two answers are versions of one thing when both sentences hold the question's words and tell the same of
    it: an amount of the same unit, a day of the same event, a name on the same side of the same verb; or when
    the sentences are the same but for the answer. Within one article only where it says that they differ.

    Args:
        plan: What was asked; lists have no versions.
        answers: Candidate answers, best first, one for each distinct answer.
        sentences: The sentences that were read, best first.
    """
    if not answers or plan.many or plan.wanted not in (*_AMOUNTS, *_NAMED, Wanted.DATE):
        return ()
    best = answers[0]
    versions = [_version(best, sentences)]
    for other in answers[1:]:
        if len(versions) == VERSIONS:
            break
        if all(_contradicts(plan, one.answer, other) for one in versions):
            versions.append(_version(other, sentences))
    return tuple(versions) if len(versions) > 1 else ()


def with_versions(
    draft: Draft, plan: Plan, answers: Sequence[ShortAnswer], sentences: Sequence[EvidenceSentence]
) -> Draft:
    """Return the draft of a question of fact with every version where the sentences contradict each other.

    The short answer stays the best one; groups and reason say who gives which, and which is the newest.
    """
    versions = find_versions(plan, answers, sentences) if draft.shown else ()
    if not versions:
        return draft
    shown: list[EvidenceSentence] = []
    groups = []
    for version in versions:
        first = len(shown)
        shown += [one for one in version.sentences if one not in shown]
        groups.append(Group(_label(version), _sources(version), tuple(range(first, len(shown)))))
    told = "; ".join(f"“{group.label}” ({group.note})" for group in groups)
    reason = f"The articles differ: {told}.{_newest(versions)}"
    return replace(
        draft,
        shown=tuple(one.citation() for one in shown),
        groups=tuple(groups),
        reason=f"{reason} {draft.reason}".strip(),
    )


def _version(answer: ShortAnswer, sentences: Sequence[EvidenceSentence]) -> Version:
    """Return the answer with its sentence and others that give it, one of each near-duplicate group."""
    kept = [answer.sentence]
    for other in sentences:
        if len(kept) == SENTENCES:
            break
        copy = any(other.article.group == one.article.group != "" for one in kept)
        if copy or other.article.id in (one.article.id for one in kept):
            continue
        if _holds(other.text, answer.text) and other.covered >= _SHARE_OF_BEST * answer.sentence.covered:
            kept.append(other)
    return Version(answer, tuple(kept))


def _holds(text: str, answer: str) -> bool:
    # Most texts hold it nowhere, and looking for it costs less than compiling a pattern.
    return answer in text and re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text) is not None


def _label(version: Version) -> str:
    return version.answer.name


def _sources(version: Version) -> str:
    cards = dict.fromkeys((one.article.outlet or one.article.file, _day(one)) for one in version.sentences)
    return "; ".join(f"{outlet}, {day}" for outlet, day in cards)


def _day(sentence: EvidenceSentence) -> str:
    return (sentence.article.published or "undated")[:10]


def _newest(versions: Sequence[Version]) -> str:
    days = sorted({version.newest for version in versions})
    if len(days) < 2 or not days[-1]:
        return ""
    latest = [version for version in versions if version.newest == days[-1]]
    return f" The newest is “{_label(latest[0])}”." if len(latest) == 1 else ""


def _contradicts(plan: Plan, one: ShortAnswer, other: ShortAnswer) -> bool:
    """Whether two answers cannot both be right, as far as their sentences tell."""
    if _same_place(one, other) or _agree(plan, one, other):
        return False
    if _twins(one, other):
        return True
    if other.score < _RIVAL * one.score or not _tells(plan, one, other):
        return False
    if one.sentence.article.id == other.sentence.article.id and not _disputed(one, other):
        return False
    if plan.wanted in _AMOUNTS:
        first, second = _amount(one), _amount(other)
        return first is not None and second is not None and first.unit == second.unit != ""
    if plan.wanted is Wanted.DATE:
        return _comparable_dates(one.name, other.name)
    return bool(plan.verb) and _beside_verb(plan, one) and _beside_verb(plan, other)


def _same_place(one: ShortAnswer, other: ShortAnswer) -> bool:
    """Whether both stand in one sentence, or in two copies of it."""
    mine, theirs = one.sentence, other.sentence
    if mine.article.id == theirs.article.id and mine.start == theirs.start:
        return True
    return _holds(mine.text, other.text) and _holds(theirs.text, one.text)


def _agree(plan: Plan, one: ShortAnswer, other: ShortAnswer) -> bool:
    """Whether the two are one answer in different words."""
    if plan.wanted in _AMOUNTS:
        first, second = _amount(one), _amount(other)
        return first is None or second is None or same_amount(first, second)
    if plan.wanted is Wanted.DATE:
        mine, theirs = date_parts(one.name), date_parts(other.name)
        return not mine or not theirs or mine <= theirs or theirs <= mine
    mine, theirs = _name_words(one.name), _name_words(other.name)
    return not mine or not theirs or mine <= theirs or theirs <= mine or _initials(one.name, other.name)


def _name_words(name: str) -> frozenset[str]:
    return frozenset(stem(word.group()) for word in words(name) if word.group().lower() not in STOP_WORDS)


def _initials(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    letters = "".join(word.group()[0] for word in words(long) if word.group()[0].isupper())
    return re.sub(r"\W", "", short).upper() == letters.upper()


def _amount(answer: ShortAnswer) -> Amount | None:
    """Return the amount of an answer as it stands in its sentence, with its hedge and the noun counted."""
    start = answer.start - answer.sentence.start
    end = answer.end - answer.sentence.start
    return next(
        (one for one in amounts_in(answer.sentence.text) if one.start < end and start < one.end), None
    )


def _twins(one: ShortAnswer, other: ShortAnswer) -> bool:
    """Whether the sentences are the same but for their answers, in articles that are no copies."""
    mine, theirs = _without(one), _without(other)
    both = len(mine & theirs)
    return len(mine) > 3 and len(theirs) > 3 and both >= _TWINS * len(mine | theirs) and _aligned(one, other)


def _without(answer: ShortAnswer) -> frozenset[str]:
    start, end = answer.start - answer.sentence.start, answer.end - answer.sentence.start
    rest = answer.sentence.text[:start] + " " + answer.sentence.text[end:]
    return frozenset(stem(word.group()) for word in words(rest))


def _aligned(one: ShortAnswer, other: ShortAnswer) -> bool:
    """Whether the words right before or right after both answers are the same."""
    return _neighbours(one, before=True) == _neighbours(other, before=True) or _neighbours(
        one, before=False
    ) == _neighbours(other, before=False)


def _neighbours(answer: ShortAnswer, *, before: bool) -> tuple[str, ...]:
    text = answer.sentence.text
    start, end = answer.start - answer.sentence.start, answer.end - answer.sentence.start
    beside = [word.group().lower() for word in words(text[:start] if before else text[end:])]
    return tuple(beside[-2:] if before else beside[:2])


def _tells(plan: Plan, one: ShortAnswer, other: ShortAnswer) -> bool:
    """Whether the rival's sentence speaks of what was asked, with all that the best one's does."""
    needed = max(_COVERED.get(plan.wanted, _COVERED_ELSE), _SHARE_OF_BEST * one.sentence.covered)
    held = matching(plan.terms, one.sentence.stems)
    missing = held - matching(plan.terms, other.sentence.stems | other.sentence.near)
    named = {stem(word.group()) for name in plan.names for word in words(name)}
    numbered = {term for term in missing if any(sign.isdigit() for sign in term)}
    if missing & named or numbered:
        return False
    return one.sentence.covered >= needed and other.sentence.covered >= needed


def _disputed(one: ShortAnswer, other: ShortAnswer) -> bool:
    between = f"{one.sentence.text} {other.sentence.text} {' '.join(other.sentence.around)}"
    return bool(_DISPUTE.search(between)) and not _MANY_RIGHT.search(between)


def _comparable_dates(one: str, other: str) -> bool:
    """Whether both dates say as much: a day and a day, a year and a year."""
    mine, theirs = date_parts(one), date_parts(other)
    return len(mine) == len(theirs) and len(mine) >= 1


def _beside_verb(plan: Plan, answer: ShortAnswer) -> bool:
    """Whether a name stands beside the question's verb, on the side where the answer stands."""
    text = answer.sentence.text
    start, end = answer.start - answer.sentence.start, answer.end - answer.sentence.start
    before = [word.group() for word in words(text[:start])][-_BESIDE - 2 :]
    after = [word.group() for word in words(text[end:])][: _BESIDE + 1]
    verbs_before = [n for n, word in enumerate(before) if verb_root(word) == plan.verb]
    if verbs_before:
        passive = "by" in [word.lower() for word in before[verbs_before[-1] + 1 :]]
        return (plan.side is Side.BEFORE) == passive or plan.side is Side.ANY
    if any(verb_root(word) == plan.verb for word in after):
        passive = "by" in [word.lower() for word in after]
        return (plan.side is Side.BEFORE) != passive or plan.side is Side.ANY
    return False
