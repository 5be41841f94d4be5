"""Question -> Plan: what is asked, about whom, in which direction, within which articles. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from index.schema import Filter
from qa.kinds.articles import read_metadata
from qa.kinds.comparisons import read_comparison
from qa.kinds.counts import read_count
from qa.kinds.facts import read_fact
from qa.kinds.lists import read_list
from qa.kinds.quotes import read_quote
from qa.kinds.requests import as_question
from qa.kinds.summaries import read_argument, read_summary
from qa.kinds.times import read_time
from qa.outlets import read_outlets
from qa.periods import Period, read_article_dates, read_statement_dates
from qa.schema import Plan, Question
from qa.stance_questions import read_statements

__all__ = ["KnownNames", "plan", "read_fact"]


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Names of the library that questions are read against, and the day of its newest article (ISO)."""

    outlets: tuple[str, ...] = ()
    newest: str | None = None


def plan(question: Question, known: KnownNames) -> Plan:
    """Turn a question into a plan.

    Outlets and article dates become filters; then the first reader that recognises the question decides
    its kind, and a question that none recognises is a question of fact.
    """
    text = as_question(" ".join(question.text.split()))
    compared = read_comparison(text, known.outlets)
    # The outlets that a comparison names are its sides, no limit.
    outlets = read_outlets("" if compared else text, known.outlets)
    dates = read_article_dates(outlets.rest, of_outlet=bool(outlets.names))
    readers: tuple[Callable[[str], Plan | None], ...] = (
        read_count,
        read_metadata,
        read_summary,
        read_argument,
        lambda words: read_time(words, known.newest),
        read_statements,
        read_quote,
        read_list,
    )
    found = compared or next((read for reader in readers if (read := reader(dates.rest)) is not None), None)
    if found and found.ranked and not dates.notes:
        counted = read_statement_dates(dates.rest, known.newest)
        again = read_statements(counted.rest) if counted.notes else None
        found, dates = (again, counted) if again else (found, dates)
    result = found or read_fact(dates.rest)
    return replace(
        result,
        filter=_narrow(question.filter, outlets.names, dates),
        notes=outlets.notes + dates.notes,
    )


def _narrow(chosen: Filter, outlets: tuple[str, ...], dates: Period) -> Filter:
    """Add what the question says to what the reader chose; the reader's own choice is never widened."""
    narrowed = chosen
    if outlets and not chosen.outlets:
        narrowed = replace(narrowed, outlets=outlets)
    if (dates.first or dates.last) and not (chosen.published_from or chosen.published_to):
        narrowed = replace(narrowed, published_from=dates.first, published_to=dates.last)
    return narrowed
