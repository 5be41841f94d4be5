"""Measure Dateline beside a hand-written loop and whatever other package is installed.

    python -m benchmarks.speed [--rows ingest search ...] [--sizes 10k 100k 1m] [--out DIR]

Every figure is taken in whole processes that run in turn. A run writes `speed.json`, `speed.md` and a plot a
row into --out, after each row; rows that are measured again replace those that stand there.
"""

import argparse
import json
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean

from benchmarks.speed.arithmetic import growths
from benchmarks.speed.articles import Corpus
from benchmarks.speed.bench import Bench
from benchmarks.speed.machine import describe
from benchmarks.speed.parts import UnknownPartError
from benchmarks.speed.peers.driver import WAYS
from benchmarks.speed.plot import draw
from benchmarks.speed.process import FailedRunError
from benchmarks.speed.records import Note, Report
from benchmarks.speed.report import from_json, merged, to_json, to_markdown
from benchmarks.speed.rows import asking, building, changing, serving
from index.errors import DatelineError

ROWS: dict[str, Callable[[Bench], None]] = {
    "embedding": building.embedding,
    "ingest": building.ingest,
    "cores": building.cores,
    "rerun": building.rerun,
    "first": asking.first_question,
    "search": asking.retrieval,
    "answers": asking.answers,
    "statements": asking.statements,
    "edit": changing.edit,
    "recall": changing.recall,
    "caches": changing.caches,
    "page": serving.page,
    "users": serving.users,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the rows that are asked for; return 1 where one failed."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING)
    counts = tuple(sorted(options.counts))
    bench = Bench(
        corpus=Corpus.of(options.articles),
        counts=counts,
        sizes=tuple(sorted(map(read_size, options.sizes))),
        repeats=options.repeats,
        asked=options.questions,
        cache=options.cache.absolute(),
        base=options.base and options.base.absolute(),
        peers=options.peers,
        question_file=options.question_file,
        beside=None if options.ways is None else tuple(options.ways),
    )
    bench.notes.append(Note("", f"articles: {bench.corpus.said}"))
    bench.notes.append(
        Note("", "libraries of more chunks than there are articles for: see benchmarks/speed/synthetic.py")
    )
    failed = False
    for row in options.rows:
        sys.stderr.write(f"{row} ...\n")
        try:
            ROWS[row](bench)
        except (FailedRunError, UnknownPartError, DatelineError) as error:
            failed = True
            bench.notes.append(Note("", f"the row {row} failed: {error}"))
            sys.stderr.write(f"{row} failed: {error}\n")
        written = write(bench, options.out)
    print(written)
    return int(failed)


def write(bench: Bench, folder: Path) -> str:
    """Write what has been found so far beside what stood there; return the Markdown."""
    folder.mkdir(parents=True, exist_ok=True)
    loads = {row: round(mean(found), 2) for row, found in bench.loads.items() if row}
    report = Report(describe(), tuple(bench.figures), tuple(dict.fromkeys(bench.notes)), loads)
    target = folder / "speed.json"
    if target.is_file():
        report = merged(from_json(json.loads(target.read_text(encoding="utf-8"))), report)
    plots = {}
    found = growths(report.figures)
    for row in dict.fromkeys(one.row for one in found):
        name = f"{row.replace(',', '').replace(' ', '-')}.svg"
        (folder / name).write_text(draw(row, [one for one in found if one.row == row]), encoding="utf-8")
        plots[row] = name
    text = to_markdown(report, plots)
    target.write_text(json.dumps(to_json(report), indent=1) + "\n", encoding="utf-8")
    (folder / "speed.md").write_text(text, encoding="utf-8")
    return text


def read_size(text: str) -> int:
    """Return a number of chunks as people write it: "10k" -> 10,000, "1m" -> 1,000,000."""
    scale = {"k": 1_000, "m": 1_000_000}.get(text[-1:].lower(), 1)
    return int(float(text[:-1] if scale > 1 else text) * scale)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed",
        description="Measure Dateline beside a hand-written loop and other packages.",
    )
    add = parser.add_argument
    add("--rows", nargs="+", choices=ROWS, default=list(ROWS), metavar="ROW", help=f"of {', '.join(ROWS)}")
    add("--sizes", nargs="+", default=["1k", "10k", "100k"], help="chunks of large libraries: 10k 100k 1m")
    add("--articles", type=Path, help="a folder or a file of rows; real articles beside the checkout if not")
    add("--counts", nargs="+", type=int, default=[20, 40, 80], help="how many articles are ingested")
    add("--questions", type=int, default=60, help="how many questions each process answers (60)")
    add("--question-file", type=Path, metavar="FILE.jsonl", help='questions to ask, a row each, "question"')
    add("--repeats", type=int, default=3, help="how often each process is run (3)")
    add("--base", type=Path, help="a library of real articles, which large ones are drawn from")
    add("--cache", type=Path, default=Path("speed-cache"), help="folder of large libraries (speed-cache)")
    add("--peers", default=sys.executable, metavar="PYTHON", help="the Python that has the other packages")
    add(
        "--ways",
        nargs="*",
        choices=WAYS,
        metavar="WAY",
        help=f"beside Dateline: {', '.join(WAYS)}; all if not",
    )
    add("--out", type=Path, default=Path("speed-report"), help="folder of the report (speed-report)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
