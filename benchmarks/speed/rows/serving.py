"""Rows about the served pages: how soon one can be used, and many readers at once."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.speed.arithmetic import quantile
from benchmarks.speed.bench import Bench, Place
from benchmarks.speed.crowd import ANSWERED, BUSY, FAILED, Crowd, flood, visit
from benchmarks.speed.machine import Moment
from benchmarks.speed.process import QUIET, ROOT, TOLD, FailedRunError
from benchmarks.speed.records import Aim, Note

INTERACTIVE_AIM = 2.0
READERS, RUSH = 50, 200
READER_SIZES = (10, 25, READERS)
VISIT_SECONDS, THINK_SECONDS = 60.0, 10.0
CHROMIUM = Path("/usr/bin/chromium")
PATIENCE = 180.0


@contextmanager
def served(library: Path, log: Path) -> Iterator[tuple[str, int]]:
    """Serve a library as a user does; give its address and process once it answers at full speed."""
    environment = {**os.environ, **QUIET}
    with log.open("w", encoding="utf-8") as told:
        process = subprocess.Popen(
            [sys.executable, "app.py", "--library", str(library), "--port", "0"],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=told, encoding="utf-8",
        )  # fmt: skip
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://[\d.]+:\d+", line)
        if found is None:
            raise FailedRunError(f"app.py did not start: {line}{log.read_text(encoding='utf-8')[-TOLD:]}")
        _wait_until_ready(found[0])
        yield found[0], process.pid
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(address: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with urlopen(f"{address}/readyz", timeout=10) as reply:
                if reply.status == 200:
                    return
        except URLError:
            pass
        time.sleep(0.2)


def _spent(process: int) -> float:
    """Return the processor seconds of a process so far."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def page(bench: Bench) -> None:
    """Measure how soon the page can be used: the box takes a question and the page shows its examples."""
    row = "page interactive"
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        bench.notes.append(Note(row, "not measured: Playwright is not installed"))
        return
    with served(bench.real_library(), bench.scratch("page") / "log") as (address, _):
        before = Moment.now()
        with sync_playwright() as playwright:
            path = str(CHROMIUM) if CHROMIUM.exists() else None
            try:
                browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            except Error as error:
                bench.notes.append(Note(row, f"not measured: {error.message.splitlines()[0]}"))
                return
            values: dict[str, list[float]] = {"first visit": [], "again": []}
            for _ in range(bench.repeats):
                context = browser.new_context()
                for visited in values.values():
                    visited.append(_interactive(context.new_page(), address))
                context.close()
            browser.close()
        bench.loads.setdefault(row, []).append(before.others(0.0))
    for name, seconds in values.items():
        bench.keep(Place(row, 0, ""), name, seconds, "s ", Aim(INTERACTIVE_AIM))


def _interactive(opened: Any, address: str) -> float:  # noqa: ANN401 - Playwright's page
    started = time.perf_counter()
    opened.goto(address)
    box = opened.locator("#dl-question textarea")
    box.fill("Who")
    opened.locator(".dl-answer[data-state=idle]").wait_for()
    seconds = time.perf_counter() - started
    opened.close()
    return seconds


def users(bench: Bench) -> None:
    """Measure readers who ask for a minute, and many more who ask in the same moment."""
    asked = bench.questions()
    log = bench.scratch("users") / "log"
    with served(bench.real_library(), log) as (address, process):
        for readers in READER_SIZES:
            before, spent = Moment.now(), _spent(process)
            crowd = visit(address, asked, readers, seconds=VISIT_SECONDS, think=THINK_SECONDS)
            own = _spent(process) - spent
            bench.loads.setdefault("readers at once", []).append(before.others(own))
            _keep(bench, Place("readers at once", readers, "readers"), crowd, own)
        crowd = flood(address, asked, RUSH)
        _keep_rush(bench, Place("a rush of readers", RUSH, "readers"), crowd)
    bench.notes.append(
        Note(
            "readers at once",
            f"{VISIT_SECONDS:.0f} seconds, closed loop, each reader thinking {THINK_SECONDS:.0f} s on "
            "average between an answer and the next question; the readers run on the same machine",
        )
    )


def _keep(bench: Bench, place: Place, crowd: Crowd, own: float) -> None:
    n = len(crowd.replies)
    served_in = crowd.seconds(ANSWERED) or [PATIENCE]
    aimed = place.size == READERS
    bench.keep(place, "answer, p50", [quantile(served_in, 0.5)], "s", n=n)
    bench.keep(place, "answer, p95", [quantile(served_in, 0.95)], "s", Aim(3.0) if aimed else None, n=n)
    bench.keep(place, "failed", [float(crowd.count(FAILED))], "", Aim(0.0) if aimed else None, n=n)
    bench.keep(place, "told to come again", [float(crowd.count(BUSY))], "", Aim(0.0) if aimed else None, n=n)
    bench.keep(place, "processor time an answer", [own / max(len(served_in), 1)], "CPU s ", n=n)
    _note_failures(bench, place, crowd)


def _keep_rush(bench: Bench, place: Place, crowd: Crowd) -> None:
    n = len(crowd.replies)
    busy = [one for one in crowd.replies if one.kind == BUSY]
    bench.keep(place, "answered", [float(crowd.count(ANSWERED))], "", n=n)
    bench.keep(place, "told to come again", [float(len(busy))], "", n=n)
    bench.keep(place, "failed", [float(crowd.count(FAILED))], "", Aim(0.0), n=n)
    if busy:
        untold = float(sum(not one.told for one in busy))
        bench.keep(place, "told so without saying when", [untold], "", Aim(0.0), n=n)
        bench.keep(place, "told so after, p95", [quantile([one.seconds for one in busy], 0.95)], "s ", n=n)
    bench.keep(place, "answer, p95", [quantile(crowd.seconds(ANSWERED) or [PATIENCE], 0.95)], "s ", n=n)
    bench.keep(place, "a single reader is served again after", [crowd.recovery], "s ", Aim(5.0))
    _note_failures(bench, place, crowd)


def _note_failures(bench: Bench, place: Place, crowd: Crowd) -> None:
    said = dict.fromkeys(one.said for one in crowd.replies if one.kind == FAILED)
    if said:
        bench.notes.append(Note(place.row, f"failed at {place.size}: {json.dumps(list(said)[:3])}"))
