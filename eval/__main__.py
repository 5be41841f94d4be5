"""The command line of the evaluation: python -m eval run | check | compare | gate | ..."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from eval import commands
from eval.gold_files import FORMATS
from eval.metrics.catalogue import HEADLINE
from index.errors import DatelineError
from index.library_option import add_library_options

EXIT_FAILED = 2
EXIT_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit code.

    0 done; 1 the gate is not passed, or evidence is missing; 2 could not be done; 3 some questions failed;
    130 interrupted.
    """
    options = parser().parse_args(arguments)
    try:
        return int(options.command(options, print))
    except DatelineError as error:
        print(f"{error.message}\n{error.remedy}".rstrip(), file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        print("\nInterrupted. What is done is kept: the same command goes on from there.", file=sys.stderr)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away (`| head`): not an error, and nothing more to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(
        prog="python -m eval", description="Measure answers against gold questions, and compare runs."
    )
    made.set_defaults(command=None)
    commands_of = made.add_subparsers(required=True, metavar="COMMAND")
    _add_run(commands_of.add_parser("run", help="ask every gold question and write a report"))
    _add_check(commands_of.add_parser("check", help="say which gold evidence is not in a library"))
    _add_articles(commands_of.add_parser("articles", help="write the articles that come with a gold file"))
    _add_compare(commands_of.add_parser("compare", help="compare two runs question by question"))
    _add_gate(commands_of.add_parser("gate", help="fail when a run falls below its pinned scores"))
    _add_report(commands_of.add_parser("report", help="score a run again and write its report anew"))
    _add_candidates(
        commands_of.add_parser("candidates", help="turn complaints of readers into gold questions")
    )
    _add_tune(commands_of.add_parser("tune", help="try settings, with a held-out half"))
    return made


def _gold(made: argparse.ArgumentParser) -> None:
    made.add_argument("gold", type=Path, metavar="GOLD", help="gold file, or folder (BEIR, TREC)")
    made.add_argument("--format", choices=list(FORMATS), help="read GOLD as this format")


def _add_run(made: argparse.ArgumentParser) -> None:
    _gold(made)
    add_library_options(made, None)
    made.add_argument(
        "--answers", type=Path, metavar="FILE", help="score these answers of another system instead of asking"
    )
    made.add_argument(
        "--out", type=Path, metavar="DIR", help="folder of the run (default: runs/NAME of GOLD)"
    )
    made.add_argument(
        "--as-of-from",
        choices=("asked_on", "none"),
        default="asked_on",
        help='field that holds the day of asking, which "this week" is read against (default: asked_on)',
    )
    made.add_argument("--limit", type=int, metavar="N", help="only the first N questions")
    made.add_argument(
        "--only-type", action="append", default=[], metavar="TYPE", help="only this type (may be repeated)"
    )
    made.add_argument("--jobs", type=int, default=1, metavar="N", help="processes that ask at the same time")
    made.add_argument("--k", type=int, default=20, help="passages retrieved for the retrieval metrics")
    made.add_argument("--strict", action="store_true", help="stop at a bad row of GOLD")
    made.add_argument("--fresh", action="store_true", help="throw away an earlier run in --out")
    made.set_defaults(command=commands.run)


def _add_check(made: argparse.ArgumentParser) -> None:
    _gold(made)
    add_library_options(made, None)
    made.add_argument("--strict", action="store_true", help="stop at a bad row of GOLD")
    made.set_defaults(command=commands.check)


def _add_articles(made: argparse.ArgumentParser) -> None:
    _gold(made)
    made.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for articles.jsonl")
    made.set_defaults(command=commands.articles)


def _add_compare(made: argparse.ArgumentParser) -> None:
    made.add_argument("before", type=Path, metavar="RUN", help="folder of a run")
    made.add_argument("after", type=Path, metavar="RUN", help="folder of the run to compare with it")
    made.add_argument(
        "--metric", default=HEADLINE, help=f"what changed questions are sorted by (default: {HEADLINE})"
    )
    made.add_argument("--all", action="store_true", help="show metrics that did not change, too")
    made.add_argument("--json", action="store_true", help="print the comparison as JSON")
    made.set_defaults(command=commands.compare)


def _add_gate(made: argparse.ArgumentParser) -> None:
    made.add_argument("run", type=Path, metavar="RUN", help="folder of a run")
    made.add_argument("--baseline", type=Path, required=True, metavar="FILE", help="the pinned scores")
    made.add_argument("--update", action="store_true", help="pin this run's scores")
    made.add_argument("--allow-lower", action="store_true", help="with --update: floors may fall")
    made.add_argument(
        "--metric", action="append", default=[], help="with --update: pin this metric (may be repeated)"
    )
    made.set_defaults(command=commands.gate)


def _add_report(made: argparse.ArgumentParser) -> None:
    made.add_argument("run", type=Path, metavar="RUN", help="folder of a run")
    made.set_defaults(command=commands.report)


def _add_candidates(made: argparse.ArgumentParser) -> None:
    made.add_argument("action", choices=("list", "show", "edit", "accept", "reject"))
    made.add_argument("id", nargs="?", help="id of a candidate, or its beginning")
    made.add_argument("--folder", type=Path, required=True, metavar="DIR", help="holds candidates.jsonl")
    made.add_argument("--gold", type=Path, metavar="FILE", help="accept: the gold file that gets the row")
    made.add_argument("--answer", action="append", default=[], help="edit: a right answer (may be repeated)")
    made.add_argument("--unanswerable", action="store_true", help="edit: the articles don't say")
    made.add_argument("--type", help="edit: the type of question")
    made.add_argument("--article", help="edit: file, URL or title of an article with evidence")
    made.add_argument("--quote", help="edit: its words, verbatim")
    made.add_argument("--replace", action="store_true", help="edit: the quote takes the place of the others")
    made.set_defaults(command=commands.candidates)


def _add_tune(made: argparse.ArgumentParser) -> None:
    _gold(made)
    add_library_options(made, None)
    made.add_argument(
        "--set",
        action="append",
        required=True,
        metavar="NAME=VALUE,VALUE",
        help="values of a setting to try, such as words=0.3,0.5 or threshold=0.2,0.4 (may be repeated)",
    )
    made.add_argument(
        "--metric", help="what to make best (default: passage.nDCG@10 for settings of search, else correct)"
    )
    made.add_argument("--k", type=int, default=20, help="passages retrieved (default: %(default)s)")
    made.add_argument("--as-of-from", choices=("asked_on", "none"), default="asked_on", help="as in run")
    made.add_argument(
        "--copies",
        type=Path,
        default=Path("runs") / "libraries",
        metavar="DIR",
        help="keeps the copies that chunk_tokens needs (default: %(default)s)",
    )
    made.add_argument("--out", type=Path, metavar="FILE", help="write the trials and the choice as JSON")
    made.add_argument(
        "--save", action="store_true", help="use the choice from now on: write settings.json in the library"
    )
    made.set_defaults(command=commands.tune)


if __name__ == "__main__":
    sys.exit(main())
