"""How good probabilities of stances are: macro-F1 with its interval, each class, calibration."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.statements.stance_model import STANCES

__all__ = ["Classes", "calibration_error", "figures_of", "macro_f1", "score_classes"]

_ROUNDS = 2_000
_BINS = 10


@dataclass(frozen=True, slots=True)
class Classes:
    """Precision, recall and F1 of each class, in the order of `STANCES`."""

    precision: tuple[float, ...]
    recall: tuple[float, ...]
    f1: tuple[float, ...]


def score_classes(said: NDArray[np.int64], true: NDArray[np.int64]) -> Classes:
    """Score the class said for each target against the true one; a class that is never said scores 0."""
    classes = range(len(STANCES))
    right = [int(((said == one) & (true == one)).sum()) for one in classes]
    counted = [int((said == one).sum()) for one in classes]
    wanted = [int((true == one).sum()) for one in classes]
    return Classes(
        precision=tuple(right[one] / max(counted[one], 1) for one in classes),
        recall=tuple(right[one] / max(wanted[one], 1) for one in classes),
        f1=tuple(2 * right[one] / max(counted[one] + wanted[one], 1) for one in classes),
    )


def macro_f1(said: NDArray[np.int64], true: NDArray[np.int64]) -> float:
    """Return the plain mean of the classes' F1."""
    return float(np.mean(score_classes(said, true).f1))


def calibration_error(probabilities: NDArray[np.float32], true: NDArray[np.int64]) -> float:
    """Return the expected calibration error: how far sureness and share right differ, over ten bins.

    Sum over bins of |share right - mean probability of the class said| * share of the targets in the bin.
    """
    sure, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == true
    bins = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    inside = [bins == one for one in range(_BINS) if (bins == one).any()]
    return float(sum(abs(right[one].mean() - sure[one].mean()) * one.mean() for one in inside))


def figures_of(probabilities: NDArray[np.float32], true: NDArray[np.int64]) -> dict[str, Any]:
    """Return all figures with the number of targets; the interval holds 95 % of 2,000 bootstrap samples."""
    said = probabilities.argmax(axis=1)
    classes = score_classes(said, true)
    draws = np.random.default_rng(0).integers(0, len(true), size=(_ROUNDS, len(true)))
    low, high = np.percentile([macro_f1(said[draw], true[draw]) for draw in draws], [2.5, 97.5])
    return {
        "targets": len(true),
        "macro_f1": round(macro_f1(said, true), 3),
        "interval": [round(float(low), 3), round(float(high), 3)],
        "accuracy": round(float((said == true).mean()), 3),
        "calibration_error": round(calibration_error(probabilities, true), 3),
        "classes": {
            stance.value: {
                "precision": round(classes.precision[one], 3),
                "recall": round(classes.recall[one], 3),
                "f1": round(classes.f1[one], 3),
                "targets": int((true == one).sum()),
            }
            for one, stance in enumerate(STANCES)
        },
    }
