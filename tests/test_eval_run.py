"""Runs over a small real library: resuming, refusing, several processes, answers of others."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from eval_samples import ARTICLES, GOLD, write_lines

from eval.__main__ import main
from eval.gold_files import read_gold
from eval.others import as_answer, read_answers
from eval.places import Locator, find_quote
from eval.run import RunSettings, run
from eval.run_folder import RESULTS, RUN, RunFolder
from eval.schema import Evidence
from eval.scoring import summarise
from eval.systems import LibrarySystem
from index.config import IndexConfig
from index.errors import InputError
from index.ingest import add
from index.library import Library


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("eval")
    table = write_lines(folder / "articles.jsonl", ARTICLES)
    with Library.create(folder / "library", IndexConfig(model="hashing")) as made:
        assert add(made, [table]).added == len(ARTICLES)
    return folder / "library"


@pytest.fixture
def gold(tmp_path):
    return write_lines(tmp_path / "gold.jsonl", GOLD)


def settings(gold, library, out="run", **rest):
    return RunSettings(gold=gold, out=gold.parent / out, library=library, **rest)


def test_a_run_scores_every_question(gold, library):
    made = run(settings(gold, library))
    summary = summarise(made.results)
    assert [one.case.id for one in made.results] == ["worth", "oak", "nobel"]
    assert (summary.failures, summary.metric("correct").mean) == (0, 1)
    assert summary.metric("citation.verbatim").mean == 1
    assert summary.metric("article.hit@5").mean == 1
    assert set(summary.by_outlet) == {"The Quay Gazette", "The Lantern", "(no outlet)"}
    assert made.results[0].outcome.cpu_ms > 0


def test_a_run_goes_on_where_it_stopped(gold, library):
    told = []
    first = run(settings(gold, library), lambda *at: told.append(at), stop=lambda: True)
    assert first.interrupted
    assert (told, len(first.results)) == ([(0, 3), (1, 3)], 1)
    before = (gold.parent / "run" / RESULTS).read_bytes()
    told.clear()
    second = run(settings(gold, library), lambda *at: told.append(at))
    assert not second.interrupted
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert (gold.parent / "run" / RESULTS).read_bytes().startswith(before)
    assert len(second.results) == 3


def test_a_torn_line_is_dropped_and_asked_again(gold, library):
    run(settings(gold, library))
    results = gold.parent / "run" / RESULTS
    whole = results.read_bytes()
    results.write_bytes(whole[:-40])
    assert len(run(settings(gold, library)).results) == 3
    assert len(results.read_bytes().splitlines()) == 3


def test_a_damaged_line_is_named(gold, library):
    run(settings(gold, library))
    results = gold.parent / "run" / RESULTS
    lines = results.read_text(encoding="utf-8").splitlines()
    results.write_text("\n".join([lines[0], lines[1][:50], lines[2], ""]), encoding="utf-8")
    with pytest.raises(InputError, match="line 2 is damaged"):
        run(settings(gold, library))


@pytest.mark.slow
def test_a_killed_run_keeps_what_is_done(gold, library):
    rows = [{**GOLD[0], "id": f"q{number}"} for number in range(400)]
    write_lines(gold, rows)
    command = [sys.executable, "-m", "eval", "run", str(gold), "--library", str(library)]
    command += ["--out", str(gold.parent / "run")]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    results = gold.parent / "run" / RESULTS
    for _ in range(600):
        if results.exists() and results.read_bytes().count(b"\n") >= 3:
            break
        time.sleep(0.1)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(timeout=30)
    done = results.read_bytes().count(b"\n")
    assert 3 <= done < 400
    told = []
    run(settings(gold, library), lambda *at: told.append(at), stop=lambda: True)
    assert told == [(done, 400), (done + 1, 400)]


def test_a_changed_gold_file_refuses_to_go_on(gold, library):
    run(settings(gold, library))
    write_lines(gold, [*GOLD, {**GOLD[0], "id": "more"}])
    with pytest.raises(InputError, match="another gold"):
        run(settings(gold, library))
    assert len(run(settings(gold, library, fresh=True)).results) == 4


def test_a_changed_library_refuses_to_go_on(gold, library, tmp_path):
    run(settings(gold, library))
    table = write_lines(tmp_path / "one.jsonl", ARTICLES[:1])
    with Library.create(tmp_path / "library", IndexConfig(model="hashing")) as made:
        add(made, [table])
    with pytest.raises(InputError, match="another library"):
        run(settings(gold, tmp_path / "library"))


@pytest.mark.parametrize("change", [{"k": 3}, {"as_of": False}, {"limit": 2}, {"only_type": ("null",)}])
def test_other_settings_refuse_to_go_on(gold, library, change):
    run(settings(gold, library))
    with pytest.raises(InputError, match="has another"):
        run(settings(gold, library, **change))


def test_a_question_that_fails_is_a_result(gold, library):
    system = LibrarySystem.open(library)
    asked = system.engine.ask

    def ask(question):
        if question.id == "oak":
            raise RuntimeError("the model broke")
        return asked(question)

    system.engine.ask = ask
    results = [system.result(case) for case in read_gold(gold).cases]
    system.close()
    assert [one.outcome.failure for one in results] == [None, "RuntimeError: the model broke", None]
    summary = summarise(results)
    assert (summary.failures, summary.metric("correct").n) == (1, 3)
    assert summary.metric("correct").mean == pytest.approx(2 / 3)


def test_a_question_that_is_too_long_is_a_result(gold, library):
    write_lines(gold, [{**GOLD[0], "question": "Who? " * 1000}])
    (made,) = run(settings(gold, library)).results
    assert "4,999 characters" in made.outcome.failure


@pytest.mark.slow
def test_several_processes_give_the_same_scores(gold, library):
    alone = summarise(run(settings(gold, library)).results)
    both = summarise(run(settings(gold, library, out="both", jobs=2)).results)
    kept = [metric for metric in alone.metrics if not metric.name.startswith("cost")]
    assert kept == [metric for metric in both.metrics if not metric.name.startswith("cost")]


def test_as_of_and_limits(gold, library):
    made = run(settings(gold, library, limit=2))
    assert [one.case.id for one in made.results] == ["worth", "oak"]
    made = run(settings(gold, library, out="nulls", only_type=("NULL",)))
    assert [one.case.id for one in made.results] == ["nobel"]
    with pytest.raises(InputError, match="factoid, null"):
        run(settings(gold, library, out="none", only_type=("quiz",)))


@pytest.mark.parametrize("change", [{"jobs": 0}, {"k": 0}, {"limit": 0}])
def test_settings_that_cannot_be_are_refused(gold, library, change):
    with pytest.raises(InputError, match="Give 1 or more"):
        settings(gold, library, **change)


def test_a_folder_of_another_version_is_refused(gold, library):
    run(settings(gold, library))
    path = gold.parent / "run" / RUN
    path.write_text(json.dumps({**json.loads(path.read_text()), "version": 99}))
    with pytest.raises(InputError, match="version 99"):
        RunFolder(gold.parent / "run").results()
    with pytest.raises(InputError, match="no run in"):
        RunFolder(gold.parent).results()


# Answers of other systems.


def score_answers(gold, rows, library=None):
    answers = write_lines(gold.parent / "answers.jsonl", rows)
    made = run(
        RunSettings(gold=gold, out=gold.parent / "theirs", library=library, answers=answers, fresh=True)
    )
    return made, summarise(made.results)


def test_our_own_answers_score_the_same_from_a_file(gold, library):
    ours = run(settings(gold, library))
    rows = [{**one.outcome.answer, "id": one.case.id} for one in ours.results]
    _, summary = score_answers(gold, rows, library)
    expected = summarise(ours.results)
    for name in ("correct", "answer.f1", "citation.recall", "citation.verbatim", "abstain.aurc"):
        assert summary.metric(name) == expected.metric(name)
    assert summary.metric("passage.hit@10") is None


@pytest.mark.parametrize("with_library", [True, False])
def test_trec_rag_answers(gold, library, with_library):
    rows = [
        {
            "topic_id": "worth",
            "references": ["oak", "signing#3_12"],
            "answer": [{"text": "It is worth $212 million.", "citations": [1]}],
        },
        {"metadata": {"topic_id": "nobel"}, "references": [], "answer": []},
    ]
    made, summary = score_answers(gold, rows, library if with_library else None)
    assert [one.outcome.failure is None for one in made.results] == [True, False, True]
    assert (summary.metric("correct").mean, summary.failures) == (pytest.approx(2 / 3), 1)
    assert summary.metric("citation.precision").mean == 0.5  # the unanswered question counts
    assert summary.metric("abstain.aurc") is None


def test_quotes_of_others_are_found_and_checked(gold, library):
    quote, false = "a contract worth $212 million", "a contract worth $300 million"
    sentences = [{"text": "x", "citations": [{"article": "signing", "quote": one} for one in (quote, false)]}]
    rows = [{"id": "worth", "abstained": False, "short_answer": "$212 million", "sentences": sentences}]
    made, summary = score_answers(gold, rows, library)
    assert (made.results[0].outcome.citations, made.results[0].outcome.verbatim) == (2, 1)
    assert summary.metric("citation.verbatim").mean == 0.5


def test_squad_predictions_and_plain_answers(tmp_path):
    predictions = tmp_path / "predictions.json"
    predictions.write_text(json.dumps({"worth": "$212 million", "nobel": ""}))
    found = read_answers(predictions)
    assert (found["worth"]["short_answer"], found["nobel"]["abstained"]) == ("$212 million", True)
    assert as_answer({"id": "a", "answer": None})["abstained"] is True


@pytest.mark.parametrize(
    "row", ['{"id": "worth"}', '{"id": "w", "answer": [{"citations": []}]}', "[]", "{torn"]
)
def test_answers_that_cannot_be_read_are_named(tmp_path, row):
    path = tmp_path / "answers.jsonl"
    path.write_text(f'{{"id": "a", "answer": "b"}}\n{row}\n')
    with pytest.raises(InputError, match="line 2"):
        read_answers(path)


def test_answers_to_other_questions_are_refused(gold):
    with pytest.raises(InputError, match="none of the 3 questions"):
        score_answers(gold, [{"id": "x", "answer": "y"}])


# Where the gold stands.


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    [
        ("He said  “no”.", 'said "no"', [(3, 13)]),
        ("the yard’s last", "yard's last", [(4, 15)]),
        ("no\nand no", "no", [(0, 2), (7, 9)]),
        ("a.b", "a?b", []),
        ("anything", "  ", []),
        ("2020–21", "2020-21", [(0, 7)]),
    ],
)
def test_quotes_are_found_whatever_their_typography(text, quote, found):
    assert list(find_quote(text, quote)) == found


@pytest.mark.parametrize(
    ("name", "outlet"),
    [
        ("signing", "The Quay Gazette"),
        ("articles.jsonl#signing", "The Quay Gazette"),
        ("ferry deal signed", "The Quay Gazette"),
        ("http://lantern.example/oak/", "The Lantern"),
        ("", "The Quay Gazette"),
    ],
)
def test_articles_are_known_by_every_name(library, name, outlet):
    quote = "worth $212 million" if "Quay" in outlet else "60 passengers"
    with Library.open(library) as opened:
        locator = Locator(opened)
        located = locator.locate(Evidence(name, quote))
        assert len(located.places) == 1
        assert locator.outlets([located]) == (outlet,)
        assert locator.locate(Evidence("gone.txt", quote)).articles == ()


def test_check_names_what_is_missing_and_the_nearest_text(gold, library, capsys):
    assert main(["check", str(gold), "--library", str(library)]) == 0
    wrong = {
        **GOLD[0],
        "evidence": [{"article": "signing", "quote": "a contract worth $300 million for ferries"}],
    }
    gone = {**GOLD[1], "evidence": [{"article": "gone.txt", "quote": "xyzzy"}]}
    moved = {**GOLD[0], "id": "moved", "evidence": [{"article": "gone.txt", "quote": "worth $212 million"}]}
    write_lines(gold, [wrong, gone, moved])
    assert main(["check", str(gold), "--library", str(library)]) == 1
    told = capsys.readouterr().out
    assert "worth: quote not in the article" in told
    assert "nearest: Norhaven signed a contract worth $212 million" in told
    assert "oak: no such article or quote: gone.txt" in told
    assert "    the quote stands in articles.jsonl#signing" in told
    assert "3 not in the library" in told


def test_articles_that_come_with_gold_become_a_library(tmp_path):
    context = "Oak burns slowly. The first ferry was built in 1898 at Velmora."
    rows = [
        {"id": "s1", "context": context, "question": "When was the first ferry built?", "answers": ["1898"]}
    ]
    gold = write_lines(tmp_path / "squad.jsonl", rows)
    assert main(["articles", str(gold), "--out", str(tmp_path / "articles")]) == 0
    with Library.create(tmp_path / "library", IndexConfig(model="hashing")) as made:
        assert add(made, [tmp_path / "articles"]).added == 1
    assert main(["check", str(gold), "--library", str(tmp_path / "library")]) == 0
    (one,) = run(settings(gold, tmp_path / "library")).results
    assert one.located[0].places
