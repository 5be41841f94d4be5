"""Days that an article names by their weekday, read against its date of publication. Pure."""

import re
from datetime import date, timedelta

from index.patterns import regex

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = regex(
    rf"(?:on |late |early |last |this past )*(?P<day>{'|'.join(_WEEKDAYS)}|today|yesterday)"
    r"(?: (?:morning|afternoon|evening|night))?",
    re.I,
)
_TO_COME = regex(
    r"\b(?:will|would|shall|next|from|until|till|by|starting|upcoming|due|planned|scheduled|expected)\b", re.I
)


def day_meant(words: str, before: str, published: str | None) -> date | None:
    """Return the day that "Tuesday" or "yesterday" means in an article, or None where that cannot be told.

    News speaks of the last such day up to its own date. A day that is still to come ("will close on
    Friday") is left alone, as is any day of an undated article.

    Args:
        words: The day as the article names it.
        before: The words of the sentence before it.
        published: The article's date, ISO.

    Example:
        >>> day_meant("on Tuesday", "The ferry docked early", "2025-11-20")
        datetime.date(2025, 11, 18)
    """
    found = _DAY.fullmatch(words.strip())
    if found is None or not published or _TO_COME.search(before[-60:]):
        return None
    printed = date.fromisoformat(published[:10])
    day = found.group("day").lower()
    if day == "today":
        return printed
    if day == "yesterday":
        return printed - timedelta(days=1)
    back = (printed.weekday() - _WEEKDAYS.index(day)) % 7
    if back == 0 and "last" in words.lower():
        back = 7
    return printed - timedelta(days=back)


def written(day: date) -> str:
    """Return a day as news writes it: "Tuesday, November 18, 2025"."""
    return f"{day:%A, %B} {day.day}, {day.year}"
