"""What "Who said what" shows, as plain values: addresses, counts, pages of the table, quotes, the chart."""

import json
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import InputError
from index.schema import ArticleCard, Correction, Filter, LedgerEntry, Span, Stance, Statement, Voice
from ui import statements_view as view
from ui.asked import FIELDS, Asked, address_of, fields_of, query_of, read_asked
from ui.chart_view import chart_view, periods_between
from ui.statements_view import Cell

PRAISE, BLAME, NEUTRAL = Stance.PRAISE, Stance.CRITICISE, Stance.NEUTRAL
WIRE = ArticleCard("w1", "wire.txt", "Harbour wall", (), "Coastal Wire", "2026-03-03", None, "story")
COPY = replace(WIRE, id="w2", outlet="Herald", published="2026-03-04")
OWN = ArticleCard("own", "own.txt", "", (), None, None, None, "own")


def said(speaker, target, stance=PRAISE, card=WIRE, **changes):
    """Return an entry; `ordinal` tells statements of one article apart."""
    ordinal = changes.pop("ordinal", 0)
    corrected = changes.pop("corrected", False)
    quote = changes.pop("quote", "She kept her word.")
    fields = {
        "start": 0, "end": len(quote), "speaker": speaker, "target": target, "stance": stance,
        "strength": 0 if stance is NEUTRAL else 2, "voice": Voice.DIRECT, "cue": "",
    }  # fmt: skip
    return LedgerEntry(card, Statement(**{**fields, **changes}), quote, speaker, target, ordinal, corrected)


def card(number, published=None):
    return ArticleCard(f"a{number}", "f", f"T{number}", (), None, published, None, f"g{number}")


def shown(entries, asked=Asked(), **pages):  # noqa: B008 - frozen
    return view.table_view(view.sort_out(entries, asked), asked, **pages)


def cells(table):
    """Return the table as {speaker: {target: (praise, criticism)}}."""
    names = [column["name"] for column in table["columns"]]
    return {
        row["name"]: {
            name: (cell["praise"], cell["criticise"])
            for name, cell in zip(names, row["cells"], strict=True)
            if cell
        }
        for row in table["rows"]
    }


# --- addresses

ASKED = Asked(
    "Ana Brandt & Co", "Ito", "praise", Filter(("A, B", "C=D"), ("Zoë",), "2026-01-02", "2026-02-03"),
    frozenset({"self", "unclear"}),
)  # fmt: skip


def test_the_address_says_what_is_asked_and_nothing_else():
    assert address_of(Asked()) == "/statements"
    assert query_of(Asked()) == "?"
    assert query_of(ASKED) == (
        "?speaker=Ana+Brandt+%26+Co&target=Ito&stance=praise&outlet=A%2C+B&outlet=C%3DD&author=Zo%C3%AB"
        "&from=2026-01-02&until=2026-02-03&also=self&also=unclear"
    )


@pytest.mark.parametrize("asked", [Asked(), ASKED, Asked(stance="any"), Asked(target="=1+1")])
def test_an_address_is_read_back_as_it_was_written(asked):
    assert read_asked(fields_of(asked)) == asked


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"stance": ["loves"]}, "loves"),
        ({"also": ["everything"]}, "show apart"),
        ({"speaker": ["x" * 201]}, "200 characters"),
        ({"outlet": [str(n) for n in range(51)]}, "more than 50"),
        ({"from": ["spring"]}, "published from"),
        ({"until": ["2026-02-30"]}, "published until"),
        ({"from": ["2026-02-01"], "until": ["2026-01-01"]}, "No date lies"),
    ],
)
def test_what_cannot_be_asked_is_named(fields, said):
    with pytest.raises(InputError, match=said):
        read_asked(fields)


@given(st.dictionaries(st.sampled_from(FIELDS), st.lists(st.text(max_size=30), max_size=3)))
def test_any_address_is_read_or_refused(fields):
    try:
        asked = read_asked(fields)
    except InputError:
        return
    assert read_asked(fields_of(asked)) == asked


# --- what is counted


