"""Two runs compared, and a run against its pinned scores."""

import json
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from eval_samples import result
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import permutation_test

from eval.__main__ import main
from eval.compare import compare, differences, randomisation_test
from eval.gate import judge, read_baseline, update
from eval.result_json import result_json
from eval.run_folder import write_whole
from eval.schema import Score
from eval.scoring import summarise
from index.errors import InputError


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([-1.0, -0.5, 0.0, 0.5, 1.0]), min_size=1, max_size=9))
def test_the_randomisation_test_tries_every_flip(changes):
    flips = [abs(np.dot(signs, changes)) for signs in product((1, -1), repeat=len(changes))]
    expected = np.mean([flip >= abs(sum(changes)) - 1e-9 for flip in flips])
    assert randomisation_test(np.array(changes)) == pytest.approx(expected)


def test_many_changes_are_flipped_at_random():
    generator = np.random.default_rng(7)
    changes = generator.normal(0.15, 1, 200)
    expected = permutation_test(
        (changes,), np.mean, permutation_type="samples", n_resamples=20_000, rng=np.random.default_rng(1)
    ).pvalue
    assert randomisation_test(changes) == pytest.approx(expected, abs=0.015)
    assert randomisation_test(changes) == randomisation_test(changes)
    assert randomisation_test(np.ones(60)) == pytest.approx(1 / 10_001)
    assert randomisation_test(np.zeros(60)) == 1


def test_the_interval_is_of_paired_differences():
    # Both runs vary much, their difference not at all: unpaired intervals would be wide.
    pairs = [(Score(value / 100), Score(value / 100 + 0.1)) for value in range(90)]
    (one,) = differences({"m": pairs})
    assert (one.change, one.low, one.high) == pytest.approx((0.1, 0.1, 0.1))
    assert one.p < 0.001


def runs():
    names = [f"q{number}" for number in range(12)]
    before = [result(name, right=number % 3 != 0) for number, name in enumerate(names)]
    after = [result(name, right=number % 4 != 0) for number, name in enumerate(names)]
    return before, after


def test_changed_questions_come_losses_first():
    before, after = runs()
    made = compare(before, after)
    assert made.questions == 12
    assert [(one.id, one.after - one.before) for one in made.changed] == [
        ("q4", -1),
        ("q8", -1),
        ("q3", 1),
        ("q6", 1),
        ("q9", 1),
    ]
    correct = next(one for one in made.differences if one.name == "correct")
    assert (correct.before, correct.after) == (pytest.approx(8 / 12), pytest.approx(9 / 12))
    assert correct.low < 0 < correct.high
    assert correct.p == 1


def test_comparing_back_turns_every_sign():
    before, after = runs()
    there, back = compare(before, after), compare(after, before)
    for one, other in zip(there.differences, back.differences, strict=True):
        assert one.change == pytest.approx(-other.change)
        assert one.p == other.p


def test_a_run_does_not_differ_from_itself():
    before, _ = runs()
    made = compare(before, before)
    assert made.changed == ()
    assert all((one.change, one.low, one.high, one.p) == (0, 0, 0, 1) for one in made.differences)


def test_a_failed_question_is_a_loss():
    before = [result("q"), result("r")]
    made = compare(before, [result("q"), result("r", failure="boom")])
    assert [one.id for one in made.changed] == ["r"]


def test_only_shared_questions_are_compared_and_the_rest_named():
    made = compare([result("a"), result("b")], [result("b"), result("c")])
    assert (made.questions, made.only_before, made.only_after) == (1, ("a",), ("c",))
    with pytest.raises(InputError, match="share no question"):
        compare([result("a")], [result("c")])
    other = replace(result("a").case, question="Another?")
    with pytest.raises(InputError, match="different questions under the id 'a'"):
        compare([result("a")], [replace(result("a"), case=other)])


def write_run(folder, results, *, gold="gold.jsonl", digest="d" * 64, questions=None):
    folder.mkdir(exist_ok=True)
    lines = "".join(f"{json.dumps(result_json(one))}\n" for one in results)
    (folder / "results.jsonl").write_text(lines, encoding="utf-8")
    about = {
        "version": 1,
        "gold": {
            "name": gold,
            "format": "dateline",
            "digest": digest,
            "questions": questions or len(results),
        },
        "asked": {"questions": len(results), "limit": None, "only_type": []},
        "library": None,
        "answers": None,
        "settings": {"as_of": True, "k": 20},
    }
    write_whole(folder / "run.json", about)
    return folder


