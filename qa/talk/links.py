"""Links to a question: all that decides how it is answered, as the fields of an address. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import parse_qs, urlencode

from index.errors import InputError
from index.schema import Filter
from qa.schema import Question
from qa.talk.turn_json import conversation_json, read_conversation
from qa.talk.turns import Conversation

MAX_QUESTION = 2_000
MAX_VALUE = 300
MAX_VALUES = 50
MAX_CONTEXT = 12_000
"""Characters of the conversation before the question; servers and browsers take addresses of 16 kB or so."""

TURNS_KEPT = 3
"""How many earlier questions a link carries: a follow-up points no further back than that."""

_MORE = "See docs/api.md for what a link may hold."


@dataclass(frozen=True, slots=True)
class Link:
    """A question as typed, with the conversation that it follows."""

    question: Question
    before: Conversation = ()


def link_fields(link: Link) -> list[tuple[str, str]]:
    """Return the fields of the address, in order; what is not set is left out."""
    question, limits = link.question, link.question.filter
    fields = [("q", question.text)]
    fields += [("outlet", name) for name in limits.outlets]
    fields += [("author", name) for name in limits.authors]
    fields += [("from", limits.published_from or ""), ("until", limits.published_to or "")]
    fields += [("article", one) for one in limits.articles]
    fields += [("asked_on", question.asked_on.isoformat() if question.asked_on else "")]
    fields += [("choice", choice) for choice in question.choices]
    fields += [("without", one) for one in question.without]
    fields += [("before", _context(link.before))]
    return [field for field in fields if field[1]]


def link_address(link: Link, path: str = "/") -> str:
    """Return the address, without scheme and host: "/?q=...&outlet=...&from=..."."""
    return f"{path}?{urlencode(link_fields(link))}"


def read_link(fields: Mapping[str, Sequence[str]] | str) -> Link | None:
    """Return the question that an address asks for; None where it asks for none.

    Args:
        fields: The fields of the address, each with all its values, or the part of the address after "?".

    Raises:
        InputError: A value is too long, given too often, or cannot be read; the message names it.
    """
    if isinstance(fields, str):
        try:
            fields = parse_qs(fields.removeprefix("?"), max_num_fields=10 * MAX_VALUES)
        except ValueError:
            raise InputError("The address has too many fields.", _MORE) from None
    text = " ".join(_one(fields, "q", MAX_QUESTION).split())
    if not text:
        return None
    first, last = _day(fields, "from"), _day(fields, "until")
    if first and last and first > last:
        raise InputError(f"No date lies from {first} until {last}.", "Swap the two dates.")
    question = Question(
        text,
        asked_on=_day(fields, "asked_on"),
        filter=Filter(
            outlets=_several(fields, "outlet"),
            authors=_several(fields, "author"),
            published_from=first.isoformat() if first else None,
            published_to=last.isoformat() if last else None,
            articles=_several(fields, "article"),
        ),
        choices=_several(fields, "choice"),
        without=_several(fields, "without"),
    )
    return Link(question, read_conversation(_one(fields, "before", MAX_CONTEXT)))


def _context(before: Conversation) -> str:
    """Return the last turns as JSON text, fewer where they would make the address too long."""
    for kept in range(TURNS_KEPT, 0, -1):
        turns = tuple(replace(turn, asked="") for turn in before[-kept:])
        text = json.dumps(conversation_json(turns), ensure_ascii=False, separators=(",", ":"))
        if turns and len(text) <= MAX_CONTEXT:
            return text
    return ""


def _several(fields: Mapping[str, Sequence[str]], name: str, limit: int = MAX_VALUE) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(value for value in fields.get(name) or () if value.strip()))
    if len(values) > MAX_VALUES:
        raise InputError(f"{len(values)} values of “{name}” are more than {MAX_VALUES}.", _MORE)
    if any(len(value) > limit for value in values):
        raise InputError(f"A value of “{name}” has more than {limit:,} characters.", _MORE)
    return values


def _one(fields: Mapping[str, Sequence[str]], name: str, limit: int) -> str:
    values = _several(fields, name, limit)
    if len(values) > 1:
        raise InputError(f"“{name}” is given {len(values)} times.", "Give it once.")
    return values[0] if values else ""


def _day(fields: Mapping[str, Sequence[str]], name: str) -> date | None:
    text = _one(fields, name, MAX_VALUE).strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(
            f"The date “{text}” in “{name}” cannot be read.", "Write it as 2025-11-07."
        ) from None
