"""Questions of several parts: told from an ordinary "and", each part made whole and answered by itself."""

import json
import re

import pytest

from index.ingest import add
from index.library import Library
from index.schema import MentionKind
from qa.answer_json import to_json
from qa.engine import Engine
from qa.export.reading import from_json
from qa.kinds.parts import read_parts
from qa.question import KnownNames, plan
from qa.schema import Kind, Question, Wanted
from qa.talk.conversation import follow_up
from qa.talk.parts import made_whole
from qa.talk.turns import Turn
from qa.text import render

SPLIT = {
    "Who won the election and by how many votes?": ("Who won the election?", "And by how many votes?"),
    "Who won the vote, and when was it held?": ("Who won the vote?", "And when was it held?"),
    "Who resigned and why?": ("Who resigned?", "And why?"),
    "Who won the race? And by how much?": ("Who won the race?", "And by how much?"),
    "Who won? By how many votes?": ("Who won?", "And by how many votes?"),
    "Who won the race, when and by how much?": ("Who won the race?", "And when?", "And by how much?"),
    "When and where was the summit held?": ("When was the summit held?", "Where was the summit held?"),
    "How and why did the pump fail?": ("How did the pump fail?", "Why did the pump fail?"),
    "Where and by whom was the ship built?": ("Where was the ship built?", "By whom was the ship built?"),
    "When, where and why did crews strike?": (
        "When did crews strike?",
        "Where did crews strike?",
        "Why did crews strike?",
    ),
    "What did Ito say about the dam and about the ferry?": (
        "What did Ito say about the dam?",
        "What did Ito say about the ferry?",
    ),
    "How many people died in Norway and in Sweden?": (
        "How many people died in Norway?",
        "How many people died in Sweden?",
    ),
    "Who praised and who criticised Ana Brandt?": ("Who praised Ana Brandt?", "Who criticised Ana Brandt?"),
    "What did Ito say and what did Venn say about the strike?": (
        "What did Ito say about the strike?",
        "What did Venn say about the strike?",
    ),
    "How many and which companies bid for the ferry?": (
        "How many companies bid for the ferry?",
        "Which companies bid for the ferry?",
    ),
    "Who is Kaspar Ito and what did he say about the yard?": (
        "Who is Kaspar Ito?",
        "And what did he say about the yard?",
    ),
    "How many marched and how many were arrested?": ("How many marched?", "And how many were arrested?"),
    "Which party won and who came second?": ("Which party won?", "And who came second?"),
    "What happened in Velmora and who was responsible?": (
        "What happened in Velmora?",
        "And who was responsible?",
    ),
    "Did the council agree, and if so, when?": ("Did the council agree?", "And when?"),
    "Did Brandt resign and did Ito replace her?": ("Did Brandt resign?", "And did Ito replace her?"),
    "Is the dam safe and who says so?": ("Is the dam safe?", "And who says so?"),
    "Tell me who won the race and when it was held.": ("Who won the race?", "And when it was held?"),
    "How many ferries were ordered, and from whom?": ("How many ferries were ordered?", "And from whom?"),
    "How tall is the tower and when was it built?": ("How tall is the tower?", "And when was it built?"),
    "When did the strike begin and when did it end?": (
        "When did the strike begin?",
        "And when did it end?",
    ),
    "What did Ito say about tariffs and how did Venn respond?": (
        "What did Ito say about tariffs?",
        "And how did Venn respond?",
    ),
}

WHOLE = """Who leads Johnson and Johnson?
What did Brandt and Ito agree on?
What did Ito say about China and Russia?
Who won the race and broke the record?
Which companies operate in Norway and in Sweden?
Which city held the games in 1996 and in 2024?
Did the fire spread in Norway and in Sweden?
What is the difference between when and where?
Did the report explain what went wrong and why it went wrong?
What happened between March and May?
Who is the minister who resigned and who was later arrested?
Which company makes the phone and is accused of copying it?
Do the Gazette and the Lantern agree on tariffs?
How do the Gazette and the Lantern describe the strike?
Who wrote the piece on who won and who lost?
What did the audit find and recommend?
Which country has the largest army and has the most tanks?
Who won the prize and is the youngest ever to do so?
Which ship sank in May and was raised in June?
Which actor starred in “Who, When and Where”?
Who said “he came and who was I to stop him”?
How many articles mention Brandt and Ito?
When did the Second World War begin and end?
What is the name of the film that won and where everyone sings?
What is known about what happened and who did it?
What did Brandt do before and after the vote?
Who directed Where the Crawdads Sing and The Help?
How did Ito and Brandt meet?
Summarise what happened with the ferries and the dam.
What was said and done at the summit?
Who, what and where?
How much is lost, according to Brandt and to Ito?
Which company is at the centre of the case and is also accused by the union of harming its members?
What place has lost its port and whose future investors are watching?""".splitlines()


