"""Questions are read as the kind they are: lists, counts, comparisons, times, summaries, yes or no."""

import pytest

from qa.kinds.requests import as_question
from qa.question import KnownNames, plan
from qa.schema import Kind, Question, Wanted

COURIER, REVIEW, POLITIKA = "The Harbour Courier", "Tidewater Review", "Coast Politika"
KNOWN = KnownNames(outlets=(COURIER, REVIEW, POLITIKA), newest="2025-11-21")


def read(text, **options):
    return plan(Question(text, **options), KNOWN)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Which countries agreed to buy turbines?", Kind.LIST),
        ("What companies signed the deal?", Kind.LIST),
        ("Who are the candidates for mayor?", Kind.LIST),
        ("List the countries that signed the pact.", Kind.LIST),
        ("Which of the following countries signed?", Kind.FACT),
        ("Which country signed the pact?", Kind.FACT),
        ("Which two airlines are in talks?", Kind.FACT),
        ("How many people marched?", Kind.FACT),
        ("How many stories does the tower have?", Kind.FACT),
        ("How many ferries did Norhaven order?", Kind.FACT),
        ("How many articles mention the dam?", Kind.COUNT),
        ("How many people praised Brandt?", Kind.COUNT),
        ("Was the tender cancelled?", Kind.WHETHER),
        ("Did Norhaven join the pact?", Kind.WHETHER),
        ("Did Brandt praise Ito?", Kind.STATEMENTS),
        ("Did the vote come before the march?", Kind.TEMPORAL),
        ("What happened after the vote?", Kind.TEMPORAL),
        ("What did Brandt say about Ito?", Kind.QUOTE),
        ("What do Brandt and Ito say about the tender?", Kind.COMPARE),
        ("Who wrote the opinion piece about the dam?", Kind.METADATA),
        ("Summarise the Tidewater article.", Kind.SUMMARY),
        ("What is the article about?", Kind.SUMMARY),
        ("What does the article argue?", Kind.ARGUMENT),
        ("Why did the dam fail?", Kind.FACT),
        ("Who won the vote after the march?", Kind.FACT),
        ("What is the latest phone of the maker called?", Kind.FACT),
        ("What happens to waste heat in the cycle?", Kind.FACT),
        ("What did the 2007 IPCC report suggest had fallen?", Kind.FACT),
        ("Which men’s golf major will be played this week?", Kind.FACT),
        ("Which people are quoted?", Kind.LIST),
        ("Who are the astronauts of the mission?", Kind.LIST),
        ("Has Brandt been accused of lying?", Kind.STATEMENTS),
        ("Who said what about Brandt before May 2025?", Kind.STATEMENTS),
    ],
)
def test_kind_of_question(text, kind):
    assert read(text).kind is kind


@pytest.mark.parametrize(
    ("text", "about", "speaker", "target", "head"),
    [
        ("How many articles mention the dam?", "articles", None, None, "dam"),
        ("How many articles are there?", "articles", None, None, ""),
        ("How many outlets reported on the strike?", "outlets", None, None, "strike"),
        ("How many times is Brandt mentioned?", "mentions", None, None, "Brandt"),
        ("How many people are quoted?", "speakers", None, None, ""),
        ("How many statements praise Ana Brandt?", "statements", None, "Ana Brandt", ""),
        ("How many people criticised the mayor?", "speakers", None, "mayor", ""),
        ("How many people did Brandt praise?", "targets", "Brandt", None, ""),
        ("How often did Ito praise Brandt?", "statements", "Ito", "Brandt", ""),
        ("How many times was Brandt criticised by Ito?", "statements", "Ito", "Brandt", ""),
        ("How often has Brandt been criticised?", "statements", None, "Brandt", ""),
        ("How many articles criticise Brandt?", "articles", None, "Brandt", ""),
    ],
)
def test_what_is_counted(text, about, speaker, target, head):
    found = read(text)
    assert (found.kind, found.about) == (Kind.COUNT, about)
    assert (found.speaker, found.target, found.head) == (speaker, target, head)