def test_each_cell_counts_praise_and_criticism_apart():
    entries = [
        said("Brandt", "Ito"),
        said("Brandt", "Ito", ordinal=1),
        said("Brandt", "Ito", BLAME, ordinal=2),
        said("Brandt", "Cole", BLAME, ordinal=3),
        said("Cole", "Ito", ordinal=4),
        said("Cole", None, BLAME, ordinal=5),
        said("Brandt", "Ito", NEUTRAL, ordinal=6),
    ]
    table = shown(entries)
    assert cells(table) == {
        "Brandt": {"Ito": (2, 1), "Cole": (0, 1)},
        "Cole": {"Ito": (1, 0), "": (0, 1)},
    }
    assert [column["label"] for column in table["columns"]] == ["Ito", "Cole", "nobody named"]
    assert [row["total"] for row in table["rows"]] == [
        {"praise": 2, "criticise": 2, "neutral": 0},
        {"praise": 1, "criticise": 1, "neutral": 0},
    ]
    assert table["text"] == "3 statements of praise and 3 statements of criticism in 1 article."
    assert shown(entries, Asked(stance="any"))["text"] == (
        "3 statements of praise, 3 statements of criticism and 1 statement without a judgement in 1 article."
    )
    assert shown(entries, Asked(stance="neutral"))["rows"][0]["total"]["neutral"] == 1


def test_a_wire_story_counts_once_and_its_fullest_copy_is_shown():
    entries = [
        said("Brandt", "Ito"),
        said("Brandt", "Ito", card=COPY),
        said("Brandt", "Ito", card=COPY, ordinal=1),
        said("Cole", "Ito", card=OWN),
    ]
    found = view.sort_out(entries, Asked())
    assert [(e.article.id, e.ordinal) for e in found.counted] == [("w2", 0), ("w2", 1), ("own", 0)]
    quotes = view.quotes_view(found, Cell("Brandt", "Ito"), Asked())["quotes"]
    assert [quote["also"] for quote in quotes] == ["also in 1 copy of the article"] * 2


def test_what_is_kept_apart_is_counted_apart_until_it_is_asked_for():
    entries = [
        said("Brandt", "Ito"),
        said("Brandt", "Brandt", ordinal=1),
        said("the author", "Ito", BLAME, ordinal=2),
        said("a senior official", "Ito", BLAME, ordinal=3),
        said("Cole", "Ito", BLAME, ordinal=4, confidence=0.49),
        said("Cole", "Ito", ordinal=5, confidence=0.5),
    ]
    table = shown(entries)
    assert cells(table) == {"Brandt": {"Ito": (1, 0)}, "Cole": {"Ito": (1, 0)}}
    assert table["apart"] == (
        "Not counted: 1 unclear, 1 about the speakers themselves, 1 in the articles’ own voice, "
        "1 by unnamed speakers."
    )
    every = Asked(also=frozenset({"self", "author", "unnamed", "unclear"}))
    table = shown(entries, every)
    assert {row["label"] for row in table["rows"]} == {
        "Brandt", "Cole", "The articles’ own voice", "a senior official",
    }  # fmt: skip
    # An unclear statement is shown when asked for, but never counted.
    assert cells(table)["Cole"] == {"Ito": (1, 0)}
    quotes = view.quotes_view(view.sort_out(entries, every), Cell("Cole", "Ito"), every)
    assert ([q["stance"] for q in quotes["quotes"]], [q["n"] for q in quotes["unclear"]]) == (["praise"], [2])


def test_a_chosen_side_leaves_a_list_of_the_other():
    entries = [said("Brandt", "Ito"), said("Brandt", "Cole", BLAME, ordinal=1)]
    by_target = shown(entries, Asked(speaker="Brandt"))
    assert (by_target["side"], by_target["columns"]) == ("target", [])
    assert {row["name"] for row in by_target["rows"]} == {"Ito", "Cole"}
    by_speaker = shown(entries, Asked(target="Ito"))
    assert (by_speaker["side"], [row["name"] for row in by_speaker["rows"]]) == ("speaker", ["Brandt"])


def test_rows_and_columns_are_paged_and_a_page_out_of_range_is_the_last():
    entries = [
        said(f"Speaker {n:02}", f"Target {n:02}", card=card(n), ordinal=m)
        for n in range(40)
        for m in range(2)
    ]
    table = shown(entries, row_page=2, column_page=2)
    assert [row["name"] for row in table["rows"]] == [f"Speaker {n}" for n in range(15, 30)]
    assert [column["name"] for column in table["columns"]] == [f"Target {n:02}" for n in range(6, 12)]
    assert (table["row_pages"], table["column_pages"], table["row_count"]) == (3, 7, "40 speakers")
    last = shown(entries, row_page=99, column_page=0)
    assert (last["row_page"], last["column_page"]) == (3, 1)


names = st.sampled_from(["Ito", "Brandt", "Cole", "Ana Ruiz"])
anything = st.builds(
    said,
    names,
    st.none() | names,
    st.sampled_from(Stance),
    st.sampled_from([WIRE, COPY, OWN, card(3)]),
    strength=st.integers(0, 3),
    confidence=st.sampled_from([0.2, 0.5, 1.0]),
    ordinal=st.integers(0, 10**6),
)


