"""Rows as ragas writes them: `user_input`, `reference` and `reference_contexts` (lists of passages).

The contexts name no article, so each is looked for in the whole library by its words.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from eval.formats.format import (
    Fields,
    Format,
    cases_of,
    question_field,
    records,
    text_field,
    texts_field,
)
from eval.schema import BadRow, Case, Evidence, GoldArticle


def read(path: Path) -> Iterator[Case | BadRow]:
    """Yield the questions; one without a reference and without contexts is unanswerable."""
    return cases_of(path, records(path), _case)


def articles(path: Path) -> Iterator[GoldArticle]:
    """Yield each reference context once."""
    seen: set[str] = set()
    for _, row in records(path):
        contexts = row.get("reference_contexts") if isinstance(row, Mapping) else None
        for context in contexts if isinstance(contexts, list) else ():
            if isinstance(context, str) and context.strip() and context not in seen:
                seen.add(context)
                yield GoldArticle(f"ragas-{hashlib.sha256(context.encode()).hexdigest()[:12]}", context)


def _case(row: Fields, number: str) -> Case:
    answers = texts_field(row, "reference")
    contexts = texts_field(row, "reference_contexts")
    return Case(
        id=text_field(row, "id") or number,
        question=question_field(row, "user_input"),
        type=text_field(row, "synthesizer_name"),
        answerable=bool(answers or contexts),
        answers=answers,
        evidence=tuple(Evidence("", context) for context in contexts),
    )


FORMAT = Format(name="ragas", recognises=lambda look: look.has("user_input"), read=read, articles=articles)
"""ragas rows."""
