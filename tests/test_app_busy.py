"""More questions than can be answered: the rest are told so at once, and when to come again."""

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import gradio as gr
import pytest
from served import browser, server, watched  # noqa: F401 - fixtures

import app
from ui import busy
from ui.busy import (
    AT_ONCE,
    LOOK_EVERY,
    MOST_SECONDS,
    PROGRAMS,
    PROGRESS_EVERY,
    QUEUED,
    Pace,
    Rush,
    calm,
)

ASK = "/gradio_api/run/ask"
JOIN = "/gradio_api/queue/join"


def request(rush, path, method="POST"):
    """Send one request through the middleware; return status, headers and body."""
    sent = []

    async def send(message):
        sent.append(message)

    async def go():
        await rush({"type": "http", "method": method, "path": path, "headers": []}, None, send)

    return go, sent


def told(sent):
    head, body = sent
    return head["status"], dict(head["headers"]), json.loads(body["body"] or b"null")


def test_the_wait_is_how_long_the_questions_ahead_take():
    pace = Pace()
    for _ in range(100):
        pace.note(0.6)
    assert pace.wait(48) == pytest.approx(0.6 * 48 / AT_ONCE, abs=1)
    assert pace.wait(0) == 1
    assert pace.wait(10**6) == MOST_SECONDS


def test_one_question_more_than_there_is_room_for_is_told_when_to_come_again():
    async def scene():
        go_on = asyncio.Event()

        async def app(_scope, _receive, send):
            await go_on.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"1"})

        rush = Rush(app, Pace())
        waiting = []
        for _ in range(PROGRAMS):
            go, sent = request(rush, ASK)
            waiting.append((asyncio.create_task(go()), sent))
        await asyncio.sleep(0)
        go, refused = request(rush, ASK)
        await go()
        go_on.set()
        for task, _ in waiting:
            await task
        go, later = request(rush, ASK)
        await go()
        return refused, [sent for _, sent in waiting], later

    refused, served, later = asyncio.run(scene())
    status, headers, said = told(refused)
    assert status == 503
    assert int(headers[b"retry-after"]) == said["retry_after"] >= 1
    assert str(said["retry_after"]) in said["remedy"]
    assert int(headers[b"content-length"]) == len(refused[1]["body"])
    assert [told(one)[0] for one in (*served, later)] == [200] * (PROGRAMS + 1)


@pytest.mark.parametrize(
    ("path", "status", "ours"),
    [(JOIN, 503, True), ("/gradio_api/call/ask", 503, True), (JOIN, 200, False), ("/readyz", 503, False)],
)
def test_a_full_queue_is_told_in_our_words_and_nothing_else_is_touched(path, status, ours):
    async def app(_scope, _receive, send):
        await send({"type": "http.response.start", "status": status, "headers": [(b"x", b"y")]})
        await send({"type": "http.response.body", "body": b'{"detail": "Queue is full."}'})

    go, sent = request(Rush(app, Pace()), path)
    asyncio.run(go())
    got, headers, said = told(sent)
    assert got == status
    assert (b"retry-after" in headers) == ours
    assert ("as many questions as it can" in said["detail"]) == ours


@pytest.mark.parametrize(("waiting", "status"), [(QUEUED - 1, 200), (QUEUED, 503), (QUEUED + 9, 503)])
def test_a_question_for_a_full_queue_is_not_even_read(waiting, status):
    async def app(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    go, sent = request(Rush(app, Pace(), lambda: waiting), JOIN)
    asyncio.run(go())
    assert told(sent)[0] == status


def test_a_question_that_fails_gives_its_place_back():
    async def scene():
        async def app(_scope, _receive, _send):
            raise RuntimeError

        rush = Rush(app, Pace())
        for _ in range(2 * PROGRAMS):
            go, _ = request(rush, ASK)
            with pytest.raises(RuntimeError):
                await go()

    asyncio.run(scene())


def test_every_question_of_a_flood_gets_an_answer_or_a_clear_no(server):  # noqa: F811
    many = PROGRAMS * 4
    start = threading.Barrier(many)
    body = json.dumps({"data": ["Who praised Marit Oskeland most?", *[None] * 7]})

    def ask(_):
        start.wait()
        return server.request("POST", ASK, body, content_type="application/json")

    with ThreadPoolExecutor(many) as pool:
        replies = list(pool.map(ask, range(many)))
    assert {status for status, _, _ in replies} <= {200, 503}
    for status, headers, content in replies:
        said = json.loads(content)
        if status == 503:
            assert int({name.lower(): value for name, value in headers.items()}["retry-after"]) >= 1
            assert said["remedy"].startswith("Try again in")
        else:
            assert said["data"][0].get("short_answer") == "Davor Ketling", said
    status, _, content = ask_alone(server, body)
    assert status == 200
    assert json.loads(content)["data"][0]["short_answer"] == "Davor Ketling"


def ask_alone(server, body):  # noqa: F811
    return server.request("POST", ASK, body, content_type="application/json")


@pytest.mark.browser
def test_the_page_says_that_there_is_no_room_and_keeps_the_question(server, browser):  # noqa: F811
    said = busy.busy(7)

    def full(route):
        route.fulfill(status=503, headers={"retry-after": "7"}, json=said)

    with watched(browser, server) as opener:
        page = opener()
        page.locator(".dl-answer[data-state=idle]").wait_for()
        page.route("**/queue/join*", full)
        box = page.locator("#dl-question textarea")
        box.fill("Who praised Marit Oskeland most?")
        box.press("Enter")
        notice = page.locator(".dl-busy")
        notice.wait_for()
        assert "Try again in 7 seconds." in notice.inner_text()
        assert box.input_value() == "Who praised Marit Oskeland most?"
        page.unroute("**/queue/join*")
        box.press("Enter")
        page.locator(".dl-answer[data-state=answer]").wait_for()
        assert page.locator(".dl-busy").count() == 0


def test_the_queue_holds_the_fifty_readers_it_is_meant_for():
    assert QUEUED + AT_ONCE >= 50


def test_the_queue_neither_looks_for_work_all_the_time_nor_sums_up_what_nobody_reads():
    assert app.build  # its import is what tells Gradio so
    with gr.Blocks() as pages:
        gr.Textbox()
    queue = pages._queue
    queue.events_recorded = 10
    assert queue.compute_analytics_summary([{"function": "f"}]) == {"functions": {}}
    assert {"sleep_when_free", "progress_update_sleep_when_free"} <= vars(queue).keys()
    calm(queue)
    assert (queue.sleep_when_free, queue.progress_update_sleep_when_free) == (LOOK_EVERY, PROGRESS_EVERY)
