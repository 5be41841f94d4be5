"""Hold the answers to their pinned scores: `python -m benchmarks.gates [--update [--allow-lower]]`.

Each gate builds a library from its articles, asks its gold questions and judges the run against its baseline
(`python -m eval gate` does the last step alone). The sample articles are always at hand; real articles and
questions are read from a folder `shared/` beside the repository:

- samples: the sample articles and their gold questions.
- seeds: two real pages and their questions.
- realtimeqa: a fixed slice, 20 questions that articles answer and 20 that none does, over the articles that
  hold those answers and every 60th other one.

The floors lie two questions below what was reached when they were pinned: another processor rounds otherwise,
and may turn a question that stands on the edge.

Exit code 0 when every gate is passed, 1 otherwise.
"""

import argparse
import gzip
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.gate import judge, read_baseline, update
from eval.report import write_report
from eval.run import RunSettings, run
from eval.run_folder import RunFolder
from index.errors import DatelineError, InputError
from index.ingest import add
from index.library import Library

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
BASELINES = ROOT / "benchmarks" / "baselines"

_QUESTIONS = 20
"""Questions of each kind in the slice of RealTime QA."""
_EVERY = 60
"""Of the articles that hold no answer, each so manieth is in the slice."""


@dataclass(frozen=True, slots=True)
class Material:
    """What one gate asks: gold questions over articles (a file or a folder)."""

    gold: Path
    articles: Path


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate: its name, the folder it needs, and how its material is laid out in a scratch folder."""

    name: str
    needs: Path
    lay_out: Callable[[Path], Material]


def _samples(_: Path) -> Material:
    return Material(ROOT / "eval" / "gold" / "samples.jsonl", ROOT / "samples" / "articles")


def _seeds(_: Path) -> Material:
    return Material(SHARED / "gold" / "seeds_open.jsonl", SHARED / "articles")


def _realtimeqa(scratch: Path) -> Material:
    """Write the slice: which questions and articles are in it depends on the data set alone."""
    folder = SHARED / "data" / "realtimeqa"
    lines = (folder / "questions_open.jsonl").read_text(encoding="utf-8").splitlines()
    questions = sorted((json.loads(line) for line in lines if line), key=lambda row: str(row["id"]))
    holders = "articles_with_answer_string"
    chosen = [row for row in questions if row[holders]][:_QUESTIONS]
    wanted = {article for row in chosen for article in row[holders]}
    chosen += [row for row in questions if not row[holders]][:_QUESTIONS]
    with gzip.open(folder / "articles.jsonl.gz", "rt", encoding="utf-8") as rows:
        articles = [
            line
            for number, line in enumerate(rows)
            if number % _EVERY == 0 or json.loads(line)["id"] in wanted
        ]
    material = Material(scratch / "questions.jsonl", scratch / "articles.jsonl")
    material.gold.write_text("".join(f"{json.dumps(row)}\n" for row in chosen), encoding="utf-8")
    material.articles.write_text("".join(articles), encoding="utf-8")
    return material


GATES = (
    Gate("samples", ROOT / "samples", _samples),
    Gate("seeds", SHARED / "gold", _seeds),
    Gate("realtimeqa", SHARED / "data" / "realtimeqa", _realtimeqa),
)


def pass_gate(gate: Gate, scratch: Path, *, pin: bool = False, allow_lower: bool = False) -> bool:
    """Build, ask and judge; with `pin`, write the scores as the new floors.

    Args:
        gate: Which one.
        scratch: An empty folder for its library and its run.
        pin: Whether to write the baseline instead of judging against it.
        allow_lower: Whether pinned scores may fall.

    Raises:
        DatelineError: The articles or questions cannot be read, or a floor would fall.
    """
    started = time.monotonic()
    material = gate.lay_out(scratch)
    with Library.create(scratch / "library") as library:
        add(library, [material.articles])
    settings = RunSettings(material.gold, scratch / "run", library=scratch / "library")
    made = run(settings)
    about = RunFolder(settings.out).about()
    summary = write_report(settings.out, made.results, about)
    baseline = BASELINES / f"{gate.name}.json"
    print(f"{gate.name}: {len(made.results)} questions, {time.monotonic() - started:.0f} s")
    if pin:
        for name, floor in update(summary, about, baseline, allow_lower=allow_lower).floors.items():
            print(f"  {name} pinned at {floor:.3f}")
        return True
    verdicts = judge(summary, about, read_baseline(baseline))
    for verdict in verdicts:
        reached = "absent" if verdict.reached is None else f"{verdict.reached:.3f}"
        print(
            f"  {'ok   ' if verdict.passed else 'BELOW'} {verdict.name} {reached} (floor {verdict.floor:.3f})"
        )
    return all(verdict.passed for verdict in verdicts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the gates; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gates", description=__doc__)
    parser.add_argument("--only", choices=[gate.name for gate in GATES], help="this gate alone")
    parser.add_argument("--update", action="store_true", help="pin today's scores as the floors")
    parser.add_argument("--allow-lower", action="store_true", help="let --update lower a floor")
    options = parser.parse_args(arguments)
    passed = True
    for gate in GATES:
        if options.only not in (None, gate.name):
            continue
        try:
            if not gate.needs.is_dir():
                if os.environ.get("DATELINE_REQUIRE_ALL"):
                    raise InputError(f"The gate {gate.name} needs {gate.needs}.", "Put the data there.")
                print(f"{gate.name}: left out, there is no {gate.needs}")
                continue
            with tempfile.TemporaryDirectory(prefix="dateline-gate-") as scratch:
                passed &= pass_gate(gate, Path(scratch), pin=options.update, allow_lower=options.allow_lower)
        except DatelineError as error:
            print(f"{gate.name}: {error}", file=sys.stderr)
            passed = False
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
