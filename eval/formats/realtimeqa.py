"""RealTime QA (Kasai et al. 2023) with the articles that hold the answer's words.

`{"question", "asked_on", "answers", "choices", "articles_with_answer_string"}`. A question whose answer no
article holds counts as unanswerable: the corpus was gathered for all of them, but does not say it.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from eval.formats.dateline import make_case
from eval.formats.format import Fields, Format, cases_of, records, texts_field
from eval.schema import BadRow, Case, Evidence

HOLDERS = "articles_with_answer_string"


def read(path: Path) -> Iterator[Case | BadRow]:
    """Yield the questions, with whole articles as evidence."""
    return cases_of(path, records(path), _case)


def _case(row: Fields, number: str) -> Case:
    case = make_case(row, number)
    holders = texts_field(row, HOLDERS)
    return replace(
        case,
        type=case.type or "quiz",
        answerable=bool(holders),
        evidence=tuple(Evidence(article) for article in holders),
    )


FORMAT = Format(name="realtimeqa", recognises=lambda look: look.has("question", HOLDERS), read=read)
"""RealTime QA."""
