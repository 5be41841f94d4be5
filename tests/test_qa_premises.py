"""Questions that take for granted what the articles deny or do not say are refused, with what they do say."""

import json

import pytest

from index.config import IndexConfig
from index.ingest import add
from index.library import Library
from qa.engine import Engine
from qa.premises import premise_of
from qa.schema import Question

TEXT = (
    "Kaspar Ito visited Velmora on Tuesday to sign the contract for four ferries. He thanked the harbour"
    " minister, Ana Brandt, because she had waited for nine months.\n\n"
    "Ms. Brandt refused to raise the price because the budget was spent. The council did not cancel the"
    " festival. Doria Venn resigned from the council because of the delay, saying “the coast"
    " has waited too long.”"
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    table = tmp_path_factory.mktemp("articles") / "articles.jsonl"
    row = {
        "id": "visit",
        "title": "A visit",
        "outlet": "The Lantern",
        "published": "2025-10-16",
        "text": TEXT,
    }
    table.write_text(json.dumps(row), encoding="utf-8")
    path = tmp_path_factory.mktemp("library") / "library"
    with Library.create(path, IndexConfig(model="minilm")) as library:
        assert add(library, [table]).added == 1
    with Engine.open(path) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("Why did Kaspar Ito refuse to go to Velmora?", "Kaspar Ito visited Velmora"),
        ("Why didn't Kaspar Ito travel to Velmora?", "Kaspar Ito visited Velmora"),
        ("When did Ito decline to visit Velmora?", "Kaspar Ito visited Velmora"),
    ],
)
def test_what_the_articles_deny_is_refused_with_what_they_say(engine, question, says):
    answer = engine.ask(Question(question))
    assert answer.abstained
    assert answer.short_answer is None
    assert "takes for granted" in answer.reason
    assert says in answer.reason
    assert says in answer.nearest[0].quote


@pytest.mark.parametrize(
    "question",
    [
        "Why did Ana Brandt resign from the council?",
        "Why did Kaspar Ito refuse to thank the harbour minister?",
        "Why did Doria Venn sue the council?",
        "Why did Doria Venn say “the coast is doomed for ever”?",
    ],
)
def test_what_nobody_says_happened_has_no_reason(engine, question):
    answer = engine.ask(Question(question))
    assert answer.abstained
    assert answer.sentences == ()


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("Why did Ana Brandt refuse to raise the price?", "budget was spent"),
        ("Why did Kaspar Ito thank the harbour minister?", "nine months"),
        ("Why did Doria Venn resign from the council?", "delay"),
    ],
)
def test_what_did_happen_is_answered(engine, question, holds):
    answer = engine.ask(Question(question))
    assert not answer.abstained, answer.reason
    assert any(holds in sentence.text for sentence in answer.sentences)


@pytest.mark.parametrize(
    ("question", "subject", "deed", "objects", "denied", "why"),
    [
        ("Why did Tokayev refuse to go to Washington?", "Tokayev", "go", ("Washington",), True, True),
        ("When did Ana Brandt meet Ito?", "Ana Brandt", "meet", ("Ito",), False, False),
        ("Why has Ito not signed the pact?", "Ito", "sign", (), True, True),
        ("Why did the Brandt administration fail to pay Ito?", "Brandt", "pay", ("Ito",), True, True),
        ("What made Ito leave Velmora?", "Ito", "leav", ("Velmora",), False, True),
    ],
)
def test_premises_are_read(question, subject, deed, objects, denied, why):
    found = premise_of(question)
    assert found is not None
    assert (found.subject, found.deed, found.objects) == (subject, deed, objects)
    assert (found.denied, found.why) == (denied, why)


@pytest.mark.parametrize(
    "question",
    ["Who won?", "Why is the sea salt?", "How many ferries did Ito buy?", "Why was Ito at the port?", ""],
)
def test_other_questions_take_nothing_for_granted(question):
    assert premise_of(question) is None


@pytest.mark.shared
def test_the_users_own_pages(shared, library_of):
    with Engine.open(library_of(shared / "articles", "minilm")) as engine:
        answer = engine.ask(Question("Why did Tokayev refuse to go to Washington?"))
        assert answer.abstained
        assert "The articles say: “Kazakhstan’s president, Kassym-Jomart Tokayev" in answer.reason
        assert "White House visit" in answer.reason
        hosted = engine.ask(Question("Why did Trump refuse to host the Central Asian leaders?"))
        assert hosted.abstained
        assert "first president to host" in hosted.reason
        assert not engine.ask(Question("Why did Tokayev praise Trump?")).abstained
