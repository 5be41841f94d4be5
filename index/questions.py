"""Files of questions: JSON Lines with an id, a question and the day it is asked."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import InputError


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question of a file. `asked_on` is as written there; a row without an id has its line number."""

    id: str
    question: str
    asked_on: str | None = None


@dataclass(frozen=True, slots=True)
class BadRow:
    """A line that holds no question; `error` names the file, the line and the remedy."""

    error: str


def read_questions(path: Path) -> Iterator[QuestionRow | BadRow]:
    """Yield each line of a file as a question or as what is wrong with it; empty lines are passed over.

    Raises:
        InputError: The file cannot be read, or is no UTF-8 text.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        remedy = "Give a UTF-8 file with one JSON object a line."
        raise InputError(f"Cannot read {path}: {error}.", remedy) from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _read_row(line, f"{path.name}, line {number}", str(number))


def _read_row(line: str, place: str, number: str) -> QuestionRow | BadRow:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return BadRow(f"{place}: not JSON ({error}).")
    question = row.get("question") if isinstance(row, dict) else None
    if not isinstance(question, str) or not question.strip():
        return BadRow(f'{place}: no question. Write {{"id": "q1", "question": "Who ...?"}}.')
    asked_on = row.get("asked_on")
    if asked_on is not None and not isinstance(asked_on, str):
        return BadRow(f'{place}: "asked_on" is {asked_on!r}. Write it as "2025-11-22".')
    return QuestionRow(str(row.get("id", number)), question, asked_on)
