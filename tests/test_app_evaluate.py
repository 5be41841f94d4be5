"""The page Evaluate in a real Chromium: run, stop, go on, read failures, compare; complaints become gold."""

import json
import re
from urllib.parse import quote

import pytest
from eval_samples import write_lines
from served import CONTRAST, HOSTILE, NARROW, PATIENCE, WIDE, Server, overflow, visible_mark

pytestmark = [pytest.mark.browser, pytest.mark.slow]

GOLD = (
    {
        "id": "evil",
        "question": f"What did Zarnia Plock say {HOSTILE}?",
        "type": f"evil {HOSTILE}",
        "answerable": True,
        "answers": [HOSTILE],
        "evidence": [{"article": HOSTILE, "quote": HOSTILE}],
        "note": HOSTILE,
    },
    {
        "id": "festival",
        "question": "On which day did the quillwort festival open?",
        "type": "factoid",
        "answerable": True,
        "answers": ["Monday"],
        "evidence": [{"article": HOSTILE, "quote": "The quillwort festival opened on Monday."}],
    },
    {
        "id": "wrong",
        "question": "Who praised Marit Oskeland most?",
        "type": "factoid",
        "answerable": True,
        "answers": ["Nobody Atall"],
        "evidence": [{"article": "ferry-contract.txt", "quote": "shut the door on the one company"}],
    },
)


def arrive(open_page, path="/evaluate", **view):
    page = open_page(path, **view)
    page.locator(".dl-gold-form").wait_for()
    return page


def start(page, gold=None, limit=""):
    if gold:
        page.locator("[name=gold]").select_option(gold)
    page.locator("[name=limit]").fill(limit)
    page.get_by_role("button", name="Run", exact=True).click()


def lay_out_gold(server, name, questions):
    shelf = server.library / "gold"
    shelf.mkdir(exist_ok=True)
    rows = [
        {"id": f"q{n}", "question": f"Who praised number {n}?", "answers": ["x"]} for n in range(questions)
    ]
    write_lines(shelf / name, rows)


def wait_for_status(page, words):
    page.wait_for_function(
        "words => document.querySelector('.dl-status')?.innerText.startsWith(words)",
        arg=words,
        timeout=4 * PATIENCE,
    )


def wait_for_runs(page, count):
    page.wait_for_function(
        "count => document.querySelectorAll('.dl-runs tbody tr').length === count", arg=count
    )


def runs_made(page, server):
    """Return how many runs there are, once the page lists them all."""
    count = len(list((server.library / "runs").glob("*/run.json")))
    wait_for_runs(page, count)
    return count


@pytest.fixture
def hostile_gold(open_page):
    """A page on which hostile gold was uploaded and is chosen."""
    page = arrive(open_page)
    page.locator("#dl-add-gold > button").first.click()
    lines = "".join(f"{json.dumps(row)}\n" for row in GOLD) + '{"id": "x"}\n'
    file = {"name": "evil `${1}` <b>.jsonl", "mimeType": "application/json", "buffer": lines.encode()}
    page.locator("#dl-gold-upload input[type=file]").set_input_files(file)
    page.locator(".dl-gold-note", has_text="3 questions. 1 row cannot be used.").wait_for()
    return page


def test_the_sample_questions_run_with_progress_and_show_their_scores(open_page, server):
    page = arrive(open_page)
    before = runs_made(page, server)
    start(page, limit="3")
    page.locator(".dl-status .dl-progress").wait_for()
    wait_for_status(page, "Done: 3 questions answered.")
    wait_for_runs(page, before + 1)
    page.locator(".dl-report h2", has_text="samples.jsonl").wait_for()
    scores = page.locator(".dl-report .dl-scores").first
    row = scores.locator("tr", has=page.locator("th", has_text=re.compile("^correct$")))
    assert row.locator("td").last.inner_text() == "3"
    assert page.locator(".dl-report figure").count() == 3
    assert page.evaluate("location.search").startswith("?run=samples-")

    # The address opens the same run, and its files can be taken along.
    again = arrive(open_page, page.evaluate("location.pathname + location.search"))
    again.locator(".dl-report h2").wait_for()
    assert again.locator(".dl-report .dl-scores").first.inner_text() == scores.inner_text()
    with again.expect_download() as taken:
        again.get_by_role("link", name="report").click()
    assert taken.value.path().read_text(encoding="utf-8").startswith("<!doctype html>")
    with again.expect_download() as taken:
        again.get_by_role("link", name="results").click()
    assert len(taken.value.path().read_text(encoding="utf-8").splitlines()) == 3


