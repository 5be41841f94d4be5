"""The sample articles load and clean as they should, and the gold questions are true to their words."""

import json
import re
import runpy
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from index.clean import clean
from index.loaders import load
from index.schema import Page

ROOT = Path(__file__).resolve().parent.parent
ARTICLES = ROOT / "samples" / "articles"
GOLD = [
    json.loads(line) for line in (ROOT / "eval/gold/samples.jsonl").read_text(encoding="utf-8").splitlines()
]
TYPES = {
    "superlative",
    "list",
    "factoid",
    "quote",
    "yes_no",
    "metadata",
    "comparison",
    "count",
    "null",
}
NOTE = "Sample article written for Dateline; people and events are invented."


def read(folder: Path) -> dict[str, str]:
    """The cleaned text of every article in `folder`, by the name people cite."""
    texts = {}
    for path in sorted(folder.iterdir()):
        for page in load(path):
            assert isinstance(page, Page), page
            texts[page.file] = clean(page).text
    return texts


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return read(ARTICLES)


# file -> words of the article that must stand in it exactly once, words of the page that must not.
CLEANED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ferry-contract.txt": (
        (
            "Northlight Ferries has won a €212 million contract",
            "“It took longer than I wanted. It was worth the wait.”",
            "She is the only one who read the whole file.",
            "“done this coast a service.”",
            "The contract covers 14 daily crossings in summer",
            "“Most of them went out with the tide.”",
        ),
        (
            "Skip to main content",
            "Sign In",
            "datePublished",
            "relatedIds",
            "Link Copied",
            "Share this article",
            "Ivo Marchetta",
            "Advertisement",
            "The Morning Tide",
            "Enter your email",
            "FerriesPublic Contracts",
            "More From The Harbour Courier",
            "Lighthouse Keeper",
            "no mains water",
            "Fenwick Asher",
            "Sings Only in Fog",
            "Get the news that matters",
            "Privacy",
            "All rights reserved",
        ),
    ),
    "strike-vote.txt": (
        (
            "Ferry crews gave their leaders the power to stop the Tallis crossing",
            "For 31 years the crews of the Tallis ferries have worked without a strike.",
            "backed industrial action by 87 percent",
            "“She was courteous to the telephone,” he said.",
            "stopped short of endorsing her handling of it",
            "Talks resume on Thursday.",
            "Colm Aristide is the labour correspondent for The Gazette.",
        ),
        (
            "Advertisement",
            "Credit...",
            "industrial action by …",
            "appears in print",
            "Order Reprints",
            "Related Content",
            "Rain Gauge Thief",
            "Town Clock",
        ),
    ),
    "first-sailing-courier.txt": (
        (
            "docked eight minutes early on Tuesday with 318 passengers",
            "Without her, he said, the ship would still be a drawing.",
            "He did not thank the minister.",
            "Islanders pay half.",
        ),
        (
            "Skip to main content",
            "2 min read",
            "ADVERTISEMENT",
            "CONTINUE READING",
            "Read next",
            "Skarrow Marathon",
            "Cook a Herring",
            "Most read",
            "Who Owns the Fog",
            "Helipad",
            "Follow us",
            "Terms of Use",
            "All rights reserved",
        ),
    ),
    "corran-dam.txt": (
        (
            "a pale ring of bare rock around the Corran reservoir",
            "It is 74 metres high",
            "27 percent of the water leaving the dam never reaches a tap",
            "“I would put the plug in first.”",
        ),
        (
            "Home | Council",
            "[Photo",
            "Hal Ingersen",
            "Share on Facebook",
            "Copy link",
            "READ ALSO",
            "Bans Drones",
            "Got a question",
            "Support local news",
            "All rights reserved",
        ),
    ),
    "opinion-tender.md": (
        (
            "The strangest thing about “Crossing the Sound,”",
            "and awaits developments in October",
            "“I am waiting, like everyone else, to see how it goes,”",
            "Recover half of the consultants’ fee.",
            "It needs a prime minister with a pen.",
            "Tamsin Averill is a columnist for The Harbour Courier.",
        ),
        ("outlet: The Harbour", "section: Opinion", "](https", "harbour-courier.example", "*"),
    ),
    "audit-report.html": (
        (
            "The government broke its own rules three times",
            "“late, vague and expensive.”",
            "“a minister who could not run a stationery cupboard.”",
            "“Any fool can hide a mistake,”",
            "about 1,800 people marched through Skarrow",
            "The chamber did not examine fares.",
        ),
        (
            "use cookies",
            "Manage choices",
            "Puzzles",
            "Try the Ledger",
            "Gift this article",
            "Sunniva Roth",
            "Read more",
            "Cannery",
            "Snow Crab",
            "Ledger at Noon",
            "Sign me up",
            "Most read",
            "Swim to Sorrel",
            "Bishop",
            "All rights reserved",
            "Work with us",
        ),
    ),
    "water-rationing.html": (
        (
            "BRACKWELL — The town of Brackwell will ban garden hoses",
            "“waiting for a permit, not for a letter.”",
            "Ms. Castellow praised Imogen Sarrat",
            "“I would have preferred rain.”",
        ),
        (
            "privacy choices",
            "Cookie policy",
            "I agree",
            "Skip to content",
            "3 min read",
            "ADVERTISEMENT",
            "You may also like",
            "Hollin Glacier",
            "Last Plums",
            "Comments (27)",
            "dahlias",
            "Advertise with us",
        ),
    ),
    "first-sailing-echo.html.gz": (
        (
            "docked eight minutes early on Tuesday carrying 318 passengers",
            "He did not thank the minister.",
            "24 pupils from Mill Lane School in Brackwell",
        ),
        ("Schools", "More from the Echo", "Runaway Goat", "All rights reserved", "Contact us"),
    ),
    "ketling-profile.pdf": (
        (
            "before any instrument reports it. His engineers have stopped betting",
            "The company now employs 1,140 people in four countries",
            "he thanks her for something smaller",
            "Yusra Dahlgaard, his operations director since 2016",
            "he drove to her house with a cake.",
            "nobody knows how their batteries will bear a winter",
            "with one second-hand vessel",
            "the best-known crossing in Velmora",
        ),
        ("SOUND & SHORE", "Liv Sandoval", "\n38\n", "\n39\n"),
    ),
    "mayoral-debate.docx": (
        (
            "spent 90 minutes on Wednesday night accusing each other",
            "“I drink from it. Thank you.”",
            "has raised the average bill by 18 percent",
            "Polling stations open at 7 a.m. on Sunday.",
        ),
        (),
    ),
    "wire-briefs.jsonl#cw-2025-10-18": (
        ("More than 3,000 people marched through Skarrow",),
        ("coastal-wire.example",),
    ),
    "wire-briefs.jsonl#cw-2025-11-10": (
        ("Ms. Castellow took 52.3 percent of the vote",),
        ("coastal-wire.example",),
    ),
    "wire-briefs.jsonl#cw-2025-11-21": (
        ("have drilled to a depth of 1,074 metres",),
        ("coastal-wire.example",),
    ),
}


