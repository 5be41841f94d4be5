"""Questions as search terms, and texts that hold a term."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.terms import MAX_EXACT, exact_terms, holds, search_terms, word_pairs


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("Who praised Trump most?", ["praised", "Trump"]),
        ("What is the WHO's budget?", ["WHO", "budget"]),
        ("who is who", ["who", "is"]),
        ("WHO IS THE MAYOR?", ["MAYOR"]),
        ("What didn’t the minister's aide say?", ["minister", "aide", "say"]),
        (
            "How many F-35 jets left the New York-area base?",
            ["many", "F-35", "jets", "left", "New", "York", "area", "base"],
        ),
        ("Did the C5+1 cost $1,242.50 (or 5%)?", ["C5+1", "cost", "1,242.50", "5%"]),
        ("tax tax Tax", ["tax"]),
        ("Kassym-Jomart Tokayev", ["Kassym", "Jomart", "Tokayev"]),
        ("?!", []),
    ],
)
def test_the_words_worth_searching(question, terms):
    assert search_terms(question) == terms


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("Who praised Trump most?", ["Trump"]),
        ("who praised the summit?", []),
        ('Who said "we  will win" in 2024?', ["we will win", "2024"]),
        ("Wer sagte „nie wieder“?", ["nie wieder", "Wer"]),
        ("Did iPhone sales reach 4.5m?", ["iPhone", "4.5m"]),
    ],
)
def test_what_must_be_met_letter_by_letter(question, terms):
    assert exact_terms(question) == terms


def test_of_many_exact_terms_phrases_and_numbers_stay():
    names = " ".join(f"Name{chr(65 + place) * (place + 1)}" for place in range(12))
    terms = exact_terms(f'{names} 2024 "a phrase of it"')
    assert len(terms) == MAX_EXACT
    assert {"2024", "a phrase of it"} <= set(terms)


@pytest.mark.parametrize(
    ("text", "term", "held"),
    [
        ("Tokayev’s visit", "Tokayev", True),
        ("Tokayevs", "Tokayev", False),
        ("He said we\nwill win.", "we will win", True),
        ("1,242 prisoners", "1,242", True),
        ("1,242 prisoners", "242", False),
        ("1,242 prisoners", "1", False),
        ("a 4.5% rise", "4", False),
        ("It ended in 2024.", "2024", True),
        ("In 2024, it ended", "2024", True),
        ("It cost $50.", "50", True),
        ("BEYONCÉ sang", "Beyonce", True),
        ("the F-35 jet", "F-35", True),
        ("the C5+1 format", "C5+1", True),
        ("a 5% tax", "5%", True),
        ("", "x", False),
    ],
)
def test_whole_words_are_held_and_parts_of_them_are_not(text, term, held):
    assert holds(text, term) is held


@pytest.mark.parametrize(
    ("question", "pairs"),
    [
        ("Which airport in the New York area was shut?", ["New York", "York area"]),
        ("the New York-area base", ["New York", "York area", "area base"]),
        ("Who is it?", ["Who is", "is it"]),
        ("storm storm", []),
        ("new York and New york", ["new York"]),
        ("F-35 jets’ engine", ["F-35 jets", "jets engine"]),
        ("", []),
    ],
)
def test_pairs_are_words_side_by_side(question, pairs):
    assert word_pairs(question) == pairs


@given(st.text(max_size=200))
def test_any_text_gives_terms_that_it_holds(text):
    for term in search_terms(text):
        assert term
        assert not term.isspace()
    exact = exact_terms(text)
    assert len(exact) <= MAX_EXACT
    assert all(any(map(str.isalnum, term)) for term in exact)
