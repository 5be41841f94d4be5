"""Rows about questions: the first in a new process, search and its parts, whole answers, memory."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from benchmarks.speed import parts
from benchmarks.speed.arithmetic import quantile
from benchmarks.speed.bench import OURS, Bench, Place
from benchmarks.speed.machine import read_through
from benchmarks.speed.process import python
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


def first_question(bench: Bench) -> None:
    """Measure a question asked of a library by a process of its own, and what it imports."""
    question = bench.questions()[0]
    with Library.open(bench.real_library()) as opened:
        stats = opened.store.stats()
    libraries = {stats.chunks: bench.real_library()} | {size: bench.library(size) for size in bench.sizes}
    for chunks, library in libraries.items():
        place = Place("first question", chunks, "chunks")
        command = python("qa", question, "--library", str(library))
        runs = bench.repeated(partial(bench.command, "first question", command))
        aimed = chunks == stats.chunks and FIRST_AIM[0] <= stats.articles <= FIRST_AIM[1]
        aim = Aim(1.0) if aimed else None
        bench.keep(place, "to the printed answer, processor", [one.cpu for one in runs], "CPU s", aim)
        bench.keep(place, "to the printed answer", [one.wall for one in runs], "s")
        bench.keep(place, "peak memory", [one.peak_mb for one in runs], "MB")
    traced = bench.command("first question", [command[0], "-X", "importtime", *command[1:]])
    loaded = bool(re.search(r"\| +torch$", traced.problems, re.MULTILINE))
    bench.keep(place, "torch imported", [float(loaded)], "(0 no, 1 yes)", Aim(0.0))
    _first_of_others(bench, question)


def _first_of_others(bench: Bench, question: str) -> None:
    row = "first question"

    def measure(way: str) -> None:
        for chunks in bench.sizes:
            folder = bench.adopted(way, chunks)
            if folder is None:
                continue
            place = Place(row, chunks, "chunks")
            spec: dict[str, Any] = {"folder": str(folder), "questions": [question], "k": PASSAGES}
            runs = bench.repeated(partial(bench.peer, way, "first", spec, row), way)
            bench.keep(place, "to the printed answer, processor", [one.cpu for one in runs], "CPU s", way=way)
            bench.keep(place, "to the printed answer", [one.wall for one in runs], "s", way=way)
            bench.keep(place, "peak memory", [one.peak_mb for one in runs], "MB", way=way)

    bench.each_way(row, measure)
    bench.notes.append(Note(row, "the other ways print passages, Dateline an answer with its quotes"))


def retrieval(bench: Bench) -> None:
    """Measure warm search at every size, with its parts; the hand-written loop on the same vectors."""
    parts.check(parts.RETRIEVAL)
    asked = bench.questions()
    for chunks in bench.sizes:
        place = Place("search, warm", chunks, "chunks")
        library = bench.library(chunks)
        read_through(library)
        spec = {"library": str(library), "questions": asked, "k": PASSAGES}
        runs = bench.repeated(partial(bench.ours, "search, warm", "retrieval", spec))
        n = len(runs[0].found["total"])
        _quantiles(bench, place, [one.found for one in runs], SEARCH_AIMS.get(chunks), n)
        for part in parts.RETRIEVAL:
            values = [quantile(one.found[f"{part} cpu"], 0.5) for one in runs]
            bound = WORD_AIMS.get(chunks) if part == "words" else None
            bench.keep(place, f"of it {part}, p50", values, "CPU ms", Aim(bound) if bound else None, n=n)
        rest = [_rest(one) for one in runs]
        bench.keep(place, "of it fusing, joining and the rest, p50", rest, "CPU ms", n=n)
        bench.keep(place, "peak memory", [one.found["peak_mb"] for one in runs], "MB", n=n)
        for what, said in (("open", "opening the library"), ("first", "the first search after it")):
            bench.keep(place, said, [one.found[f"{what} cpu"][0] for one in runs], "CPU ms")
        bench.notes.append(Note("search, warm", f"vectors at {chunks:,}: {runs[0].found['vectors are']}"))
    bench.each_way("search, warm", lambda way: _search_of(bench, way, asked))
    bench.notes.append(
        Note("search, warm", "chroma, langchain, llama-index and haystack search by vectors alone, as set up")
    )


def _rest(run: Run) -> float:
    """Return the median of what is left of a search beside its parts, in milliseconds of the processor."""
    found = run.found
    left = [
        total - sum(found[f"{part} cpu"][place] for part in parts.RETRIEVAL)
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


def _search_of(bench: Bench, way: str, asked: list[str]) -> None:
    """Let another way search the same chunks under the same vectors."""
    for chunks in bench.sizes:
        folder = bench.adopted(way, chunks)
        if folder is None:
            continue
        read_through(folder)
        place = Place("search, warm", chunks, "chunks")
        spec: dict[str, Any] = {"folder": str(folder), "questions": asked, "k": PASSAGES}
        runs = bench.repeated(partial(bench.peer, way, "retrieval", spec, place.row), way)
        n = len(runs[0].found["total"])
        _quantiles(bench, place, [one.found for one in runs], None, n, way)
        bench.keep(place, "peak memory", [one.found["peak_mb"] for one in runs], "MB", way=way, n=n)


def answers(bench: Bench) -> None:
    """Measure whole answers at every size, and the memory that they take."""
    asked = bench.questions()
    for chunks in bench.sizes:
        place = Place("whole answer, warm", chunks, "chunks")
        library = bench.library(chunks)
        read_through(library)
        spec = {"library": str(library), "questions": asked}
        runs = bench.repeated(partial(bench.ours, "whole answer, warm", "answers", spec))
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
        bench.keep(place, "of it its own", [one.found["own_mb"] for one in runs], "MB", n=n)
        bench.keep(place, "of it pages of mapped files", [one.found["files_mb"] for one in runs], "MB", n=n)


def statements(bench: Bench) -> None:
    """Measure questions that are answered by counting statements, of the names that most are about."""
    for chunks in bench.sizes:
        place = Place("who praised whom", chunks, "chunks")
        library = bench.library(chunks)
        read_through(library)
        runs = bench.repeated(partial(bench.ours, place.row, "statements", {"library": str(library)}))
        if not runs[0].found.get("total"):
            bench.notes.append(Note(place.row, f"no statements about names at {chunks:,} chunks"))
            continue
        n = len(runs[0].found["total"])
        bench.keep(place, "the first, processor", [one.found["first cpu"][0] for one in runs], "CPU ms")
        for share, said in ((0.5, "p50"), (0.95, "p95")):
            spent = [quantile(one.found["total cpu"], share) for one in runs]
            bench.keep(place, f"answer, {said}, processor", spent, "CPU ms", n=n)
        bench.keep(place, "peak memory", [one.found["peak_mb"] for one in runs], "MB")
