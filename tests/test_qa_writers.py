"""A language model over real HTTP on loopback: what it sees, what becomes of its words, how it may fail."""

import json
import logging
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted_model import scripted, sse

from index.config import IndexConfig
from index.errors import InputError
from index.ingest import add
from index.library import Library
from index.tokens import count_tokens
from qa.engine import Engine
from qa.schema import Question, Support, Written
from qa.writers import (
    Limits,
    Message,
    OpenAICompatibleWriter,
    WriterError,
    WriterSettings,
    WrittenDelta,
    load_writer,
    read_writer_settings,
)
from qa.writers.disguises import plain, visible
from qa.writers.passages import select_passages
from qa.writers.prompt import build_prompt
from qa.writers.reading import Reading
from qa.writers.restating import Held, says_no_more

SECRET = "sk-planted-secret-4711"
QUICK = {"connect": 2.0, "first_token": 2.0, "stall": 1.0, "total": 8.0}
ASK = (Message("user", "Who?"),)
ROWS = (
    {
        "title": "Norhaven signs ferry deal",
        "author": "Tilda Osk",
        "source": "The Quay Gazette",
        "date": "2025-10-14",
        "text": (
            "Norhaven signed a contract worth $212 million for four ferries on Tuesday. Kaspar Ito, the "
            "chief executive of Lumen Yards, praised Ana Brandt, the transport minister, for her patience. "
            "“Ana Brandt is the best minister this coast has ever had,” Mr. Ito said in Velmora.\n\n"
            "The minister refused to sell the old ferries. More than 900 people work at the yard."
        ),
    },
    {
        "title": "Opposition attacks ferry contract",
        "author": "Joren Pell",
        "source": "The Lantern",
        "date": "2025-10-20",
        "text": (
            "Doria Venn, the opposition leader, criticised Ana Brandt on Monday over the ferry contract. "
            "“She has mortgaged the coast,” Ms. Venn said.\n\nThe contract runs for 14 years."
        ),
    },
)
QUESTION = "How much is the contract for four ferries that Norhaven signed worth?"


def warmed(address, **changes):
    return OpenAICompatibleWriter(WriterSettings(address, "small", **{"api_key": SECRET, **QUICK, **changes}))


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


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    place = tmp_path_factory.mktemp("written")
    table = place / "articles.jsonl"
    table.write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8")
    with Library.create(place / "library", IndexConfig(model="minilm")) as library:
        assert add(library, [table]).added == len(ROWS)
        yield Engine(library)


@pytest.fixture(scope="module")
def answer(engine):
    found = engine.ask(Question(QUESTION))
    assert not found.abstained
    return found


def write(engine, answer, *script, **changes):
    with scripted(*script) as server:
        passed = list(engine.write(answer, warmed(server.address, **changes)))
        assert all(isinstance(one, WrittenDelta) for one in passed[:-1])
        assert isinstance(passed[-1], Written)
        streamed = tuple(one.sentence for one in passed[:-1] if one.sentence)
        assert streamed == passed[-1].sentences
        return passed[-1], server


def half(then):
    """Return a script that sends the beginning of a text, then does something else."""

    def script(call):
        call.start()
        call.send(sse("Half", finish=None))
        then(call)

    return script


def raw(content, kind="text/event-stream"):
    """Return a script that sends exactly these bytes."""

    def script(call):
        call.start(200, kind)
        call.send(content)

    return script


def pinging(call):
    call.start()
    for _ in range(20):
        call.send(b": ping\n\n")
        call.hang(0.2)


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


def test_the_answer_stands_and_half_sentences_are_not_shown(engine, answer):
    def broken(call):
        call.start()
        call.send(sse(f"The contract runs for 14 years [{call.keys[-1]}]. ", "The minister", finish=None))

    written, _ = write(engine, answer, broken)
    assert [one.text for one in written.sentences] == ["The contract runs for 14 years."]
    assert "broke half way" in written.status


