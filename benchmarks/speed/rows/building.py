"""Rows about making a library: embedding, ingest and its parts, two cores, a run that finds nothing new."""

import json
import re
import shutil
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.speed import parts
from benchmarks.speed.articles import chunks_of
from benchmarks.speed.bench import BY_HAND, Bench, Place
from benchmarks.speed.machine import describe
from benchmarks.speed.process import python
from benchmarks.speed.records import Aim, Run
from index.library import Library

WITH_BF16, WITHOUT = 2.2, 1.2
EVERYTHING_ELSE = 15.0
CHUNKS_A_ARTICLE = 4
"""How many chunks of each article are embedded for the row about embedding."""
RERUN_SIZES = (500, 1000, 2000)
"""Articles, beside as many as the other ways are given."""
RERUN_AIM = 2000


def embedding(bench: Bench) -> None:
    """Measure the default model against the same weights in sentence-transformers."""
    fast = {"avx512_bf16", "amx_bf16", "avx512_vnni", "avx_vnni"} & set(describe()["flags"])
    aim = Aim(WITH_BF16 if fast else WITHOUT, at_least=True, of_hand=True)
    for count in bench.counts:
        folder = bench.scratch("embedding")
        chunks = chunks_of(bench.plain(count), CHUNKS_A_ARTICLE * count)
        (folder / "chunks.json").write_text(json.dumps(chunks), encoding="utf-8")
        spec = {"chunks": str(folder / "chunks.json")}
        place = Place("embedding", len(chunks), "chunks")
        ours: list[Run] = []
        plain: list[Run] = []
        for _ in range(bench.repeats):
            ours.append(bench.ours("embedding", "embed", spec | {"vectors": str(folder / "ours.npy")}))
            plain.append(
                bench.peer(BY_HAND, "embed", spec | {"vectors": str(folder / "plain.npy")}, "embedding")
            )
        for way, runs in (("dateline", ours), (BY_HAND, plain)):
            spent = [one.found["embed"] for one in runs]
            rates = [len(chunks) / one for one in spent]
            bench.keep(place, "chunks per CPU second", rates, "chunks/CPU s", aim, way=way, n=len(chunks))
            bench.keep(place, "all chunks", spent, "CPU s", way=way, n=len(chunks))
            bench.keep(
                place,
                "ready: imports, model, one text",
                [one.found["ready"] for one in runs],
                "CPU s ",
                way=way,
            )
            bench.keep(place, "peak memory", [one.peak_mb for one in runs], "MB ", way=way)
        cosines = np.sum(np.load(folder / "ours.npy") * np.load(folder / "plain.npy"), axis=1)
        least = [float(cosines.min())]
        bench.keep(place, "least cosine of the two", least, "", Aim(0.999, at_least=True), n=len(chunks))


def ingest(bench: Bench) -> None:
    """Measure the whole making of a library, its parts apart, and the same articles with every other way."""
    parts.check(parts.INGEST)
    for count in bench.counts:
        given, rows = bench.articles(count)
        place = Place("ingest", count, "articles")
        _ingest_ours(bench, place, given)
        spec = {"articles": str(rows)}

        def measure(way: str, spec: dict[str, str] = spec, place: Place = place) -> None:
            if way != BY_HAND and place.size != bench.counts[-1]:
                return
            folder = bench.cache / "built" / way / str(place.size)
            shutil.rmtree(folder, ignore_errors=True)
            done = bench.peer(way, "ingest", {**spec, "folder": str(folder)}, "ingest")
            chunks = done.found["chunks"]
            bench.keep(place, "whole process", [done.cpu], "CPU s", way=way, n=chunks)
            bench.keep(place, "chunks per CPU second", [chunks / done.cpu], "chunks/CPU s", way=way, n=chunks)
            bench.keep(place, "peak memory", [done.peak_mb], "MB", way=way)

        bench.each_way("ingest", measure)


