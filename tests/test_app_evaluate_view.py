"""What the page Evaluate shows, as plain values: progress, scores, questions, runs, comparisons."""

import json
from datetime import datetime

import pytest
from eval_samples import result
from served import HOSTILE

from eval.compare import compare
from eval.scoring import summarise
from ui import evaluate_view as view
from ui import runs_view
from ui.runner import Pace, Standing
from ui.runs_view import RunHead

ABOUT = {
    "gold": {"name": "gold.jsonl", "format": "v1", "digest": "0123456789abcdef", "questions": 3},
    "asked": {"questions": 3, "limit": None, "only_type": []},
    "library": {"name": "library", "articles": 2, "generation": 1, "model": "hashing"},
    "answers": None,
    "settings": {"as_of": True, "k": 20},
}


def record(*results, name="run", about=ABOUT):
    return view.RunRecord.of(name, about, results, summarise(results))


@pytest.mark.parametrize(
    ("standing", "text", "share"),
    [
        (Standing(), "", None),
        (Standing("r", "running"), "Reading the questions and the library …", 0),
        (Standing("r", "running", 2, 8), "2 of 8 questions answered …", 0.25),
        (Standing("r", "running", 2, 8, 1.4), "2 of 8 questions answered, about 1 second left …", 0.25),
        (Standing("r", "running", 2, 8, 600), "2 of 8 questions answered, about 10 minutes left …", 0.25),
        (Standing("r", "running", 8, 8, 0), "Scoring …", 1),
        (Standing("r", "stopping", 2, 8), "Stopping after this question; 2 of 8 are answered", 0.25),
        (Standing("r", "stopped", 2, 8), "Stopped: 2 of 8 questions are answered and kept.", None),
        (Standing("r", "done", 8, 8), "Done: 8 questions answered.", None),
        (Standing("r", "failed", message="No {such} gold."), "No {such} gold.", None),
    ],
)
def test_the_standing_is_said_in_words(standing, text, share):
    shown = view.standing_view(standing)
    assert (shown["text"], shown["share"]) == (text, share)
    assert shown["going_on"] == (share is not None)
    assert shown["kind"] == ("bad" if standing.state == "failed" else "")


def test_the_time_left_is_told_by_the_questions_after_the_first():
    clock = iter((100.0, 102.0, 104.0))
    pace = Pace(lambda: next(clock))
    assert pace.seconds_left(4, 10) is None  # what an earlier part of the run has done
    assert pace.seconds_left(5, 10) is None  # the first question also loads the models
    assert pace.seconds_left(6, 10) == 2 * 4
    assert pace.seconds_left(7, 10) == 2 * 3


def test_a_report_shows_each_mean_with_its_interval_and_n():
    shown = view.report_view(record(result("a"), result("b"), result("c", right=False)))
    rows = {row["name"]: row for row in shown["metrics"]}
    assert (rows["correct"]["mean"], rows["correct"]["n"]) == ("0.667", "3")
    low, mean, high = rows["correct"]["line"]
    assert mean == pytest.approx(2 / 3)
    assert low < mean < high
    assert rows["correct"]["interval"] == f"{low:.3f} to {high:.3f}"
    # Milliseconds have no place on a line from 0 to 1.
    assert (rows["cost.wall_ms"]["mean"], rows["cost.wall_ms"]["line"]) == ("10 ms", None)
    assert [row["type"] for row in shown["types"]] == ["factoid"]
    assert len(shown["types"][0]["cells"]) == len(shown["type_heads"])
    assert shown["confusion"]["answered"] == 3
    assert shown["address"] == "?run=run"
    assert shown["text"].startswith("3 questions · 2 articles, hashing")


def test_a_run_that_is_not_finished_says_so():
    shown = view.report_view(record(result("a"), result("b", failure="it broke")))
    assert shown["text"].startswith("2 questions of 3, the run is not finished · 1 ended in an error")


def test_questions_come_worst_first_and_can_be_chosen_by_cause():
    run = record(result("good"), result("lost", right=False, rank=None), result("broken", failure="it broke"))
    shown = view.questions_view(run)
    assert [(row["id"], row["state"]) for row in shown["rows"]] == [("broken", "wrong"), ("lost", "wrong")]
    assert [choice["label"] for choice in shown["choices"]][:2] == ["Not right (2)", "All questions (3)"]
    assert [row["id"] for row in view.questions_view(run, view.ALL)["rows"]] == ["broken", "lost", "good"]
    lost = view.questions_view(run, "gold evidence was not retrieved")["rows"]
    assert [row["id"] for row in lost] == ["lost"]
    assert view.questions_view(run, "no such cause")["which"] == view.NOT_RIGHT


