"""The names that statements carry, counted as they are written. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from index.schema import MentionKind
from index.statements.names import body_of, is_body, is_named, parse_name, possessor
from index.stores.protocol import StatementName

__all__ = ["ACRONYM", "Role", "Written", "names_in_target"]

Role: TypeAlias = Literal["person", "body", "either"]
"""What a name can be grouped with; either: a surname alone that was read as a body's name."""

ACRONYM = re.compile(r"^[A-Z]{3,6}$")
_LINKS = frozenset("of the and for in on".split())


def names_in_target(target: str) -> list[str]:
    """Return the names under which a target is found: itself and whom it belongs to or is named for.

    >>> names_in_target("the Trump administration"), names_in_target("Mr. Trump's trade truce")
    (['the Trump administration', 'Trump'], ['Mr. Trump'])
    """
    owner = possessor(target)
    if owner is not None:
        return [owner]
    named_for = body_of(target)
    return [target, named_for] if named_for is not None and is_named(named_for) else [target]


@dataclass(slots=True)
class Written:
    """The names as written: how often each speaks, is spoken of, and as what it was read.

    It is made by `of` or `plus` and not changed afterwards.

    Attributes:
        speaker, target: Statements by name; a target counts for each name in it.
        whole: Statements by target as it stands in them.
        naming: For a name, the other targets that it stands in.
        kinds: What each name was read as, counted.
    """

    speaker: dict[str, int] = field(default_factory=dict)
    target: dict[str, int] = field(default_factory=dict)
    whole: dict[str, int] = field(default_factory=dict)
    naming: dict[str, tuple[str, ...]] = field(default_factory=dict)
    kinds: dict[str, dict[MentionKind, int]] = field(default_factory=dict)
    _roles: dict[str, Role] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[StatementName]) -> "Written":
        """Count the names of a library; the order of the rows does not matter."""
        return cls().plus(rows)

    def plus(self, rows: Iterable[StatementName]) -> "Written":
        """Return the counts with those of `rows` added; negative ones take away."""
        made = Written(
            dict(self.speaker),
            dict(self.target),
            dict(self.whole),
            dict(self.naming),
            dict(self.kinds),
            dict(self._roles),
        )
        targets: dict[str, int] = {}
        for row in rows:
            name = row.name
            if row.speaker:
                made.speaker[name] = made.speaker.get(name, 0) + row.speaker
            if row.target:
                targets[name] = targets.get(name, 0) + row.target
            if row.kind is not None:
                votes = dict(made.kinds.get(name, ()))
                votes[row.kind] = votes.get(row.kind, 0) + row.speaker + row.target
                made.kinds[name] = votes
                made._roles.pop(name, None)
        for target, more in targets.items():
            made._count_target(target, more)
        return made

    def _count_target(self, target: str, more: int) -> None:
        before = self.whole.get(target, 0)
        self.whole[target] = before + more
        # No statement is taken back that is not there, but rows may come in any order.
        counted, counts = max(before, 0), max(before + more, 0)
        for name in names_in_target(target):
            self.target[name] = self.target.get(name, 0) + counts - counted
            if name != target and not counted and counts:
                self.naming[name] = (*self.naming.get(name, ()), target)
            elif name != target and counted and not counts:
                self.naming[name] = tuple(one for one in self.naming[name] if one != target)

    def names(self) -> list[str]:
        """Return all names that stand in a statement, in order."""
        spoken_of = [name for name, count in self.target.items() if count > 0 and name not in self.speaker]
        return sorted([*(name for name in self.speaker if self.count(name) > 0), *spoken_of])

    def count(self, name: str) -> int:
        """Return how often a name stands in statements."""
        return self.speaker.get(name, 0) + self.target.get(name, 0)

    def targets(self, name: str) -> list[str]:
        """Return the targets as written that a name stands in."""
        own = [name] if self.whole.get(name, 0) > 0 and name in names_in_target(name) else []
        return own + list(self.naming.get(name, ()))

    def kind(self, name: str) -> MentionKind | None:
        """Return what a name names by most of its readings; None for a description."""
        if not is_named(name):
            return None
        # A correction takes votes back: what is left of a kind may be none.
        readings = self.kinds.get(name, {}).items()
        votes = [(count, kind is MentionKind.PERSON, kind) for kind, count in readings]
        best = max((vote for vote in votes if vote[0] > 0), default=(0, False, None))[2]
        if best in (None, MentionKind.PERSON):
            body = is_body(name) or body_of(name) is not None or (best is None and _reads_as_body(name))
            return MentionKind.ORGANISATION if body else MentionKind.PERSON
        return best

    def role(self, name: str) -> Role:
        """Return what a name can be grouped with."""
        known = self._roles.get(name)
        if known is None:
            known = self._roles[name] = self._role(name)
        return known

    def _role(self, name: str) -> Role:
        kind = self.kind(name)
        if kind is MentionKind.PERSON:
            return "person"
        if kind in (None, MentionKind.PLACE) or parse_name(name).given or is_body(name):
            return "body"
        return "either"


def _reads_as_body(name: str) -> bool:
    """Whether a name of unknown kind is built like a body's: "Department of Justice", "ISIS"."""
    words = name.split()[1:]
    return bool(_LINKS.intersection(words)) or ACRONYM.match(name) is not None
