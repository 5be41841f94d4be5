"""Constraints read from a question: what they limit, and that each can be taken away."""

from datetime import date

import pytest

from index.schema import Filter
from qa.names import names_in
from qa.periods import read_article_dates, read_statement_dates
from qa.question import KnownNames, plan
from qa.schema import Question

TIMES = ("The New York Times", "Los Angeles Times")
KNOWN = KnownNames((*TIMES, "Reuters"), "2026-03-20")
THURSDAY = date(2026, 3, 26)


def dated(first, last=None):
    return Filter(published_from=first, published_to=last)


def asked(text, **fields):
    return plan(Question(text, asked_on=THURSDAY, **fields), KNOWN)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("today", "2026-03-26", "2026-03-26"),
        ("yesterday", "2026-03-25", "2026-03-25"),
        ("this week", "2026-03-23", "2026-03-26"),
        ("last week", "2026-03-16", "2026-03-22"),
        ("in the past week", "2026-03-20", "2026-03-26"),
        ("this month", "2026-03-01", "2026-03-26"),
        ("last month", "2026-02-01", "2026-02-28"),
        ("this year", "2026-01-01", "2026-03-26"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("in September", "2025-09-01", "2025-09-30"),
        ("since March", "2026-03-01", None),
        ("between 3 and 5 May", "2025-05-03", "2025-05-05"),
        ("between May 3 and May 5, 2024", "2024-05-03", "2024-05-05"),
        ("from December 30, 2025 to January 2", "2025-12-30", "2026-01-02"),
        ("between November and February", "2025-11-01", "2026-02-28"),
        ("between 5 and 3 May", None, None),
        ("between 30 and 31 February", None, None),
        ("between 3 and 5", None, None),
    ],
)
def test_times_are_read_against_the_day_of_asking(words, first, last):
    read = read_statement_dates(f"Who praised Ito most {words}?", "2026-03-26")
    assert (read.first, read.last) == (first, last)
    assert read.rest == ("Who praised Ito most?" if first or last else f"Who praised Ito most {words}?")
    assert read.words == (words if first or last else "")


@pytest.mark.parametrize(
    ("text", "first", "rest"),
    [
        ("Which articles from last week mention Ito?", "2026-03-16", "Which articles mention Ito?"),
        ("What do yesterday’s reports say of Ito?", "2026-03-25", "What do reports say of Ito?"),
        ("What did the stories published this month say?", "2026-03-01", "What did articles say?"),
        ("Which city was flooded this week?", None, "Which city was flooded this week?"),
        ("Who won last year?", None, "Who won last year?"),
    ],
)
def test_only_times_of_articles_limit_a_question_of_fact(text, first, rest):
    read = read_article_dates(text, today="2026-03-26")
    assert (read.first, read.rest) == (first, rest)
    assert read_article_dates(text).first is None


@pytest.mark.parametrize(
    ("text", "kind", "limits"),
    [
        ("Who praised Ito most last week?", "published", dated("2026-03-16", "2026-03-22")),
        ("Summarise the coverage of tariffs since January", "published", dated("2026-01-01")),
        ("How many articles mention Ito this month?", "published", dated("2026-03-01", "2026-03-26")),
        ("According to Reuters, who won the vote?", "outlet", Filter(outlets=("Reuters",))),
        ("What did the Times report about Ito?", "outlet", Filter(outlets=TIMES)),
    ],
)
def test_a_constraint_limits_and_can_be_taken_away(text, kind, limits):
    made = asked(text)
    (constraint,) = made.constraints
    assert (constraint.kind, made.filter) == (kind, limits)
    assert constraint.words in text
    assert constraint.words
    assert constraint.meaning
    assert made.notes
    without = asked(text, without=(constraint.id,))
    assert (without.filter, without.constraints, without.notes) == (Filter(), (), ())
    assert (without.kind, without.terms) == (made.kind, made.terms)
    assert asked(text, without=("published:never",)) == made


def test_constraints_are_taken_away_one_by_one():
    text = "Which Reuters articles from last week mention Ito?"
    outlet, days = asked(text).constraints
    assert (outlet.kind, days.kind) == ("outlet", "published")
    assert asked(text, without=(outlet.id,)).filter == Filter(
        published_from="2026-03-16", published_to="2026-03-22"
    )
    assert asked(text, without=(days.id,)).filter == Filter(outlets=("Reuters",))
    assert asked(text, without=(outlet.id, days.id)).filter == Filter()


def test_the_readers_own_choice_is_not_narrowed_further_and_no_constraint():
    chosen = Filter(outlets=("Reuters",), published_from="2026-01-01")
    made = asked("What did the Times articles from last week say?", filter=chosen)
    assert (made.filter, made.constraints) == (chosen, ())


def test_without_a_day_of_asking_the_newest_article_is_today():
    made = plan(Question("Who praised Ito most last week?"), KNOWN)
    assert made.filter.published_from == "2026-03-09"
    assert plan(Question("Who praised Ito most last week?"), KnownNames()).constraints == ()


def test_a_quiz_question_of_this_week_is_not_limited():
    assert asked("Which historic landmark did President Ito visit this week?").constraints == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("NASA launched Artemis II on Wednesday. How many astronauts are on board?", ("NASA", "Artemis II")),
        ("Ito backed Vega in Gerona. Why? Which party is hers?", ("Ito", "Vega", "Gerona")),
        ("WHO praised the plan? US officials did.", ("WHO", "US")),
        ("What did Mr. Ito say to St. John?", ("Mr. Ito", "St. John")),
    ],
)
def test_words_that_open_a_sentence_are_no_names(text, names):
    assert names_in(text) == names
