"""From repeats to the figures of a report: medians, ratios, growth. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.speed.records import BY_HAND, OURS, Figure

MUCH = 1.1
"""Cost that grows with more than this power of size is flagged."""
NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Growth:
    """How one cost grows with size: `cost = c * size ** exponent`, fitted over at least three sizes."""

    row: str
    name: str
    way: str
    unit: str
    size_of: str
    points: tuple[tuple[int, float], ...]
    exponent: float

    @property
    def too_fast(self) -> bool:
        """Whether it grows noticeably faster than the size does."""
        return self.exponent > MUCH


def value(figure: Figure) -> float:
    """Return the figure that is quoted: the median of its repeats."""
    return median(figure.values)


def spread(figure: Figure) -> tuple[float, float]:
    """Return the least and the greatest of the repeats."""
    return min(figure.values), max(figure.values)


def partner(figure: Figure, figures: Sequence[Figure], way: str = BY_HAND) -> Figure | None:
    """Return the same measurement of another way, at the same size."""
    for other in figures:
        if other.way == way and (other.row, other.name, other.size) == (figure.row, figure.name, figure.size):
            return other
    return None


def ratio(figure: Figure, other: Figure | None) -> float | None:
    """Return how many times the other's value this one is; None without another, or where that is 0."""
    if other is None or abs(value(other)) < NOTHING:
        return None
    return value(figure) / value(other)


def met(figure: Figure, figures: Sequence[Figure]) -> bool | None:
    """Return whether a figure's aim is met; None where it has none, or lacks what it is measured against."""
    aim = figure.aim
    if aim is None or figure.way != OURS:
        return None
    found = ratio(figure, partner(figure, figures)) if aim.of_hand else value(figure)
    if found is None:
        return None
    return found >= aim.bound if aim.at_least else found <= aim.bound


def fit_exponent(points: Sequence[tuple[int, float]]) -> float | None:
    """Return b of `cost = c * size ** b`, by least squares of the logarithms.

    None where there are fewer than three sizes, or something is not above 0.

    Example:
        >>> round(fit_exponent([(10, 5.0), (100, 50.0), (1000, 500.0)]), 3)
        1.0
    """
    if len({size for size, _ in points}) < 3 or any(size <= 0 or cost <= 0 for size, cost in points):
        return None
    xs = [math.log(size) for size, _ in points]
    ys = [math.log(cost) for _, cost in points]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    across = sum((x - mean_x) ** 2 for x in xs)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / across


def growths(figures: Sequence[Figure]) -> list[Growth]:
    """Return how each growing cost grows, in the order of the figures."""
    series: dict[tuple[str, str, str], list[Figure]] = {}
    for figure in figures:
        if figure.grows:
            series.setdefault((figure.row, figure.name, figure.way), []).append(figure)
    found = []
    for (row, name, way), members in series.items():
        points = tuple(sorted((one.size, value(one)) for one in members))
        exponent = fit_exponent(points)
        if exponent is not None:
            found.append(Growth(row, name, way, members[0].unit, members[0].size_of, points, exponent))
    return found


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of the values lie, between neighbours in proportion.

    Raises:
        ValueError: There are no values.
    """
    if not values:
        raise ValueError("there are no values")
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
