"""Rows for the reader from labelled questions: the open parts of SQuAD 2.0 and of RGB."""

import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.sentences import split_sentences
from qa.wording import content_stems
from training.reader_questions import Row

__all__ = ["fold_of", "rgb_rows", "squad_rows"]

_UNANSWERED = 2
"""Passages without an answer a question gets, at most."""


def fold_of(context: str, folds: int) -> int:
    """Return the part that a context belongs to: questions on one context stay together."""
    return int(hashlib.sha256(context.encode()).hexdigest(), 16) % folds


def squad_rows(path: Path, folds: int) -> Iterator[tuple[int, Row]]:
    """Yield the part and the row of each question and passage of the SQuAD sample."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        read = json.loads(line)
        answers = [] if read["is_impossible"] else [answer for answer in read["answers"] if answer]
        for row in _rows(read["question"], answers, [read["context"]], number):
            yield fold_of(read["context"], folds), row


def rgb_rows(path: Path, folds: int) -> Iterator[tuple[int, Row]]:
    """Yield the part and the row of each question and passage of RGB."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        read = json.loads(line)
        answers = [
            one for answer in read["answer"] for one in (answer if isinstance(answer, list) else [answer])
        ]
        passages = [_flat(passage) for passage in read["positive"][:3] + read["negative"][:2]]
        for row in _rows(read["query"], answers, passages, 100_000 + number):
            yield fold_of(read["query"], folds), row


def _flat(passage: str | list[str]) -> str:
    return passage if isinstance(passage, str) else " ".join(passage)


def _rows(question: str, answers: Sequence[str], passages: Sequence[str], group: int) -> Iterator[Row]:
    """Yield the passage that holds an answer and most of the question, and the likeliest of the others."""
    chance = random.Random(group)
    asked = set(content_stems(question))
    held: list[tuple[int, str, int, int]] = []
    empty: list[tuple[int, str]] = []
    for passage in passages:
        for window in _windows(passage, chance):
            shared = len(asked & set(content_stems(window)))
            found = next((match for answer in answers if (match := _find(answer, window))), None)
            if found:
                held.append((shared, window, found.start(), found.end()))
            else:
                empty.append((shared, window))
    if held:
        _, window, start, end = max(held, key=lambda one: one[0])
        yield Row(question, window, start, end, group, "gold")
    for _, window in sorted(empty, key=lambda one: -one[0])[:_UNANSWERED]:
        yield Row(question, window, -1, -1, group, "gold, no answer")


def _find(answer: str, window: str) -> re.Match[str] | None:
    return re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", window, re.I)


def _windows(passage: str, chance: random.Random) -> Iterator[str]:
    sentences = [passage[one.start : one.end] for one in split_sentences(passage)]
    place = 0
    while place < len(sentences):
        length = chance.choice((1, 1, 2))
        yield " ".join(sentences[place : place + length])
        place += length