def test_a_run_is_stopped_and_gone_on_with(open_page, server):
    # Long enough for another visitor to arrive while it goes on.
    lay_out_gold(server, "longer.jsonl", questions=200)
    page = arrive(open_page)
    start(page, "longer.jsonl")
    page.locator(".dl-status [data-stop]").click()
    wait_for_status(page, "Stopped: ")
    page.locator(".dl-report .dl-stats", has_text="the run is not finished").wait_for()
    on = page.locator("[data-go-on]").first
    on.click()
    other = arrive(open_page)
    other.locator(".dl-status .dl-progress").wait_for()
    for one in (page, other):
        wait_for_status(one, "Done: ")
        one.locator(".dl-report .dl-stats", has_text=re.compile(r"^\d+ questions · ")).wait_for()


def test_a_run_whose_program_ends_can_be_gone_on_with(root, server, browser):
    lay_out_gold(server, "long.jsonl", questions=1500)
    ending = Server(root, server.library)
    page = browser.new_context().new_page()
    page.goto(f"{ending.address}/evaluate")
    page.set_default_timeout(PATIENCE)
    start(page, "long.jsonl")
    page.wait_for_function("/^[1-9]\\d* of/.test(document.querySelector('.dl-status').innerText)")
    ending.stop()
    page.context.close()
    assert ending.process.returncode == 0
    # A thread that is cut off in the midst of a question would end the program with a crash.
    assert "terminate" not in ending.log.read_text()
    assert "Traceback" not in ending.log.read_text()

    again = Server(root, server.library)
    page = browser.new_context().new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{again.address}/evaluate")
    kept = int(re.match(r"\d+", page.locator(".dl-runs .dl-fine", has_text="of 1,500").inner_text())[0])
    page.locator("[data-go-on]").first.click()
    page.locator(".dl-status .dl-progress").wait_for()
    page.locator("[data-stop]").click()
    wait_for_status(page, "Stopped: ")
    assert int(re.search(r"\d+", page.locator(".dl-status").inner_text())[0]) > kept
    page.context.close()
    again.stop()
    (server.library / "gold" / "long.jsonl").unlink()


def test_a_failure_opens_with_its_reasons_and_the_words_in_the_article(hostile_gold):
    page = hostile_gold
    start(page)
    wait_for_status(page, "Done: 3 questions answered.")
    case = page.locator(".dl-case[data-id=wrong]")
    case.locator("summary").click()
    gold = case.locator(".dl-sides > div").nth(1)
    assert gold.locator("p strong").first.inner_text() == "Nobody Atall"
    assert re.search(r"retrieved at rank \d+|not among the 20 retrieved", gold.inner_text())
    assert case.locator(".dl-retrieved > li").count() == 10
    read = gold.locator(".dl-read").first
    read.click()
    page.wait_for_function(
        "document.querySelector('.dl-reader mark')?.textContent.startsWith('shut the door')"
    )
    assert visible_mark(page) == "shut the door on the one company"
    # The page makes room for the article, and the question that is read stays in sight.
    page.wait_for_function(
        """() => {
          const box = document.querySelector('.dl-case[data-id=wrong] .dl-read').getBoundingClientRect();
          return box.top >= 0 && box.bottom <= innerHeight;
        }"""
    )


def test_hostile_gold_stays_text(hostile_gold):
    page = hostile_gold
    page.locator(".dl-gold-more summary").first.click()
    assert page.locator(".dl-gold-more label", has_text="window.__p=1").count() == 1
    start(page)
    wait_for_status(page, "Done: 3 questions answered.")
    page.locator(".dl-questions select").select_option("all")
    page.locator(".dl-case[data-id=festival]").wait_for()
    for case in page.locator(".dl-case summary").all():
        case.click()
    for part in page.locator(".dl-report summary").all():
        part.click()
    assert page.locator(".dl-asked", has_text="${Object.assign(window,{__p:3})}").count() == 1
    assert page.locator("#dl-main :is(script, img, iframe)").count() == 0


