"""The page "Who said what" in a real Chromium: filters, cells, quotes, corrections, downloads, addresses."""

import csv
import io
import json
import re
from urllib.parse import quote

import pytest
from served import CONTRAST, HOSTILE, NARROW, PATIENCE, overflow, visible_mark, words_of

from index.library import Library

pytestmark = [pytest.mark.browser, pytest.mark.slow]

KETLING_ON_OSKELAND = "[aria-label^='Davor Ketling on Marit Oskeland:']"


def ready(page):
    page.locator(".dl-ledger .dl-stats").wait_for()
    return page


def praise_in(cell):
    """Return how much praise a cell counts."""
    return int(re.search(r"(\d+) of praise", cell.get_attribute("aria-label"))[1])


def counted(page, praise, quotes=None):
    """Wait until the cell counts so much praise and, if given, so many quotes stand below."""
    page.wait_for_function(
        """([cell, praise, quotes]) =>
            document.querySelector(`.dl-cell${cell}`)?.ariaLabel.includes(` ${praise} of praise`)
            && (quotes === null || document.querySelectorAll('.dl-said').length === quotes)""",
        arg=[KETLING_ON_OSKELAND, praise, quotes],
    )


def open_cell(page):
    cell = page.locator(f".dl-cell{KETLING_ON_OSKELAND}")
    cell.click()
    page.locator(".dl-said").first.wait_for()
    return cell


def test_a_cell_opens_its_quotes_and_a_quote_its_article_at_the_words(open_page):
    page = ready(open_page("/statements"))
    cell = open_cell(page)
    assert page.locator(".dl-quoted h2").inner_text() == "Davor Ketling on Marit Oskeland"
    assert page.locator(".dl-said").count() == praise_in(cell) >= 2
    said = page.locator(".dl-said").nth(1)
    assert said.locator(".dl-reading strong").all_inner_texts() == ["Davor Ketling", "Marit Oskeland"]
    said.locator(".dl-cite").click()
    words = words_of(said.locator("q"))
    page.wait_for_function(
        "words => document.querySelector('.dl-reader mark')?.textContent === words", arg=words
    )
    assert visible_mark(page) == words


def test_the_reader_stays_in_view_far_down_the_page(open_page):
    page = ready(open_page("/statements?target=Marit+Oskeland"))
    cite = page.locator(".dl-said .dl-cite").last
    cite.click()
    assert visible_mark(page)


def test_filters_narrow_the_page_and_its_address_and_the_address_opens_the_same(open_page):
    page = ready(open_page("/statements"))
    before = page.locator(".dl-ledger .dl-stats").inner_text()
    page.locator(".dl-form input[name=target]").fill("Oskeland")
    page.keyboard.press("Enter")
    page.locator(".dl-form select[name=stance]").select_option("praise")
    page.wait_for_function("location.search.includes('stance=praise')")
    page.locator(".dl-quoted .dl-said").first.wait_for()
    assert page.locator(".dl-ledger .dl-stats").inner_text() != before
    assert page.evaluate("location.pathname") == "/statements"
    assert page.locator(".dl-ledger tbody tr").first.locator("th").inner_text() == "Davor Ketling"
    stances = set(page.locator(".dl-said .dl-stance").all_inner_texts())
    assert {stance.split()[-1] for stance in stances} == {"praise"}

    again = ready(open_page(page.evaluate("location.pathname + location.search")))
    again.locator(".dl-said").first.wait_for()
    assert again.locator(".dl-form input[name=target]").input_value() == "Oskeland"
    assert again.locator(".dl-form select[name=stance]").input_value() == "praise"
    for part in (".dl-ledger .dl-stats", ".dl-quoted h2", ".dl-ledger tbody"):
        assert again.locator(part).inner_text() == page.locator(part).inner_text()
    again.get_by_role("button", name="Clear").click()
    again.wait_for_function("!location.search.includes('target')")
    assert again.locator(".dl-quoted").is_hidden()


