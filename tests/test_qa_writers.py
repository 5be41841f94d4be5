"""A language model over real HTTP on loopback: what it sees, what becomes of its words, how it may fail."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted_model import scripted, sse, warmed

from index.config import IndexConfig
from index.ingest import add
from index.library import Library
from index.tokens import count_tokens
from qa.engine import Engine
from qa.schema import Question, Support, Written
from qa.writers import (
    WrittenDelta,
)
from qa.writers.disguises import plain, visible
from qa.writers.passages import select_passages
from qa.writers.prompt import build_prompt
from qa.writers.reading import Reading
from qa.writers.restating import Held, says_no_more

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
