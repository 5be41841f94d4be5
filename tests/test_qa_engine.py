"""Questions asked of a real small library: cited answers, direction, counts, abstention."""

import json
from datetime import date

import pytest

from index.config import IndexConfig
from index.errors import InputError
from index.ingest import add
from index.library import Library
from index.schema import Filter
from qa.answer_json import to_json
from qa.answerers import answerer_of
from qa.engine import Engine, read_day
from qa.schema import Kind, Question, Support
from qa.text import render

SIGNING = """Norhaven signed a contract worth $212 million for four ferries on Tuesday, and Transport Minister
Ana Brandt called it a turning point for the coast.

Kaspar Ito, the chief executive of Lumen Yards, praised Ms. Brandt for her patience. “Ana Brandt is
the best minister this coast has had,” Mr. Ito said at the signing in Velmora.

Ms. Brandt thanked the Dockers’ Union for its advice.

Lumen Yards will build 14 escape boats for each ferry, and 87 percent of the steel will come from
Norhaven.
"""
DISPUTE = """Opposition leader Doria Venn criticised Ana Brandt on Monday over the ferry contract. “She has
mortgaged the coast,” Ms. Venn said.

Kaspar Ito defended the minister again, praising Ms. Brandt as “a builder in a parliament of
talkers.”

The yard in Velmora employs 900 people, according to the trade ministry.
"""
UNDATED = """The first ferries on the coast were built of oak in 1898. Each could carry 60 passengers
and a mail wagon.
"""


