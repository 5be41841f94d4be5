"""What an answer rests on, in numbers and in one line."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.schema import Filter
from index.stores.protocol import Store
from qa.schema import Coverage, Plan


@dataclass(frozen=True, slots=True)
class Counts:
    """How many statements were counted, and how many of these parties' statements judge at all."""

    counted: int = 0
    judging: int = 0


def measure_coverage(store: Store, plan: Plan, names: Sequence[str], counts: Counts) -> Coverage:
    """Count the articles in the library, those read under the filter, and those that mention the names."""
    library = store.articles()
    read = store.articles(plan.filter) if plan.filter != Filter() else library
    groups = {card.id: card.group for card in read}
    wanted = [name for full in names for name in dict.fromkeys((full, full.split()[-1])) if name]
    ids = store.count_mentioning(wanted, plan.filter) if wanted else [card.id for card in read]
    sources = len({groups[article] for article in ids if article in groups})
    dated = bool(plan.filter.published_from or plan.filter.published_to)
    undated = sum(1 for card in read if card.published is None) if dated else 0
    parts = [f"{len(read)} of {_articles(len(library))} read"]
    if names:
        parts.append(f"{len(ids)} mention{'s' if len(ids) == 1 else ''} {_listed(names)}")
    if sources < len(ids):
        parts.append(f"{sources} separate source{'s' if sources != 1 else ''}")
    parts += _statements(plan, counts)
    if undated:
        parts.append(f"{undated} without a date kept under the date filter")
    return Coverage(
        library=len(library),
        read=len(read),
        mentioning=len(ids),
        sources=sources,
        statements=counts.counted,
        judging=counts.judging,
        undated=undated,
        text=", ".join(parts),
    )


def _statements(plan: Plan, counts: Counts) -> list[str]:
    """Say how many statements judge the parties of the question and how many of them answer it."""
    if not counts.judging:
        return [f"{_statement(counts.counted)} counted"] if counts.counted else []
    verb = "judges" if counts.judging == 1 else "judge"
    whom = f" {plan.target}" if plan.target else " somebody"
    who = f" of {plan.speaker}" if plan.speaker else ""
    return [f"{_statement(counts.judging)}{who} {verb}{whom}", f"{counts.counted} counted"]


def _statement(count: int) -> str:
    return f"{count} statement{'s' if count != 1 else ''}"


def _articles(count: int) -> str:
    return f"{count} article{'s' if count != 1 else ''}"


def _listed(names: Sequence[str]) -> str:
    return " or ".join(names)
