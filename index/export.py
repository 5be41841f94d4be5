"""Statements for other programs: CSV for tables, JSON for everything else. Pure."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from index.schema import UNCLEAR, LedgerEntry

__all__ = ["inert", "statement_rows", "statements_csv", "statements_json"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A cell that begins so is run as a formula by some table program."""

COLUMNS = (
    "speaker",
    "target",
    "stance",
    "strength",
    "voice",
    "quote",
    "title",
    "outlet",
    "published",
    "file",
    "url",
    "speaker_as_written",
    "target_as_written",
    "cue",
    "reported_by",
    "confidence",
    "unclear",
    "corrected",
    "article",
    "start",
    "end",
)


def inert(cell: str) -> str:
    """Return a cell that no table program takes for a formula.

    >>> inert("=1+1"), inert("plain - text")
    ("'=1+1", 'plain - text')
    """
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def statement_rows(entries: Iterable[LedgerEntry]) -> list[dict[str, Any]]:
    """Return each statement as a row of `COLUMNS`; `start` and `end` are characters of the article's text."""
    return [dict(zip(COLUMNS, _values(entry), strict=True)) for entry in entries]


def statements_csv(entries: Iterable[LedgerEntry]) -> str:
    """Return statements as CSV with a heading; a text that looks like a formula gets a leading apostrophe."""
    return _csv(COLUMNS, statement_rows(entries))


def statements_json(entries: Iterable[LedgerEntry]) -> str:
    """Return statements as a JSON list."""
    return json.dumps(statement_rows(entries), ensure_ascii=False, indent=2)


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row[column]) for column in columns])
    return out.getvalue()


def _cell(value: str | float | None) -> str | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    return inert(value) if isinstance(value, str) else value


def _values(entry: LedgerEntry) -> tuple[Any, ...]:
    one, card = entry.statement, entry.article
    return (
        entry.speaker,
        entry.target,
        one.stance.value,
        one.strength,
        one.voice.value,
        entry.quote,
        card.title,
        card.outlet,
        card.published,
        card.file,
        card.url,
        one.speaker,
        one.target,
        one.cue,
        one.reported_by,
        round(one.confidence, 3),
        one.confidence < UNCLEAR,
        entry.corrected,
        card.id,
        one.start,
        one.end,
    )
