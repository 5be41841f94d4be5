"""A conversation in a real Chromium: follow-ups, limits, history, files, links, a language model's words."""

import json
import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from scripted_model import scripted
from served import HOSTILE, NARROW, Server, overflow, watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST = "Who praised Marit Oskeland most?"
WORTH = "How much is the contract for the ferries worth?"


def ask(page, question):
    """Ask in the box on top and wait for the answer."""
    box = page.locator("#dl-question textarea")
    box.fill(question)
    box.press("Enter")
    answered(page, question)


def follow(page, question):
    """Ask in the box below and wait for the answer."""
    box = page.locator(".dl-follow input")
    box.fill(question)
    box.press("Enter")
    page.wait_for_function(
        "asked => document.querySelector('.dl-answer .dl-heading h2')?.textContent === asked", arg=question
    )
    answered(page, question)


def answered(page, question):
    page.wait_for_function(
        """question => document.querySelector('.dl-answer')?.dataset.state === 'answer'
           && new URLSearchParams(location.search).get('q') === question""",
        arg=question,
    )


def numbers(page, where):
    """Return the number of each passage that is cited there, by its words."""
    lines = page.locator(f"{where} .dl-quotes li")
    texts = lines.locator("q").all_text_contents()
    return dict(zip(texts, lines.locator("button").all_text_contents(), strict=True))


def test_a_follow_up_continues_the_conversation_and_citations_keep_their_numbers(open_page):
    page = open_page()
    ask(page, MOST)
    first = numbers(page, ".dl-answer")
    follow(page, "What did Davor Ketling say about her?")
    assert page.locator("#dl-question").is_hidden()
    assert page.evaluate("document.activeElement === document.querySelector('.dl-follow input')")
    folded = page.locator(".dl-past .dl-turn")
    assert folded.locator(".dl-turn-question").all_inner_texts() == [MOST]
    assert not folded.locator(".dl-sources").is_visible()
    folded.locator("summary").first.click()
    assert numbers(page, ".dl-past") == first
    second = numbers(page, ".dl-answer")
    assert {words: number for words, number in second.items() if words in first} == {
        words: number for words, number in first.items() if words in second
    }
    assert set(first) & set(second)
    assert {int(one) for one in second.values()} - {int(one) for one in first.values()} <= set(
        range(len(first) + 1, 99)
    )
    folded.locator(".dl-sentence .dl-cite").first.click()
    page.wait_for_function("document.querySelector('.dl-reader mark')")
    page.reload()
    answered(page, "What did Davor Ketling say about her?")
    assert page.locator(".dl-past .dl-turn-question").all_inner_texts() == [MOST]
    assert numbers(page, ".dl-answer") == second


def test_what_is_carried_over_is_a_chip_and_can_be_taken_away_and_put_back(open_page):
    page = open_page()
    ask(page, MOST)
    follow(page, "And who criticised her?")
    carried = page.locator(".dl-chip.is-constraint")
    assert "Oskeland" in carried.inner_text()
    understood = page.locator(".dl-heading .dl-fine").inner_text()
    assert "Oskeland" in understood
    page.locator(".dl-drop").click()
    page.wait_for_function("location.search.includes('without=')")
    # Somebody else may be meant then, and is offered in her place.
    assert "Oskeland" not in " ".join(page.locator(".dl-chip.is-constraint").all_inner_texts())
    assert page.locator(".dl-past .dl-turn").count() == 1
    page.locator(".dl-restore").click()
    page.wait_for_function("!location.search.includes('without=')")
    assert page.locator(".dl-heading .dl-fine").inner_text() == understood


def test_answers_are_saved_as_files_alone_and_together(open_page):
    page = open_page("/?q=" + quote(WORTH))
    answered(page, WORTH)
    quoted = page.locator(".dl-answer .dl-quotes q").first.inner_text()
    follow(page, MOST)
    page.locator(".dl-menu summary").click()

    def saved(kind, which):
        with page.expect_download() as waiting:
            page.locator(".dl-menu-list div").nth(which).get_by_text(kind, exact=True).click()
        return waiting.value.suggested_filename, waiting.value.path().read_text(encoding="utf-8")

    name, text = saved("JSON", 0)
    assert (name, json.loads(text)["question"]) == ("answer.json", MOST)
    whole = json.loads(saved("JSON", 1)[1])
    assert [one["asked"] for one in whole["questions"]] == [WORTH, MOST]
    assert quoted in saved("Markdown", 1)[1]
    assert saved("Sources as RIS", 1)[1].count("\nER  -") == page.locator(".dl-card").count()
    assert saved("Sources as BibTeX", 0)[0] == "answer.bib"


def test_questions_are_kept_in_the_browser_until_they_are_cleared(open_page):
    page = open_page()
    ask(page, MOST)
    follow(page, "What did Davor Ketling say about her?")
    page.locator(".dl-anew").click()
    page.locator(".dl-again").wait_for()
    assert urlsplit(page.url).query in {"", "__theme=light"}
    assert page.locator("#dl-question textarea").input_value() == ""
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    ask(page, WORTH)
    again = open_page(context=page.context)
    again.locator(".dl-again").first.wait_for()
    assert again.locator(".dl-again").all_inner_texts() == [WORTH, MOST]
    assert "1 follow-up" in again.locator(".dl-history li").nth(1).inner_text()
    again.locator(".dl-again").nth(1).click()
    answered(again, "What did Davor Ketling say about her?")
    assert again.locator(".dl-past .dl-turn-question").all_inner_texts() == [MOST]
    again.locator(".dl-anew").click()
    again.locator("[data-history=clear]").click()
    assert again.locator(".dl-again").count() == 0
    again.reload()
    again.locator(".dl-example").first.wait_for()
    assert again.locator(".dl-again").count() == 0


