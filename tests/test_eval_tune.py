"""Settings are chosen on one half of the questions and judged on the other."""

import json

import pytest
from eval_samples import write_lines

from eval.__main__ import main
from eval.gold_files import read_gold
from eval.grid import combinations_of, grid_of, metric_for
from eval.schema import Score
from eval.trials import asked_together
from eval.tune import TuneSettings, in_tuning_half, tune
from index.config import IndexConfig
from index.errors import InputError
from index.ingest import add
from index.library import Library
from index.search import Fusion

NAMES = """
    amber birch cedar delta ember fjord grove heron inlet jetty kelp larch maple nettle osprey pine quay reed
    sorrel thorn umber vale willow yarrow
""".split()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A library of one article a name, and a question about each."""
    folder = tmp_path_factory.mktemp("tune")
    rows = [
        {
            "id": name,
            "title": f"On {name}",
            "text": f"The ferry {name} was built by {name.title()} Yards in Velmora.",
        }
        for name in NAMES
    ]
    with Library.create(folder / "library", IndexConfig(model="hashing")) as library:
        assert add(library, [write_lines(folder / "articles.jsonl", rows)]).added == len(NAMES)
    gold = [
        {
            "id": name,
            "question": f"Who built the {name} ferry?",
            "answers": [f"{name.title()} Yards"],
            "evidence": [{"article": name, "quote": f"built by {name.title()} Yards"}],
        }
        for name in NAMES
    ]
    return folder / "library", write_lines(folder / "gold.jsonl", gold)


def test_a_grid_is_read_with_its_kinds():
    grid = grid_of(["words=0.3, 0.5", "depth=50", "fusion=reciprocal rank"])
    assert grid == {"words": (0.3, 0.5), "depth": (50,), "fusion": (Fusion.RECIPROCAL_RANK,)}


@pytest.mark.parametrize(
    "text",
    [
        "colour=red",
        "words=many",
        "words",
        "as_of=2025-01-01",
        "depth=1.5",
        "fusion=best",
        "passages=few",
        "chunk_tokens=1.5",
        "threshold=",
    ],
)
def test_a_grid_that_cannot_be_is_refused(text):
    with pytest.raises(InputError):
        grid_of([text])


def test_too_many_combinations_are_refused():
    values = ",".join(str(number / 100) for number in range(100))
    with pytest.raises(InputError, match="10000 combinations"):
        grid_of([f"words={values}", f"promised={values}"])


def test_the_choice_is_judged_on_other_questions(made):
    library, gold = made
    told = []
    with Library.open(library) as opened:
        cases = read_gold(gold).cases
        tuned = tune(
            opened, cases, {"words": (0.0, 1.0)}, TuneSettings("passage.MRR"), lambda *at: told.append(at)
        )
    assert [trial.mean for trial in tuned.trials] == sorted(
        (trial.mean for trial in tuned.trials), reverse=True
    )
    assert len(tuned.trials) == 3
    assert {what for what, _, _ in told} == {"question"}
    assert [done for _, done, _ in told] == list(range(1, len(told) + 1))
    searched = told[-1][2]
    assert searched == len(told)
    chosen_by = searched - 2 * len(cases)
    assert chosen_by == len(cases) - tuned.held_out.n
    assert tuned.held_out.name == "passage.MRR"


def test_as_good_as_the_default_stays_the_default(made):
    library, gold = made
    with Library.open(library) as opened:
        tuned = tune(opened, read_gold(gold).cases, {"passage_chars": (2400,)}, TuneSettings())
    assert (tuned.chosen, tuned.held_out.change) == ({}, 0)


def test_too_few_questions_are_refused(made):
    library, gold = made
    with Library.open(library) as opened:
        cases = read_gold(gold).cases
        with pytest.raises(InputError, match="applies to"):
            tune(opened, cases[:5], {"words": (0.5,)}, TuneSettings())
        with pytest.raises(InputError, match="applies to 0"):
            tune(opened, cases, {"words": (0.5,)}, TuneSettings("ranking.top1"))


def test_a_value_out_of_range_is_refused_before_any_search(made):
    library, gold = made
    told = []
    with Library.open(library) as opened, pytest.raises(InputError, match="words"):
        tune(opened, read_gold(gold).cases, {"words": (7.0,)}, TuneSettings(), lambda *at: told.append(at))
    assert told == []


def test_the_command_writes_what_it_chose(made, tmp_path, capsys):
    library, gold = made
    command = [
        "tune",
        str(gold),
        "--library",
        str(library),
        "--set",
        "words=0.9",
        "--out",
        str(tmp_path / "t.json"),
    ]
    assert main(command) == 0
    assert "held-out passage.nDCG@10" in capsys.readouterr().out
    record = json.loads((tmp_path / "t.json").read_text())
    assert set(record) == {"gold", "metric", "trials", "chosen", "held_out", "library"}
