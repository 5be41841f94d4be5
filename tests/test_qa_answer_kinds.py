"""Each kind of question asked of a small library of which every answer is known."""

import json
import re

import pytest

from index.config import IndexConfig
from index.ingest import add
from index.library import Library
from qa.answer_json import to_json
from qa.engine import Engine
from qa.schema import Kind, Question, Support
from qa.text import render

ARTICLES = (
    (
        "signing",
        "Three countries sign the harbour treaty",
        "The Quay Gazette",
        "2025-03-06",
        "Norway, Sweden and Denmark signed the harbour treaty in Oslo on Thursday. The treaty limits "
        "the noise of "
        "ships in northern ports. Finland refused to sign the treaty. Poland may sign it next year.\n\n"
        "The talks had lasted 14 months, and the text has 212 pages.",
    ),
    (
        "march",
        "Thousands march against the harbour treaty",
        "The Quay Gazette",
        "2025-03-09",
        "About 2,000 people marched through Bergen on Saturday to protest the harbour treaty. Dockers "
        "carried a "
        "wooden whale from the fish market to the town hall.\n\nThe police reported no arrests.",
    ),
    (
        "count",
        "Fewer marchers than claimed",
        "The Lantern",
        "2025-03-12",
        "Only 900 people marched through Bergen on Saturday to protest the harbour treaty, according to "
        "a count of "
        "aerial pictures. The organisers dispute the figure.",
    ),
    (
        "iceland",
        "Iceland signs too",
        "The Lantern",
        "2025-04-02",
        "Iceland signed the harbour treaty on Wednesday, four weeks after the first countries. Its "
        "fishing fleet "
        "had asked for a delay, which the government rejected.",
    ),
    (
        "yard",
        "Yard at Velmora is sold",
        "The Quay Gazette",
        "2025-04-10",
        "Lumen Marine bought the yard at Velmora for $40 million on Thursday. The yard employs 350 "
        "people. Its last "
        "owner had closed two of the three docks in 2019.",
    ),
    (
        "column",
        "A treaty that whispers",
        "The Lantern",
        "2025-04-15",
        "The harbour treaty is a mistake, and everyone who has read it knows why. It counts decibels "
        "and forgets "
        "fish. Governments should tear up its third chapter before the summer.\n\n“We had no choice,” "
        "the minister "
        "said in Oslo.\n\nA quiet port is not a healthy port. What the coast needs is nets that let "
        "small fish go, "
        "and the treaty says nothing of nets.\n\nUna Merrow is a columnist for The Lantern.",
    ),
)
ROWS = [
    {"id": name, "title": title, "outlet": outlet, "published": day, "text": text, "author": "Una Merrow"}
    if name == "column"
    else {"id": name, "title": title, "outlet": outlet, "published": day, "text": text}
    for name, title, outlet, day, text in ARTICLES
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kinds")
    rows = folder / "rows.jsonl"
    rows.write_text("\n".join(json.dumps(row) for row in ROWS), encoding="utf-8")
    with Library.create(folder / "library", IndexConfig()) as library:
        assert add(library, [rows]).added == len(ROWS)
    with Engine.open(folder / "library") as opened:
        yield opened


def ask(engine, text):
    answer = engine.ask(Question(text))
    grouped = [position for group in answer.groups for position in group.sentences]
    assert len(grouped) == len(set(grouped)), "a sentence stands in two groups"
    assert all(0 <= position < len(answer.sentences) for position in grouped)
    for sentence in answer.sentences:
        (citation,) = sentence.citations
        text = engine.library.store.article(citation.article.id).text
        assert text[citation.start : citation.end] == citation.quote == sentence.text
        assert sentence.support is Support.QUOTED
    assert to_json(answer)["groups"] == json.loads(json.dumps(to_json(answer)["groups"]))
    assert render(answer)
    return answer


def shown(answer):
    return " ".join(sentence.text for sentence in answer.sentences)


def test_a_list_names_all_from_several_articles(engine):
    answer = ask(engine, "Which countries signed the harbour treaty?")
    assert answer.plan.kind is Kind.LIST
    assert set(answer.short_answers) == {"Norway", "Sweden", "Denmark", "Iceland"}
    assert {group.label for group in answer.groups} == {"Norway, Sweden, Denmark", "Iceland"}
    assert re.search(r"the \d+ passages that fit best were read, from 6 articles", answer.reason)
    assert (
        ask(engine, "List the countries that signed the harbour treaty.").short_answers
        == answer.short_answers
    )


def test_a_list_of_nothing_is_no_list(engine):
    assert ask(engine, "Which countries banned the whale hunt?").abstained


@pytest.mark.parametrize(
    ("question", "number", "reason"),
    [
        ("How many articles mention the harbour treaty?", "5", "Counted: 5 articles"),
        ("How many articles are there?", "6", "Counted: 6 articles of 6 read"),
        ("How many outlets reported on the harbour treaty?", "2", "Counted: 2 outlets"),
        ("How many times is Bergen mentioned?", "2", "2 times in 2 articles"),
    ],
)
def test_what_is_counted_is_said(engine, question, number, reason):
    answer = ask(engine, question)
    assert (answer.plan.kind, answer.short_answer) == (Kind.COUNT, number)
    assert reason in answer.reason


def test_a_number_that_a_text_states_is_read_not_counted(engine):
    answer = ask(engine, "How many people does the yard at Velmora employ?")
    assert (answer.plan.kind, answer.short_answer) == (Kind.FACT, "350")
    assert "Counted" not in answer.reason


def test_sources_that_contradict_each_other_are_both_shown_and_the_newest_named(engine):
    answer = ask(engine, "How many people marched through Bergen?")
    assert [group.label for group in answer.groups] == ["2,000", "900"] or [
        group.label for group in answer.groups
    ] == ["900", "2,000"]
    assert {group.note for group in answer.groups} == {
        "The Quay Gazette, 2025-03-09",
        "The Lantern, 2025-03-12",
    }
    assert "The newest is “900”." in answer.reason


def test_sources_that_agree_have_no_versions(engine):
    assert ask(engine, "How many pages has the text of the treaty?").groups == ()


def test_two_outlets_side_by_side(engine):
    answer = ask(engine, "Do the Gazette and the Lantern agree on how many people marched?")
    assert (answer.plan.kind, answer.short_answer) == (Kind.COMPARE, "no")
    assert [group.label for group in answer.groups] == ["The Quay Gazette", "The Lantern"]
    assert "2,000 people (The Quay Gazette) and 900 people (The Lantern)" in answer.reason


def test_a_silent_source_is_said_to_be_silent(engine):
    answer = ask(engine, "What do the Gazette and the Lantern say about the yard at Velmora?")
    gazette, lantern = answer.groups
    assert gazette.sentences
    assert (lantern.sentences, lantern.note) == ((), "says nothing of yard at Velmora")
    assert answer.reason.startswith("Only The Quay Gazette speaks of yard at Velmora")


@pytest.mark.parametrize(
    ("question", "said", "side"),
    [
        ("Did Iceland sign the harbour treaty?", "yes", "for"),
        ("Did Finland sign the harbour treaty?", "no", "against"),
        ("Did the police report arrests?", "no", "against"),
        ("Was the yard at Velmora bought?", "yes", "for"),
        ("Did the government accept a delay?", "no", "against"),
    ],
)
def test_yes_and_no_rest_on_a_sentence(engine, question, said, side):
    answer = ask(engine, question)
    assert (answer.plan.kind, answer.short_answer) == (Kind.WHETHER, said)
    assert [group.label for group in answer.groups if group.sentences] == [side]


@pytest.mark.parametrize(
    "question",
    [
        "Did Poland sign the harbour treaty?",  # it may, next year
        "Did Germany sign the harbour treaty?",
        "Did Lumen Marine close the yard at Velmora?",  # its last owner closed two docks
    ],
)
def test_what_no_sentence_says_is_neither_yes_nor_no(engine, question):
    answer = ask(engine, question)
    assert answer.abstained
    assert answer.nearest or "do not mention" in answer.reason


def days(answer):
    return [group.label for group in answer.groups]


def test_what_came_after_is_told_in_the_order_of_days(engine):
    answer = ask(engine, "What happened after the march through Bergen?")
    assert answer.plan.kind is Kind.TEMPORAL
    assert days(answer) == sorted(days(answer))
    assert min(days(answer)) > "2025-03-08"
    assert "Iceland signed" in shown(answer)
    assert "Norway, Sweden" not in shown(answer)


def test_what_happened_in_a_month(engine):
    answer = ask(engine, "What happened in March 2025?")
    assert days(answer) == sorted(days(answer))
    assert all(day.startswith("2025-03") for day in days(answer))
    assert "Norway, Sweden and Denmark signed" in shown(answer)
    assert "Lumen" not in shown(answer)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Did the march take place before the sale of the yard at Velmora?", "yes"),
        ("Which came first, the march through Bergen or the sale of the yard?", "march through Bergen"),
    ],
)
def test_the_order_of_two_events(engine, question, said):
    assert ask(engine, question).short_answer == said


