"""Ask the praise questions end to end: `python -m benchmarks.praise_questions [--data ../shared/data]`.

    python -m benchmarks.praise_questions [--library DIR] [--ledger read|gold] [--failures] [--only TYPE]

Builds a library of the 160 articles (kept in DIR when one is given, and used again when it is there) and asks
all questions through `Engine.ask`, as a reader would. With `--ledger gold` the library holds the recorded
statements in place of those that the extraction reads, so that the questions are measured apart from it.
Prints the figures by type as JSON:

- superlative: the first-ranked names are right; of several names that are equal at least half must be.
- list: mean F1 of the names.
- yes_no: the answer begins with the right word.
- factoid: a right answer stands in a cited span or is the short answer (`first`: in the first span).
- unanswerable: answered with "the articles don't say"; `other`: answerable questions so answered.

Shares have Wilson 95 % intervals, the mean F1 a bootstrap one.
"""

import argparse
import json
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.statements import read_rows
from index.ingest import add
from index.library import Library
from index.schema import Analysis, MentionKind, Sentence, Stance, Statement, Voice
from index.statements.extract import analyse
from index.statements.names import AUTHOR, same_name
from index.stores.local import LocalStore
from index.stores.lock import WriteLock
from qa.engine import Engine
from qa.schema import Answer, Question

Row = dict[str, Any]

RESAMPLES = 5_000
_KINDS = {
    "person": MentionKind.PERSON,
    "organisation": MentionKind.ORGANISATION,
    "government": MentionKind.PLACE,
    "work": MentionKind.WORK,
}


@dataclass(frozen=True, slots=True)
class Result:
    """A question, its answer and its score from 0 to 1; `first` is the stricter score of a factoid."""

    row: Row
    answer: Answer
    score: float
    first: float


def plain(text: str) -> str:
    """Return the words of a text, lower-cased, without marks and articles."""
    words = re.findall(r"[\w%$€£]+", text.lower().replace("’", "").replace("'", ""))
    return " ".join(word for word in words if word not in ("a", "an", "the"))


def score(row: Row, answer: Answer) -> tuple[float, float]:
    """Return the score of an answer and, for factoids, that of its first cited span alone."""
    value = _SCORES[row["type"]](row, answer)
    return value, _factoid(row, answer, 1) if row["type"] == "factoid" else value


def _names_of(answer: Answer) -> list[str]:
    return list(answer.short_answers) or ([answer.short_answer] if answer.short_answer else [])


def _right(names: Sequence[str], gold: Sequence[str]) -> int:
    return sum(any(same_name(name, wanted) for wanted in gold) for name in names)


def _superlative(row: Row, answer: Answer) -> float:
    names = _names_of(answer)
    return float(bool(names) and 2 * _right(names, row["answers"]) >= len(names))


def _list(row: Row, answer: Answer) -> float:
    names, gold = _names_of(answer), row["answers"]
    return 2 * min(_right(names, gold), len(gold)) / (len(names) + len(gold))


def _yes_no(row: Row, answer: Answer) -> float:
    return float(plain(answer.short_answer or "").startswith(row["answers"][0]))


def _factoid(row: Row, answer: Answer, spans: int = 99) -> float:
    given = [answer.short_answer or "", *(sentence.text for sentence in answer.sentences[:spans])]
    return float(any(plain(gold) in plain(text) for gold in row["answers"] for text in given))


def _unanswerable(row: Row, answer: Answer) -> float:  # noqa: ARG001
    return float(answer.abstained)


_SCORES: dict[str, Callable[[Row, Answer], float]] = {
    "superlative": _superlative,
    "list": _list,
    "yes_no": _yes_no,
    "factoid": _factoid,
    "unanswerable": _unanswerable,
}


