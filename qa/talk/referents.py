"""Whom or what a word such as "he", "it" or "there" may mean in a conversation, likeliest first. Pure."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from index.patterns import regex
from index.schema import MentionKind
from index.statements.names import Gender, is_body, parse_name, same_name
from qa.names import NAME
from qa.schema import Wanted
from qa.talk.turns import Conversation, Names, Turn
from qa.wording import STOP_WORDS, kind_of_noun

_THINGS = frozenset({MentionKind.ORGANISATION, MentionKind.WORK, MentionKind.EVENT, MentionKind.OTHER})
_LONG_ANSWER = 8
"""Words; a longer answer is a clause, which nothing points back to by a pronoun."""

_ASKS_OBJECT = regex(r"(?:whom|who) (?:did|does|do|has|have|had|will|would) ", re.I)
_ENDS = "|".join(
    """of in on at for with by to from about after before since during against between under over that who
    which is are was were be been did does do has have had will would can could should say says said take
    takes took happen happened occur begin began begins start started end ends agree sign win won lose lost
    visit meet met praise criticise criticize make made go went come came open opens close closes cost costs
    sell sold buy bought call called announce vote resign leave left plan want work get got give gave become
    became refuse fail decide worth mention report hold held run ran pay paid cut built build""".split()
)
_VERBS = frozenset(_ENDS.split("|"))
_NOUN_PHRASE = regex(
    r"\b(?:the|The|an?|this|that|its|their|his|her|these|those|which|what|Which|What|how many|How many) "
    r"(?P<words>(?:[\w.+’'-]+ ){0,3}?[a-z][\w-]*)"
    rf"(?=$|[?,.]| (?:{_ENDS}|[a-z]+ed|[a-z]+ly)\b|’s|'s)"
)
"""A noun phrase with its article; it ends before a preposition or verb."""


_NO_NOUNS = STOP_WORDS | {"else"}


class Role(StrEnum):
    """What part of a clause a pronoun plays: decides whom it is likeliest to mean."""

    SUBJECT = "subject"
    OBJECT = "object"
    OWNER = "owner"


def people_meant(
    conversation: Conversation, gender: Gender | None, role: Role, names: Names, besides: Sequence[str] = ()
) -> list[str]:
    """Return the people a pronoun may mean, likeliest first.

    The last question and its answer come before earlier ones. After "Who praised Ito?" with the answer
    Brandt, "he" who acts is Brandt, while "him" whom others criticise is Ito.

    Args:
        conversation: The turns so far.
        gender: Of the pronoun; None where it tells none.
        role: What it does in its clause.
        names: What the library knows.
        besides: Names that are in the question itself, whom the pronoun does not mean.
    """

    def fits(name: str) -> bool:
        return _is_person(name, names) and _of_gender(name, gender, names) and not _among(name, besides)

    found: list[str] = []
    for turn in reversed(conversation):
        fitting = [name for name in _in_turn(turn, role) if fits(name)]
        if gender == "f":  # of people whose gender nothing tells, most in the news are men
            fitting.sort(key=lambda name: names.gender(name) != "f")
        found += fitting
    return _unique(found)


def several_meant(conversation: Conversation, names: Names) -> list[str]:
    """Return what "they" may mean: a list that was answered, the things asked for, a body, a person."""
    found = [joined(turn.answers) for turn in conversation[-3:][::-1] if 1 < len(turn.answers) <= 4]
    for turn in reversed(conversation):
        found += [f"the {phrase}" for phrase in noun_phrases(turn.text) if _is_plural(phrase)]
        found += [
            name for name in turn.names if names.kind(name) is MentionKind.ORGANISATION or is_body(name)
        ]
        found += [name for name in _in_turn(turn, Role.SUBJECT) if names.kind(name) is MentionKind.PERSON]
    return _unique(found)


def things_meant(
    conversation: Conversation, role: Role, names: Names, besides: Sequence[str] = ()
) -> list[str]:
    """Return what "it" may mean: a body or thing answered, named or asked about; a place last.

    After "How many trains did Corran buy from a firm?", "it" that acts is Corran, while "it" that something
    happens to is the firm.
    """
    found: list[str] = []
    places: list[str] = []
    for turn in reversed(conversation):
        if turn.wanted in (Wanted.ORGANISATION, Wanted.NAME, Wanted.ENTITY) and len(turn.answers) == 1:
            found += [one for one in turn.answers if _short(one) and not _is_person(one, names)]
        # "Who signed the ferry contract in Brackwell?": the contract, rather than the town.
        phrases = [one for one in noun_phrases(turn.text) if not (_is_of_people(one) or _is_plural(one))]
        things = [name for name in turn.names if names.kind(name) in _THINGS or is_body(name)]
        acting = [name for name in turn.names[:1] if _acts(turn.text, name)]
        if role is not Role.OBJECT:
            found += [name for name in acting if name in things or names.kind(name) is MentionKind.PLACE]
        found += [f"the {phrase}" for phrase in phrases] + things
        places += [name for name in turn.names if names.kind(name) is MentionKind.PLACE]
    return [one for one in _unique([*found, *places]) if not _among(one, besides)]


def _acts(question: str, name: str) -> bool:
    return bool(
        re.search(rf"\b(?:did|does|do|has|have|will|would|can) (?:the )?{re.escape(name)} [a-z]", question)
    )


def places_meant(conversation: Conversation, names: Names) -> list[str]:
    """Return where "there" may be."""
    found: list[str] = []
    for turn in reversed(conversation):
        if turn.wanted is Wanted.PLACE and len(turn.answers) == 1 and _short(turn.answers[0]):
            found += turn.answers
        found += [name for name in reversed(turn.names) if names.kind(name) is MentionKind.PLACE]
    return _unique(found)


def days_meant(conversation: Conversation) -> list[str]:
    """Return when "then" may be."""
    return _unique(
        turn.answers[0]
        for turn in reversed(conversation)
        if turn.wanted is Wanted.DATE and len(turn.answers) == 1 and _short(turn.answers[0])
    )


def noun_phrases(text: str) -> list[str]:
    """Return the noun phrases of a question in small letters, without their article, the last one first.

    >>> noun_phrases("Who signed the ferry contract in the spring?")
    ['spring', 'ferry contract']
    """
    found = [_without_verb(match.group("words").strip()) for match in _NOUN_PHRASE.finditer(text)]
    kept = [
        words for words in found if words.split()[-1] not in _NO_NOUNS and words.split()[0] not in _NO_NOUNS
    ]
    return list(reversed(kept))


def _without_verb(phrase: str) -> str:
    """Return "Aurelie" for "Aurelie cost": in small letters after a name a word may be the clause's verb."""
    before, _, last = phrase.rpartition(" ")
    named = bool(before) and before.split()[-1][0].isupper()
    return before if named and (last in _VERBS or last.endswith("ed")) else phrase


