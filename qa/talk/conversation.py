"""A question read in the light of the conversation before it. Pure.

Pronouns and what is left out are filled in from the last question and its answer, so that the question can be
answered by itself; what was filled in is said, and can be taken away.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.patterns import regex
from index.schema import Filter
from qa.kinds.parts import GOES_ON, read_parts
from qa.names import names_in
from qa.outlets import read_outlets
from qa.schema import Answer, Constraint, Question
from qa.talk.fragments import LEAD, Completed, Setting, asked_again, completed, in_context
from qa.talk.numbering import citations_in
from qa.talk.pronouns import resolve
from qa.talk.rephrase import TIME
from qa.talk.turns import MAX_CITED, MAX_NAMED, Cited, Conversation, FollowUp, Names, Turn
from qa.wording import content_stems, stem

__all__ = ["Conversation", "FollowUp", "Names", "Turn", "follow_up", "turn_of"]

_FRESH = regex(r"(?:new|another|different) (?:question|topic|subject)\s*[:.,–—-]?\s*", re.I)
_ASKING = ("Who", "What", "Which", "Where", "When", "Why", "How")
"""The first words of a question's second sentence, which may be read as names."""

_BARE = frozenset(
    stem(word)
    for word in """people person persons die died dies killed injured hurt wounded arrested happened happen
    happens responsible involved affected cost costs end ended begin began begin start started reason result
    outcome cause caused react reacted respond responded next casualties victims suspects convicted won lost
    win lose agreed agree disagree disagreed objected object else afterwards exactly take took long
    much""".split()
)
"""Words that say nothing of what a question is about: "how many people died?" needs the one before it."""


def turn_of(followed: FollowUp, answer: Answer) -> Turn:
    """Return what a question and its answer leave for the next questions to point back to."""
    plan = answer.plan
    known = (plan.speaker or "", *plan.names, plan.target or "")
    names = dict.fromkeys(name for name in known if name and name not in _ASKING)
    answers = answer.short_answers or ((answer.short_answer,) if answer.short_answer else ())
    rows = answer.tally.rows if answer.tally else ()
    cards = {citation.article.id: citation.article for citation in citations_in(answer)}
    return Turn(
        asked=followed.asked,
        text=followed.question.text,
        names=tuple(names)[:MAX_NAMED],
        target=plan.target or "",
        answers=tuple(answers)[:MAX_NAMED],
        people=tuple(row.name for row in rows if row.name not in answers)[:MAX_NAMED],
        wanted=plan.wanted,
        filter=plan.filter,
        chosen=followed.chosen,
        asked_on=followed.question.asked_on,
        cited=tuple(Cited(card.id, card.title) for card in list(cards.values())[:MAX_CITED]),
        focus=followed.focus,
    )


def follow_up(conversation: Conversation, question: Question, names: Names) -> FollowUp:
    """Return the question as it is understood without the conversation, with what was carried over.

    A question that needs nothing of the conversation carries nothing.

    Args:
        conversation: The turns so far, oldest first.
        question: As typed, with the filters that the reader set; `without` holds the ids of what was carried
            before and is not to be.
        names: What the library knows of names.
    """
    text = " ".join(question.text.split())
    fresh = _FRESH.match(text)
    if fresh and fresh.end() < len(text):
        asked = replace(question, text=_capital(text[fresh.end() :]))
        return FollowUp(question.text, asked, chosen=question.filter, fresh=True)
    if not conversation or not text:
        return FollowUp(question.text, question, chosen=question.filter)
    parts = read_parts(text)
    if parts:
        return _of_parts(parts, conversation, question, names)
    found = _read(text, conversation, names, question.without)
    if found is None:
        return FollowUp(question.text, question, chosen=question.filter)
    last = conversation[-1]
    limits, chips = _limits(found, question, last, names)
    asked = replace(
        question, text=_capital(found.text), filter=limits, asked_on=question.asked_on or last.asked_on
    )
    return FollowUp(question.text, asked, found.carried + chips, found.focus, question.filter)


def _of_parts(parts: Sequence[str], conversation: Conversation, question: Question, names: Names) -> FollowUp:
    """Complete a question of several parts; one that goes on from another points back to that one."""
    read = [
        None if GOES_ON.match(part) else follow_up(conversation, replace(question, text=part), names)
        for part in parts
    ]
    carried = tuple({chip.id: chip for one in read if one for chip in one.carried}.values())
    if not carried or read[0] is None:
        return FollowUp(question.text, question, chosen=question.filter)
    text = " ".join(one.question.text if one else part for one, part in zip(read, parts, strict=True))
    return FollowUp(
        question.text, replace(read[0].question, text=text), carried, read[0].focus, question.filter
    )


def _read(text: str, conversation: Conversation, names: Names, without: Sequence[str]) -> Completed | None:
    """Return the whole question; None where it is whole as it stands."""
    setting = Setting(conversation, names, frozenset(without))
    again = asked_again(text, setting)
    if again:
        return again
    resolved = resolve(text, conversation, names, without)
    found = completed(resolved.text, setting)
    if found:
        return replace(found, carried=resolved.carried + found.carried)
    lead = LEAD.match(resolved.text)
    whole = resolved.text[lead.end() :] if lead and lead.end() < len(resolved.text) else resolved.text
    if resolved.carried:
        return Completed(whole, resolved.carried)
    bare = not names_in(whole) and not re.search(r"[“\"\d]", whole)
    stems = content_stems(whole)
    if bare and (lead or resolved.left or (stems and all(word in _BARE for word in stems))):
        return in_context(whole, setting) or (Completed(whole, ()) if lead else None)
    return Completed(whole, ()) if lead else None


def _limits(
    found: Completed, question: Question, last: Turn, names: Names
) -> tuple[Filter, tuple[Constraint, ...]]:
    """Return the filter with what the words before had set, unless this question sets it; and its chips."""
    limits, before, chosen = question.filter, last.filter, last.chosen
    chips: list[Constraint] = []

    def keep(kind: str, values: Sequence[str], meaning: str) -> bool:
        chip = Constraint(f"carried:{kind}", "carried", ", ".join(values), meaning)
        if chip.id in question.without:
            return False
        chips.append(chip)
        return True

    if found.outlet:
        limits = replace(limits, outlets=(found.outlet,))
    elif (
        before.outlets != chosen.outlets
        and not (limits.outlets or read_outlets(found.text, names.outlets).names)
        and keep("outlets", before.outlets, f"only {', '.join(before.outlets)}")
    ):
        limits = replace(limits, outlets=before.outlets)
    days = (before.published_from, before.published_to)
    own = limits.published_from or limits.published_to or TIME.search(found.text)
    if days != (chosen.published_from, chosen.published_to) and any(days) and not own:
        told = [f"from {days[0]}"] * bool(days[0]) + [f"until {days[1]}"] * bool(days[1])
        if keep("dates", [day for day in days if day], f"published {' '.join(told)}"):
            limits = replace(limits, published_from=days[0], published_to=days[1])
    return limits, tuple(chips)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
