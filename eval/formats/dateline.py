"""Dateline's own gold format, version 1: JSON Lines with answers and verbatim evidence.

`{"id", "question", "type", "answerable", "answers", "evidence": [{"article", "quote"}]}` and optionally
`asked_on`, `choices`, `ranking` (`[[name, count], ...]`), `note`. Evidence is an article and a quote, never
the number of a chunk, so it survives another chunking.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from eval.formats.format import (
    Fields,
    Format,
    RowError,
    cases_of,
    day_field,
    flag_field,
    question_field,
    records,
    text_field,
    texts_field,
)
from eval.schema import BadRow, Case, Evidence


def read(path: Path) -> Iterator[Case | BadRow]:
    """Yield the questions of a file in format v1."""
    return cases_of(path, records(path), make_case)


def make_case(row: Fields, number: str) -> Case:
    """Return a row as a case.

    Raises:
        RowError: A field cannot be used.
    """
    answers = texts_field(row, "answers", "answer")
    return Case(
        id=text_field(row, "id") or number,
        question=question_field(row, "question"),
        type=text_field(row, "type"),
        answerable=flag_field(row, "answerable", default=True),
        answers=answers,
        evidence=_evidence(row),
        asked_on=day_field(row, "asked_on"),
        choices=texts_field(row, "choices"),
        ranking=_ranking(row),
        note=text_field(row, "note"),
    )


def _evidence(row: Fields) -> tuple[Evidence, ...]:
    value = row.get("evidence") or []
    if not isinstance(value, list):
        raise RowError('"evidence" is no list. Write [{"article": "page.txt", "quote": "..."}].')
    found = []
    for one in value:
        if not isinstance(one, Mapping):
            raise RowError('"evidence" holds something that is no object with "article" and "quote".')
        evidence = Evidence(text_field(one, "article"), text_field(one, "quote"))
        if not evidence.article and not evidence.quote:
            raise RowError('"evidence" names neither an article nor a quote.')
        found.append(evidence)
    return tuple(found)


def _ranking(row: Fields) -> tuple[tuple[str, float], ...]:
    value = row.get("ranking") or []
    try:
        return tuple((str(name), float(count)) for name, count in value)
    except (TypeError, ValueError) as error:
        raise RowError('"ranking" is no list of names with counts. Write [["Ana Brandt", 3]].') from error


FORMAT = Format(
    name="dateline",
    recognises=lambda look: (
        look.has("question", "answers", "evidence") or look.has("question", "answers", "answerable")
    ),
    read=read,
)
"""Gold format v1."""
