"""Ask questions at the command line: python -m qa "Who praised the mayor most?"."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from index.errors import DatelineError, InputError
from index.schema import Filter
from qa.answer_json import to_json
from qa.schema import Answer, Question
from qa.text import render

EXIT_FAILED = 2
EXIT_SOME_FAILED = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code (0 done, 2 could not run, 3 some questions failed)."""
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except DatelineError as error:
        print(f"{error.message}\n{error.remedy}".rstrip(), file=sys.stderr)
        return EXIT_FAILED
    except BrokenPipeError:
        # The reader of our output went away (`| head`): not an error, and nothing more to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m qa",
        description="Answer questions from the articles of a library, quoting them.",
    )
    parser.add_argument("question", nargs="?", help="the question to answer")
    parser.add_argument(
        "--library",
        type=Path,
        default=Path(os.environ.get("DATELINE_LIBRARY", "library")),
        help="library folder (default: $DATELINE_LIBRARY, else ./library)",
    )
    parser.add_argument(
        "--questions", type=Path, metavar="FILE.jsonl", help="answer a file of questions, one Answer a line"
    )
    parser.add_argument("--json", action="store_true", help="print the whole Answer as JSON")
    parser.add_argument(
        "--asked-on", metavar="DATE", help='the day of asking, which "this week" is read against (ISO date)'
    )
    parser.add_argument(
        "--outlet", action="append", default=[], help="only articles of this outlet (may be repeated)"
    )
    parser.add_argument(
        "--author", action="append", default=[], help="only articles by this author (may be repeated)"
    )
    parser.add_argument(
        "--from", dest="first", metavar="DATE", help="only articles published on or after this day"
    )
    parser.add_argument(
        "--to", dest="last", metavar="DATE", help="only articles published on or before this day"
    )
    return parser


def _run(options: argparse.Namespace) -> int:
    if bool(options.question) == bool(options.questions):
        raise InputError(
            "Give one question, or --questions FILE.jsonl.", 'Try: python -m qa "Who praised the mayor most?"'
        )
    from qa.engine import Engine, read_day

    limits = Filter(
        outlets=tuple(options.outlet),
        authors=tuple(options.author),
        published_from=_day(options.first),
        published_to=_day(options.last),
    )
    rows: list[Question | str] = (
        list(read_questions(options.questions, limits))
        if options.questions
        else [Question(options.question, asked_on=read_day(options.asked_on), filter=limits)]
    )
    with Engine.open(options.library) as engine:
        if options.questions:
            return answer_all(engine.ask, rows, sys.stdout)
        question = rows[0]
        assert isinstance(question, Question)
        answer = engine.ask(question)
    print(json.dumps(to_json(answer), ensure_ascii=False, indent=2) if options.json else render(answer))
    return 0


def _day(text: str | None) -> str | None:
    from qa.engine import read_day

    day = read_day(text)
    return day.isoformat() if day else None


def read_questions(path: Path, limits: Filter) -> Iterator[Question | str]:
    """Yield the questions of a JSONL file; a row that is none yields its error with the line number."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"Cannot read {path}: {error}.", "Give a UTF-8 file with one JSON object a line."
        ) from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield _read_row(line, number, limits)
            except InputError as error:
                yield f"{path.name} line {number}: {error}"


def _read_row(line: str, number: int, limits: Filter) -> Question:
    from qa.engine import read_day

    try:
        row = json.loads(line)
    except ValueError as error:
        raise InputError(f"is not JSON: {error}.") from error
    if not isinstance(row, dict) or not isinstance(row.get("question"), str):
        raise InputError('is no object with a "question".', 'Write {"id": "q1", "question": "Who ...?"}.')
    asked_on = row.get("asked_on")
    if asked_on is not None and not isinstance(asked_on, str):
        raise InputError(f'"asked_on" is {asked_on!r}.', 'Write it as "2025-11-22".')
    return Question(
        text=row["question"], id=str(row.get("id", number)), asked_on=read_day(asked_on), filter=limits
    )


def answer_all(ask: Callable[[Question], Answer], rows: Iterable[Question | str], output: TextIO) -> int:
    """Write a JSON line for each row, with an error for a row that fails; return the exit code."""
    failed = False
    for row in rows:
        if isinstance(row, str):
            record: dict[str, object] = {"error": row}
        else:
            try:
                record = to_json(ask(row))
            except DatelineError as error:
                record = {"id": row.id, "question": row.text, "error": str(error)}
            except Exception as error:  # noqa: BLE001 - one question must not cost the answers to the others
                record = {"id": row.id, "question": row.text, "error": f"{type(error).__name__}: {error}"}
        failed = failed or "error" in record
        output.write(json.dumps(record, ensure_ascii=False) + "\n")
        output.flush()
    return EXIT_SOME_FAILED if failed else 0


if __name__ == "__main__":
    sys.exit(main())
