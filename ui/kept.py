"""The answers that were shown last, so that they can be complained about and saved as files."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from uuid import uuid4

from qa.schema import Answer, Constraint
from qa.talk.links import Link
from qa.talk.numbering import Numbering

KEPT = 200
"""Answers at hand; for an older one the reader is asked to ask again."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer with what was asked, the numbers that its citations carry, and what was carried over."""

    link: Link
    answer: Answer
    numbering: Numbering
    carried: tuple[Constraint, ...] = ()


class KeptAnswers:
    """Remembers the last answers under keys that nobody can guess."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, Kept] = OrderedDict()
        self._keeping = Lock()

    def keep(self, kept: Kept, key: str = "") -> str:
        """Remember an answer; return its key, a new one unless it takes the place of one kept before."""
        key = key or uuid4().hex
        with self._keeping:
            self._answers[key] = kept
            while len(self._answers) > KEPT:
                self._answers.popitem(last=False)
        return key

    def get(self, key: str) -> Kept | None:
        """Return an answer, None for one that is no longer at hand."""
        with self._keeping:
            return self._answers.get(key)
