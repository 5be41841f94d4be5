"""Word files (.docx): paragraphs and table cells in order; the file's own dates are not trusted."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from index.errors import BrokenFileError
from index.loaders.content import MAX_FILE_BYTES, MEGABYTE, reason_of, too_large
from index.schema import Metadata, Page, Sourced

MAX_UNPACKED_BYTES = 150 * MEGABYTE


def parse_word(path: Path) -> Page:
    """Read a .docx file. The created date is that of the file, so `published` is left to the text.

    Raises:
        BrokenFileError: When it is damaged or too large.
    """
    _check_size(path)
    from docx import Document
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError  # type: ignore[import-untyped]

    try:
        document = Document(str(path))
        blocks = list(_blocks(document))
        properties = document.core_properties
        title, author = properties.title or "", properties.author or ""
    except (OpcError, LxmlError, zipfile.BadZipFile, KeyError, ValueError, AttributeError, OSError) as error:
        raise BrokenFileError(f"is not a readable .docx file: {reason_of(error)}") from error
    styled = next((text for text, style in blocks if style == "Title"), None)
    styled = styled or next((text for text, style in blocks if style == "Heading 1"), None)
    hints = Metadata(
        title=Sourced(styled, "title style") if styled else _property(title),
        authors=tuple(one for one in (_property(author),) if one and " " in one.value),
    )
    return Page(str(path), path.name, "\n\n".join(text for text, _ in blocks), hints, is_page=False)


def _check_size(path: Path) -> None:
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise too_large(size, MAX_FILE_BYTES)
    try:
        with zipfile.ZipFile(path) as package:
            unpacked = sum(entry.file_size for entry in package.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise BrokenFileError(f"is not a readable .docx file: {reason_of(error)}") from error
    if unpacked > MAX_UNPACKED_BYTES:
        raise too_large(unpacked, MAX_UNPACKED_BYTES)


def _blocks(document: object) -> Iterator[tuple[str, str]]:
    """Yield the text and style name of each paragraph that has text, and of each row of a table."""
    from docx.table import Table

    for block in document.iter_inner_content():  # type: ignore[attr-defined]
        if isinstance(block, Table):
            for row in block.rows:
                cells = dict.fromkeys(" ".join(cell.text.split()) for cell in row.cells)
                if text := " | ".join(cell for cell in cells if cell):
                    yield text, ""
        else:
            for text in block.text.split("\n"):
                if text.strip():
                    yield " ".join(text.split()), block.style.name if block.style else ""


def _property(value: str) -> Sourced | None:
    value = " ".join(value.split())
    known = value.lower() in {"", "python-docx", "word document", "untitled", "microsoft office user", "user"}
    return None if known else Sourced(value, "file metadata")
