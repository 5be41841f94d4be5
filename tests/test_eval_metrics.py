"""The metrics against exact oracles: trec_eval for rankings, scipy for correlation, worked examples."""

import ir_measures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ir_measures import AP, RR, R, Success, nDCG
from scipy.stats import kendalltau

from eval.given import Given, Sentence, read_given
from eval.metrics.abstention import (
    Decision,
    best_threshold,
    confusion,
    risk_area,
    risk_area_interval,
    risk_coverage,
)
from eval.metrics.catalogue import CATALOGUE, CUTS
from eval.metrics.citations import WordSupport, precision, recall, support_precision, support_recall
from eval.metrics.interval import DRAWS, metrics_of, resamples
from eval.metrics.ranked import all_evidence, average_precision, find, hit, ndcg, reciprocal_rank
from eval.metrics.ranked import recall as recall_at
from eval.metrics.right import answer_scores, choice, ranking_correlation, tau_b
from eval.metrics.words import contains, exact, matching, normalise, same_name, says, token_f1
from eval.schema import Case, Evidence, Located, Place, Score

GRADES = st.lists(st.integers(0, 3), min_size=1, max_size=12)


@settings(deadline=None)
@given(found=GRADES, missed=st.lists(st.integers(1, 3), max_size=4))
def test_rankings_score_as_trec_eval_scores_them(found, missed):
    if not any(found) and not missed:
        missed = [1]
    qrels = [ir_measures.Qrel("q", f"d{rank}", grade) for rank, grade in enumerate(found)]
    qrels += [ir_measures.Qrel("q", f"missed{number}", grade) for number, grade in enumerate(missed)]
    run = [ir_measures.ScoredDoc("q", f"d{rank}", float(-rank)) for rank in range(len(found))]
    asked = [AP, RR, *(one @ k for k in CUTS for one in (nDCG, R, Success))]
    expected = ir_measures.calc_aggregate(asked, qrels, run)

    grades = [grade for grade in found if grade] + missed
    numbers = iter(range(len(grades)))
    finds = find([frozenset({next(numbers)} if grade else ()) for grade in found], grades)

    assert average_precision(finds) == pytest.approx(expected[AP], abs=1e-6)
    assert reciprocal_rank(finds) == pytest.approx(expected[RR], abs=1e-6)
    for k in CUTS:
        assert ndcg(finds, k) == pytest.approx(expected[nDCG @ k], abs=1e-6)
        assert recall_at(finds, k) == pytest.approx(expected[R @ k], abs=1e-6)
        assert hit(finds, k) == expected[Success @ k]


RANKINGS = st.lists(st.frozensets(st.integers(0, 4), max_size=5), max_size=12)


@given(ranking=RANKINGS, k=st.integers(1, 15))
def test_ranking_scores_stay_between_0_and_1_and_grow_with_k(ranking, k):
    finds = find(ranking, [1, 2, 1, 3, 1])
    for measure in (hit, recall_at, all_evidence, ndcg):
        assert 0 <= measure(finds, k) <= 1 + 1e-12
    for measure in (hit, recall_at, all_evidence):
        assert measure(finds, k) <= measure(finds, k + 1)
    assert 0 <= average_precision(finds) <= 1
    assert (reciprocal_rank(finds) > 0) == (hit(finds, len(ranking)) == 1)


def test_a_second_passage_with_the_same_quote_is_no_second_find():
    finds = find([frozenset({0}), frozenset({0}), frozenset({1})], [1, 1])
    assert finds.gains == (1, 0, 1)
    assert average_precision(finds) == pytest.approx((1 + 2 / 3) / 2)


def test_a_passage_with_both_quotes_is_one_perfect_find():
    finds = find([frozenset({0, 1})], [1, 1])
    assert (ndcg(finds, 5), average_precision(finds), all_evidence(finds, 1)) == (1, 1, 1)


