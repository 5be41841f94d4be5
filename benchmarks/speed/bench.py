"""What every row of the benchmark is given: articles, sizes, ways, and how a process is measured."""

import json
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.speed.articles import Corpus, Plain, plain, questions, write_plain
from benchmarks.speed.process import PATIENCE, FailedRunError, python, run
from benchmarks.speed.records import BY_HAND, OURS, Aim, Figure, Note, Run
from benchmarks.speed.synthetic import size_name

MOST_CHUNKS = {BY_HAND: 200_000}
MOST_OF_OTHERS = 20_000
"""Chunks up to which other ways are given the chunks of a large library.

Beyond, bm25s needs several gigabytes, and what keeps its rows as JSON minutes to open.
"""


@dataclass(slots=True)
class Bench:
    """One run of the benchmark.

    Attributes:
        corpus: Where real articles come from.
        counts: How many of them are ingested, ascending.
        sizes: Sizes of large libraries in chunks, ascending.
        repeats: How often each process is run.
        asked: How many questions each process answers.
        cache: Folder of the large libraries and of what is made for one run.
        base: A library of real articles, which large ones are drawn from; made from the corpus if None.
        peers: The Python in which the other ways are run.
        question_file: Questions to ask; None for those that come with the corpus.
        beside: The ways to measure beside Dateline; None for all that are installed.
        figures, notes, loads: What has been found so far; `loads` are the cores that others kept busy.
    """

    corpus: Corpus
    counts: tuple[int, ...]
    sizes: tuple[int, ...]
    repeats: int
    asked: int
    cache: Path
    base: Path | None = None
    peers: str = sys.executable
    question_file: Path | None = None
    beside: tuple[str, ...] | None = None
    figures: list[Figure] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    loads: dict[str, list[float]] = field(default_factory=dict)
    _ways: list[str] | None = None
    _made: set[int] = field(default_factory=set)

    def scratch(self, name: str) -> Path:
        """Return an empty folder for one use."""
        folder = self.cache / "scratch" / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def ways(self) -> list[str]:
        """Return the other ways that can be run here; those that cannot are noted as absent, once."""
        if self._ways is None:
            from benchmarks.speed.peers.driver import WAYS

            told = self.peer("ways", "ways", {}).found
            wanted = WAYS if self.beside is None else self.beside
            self._ways = [way for way in wanted if way in told["ways"]]
            absent = [way for way in wanted if way not in self._ways]
            if absent:
                self.notes.append(Note("", f"not installed, and so absent: {', '.join(absent)}"))
            versions = ", ".join(f"{name} {number}" for name, number in told["packages"].items())
            self.notes.append(Note("", f"the other ways run with {versions}"))
            if not told["bm25s"]:
                self.notes.append(Note("", "bm25s is not installed: the hand-written loop searches no words"))
        return self._ways

    # ---- articles

    def articles(self, count: int) -> tuple[Path, Path]:
        """Return `count` articles as Dateline gets them, and as rows for the other ways."""
        folder = self.cache / "articles" / str(count)
        rows = folder / "plain.jsonl"
        given = next((one for one in (folder / "articles", folder / "articles.jsonl") if one.exists()), None)
        if given is None or not rows.is_file():
            shutil.rmtree(folder, ignore_errors=True)
            given = self.corpus.take(count, folder)
            write_plain(plain(given), rows)
        return given, rows

    def plain(self, count: int) -> list[Plain]:
        """Return `count` articles as the other ways get them."""
        rows = self.articles(count)[1].read_text(encoding="utf-8").splitlines()
        return [Plain(**json.loads(row)) for row in rows]

    def questions(self) -> list[str]:
        """Return the questions to ask, those of the warm-up included."""
        asked, said = questions(self.question_file, self.plain(self.counts[-1]), self.asked + 3)
        note = Note("", f"questions: {said}")
        if note not in self.notes:
            self.notes.append(note)
        return asked

    def library(self, chunks: int) -> Path:
        """Return a synthetic library of so many chunks, its caches as new as this version makes them.

        Another process makes it: what this one holds in memory is counted as its children's.
        """
        if chunks not in self._made:
            where = ("--base", str(self.real_library()), "--out", str(self.cache))
            run(python("benchmarks.speed.synthetic", *where, "--chunks", str(chunks)), patience=6 * PATIENCE)
            self._made.add(chunks)
        return self.cache / size_name(chunks)

    def real_library(self) -> Path:
        """Return the library of real articles from which large ones are drawn."""
        if self.base is None:
            self.base = self.cache / "base"
        if not (self.base / "library.sqlite").is_file():
            given = self.articles(self.counts[-1])[0]
            run(python("index", "add", str(given), "--library", str(self.base), "--quiet"), allowed=(0, 3))
        return self.base

    def adopted(self, way: str, chunks: int) -> Path | None:
        """Return another way's library of the chunks of a synthetic one, under the same vectors.

        None where that would be too large for the way: it would need hours or many gigabytes.
        """
        if chunks > MOST_CHUNKS.get(way, MOST_OF_OTHERS):
            return None
        folder = self.cache / "adopted" / way / str(chunks)
        dumped = self.cache / "dumped" / str(chunks)
        spec = {"chunks": str(dumped / "chunks.json"), "vectors": str(dumped / "vectors.npy")}
        if not (dumped / "complete").is_file():
            shutil.rmtree(dumped, ignore_errors=True)
            dumped.mkdir(parents=True)
            self.ours("", "dump", spec | {"library": str(self.library(chunks))})
            (dumped / "complete").touch()
        if not folder.is_dir():
            made = self.scratch("adopted")
            self.peer(way, "adopt", spec | {"folder": str(made / "library")})
            folder.parent.mkdir(parents=True, exist_ok=True)
            (made / "library").rename(folder)
        return folder

    # ---- processes

    def ours(self, row: str, action: str, spec: dict[str, Any], **how: Any) -> Run:  # noqa: ANN401 - as `run`
        """Run an action of Dateline as a whole process."""
        return self.command(row, python("benchmarks.speed.ours", action, str(self._written(spec))), **how)

    def peer(self, way: str, action: str, spec: dict[str, Any], row: str = "") -> Run:
        """Run an action of another way as a whole process, in the peers' own environment."""
        driver = "benchmarks.speed.peers.driver"
        command = python(driver, way, action, str(self._written(spec)), interpreter=self.peers)
        return self.command(row, command)

    def command(self, row: str, command: Sequence[str], **how: Any) -> Run:  # noqa: ANN401 - as `run`
        """Run any command as a whole process."""
        done = run(command, **how)
        self.loads.setdefault(row, []).append(done.others)
        return done

    def _written(self, spec: dict[str, Any]) -> Path:
        path = self.cache / "spec.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(spec), encoding="utf-8")
        return path

    def repeated(self, measure: Callable[[], Run], way: str = OURS) -> list[Run]:
        """Run something as often as wanted; packages, which take most of the time of all, once."""
        return [measure() for _ in range(self.repeats if way in (OURS, BY_HAND) else 1)]

    def each_way(self, row: str, measure: Callable[[str], None]) -> None:
        """Measure every installed way; one that fails is noted, and the others go on."""
        for way in self.ways():
            try:
                measure(way)
            except FailedRunError as error:
                self.notes.append(Note(row, f"{way} failed: {str(error)[-300:]}"))

    # ---- figures

    def add(self, figure: Figure) -> None:
        """Keep a figure."""
        self.figures.append(figure)

    def keep(  # noqa: PLR0913 - the fields of a figure
        self,
        place: "Place",
        name: str,
        values: Iterable[float],
        unit: str,
        aim: Aim | None = None,
        *,
        way: str = OURS,
        n: int = 1,
    ) -> None:
        """Keep a figure of a row at one size; what is measured in a unit of time, memory or bytes grows."""
        grows = unit in COSTS
        rounded = tuple(float(f"{value:.6g}") for value in values)
        self.add(Figure(place.row, name, way, place.size, place.of, unit, rounded, n, aim, grows))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure belongs: its row, and the size it was measured at."""

    row: str
    size: int
    of: str


COSTS = frozenset({"s", "CPU s", "ms", "CPU ms", "MB"})
__all__ = ["BY_HAND", "COSTS", "OURS", "Bench", "Place", "size_name"]
