"""What a gold format is, and the reading that all formats share."""

import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.schema import BadRow, Case, GoldArticle
from index.errors import InputError

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Look:
    """What detection goes by: the path, and the first JSON value where the file begins with one."""

    path: Path
    first: object = None

    def has(self, *names: str) -> bool:
        """Return whether the first value is an object with all of these fields."""
        return isinstance(self.first, Mapping) and all(name in self.first for name in names)


@dataclass(frozen=True, slots=True)
class Format:
    """A gold format.

    Attributes:
        name: What `--format` calls it.
        recognises: Whether a path looks like it.
        read: Yields each question, or what is wrong with its row.
        files: The files that hold the questions; the gold's digest is taken over these.
        articles: Yields the articles that come with the questions; None where none do.
    """

    name: str
    recognises: Callable[[Look], bool]
    read: Callable[[Path], Iterator[Case | BadRow]]
    files: Callable[[Path], tuple[Path, ...]] = lambda path: (path,)
    articles: Callable[[Path], Iterator[GoldArticle]] | None = None


class RowError(Exception):
    """A row that holds no usable question; the message says what is wrong and what to write."""


def read_text(path: Path) -> str:
    """Return a UTF-8 file as text; `.gz` is unpacked.

    Raises:
        InputError: The file cannot be read, or is no UTF-8 text.
    """
    try:
        packed = path.read_bytes()
        return (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode("utf-8-sig")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise InputError(f"Cannot read {path}: {error}.", "Give a UTF-8 file.") from error


def read_json(path: Path) -> object:
    """Return the value of a JSON file.

    Raises:
        InputError: It cannot be read, or is not JSON.
    """
    try:
        return json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is not valid JSON: {error}.", "Give one JSON value.") from error


def cases_of(
    path: Path, rows: Iterator[tuple[str, object]], make: Callable[[Fields, str], Case]
) -> Iterator[Case | BadRow]:
    """Yield a case for each row, or what is wrong with it.

    Args:
        path: The file, named in the places of bad rows.
        rows: Where each row stands ("line 3") and its value; a `RowError` for one that cannot be parsed.
        make: Turns a row into a case; its second argument is the number in the place, a default id.
    """
    for place, row in rows:
        try:
            if isinstance(row, RowError):
                raise row
            if not isinstance(row, Mapping):
                raise RowError(f"is {type(row).__name__}, not an object with fields.")
            yield make(row, place.split()[-1])
        except RowError as error:
            yield BadRow(f"{path.name}, {place}", str(error))


def json_lines(path: Path) -> Iterator[tuple[str, object]]:
    """Yield ("line 3", value) for each line that is not empty, with a `RowError` for what is not JSON."""
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if line.strip():
            try:
                yield f"line {number}", json.loads(line)
            except (ValueError, RecursionError) as error:
                yield f"line {number}", RowError(f"not JSON ({error}).")


def records(path: Path) -> Iterator[tuple[str, object]]:
    """Yield the rows of a JSON Lines file, or of a JSON file that holds one list."""
    if path.name.removesuffix(".gz").endswith(".json"):
        value = read_json(path)
        rows = value if isinstance(value, list) else [value]
        yield from ((f"row {number}", row) for number, row in enumerate(rows, start=1))
    else:
        yield from json_lines(path)


def text_field(row: Fields, *names: str) -> str:
    """Return the first of these fields that holds text or a number, stripped; empty when none does.

    Raises:
        RowError: A field holds something else.
    """
    for name in names:
        value = row.get(name)
        if value is None:
            continue
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return str(value).strip()
        raise RowError(f'"{name}" is {_shown(value)}, not text.')
    return ""


def question_field(row: Fields, *names: str) -> str:
    """Return the question.

    Raises:
        RowError: There is none.
    """
    question = text_field(row, *names)
    if not question:
        raise RowError(f'no question. Write {{"{names[0]}": "Who ...?"}}.')
    return question


def texts_field(row: Fields, *names: str) -> tuple[str, ...]:
    """Return the first of these fields as texts: a list of texts, or one text; empty texts are left out.

    Raises:
        RowError: A field holds something else.
    """
    for name in names:
        value = row.get(name)
        if value is None:
            continue
        values = value if isinstance(value, list) else [value]
        if not all(isinstance(one, str | int | float) and not isinstance(one, bool) for one in values):
            raise RowError(f'"{name}" is {_shown(value)}, not a list of texts.')
        return tuple(text for one in values if (text := str(one).strip()))
    return ()


def flag_field(row: Fields, name: str, default: bool) -> bool:
    """Return a field that is true or false.

    Raises:
        RowError: It holds something else.
    """
    value = row.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise RowError(f'"{name}" is {_shown(value)}. Write true or false.')
    return value


def day_field(row: Fields, name: str) -> str | None:
    """Return an ISO date, None where there is none.

    Raises:
        RowError: It is no date.
    """
    from datetime import date

    text = text_field(row, name)
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError as error:
        raise RowError(f'"{name}" is {_shown(text)}. Write it as "2025-11-22".') from error


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