def test_the_latest_comes_first(engine):
    answer = ask(engine, "What was the latest on the harbour treaty?")
    assert days(answer) == sorted(days(answer), reverse=True)
    assert days(answer)[0] == "2025-04-15"


def test_a_summary_of_a_topic_is_in_order_of_date_and_says_things_once(engine):
    answer = ask(engine, "Summarise what happened with the harbour treaty.")
    assert answer.plan.kind is Kind.SUMMARY
    assert days(answer) == sorted(days(answer))
    assert "Norway, Sweden and Denmark signed" in shown(answer)
    assert "Lumen Marine" not in shown(answer)
    assert len({sentence.text for sentence in answer.sentences}) == len(answer.sentences) <= 8


def test_a_summary_of_an_article_keeps_its_order(engine):
    answer = ask(engine, "Summarise the article about the yard at Velmora.")
    places = [sentence.citations[0].start for sentence in answer.sentences]
    assert places == sorted(places)
    assert len({sentence.citations[0].article.id for sentence in answer.sentences}) == 1
    assert answer.sentences[0].text.startswith("Lumen Marine bought")


def test_which_article_is_asked_back(engine):
    answer = ask(engine, "What is the article about?")
    assert answer.abstained
    assert "Say which one" in answer.reason


def test_an_argument_is_the_authors_and_nobody_elses(engine):
    for question in (
        "What does the opinion column argue?",
        "What does Una Merrow argue about the harbour treaty?",
    ):
        answer = ask(engine, question)
        assert answer.plan.kind is Kind.ARGUMENT
        assert "is a mistake" in shown(answer) or "should tear up" in shown(answer)
        assert "We had no choice" not in shown(answer)
        assert "columnist for" not in shown(answer)


def test_an_author_claims_nothing_of_what_they_do_not_speak_of(engine):
    assert ask(engine, "What does Una Merrow argue about Venezuela?").abstained