def test_compare_prints_a_table(tmp_path, capsys):
    before, after = runs()
    folders = [write_run(tmp_path / "one", before), write_run(tmp_path / "two", after)]
    assert main(["compare", *map(str, folders)]) == 0
    told = capsys.readouterr().out
    assert "12 questions in both runs" in told
    assert "-1.00  q4  What is q4?" in told
    assert main(["compare", *map(str, folders), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["questions"] == 12
    assert main(["compare", str(folders[0]), str(tmp_path / "none")]) == 2
    assert "There is no run in" in capsys.readouterr().err


def gate(folder, *options):
    return main(["gate", str(folder), "--baseline", str(folder.parent / "baseline.json"), *options])


def test_the_gate_passes_what_is_as_good_and_fails_what_is_worse(tmp_path, capsys):
    good = [result(f"q{number}", right=number > 0) for number in range(4)]
    worse = [result(f"q{number}", right=number > 1) for number in range(4)]
    assert gate(write_run(tmp_path / "run", good)) == 2
    assert "There is no baseline" in capsys.readouterr().err
    assert gate(tmp_path / "run", "--update") == 0
    assert gate(tmp_path / "run") == 0
    write_run(tmp_path / "run", worse)
    assert gate(tmp_path / "run") == 1
    assert "FAIL  correct" in capsys.readouterr().out
    write_run(tmp_path / "run", [result(f"q{number}") for number in range(4)])
    assert gate(tmp_path / "run") == 0


def test_the_gate_fails_where_less_is_better(tmp_path):
    assert (
        gate(write_run(tmp_path / "run", [result("a"), result("b")]), "--update", "--metric", "failed") == 0
    )
    write_run(tmp_path / "run", [result("a"), result("b", failure="boom")])
    assert gate(tmp_path / "run") == 1


def test_a_floor_falls_only_when_told_to(tmp_path, capsys):
    gate(write_run(tmp_path / "run", [result("a"), result("b")]), "--update")
    baseline = (tmp_path / "baseline.json").read_bytes()
    write_run(tmp_path / "run", [result("a"), result("b", right=False)])
    assert gate(tmp_path / "run", "--update") == 2
    assert "would fall from 1.0000 to 0.5000" in capsys.readouterr().err
    assert (tmp_path / "baseline.json").read_bytes() == baseline
    assert gate(tmp_path / "run", "--update", "--allow-lower") == 0
    assert read_baseline(tmp_path / "baseline.json").floors["correct"] == 0.5
    write_run(tmp_path / "run", [result("a"), result("b")])
    assert gate(tmp_path / "run", "--update") == 0
    assert read_baseline(tmp_path / "baseline.json").floors["correct"] == 1


def test_a_pinned_metric_goes_only_when_told_to(tmp_path):
    gate(write_run(tmp_path / "run", [result("a")]), "--update")
    assert gate(tmp_path / "run", "--update", "--metric", "correct") == 2
    assert gate(tmp_path / "run", "--update", "--metric", "correct", "--allow-lower") == 0
    assert gate(tmp_path / "run", "--update", "--metric", "no.such.metric", "--allow-lower") == 2


@pytest.mark.parametrize("change", [{"digest": "e" * 64}, {"questions": 5}])
def test_another_gold_file_is_not_judged(tmp_path, capsys, change):
    gate(write_run(tmp_path / "run", [result("a"), result("b")]), "--update")
    write_run(tmp_path / "run", [result("a"), result("b")], **change)
    assert gate(tmp_path / "run") == 2
    assert "another gold file" in capsys.readouterr().err
    assert gate(tmp_path / "run", "--update") == 2


def test_half_a_run_is_not_judged(tmp_path, capsys):
    gate(write_run(tmp_path / "run", [result("a"), result("b")]), "--update")
    write_run(tmp_path / "run", [result("a")], questions=2)
    assert gate(tmp_path / "run") == 2
    assert gate(tmp_path / "run", "--update", "--allow-lower") == 2
    assert "1 of 2 questions" in capsys.readouterr().err


def test_a_metric_that_a_run_lacks_fails(tmp_path):
    about = {"gold": {"name": "g", "digest": "d", "questions": 1}}
    baseline = update(summarise([result("a")]), about, tmp_path / "b.json", names=["passage.recall@10"])
    silent = replace(result("a"), outcome=replace(result("a").outcome, retrieved=None))
    (verdict,) = judge(summarise([silent]), about, baseline)
    assert (verdict.reached, verdict.passed) == (None, False)


@pytest.mark.parametrize("contents", ["", "{}", "[]", '{"version": 9}', '{"version": 1, "gold": {}}'])
def test_what_is_no_baseline_is_named(tmp_path, contents):
    (tmp_path / "b.json").write_text(contents)
    with pytest.raises(InputError, match=r"b\.json"):
        read_baseline(tmp_path / "b.json")
