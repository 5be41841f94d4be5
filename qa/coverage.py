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
    library = store.extent()
    read = store.extent(plan.filter) if plan.filter != Filter() else library
    wanted = [name for full in names for name in dict.fromkeys((full, full.split()[-1])) if name]
    holding = store.extent_mentioning(wanted, plan.filter) if wanted else read
    dated = bool(plan.filter.published_from or plan.filter.published_to)
    undated = read.undated if dated else 0
    parts = [f"{read.articles} of {_articles(library.articles)} read"]
    if names:
        parts.append(f"{holding.articles} mention{'s' if holding.articles == 1 else ''} {_listed(names)}")
    if holding.stories < holding.articles:
        parts.append(f"{holding.stories} separate source{'s' if holding.stories != 1 else ''}")
    parts += _statements(plan, counts)
    if undated:
        parts.append(f"{undated} without a date kept under the date filter")
    return Coverage(
        library=library.articles,
        read=read.articles,
        mentioning=holding.articles,
        sources=holding.stories,
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
