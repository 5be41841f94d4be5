"""Rows about questions: the first in a new process, search and its parts, whole answers, memory."""

import re
import shutil
from collections.abc import Mapping
from typing import Any

from benchmarks.speed.arithmetic import quantile
from benchmarks.speed.bench import BY_HAND, OURS, Bench, Place
from benchmarks.speed.parts import RETRIEVAL
from benchmarks.speed.process import FailedRunError, python
from benchmarks.speed.records import Aim, Note, Run
from index.library import Library

PASSAGES = 10
FIRST_AIM = (1_000, 4_000)
"""Articles of the libraries of which the aim for a first question speaks: some 2,000."""
SEARCH_AIMS = {10_000: 6.0, 100_000: 15.0, 1_000_000: 60.0}
WORD_AIMS = {10_000: 5.0, 100_000: 15.0, 1_000_000: 40.0}
"""Milliseconds of the median by chunks; the 95th of 100 is to be under twice that for the whole search."""
ANSWER_AIMS = {10_000: 150.0}
MEMORY_AIMS = {1_000_000: 1200.0}
HAND_UP_TO = 200_000
"""Chunks up to which the hand-written loop indexes words too: bm25s needs several GB beyond."""


def first_question(bench: Bench) -> None:
    """Measure a question asked of a library by a process of its own, and what it imports."""
    question = bench.questions()[0]
    libraries = [bench.real_library(), *map(bench.library, bench.sizes)]
    for library in libraries:
        with Library.open(library) as opened:
            stats = opened.store.stats()
        place = Place("first question", stats.chunks, "chunks")
        command = python("qa", question, "--library", str(library))
        runs = bench.repeated(lambda command=command: bench.command("first question", command))  # type: ignore[misc]
        aim = Aim(1.0) if FIRST_AIM[0] <= stats.articles <= FIRST_AIM[1] else None
        bench.keep(place, "to the printed answer, processor", [one.cpu for one in runs], "CPU s", aim)
        bench.keep(place, "to the printed answer", [one.wall for one in runs], "s")
        bench.keep(place, "peak memory", [one.peak_mb for one in runs], "MB")
    traced = bench.command("first question", [command[0], "-X", "importtime", *command[1:]])
    loaded = bool(re.search(r"\| +torch$", traced.problems, re.MULTILINE))
    bench.keep(place, "torch imported", [float(loaded)], "(0 no, 1 yes)", Aim(0.0))
    _first_of_others(bench, question)


def _first_of_others(bench: Bench, question: str) -> None:
    count = bench.counts[-1]
    place = Place("first question", count, "articles")
    _, rows = bench.articles(count)

    def measure(way: str) -> None:
        folder = bench.cache / "built" / way / str(count)
        spec: dict[str, Any] = {"folder": str(folder), "questions": [question], "k": PASSAGES}
        if not folder.is_dir():
            bench.peer(way, "ingest", {**spec, "articles": str(rows)})
        runs = bench.repeated(lambda: bench.peer(way, "first", spec, "first question"))
        cpu = [one.cpu for one in runs]
        bench.keep(place, "to the printed passages, processor", cpu, "CPU s", way=way)
        bench.keep(place, "peak memory", [one.peak_mb for one in runs], "MB", way=way)

    bench.each_way("first question", measure)


def retrieval(bench: Bench) -> None:
    """Measure warm search at every size, with its parts; the hand-written loop on the same vectors."""
    asked = bench.questions()
    for chunks in bench.sizes:
        place = Place("search, warm", chunks, "chunks")
        spec = {"library": str(bench.library(chunks)), "questions": asked, "k": PASSAGES}
        runs = bench.repeated(lambda spec=spec: bench.ours("search, warm", "retrieval", spec))  # type: ignore[misc]
        n = len(runs[0].found["total"])
        _quantiles(bench, place, [one.found for one in runs], SEARCH_AIMS.get(chunks), n)
        for part in RETRIEVAL:
            values = [quantile(one.found[f"{part} cpu"], 0.5) for one in runs]
            bound = WORD_AIMS.get(chunks) if part == "words" else None
            bench.keep(place, f"of it {part}, p50", values, "CPU ms", Aim(bound) if bound else None, n=n)
        rest = [_rest(one) for one in runs]
        bench.keep(place, "of it fusing, joining and the rest, p50", rest, "CPU ms", n=n)
        bench.keep(place, "peak memory", [one.found["peak_mb"] for one in runs], "MB", n=n)
        bench.notes.append(Note("search, warm", f"vectors at {chunks:,}: {runs[0].found['vectors are']}"))
        try:
            _by_hand(bench, place, asked)
        except FailedRunError as error:
            bench.notes.append(Note(place.row, f"by hand failed at {chunks:,}: {str(error)[-200:]}"))