def test_each_sentence_is_cited_where_its_words_stand(engine, answer):
    def script(call):
        first, last = call.keys[0], call.keys[-1]
        call.stream(
            f"Norhaven signed a contract worth $212 million for four ferries on Tuesday [{first}]. ",
            "Kaspar Ito praised Ana Brandt for her patience [z9z9]. ",
            "The contract runs for 14 years. ",
            f"Ana Brandt praised Kaspar Ito for her patience [{first}]. ",
            f"Kaspar Ito is the transport minister [{first}][7]. ",
            f"Norhaven praised Ana Brandt for her patience [{first}]. ",
            f"Doria Venn wants to build 77 lighthouses on Mars [{last}].",
        )

    written, _ = write(engine, answer, script)
    by_text = {one.text: one for one in written.sentences}
    supports = {text: one.support for text, one in by_text.items()}
    assert supports == {
        "Norhaven signed a contract worth $212 million for four ferries on Tuesday.": Support.QUOTED,
        "Kaspar Ito praised Ana Brandt for her patience.": Support.SUPPORTED,
        "The contract runs for 14 years.": Support.QUOTED,
        "Ana Brandt praised Kaspar Ito for her patience.": Support.WEAK,
        "Kaspar Ito is the transport minister.": Support.WEAK,
        "Norhaven praised Ana Brandt for her patience.": Support.WEAK,
    }
    assert all(one.problems for one in by_text.values() if one.support is Support.WEAK)
    assert set(written.cut) == {"[z9z9]", "[7]"}
    assert "1 sentence was left out" in written.status
    text = engine.library.store.article
    for one in written.sentences:
        for cited in one.citations:
            assert text(cited.article.id).text[cited.start : cited.end] == cited.quote


def test_the_same_words_keep_the_citation_of_the_answer(engine, answer):
    cited = answer.sentences[0].citations[0]
    written, _ = write(engine, answer, lambda call: call.stream(f"{cited.quote} [{call.keys[0]}]"))
    assert written.sentences[0].citations == (cited,)
    assert written.sentences[0].support is Support.QUOTED


def test_an_altered_quotation_gets_the_article_s_words_and_a_false_one_is_marked(engine, answer):
    written, _ = write(
        engine,
        answer,
        lambda call: call.stream(
            f"Mr. Ito said “Ana Brandt is the best minister the coast has ever had” [{call.keys[0]}]. "
            f"Ana Brandt said “the contract is worth the ferries” [{call.keys[0]}]. "
        ),
    )
    assert "“Ana Brandt is the best minister this coast has ever had”" in written.sentences[0].text
    assert "1 altered quotation has been given the article's own words" in written.status
    assert written.sentences[1].support is Support.WEAK
    assert any("quotation" in problem for problem in written.sentences[1].problems)


def test_a_model_that_goes_round_in_circles_is_stopped(engine, answer):
    line = "The contract runs for 14 years. "
    written, _ = write(engine, answer, lambda call: call.stream(*[line] * 50))
    assert len(written.sentences) == 1
    assert "went round in circles" in written.status


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("NOT SAID", "found no answer in the passages"),
        ("", "wrote nothing"),
        ("<think>so many", "wrote nothing"),
    ],
)
def test_a_model_that_says_nothing_is_told_of(engine, answer, text, words):
    written, _ = write(engine, answer, lambda call: call.stream(text))
    assert written.sentences == ()
    assert words in written.status


def test_a_model_is_not_asked_to_guess(engine):
    abstained = engine.ask(Question("Who won the chess tournament in Reykjavik?"))
    assert abstained.abstained
    written, server = write(engine, abstained, lambda call: call.stream("Magnus."))
    assert (written.sentences, server.requests) == ((), [])
    assert "was not asked" in written.status


def test_closing_while_it_writes_ends_the_request(engine, answer):
    gone = []

    def script(call):
        call.start()
        call.send(sse("The contract runs for 14 years. The minister ", finish=None))
        gone.append(call.gone())

    with scripted(script) as server:
        items = engine.write(answer, warmed(server.address, stall=30.0, first_token=30.0, total=60.0))
        for item in items:
            if item.characters:
                break
        items.close()
        deadline = time.monotonic() + 5
        while not gone and time.monotonic() < deadline:
            time.sleep(0.02)
        assert gone == [True]


