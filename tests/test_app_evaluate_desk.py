"""What the page Evaluate does with a library: runs, stops, goes on, compares; complaints become gold rows."""

import json
import time

import pytest
from eval_samples import ARTICLES, GOLD, write_lines

from eval.candidates import State, candidates
from index.config import IndexConfig
from index.errors import InputError
from index.ingest import add
from index.library import Library
from qa.engine import Engine
from qa.schema import Question
from qa.talk.links import Link
from qa.talk.numbering import numbered
from ui.candidates_desk import CandidatesDesk
from ui.complaints import Complaints
from ui.evaluate_desk import EvaluateDesk
from ui.gold_shelf import SAMPLES, GoldShelf
from ui.kept import Kept, KeptAnswers
from ui.runner import Runner

PATIENCE = 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("evaluate")
    table = write_lines(root / "articles.jsonl", ARTICLES)
    with Library.create(root / "library", IndexConfig(model="hashing")) as made:
        add(made, [table])
    return root / "library"


@pytest.fixture
def desk(folder, tmp_path):
    """A desk whose runs and gold files are its own, over the one library."""
    with Library.open(folder) as library:
        made = EvaluateDesk(library, folder)
        made.runs = tmp_path / "runs"
        made.shelf = GoldShelf(tmp_path)
        yield made


def upload(desk, path):
    form = desk.upload(path)
    return form["chosen"], form["note"]


def gold_file(tmp_path, rows=GOLD, name="mine.jsonl"):
    (tmp_path / "uploads").mkdir(exist_ok=True)
    return write_lines(tmp_path / "uploads" / name, rows)


def ended(desk):
    """Follow the run to its end; return the lines that were shown."""
    began = time.monotonic()
    lines = []
    for line in desk.follow():
        lines.append(line)
        assert time.monotonic() - began < PATIENCE
    return lines


def test_a_run_goes_through_shows_its_scores_and_can_be_taken_along(desk, tmp_path):
    name, note = upload(desk, gold_file(tmp_path))
    assert (name, note) == ("mine.jsonl", "“mine.jsonl” is kept in the library folder: 3 questions.")
    started = desk.start({"gold": name, "limit": "", "types": [], "as_of": True})
    last = ended(desk)[-1]
    assert (last["state"], last["text"]) == ("done", "Done: 3 questions answered.")
    report, questions = desk.show(started.run)
    assert {row["name"]: row["mean"] for row in report["metrics"]}["correct"] == "1.000"
    assert questions["rows"] == []
    assert len(desk.questions(started.run, "all", 1)["rows"]) == 3
    (row,) = desk.list_runs(started.run)["rows"]
    assert (row["correct"], row["can_go_on"], row["is_shown"]) == ("1.000", False, True)
    assert desk.newest() == started.run
    assert len(desk.file(started.run, "results.jsonl").splitlines()) == 3
    assert json.loads(desk.file(started.run, "summary.json"))["questions"] == 3
    assert desk.file(started.run, "report.html").startswith("<!doctype html>")


def test_a_run_stops_after_a_question_and_goes_on_from_there(desk, tmp_path):
    upload(desk, gold_file(tmp_path))
    started = desk.start({"gold": "mine.jsonl"})
    with pytest.raises(InputError, match="going on already"):
        desk.start({"gold": "mine.jsonl"})
    desk.runner.stop()
    last = ended(desk)[-1]
    assert last["text"] == "Stopped: 1 of 3 questions are answered and kept."
    assert desk.show(started.run)[0]["text"].startswith("1 question of 3, the run is not finished")
    assert desk.list_runs()["rows"][0]["can_go_on"]
    assert desk.go_on(started.run).run == started.run
    assert ended(desk)[-1]["state"] == "done"
    assert desk.show(started.run)[0]["text"].startswith("3 questions ·")
    assert len(desk.list_runs()["rows"]) == 1