def unwrapped(text):
    """Join the lines that are only wrapped here."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


ROWS = (
    {
        "id": "signing",
        "title": "Norhaven and Velmora sign ferry deal",
        "author": "Tilda Osk",
        "outlet": "The Quay Gazette",
        "published": "2025-10-14",
        "text": unwrapped(SIGNING),
    },
    {
        "id": "dispute",
        "title": "Opposition attacks ferry contract",
        "author": "Joren Pell",
        "outlet": "The Lantern",
        "published": "2025-10-20",
        "text": unwrapped(DISPUTE),
    },
    {"id": "oak", "title": "How the old ferries were built", "text": unwrapped(UNDATED)},
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    table = tmp_path_factory.mktemp("articles") / "articles.jsonl"
    table.write_text("\n".join(json.dumps(row) for row in ROWS), encoding="utf-8")
    path = tmp_path_factory.mktemp("library")
    with Library.create(path / "library", IndexConfig(model="minilm")) as library:
        report = add(library, [table])
        assert report.added == 3, report
    with Engine.open(path / "library") as opened:
        yield opened


def ask(engine, text, **options):
    return engine.ask(Question(text, **options))


def quoted_exactly(engine, citation):
    return (
        engine.library.store.article(citation.article.id).text[citation.start : citation.end]
        == citation.quote
    )


def test_the_ranking_counts_over_all_articles_and_every_count_opens_its_quotes(engine):
    answer = ask(engine, "Who praised Ana Brandt most?")
    assert answer.short_answer == "Kaspar Ito"
    top = answer.tally.rows[0]
    assert (top.name, top.articles) == ("Kaspar Ito", 2)
    assert top.statements >= 2
    assert len({citation.article.id for citation in top.evidence}) == 2
    assert all(quoted_exactly(engine, citation) for citation in top.evidence)


def test_direction_is_kept(engine):
    assert ask(engine, "Who criticised Ana Brandt?").short_answers == ("Doria Venn",)
    praised = ask(engine, "Whom did Ana Brandt thank?").short_answers
    assert len(praised) == 1
    assert "Dockers" in praised[0]


def test_yes_and_no(engine):
    assert ask(engine, "Did Doria Venn criticise Ana Brandt?").short_answer == "yes"
    no = ask(engine, "Did Doria Venn praise Ana Brandt?")
    assert (no.short_answer, no.confidence) == ("no", 0.6)
    assert no.reason.startswith(
        "No statement in which Doria Venn praises Ana Brandt was found in 3 articles (1 mentions both)."
    )


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many escape boats will Lumen Yards build for each ferry?", "14"),
        ("What percentage of the steel will come from Norhaven?", "87 percent"),
        ("How much is the contract for the ferries worth?", "$212 million"),
        ("Who is the chief executive of Lumen Yards?", "Kaspar Ito"),
        ("How many passengers could the first ferries carry?", "60"),
    ],
)
def test_facts_have_a_short_answer_and_the_sentence_that_carries_it(engine, question, answer):
    found = ask(engine, question)
    assert found.short_answer == answer
    assert answer.split()[-1] in found.sentences[0].text
    for sentence in found.sentences:
        assert sentence.support is Support.QUOTED
        assert all(quoted_exactly(engine, citation) for citation in sentence.citations)


def test_somebodys_words_are_the_words_between_the_quotation_marks(engine):
    assert ask(engine, "What did Kaspar Ito call Ana Brandt?").short_answer in (
        "a builder in a parliament of talkers",
        "Ana Brandt is the best minister this coast has had",
    )
    assert ask(engine, "Who said “She has mortgaged the coast”?").short_answer == "Doria Venn"


def test_a_role_is_read_as_its_holder_and_said_so(engine):
    answer = ask(engine, "Who criticised the transport minister?")
    assert answer.short_answers == ("Doria Venn",)
    assert "“transport minister” read as Ana Brandt" in answer.plan.notes


def test_articles_are_asked_about_too(engine):
    assert ask(engine, "Who wrote the Lantern article?").short_answer == "Joren Pell"
    assert ask(engine, "When was the Quay Gazette report published?").short_answer == "2025-10-14"
    assert ask(engine, "How many articles mention Ana Brandt?").short_answer == "2"
    assert ask(engine, "Who wrote the article?").reason.startswith("3 articles fit the question.")
    compared = ask(engine, "Do all articles mention the contract?")
    assert compared.short_answer == "no"
    assert "How the old ferries were built" in compared.reason


@pytest.mark.parametrize(
    "question",
    [
        "How much did Norhaven pay for fighter jets?",
        "What did Ana Brandt say about the Istanbul summit?",
        "Who won the Nobel Peace Prize?",
        "Who praised Wendel Marsh?",
        "Who criticised the opposition leader’s dog?",
    ],
)
def test_what_the_articles_do_not_say_is_not_answered(engine, question):
    answer = ask(engine, question)
    assert answer.abstained
    assert answer.short_answer is None
    assert answer.sentences == ()
    assert answer.reason


def test_undated_articles_stay_under_a_date_filter_and_are_counted(engine):
    limits = Filter(published_from="2025-10-19", published_to="2025-10-21")
    answer = ask(engine, "How many passengers could the first ferries carry?", filter=limits)
    assert answer.short_answer == "60"
    assert (answer.coverage.library, answer.coverage.read, answer.coverage.undated) == (3, 2, 1)
    assert "without a date" in answer.coverage.text


def test_the_filter_limits_what_is_counted(engine):
    answer = ask(engine, "Who praised Ana Brandt most?", filter=Filter(outlets=("The Lantern",)))
    assert answer.tally.rows[0].articles == 1


def test_the_public_form_is_plain_json(engine):
    record = to_json(ask(engine, "Who praised Ana Brandt most?", id="q1"))
    assert json.loads(json.dumps(record)) == record
    assert record["id"] == "q1"
    citation = record["tally"]["rows"][0]["evidence"][0]
    assert {"article", "title", "outlet", "published", "file", "url", "start", "end", "quote"} <= set(
        citation
    )


def test_the_printed_answer_numbers_its_sources(engine):
    printed = render(ask(engine, "Who praised Ana Brandt most?"))
    assert printed.startswith("3 of 3 articles read, 2 mention Ana Brandt")
    assert "\n\nKaspar Ito\n\n" in printed
    assert "[1]" in printed
    assert "[2]" in printed
    assert printed.count("articles read") == 1
    assert render(ask(engine, "Who won the Nobel Peace Prize?")).startswith("The articles don't say.")


def test_questions_that_cannot_be_asked_are_refused(engine):
    with pytest.raises(InputError, match="empty"):
        ask(engine, "  ")
    with pytest.raises(InputError, match="2,001 characters"):
        ask(engine, "x" * 2001)
    with pytest.raises(InputError, match="“soon” is not a date"):
        read_day("soon")


def test_the_kinds_have_their_answerers(engine):
    assert (
        ask(engine, "Who praised Ana Brandt most?", asked_on=date(2025, 11, 1)).plan.kind is Kind.STATEMENTS
    )


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.PARTS])
def test_every_kind_of_question_has_an_answerer(kind):
    assert answerer_of(kind).__module__.startswith("qa.answerers.")


def test_a_question_of_several_parts_has_no_answerer_of_its_own():
    with pytest.raises(ValueError, match="several parts"):
        answerer_of(Kind.PARTS)
