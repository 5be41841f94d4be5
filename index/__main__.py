"""The library at the command line: `python -m index add PATH`, and what else `--help` lists."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from index.errors import DatelineError

INTERRUPTED = 130
FAILED = 2

_HELP = {
    "add": "add the articles in files and folders; only new and changed ones are read",
    "remove": "delete articles (adding their file again brings them back)",
    "list": "list the articles, newest first",
    "show": "show an article's text, its metadata and where each value came from",
    "search": "find passages by words and meaning",
    "stats": "show the size and make of the library",
    "verify": "read every byte and check it; exit code 1 when something is wrong",
    "repair": "rebuild everything derived; broken files are renamed, never deleted",
    "restore": "put a removed text of an article back; it stays through every later add",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 2 error, 3 some inputs failed, 130 interrupted."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    # After parsing, so that --help and a slip of the pen answer at once.
    from index import commands

    try:
        code: int = commands.COMMANDS[options.command](options, print)
        sys.stdout.flush()
        return code
    except DatelineError as error:
        print(f"Error: {error.message}", file=sys.stderr)
        if error.remedy:
            print(error.remedy, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe (head) has seen enough. Python would complain again when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m index",
        description="Keep a library of news articles and search it.",
        epilog="Exit codes: 0 done, 1 verify found problems, 2 error, 3 some inputs failed, 130 interrupted.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    made = {name: commands.add_parser(name, help=text, description=text) for name, text in _HELP.items()}
    for command in made.values():
        command.add_argument(
            "--library",
            type=Path,
            default=Path(os.environ.get("DATELINE_LIBRARY", "library")),
            metavar="DIR",
            help="the library folder (default: $DATELINE_LIBRARY, else ./library)",
        )
    for name in ("list", "show", "search", "stats"):
        made[name].add_argument("--json", action="store_true", help="print JSON")
    _add_options(made["add"])
    made["remove"].add_argument("articles", nargs="+", metavar="ID", help=_ID_HELP)
    _filter_options(made["list"])
    made["show"].add_argument("article", metavar="ID", help=_ID_HELP)
    made["show"].add_argument("--removed", action="store_true", help="list the removed texts, numbered")
    _search_options(made["search"])
    made["restore"].add_argument("article", metavar="ID", help=_ID_HELP)
    made["restore"].add_argument("number", type=int, metavar="N", help="its number in show ID --removed")
    return parser


_ID_HELP = "an article's id, the beginning of one, or its file name"


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files and folders")
    parser.add_argument(
        "--model",
        metavar="ID",
        help="embedding model of a new library: minilm (default), st:NAME-OR-FOLDER, or hashing",
    )
    parser.add_argument(
        "--sync",
        action="store_true",
        help="also remove articles whose file is gone from a folder given here; without it they stay",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress bar, no summary")


def _search_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="?", metavar="WORDS", help="a question or some words")
    parser.add_argument("-k", type=int, default=10, metavar="N", help="how many passages (default: 10)")
    parser.add_argument(
        "--questions",
        type=Path,
        metavar="FILE.jsonl",
        help='answer each line {"id", "question"} of a file with a line {"id", "hits"}',
    )
    _filter_options(parser)


def _filter_options(parser: argparse.ArgumentParser) -> None:
    limits = parser.add_argument_group("filters", "Undated articles pass every date range.")
    limits.add_argument("--outlet", action="append", default=[], metavar="NAME", help="repeat for several")
    limits.add_argument("--author", action="append", default=[], metavar="NAME", help="repeat for several")
    limits.add_argument("--from", dest="published_from", metavar="YYYY-MM-DD", help="published then or later")
    limits.add_argument("--to", dest="published_to", metavar="YYYY-MM-DD", help="published then or before")


if __name__ == "__main__":
    sys.exit(main())