def _ingest_ours(bench: Bench, place: Place, given: Path) -> None:
    library = bench.scratch("ingest")
    told = bench.scratch("parts")
    done = bench.command(
        "ingest",
        python("index", "add", str(given), "--library", str(library), "--jobs", "1"),
        settings=parts.settings(parts.INGEST, told),
        allowed=(0, 3),
    )
    with Library.open(library) as opened:
        chunks = opened.store.stats().chunks
    spent = parts.totals(told)
    # The word index is written within the same statements as the rest; made once more, it is seen apart.
    words = bench.ours("ingest", "words", {"library": str(library)}).found["words"]
    spent["words"] = words
    spent["storing"] = max(0.0, spent.get("storing", 0.0) - words)
    spent["starting, planning and the rest"] = max(0.0, done.cpu - sum(spent.values()))
    bench.keep(place, "whole process", [done.cpu], "CPU s", n=chunks)
    bench.keep(place, "chunks per CPU second", [chunks / done.cpu], "chunks/CPU s", n=chunks)
    bench.keep(place, "peak memory", [done.peak_mb], "MB")
    for part, seconds in sorted(spent.items(), key=lambda pair: -pair[1]):
        bench.keep(place, f"of it {part}", [seconds], "CPU s", n=chunks)
    beside = sum(seconds for part, seconds in spent.items() if part in ASIDE)
    if spent.get("vectors"):
        share = [100 * beside / spent["vectors"]]
        bench.keep(place, "all but models, of the embedding time", share, "%", Aim(EVERYTHING_ELSE), n=chunks)
        bench.keep(
            place, "statements, of the embedding time", [100 * spent["statements"] / spent["vectors"]], "%",
            n=chunks,
        )  # fmt: skip


ASIDE = frozenset(parts.INGEST) - {"vectors", "statements"} | {"words"}
"""The parts of an ingest that run no model."""


def cores(bench: Bench) -> None:
    """Measure ingest in two processes against one on one core: sooner, and for how much more work."""
    for count in bench.counts:
        given, _ = bench.articles(count)
        place = Place("two cores", count, "articles")
        done: dict[int, list[Run]] = {1: [], 2: []}
        for _ in range(bench.repeats):
            for many in done:
                library = bench.scratch("cores")
                command = python("index", "add", str(given), "--library", str(library), "--jobs", str(many))
                # One process embeds beside its other work: left free, it would use a second core too.
                core = 0 if many == 1 else None
                done[many].append(bench.command("two cores", command, core=core, allowed=(0, 3)))
        faster = [one.wall / two.wall for one, two in zip(done[1], done[2], strict=True)]
        dearer = [two.cpu / one.cpu for one, two in zip(done[1], done[2], strict=True)]
        bench.keep(place, "times as fast on the clock", faster, "×", Aim(1.8, at_least=True), n=count)
        bench.keep(place, "times the processor time", dearer, "×", n=count)
        for many, runs in done.items():
            bench.keep(place, f"on {many}: clock", [one.wall for one in runs], "s ", n=count)


def rerun(bench: Bench) -> None:
    """Measure `index add` over a folder in which nothing has changed."""
    for count in (bench.counts[-1], *RERUN_SIZES):
        place = Place("unchanged re-run", count, "articles")
        folder, library = _settled(bench, count)
        command = python("index", "add", str(folder), "--library", str(library))
        runs = bench.repeated(partial(bench.command, "unchanged re-run", command))
        unchanged = re.search(r"([\d,]+) unchanged", runs[0].said)
        assert unchanged, runs[0].said
        assert int(unchanged[1].replace(",", "")) == count, runs[0].said
        bench.keep(
            place, "whole process", [one.wall for one in runs], "s", Aim(1.0) if count == RERUN_AIM else None,
            n=count,
        )  # fmt: skip
        bench.keep(place, "whole process, processor", [one.cpu for one in runs], "CPU s", n=count)
        bench.keep(place, "peak memory", [one.peak_mb for one in runs], "MB", n=count)
    _rerun_of_others(bench)


def _rerun_of_others(bench: Bench) -> None:
    count = bench.counts[-1]
    place = Place("unchanged re-run", count, "articles")
    _, rows = bench.articles(count)

    def measure(way: str) -> None:
        folder = bench.cache / "built" / way / str(count)
        if not folder.is_dir():
            bench.peer(way, "ingest", {"articles": str(rows), "folder": str(folder)})
        done = bench.peer(way, "rerun", {"articles": str(rows), "folder": str(folder)}, "unchanged re-run")
        bench.keep(place, "whole process", [done.wall], "s", way=way, n=count)
        bench.keep(place, "whole process, processor", [done.cpu], "CPU s", way=way, n=count)

    bench.each_way("unchanged re-run", measure)


def _settled(bench: Bench, count: int) -> tuple[Path, Path]:
    """Return a folder of synthetic articles and a library in which all of them are known and unchanged."""
    home = bench.cache / "settled" / str(count)
    folder, library = home / "articles", home / "library"
    if not (home / "complete").is_file():
        shutil.rmtree(home, ignore_errors=True)
        folder.mkdir(parents=True)
        spec = {"base": str(bench.real_library()), "articles": str(folder), "library": str(library)}
        bench.ours("", "settle", {**spec, "count": count})
        (home / "complete").touch()
    return folder, library
