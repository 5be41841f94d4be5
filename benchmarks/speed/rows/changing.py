"""Rows about changing a large library, and about the files beside it."""

import shutil
from functools import partial
from pathlib import Path

from benchmarks.speed import parts
from benchmarks.speed.articles import Plain, write_plain
from benchmarks.speed.bench import MOST_OF_OTHERS, Bench, Place
from benchmarks.speed.process import python
from benchmarks.speed.records import Aim, Note

ARTICLES = 6
"""Articles that are added and removed; the first warms everything up and is not counted."""
AIMS = {100_000: 100.0, 1_000_000: 100.0}
"""CPU milliseconds to add or remove an article, beside embedding it and finding its statements."""
RECALL_AIM = 0.98
COPIED_UP_TO = 200_000
"""Chunks up to which a copy of the library is changed. What is added to a larger one is removed again."""


def edit(bench: Bench) -> None:
    """Measure adding and removing single articles at every size."""
    plain = bench.plain(bench.counts[-1])[:ARTICLES]
    if len(plain) < 2:
        bench.notes.append(Note("one article more or less", "too few articles to add"))
        return
    parts.check(parts.INGEST)
    asked = bench.questions()[:1]
    for chunks in bench.sizes:
        folder = bench.scratch("edit")
        files = []
        for number, one in enumerate(plain):
            file = folder / f"added-{number}.md"
            # Another first line, so that none is a copy of an article that is there.
            file.write_text(f"# Bulletin {number}\n\nBulletin {number}. {one.text}\n", encoding="utf-8")
            files.append(str(file))
        library = _own_copy(bench.library(chunks), folder, chunks)
        spec = {"library": str(library), "articles": files, "questions": asked}
        done = bench.ours("one article more or less", "edit", spec)
        _keep(bench, Place("one article more or less", chunks, "chunks"), dict(done.found))
    bench.each_way("one article more or less", lambda way: _edit_of(bench, way, plain, asked))


def _keep(bench: Bench, place: Place, found: dict[str, list[float]]) -> None:
    bound = AIMS.get(place.size)
    aim = Aim(bound) if bound else None
    n = len(found["add"])
    bench.keep(place, "add, beside its models, processor", found["add beside models cpu"], "CPU ms", aim, n=n)
    bench.keep(place, "add, all of it, processor", found["add cpu"], "CPU ms", n=n)
    bench.keep(place, "add, all of it", found["add"], "ms", n=n)
    bench.keep(place, "remove, processor", found["remove cpu"], "CPU ms", aim, n=n)
    bench.keep(place, "remove", found["remove"], "ms", n=n)
    for what in ("search before", "search after add", "search after remove"):
        bench.keep(place, f"{what}, processor", found[f"{what} cpu"], "CPU ms", n=n)
    for what in ("add MB written", "remove MB written"):
        bench.keep(place, what, found[what], "MB", n=n)


def caches(bench: Bench) -> None:
    """Measure making the files of vectors and of words anew, how well the vectors are found, and `stats`."""
    row = "files beside the library"
    for chunks in bench.sizes:
        place = Place(row, chunks, "chunks")
        library = _own_copy(bench.library(chunks), bench.scratch("caches"), chunks)
        for which in ("vectors", "words"):
            found = bench.ours(row, "caches", {"library": str(library), "which": which}).found
            bench.keep(place, f"{which}, made anew", [found["save"]], "CPU s")
            bench.keep(place, f"{which}, peak memory of the writer", [found["peak_mb"]], "MB")
            bench.keep(place, f"{which}, size", [found["file_mb"]], "MB")


def recall(bench: Bench) -> None:
    """Measure which share of the nearest chunks a search by vectors finds, and the command `index stats`."""
    row = "recall of vectors"
    for chunks in bench.sizes:
        place = Place(row, chunks, "chunks")
        library = bench.library(chunks)
        found = bench.ours(row, "recall", {"library": str(library), "questions": bench.questions()}).found
        questions, held_out = found["n"]
        aim = Aim(RECALL_AIM, at_least=True)
        bench.keep(
            place, "questions, of the 20 best by true cosine", [found["questions"]], "", aim, n=questions
        )
        bench.keep(place, "chunks' own vectors", [found["held out"]], "", aim, n=held_out)
        bench.keep(place, "what `stats` says", [found["told"]], "")
        command = python("index", "stats", "--library", str(library))
        runs = bench.repeated(partial(bench.command, row, command))
        bench.keep(place, "`index stats`, whole process", [one.cpu for one in runs], "CPU s")


def _own_copy(library: Path, folder: Path, chunks: int) -> Path:
    if chunks > COPIED_UP_TO:
        return library
    return Path(shutil.copytree(library, folder / "library"))


def _edit_of(bench: Bench, way: str, plain: list[Plain], asked: list[str]) -> None:
    """Let another way add articles to a copy of its library of the same chunks."""
    for chunks in bench.sizes:
        built = bench.adopted(way, chunks)
        if built is None:
            continue
        folder = bench.scratch("edit beside")
        shutil.copytree(built, folder / "library")
        rows = folder / "rows.jsonl"
        # Some write everything again for each.
        write_plain(plain[: 3 if chunks <= MOST_OF_OTHERS else 1], rows)
        spec = {"folder": str(folder / "library"), "articles": str(rows), "questions": asked, "k": 10}
        found = bench.peer(way, "edit", spec, "one article more or less").found
        place = Place("one article more or less", chunks, "chunks")
        n = len(found["add"])
        beside = found["add beside the model cpu"]
        if beside:
            bench.keep(place, "add, beside its models, processor", beside, "CPU ms", way=way, n=n)
        bench.keep(place, "add, all of it, processor", found["add cpu"], "CPU ms", way=way, n=n)
        bench.keep(place, "add, all of it", found["add"], "ms", way=way, n=n)
        bench.keep(place, "add MB written", found["add MB written"], "MB", way=way, n=n)
