"""Publication dates as pages print them, as ISO 8601. Pure; an unclear date is None, never a guess."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from index.patterns import regex

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_ZONES = {
    "et": "America/New_York",
    "est": "America/New_York",
    "edt": "America/New_York",
    "eastern": "America/New_York",
    "ct": "America/Chicago",
    "cst": "America/Chicago",
    "cdt": "America/Chicago",
    "mt": "America/Denver",
    "mst": "America/Denver",
    "mdt": "America/Denver",
    "pt": "America/Los_Angeles",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
    "bst": "Europe/London",
    "cet": "Europe/Paris",
    "cest": "Europe/Paris",
    "eet": "Europe/Athens",
    "eest": "Europe/Athens",
    "msk": "Europe/Moscow",
    "jst": "Asia/Tokyo",
    "hkt": "Asia/Hong_Kong",
    "sgt": "Asia/Singapore",
    "aest": "Australia/Sydney",
    "aedt": "Australia/Sydney",
    "nzst": "Pacific/Auckland",
    "nzdt": "Pacific/Auckland",
    "gmt": "UTC",
    "utc": "UTC",
    "z": "UTC",
}
"""Zone names as pages print them. A page that writes EST in July means the local time of its newsroom."""

_MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>[0-3]?\d)"
_ZONE = r"(?:\s?\(?(?P<zone>[A-Za-z]{1,7})\b\)?)?"
_CLOCK = regex(
    r"(?<![\d:])(?P<hour>[0-2]?\d)[:.h](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?"
    r"\s{0,2}(?P<half>[ap]\.?\s?m\b\.?)?"
    + _ZONE
    + r"|(?<![\d:])(?P<bare>1[0-2]|0?[1-9])\s?(?P<bare_half>[ap]\.?m\b\.?)"
    + r"(?:\s?(?P<bare_zone>[A-Za-z]{1,7})\b)?",
    re.IGNORECASE,
)
_ISO = regex(
    r"(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)"
    r"(?:[T ](?P<hour>[0-2]\d):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:[.,]\d{1,9})?)?"
    r"\s?(?P<offset>Z|[+-]\d\d:?\d\d)?)?(?![\d-])",
    re.IGNORECASE,
)
_WRITTEN = (
    regex(rf"\b{_MONTH}\s{{1,3}}{_DAY}(?:st|nd|rd|th)?,?\s{{1,3}}{_YEAR}\b", re.IGNORECASE),
    regex(rf"\b{_DAY}(?:st|nd|rd|th)?\s{{1,3}}(?:of\s)?{_MONTH},?\s{{1,3}}{_YEAR}\b", re.IGNORECASE),
    regex(rf"\b{_DAY}-{_MONTH}-{_YEAR}\b", re.IGNORECASE),
)
_NUMERIC = regex(r"(?<![\d./-])(?P<first>\d{1,2})[./](?P<second>\d{1,2})[./](?P<year>(?:19|20)\d\d)(?![\d])")
_NUMERIC_YEAR_FIRST = regex(r"(?<![\d/])(?P<year>(?:19|20)\d\d)/(?P<month>\d{1,2})/(?P<day>\d{1,2})(?!\d)")
_URL_DATES = (
    regex(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?:/|-|$)"),
    regex(r"/((?:19|20)\d\d)/([a-z]{3})/(\d{1,2})(?:/|$)", re.IGNORECASE),
    regex(r"[/_-]((?:19|20)\d\d)(\d\d)(\d\d)(?:[/_.-]|$)"),
)

EARLIEST = date(1800, 1, 1)


@dataclass(frozen=True, slots=True)
class Found:
    """A date found in a text: its ISO form and the characters it covers, clock time included."""

    iso: str
    start: int
    end: int


def find_date(text: str) -> Found | None:
    """Find the first complete date in `text` with the clock time that follows it, if one does.

    Example:
        >>> find_date("Nov. 7, 2025, 5:14 p.m. ET").iso
        '2025-11-07T17:14:00-05:00'
    """
    text = text[:2000]
    candidates = [found for found in (_find_iso(text), _find_written(text), _find_numeric(text)) if found]
    return min(candidates, key=lambda found: found.start, default=None)


def parse_date(value: str) -> str | None:
    """Return the ISO form of a value that is a date, possibly with words around it; None if it is unclear."""
    found = find_date(value)
    return found.iso if found else None


def from_timestamp(seconds: float) -> str | None:
    """Return the ISO form of seconds (or milliseconds) since 1970, UTC; None outside 1990 to 2100."""
    if seconds > 1e11:
        seconds /= 1000
    if not 631_152_000 <= seconds < 4_102_444_800:
        return None
    return datetime.fromtimestamp(int(seconds), UTC).isoformat()


def date_in_url(url: str) -> str | None:
    """Return the date in a url's path ("/2025/11/07/"), None if there is none.

    Example:
        >>> date_in_url("https://www.example.com/2025/11/07/world/story.html")
        '2025-11-07'
    """
    path = url[:2000].split("?", 1)[0].split("#", 1)[0]
    for pattern in _URL_DATES:
        match = pattern.search(path)
        if match:
            month = _MONTHS.get(match[2].lower(), 0) if match[2].isalpha() else int(match[2])
            day = _valid_date(int(match[1]), month, int(match[3]))
            if day:
                return day.isoformat()
    return None


def _find_iso(text: str) -> Found | None:
    for match in _ISO.finditer(text):
        day = _valid_date(int(match["year"]), int(match["month"]), int(match["day"]))
        if day is None:
            continue
        if match["hour"] is None or int(match["hour"]) > 23:
            return Found(day.isoformat(), match.start(), match.end())
        moment = datetime(
            day.year, day.month, day.day, int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
        )
        if match["offset"]:
            moment = moment.replace(tzinfo=_offset(match["offset"]))
        return Found(moment.isoformat(), match.start(), match.end())
    return None


def _find_written(text: str) -> Found | None:
    found: list[Found] = []
    for pattern in _WRITTEN:
        for match in pattern.finditer(text):
            month = _MONTHS.get(match["month"].lower())
            day = _valid_date(int(match["year"]), month, int(match["day"])) if month else None
            if day:
                found.append(_with_clock(text, day, match.start(), match.end()))
                break
    return min(found, key=lambda one: one.start, default=None)


def _find_numeric(text: str) -> Found | None:
    year_first = _NUMERIC_YEAR_FIRST.search(text)
    if year_first:
        day = _valid_date(int(year_first["year"]), int(year_first["month"]), int(year_first["day"]))
        return _with_clock(text, day, year_first.start(), year_first.end()) if day else None
    match = _NUMERIC.search(text)
    if not match:
        return None
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    # 11/07/2025 is November in New York and July in London: only a number over 12 (or a tie) decides.
    if first <= 12 and second <= 12 and first != second and "." not in match[0]:
        return None
    day = (
        _valid_date(year, second, first)
        if first > 12 or "." in match[0]
        else _valid_date(year, first, second)
    )
    return _with_clock(text, day, match.start(), match.end()) if day else None


def _with_clock(text: str, day: date, start: int, end: int) -> Found:
    """Add the clock time that follows the date within a few characters, or stands right before it."""
    after = text[end : end + 40]
    clock = _CLOCK.search(after)
    if clock and len(re.findall(r"[A-Za-z]", after[: clock.start()])) <= 4:
        moment = _moment(day, clock)
        if moment:
            return Found(moment, start, end + clock.end())
    before = text[max(0, start - 24) : start]
    clock = max(_CLOCK.finditer(before), key=lambda match: match.start(), default=None)
    if clock and len(before) - clock.end() <= 6:
        moment = _moment(day, clock)
        if moment:
            return Found(moment, start - len(before) + clock.start(), end)
    return Found(day.isoformat(), start, end)


def _moment(day: date, clock: re.Match[str]) -> str | None:
    hour = int(clock["hour"] or clock["bare"])
    half = (clock["half"] or clock["bare_half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    if hour > 23:
        return None
    moment = datetime(
        day.year, day.month, day.day, hour, int(clock["minute"] or 0), int(clock["second"] or 0)
    )
    zone = _zone(clock["zone"] or clock["bare_zone"])
    return (moment.replace(tzinfo=zone) if zone else moment).isoformat()


def _zone(name: str | None) -> tzinfo | None:
    key = _ZONES.get((name or "").lower())
    if key is None:
        return None
    if key == "UTC":
        return UTC
    try:
        return ZoneInfo(key)
    except ZoneInfoNotFoundError:
        return None


def _offset(text: str) -> tzinfo:
    if text.upper() == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    minutes = min(int(text[1:3]) * 60 + int(text[-2:]), 23 * 60 + 59)
    return timezone(sign * timedelta(minutes=minutes))


def _valid_date(year: int, month: int, day: int) -> date | None:
    try:
        value = date(year, month, day)
    except ValueError:
        return None
    return value if value >= EARLIEST else None
