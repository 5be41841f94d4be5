"""The evaluation that goes on in this program: one at a time, in a thread of its own, told to every page."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING

from index.errors import InputError
from ui.problems import problem

if TYPE_CHECKING:
    from eval.run import RunSettings

GOODBYE_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the evaluation is.

    Attributes:
        run: The run's name; empty before the first.
        state: "idle", "running", "stopping", "done", "stopped" or "failed".
        done, total: Questions that have a result, and all of them.
        seconds_left: None until it can be told.
        message: What went wrong.
    """

    run: str = ""
    state: str = "idle"
    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    message: str = ""

    @property
    def going_on(self) -> bool:
        """Whether the thread is at work."""
        return self.state in ("running", "stopping")


class Pace:
    """Tells how long the rest takes, by the questions since the first: that one also loads the models."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._first: tuple[int, float] | None = None
        self._begun = False

    def seconds_left(self, done: int, total: int) -> float | None:
        """Return the seconds that the rest takes; None before the second question is answered.

        Called once before the first question, with what an earlier part of the run has done, and after each.
        """
        if not self._begun:
            self._begun = True
            return None
        if self._first is None:
            self._first = done, self._now()
            return None
        first, at = self._first
        return (self._now() - at) / (done - first) * (total - done) if done > first else None


class Runner:
    """Runs evaluations. Every page that follows one sees the same standing."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._standing = Standing()
        self._wanted = threading.Event()
        self._thread: threading.Thread | None = None

    def standing(self) -> Standing:
        """Return how far the evaluation is."""
        with self._changed:
            return self._standing

    def wait(self, seen: Standing, seconds: float) -> Standing:
        """Return the standing as soon as it is another than the one seen, or after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._standing is not seen, seconds)
            return self._standing

    def start(self, settings: "RunSettings", report: Callable[[], None]) -> Standing:
        """Begin a run, or go on with it; return at once.

        Args:
            settings: What to run; the name of `out` is the run's name.
            report: Called when the run has ended, also by a stop, to write what the page shows.

        Raises:
            InputError: A run is going on.
        """
        with self._changed:
            if self._standing.going_on:
                raise InputError(
                    "An evaluation is going on already.", "Wait until it is done, or stop it first."
                )
            self._wanted.clear()
            begun = self._standing = Standing(settings.out.name, "running")
            self._changed.notify_all()
        work = threading.Thread(target=self._work, args=(settings, report), name="evaluation", daemon=True)
        self._thread = work
        work.start()
        return begun

    def stop(self) -> None:
        """Let the run end after the question it is at; what is answered is kept."""
        self._wanted.set()
        with self._changed:
            if self._standing.state == "running":
                self._tell(replace(self._standing, state="stopping", seconds_left=None))

    def close(self) -> None:
        """Stop, and wait for the question that is being answered.

        A thread that is cut off within it would end the program with a crash.
        """
        self.stop()
        if self._thread is not None:
            self._thread.join(GOODBYE_SECONDS)

    def _work(self, settings: "RunSettings", report: Callable[[], None]) -> None:
        from eval.run import run

        pace = Pace()

        def progress(done: int, total: int) -> None:
            with self._changed:
                left = pace.seconds_left(done, total)
                stopping = self._standing.state == "stopping"
                self._tell(
                    replace(self._standing, done=done, total=total, seconds_left=None if stopping else left)
                )

        try:
            made = run(settings, progress, self._wanted.is_set)
            report()
            with self._changed:
                # Stopped at the very last question, nothing is left to go on with.
                stopped = made.interrupted and self._standing.done < self._standing.total
                state = "stopped" if stopped else "done"
                self._tell(replace(self._standing, state=state, seconds_left=None))
        except Exception as error:  # noqa: BLE001 - shown on the page, logged where unexpected
            with self._changed:
                self._tell(replace(self._standing, state="failed", message=" ".join(problem(error))))

    def _tell(self, standing: Standing) -> None:
        """Change the standing; the lock is held."""
        self._standing = standing
        self._changed.notify_all()