@given(st.lists(anything, max_size=30, unique_by=view.identity), st.sets(st.sampled_from(list(view.APART))))
def test_every_count_opens_exactly_as_many_quotes(entries, also):
    asked = Asked(also=frozenset(also))
    found = view.sort_out(entries, asked)
    table = view.table_view(found, asked)
    for row in table["rows"]:
        for column, counts in zip([None, *table["columns"]], [row["total"], *row["cells"]], strict=True):
            if counts:
                cell = Cell(row["name"], column["name"] if column else None)
                quotes = view.quotes_view(found, cell, asked)
                stances = [quote["stance"] for quote in quotes["quotes"]]
                assert counts == {stance.value: stances.count(stance.value) for stance in Stance}
    assert sum(sum(row["total"].values()) for row in table["rows"]) == len(found.counted)


# --- quotes


def test_the_strongest_quotes_come_first_then_the_newest():
    entries = [
        said("Brandt", "Ito", strength=1, card=card(1, "2026-05-01")),
        said("Brandt", "Ito", strength=3, card=card(2, "2025-01-01")),
        said("Brandt", "Ito", strength=3, card=card(3, "2026-01-01")),
        said("Brandt", "Ito", strength=3, card=card(4)),
    ]
    quotes = view.quotes_view(view.sort_out(entries, Asked()), Cell("Brandt", "Ito"), Asked())["quotes"]
    assert [(quote["n"], quote["article"]) for quote in quotes] == [
        (1, "a3"),
        (2, "a2"),
        (3, "a4"),
        (4, "a1"),
    ]


def test_a_quote_says_how_it_was_read_and_marks_the_words_it_was_read_from():
    quote = "“Ito kept her word,” he said, Cole reports."
    entry = said(
        "Ana Brandt", "Mia Ito", quote=quote, strength=3, cue="kept her word", reported_by="Cole",
        voice=Voice.PARTLY_QUOTED, start=100, end=100 + len(quote), target_span=Span(101, 104),
        cue_span=Span(105, 118), speaker_span=Span(121, 123), corrected=True,
    )  # fmt: skip
    shown = view.quote_view(entry, 7)
    assert [(run["text"], run["kind"]) for run in shown["runs"] if run["kind"]] == [
        ("Ito", "target"),
        ("kept her word", "cue"),
        ("he", "speaker"),
    ]
    assert "".join(run["text"] for run in shown["runs"]) == quote
    assert (shown["n"], shown["stance_text"], shown["voice"]) == (7, "Extreme praise", "partly quoted")
    assert (shown["speaker"], shown["target"], shown["cue"]) == ("Ana Brandt", "Mia Ito", "kept her word")
    assert (shown["reported_by"], shown["corrected"], shown["published"]) == ("Cole", True, "3 March 2026")


@given(st.lists(st.none() | st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=3, max_size=3))
def test_marks_that_overlap_or_lie_outside_lose_no_word(pairs):
    spans = [Span(min(pair), max(pair)) if pair else None for pair in pairs]
    fields = dict(zip(("speaker_span", "target_span", "cue_span"), spans, strict=True))
    entry = said("Brandt", "Ito", start=20, end=38, **fields)
    assert "".join(run["text"] for run in view.quote_view(entry, 1)["runs"]) == entry.quote


def test_a_long_list_of_quotes_is_paged_and_keeps_its_numbers():
    entries = [said("Brandt", "Ito", card=card(n)) for n in range(45)]
    found = view.sort_out(entries, Asked())
    last = view.quotes_view(found, Cell("Brandt", "Ito"), Asked(), 3)
    assert (last["page"], last["pages"], [q["n"] for q in last["quotes"]]) == (3, 3, [41, 42, 43, 44, 45])


@pytest.mark.parametrize(
    ("asked", "cell", "heading", "address"),
    [
        (Asked(), Cell("Mia Ito", "Cole"), "Mia Ito on Cole", "/statements?speaker=Mia+Ito&target=Cole"),
        (Asked(), Cell("Mia Ito"), "Mia Ito on anybody", "/statements?speaker=Mia+Ito"),
        (Asked(speaker="ito"), Cell(), "Mia Ito on anybody", ""),
        (Asked(target="Nobody"), Cell(), "Anybody on Nobody", ""),
        (Asked(target="Cole"), Cell("Mia Ito"), "Mia Ito on Cole", "/statements?speaker=Mia+Ito&target=Cole"),
        (Asked(), Cell("Mia Ito", ""), "Mia Ito on nobody named", ""),
    ],
)
def test_the_heading_names_the_library_wide_names_and_links_to_the_same(asked, cell, heading, address):
    found = view.sort_out([said("Mia Ito", "Cole"), said("Mia Ito", None, BLAME, ordinal=1)], Asked())
    if asked.target == "Nobody":
        found = view.sort_out([], asked)
    quotes = view.quotes_view(found, cell, asked)
    assert (quotes["heading"], quotes["address"]) == (heading, address)