def test_a_row_of_a_count_leads_to_its_statements(open_page):
    page = open_page("/?q=" + quote("Who praised Marit Oskeland most?"))
    row = page.locator(".dl-tally tbody tr").first
    row.wait_for()
    name, count = row.locator("th a").inner_text(), int(row.locator(".dl-count").inner_text())
    row.locator("th a").click()
    page.wait_for_url("**/statements?**")
    page.locator(".dl-said").first.wait_for()
    assert page.locator(".dl-form input[name=speaker]").input_value() == name
    assert praise_in(page.locator(".dl-ledger .dl-cell").first) == count
    assert page.locator(".dl-quoted h2").inner_text() == f"{name} on Marit Oskeland"


def test_an_address_that_cannot_be_read_says_so_and_leaves_the_form(open_page):
    page = open_page("/statements?from=spring")
    page.locator(".dl-ledger .dl-error").wait_for()
    assert "spring" in page.locator(".dl-error").inner_text()
    page.locator(".dl-form input[name=speaker]").fill("Ketling")
    page.keyboard.press("Enter")
    page.locator(".dl-said").first.wait_for()


def test_a_correction_counts_at_once_and_can_be_undone(open_page):
    page = ready(open_page("/statements"))
    cell = open_cell(page)
    before = praise_in(cell)
    words = words_of(page.locator(".dl-said q").first)
    page.locator(".dl-wrong").first.click()
    form = page.locator(".dl-correct")
    assert form.locator("[name=speaker]").input_value() == "Davor Ketling"
    form.locator("[name=stance]").select_option("criticise")
    form.get_by_role("button", name="Save").click()
    page.locator(".dl-notice", has_text="Davor Ketling on Marit Oskeland: criticism").wait_for()
    counted(page, before - 1, before)
    assert "1 of criticism" in cell.get_attribute("aria-label")
    corrected = page.locator(".dl-said", has=page.locator(".dl-badge"))
    assert words_of(corrected.locator("q")) == words

    # It is there for the next reader, in the list of corrections and in the answers.
    other = ready(open_page("/statements?speaker=Ketling&target=Oskeland"))
    other.locator(".dl-said .dl-badge").wait_for()
    other.locator(".dl-corrections summary").click()
    assert other.locator(".dl-corrections s").inner_text() == "Davor Ketling on Marit Oskeland: praise"
    other.locator(".dl-corrections [data-undo]").click()
    other.locator(".dl-notice", has_text="taken back").wait_for()
    other.locator(".dl-said .dl-badge").wait_for(state="detached")
    other.locator(".dl-corrections").wait_for(state="hidden")


def test_what_is_no_statement_goes_and_comes_back_by_undo(open_page):
    page = ready(open_page("/statements"))
    cell = open_cell(page)
    before = praise_in(cell)
    page.locator(".dl-wrong").first.click()
    page.get_by_role("button", name="It is no statement").click()
    page.locator(".dl-notice", has_text="not a statement").wait_for()
    counted(page, before - 1, before - 1)
    page.locator(".dl-notice [data-undo]").click()
    page.locator(".dl-notice", has_text="taken back").wait_for()
    counted(page, before, before)


def test_a_correction_waits_for_its_turn_with_a_clear_word(open_page, server):
    page = ready(open_page("/statements"))
    cell = open_cell(page)
    before = praise_in(cell)
    page.locator(".dl-wrong").first.click()
    page.locator(".dl-correct [name=speaker]").fill("Somebody Else")
    with Library.open(server.library, write=True):
        page.get_by_role("button", name="Save").click()
        page.locator(".dl-notice[data-kind=bad]").wait_for()
        assert "writing" in page.locator(".dl-notice").inner_text()
    assert page.locator(".dl-correct [name=speaker]").input_value() == "Somebody Else"
    assert praise_in(cell) == before


