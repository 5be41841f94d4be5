"""Times that a question limits itself to: "in the articles dated July 2016", "since March". Pure."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from index.patterns import regex
from qa.names import MONTHS

_ARTICLES = (
    r"(?:articles?|commentar(?:y|ies)|reports?|stor(?:y|ies)|pieces?|columns?|op-?eds?|coverage"
    r"|dispatch|analysis|explainers?|features?|profiles?|editorials?)"
)
_MONTH = rf"(?P<month>{'|'.join(MONTHS)})"
_WHEN = rf"(?:{_MONTH} )?(?:(?P<day>[0-3]?\d)(?:st|nd|rd|th)?,? )?(?P<year>(?:19|20)\d\d)"
_OF_ARTICLES = regex(
    rf"\b(?:the )?{_ARTICLES} (?:dated|from|of|published in|published on|in) {_WHEN}\b", re.I
)
_DATED = regex(rf"\b{_WHEN} (?={_ARTICLES}\b)", re.I)
_END = r"(?=\s*(?:[?.,!]|and\b|$)|$)"
_OF_STATEMENTS = regex(
    rf"\s*,?\s*\b(?P<how>in|during|on|since|after|before|until) (?:early |late |the month of )?(?:"
    rf"{_WHEN}|{_MONTH.replace('month', 'bare')}){_END}",
    re.I,
)
_OF_NOW = (
    r"(?P<now>today|yesterday|(?:in |during |over |within )?(?:the )?(?P<which>this|last|past) "
    r"(?P<unit>week|month|year))"
)
_BETWEEN = (
    r"(?:between|from) (?:(?P<day1>[0-3]?\d)(?:st|nd|rd|th)? )?(?:(?P<month1>MONTH) )?"
    r"(?:(?P<day1b>[0-3]?\d)(?:st|nd|rd|th)?,? )?(?:(?P<year1>(?:19|20)\d\d) )?(?:and|to|until) "
    r"(?:(?P<day2>[0-3]?\d)(?:st|nd|rd|th)? )?(?:(?P<month2>MONTH)\b)?"
    r"(?: ?(?P<day2b>[0-3]?\d)(?:st|nd|rd|th)?\b)?(?:,? (?P<year2>(?:19|20)\d\d))?"
).replace("MONTH", "|".join(MONTHS))
_RELATIVE = regex(rf"\s*,?\s*\b(?:{_OF_NOW}|{_BETWEEN}){_END}", re.I)
_LATEST_ARTICLES = regex(
    rf"\b(?:the )?{_ARTICLES}(?: (?:dated|from|of|published|in|on))? (?:{_OF_NOW}|{_BETWEEN})\b", re.I
)
_WEEKS_ARTICLES = regex(
    r"\b(?P<now>today|yesterday|(?P<which>this|last) (?P<unit>week|month|year))['’]s "
    rf"(?={_ARTICLES}\b|news\b)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Period:
    """Dates (ISO, inclusive) read from a question.

    Attributes:
        first, last: The days; None for no limit on that side.
        notes: A note for the reader.
        rest: The question without the words that set the dates.
        words: Those words.
    """

    first: str | None
    last: str | None
    notes: tuple[str, ...]
    rest: str
    words: str = ""


def names_month(text: str) -> bool:
    """Whether a question names a time without its year, such as a month or "last week"."""
    return any(
        pattern.search(text) for pattern in (_OF_STATEMENTS, _RELATIVE, _LATEST_ARTICLES, _WEEKS_ARTICLES)
    )


def read_article_dates(text: str, *, of_outlet: bool = False, today: str | None = None) -> Period:
    """Read "articles dated July 2016" and the like; a month that is not about articles is left alone.

    Args:
        text: The question.
        of_outlet: The question names an outlet, so that "its July 2016 report" is an article of that month.
            Without one it may be anybody's report or column.
        today: ISO date that "last week" is read against; without it such words are left alone.
    """
    found = _OF_ARTICLES.search(text)
    if found:
        rest = text[: found.start()] + "articles" + text[found.end() :]
    else:
        found = _DATED.search(text) if of_outlet else None
        rest = text[: found.start()] + text[found.end() :] if found else text
    if not found:
        return _read_latest(text, today)
    first, last = _span(found)
    words = " ".join(found.group().split())
    return Period(first, last, (f"only articles of {_named(found)}",), rest, words)


def _read_latest(text: str, today: str | None) -> Period:
    """Read "articles from last week", "yesterday’s reports", "articles between 3 and 5 May"."""
    for pattern, instead in ((_LATEST_ARTICLES, "articles"), (_WEEKS_ARTICLES, "")):
        found = pattern.search(text)
        days = _relative_days(found, today) if found else None
        if found and days:
            rest = " ".join(f"{text[: found.start()]}{instead}{text[found.end() :]}".split())
            return _period(days, found, rest)
    return Period(None, None, (), text)


def _read_relative(text: str, today: str | None) -> Period:
    """Read "last week", "yesterday", "between March and May" where a question ends with it."""
    found = _RELATIVE.search(text)
    days = _relative_days(found, today) if found else None
    if not found or not days:
        return Period(None, None, (), text)
    return _period(days, found, f"{text[: found.start()]}{text[found.end() :]}")


def _period(days: tuple[date, date], found: re.Match[str], rest: str) -> Period:
    first, last = (day.isoformat() for day in days)
    words = " ".join(found.group().strip(" ,").split())
    note = f"“{words}” read as articles of {first}" + (f" to {last}" if last != first else "")
    return Period(first, last, (note,), rest, words)


def _relative_days(found: re.Match[str], today: str | None) -> tuple[date, date] | None:
    """Return the first and last day meant; None where that cannot be told."""
    if not today:
        return None
    now = date.fromisoformat(today[:10])
    if found.groupdict().get("now"):
        return _days_of(found.group("now").lower(), (found.group("which") or "").lower(), found, now)
    return _days_between(found, now)


def _days_of(words: str, which: str, found: re.Match[str], now: date) -> tuple[date, date]:
    """Return the days of "yesterday", "this week" (from Monday on), "last month", "the past year"."""
    if not which:
        day = now - timedelta(days=words == "yesterday")
        return day, day
    unit = found.group("unit").lower()
    if which == "past":
        return now - timedelta(days={"week": 7, "month": 31, "year": 366}[unit] - 1), now
    begin = {
        "week": now - timedelta(days=now.weekday()),
        "month": now.replace(day=1),
        "year": now.replace(month=1, day=1),
    }[unit]
    if which == "this":
        return begin, now
    end = begin - timedelta(days=1)
    return {
        "week": begin - timedelta(days=7),
        "month": end.replace(day=1),
        "year": end.replace(month=1, day=1),
    }[unit], end


def _days_between(found: re.Match[str], now: date) -> tuple[date, date] | None:
    """Return the days of "between 3 and 5 May", "from March 30 to April 2"; a missing year is the last."""
    parts = found.groupdict()
    month1, month2 = parts["month1"] or parts["month2"], parts["month2"] or parts["month1"]
    day1, day2 = parts["day1"] or parts["day1b"], parts["day2"] or parts["day2b"]
    if not month1 or not month2 or (day1 is None) != (day2 is None):
        return None
    first, last = _number(month1), _number(month2)
    end_year = int(parts["year2"] or now.year - (last > now.month))
    if parts["year1"] and not parts["year2"]:
        end_year = int(parts["year1"]) + (first > last)
    begin_year = int(parts["year1"]) if parts["year1"] else end_year - (first > last)
    try:
        begin = date(begin_year, first, int(day1 or 1))
        end = date(end_year, last, int(day2 or monthrange(end_year, last)[1]))
    except ValueError:
        return None
    return (begin, end) if begin <= end else None


def read_statement_dates(text: str, newest: str | None) -> Period:
    """Read when statements are to be counted: "in July 2016", "since March", "last week", "from 3 to 5 May".

    Args:
        text: The question.
        newest: ISO date of today or of the newest article: a month without a year is the last one up to it.
    """
    found = _OF_STATEMENTS.search(text)
    if not found or (found.group("bare") and not newest):
        return _read_relative(text, newest)
    words = " ".join(found.group().strip(" ,").split())
    if found.group("bare"):
        first, last, named = _last_month(found.group("bare"), newest or "")
    else:
        (first, last), named = _span(found), _named(found)
    how = found.group("how").lower()
    rest = f"{text[: found.start()]}{text[found.end() :]}"
    if how in ("since", "after"):
        begin = first if how == "since" else _shifted(last, 1)
        return Period(begin, None, (f"only articles {how} {named}",), rest, words)
    if how in ("before", "until"):
        end = last if how == "until" else _shifted(first, -1)
        return Period(None, end, (f"only articles {how} {named}",), rest, words)
    return Period(first, last, (f"only articles of {named}",), rest, words)


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
