"""Links to a question, a conversation kept as JSON, and the numbers of its citations."""

import json
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import InputError
from index.schema import ArticleCard, Filter
from qa.schema import Answer, AnswerSentence, Citation, Kind, Plan, Question, Support, Wanted, Written
from qa.talk.links import MAX_CONTEXT, TURNS_KEPT, Link, link_address, read_link
from qa.talk.numbering import numbered, numbering_json, numbers_of, read_numbering
from qa.talk.turn_json import conversation_json, read_conversation
from qa.talk.turns import Cited, Turn

WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30).filter(lambda text: text.strip())
NAMES = st.lists(WORDS, max_size=3, unique=True).map(tuple)
DAYS = st.none() | st.dates().map(date.isoformat)
FILTERS = st.builds(Filter, NAMES, NAMES, DAYS, DAYS, NAMES)
TURNS = st.builds(
    Turn,
    asked=WORDS,
    text=WORDS,
    names=NAMES,
    target=WORDS,
    answers=NAMES,
    people=NAMES,
    wanted=st.sampled_from(Wanted),
    filter=FILTERS,
    chosen=FILTERS,
    asked_on=st.none() | st.dates(),
    cited=st.lists(st.builds(Cited, WORDS, WORDS), max_size=3).map(tuple),
    focus=WORDS,
)


def in_order(limits):
    days = (limits.published_from, limits.published_to)
    return replace(limits, published_from=None) if all(days) and days[0] > days[1] else limits


@given(st.lists(TURNS, max_size=4).map(tuple))
def test_a_conversation_is_read_back_from_its_json(turns):
    assert read_conversation(json.loads(json.dumps(conversation_json(turns)))) == turns
    assert read_conversation(json.dumps(conversation_json(turns))) == turns


@given(
    st.builds(
        Question,
        text=WORDS.map(lambda text: " ".join(text.split())).filter(bool),
        asked_on=st.none() | st.dates(),
        filter=FILTERS.map(in_order),
        choices=NAMES,
        without=NAMES,
    ),
    st.lists(TURNS, max_size=TURNS_KEPT).map(tuple),
)
def test_a_link_opens_the_same_question_with_the_same_conversation(question, turns):
    address = link_address(Link(question, turns))
    found = read_link(urlsplit(address).query)
    assert found.question == question
    assert found.before == tuple(replace(turn, asked=turn.text) for turn in turns)


def test_a_link_names_its_fields_plainly():
    question = Question("and Ito?", asked_on=date(2025, 11, 7), filter=Filter(("A & B",), (), "2025-09-01"))
    assert link_address(Link(question)) == "/?q=and+Ito%3F&outlet=A+%26+B&from=2025-09-01&asked_on=2025-11-07"


def test_a_link_keeps_the_last_turns_and_stays_short():
    turns = tuple(Turn(f"q{number}", f"q{number}") for number in range(9))
    kept = read_link(link_address(Link(Question("why?"), turns))[2:]).before
    assert [turn.text for turn in kept] == ["q6", "q7", "q8"]
    long = tuple(Turn("q", "é" * 1900, answers=("a" * 1900,) * 2) for _ in range(9))
    address = link_address(Link(Question("why?"), long))
    assert [turn.text for turn in read_link(address[2:]).before] == ["é" * 1900] * 2
    assert len(json.dumps(conversation_json(long[:2]), ensure_ascii=False)) <= MAX_CONTEXT