def _rest(run: Run) -> float:
    """Return the median of what is left of a search beside its parts, in milliseconds of the processor."""
    found = run.found
    left = [
        total - sum(found[f"{part} cpu"][place] for part in RETRIEVAL)
        for place, total in enumerate(found["total cpu"])
    ]
    return quantile(left, 0.5)


def _quantiles(
    bench: Bench, place: Place, found: list[Mapping[str, Any]], bound: float | None, n: int, way: str = OURS
) -> None:
    """Keep median and 95th of 100. One thread works, so what is aimed at is its processor time."""
    for share, said, times in ((0.5, "p50", 1), (0.95, "p95", 2)):
        aim = Aim(bound * times) if bound else None
        spent = [quantile(one["total cpu"], share) for one in found]
        bench.keep(place, f"search, {said}, processor", spent, "CPU ms", aim, way=way, n=n)
        clock = [quantile(one["total"], share) for one in found]
        bench.keep(place, f"search, {said}, clock", clock, "ms", way=way, n=n)


def _by_hand(bench: Bench, place: Place, asked: list[str]) -> None:
    """Let the hand-written loop search the same chunks under the same vectors."""
    if BY_HAND not in bench.ways() or place.size > HAND_UP_TO:
        return
    folder = bench.cache / "by hand" / str(place.size)
    spec: dict[str, Any] = {"folder": str(folder / "library"), "questions": asked, "k": PASSAGES}
    if not (folder / "library").is_dir():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        spec |= {"chunks": str(folder / "chunks.json"), "vectors": str(folder / "vectors.npy")}
        bench.ours("", "dump", spec | {"library": str(bench.library(place.size))})
        bench.peer(BY_HAND, "adopt", spec, place.row)
    runs = bench.repeated(lambda: bench.peer(BY_HAND, "retrieval", spec, place.row))
    n = len(runs[0].found["total"])
    _quantiles(bench, place, [one.found for one in runs], None, n, BY_HAND)
    bench.keep(place, "peak memory", [one.found["peak_mb"] for one in runs], "MB", way=BY_HAND, n=n)


def answers(bench: Bench) -> None:
    """Measure whole answers at every size, and the memory that they take."""
    asked = bench.questions()
    for chunks in bench.sizes:
        place = Place("whole answer, warm", chunks, "chunks")
        spec = {"library": str(bench.library(chunks)), "questions": asked}
        runs = bench.repeated(lambda spec=spec: bench.ours("whole answer, warm", "answers", spec))  # type: ignore[misc]
        n = len(runs[0].found["total"])
        bound = ANSWER_AIMS.get(chunks)
        processor = [quantile(one.found["total cpu"], 0.5) for one in runs]
        bench.keep(place, "answer, p50, processor", processor, "CPU ms", Aim(bound) if bound else None, n=n)
        late = [quantile(one.found["total cpu"], 0.95) for one in runs]
        bench.keep(place, "answer, p95, processor", late, "CPU ms", n=n)
        bench.keep(place, "answer, p50", [quantile(one.found["total"], 0.5) for one in runs], "ms", n=n)
        place = Place("memory while answering", chunks, "chunks")
        most = MEMORY_AIMS.get(chunks)
        peak = [one.found["peak_mb"] for one in runs]
        bench.keep(place, "peak", peak, "MB", Aim(most) if most else None, n=n)
        bench.keep(place, "held at the end", [one.found["holding_mb"] for one in runs], "MB", n=n)
