"""Figures, days, yes or no, and the sentences that say most: each with tables of what is and is not read."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.amounts import amounts_in, same_amount
from qa.answerers.whether import claim_verb
from qa.occasions import day_of, occasions_in
from qa.polarity import Polarity, polarity, read_claim
from qa.salience import bags, choose, is_sentence, salience
from qa.side_by_side import compare_texts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("More than 3,000 people marched in 2019", [(3000, "peopl", 1, False)]),
        ("about 1,800 people marched on Nov. 6, 2025", [(1800, "peopl", 0, True)]),
        ("up to €7.5 million in penalties", [(7_500_000, "euro", -1, False)]),
        ("27 percent of the water", [(27, "%", 0, False)]),
        ("twenty-two jets and 300 locomotives", [(22, "jet", 0, False), (300, "locomot", 0, False)]),
        ("the 3rd of May 2019", []),
        ("12 million euros", [(12_000_000, "euro", 0, False)]),
        ("a 94-page report", [(94, "page", 0, False)]),
    ],
)
def test_amounts_with_their_units_and_hedges(text, found):
    amounts = [(one.value, one.unit, one.bound, one.hedged) for one in amounts_in(text)]
    assert [(value, bound, hedged) for value, _, bound, hedged in amounts] == [
        (value, bound, hedged) for value, _, bound, hedged in found
    ]
    for (_, unit, _, _), (_, wanted, _, _) in zip(amounts, found, strict=True):
        assert unit.startswith(wanted[:4]) or wanted.startswith(unit[:4])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1,242 prisoners", "1,242 prisoners", True),
        ("1,242 prisoners", "1,200 prisoners", True),  # rounded
        ("more than 3,000 people", "3,200 people", True),
        ("more than 3,000 people", "2,900 people", True),  # hedged and near
        ("about 1,800 people", "more than 3,000 people", False),
        ("27 percent", "21 percent", False),
        ("27 percent", "28 percent", False),
        ("$4 billion", "$4,000 million", True),
    ],
)
def test_amounts_that_can_be_the_same_figure(one, other, same):
    (first,), (second,) = amounts_in(one), amounts_in(other)
    assert same_amount(first, second) is same
    assert same_amount(second, first) is same


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_sameness_of_amounts_is_symmetric_and_reflexive(one, other):
    (first,), (second,) = amounts_in(f"{one:,} boats"), amounts_in(f"{other:,} boats")
    assert same_amount(first, first)
    assert same_amount(first, second) is same_amount(second, first)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("On Nov. 6 the five met", "2025-11-06", "2025-11-06"),
        ("the 6 November 2024 summit", "2024-11-06", "2024-11-06"),
        ("in September, the president met", "2025-09-01", "2025-09-30"),
        ("on Thursday evening", "2025-11-13", "2025-11-13"),
        ("signed in 2023", "2023-01-01", "2023-12-31"),
        ("two ships are due in February", "2026-02-01", "2026-02-28"),
        ("it passed in January", "2025-01-01", "2025-01-31"),
        ("last week the council met", "2025-11-10", "2025-11-16"),
        ("they may march", None, None),
        ("1,242 prisoners", None, None),
    ],
)
def test_days_are_resolved_against_the_article(text, first, last):
    found = day_of(text, "2025-11-18T10:00:00+01:00")
    assert (found and found.first.isoformat(), found and found.last.isoformat()) == (first, last)


def test_without_the_articles_day_only_full_dates_count():
    assert occasions_in("on Nov. 6 and on Thursday", None) == ()
    (full,) = occasions_in("on Nov. 6, 2025", None)
    assert full.first == full.last == date(2025, 11, 6)


@given(st.text(alphabet="NovMay. 0123456789,inthe", max_size=60))
def test_days_lie_within_their_text_and_in_order(text):
    for one in occasions_in(text, "2025-11-18"):
        assert 0 <= one.start < one.end <= len(text)
        assert one.first <= one.last


SO, NOT, OPEN, SILENT = Polarity.SO, Polarity.NOT_SO, Polarity.OPEN, Polarity.SILENT


@pytest.mark.parametrize(
    ("question", "sentence", "said"),
    [
        ("Did Norway join the pact?", "Norway joined the pact on Monday.", SO),
        ("Did Norway join the pact?", "Norway did not join the pact.", NOT),
        ("Did Norway join the pact?", "Norway refused to join the pact.", NOT),
        ("Did Norway join the pact?", "Norway has yet to join the pact.", NOT),
        ("Did Norway join the pact?", "Norway left the pact.", NOT),
        ("Did Norway join the pact?", "Norway did not leave the pact.", SO),
        ("Did Norway join the pact?", "Norway would join the pact if it could.", OPEN),
        ("Did Norway join the pact?", "Norway promised to join the pact.", OPEN),
        ("Did Norway join the pact?", "Norway agreed never to join the pact.", OPEN),
        ("Did Norway join the pact?", "The minister urged Norway to join the pact.", OPEN),
        ("Did Norway join the pact?", "Norway became the first state to join the pact.", SO),
        ("Did Norway join the pact?", "Norway sells fish.", SILENT),
        ("Did Lumen buy the yard?", "Lumen acquired the yard.", SO),
        ("Did Lumen buy the yard?", "Lumen sold the yard.", SILENT),
        ("Did Lumen buy the yard?", "The yard was bought by Lumen.", SO),
        ("Was the strike cancelled?", "The strike was cancelled on Friday.", SO),
        ("Was the strike cancelled?", "The strike was not cancelled.", NOT),
        ("Was the strike cancelled?", "The strike will be cancelled unless they agree.", OPEN),
        ("Has the lake been full since 2017?", "It has not been full since 2017.", NOT),
        ("Is the lake full?", "The lake is empty.", NOT),
        ("Did the police make arrests?", "The police reported no arrests.", NOT),
        ("Was anybody bribed?", "The report says that nobody was bribed.", NOT),
        ("Did the bank raise rates?", "The rate cut in June surprised the bank.", SILENT),
        ("Did the bank raise rates?", "The bank is expected to raise rates after two straight hikes.", OPEN),
        ("Did the state accept a delay?", "They asked for a delay, which the state rejected.", NOT),
        ("Did the crew land on the moon?", "A moon landing is due next year.", SILENT),
        ("Did the crew land on the moon?", "The crew landed on the moon.", SO),
    ],
)
def test_what_a_sentence_says_of_a_claim(question, sentence, said):
    claim = read_claim(question, claim_verb(question))
    assert claim is not None
    assert polarity(claim, sentence) is said


LAKE = [
    "The lake fell to its lowest level since 1976, the water board said on Monday.",
    "The water board said that the lake fell to its lowest level since 1976.",
    "Farmers around the lake were told to stop pumping water from it.",
    "A brass band played.",
    "Photo: the lake at dusk",
    "Who is to blame for the lake?",
]


def test_of_sentences_that_say_the_same_one_is_chosen():
    vectors = bags(LAKE)
    chosen = choose(salience(LAKE, vectors, lead=True), vectors, 4)
    assert chosen[0] == 0
    assert 1 not in chosen
    assert 2 in chosen
    assert not {3, 4, 5} & set(chosen)  # too short, a caption, a question


@given(st.lists(st.sampled_from(LAKE), max_size=12), st.integers(0, 6))
def test_sentences_are_chosen_once_and_never_too_many(texts, limit):
    vectors = bags(texts)
    chosen = choose(salience(texts, vectors, lead=False), vectors, limit)
    assert len(chosen) == len(set(chosen)) <= limit
    assert len({texts[position] for position in chosen}) == len(chosen)
    assert all(is_sentence(texts[position]) for position in chosen)


def test_figures_side_by_side():
    compared = compare_texts(
        [
            ("Post", ["More than 3,000 people marched through Velmora to protest the contract."]),
            ("Lantern", ["About 900 people marched through Velmora to protest the contract on May 3."]),
        ],
        "2025-05-04",
    )
    assert compared.differing == ("3,000 people (Post) and 900 people (Lantern)",)
    assert compared.shared == ()


def test_figures_of_other_things_are_not_compared():
    compared = compare_texts(
        [
            ("Post", ["More than 3,000 people marched through Velmora to protest the contract."]),
            ("Lantern", ["The yard employs 900 people in four countries and makes cranes."]),
        ]
    )
    assert compared == compare_texts([])


def test_a_shared_figure_and_a_shared_day_are_told():
    compared = compare_texts(
        [
            ("Post", ["The ferry with 318 passengers docked early in Velmora on May 3."]),
            ("Lantern", ["The ferry docked in Velmora on Saturday carrying 318 passengers."]),
        ],
        "2025-05-04",
    )
    assert compared.shared == ("318 passengers", "May 3")
    assert compared.differing == ()
