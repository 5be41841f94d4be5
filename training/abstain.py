"""Fit when to abstain: `python -m training.abstain --set GOLD LIBRARY [FORMAT] --set ...`.

Each set's questions are asked of its library as the engine does; the model of `qa.abstain` then learns from
the signals whether the articles hold an answer. Reported by nested cross-validation: the strength of the
penalty and the threshold are chosen within the nine tenths that a fold is fitted on, and what stands is what
the fold left out makes of them. The weights are then fitted to all, and written beside the module.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.checking import roc_area
from eval.gold_files import read_gold
from eval.metrics.interval import bootstrap
from eval.metrics.words import says
from qa.abstain import WEIGHTS_FILE, measures_of, refusal_of
from qa.engine import Engine
from qa.schema import Kind, Question
from training.logistic import fit_logistic

COLUMNS = ("similarity", "candidate", "unnamed", "clause", "turned", "lost")
"""What the model reads. The small reader's odds of an answer add nothing (ROC AUC .693 against .697)."""
PENALTIES = (1.0, 3.0, 10.0, 30.0)
FOLDS = 10
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """A question as it was asked.

    Attributes:
        measures: What the model reads; None where a rule refuses before it.
        right: Whether the short answer, or the words shown, hold a gold answer.
    """

    group: str
    id: str
    answerable: bool
    measures: dict[str, float] | None
    right: bool


def main(arguments: Sequence[str] | None = None) -> None:
    """Ask, report, fit and write."""
    parser = argparse.ArgumentParser(prog="python -m training.abstain", description=__doc__)
    parser.add_argument("--set", nargs="+", action="append", required=True, metavar="GOLD LIBRARY [FORMAT]")
    options = parser.parse_args(arguments)
    cases = [case for given in options.set for case in ask(*given)]
    print(json.dumps({name: report(cases, name, COLUMNS) for name in groups_of(cases)}, indent=2))
    models: dict[str, object] = {"plain": fitted(cases, COLUMNS)}
    held = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    models |= {name: held["models"][name] for name in ("other", "option")}
    WEIGHTS_FILE.write_text(
        json.dumps({"models": models, "fitted": digest_of(cases)}, indent=2) + "\n", "utf-8"
    )


def ask(gold: str, library: str, form: str | None = None) -> list[Case]:
    """Ask a set's questions of fact, as the engine does, and note their signals."""
    found: list[Case] = []
    with Engine.open(Path(library)) as engine:
        for case in read_gold(Path(gold), format=form).cases:
            asked_on = date.fromisoformat(case.asked_on) if case.asked_on else None
            made = engine.find(Question(case.question, case.id, asked_on=asked_on))
            plan, draft = made.plan, made.draft
            if plan.kind is not Kind.FACT or draft.signals.exhaustive:
                continue
            idle = (not draft.shown and draft.short_answer is None) or refusal_of(plan, draft)
            shown = " ".join((draft.short_answer or "", *(one.quote for one in draft.shown)))
            found.append(
                Case(
                    Path(library).name,
                    case.id,
                    case.answerable,
                    None if idle else measures_of(plan, draft.signals),
                    any(says(shown, answer) for answer in case.answers),
                )
            )
    return found


def groups_of(cases: Sequence[Case]) -> list[str]:
    """Return the sets' names, and "all"."""
    return ["all", *dict.fromkeys(case.group for case in cases)]


def report(cases: Sequence[Case], group: str, columns: Sequence[str]) -> dict[str, object]:
    """Return what nested cross-validation over all cases makes of those of one set."""
    scores, answered = nested(cases, columns)
    inside = np.array([group in ("all", case.group) for case in cases])
    truth = np.array([case.answerable for case in cases])[inside]
    right = np.array([case.right for case in cases])[inside]
    scores, answered = scores[inside], answered[inside]
    low, high = bootstrap(len(scores), lambda drawn: roc_area(scores[drawn], truth[drawn]))
    return {
        "questions": len(scores),
        "answerable": int(truth.sum()),
        "auc": round(roc_area(scores, truth), 3),
        "auc_95": [round(low, 3), round(high, 3)],
        "kept": share(answered[truth]),
        "refused": share(~answered[~truth]),
        "risk_at_coverage": risks(scores, truth & right),
    }


def share(values: NDArray[np.bool_]) -> list[float] | None:
    """Return the mean with its 95 % interval; None of nothing."""
    if not len(values):
        return None
    low, high = bootstrap(len(values), lambda drawn: float(values[drawn].mean()))
    return [round(float(values.mean()), 3), round(low, 3), round(high, 3)]


