"""RGB (Chen et al. 2023): questions with passages that support, contradict and only surround the answer.

`{"query", "answer", "fakeanswer", "positive": [...], "positive_wrong": [...], "negative": [...]}`. One file
makes three tests, each a format of its own:

- `rgb` (noise): supporting and surrounding passages; the answer is wanted.
- `rgb-rejection`: surrounding passages alone; an abstention is wanted.
- `rgb-conflict`: supporting and contradicting passages; the true answer is wanted.

Each passage is an article of its own, for all questions of the file together.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from eval.formats.format import (
    Fields,
    Format,
    Look,
    RowError,
    cases_of,
    json_lines,
    question_field,
    text_field,
    texts_field,
)
from eval.schema import BadRow, Case, Evidence, GoldArticle

SUPPORTING, CONTRADICTING, SURROUNDING = "positive", "positive_wrong", "negative"


def article_id(passage: str) -> str:
    """Return the id of a passage: the same text is the same article."""
    return f"rgb-{hashlib.sha256(passage.encode()).hexdigest()[:12]}"


def _format(name: str, kinds: tuple[str, ...], recognises: Callable[[Look], bool]) -> Format:
    def make(row: Fields, number: str) -> Case:
        return _case(row, number, name, kinds)

    def read(path: Path) -> Iterator[Case | BadRow]:
        return cases_of(path, json_lines(path), make)

    def articles(path: Path) -> Iterator[GoldArticle]:
        return _articles(path, kinds)

    return Format(name, recognises, read, articles=articles)


def _articles(path: Path, kinds: tuple[str, ...]) -> Iterator[GoldArticle]:
    """Yield each passage of these kinds once."""
    seen: set[str] = set()
    for _, row in json_lines(path):
        for passage in _passages(row, kinds) if isinstance(row, Mapping) else ():
            key = article_id(passage)
            if key not in seen:
                seen.add(key)
                yield GoldArticle(key, passage)


def _passages(row: Fields, kinds: tuple[str, ...]) -> Iterator[str]:
    for kind in kinds:
        yield from texts_field(row, kind)


def _case(row: Fields, number: str, name: str, kinds: tuple[str, ...]) -> Case:
    answerable = SUPPORTING in kinds
    supporting = texts_field(row, SUPPORTING) if answerable else ()
    return Case(
        id=text_field(row, "id") or number,
        question=question_field(row, "query"),
        type=name.partition("-")[2] or "noise",
        answerable=answerable,
        answers=_answers(row) if answerable else (),
        evidence=tuple(Evidence(article_id(passage)) for passage in supporting),
    )


def _answers(row: Fields) -> tuple[str, ...]:
    """Return the ways to write the answer: one text, or a list of lists of ways.

    Raises:
        RowError: There is none, or the question wants several answers at once.
    """
    value = row.get("answer")
    groups = value if isinstance(value, list) else [value]
    if len(groups) != 1:
        raise RowError('"answer" asks for several answers at once, which are not scored.')
    ways = groups[0] if isinstance(groups[0], list) else groups
    answers = tuple(
        str(way).strip() for way in ways if isinstance(way, str | int | float) and str(way).strip()
    )
    if not answers:
        raise RowError('no "answer".')
    return answers


FORMATS = (
    _format("rgb", (SUPPORTING, SURROUNDING), lambda look: look.has("query", SUPPORTING, SURROUNDING)),
    _format("rgb-rejection", (SURROUNDING,), lambda _: False),
    _format("rgb-conflict", (SUPPORTING, CONTRADICTING), lambda _: False),
)
"""RGB's three tests; a file is read as the first unless `--format` says otherwise."""
