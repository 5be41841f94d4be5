"""A run of the benchmark as JSON and as a Markdown table. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.speed.arithmetic import MUCH, Growth, growths, met, partner, ratio, spread, value
from benchmarks.speed.records import BY_HAND, OURS, Aim, Figure, Note, Report

HEAD = ("measured", "at", "dateline", "least to most", "aim", "met")
"""Columns of every table; the other ways of its row follow, each with dateline's ratio to it in brackets."""


def to_json(report: Report) -> dict[str, Any]:
    """Return the report as plain values; `from_json` reads them."""
    return {
        "machine": dict(report.machine),
        "loads": dict(report.loads),
        "figures": [
            asdict(figure)
            | {"median": value(figure), "met": met(figure, report.figures)}
            | {"ratios": _ratios(figure, report.figures)}
            for figure in report.figures
        ],
        "growth": [
            asdict(growth) | {"faster_than_linear": growth.too_fast} for growth in growths(report.figures)
        ],
        "notes": [asdict(note) for note in report.notes],
    }


def _ratios(figure: Figure, figures: Sequence[Figure]) -> dict[str, float]:
    """Return how many times each other way's value dateline's is, for the ways that measured the same."""
    if figure.way != OURS:
        return {}
    found = {way: ratio(figure, partner(figure, figures, way)) for way in _others(figures)}
    return {way: times for way, times in found.items() if times is not None}


def _others(figures: Sequence[Figure]) -> list[str]:
    """Return the ways beside dateline, the hand-written loop first."""
    ways = dict.fromkeys(figure.way for figure in figures if figure.way != OURS)
    return sorted(ways, key=lambda way: way != BY_HAND)


def from_json(found: Mapping[str, Any]) -> Report:
    """Return the report that `to_json` was given; what it had worked out is worked out again."""
    figures = []
    for row in found["figures"]:
        fields = {name: row[name] for name in Figure.__dataclass_fields__}
        aim = fields["aim"] and Aim(**fields["aim"])
        figures.append(Figure(**{**fields, "values": tuple(fields["values"]), "aim": aim}))
    notes = tuple(Note(**note) for note in found["notes"])
    return Report(found["machine"], tuple(figures), notes, found["loads"])


def merged(old: Report, new: Report) -> Report:
    """Return both reports as one: rows that were measured again replace those of the same name."""
    again = {figure.row for figure in new.figures}
    kept = tuple(figure for figure in old.figures if figure.row not in again)
    notes = dict.fromkeys((*(note for note in old.notes if note.row not in again), *new.notes))
    return Report(new.machine, kept + new.figures, tuple(notes), {**old.loads, **new.loads})


def to_markdown(report: Report, plots: Mapping[str, str] | None = None) -> str:
    """Return the report for a reader.

    Args:
        report: What was measured.
        plots: The file of the growth plot of each row.
    """
    lines = ["# Speed, side by side", "", *_machine(report.machine), ""]
    for row in dict.fromkeys(figure.row for figure in report.figures):
        members = [figure for figure in report.figures if figure.row == row]
        load = report.loads.get(row)
        lines += [f"## {row}", ""]
        if load is not None:
            lines += [f"Other programs kept {load:.1f} cores busy meanwhile.", ""]
        lines += [*_table(members), ""]
        lines += [f"- {note.text}" for note in report.notes if note.row == row]
        if plots and row in plots:
            lines += ["", f"![How {row} grows]({plots[row]})"]
        lines.append("")
    lines += _growth(growths(report.figures))
    general = [note.text for note in report.notes if not note.row]
    if general:
        lines += ["## To know", "", *(f"- {text}" for text in general), ""]
    return "\n".join(lines)


def _machine(machine: Mapping[str, Any]) -> list[str]:
    flags = ", ".join(machine.get("flags", ())) or "none of AVX2, AVX-512, VNNI, AMX"
    packages = ", ".join(f"{name} {number}" for name, number in machine.get("packages", {}).items())
    return [
        f"{machine.get('processor', '?')} ({flags}), {machine.get('cores', '?')} cores, "
        f"{machine.get('memory_gb', '?')} GB, {machine.get('system', '?')}, "
        f"Python {machine.get('python', '?')}, {machine.get('started', '?')}.",
        "",
        f"{packages}.",
        "",
        "Each figure is the median of whole processes run in turn; in brackets beside another way's stands "
        "how many times that dateline's is. Processor time is the process's own and its children's.",
    ]


def _table(members: Sequence[Figure]) -> list[str]:
    others = _others(members)
    columns = (*HEAD, *others)
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    for name, size in dict.fromkeys((figure.name, figure.size) for figure in members):
        same = {figure.way: figure for figure in members if (figure.name, figure.size) == (name, size)}
        first = next(iter(same.values()))
        ours = same.get(OURS)
        unit = first.unit.strip()
        cells = [
            f"{name}{f', {unit}' if unit else ''}",
            f"{size:,} {first.size_of}" if size else "",
            number(value(ours)) if ours else "",
            _spread(ours) if ours else "",
            ours.aim.said(unit) if ours and ours.aim else "",
            {True: "yes", False: "**no**", None: ""}[met(ours, members) if ours else None],
            *(_beside(ours, same.get(way)) for way in others),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _beside(ours: Figure | None, other: Figure | None) -> str:
    """Return another way's figure with dateline's ratio to it."""
    if other is None:
        return ""
    times = ratio(ours, other) if ours else None
    return f"{number(value(other))} ({times:.2f})" if times is not None else number(value(other))


def _spread(figure: Figure) -> str:
    least, most = spread(figure)
    told = f"n={figure.n:,}" if figure.n > 1 else ""
    if len(figure.values) > 1:
        told = f"{number(least)} to {number(most)}{f', {told}' if told else ''}"
    return told


def _growth(found: Sequence[Growth]) -> list[str]:
    if not found:
        return []
    lines = [
        "## How cost grows", "",
        f"`cost = c × size^b`, fitted over the sizes named; b above {MUCH} is flagged.", "",
        "| row | cost | of | sizes | b | |", "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for growth in found:
        sizes = ", ".join(f"{size:,}" for size, _ in growth.points)
        flag = "**faster than linear**" if growth.too_fast else ""
        lines.append(
            f"| {growth.row} | {growth.name}, {growth.unit} | {growth.way} | {sizes} {growth.size_of} "
            f"| {growth.exponent:.2f} | {flag} |"
        )
    return [*lines, ""]


def number(quantity: float) -> str:
    """Return a figure to three digits.

    Example:
        >>> [number(one) for one in (0.01234, 1.5, 12.34, 1234.5, 0.0)]
        ['0.0123', '1.50', '12.3', '1,234', '0']
    """
    if quantity == 0:
        return "0"
    whole = math.floor(math.log10(abs(quantity)))
    return f"{quantity:,.{max(0, 2 - whole)}f}"
