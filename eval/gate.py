"""The gate: a run may not fall below the scores that a baseline file pins.

The baseline also pins the gold file (digest and size), so that nobody can shrink or change it unseen.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.metrics.catalogue import HEADLINE, meaning_of
from eval.run_folder import write_whole
from eval.schema import Summary
from index.errors import InputError

VERSION = 1
PINNED = (
    HEADLINE,
    "answered.right",
    "failed",
    "abstain.f1",
    "citation.verbatim",
    "citation.recall",
    "passage.recall@10",
    "article.recall@10",
)
"""Metrics that a new baseline pins, where they apply."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """Pinned scores. A floor is the worst that passes: the least, or the most where lower is better."""

    gold: str
    digest: str
    questions: int
    floors: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A gated metric: its floor and what the run reached; None where the run has no such metric."""

    name: str
    floor: float
    reached: float | None

    @property
    def passed(self) -> bool:
        """Whether the run is as good as the floor."""
        if self.reached is None:
            return False
        return not is_worse(self.name, self.reached, self.floor)


def read_baseline(path: Path) -> Baseline:
    """Read a baseline file.

    Raises:
        InputError: There is none, or it cannot be read.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["version"] != VERSION:
            raise InputError(f"{path} has version {record['version']}; this program reads {VERSION}.")
        gold = record["gold"]
        floors = {str(name): float(floor) for name, floor in record["floors"].items()}
        return Baseline(str(gold["name"]), str(gold["digest"]), int(gold["questions"]), floors)
    except FileNotFoundError as error:
        raise InputError(f"There is no baseline {path}.", "Make one with --update.") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path} is no baseline ({error!r}).", "Make a new one with --update.") from error


def judge(summary: Summary, about: Mapping[str, Any], baseline: Baseline) -> tuple[Verdict, ...]:
    """Return a verdict on each pinned metric.

    Args:
        summary: The run's scores.
        about: What was run (`run.json`).
        baseline: The pinned scores.

    Raises:
        InputError: The run is over another gold file, or not over all of it, or nothing is pinned.
    """
    _check_gold(summary, about, baseline)
    if not baseline.floors:
        raise InputError("The baseline pins no metric.", "Make a new one with --update.")
    return tuple(
        Verdict(name, floor, metric.mean if (metric := summary.metric(name)) else None)
        for name, floor in baseline.floors.items()
    )


def update(
    summary: Summary,
    about: Mapping[str, Any],
    path: Path,
    *,
    allow_lower: bool = False,
    names: Sequence[str] = (),
) -> Baseline:
    """Write the run's scores as the new floors.

    Args:
        summary: The run's scores.
        about: What was run (`run.json`).
        path: The baseline file; made, or replaced as a whole.
        allow_lower: Whether a floor may fall, a pinned metric go, or the gold change.
        names: Metrics to pin; those pinned so far when empty, and `PINNED` in a new file.

    Raises:
        InputError: A floor would fall, or the gold has changed, and `allow_lower` is not set; the run is not
            whole; a metric does not apply.
    """
    old = read_baseline(path) if path.exists() else None
    _check_whole(summary, about)
    wanted = list(names) or (list(old.floors) if old else [name for name in PINNED if summary.metric(name)])
    floors: dict[str, float] = {}
    for name in wanted:
        metric = summary.metric(name)
        if metric is None:
            raise InputError(f"The run has no metric {name!r}.", "Pin one that it has; see summary.json.")
        floors[name] = round(metric.mean, 6)
    gold = about["gold"]
    fresh = Baseline(gold["name"], gold["digest"], gold["questions"], floors)
    if old is not None and not allow_lower:
        _check_no_lower(old, fresh)
    write_whole(
        path,
        {
            "version": VERSION,
            "gold": {"name": fresh.gold, "digest": fresh.digest, "questions": fresh.questions},
            "floors": floors,
        },
    )
    return fresh


def is_worse(name: str, reached: float, floor: float) -> bool:
    """Return whether a score is on the wrong side of a floor (rounded to six places, as floors are)."""
    reached, floor = round(reached, 6), round(floor, 6)
    if meaning_of(name).higher_is_better:
        return reached < floor
    return reached > floor


def _check_no_lower(old: Baseline, fresh: Baseline) -> None:
    remedy = "Pass --allow-lower when that is meant."
    if (old.digest, old.questions) != (fresh.digest, fresh.questions):
        raise InputError(
            f"The gold file has changed: {old.questions} questions ({old.digest[:12]}) are pinned, "
            f"{fresh.questions} ({fresh.digest[:12]}) were run.",
            remedy,
        )
    for name, floor in old.floors.items():
        if name not in fresh.floors:
            raise InputError(f"The floor of {name} would go.", remedy)
        if is_worse(name, fresh.floors[name], floor):
            raise InputError(
                f"The floor of {name} would fall from {floor:.4f} to {fresh.floors[name]:.4f}.", remedy
            )


def _check_gold(summary: Summary, about: Mapping[str, Any], baseline: Baseline) -> None:
    gold = about["gold"]
    if (gold["digest"], gold["questions"]) != (baseline.digest, baseline.questions):
        raise InputError(
            f"The run is over another gold file than the baseline: {gold['questions']} questions of "
            f"{gold['name']} ({gold['digest'][:12]}), pinned are {baseline.questions} of {baseline.gold} "
            f"({baseline.digest[:12]}).",
            "Run over the pinned file, or pin this one: --update --allow-lower.",
        )
    _check_whole(summary, about)


def _check_whole(summary: Summary, about: Mapping[str, Any]) -> None:
    if summary.questions != about["gold"]["questions"]:
        raise InputError(
            f"The run has {summary.questions} of {about['gold']['questions']} questions.",
            "Gate a whole run: finish it, without --limit and --only-type.",
        )
