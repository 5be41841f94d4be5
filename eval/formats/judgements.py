"""Relevance judgements (qrels): which articles answer which question, and how well."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from eval.formats.format import RowError, read_text
from eval.schema import BadRow, Case, Evidence

Judgements = Mapping[str, tuple[Evidence, ...]]
"""The relevant articles of each question, by the question's id."""


def read_judgements(paths: Iterable[Path]) -> tuple[dict[str, tuple[Evidence, ...]], list[BadRow]]:
    """Return judgements and bad rows of files in TREC's form or BEIR's.

    TREC: `topic iteration article grade` with spaces. BEIR: `query-id corpus-id score` with tabs and a
    header.
    Grades of 0 or less say that an article is not relevant and leave no evidence; a question with no other
    has an empty entry.
    """
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    bad: list[BadRow] = []
    for path in paths:
        for number, line in enumerate(read_text(path).splitlines(), start=1):
            fields = line.split("\t") if "\t" in line else line.split()
            if not line.strip() or (number == 1 and fields[0] == "query-id"):
                continue
            try:
                question, article, grade = _judgement(fields)
                found[question][article] = grade
            except RowError as error:
                bad.append(BadRow(f"{path.name}, line {number}", str(error)))
    return (
        {
            question: tuple(Evidence(name, grade=grade) for name, grade in judged.items() if grade > 0)
            for question, judged in found.items()
        },
        bad,
    )


def judged_cases(
    questions: Iterator[tuple[str, str, str]], judgements: Judgements, bad: Iterable[BadRow]
) -> Iterator[Case | BadRow]:
    """Yield a case for each judged question, and what is wrong with the rest.

    Args:
        questions: Place, id and text of each question; an empty text is a bad row.
        judgements: By question id.
        bad: What is wrong with the judgements themselves.

    Questions that nobody judged are passed over, as trec_eval does: nothing can be said of them.
    """
    yield from bad
    asked: set[str] = set()
    for place, name, text in questions:
        asked.add(name)
        if not text:
            yield BadRow(place, "no question.")
        elif name in judgements:
            evidence = judgements[name]
            yield Case(name, text, type="search", answerable=bool(evidence), evidence=evidence)
    for name in judgements:
        if name not in asked:
            yield BadRow("judgements", f"the question {name!r} is judged but not asked.")


def _judgement(fields: list[str]) -> tuple[str, str, int]:
    if len(fields) == 4:
        question, _, article, grade = fields
    elif len(fields) == 3:
        question, article, grade = fields
    else:
        raise RowError(f"{len(fields)} fields; write: topic 0 article grade.")
    try:
        return question.strip(), article.strip(), int(float(grade))
    except ValueError as error:
        raise RowError(f"the grade is {grade!r}, not a number.") from error
