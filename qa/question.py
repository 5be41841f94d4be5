"""Question -> Plan: what is asked, about whom, in which direction, within which articles. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from qa.constraints import narrowed
from qa.kinds.articles import read_metadata
from qa.kinds.comparisons import read_comparison
from qa.kinds.counts import read_count
from qa.kinds.facts import read_fact
from qa.kinds.lists import read_list
from qa.kinds.parts import read_parts
from qa.kinds.quotes import read_quote
from qa.kinds.requests import as_question
from qa.kinds.summaries import read_argument, read_summary
from qa.kinds.times import read_time
from qa.outlets import read_outlets
from qa.periods import read_article_dates, read_statement_dates
from qa.schema import Kind, Plan, Question, Wanted
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
    its kind, and a question that none recognises is a question of fact. Of a question of several parts only
    these are read: each becomes a plan of its own when it is asked.
    """
    parts = () if question.choices else read_parts(question.text)
    if parts:
        return Plan(Kind.PARTS, Wanted.ENTITY, many=True, parts=parts, filter=question.filter)
    text = as_question(" ".join(question.text.split()))
    compared = read_comparison(text, known.outlets)
    # The outlets that a comparison names are its sides, no limit.
    outlets = read_outlets("" if compared else text, known.outlets)
    today = question.asked_on.isoformat() if question.asked_on else known.newest
    dates = read_article_dates(outlets.rest, of_outlet=bool(outlets.names), today=today)
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
    found = compared or _first_read(readers, dates.rest)
    if found and not dates.notes and (_counts_articles(found) or found.kind in _SAID):
        counted = read_statement_dates(dates.rest, today)
        # "in May" may be what the words are about; "before May" says when they were said.
        limits_words = bool(counted.notes) and (
            _counts_articles(found) or not (counted.first and counted.last)
        )
        again = _first_read(readers, counted.rest) if limits_words else None
        found, dates = (again, counted) if again and again.kind is found.kind else (found, dates)
    limits, constraints, notes = narrowed(question.filter, outlets, dates, question.without)
    return replace(found or read_fact(dates.rest), filter=limits, constraints=constraints, notes=notes)


def _first_read(readers: Sequence[Callable[[str], Plan | None]], text: str) -> Plan | None:
    return next((read for reader in readers if (read := reader(text)) is not None), None)


_SAID = (Kind.STATEMENTS, Kind.QUOTE)


def _counts_articles(read: Plan) -> bool:
    """Whether a time that the question names is that of the articles it is about, not of one fact."""
    listed = read.kind is Kind.METADATA and read.about in ("articles", "count")
    return read.ranked or listed or read.kind in (Kind.COUNT, Kind.SUMMARY)
