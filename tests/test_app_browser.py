"""The pages in a real Chromium, over a real server: ask, read, upload, delete; nothing hostile ever runs."""

import json
import re
from urllib.parse import quote

import pytest
from served import CONTRAST, HOSTILE, NARROW, PATIENCE, WIDE, Server, overflow, visible_mark, words_of

from index.config import IndexConfig
from index.library import Library

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOUD = "Ottoline Vesper praised the lighthouse keeper Bram Tolliver for saving 41 sailors at Grimsey Point."


def ask(page, question):
    """Ask by keyboard and wait for the answer to this question."""
    box = page.locator("#dl-question textarea")
    box.fill(question)
    box.press("Enter")
    wait_for_answer(page, question)


def wait_for_answer(page, question):
    page.wait_for_function(
        """question => document.querySelector('.dl-answer')?.dataset.state === 'answer'
           && new URLSearchParams(location.search).get('q') === question""",
        arg=question,
    )


def headline(page):
    return page.locator(".dl-headline").inner_text()


def test_a_citation_opens_its_article_at_exactly_the_quoted_words(open_page):
    page = open_page()
    ask(page, "Who praised Marit Oskeland most?")
    assert "Davor Ketling" in headline(page)
    assert page.locator(".dl-coverage").inner_text()
    sentences = page.locator(".dl-sentence.is-quoted")
    assert sentences.count() >= 2
    for number in (0, 1):
        sentence = sentences.nth(number)
        cite = sentence.locator(".dl-cite").first
        assert re.fullmatch(r"Open source \d+: .+", cite.get_attribute("aria-label"))
        cite.click()
        quoted = words_of(sentence.locator(".dl-text"))
        page.wait_for_function(
            "quoted => document.querySelector('.dl-reader mark')?.textContent === quoted", arg=quoted
        )
        assert visible_mark(page) == quoted
        assert "is-open" in cite.get_attribute("class")


def test_each_count_opens_its_quotes(open_page):
    page = open_page("/?q=" + quote("Who praised Marit Oskeland most?"))
    toggle = page.locator(".dl-toggle").first
    toggle.wait_for()
    count = int(page.locator(".dl-count").first.inner_text())
    toggle.click()
    quotes = page.locator(f"#{toggle.get_attribute('aria-controls')} li")
    assert toggle.get_attribute("aria-expanded") == "true"
    assert quotes.count() == count
    words = words_of(quotes.nth(1).locator("q"))
    quotes.nth(1).locator(".dl-cite").click()
    page.wait_for_function(
        "words => document.querySelector('.dl-reader mark')?.textContent === words", arg=words
    )
    assert visible_mark(page) == words


def test_when_the_articles_do_not_say_the_page_says_so(open_page):
    page = open_page()
    ask(page, "What is the population of Osaka?")
    assert headline(page).startswith("The articles don’t say.")
    assert page.locator(".dl-reason").inner_text()
    page.locator(".dl-sources .dl-cite").first.click()
    assert visible_mark(page)


def test_filters_limit_the_answer_and_can_be_removed(open_page):
    page = open_page(
        "/?q=" + quote("Who praised Marit Oskeland most?") + "&outlet=Coastal+Wire&until=2025-11-30"
    )
    chips = page.locator(".dl-chip")
    chips.first.wait_for()
    assert page.locator(".dl-chip button").count() == 2
    before = page.locator(".dl-coverage").inner_text()
    page.get_by_role("button", name="Remove filter Outlet: Coastal Wire").click()
    page.wait_for_function("!location.search.includes('outlet=')")
    assert page.locator(".dl-chip button").count() == 1
    assert page.locator(".dl-coverage").inner_text() != before


def test_a_date_that_cannot_be_read_is_named(open_page):
    page = open_page()
    page.locator("#dl-filters button").first.click()
    page.locator("#dl-from input, #dl-from textarea").first.fill("next week")
    page.locator("#dl-question textarea").fill("Who won?")
    page.locator("#dl-question button").click()
    page.locator(".dl-error").wait_for()
    assert "next week" in page.locator(".dl-error").inner_text()


