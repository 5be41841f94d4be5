"""Put score lists of one question together into one. Pure.

A *part* maps keys (chunk numbers) to scores of which higher is better: BM25 of the words, cosine of the
vectors. Parts need not hold the same keys. Every function returns the fused scores of all keys of all parts.
"""

import math
from collections.abc import Callable, Mapping, Sequence

Part = Mapping[int, float]


def scaled(part: Part) -> dict[int, float]:
    """Return the scores moved to [0, 1]: `(s - min) / (max - min)`, 1 for all where all are equal.

    Example:
        >>> scaled({1: 4.0, 2: 8.0, 3: 6.0})
        {1: 0.0, 2: 1.0, 3: 0.5}
    """
    if not part:
        return {}
    low, high = min(part.values()), max(part.values())
    # Halves first: the range of two finite scores may itself be too large for a float.
    width = high / 2 - low / 2
    if width <= 0:
        return dict.fromkeys(part, 1.0)
    return {key: min(1.0, max(0.0, (score / 2 - low / 2) / width)) for key, score in part.items()}


def weighted_sum(parts: Sequence[Part], weights: Sequence[float]) -> dict[int, float]:
    """Return the weighted mean of the scaled scores; a part that lacks a key counts 0 for it.

    `fused(key) = sum(w_i * scaled_i(key)) / sum(w_i)`, so a key that is best in every part scores 1.

    Raises:
        ValueError: Weights that are not one a part, negative, or all zero.

    Example:
        >>> weighted_sum([{1: 4.0, 2: 8.0}, {2: 0.1, 3: 0.5}], [1.0, 1.0])
        {1: 0.0, 2: 0.5, 3: 0.5}
    """
    total = _checked_total(parts, weights)
    pairs = zip((scaled(part) for part in parts), weights, strict=True)
    return _added([{key: weight * score / total for key, score in part.items()} for part, weight in pairs])


def reciprocal_rank(
    parts: Sequence[Part], weights: Sequence[float], *, constant: float = 60.0
) -> dict[int, float]:
    """Return reciprocal rank fusion: `fused(key) = sum(w_i / (constant + rank_i(key)))`, ranks from 1.

    Keys of equal score share the better rank; a part that lacks a key adds nothing. After Cormack, Clarke and
    Buettcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods" (2009).

    Raises:
        ValueError: Weights that are not one a part, negative, or all zero; a negative constant.

    Example:
        >>> reciprocal_rank([{1: 4.0, 2: 8.0}], [1.0], constant=1.0)
        {2: 0.5, 1: 0.3333333333333333}
    """
    _checked_total(parts, weights)
    if constant < 0:
        raise ValueError(f"The constant of reciprocal rank fusion is negative: {constant}.")
    return _added(
        [
            {key: weight / (constant + rank) for key, rank in _ranks(part).items()}
            for part, weight in zip(parts, weights, strict=True)
        ]
    )


def ordered(fused: Part, place: Callable[[int], tuple[str, int]]) -> list[int]:
    """Return the keys best first; equal scores by `place` (article id, place in the article).

    Scores that differ by less than 1e-9 are equal: adding up in another order moves the last digits.

    Example:
        >>> ordered({1: 0.5, 2: 0.5, 3: 0.9}, lambda key: ("a", -key))
        [3, 2, 1]
    """
    return sorted(fused, key=lambda key: (-round(fused[key], 9), place(key)))


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


def _ranks(part: Part) -> dict[int, int]:
    ranks: dict[int, int] = {}
    last_score, last_rank = math.inf, 0
    for place, (key, score) in enumerate(sorted(part.items(), key=lambda pair: -pair[1]), start=1):
        if score != last_score:
            last_score, last_rank = score, place
        ranks[key] = last_rank
    return ranks


def _added(parts: Sequence[Part]) -> dict[int, float]:
    fused: dict[int, float] = {}
    for part in parts:
        for key, score in part.items():
            fused[key] = fused.get(key, 0.0) + score
    return fused


def _checked_total(parts: Sequence[Part], weights: Sequence[float]) -> float:
    if len(parts) != len(weights):
        raise ValueError(f"{len(parts)} parts but {len(weights)} weights.")
    if any(not weight >= 0 or math.isinf(weight) for weight in weights) or not sum(weights):
        raise ValueError(f"Weights must be 0 or more, finite, and not all 0: {list(weights)}.")
    return float(sum(weights))
