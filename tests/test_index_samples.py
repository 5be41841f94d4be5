"""The sample articles load as articles: body once, no page furniture, and the metadata the page states."""

import runpy
from collections import Counter
from pathlib import Path

import pytest

from index.clean import clean
from index.loaders import load
from index.metadata import extract_metadata
from index.schema import Page

NOTE = "Sample article written for Dateline; people and events are invented."


def read(folder: Path) -> dict[str, Page]:
    """Every article in `folder`, by the name people cite."""
    pages = {}
    for path in sorted(folder.iterdir()):
        for page in load(path):
            assert isinstance(page, Page), page
            pages[page.file] = page
    return pages


@pytest.fixture(scope="module")
def pages(samples: Path) -> dict[str, Page]:
    return read(samples)


@pytest.fixture(scope="module")
def texts(pages: dict[str, Page]) -> dict[str, str]:
    return {file: clean(page).text for file, page in pages.items()}


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


# file -> title (None where the page has no headline), authors, outlet (None where only a running head names
# it), day of publication (None where the page has no date).
METADATA: dict[str, tuple[str | None, list[str], str | None, str | None]] = {
    "ferry-contract.txt": (
        "Northlight Wins €212 Million Contract to Run the Tallis Ferries",
        ["Wren Halloway"],
        "The Harbour Courier",
        "2025-09-30",
    ),
    "strike-vote.txt": (None, ["Colm Aristide"], "The Skarrow Gazette", "2025-10-14"),
    "first-sailing-courier.txt": (
        "First Electric Ferry Reaches Tallis Island, Eight Minutes Early",
        ["Coastal Wire"],
        "The Harbour Courier",
        "2025-11-18",
    ),
    "corran-dam.txt": (
        "Why Is There So Little Water Behind the Corran Dam?",
        ["Saskia Thornbury"],
        "The Brackwell Echo",
        None,
    ),
    "opinion-tender.md": (
        "An Audit Is Not an Alibi",
        ["Tamsin Averill"],
        "The Harbour Courier",
        "2025-10-27",
    ),
    "audit-report.html": (
        "Auditors Fault Ferry Tender but Find No Favouritism",
        ["Greta Hjelmstrand"],
        "The Velmora Ledger",
        "2025-10-23",
    ),
    "water-rationing.html": (
        "Brackwell Rations Water as Reservoir Falls to 41 Percent",
        ["Milo Estrand"],
        "The Velmora Ledger",
        "2025-10-02",
    ),
    "first-sailing-echo.html.gz": (
        "Electric Ferry Makes Maiden Crossing to Tallis Island",
        ["Coastal Wire"],
        "The Brackwell Echo",
        "2025-11-19",
    ),
    "ketling-profile.pdf": ("The Man Who Bought the Quiet", ["Ines Quarrell"], None, "2025-11-07"),
    "mayoral-debate.docx": (
        "Mayoral Rivals Trade Blows Over Water, and One Compliment",
        ["Saskia Thornbury"],
        "The Brackwell Echo",
        "2025-11-06",
    ),
    "wire-briefs.jsonl#cw-2025-10-18": (
        "Thousands March Through Skarrow for Ferry Crews",
        ["Coastal Wire"],
        "Coastal Wire",
        "2025-10-18",
    ),
    "wire-briefs.jsonl#cw-2025-11-10": (
        "Castellow Wins Third Term as Brackwell Mayor",
        ["Coastal Wire"],
        "Coastal Wire",
        "2025-11-10",
    ),
    "wire-briefs.jsonl#cw-2025-11-21": (
        "Halvard Station Team Drills Past 1,000 Metres of Ice",
        ["Oskar Prewitt"],
        "Coastal Wire",
        "2025-11-21",
    ),
}


def test_every_sample_article_is_in_the_table(texts: dict[str, str]) -> None:
    assert set(texts) == set(CLEANED) == set(METADATA)


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


@pytest.mark.parametrize("file", METADATA)
def test_metadata_is_what_the_page_says(file: str, pages: dict[str, Page]) -> None:
    title, authors, outlet, published = METADATA[file]
    metadata = extract_metadata(pages[file], clean(pages[file]))
    assert metadata.title is not None
    if title is None:
        assert "derived" in metadata.title.source
    else:
        assert metadata.title.value == title
    assert [author.value for author in metadata.authors] == authors
    if outlet is not None:
        assert metadata.outlet is not None
        assert metadata.outlet.value == outlet
    assert (metadata.published and metadata.published.value[:10]) == published


def test_every_sample_says_that_it_is_invented(pages: dict[str, Page]) -> None:
    assert [file for file, page in pages.items() if NOTE not in page.raw] == []


def test_committed_binaries_are_what_the_script_writes(
    tmp_path: Path, root: Path, texts: dict[str, str]
) -> None:
    runpy.run_path(str(root / "samples" / "make_binary.py"))["write_all"](tmp_path)
    written = {file: clean(page).text for file, page in read(tmp_path).items()}
    assert written == {file: texts[file] for file in written}
    assert len(written) == 3
