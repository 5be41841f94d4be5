"""Scores of results: what applies, what is never dropped, and where a question went wrong."""

import json
from dataclasses import replace

import pytest
from eval_samples import answer_json, result

from eval.diagnosis import Cause, cause_of
from eval.metrics.catalogue import CATALOGUE
from eval.result_json import case_from, case_json, result_from, result_json, summary_from, summary_json
from eval.schema import Case, Evidence, Located, Outcome, Place, Quantiles, Retrieved
from eval.scoring import score_result, summarise


def with_answer(made, answer):
    return replace(made, outcome=replace(made.outcome, answer=answer))


def test_a_right_answer_scores_one_everywhere():
    scores = {name: score.value for name, score in score_result(result("q")).items()}
    ones = "correct answer.exact answer.f1 passage.hit@1 passage.MRR article.nDCG@10 citation.recall".split()
    assert [scores[name] for name in ones] == [1] * len(ones)
    assert (scores["failed"], scores["citation.verbatim"], scores["cost.wall_ms"]) == (0, 1, 10)


def test_the_rank_of_the_gold_decides_the_retrieval_scores():
    scores = score_result(result("q", rank=4))
    assert scores["passage.hit@1"].value == 0
    assert scores["passage.hit@5"].value == 1
    assert scores["passage.MRR"].value == 0.25
    # By article the three passages of "b" before it are one.
    assert scores["article.MRR"].value == 0.5


def test_a_failed_question_scores_zero_in_all_that_it_was_asked_for():
    good, failed = score_result(result("q")), score_result(result("q", failure="boom"))
    conditional = {"answered.right", "citation.verbatim", "citation.uncited"}
    assert set(good) - conditional == set(failed)
    for name, score in failed.items():
        if name.startswith(("answer.", "citation.", "correct")):
            assert score.value == 0, name
    assert failed["failed"].value == 1


def test_nothing_retrieved_scores_zero_and_is_counted():
    empty = replace(result("q"), outcome=replace(result("q").outcome, retrieved=()))
    summary = summarise([result("p"), empty])
    assert (summary.metric("passage.hit@10").mean, summary.metric("passage.hit@10").n) == (0.5, 2)


def test_a_system_that_does_not_tell_what_it_retrieved_has_no_retrieval_scores():
    silent = replace(result("q"), outcome=replace(result("q").outcome, retrieved=None))
    assert not [name for name in score_result(silent) if name.startswith(("passage", "article", "retrieved"))]


def test_evidence_that_is_not_in_the_library_counts_as_missed():
    made = result("q", evidence=(Evidence("a", "the quote!"), Evidence("gone.txt", "not there")))
    made = replace(made, located=(made.located[0], Located(made.case.evidence[1])))
    scores = score_result(made)
    assert scores["passage.recall@10"].value == 0.5
    assert scores["article.recall@10"].value == 0.5
    assert scores["citation.recall"].value == 0.5


def test_near_duplicate_articles_are_one_gold_article():
    both = ("a", "copy")
    made = result("q", evidence=(Evidence("a", "the quote!"), Evidence("copy", "the quote!")))
    places = (Place("a", 10, 20), Place("copy", 12, 22))
    made = replace(made, located=tuple(Located(one, both, places) for one in made.case.evidence))
    scores = score_result(made)
    assert scores["article.recall@1"].value == scores["passage.recall@1"].value == 1


def test_a_collapsed_copy_stands_for_the_gold_article():
    made = result("q", rank=None)
    passages = (Retrieved(1, "b", 0, 50, "text", also_in=("a",)),)
    scores = score_result(replace(made, outcome=replace(made.outcome, retrieved=passages)))
    assert scores["article.hit@1"].value == 1