def test_an_address_without_a_question_asks_for_none():
    assert read_link("") is None
    assert read_link({"q": ["  "], "outlet": ["A"]}) is None


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"q": "x" * 2001}, "“q” has more than 2,000"),
        ({"q": ["a", "b"]}, "“q” is given 2 times"),
        ({"q": "a", "from": "yesterday"}, "“yesterday” in “from”"),
        ({"q": "a", "from": "2025-02-30"}, "2025-02-30"),
        ({"q": "a", "from": "2025-02-02", "until": "2025-02-01"}, "No date lies from 2025-02-02"),
        ({"q": "a", "asked_on": "7/11/2025"}, "“asked_on”"),
        ({"q": "a", "outlet": [str(number) for number in range(51)]}, "51 values of “outlet”"),
        ({"q": "a", "author": "x" * 301}, "“author” has more than 300"),
        ({"q": "a", "before": "{"}, "asked before cannot be read"),
        ({"q": "a", "before": "{}"}, "no list"),
        ({"q": "a", "before": "[3]"}, "asked before cannot be read"),
        ({"q": "a", "before": "[{}]"}, "is empty"),
        ({"q": "a", "before": '[{"text":"a","names":"b"}]'}, "“names”"),
        ({"q": "a", "before": '[{"text":"a","names":[1]}]'}, "“names”"),
        ({"q": "a", "before": '[{"text":"a","wanted":"gossip"}]'}, "“gossip”"),
        ({"q": "a", "before": '[{"text":"a","filter":[]}]'}, "filter"),
        ({"q": "a", "before": '[{"text":"a","cited":[["x"]]}]'}, "article"),
        ({"q": "a", "before": '[{"text":"a","asked_on":"x"}]'}, "“x”"),
        ({"q": "a", "before": "[" * 11_000}, "asked before"),
        ({"q": "a", "before": "x" * 12_001}, "“before” has more than 12,000"),
    ],
)
def test_what_a_link_cannot_hold_is_named(fields, told):
    with pytest.raises(InputError, match=told):
        read_link(urlencode(fields, doseq=True))


def test_an_address_of_too_many_fields_is_refused():
    with pytest.raises(InputError, match="too many"):
        read_link("&".join(f"a{number}=1" for number in range(600)))


# --- numbers of citations


def cite(article, start, end=99):
    return Citation(ArticleCard(article, "f", "t", (), None, None, None, article), start, end, "x")


def answer(*citations, abstained=False, written=()):
    plan = Plan(Kind.FACT, Wanted.NAME)
    sentences = tuple(AnswerSentence("s", Support.QUOTED, (one,)) for one in citations)
    own = (
        Written("m", tuple(AnswerSentence("w", Support.WEAK, (one,)) for one in written)) if written else None
    )
    return Answer("q", plan, abstained, sentences=sentences, written=own, nearest=(cite("n", 1),))


def test_the_same_span_of_the_same_article_keeps_its_number_and_new_ones_go_on():
    first = numbered(answer(cite("a", 1), cite("b", 1), cite("a", 1)))
    assert numbers_of(first) == {("a", 1, 99): 1, ("b", 1, 99): 2}
    second = numbered(answer(cite("c", 5), cite("b", 1), cite("a", 2)), first)
    assert numbers_of(second) == {("a", 1, 99): 1, ("b", 1, 99): 2, ("c", 5, 99): 3, ("a", 2, 99): 4}
    assert second[: len(first)] == first


def test_a_models_own_words_are_numbered_and_the_nearest_passages_only_where_it_abstains():
    assert numbered(answer(cite("a", 1), written=[cite("b", 2)])) == (("a", 1, 99), ("b", 2, 99))
    assert numbered(answer(abstained=True)) == (("n", 1, 99),)


@given(st.lists(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 5)), max_size=5), max_size=5))
def test_numbers_never_change(talk):
    numbering, seen = (), {}
    for passages in talk:
        numbering = numbered(answer(*(cite(article, start) for article, start in passages)), numbering)
        numbers = numbers_of(numbering)
        assert all(numbers[passage] == number for passage, number in seen.items())
        assert sorted(numbers.values()) == list(range(1, len(numbers) + 1))
        seen = numbers
    assert read_numbering(json.loads(json.dumps(numbering_json(numbering)))) == numbering


@pytest.mark.parametrize(
    "value", ["x", 3, None, [["a", 1]], [["a", "1", 2]], [["a", 5, 2]], [["a", -1, 2]], [3]]
)
def test_numbers_that_cannot_be_are_refused(value):
    with pytest.raises(InputError):
        read_numbering(value)
