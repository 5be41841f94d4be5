"""The row about changing a large library: adding and removing single articles while it is open."""

import shutil
from pathlib import Path

from benchmarks.speed.articles import Plain, write_plain
from benchmarks.speed.bench import BY_HAND, Bench, Place
from benchmarks.speed.records import Aim, Note
from benchmarks.speed.synthetic import size_name

ARTICLES = 6
"""Articles that are added and removed; the first warms everything up and is not counted."""
AIMS = {100_000: 100.0}
"""CPU milliseconds to add or remove an article, beside embedding it and finding its statements."""
COPIED_UP_TO = 200_000
"""Chunks up to which a copy of the library is changed. What is added to a larger one is removed again."""


def edit(bench: Bench) -> None:
    """Measure adding and removing single articles at every size."""
    plain = bench.plain(bench.counts[-1])[:ARTICLES]
    if len(plain) < 2:
        bench.notes.append(Note("one article more or less", "too few articles to add"))
        return
    for chunks in bench.sizes:
        folder = bench.scratch("edit")
        files = []
        for number, one in enumerate(plain):
            file = folder / f"added-{number}.md"
            # Another first line, so that none is a copy of an article that is there.
            file.write_text(f"# Bulletin {number}\n\nBulletin {number}. {one.text}\n", encoding="utf-8")
            files.append(str(file))
        library = _own_copy(bench.library(chunks), folder, chunks)
        asked = bench.questions()[:1]
        spec = {"library": str(library), "articles": files, "questions": asked}
        done = bench.ours("one article more or less", "edit", spec)
        _keep(bench, Place("one article more or less", chunks, "chunks"), dict(done.found))
        if chunks <= COPIED_UP_TO:
            _by_hand(bench, chunks, plain, asked)


def _keep(bench: Bench, place: Place, found: dict[str, list[float]]) -> None:
    bound = AIMS.get(place.size)
    aim = Aim(bound) if bound else None
    n = len(found["add"])
    bench.keep(place, "add, beside its models, processor", found["add beside models cpu"], "CPU ms", aim, n=n)
    bench.keep(place, "add, all of it", found["add"], "ms", n=n)
    bench.keep(place, "remove, processor", found["remove cpu"], "CPU ms", aim, n=n)
    bench.keep(place, "remove", found["remove"], "ms", n=n)
    for what in ("search before", "search after add", "search after remove"):
        bench.keep(place, f"{what}, processor", found[f"{what} cpu"], "CPU ms", n=n)
    for what in ("add MB written", "remove MB written"):
        bench.keep(place, what, found[what], "MB", n=n)


def _own_copy(library: Path, folder: Path, chunks: int) -> Path:
    if chunks > COPIED_UP_TO:
        return library
    return Path(shutil.copytree(library, folder / "library"))


def _by_hand(bench: Bench, chunks: int, plain: list[Plain], asked: list[str]) -> None:
    built = bench.cache / "by hand" / str(chunks) / "library"
    if BY_HAND not in bench.ways() or not built.is_dir():
        bench.notes.append(
            Note("one article more or less", f"by hand: run the row `search` at {size_name(chunks)} first")
        )
        return
    folder = bench.scratch("edit by hand")
    shutil.copytree(built, folder / "library")
    rows = folder / "rows.jsonl"
    write_plain(plain[:3], rows)
    spec = {"folder": str(folder / "library"), "articles": str(rows), "questions": asked, "k": 10}
    done = bench.peer(BY_HAND, "edit", spec, "one article more or less")
    place = Place("one article more or less", chunks, "chunks")
    n = len(done.found["add"])
    bench.keep(place, "add, all of it", done.found["add"], "ms", way=BY_HAND, n=n)
    bench.keep(place, "add MB written", done.found["add MB written"], "MB", way=BY_HAND, n=n)
