"""The library at the command line: `python -m index add PATH`, and what else `--help` lists."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from index.errors import DatelineError
from index.library_option import add_library_options, default_library, settle_library

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
    "statements": "list who praised, criticised or spoke of whom; also as CSV or JSON",
    "people": "list who is who in the statements; merge or split names, at once and for all articles",
    "corrections": "list what readers have corrected in statements; undo it or export it as gold questions",
    "reread": "find the statements of stored articles again with the present rules, without embedding",
    "upgrade": "bring a library of an earlier version up to date; no article is read again",
    "cluster": "a library in shards, for one machine or many: build, add, remove, serve, status, verify",
}


_READING = frozenset({"list", "show", "search", "stats", "statements", "people"})
"""The commands that may read a library where Ray nodes serve it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 2 error, 3 some inputs failed, 130 interrupted."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    # After parsing, so that --help and a slip of the pen answer at once.
    from index import commands

    try:
        if hasattr(options, "library"):
            settle_library(options)
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
    for name, command in made.items():
        if name in _READING:
            add_library_options(command, default_library())
        elif name != "cluster":
            _library_option(command, default_library())
    for name in ("list", "show", "search", "stats", "corrections"):
        made[name].add_argument("--json", action="store_true", help="print JSON")
    _add_options(made["add"])
    made["remove"].add_argument("articles", nargs="+", metavar="ID", help=_ID_HELP)
    _filter_options(made["list"])
    made["show"].add_argument("article", metavar="ID", help=_ID_HELP)
    made["show"].add_argument("--removed", action="store_true", help="list the removed texts, numbered")
    _search_options(made["search"])
    made["restore"].add_argument("article", metavar="ID", help=_ID_HELP)
    made["restore"].add_argument("number", type=int, metavar="N", help="its number in show ID --removed")
    _statement_options(made["statements"])
    _people_options(made["people"])
    _correction_options(made["corrections"])
    _cluster_options(made["cluster"])
    made["reread"].add_argument("--all", action="store_true", help="articles that are up to date too")
    made["reread"].add_argument("--quiet", action="store_true", help="no progress bar")
    return parser


def _library_option(parser: argparse.ArgumentParser, default: object) -> None:
    parser.add_argument(
        "--library",
        default=default,
        metavar="DIR",
        help="the library folder (default: $DATELINE_LIBRARY, else ./library)",
    )


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
    parser.add_argument(
        "--jobs",
        type=int,
        metavar="N",
        help="processes that read articles side by side (default: one a core, 8 at most)",
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


def _statement_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--speaker", metavar="NAME", help="only statements of this person or body")
    parser.add_argument("--target", metavar="NAME", help="only statements about this person or body")
    parser.add_argument("--stance", choices=["praise", "criticise", "neutral"], help="only with this stance")
    parser.add_argument("--unclear", action="store_true", help="only those too uncertain to be counted")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="print CSV; no cell can act as a formula")
    form.add_argument("--json", action="store_true", help="print JSON")
    _filter_options(parser)


def _people_options(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(text=None, json=False)
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    helps = {
        "list": "list the names with how many statements are by and about each (the default)",
        "merge": "say that several names are one; people unmerge takes it back",
        "split": "say that a form of a name is somebody else; people unmerge takes it back",
        "unmerge": "take back what was merged or split for a name",
    }
    made = {name: actions.add_parser(name, help=text, description=text) for name, text in helps.items()}
    for action in made.values():
        # Without a default of its own, so that it does not undo a --library given before the action.
        _library_option(action, argparse.SUPPRESS)
    made["list"].add_argument("text", nargs="?", metavar="TEXT", help="only names that hold this text")
    made["list"].add_argument("--json", action="store_true", help="print JSON")
    made["merge"].add_argument(
        "names", nargs="+", metavar="NAME", help="names, as in people list or articles"
    )
    made["merge"].add_argument("--as", dest="shown", metavar="NAME", help="the name to show")
    made["split"].add_argument("name", metavar="NAME", help="who has the forms now")
    made["split"].add_argument("forms", nargs="+", metavar="FORM", help="a form that is not theirs")
    made["unmerge"].add_argument("name", metavar="NAME", help="a name in the library's people.toml")


def _correction_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--undo", type=int, metavar="N", help="forget this correction")
    parser.add_argument(
        "--gold", type=Path, metavar="FILE.jsonl", help="write them as yes-or-no questions for evaluation"
    )


def _cluster_options(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    helps = {
        "build": "make a cluster library of files, folders or an ordinary library; run again, it goes on",
        "add": "add the articles in files and folders; readers see them all at once, at the end",
        "remove": "delete articles",
        "serve": "start replicas of every shard on the nodes of a Ray cluster; they outlive the command",
        "stop": "end these replicas",
        "status": "say which shards there are, and how large they are",
        "verify": "read every byte of all shards and check it; exit code 1 when something is wrong",
    }
    made = {name: actions.add_parser(name, help=text, description=text) for name, text in helps.items()}
    made["build"].add_argument("sources", nargs="+", type=Path, metavar="SOURCE", help="files and folders")
    made["build"].add_argument(
        "--shards", type=int, required=True, metavar="N", help="how many; fixed for good"
    )
    made["build"].add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="the new library's folder"
    )
    made["build"].add_argument("--model", metavar="ID", help="embedding model, as for add")
    for name in ("add", "remove", "serve", "stop", "status", "verify"):
        _library_option(made[name], default_library())
    for name in ("build", "add", "serve", "stop", "status"):
        made[name].add_argument("--address", metavar="ADDRESS", help=_RAY_HELP[name])
    made["serve"].add_argument(
        "--replicas", type=int, default=2, metavar="N", help="replicas of each shard (default: 2)"
    )
    made["add"].add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files and folders")
    made["remove"].add_argument("articles", nargs="+", metavar="ID", help=_ID_HELP)
    for name in ("build", "add"):
        made[name].add_argument("--jobs", type=int, metavar="N", help="processes side by side, as for add")
        made[name].add_argument("--quiet", action="store_true", help="no progress bar, no summary")


_WORK_THERE = "let the nodes of this Ray cluster make vectors and statements (auto: the one of this machine)"
_SERVE_THERE = "the Ray cluster (default: $DATELINE_RAY_ADDRESS, else the one of this machine)"
_RAY_HELP = {
    "build": _WORK_THERE,
    "add": _WORK_THERE,
    "serve": _SERVE_THERE,
    "stop": _SERVE_THERE,
    "status": "show the replicas on this Ray cluster too (default: $DATELINE_RAY_ADDRESS, else none)",
}


def _filter_options(parser: argparse.ArgumentParser) -> None:
    limits = parser.add_argument_group("filters", "Undated articles pass every date range.")
    limits.add_argument("--outlet", action="append", default=[], metavar="NAME", help="repeat for several")
    limits.add_argument("--author", action="append", default=[], metavar="NAME", help="repeat for several")
    limits.add_argument("--from", dest="published_from", metavar="YYYY-MM-DD", help="published then or later")
    limits.add_argument("--to", dest="published_to", metavar="YYYY-MM-DD", help="published then or before")


if __name__ == "__main__":
    sys.exit(main())
