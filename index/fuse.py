"""Putting the scores of several searches together. Pure.

A search's scores are an array with a place for every chunk, NaN where the search did not propose it. Equal
scores stay in the order of the chunks, which is that of article id and place in the article.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]


def rounded(scores: Scores) -> Scores:
    """Return scores without what is below 1e-9: adding up in another order moves the last digits."""
    return np.round(scores, 9)


def scaled(scores: Scores) -> Scores:
    """Return the scores moved to [0, 1]: `(s - min) / (max - min)`, 1 for all where all are equal.

    Example:
        >>> scaled(np.array([4.0, 8.0, np.nan, 6.0])).tolist()
        [0.0, 1.0, nan, 0.5]
    """
    there = scores[~np.isnan(scores)]
    if not len(there):
        return scores
    low, high = there.min(), there.max()
    # Halves first: the range of two finite scores may itself be too large for a float.
    width = high / 2 - low / 2
    if width <= 0:
        return np.where(np.isnan(scores), np.nan, 1.0)
    moved: Scores = np.clip((scores / 2 - low / 2) / width, 0.0, 1.0)
    return moved


def weighted_sum(parts: Sequence[Scores], weights: Sequence[float]) -> Scores:
    """Return the weighted mean of the scaled scores; where a part has none it counts 0.

    `fused = sum(w_i * scaled_i) / sum(w_i)`, so a chunk that is best in every part scores 1.

    Raises:
        ValueError: Weights that are not one a part, negative, or all zero.

    Example:
        >>> weighted_sum([np.array([4.0, 8.0, np.nan]), np.array([np.nan, 0.1, 0.5])], [1.0, 1.0]).tolist()
        [0.0, 0.5, 0.5]
    """
    total = _checked_total(parts, weights)
    pairs = zip(parts, weights, strict=True)
    return _added([weight * scaled(part) / total for part, weight in pairs])


def reciprocal_rank(parts: Sequence[Scores], weights: Sequence[float], *, constant: float = 60.0) -> Scores:
    """Return reciprocal rank fusion: `fused = sum(w_i / (constant + rank_i))`, ranks from 1.

    Chunks of equal score share the better rank; where a part has none it adds nothing. After Cormack, Clarke
    and Buettcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods" (2009).

    Raises:
        ValueError: Weights that are not one a part, negative, or all zero; a negative constant.

    Example:
        >>> reciprocal_rank([np.array([4.0, 8.0])], [1.0], constant=1.0).tolist()
        [0.3333333333333333, 0.5]
    """
    _checked_total(parts, weights)
    if constant < 0:
        raise ValueError(f"The constant of reciprocal rank fusion is negative: {constant}.")
    pairs = zip(parts, weights, strict=True)
    return _added([weight / (constant + _ranks(part)) for part, weight in pairs])


def with_phrases(fused: Scores, holding: NDArray[np.bool_], weight: float) -> Scores:
    """Return the scores with the phrases that each chunk holds in them.

    `fused * (1 - weight) + weight * top * share`: `top` is the best fused score, and `share` weighs the
    phrases held by log(1 + n / (1 + df)), df of the n chunks holding the phrase. Where no chunk holds any,
    the scores stay as they are.

    Args:
        fused: Shape (n,).
        holding: Which phrases each chunk holds, shape (phrases, n).
        weight: 0 to 1.
    """
    if not holding.any():
        return fused
    rarity = np.log(1 + len(fused) / (1 + holding.sum(axis=1)))
    share = rarity @ holding / rarity.sum()
    return rounded(fused * (1 - weight) + weight * fused.max() * share)


def with_articles(fused: Scores, article: NDArray[np.int64], weight: float) -> Scores:
    """Return the scores with a share of their article's best score: an answer stands near its topic.

    Args:
        fused: Shape (n,).
        article: Which article each chunk is of, counted from 0; shape (n,).
        weight: 0 to 1.
    """
    best = np.zeros(article.max(initial=-1) + 1)
    np.maximum.at(best, article, fused)
    return rounded(fused * (1 - weight) + weight * best[article])


def aged(
    fused: Scores, days: NDArray[np.int64], as_of: date, *, recency: float, window: int, half_life: int
) -> Scores:
    """Return the scores lowered by the distance of their days from the days before `as_of`.

    `fused * (1 - recency * (1 - 2 ** -(outside / half_life)))`, `outside` being the days between an article
    and the window; what has no day loses half of `recency`.

    Args:
        fused: Shape (n,).
        days: The day of each, as `date.toordinal` has it, 0 where unknown; shape (n,).
        as_of: The day of asking.
        recency: How much of a score age may cost, 0 to 1.
        window: How many days up to `as_of` cost nothing.
        half_life: Days outside the window after which half of `recency` is lost.
    """
    age = as_of.toordinal() - days
    outside = np.maximum(np.maximum(age - window, -age), 0)
    lost = np.where(days > 0, 1 - 2.0 ** -(outside / half_life), 0.5)
    return rounded(fused * (1 - recency * lost))


def ordered(fused: Scores) -> list[int]:
    """Return the places of the scores, best first; equal scores in the order in which they stand.

    Scores that differ by less than 1e-9 are equal.

    Example:
        >>> ordered(np.array([0.5, 0.5, 0.9]))
        [2, 0, 1]
    """
    best_first: list[int] = np.argsort(-rounded(fused), kind="stable").tolist()
    return best_first


def with_reserved(order: Sequence[int], reserved: Sequence[int], k: int) -> list[int]:
    """Return the first k of `order`, with `reserved` keys that missed them in the last places.

    Reserved keys come in their own order of importance and keep the places that they won; the others push out
    the last keys that are not reserved. At most k of them fit.

    Example:
        >>> with_reserved([1, 2, 3, 4, 5], reserved=[5, 1], k=3)
        [1, 2, 5]
    """
    promised = list(dict.fromkeys(reserved))[: max(k, 0)]
    first = list(order[: max(k, 0)])
    missing = [key for key in promised if key not in first]
    free = max(k, 0) - len(promised)
    kept, others = [], 0
    for key in first:
        if key in promised:
            kept.append(key)
        elif others < free:
            kept.append(key)
            others += 1
    return kept + missing


def _ranks(scores: Scores) -> Scores:
    """Return how many scores are better, and one; NaN for NaN."""
    falling = np.sort(-scores[~np.isnan(scores)])
    return np.where(np.isnan(scores), np.nan, np.searchsorted(falling, -scores) + 1.0)


def _added(parts: Sequence[Scores]) -> Scores:
    fused = np.zeros_like(parts[0])
    for part in parts:
        fused += np.nan_to_num(part)
    return fused


def _checked_total(parts: Sequence[Scores], weights: Sequence[float]) -> float:
    if len(parts) != len(weights):
        raise ValueError(f"{len(parts)} parts but {len(weights)} weights.")
    if any(not 0 <= weight < np.inf for weight in weights) or not sum(weights):
        raise ValueError(f"Weights must be 0 or more, finite, and not all 0: {list(weights)}.")
    return float(sum(weights))
