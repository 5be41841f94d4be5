"""Questions are read for what they ask, about whom, in which direction, within which articles."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.schema import Filter, Stance
from qa.names import names_in, split_party
from qa.question import KnownNames, plan
from qa.schema import Kind, Question, Wanted

KNOWN = KnownNames(outlets=("The Harbour Courier", "Tidewater Review", "north-star"))


def read(text, **options):
    return plan(Question(text, **options), KNOWN)


@pytest.mark.parametrize(
    ("text", "speaker", "target", "stance", "ranked", "wanted"),
    [
        ("Who praised Ana Brandt most?", None, "Ana Brandt", "praise", True, Wanted.NAME),
        ("Who has criticized the mayor most often?", None, "mayor", "criticise", True, Wanted.NAME),
        ("Whom did Brandt praise?", "Brandt", None, "praise", False, Wanted.NAME),
        ("Who did Brandt attack most?", "Brandt", None, "criticise", True, Wanted.NAME),
        ("Who was praised most by Ana Brandt?", "Ana Brandt", None, "praise", True, Wanted.NAME),
        ("Which person was praised most?", None, None, "praise", True, Wanted.PERSON),
        ("Which firm thanked Ana Brandt for it?", None, "Ana Brandt", "praise", False, Wanted.ORGANISATION),
        ("Which ministers lauded or thanked Dr. Ito?", None, "Dr. Ito", "praise", False, Wanted.PERSON),
        ("Whom did Brandt praise, thank or endorse?", "Brandt", None, "praise", False, Wanted.NAME),
        ("Did Brandt endorse Ito?", "Brandt", "Ito", "praise", False, Wanted.YES_NO),
        ("Did Ana Brandt ever speak well of Ito?", "Ana Brandt", "Ito", "praise", False, Wanted.YES_NO),
        ("Is Brandt reported to have criticised Ito?", "Brandt", "Ito", "criticise", False, Wanted.YES_NO),
        ("List everyone who praised Ana Brandt", None, "Ana Brandt", "praise", False, Wanted.NAME),
        ("Tell me who criticised Ana Brandt.", None, "Ana Brandt", "criticise", False, Wanted.NAME),
        ("Who said they were backing Ana Brandt?", None, "Ana Brandt", "praise", False, Wanted.NAME),
    ],
)  # fmt: skip
def test_direction_of_praise_and_criticism(text, speaker, target, stance, ranked, wanted):
    found = read(text)
    assert (found.kind, found.speaker, found.target) == (Kind.STATEMENTS, speaker, target)
    assert (found.stance, found.ranked, found.wanted) == (Stance(stance), ranked, wanted)


@pytest.mark.parametrize(
    "text",
    [
        "Who was behind the attack on the harbour?",
        "Which singer threw a bank card into the sea and got it back?",
        "Which royal was welcomed to the city?",
        "What is the support programme called?",
    ],
)
def test_everyday_uses_of_stance_words_are_questions_of_fact(text):
    assert read(text).kind is Kind.FACT


@pytest.mark.parametrize(
    ("text", "wanted", "head", "many"),
    [
        ("How many ferries did Norhaven order?", Wanted.NUMBER, "ferries", False),
        ("How much did the tender cost?", Wanted.MONEY, "", False),
        ("When did the summit take place?", Wanted.DATE, "", False),
        ("Where was the signing held?", Wanted.PLACE, "", False),
        ("Under which U.S. president was the format created?", Wanted.PERSON, "president", False),
        ("Apple marked a birthday. How many years ago was it founded?", Wanted.NUMBER, "years", False),
        ("The author is accused of copying which director?", Wanted.PERSON, "director", False),
        ("What is the name of the new ferry?", Wanted.NAME, "ferry", False),
        ("Which human rights group counts prisoners?", Wanted.ORGANISATION, "group", False),
        ("What tariff was imposed on steel?", Wanted.PERCENT, "tariff", False),
        ("Why did the dam fail?", Wanted.CLAUSE, "", False),
    ],
)
def test_what_a_question_of_fact_asks_for(text, wanted, head, many):
    found = read(text)
    assert (found.kind, found.wanted, found.head, found.many) == (Kind.FACT, wanted, head, many)


@pytest.mark.parametrize(
    ("text", "about", "outlets"),
    [
        ("Who wrote the Courier report on the ferry tender?", "authors", ("The Harbour Courier",)),
        ("Which reporters wrote the Tidewater Review article?", "authors", ("Tidewater Review",)),
        ("When was the Tidewater commentary on water published?", "published", ("Tidewater Review",)),
        ("Which articles mention Brandt?", "articles", ()),
        ("Which newspaper published the story about the dam?", "outlet", ()),
    ],
)
def test_questions_about_articles(text, about, outlets):
    found = read(text)
    assert (found.kind, found.about, found.filter.outlets) == (Kind.METADATA, about, outlets)


def test_who_wrote_a_book_is_no_question_about_articles():
    assert read("Who wrote Moby-Dick?").kind is Kind.FACT


@pytest.mark.parametrize(
    ("text", "speaker", "target", "head"),
    [
        ("What did Ana Brandt say about the dam?", "Ana Brandt", None, ""),
        ("What did Brandt call Ito at the dinner?", "Brandt", "Ito", "call"),
        ("How did Brandt describe Mr. Ito’s plan?", "Brandt", "Mr. Ito", "describe"),
        ("What did Ito say in praise of Brandt?", "Ito", "Brandt", ""),
    ],
)
def test_questions_about_somebodys_words(text, speaker, target, head):
    found = read(text)
    assert (found.kind, found.speaker, found.target, found.head) == (Kind.QUOTE, speaker, target, head)


def test_a_comparison_names_what_is_looked_up():
    found = read("Do both articles mention the tariffs?")
    assert (found.kind, found.about, found.head) == (Kind.COMPARE, "both", "tariffs")


def test_article_dates_become_a_filter_and_event_dates_do_not():
    assert read("Who praised Ito most in the articles dated July 2025?").filter == Filter(
        published_from="2025-07-01", published_to="2025-07-31"
    )
    assert read("What happened in July 2025?").filter == Filter()


def test_the_readers_own_filter_is_never_widened():
    chosen = Filter(outlets=("north-star",), published_from="2025-01-01")
    found = read("Who wrote the Courier report of 2024?", filter=chosen)
    assert found.filter == chosen


def test_an_outlet_that_is_only_a_word_of_the_question_is_no_filter():
    assert read("How deep is the Harbour?").filter == Filter()
    assert read("Where can the North Star be seen?").filter == Filter()


def test_names_leave_out_months_possessives_and_the_opening_word():
    assert names_in("Who praised Mr. Ito’s deal in September?") == ("Mr. Ito",)
    assert names_in("Did the U.S. send C5+1 envoys?") == ("U.S.", "C5+1")


def test_a_party_ends_at_its_possessive():
    party = split_party("the Harbour Authority’s plan for ferries")
    assert party is not None
    assert (party.name, party.rest) == ("Harbour Authority", "plan for ferries")


@given(st.text(max_size=300))
def test_any_text_gives_a_plan(text):
    assert plan(Question(text, asked_on=date(2025, 1, 1)), KNOWN).kind in Kind
