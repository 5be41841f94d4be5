"""Statements for other programs: nothing in a table can act, nothing is lost."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.export import COLUMNS, inert, statements_csv, statements_json
from index.schema import ArticleCard, LedgerEntry, Span, Stance, Statement, Voice


def entry(speaker="Ann Lee", target="Bo Rye", quote="“Fine,” she said,\nand left.", **about):
    card = ArticleCard(
        "id1", "a.txt", about.get("title", "A title"), (), about.get("outlet"), "2025-01-02", None, "id1"
    )
    statement = Statement(
        3,
        9,
        speaker,
        target,
        Stance.PRAISE,
        2,
        Voice.DIRECT,
        "said",
        Span(3, 4),
        confidence=about.get("sure", 1.0),
    )
    return LedgerEntry(card, statement, quote, speaker, target, 0, about.get("corrected", False))


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+49 30", "'+49 30"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("＝1", "'＝1"),
        ("'=1", "'=1"),
        ("plain", "plain"),
        ("a = b", "a = b"),
        ("", ""),
        ("– a dash", "– a dash"),
    ],
)
def test_no_cell_acts_as_a_formula(cell, shown):
    assert inert(cell) == shown


@given(st.text(max_size=30), st.text(max_size=30))
def test_csv_is_read_back_whole(speaker, quote):
    rows = list(csv.DictReader(io.StringIO(statements_csv([entry(speaker, "=cmd", quote)]), newline="")))
    (row,) = rows
    assert (row["speaker"], row["quote"], row["target"]) == (inert(speaker), inert(quote), "'=cmd")
    assert not any(value.startswith(("=", "+", "-", "@", "\t", "\r")) for value in row.values())


def test_every_column_has_its_value():
    text = statements_csv([entry(outlet="The Post", sure=0.25, corrected=True), entry(target=None)])
    first, second = csv.DictReader(io.StringIO(text, newline=""))
    assert first == {
        "speaker": "Ann Lee", "target": "Bo Rye", "stance": "praise", "strength": "2", "voice": "direct",
        "quote": "“Fine,” she said,\nand left.", "title": "A title", "outlet": "The Post",
        "published": "2025-01-02", "file": "a.txt", "url": "",
        "speaker_as_written": "Ann Lee", "target_as_written": "Bo Rye", "cue": "said",
        "reported_by": "", "confidence": "0.25", "unclear": "yes", "corrected": "yes", "article": "id1",
        "start": "3", "end": "9",
    }  # fmt: skip
    assert (second["target"], second["unclear"], second["corrected"]) == ("", "", "")


def test_json_keeps_texts_as_they_are():
    (row,) = json.loads(statements_json([entry(speaker="=1+1")]))
    assert tuple(row) == COLUMNS
    assert (row["speaker"], row["target"], row["confidence"], row["unclear"]) == (
        "=1+1",
        "Bo Rye",
        1.0,
        False,
    )
