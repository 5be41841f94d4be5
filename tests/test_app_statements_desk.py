"""What "Who said what" does with a library: keep what was read, correct every copy, undo, export, the API."""

import csv
import io
import json
from dataclasses import replace

import pytest
from store_samples import ingest_library, metadata, record_of, source_of

from index.errors import InputError, LibraryInUseError
from index.library import Library
from index.schema import Analysis, MentionKind, Stance, Statement, Voice
from ui.asked import Asked
from ui.statements_desk import StatementsDesk, Wish
from ui.statements_view import Cell

LINES = (
    "Ann Lee said that Bo Rye was a friend of the town and of its harbour.",
    "=Ann Lee called Bo Rye a liar in front of the council on Monday evening.",
    "Cy Moe thanked Ann Lee for the plan of the harbour wall and the new pier.",
)
REST = [
    f"On day {n} the harbour master wrote down {n * 7} boats and {n * 3} crates of fish." for n in range(40)
]
BODY = "\n".join((*LINES, *REST))


def said(line, speaker, target, stance, **more):
    start = BODY.index(LINES[line])
    kinds = {"speaker_kind": MentionKind.PERSON, "target_kind": MentionKind.PERSON}
    return Statement(
        start, start + len(LINES[line]), speaker, target, stance, 2, Voice.REPORTED, "", **kinds, **more
    )


STATEMENTS = (
    said(0, "Ann Lee", "Bo Rye", Stance.PRAISE),
    said(1, "Ann Lee", "Bo Rye", Stance.CRITICISE),
    said(2, "Cy Moe", "Ann Lee", Stance.PRAISE),
    said(2, "Cy Moe", "Bo Rye", Stance.PRAISE, confidence=0.2),
)


@pytest.fixture
def desk(tmp_path):
    """The desk over two copies of one story, as two outlets ran it."""
    folder = tmp_path / "library"
    with ingest_library(folder) as writing:
        for name, outlet, end in (("a", "The Post", ""), ("b", "The Wire", "\nMore in the paper.")):
            about = metadata("Harbour", outlet, "2026-03-04")
            record = record_of(BODY + end, about, file=f"{name}.txt")
            writing.store.put(
                replace(record, analysis=Analysis((), STATEMENTS)), source_of(f"/k/{name}.txt", about)
            )
    with Library.open(folder) as library:
        yield StatementsDesk(library, folder)


def counts(desk, asked=Asked()):  # noqa: B008 - frozen
    return {
        (row["name"], column["name"]): (cell["praise"], cell["criticise"])
        for table in [desk.table(asked)]
        for row in table["rows"]
        for column, cell in zip(table["columns"], row["cells"], strict=True)
        if cell
    }


def wish(desk, line, **changes):
    """Return what the page sends when a reader corrects the statement of a line."""
    quotes = desk.quotes(Asked(), Cell())["quotes"]
    quote = next(one for one in quotes if "".join(run["text"] for run in one["runs"]) == LINES[line])
    sent = {**quote["named"], "article": quote["article"], "ordinal": quote["ordinal"], "is_statement": True}
    return Wish.of({**sent, "stance": quote["stance"], **changes})


BEFORE = {("Ann Lee", "Bo Rye"): (1, 1), ("Cy Moe", "Ann Lee"): (1, 0)}


def test_a_correction_changes_the_count_though_a_copy_says_the_same_and_undo_brings_it_back(desk):
    assert counts(desk) == BEFORE
    done = desk.correct(wish(desk, 0, stance="criticise"))
    assert done["text"] == "Saved: Ann Lee on Bo Rye: criticism."
    assert counts(desk) == {**BEFORE, ("Ann Lee", "Bo Rye"): (0, 2)}
    (row,) = desk.corrections()["rows"]
    assert (row["numbers"], len(row["numbers"])) == (sorted(done["undo"], reverse=True), 2)
    desk.undo(done["undo"])
    assert counts(desk) == BEFORE
    assert desk.corrections()["count"] == 0


def test_speaker_target_and_being_a_statement_can_be_corrected(desk):
    desk.correct(wish(desk, 2, speaker="Dora  Vane", target=""))
    assert counts(desk) == {("Ann Lee", "Bo Rye"): (1, 1), ("Dora Vane", ""): (1, 0)}
    desk.correct(wish(desk, 1, is_statement=False))
    assert counts(desk)["Ann Lee", "Bo Rye"] == (1, 0)


def test_the_page_after_a_correction_stays_where_it_was(desk):
    asked = Asked(target="Bo Rye")
    table, quotes = desk.table(asked), desk.quotes(asked, Cell("Ann Lee", None))
    desk.correct(wish(desk, 1, is_statement=False))
    drawn, chart, again = desk.again(table, quotes)
    assert drawn["rows"][0]["total"] == {"praise": 1, "criticise": 0, "neutral": 0}
    assert (again["cell"], len(again["quotes"])) == ({"speaker": "Ann Lee", "target": None}, 1)
    assert [(bar["praise"], bar["criticise"]) for bar in chart["bars"]] == [(1, 0)]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ordinal": 99}, "not in the library"),
        ({"article": "none"}, "not in the library"),
        ({"speaker": " "}, "needs a speaker"),
        ({"speaker": "x" * 201}, "200 characters"),
        ({"stance": "loves"}, "cannot be read"),
        ({"ordinal": "first"}, "cannot be read"),
    ],
)
def test_a_correction_that_cannot_be_made_is_refused(desk, changes, said):
    with pytest.raises(InputError, match=said):
        desk.correct(wish(desk, 0, **changes))
    assert counts(desk) == BEFORE


def test_a_correction_while_another_writes_is_refused(desk):
    with Library.open(desk.folder, write=True), pytest.raises(LibraryInUseError):
        desk.correct(wish(desk, 0, stance="criticise"))


def test_the_same_question_is_read_once_until_the_library_changes(desk):
    first = desk.found(Asked())
    assert desk.found(Asked()) is first
    desk.correct(wish(desk, 0, stance="criticise"))
    assert desk.found(Asked()) is not first


def test_files_hold_what_is_shown_and_no_cell_is_a_formula(desk):
    files = desk.downloads()
    rows = list(csv.DictReader(io.StringIO(files["/statements.csv"].make({}).removeprefix("\ufeff"))))
    assert sorted(row["quote"] for row in rows) == sorted(["'" + LINES[1], LINES[0], LINES[2]])
    assert [row["speaker"] for row in json.loads(files["/statements.json"].make({"speaker": ["Moe"]}))] == [
        "Cy Moe"
    ]
    assert len(json.loads(files["/statements.json"].make({"also": ["unclear"]}))) == 4
    desk.correct(wish(desk, 0, stance="criticise"))
    gold = [json.loads(line) for line in files["/corrections.jsonl"].make({}).splitlines()]
    assert {(row["question"], *row["answers"]) for row in gold} >= {("Did Ann Lee criticise Bo Rye?", "yes")}
    with pytest.raises(InputError, match="spring"):
        files["/statements.csv"].make({"from": ["spring"]})


def test_a_wrong_address_is_shown_in_place_of_the_table(desk):
    form, table, chart, quotes = desk.failed(InputError("No such day.", "Write another."))
    assert form is None
    assert table == {"state": "error", "message": "No such day.", "remedy": "Write another."}
    assert (chart["bars"], quotes["state"]) == ([], "closed")