def joined(names: Sequence[str]) -> str:
    """Return names as a list in words: "A, B and C"."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def _in_turn(turn: Turn, role: Role) -> Iterator[str]:
    """Yield whom a turn speaks of, likeliest first for this role."""
    one = turn.answers if len(turn.answers) == 1 and _short(turn.answers[0]) else ()
    answer = one if turn.wanted in (Wanted.PERSON, Wanted.NAME, Wanted.ENTITY) else ()
    target = (turn.target,) if turn.target else ()
    actors = tuple(name for name in turn.names if name not in target)
    if role is not Role.OBJECT:
        yield from (*answer, *actors, *target, *turn.people)
    elif _ASKS_OBJECT.match(turn.text):
        yield from (*answer, *target, *reversed(actors), *turn.people)
    else:
        objects = target or turn.names[1:] or (turn.names if answer else ())
        yield from (*objects, *answer, *turn.names, *turn.people)


def _is_person(name: str, names: Names) -> bool:
    kind = names.kind(name)
    if kind is not None:
        return kind is MentionKind.PERSON
    if name[:1].islower():
        return _is_of_people(name)
    plain = re.fullmatch(r"[^\W\d_]{3,}", name) and not name.isupper()
    return bool(NAME.fullmatch(name)) and not is_body(name) and bool(plain or " " in name)


def _of_gender(name: str, gender: Gender | None, names: Names) -> bool:
    return gender is None or names.gender(name) in (gender, None)


def _is_of_people(phrase: str) -> bool:
    return kind_of_noun(phrase.split()[-1].lower()) is Wanted.PERSON


def _is_plural(phrase: str) -> bool:
    last = phrase.split()[-1]
    return last in ("people", "men", "women", "children") or (
        last.endswith("s") and not last.endswith(("ss", "us", "is"))
    )


def _short(answer: str) -> bool:
    return len(answer.split()) <= _LONG_ANSWER


def _among(name: str, others: Sequence[str]) -> bool:
    return any(same_name(name, other) for other in others)


def _unique(names: Iterator[str] | Sequence[str]) -> list[str]:
    """Keep the first of names that are one: "Ketling" and "Davor Ketling", in the fuller of their forms."""
    kept: list[str] = []
    for name in names:
        at = next((place for place, other in enumerate(kept) if _same(name, other)), None)
        if at is None:
            kept.append(name)
        elif len(parse_name(name).given) > len(parse_name(kept[at]).given):
            kept[at] = name
    return kept


def _same(one: str, other: str) -> bool:
    return one == other or (one[:1].isupper() and other[:1].isupper() and same_name(one, other))