def test_a_link_asks_the_same_for_somebody_else(open_page):
    page = open_page("/?q=" + quote(WORTH) + "&outlet=The+Harbour+Courier&from=2025-01-01")
    answered(page, WORTH)
    page.get_by_text("Copy link").click()
    page.get_by_text("Copied.").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    fields = parse_qs(urlsplit(link).query)
    assert (fields["q"], fields["outlet"], fields["from"]) == (
        [WORTH], ["The Harbour Courier"], ["2025-01-01"],
    )  # fmt: skip
    other = open_page("/" + "?" + urlsplit(link).query)
    answered(other, WORTH)
    assert other.locator(".dl-headline h2").inner_text() == page.locator(".dl-headline h2").inner_text()
    assert other.locator(".dl-chip button").count() == 2


def test_a_hostile_question_is_text_in_the_conversation_and_in_the_history(open_page):
    page = open_page(viewport=NARROW)
    ask(page, MOST)
    shown = " ".join(HOSTILE.split())
    follow(page, shown)
    follow(page, "What did Zarnia Plock say?")
    assert page.locator(".dl-past .dl-turn-question").nth(1).inner_text() == shown
    assert overflow(page) == 0
    page.locator(".dl-anew").click()
    page.locator(".dl-again").wait_for()
    assert page.locator("#dl-answer :is(script, img, iframe)").count() == 0
    assert overflow(page) == 0


def test_a_conversation_that_cannot_be_read_is_refused_in_words(open_page):
    page = open_page("/?q=Who&before=" + quote('[{"asked": 7}]'))
    page.locator(".dl-error").wait_for()
    assert "asked before" in page.locator(".dl-error").inner_text()


# --- a language model


@pytest.fixture(scope="module")
def model():
    with scripted(lambda call: call.stream("Nothing.")) as server:
        yield server


@pytest.fixture(scope="module")
def writing_server(root, server, model):
    settings = {"DATELINE_LLM_BASE_URL": model.address, "DATELINE_LLM_MODEL": "tiny <b>${1}</b>"}
    running = Server(root, server.library, **settings)
    yield running
    running.stop()


@pytest.fixture
def open_writing(browser, writing_server):
    with watched(browser, writing_server) as opener:
        yield opener


def test_a_models_words_stream_in_below_the_answer_and_each_sentence_is_marked(model, open_writing):
    steps = []

    def script(call):
        call.start()
        call.send(_words(f"Davor Ketling praised Marit Oskeland. [{call.keys[0]}] "))
        call.send(_words("It <img src=x onerror=window.__p=9> went to Berlin "))
        while not steps:
            call.hang(0.05)
        call.send(_words(f"for 7 years. [{call.keys[0]}]"))
        call.send(b"data: [DONE]\n\n")

    model.script = (script,)
    page = open_writing()
    ask(page, MOST)
    written = page.locator(".dl-answer > .dl-written")
    written.locator(".dl-sentence").first.wait_for()
    assert page.locator(".dl-sentences .dl-sentence.is-quoted").count() >= 1
    assert "tiny <b>${1}</b>" in written.locator("h2").inner_text()
    assert written.locator(".dl-stop").is_visible()
    steps.append("go on")
    page.wait_for_function("document.querySelector('.dl-written').getAttribute('aria-busy') === 'false'")
    assert page.locator(".dl-stop").count() == 0
    assert written.locator(".dl-sentence").first.inner_text().startswith("Davor Ketling praised")
    for sentence in written.locator(".dl-sentence").all():
        assert re.search(r"Quoted|Supported|Weakly", sentence.locator(".dl-support").inner_text())
    assert page.locator("#dl-answer :is(script, img, iframe)").count() == 0


def test_a_model_can_be_stopped_and_the_answer_stands(model, open_writing):
    gone = []

    def script(call):
        call.start()
        call.send(_words(f"Davor Ketling praised Marit Oskeland. [{call.keys[0]}] "))
        call.send(_words("It went to the yard in Berlin "))
        gone.append(call.gone(20))

    model.script = (script,)
    page = open_writing("/?q=" + quote(MOST))
    answered(page, MOST)
    page.locator(".dl-written .dl-sentence").first.wait_for()
    page.locator(".dl-stop").click()
    assert page.locator(".dl-written-status").inner_text() == "Stopped."
    assert page.locator(".dl-stop").count() == 0
    assert page.locator(".dl-sentences .dl-sentence.is-quoted").count() >= 1
    page.wait_for_timeout(1500)
    assert gone == [True]
    assert page.locator(".dl-written .dl-sentence").count() == 1


def test_a_model_that_fails_is_told_in_words_and_the_answer_stands(model, open_writing):
    model.script = (lambda call: call.fail(404, "no such model"),)
    page = open_writing("/?q=" + quote(MOST))
    answered(page, MOST)
    page.wait_for_function("document.querySelector('.dl-written-status')?.textContent.length > 20")
    assert page.locator(".dl-written .dl-sentence").count() == 0
    assert page.locator(".dl-headline h2").inner_text() == "Davor Ketling"


def test_nothing_is_said_of_a_model_where_none_is_set_up(open_page):
    page = open_page("/?q=" + quote(MOST))
    answered(page, MOST)
    assert page.locator(".dl-written").is_hidden()


def _words(text):
    chunk = {"id": "c", "object": "chat.completion.chunk", "choices": [
        {"index": 0, "delta": {"content": text}, "finish_reason": None}
    ]}  # fmt: skip
    return f"data: {json.dumps(chunk)}\n\n".encode()
