"""The option that the articles speak for is picked; the open answer never sees the options."""

import dataclasses
import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.schema import Case
from eval.systems import LibrarySystem
from index.ingest import add
from index.library import Library
from index.schema import ArticleCard
from qa.abstain import judge
from qa.answerers.draft import Draft, Signals
from qa.choices import pick, read_options
from qa.engine import Engine
from qa.evidence import EvidenceSentence, stems_of
from qa.question import KnownNames, plan
from qa.schema import Citation, Question
from qa.settings import DEFAULTS


def sentence(text, *, article=0, published=None, near="", title=""):
    card = ArticleCard(f"{article:016d}", "a.txt", title, (), None, published, None, f"{article:016d}")
    return EvidenceSentence(
        article=card,
        start=0,
        end=len(text),
        text=text,
        around=("", near),
        mentions=(),
        stems=stems_of(text),
        near=stems_of(near),
        far=stems_of(title),
        retrieval=1.0,
    )


def picked(text, choices, *sentences, asked_on=None):
    question = Question(text, choices=tuple(choices), asked_on=asked_on)
    found = pick(question, plan(question, KnownNames()), sentences)
    return found.option if found else None


HARBOUR = sentence("Mayor Ines Holt opened the new harbour of Skarrow with 25 percent of it unfinished.")
COST = sentence("The harbour cost $1,242 a metre, 40 workers said on Nov. 6.", article=1)
OTHER = sentence("Deputy Rolf Anders, 25, spoke of taxes.", article=2)


@pytest.mark.parametrize(
    ("question", "choices", "expected"),
    [
        ("Who opened the harbour?", ["Rolf Anders", "Ines Holt", "Kai Lund"], "Ines Holt"),
        ("Who opened the harbour?", ["Oslo’s Rolf Anders", "Bo’s Ines Holt (a)"], "Bo’s Ines Holt (a)"),
        ("How much of the harbour is unfinished?", ["20%", "25%", "40%"], "25%"),
        ("What did a metre of the harbour cost?", ["$25", "$40", "$1,242"], "$1,242"),
        ("How many workers spoke of the harbour?", ["twenty-five", "forty"], "forty"),
        ("When did workers speak of the harbour?", ["November 7", "November 6"], "November 6"),
        ("Which harbour was opened?", ["Norhaven harbour", "Skarrow harbour"], "Skarrow harbour"),
        ("Who opened the harbour?", ["Mia Berg", "Kai Lund"], None),
        ("Who opened the harbour?", ["Mia Berg", "None of the above"], "None of the above"),
        ("Who did not open the harbour?", ["Ines Holt", "Kai Lund"], "Kai Lund"),
    ],
)  # fmt: skip
def test_the_option_that_the_articles_speak_for(question, choices, expected):
    assert picked(question, choices, HARBOUR, COST, OTHER) == expected


def test_all_of_the_above_needs_every_option():
    both = sentence("Ines Holt and Kai Lund opened the harbour.")
    choices = ["Ines Holt", "Kai Lund", "All of the above"]
    assert picked("Who opened the harbour?", choices, both) == "All of the above"
    assert picked("Who opened the harbour?", choices, HARBOUR) == "Ines Holt"


def test_a_number_of_things_is_not_a_share_or_a_price():
    share = sentence("The firm’s sales fell 40% from the year before, years after the firm was founded.")
    years = sentence("The firm was founded 50 years ago.", article=1)
    assert picked("How many years ago was the firm founded?", ["40", "50"], share, years) == "50"


def test_news_of_the_week_outweighs_what_is_old():
    old = sentence("The king visited Norhaven.", published="2024-02-01")
    new = sentence("The king visited Skarrow.", article=1, published="2026-04-20")
    choices = ["Norhaven", "Skarrow"]
    assert (
        picked("Which city did the king visit?", choices, old, new, asked_on=date(2026, 4, 23)) == "Skarrow"
    )


def test_words_that_all_options_share_tell_nothing():
    options = read_options(["Delta Air Lines", "United Airlines", "Southwest Airlines"])
    assert [option.stems for option in options][1:] == [("unit",), ("southwest",)]


@given(st.permutations(["Ines Holt", "Rolf Anders", "Kai Lund", "Mia Berg"]), st.randoms())
def test_the_order_of_options_and_sentences_does_not_matter(choices, chance: random.Random):
    sentences = [HARBOUR, COST, OTHER]
    chance.shuffle(sentences)
    assert picked("Who opened the harbour?", choices, *sentences) == "Ines Holt"


@given(st.lists(st.text(max_size=30), max_size=5))
def test_any_options_give_one_of_them_or_nothing(choices):
    assert picked("Who opened the harbour?", choices, HARBOUR, COST) in (*choices, None)


@pytest.fixture(scope="module")
def harbour_library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("choices")
    (folder / "a.md").write_text(
        "# The harbour opens\n\nMayor Ines Holt opened the new harbour of Skarrow on Monday. The work took "
        "nine years.\n\nHer rival Rolf Anders spoke of taxes in the town hall instead.\n",
        encoding="utf-8",
    )
    with Library.create(folder / "library") as library:
        add(library, [folder / "a.md"])
    return folder / "library"


def test_the_answer_holds_the_option_and_a_sentence_that_says_it(harbour_library):
    question = Question("Who opened the new harbour of Skarrow?", choices=("Rolf Anders", "Ines Holt"))
    with Engine.open(harbour_library) as engine:
        answer = engine.ask(question)
        without = engine.ask(dataclasses.replace(question, choices=()))
    assert (answer.choice, answer.short_answer) == ("Ines Holt", "Ines Holt")
    assert "Ines Holt" in answer.sentences[0].text
    assert (without.choice, without.abstained) == (None, False)


def test_the_evaluation_asks_without_the_options_and_once_more_with_them(harbour_library):
    choices = ("Rolf Anders", "Kai Lund")
    case = Case("q", "Who opened the new harbour of Skarrow?", answers=("Ines Holt",), choices=choices)
    system = LibrarySystem.open(harbour_library)
    answer = system.result(case).outcome.answer
    system.close()
    assert answer["short_answer"].endswith("Ines Holt")
    assert answer["choice"] in (None, "Rolf Anders")


@pytest.mark.parametrize(
    ("score", "lead", "answered"), [(0.6, 0.4, True), (0.25, 0.4, True), (0.21, 0.0, False)]
)
def test_an_option_is_given_when_it_is_likelier_right_than_not(score, lead, answered):
    draft = Draft(
        shown=(Citation(HARBOUR.article, 0, 5, "Mayor"),),
        choice="Ines Holt",
        signals=Signals(coverage=score, candidate=score, margin=lead),
    )
    question = Question("Who opened the harbour?", choices=("Ines Holt", "Kai Lund"))
    assert judge(plan(question, KnownNames()), draft, DEFAULTS.threshold).answer is answered


def test_an_option_in_other_words_is_picked_but_is_no_short_answer(harbour_library):
    choices = ("The taxes of Skarrow", "The harbour of Skarrow (new)")
    with Engine.open(harbour_library) as engine:
        answer = engine.ask(Question("What did Mayor Ines Holt open on Monday?", choices=choices))
    assert answer.choice == "The harbour of Skarrow (new)"
    assert answer.short_answer is None
