"""Complaints of readers become gold rows, or not; nothing is lost on the way."""

import json

import pytest
from eval_samples import answer_json

from eval.__main__ import main
from eval.candidates import (
    FILE,
    Complaint,
    State,
    accept,
    candidates,
    complain,
    edit,
    find_candidate,
    reject,
)
from eval.gold_files import read_gold
from index.errors import InputError

PLACES = [("a1", 0, 5, "first"), ("a2", 7, 13, "second")]
ANSWER = answer_json("Kaspar Ito", sentences=[("He praised her.", PLACES)]) | {"question": "Who praised her?"}


def cited(number):
    return ANSWER["sentences"][0]["citations"][number]


def test_a_wrong_citation_keeps_the_answer_and_the_other_evidence(tmp_path):
    one = complain(
        tmp_path, Complaint.CITATION, ANSWER, citation=cited(0), remark=" not him ", asked_on="2025-11-22"
    )
    assert candidates(tmp_path) == [one]
    assert one.draft.answers == ("Kaspar Ito",)
    assert [evidence.quote for evidence in one.draft.evidence] == ["second"]
    assert (one.remark, one.draft.asked_on, one.state) == ("not him", "2025-11-22", State.OPEN)


def test_a_wrong_answer_keeps_nothing_that_was_wrong(tmp_path):
    one = complain(tmp_path, Complaint.ANSWER, ANSWER)
    assert (one.draft.answers, one.draft.evidence) == ((), ())
    with pytest.raises(InputError, match="no right answer"):
        accept(tmp_path, one.id, tmp_path / "gold.jsonl")
    edit(tmp_path, one.id, answers=["Doria Venn"])
    with pytest.raises(InputError, match="no evidence"):
        accept(tmp_path, one.id, tmp_path / "gold.jsonl")
    edit(tmp_path, one.id, evidence=[{"article": "signing.txt", "quote": "said Ms. Venn"}])
    row = accept(tmp_path, one.id, tmp_path / "gold.jsonl")
    assert read_gold(tmp_path / "gold.jsonl", strict=True).cases == (row,)
    assert (row.answers, row.question) == (("Doria Venn",), "Who praised her?")


def test_what_is_settled_stays_settled(tmp_path):
    one = complain(tmp_path, Complaint.SOURCE, ANSWER)
    assert reject(tmp_path, one.id[:4]).state is State.REJECTED
    for again in (
        lambda: reject(tmp_path, one.id),
        lambda: edit(tmp_path, one.id, note="x"),
        lambda: accept(tmp_path, one.id, tmp_path / "gold.jsonl"),
    ):
        with pytest.raises(InputError, match="was rejected already"):
            again()
    assert candidates(tmp_path, State.OPEN) == []
    assert not (tmp_path / "gold.jsonl").exists()


def test_a_question_is_gold_once(tmp_path):
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps({"id": "g", "question": "who praised HER?", "answers": ["x"], "evidence": []}))
    one = complain(tmp_path, Complaint.SOURCE, ANSWER)
    with pytest.raises(InputError, match="already"):
        accept(tmp_path, one.id, gold)
    edit(tmp_path, one.id, question="Who praised Ana Brandt?")
    accept(tmp_path, one.id, gold)
    # The last line had no end: the new row stands on a line of its own.
    assert len(read_gold(gold, strict=True).cases) == 2


def test_a_line_that_breaks_off_costs_itself_only(tmp_path, caplog):
    one = complain(tmp_path, Complaint.SOURCE, ANSWER)
    with (tmp_path / FILE).open("a") as file:
        file.write('{"id": "torn", "ma')
    two = complain(tmp_path, Complaint.ANSWER, ANSWER)
    assert [found.id for found in candidates(tmp_path)] == [one.id, two.id]
    assert "line 2 breaks off" in caplog.text


@pytest.mark.parametrize(
    "line", ["[]", '{"id": "x"}', '{"id": "x", "made": "", "complaint": "?", "draft": {}}']
)
def test_a_damaged_file_is_named(tmp_path, line):
    (tmp_path / FILE).write_text(f"{line}\n")
    with pytest.raises(InputError, match="line 1 is damaged"):
        candidates(tmp_path)


def test_unknown_names_and_fields_are_refused(tmp_path):
    assert candidates(tmp_path / "none") == []
    with pytest.raises(InputError, match="No candidates"):
        find_candidate(tmp_path, "abcd")
    one = complain(tmp_path, Complaint.SOURCE, ANSWER)
    with pytest.raises(InputError, match="no field 'colour'"):
        edit(tmp_path, one.id, colour="red")
    with pytest.raises(InputError, match="no question"):
        complain(tmp_path, Complaint.SOURCE, {"question": " "})


def command(folder, *words):
    return main(["candidates", *words, "--folder", str(folder)])


def test_the_command_line_lists_edits_and_accepts(tmp_path, capsys):
    one = complain(tmp_path, Complaint.ANSWER, ANSWER, remark="It was Venn")
    assert command(tmp_path, "list") == 0
    told = capsys.readouterr().out
    assert "wrong answer" in told
    assert "“It was Venn”" in told
    assert (
        command(tmp_path, "edit", one.id, "--answer", "Venn", "--article", "a.txt", "--quote", "she said")
        == 0
    )
    assert '"answers": [\n    "Venn"' in capsys.readouterr().out
    assert command(tmp_path, "accept", one.id, "--gold", str(tmp_path / "gold.jsonl")) == 0
    assert read_gold(tmp_path / "gold.jsonl").cases[0].answers == ("Venn",)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["accept"], "No candidate is named"),
        (["accept", "ID"], "No gold file is named"),
        (["edit", "ID"], "Nothing to change"),
        (["edit", "ID", "--quote", "x"], "Give both"),
        (["show", "nope"], "No candidates"),
    ],
)
def test_commands_that_cannot_be_done_say_why(tmp_path, capsys, words, message):
    one = complain(tmp_path, Complaint.ANSWER, ANSWER)
    assert command(tmp_path, *(one.id if word == "ID" else word for word in words)) == 2
    assert message in capsys.readouterr().err


def test_an_unanswerable_question_needs_no_answer(tmp_path):
    one = complain(tmp_path, Complaint.ANSWER, ANSWER)
    assert command(tmp_path, "edit", one.id, "--unanswerable") == 0
    row = accept(tmp_path, one.id, tmp_path / "gold.jsonl")
    assert (row.answerable, row.answers) == (False, ())
