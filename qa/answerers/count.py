"""What can be counted over all articles: articles, outlets, statements, people, mentions.

A number that some text states ("3,000 people marched") is never given here: it is a question of fact.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

from index.ledger import TallyGroup, read, tally
from index.library import Library
from index.schema import ArticleCard, LedgerEntry, MentionKind
from index.statements.names import is_named
from qa.answerers.articles import mentioning
from qa.answerers.citing import across_articles, citations_of
from qa.answerers.draft import Draft, Signals
from qa.answerers.found import deed, look_up
from qa.answerers.metadata import mentions_of
from qa.schema import Citation, Group, Plan, Question, Tally, TallyRow, Wanted
from qa.settings import AnswerSettings

SHOWN = 12
_AT_ONCE = 100
"""Articles whose texts are in memory at once."""
ROWS = 20
_COPIES = "near-identical copies of an article count once"
_NOUNS = {Wanted.PERSON: "person", Wanted.ORGANISATION: "organisation", Wanted.PLACE: "place"}
_BODIES = (MentionKind.ORGANISATION, MentionKind.PLACE)


def answer_count(
    library: Library,
    question: Question,
    plan: Plan,
    settings: AnswerSettings,  # noqa: ARG001
) -> Draft:
    """Count what the plan asks for over every article under its filter."""
    started = perf_counter()
    if plan.stance is not None:
        draft = _of_statements(library, question, plan)
    elif plan.about == "speakers":
        draft = _quoted_people(library, plan)
    elif plan.about == "mentions":
        draft = _mentions(library, plan)
    else:
        draft = _articles(library, plan)
    return replace(draft, retrieve_ms=(perf_counter() - started) * 1000)


def _counted(number: int, noun: str) -> str:
    plural = "people" if noun == "person" else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def _articles(library: Library, plan: Plan) -> Draft:
    """Count articles, or the outlets that they are from; copies are articles of their own."""
    cards = library.store.articles(plan.filter)
    read_of = len(cards)
    if plan.head:
        ids = set(library.store.count_mentioning([plan.head], plan.filter))
        if not ids:
            limits = mentioning(library, (plan.head,), plan.filter) if plan.head[0].isupper() else None
            ids = set(limits.articles) if limits else _all_words(library, plan)
        cards = [card for card in cards if card.id in ids]
    if not cards:
        reason = f"No article mentions {plan.head}." if plan.head else "No article passes the filters."
        return Draft(reason=reason)
    told = f" that mention{'s' if len(cards) == 1 else ''} {plan.head}" if plan.head else ""
    if plan.about == "outlets":
        firsts = list({card.outlet: card for card in reversed(cards) if card.outlet}.values())
        return _outlets(plan, cards, mentions_of(library, firsts[:ROWS], plan.head))
    shown = mentions_of(library, cards[:SHOWN], plan.head)
    sources = len({card.group or card.id for card in cards})
    copies = f", {_counted(sources, 'separate source')}" if sources < len(cards) else ""
    return Draft(
        shown=shown,
        short_answer=str(len(cards)),
        signals=Signals(coverage=1.0, exhaustive=True),
        reason=f"Counted: {_counted(len(cards), 'article')}{told} of {read_of:,} read{copies}.",
        mentions=(plan.head,) if plan.head else (),
    )


def _all_words(library: Library, plan: Plan) -> set[str]:
    """Return the articles that hold every word of what is asked for, where none holds it as one phrase."""
    words = [word for word in re.findall(r"[\w’'-]+", plan.head) if len(word) > 3]
    held = [set(library.store.count_mentioning([word], plan.filter)) for word in words]
    return set.intersection(*held) if held else set()


def _outlets(plan: Plan, cards: Sequence[ArticleCard], shown: tuple[Citation, ...]) -> Draft:
    told = f" that mention {plan.head}" if plan.head else ""
    names = [card.outlet for card in cards if card.outlet]
    distinct = tuple(dict.fromkeys(names))
    without = len(cards) - len(names)
    unknown = f"; {_counted(without, 'article')} without an outlet" if without else ""
    return Draft(
        shown=shown,
        short_answer=str(len(distinct)),
        signals=Signals(coverage=1.0, exhaustive=True),
        groups=_by_outlet(shown),
        reason=f"Counted: {_counted(len(distinct), 'outlet')} with articles{told}{unknown}.",
        mentions=(plan.head,) if plan.head else (),
    )


def _by_outlet(shown: Sequence[Citation]) -> tuple[Group, ...]:
    places: dict[str, list[int]] = {}
    for position, citation in enumerate(shown):
        places.setdefault(citation.article.outlet or "outlet unknown", []).append(position)
    return tuple(Group(outlet, "", tuple(positions)) for outlet, positions in places.items())


def _mentions(library: Library, plan: Plan) -> Draft:
    """Count how often a name stands in the articles, as whole words; copies of a story once."""
    limits = mentioning(library, (plan.head,), plan.filter)
    if limits is None:
        return Draft(reason=f"No article mentions {plan.head}.")
    last = plan.head.split()[-1] if plan.names else plan.head
    pattern = re.compile(rf"(?<!\w){re.escape(last)}(?!\w)", re.I if last.islower() else 0)
    counts: dict[str, tuple[int, str]] = {}
    for first in range(0, len(limits.articles), _AT_ONCE):
        some = limits.articles[first : first + _AT_ONCE]
        cards, texts = library.store.cards(some), library.store.texts(some)
        # An article that is gone meanwhile is in neither.
        for identity in sorted(cards.keys() & texts.keys()):
            number = len(pattern.findall(texts[identity]))
            counts.setdefault(cards[identity].group or identity, (number, identity))
    total = sum(number for number, _ in counts.values())
    most = [identity for _, identity in sorted(counts.values(), reverse=True)[:SHOWN]]
    known = library.store.cards(most)
    firsts = [known[identity] for identity in most if identity in known]
    return Draft(
        shown=mentions_of(library, firsts, last),
        short_answer=str(total),
        signals=Signals(coverage=1.0, exhaustive=True),
        reason=f"Counted: “{last}” stands {_counted(total, 'time')} in {_counted(len(counts), 'article')};"
        f" {_COPIES}.",
        mentions=(plan.head,),
    )


def _quoted_people(library: Library, plan: Plan) -> Draft:
    """Count everybody with a name whose words the articles quote or report."""
    entries = [entry for entry in read(library, filter=plan.filter) if is_named(entry.speaker)]
    people = [group for group in tally(entries, "speaker") if group.kind not in _BODIES and not group.is_body]
    if not people:
        return Draft(reason="No named person is quoted in the articles read.")
    draft = _named(people, f"Counted: {_counted(len(people), 'person')} with a name whose words are reported")
    return replace(draft, short_answer=str(len(people)))


def _of_statements(library: Library, question: Question, plan: Plan) -> Draft:
    """Count statements of the ledger, who makes them, whom they are about, or the articles they stand in."""
    found = look_up(library, question, plan)
    absent = [
        name
        for name in (plan.speaker, plan.target)
        if name and not found.judging and mentioning(library, (name,), plan.filter) is None
    ]
    if absent:
        return Draft(reason=f"No article mentions {' or '.join(absent)}.")
    entries = _without_copies(found.kept)
    groups = tally(entries, "target" if plan.about == "targets" else "speaker")
    if plan.about in ("speakers", "targets"):
        groups = [group for group in groups if _is_wanted(plan, group)]
        counted = {(entry.article.id, entry.ordinal) for group in groups for entry in group.entries}
        entries = [entry for entry in entries if (entry.article.id, entry.ordinal) in counted]
    articles = {entry.article.group or entry.article.id for entry in entries}
    number = {"statements": len(entries), "articles": len(articles)}.get(plan.about, len(groups))
    nouns = {"statements": "statement", "articles": "article", "targets": "name"}
    noun = nouns.get(plan.about, _NOUNS.get(plan.wanted, "speaker"))
    told = f"Counted: {_counted(number, noun)} ({deed(plan)})"
    draft = _named(groups, told)
    unclear = citations_of(found.unclear)
    left = f"; {len(unclear)} too unclear to count are left out" if unclear else ""
    left += "" if entries else "; some may be missed when articles are read"
    return replace(
        draft,
        shown=across_articles(citations_of(entries))[:SHOWN],
        short_answer=str(number),
        statements=len(entries),
        judging=len(found.judging),
        unclear=unclear[:5],
        notes=found.notes,
        reason=f"{told}; {_COPIES}{left}. It is our count of statements, not a figure from a text.",
        signals=Signals(coverage=_sure(entries), exhaustive=True),
    )


def _is_wanted(plan: Plan, group: TallyGroup) -> bool:
    if plan.wanted is Wanted.PERSON:
        return not group.is_body and group.kind not in _BODIES
    if plan.wanted is Wanted.ORGANISATION:
        return group.is_body or group.kind is MentionKind.ORGANISATION
    return plan.wanted is not Wanted.PLACE or group.kind is MentionKind.PLACE


def _without_copies(entries: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    """Return the entries of one article of each near-duplicate group, each sentence once."""
    owners: dict[str, str] = {}
    kept: dict[tuple[str, int], LedgerEntry] = {}
    for entry in entries:
        group = entry.article.group or entry.article.id
        if owners.setdefault(group, entry.article.id) == entry.article.id:
            kept.setdefault((entry.article.id, entry.statement.start), entry)
    return list(kept.values())


def _sure(entries: Sequence[LedgerEntry]) -> float:
    """Return the mean confidence of the statements; half where none was found, which proves little."""
    if not entries:
        return 0.5
    return round(sum(entry.statement.confidence for entry in entries) / len(entries), 3)


def _named(groups: Sequence[TallyGroup], told: str) -> Draft:
    """Return a draft that opens a count name by name."""
    rows = tuple(
        TallyRow(
            group.name,
            group.statements,
            group.articles,
            citations_of(group.entries),
            rank=1 + sum(other.statements > group.statements for other in groups),
        )
        for group in groups[:ROWS]
    )
    first = tuple(dict.fromkeys(citations_of(group.entries)[0] for group in groups[:SHOWN]))
    return Draft(
        shown=first,
        tally=Tally(counted=told.removeprefix("Counted: "), rows=rows) if rows else None,
        statements=sum(group.statements for group in groups),
        signals=Signals(coverage=1.0, exhaustive=True),
        reason=f"{told}; {_COPIES}.",
    )
