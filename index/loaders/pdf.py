"""PDF: the text of each page, wrapped lines joined, page numbers and running heads taken out."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from index.errors import BrokenFileError
from index.loaders.content import MAX_FILE_BYTES, MAX_TEXT_BYTES, reason_of, too_large
from index.loaders.unwrap import join_wrapped
from index.schema import Metadata, Page, Sourced

MAX_PAGES = 1000

_PAGE_NUMBER = re.compile(r"(?:page |p\. ?|- ?)?\d{1,4}(?: ?(?:of|/) ?\d{1,4})?(?: ?-)?", re.IGNORECASE)
_PRINT_MARK = re.compile(
    r"(?:https?://\S{4,400}|\d{1,2}/\d{1,2}/\d{2,4},? \d{1,2}:\d\d.{0,200})(?: \d{1,3}/\d{1,3})?"
)


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
        sheets = [page.extract_text().split("\n") for page in reader.pages]
        info = reader.metadata
        title = " ".join((info.title or "").split()) if info else ""
        author = " ".join((info.author or "").split()) if info else ""
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError) as error:
        raise BrokenFileError(f"is not a readable PDF: {reason_of(error)}") from error
    if sum(len(row) for sheet in sheets for row in sheet) > MAX_TEXT_BYTES:
        raise too_large(MAX_TEXT_BYTES + 1, MAX_TEXT_BYTES)
    hints = Metadata(
        title=Sourced(title, "file metadata") if _is_title(title) else None,
        authors=(Sourced(author, "file metadata"),) if " " in author and len(author) < 60 else (),
    )
    return Page(str(path), path.name, "\n\n".join(paragraphs_of(sheets)), hints, is_page=False)


def paragraphs_of(sheets: Sequence[Sequence[str]]) -> list[str]:
    """Join the rows of all sheets to paragraphs, without page numbers and running heads."""
    heads = _running_heads(sheets)
    rows: list[str] = []
    for sheet in sheets:
        kept = [row.rstrip() for row in sheet if row.strip()]
        edge = {0, 1, len(kept) - 1, len(kept) - 2}
        body = [
            row
            for number, row in enumerate(kept)
            if not (number in edge and (_without_digits(row) in heads or _is_mark(row.strip())))
        ]
        rows.extend(body)
    return join_wrapped(rows, _typical_width(rows))


def _running_heads(sheets: Sequence[Sequence[str]]) -> set[str]:
    """Return the rows, digits aside, that stand at the edge of half of the sheets, and of three at least."""
    counts: Counter[str] = Counter()
    for sheet in sheets:
        kept = [row for row in sheet if row.strip()]
        counts.update({_without_digits(row) for row in kept[:2] + kept[-2:]})
    return {row for row, count in counts.items() if row and count >= max(3, len(sheets) / 2)}


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
