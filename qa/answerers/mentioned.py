"""Who and what the articles name: "which companies are mentioned?", "which people are quoted?"."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from index.ledger import read, tally
from index.library import Library
from index.schema import ArticleCard, MentionKind
from index.statements.names import is_named
from qa.answerers.citing import citations_of
from qa.answerers.draft import Draft, Signals
from qa.answerers.metadata import articles_meant
from qa.schema import Citation, Group, Plan, Question, Wanted
from qa.settings import AnswerSettings

LISTED = 25
READ = 50
"""Articles whose names are read, the newest first."""
_KINDS = {
    Wanted.PERSON: MentionKind.PERSON,
    Wanted.ORGANISATION: MentionKind.ORGANISATION,
    Wanted.PLACE: MentionKind.PLACE,
}


@dataclass(slots=True)
class _Tally:
    """One name: how often it stands in the articles read, in how many, and where first."""

    name: str
    times: int
    articles: set[str]
    card: ArticleCard
    start: int


def answer_mentioned(library: Library, question: Question, plan: Plan, settings: AnswerSettings) -> Draft:
    """List the names of the kind asked for in the article meant, or in all articles under the filter."""
    started = perf_counter()
    meant = articles_meant(library, question, plan, settings.search)[:1] if plan.terms else []
    if plan.terms and not meant:
        return Draft(reason="No article fits the question.", retrieve_ms=_since(started))
    cards = meant or library.store.articles(plan.filter)
    if plan.about == "quoted":
        return _quoted(library, plan, cards, started)
    found = sorted(
        _count(library, plan, cards[:READ]), key=lambda one: (-len(one.articles), -one.times, one.name)
    )
    if not found:
        return Draft(reason=f"No {plan.head} were found by name.", retrieve_ms=_since(started))
    kept = found[:LISTED]
    shown, groups = _where(library, kept)
    left = f"; {len(found) - LISTED} more are named less often" if len(found) > LISTED else ""
    return Draft(
        shown=shown,
        groups=groups,
        short_answers=tuple(one.name for one in kept),
        signals=Signals(coverage=1.0, exhaustive=True),
        reason=f"Named in {_articles(cards[:READ], len(cards))}, most often first{left}.",
        retrieve_ms=_since(started),
    )


def _articles(read_: Sequence[ArticleCard], of: int) -> str:
    if len(read_) == 1:
        return f"“{read_[0].title}”"
    return f"{len(read_)} articles" if len(read_) == of else f"the {len(read_)} newest of {of:,} articles"


def _count(library: Library, plan: Plan, cards: Sequence[ArticleCard]) -> list[_Tally]:
    kind = _KINDS.get(plan.wanted)
    counts: dict[str, _Tally] = {}
    for card in cards:
        for one in library.store.mentions(card.id):
            if one.kind is not kind or one.name in card.authors:
                continue
            name = one.name.removeprefix("the ").removeprefix("The ")
            found = counts.setdefault(name.lower(), _Tally(name, 0, set(), card, one.start))
            found.times += 1
            found.articles.add(card.group or card.id)
    return list(counts.values())


def _where(library: Library, names: Sequence[_Tally]) -> tuple[tuple[Citation, ...], tuple[Group, ...]]:
    """Return the first sentence of each name, each once, and the names of each sentence as its group."""
    labels: dict[Citation, list[str]] = {}
    for one in names:
        sentence = next(
            (part for part in library.store.sentences(one.card.id) if part.start <= one.start < part.end),
            None,
        )
        if sentence is not None:
            text = library.store.text(one.card.id)
            quote = text[sentence.start : sentence.end]
            labels.setdefault(Citation(one.card, sentence.start, sentence.end, quote), []).append(one.name)
    groups = tuple(
        Group(", ".join(named), citation.article.outlet or "", (position,))
        for position, (citation, named) in enumerate(labels.items())
    )
    return tuple(labels), groups


def _quoted(library: Library, plan: Plan, cards: Sequence[ArticleCard], started: float) -> Draft:
    """List everybody whose words the articles report, most statements first, each with one of them."""
    ids = {card.id for card in cards}
    entries = [
        entry
        for entry in read(library, filter=plan.filter)
        if entry.article.id in ids and is_named(entry.speaker)
    ]
    bodies = plan.wanted is Wanted.ORGANISATION
    groups = [
        group
        for group in tally(entries, "speaker")
        if (group.is_body or group.kind is MentionKind.ORGANISATION) == bodies
    ][:LISTED]
    if not groups:
        return Draft(reason=f"No {plan.head} are quoted by name.", retrieve_ms=_since(started))
    first = {group.name: citations_of(group.entries)[0] for group in groups}
    shown = tuple(dict.fromkeys(first.values()))
    return Draft(
        shown=shown,
        groups=tuple(
            Group(", ".join(name for name, own in first.items() if own == one), "", (position,))
            for position, one in enumerate(shown)
        ),
        short_answers=tuple(first),
        statements=sum(group.statements for group in groups),
        signals=Signals(coverage=1.0, exhaustive=True),
        reason=f"Their words are reported in {_articles(cards, len(cards))}, most often first.",
        retrieve_ms=_since(started),
    )


def _since(started: float) -> float:
    return (perf_counter() - started) * 1000