def test_an_unanswerable_question_wants_an_abstention():
    made = result("q", answerable=False, answers=(), evidence=())
    answered = score_result(with_answer(made, answer_json("something")))
    abstained = score_result(with_answer(made, answer_json(abstained=True)))
    assert (answered["correct"].value, answered["answered.right"].value) == (0, 0)
    assert (abstained["correct"].value, abstained["abstain.recall"].value) == (1, 1)
    assert "answer.f1" not in abstained


def test_a_failure_is_no_abstention():
    failed = result("q", answerable=False, answers=(), evidence=(), failure="boom")
    scores = score_result(failed)
    assert (scores["correct"].value, scores["abstain.recall"].value) == (0, 0)
    assert "abstain.precision" not in scores


def test_gold_without_answers_is_judged_by_retrieval_alone():
    scores = score_result(result("q", answers=()))
    assert "correct" not in scores
    assert scores["article.hit@1"].value == 1


def test_a_summary_has_types_outlets_and_intervals():
    results = [result("a"), result("b", right=False), result("c", failure="boom", type="quote")]
    summary = summarise(results)
    correct = summary.metric("correct")
    assert (correct.mean, correct.n, summary.failures) == (pytest.approx(1 / 3), 3, 1)
    assert 0 <= correct.low <= correct.mean <= correct.high <= 1
    assert sorted(summary.by_type) == ["factoid", "quote"]
    assert list(summary.by_outlet) == ["The Gazette"]
    assert [metric.name for metric in summary.metrics] == [
        name for name in CATALOGUE if summary.metric(name) is not None
    ]
    assert summarise(results) == summary
    assert summary.costs["cost.wall_ms"] == Quantiles(10, 10, 10)
    shuffled = {metric.name: metric.mean for metric in summarise(results[::-1]).metrics}
    assert shuffled == pytest.approx({metric.name: metric.mean for metric in summary.metrics})


CAUSES = [
    (result("q"), Cause.RIGHT),
    (result("q", failure="boom"), Cause.FAILED),
    (result("q", answerable=False, answers=(), evidence=()), Cause.ANSWERED),
    (
        replace(result("q", right=False), located=(Located(Evidence("a", "the quote!")),)),
        Cause.NOT_IN_LIBRARY,
    ),
    (result("q", right=False, rank=None), Cause.NOT_RETRIEVED),
    (with_answer(result("q"), answer_json(abstained=True)), Cause.ABSTAINED),
    (result("q", right=False), Cause.OTHER_PASSAGE),
    (
        with_answer(result("q"), answer_json("lead", sentences=[("s", [("a", 15, 18, "ote")])])),
        Cause.OTHER_WORDS,
    ),
    (result("q", type="list", answers=("gold", "silver")), Cause.PARTLY),
    (replace(result("q", right=False, evidence=()), located=()), Cause.WRONG),
]


@pytest.mark.parametrize(("made", "cause"), CAUSES, ids=[cause.name for _, cause in CAUSES])
def test_the_first_stage_that_went_wrong_is_named(made, cause):
    assert cause_of(made, score_result(made)) is cause


def test_results_survive_json():
    for made, _ in CAUSES:
        again = result_from(json.loads(json.dumps(result_json(made))))
        assert again == made
        assert score_result(again) == score_result(made)


def test_a_case_is_written_in_gold_format_v1():
    case = Case(
        "q", "Q?", "list", True, ("A",), (Evidence("a.txt", "q"), Evidence("d", "", 2)), ranking=(("A", 2.0),)
    )
    record = json.loads(json.dumps(case_json(case)))
    assert record["evidence"] == [{"article": "a.txt", "quote": "q"}, {"article": "d", "grade": 2}]
    assert case_from(record) == case


def test_a_summary_survives_json():
    summary = summarise([result("a"), result("b", right=False)])
    assert summary_from(json.loads(json.dumps(summary_json(summary)))) == summary
    bare = summarise([replace(result("a"), outcome=Outcome(None, "boom", ()))])
    assert summary_from(json.loads(json.dumps(summary_json(bare)))) == bare
