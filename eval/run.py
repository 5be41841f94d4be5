"""Ask every gold question and keep each result: resumable, in one process or several."""

import hashlib
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from eval.gold_files import digest_of, read_gold
from eval.run_folder import RunFolder, append
from eval.schema import Case, Gold, Result
from eval.systems import RETRIEVED, AnswersSystem, LibrarySystem, System
from index.errors import InputError
from index.library import Library
from qa.settings import changed_values, read_settings


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What to run.

    Attributes:
        gold: The gold file or folder.
        out: The run's folder.
        library: The library to ask; with `answers`, the one they were made over, where it is at hand.
        answers: Answers of another system to score instead of asking.
        format: The gold's format; found when None.
        strict: Whether a bad row of the gold stops the run.
        as_of: Whether questions are asked on their `asked_on` day.
        limit: Only the first questions; all when None.
        only_type: Only questions of these types; all when empty.
        jobs: Processes that ask at the same time.
        k: Passages retrieved for the retrieval metrics.
        fresh: Whether to throw away an earlier run in `out` instead of going on with it.
    """

    gold: Path
    out: Path
    library: Path | None = None
    answers: Path | None = None
    format: str | None = None
    strict: bool = False
    as_of: bool = True
    limit: int | None = None
    only_type: tuple[str, ...] = ()
    jobs: int = 1
    k: int = RETRIEVED
    fresh: bool = False

    def __post_init__(self) -> None:
        if self.library is None and self.answers is None:
            raise InputError("Nothing to evaluate.", "Give --library DIR, or --answers FILE.")
        for name, value in (("jobs", self.jobs), ("k", self.k), ("limit", self.limit)):
            if value is not None and value < 1:
                raise InputError(f"--{name} is {value}.", "Give 1 or more.")


@dataclass(frozen=True, slots=True)
class Run:
    """A run as made: results in the order of the gold, and whether it was stopped before the end."""

    gold: Gold
    results: tuple[Result, ...]
    interrupted: bool = False


Progress = Callable[[int, int], None]
"""Called with the questions done and all of them, first and after each question."""


def run(
    settings: RunSettings, progress: Progress | None = None, stop: Callable[[], bool] | None = None
) -> Run:
    """Ask every question that has no result yet, and return all results.

    Args:
        settings: What to run.
        progress: Told how far the run is.
        stop: Asked after each question; when it says yes, the run ends and can be gone on with.

    Raises:
        InputError: The gold or the answers cannot be used, or `out` holds a run of something else.
        LibraryError: The library cannot be read.
    """
    gold = read_gold(settings.gold, format=settings.format, strict=settings.strict)
    cases = _chosen(gold, settings)
    folder = RunFolder(settings.out)
    done = folder.begin(_about(gold, cases, settings), fresh=settings.fresh)
    waiting = [case for case in cases if case.id not in done]
    tell = progress or (lambda _done, _all: None)
    tell(len(cases) - len(waiting), len(cases))
    interrupted = False
    if waiting:
        with folder.open_results() as file, closing(_results(waiting, cases, settings)) as results:
            for result in results:
                append(file, result)
                done[result.case.id] = result
                tell(sum(case.id in done for case in cases), len(cases))
                if stop is not None and stop():
                    interrupted = True
                    break
    return Run(gold, tuple(done[case.id] for case in cases if case.id in done), interrupted)


def _chosen(gold: Gold, settings: RunSettings) -> tuple[Case, ...]:
    wanted = {name.casefold() for name in settings.only_type}
    cases = [case for case in gold.cases if not wanted or case.type.casefold() in wanted]
    if not cases:
        known = ", ".join(sorted({case.type or "(none)" for case in gold.cases}))
        raise InputError(f"No question is of type {', '.join(settings.only_type)}.", f"There are {known}.")
    return tuple(cases[: settings.limit])


def _about(gold: Gold, cases: Sequence[Case], settings: RunSettings) -> dict[str, Any]:
    """Return what is run: while all of this stays the same, an interrupted run can be gone on with."""
    return {
        "gold": {
            "name": gold.path.name,
            "format": gold.format,
            "digest": gold.digest,
            "questions": len(gold.cases),
        },
        "asked": {
            "questions": len(cases),
            "limit": settings.limit,
            "only_type": list(settings.only_type),
        },
        "library": _library_about(settings.library) if settings.library else None,
        "answers": (
            {"name": settings.answers.name, "digest": digest_of((settings.answers,))}
            if settings.answers
            else None
        ),
        "settings": {"as_of": settings.as_of, "k": settings.k},
    }


def _library_about(path: Path) -> dict[str, Any]:
    """Return what tells a library from another, and from itself before a change."""
    with Library.open(path) as library:
        stats = library.store.stats()
        ids = "\n".join(sorted(card.id for card in library.store.articles()))
    answering = changed_values(read_settings(path))
    return {
        "name": path.absolute().name,
        "articles": stats.articles,
        "generation": stats.generation,
        "model": stats.model,
        "contents": hashlib.sha256(ids.encode()).hexdigest()[:16],
        **({"settings": answering} if answering else {}),
    }


def _results(
    waiting: Sequence[Case], cases: tuple[Case, ...], settings: RunSettings
) -> Generator[Result, None, None]:
    if settings.jobs > 1 and settings.answers is None:
        yield from _in_processes(waiting, settings)
        return
    system: System
    if settings.answers is not None:
        system = AnswersSystem.open(settings.answers, cases, settings.library)
    else:
        assert settings.library is not None
        system = LibrarySystem.open(settings.library, as_of=settings.as_of, k=settings.k)
    with closing(system):
        for case in waiting:
            yield system.result(case)


def _in_processes(waiting: Sequence[Case], settings: RunSettings) -> Generator[Result, None, None]:
    """Yield results as they come from several processes, each with the library open."""
    pool = ProcessPoolExecutor(
        min(settings.jobs, len(waiting)),
        # A forked process would share the parent's SQLite connections and threads.
        mp_context=get_context("spawn"),
        initializer=partial(_open_here, settings),
    )
    try:
        for future in as_completed([pool.submit(_result_here, case) for case in waiting]):
            yield future.result()
    except BrokenProcessPool as error:
        raise InputError(
            "A process of the run ended without a word (out of memory?).",
            "What was answered is kept: run again with fewer --jobs.",
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


_here: list[LibrarySystem] = []
"""The open library of a worker process: it can neither be sent to it nor opened for each question."""


def _open_here(settings: RunSettings) -> None:
    assert settings.library is not None
    _here.append(LibrarySystem.open(settings.library, as_of=settings.as_of, k=settings.k))


def _result_here(case: Case) -> Result:
    return _here[0].result(case)
