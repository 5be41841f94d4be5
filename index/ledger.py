"""Statements by speaker, target and stance, counted over every article: the one entry to the ledger.

Pure functions on the entries that a store returns. Names are matched across articles: "Trump", "Mr. Trump"
and "Donald Trump" are one speaker, Hillary and Bill Clinton are two.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from index.schema import LedgerEntry, Stance
from index.statements.names import (
    AUTHOR,
    body_key,
    body_of,
    fullness,
    is_body,
    is_named,
    parse_name,
    possessor,
    same_person,
    without_titles,
)

__all__ = ["LeftOut", "TallyGroup", "find", "is_indirect", "left_out", "tally"]


@dataclass(frozen=True, slots=True)
class TallyGroup:
    """What one speaker said, or what was said about one target.

    Attributes:
        name: The usual full name over all articles.
        entries: The counted statements, strongest first.
        statements: How many they are.
        articles: In how many articles; copies of one wire story are one.
        strength: Sum of the statements' strengths.
        is_body: Whether the name is plainly no person's, so that people can be ranked apart.
    """

    name: str
    entries: tuple[LedgerEntry, ...]
    statements: int
    articles: int
    strength: int
    is_body: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Statements that a ranking does not count, and why."""

    about_themselves: int = 0
    by_author: int = 0
    unnamed: int = 0
    without_target: int = 0


def find(
    entries: Iterable[LedgerEntry],
    *,
    speaker: str | None = None,
    target: str | None = None,
    stance: Stance | None = None,
) -> list[LedgerEntry]:
    """Return the entries of this speaker, about this target, with this stance, in their order.

    A bare surname means its most frequent bearer. A statement about "the Trump administration" or
    "Mr. Trump's trade truce" is also about Trump; `is_indirect` tells it apart.

    Args:
        entries: Every entry under the reader's filter. Names are read against all of them.
        speaker: Name as a person would write it, None for anybody.
        target: Likewise.
        stance: None for any.
    """
    known = list(entries)
    directory = _Directory.of(known)
    speakers = directory.meant_by(speaker) if speaker is not None else None
    targets = directory.meant_by(target) if target is not None else None
    return [
        entry
        for entry in known
        if (stance is None or entry.statement.stance is stance)
        and (speakers is None or directory.key(entry.statement.speaker) in speakers)
        and (targets is None or not targets.isdisjoint(directory.keys_of_target(entry.statement.target)))
    ]


def is_indirect(entry: LedgerEntry) -> bool:
    """Whether an entry judges a thing or body named for its target ("the Trump administration")."""
    target = entry.statement.target
    return target is not None and (possessor(target) or body_of(target)) is not None


def tally(
    entries: Iterable[LedgerEntry],
    by: Literal["speaker", "target"],
    *,
    known: Iterable[LedgerEntry] = (),
) -> list[TallyGroup]:
    """Count entries by speaker or by target, most statements first.

    Ties go to more articles, then greater strength, then the name. Of the copies of one story only the one
    with most statements is counted. `left_out` says what is not counted.

    Args:
        entries: The statements to count, such as the result of `find`.
        by: Whose names to count.
        known: More entries to learn full names from, such as those that `find` was given.
    """
    counted = [entry for entry in entries if _reason_to_leave_out(entry, by) is None]
    directory = _Directory.of([*known, *counted])
    groups: dict[str, list[LedgerEntry]] = {}
    for entry in counted:
        groups.setdefault(directory.key(_counted_name(entry, by)), []).append(entry)
    tallied = [
        _group(directory.name(key), members, is_body=key.startswith("body:"))
        for key, members in groups.items()
    ]
    return sorted(tallied, key=lambda one: (-one.statements, -one.articles, -one.strength, one.name))


def left_out(entries: Iterable[LedgerEntry], by: Literal["speaker", "target"]) -> LeftOut:
    """Count the entries that `tally` leaves out."""
    reasons = Counter(_reason_to_leave_out(entry, by) for entry in entries)
    return LeftOut(
        about_themselves=reasons["self"],
        by_author=reasons["author"],
        unnamed=reasons["unnamed"],
        without_target=reasons["target"],
    )


def _reason_to_leave_out(entry: LedgerEntry, by: str) -> str | None:
    statement = entry.statement
    if statement.speaker == AUTHOR:
        return "author"
    if not is_named(statement.speaker):
        return "unnamed"
    if statement.target is not None:
        if _same(statement.speaker, possessor(statement.target) or statement.target):
            return "self"
    elif by == "target":
        return "target"
    if by == "target" and not is_named(_counted_name(entry, by)):
        return "target"
    return None


