"""The records of a speed run: what was measured, of whom, how often, and what it is held against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OURS = "dateline"
BY_HAND = "by hand"
"""The loop that a first script would be: sentence-transformers, FAISS, and bm25s where it is installed."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What a figure is held against: a bound, or a ratio to the hand-written loop.

    Attributes:
        bound: The value or ratio.
        at_least: Whether more is better.
        of_hand: Whether `bound` is a ratio to what the hand-written loop takes.
    """

    bound: float
    at_least: bool = False
    of_hand: bool = False

    def said(self, unit: str) -> str:
        """Return the aim in words."""
        word = "at least" if self.at_least else "at most"
        return (
            f"{word} {self.bound:g} × by hand" if self.of_hand else f"{word} {self.bound:g} {unit}".rstrip()
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured quantity of one way at one size.

    Attributes:
        row: The row of the report.
        name: What was measured.
        way: Who did it: OURS, BY_HAND or a package.
        size: How large the library or the work was, in `size_of`; 0 where size has no meaning.
        size_of: What `size` counts, such as "chunks".
        unit: Of the values.
        values: One a repeat; the median is quoted.
        n: How many things each repeat measured, such as questions.
        aim: What it is held against.
        grows: Whether it is a cost whose growth with size is to be fitted.
    """

    row: str
    name: str
    way: str
    size: int
    size_of: str
    unit: str
    values: tuple[float, ...]
    n: int = 1
    aim: Aim | None = None
    grows: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """One whole process: seconds on the clock, of processor time (its children's too), and peak memory.

    Attributes:
        wall, cpu: Seconds.
        peak_mb: Memory of its largest single process at its largest, in MB.
        others: Cores that other programs kept busy meanwhile, on average.
        said: What it printed.
        found: The JSON object in the last line of what it printed, if there is one.
        problems: What it wrote to standard error.
    """

    wall: float
    cpu: float
    peak_mb: float
    others: float
    said: str
    found: Mapping[str, Any] = field(default_factory=dict)
    problems: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader of a row must know: what is absent, failed, or was not measured."""

    row: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run of the benchmark: the machine, what was measured and what has to be known about it."""

    machine: Mapping[str, Any]
    figures: tuple[Figure, ...]
    notes: tuple[Note, ...]
    loads: Mapping[str, float] = field(default_factory=dict)
