"""Questions about who praised or criticised whom: counted over every article, each count with its quotes."""

from collections import Counter
from collections.abc import Sequence
from time import perf_counter
from typing import Literal

from index.ledger import LeftOut, TallyGroup, find, left_out, tally
from index.library import Library
from index.schema import LedgerEntry, MentionKind, Stance
from qa.answerers.articles import mentioning
from qa.answerers.citing import citations_of
from qa.answerers.draft import Draft, Signals
from qa.evidence import matching, missing_names, stems_of
from qa.schema import Citation, Plan, Question, Tally, TallyRow, Wanted

ROWS = 20
SHOWN = 8
_CONTEXT = 0.5
"""Share of the question's further terms that a statement's surroundings must hold."""
_NOTHING_FOUND = 0.5
"""Confidence of a "no" that rests on finding no statement: some are missed when articles are read."""
_SURROUNDINGS = 600
"""Characters before and after a statement that count as its surroundings."""


def answer_statements(library: Library, question: Question, plan: Plan) -> Draft:  # noqa: ARG001
    """Count the statements of the ledger that fit the plan and rank the side that was asked for."""
    started = perf_counter()
    parties = tuple(name for name in (plan.speaker, plan.target) if name)
    limits = mentioning(library, parties, plan.filter) if parties else plan.filter
    entries = library.store.ledger(plan.stance, limits) if limits else []
    found = find(entries, speaker=plan.speaker, target=plan.target, stance=plan.stance)
    fitting = _in_context(library, plan, found)
    elapsed = (perf_counter() - started) * 1000
    absent = missing_names(parties, [entry.quote for entry in entries]) if not limits else ()
    if plan.wanted is Wanted.YES_NO:
        return _yes_or_no(library, plan, fitting, absent, elapsed)
    if not fitting:
        return Draft(
            reason=_nothing(plan, absent, found), nearest=citations_of(found)[:3], retrieve_ms=elapsed
        )
    return _ranked(library, plan, fitting, entries, elapsed)


def _ranked(
    library: Library,
    plan: Plan,
    entries: Sequence[LedgerEntry],
    known: Sequence[LedgerEntry],
    elapsed: float,
) -> Draft:
    """Count the statements by the side asked for; `known` are all entries that names are learnt from."""
    by: Literal["speaker", "target"] = "speaker" if plan.target else "target"
    groups = [group for group in tally(entries, by, known=known) if _is_wanted(library, plan, group)]
    if not groups:
        return Draft(
            reason=_nothing(plan, (), entries), nearest=citations_of(entries)[:3], retrieve_ms=elapsed
        )
    top = [
        group
        for group in groups
        if group.statements == groups[0].statements and group.articles == groups[0].articles
    ]
    names = tuple(group.name for group in (top if plan.ranked else groups[:ROWS]))
    shown = citations_of(groups[0].entries) if plan.ranked else _first_of_each(groups)
    return Draft(
        shown=_across_articles(shown)[:SHOWN],
        short_answer=", ".join(names) if plan.ranked or len(names) == 1 else None,
        short_answers=names,
        tally=Tally(
            counted=_counted(plan, left_out(entries, by)),
            rows=tuple(
                TallyRow(group.name, group.statements, group.articles, citations_of(group.entries))
                for group in groups[:ROWS]
            ),
        ),
        statements=sum(group.statements for group in groups),
        signals=Signals(coverage=1.0, exhaustive=True),
        retrieve_ms=elapsed,
    )