def _same(left: str, right: str) -> bool:
    if body_key(left) == body_key(right):
        return True
    return not is_body(left) and not is_body(right) and same_person(left, right)


def _counted_name(entry: LedgerEntry, by: str) -> str:
    if by == "speaker":
        return entry.statement.speaker
    target = entry.statement.target or ""
    return possessor(target) or target


def _group(name: str, members: Sequence[LedgerEntry], *, is_body: bool) -> TallyGroup:
    by_story: dict[str, dict[str, list[LedgerEntry]]] = {}
    for entry in members:
        story = entry.article.group or entry.article.id
        by_story.setdefault(story, {}).setdefault(entry.article.id, []).append(entry)
    kept: list[LedgerEntry] = []
    for copies in by_story.values():
        kept += max(sorted(copies.items()), key=lambda copy: len(copy[1]))[1]
    kept.sort(key=lambda entry: -entry.statement.strength)
    strength = sum(entry.statement.strength for entry in kept)
    return TallyGroup(name, tuple(kept), len(kept), len(by_story), strength, is_body)


@dataclass(frozen=True, slots=True)
class _Directory:
    """Which names of the ledger are one person or body.

    Attributes:
        keys: Key of the group that each written name belongs to.
        members: Written names of each group with how often each stands in the ledger.
    """

    keys: dict[str, str]
    members: dict[str, Counter[str]]

    @classmethod
    def of(cls, entries: Iterable[LedgerEntry]) -> "_Directory":
        written: Counter[str] = Counter()
        for entry in entries:
            written[entry.statement.speaker] += 1
            if entry.statement.target is not None:
                written.update(_names_in_target(entry.statement.target))
        keys: dict[str, str] = {}
        by_surname: dict[str, list[str]] = {}
        for name in written:
            if is_body(name) or not is_named(name):
                keys[name] = f"body:{body_key(name)}"
            else:
                by_surname.setdefault(parse_name(name).surname, []).append(name)
        for surname, names in by_surname.items():
            keys |= _keys_of_bearers(surname, names, written)
        members: dict[str, Counter[str]] = {}
        for name, key in keys.items():
            members.setdefault(key, Counter())[name] += written[name]
        return cls(keys, members)

    def key(self, name: str) -> str:
        return self.keys[name]

    def keys_of_target(self, target: str | None) -> set[str]:
        return {self.keys[name] for name in _names_in_target(target)} if target is not None else set()

    def name(self, key: str) -> str:
        """Return the fullest form, and of equally full ones the most frequent, without titles."""
        forms: Counter[str] = Counter()
        for name, count in self.members[key].items():
            forms[name if key.startswith("body:") else without_titles(name)] += count
        return max(forms, key=lambda form: (fullness(form)[0], forms[form], len(form), form))

    def meant_by(self, asked: str) -> set[str]:
        """Return the keys of the groups that a name in a question means."""
        exact = {key for name, key in self.keys.items() if body_key(name) == body_key(asked)}
        if is_body(asked):
            return exact
        fitting = {
            key
            for key, names in self.members.items()
            if not key.startswith("body:") and any(same_person(asked, name) for name in names)
        }
        if parse_name(asked).given or len(fitting) < 2:
            return exact | fitting
        surname = parse_name(asked).surname
        bearers = {key for key in fitting if key.startswith(f"person:{surname}:")} or fitting
        return exact | {max(bearers, key=lambda key: (self.members[key].total(), key))}


def _names_in_target(target: str) -> list[str]:
    """Return the names under which a target is found: itself and whom it belongs to or is named for."""
    owner = possessor(target)
    if owner is not None:
        return [owner]
    named_for = body_of(target)
    return [target, named_for] if named_for is not None and is_named(named_for) else [target]


def _keys_of_bearers(surname: str, names: Sequence[str], written: Counter[str]) -> dict[str, str]:
    """Group the names that share a surname; a bare surname goes to the bearer named most that it fits."""
    full = sorted(
        (name for name in names if parse_name(name).given),
        key=lambda name: (-written[name], -len(name), name),
    )
    groups: list[list[str]] = []
    for name in full:
        home = next((group for group in groups if same_person(group[0], name)), None)
        if home is None:
            groups.append([name])
        else:
            home.append(name)
    for name in sorted(set(names) - set(full)):
        fitting = [group for group in groups if same_person(group[0], name)]
        if fitting:
            max(fitting, key=lambda group: sum(written[other] for other in group)).append(name)
        else:
            groups.append([name])
    return {name: f"person:{surname}:{number}" for number, group in enumerate(groups) for name in group}
