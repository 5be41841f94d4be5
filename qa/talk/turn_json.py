"""A conversation as plain JSON, kept in the browser or in an address, and read back with care. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from index.errors import InputError
from index.schema import Filter
from qa.schema import Wanted
from qa.talk.turns import MAX_CITED, MAX_NAMED, Cited, Conversation, Turn

MAX_TURNS = 200
MAX_TEXT = 2_000
MAX_NAME = 300

_REMEDY = "Ask the question again in full."


def turn_json(turn: Turn) -> dict[str, Any]:
    """Return a turn as plain JSON; what is empty is left out."""
    record = asdict(turn) | {
        "wanted": turn.wanted.value,
        "filter": _filter_json(turn.filter),
        "chosen": _filter_json(turn.chosen),
        "asked_on": turn.asked_on.isoformat() if turn.asked_on else "",
        "names": list(turn.names),
        "answers": list(turn.answers),
        "people": list(turn.people),
        "cited": [[cited.article, cited.title] for cited in turn.cited],
    }
    return {name: value for name, value in record.items() if value}


def conversation_json(conversation: Conversation) -> list[dict[str, Any]]:
    """Return a conversation as plain JSON."""
    return [turn_json(turn) for turn in conversation]


def read_conversation(value: object) -> Conversation:
    """Return the conversation that `conversation_json` gave, as a value or as its JSON text.

    Raises:
        InputError: It is none, or larger than any that is kept.
    """
    if isinstance(value, str):
        try:
            value = json.loads(value) if value else []
        except (ValueError, RecursionError):
            raise InputError("What was asked before cannot be read.", _REMEDY) from None
    if not isinstance(value, list):
        raise InputError("What was asked before is no list of questions.", _REMEDY)
    if len(value) > MAX_TURNS:
        raise InputError(f"{len(value)} questions are more than {MAX_TURNS}.", "Begin a new conversation.")
    return tuple(_turn(one) for one in value)


def _turn(value: object) -> Turn:
    if not isinstance(value, Mapping):
        raise InputError("A question asked before cannot be read.", _REMEDY)
    text = _text(value, "text", MAX_TEXT)
    if not text.strip():
        raise InputError("A question asked before is empty.", _REMEDY)
    return Turn(
        asked=_text(value, "asked", MAX_TEXT) or text,
        text=text,
        names=_texts(value, "names", MAX_NAMED),
        target=_text(value, "target", MAX_NAME),
        answers=_texts(value, "answers", MAX_NAMED, MAX_TEXT),
        people=_texts(value, "people", MAX_NAMED),
        wanted=_wanted(_text(value, "wanted", MAX_NAME)),
        filter=_filter(value.get("filter", {})),
        chosen=_filter(value.get("chosen", {})),
        asked_on=_day(_text(value, "asked_on", MAX_NAME)),
        cited=_cited(value.get("cited", [])),
        focus=_text(value, "focus", MAX_TEXT),
    )


def _text(value: Mapping[str, Any], name: str, limit: int) -> str:
    found = value.get(name, "")
    if not isinstance(found, str) or len(found) > limit:
        raise InputError(f"“{name}” of a question asked before cannot be read.", _REMEDY)
    return found


def _texts(value: Mapping[str, Any], name: str, count: int, limit: int = MAX_NAME) -> tuple[str, ...]:
    found = value.get(name, [])
    if not isinstance(found, Sequence) or isinstance(found, str) or len(found) > count:
        raise InputError(f"“{name}” of a question asked before cannot be read.", _REMEDY)
    return tuple(_text({name: one}, name, limit) for one in found)


def _wanted(text: str) -> Wanted:
    try:
        return Wanted(text) if text else Wanted.ENTITY
    except ValueError:
        raise InputError(f"“{text[:40]}” is no kind of answer.", _REMEDY) from None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(f"The day “{text[:40]}” cannot be read.", "Write it as 2025-11-07.") from None


def _filter_json(limits: Filter) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(limits).items()
        if value
    }


def _filter(value: object) -> Filter:
    if not isinstance(value, Mapping):
        raise InputError("The filter of a question asked before cannot be read.", _REMEDY)
    first, last = (_day(_text(value, name, MAX_NAME)) for name in ("published_from", "published_to"))
    return Filter(
        outlets=_texts(value, "outlets", 50),
        authors=_texts(value, "authors", 50),
        published_from=first.isoformat() if first else None,
        published_to=last.isoformat() if last else None,
        articles=_texts(value, "articles", 50),
    )


def _cited(value: object) -> tuple[Cited, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > MAX_CITED:
        raise InputError("The articles of a question asked before cannot be read.", _REMEDY)
    found = []
    for one in value:
        match one:
            case [str(article), str(title)] if len(article) <= MAX_NAME and len(title) <= MAX_TEXT:
                found.append(Cited(article, title))
            case _:
                raise InputError("An article of a question asked before cannot be read.", _REMEDY)
    return tuple(found)