@pytest.mark.parametrize(
    ("text", "about", "sides", "head"),
    [
        ("Do the Courier and Tidewater agree on the tariffs?", "agree", (COURIER, REVIEW), "tariffs"),
        (
            "How do the Courier and Coast Politika differ on the summit?",
            "differ",
            (COURIER, POLITIKA),
            "summit",
        ),
        ("What do the Courier and the Review say about the strike?", "say", (COURIER, REVIEW), "strike"),
        ("Compare the Courier and Tidewater on human rights.", "say", (COURIER, REVIEW), "human rights"),
        ("How do Brandt and Ito differ on the leak?", "differ", ("Brandt", "Ito"), "leak"),
        ("Does Brandt agree with Ito on the loss?", "agree", ("Brandt", "Ito"), "loss"),
        (
            "What is the difference between the Courier’s and Tidewater’s accounts of the march?",
            "differ",
            (COURIER, REVIEW),
            "march",
        ),
        ("Do the articles agree on how many people marched?", "agree", (), "how many people marched"),
        (
            "How much water is lost, according to Brandt and to Ito?",
            "say",
            ("Brandt", "Ito"),
            "How much water is lost",
        ),
        ("Do both articles mention tariffs?", "both", (), "tariffs"),
    ],
)
def test_sources_set_side_by_side(text, about, sides, head):
    found = read(text)
    assert found.kind is Kind.COMPARE
    assert (found.about, found.sides, found.head) == (about, sides, head)
    assert not found.filter.outlets  # a side is no limit


@pytest.mark.parametrize(
    ("text", "relation", "event", "first", "last"),
    [
        ("What happened after the strike vote?", "after", "strike vote", None, None),
        ("What happened before the summit?", "before", "summit", None, None),
        ("What has happened since May 2, 2025?", "after", "", "2025-05-02", None),
        ("What happened after May 2, 2025?", "after", "", "2025-05-03", None),
        ("What happened before May 2025?", "before", "", None, "2025-04-30"),
        ("What happened between October 14 and October 31?", "between", "", "2025-10-14", "2025-10-31"),
        ("What happened in October?", "during", "", "2025-10-01", "2025-10-31"),
        ("What happened on Nov. 18?", "during", "", "2025-11-18", "2025-11-18"),
        ("What happened in December?", "during", "", "2024-12-01", "2024-12-31"),
        ("What was the latest on the contract?", "latest", "", None, None),
        ("Show me a timeline of the dispute.", "timeline", "", None, None),
        ("Which came first, the vote or the march?", "order", "vote", None, None),
    ],
)
def test_times_asked_for(text, relation, event, first, last):
    found = read(text)
    assert found.kind is Kind.TEMPORAL
    assert (found.when.relation, found.when.event) == (relation, event)
    assert (found.when.first, found.when.last) == (first, last)


@pytest.mark.parametrize(
    ("text", "kind", "about", "head", "outlets"),
    [
        ("Summarise the Tidewater article.", Kind.SUMMARY, "article", "", ("Tidewater Review",)),
        ("What is the article about?", Kind.SUMMARY, "article", "", ()),
        ("Give me a short summary of the dam explainer.", Kind.SUMMARY, "article", "dam", ()),
        ("Summarize what happened with the tariffs.", Kind.SUMMARY, "topic", "tariffs", ()),
        ("What do we know about the Corran Dam?", Kind.SUMMARY, "topic", "Corran Dam", ()),
        ("What does the Tidewater article argue?", Kind.ARGUMENT, "article", "", ("Tidewater Review",)),
        ("What is the author’s main argument?", Kind.ARGUMENT, "article", "", ()),
        ("What does Tidewater’s commentary argue about oil?", Kind.ARGUMENT, "article", "oil", (REVIEW,)),
    ],
)
def test_articles_and_topics_summarised(text, kind, about, head, outlets):
    found = read(text)
    assert (found.kind, found.about, found.head, found.filter.outlets) == (kind, about, head, outlets)


@pytest.mark.parametrize(
    ("request_", "question"),
    [
        ("List all companies that signed the deal", "Which companies signed the deal?"),
        ("Name the people who were at the summit.", "Which people were at the summit?"),
        ("list everyone who praised Brandt", "Who praised Brandt"),
        ("Name the candidates in the race", "Which candidates are in the race?"),
        ("List the articles that mention the dam", "List the articles that mention the dam"),
        ("Find the man who wrote it", "Find the man who wrote it"),
    ],
)
def test_a_request_is_read_as_the_question_it_means(request_, question):
    assert as_question(request_) == question


def test_a_list_wants_its_kind_of_name():
    assert read("Which countries agreed to buy turbines?").wanted is Wanted.PLACE
    assert read("Who are the candidates for mayor?").wanted is Wanted.PERSON
    assert read("What firms bid for the contract?").wanted is Wanted.ORGANISATION


def test_when_something_was_said_limits_the_articles_and_what_it_is_about_does_not():
    said = read("What did Brandt say about Ito before May 2025?")
    assert (said.kind, said.filter.published_from, said.filter.published_to) == (
        Kind.QUOTE,
        None,
        "2025-04-30",
    )
    about = read("What did Brandt say about the summit in May 2025?")
    assert (about.filter.published_from, about.filter.published_to) == (None, None)
    everybody = read("Who said what about Brandt since May 2025?")
    assert (everybody.target, everybody.filter.published_from) == ("Brandt", "2025-05-01")
