"""PDF: the text of each page, wrapped lines joined, page numbers and running heads taken out.

Where the rows stand on the sheet shows the paragraphs: by a wider gap above a row or by its indent. A running
head names the paper and the day more often than not, so it becomes metadata.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import BrokenFileError
from index.loaders.content import MAX_FILE_BYTES, MAX_TEXT_BYTES, reason_of, too_large
from index.loaders.unwrap import SENTENCE_END, join_wrapped
from index.mastheads import RUNNING_HEAD, read_running_head
from index.schema import Metadata, Page, Sourced

if TYPE_CHECKING:
    from pypdf import PageObject

MAX_PAGES = 1000

WIDE_GAP = 1.3
"""A row that stands this many times lower than usual below the one before starts a paragraph."""

LARGE = 1.15
"""Rows that are this many times larger than the body's belong to a headline."""

SAME_HEIGHT = 3.0
"""A running head stands at the same height of each sheet, give or take so many points."""

INDENT = (5.0, 45.0)
"""How far, in points, the first row of a paragraph may stand to the right of the next one."""

_PAGE_NUMBER = re.compile(r"(?:page |p\. ?|- ?)?\d{1,4}(?: ?(?:of|/) ?\d{1,4})?(?: ?-)?", re.IGNORECASE)
_PRINT_MARK = re.compile(
    r"(?:https?://\S{4,400}|\d{1,2}/\d{1,2}/\d{2,4},? \d{1,2}:\d\d.{0,200})(?: \d{1,3}/\d{1,3})?"
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet, where its text starts from the lower left corner, and its size; all in points."""

    text: str
    x: float = 0.0
    y: float = 0.0
    size: float = 0.0

    def extended(self, piece: "Row") -> "Row":
        """Return the row with a piece of text added; place and size are those of the first letter."""
        if self.text.strip() or not piece.text.strip():
            return replace(self, text=self.text + piece.text)
        return replace(piece, text=self.text + piece.text)


@dataclass(frozen=True, slots=True)
class _Body:
    """How running text is set: the size of its letters and the step from row to row, in points."""

    size: float
    step: float

    @classmethod
    def of(cls, sheets: Sequence[Sequence[Row]]) -> "_Body":
        """Measure the rows of all sheets: the size of most letters, the most frequent step at that size."""
        sizes: Counter[float] = Counter()
        steps: Counter[float] = Counter()
        for rows in sheets:
            for row in rows:
                sizes[row.size] += len(row.text)
        size = max(sizes, key=lambda one: sizes[one], default=0.0)
        for rows in sheets:
            pairs = ((one.y - other.y) for one, other in pairwise(rows) if one.size == other.size == size)
            steps.update(round(step) for step in pairs if step > 1)
        return cls(size, max(steps, key=lambda step: (steps[step], -step), default=0.0))


def parse_pdf(path: Path) -> Page:
    """Read a PDF file. Its info dates are those of the file, so `published` is left to the text.

    Raises:
        BrokenFileError: When it is damaged, locked by a password, or too large.
    """
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise too_large(size, MAX_FILE_BYTES)
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise BrokenFileError("is locked with a password")
        if len(reader.pages) > MAX_PAGES:
            raise BrokenFileError(f"has {len(reader.pages)} pages; the limit for one article is {MAX_PAGES}")
        sheets = [_rows_of(page) for page in reader.pages]
        info = reader.metadata
        title = " ".join((info.title or "").split()) if info else ""
        author = " ".join((info.author or "").split()) if info else ""
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError) as error:
        raise BrokenFileError(f"is not a readable PDF: {reason_of(error)}") from error
    if sum(len(row.text) for sheet in sheets for row in sheet) > MAX_TEXT_BYTES:
        raise too_large(MAX_TEXT_BYTES + 1, MAX_TEXT_BYTES)
    outlet, published = read_running_head(_first_head(sheets), (title, author))
    hints = Metadata(
        title=Sourced(title, "file metadata") if _is_title(title) else None,
        authors=(Sourced(author, "file metadata"),) if " " in author and len(author) < 60 else (),
        outlet=Sourced(outlet, RUNNING_HEAD) if outlet else None,
        published=Sourced(published, RUNNING_HEAD) if published else None,
    )
    return Page(str(path), path.name, "\n\n".join(paragraphs_of(sheets)), hints, is_page=False)


def paragraphs_of(sheets: Sequence[Sequence[Row]]) -> list[str]:
    """Join the rows of all sheets to paragraphs, without page numbers and running heads."""
    heads, body = _running_heads(sheets), _Body.of(sheets)
    texts: list[str] = []
    for sheet in sheets:
        edge = _edges(sheet)
        texts += _with_breaks([row for row in sheet if not (row in edge and _is_furniture(row, heads))], body)
    return join_wrapped(texts, _typical_width([text for text in texts if text]))


def _edges(sheet: Sequence[Row]) -> list[Row]:
    """Return the first and last two rows."""
    return [*sheet[:2], *sheet[2:][-2:]]


def _running_heads(sheets: Sequence[Sequence[Row]]) -> dict[str, float]:
    """Return what stands, digits aside, at one height at the edge of half of the sheets, and of two."""
    heights: dict[str, list[float]] = {}
    for sheet in sheets:
        for row in _edges(sheet):
            heights.setdefault(_without_digits(row.text), []).append(row.y)
    heads = {}
    for text, found in heights.items():
        middle = sorted(found)[len(found) // 2]
        level = sum(1 for y in found if abs(y - middle) <= SAME_HEIGHT)
        if text and level >= max(2, len(sheets) / 2):
            heads[text] = middle
    return heads


def _is_furniture(row: Row, heads: Mapping[str, float]) -> bool:
    height = heads.get(_without_digits(row.text))
    return _is_mark(row.text.strip()) or (height is not None and abs(row.y - height) <= SAME_HEIGHT)


def _first_head(sheets: Sequence[Sequence[Row]]) -> str:
    """Return the text of the running heads of the first sheet that has one."""
    heads = _running_heads(sheets)
    for sheet in sheets:
        rows = [row.text.strip() for row in _edges(sheet) if _is_furniture(row, heads)]
        if found := [row for row in rows if not _is_mark(row)]:
            return " | ".join(found)
    return ""


def _rows_of(sheet: "PageObject") -> list[Row]:
    """Return the rows of a sheet that hold text, with their places."""
    rows = [Row("")]

    def note(text: str, page: list[float], line: list[float], _font: object, size: float) -> None:
        x = line[4] * page[0] + line[5] * page[2] + page[4]
        y = line[4] * page[1] + line[5] * page[3] + page[5]
        scale = abs(line[2] * page[1] + line[3] * page[3])
        first, *others = (Row(one, x, y, round(size * scale, 1)) for one in text.split("\n"))
        rows[-1] = rows[-1].extended(first)
        rows.extend(others)

    sheet.extract_text(visitor_text=note)
    return [row for row in rows if row.text.strip()]


def _with_breaks(rows: Sequence[Row], body: _Body) -> list[str]:
    """Return the texts of rows, an empty one before each new paragraph; the rows of a headline are joined."""
    texts = [row.text for row in rows[:1]]
    for number in range(1, len(rows)):
        above, row = rows[number - 1], rows[number]
        if row.size == above.size > body.size * LARGE and 0 < above.y - row.y <= row.size * 1.6:
            texts[-1] = f"{texts[-1].rstrip()} {row.text.lstrip()}"
            continue
        if _starts_paragraph(above, row, rows[number + 1 : number + 2], body.step):
            texts.append("")
        texts.append(row.text)
    return texts


def _starts_paragraph(above: Row, row: Row, below: Sequence[Row], usual_step: float) -> bool:
    """Whether a row stands lower than usual or, after a sentence, is indented; never within a sentence."""
    ended = SENTENCE_END.search(above.text.rstrip()[-5:]) is not None
    if row.text.strip()[0].islower() and not ended:
        return False
    is_lower = above.y - row.y > max(usual_step * WIDE_GAP, usual_step + 2)
    is_indented = ended and any(INDENT[0] <= row.x - other.x <= INDENT[1] for other in below)
    return is_lower or is_indented


def _without_digits(row: str) -> str:
    return " ".join(re.sub(r"\d+", " ", row[:300]).split())


def _is_mark(row: str) -> bool:
    return len(row) <= 500 and bool(_PAGE_NUMBER.fullmatch(row) or _PRINT_MARK.fullmatch(row))


def _typical_width(rows: Sequence[str]) -> int:
    lengths = sorted(len(row) for row in rows)
    return lengths[int(len(lengths) * 0.9)] if lengths else 80


def _is_title(title: str) -> bool:
    """Whether an info title is one: not a file name or what a program filled in."""
    return len(title.split()) >= 3 and not re.search(
        r"\.(?:docx?|pdf|indd|html?)$|^microsoft word", title, re.IGNORECASE
    )
