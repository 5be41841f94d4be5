"""Tables of articles: JSON, JSON Lines (also gzipped) and CSV, one article a row."""

import csv
import gzip
import html
import io
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from index.errors import BrokenFileError, LoadError
from index.loaders.content import (
    MAX_TEXT_BYTES,
    MEGABYTE,
    decode,
    read_bytes,
    reason_of,
    too_large,
)
from index.loaders.fields import IDENTITY, TEXT, URL, hints_from, text_of, value_of
from index.schema import Failure, Page

MAX_TABLE_BYTES = 512 * MEGABYTE
"""Largest .json or .csv file; JSON Lines are read row by row and have no limit but that of a row."""

MAX_BROKEN_ROWS = 1000
"""A file with more broken rows than this is given up, so that a report stays readable."""

LONGEST_SHOWN_ID = 60
"""A row is shown and cited by its own id when that has at most this many characters, else by its number."""

_MARKUP = re.compile(
    r"</?(?:p|br|div|h[1-6]|li|ul|ol|a|em|strong|span|b|i|figure|blockquote|img)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
_BREAKS = re.compile(r"</?(?:p|br|div|h[1-6]|li|ul|ol|figure|blockquote)\b", re.IGNORECASE)

Row = tuple[int, object]
"""A row's number from 1 and its fields; a `LoadError` in place of fields for a row that cannot be read."""


def load_rows(path: Path) -> Iterator[Page | Failure]:
    """Yield a page for each row of a table and a failure for each row that is none.

    Raises:
        LoadError: When the file as a whole cannot be read.
    """
    kind = path.name.lower().removesuffix(".gz").rsplit(".", 1)[-1]
    rows = {"json": _json_rows, "csv": _csv_rows, "tsv": _csv_rows}.get(kind, _json_lines)(path)
    seen: set[int] = set()
    broken = 0
    for number, fields in rows:
        try:
            yield _page(path, number, fields, seen)
        except LoadError as error:
            broken += 1
            yield Failure(f"{path.name}#{number}", error.message)
            if broken >= MAX_BROKEN_ROWS:
                yield Failure(path.name, f"gave up after {broken} broken rows; the rows before were read")
                return


def _page(path: Path, number: int, fields: object, seen: set[int]) -> Page:
    if isinstance(fields, LoadError):
        raise fields
    if not isinstance(fields, Mapping):
        raise BrokenFileError(f"is {type(fields).__name__}, not an object with named fields")
    text = _article_text(value_of(fields, TEXT))
    if not text:
        raise BrokenFileError(f"has no article text; looked for the fields {', '.join(TEXT)}")
    if len(text) > MAX_TEXT_BYTES:
        raise too_large(len(text), MAX_TEXT_BYTES)
    name = text_of(value_of(fields, IDENTITY)) or text_of(value_of(fields, URL))
    key = f"{path}#{name or number}"
    is_new = hash(key) not in seen
    if not is_new:
        key = f"{path}#{name}#{number}"
    seen.add(hash(key))
    shown = name if is_new and 0 < len(name) <= LONGEST_SHOWN_ID and "://" not in name else number
    return Page(key, f"{path.name}#{shown}", text, hints_from(fields))


def _article_text(value: object) -> str:
    """Return a text field as lines: a list is its paragraphs, HTML loses its tags."""
    if isinstance(value, list):
        value = "\n\n".join(one for one in value if isinstance(one, str))
    if not isinstance(value, str):
        return ""
    if len(_MARKUP.findall(value[:5000])) >= 2:
        value = html.unescape(_MARKUP.sub(lambda tag: "\n" if _BREAKS.match(tag[0]) else "", value))
    return str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()


def _json_rows(path: Path) -> Iterator[Row]:
    """Read a .json file: a list of rows, one row, or an object that holds one list of rows."""
    text = decode(read_bytes(path, MAX_TABLE_BYTES))
    if not text.strip():
        raise BrokenFileError("is empty")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BrokenFileError(f"is not valid JSON: {reason_of(error)}") from error
    if isinstance(value, dict) and value_of(value, TEXT) is None:
        lists = [one for one in value.values() if isinstance(one, list) and one and isinstance(one[0], dict)]
        value = max(lists, key=len, default=[value])
    return iter(enumerate(value if isinstance(value, list) else [value], start=1))


def _json_lines(path: Path) -> Iterator[Row]:
    try:
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as lines:
            number = 0
            while line := lines.readline(MAX_TEXT_BYTES * 2):
                number += 1
                if line.strip():
                    yield number, _json_line(line)
    except (OSError, EOFError, zlib.error) as error:
        raise BrokenFileError(f"breaks off and cannot be read further: {reason_of(error)}") from error


def _json_line(line: bytes) -> object:
    if len(line) >= MAX_TEXT_BYTES * 2:
        return too_large(len(line), MAX_TEXT_BYTES)
    try:
        return json.loads(line.removeprefix(b"\xef\xbb\xbf").decode("utf-8"))
    except (ValueError, RecursionError) as error:
        return BrokenFileError(f"is not valid JSON: {reason_of(error)}")


def _csv_rows(path: Path) -> Iterator[Row]:
    text = decode(read_bytes(path, MAX_TABLE_BYTES))
    csv.field_size_limit(MAX_TEXT_BYTES)
    header = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=header.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restkey="")
    number = 0
    try:
        if value_of(dict.fromkeys(reader.fieldnames or (), "x"), TEXT) is None:
            raise BrokenFileError(f"has no column for the article text; looked for {', '.join(TEXT)}")
        for number, fields in enumerate(reader, start=1):
            yield number, {key: value for key, value in fields.items() if key}
    except csv.Error as error:
        raise BrokenFileError(f"breaks off after row {number}: {reason_of(error)}") from error