def test_no_hits_score_zero():
    finds = find([], [1, 1])
    assert (hit(finds, 5), ndcg(finds, 5), average_precision(finds), reciprocal_rank(finds)) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("given_text", "gold", "em", "f1"),
    [
        ("the Trump Route.", "Trump Route", 1, 1),
        ("“Trump Route”", "trump  route", 1, 1),
        ("25 percent", "25%", 0, 2 / 3),
        ("in the city of Paris", "Paris", 0, 0.4),
        ("a a b", "a b b", 0, 2 / 3),  # "a" is an article and goes; b | b b
        ("x x y", "x y y", 0, 2 / 3),
        ("the", "the", 1, 1),
        ("the", "cat", 0, 0),
        ("", "", 1, 1),
        ("", "cat", 0, 0),
    ],
)
def test_exact_match_and_f1_follow_squad(given_text, gold, em, f1):
    assert exact(given_text, gold) == em
    assert token_f1(given_text, gold) == pytest.approx(f1)


@given(st.text(max_size=40), st.text(max_size=40))
def test_word_scores_are_bounded_and_symmetric(one, other):
    assert 0 <= token_f1(one, other) <= 1
    assert token_f1(one, other) == pytest.approx(token_f1(other, one))
    assert exact(one, other) <= token_f1(one, other)
    assert normalise(f"The {one}, ") == normalise(one)


@pytest.mark.parametrize(
    ("text", "wanted", "expected"),
    [
        ("She said no.", "no", True),
        ("November", "no", False),
        ("1,242 prisoners", "1242", True),
        ("anything", "", False),
        ("", "no", False),
    ],
)
def test_contains_wants_whole_words(text, wanted, expected):
    assert contains(text, wanted) is expected


@pytest.mark.parametrize(
    ("text", "wanted", "expected"),
    [
        ("four", "4", True),
        ("4 astronauts", "Four", True),
        ("25%", "25 percent", True),
        ("25 per cent", "25%", True),
        ("25", "25%", True),
        ("Nov. 6, 2025", "November 6", True),
        ("2025-10-23T15:10:00+02:00", "2025-10-23", True),
        ("May 4", "may four", True),
        ("fourteen", "4", False),
        ("14", "4", False),
        ("marching", "march", False),
        ("26 percent", "25%", False),
    ],
)
def test_the_same_may_be_written_another_way(text, wanted, expected):
    assert says(text, wanted) is expected


def test_names_are_matched_one_to_one_and_equal_ones_first():
    assert matching(["Ivanka Trump", "Trump"], ["Trump", "Ivanka Trump"]) == [(0, 1), (1, 0)]
    assert matching(["Trump", "Trump"], ["Donald Trump"]) == [(0, 0)]
    # The augmenting path: the first takes the second place so that the second finds one at all.
    assert len(matching(["Ana", "Ana Brandt"], ["Ana Brandt Ito", "Ana X"])) == 2
    assert not same_name("Ann", "Anna")


NAMES = st.lists(st.sampled_from("Ana Ito,Ito,Venn,Doria Venn,Bo,Ana".split(",")), max_size=6)


@given(NAMES, NAMES)
def test_matchings_are_matchings(one, other):
    pairs = matching(one, other)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert all(same_name(one[i], other[j]) for i, j in pairs)
    assert len(pairs) == len(matching(other, one))


COUNTS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=15)


@given(COUNTS)
def test_tau_b_is_scipys(pairs):
    left, right = [one for one, _ in pairs], [other for _, other in pairs]
    expected = kendalltau(left, right).statistic
    undefined = len(set(left)) == 1 or len(set(right)) == 1
    assert tau_b(left, right) == pytest.approx(0.0 if undefined else expected)


def test_names_that_one_count_lacks_count_zero_there():
    gold = [("Ana Brandt", 3.0), ("Ito", 1.0)]
    assert ranking_correlation([("Brandt", 5.0), ("Ito", 2.0)], gold) == 1
    assert ranking_correlation([("Venn", 9.0)], gold) < 0
    assert ranking_correlation([], gold) == 0


def case(answers=(), *, kind="factoid", answerable=True, **rest):
    return Case("q", "Who?", kind, answerable, tuple(answers), **rest)


def said(*short, abstained=False, sentences=()):
    return Given(abstained, short, tuple(Sentence(text, (), ()) for text in sentences))


