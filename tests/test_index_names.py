"""Names as strings: what is trimmed, when two names are one, what is no name at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.statements.names import (
    body_key,
    body_of,
    fold,
    is_body,
    is_named,
    parse_name,
    possessor,
    same_name,
    same_person,
    trim,
    without_titles,
)


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("Mr. Trump’s", "Trump"),
        ("President Kassym-Jomart Tokayev", "Kassym-Jomart Tokayev"),
        ("former President Barack Obama", "Barack Obama"),
        ("President Joseph R. Biden Jr.", "Joseph R. Biden"),
        ("Sen. Bernie Sanders’", "Bernie Sanders"),
        ("Prime Minister", "Minister"),
        ("“Donald Trump”", "Donald Trump"),
    ],
)
def test_titles_endings_and_marks_are_no_part_of_a_name(written, bare):
    assert without_titles(written) == bare


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Trump", "Donald Trump"),
        ("Mr. Trump", "Donald J. Trump"),
        ("President Trump", "Trump"),
        ("Joe Biden", "Joseph R. Biden Jr."),
        ("Mrs. Clinton", "Hillary Clinton"),
        ("Hillary", "Hillary Clinton"),
        ("Kassym-Jomart Tokayev", "Kassym Jomart Tokayev"),
        ("Andrés Manuel", "Andres Manuel"),
        ("de Blasio", "Bill de Blasio"),
        ("J. Biden", "Joe Biden"),
        ("Mike Pence", "Michael Pence"),
    ],
)
def test_one_person_under_two_names(left, right):
    assert same_person(left, right)
    assert same_person(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Bill Clinton", "Hillary Clinton"),
        ("Mr. Clinton", "Hillary Clinton"),
        ("Mrs. Clinton", "Bill Clinton"),
        ("George W. Bush", "George H. W. Bush"),
        ("Ivanka Trump", "Donald Trump"),
        ("Ted Cruz", "Ted Kennedy"),
        ("Jeb Bush", "George W. Bush"),
    ],
)
def test_two_people_with_a_name_in_common(left, right):
    assert not same_person(left, right)
    assert not same_person(right, left)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("The New York Times", "New York Times", True),
        ("Ford Motor Co.", "Ford Motor Company", True),
        ("GOP", "Republican Party", True),
        ("White House", "House", False),
        ("Democratic Party", "Republican Party", False),
        ("House Democrats", "Democrats", False),
        ("Cove Capital", "Capital One", False),
    ],
)
def test_bodies_are_matched_by_their_whole_name(left, right, same):
    assert same_name(left, right) is same


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("Kassym-Jomart Tokayev", True),
        ("Cove Capital", True),
        ("Trump administration", True),
        ("a senior official", False),
        ("critics", False),
        ("Sanders supporters", False),
        ("67 percent of voters", False),
        ("65 percent of Republicans", False),
        ("60 Minutes", True),
        ("Hillary Clinton’s leadership", False),
        ("", False),
    ],
)
def test_descriptions_are_not_names(name, named):
    assert is_named(name) is named


def test_a_body_or_thing_tells_whose_it_is():
    assert body_of("the Trump administration") == "Trump"
    assert body_of("Trump") is None
    assert possessor("Mr. Trump’s trade truce") == "Mr. Trump"
    assert possessor("Bernie Sanders' vote") == "Bernie Sanders"
    assert possessor("Cove Capital") is None
    assert is_body("Democratic Party")
    assert not is_body("Mr. Tokayev")


def test_a_hyphenated_surname_is_one_surname():
    assert parse_name("Ileana Ros-Lehtinen").surname == "ros lehtinen"
    assert parse_name("Ileana Ros-Lehtinen").given == ("ileana",)


@given(st.text(max_size=40))
def test_any_text_can_be_taken_for_a_name(text):
    parse_name(text)
    is_named(text)
    body_key(text)
    assert fold(fold(text)) == fold(text)
    assert trim(text) == trim(text).strip()
    assert same_name(text, text)


@given(st.text(max_size=20), st.text(max_size=20))
def test_matching_does_not_depend_on_the_order(left, right):
    assert same_name(left, right) == same_name(right, left)