def test_the_prompt_keeps_to_its_budget_and_its_keys_are_new_each_time(engine, answer):
    selection = select_passages(engine.library.store, answer, (), 6)
    prompts = [build_prompt(QUESTION, selection.passages, 600) for _ in range(20)]
    assert all(
        prompt and sum(count_tokens(one.content) for one in prompt.messages) <= 600 for prompt in prompts
    )
    keys = [key for prompt in prompts for key in prompt.keys]
    assert len(set(keys)) > 0.9 * len(keys)
    assert len({prompt.messages[1].content.split()[1] for prompt in prompts}) == len(prompts)
    assert build_prompt(QUESTION, selection.passages, 150) is None


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_nothing_invisible_and_no_mark_reaches_a_model(text):
    shown = plain(text)
    assert shown == plain(shown) == visible(shown)
    assert not set(shown) & set("<>[]{}`|\n\u200b\u202e\ufeff")


@given(
    st.lists(
        st.sampled_from(
            ["The mayor won. ", "Mr. Rusk lost ", "[k7q4]", "[z9z9]", "[1]", "\n", "**", "<b>",
             "<think>no</think>", "http://evil.example/x ", "![a](http://b.example/c) ", "- ", "k7q4 ",
             "“so it is” ",              "[and] ", "(", "["]
        ),
        max_size=14,
    ).map("".join),
    st.integers(1, 9),
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_a_text_reads_the_same_in_whatever_pieces_it_comes(text, size):
    whole, pieces = Reading(("k7q4", "m2n3")), Reading(("k7q4", "m2n3"))
    at_once = [*whole.add(text), *whole.end()]
    bit_by_bit = [one for at in range(0, len(text), size) for one in pieces.add(text[at : at + size])]
    bit_by_bit += pieces.end()
    assert " ".join(one.text for one in bit_by_bit) == " ".join(one.text for one in at_once)
    assert set(whole.cut) == set(pieces.cut)
    assert "evil" not in repr(at_once) + repr(whole.cut)
    assert "z9z9" not in repr(at_once)


SAID = Held(
    (
        "Davor Ketling, the chief executive of Northlight, commended Ms. Oskeland for her candour and called "
        "the contest “the cleanest tender.”",
        "The mayor refused to resign, and Mr. Rusk said that more than 300 dockers may strike if pay is cut.",
    ),
    ("Davor Ketling", "Marit Oskeland", "Halden Rusk"),
)
RESTATED = {
    "Davor Ketling commended Ms. Oskeland for her candour.": True,
    "Davor Ketling commended Marit Oskeland.": True,
    "Ms. Oskeland was commended by Davor Ketling.": True,
    "Davor Ketling is the chief executive of Northlight.": True,
    "Ketling called the contest “the cleanest tender.”": True,
    "The mayor refused to resign.": True,
    "Mr. Rusk said that more than 300 dockers may strike.": True,
    "Marit Oskeland commended Davor Ketling.": False,
    "Marit Oskeland is the chief executive of Northlight.": False,
    "Northlight commended Ms. Oskeland.": False,
    "Ketling did not commend Oskeland.": False,
    "The mayor resigned.": False,
    "Dockers may strike.": False,
    "Mr. Rusk said that 300 dockers may strike.": False,
    "Mr. Rusk said that more than 300 dockers will strike.": False,
    "Mr. Rusk refused to resign.": False,
    "The mayor said that dockers may strike.": False,
    "Mr. Rusk is the mayor.": False,
    "He commended Ms. Oskeland.": False,
    "Did Davor Ketling commend Ms. Oskeland?": False,
    "Davor Ketling.": False,
    "Pay is cut.": False,
}


@pytest.mark.parametrize("text", RESTATED)
def test_only_what_says_no_more_than_the_article_restates_it(text):
    assert (says_no_more(text, SAID) == "") is RESTATED[text]


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
