"""Measure how often search finds a passage that holds the answer, and what a question costs.

    python -m benchmarks.retrieval --library DIR [--questions FILE.jsonl] [--sweep] [--trials] [--json FILE]

The library is built from the articles that the questions were written about. A question counts as found at k
when one of the first k passages holds one of its answers as whole words, in any case. That is a proxy: a
passage may hold the words without answering, and one that answers in other words is missed. Questions whose
answers stand in no article are left out. `--trials` measures ways that are not part of the product
(`retrieval_trials.py`), each on the day of asking.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from benchmarks.retrieval_trials import TRIALS, Finder, as_shipped
from index.errors import DatelineError
from index.library import Library
from index.schema import Hit
from index.search import DEFAULT, Fusion, SearchSettings
from index.terms import holds

QUESTIONS = Path(__file__).resolve().parents[2] / "shared" / "data" / "realtimeqa" / "questions_open.jsonl"
DEPTHS = (1, 4, 10)
RESAMPLES = 10_000


@dataclass(frozen=True, slots=True)
class Case:
    """A question, the strings that answer it and the day it was asked."""

    question: str
    answers: tuple[str, ...]
    asked_on: date | None


@dataclass(frozen=True, slots=True)
class Share:
    """A share of questions with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Report:
    """One setting measured: hit rates by number of passages, and milliseconds a question.

    `articles` is how many articles the first eight passages come from, on average, and `alone` the share of
    questions of which the first four come from one.
    """

    name: str
    questions: int
    hit: dict[int, Share]
    wall_p50: float
    wall_p95: float
    cpu_mean: float
    passage_chars: float
    articles: float
    alone: float


def read_cases(path: Path) -> list[Case]:
    """Return the questions whose answer stands in some article."""
    rows: list[dict[str, Any]] = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
    return [
        Case(
            row["question"],
            tuple(row["answers"]),
            date.fromisoformat(row["asked_on"]) if row.get("asked_on") else None,
        )
        for row in rows
        if row["articles_with_answer_string"]
    ]


def first_hit(hits: Sequence[Hit], answers: Sequence[str]) -> int | None:
    """Return the rank of the first passage that holds an answer."""
    return next((hit.rank for hit in hits if any(holds(hit.text, answer) for answer in answers)), None)


def share(found: Sequence[bool]) -> Share:
    """Return the share of True with the 2.5 % and 97.5 % quantiles of its bootstrap distribution."""
    values = np.array(found, dtype=float)
    draws = np.random.default_rng(0).integers(0, len(values), (RESAMPLES, len(values)))
    low, high = np.percentile(values[draws].mean(axis=1), [2.5, 97.5])
    return Share(float(values.mean()), float(low), float(high))


def measure(
    name: str,
    library: Library,
    cases: Sequence[Case],
    settings: Callable[[Case], SearchSettings],
    find: Finder = as_shipped,
) -> Report:
    """Ask all questions once and return what was found and what it cost. The first is asked twice."""
    find(library, cases[0].question, max(DEPTHS), settings(cases[0]))
    ranks: list[int | None] = []
    wall: list[float] = []
    lengths: list[int] = []
    sources: list[list[str]] = []
    cpu_before = time.process_time()
    for case in cases:
        started = time.perf_counter()
        hits = find(library, case.question, max(DEPTHS), settings(case))
        wall.append(1000 * (time.perf_counter() - started))
        ranks.append(first_hit(hits, case.answers))
        lengths += [len(hit.text) for hit in hits]
        sources.append([hit.article.id for hit in hits])
    cpu = 1000 * (time.process_time() - cpu_before) / len(cases)
    return Report(
        name=name,
        questions=len(cases),
        hit={depth: share([rank is not None and rank <= depth for rank in ranks]) for depth in DEPTHS},
        wall_p50=float(np.percentile(wall, 50)),
        wall_p95=float(np.percentile(wall, 95)),
        cpu_mean=cpu,
        passage_chars=statistics.fmean(lengths or [0]),
        articles=statistics.fmean(len(set(found[:8])) for found in sources),
        alone=statistics.fmean(len(set(found[:4])) == 1 for found in sources),
    )