def test_every_sample_article_is_in_the_table(texts: dict[str, str]) -> None:
    assert set(texts) == set(CLEANED)


@pytest.mark.parametrize("file", CLEANED)
def test_cleaning_keeps_the_article_once_and_drops_the_page(file: str, texts: dict[str, str]) -> None:
    must_include, must_not_include = CLEANED[file]
    text = texts[file]
    assert {words: text.count(words) for words in must_include} == dict.fromkeys(must_include, 1)
    assert [words for words in must_not_include if words in f"\n{text}\n"] == []


@pytest.mark.parametrize("file", CLEANED)
def test_no_line_stands_twice(file: str, texts: dict[str, str]) -> None:
    lines = Counter(line for line in texts[file].splitlines() if line.strip())
    assert [line for line, count in lines.items() if count > 1] == []


@pytest.mark.parametrize("path", sorted(ARTICLES.iterdir()), ids=lambda path: path.name)
def test_every_sample_says_that_it_is_invented(path: Path) -> None:
    for page in load(path):
        assert isinstance(page, Page), page
        assert NOTE in page.raw


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


def test_trap_words_stand_on_the_page_but_not_in_the_article(texts: dict[str, str]) -> None:
    """The teaser traps in the gold questions are only traps while the raw page really tempts."""
    for file, trap in (
        ("ferry-contract.txt", "€1.4 Million"),
        ("audit-report.html", "Fire Destroys Cannery"),
    ):
        assert trap in (ARTICLES / file).read_text(encoding="utf-8")
        assert trap not in texts[file]


def test_committed_binaries_are_what_the_script_writes(tmp_path: Path, texts: dict[str, str]) -> None:
    runpy.run_path(str(ROOT / "samples" / "make_binary.py"))["write_all"](tmp_path)
    written = read(tmp_path)
    assert written == {file: texts[file] for file in written}
    assert len(written) == 3
