"""A language model over real HTTP on loopback: how it may fail, what is asked again, and its settings."""

import json
import logging
import time

import pytest
from scripted_model import SECRET, half, pinging, raw, scripted, sse, warmed

from index.errors import InputError
from qa.writers import (
    Limits,
    Message,
    WriterError,
    load_writer,
    read_writer_settings,
)

ASK = (Message("user", "Who?"),)


def heard(writer):
    """Return the text that came and what went wrong."""
    text = []
    try:
        text += writer.stream(ASK)
    except WriterError as error:
        return "".join(text), str(error)
    return "".join(text), ""


@pytest.fixture(scope="module", autouse=True)
def imported():
    """Import the HTTP packages before anything is timed."""
    import openai  # noqa: F401


FAILURES = {
    "refused key": (lambda call: call.fail(401), "does not take the key", 1),
    "not allowed": (lambda call: call.fail(403), "does not allow", 1),
    "no such model": (lambda call: call.fail(404), "knows no model “small”", 1),
    "too much to read": (lambda call: call.fail(400, "maximum context length is 10"), "PROMPT_TOKENS", 1),
    "points elsewhere": (lambda call: call.fail(307, Location="http://127.0.0.1:1/"), "points elsewhere", 1),
    "broken for good": (lambda call: call.fail(500), "failed (status 500)", 3),
    "busy for an hour": (lambda call: call.fail(429, Retry_After="3600"), "too much to do", 1),
    "hangs before the first word": (lambda call: call.hang(6), "had not begun to write after 2 seconds", 1),
    "only pings": (pinging, "had not begun to write", 1),
    "hangs half way": (half(lambda call: call.hang(6)), "stopped half way", 1),
    "breaks off half way": (half(lambda _: None), "broke half way", 1),
    "wrong JSON": (raw(b"data: {nonsense\n\n"), "cannot be read", 1),
    "another JSON": (raw(b'data: {"choices": 7}\n\n'), "cannot be read", 1),
    "an error in the stream": (
        raw(b'data: {"error": {"message": "%s"}}\n\n' % SECRET.encode()),
        "cannot be read",
        1,
    ),
    "a web page": (raw(b"<html>Log in</html>", "text/html"), "sent text/html, not a model's words", 1),
    "endless": (lambda call: call.stream(*["word "] * 4000), "wrote on past 40 tokens", 1),
    "endless in one piece": (lambda call: call.stream("x" * 3_000_000), "wrote on past 40 tokens", 1),
    "cut off by the server": (lambda call: call.stream("Words.", finish="length"), "wrote on past", 1),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_is_told_in_plain_words_without_the_key(name, caplog):
    script, words, asked = FAILURES[name]
    caplog.set_level(logging.DEBUG)
    with scripted(script) as server:
        writer = warmed(server.address, limits=Limits(answer_tokens=40))
        began = time.monotonic()
        _, failure = heard(writer)
        assert time.monotonic() - began < 20
        assert words in failure
        assert "The answer above stands." in failure
        assert len(server.requests) == asked
        assert SECRET not in failure + caplog.text + repr(writer) + repr(writer.__dict__)
        assert server.headers[0]["authorization"] == f"Bearer {SECRET}"


def test_a_server_that_is_not_there_is_named():
    _, failure = heard(warmed("http://127.0.0.1:9/v1"))
    assert "Nothing answers at 127.0.0.1:9" in failure


def test_what_can_be_asked_again_is_asked_again_after_a_pause():
    for status, headers, least in ((500, {}, 0.3), (503, {}, 0.3), (429, {"Retry_After": "1"}, 0.95)):
        with scripted(
            lambda call, status=status, headers=headers: call.fail(status, **headers),
            lambda call: call.stream("It ", "works."),
        ) as server:
            assert heard(warmed(server.address)) == ("It works.", "")
            assert server.times[1] - server.times[0] >= least


def test_a_text_that_has_begun_is_not_asked_for_again():
    with scripted(lambda call: (call.start(), call.send(sse("Half", finish=None)))) as server:
        assert heard(warmed(server.address))[0] == "Half"
        assert len(server.requests) == 1


def test_a_server_that_refuses_a_parameter_is_asked_without_it():
    with scripted(
        lambda call: call.fail(400, "Unsupported parameter: max_tokens"),
        lambda call: call.fail(400, "Unsupported value: temperature"),
        lambda call: call.stream("Fine."),
    ) as server:
        assert heard(warmed(server.address)) == ("Fine.", "")
        assert "max_completion_tokens" in server.requests[2]
        assert not {"max_tokens", "temperature"} & server.requests[2].keys()


def test_a_server_that_does_not_stream_is_read_whole():
    body = json.dumps({"choices": [{"message": {"content": "Whole."}}]}).encode()
    with scripted(lambda call: (call.start(200, "application/json"), call.send(body))) as server:
        assert heard(warmed(server.address)) == ("Whole.", "")


@pytest.mark.parametrize("begun", [False, True])
def test_closing_ends_the_request_at_once(begun):
    gone = []

    def script(call):
        if begun:
            call.start()
            call.send(sse("Hello ", finish=None))
        gone.append(call.gone())

    with scripted(script) as server:
        pieces = warmed(server.address, first_token=30.0, stall=30.0, total=60.0).stream(ASK)
        while not next(pieces) and begun:
            pass
        while not server.requests:
            next(pieces)
        began = time.monotonic()
        pieces.close()
        assert time.monotonic() - began < 3
        deadline = time.monotonic() + 5
        while not gone and time.monotonic() < deadline:
            time.sleep(0.02)
        assert gone == [True]


def test_the_environment_names_the_model():
    assert load_writer({}) is None
    read = read_writer_settings(
        {
            "DATELINE_LLM_BASE_URL": "http://user:pass@127.0.0.1:11434/v1/",
            "DATELINE_LLM_MODEL": "qwen3:4b",
            "DATELINE_LLM_API_KEY": SECRET,
            "DATELINE_LLM_TIMEOUT": "90",
            "DATELINE_LLM_FIRST_TOKEN": "30",
            "DATELINE_LLM_PROMPT_TOKENS": "1500",
            "DATELINE_LLM_ANSWER_TOKENS": "200",
            "DATELINE_LLM_PASSAGES": "4",
        }
    )
    assert (read.total, read.first_token, read.limits) == (90.0, 30.0, Limits(1500, 200, 4))
    assert (read.host, read.is_local) == ("127.0.0.1:11434", True)
    assert SECRET not in repr(read)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATELINE_LLM_BASE_URL", "ftp://x"),
        ("DATELINE_LLM_BASE_URL", "127.0.0.1:11434"),
        ("DATELINE_LLM_BASE_URL", "http://[bad"),
        ("DATELINE_LLM_BASE_URL", ""),
        ("DATELINE_LLM_MODEL", ""),
        ("DATELINE_LLM_TIMEOUT", "soon"),
        ("DATELINE_LLM_TIMEOUT", "nan"),
        ("DATELINE_LLM_PROMPT_TOKENS", "10"),
        ("DATELINE_LLM_PASSAGES", "0"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name, value):
    environment = {"DATELINE_LLM_BASE_URL": "http://127.0.0.1:1/v1", "DATELINE_LLM_MODEL": "m", name: value}
    with pytest.raises(InputError, match="DATELINE_LLM_"):
        read_writer_settings(environment)
