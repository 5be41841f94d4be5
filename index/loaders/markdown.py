"""Markdown: front matter of "key: value" lines, headings, paragraphs; the marks are taken off the words."""

import re
from pathlib import Path

from index.loaders.content import decode, read_bytes
from index.loaders.fields import hints_from
from index.loaders.unwrap import join_wrapped
from index.schema import Metadata, Page, Sourced

_FRONT = re.compile(r"^---[ \t]*\n(.{0,20000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_FIELD = re.compile(r"^([A-Za-z][\w -]{0,40}?)\s?:\s{0,4}(.{0,2000})$")
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.{1,500}?)[ \t#]{0,9}$")
_UNDERLINE = re.compile(r"^ {0,3}(?:={2,}|-{2,})[ \t]*$")
_RULE = re.compile(r"^ {0,3}(?:[-*_][ \t]?){3,}$")
_IMAGE = re.compile(r"!\[([^\[\]\n]{0,300})\]\([^()\n]{0,1000}\)")
_LINK = re.compile(r"\[([^\[\]\n]{1,500})\]\([^()\n]{0,1000}\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^\n]{1,500}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*_])([*_])(?=\S)([^*_\n]{1,500}?)(?<=\S)\1(?![\w*_])")
_MARKS = frozenset("*_[\\")
_COMMENT = re.compile(r"<!--.{0,5000}?-->", re.DOTALL)
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)")


def load_markdown(path: Path) -> Page:
    """Read a Markdown file; its text is clean by contract.

    Raises:
        LoadError: When it cannot be read or is not text.
    """
    return parse_markdown(decode(read_bytes(path)), str(path), path.name)


def parse_markdown(text: str, key: str, file: str) -> Page:
    """Turn Markdown into a page: the first level-one heading is its title unless the front matter has one."""
    front = _FRONT.match(text)
    hints = hints_from(front_matter(front[1]), "front matter") if front else Metadata()
    body = _COMMENT.sub("", text[front.end() :] if front else text)
    rows = body.split("\n")
    if hints.title is None:
        title = _first_heading(rows)
        if title:
            hints = Metadata(
                Sourced(title, "heading"), hints.authors, hints.outlet, hints.published, hints.url
            )
    blocks = [_plain(row) for row in _rows_of(rows)]
    width = max(40, min(110, max(map(len, blocks), default=40)))
    return Page(key, file, "\n\n".join(join_wrapped(blocks, width)), hints, is_page=False)


def front_matter(text: str) -> dict[str, str | list[str]]:
    """Read "key: value" lines; a value may be quoted, a [list, of, values] or "- " lines below its key."""
    fields: dict[str, str | list[str]] = {}
    key = ""
    for row in text.split("\n"):
        entry = row.strip()
        if entry.startswith("- ") and key:
            known = fields.get(key)
            fields[key] = [*(known if isinstance(known, list) else []), _unquote(entry[2:])]
            continue
        match = _FIELD.match(row)
        if not match:
            continue
        key, value = match[1].strip().lower().replace("-", "_").replace(" ", "_"), match[2].strip()
        if value.startswith("[") and value.endswith("]"):
            fields[key] = [_unquote(one) for one in value[1:-1].split(",") if one.strip()]
        else:
            fields[key] = _unquote(value)
    return fields


def _unquote(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def _first_heading(rows: list[str]) -> str | None:
    for row, below in zip(rows, [*rows[1:], ""], strict=True):
        heading = _HEADING.match(row)
        if heading and len(heading[1]) == 1:
            return _plain(heading[2])
        if row.strip() and below.strip().startswith("==") and _UNDERLINE.match(below):
            return _plain(row)
    return None


def _rows_of(rows: list[str]) -> list[str]:
    """Return the rows with empty rows around headings, and without rules, underlines and code fences."""
    kept: list[str] = []
    for row in rows:
        heading = _HEADING.match(row)
        if heading:
            kept += ["", heading[2], ""]
        elif _UNDERLINE.match(row) or _RULE.match(row) or _FENCE.match(row):
            kept.append("")
        else:
            kept.append(re.sub(r"^ {0,3}(?:> ?){1,5}", "", row))
    return kept


def _plain(row: str) -> str:
    """Take the marks for images, links, bold and italics off a row."""
    if not _MARKS.intersection(row):
        return row
    row = _IMAGE.sub(r"\1", row)
    row = _LINK.sub(r"\1", row)
    row = _STRONG.sub(r"\2", row)
    row = _EMPHASIS.sub(r"\2", row)
    return re.sub(r"\\([\\`*_{}\[\]()#+.!>~-])", r"\1", row)
