"""A `Filter` as an SQL condition on the table `articles`. Pure."""

import json
from dataclasses import dataclass
from datetime import date

from index.errors import InputError
from index.schema import Filter


@dataclass(frozen=True, slots=True)
class Condition:
    """An SQL condition with the values of its placeholders."""

    sql: str
    values: tuple[str, ...] = ()


def fold(name: str) -> str:
    """Return a name as it is compared: case and white space do not matter.

    Example:
        >>> fold("The  New York Times") == fold("the new york times")
        True
    """
    return " ".join(name.casefold().split())


def where(limits: Filter) -> Condition:
    """Return the condition that rows of `articles` meet when they pass every limit ("1" without any).

    Undated articles pass every date range. Raises InputError for a date that is none.
    """
    parts: list[str] = []
    values: list[str] = []
    if limits.outlets:
        parts.append("articles.outlet_folded IN (SELECT value FROM json_each(?))")
        values.append(json.dumps([fold(name) for name in limits.outlets]))
    if limits.authors:
        parts.append(
            "EXISTS (SELECT 1 FROM authors WHERE authors.article = articles.number"
            " AND authors.name_folded IN (SELECT value FROM json_each(?)))"
        )
        values.append(json.dumps([fold(name) for name in limits.authors]))
    if limits.published_from:
        parts.append("(articles.day IS NULL OR articles.day >= ?)")
        values.append(_day(limits.published_from))
    if limits.published_to:
        parts.append("(articles.day IS NULL OR articles.day <= ?)")
        values.append(_day(limits.published_to))
    if limits.articles:
        parts.append("articles.id IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(limits.articles))
    return Condition(" AND ".join(parts) or "1", tuple(values))


def limits_nothing(limits: Filter) -> bool:
    """Return whether every article passes."""
    return limits == Filter()


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError as error:
        raise InputError(f"{text!r} is not a date.", "Write it as YYYY-MM-DD, such as 2025-11-07.") from error