def variants() -> dict[str, Callable[[Case], SearchSettings]]:
    """Return the settings that `--sweep` compares with the default, by name."""
    fixed = {f"words {words}": replace(DEFAULT, words=words) for words in (0.0, 0.3, 0.4, 0.6, 0.7, 1.0)}
    fixed |= {
        f"reciprocal rank, words {words}": replace(DEFAULT, fusion=Fusion.RECIPROCAL_RANK, words=words)
        for words in (0.4, 0.5, 0.6)
    }
    fixed |= {f"depth {depth}": replace(DEFAULT, depth=depth) for depth in (50, 200)}
    fixed |= {
        "nothing promised": replace(DEFAULT, promised=0.0),
        "neighbours apart": replace(DEFAULT, passage_chars=1),
        "no phrases": replace(DEFAULT, phrases=0.0),
        "each chunk by itself": replace(DEFAULT, article=0.0),
    }
    chosen: dict[str, Callable[[Case], SearchSettings]] = {
        name: lambda _, settings=settings: settings  # type: ignore[misc]
        for name, settings in fixed.items()
    }
    chosen["as of the day of asking"] = _on_its_day
    chosen["the same, recency 0.2"] = lambda case: replace(DEFAULT, as_of=case.asked_on, recency=0.2)
    return chosen


def line(report: Report) -> str:
    """Return the report as one row of the printed table."""
    hits = "  ".join(
        f"{report.hit[depth].value:.3f} [{report.hit[depth].low:.2f}, {report.hit[depth].high:.2f}]"
        for depth in DEPTHS
    )
    cost = f"{report.wall_p50:6.1f} {report.wall_p95:6.1f} {report.cpu_mean:6.1f}"
    diversity = f"{report.articles:.2f}  {report.alone:.3f}"
    return f"{report.name:28} {hits}  {cost}  {report.passage_chars:5.0f}  {diversity}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retrieval", description=__doc__)
    parser.add_argument("--library", type=Path, required=True, help="library built from the articles")
    parser.add_argument("--questions", type=Path, default=QUESTIONS, help="questions with answers, JSONL")
    parser.add_argument("--sweep", action="store_true", help="measure other settings too")
    parser.add_argument("--trials", action="store_true", help="measure ways that were left out too")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args(arguments)
    if not options.questions.is_file():
        print(f"There is no file of questions {options.questions}.", file=sys.stderr)
        return 2
    cases = read_cases(options.questions)
    try:
        with Library.open(options.library) as library:
            others = _finders(options.sweep, options.trials)
            reports = _run(library, cases, others)
    except DatelineError as error:
        print(error, file=sys.stderr)
        return 2
    if options.json:
        options.json.write_text(json.dumps([asdict(report) for report in reports], indent=2) + "\n", "utf-8")
    return 0


Way: TypeAlias = tuple[Callable[[Case], SearchSettings], Finder]
"""How passages are found: the settings for each question, and what is done with them."""


def _finders(sweep: bool, trials: bool) -> dict[str, Way]:
    """Return what is measured beside the default, by name."""
    found: dict[str, Way] = {name: (settings, as_shipped) for name, settings in variants().items()}
    found = found if sweep else {}
    if trials:
        found["as of the day of asking"] = (_on_its_day, as_shipped)
        found |= {name: (_on_its_day, find) for name, find in TRIALS.items()}
    return found


def _on_its_day(case: Case) -> SearchSettings:
    return replace(DEFAULT, as_of=case.asked_on)


def _run(
    library: Library,
    cases: Sequence[Case],
    others: dict[str, Way],
) -> list[Report]:
    stats = library.store.stats()
    print(
        f"{stats.articles} articles, {stats.chunks} chunks, model {stats.model}; n = {len(cases)} questions"
    )
    hits = "  ".join(f"{f'hit@{depth} [95 %]':18}" for depth in DEPTHS)
    print(f"{'settings':28} {hits}    p50    p95    CPU  chars  articles  alone")
    print("(ms a question; characters a passage; articles of the first eight; first four of one article)")
    reports: list[Report] = []
    for name, (settings, find) in {"default": (lambda _: DEFAULT, as_shipped), **others}.items():
        reports.append(measure(name, library, cases, settings, find))
        print(line(reports[-1]), flush=True)
    return reports


if __name__ == "__main__":
    sys.exit(main())
