"""The gold questions on the sample articles are well formed and true to the articles' words."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from index.clean import clean
from index.loaders import load
from index.schema import Page

GOLD_FILE = Path(__file__).resolve().parent.parent / "eval" / "gold" / "samples.jsonl"
GOLD = [json.loads(line) for line in GOLD_FILE.read_text(encoding="utf-8").splitlines()]
TYPES = {"superlative", "list", "factoid", "quote", "yes_no", "metadata", "comparison", "count", "null"}


@pytest.fixture(scope="module")
def texts(samples: Path) -> dict[str, str]:
    """The cleaned text of every sample article, by the name people cite."""
    pages = [page for path in sorted(samples.iterdir()) for page in load(path)]
    return {page.file: clean(page).text for page in pages if isinstance(page, Page)}


@pytest.mark.parametrize("row", GOLD, ids=lambda row: row["id"])
def test_gold_row_is_well_formed(row: dict[str, Any]) -> None:
    assert row["type"] in TYPES
    assert row["question"].endswith("?")
    assert row["answerable"] == bool(row["answers"]) == bool(row["evidence"]) == (row["type"] != "null")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", row.get("asked_on", "2025-01-01"))
    counts = [count for _, count in row.get("ranking", [])]
    assert counts == sorted(counts, reverse=True)
    assert all(value in row["answers"] for value in row.get("conflict", []))


@pytest.mark.parametrize(
    "row", [row for row in GOLD if row["type"] == "superlative"], ids=lambda row: row["id"]
)
def test_superlative_has_one_clear_winner(row: dict[str, Any]) -> None:
    (winner, most), (_, second) = row["ranking"][:2]
    assert winner in row["answers"]
    assert most >= second + 2


@pytest.mark.parametrize("row", [row for row in GOLD if row["evidence"]], ids=lambda row: row["id"])
def test_gold_evidence_stands_in_the_article_it_names(row: dict[str, Any], texts: dict[str, str]) -> None:
    assert [item for item in row["evidence"] if item["quote"] not in texts[item["article"]]] == []


def test_gold_ids_and_questions_are_unique() -> None:
    for field in ("id", "question"):
        assert [value for value, count in Counter(row[field] for row in GOLD).items() if count > 1] == []


def test_gold_covers_every_type_with_enough_unanswerable_questions() -> None:
    counts = Counter(row["type"] for row in GOLD)
    assert set(counts) == TYPES
    assert len(GOLD) >= 30
    assert counts["null"] >= 5


def test_trap_words_stand_on_the_page_but_not_in_the_article(samples: Path, texts: dict[str, str]) -> None:
    """The teaser traps in the gold questions are only traps while the raw page really tempts."""
    for file, trap in (
        ("ferry-contract.txt", "€1.4 Million"),
        ("audit-report.html", "Fire Destroys Cannery"),
    ):
        assert trap in (samples / file).read_text(encoding="utf-8")
        assert trap not in texts[file]