def test_upload_ask_and_delete(open_page):
    page = open_page("/library")
    page.locator(".dl-open").first.wait_for()
    before = page.locator(".dl-stats").inner_text()
    files = [
        {"name": "keeper `${1}` <b>.txt", "mimeType": "text/plain", "buffer": LOUD.encode()},
        {"name": "noise.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"},
    ]
    page.locator("#dl-upload input[type=file]").set_input_files(files)
    # The first upload loads the language pipeline, which takes seconds on a busy machine.
    page.wait_for_function(
        "document.querySelector('.dl-status')?.innerText.includes('1 added')", timeout=4 * PATIENCE
    )
    assert "noise.exe" in page.locator(".dl-status li").inner_text()
    page.wait_for_function("text => document.querySelector('.dl-stats').innerText !== text", arg=before)

    asking = open_page()
    question = "How many sailors did Bram Tolliver save at Grimsey Point?"
    ask(asking, question)
    assert "41" in headline(asking)

    page.locator("#dl-find input, #dl-find textarea").first.fill("keeper")
    page.wait_for_function("document.querySelectorAll('.dl-open').length === 1")
    page.locator(".dl-open").click()
    page.locator("[data-delete=ask]").click()
    page.locator("[data-delete=no]").click()
    page.locator("[data-delete=ask]").click()
    page.locator("[data-delete=yes]").click()
    page.wait_for_function("document.querySelector('.dl-status')?.innerText.includes('Deleted')")
    page.wait_for_function("document.querySelectorAll('.dl-open').length === 0")

    asking.reload()
    wait_for_answer(asking, question)
    assert headline(asking).startswith("The articles don’t say.")


def test_hostile_text_is_shown_as_text_on_every_page(open_page):
    page = open_page("/library")
    page.locator(".dl-open", has_text="window.__p=1").click()
    page.locator(".dl-reader[data-state=open]").wait_for()
    assert page.locator(".dl-reader h2").inner_text() == HOSTILE
    assert "${Object.assign(window,{__p:3})}" in page.locator(".dl-body").inner_text()
    assert page.locator(".dl-reader a").count() == 0
    assert page.locator(":is(.dl-reader, .dl-library) :is(script, img, iframe)").count() == 0

    page = open_page("/?q=" + quote(HOSTILE))
    page.locator(".dl-answer[data-state=answer]").wait_for()
    assert page.locator("#dl-question textarea").input_value() == HOSTILE
    ask(page, "What did Zarnia Plock say?")
    ask(page, "How much did Ms. Plock pay per ticket?")
    assert page.locator(".dl-sources h3", has_text="window.__p=1").count() >= 1
    page.locator("#dl-filters button").first.click()
    page.locator("#dl-outlets input").click()
    assert page.locator(".dl-answer :is(script, img, iframe)").count() == 0


def test_the_pages_fit_a_phone_and_the_reader_lies_over_them(open_page):
    page = open_page(viewport=NARROW)
    page.locator(".dl-example").first.wait_for()
    assert overflow(page) == 0
    ask(page, "Who praised Marit Oskeland most?")
    assert overflow(page) == 0
    assert page.locator(".dl-reader[data-state=open]").count() == 0
    cite = page.locator(".dl-sentence .dl-cite").first
    cite.click()
    assert visible_mark(page)
    box = page.locator(".dl-reader").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, NARROW["width"], NARROW["height"])
    assert page.evaluate("document.activeElement.className") == "dl-close"
    page.keyboard.press("Escape")
    page.locator(".dl-reader[data-state=open]").wait_for(state="detached")
    assert page.evaluate("document.activeElement.dataset.n") == cite.get_attribute("data-n")

    library = open_page("/library", viewport=NARROW)
    library.locator(".dl-open").first.click()
    library.locator(".dl-reader[data-state=open]").wait_for()
    assert overflow(library) == 0
    library.locator(".dl-close").click()
    assert overflow(library) == 0


