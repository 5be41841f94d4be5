"""Ranked retrieval against gold evidence.

A ranking is judged by what each rank adds: the pieces of gold evidence it holds that no better rank held.
Pieces that first turn up together count as one find, so a passage with two gold quotes is one relevant
passage and a second passage with the same quote is not another. Where each passage holds at most one piece
and no piece comes twice, the measures are those of trec_eval.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2


@dataclass(frozen=True, slots=True)
class Finds:
    """What a ranking found.

    Attributes:
        gains: For each rank, the best grade among the pieces it is first to hold; 0 for none.
        covered: For each rank, how many pieces are held up to it.
        missed: Grades of the pieces that no rank holds.
        pieces: How many pieces there are.
    """

    gains: tuple[int, ...]
    covered: tuple[int, ...]
    missed: tuple[int, ...]
    pieces: int


def find(ranking: Sequence[frozenset[int]], grades: Sequence[int]) -> Finds:
    """Return what a ranking found.

    Args:
        ranking: For each rank, the numbers of the gold pieces it holds.
        grades: The grade of each piece, 1 or more.
    """
    seen: set[int] = set()
    gains, covered = [], []
    for held in ranking:
        fresh = held - seen
        seen |= fresh
        gains.append(max((grades[piece] for piece in fresh), default=0))
        covered.append(len(seen))
    missed = tuple(grade for piece, grade in enumerate(grades) if piece not in seen)
    return Finds(tuple(gains), tuple(covered), missed, len(grades))


def hit(finds: Finds, k: int) -> float:
    """Return 1 when one of the first k ranks holds a piece, else 0."""
    return float(any(finds.gains[:k]))


def recall(finds: Finds, k: int) -> float:
    """Return the share of the pieces that the first k ranks hold."""
    return _covered(finds, k) / finds.pieces


def all_evidence(finds: Finds, k: int) -> float:
    """Return 1 when the first k ranks hold every piece, else 0 (MultiHop-RAG, Tang and Yang 2024)."""
    return float(_covered(finds, k) == finds.pieces)


def reciprocal_rank(finds: Finds) -> float:
    """Return 1 / rank of the first find, 0 without one; its mean is MRR (Voorhees 1999)."""
    return next((1 / rank for rank, gain in enumerate(finds.gains, start=1) if gain), 0.0)


def average_precision(finds: Finds) -> float:
    """Return the mean over finds and missed pieces of the precision at the find, 0 for a missed one.

    Its mean is MAP (Manning, Raghavan, Schütze 2008, section 8.4).
    """
    found, total = 0, 0.0
    for rank, gain in enumerate(finds.gains, start=1):
        if gain:
            found += 1
            total += found / rank
    return total / (found + len(finds.missed)) if found else 0.0


def ndcg(finds: Finds, k: int) -> float:
    """Return DCG@k / ideal DCG@k with DCG@k = sum over ranks i up to k of gain(i) / log2(i + 1).

    The gain is the grade (Järvelin and Kekäläinen 2002, as in trec_eval's ndcg_cut); the ideal ranking puts
    what was found and what was missed in order of grade.
    """
    ideal = sorted([*(gain for gain in finds.gains if gain), *finds.missed], reverse=True)
    best = _discounted(ideal[:k])
    return _discounted(finds.gains[:k]) / best if best else 0.0


def _covered(finds: Finds, k: int) -> int:
    within = finds.covered[:k]
    return within[-1] if within else 0


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(gains, start=1))
