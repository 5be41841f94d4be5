"""SQuAD 1.1 and 2.0: the nested JSON of the authors, or flat rows with a context each.

Rajpurkar et al. 2016 and 2018. Each paragraph is an article of its own; the evidence is the sentence of the
paragraph that holds the first answer.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from eval.formats.format import (
    Fields,
    Format,
    Look,
    RowError,
    cases_of,
    flag_field,
    json_lines,
    question_field,
    read_json,
    text_field,
)
from eval.schema import BadRow, Case, Evidence, GoldArticle
from index.errors import InputError
from index.sentences import split_sentences


def read(path: Path) -> Iterator[Case | BadRow]:
    """Yield the questions, each with its paragraph as evidence."""
    return cases_of(path, _rows(path), _case)


def articles(path: Path) -> Iterator[GoldArticle]:
    """Yield each paragraph once."""
    seen: set[str] = set()
    for _, row in _rows(path):
        context = row.get("context") if isinstance(row, Mapping) else None
        if isinstance(context, str) and context.strip() and (key := article_id(context)) not in seen:
            seen.add(key)
            assert isinstance(row, Mapping)
            yield GoldArticle(key, context.strip(), str(row.get("title") or "").replace("_", " "))


def article_id(context: str) -> str:
    """Return the id of a paragraph: the same text is the same article."""
    return f"squad-{hashlib.sha256(context.strip().encode()).hexdigest()[:12]}"


def _rows(path: Path) -> Iterator[tuple[str, object]]:
    """Yield flat rows: of the nested form, each question with its paragraph's context and title."""
    if not path.name.removesuffix(".gz").endswith(".json"):
        yield from json_lines(path)
        return
    value = read_json(path)
    groups = value.get("data") if isinstance(value, Mapping) else value
    if not isinstance(groups, list):
        raise InputError(f"{path} has no list “data”.", "Give the JSON file of SQuAD.")
    rows = (row for group in groups for row in _flat(group))
    yield from ((f"question {number}", row) for number, row in enumerate(rows, start=1))


def _flat(group: object) -> Iterator[object]:
    """Yield the questions of one article of the nested form; a row that is flat already as it is."""
    paragraphs = group.get("paragraphs") if isinstance(group, Mapping) else None
    if not isinstance(group, Mapping) or not isinstance(paragraphs, list):
        yield group
        return
    for paragraph in paragraphs:
        questions = paragraph.get("qas") if isinstance(paragraph, Mapping) else None
        for question in questions if isinstance(questions, list) else ():
            shared = {"context": paragraph.get("context"), "title": group.get("title")}
            yield {**question, **shared} if isinstance(question, Mapping) else question


def _case(row: Fields, number: str) -> Case:
    context = row.get("context")
    if not isinstance(context, str) or not context.strip():
        raise RowError('no "context" to find the answer in.')
    texts, start = _answers(row)
    impossible = flag_field(row, "is_impossible", default=not texts)
    return Case(
        id=text_field(row, "id") or number,
        question=question_field(row, "question"),
        type="impossible" if impossible else "answerable",
        answerable=not impossible,
        answers=() if impossible else texts,
        evidence=() if impossible or not texts else (_evidence(context, texts[0], start),),
    )


def _answers(row: Fields) -> tuple[tuple[str, ...], int | None]:
    """Return the distinct answers and the offset of the first, in any of the three forms they come in."""
    value = row.get("answers") or []
    if isinstance(value, Mapping):
        texts, starts = value.get("text") or [], value.get("answer_start") or []
        value = [{"text": text, "answer_start": at} for text, at in zip(texts, starts, strict=False)]
    if not isinstance(value, list):
        raise RowError('"answers" is no list.')
    pairs = [
        (text_field(one, "text"), one.get("answer_start")) if isinstance(one, Mapping) else (str(one), None)
        for one in value
    ]
    start = pairs[0][1] if pairs and isinstance(pairs[0][1], int) else None
    return tuple(dict.fromkeys(text for text, _ in pairs if text)), start


def _evidence(context: str, answer: str, start: int | None) -> Evidence:
    at = start if start is not None and context[start : start + len(answer)] == answer else None
    if at is None:
        at = context.find(answer)
    if at < 0:
        return Evidence(article_id(context), answer)
    sentences = [span for span in split_sentences(context) if span.start < at + len(answer) and span.end > at]
    quote = context[sentences[0].start : sentences[-1].end] if sentences else answer
    return Evidence(article_id(context), quote)


def _looks_like_squad(look: Look) -> bool:
    if look.has("data") and isinstance(look.first, Mapping):
        data = look.first["data"]
        return (
            isinstance(data, list) and bool(data) and isinstance(data[0], Mapping) and "paragraphs" in data[0]
        )
    return look.has("question", "context")


FORMAT = Format(name="squad", recognises=_looks_like_squad, read=read, articles=articles)
"""SQuAD 1.1 and 2.0."""