def risks(scores: Floats, right: NDArray[np.bool_]) -> dict[str, float]:
    """Return, for the surest fifth of the questions, two fifths and so on, the share not rightly answered."""
    order = np.argsort(-scores, kind="stable")
    cut = {part: max(round(part * len(order)), 1) for part in (0.2, 0.4, 0.6, 0.8, 1.0)}
    return {f"{part:.1f}": round(float(1 - right[order[:upto]].mean()), 3) for part, upto in cut.items()}


def nested(cases: Sequence[Case], columns: Sequence[str]) -> tuple[Floats, NDArray[np.bool_]]:
    """Return each case's chance by a model that has not seen it, and whether it is answered.

    What a rule refuses has the chance 0.
    """
    places = [place for place, case in enumerate(cases) if case.measures]
    rows, truth = table(cases, columns)
    refused = refused_by_rule(cases)
    order = np.random.default_rng(0).permutation(len(rows))
    chances, answered = np.zeros(len(rows)), np.zeros(len(rows), dtype=bool)
    for fold in range(FOLDS):
        held_out = order[fold::FOLDS]
        kept = np.setdiff1d(order, held_out)
        penalty, threshold = choose(rows[kept], truth[kept], refused)
        bias, weights = fit_logistic(rows[kept], truth[kept], penalty=penalty)
        chances[held_out] = _chance(bias + rows[held_out] @ weights)
        answered[held_out] = chances[held_out] >= threshold
    scores, given = np.zeros(len(cases)), np.zeros(len(cases), dtype=bool)
    scores[places], given[places] = chances, answered
    return scores, given


def table(cases: Sequence[Case], columns: Sequence[str]) -> tuple[Floats, Floats]:
    """Return the measures of the cases that reach the model, and whether each is answerable."""
    reached = [case for case in cases if case.measures]
    rows = [[case.measures[name] for name in columns] for case in reached if case.measures]
    return np.array(rows), np.array([case.answerable for case in reached], dtype=np.float64)


def refused_by_rule(cases: Sequence[Case]) -> Floats:
    """Return whether each case that a rule refuses before the model is answerable."""
    return np.array([case.answerable for case in cases if not case.measures], dtype=np.float64)


def choose(rows: Floats, truth: Floats, refused: Floats) -> tuple[float, float]:
    """Return the penalty of the least loss in five folds, and the threshold that then serves both sides.

    Args:
        rows: The measures of the cases that reach the model.
        truth: Whether each of these is answerable.
        refused: The same of those that do not: they count as refused whatever the threshold.
    """
    best = (np.inf, PENALTIES[0], 0.5)
    for penalty in PENALTIES:
        chances = np.zeros(len(rows))
        for fold in range(5):
            out = np.arange(len(rows)) % 5 == fold
            bias, weights = fit_logistic(rows[~out], truth[~out], penalty=penalty)
            chances[out] = _chance(bias + rows[out] @ weights)
        loss = -float(np.mean(np.log(np.where(truth > 0, chances, 1 - chances))))
        if loss < best[0]:
            best = (
                loss,
                penalty,
                balanced(np.append(chances, np.zeros(len(refused))), np.append(truth, refused)),
            )
    return best[1], best[2]


def balanced(chances: Floats, truth: Floats) -> float:
    """Return the threshold at which the worse of the two, kept and refused, is best."""
    tried = np.unique(chances)
    worse = [min((chances[truth > 0] >= one).mean(), (chances[truth <= 0] < one).mean()) for one in tried]
    return float(tried[int(np.argmax(worse))])


def fitted(cases: Sequence[Case], columns: Sequence[str]) -> dict[str, object]:
    """Return the model fitted to all cases, as its file holds it."""
    rows, truth = table(cases, columns)
    penalty, threshold = choose(rows, truth, refused_by_rule(cases))
    bias, weights = fit_logistic(rows, truth, penalty=penalty)
    return {
        "bias": round(bias, 4),
        "weights": {name: round(float(one), 4) for name, one in zip(columns, weights, strict=True)},
        "penalty": penalty,
        "balanced_threshold": round(threshold, 3),
    }


def digest_of(cases: Sequence[Case]) -> dict[str, object]:
    """Return what the weights were fitted on."""
    digest = sha256()
    for case in cases:
        digest.update(f"{case.group}\0{case.id}\0{case.answerable}\n".encode())
    sizes = {name: sum(case.group == name for case in cases) for name in groups_of(cases)[1:]}
    return {"sets": sizes, "sha256": digest.hexdigest(), "on": datetime.now(UTC).date().isoformat()}


def _chance(logits: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), dtype=np.float64)


if __name__ == "__main__":
    main()