def test_corrections_are_listed_newest_first_with_what_they_change_and_copies_as_one():
    one = Correction("w1", "k", "Words  here.", "Ito", None, PRAISE, True, "Brandt", "Cole", BLAME, number=1)
    copy = replace(one, article="w2", quote="Words here.", number=2)
    gone = replace(one, article="gone", is_statement=False, number=3)
    shown = view.corrections_view([one, copy, gone], {"w1": WIRE, "w2": COPY})
    assert [(row["numbers"], row["before"], row["after"], row["title"]) for row in shown["rows"]] == [
        (
            [3],
            "Ito on nobody named: praise",
            "not a statement",
            "an article that is no longer in the library",
        ),
        ([2, 1], "Ito on nobody named: praise", "Brandt on Cole: criticism", "Harbour wall"),
    ]
    assert shown["count"] == 2


@pytest.mark.parametrize(
    ("other", "is_one"),
    [
        (said("Brandt", "Ito", card=COPY, quote="She kept\nher word."), True),
        (said("Brandt", "Ito", card=COPY, quote="She broke her word."), False),
        (said("Brandt", "Ito", BLAME, card=COPY), False),
        (said("Brandt", "Cole", card=COPY), False),
        (said("Brandt", "Ito", card=OWN), False),
        (said("Brandt", "Ito", ordinal=1), False),
    ],
)
def test_the_same_statement_is_known_in_copies_of_a_story(other, is_one):
    assert view.is_copy(other, said("Brandt", "Ito")) is is_one


# --- chart


@pytest.mark.parametrize(
    ("first", "last", "unit", "labels"),
    [
        ("2026-03-03", "2026-03-03", "week", ["the week of 2 March 2026"]),
        ("2025-12-31", "2026-01-08", "week", ["the week of 29 December 2025", "the week of 5 January 2026"]),
        ("2025-11-30", "2026-06-28", "month", ["November 2025", "June 2026"]),
        ("2012-02-29", "2026-01-01", "year", ["2012", "2026"]),
    ],
)
def test_the_unit_follows_the_range(first, last, unit, labels):
    found, periods = periods_between(date.fromisoformat(first), date.fromisoformat(last))
    assert found == unit
    assert [periods[0].label, periods[-1].label][: len(labels)] == labels


@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.integers(0, 9000))
def test_periods_follow_each_other_without_gap_and_hold_every_day(first, days):
    last = first + timedelta(days=days)
    _, periods = periods_between(first, last)
    assert periods[0].first <= first
    assert periods[-1].last >= last
    assert all(b.first - a.last == timedelta(days=1) for a, b in pairwise(periods))
    assert len(periods) <= 73


def test_bars_count_both_judgements_and_undated_ones_are_said_apart():
    entries = [
        said("Brandt", "Ito", card=card(1, "2026-03-03")),
        said("Brandt", "Ito", BLAME, card=card(2, "2026-03-08T23:00:00-05:00")),
        said("Brandt", "Ito", BLAME, card=card(3, "2026-03-16")),
        said("Brandt", "Ito", card=OWN),
        said("Brandt", "Ito", card=card(4, "spring 2024")),
    ]
    chart = chart_view(entries)
    assert [(bar["short"], bar["praise"], bar["criticise"]) for bar in chart["bars"]] == [
        ("2 Mar", 1, 1),
        ("9 Mar", 0, 0),
        ("16 Mar", 0, 1),
    ]
    assert (chart["bars"][0]["from"], chart["bars"][0]["until"]) == ("2026-03-02", "2026-03-08")
    assert chart["undated"] == "2 statements stand in articles without a date."
    assert chart["text"] == (
        "Praise and criticism by week from the week of 2 March 2026 to the week of 16 March 2026: "
        "most praise in the week of 2 March 2026 (1), most criticism in the week of 2 March 2026 (1)."
    )
    assert chart_view([])["bars"] == []


def test_views_are_plain_json():
    entries = [said("Brandt", "Ito"), said("Cole", None, BLAME, ordinal=1)]
    found = view.sort_out(entries, Asked())
    values = [
        view.form_view(ASKED, ["Ito"], ["A, B"]),
        view.table_view(found, Asked()),
        view.quotes_view(found, Cell(), Asked()),
        chart_view(entries),
        view.corrections_view([], {}),
    ]
    assert [json.loads(json.dumps(value)) for value in values] == values