@pytest.mark.parametrize(("text", "parts"), SPLIT.items())
def test_what_asks_twice_is_split(text, parts):
    assert read_parts(text) == parts
    assert plan(Question(text), KnownNames()).kind is Kind.PARTS


@pytest.mark.parametrize("text", WHOLE)
def test_an_ordinary_and_is_not_split(text):
    assert read_parts(text) == ()


def test_a_question_with_options_is_never_split():
    question = Question("Who won the vote and by how much?", choices=("Ito, by 3", "Venn, by 5"))
    assert plan(question, KnownNames()).kind is not Kind.PARTS


def test_no_gold_question_is_split(root):
    """Gold questions want one answer, except those written for this (k52 is one of them, unanswerable)."""
    for name in ("samples.jsonl", "kinds.jsonl"):
        lines = (root / "eval" / "gold" / name).read_text(encoding="utf-8").splitlines()
        for row in map(json.loads, lines):
            assert bool(read_parts(row["question"])) == ("parts" in row["type"] or row["id"] == "k52"), row[
                "question"
            ]


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    [
        "data/realtimeqa/questions_open.jsonl",
        "data/squad2_sample/open.jsonl",
        "data/rgb/en_fact_open.jsonl",
        "data/multihop_rag/questions_open.jsonl",
        "data/praise/questions.jsonl",
        "gold/seeds_open.jsonl",
    ],
)
def test_no_question_of_other_sets_is_split(shared, name):
    rows = [json.loads(line) for line in (shared / name).read_text(encoding="utf-8").splitlines()]
    texts = [row.get("question") or row["query"] for row in rows]
    assert [text for text in texts if read_parts(text)] == []


class Names:
    """What a library would know of these names."""

    outlets = ()

    def kind(self, name):
        people = ("Brandt", "Ito", "Kaspar Ito")
        return MentionKind.PERSON if name in people else None

    def gender(self, name):
        return {"Brandt": "f", "Ito": "m", "Kaspar Ito": "m"}.get(name)


@pytest.mark.parametrize(
    ("first", "answer", "wanted", "names", "part", "asked"),
    [
        (
            "Who won the election?",
            "Brandt",
            Wanted.PERSON,
            (),
            "And by how many votes?",
            "By how many votes was it that Brandt won the election?",
        ),
        ("Who resigned?", "Brandt", Wanted.PERSON, (), "And why?", "Why was it that Brandt resigned?"),
        (
            "Who won the contract?",
            "man",
            Wanted.PERSON,
            (),
            "And for how much?",
            "For how much was it that somebody won the contract?",
        ),
        ("Who is the mayor?", "Brandt", Wanted.PERSON, (), "And how old is she?", "How old is Brandt?"),
        (
            "Which company won the tender?",
            "Lumen Yards",
            Wanted.ORGANISATION,
            (),
            "And which company lost it?",
            "Which company lost the tender?",
        ),
        (
            "How much did the Aurelie cost?",
            "€3 million",
            Wanted.MONEY,
            (),
            "And who designed it?",
            "Who designed the Aurelie?",
        ),
        (
            "When was the Corran Dam finished?",
            "1961",
            Wanted.DATE,
            (),
            "And how high is it?",
            "How high is the Corran Dam?",
        ),
        (
            "Who led the study of the dam?",
            "Ito",
            Wanted.PERSON,
            (),
            "And what did it find?",
            "What did the study find?",
        ),
        (
            "How much would it cost to raise the dam?",
            "€3 million",
            Wanted.MONEY,
            (),
            "And how long would it take?",
            "How long would it take to raise the dam?",
        ),
        ("How many passengers came?", "318", Wanted.NUMBER, (), "And how many cars?", "How many cars came?"),
        (
            "How many crew members are there?",
            "164",
            Wanted.NUMBER,
            (),
            "And who leads their union?",
            "Who leads the crew members’ union?",
        ),
        (
            "What percentage of the water is lost?",
            "27 percent",
            Wanted.PERCENT,
            (),
            "And how much would new pipes cost?",
            "How much would new pipes cost?",
        ),
        ("Where did Ito go?", "", Wanted.PLACE, ("Ito",), "Why did Ito go?", "Why did Ito go?"),
    ],
)
def test_a_part_that_goes_on_is_made_whole(first, answer, wanted, names, part, asked):
    turn = Turn(first, first, names, answers=(answer,) if answer else (), wanted=wanted)
    question = Question("the whole question", id="q1")
    found = made_whole(part, question, [turn], Names()).question
    assert (found.text, found.id) == (asked, "")


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("Who is the prime minister and how old is he?", "Who is the prime minister and how old is he?"),
        (
            "What did he say about the yard and when did he say it?",
            "What did Ito say about the yard? And when did he say it?",
        ),
        ("When and where did he resign?", "When did Ito resign? Where did Ito resign?"),
    ],
)
def test_in_a_conversation_only_what_points_back_is_filled_in(typed, asked):
    turn = Turn("Who owns the yard?", "Who owns the yard?", answers=("Ito",), wanted=Wanted.PERSON)
    found = follow_up((turn,), Question(typed), Names())
    assert found.question.text == asked
    assert bool(found.carried) == (asked != typed)
    assert len(read_parts(found.question.text)) == len(read_parts(typed)) == 2


