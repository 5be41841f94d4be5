"""MultiHop-RAG (Tang and Yang 2024): news questions whose answer needs two to four articles.

`{"query", "answer", "question_type", "evidence_list": [{"title", "url", "fact", ...}]}`. Null queries, which
the articles cannot answer, have no evidence. The articles come in a file of their own.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from eval.formats.format import (
    Fields,
    Format,
    RowError,
    cases_of,
    question_field,
    records,
    text_field,
    texts_field,
)
from eval.schema import BadRow, Case, Evidence


def read(path: Path) -> Iterator[Case | BadRow]:
    """Yield the questions."""
    return cases_of(path, records(path), _case)


def _case(row: Fields, number: str) -> Case:
    kind = text_field(row, "question_type")
    answerable = kind != "null_query"
    return Case(
        id=text_field(row, "id", "idx") or number,
        question=question_field(row, "query"),
        type=kind.removesuffix("_query"),
        answerable=answerable,
        answers=texts_field(row, "answer") if answerable else (),
        evidence=_evidence(row) if answerable else (),
    )


def _evidence(row: Fields) -> tuple[Evidence, ...]:
    value = row.get("evidence_list") or []
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise RowError('"evidence_list" is no list of objects.')
    return tuple(Evidence(text_field(one, "url", "title"), text_field(one, "fact")) for one in value)


FORMAT = Format(name="multihop-rag", recognises=lambda look: look.has("query", "evidence_list"), read=read)
"""MultiHop-RAG."""