@pytest.mark.parametrize(
    ("gold", "given_answer", "correct"),
    [
        (case(["Paris"]), said("in Paris"), 1),
        (case(["Paris"]), said("Rome", "Paris"), 0),  # a second guess does not count
        (case(["Paris"]), said(abstained=True), 0),
        (case(["great leader"], kind="quote"), said(sentences=["He is a great leader."]), 1),
        (case(["yes"]), said("yes"), 1),
        (case(["yes"]), said("yes, and no"), 1),
        (case(["yes"]), said("yes", "no"), 0),
        (case(["no"]), said("not at all"), 0),
        (case(["A B", "C D"], kind="list"), said("A B", "X"), 0.5),
        (case(["A B", "C D"], kind="list"), said("A B C D"), 2 / 3),  # one answer meets one gold answer
        (case(["A B"], kind="list"), said(), 0),
        (case((), answerable=False), said(abstained=True), 1),
        (case((), answerable=False), said("Paris"), 0),
        (case(["Ana"], ranking=(("Ana", 2.0), ("Bo", 2.0), ("Cy", 1.0))), said("Bo"), 1),
        (case(["Ana"], ranking=(("Ana", 2.0), ("Bo", 2.0), ("Cy", 1.0))), said("Bo", "Cy"), 0.5),
        (case(["Ana"], ranking=(("Ana", 2.0), ("Cy", 1.0))), said(abstained=True), 0),
    ],
)
def test_right_is_strict_by_type(gold, given_answer, correct):
    assert answer_scores(gold, given_answer)["correct"].value == pytest.approx(correct)


def test_a_question_without_gold_answers_has_no_answer_scores():
    assert answer_scores(case(()), said("Paris")) == {}


def test_the_choice_is_the_closest_option():
    gold = case(["ICE agents"], choices=("National Guard troops", "FBI agents", "ICE agents"))
    assert choice(gold, said("ICE")) == 1
    assert choice(gold, said("agents")) == 0  # two are as close
    assert choice(gold, said("the FBI")) == 0
    assert choice(gold, said(abstained=True)) == 0


def test_an_option_that_was_picked_counts_and_not_what_is_said():
    gold = case(["ICE agents"], choices=("FBI agents", "ICE agents"))
    assert choice(gold, read_given({"short_answer": "the FBI", "choice": "ICE agents"})) == 1
    assert choice(gold, read_given({"short_answer": "ICE", "choice": "FBI agents"})) == 0


def located(*places, quote="q"):
    return Located(Evidence("a", quote), ("a",), places)


def test_citations_are_judged_by_overlap():
    gold = [located(Place("a", 10, 20)), located(Place("b", 0, 5))]
    answer = Given(False, (), (Sentence("s", (Place("a", 19, 30), Place("a", 20, 30)), ("x", "y")),))
    assert precision(answer, gold) == 0.5
    assert recall(answer, gold) == 0.5
    assert precision(Given(True), gold) == recall(Given(True), gold) == 0
    assert precision(Given(False, (), (Sentence("s", (Place("b"),), ("",)),)), gold) == 1


class Exactly:
    """Bears out a claim whose every word is a word of the text."""

    def supports(self, premise, claim):
        return set(claim.split()) <= set(premise.split())


def test_alce_counts_needed_citations():
    place = Place("a", 0, 1)

    def sentence(text, *quotes):
        return Sentence(text, (place,) * len(quotes), quotes)

    both_needed = sentence("x y", "x", "y")
    one_idle = sentence("x", "x", "z")
    unsupported = sentence("w", "x")
    uncited = sentence("w")
    assert support_recall([both_needed, one_idle, unsupported, uncited], Exactly()) == 0.5
    assert support_precision([both_needed, one_idle, unsupported], Exactly()) == pytest.approx(3 / 5)
    assert support_recall([], Exactly()) == support_precision([], Exactly()) == 0


@pytest.mark.parametrize(
    ("premise", "claim", "expected"),
    [
        ("Norhaven signed for 212 million on Tuesday.", "Norhaven signed for 212 million.", True),
        ("Norhaven signed for 212 million.", "Norhaven signed for 213 million.", False),
        ("Norhaven signed the contract.", "The contract was signed by Velmora.", False),
        ("Completely different words here.", "Norhaven signed the contract.", False),
    ],
)
def test_word_support_holds_numbers_and_names_apart(premise, claim, expected):
    assert WordSupport().supports(premise, claim) is expected