def interval(scores: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % interval of the mean: Wilson's for shares, a bootstrap's for other scores."""
    n, mean = len(scores), statistics.fmean(scores)
    if all(one in (0.0, 1.0) for one in scores):
        z = 1.96
        centre, spread = mean + z * z / (2 * n), z * (mean * (1 - mean) / n + z * z / (4 * n * n)) ** 0.5
        return (centre - spread) / (1 + z * z / n), (centre + spread) / (1 + z * z / n)
    drawn = np.random.default_rng(7).choice(np.asarray(scores), size=(RESAMPLES, n)).mean(axis=1)
    return float(np.quantile(drawn, 0.025)), float(np.quantile(drawn, 0.975))


def gold_analysis(records: Sequence[list[Row]], text: str, sentences: Sequence[Sentence]) -> Analysis:
    """Return what the pipeline reads with the recorded statements of the article in place of its own.

    Which article a text is, is told by the quotes that it holds; `records` are those of each article.
    """
    read = analyse(text, sentences)
    made = []
    held = [sum(row["quote"] in text for row in rows) / len(rows) for rows in records]
    best = max(range(len(records)), key=held.__getitem__)
    for row in records[best] if held[best] > 0.5 else []:
        start = text.find(row["quote"], max(row["start"] - 400, 0))
        start = start if start >= 0 else text.find(row["quote"])
        if start >= 0:
            made.append(_gold_statement(row, start, sentences))
    return replace(read, statements=tuple(sorted(made, key=lambda one: (one.start, one.end))))


def _gold_statement(row: Row, start: int, sentences: Sequence[Sentence]) -> Statement:
    end = start + len(row["quote"])
    touching = [one for one in sentences if one.start < end and start < one.end]
    speaker = {"author": AUTHOR}.get(row["speaker_kind"], row["speaker"].removeprefix("unnamed: "))
    direct = Voice.DIRECT if row["direct"] else Voice.REPORTED
    return Statement(
        start=min([start, *(one.start for one in touching)]),
        end=max([end, *(one.end for one in touching)]),
        speaker=speaker.lower() if row["speaker_kind"] == "unnamed" else speaker,
        target=row["target"],
        stance=Stance(row["stance"]),
        strength=row["strength"],
        voice=Voice.PARTLY_QUOTED if row.get("partly_quoted") else direct,
        cue="",
        speaker_kind=_KINDS.get(row["speaker_kind"]),
        target_kind=_KINDS.get(row["target_kind"]),
    )


def build(path: Path, data: Path, ledger: str) -> None:
    """Build the library of the 160 articles.

    Raises:
        SystemExit: An article could not be read.
    """
    by_article: dict[str, list[Row]] = {}
    for row in read_rows(data / "ledger.jsonl"):
        by_article.setdefault(row["article"], []).append(row)
    reader = partial(gold_analysis, list(by_article.values())) if ledger == "gold" else None
    Library.create(path).close()
    store, lock = LocalStore.open(path, write=True), WriteLock(path)
    with Library(path, store, lock=lock, analyse=reader) as library:
        report = add(library, [data / "articles.jsonl.gz"])
    if report.failures:
        raise SystemExit(f"not read: {report.failures[0].file}: {report.failures[0].reason}")


def ask_all(engine: Engine, rows: Sequence[Row]) -> list[Result]:
    """Ask every question and score its answer."""
    results = []
    for row in rows:
        answer = engine.ask(Question(row["question"], id=row["id"]))
        results.append(Result(row, answer, *score(row, answer)))
    return results


def summary(results: Sequence[Result]) -> Row:
    """Return the figures by type."""
    report: Row = {}
    for kind in _SCORES:
        scored = [one for one in results if one.row["type"] == kind]
        if not scored:
            continue
        scores = [one.score for one in scored]
        low, high = interval(scores)
        report[kind] = {
            "n": len(scored),
            "sum": round(sum(scores), 2),
            "mean": round(statistics.fmean(scores), 3),
            "interval": [round(low, 3), round(high, 3)],
        }
        if kind == "factoid":
            report[kind]["first"] = sum(one.first for one in scored)
    answerable = [one for one in results if one.row["type"] != "unanswerable"]
    report["other"] = {"n": len(answerable), "abstained": sum(one.answer.abstained for one in answerable)}
    wall = sorted(one.answer.timings.total for one in results)
    report["ms"] = {"p50": wall[len(wall) // 2], "p95": wall[int(len(wall) * 0.95)]}
    return report


def describe(result: Result) -> str:
    """Return a failure in a few lines: what was asked, wanted, read and answered."""
    row, answer = result.row, result.answer
    plan = answer.plan
    read = (
        f"{plan.kind}/{plan.wanted} speaker={plan.speaker} target={plan.target} "
        f"stance={plan.stance} terms={' '.join(plan.terms)} {'; '.join(plan.notes)}"
    )
    given = "ABSTAINED: " + answer.reason if answer.abstained else f"{_names_of(answer)} {answer.reason}"
    quotes = "".join(f"\n      “{' '.join(one.text.split())[:200]}”" for one in answer.sentences[:3])
    return (
        f"{row['id']} {result.score:.2f} {row['question']}\n"
        f"   wanted {row['answers']}\n   read   {read}\n   given  {given}{quotes}"
    )


def main() -> None:
    """Build or open the library, ask, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--library", type=Path, help="folder of the library; built when it is not there")
    parser.add_argument("--ledger", choices=("read", "gold"), default="read")
    parser.add_argument("--only", metavar="TYPE", help="ask only the questions of this type")
    parser.add_argument("--failures", action="store_true", help="also list what was answered wrongly")
    options = parser.parse_args()
    rows = read_rows(options.data / "praise" / "questions.jsonl")
    asked = [row for row in rows if options.only in (None, row["type"])]
    with tempfile.TemporaryDirectory() as folder:
        path = options.library or Path(folder) / "library"
        started = time.perf_counter()
        if not path.exists():
            build(path, options.data / "praise", options.ledger)
            sys.stderr.write(f"built in {time.perf_counter() - started:.0f} s\n")
        with Engine.open(path) as engine:
            results = ask_all(engine, asked)
    print(json.dumps(summary(results), indent=1))
    if options.failures:
        print("\n".join(describe(one) for one in results if one.score < 1))


if __name__ == "__main__":
    main()
