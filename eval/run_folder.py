"""The folder of a run: `run.json` says what was run, `results.jsonl` holds a result a line.

A line is on the disk before the next question is asked, so that an interrupt costs one question at most.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from eval.result_json import result_from, result_json
from eval.schema import Result
from index.errors import InputError

VERSION = 1
"""Version of both files; raised when a field changes its meaning or goes."""
RUN = "run.json"
RESULTS = "results.jsonl"


class RunFolder:
    """A run's folder.

    Args:
        path: The folder; made when the run is begun.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self, about: Mapping[str, Any], *, fresh: bool = False) -> dict[str, Result]:
        """Begin a run, or go on with one; return the results that are there, by question id.

        A line that an interrupt cut off is dropped.

        Args:
            about: What is run: gold, library, settings. Must be what the folder was begun with.
            fresh: Whether to throw away what is there.

        Raises:
            InputError: The folder holds a run of something else, or cannot be written.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            if fresh:
                (self.path / RESULTS).unlink(missing_ok=True)
                (self.path / RUN).unlink(missing_ok=True)
            if (self.path / RUN).exists():
                self._check_same(about)
                self._drop_torn_line()
                return {result.case.id: result for result in self.results()}
            write_whole(self.path / RUN, {"version": VERSION, **about})
            (self.path / RESULTS).touch()
        except OSError as error:
            raise InputError(
                f"Cannot write to {self.path}: {error.strerror}.", "Choose another --out."
            ) from error
        return {}

    def about(self) -> dict[str, Any]:
        """Return what was run.

        Raises:
            InputError: There is no run here, or one of a newer version.
        """
        path = self.path / RUN
        try:
            about = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise InputError(
                f"There is no run in {self.path}.", "Make one: python -m eval run GOLD."
            ) from error
        except (OSError, ValueError) as error:
            raise InputError(f"Cannot read {path}: {error}.", "Run again with --fresh.") from error
        if about.get("version") != VERSION:
            raise InputError(
                f"{path} has version {about.get('version')}; this program reads {VERSION}.",
                "Run again with --fresh.",
            )
        return dict(about)

    def results(self) -> list[Result]:
        """Return the results in the order in which they were made.

        Raises:
            InputError: There is no run here, or a line is damaged.
        """
        self.about()
        path = self.path / RESULTS
        try:
            lines = path.read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"Cannot read {path}: {error}.", "Run again with --fresh.") from error
        found = []
        for number, line in enumerate(lines, start=1):
            if line:
                try:
                    found.append(result_from(json.loads(line)))
                except (ValueError, KeyError, TypeError) as error:
                    raise InputError(
                        f"{path}, line {number} is damaged ({error}).",
                        "Delete the line and run again; or run with --fresh.",
                    ) from error
        return found

    def open_results(self) -> TextIO:
        """Open the results for appending."""
        return (self.path / RESULTS).open("a", encoding="utf-8")

    def _check_same(self, about: Mapping[str, Any]) -> None:
        there = self.about()
        for name, value in about.items():
            if there.get(name) != value:
                raise InputError(
                    f"The run in {self.path} has another {name}: "
                    f"{_shown(there.get(name))}, not {_shown(value)}.",
                    "Choose another --out, or start anew there with --fresh.",
                )

    def _drop_torn_line(self) -> None:
        path = self.path / RESULTS
        contents = path.read_bytes() if path.exists() else b""
        kept = contents.rfind(b"\n") + 1
        if kept < len(contents):
            with path.open("r+b") as file:
                file.truncate(kept)


def append(file: TextIO, result: Result) -> None:
    """Write a result as a line; on return it is on the disk."""
    file.write(json.dumps(result_json(result), ensure_ascii=False) + "\n")
    file.flush()
    os.fsync(file.fileno())


def write_whole(path: Path, value: object) -> None:
    """Write JSON so that the file is either the old one or the new one, whatever happens."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write a text file so that it is either the old one or the new one, whatever happens."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with fresh.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:200]}…"