def test_a_run_over_changed_gold_cannot_be_gone_on_with(desk, tmp_path):
    upload(desk, gold_file(tmp_path))
    started = desk.start({"gold": "mine.jsonl"})
    desk.runner.stop()
    ended(desk)
    write_lines(desk.shelf.folder / "mine.jsonl", GOLD[:2])
    assert not desk.list_runs()["rows"][0]["can_go_on"]
    with pytest.raises(InputError, match="has changed since"):
        desk.go_on(started.run)


def test_types_and_a_limit_narrow_a_run_and_two_runs_compare(desk, tmp_path):
    upload(desk, gold_file(tmp_path))
    first = desk.start({"gold": "mine.jsonl", "types": ["factoid"]}).run
    ended(desk)
    second = desk.start({"gold": "mine.jsonl", "limit": "1"}).run
    ended(desk)
    compared = desk.compare(first, second)
    assert (compared["state"], compared["text"]) == ("open", "1 question in both runs · 1 only in the first")
    assert desk.compare(first, first)["text"].startswith("Both are the same run.")
    assert desk.compare(first, "../library")["text"].startswith("There is no such run.")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"gold": "none.jsonl"}, "no gold file"),
        ({"gold": "../mine.jsonl"}, "no gold file"),
        ({"gold": SAMPLES, "limit": "0"}, "no number of questions"),
        ({"gold": SAMPLES, "limit": "²"}, "no number of questions"),
        ({"gold": SAMPLES, "limit": "-1"}, "no number of questions"),
        ({"gold": SAMPLES, "types": "factoid"}, "cannot be read"),
        ({}, "no gold file"),
    ],
)
def test_a_form_that_cannot_be_read_starts_nothing(desk, sent, said):
    with pytest.raises(InputError, match=said):
        desk.start(sent)
    assert desk.runner.standing().state == "idle"
    assert not desk.runs.exists()


@pytest.mark.parametrize("name", ["", ".", "..", "../runs", "/etc", "none"])
def test_no_name_reaches_another_folder(desk, tmp_path, name):
    (tmp_path / "results.jsonl").write_text("secret")
    desk.runs.mkdir()
    for reach in (desk.record, desk.go_on, lambda run: desk.file(run, "results.jsonl")):
        with pytest.raises(InputError, match="no such run"):
            reach(name)


def test_a_run_that_cannot_be_carried_out_says_why(desk, tmp_path):
    upload(desk, gold_file(tmp_path))
    desk.start({"gold": "mine.jsonl", "types": ["love letters"]})
    last = ended(desk)[-1]
    assert (last["state"], last["kind"]) == ("failed", "bad")
    assert "love letters" in last["text"]
    assert not desk.runner.standing().going_on


def test_an_unforeseen_error_ends_a_run_with_words_and_the_next_can_begin(desk, tmp_path, caplog):
    upload(desk, gold_file(tmp_path))

    def broken():
        raise RuntimeError("boom")

    desk._write_report = lambda _: broken()
    desk.start({"gold": "mine.jsonl"})
    assert ended(desk)[-1]["text"].startswith("Something went wrong in Dateline itself.")
    assert "boom" in caplog.text
    del desk._write_report
    desk.start({"gold": "mine.jsonl"})
    assert ended(desk)[-1]["state"] == "done"


def test_uploads_are_kept_once_numbered_apart_and_refused_when_no_gold(desk, tmp_path):
    assert upload(desk, gold_file(tmp_path))[0] == "mine.jsonl"
    assert upload(desk, gold_file(tmp_path))[0] == "mine.jsonl"
    assert upload(desk, gold_file(tmp_path, GOLD[:1]))[0] == "mine-2.jsonl"
    path = tmp_path / "uploads" / "x.jsonl"
    path.write_text("no gold at all\n")
    chosen, note = upload(desk, path)
    assert chosen == ""
    assert "x.jsonl" in note
    assert str(tmp_path) not in note
    assert not path.exists()
    (tmp_path / "uploads" / "page.html").write_text("<p>")
    assert "Readable are" in upload(desk, tmp_path / "uploads" / "page.html")[1]
    assert sorted(one.name for one in desk.shelf.folder.iterdir()) == ["mine-2.jsonl", "mine.jsonl"]


