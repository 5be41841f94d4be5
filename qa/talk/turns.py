"""The records of a conversation: its turns, and a question read in their light. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypeAlias

from index.schema import Filter, MentionKind
from index.statements.names import Gender
from qa.schema import Constraint, Question, Wanted

MAX_CITED = 3
MAX_NAMED = 12


@dataclass(frozen=True, slots=True)
class Cited:
    """An article that an answer cites."""

    article: str
    title: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a conversation with what its answer leaves for the next ones to point back to.

    Attributes:
        asked: The question as typed.
        text: The same as it was answered, understood without the conversation.
        names: The people and bodies it is about, the one who acts or speaks first.
        target: The one of them whom it is about, where somebody else acts; empty where nobody does.
        answers: The short answers, several of a list.
        people: Who else the answer counts or quotes.
        wanted: What the short answer had to be.
        filter: The filters in force, those that were read from the question among them.
        chosen: The filters that the reader had set.
        asked_on: The day it was asked.
        cited: The first articles that the answer cites.
        focus: The name or words that this question put in the place of an earlier question's.
    """

    asked: str
    text: str
    names: tuple[str, ...] = ()
    target: str = ""
    answers: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    wanted: Wanted = Wanted.ENTITY
    filter: Filter = field(default_factory=Filter)
    chosen: Filter = field(default_factory=Filter)
    asked_on: date | None = None
    cited: tuple[Cited, ...] = ()
    focus: str = ""


Conversation: TypeAlias = tuple[Turn, ...]
"""The turns so far, oldest first."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question as it is to be asked, and what of it comes from the conversation.

    Attributes:
        asked: The question as typed.
        question: The same, understood without the conversation.
        carried: What was carried over, each to be taken away by its id in `Question.without`.
        focus: What it put in the place of an earlier question's words, for `Turn.focus`.
        chosen: The filters that the reader had set, without what was carried.
        fresh: Whether the reader said that a new conversation begins.
    """

    asked: str
    question: Question
    carried: tuple[Constraint, ...] = ()
    focus: str = ""
    chosen: Filter = field(default_factory=Filter)
    fresh: bool = False


class Names(Protocol):
    """What a library knows of names; `qa.talk.known_names.LibraryNames` is the real one."""

    @property
    def outlets(self) -> Sequence[str]:
        """The library's outlets."""
        ...

    def kind(self, name: str) -> MentionKind | None:
        """Return what a name names, None where the library does not know it."""
        ...

    def gender(self, name: str) -> Gender | None:
        """Return the gender of a person of this name, None where nothing tells it."""
        ...
