"""Questions about who praised or criticised whom: counted over every article, each count with its quotes."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Literal

from index.ledger import LeftOut, TallyGroup, left_out, tally
from index.library import Library
from index.schema import LedgerEntry, MentionKind
from qa.answerers.articles import mentioning
from qa.answerers.citing import across_articles, citations_of
from qa.answerers.draft import Draft, Signals
from qa.answerers.found import Found, deed, look_up
from qa.answerers.yes_no import answer_yes_no
from qa.profiles import fitting
from qa.schema import Citation, Plan, Question, Tally, TallyRow, Wanted
from qa.settings import AnswerSettings

ROWS = 20
SHOWN = 8
UNCLEAR_SHOWN = 5
TIED = 5
"""A tie of more names than this has no short answer."""
_BY_LEAD = {0: 0.6, 1: 0.8}
"""Confidence of a ranking by how many statements its first name is ahead; 1 for more."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """The groups to show, by whose names they were counted, and notes for the reader."""

    groups: list[TallyGroup]
    by: Literal["speaker", "target"]
    entries: tuple[LedgerEntry, ...]
    notes: tuple[str, ...]


def answer_statements(
    library: Library,
    question: Question,
    plan: Plan,
    settings: AnswerSettings,  # noqa: ARG001
) -> Draft:
    """Count the statements of the ledger that fit the plan and rank the side that was asked for."""
    started = perf_counter()
    found = look_up(library, question, plan)
    if plan.wanted is Wanted.YES_NO:
        return answer_yes_no(library, plan, found, started)
    if plan.speaker and plan.target:
        return _quotes_only(library, plan, found, started)
    counted = _count(library, plan, found)
    elapsed = (perf_counter() - started) * 1000
    if not counted.groups:
        return Draft(
            reason=_nothing(library, plan, found),
            nearest=citations_of(found.kept or found.stance)[:3],
            unclear=citations_of(found.unclear)[:UNCLEAR_SHOWN],
            retrieve_ms=elapsed,
        )
    return _ranking(plan, found, counted, elapsed) if plan.ranked else _listing(plan, found, counted, elapsed)


def _quotes_only(library: Library, plan: Plan, found: Found, started: float) -> Draft:
    """Answer "which of Ito's plans did Brandt praise?" with the statements: what is asked for is no name."""
    elapsed = (perf_counter() - started) * 1000
    if not found.kept:
        return Draft(reason=_nothing(library, plan, found), retrieve_ms=elapsed)
    return Draft(
        shown=across_articles(citations_of(found.kept))[:SHOWN],
        statements=len(found.kept),
        judging=len(found.judging),
        signals=Signals(coverage=round(_mean_confidence(found.kept), 3), exhaustive=True),
        unclear=citations_of(found.unclear)[:UNCLEAR_SHOWN],
        notes=found.notes,
        retrieve_ms=elapsed,
    )


def _count(library: Library, plan: Plan, found: Found) -> _Counted:
    by: Literal["speaker", "target"] = "speaker" if plan.target else "target"
    groups = _of_kind(plan, tally(found.kept, by))
    notes = found.notes
    if plan.described:
        described = fitting(library, plan, groups, by)
        groups = described.groups
        notes += (described.note,) if described.note else ()
    return _Counted(groups, by, found.kept, notes)


def _ranking(plan: Plan, found: Found, counted: _Counted, elapsed: float) -> Draft:
    groups = counted.groups
    top = [group for group in groups if group.statements == groups[0].statements]
    names = tuple(group.name for group in top)
    lead = groups[0].statements - groups[len(top)].statements if len(top) < len(groups) else 2
    sure = _mean_confidence(top[0].entries) * _BY_LEAD.get(0 if len(top) > 1 else lead, 1.0)
    draft = _draft(plan, found, counted, elapsed)
    return Draft(
        shown=across_articles(_first_of_each(top) if len(top) > 1 else citations_of(top[0].entries))[:SHOWN],
        short_answer=", ".join(names) if len(names) <= TIED else None,
        short_answers=names[:ROWS],
        reason=_tie(top),
        signals=Signals(coverage=round(sure, 3), exhaustive=True),
        tally=draft.tally,
        statements=draft.statements,
        judging=draft.judging,
        unclear=draft.unclear,
        notes=draft.notes,
        retrieve_ms=elapsed,
    )


def _listing(plan: Plan, found: Found, counted: _Counted, elapsed: float) -> Draft:
    names = tuple(group.name for group in counted.groups[:ROWS])
    draft = _draft(plan, found, counted, elapsed)
    return Draft(
        shown=across_articles(_first_of_each(counted.groups))[: max(SHOWN, len(names))],
        short_answer=names[0] if len(names) == 1 else None,
        short_answers=names,
        signals=Signals(coverage=round(_mean_confidence(counted.entries), 3), exhaustive=True),
        tally=draft.tally,
        statements=draft.statements,
        judging=draft.judging,
        unclear=draft.unclear,
        notes=draft.notes,
        retrieve_ms=elapsed,
    )


def _draft(plan: Plan, found: Found, counted: _Counted, elapsed: float) -> Draft:
    """Return what rankings and lists have in common."""
    omitted = left_out(counted.entries, counted.by)
    return Draft(
        tally=Tally(counted=_counted_words(plan, omitted, len(found.unclear)), rows=_rows(counted.groups)),
        statements=sum(group.statements for group in counted.groups),
        judging=len(found.judging),
        unclear=citations_of(found.unclear)[:UNCLEAR_SHOWN],
        notes=counted.notes,
        retrieve_ms=elapsed,
    )


def _rows(groups: Sequence[TallyGroup]) -> tuple[TallyRow, ...]:
    return tuple(
        TallyRow(
            group.name,
            group.statements,
            group.articles,
            citations_of(group.entries),
            rank=1 + sum(other.statements > group.statements for other in groups),
        )
        for group in groups[:ROWS]
    )


def _mean_confidence(entries: Sequence[LedgerEntry]) -> float:
    return sum(entry.statement.confidence for entry in entries) / len(entries) if entries else 0.0


def _tie(top: Sequence[TallyGroup]) -> str:
    if len(top) < 2:
        return ""
    count = top[0].statements
    return f"{len(top)} names are equal, with {count} statement{'s' if count > 1 else ''} each."


def _of_kind(plan: Plan, groups: Sequence[TallyGroup]) -> list[TallyGroup]:
    """Keep what was asked for: "which company" wants bodies, "who ... most" people where there are any."""
    bodies = (MentionKind.ORGANISATION, MentionKind.PLACE)
    if plan.wanted is Wanted.ORGANISATION:
        return [group for group in groups if group.is_body or group.kind is MentionKind.ORGANISATION]
    if plan.wanted is Wanted.PLACE:
        return [group for group in groups if group.kind is MentionKind.PLACE]
    people = [group for group in groups if not group.is_body and group.kind not in bodies]
    if plan.wanted is Wanted.PERSON:
        return people
    return people if plan.ranked and people else list(groups)


def _first_of_each(groups: Sequence[TallyGroup]) -> tuple[Citation, ...]:
    return tuple(dict.fromkeys(citations_of(group.entries)[0] for group in groups))


def _counted_words(plan: Plan, omitted: LeftOut, unclear: int) -> str:
    note = f"statements in which {deed(plan)}; near-identical copies of an article count once"
    reasons = [
        f"{count} {words}"
        for count, words in (
            (omitted.unnamed, "by unnamed speakers"),
            (omitted.by_author, "in an author’s own voice"),
            (omitted.about_themselves, "about the speakers themselves"),
            (unclear, "too unclear"),
        )
        if count
    ]
    return f"{note}; left out: {', '.join(reasons)}" if reasons else note


def _nothing(library: Library, plan: Plan, found: Found) -> str:
    absent = [
        name
        for name in (plan.speaker, plan.target)
        if name and not found.judging and mentioning(library, (name,), plan.filter) is None
    ]
    if absent:
        return f"No article mentions {' or '.join(absent)}."
    if found.stance and plan.terms:
        return f"There are statements in which {deed(plan)}, but none about what was asked."
    return f"No statement was found in which {deed(plan)}."