@pytest.fixture(scope="module")
def engine(samples, tmp_path_factory):
    path = tmp_path_factory.mktemp("library") / "library"
    with Library.create(path) as library:
        assert not add(library, [samples]).failures
    with Engine.open(path) as opened:
        yield opened


ANSWERS = [
    ("Who won the mayoral election and by how many votes?", ("Lena Castellow", "1,911")),
    ("Which company won the ferry contract and for how much?", ("Northlight Ferries", "€212 million")),
    (
        "Who leads the Tallis Island council and what did she call the harbour minister?",
        ("Orla Benedikt", "a friend of the island"),
    ),
    ("Who wrote the opinion piece and when was it published?", ("Tamsin Averill", "2025-10-27")),
    ("What did Sarrat say about the dam and about the company?", ("bigger bath", "measuring the leak")),
    ("Who is the prime minister and how old is he?", ("Halden Rusk", None)),
    ("How much did the Aurelie cost and who designed it?", ("€38 million", None)),
]


@pytest.mark.slow
@pytest.mark.parametrize(("text", "told"), ANSWERS)
def test_each_part_has_its_own_answer(engine, text, told):
    answer = engine.ask(Question(text, id="q7"))
    assert (answer.plan.kind, answer.abstained, answer.id) == (Kind.PARTS, False, "q7")
    assert tuple(group.label for group in answer.groups) == answer.plan.parts
    assert answer.plan.notes[0].startswith("asked as two questions: “")
    assert sorted(place for group in answer.groups for place in group.sentences) == list(
        range(len(answer.sentences))
    )
    for group, wanted in zip(answer.groups, told, strict=True):
        if wanted is None:
            assert (group.note, group.sentences) == ("the articles don’t say", ())
            assert f"To “{group.label}” the articles hold no answer." in answer.reason
        else:
            assert wanted in group.note
            assert group.sentences
    given = answer.short_answers or (answer.short_answer,)
    assert len(given) == sum(one is not None for one in told)
    assert 0 < answer.confidence < 1.01


@pytest.mark.slow
def test_a_question_of_which_no_part_is_answered_is_refused(engine):
    answer = engine.ask(Question("Who designed the Aurelie and where was she built?"))
    assert answer.abstained
    assert (answer.short_answer, answer.sentences, answer.groups) == (None, (), ())
    assert len(re.findall("the articles hold no answer", answer.reason)) == 2
    assert answer.nearest


@pytest.mark.slow
def test_parts_are_told_in_text_and_kept_in_json(engine):
    answer = engine.ask(Question("Who is the prime minister and how old is he?"))
    shown = render(answer)
    assert "Who is the prime minister? (Halden Rusk)" in shown
    assert "How old is Halden Rusk? (the articles don’t say)" in shown
    assert "Note: asked as two questions" in shown
    record = json.loads(json.dumps(to_json(answer)))
    assert record["plan"]["parts"] == ["Who is the prime minister?", "How old is Halden Rusk?"]
    assert to_json(from_json(record)) == record


@pytest.mark.slow
def test_a_part_is_answered_as_the_same_question_alone(engine):
    whole = engine.ask(Question("Who praised and who criticised Marit Oskeland?"))
    for group in whole.groups:
        alone = engine.ask(Question(group.label))
        assert group.note == ", ".join(alone.short_answers)
        assert [whole.sentences[at] for at in group.sentences] == list(alone.sentences)
