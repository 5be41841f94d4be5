"""Means with their intervals: the percentile bootstrap over questions (Efron 1979)."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from eval.schema import Metric, Score

DRAWS = 2000
SEED = 20251122
LEVEL = 0.95
LARGEST_BLOCK = 2_000_000
"""Numbers drawn at once, so that memory stays bounded however many questions there are."""

Floats = NDArray[np.float64]


def metric_of(name: str, scores: Sequence[Score]) -> Metric:
    """Return the weighted mean of scores with its 95 % interval; the same scores give the same interval.

    The mean is sum(value * weight) / sum(weight), and each draw takes as many questions as there are, with
    repetition. The interval says how much the mean would move with other questions of the same kinds; with a
    handful of questions it is too narrow, which is why n stands beside it.

    Args:
        name: The metric's name.
        scores: One score for each question it applies to, at least one.
    """
    values = np.array([score.value * score.weight for score in scores], dtype=np.float64)
    weights = np.array([score.weight for score in scores], dtype=np.float64)
    # Weights are positive, so no draw divides by zero.
    means = np.concatenate([(block @ values) / (block @ weights) for block in resamples(len(scores))])
    low, high = limits(means)
    return Metric(name, float(values.sum() / weights.sum()), low, high, len(scores))


def bootstrap(n: int, measure: Callable[[NDArray[np.int64]], float], draws: int = 500) -> tuple[float, float]:
    """Return the interval of a measure that is no mean; it is given the positions of the drawn questions."""
    generator = np.random.default_rng(SEED)
    return limits(np.array([measure(generator.integers(0, n, n)) for _ in range(draws)]))


def limits(means: Floats) -> tuple[float, float]:
    """Return the middle 95 % of bootstrap means."""
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def resamples(n: int) -> Iterator[Floats]:
    """Yield blocks of shape (draws, n) that say how often each question is drawn; DRAWS rows in all."""
    rows = max(1, LARGEST_BLOCK // n)
    for number, start in enumerate(range(0, DRAWS, rows)):
        draw = _kept if rows >= DRAWS else _draw
        yield draw(n, min(rows, DRAWS - start), SEED + number)


@lru_cache(maxsize=16)
def _kept(n: int, draws: int, seed: int) -> Floats:
    return _draw(n, draws, seed)


def _draw(n: int, draws: int, seed: int) -> Floats:
    drawn = np.random.default_rng(seed).integers(0, n, size=(draws, n))
    drawn += np.arange(draws)[:, None] * n
    return np.bincount(drawn.ravel(), minlength=draws * n).reshape(draws, n).astype(np.float64)
