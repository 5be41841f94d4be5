"""Settings of retrieval chosen on one half of the questions and judged on the other."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import product
from statistics import fmean as mean

from eval.compare import Difference, differences
from eval.metrics.retrieval import retrieval_scores
from eval.places import Locator
from eval.schema import Case, Located, Outcome, Result, Score
from eval.systems import RETRIEVED, retrieve
from index.errors import InputError
from index.library import Library
from index.search import DEFAULT, Fusion, SearchSettings

MOST_TRIALS = 500
LEAST_QUESTIONS = 10
"""Scored questions that each half must have."""

Values = Mapping[str, object]
"""Search settings by name; those not named stay as they are."""

Placed = tuple[Case, tuple[Located, ...]]
"""A question with the places of its evidence."""


@dataclass(frozen=True, slots=True)
class TuneSettings:
    """What to tune for: a retrieval metric, how many passages, and whether questions have their own day."""

    metric: str = "passage.nDCG@10"
    k: int = RETRIEVED
    as_of: bool = True


@dataclass(frozen=True, slots=True)
class Trial:
    """A combination of settings and its mean on the tuning half."""

    settings: Values
    mean: float


@dataclass(frozen=True, slots=True)
class Tuned:
    """What came of it.

    Attributes:
        trials: Every combination, best first; the settings as they are have no names.
        chosen: The best; empty where nothing is better than the settings as they are.
        held_out: What it gains on the questions that had no part in the choice.
    """

    trials: tuple[Trial, ...]
    chosen: Values
    held_out: Difference


def grid_of(texts: Sequence[str]) -> dict[str, tuple[object, ...]]:
    """Return the values to try for each setting, from texts such as "words=0.3,0.5".

    Raises:
        InputError: A setting that search has not, or a value that is none.
    """
    kinds = {one.name: type(getattr(DEFAULT, one.name)) for one in fields(SearchSettings)}
    tunable = {name: kind for name, kind in kinds.items() if kind in (int, float, Fusion)}
    grid: dict[str, tuple[object, ...]] = {}
    for text in texts:
        name, _, values = text.partition("=")
        kind = tunable.get(name.strip())
        if kind is None:
            raise InputError(f"Search has no setting {name.strip()!r}.", f"There are {', '.join(tunable)}.")
        try:
            grid[name.strip()] = tuple(kind(one.strip()) for one in values.split(","))
        except ValueError as error:
            raise InputError(f"{text!r}: {error}.", f"Write {name}=VALUE,VALUE.") from error
    combinations = 1
    for tried in grid.values():
        combinations *= len(tried)
    if combinations > MOST_TRIALS:
        raise InputError(f"{combinations} combinations are too many.", f"Try {MOST_TRIALS} at most.")
    return grid


def tune(
    library: Library,
    cases: Sequence[Case],
    grid: Mapping[str, Sequence[object]],
    settings: TuneSettings,
    progress: Callable[[int, int], None] | None = None,
) -> Tuned:
    """Try every combination of settings on half of the questions, and judge the best on the other half.

    The halves are drawn by the questions' ids, so that they are the same for every grid. Of equal
    combinations the one tried first wins, and the settings as they are come first.

    Args:
        library: An open library.
        cases: Gold questions; those that the metric does not apply to have no part.
        grid: Values to try for each setting.
        settings: What to tune for.
        progress: Told how many searches are done, and of how many.

    Raises:
        InputError: A half has fewer than LEAST_QUESTIONS scored questions, or a value cannot be used.
    """
    combinations: list[Values] = [{}, *(dict(zip(grid, one, strict=True)) for one in product(*grid.values()))]
    # Built first, so that a value that cannot be used is refused before anything is searched.
    tried = [replace(DEFAULT, **dict(one)) for one in combinations]  # type: ignore[arg-type]
    locator = Locator(library)
    located = [(case, tuple(locator.locate(one) for one in case.evidence)) for case in cases]
    chosen_by = [one for one in located if _in_tuning_half(one[0])]
    judged_by = [one for one in located if not _in_tuning_half(one[0])]
    searches = _Searches(library, settings, len(chosen_by) * len(tried) + len(judged_by) * 2, progress)
    trials = [
        Trial(values, mean(score.value for score in searches.scores(chosen_by, one)))
        for values, one in zip(combinations, tried, strict=True)
    ]
    best = max(range(len(trials)), key=lambda number: (trials[number].mean, -number))
    before, after = searches.scores(judged_by, DEFAULT), searches.scores(judged_by, tried[best])
    (held_out,) = differences({settings.metric: list(zip(before, after, strict=True))})
    return Tuned(tuple(sorted(trials, key=lambda one: -one.mean)), trials[best].settings, held_out)


class _Searches:
    """The searches of one tuning: counts them for the progress."""

    def __init__(
        self,
        library: Library,
        settings: TuneSettings,
        everything: int,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self._library = library
        self._settings = settings
        self._everything = everything
        self._progress = progress
        self._done = 0

    def scores(self, half: Sequence[Placed], one: SearchSettings) -> list[Score]:
        """Return the metric of each question that it applies to."""
        name = self._settings.metric
        found = [score for placed in half if (score := self._score(placed, one)) is not None]
        if len(found) < LEAST_QUESTIONS:
            raise InputError(
                f"{name} applies to {len(found)} questions of a half.",
                f"Give gold with more evidence ({LEAST_QUESTIONS} each at least), or another --metric.",
            )
        return found

    def _score(self, placed: Placed, one: SearchSettings) -> Score | None:
        case, located = placed
        retrieved = retrieve(
            self._library, case, k=self._settings.k, as_of=self._settings.as_of, settings=one
        )
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._everything)
        result = Result(case, Outcome(None, retrieved=retrieved), located)
        return retrieval_scores(result).get(self._settings.metric)


def _in_tuning_half(case: Case) -> bool:
    return hashlib.sha256(case.id.encode()).digest()[0] % 2 == 0
