"""What is derived from an article's text, vectors and statements: made here, or in processes of their own.

Making them is nearly all the work of adding articles, and each article is made alone. A process works with
one thread: threads that wait for each other by spinning would double the processor time on a busy machine.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from index.embedders import BUILT_IN, load_embedder
from index.embedders.bulk import bulk_embedder
from index.errors import InputError
from index.library import Library
from index.records import Draft
from index.rework import embed
from index.schema import Analysis, Vectors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loky import ProcessPoolExecutor

    from index.embedders import Embedder
    from index.schema import Sentence

    Analyse = Callable[[str, Sequence[Sentence]], Analysis]

T = TypeVar("T")

logger = logging.getLogger(__name__)

HERE_FIRST = 8
"""Articles made in this process before others are started, where it is not known that more will come."""

WORTH_A_PROCESS = 4
"""Articles that a process should get at least: starting it takes as long as one or two of them."""

MOST_PROCESSES = 8
"""Processes started unless more are asked for: each takes about half a gigabyte."""

SINGLE = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


@dataclass(frozen=True, slots=True)
class Derived:
    """What was made of one article.

    Attributes:
        vectors: One a chunk, shape (n, dimension).
        analysis: Names and statements.
        statement_seconds: Processor time of the analysis.
        processes: Processor time since its start of each other process that had a part, by number.
    """

    vectors: Vectors
    analysis: Analysis
    statement_seconds: float
    processes: Mapping[int, float] = field(default_factory=dict)


class Pending(Protocol):
    """Something that is being derived."""

    def result(self) -> Derived:
        """Wait for it; raises what went wrong."""


class Deriver(Protocol):
    """Derives what belongs to articles, several at a time."""

    ahead: int
    """How many articles may wait to be stored; more would only hold memory."""

    def derive(self, draft: Draft) -> Pending:
        """Set an article going."""

    def close(self) -> None:
        """Let go of threads and processes."""


def processes_for(jobs: int | None) -> int:
    """Return how many processes to work in: as many as asked for, else one a core.

    Raises InputError for less than one.
    """
    if jobs is not None:
        if jobs < 1:
            raise InputError(f"{jobs} processes were asked for.", "Ask for 1 or more.")
        return jobs
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST_PROCESSES)


def deriver_for(
    library: Library, jobs: "int | Callable[[Library], Deriver] | None", *, articles: int = 0
) -> Deriver:
    """Return what derives the articles of a library.

    Args:
        library: An open library. One that was given an embedder or an analysis of its own works here.
        jobs: Processes to work in, None for one a core; or what makes a deriver of another kind.
        articles: How many there will be, roughly, where that is known.
    """
    if callable(jobs):
        return jobs(library)
    count = processes_for(jobs)
    if count == 1 or library.equipped:
        return DerivingHere(library)
    if articles > HERE_FIRST:
        return DerivingInProcesses(library, min(count, articles // WORTH_A_PROCESS), at_once=True)
    return DerivingInProcesses(library, count)


class DerivingHere:
    """Embeds in a thread (it releases the interpreter lock) while this one analyses the next article."""

    ahead = 4

    def __init__(self, library: Library) -> None:
        self._library = library
        self._embedder: Embedder | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="embed")

    def derive(self, draft: Draft) -> Pending:
        """Set the vectors going, and find names and statements meanwhile."""
        if self._embedder is None:
            self._embedder = bulk_embedder(self._library.model, self._library.embedder)
        vectors = self._thread.submit(embed, self._embedder, draft.passages)
        return _Half(vectors, *_analysed(self._library.analyse, draft))

    def close(self) -> None:
        """Wait for the thread."""
        self._thread.shutdown()


@dataclass(frozen=True, slots=True)
class _Half:
    """An article whose vectors are being made."""

    vectors: "Future[Vectors]"
    analysis: Analysis
    seconds: float

    def result(self) -> Derived:
        return Derived(self.vectors.result(), self.analysis, self.seconds)


class DerivingInProcesses:
    """Makes articles in processes that work side by side, the first ones here where there may be no more.

    Vectors and statements of an article are tasks of their own: about as much work each, so that a long last
    article does not keep one process busy while the others wait. Where all are made in the others, this
    process loads no language pipeline. A process that dies costs time: its articles, and all after them, are
    made here.

    Args:
        library: Whose model and settings are used.
        count: How many processes.
        at_once: Whether it is known that there are enough articles for all of them.
    """

    def __init__(self, library: Library, count: int, *, at_once: bool = False) -> None:
        self.ahead = 4 * count
        self._library = library
        self._count = count
        self._here = DerivingHere(library)
        self._left_here = 0 if at_once else HERE_FIRST
        self._pool: ProcessPoolExecutor | None = None
        self._broken = False
        # Only the built-in model is loaded once a process: another may fill a graphics card by itself.
        self._model = library.model if library.model == BUILT_IN else None

    def derive(self, draft: Draft) -> Pending:
        """Set an article going."""
        if self._broken or self._left_here > 0:
            self._left_here -= 1
            return self._here.derive(draft)
        embedded: Future[_There[Vectors]] | Vectors
        try:
            analysed = self._executor().submit(_analyse_there, draft)
            if self._model is None:
                embedded = embed(self._library.embedder, draft.passages)
            else:
                embedded = self._executor().submit(_embed_there, draft, self._model)
        except BrokenProcessPool:
            return self._again(draft)
        return _Elsewhere(analysed, embedded, lambda: self._again(draft).result())

    def close(self) -> None:
        """End the processes."""
        self._here.close()
        if self._pool is not None:
            self._pool.shutdown(wait=True, kill_workers=self._broken)

    def _executor(self) -> "ProcessPoolExecutor":
        if self._pool is None:
            from loky import ProcessPoolExecutor

            self._pool = ProcessPoolExecutor(
                self._count, env=SINGLE, initializer=_begin, initargs=(os.getpid(),)
            )
        return self._pool

    def _again(self, draft: Draft) -> Pending:
        if not self._broken:
            logger.warning("a process that reads articles has died; going on in one process")
            self._broken = True
        return self._here.derive(draft)


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """An article that other processes work on; its vectors too, unless they were made here."""

    analysed: "Future[_There[tuple[Analysis, float]]]"
    embedded: "Future[_There[Vectors]] | Vectors"
    again: Callable[[], Derived]

    def result(self) -> Derived:
        try:
            made = self.analysed.result()
            (analysis, seconds), processes = made.value, {made.process: made.spent}
            if not isinstance(self.embedded, Future):
                return Derived(self.embedded, analysis, seconds, processes)
            vectors = self.embedded.result()
        except BrokenProcessPool:
            return self.again()
        processes[vectors.process] = vectors.spent  # if it is the same process, then later
        return Derived(vectors.value, analysis, seconds, processes)


def _analysed(analyse: "Analyse", draft: Draft) -> tuple[Analysis, float]:
    """Return names and statements with the processor time they took, on the clock of this thread."""
    started = time.thread_time()
    analysis = analyse(draft.article.text, draft.sentences)
    return analysis, time.thread_time() - started


# ---- in the other processes


@dataclass(frozen=True, slots=True)
class _There(Generic[T]):
    """What a process made, its number, and its processor time since it started."""

    value: T
    process: int
    spent: float


def derive_alone(draft: Draft, model: str) -> Derived:
    """Derive an article in a process or on a machine of its own."""
    made = _analyse_there(draft).value
    return Derived(_embed_there(draft, model).value, *made)


def _analyse_there(draft: Draft) -> _There[tuple[Analysis, float]]:
    from index.statements.extract import analyse

    made = _analysed(analyse, draft)
    return _There(made, os.getpid(), time.process_time())


def _embed_there(draft: Draft, model: str) -> _There[Vectors]:
    vectors = embed(_embedder(model), draft.passages)
    return _There(vectors, os.getpid(), time.process_time())


@cache
def _embedder(model: str) -> "Embedder":
    return bulk_embedder(model, load_embedder(model))


def _begin(parent: int) -> None:
    """Leave Ctrl-C to the process that started this one, which ends in order; end when it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
