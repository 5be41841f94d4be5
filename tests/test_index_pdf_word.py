"""PDF and Word files: paragraphs from the layout, running heads, properties that are not to be trusted."""

import gzip
import zipfile

import pytest
from loading import BODY, PARAGRAPHS, only_failure, only_page, value, write

from index.clean import clean
from index.loaders.pdf import Row, paragraphs_of
from index.metadata import extract_metadata
from index.schema import Sourced


class TestPdfAndWord:
    def test_pdf(self, tmp_path):
        canvas_module = pytest.importorskip("reportlab.pdfgen.canvas")
        canvas = canvas_module.Canvas(str(tmp_path / "a.pdf"))
        canvas.setAuthor("Some Program")
        rows = [
            "Council votes to rebuild the ferry pier",
            "By Jo Roe",
            "March 5, 2024",
            "The harbour council voted on Tuesday to rebuild the old ferry pier, ending four years of",
            "argument over its cost. Mayor Ilse Brandt said that the decision was overdue and she thank-",
            "ed the families.",
            "The work will cost 41 million euros and is to begin in March, according to the estimate of",
            "the council itself.",
        ]
        for number in range(3):
            canvas.drawString(72, 800, "The Harbour Post")
            for at, row in enumerate(
                rows if number == 0 else [f"Page text number {number} ends with a full stop."]
            ):
                canvas.drawString(72, 780 - 14 * at, row)
            canvas.drawString(300, 40, f"Page {number + 1} of 3")
            canvas.showPage()
        canvas.save()
        found = only_page(tmp_path / "a.pdf")
        text = clean(found).text
        assert "she thanked the families." in text
        assert "of argument over its cost." in text
        assert "Page 2 of 3" not in text
        assert "The Harbour Post" not in text
        metadata = extract_metadata(found, clean(found))
        assert value(metadata.title) == "Council votes to rebuild the ferry pier"
        assert [author.value for author in metadata.authors] == ["Jo Roe"]
        assert value(metadata.published) == "2024-03-05"

    def test_pdf_without_a_date_line_has_no_date(self, tmp_path):
        canvas_module = pytest.importorskip("reportlab.pdfgen.canvas")
        canvas = canvas_module.Canvas(str(tmp_path / "a.pdf"))
        canvas.drawString(
            72, 800, "The harbour council voted on Tuesday to rebuild the old ferry pier at last."
        )
        canvas.save()
        found = only_page(tmp_path / "a.pdf")
        assert extract_metadata(found, clean(found)).published is None

    def test_pdf_of_two_sheets_with_a_running_head(self, tmp_path):
        canvas_module = pytest.importorskip("reportlab.pdfgen.canvas")
        canvas = canvas_module.Canvas(str(tmp_path / "a.pdf"))
        full = [
            f"The {name} council voted on Tuesday to rebuild the pier, ending four years of argument."
            for name in ("harbour", "village", "borough", "coastal", "central", "islands")
        ]
        sheets = (
            # (text, size, y); the second paragraph runs over the end of the first sheet
            [("Council Votes to Rebuild", 20, 770), ("the Old Ferry Pier", 20, 746), (full[0], 10, 700),
             (full[1], 10, 686), ("Mayor Ilse Brandt said that she", 10, 664)],
            [("was glad.", 10, 770), (full[2], 10, 748), (full[3], 10, 734), (full[4], 10, 712),
             (full[5], 10, 698)],
        )  # fmt: skip
        for number, rows in enumerate(sheets):
            canvas.setFont("Times-Roman", 8)
            canvas.drawString(72, 810, "TIDE & TIMBER  |  5 March 2024")
            canvas.drawString(300, 40, str(number + 14))
            for text, size, y in rows:
                canvas.setFont("Times-Roman", size)
                canvas.drawString(72, y, text)
            canvas.showPage()
        canvas.save()
        found = only_page(tmp_path / "a.pdf")
        assert clean(found).text.split("\n\n") == [
            "Council Votes to Rebuild the Old Ferry Pier",
            f"{full[0]} {full[1]}",
            "Mayor Ilse Brandt said that she was glad.",
            f"{full[2]} {full[3]}",
            f"{full[4]} {full[5]}",
        ]
        metadata = extract_metadata(found, clean(found))
        assert metadata.outlet == Sourced("Tide & Timber", "running head")
        assert metadata.published == Sourced("2024-03-05", "running head")

    def test_pdf_paragraphs_by_their_indent(self, tmp_path):
        canvas_module = pytest.importorskip("reportlab.pdfgen.canvas")
        canvas = canvas_module.Canvas(str(tmp_path / "a.pdf"))
        full = "The harbour council voted on Tuesday to rebuild the pier, ending four years of argument."
        for number, indent in enumerate((12, 0, 12, 0, 0)):
            canvas.drawString(72 + indent, 700 - 14 * number, full)
        canvas.save()
        assert clean(only_page(tmp_path / "a.pdf")).text == f"{full} {full}\n\n{full} {full} {full}"

    def test_the_day_of_a_print_out_is_no_date(self, tmp_path):
        canvas_module = pytest.importorskip("reportlab.pdfgen.canvas")
        canvas = canvas_module.Canvas(str(tmp_path / "a.pdf"))
        for name in ("one", "two"):
            canvas.drawString(72, 800, "22.11.2026, 18:20  Pier to be rebuilt")
            canvas.drawString(72, 700, f"Sheet {name} has a sentence of its own, and it is long enough.")
            canvas.showPage()
        canvas.save()
        found = only_page(tmp_path / "a.pdf")
        assert extract_metadata(found, clean(found)).published is None

    def test_running_heads_and_page_numbers_go(self):
        bodies = [f"Sheet {name} has a sentence of its own." for name in ("alpha", "beta", "gamma", "delta")]
        sheets = [
            [Row(f"The Post {number}", y=800), Row(body, y=700), Row(str(number), y=20)]
            for number, body in enumerate(bodies)
        ]
        assert " ".join(paragraphs_of(sheets)) == " ".join(bodies)

    def test_rows_that_stand_twice_at_other_heights_stay(self):
        sheets = [[Row("One and the same.", y=y), Row("And another one.", y=y - 14)] for y in (800, 700)]
        assert " ".join(paragraphs_of(sheets)).count("One and the same.") == 2

    def test_word(self, tmp_path):
        from docx import Document

        document = Document()
        document.add_heading("Pier to be rebuilt", level=0)
        document.add_paragraph("By Jo Roe")
        for paragraph in PARAGRAPHS:
            document.add_paragraph(paragraph)
        table = document.add_table(rows=1, cols=2)
        table.cell(0, 0).text, table.cell(0, 1).text = "Cost", "41 million"
        document.save(str(tmp_path / "a.docx"))
        found = only_page(tmp_path / "a.docx")
        metadata = extract_metadata(found, clean(found))
        assert value(metadata.title) == "Pier to be rebuilt"
        assert metadata.published is None
        assert [author.value for author in metadata.authors] == ["Jo Roe"]
        assert clean(found).text.endswith(f"{BODY}\n\nCost | 41 million")

    @pytest.mark.parametrize("name", ["a.pdf", "a.docx"])
    @pytest.mark.parametrize("content", [b"", b"%PDF-1.7\nrubbish", b"PK\x03\x04rubbish"])
    def test_damaged_files_are_failures(self, tmp_path, name, content):
        assert only_failure(write(tmp_path / name, content))

    def test_word_bomb_is_refused(self, tmp_path):
        with zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("word/document.xml", b"<a>" + b" " * 200_000_000)
        assert "MB" in only_failure(tmp_path / "a.docx")

    def test_packed_bomb_is_refused(self, tmp_path):
        assert "MB" in only_failure(write(tmp_path / "a.html.gz", gzip.compress(b" " * 50_000_000)))