def test_the_keyboard_alone_reaches_a_citation_and_opens_it(open_page):
    page = open_page()
    page.locator(".dl-example").first.wait_for()
    page.locator("#dl-question textarea").focus()
    question = "How much is the Tallis ferry contract worth?"
    page.keyboard.type(question)
    page.keyboard.press("Enter")
    wait_for_answer(page, question)
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('dl-cite')"):
            break
    assert page.evaluate("document.activeElement.classList.contains('dl-cite')")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.classList.contains('dl-scroll')")
    assert visible_mark(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_own_parts_keep_contrast(open_page, theme):
    page = open_page(theme=theme)
    page.locator(".dl-example").first.wait_for()
    assert page.evaluate(CONTRAST) == []
    ask(page, "Who praised Marit Oskeland most?")
    page.locator(".dl-toggle").first.click()
    page.locator(".dl-facts summary").click()
    page.locator(".dl-menu summary").click()
    assert page.evaluate(CONTRAST) == []
    page = open_page("/library", theme=theme)
    page.locator(".dl-open").nth(1).click()
    page.locator("[data-delete=ask]").click()
    page.locator(".dl-confirm").wait_for()
    assert page.evaluate(CONTRAST) == []


def test_removed_text_is_shown_struck_through_with_its_reason(open_page):
    page = open_page("/library")
    page.locator(".dl-open", has_text="Northlight Wins").click()
    body = page.locator(".dl-body")
    body.wait_for()
    assert body.locator("del").count() == 0
    page.locator("[data-toggle]").click()
    assert body.locator("del").count() >= 5
    assert "advertisement" in body.locator(".dl-why").all_inner_texts()
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.dl-body del')).textDecorationLine")
        == "line-through"
    )


def test_health_and_headers(server):
    status, headers, body = server.request("GET", "/healthz")
    assert (status, json.loads(body)) == (200, {"status": "ok"})
    assert server.request("GET", "/readyz")[0] in {200, 503}
    for path in ("/", "/library", "/config", "/style.css", "/nothing-here"):
        headers = {name.lower(): value for name, value in server.request("GET", path)[1].items()}
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff", path


def test_foreign_hosts_and_sites_are_refused(server):
    join = ("POST", "/gradio_api/queue/join", b"{}")
    plain = {"Content_Type": "application/json"}
    assert server.request("GET", "/", Host="evil.example")[0] == 400
    assert server.request("GET", "/config", X_Forwarded_Host="evil.example")[2].count(b"evil.example") == 0
    assert server.request(*join, **plain, Origin="http://evil.example")[0] == 403
    assert server.request(*join, **plain, Origin="null")[0] == 403
    assert server.request(*join, **plain, Sec_Fetch_Site="cross-site")[0] == 403
    assert server.request(*join, **plain, Origin=server.address)[0] not in {400, 403}
    assert server.request("POST", "/gradio_api/queue/join", b"x" * (2**20 + 1), **plain)[0] == 413


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "app.py",
        "../app.py",
        "..%2f..%2fetc%2fpasswd",
        "http://127.0.0.1:1/",
        "/proc/self/environ",
    ],
)
def test_no_file_of_the_machine_can_be_read(server, path):
    status, _, body = server.request("GET", f"/gradio_api/file={path}")
    assert status in {400, 403, 404}
    assert b"root:" not in body


def test_the_public_api_cannot_write(server):
    _, _, body = server.request("GET", "/gradio_api/info")
    assert set(json.loads(body)["named_endpoints"]) == {
        "/ask", "/get_article", "/list_sources", "/search", "/statements",
    }  # fmt: skip


def test_only_the_article_that_a_visitor_has_open_is_deleted(server, open_page):
    """The delete handler is called as a script would call it, without the page."""
    page = open_page("/library")
    page.locator(".dl-open").first.wait_for()
    article = page.locator(".dl-open").first.get_attribute("data-article")
    handler = page.evaluate(
        "window.gradio_config.dependencies.find(one => one.targets.some(([, name]) => name === 'delete')).id"
    )
    event = {
        "data": [None], "fn_index": handler, "session_hash": "stranger",
        "event_data": {"article": article},
    }  # fmt: skip
    status, _, _ = server.request(
        "POST", "/gradio_api/queue/join", json.dumps(event), Content_Type="application/json"
    )
    assert status == 200
    server.request("GET", "/gradio_api/queue/data?session_hash=stranger")
    page.reload()
    page.locator(f".dl-open[data-article='{article}']").wait_for()


def test_an_empty_library_says_what_to_do(root, browser, tmp_path):
    library = tmp_path / "empty"
    Library.create(library, IndexConfig(model="hashing")).close()
    running = Server(root, library)
    try:
        page = browser.new_page(viewport=WIDE)
        page.goto(running.address)
        page.locator(".dl-empty").wait_for(timeout=PATIENCE)
        assert "python -m index add" in page.locator(".dl-empty").inner_text()
        page.locator(".dl-empty a").click()
        page.locator("#dl-upload input[type=file]").wait_for(state="attached", timeout=PATIENCE)
        page.close()
    finally:
        running.stop()
