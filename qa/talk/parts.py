"""A part of a question that goes on from the part before it ("and by how many votes?") made whole. Pure.

A conversation's follow-up may mean any turn before; a part means the words just before its "and". So "it" is
what these name rather than what answers them, and a bare question word asks of the same deed.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.patterns import regex
from qa.kinds.parts import GOES_ON, is_bare
from qa.schema import Question
from qa.talk.conversation import follow_up
from qa.talk.pronouns import resolve
from qa.talk.referents import noun_phrases
from qa.talk.rephrase import asked_with, body_of
from qa.talk.turns import FollowUp, Names, Turn
from qa.wording import content_stems

_IT = regex(r"\b(?:it|its)\b", re.I)
_PLURAL = regex(r"\b(?P<word>they|them|their)\b", re.I)
_TAKES = regex(r"how (?:long|much|many \w+)\b.* (?:would|will|does|did|has) it (?:take|taken|cost)$", re.I)
_DEED = regex(r"\b(?:take|cost|need|plan|want|have|try|vote|agree|decide)\w* (?P<deed>to [a-z]+\b.*)$")
_ASKED_NOUN = regex(
    r"(?P<word>how many|which|what) (?!(?:is|are|was|were|did|do)\b)"
    r"(?P<noun>(?:[a-z][\w’'-]* ){0,2}?(?:[a-z][\w’'-]*[^s\W]s|people|men|women|children)|[a-z][\w’'-]*)"
    r"(?: (?P<rest>\S.*))?$",
    re.I,
)
_NOUNLESS = regex(r"how many(?= (?:is|are|was|were|did|do|have|had|will|would|of them)\b)", re.I)
_OF = regex(r"\b((?:the|an?) [a-z]+) of (?:the |an? )?[\w’'-]+")
_LONG_ANSWER = 8
_LITTLE = 2
"""Content words of a part that does not say what it is about: "who came second"."""


def made_whole(part: str, question: Question, turns: Sequence[Turn], names: Names) -> FollowUp:
    """Return a part as the question that it asks, in the light of the parts before it and their answers.

    A part that does not go on from another is asked as it stands.

    Args:
        part: A part of `Plan.parts`.
        question: The whole question; its filters and its day are the part's.
        turns: The parts before it, answered.
        names: What the library knows of names.
    """
    going_on = GOES_ON.match(part)
    if going_on is None or not turns:
        return FollowUp(part, replace(question, text=part, id=""))
    asked, last = _with_noun(body_of(part[going_on.end() :]), turns[-1]), turns[-1]
    whole = _of_deed(asked, last) or _with_fragment(asked, turns[0]) or _pointed(asked, last, question, names)
    if whole:
        return FollowUp(part, replace(question, text=_capital(whole), id=""))
    # A part that says little by itself is about what the part before it is about.
    going_on_text = f"And {asked}?" if len(content_stems(asked)) <= _LITTLE else f"{_capital(asked)}?"
    return follow_up(tuple(turns), replace(question, text=going_on_text, id=""), names)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _with_noun(asked: str, last: Turn) -> str:
    """Give "how many were hurt" the noun of "how many people marched"."""
    counted = _ASKED_NOUN.match(body_of(last.text))
    if counted is None:
        return asked
    return _NOUNLESS.sub(
        lambda words: f"{words.group()} {counted.group('noun')}", asked.replace(" of them", "")
    )


def _of_deed(asked: str, last: Turn) -> str | None:
    """Read "how long would it take?" after "how much would it cost to raise the dam?"."""
    deed = _DEED.search(body_of(last.text)) if _TAKES.match(asked) else None
    return f"{asked} {deed.group('deed')}?" if deed else None


def _with_fragment(asked: str, first: Turn) -> str | None:
    """Read "by how many votes" and "how many cars" with the clause of the first part."""
    if not is_bare(asked):
        return None
    counted, of_first = _ASKED_NOUN.match(asked), _ASKED_NOUN.match(body_of(first.text))
    alike = counted and of_first and counted.group("word").lower() == of_first.group("word").lower()
    if of_first and alike and of_first.group("rest"):
        return f"{asked} {of_first.group('rest')}?"
    answer = first.answers[0] if len(first.answers) == 1 else ""
    named = re.match(r"[A-Z0-9]", answer) and len(answer.split()) <= _LONG_ANSWER
    answer = answer if named else ""
    whole = asked_with(asked, first.text, answer)
    return re.sub(r" is it that ", " was it that ", whole, count=1) if whole else None


def _pointed(asked: str, last: Turn, question: Question, names: Names) -> str | None:
    """Put what the part before names in the place of "it", "he", "they"."""
    turn = last
    if _IT.search(asked) and noun_phrases(last.text):
        # "It" is the study, not the dam, after "the study of the dam".
        turn = replace(last, answers=(), text=_OF.sub(r"\1", last.text))
    found = resolve(f"{asked}?", (turn,), names, question.without)
    if found.carried:
        return found.text
    plural = _PLURAL.search(asked)
    things = _ASKED_NOUN.match(body_of(last.text))
    if plural and things and things.group("noun").endswith("s"):
        owner = "’" if plural.group().lower() == "their" else ""
        return f"{asked[: plural.start()]}the {things.group('noun')}{owner}{asked[plural.end() :]}?"
    return None
