"""JSON that stands in the middle of a page's text: where it is, and what it says. Pure."""

import json
import re
from collections.abc import Iterator
from typing import Any

MOST_ATTEMPTS = 40
"""How many lines of one page are tried as the start of a JSON value; bounds the cost on hostile pages."""

_OPENING = re.compile(r"^[ \t]*(?=\{\s*[\"}\n]|\[\s*[{\n])", re.MULTILINE)
_JSON_LINE = re.compile(
    r"\s*(?:[\"'\w$-]{1,60}\s?:.*|[\[\]{}(),;\s]*|\"[^\"]*\",?|[-\d.]+,?|true,?|false,?|null,?)"
)
_LONGEST_LOOSE = 400


def find_embedded(raw: str) -> list[tuple[int, int]]:
    """Return the ranges of `raw` that are JSON (or a script's object), whole lines, in order."""
    return [(start, end) for start, end, _ in _scan(raw)]


def embedded_objects(raw: str) -> list[dict[str, Any]]:
    """Return the JSON objects that stand in `raw`, outermost ones only."""
    objects: list[dict[str, Any]] = []
    for _, _, value in _scan(raw):
        objects.extend(
            one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)
        )
    return objects


def _scan(raw: str) -> Iterator[tuple[int, int, Any]]:
    decoder = json.JSONDecoder()
    position = 0
    for attempt, opening in enumerate(_OPENING.finditer(raw)):
        if attempt >= MOST_ATTEMPTS:
            return
        start = opening.end()
        if start < position:
            continue
        value, end = _decoded(decoder, raw, start)
        if end is not None and _ends_line(raw, end) and _is_data(value):
            yield start, end, value
            position = end


def _decoded(decoder: json.JSONDecoder, raw: str, start: int) -> tuple[Any, int | None]:
    try:
        return decoder.raw_decode(raw, start)
    except (ValueError, RecursionError):
        return None, _loose_end(raw, start)


def _loose_end(raw: str, start: int) -> int | None:
    """Return where a block of lines that look like a script's object ends, when it does not parse as JSON."""
    if raw[start : start + 80].split("\n", 1)[0].strip() not in ("{", "["):
        return None
    position, depth = start, 0
    for _ in range(_LONGEST_LOOSE):
        stop = raw.find("\n", position)
        row = raw[position : stop if stop >= 0 else len(raw)]
        if len(row) > 2000 or not _JSON_LINE.fullmatch(row):
            return None
        depth += row.count("{") + row.count("[") - row.count("}") - row.count("]")
        if depth <= 0:
            return position + len(row.rstrip())
        if stop < 0:
            return None
        position = stop + 1
    return None


def _ends_line(raw: str, end: int) -> bool:
    stop = raw.find("\n", end, end + 200)
    rest = raw[end : stop if stop >= 0 else end + 200]
    return rest.strip(" \t;,") == ""


def _is_data(value: object) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(one, dict) for one in value)
    return value is None or isinstance(value, dict)
