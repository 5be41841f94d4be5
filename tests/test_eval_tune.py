"""Settings are chosen on one half of the questions and judged on the other."""

import json
import shutil
from statistics import fmean

import pytest
from eval_samples import write_lines

from eval.__main__ import main
from eval.gold_files import read_gold
from eval.grid import combinations_of, grid_of, metric_for
from eval.run_folder import RunFolder
from eval.schema import Outcome, Result
from eval.scoring import score_result
from eval.trials import Libraries, asked_together
from eval.tune import TuneSettings, in_tuning_half, tune
from index.config import IndexConfig
from index.errors import InputError
from index.ingest import add
from index.library import ALIAS_FILE, Library
from index.search import Fusion
from qa.answer_json import to_json
from qa.engine import Engine
from qa.schema import Question
from qa.settings import DEFAULTS, SETTINGS_FILE, with_values

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
    half = sum(in_tuning_half(case) for case in cases)
    other = len(cases) - half
    assert (tuned.trials[0].n, tuned.held_out.n) == (half, other)
    judged = other * (2 if tuned.chosen else 1)
    assert told == [
        *(("question", done, 3 * half) for done in range(1, 3 * half + 1)),
        *(("question", done, judged) for done in range(1, judged + 1)),
    ]
    assert tuned.held_out.name == "passage.MRR"


def test_as_good_as_the_default_stays_the_default(made):
    library, gold = made
    with Library.open(library) as opened:
        tuned = tune(opened, read_gold(gold).cases, {"passage_chars": (2400,)}, TuneSettings())
    assert (tuned.chosen, tuned.held_out.change) == ({}, 0)


def test_of_equal_chunk_sizes_the_library_s_own_is_chosen(own_library, tmp_path):
    library, gold = own_library
    base = with_values(DEFAULTS, {"threshold": 1})
    grid = {"chunk_tokens": (170, 180), "threshold": (0.0,)}
    with Library.open(library) as opened:
        tuned = tune(
            opened, read_gold(gold).cases, grid, TuneSettings("answer.stated", base=base, copies=tmp_path)
        )
    means = {trial.settings.get("chunk_tokens"): trial.mean for trial in tuned.trials}
    assert means[170] == means[180] > means[None]
    assert tuned.chosen["chunk_tokens"] == 180
    assert tuned.library == str(library)


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


# ---- the threshold, the passages that are read, the size of chunks


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """A library, and questions of which every other one is answered in it."""
    folder = tmp_path_factory.mktemp("mixed")
    quays = " ".join(f"Quay {number} of {{place}} has {number + 20} cranes." for number in range(1, 25))
    rows = [
        {
            "id": name,
            "title": f"On {name}",
            "text": f"{quays.format(place=name)} The ferry {name} was built by {name.title()} Yards.",
        }
        for name in NAMES
    ]
    gold = [
        {
            "id": f"{name}-{verb}",
            "question": f"Who {verb} the ferry {name}?",
            "answers": [f"{name.title()} Yards"] if verb == "built" else [],
            "answerable": verb == "built",
            "evidence": [],
        }
        for name in NAMES
        for verb in ("built", "painted")
    ]
    articles = write_lines(folder / "articles.jsonl", rows)
    for size in (180, 60):
        with Library.create(folder / str(size), IndexConfig(model="hashing", chunk_tokens=size)) as library:
            add(library, [articles])
    return folder, write_lines(folder / "gold.jsonl", gold)


def mean_of_a_run(library, cases, settings):
    """Ask every question anew, as a run does, and return the mean of `correct`."""
    engine = Engine(library, settings)
    answers = [Outcome(to_json(engine.ask(Question(case.question)))) for case in cases]
    results = [Result(case, answer) for case, answer in zip(cases, answers, strict=True)]
    return fmean(score_result(result)["correct"].value for result in results)


@pytest.mark.slow
def test_each_trial_scores_as_a_run_with_its_settings_does(mixed, tmp_path):
    folder, gold = mixed
    grid = {"threshold": (0.2, 0.6), "passages": (1,), "chunk_tokens": (180, 60)}
    cases = read_gold(gold).cases
    told = []
    with Library.open(folder / "180") as library:
        tuned = tune(library, cases, grid, TuneSettings(copies=tmp_path), lambda *at: told.append(at))
    half = [case for case in cases if in_tuning_half(case)]
    with Library.open(folder / "180") as large, Library.open(folder / "60") as small:
        sizes = {180: large, 60: small}
        for trial in tuned.trials:
            values = dict(trial.settings)
            library = sizes[values.pop("chunk_tokens", 180)]
            wanted = mean_of_a_run(library, half, with_values(DEFAULTS, values))
            assert trial.mean == pytest.approx(wanted), trial.settings
            assert trial.low <= trial.mean <= trial.high
            assert trial.n == len(half)
        assert len({trial.mean for trial in tuned.trials}) > 2
        chosen = dict(tuned.chosen)
        other = [case for case in cases if not in_tuning_half(case)]
        library = sizes[chosen.pop("chunk_tokens", 180)]
        assert tuned.held_out.before == pytest.approx(mean_of_a_run(large, other, DEFAULTS))
        assert tuned.held_out.after == pytest.approx(
            mean_of_a_run(library, other, with_values(DEFAULTS, chosen))
        )
    # As they are, and two other ways to ask: thresholds cost nothing.
    assert ("question", 3 * len(half), 3 * len(half)) in told


