"""Ask questions at the command line: python -m qa "Who praised the mayor most?"."""

import argparse
import gc
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

from index.errors import DatelineError, InputError
from index.library_option import add_library_options, default_library, settle_library
from index.questions import BadRow, read_questions
from index.schema import Filter
from qa.answer_json import to_json
from qa.schema import Answer, Question, Written
from qa.text import render

if TYPE_CHECKING:
    from qa.writers import Writer

EXIT_FAILED = 2
EXIT_SOME_FAILED = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code (0 done, 2 could not run, 3 some questions failed)."""
    options = _parser().parse_args(arguments)
    try:
        code = _run(options)
        sys.stdout.flush()
        return code
    except DatelineError as error:
        print(f"{error.message}\n{error.remedy}".rstrip(), file=sys.stderr)
        return EXIT_FAILED
    except BrokenPipeError:
        # The reader of our output went away (`| head`): not an error, and nothing more to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:  # the library's own are DatelineErrors
        print(f"The answer cannot be written: {error}.", file=sys.stderr)
        return EXIT_FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m qa",
        description="Answer questions from the articles of a library, quoting them.",
    )
    parser.add_argument("question", nargs="?", help="the question to answer")
    add_library_options(parser, default_library())
    parser.add_argument(
        "--questions", type=Path, metavar="FILE.jsonl", help="answer a file of questions, one Answer a line"
    )
    parser.add_argument("--json", action="store_true", help="print the whole Answer as JSON")
    parser.add_argument(
        "--export",
        metavar="FORMAT",
        help="print the answer to take along: md, html, json, or its sources as ris or bibtex",
    )
    parser.add_argument(
        "--llm",
        action="store_true",
        help="have the language model that the environment names put the answer in its own words, checked",
    )
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

    settle_library(options)
    if options.export:
        _check_export(options)
    if options.llm and options.questions:
        raise InputError("--llm is for one question.", "Leave out --questions.")
    limits = Filter(
        outlets=tuple(options.outlet),
        authors=tuple(options.author),
        published_from=_day(options.first),
        published_to=_day(options.last),
    )
    rows: list[Question | BadRow] = (
        list(questions_in(options.questions, limits))
        if options.questions
        else [Question(options.question, asked_on=read_day(options.asked_on), filter=limits)]
    )
    with Engine.open(options.library) as engine:
        if options.questions:
            return answer_all(engine.ask, rows, sys.stdout)
        question = rows[0]
        assert isinstance(question, Question)
        writer = _writer() if options.llm else None
        answer = engine.ask(question)
        if writer:
            *_, written = engine.write(answer, writer)
            assert isinstance(written, Written)
            answer = replace(answer, written=written)
    _show(answer, options)
    return 0


def _writer() -> "Writer":
    from qa.writers import load_writer

    writer = load_writer(os.environ)
    if writer is None:
        raise InputError(
            "No language model is set up.",
            "Set DATELINE_LLM_BASE_URL and DATELINE_LLM_MODEL; docs/language-model.md says how.",
        )
    return writer


def _check_export(options: argparse.Namespace) -> None:
    from qa.export.formats import known_format

    known_format(options.export)
    if options.json or options.questions:
        raise InputError("--export stands alone, for one question.", "Leave out --json and --questions.")


def _show(answer: Answer, options: argparse.Namespace) -> None:
    if options.export:
        from qa.export.formats import Exchange, export

        text = export([Exchange(answer.question, answer)], options.export, datetime.now(UTC).date())
        # RIS demands CR LF at the end of each line, which must not be made anew on the way out.
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.buffer.flush()
    elif options.json:
        print(json.dumps(to_json(answer), ensure_ascii=False, indent=2))
    else:
        print(render(answer))


def _day(text: str | None) -> str | None:
    from qa.engine import read_day

    day = read_day(text)
    return day.isoformat() if day else None


def questions_in(path: Path, limits: Filter) -> Iterator[Question | BadRow]:
    """Yield the questions of a file; a row that is none, or whose day is none, yields what is wrong."""
    from qa.engine import read_day

    for row in read_questions(path):
        if isinstance(row, BadRow):
            yield row
            continue
        try:
            yield Question(row.question, row.id, read_day(row.asked_on), limits)
        except InputError as error:
            yield BadRow(f"{path.name}, {row.id}: {error}")


def answer_all(ask: Callable[[Question], Answer], rows: Iterable[Question | BadRow], output: TextIO) -> int:
    """Write a JSON line for each row, with an error for a row that fails; return the exit code."""
    failed = False
    for row in rows:
        if isinstance(row, BadRow):
            record: dict[str, object] = {"error": row.error}
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


def _leave(code: int) -> NoReturn:
    """End the process at once: taking the models apart piece by piece takes a tenth of a second."""
    if "ray" in sys.modules:  # it tells its nodes that this process has left
        sys.exit(code)
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    # What a start makes stays until the end: looking through it for cycles every 700 objects is for nothing.
    gc.set_threshold(100_000)
    _leave(main())
