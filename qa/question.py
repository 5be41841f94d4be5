"""Question -> Plan: what is asked, about whom, in which direction, within which articles. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from index.schema import Filter
from qa.kinds.articles import read_metadata
from qa.kinds.comparisons import read_comparison
from qa.kinds.facts import read_fact
from qa.kinds.quotes import read_quote
from qa.outlets import read_outlets
from qa.periods import Period, read_article_dates, read_statement_dates
from qa.schema import Plan, Question
from qa.stance_questions import read_statements

__all__ = ["KnownNames", "plan", "read_fact"]

_REQUEST = re.compile(
    r"^(?:please )?(?:(?:list|name|show|find|tell|give)\b(?: me)?(?: all| every| the)?"
    r"(?: ?one| people| persons| those| of those| politicians)? )who ",
    re.I,
)
"""Requests that are questions: "list everyone who praised X" asks who praised X."""


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
    text = _REQUEST.sub("Who ", " ".join(question.text.split()))
    outlets = read_outlets(text, known.outlets)
    dates = read_article_dates(outlets.rest, of_outlet=bool(outlets.names))
    readers: tuple[Callable[[str], Plan | None], ...] = (
        read_metadata,
        read_comparison,
        read_statements,
        read_quote,
    )
    found = next((result for reader in readers if (result := reader(dates.rest)) is not None), None)
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