def test_hostile_words_and_names_stay_words(open_page):
    page = ready(open_page("/statements?stance=any&also=unnamed&speaker=Zarnia+Plock"))
    page.locator(".dl-said").first.wait_for()
    assert "window.__p=1" in page.locator(".dl-quoted").inner_text()
    page.locator(".dl-wrong").first.click()
    page.locator(".dl-correct [name=target]").fill(HOSTILE[:200])
    page.locator(".dl-correct").get_by_role("button", name="Save").click()
    page.locator(".dl-notice", has_text="window.__p=1").wait_for()
    page.locator(".dl-corrections summary").click()
    page.locator(".dl-notice [data-undo]").click()
    page.locator(".dl-notice", has_text="taken back").wait_for()

    page = ready(open_page("/statements?speaker=" + quote(HOSTILE[:200])))
    assert page.locator(".dl-form input[name=speaker]").input_value() == " ".join(HOSTILE[:200].split())
    assert (
        page.locator(":is(.dl-ledger, .dl-quoted, .dl-form, .dl-notice) :is(script, img, iframe)").count()
        == 0
    )


def test_the_page_fits_a_phone(open_page):
    page = ready(open_page("/statements", viewport=NARROW))
    assert overflow(page) == 0
    open_cell(page)
    page.locator(".dl-wrong").first.click()
    assert overflow(page) == 0
    page.locator(".dl-said .dl-cite").first.click()
    assert visible_mark(page)
    box = page.locator(".dl-reader").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, NARROW["width"], NARROW["height"])
    page.keyboard.press("Escape")
    page.locator(".dl-reader[data-state=open]").wait_for(state="detached")
    assert page.evaluate("document.activeElement.className").startswith("dl-cite")


def test_the_keyboard_alone_goes_from_a_cell_to_the_marked_words(open_page):
    page = ready(open_page("/statements"))
    page.locator(f".dl-cell{KETLING_ON_OSKELAND}").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.tagName === 'H2'")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('dl-cite')")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.classList.contains('dl-scroll')")
    assert visible_mark(page)


def test_a_bar_narrows_the_page_to_its_time_and_the_table_says_the_same(open_page):
    page = ready(open_page("/statements"))
    plot = page.locator(".dl-plot")
    plot.wait_for()
    assert plot.get_attribute("role") == "img"
    assert plot.get_attribute("aria-label").startswith("Praise and criticism by ")
    drawn = page.locator(".dl-plot title").all_text_contents()
    page.locator(".dl-chart summary").click()
    rows = page.locator(".dl-chart tbody tr")
    for number in range(rows.count()):
        cells = rows.nth(number).locator("td").all_inner_texts()
        label = rows.nth(number).locator("button").text_content()
        assert f"{label}: {cells[0]} of praise, {cells[1]} of criticism" in drawn
    rows.first.locator("button").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("location.search.includes('from=') && location.search.includes('until=')")
    assert page.locator(".dl-form input[name=from]").input_value()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_own_parts_keep_contrast(open_page, theme):
    page = ready(open_page("/statements", theme=theme))
    open_cell(page)
    page.locator(".dl-wrong").first.click()
    for summary in page.locator(".dl-form summary, .dl-chart summary").all():
        summary.click()
    assert page.evaluate(CONTRAST) == []


def test_csv_and_json_hold_what_is_shown(open_page):
    page = ready(open_page("/statements?speaker=Ketling&target=Oskeland"))
    page.locator(".dl-said").first.wait_for()
    shown = [words_of(one) for one in page.locator(".dl-said q").all()]
    found = {}
    for kind in ("CSV", "JSON"):
        with page.expect_download(timeout=PATIENCE) as download:
            page.get_by_role("link", name=kind).click()
        assert download.value.suggested_filename == f"statements.{kind.lower()}"
        found[kind] = download.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(found["CSV"])))
    assert sorted(row["quote"] for row in rows) == sorted(shown)
    assert sorted(row["quote"] for row in json.loads(found["JSON"])) == sorted(shown)


def test_a_download_that_cannot_be_made_says_why(server):
    status, _, body = server.request("GET", "/statements.csv?from=spring")
    assert (status, b"spring" in body) == (400, True)
