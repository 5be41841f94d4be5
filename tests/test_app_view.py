"""What the pages show, as plain values: marks, dates, links, the library, an article."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import InputError
from index.reports import IngestReport, LibraryStats
from index.schema import (
    Article,
    ArticleCard,
    Failure,
    Filter,
    Metadata,
    RemovalReason,
    Removed,
    Sourced,
    Span,
)
from ui import article_view, library_view, view
from ui.desk import read_filter, read_question

HARBOUR = ArticleCard(
    "a1", "harbour.html", "Harbour wall", ("N. Ekberg",), "Herald", "2026-03-03", None, "g1"
)
MINISTER = ArticleCard("a2", "minister.txt", "", (), None, None, "https://wire.example/x", "g2")


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        ("2025-11-07", "7 November 2025"),
        ("2025-11-07T17:14:00-05:00", "7 November 2025, 17:14"),
        (None, "undated"),
        ("", "undated"),
        ("spring 2024", "spring 2024"),
    ],
)
def test_dates_read_as_people_write_them(published, shown):
    assert view.date_text(published) == shown


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.example.org/a?b=c", "example.org"),
        ("http://news.example.org:8080/", "news.example.org"),
        ("HTTPS://Example.org", "example.org"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.org/x", None),
        ("https://", None),
        ("http://[broken", None),
        (None, None),
        ("", None),
    ],
)
def test_only_web_addresses_become_links(url, host):
    link = view.link_of(url)
    assert (link["host"] if link else None) == host


TEXT = "One 😀 first.\n\nTwo second. Two third.\n\nThree."


@pytest.mark.parametrize("quote", ["One 😀 first.", "Two third.", "😀", "Three."])
def test_the_marked_run_is_exactly_the_quote(quote):
    start = TEXT.index(quote)
    paragraphs = article_view.marked_paragraphs(TEXT, Span(start, start + len(quote)))
    assert [run["text"] for runs in paragraphs for run in runs if run["kind"] == "mark"] == [quote]


texts = st.text(st.sampled_from(list("ab .\n\r\u2028😀é<>&$`{}\t")), max_size=60)


@given(texts, st.data())
def test_runs_hold_every_shown_character_once_and_marks_only_the_span(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    paragraphs = article_view.marked_paragraphs(text, Span(start, end))
    shown = "".join(run["text"] for runs in paragraphs for run in runs)
    assert "".join(shown.split()) == "".join(text.split())
    marked = "".join(run["text"] for runs in paragraphs for run in runs if run["kind"] == "mark")
    assert "".join(marked.split()) == "".join(text[start:end].split())


@given(texts, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5))
def test_overlapping_removed_spans_lose_nothing(text, pairs):
    removed = [Removed(min(p), max(p), RemovalReason.MENU) for p in pairs]
    paragraphs = article_view.page_paragraphs(text, removed)
    shown = "".join(run["text"] for runs in paragraphs for run in runs)
    assert "".join(shown.split()) == "".join(text.split())


def test_a_removed_span_over_several_lines_is_named_once():
    raw = "Menu\nSport\nBody."
    paragraphs = article_view.page_paragraphs(raw, [Removed(0, 10, RemovalReason.MENU)])
    runs = [run for line in paragraphs for run in line]
    assert [(run["text"], run["kind"], run.get("first")) for run in runs] == [
        ("Menu", "menu", True),
        ("Sport", "menu", False),
        ("Body.", "", None),
    ]


def test_every_metadata_value_says_where_it_was_found():
    metadata = Metadata(
        title=Sourced("T", "JSON-LD"),
        authors=(Sourced("A", "byline"), Sourced("B", "byline")),
        published=Sourced("2026-03-03", "URL"),
    )
    rows = [(row["label"], row["value"], row["source"]) for row in article_view.metadata_rows(metadata)]
    assert rows == [
        ("Title", "T", "JSON-LD"),
        ("Outlet", "not given on the page", ""),
        ("Author", "A", "byline"),
        ("Author", "B", "byline"),
        ("Published", "3 March 2026", "URL"),
        ("Address", "not given on the page", ""),
    ]


def test_the_table_is_searched_over_every_shown_field():
    assert [
        library_view.matches(HARBOUR, words)
        for words in ("wall herald", "EKBERG", "harbour.html", "", "wire")
    ] == [
        True,
        True,
        True,
        True,
        False,
    ]


def stats(**changes):
    fields = {
        "articles": 3, "groups": 2, "chunks": 9, "sentences": 30, "mentions": 40, "statements": 5,
        "undated": 1, "outlets": (("Herald", 2),), "published_from": "2026-01-05",
        "published_to": "2026-03-03T10:00:00", "model": "hashing", "dimension": 8, "generation": 1,
        "format_version": 1, "bytes_on_disk": 10, "vectors": "flat",
    }  # fmt: skip
    return LibraryStats(**{**fields, **changes})


def test_the_library_is_described_in_one_line():
    assert (
        library_view.stats_text(stats())
        == "3 articles · 2 different stories · 1 outlet · 5 January 2026 to 3 March 2026 · 1 undated"
    )
    assert library_view.stats_text(stats(articles=0)) == "The library is empty."


def test_an_upload_reports_every_file_that_failed():
    shown = library_view.report_view(
        IngestReport(added=2, unchanged=1, failures=(Failure("b.pdf", "damaged"),)),
        (Failure("c.exe", "unknown"),),
    )
    assert shown["text"] == "2 added, 1 already there; 2 files could not be read."
    assert [failure["file"] for failure in shown["failures"]] == ["c.exe", "b.pdf"]
    assert shown["kind"] == "bad"


def test_examples_come_from_the_library():
    questions = view.example_questions([HARBOUR, MINISTER], ["Mayor Lind", "Arden"])
    assert questions[:3] == [
        "Who praised Mayor Lind most?",
        "Which articles mention Arden?",
        "Who wrote “Harbour wall”?",
    ]
    assert len(questions) <= 4
    assert view.example_questions([], []) == []


@pytest.mark.parametrize("text", ["", "   \n", "x" * 2001])
def test_questions_without_text_or_too_long_are_refused(text):
    with pytest.raises(InputError):
        read_question(text)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-13-01", "", "published from"),
        ("", "yesterday", "published until"),
        ("2026-02-01", "2026-01-01", "No date lies"),
    ],
)
def test_dates_that_cannot_be_used_are_named(first, last, said):
    with pytest.raises(InputError, match=said):
        read_filter([], [], first, last)


def test_an_empty_filter_limits_nothing():
    assert read_filter(None, None, "", None) == Filter()


def test_views_are_plain_json():
    article = Article("a", "f.txt", Metadata(), "Text.", "Menu\nText.", (Removed(0, 4, RemovalReason.MENU),))
    values = [
        view.idle_view(["q"], 3),
        article_view.reader_view(article, Span(0, 4)),
        library_view.report_view(IngestReport(added=1, failures=(Failure("f", "r"),))),
    ]
    assert [json.loads(json.dumps(value)) for value in values] == values
