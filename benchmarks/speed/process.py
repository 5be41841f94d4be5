"""Run something as a whole process and account for all of it: clock, processor, memory, and what it says."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.speed.machine import Moment
from benchmarks.speed.records import Run

ROOT = Path(__file__).resolve().parents[2]
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
QUIET = {
    "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False", "GRADIO_ANALYTICS_ENABLED": "False",
}  # fmt: skip
"""No measured process asks anything of the network."""
PATIENCE = 3600.0
TOLD = 2000
"""Characters of a failed process's last words that are passed on."""


class FailedRunError(Exception):
    """A measured process ended with an error or took too long."""


def run(
    command: Sequence[str],
    *,
    threads: int = 1,
    core: int | None = None,
    settings: Mapping[str, str] | None = None,
    patience: float = PATIENCE,
    allowed: Sequence[int] = (0,),
) -> Run:
    """Run a command in the checkout and wait for it.

    Args:
        command: The program and its arguments.
        threads: How many threads its libraries may start: 1, or 0 for as many as they like.
        core: The only processor core it may use; any where None.
        settings: Further environment variables.
        patience: Seconds after which it is killed.
        allowed: Exit codes that are no failure.

    Raises:
        FailedRunError: It exits with another code, or takes too long.
    """
    environment = {**os.environ, **QUIET, **(settings or {})}
    # Compiled modules are kept, as they are for everybody who sets nothing.
    for name in (*ONE_THREAD, "PYTHONDONTWRITEBYTECODE"):
        environment.pop(name, None)
    if threads == 1:
        environment |= ONE_THREAD
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as problems:
        before = Moment.now()
        with _kept_to(core):
            process = subprocess.Popen(list(command), cwd=ROOT, env=environment, stdout=out, stderr=problems)
        clock = threading.Timer(patience, process.kill)
        clock.start()
        try:
            # What wait4 tells covers the children that the process has waited for.
            _, status, usage = os.wait4(process.pid, 0)
        finally:
            clock.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - before.clock
        cpu = usage.ru_utime + usage.ru_stime
        others = before.others(cpu)
        out.seek(0)
        problems.seek(0)
        said = out.read().decode("utf-8", "replace")
        last_words = problems.read().decode("utf-8", "replace")
    if process.returncode not in allowed:
        raise FailedRunError(f"{' '.join(command)} ended with {process.returncode}: {last_words[-TOLD:]}")
    return Run(wall, cpu, usage.ru_maxrss * 1024 / 1e6, others, said, _last_object(said), last_words)


@contextmanager
def _kept_to(core: int | None) -> Iterator[None]:
    """Let processes that start within use one core only: they inherit it."""
    if core is None:
        yield
        return
    former = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, former)


def python(*arguments: str, interpreter: str = sys.executable) -> list[str]:
    """Return the command that runs a module of the checkout with these arguments."""
    return [interpreter, "-m", *arguments]


def _last_object(said: str) -> dict[str, Any]:
    lines = said.strip().splitlines()
    if not lines or not lines[-1].startswith("{"):
        return {}
    try:
        found = json.loads(lines[-1])
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
