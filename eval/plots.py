"""Plots as plain geometry: the report's template draws them as SVG, so that no text ever becomes markup."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.metrics.catalogue import HEADLINE
from eval.schema import Metric, Result, RiskPoint, Summary

WIDTH, HEIGHT = 440.0, 240.0
LEFT, BOTTOM, TOP, RIGHT = 46.0, 34.0, 10.0, 24.0
BINS = 20


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: its place in the drawing and its label."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """A curve: `points` as SVG wants them."""

    points: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A horizontal bar with its interval; all in drawing units."""

    label: str
    value: str
    n: int
    y: float
    width: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a histogram."""

    x: float
    y: float
    width: float
    height: float
    label: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """A histogram with its axes."""

    columns: tuple[Column, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    median: Tick
    late: Tick


def risk_curve(curve: Sequence[RiskPoint]) -> Line | None:
    """Return risk over coverage, both from 0 to 1; None without a curve."""
    if not curve:
        return None
    corners: list[tuple[float, float]] = []
    for point in curve:
        if corners:
            corners.append((point.coverage, corners[-1][1]))
        corners.append((point.coverage, point.risk))
    points = " ".join(f"{_x(coverage):.1f},{_y(risk):.1f}" for coverage, risk in corners)
    fifths = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    return Line(
        points,
        tuple(Tick(_x(one), f"{one:.0%}") for one in fifths),
        tuple(Tick(_y(one), f"{one:.0%}") for one in fifths),
    )


def type_bars(summary: Summary) -> tuple[Bar, ...]:
    """Return the headline score of each type of question, best first."""
    scored = [
        (name, metric)
        for name, metrics in summary.by_type.items()
        if (metric := next((one for one in metrics if one.name == HEADLINE), None))
    ]
    scored.sort(key=lambda pair: (-pair[1].mean, pair[0]))
    return tuple(_bar(number, name, metric) for number, (name, metric) in enumerate(scored))


def latency(results: Sequence[Result]) -> Histogram | None:
    """Return how long questions took, in BINS equal steps up to the slowest; None where nobody measured."""
    times = [one.outcome.wall_ms for one in results if one.outcome.wall_ms is not None]
    if not times:
        return None
    top = max(*times, 1.0)
    counts, edges = np.histogram(times, bins=BINS, range=(0.0, top))
    most = max(int(counts.max()), 1)
    columns = tuple(
        Column(
            x=_x(low / top),
            y=_y(count / most),
            width=_x(high / top) - _x(low / top) - 1,
            height=_y(0) - _y(count / most),
            label=f"{low:,.0f} to {high:,.0f} ms: {count}",
        )
        for count, low, high in zip(counts.tolist(), edges[:-1].tolist(), edges[1:].tolist(), strict=True)
    )
    median, late = (float(one) for one in np.quantile(times, [0.5, 0.95]))
    return Histogram(
        columns,
        tuple(Tick(_x(one), f"{one * top:,.0f}") for one in (0.0, 0.25, 0.5, 0.75, 1.0)),
        tuple(Tick(_y(one / most), str(one)) for one in sorted({0, most // 2, most})),
        Tick(_x(median / top), f"median {median:,.0f} ms"),
        Tick(_x(late / top), f"95 % {late:,.0f} ms"),
    )


def _bar(number: int, name: str, metric: Metric) -> Bar:
    span = WIDTH - 214
    return Bar(
        label=name if len(name) <= 18 else f"{name[:17]}…",
        value=f"{metric.mean:.3f}",
        n=metric.n,
        y=number * 26.0,
        width=metric.mean * span,
        low=metric.low * span,
        high=metric.high * span,
    )


def _x(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(share: float) -> float:
    return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)
