"""Times that a question limits itself to: "in the articles dated July 2016", "since March 2016". Pure."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from qa.names import MONTHS

_ARTICLES = (
    r"(?:articles?|commentar(?:y|ies)|reports?|stor(?:y|ies)|pieces?|columns?|op-?eds?|coverage"
    r"|dispatch|analysis|explainers?|features?|profiles?|editorials?)"
)
_MONTH = rf"(?P<month>{'|'.join(MONTHS)})"
_WHEN = rf"(?:{_MONTH} )?(?:(?P<day>[0-3]?\d)(?:st|nd|rd|th)?,? )?(?P<year>(?:19|20)\d\d)"
_OF_ARTICLES = re.compile(
    rf"\b(?:the )?{_ARTICLES} (?:dated|from|of|published in|published on|in) {_WHEN}\b", re.I
)
_DATED = re.compile(rf"\b{_WHEN} (?={_ARTICLES}\b)", re.I)
_OF_STATEMENTS = re.compile(
    rf"\s*,?\s*\b(?P<how>in|during|on|since|after|before|until) (?:early |late |the month of )?(?:"
    rf"{_WHEN}|{_MONTH.replace('month', 'bare')})(?=\s*(?:[?.,!]|and\b|$)|$)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Period:
    """Dates (ISO, inclusive) read from a question, a note for the reader, and the question without them."""

    first: str | None
    last: str | None
    notes: tuple[str, ...]
    rest: str


def names_month(text: str) -> bool:
    """Whether a question names a month that may limit what is counted."""
    return _OF_STATEMENTS.search(text) is not None


def read_article_dates(text: str, *, of_outlet: bool = False) -> Period:
    """Read "articles dated July 2016" and the like; a month that is not about articles is left alone.

    Args:
        text: The question.
        of_outlet: The question names an outlet, so that "its July 2016 report" is an article of that month.
            Without one it may be anybody's report or column.
    """
    found = _OF_ARTICLES.search(text)
    if found:
        rest = text[: found.start()] + "articles" + text[found.end() :]
    else:
        found = _DATED.search(text) if of_outlet else None
        rest = text[: found.start()] + text[found.end() :] if found else text
    if not found:
        return Period(None, None, (), text)
    first, last = _span(found)
    return Period(first, last, (f"only articles of {_named(found)}",), rest)


def read_statement_dates(text: str, newest: str | None) -> Period:
    """Read when statements are to be counted: "in July 2016", "since March", "before May 2, 2016".

    Args:
        text: The question.
        newest: ISO date of the library's newest article: a month without a year is the last one up to it.
    """
    found = _OF_STATEMENTS.search(text)
    if not found or (found.group("bare") and not newest):
        return Period(None, None, (), text)
    if found.group("bare"):
        first, last, named = _last_month(found.group("bare"), newest or "")
    else:
        (first, last), named = _span(found), _named(found)
    how = found.group("how").lower()
    rest = f"{text[: found.start()]}{text[found.end() :]}"
    if how in ("since", "after"):
        begin = first if how == "since" else _shifted(last, 1)
        return Period(begin, None, (f"only articles {how} {named}",), rest)
    if how in ("before", "until"):
        end = last if how == "until" else _shifted(first, -1)
        return Period(None, end, (f"only articles {how} {named}",), rest)
    return Period(first, last, (f"only articles of {named}",), rest)


def _shifted(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _span(found: re.Match[str]) -> tuple[str, str]:
    year, month, day = int(found.group("year")), found.group("month"), found.group("day")
    if not month:
        return f"{year}-01-01", f"{year}-12-31"
    number = _number(month)
    if day and 1 <= int(day) <= monthrange(year, number)[1]:
        one = date(year, number, int(day)).isoformat()
        return one, one
    return f"{year}-{number:02d}-01", f"{year}-{number:02d}-{monthrange(year, number)[1]}"


def _last_month(month: str, newest: str) -> tuple[str, str, str]:
    number, year = _number(month), int(newest[:4])
    if number > int(newest[5:7]):
        year -= 1
    last = monthrange(year, number)[1]
    return f"{year}-{number:02d}-01", f"{year}-{number:02d}-{last}", f"{MONTHS[number - 1]} {year}"


def _number(month: str) -> int:
    return [name.lower() for name in MONTHS].index(month.lower()) + 1


def _named(found: re.Match[str]) -> str:
    parts = [found.group("month") or "", found.group("day") or "", found.group("year")]
    return " ".join(part for part in parts if part)