def decision(right, confidence, *, answerable=True, answered=True, failed=False):
    return Decision(answerable, answered, failed, right, confidence)


RUN = [
    decision(1, 0.9),
    decision(0, 0.8),
    decision(1, 0.7),
    decision(0, 0.2, answerable=False),
    decision(0, 0.1, answerable=False, answered=False),
]


def test_the_risk_coverage_curve_by_hand():
    points = [(point.confidence, point.coverage, point.risk) for point in risk_coverage(RUN)]
    assert points == [(0.9, 0.2, 0.0), (0.8, 0.4, 0.5), (0.7, 0.6, pytest.approx(1 / 3)), (0.2, 0.8, 0.5)]
    assert risk_area(RUN) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_the_best_threshold_withholds_the_unanswerable_and_keeps_the_rest():
    threshold = best_threshold(RUN)
    assert (threshold.confidence, threshold.reward) == (0.7, pytest.approx((1 - 1 + 1 + 1 + 1) / 5))
    assert threshold.reward_as_run == pytest.approx((1 - 1 + 1 - 1 + 1) / 5)
    assert best_threshold([decision(1, None)]) is None


def test_failed_questions_are_the_mistake_they_amount_to():
    failed = [
        decision(0, None, answered=False, failed=True),
        decision(0, None, answered=False, failed=True, answerable=False),
    ]
    counts = confusion([*RUN, *failed])
    assert (counts.answered, counts.wrongly_abstained) == (3, 1)
    assert (counts.wrongly_answered, counts.abstained) == (2, 1)


DECISIONS = st.lists(
    st.builds(
        decision, st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from([0.1, 0.5, 0.9]), answered=st.booleans()
    ),
    min_size=1,
    max_size=12,
)


@settings(deadline=None, max_examples=15)
@given(DECISIONS, st.randoms())
def test_abstention_does_not_depend_on_the_order_of_questions(decisions, random):
    mixed = random.sample(decisions, len(decisions))
    assert risk_area(mixed) == pytest.approx(risk_area(decisions))
    assert [point.risk for point in risk_coverage(mixed)] == pytest.approx(
        [point.risk for point in risk_coverage(decisions)]
    )
    assert 0 <= risk_area(decisions) <= 1
    low, high = risk_area_interval(decisions)
    assert 0 <= low <= high <= 1
    threshold = best_threshold(decisions)
    assert threshold is None or threshold.reward >= threshold.reward_as_run - 1e-9


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
@settings(max_examples=30, deadline=None)
def test_a_mean_lies_in_its_interval_and_is_the_same_again(values):
    scores = [Score(value) for value in values]
    metric = metrics_of({"m": scores})[0]
    assert metric == metrics_of({"m": scores})[0]
    assert metric.mean == pytest.approx(sum(values) / len(values))
    assert min(values) - 1e-9 <= metric.low <= metric.high <= max(values) + 1e-9
    assert metric.n == len(values)


def test_the_interval_of_a_share_is_near_the_normal_one():
    metric = metrics_of({"m": [Score(1.0)] * 60 + [Score(0.0)] * 40})[0]
    assert metric.low == pytest.approx(0.6 - 1.96 * (0.24 / 100) ** 0.5, abs=0.015)
    assert metric.high == pytest.approx(0.6 + 1.96 * (0.24 / 100) ** 0.5, abs=0.015)


def test_weights_make_a_share_over_all_citations():
    assert metrics_of({"m": [Score(1.0, 3), Score(0.0, 1)]})[0].mean == 0.75


@pytest.mark.parametrize("n", [1, 7, 5000])
def test_each_draw_takes_as_many_questions_as_there_are(n):
    rows = 0
    for block in resamples(n):
        assert (block.sum(axis=1) == n).all()
        rows += len(block)
    assert rows == DRAWS


def test_every_metric_has_a_title_and_a_meaning():
    for name, meaning in CATALOGUE.items():
        assert meaning.title, name
        assert meaning.text, name
