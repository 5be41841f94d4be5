"""Put runs of `python -m eval run` side by side: `python -m benchmarks.quality RUN...`.

Prints a Markdown table, a row a run: the scores with their 95 % intervals, as in benchmarks/quality.md, which
has the command for each row.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from eval.run_folder import RunFolder
from index.errors import DatelineError, InputError

COLUMNS = {
    "correct": "correct",
    "answered.right": "right of those answered",
    "answer.f1": "short answer F1",
    "answer.stated": "answer in the words shown",
    "abstain.recall": "refused of the unanswerable",
    "article.hit@10": "article in the first 10",
    "citation.verbatim": "citations verbatim",
    "cost.cpu_ms": "CPU ms a question",
}
"""Metric and the head of its column."""


def row_of(folder: Path) -> str:
    """Return a run's row of the table.

    Raises:
        InputError: There is no finished run in the folder.
    """
    about = RunFolder(folder).about()
    try:
        summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            f"{folder} has no readable summary.json.", f"Write it with: python -m eval report {folder}"
        ) from error
    articles = (about.get("library") or {}).get("articles", "")
    cells = [folder.name, str(summary["questions"]), f"{articles:,}" if articles else ""]
    return f"| {' | '.join([*cells, *(_cell(summary['metrics'].get(name), name) for name in COLUMNS)])} |"


def _cell(metric: dict[str, float] | None, name: str) -> str:
    if metric is None:
        return "-"
    if name.startswith("cost."):
        return f"{metric['mean']:.0f}"
    if metric["low"] == metric["high"]:
        return f"{metric['mean']:.3f} (n={metric['n']})"
    return f"{metric['mean']:.3f} [{metric['low']:.2f}, {metric['high']:.2f}] (n={metric['n']})"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.add_argument("runs", nargs="+", type=Path, metavar="RUN", help="folders of runs")
    options = parser.parse_args(arguments)
    heads = ["run", "questions", "articles", *COLUMNS.values()]
    print(f"| {' | '.join(heads)} |")
    print("|" + "---|" * len(heads))
    try:
        for folder in options.runs:
            print(row_of(folder))
    except DatelineError as error:
        print(f"{error.message}\n{error.remedy}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
