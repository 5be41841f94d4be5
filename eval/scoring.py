"""From results to scores: of each question, and of a run with intervals, by type and by outlet.

Everything here depends on the results alone: no library is needed to score a run again.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from eval.given import read_given
from eval.metrics.abstention import (
    Decision,
    abstention_scores,
    best_threshold,
    confusion,
    risk_area,
    risk_area_interval,
    risk_coverage,
)
from eval.metrics.catalogue import CATALOGUE, HEADLINE
from eval.metrics.citations import WORDS, SupportModel, citation_scores
from eval.metrics.interval import metrics_of
from eval.metrics.retrieval import retrieval_scores
from eval.metrics.right import answer_scores
from eval.schema import Abstention, Metric, Outcome, Quantiles, Result, Score, Scores, Summary

UNTYPED = "(no type)"
NO_OUTLET = "(no outlet)"


def score_result(result: Result, support: SupportModel = WORDS) -> dict[str, Score]:
    """Return every metric that applies to a result.

    Whether one applies is decided by the gold, not by the system: a question that failed, or that retrieved
    nothing, scores 0 in all that it was asked for. The exceptions say so in their names or have a share as
    their meaning: "when answered", precision of abstaining, shares over citations and sentences.
    """
    given = read_given(result.outcome.answer)
    scores = answer_scores(result.case, given)
    decision = decision_of(result, scores)
    if decision.answered and HEADLINE in scores:
        scores["answered.right"] = Score(decision.right)
    scores |= retrieval_scores(result)
    if HEADLINE in scores:
        scores |= citation_scores(result, given, support)
        scores |= abstention_scores(decision)
    scores |= _cost_scores(result.outcome)
    scores["failed"] = Score(float(result.outcome.failure is not None))
    return scores


def decision_of(result: Result, scores: Scores) -> Decision:
    """Return a result as the abstention measures see it."""
    given = read_given(result.outcome.answer)
    failed = result.outcome.answer is None
    return Decision(
        answerable=result.case.answerable,
        answered=not given.abstained and not failed,
        failed=failed,
        right=scores[HEADLINE].value if HEADLINE in scores and result.case.answerable else 0.0,
        confidence=given.confidence,
    )


def summarise(results: Sequence[Result], support: SupportModel = WORDS) -> Summary:
    """Return the scores of a run."""
    scored = [(result, score_result(result, support)) for result in results]
    by_type: defaultdict[str, list[Scores]] = defaultdict(list)
    by_outlet: defaultdict[str, list[Scores]] = defaultdict(list)
    for result, scores in scored:
        by_type[result.case.type or UNTYPED].append(scores)
        for outlet in result.outlets or (NO_OUTLET,):
            by_outlet[outlet].append(scores)
    abstention = _abstention([decision_of(*one) for one in scored if HEADLINE in one[1]])
    metrics = mean_metrics([scores for _, scores in scored])
    if abstention.area is not None:
        metrics = _in_order([*metrics, abstention.area])
    return Summary(
        questions=len(results),
        failures=sum(result.outcome.failure is not None for result in results),
        metrics=metrics,
        by_type={name: mean_metrics(by_type[name]) for name in sorted(by_type)},
        by_outlet={name: mean_metrics(by_outlet[name]) for name in sorted(by_outlet)},
        abstention=abstention,
        costs=_quantiles([result.outcome for result in results]),
    )


def mean_metrics(scored: Iterable[Scores]) -> tuple[Metric, ...]:
    """Return each metric's mean over the questions it applies to, in the order of the catalogue."""
    columns: defaultdict[str, list[Score]] = defaultdict(list)
    for scores in scored:
        for name, score in scores.items():
            columns[name].append(score)
    return _in_order(metrics_of(columns))


def _in_order(metrics: Sequence[Metric]) -> tuple[Metric, ...]:
    order = {name: number for number, name in enumerate(CATALOGUE)}
    return tuple(sorted(metrics, key=lambda one: (order.get(one.name, len(order)), one.name)))


def _abstention(decisions: Sequence[Decision]) -> Abstention:
    curve = risk_coverage(decisions) if decisions else ()
    area = None
    if curve:
        low, high = risk_area_interval(decisions)
        answered = sum(one.answered and one.confidence is not None for one in decisions)
        area = Metric("abstain.aurc", risk_area(decisions), low, high, answered)
    return Abstention(confusion(decisions), curve, area, best_threshold(decisions))


def _cost_scores(outcome: Outcome) -> dict[str, Score]:
    costs = {"wall_ms": outcome.wall_ms, "cpu_ms": outcome.cpu_ms, "tokens": outcome.tokens}
    return {f"cost.{name}": Score(float(cost)) for name, cost in costs.items() if cost is not None}


def _quantiles(outcomes: Sequence[Outcome]) -> dict[str, Quantiles]:
    columns: defaultdict[str, list[float]] = defaultdict(list)
    for outcome in outcomes:
        for name, score in _cost_scores(outcome).items():
            columns[name].append(score.value)
    return {
        name: Quantiles(*(float(one) for one in np.quantile(column, [0.5, 0.95, 1.0])))
        for name, column in columns.items()
    }