def test_rows_that_cannot_be_used_are_named(desk, tmp_path):
    path = gold_file(tmp_path)
    path.write_text(path.read_text() + '{"id": "bad"}\n')
    form = desk.upload(path)
    (gold,) = [one for one in form["golds"] if one["name"] == form["chosen"]]
    assert (form["kind"], gold["questions"], len(gold["bad"])) == ("bad", 3, 1)
    assert [one["name"] for one in form["golds"]] == ["mine.jsonl", SAMPLES]


def test_a_reader_of_an_ended_run_is_told_at_once():
    runner = Runner()
    seen = runner.standing()
    began = time.monotonic()
    assert runner.wait(seen, 0.05) is seen
    assert time.monotonic() - began < 5


# --- complaints


@pytest.fixture
def complaints(tmp_path):
    return Complaints(tmp_path, KeptAnswers())


def keep(complaints, answer):
    return complaints.answers.keep(Kept(Link(Question(answer.question)), answer, numbered(answer)))


@pytest.fixture(scope="module")
def answer(folder):
    with Engine.open(folder) as engine:
        yield engine.ask(Question("How much is the contract for the ferries worth?"))


def test_a_complaint_keeps_the_answer_and_the_citation_and_can_be_undone(complaints, answer, tmp_path):
    key = keep(complaints, answer)
    offer = complaints.offer(key)
    assert offer["kinds"] == ["wrong answer", "wrong citation", "missed source"]
    n = offer["citations"][0]["n"]
    kept = complaints.complain({"key": key, "kind": "wrong citation", "n": n})
    assert (kept["state"], kept["said"]) == ("kept", f"Kept: wrong citation [{n}].")
    (one,) = candidates(tmp_path)
    assert one.draft.question == answer.question
    assert one.given["short_answer"] == answer.short_answer
    cited = {each["quote"] for sentence in one.given["sentences"] for each in sentence["citations"]}
    assert cited - {evidence.quote for evidence in one.draft.evidence}
    back = complaints.undo({"key": key, "id": kept["id"]})
    assert (back["state"], back["said"]) == ("offer", "Taken back.")
    assert candidates(tmp_path, State.OPEN) == []


def test_a_note_takes_the_place_of_the_complaint_without_it(complaints, answer, tmp_path):
    key = keep(complaints, answer)
    first = complaints.complain({"key": key, "kind": "wrong answer", "n": 1})
    second = complaints.complain(
        {"key": key, "kind": "wrong answer", "note": " It is  $9. ", "instead": first["id"]}
    )
    assert second["said"] == "Kept: wrong answer, with your note."
    (one,) = candidates(tmp_path, State.OPEN)
    assert (one.id, one.remark, one.draft.answers) == (second["id"], "It is $9.", ())


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"key": "gone"}, "no longer at hand"),
        ({"kind": "too long"}, "cannot be read"),
        ({"note": "x" * 1001}, "1,000 characters"),
    ],
)
def test_a_complaint_that_cannot_be_kept_says_why(complaints, answer, tmp_path, sent, said):
    shown = complaints.complain({"key": keep(complaints, answer), "kind": "wrong answer", **sent})
    assert said in shown["said"]
    assert shown["wrong"]
    assert candidates(tmp_path) == []


def test_only_the_last_answers_are_remembered(complaints, answer, monkeypatch):
    monkeypatch.setattr("ui.kept.KEPT", 2)
    keys = [keep(complaints, answer) for _ in range(3)]
    assert [complaints.offer(key)["state"] for key in keys] == ["none", "offer", "offer"]


@pytest.fixture
def gold(folder, tmp_path):
    with Library.open(folder) as library:
        yield CandidatesDesk(library, tmp_path, tmp_path / "gold" / "from-use.jsonl")


def complained(complaints, answer, kind="wrong answer"):
    return complaints.complain({"key": keep(complaints, answer), "kind": kind})["id"]


