"""The days, months and years that a text names, and whether one bears out another. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from index.patterns import regex

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH = (
    r"(?P<month>Jan(?:uary|\b\.?)|Feb(?:ruary|\b\.?)|Mar(?:ch|\b\.?)|Apr(?:il|\b\.?)|May|June?\b|July?\b"
    r"|Aug(?:ust|\b\.?)|Sept?(?:ember|\b\.?)|Oct(?:ober|\b\.?)|Nov(?:ember|\b\.?)|Dec(?:ember|\b\.?))"
)
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)"
_DAY = r"(?P<day>[12]?\d|3[01])(?:st|nd|rd|th)?"
_PATTERNS = tuple(
    regex(pattern)
    for pattern in (
        rf"\b{_YEAR}-(?P<number>[01]\d)-(?P<day>[0-3]\d)\b",
        rf"\b{_MONTH}\s{_DAY}\b(?![.,]?\d)(?:,?\s{_YEAR}\b)?",
        rf"\b(?:the\s)?{_DAY}\s(?:of\s)?{_MONTH}(?:,?\s{_YEAR}\b)?",
        rf"\b{_MONTH},?\s(?:of\s)?{_YEAR}\b",
        rf"(?<![\d$€£,.])\b{_YEAR}(?!\d|s\b|[.,]\d|\s(?:people|men|women|workers|jobs|soldiers|troops|votes))\b",
        rf"\b{_MONTH.replace('|May', '')}(?![\w-])",
        r"(?<=\b[Ii]n\s)(?P<month>May)\b|(?<=\b[Ll]ast\s)(?P<month2>May)\b",
        r"\b(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b",
        r"\b(?P<relative>yesterday|today|tonight|tomorrow)\b",
    )
)
_RELATIVE = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, or as much of it as a text names; `weekday` counts from Monday, 0.

    `relative` is how many days it lies from the article's own, where the text says only that.
    """

    text: str = ""
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    relative: int | None = None


def moments(text: str) -> list[Moment]:
    """Return what a text names of days, months and years, in order of place; no part is read twice.

    Example:
        >>> [(one.month, one.day) for one in moments("from Nov. 6 to the 9th of December")]
        [(11, 6), (12, 9)]
    """
    return [moment for _, _, moment in placed_moments(text)]


def placed_moments(text: str) -> list[tuple[int, int, Moment]]:
    """Return the same with the place of each."""
    taken: list[tuple[int, int]] = []
    found: list[tuple[int, int, Moment]] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if not any(match.start() < end and start < match.end() for start, end in taken):
                taken.append(match.span())
                found.append((match.start(), match.end(), _moment(match)))
    return sorted(found, key=lambda one: one[0])


def _moment(match: re.Match[str]) -> Moment:
    parts = match.groupdict()
    month = parts.get("month") or parts.get("month2")
    number = _MONTHS.index(month[:3].lower()) + 1 if month else None
    if parts.get("number"):
        number = int(parts["number"]) or None
    weekday = parts.get("weekday")
    relative = parts.get("relative")
    return Moment(
        match.group(),
        int(parts["year"]) if parts.get("year") else None,
        number,
        int(parts["day"]) if parts.get("day") else None,
        _WEEKDAYS.index(weekday.lower()) if weekday else None,
        _RELATIVE[relative.lower()] if relative else None,
    )


def known_moments(text: str, published: str | None) -> list[Moment]:
    """Return the moments of an article's words, each in every way that its own date lets it be read.

    "Thursday" is the last such day and the next; a day without a year is the nearest one. The date of
    publication itself is among them.
    """
    printed = date.fromisoformat(published[:10]) if published else None
    found = [reading for moment in moments(text) for reading in _readings(moment, printed)]
    return [*found, _of(printed)] if printed else found


def _readings(moment: Moment, printed: date | None) -> Iterator[Moment]:
    yield moment
    if printed is None:
        return
    if moment.relative is not None:
        yield _of(printed + timedelta(days=moment.relative))
    elif moment.weekday is not None:
        back = (printed.weekday() - moment.weekday) % 7
        for days in (-back, 7 - back, -back - 7):
            yield _of(printed + timedelta(days=days))
    elif moment.year is None and moment.month is not None:
        for year in (printed.year - 1, printed.year, printed.year + 1):
            if abs((year - printed.year) * 12 + moment.month - printed.month) <= 6:
                yield _with_weekday(replace(moment, year=year))


def _of(day: date) -> Moment:
    return Moment(day.isoformat(), day.year, day.month, day.day, day.weekday(), 0)


def _with_weekday(moment: Moment) -> Moment:
    if moment.year is None or moment.month is None or moment.day is None:
        return moment
    try:
        return replace(moment, weekday=date(moment.year, moment.month, moment.day).weekday())
    except ValueError:
        return moment


def bears_out(held: Moment, claimed: Moment) -> bool:
    """Whether all that is claimed of a day is what the articles say of it.

    Example: 6 November 2025 bears out "November 2025", "Nov. 6" and "Thursday".
    """
    full = _with_weekday(held)
    wanted = [
        (claimed.year, full.year),
        (claimed.month, full.month),
        (claimed.day, full.day),
        (claimed.weekday, full.weekday),
    ]
    if claimed.relative is not None:
        return held.relative == claimed.relative
    return all(mine is None or mine == theirs for mine, theirs in wanted)


def unborne_moments(claimed: Sequence[Moment], held: Sequence[Moment]) -> list[Moment]:
    """Return the claimed moments that none of the articles' bears out."""
    return [one for one in claimed if not any(bears_out(other, one) for other in held)]