def test_pages_of_questions_stay_within_what_there_is():
    run = record(*(result(f"q{n:02}", right=False) for n in range(45)))
    pages = [view.questions_view(run, page=page) for page in (0, 1, 3, 99)]
    assert [page["page"] for page in pages] == [1, 1, 3, 3]
    assert [len(page["rows"]) for page in pages] == [20, 20, 5, 5]


def test_a_question_tells_where_the_gold_stood():
    (shown,) = view.questions_view(record(result("a", right=False, rank=3)))["rows"]
    assert shown["cause"] == "cites another passage than the gold evidence"
    (gold,) = shown["gold"]
    assert (gold["text"], gold["why"]) == ("the quote!", "retrieved at rank 3")
    assert gold["place"] == {"article": "a", "start": 10, "end": 20}
    assert [passage["is_gold"] for passage in shown["retrieved"]] == [False, False, True, False, False]
    assert shown["said"][0]["quotes"][0]["place"] == {"article": "b", "start": 0, "end": 9}
    (cited,) = view.questions_view(record(result("b")), view.ALL)["rows"]
    assert cited["gold"][0]["why"] == "retrieved at rank 1, cited"


def test_hostile_text_passes_as_text_and_values_are_plain_json():
    run = record(result("x", right=False, question=HOSTILE, note=HOSTILE, type=HOSTILE, answers=(HOSTILE,)))
    values = (view.report_view(run), view.questions_view(run))
    assert json.dumps(values)
    assert values[1]["rows"][0]["question"] == HOSTILE
    assert values[0]["types"][0]["type"] == HOSTILE


def head(name, done, *, about=ABOUT, can_go_on=True, correct=None):
    return RunHead(name, datetime(2026, 3, 4, 15, 6, 7), about, done, correct, can_go_on)


def test_the_list_says_what_can_be_opened_and_gone_on_with():
    rows = runs_view.runs_view(
        [
            head("whole", 3, correct={"mean": 0.5, "low": 0.25, "high": 1.0}),
            head("half", 1),
            head("stale", 1, can_go_on=False),
            head("empty", 0),
            head("broken", 0, about={}, can_go_on=False),
        ],
        "half",
    )["rows"]
    assert [(row["can_open"], row["can_go_on"]) for row in rows] == [
        (True, False), (True, True), (True, False), (False, True), (False, False),
    ]  # fmt: skip
    assert (rows[0]["label"], rows[0]["correct"]) == ("gold.jsonl, 4 March 2026, 15:06:07", "0.500")
    assert rows[1]["text"] == "1 of 3 questions · 2 articles"
    assert "has changed since" in rows[2]["text"]
    assert rows[4]["text"] == "cannot be read"
    assert [row["is_shown"] for row in rows] == [False, True, False, False, False]


def test_a_comparison_names_what_moved_and_which_questions_changed():
    before = record(result("a", right=False), result("b"), result("c"), name="one")
    after = record(result("a"), result("b", right=False), result("d"), name="two")
    made = compare(before.results, after.results)
    shown = runs_view.comparison_view(made, before, after, ("one", "two"))
    assert shown["text"] == "2 questions in both runs · 1 only in the first · 1 only in the second"
    assert shown["rows"][0]["title"] == "correct"
    assert (shown["rows"][0]["change"], shown["rows"][0]["verdict"]) == ("+0.000", "")
    assert [(one["id"], one["change"], one["gained"]) for one in shown["changed"]] == [
        ("b", "-1.00", False),
        ("a", "+1.00", True),
    ]
    assert (shown["changed"][0]["before"], shown["changed"][0]["after"]) == ("gold", "lead")


def test_a_sure_change_is_called_better_or_worse():
    before = record(*(result(f"q{n}", right=False) for n in range(8)))
    after = record(*(result(f"q{n}") for n in range(8)))
    better = runs_view.comparison_view(compare(before.results, after.results), before, after, ("1", "2"))
    worse = runs_view.comparison_view(compare(after.results, before.results), after, before, ("2", "1"))
    assert (better["rows"][0]["verdict"], worse["rows"][0]["verdict"]) == ("better", "worse")