def test_a_complaint_is_edited_accepted_and_becomes_gold_to_run(complaints, answer, gold, tmp_path):
    name = complained(complaints, answer)
    (row,) = gold.show()["rows"]
    assert (row["given"], row["complaint"]) == ("$212 million", "wrong answer")
    assert row["lacks"] == "Still needs the right answer and a quote that shows it."
    with pytest.raises(InputError, match="no right answer"):
        gold.accept(name)
    edit = {
        "id": name,
        "question": answer.question,
        "answers": "212 million dollars\n\n$212 million\n",
        "answerable": True,
        "evidence": [
            {"article": "signing", "quote": "a contract worth $212 million"},
            {"article": "", "quote": ""},
        ],
    }
    gold.edit(edit)
    (row,) = gold.show()["rows"]
    assert (row["answers"], row["lacks"]) == (["212 million dollars", "$212 million"], "")
    assert [one["lack"] for one in row["evidence"]] == [""]
    said = gold.accept(name)
    assert said["text"] == f"“{answer.question}” is a gold question now, in from-use.jsonl."
    assert gold.show()["rows"] == []
    assert gold.show()["accepted"] == 1
    (written,) = [json.loads(line) for line in gold.gold_text().splitlines()]
    assert written["answers"] == ["212 million dollars", "$212 million"]
    first = GoldShelf(tmp_path).files()[0]
    assert (first.name, first.questions) == ("from-use.jsonl", 1)


def test_evidence_that_the_library_lacks_is_named(complaints, answer, gold):
    name = complained(complaints, answer)
    pieces = [("signing", "a contract worth $999"), ("nowhere", "no such words"), ("oak", "for four ferries")]
    gold.edit(
        {
            "id": name,
            "question": "Q?",
            "answers": "x",
            "evidence": [{"article": article, "quote": quote} for article, quote in pieces],
        }
    )
    lacks = [one["lack"] for one in gold.show()["rows"][0]["evidence"]]
    assert lacks[0].startswith("The article does not have these words. Nearest: “")
    assert lacks[1] == "There is no such article in the library."
    assert lacks[2].startswith("These words stand in ")


def test_a_question_that_the_articles_do_not_answer_needs_no_evidence(complaints, answer, gold):
    name = complained(complaints, answer)
    gold.edit({"id": name, "question": "Q?", "answers": "kept by mistake", "answerable": False})
    assert gold.show()["rows"][0]["lacks"] == ""
    gold.accept(name)
    assert json.loads(gold.gold_text())["answerable"] is False


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"question": " "}, "no question"),
        ({"question": "x" * 2001}, "2,000 characters"),
        ({"answers": "\n".join(map(str, range(51)))}, "more than 50 answers"),
        ({"evidence": [{"article": "a", "quote": ""}]}, "an article and its words"),
        ({"id": "none"}, "No candidates"),
        ({"id": ""}, "No candidates"),
    ],
)
def test_an_edit_that_cannot_be_made_is_refused(complaints, answer, gold, sent, said):
    name = complained(complaints, answer)
    with pytest.raises(InputError, match=said):
        gold.edit({"id": name, "question": "Q?", "answers": "a", **sent})


def test_a_discarded_complaint_is_gone_from_the_list(complaints, answer, gold):
    name = complained(complaints, answer, "missed source")
    assert gold.discard(name)["text"].startswith("Set aside: “How much")
    assert gold.show()["rows"] == []
    with pytest.raises(InputError, match="already"):
        gold.discard(name)
    assert gold.take_back(name)["text"].startswith("Back in the list: “How much")
    assert [row["id"] for row in gold.show()["rows"]] == [name]
    with pytest.raises(InputError, match="not rejected"):
        gold.take_back(name)


def test_damaged_candidates_are_named_and_close_no_page(gold, tmp_path):
    (tmp_path / "candidates.jsonl").write_text('{"id": 1}\n')
    shown = gold.show()
    assert shown["wrong"]
    assert "candidates.jsonl" in shown["text"]
