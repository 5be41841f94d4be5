"""Combinations of settings measured on questions; what two of them have in common is done once."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from eval.grid import RETRIEVAL, Combination
from eval.schema import Case, Located, Outcome, Result, Score
from eval.scoring import score_result
from eval.systems import question_of, reason_of, retrieve
from index.errors import LibraryError, ModelError
from index.library import ALIAS_FILE, Library
from index.rechunk import rechunk
from qa.answer_json import to_json
from qa.engine import Engine

Placed = tuple[Case, tuple[Located, ...]]
"""A question with the places of its evidence; these are the same in every copy of a library."""

Progress = Callable[[str, int, int], None]
"""Told what is counted ("article" copied or "question" asked), how many are done, and of how many."""


class Libraries:
    """A library and its copies with chunks of other sizes, made when first wanted and kept on disk.

    Args:
        library: The library itself; it stays open when these are closed.
        folder: Where the copies are.
        progress: Told how many articles of a copy are done.
    """

    def __init__(self, library: Library, folder: Path, progress: Progress) -> None:
        self._library = library
        self._folder = folder
        self._progress = progress
        self._stack = ExitStack()
        self._opened: dict[int | None, Library] = {None: library}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def of(self, chunk_tokens: int | None) -> Library:
        """Return the copy with chunks of this size, or the library itself for None.

        Raises:
            LibraryError: The copy cannot be made.
        """
        if chunk_tokens is not None and chunk_tokens not in self._opened:
            # Named by what it is a copy of: a library that has changed gets a new one.
            path = self._folder / f"{self._library.path.name}-{chunk_tokens}-{_state(self._library)}"
            rechunk(
                self._library, path, chunk_tokens, lambda done, all_: self._progress("article", done, all_)
            )
            self._opened[chunk_tokens] = self._stack.enter_context(Library.open(path))
        return self._opened[chunk_tokens]


def _state(library: Library) -> str:
    """Return what changes whenever a library does."""
    aliases = library.path / ALIAS_FILE
    parts = (
        repr(library.config),
        str(library.store.generation()),
        *sorted(card.id for card in library.store.articles()),
        aliases.read_text(encoding="utf-8") if aliases.exists() else "",
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:10]


class Trials:
    """Scores combinations by one metric.

    Args:
        libraries: What is asked.
        metric: The metric.
        k: Passages retrieved for a metric of retrieval.
        as_of: Whether questions are asked on their `asked_on` day.
        tell: Told how many questions of a call are asked.
    """

    def __init__(self, libraries: Libraries, metric: str, *, k: int, as_of: bool, tell: Progress) -> None:
        self._libraries = libraries
        self._metric = metric
        self._k = k
        self._as_of = as_of
        self._tell = tell

    def scores(
        self, questions: Sequence[Placed], combinations: Sequence[Combination]
    ) -> list[dict[str, Score]]:
        """Return for each combination the metric of the questions that it applies to, by question id."""
        made: list[dict[str, Score]] = [{} for _ in combinations]
        groups = asked_together(combinations)
        done = 0
        for numbers in groups:
            first = combinations[numbers[0]]
            engine = Engine(self._libraries.of(first.chunk_tokens), first.answering)
            thresholds = [combinations[number].answering.threshold for number in numbers]
            for case, located in questions:
                outcomes = self._outcomes(engine, case, thresholds)
                for number, outcome in zip(numbers, outcomes, strict=True):
                    score = score_result(Result(case, outcome, located)).get(self._metric)
                    if score is not None:
                        made[number][case.id] = score
                done += 1
                self._tell("question", done, len(groups) * len(questions))
        return made

    def _outcomes(self, engine: Engine, case: Case, thresholds: Sequence[float]) -> list[Outcome]:
        """Ask once, and return what comes of it at each threshold; a question that fails scores 0.

        Only what concerns a single question is its failure: a library or model that cannot be used is raised.
        """
        try:
            if self._metric.startswith(RETRIEVAL):
                search = engine.settings.search
                found = retrieve(engine.library, case, k=self._k, as_of=self._as_of, settings=search)
                return [Outcome(None, retrieved=found)] * len(thresholds)
            findings = engine.find(question_of(case, as_of=self._as_of))
            return [Outcome(to_json(engine.decide(findings, threshold))) for threshold in thresholds]
        except (LibraryError, ModelError):
            raise
        except Exception as error:  # noqa: BLE001 - as in a run
            return [Outcome(None, reason_of(error), retrieved=())] * len(thresholds)


def asked_together(combinations: Sequence[Combination]) -> list[list[int]]:
    """Return the numbers of the combinations, those together that differ in the threshold alone.

    Confidence does not depend on the threshold, so these share what was found.
    """
    groups: defaultdict[object, list[int]] = defaultdict(list)
    for number, one in enumerate(combinations):
        groups[(one.chunk_tokens, replace(one.answering, threshold=0.0))].append(number)
    return list(groups.values())
