"""The gold questions on kinds of question are well formed and true to the sample articles' words."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from index.clean import clean
from index.loaders import load
from index.schema import Page

GOLD_FILE = Path(__file__).resolve().parent.parent / "eval" / "gold" / "kinds.jsonl"
GOLD = [json.loads(line) for line in GOLD_FILE.read_text(encoding="utf-8").splitlines()]
TYPES = {
    *("list", "count", "comparison", "temporal", "yes_no"),
    *("conflict", "summary", "argument", "list_of_parts", "null"),
}


@pytest.fixture(scope="module")
def texts(samples: Path) -> dict[str, str]:
    """The cleaned text of every sample article, by the name people cite."""
    pages = [page for path in sorted(samples.iterdir()) for page in load(path)]
    return {page.file: clean(page).text for page in pages if isinstance(page, Page)}


@pytest.mark.parametrize("row", GOLD, ids=lambda row: row["id"])
def test_gold_row_is_well_formed_and_its_evidence_verbatim(
    row: dict[str, Any], texts: dict[str, str]
) -> None:
    assert row["type"] in TYPES
    assert row["answerable"] == bool(row["answers"]) == bool(row["evidence"]) == (row["type"] != "null")
    assert [item for item in row["evidence"] if item["quote"] not in texts[item["article"]]] == []


def test_every_kind_is_there_and_no_question_twice() -> None:
    assert {row["type"] for row in GOLD} == TYPES
    assert len(GOLD) >= 40
    assert max(Counter(row["question"] for row in GOLD).values()) == 1
