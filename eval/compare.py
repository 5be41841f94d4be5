"""Two runs over the same questions: what changed, and whether chance would do as much."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.metrics.catalogue import CATALOGUE, HEADLINE
from eval.metrics.interval import SEED, limits, resamples
from eval.schema import Result, Score, Scores
from eval.scoring import score_result
from index.errors import InputError

FLIPS = 10_000
"""Random sign flips of the randomisation test."""
ALL_FLIPS = 14
"""Up to this many changed questions, every one of the 2 ** n flips is tried."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Difference:
    """A metric in both runs, over the questions it applies to in both.

    `change` is after - before with its 95 % interval; `p` is the chance of at least this change if the two
    runs were alike.
    """

    name: str
    before: float
    after: float
    change: float
    low: float
    high: float
    p: float
    n: int


@dataclass(frozen=True, slots=True)
class Changed:
    """A question whose score changed."""

    id: str
    question: str
    type: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs compared. `only_before` and `only_after` are questions that the other run lacks."""

    questions: int
    differences: tuple[Difference, ...]
    changed: tuple[Changed, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]


def compare(before: Sequence[Result], after: Sequence[Result], metric: str = HEADLINE) -> Comparison:
    """Compare two runs question by question.

    Args:
        before: Results of one run.
        after: Results of the other.
        metric: What the changed questions are sorted by: worst losses first, then greatest gains.

    Raises:
        InputError: They share no question, or an id means different questions.
    """
    old = {result.case.id: result for result in before}
    new = {result.case.id: result for result in after}
    shared = [name for name in old if name in new]
    for name in shared:
        if old[name].case.question != new[name].case.question:
            raise InputError(
                f"The runs ask different questions under the id {name!r}.", "Compare runs over one gold file."
            )
    if not shared:
        raise InputError("The runs share no question.", "Compare runs over one gold file.")
    scores = {name: (score_result(old[name]), score_result(new[name])) for name in shared}
    return Comparison(
        questions=len(shared),
        differences=_differences(list(scores.values())),
        changed=_changed([new[name] for name in shared], scores, metric),
        only_before=tuple(name for name in old if name not in new),
        only_after=tuple(name for name in new if name not in old),
    )


def differences(pairs: Mapping[str, Sequence[tuple[Score, Score]]]) -> list[Difference]:
    """Return the change of each metric with a paired bootstrap interval and a randomisation test.

    The bootstrap draws questions and keeps both runs' scores of a question together (Efron and Tibshirani
    1993). The test takes questions as equal in weight.

    Args:
        pairs: By metric, each question's score before and after; weights are positive.
    """
    by_length: defaultdict[int, list[str]] = defaultdict(list)
    for name, scores in pairs.items():
        by_length[len(scores)].append(name)
    made: dict[str, Difference] = {}
    # Metrics over as many questions are drawn together: the drawing is what takes the time.
    for n, names in by_length.items():
        sides = [_columns([[pair[side] for pair in pairs[name]] for name in names]) for side in (0, 1)]
        sums = np.concatenate(
            [column * weight for column, weight in sides] + [one[1] for one in sides], axis=1
        )
        drawn = np.concatenate([block @ sums for block in resamples(n)])
        before, after, before_weight, after_weight = np.split(drawn, 4, axis=1)
        changes = after / after_weight - before / before_weight
        means = [np.average(column, axis=0, weights=weight) for column, weight in sides]
        for place, name in enumerate(names):
            low, high = limits(changes[:, place])
            old, new = float(means[0][place]), float(means[1][place])
            p = randomisation_test(sides[1][0][:, place] - sides[0][0][:, place])
            made[name] = Difference(name, old, new, new - old, low, high, p, n)
    return [made[name] for name in pairs]


def randomisation_test(changes: Floats) -> float:
    """Return the two-sided p of Fisher's paired randomisation test on the mean of per-question changes.

    If the runs were alike, each change could as well have the other sign: p is the share of sign flips whose
    mean is at least as far from 0. With few changes all flips are tried, else FLIPS random ones with one
    added to both counts, so that p is never 0 (Smucker, Allan and Carterette 2007).
    """
    moved = changes[np.abs(changes) > 1e-12]
    if not len(moved):
        return 1.0
    seen = abs(moved.sum()) - 1e-9
    if len(moved) <= ALL_FLIPS:
        bits = (np.arange(2 ** len(moved))[:, None] >> np.arange(len(moved))) & 1
        return float(np.mean(np.abs((1 - 2 * bits) @ moved) >= seen))
    generator = np.random.default_rng(SEED)
    far = 0
    for _ in range(10):
        signs = 1 - 2 * generator.integers(0, 2, size=(FLIPS // 10, len(moved)), dtype=np.int8)
        far += int(np.sum(np.abs(signs @ moved) >= seen))
    return (far + 1) / (FLIPS + 1)


def _differences(scores: Sequence[tuple[Scores, Scores]]) -> tuple[Difference, ...]:
    pairs: defaultdict[str, list[tuple[Score, Score]]] = defaultdict(list)
    for old, new in scores:
        for name in old.keys() & new.keys():
            pairs[name].append((old[name], new[name]))
    order = [*(name for name in CATALOGUE if name in pairs), *sorted(pairs.keys() - CATALOGUE.keys())]
    return tuple(differences({name: pairs[name] for name in order}))


def _changed(
    results: Sequence[Result], scores: Mapping[str, tuple[Scores, Scores]], metric: str
) -> tuple[Changed, ...]:
    changed = []
    for result in results:
        old, new = scores[result.case.id]
        if metric in old and metric in new and old[metric].value != new[metric].value:
            case = result.case
            changed.append(Changed(case.id, case.question, case.type, old[metric].value, new[metric].value))
    losses = sorted(
        (one for one in changed if one.after < one.before), key=lambda one: one.after - one.before
    )
    gains = sorted((one for one in changed if one.after > one.before), key=lambda one: one.before - one.after)
    return (*losses, *gains)


def _columns(scores: Sequence[Sequence[Score]]) -> tuple[Floats, Floats]:
    """Return values and weights of shape (questions, metrics)."""
    values = [[one.value for one in column] for column in scores]
    return np.array(values).T, np.array([[one.weight for one in column] for column in scores]).T
