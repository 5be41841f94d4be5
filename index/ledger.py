"""Statements by speaker, target and stance, counted over every article: the one entry to the ledger.

`read` looks statements up; everything else is a pure function on the entries. Names are matched across
articles: "Trump", "Mr. Trump" and "Donald Trump" are one speaker, Hillary and Bill Clinton are two.
"""

# ruff: noqa: A002 - "filter" is the word the reader knows

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.corrections import applied, placed
from index.library import Library
from index.people import Directory, directory
from index.schema import UNCLEAR, Filter, LedgerEntry, MentionKind, Stance
from index.statements.names import AUTHOR, body_of, is_body, is_named, possessor
from index.stores.protocol import EVERYTHING, StatementName

__all__ = ["LeftOut", "TallyGroup", "find", "is_indirect", "left_out", "read", "tally"]

Side = Literal["speaker", "target"]


@dataclass(frozen=True, slots=True)
class TallyGroup:
    """What one speaker said, or what was said about one target.

    Attributes:
        name: The name in the whole library.
        entries: The counted statements, strongest first.
        statements: How many they are.
        articles: In how many articles; copies of one wire story are one.
        strength: Sum of the statements' strengths.
        is_body: Whether the name is plainly no person's, so that people can be ranked apart.
        kind: What the name was mostly read as in these statements; None where nothing is known.
    """

    name: str
    entries: tuple[LedgerEntry, ...]
    statements: int
    articles: int
    strength: int
    is_body: bool = False
    kind: MentionKind | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Statements that a ranking does not count, and why."""

    about_themselves: int = 0
    by_author: int = 0
    unnamed: int = 0
    without_target: int = 0
    unclear: int = 0


def read(
    library: Library,
    *,
    speaker: str | None = None,
    target: str | None = None,
    stance: Stance | None = None,
    filter: Filter = EVERYTHING,
) -> list[LedgerEntry]:
    """Return the statements of this speaker, about this target, with this stance, by article and place.

    Corrections and the alias file are applied. Unclear statements are among them; `tally` does not count
    those. A bare surname means its most frequent bearer. A statement about "the Trump administration" or
    "Mr. Trump's trade truce" is also about Trump; `is_indirect` tells it apart.

    Args:
        library: An open library.
        speaker: Name as a person would write it, None for anybody.
        target: Likewise.
        stance: None for any.
        filter: Limits on the articles.

    Raises:
        InputError: The alias file cannot be understood, or the filter has a date that is none.
    """
    people, corrections = directory(library), placed(library)
    speakers = people.meant_by(speaker) if speaker is not None else None
    targets = people.meant_by(target) if target is not None else None
    if speakers == frozenset() or targets == frozenset():
        return []
    found = library.store.ledger(
        stance,
        filter,
        speakers=people.forms(speakers) if speakers is not None else None,
        targets=people.targets(targets) if targets is not None else None,
    )
    entries = [entry for entry in found if (entry.article.id, entry.ordinal) not in corrections]
    # What a correction has made of a statement cannot be looked up by what it was.
    articles = {article for article, _ in corrections} & set(filter.articles or (a for a, _ in corrections))
    if articles:
        near = replace(filter, articles=tuple(sorted(articles)))
        for entry in library.store.ledger(filter=near):
            correction = corrections.get((entry.article.id, entry.ordinal))
            right = applied(entry, correction) if correction else None
            if right is not None:
                entries.append(right)
        entries.sort(key=lambda entry: (entry.article.id, entry.statement.start, entry.ordinal))
    return _fitting(entries, people, speakers, targets, stance)


def find(
    entries: Iterable[LedgerEntry],
    *,
    speaker: str | None = None,
    target: str | None = None,
    stance: Stance | None = None,
    known: Iterable[LedgerEntry] = (),
) -> list[LedgerEntry]:
    """Do what `read` does with entries at hand in place of a library.

    Names are read against all of them and those of `known`.
    """
    given = list(entries)
    people = Directory.of(_names([*given, *known]))
    speakers = people.meant_by(speaker) if speaker is not None else None
    targets = people.meant_by(target) if target is not None else None
    return _fitting(given, people, speakers, targets, stance)


def _names(entries: Iterable[LedgerEntry]) -> list[StatementName]:
    names: list[StatementName] = []
    for entry in entries:
        one = entry.statement
        names.append(StatementName(one.speaker, one.speaker_kind, 1, 0))
        if one.target is not None:
            names.append(StatementName(one.target, one.target_kind, 0, 1))
    return names


def _fitting(
    entries: Iterable[LedgerEntry],
    people: Directory,
    speakers: frozenset[str] | None,
    targets: frozenset[str] | None,
    stance: Stance | None,
) -> list[LedgerEntry]:
    """Keep what fits, under library-wide names."""
    asked = [entry for entry in entries if stance in (None, entry.statement.stance)]
    written = {entry.statement.target for entry in asked if entry.statement.target is not None}
    people.settle({entry.statement.speaker for entry in asked} | {possessor(one) or one for one in written})
    fitting = {
        one for one in written if targets is None or not targets.isdisjoint(people.names_of_target(one))
    }
    owners = {one: people.name_of(possessor(one) or one) for one in fitting}
    kept = []
    for entry in asked:
        name, target = people.name_of(entry.statement.speaker), entry.statement.target
        if (speakers is None or name in speakers) and (targets is None or target in fitting):
            kept.append(replace(entry, speaker=name, target=None if target is None else owners[target]))
    return kept


def is_indirect(entry: LedgerEntry) -> bool:
    """Whether an entry judges a thing or body named for its target ("the Trump administration")."""
    target = entry.statement.target
    return target is not None and (possessor(target) or body_of(target)) is not None


def tally(entries: Iterable[LedgerEntry], by: Side) -> list[TallyGroup]:
    """Count entries by speaker or by target, most statements first.

    Ties go to more articles, then greater strength, then the name. Of the copies of one story only the one
    with most statements is counted. `left_out` says what is not counted.

    Args:
        entries: The statements to count, as `read` or `find` returned them.
        by: Whose names to count.
    """
    groups: dict[str, list[LedgerEntry]] = {}
    for entry in entries:
        if _reason_to_leave_out(entry, by) is None:
            groups.setdefault(_counted_name(entry, by), []).append(entry)
    tallied = [_group(name, members, by) for name, members in groups.items()]
    return sorted(tallied, key=lambda one: (-one.statements, -one.articles, -one.strength, one.name))


def left_out(entries: Iterable[LedgerEntry], by: Side) -> LeftOut:
    """Count the entries that `tally` leaves out."""
    reasons = Counter(_reason_to_leave_out(entry, by) for entry in entries)
    return LeftOut(
        about_themselves=reasons["self"],
        by_author=reasons["author"],
        unnamed=reasons["unnamed"],
        without_target=reasons["target"],
        unclear=reasons["unclear"],
    )


def _reason_to_leave_out(entry: LedgerEntry, by: Side) -> str | None:
    reason = None
    if entry.speaker == AUTHOR:
        reason = "author"
    elif not is_named(entry.speaker):
        reason = "unnamed"
    elif entry.target is not None and entry.target == entry.speaker:
        reason = "self"
    elif by == "target" and (entry.target is None or not is_named(entry.target)):
        reason = "target"
    elif entry.statement.confidence < UNCLEAR:
        reason = "unclear"
    return reason


def _counted_name(entry: LedgerEntry, by: Side) -> str:
    return entry.speaker if by == "speaker" else entry.target or ""


def _group(name: str, members: Sequence[LedgerEntry], by: Side) -> TallyGroup:
    by_story: dict[str, dict[str, list[LedgerEntry]]] = {}
    for entry in members:
        story = entry.article.group or entry.article.id
        by_story.setdefault(story, {}).setdefault(entry.article.id, []).append(entry)
    kept: list[LedgerEntry] = []
    for copies in by_story.values():
        kept += max(sorted(copies.items()), key=lambda copy: len(copy[1]))[1]
    kept.sort(key=lambda entry: -entry.statement.strength)
    kind = _kind(members, by)
    return TallyGroup(
        name,
        tuple(kept),
        len(kept),
        len(by_story),
        sum(entry.statement.strength for entry in kept),
        is_body(name) or kind not in (None, MentionKind.PERSON),
        kind,
    )


def _kind(members: Iterable[LedgerEntry], by: Side) -> MentionKind | None:
    """Return as what the name was read most often; things that belong to it say nothing about it."""
    votes: Counter[MentionKind] = Counter()
    for entry in members:
        one = entry.statement
        kind = one.speaker_kind if by == "speaker" else one.target_kind
        if kind is not None and not (by == "target" and possessor(one.target or "")):
            votes[kind] += 1
    return max(votes, key=lambda kind: (votes[kind], kind is MentionKind.PERSON, kind.value), default=None)
