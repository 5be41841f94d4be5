"""Logistic regression with an L2 penalty, by Newton's method: small, exact, and the same on every machine."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["fit_logistic"]

Floats = NDArray[np.float64]
_ROUNDS = 50


def fit_logistic(
    rows: Floats, labels: Floats, *, penalty: float = 1.0, weights: Floats | None = None
) -> tuple[float, Floats]:
    """Return the bias and the weights that make the labels likeliest.

    Columns are scaled to unit deviation while fitting, so that the penalty treats them alike; the bias goes
    free. A column that never varies gets no weight.

    Args:
        rows: Shape (n, columns).
        labels: Shape (n,), each 0 or 1.
        penalty: Half of it times the squared weights is added to the loss.
        weights: How much each row counts; shape (n,).
    """
    counts = np.ones(len(labels)) if weights is None else weights
    mean, deviation = rows.mean(axis=0), rows.std(axis=0)
    deviation = np.where(deviation > 0, deviation, 1.0)
    scaled = np.column_stack([np.ones(len(rows)), (rows - mean) / deviation])
    held = np.full(scaled.shape[1], penalty)
    held[0] = 1e-9
    found = np.zeros(scaled.shape[1])
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(scaled @ found, -30, 30)))
        slope = scaled.T @ (counts * (labels - chance)) - held * found
        curve = (scaled * (counts * chance * (1 - chance))[:, None]).T @ scaled + np.diag(held)
        step = np.linalg.solve(curve, slope)
        found = found + step
        if np.abs(step).max() < 1e-8:
            break
    slopes = found[1:] / deviation
    return float(found[0] - slopes @ mean), slopes
