"""Days that a text names, resolved against the day its article appeared: "Nov. 6", "on Thursday". Pure."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from index.patterns import regex
from qa.days import day_meant
from qa.names import MONTHS

_NUMBER = {name.lower(): n for n, name in enumerate(MONTHS, start=1)}
_NUMBER |= {name[:3]: n for name, n in list(_NUMBER.items())} | {"sept": 9}
_MONTH = rf"(?P<month>{'|'.join(MONTHS)}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_DATE = regex(
    rf"\b(?:(?P<early>[0-3]?\d)(?:st|nd|rd|th)? (?:of )?)?{_MONTH}"
    r"(?: (?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b(?!,\d))?"
    r"(?:,? (?:of )?(?P<year>(?:1[5-9]|20)\d\d)\b)?"
    r"|\b(?:in|of|since|until|by|during|before|after) (?P<alone>(?:1[5-9]|20)\d\d)\b"
    r"|\b(?P<iso>(?:19|20)\d\d-[01]\d-[0-3]\d)\b"
)
_WEEKDAY = regex(
    r"\b(?:on |late |early |last |this past )*(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
    r"(?: (?:morning|afternoon|evening|night))?|\b(?:today|yesterday)\b",
    re.I,
)
_SPAN = regex(r"\b(?P<which>last|this|earlier this|later this) (?P<unit>week|month|year)\b", re.I)
_MAY = regex(r"\b(?:in|of|since|until|by|during|before|after|last|early|late|mid|every|this)[ -]$", re.I)
_TO_COME = regex(
    r"\b(?:will|would|due|next|until|till|by|starting|beginning|expected|scheduled|planned|set for)\b[^.;]*$",
    re.I,
)
_AHEAD_DAYS = 120
"""A month without a year that lies farther ahead of its article is the past year's."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """A time that a text names: its place in the text and the first and last day that it can be."""

    start: int
    end: int
    first: date
    last: date

    @property
    def is_day(self) -> bool:
        """Whether it is one day."""
        return self.first == self.last


def occasions_in(text: str, published: str | None) -> tuple[Occasion, ...]:
    """Return every time that a text names and that can be resolved, in order.

    Args:
        text: A sentence, or a question.
        published: The day its article appeared (ISO), by which "Nov. 6" has a year and "Thursday" a date;
            without it only full dates count.
    """
    printed = date.fromisoformat(published[:10]) if published else None
    found = [one for match in _DATE.finditer(text) if (one := _dated(text, match, printed))]
    if printed and published:
        for match in _WEEKDAY.finditer(text):
            day = day_meant(match.group(), text[: match.start()], published)
            if day and not any(one.start <= match.end() + 2 and match.start() < one.end for one in found):
                found.append(Occasion(match.start(), match.end(), day, day))
        found += [_span(match, printed) for match in _SPAN.finditer(text)]
    return tuple(sorted(found, key=lambda one: one.start))


def names_day(text: str) -> bool:
    """Whether a text names a month, a day or a year that may be a time."""
    return _DATE.search(text) is not None


def day_of(text: str, published: str | None) -> Occasion | None:
    """Return the most exact time that a sentence names, the first of several; None where it names none."""
    found = occasions_in(text, published)
    return min(found, key=lambda one: (one.last - one.first, one.start), default=None)


def _dated(text: str, match: re.Match[str], printed: date | None) -> Occasion | None:
    if match.group("iso"):
        return _iso(match)
    if match.group("alone"):
        year = int(match.group("alone"))
        start = match.start("alone")
        return Occasion(start, match.end(), date(year, 1, 1), date(year, 12, 31))
    month = _NUMBER[match.group("month").rstrip(".").lower()]
    written = match.group("day") or match.group("early")
    if not written and not match.group("year") and not _is_month(text, match):
        return None
    year = int(match.group("year")) if match.group("year") else _year_near(text, match, printed)
    if year == 0:
        return None
    last = monthrange(year, month)[1]
    if written and 1 <= int(written) <= last:
        day = date(year, month, int(written))
        return Occasion(match.start(), match.end(), day, day)
    return Occasion(match.start(), match.end(), date(year, month, 1), date(year, month, last))


def _iso(match: re.Match[str]) -> Occasion | None:
    try:
        day = date.fromisoformat(match.group("iso"))
    except ValueError:
        return None
    return Occasion(match.start(), match.end(), day, day)


def _is_month(text: str, match: re.Match[str]) -> bool:
    """Whether a month's name alone is a time: "may" and "march" are words, "in May" is not."""
    return match.group("month")[0].isupper() and bool(
        _MAY.search(text[: match.start()]) or match.group("month") not in ("May", "March", "August", "April")
    )


def _year_near(text: str, match: re.Match[str], printed: date | None) -> int:
    """Return the year of a month without one; 0 where the article's own day is unknown.

    It is the one that ends with the article, or that comes after it where the words speak of what is to come.
    """
    if printed is None:
        return 0
    month, written = _NUMBER[match.group("month").rstrip(".").lower()], match.group("day")
    day = min(int(written or match.group("early") or 1) or 1, monthrange(printed.year, month)[1])
    this = date(printed.year, month, day)
    if this > printed + timedelta(days=_AHEAD_DAYS):
        return printed.year - 1
    if this < printed - timedelta(days=31) and _TO_COME.search(
        text[max(match.start() - 60, 0) : match.start()]
    ):
        return printed.year + 1
    return printed.year


def _span(match: re.Match[str], printed: date) -> Occasion:
    which, unit = match.group("which").lower(), match.group("unit").lower()
    if unit == "week":
        monday = printed - timedelta(days=printed.weekday() + (7 if which == "last" else 0))
        return Occasion(match.start(), match.end(), monday, monday + timedelta(days=6))
    if unit == "year":
        year = printed.year - (which == "last")
        return Occasion(match.start(), match.end(), date(year, 1, 1), date(year, 12, 31))
    first = printed.replace(day=1)
    if which == "last":
        first = (first - timedelta(days=1)).replace(day=1)
    end = first.replace(day=monthrange(first.year, first.month)[1])
    return Occasion(match.start(), match.end(), first, end)
