"""Means with their intervals: the percentile bootstrap over questions (Efron 1979)."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
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


def metrics_of(columns: Mapping[str, Sequence[Score]]) -> list[Metric]:
    """Return the weighted mean of each column of scores with its 95 % interval, in the order of the columns.

    The mean is sum(value * weight) / sum(weight), and each draw takes as many questions as there are, with
    repetition. The same scores give the same interval. It says how much the mean would move with other
    questions of the same kinds; with a handful of questions it is too narrow, so n stands beside it.

    Args:
        columns: By metric, one score of positive weight for each question it applies to, at least one.
    """
    by_length: defaultdict[int, list[str]] = defaultdict(list)
    for name, scores in columns.items():
        by_length[len(scores)].append(name)
    made: dict[str, Metric] = {}
    # Columns of one length are drawn together: with many questions, the drawing is what takes the time.
    for n, names in by_length.items():
        values = np.array([[one.value * one.weight for one in columns[name]] for name in names]).T
        weights = np.array([[one.weight for one in columns[name]] for name in names]).T
        means = np.concatenate([(block @ values) / (block @ weights) for block in resamples(n)])
        for place, name in enumerate(names):
            low, high = limits(means[:, place])
            mean = float(values[:, place].sum() / weights[:, place].sum())
            made[name] = Metric(name, mean, low, high, n)
    return [made[name] for name in columns]


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