def test_two_runs_are_compared(open_page, server):
    page = arrive(open_page)
    for limit in ("2", "3"):
        count = runs_made(page, server)
        start(page, limit=limit)
        wait_for_runs(page, count + 1)
        wait_for_status(page, f"Done: {limit} questions")
        page.locator(".dl-report .dl-stats", has_text=re.compile(f"^{limit} questions")).wait_for()
    page.locator(".dl-compare button").click()
    page.locator(".dl-compared h2").wait_for()
    assert "2 questions in both runs · 1 only in the second" in page.locator(".dl-compared").inner_text()
    assert page.locator(".dl-compared tbody tr").first.locator("th").inner_text() == "correct"
    page.get_by_role("button", name="Close the comparison").click()
    page.locator(".dl-compared").wait_for(state="hidden")


def test_a_complaint_becomes_a_gold_question(open_page, server):
    question = "Who praised Marit Oskeland most?"
    page = open_page("/?q=" + quote(question))
    page.locator(".dl-complain").wait_for()
    page.locator(".dl-sources .dl-cite").nth(1).click()
    n = page.locator(".dl-sources .dl-cite.is-open").get_attribute("data-n")
    assert n != "1"
    page.get_by_role("button", name="Wrong citation").click()
    page.locator(".dl-kept", has_text=f"Kept: wrong citation [{n}].").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.locator(".dl-complaint", has_text="Taken back.").wait_for()
    page.get_by_role("button", name="Wrong citation").click()
    page.locator(".dl-kept").wait_for()
    page.locator(".dl-complaint [name=note]").fill(HOSTILE)
    page.keyboard.press("Enter")
    page.locator(".dl-kept", has_text="with your note").wait_for()

    page.get_by_role("link", name="Make it a gold question").click()
    one = page.locator(".dl-candidate")
    one.wait_for()
    assert one.count() == 1
    assert one.locator(".dl-remark").inner_text() == f"“{HOSTILE}”"
    page.wait_for_function(
        """() => { const box = document.querySelector('.dl-candidate').getBoundingClientRect();
                   return box.top >= 0 && box.top < innerHeight; }"""
    )
    one.get_by_role("button", name="Discard").click()
    one.wait_for(state="detached")
    page.locator(".dl-notice [data-undo]").click()
    page.locator(".dl-notice", has_text="Back in the list").wait_for()
    one.get_by_role("button", name="Edit").click()
    one.locator("[name=question]").fill("Whom did Davor Ketling praise?")
    one.locator("[name=answers]").fill("Marit Oskeland\nOskeland")
    one.get_by_role("button", name="Save").click()
    page.locator(".dl-candidate h3", has_text="Whom did Davor Ketling praise?").wait_for()
    page.get_by_role("button", name="Accept").click()
    page.locator(".dl-notice", has_text="is a gold question now").wait_for()
    page.locator(".dl-candidate").wait_for(state="detached")

    status, headers, content = server.request("GET", "/from-use.jsonl", host=f"127.0.0.1:{server.port}")
    (row,) = [json.loads(line) for line in content.decode().splitlines()]
    assert (status, headers["content-disposition"]) == (200, 'attachment; filename="from-use.jsonl"')
    assert (row["question"], row["answers"]) == (
        "Whom did Davor Ketling praise?",
        ["Marit Oskeland", "Oskeland"],
    )
    start(page, "from-use.jsonl")
    wait_for_status(page, "Done: 1 question")


def test_what_cannot_be_done_is_said(open_page, server):
    page = arrive(open_page)
    start(page, limit="many")
    page.locator(".dl-status", has_text="“many” is no number").wait_for()
    page = arrive(open_page, "/evaluate?run=..")
    page.locator(".dl-notice", has_text="There is no such run.").wait_for()
    host = f"127.0.0.1:{server.port}"
    assert server.request("GET", "/report.html?run=../../x", host=host)[0] == 400
    assert server.request("GET", "/results.jsonl", host=host)[0] == 400


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW])
def test_the_page_fits_and_keeps_contrast(open_page, server, theme, viewport):
    page = arrive(open_page, theme=theme, viewport=viewport)
    count = runs_made(page, server)
    comparable = any((server.library / "runs").glob("samples*/run.json"))
    start(page, limit="3")
    wait_for_runs(page, count + 1)
    wait_for_status(page, "Done: 3 questions")
    page.locator(".dl-report .dl-stats", has_text="3 questions").wait_for()
    page.locator(".dl-questions select").select_option("all")
    page.locator(".dl-case").nth(2).wait_for()
    for fold in page.locator(":is(.dl-report, .dl-case, .dl-gold) summary").all():
        fold.click()
    if comparable:
        page.locator(".dl-compare button").click()
        page.locator(".dl-compared h2").wait_for()
    assert overflow(page) <= 0
    assert page.evaluate(CONTRAST) == []