def test_combinations_that_differ_in_the_threshold_share_their_answers():
    grid = {"threshold": (0.1, 0.3), "passages": (4, 8), "chunk_tokens": (60,)}
    assert asked_together(combinations_of(grid, DEFAULTS, 180)) == [[0], [1, 3], [2, 4]]
    assert asked_together(combinations_of({"threshold": (0.1, 0.9)}, DEFAULTS, 180)) == [[0, 1, 2]]
    assert asked_together(combinations_of({"chunk_tokens": (60, 180)}, DEFAULTS, 60)) == [[0, 1], [2]]


def test_a_copy_is_made_once_and_anew_for_a_changed_library(mixed, tmp_path):
    folder, _ = mixed
    told = []
    with Library.open(folder / "180") as library:
        for _ in range(2):
            with Libraries(library, tmp_path, lambda *at: told.append(at)) as libraries:
                assert libraries.of(None) is library
                assert libraries.of(60).config.chunk_tokens == 60
        (library.path / ALIAS_FILE).write_text('[[person]]\nname = "Ann Lee"\nalso = ["A. Lee"]\n')
        with Libraries(library, tmp_path, lambda *at: told.append(at)) as libraries:
            assert (libraries.of(60).path / ALIAS_FILE).exists()
        (library.path / ALIAS_FILE).unlink()
    assert told.count(("article", len(NAMES), len(NAMES))) == 2
    assert len(list(tmp_path.iterdir())) == 2


def test_the_metric_is_the_one_that_the_settings_bear_on():
    assert metric_for({"words": (), "depth": ()}, None) == "passage.nDCG@10"
    assert metric_for({"words": (), "threshold": ()}, None) == "correct"
    assert metric_for({"chunk_tokens": ()}, None) == "correct"
    assert metric_for({"chunk_tokens": (), "words": ()}, "article.MRR") == "article.MRR"
    with pytest.raises(InputError, match="threshold has no part"):
        metric_for({"threshold": (), "words": ()}, "article.MRR")
    with pytest.raises(InputError, match="no metric 'best'"):
        metric_for({"words": ()}, "best")


def test_a_metric_whose_questions_depend_on_the_answers_is_refused(mixed):
    folder, gold = mixed
    with Library.open(folder / "180") as library, pytest.raises(InputError, match="depends on the answers"):
        tune(library, read_gold(gold).cases, {"threshold": (1.0,)}, TuneSettings("answered.right"))


def test_a_metric_that_is_better_lower_is_made_lower(mixed):
    folder, gold = mixed
    with Library.open(folder / "180") as library:
        tuned = tune(library, read_gold(gold).cases, {"passages": (1,)}, TuneSettings("failed"))
    assert (tuned.chosen, tuned.gains) == ({}, False)


def test_tiny_chunks_are_refused_before_any_question():
    with pytest.raises(InputError, match="chunk_tokens is 5"):
        combinations_of({"chunk_tokens": (5,)}, DEFAULTS, 180)


@pytest.fixture
def own_library(mixed, tmp_path):
    """A copy of the library that may be written to."""
    folder, gold = mixed
    return shutil.copytree(folder / "180", tmp_path / "library"), gold


def test_a_saved_choice_is_used_by_every_later_question(own_library, tmp_path, capsys):
    library, gold = own_library
    (library / SETTINGS_FILE).write_text('{"threshold": 1, "promised": 0.1}')
    command = ["tune", str(gold), "--library", str(library), "--set", "threshold=0.2,0.6", "--save"]
    assert main([*command, "--out", str(tmp_path / "t.json")]) == 0
    record = json.loads((tmp_path / "t.json").read_text())
    assert record["chosen"]["threshold"] in (0.2, 0.6)
    assert record["held_out"]["change"] > 0
    assert f"saved: {library / SETTINGS_FILE}" in capsys.readouterr().out
    # What was not tuned stays as the file had it.
    assert json.loads((library / SETTINGS_FILE).read_text()) == {"promised": 0.1, **record["chosen"]}
    assert main(["run", str(gold), "--library", str(library), "--out", str(tmp_path / "run")]) == 0
    results = RunFolder(tmp_path / "run").results()
    other = [score_result(one)["correct"].value for one in results if not in_tuning_half(one.case)]
    assert fmean(other) == pytest.approx(record["held_out"]["after"])
    about = json.loads((tmp_path / "run" / "run.json").read_text())
    assert about["library"]["settings"] == {"promised": 0.1, **record["chosen"]}


def test_a_choice_without_a_gain_is_not_saved(own_library, capsys):
    library, gold = own_library
    command = ["tune", str(gold), "--library", str(library), "--set", "threshold=1", "--save"]
    assert main(command) == 0
    assert "not saved" in capsys.readouterr().out
    assert not (library / SETTINGS_FILE).exists()


def test_a_run_does_not_go_on_under_other_settings(own_library, tmp_path, capsys):
    library, gold = own_library
    command = ["run", str(gold), "--library", str(library), "--out", str(tmp_path / "run"), "--limit", "3"]
    assert main(command) == 0
    (library / SETTINGS_FILE).write_text('{"passages": 2}')
    assert main(command) == 2
    (library / SETTINGS_FILE).write_text('{"passages": "two"}')
    capsys.readouterr()
    assert main(command) == 2
    assert "settings.json: The setting passages is 'two'" in capsys.readouterr().err
