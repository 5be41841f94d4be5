"""Abstaining: when it was right, what the confidence is worth, and where the threshold should be."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from eval.metrics.interval import Floats, bootstrap
from eval.schema import Confusion, RiskPoint, Score, Threshold

COST_OF_WRONG = 1.0
"""What a wrong answer costs, as a share of what a right one is worth."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One question for the abstention measures.

    Attributes:
        answered: Whether the system answered; a failed question counts as neither answer nor abstention.
        right: How right the answer is, 0 to 1.
        confidence: None where the system gives none.
    """

    answerable: bool
    answered: bool
    failed: bool
    right: float
    confidence: float | None


def abstention_scores(decision: Decision) -> dict[str, Score]:
    """Return what one question adds to precision, recall and F1 of abstaining, the positive class.

    P = right abstentions / abstentions, R = right abstentions / unanswerable questions,
    F1 = 2 TP / (2 TP + FP + FN). F1 is a weighted mean with weight 2 for TP and 1 for FP and FN.
    """
    abstained = not decision.answered and not decision.failed
    scores: dict[str, Score] = {}
    if abstained:
        scores["abstain.precision"] = Score(float(not decision.answerable))
    if not decision.answerable:
        scores["abstain.recall"] = Score(float(abstained))
    if abstained or not decision.answerable:
        hit = abstained and not decision.answerable
        scores["abstain.f1"] = Score(float(hit), 2.0 if hit else 1.0)
    return scores


def confusion(decisions: Sequence[Decision]) -> Confusion:
    """Count questions by whether the articles say it and whether the system answered.

    A failed question counts as the mistake it amounts to: not answered, or not refused.
    """
    return Confusion(
        answered=sum(one.answerable and one.answered for one in decisions),
        wrongly_abstained=sum(one.answerable and not one.answered for one in decisions),
        wrongly_answered=sum(not one.answerable and (one.answered or one.failed) for one in decisions),
        abstained=sum(not one.answerable and not one.answered and not one.failed for one in decisions),
    )


def risk_coverage(decisions: Sequence[Decision]) -> tuple[RiskPoint, ...]:
    """Return coverage and risk for each confidence that an answer has, were it the least to be given.

    Coverage is the share of all questions that get an answer, risk the mean of 1 - right among these
    (El-Yaniv and Wiener 2010). Answers of equal confidence come and go together. The curve ends at the
    coverage of the run: what the system did not answer cannot be judged.
    """
    ranked = _by_confidence(decisions)
    points: list[RiskPoint] = []
    given, wrong = 0, 0.0
    for confidence, group in groupby(ranked, key=lambda one: one.confidence):
        for one in group:
            given += 1
            wrong += 1 - one.right
        points.append(RiskPoint(confidence or 0.0, given / len(decisions), wrong / given))
    return tuple(points)


def risk_area(decisions: Sequence[Decision]) -> float:
    """Return AURC: the mean, over answers i, surest first, of the risk of the first i.

    Source: Geifman and El-Yaniv 2017. Within a group of equal confidence the order is unknown: its wrongness
    is spread evenly, so that the result does not depend on the order of questions. 0 without answers.
    """
    answers = _by_confidence(decisions)
    confidence = np.array([one.confidence for one in answers], dtype=np.float64)
    return area_of(confidence, np.array([1 - one.right for one in answers], dtype=np.float64))


def area_of(confidence: Floats, wrong: Floats) -> float:
    """Return AURC of answers by their confidence and how wrong they are, 0 to 1; see `risk_area`."""
    if not len(confidence):
        return 0.0
    levels, group = np.unique(-confidence, return_inverse=True)
    size = np.bincount(group, minlength=len(levels))
    each = np.repeat(np.bincount(group, weights=wrong, minlength=len(levels)) / size, size)
    return float(np.mean(np.cumsum(each) / np.arange(1, len(each) + 1)))


def risk_area_interval(decisions: Sequence[Decision]) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of `risk_area`; questions are drawn, answered or not."""
    counts = np.array([one.answered and one.confidence is not None for one in decisions])
    confidence = np.array([one.confidence or 0.0 for one in decisions])
    wrong = np.array([1 - one.right for one in decisions])

    def area(drawn: NDArray[np.int64]) -> float:
        answered = drawn[counts[drawn]]
        return area_of(confidence[answered], wrong[answered])

    return bootstrap(len(decisions), area)


def best_threshold(decisions: Sequence[Decision], cost: float = COST_OF_WRONG) -> Threshold | None:
    """Return the confidence below which answers are better withheld; None without any confidence.

    The reward of an answer is right - cost * (1 - right), of an abstention 1 where nothing is to be said,
    else 0 (effective reliability, Whitehead et al. 2022, with right refusals rewarded). Of equal rewards the
    lowest threshold is chosen. It is fitted to these questions: expect less on others.
    """
    ranked = _by_confidence(decisions)
    if not ranked:
        return None
    as_run = sum(_reward(one, one.answered, cost) for one in decisions)
    reward = sum(_reward(one, False, cost) for one in decisions)
    best = (reward, 1.0)
    for confidence, group in groupby(ranked, key=lambda one: one.confidence):
        reward += sum(_reward(one, True, cost) - _reward(one, False, cost) for one in group)
        if reward >= best[0]:
            best = (reward, confidence or 0.0)
    return Threshold(best[1], best[0] / len(decisions), as_run / len(decisions))


def _reward(decision: Decision, answered: bool, cost: float) -> float:
    if decision.failed:
        return 0.0
    if answered:
        return decision.right - cost * (1 - decision.right)
    return float(not decision.answerable)


def _by_confidence(decisions: Sequence[Decision]) -> list[Decision]:
    """Return the answers that come with a confidence, surest first."""
    answered = [one for one in decisions if one.answered and one.confidence is not None]
    return sorted(answered, key=lambda one: -(one.confidence or 0.0))
