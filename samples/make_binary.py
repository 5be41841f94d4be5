"""Write the sample articles that are not plain text: the PDF, the DOCX and the compressed page.

Run from the repository root: `python samples/make_binary.py [FOLDER]` (default `samples/articles`). The text
is in `samples/sources`; the same text gives the same articles. Needs reportlab and python-docx.
"""

import gzip
import io
import os
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

SOURCES = Path(__file__).parent / "sources"

PROFILE_DATE = datetime(2025, 11, 7, 9, 0, tzinfo=UTC)
PROFILE_AUTHOR = "Ines Quarrell"
RUNNING_HEAD = "SOUND & SHORE  |  7 November 2025"
FIRST_PAGE = 38
BREAK_MARK = "·"
"""Stands in the source where the typesetter may break a word with a hyphen."""

HEADING_FONTS = (("Times-Bold", 19), ("Times-Italic", 11), ("Helvetica", 9), ("Helvetica", 7))
BODY_FONT, BODY_SIZE, LEADING, MARGIN = "Times-Roman", 10.5, 15.0, 48.0

DEBATE_DATE = datetime(2025, 11, 6, 7, 30, tzinfo=UTC)
DEBATE_AUTHOR = "Saskia Thornbury"


def _paragraphs(name: str) -> list[str]:
    return (SOURCES / name).read_text(encoding="utf-8").strip().split("\n\n")


def write_profile(path: Path) -> None:
    """Write the two-page magazine profile with a running head, page numbers and hyphenated lines."""
    # reportlab stamps the time of the run unless this is set, and that would pass for a publication date.
    os.environ["SOURCE_DATE_EPOCH"] = str(int(PROFILE_DATE.timestamp()))
    from reportlab.lib.pagesizes import A5
    from reportlab.pdfgen.canvas import Canvas

    width, height = A5
    heading = _paragraphs("ketling-profile.txt")[: len(HEADING_FONTS)]
    body = _paragraphs("ketling-profile.txt")[len(HEADING_FONTS) :]
    canvas = Canvas(str(path), pagesize=A5)
    canvas.setTitle(heading[0])
    canvas.setAuthor(PROFILE_AUTHOR)
    number = FIRST_PAGE

    def open_page() -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(MARGIN, height - 30, RUNNING_HEAD)
        canvas.drawCentredString(width / 2, 24, str(number))
        canvas.setFont(BODY_FONT, BODY_SIZE)

    open_page()
    y = height - 62
    for line, (font, size) in zip(heading, HEADING_FONTS, strict=True):
        canvas.setFont(font, size)
        canvas.drawString(MARGIN, y, line)
        y -= size + 10
    canvas.setFont(BODY_FONT, BODY_SIZE)
    for paragraph in body:
        for line in _lines(paragraph, width - 2 * MARGIN):
            if y < 50:
                canvas.showPage()
                number += 1
                open_page()
                y = height - 62
            canvas.drawString(MARGIN, y, line)
            y -= LEADING
        y -= LEADING / 2
    canvas.save()


def _lines(paragraph: str, width: float) -> Iterator[str]:
    """Break a paragraph into lines of at most `width` points, at spaces and at break marks."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    def fits(text: str) -> bool:
        return bool(stringWidth(text, BODY_FONT, BODY_SIZE) <= width)

    line = ""
    for word in paragraph.split(" "):
        parts = word.split(BREAK_MARK)
        whole = "".join(parts)
        start = f"{line} " if line else ""
        if fits(start + whole):
            line = start + whole
            continue
        heads = ("".join(parts[:cut]) for cut in range(len(parts) - 1, 0, -1))
        head = next((head for head in heads if fits(f"{start}{head}-")), "")
        yield f"{start}{head}-" if head else line
        line = whole[len(head) :]
    yield line


def write_debate(path: Path) -> None:
    """Write the newspaper report as a word processor saves it: heading styles, a byline paragraph."""
    from docx import Document

    title, *paragraphs = _paragraphs("mayoral-debate.txt")
    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title.removeprefix("# "), DEBATE_AUTHOR, ""
    properties.created = properties.modified = DEBATE_DATE.replace(tzinfo=None)
    document.add_heading(title.removeprefix("# "), level=0)
    for paragraph in paragraphs:
        if paragraph.startswith("## "):
            document.add_heading(paragraph.removeprefix("## "), level=2)
        else:
            document.add_paragraph(paragraph)
    saved = io.BytesIO()
    document.save(saved)
    _repack(saved, path)


def _repack(saved: io.BytesIO, path: Path) -> None:
    """Copy a zip file with the article's date on every member, so that the bytes do not vary by run."""
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, DEBATE_DATE.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, source.read(name))


def write_wire_copy(path: Path) -> None:
    """Write the second outlet's copy of the wire story as a compressed saved page."""
    path.write_bytes(gzip.compress((SOURCES / "first-sailing-echo.html").read_bytes(), mtime=0))


def write_all(folder: Path) -> None:
    """Write the three files into `folder`."""
    write_profile(folder / "ketling-profile.pdf")
    write_debate(folder / "mayoral-debate.docx")
    write_wire_copy(folder / "first-sailing-echo.html.gz")


if __name__ == "__main__":
    write_all(Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCES.parent / "articles")