def _yes_or_no(
    library: Library, plan: Plan, entries: Sequence[LedgerEntry], absent: tuple[str, ...], elapsed: float
) -> Draft:
    if entries:
        shown = _across_articles(citations_of(entries))
        return Draft(
            shown=shown[:SHOWN],
            short_answer="yes",
            statements=len(entries),
            signals=Signals(coverage=1.0, exhaustive=True),
            retrieve_ms=elapsed,
        )
    if absent:
        return Draft(reason=_nothing(plan, absent, ()), retrieve_ms=elapsed)
    both = [
        name
        for name in (plan.speaker, plan.target)
        if name and library.store.count_mentioning([name, name.split()[-1]], plan.filter)
    ]
    if len(both) < 2:
        return Draft(reason=_nothing(plan, (), ()), retrieve_ms=elapsed)
    near = mentioning(library, (plan.speaker or "",), plan.filter) or plan.filter
    other = find(library.store.ledger(filter=near), speaker=plan.speaker, target=plan.target)
    return Draft(
        shown=_across_articles(citations_of(other))[:3],
        short_answer="no",
        signals=Signals(coverage=_NOTHING_FOUND, exhaustive=True),
        reason=f"No statement was found in which {_deed(plan)}.",
        retrieve_ms=elapsed,
    )


def _in_context(library: Library, plan: Plan, entries: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    """Keep the statements whose surroundings hold enough of the question's further terms."""
    if not plan.terms:
        return list(entries)
    kept = []
    for entry in entries:
        text = library.store.article(entry.article.id).text
        first = max(entry.statement.start - _SURROUNDINGS, 0)
        around = text[first : entry.statement.end + _SURROUNDINGS]
        near = f"{entry.article.title} {entry.article.published or ''} {around}"
        if len(matching(plan.terms, stems_of(near))) >= _CONTEXT * len(plan.terms):
            kept.append(entry)
    return kept


def _is_wanted(library: Library, plan: Plan, group: TallyGroup) -> bool:
    """Whether the group is of the kind asked for: "which company" wants bodies, "who ... most" people."""
    if plan.wanted is Wanted.ORGANISATION:
        return group.is_body or _kind_in_articles(library, plan, group) is MentionKind.ORGANISATION
    if plan.wanted is Wanted.PLACE:
        return _kind_in_articles(library, plan, group) is MentionKind.PLACE
    return not group.is_body if plan.ranked or plan.wanted is Wanted.PERSON else True


def _kind_in_articles(library: Library, plan: Plan, group: TallyGroup) -> MentionKind | None:
    """Return as what the group's name is most often read in the articles of its statements."""
    votes: Counter[MentionKind] = Counter()
    for entry in group.entries:
        side = entry.statement.target if plan.speaker else entry.statement.speaker
        for mention in library.store.mentions(entry.article.id):
            if mention.name in (group.name, side):
                votes[mention.kind] += 1
    return votes.most_common(1)[0][0] if votes else None


def _first_of_each(groups: Sequence[TallyGroup]) -> tuple[Citation, ...]:
    return tuple(dict.fromkeys(citations_of(group.entries)[0] for group in groups))


def _across_articles(citations: Sequence[Citation]) -> tuple[Citation, ...]:
    """Order citations so that each article shows one before any shows its second."""
    turns: Counter[str] = Counter()
    keyed = []
    for position, citation in enumerate(citations):
        keyed.append((turns[citation.article.id], position, citation))
        turns[citation.article.id] += 1
    return tuple(citation for _, _, citation in sorted(keyed, key=lambda item: item[:2]))


_VERBS = {Stance.PRAISE: "praise", Stance.CRITICISE: "criticise", Stance.NEUTRAL: "mention"}


def _deed(plan: Plan) -> str:
    verb = _VERBS[plan.stance] if plan.stance else "mention"
    return f"{plan.speaker or 'anyone'} {verb}s {plan.target or 'anyone'}"


def _counted(plan: Plan, omitted: LeftOut) -> str:
    note = f"statements in which {_deed(plan)}; near-identical copies of an article count once"
    reasons = [
        f"{count} {words}"
        for count, words in (
            (omitted.unnamed, "by unnamed speakers"),
            (omitted.by_author, "in an author’s own voice"),
            (omitted.about_themselves, "about the speakers themselves"),
        )
        if count
    ]
    return f"{note}; left out: {', '.join(reasons)}" if reasons else note


def _nothing(plan: Plan, absent: Sequence[str], others: Sequence[LedgerEntry]) -> str:
    if absent:
        return f"No article mentions {' or '.join(absent)}."
    if others and plan.terms:
        return f"There are statements in which {_deed(plan)}, but none about what was asked."
    return f"No statement was found in which {_deed(plan)}."
