"""Settings chosen on one half of the questions and judged on the other."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.compare import Difference, differences
from eval.grid import RETRIEVAL, Values, combinations_of, metric_for
from eval.metrics.catalogue import meaning_of
from eval.metrics.interval import metrics_of
from eval.places import Locator
from eval.schema import Case, Score
from eval.systems import RETRIEVED
from eval.trials import Libraries, Progress, Trials
from index.errors import InputError
from index.library import Library
from qa.settings import DEFAULTS, AnswerSettings

LEAST_QUESTIONS = 10
"""Scored questions that each half must have."""


@dataclass(frozen=True, slots=True)
class TuneSettings:
    """How to tune.

    Attributes:
        metric: What to make best; None for the one that the settings bear on.
        k: Passages retrieved for a metric of retrieval.
        as_of: Whether questions are asked on their `asked_on` day.
        base: The settings as they are, which everything is compared with.
        copies: Folder for copies of the library with chunks of other sizes.
    """

    metric: str | None = None
    k: int = RETRIEVED
    as_of: bool = True
    base: AnswerSettings = DEFAULTS
    copies: Path = Path("runs") / "libraries"


@dataclass(frozen=True, slots=True)
class Trial:
    """A combination of settings and its mean over the `n` questions of the tuning half, with interval."""

    settings: Values
    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Tuned:
    """What came of it.

    Attributes:
        metric: What was made best.
        trials: Every combination, best first; the settings as they are have no names.
        chosen: The best; empty where nothing is better than the settings as they are.
        held_out: What it gains on the questions that had no part in the choice.
        library: Folder of the library that the choice is for: a copy where its chunks have another size.
    """

    metric: str
    trials: tuple[Trial, ...]
    chosen: Values
    held_out: Difference
    library: str

    @property
    def gains(self) -> bool:
        """Whether there is a choice, and it is better on the held-out questions, too."""
        change = self.held_out.change
        return bool(self.chosen) and (change > 0 if _higher_is_better(self.metric) else change < 0)


def tune(
    library: Library,
    cases: Sequence[Case],
    grid: Mapping[str, Sequence[object]],
    settings: TuneSettings,
    progress: Progress | None = None,
) -> Tuned:
    """Try every combination of settings on half of the questions, and judge the best on the other half.

    The halves are drawn by the questions' ids, so that they are the same for every grid. Of equal
    combinations one that needs no other chunks wins, then the one tried first; the settings as they are come
    first of all.

    Args:
        library: An open library.
        cases: Gold questions; those that the metric does not apply to have no part.
        grid: Values to try for each setting.
        settings: How to tune.
        progress: Told how far it is.

    Raises:
        InputError: A half has fewer than LEAST_QUESTIONS scored questions, or a value cannot be used.
        LibraryError: A copy with other chunks cannot be made.
    """
    metric = metric_for(grid, settings.metric)
    combinations = combinations_of(grid, settings.base, library.config.chunk_tokens)
    locator = Locator(library)
    placed = [(case, tuple(locator.locate(one) for one in case.evidence)) for case in cases]
    chosen_by = [one for one in placed if in_tuning_half(one[0])]
    judged_by = [one for one in placed if not in_tuning_half(one[0])]
    tell = progress or (lambda _what, _done, _all: None)
    with Libraries(library, settings.copies, tell) as libraries:
        # Made first, so that a copy that cannot be made costs no question.
        for tokens in {one.chunk_tokens for one in combinations} - {None}:
            libraries.of(tokens)
        trials = Trials(libraries, metric, k=settings.k, as_of=settings.as_of, tell=tell)
        columns = _comparable(metric, trials.scores(chosen_by, combinations))
        tried = _trials(metric, columns, [one.values for one in combinations])
        better = 1 if _higher_is_better(metric) else -1
        best = max(
            range(len(tried)),
            key=lambda number: (
                better * tried[number].mean,
                combinations[number].chunk_tokens is None,
                -number,
            ),
        )
        judged = trials.scores(judged_by, [combinations[0], combinations[best]])
        before, after = _comparable(metric, judged)
        chosen_library = libraries.of(combinations[best].chunk_tokens).path
    (held_out,) = differences({metric: list(zip(before, after, strict=True))})
    ranked = tuple(sorted(tried, key=lambda one: -better * one.mean))
    return Tuned(metric, ranked, tried[best].settings, held_out, str(chosen_library))


def in_tuning_half(case: Case) -> bool:
    """Return whether a question is one that settings are chosen by."""
    return hashlib.sha256(case.id.encode()).digest()[0] % 2 == 0


def _trials(metric: str, columns: Sequence[list[Score]], values: Sequence[Values]) -> list[Trial]:
    made = []
    for scores, one in zip(columns, values, strict=True):
        (found,) = metrics_of({metric: scores})
        made.append(Trial(one, found.mean, found.low, found.high, found.n))
    return made


def _comparable(metric: str, scores: Sequence[Mapping[str, Score]]) -> list[list[Score]]:
    """Return the scores of each combination in one order of questions.

    Raises:
        InputError: There are too few, or not the same questions for each combination.
    """
    questions = list(scores[0])
    if any(one.keys() != scores[0].keys() for one in scores):
        raise InputError(
            f"Which questions {metric} applies to depends on the answers, so it cannot be tuned for.",
            "Give another --metric, such as correct.",
        )
    if len(questions) < LEAST_QUESTIONS:
        what = "more evidence" if metric.startswith(RETRIEVAL) else "more answers"
        raise InputError(
            f"{metric} applies to {len(questions)} questions of a half.",
            f"Give gold with {what} ({LEAST_QUESTIONS} each at least), or another --metric.",
        )
    return [[one[name] for name in questions] for one in scores]


def _higher_is_better(metric: str) -> bool:
    return meaning_of(metric).higher_is_better
