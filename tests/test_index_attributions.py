"""Who says what: contents, speakers and voices on invented sentences, any odd text, and real articles."""

from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.schema import MentionKind, Voice
from index.sentences import split_sentences
from index.statements.mentions import find_mentions, group_people
from index.statements.names import is_named, parse_name, without_titles
from index.statements.pipeline import recognise
from index.statements.said import attributions

D, P, R = Voice.DIRECT, Voice.PARTLY_QUOTED, Voice.REPORTED


def said(text):
    found = attributions(text, split_sentences(text))
    return {(one.speaker, " … ".join(piece.of(text) for piece in one.pieces), one.voice) for one in found}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“The bridge opens in May,” Maria Lopez said.", ("Maria Lopez", "“The bridge opens in May,”", D)),
        ('"The bridge opens in May," Maria Lopez said.', ("Maria Lopez", '"The bridge opens in May,"', D)),
        (
            "''The bridge opens in May,'' Maria Lopez said.",
            ("Maria Lopez", "''The bridge opens in May,''", D),
        ),
        ("“The bridge opens in May,” said Maria Lopez.", ("Maria Lopez", "“The bridge opens in May,”", D)),
        (
            "“The bridge opens in May,” said Maria Lopez, who runs the port.",
            ("Maria Lopez", "“The bridge opens in May,”", D),
        ),
        (
            "“It opens in May,” Maria Lopez said. “It will be the longest in the state.”",
            ("Maria Lopez", "“It opens in May,” … “It will be the longest in the state.”", D),
        ),
        (
            "Maria Lopez said that the bridge opens in May.",
            ("Maria Lopez", "that the bridge opens in May", R),
        ),
        (
            "Maria Lopez told reporters that the bridge opens in May.",
            ("Maria Lopez", "that the bridge opens in May", R),
        ),
        (
            "Maria Lopez said the bridge was “a gift to the city.”",
            ("Maria Lopez", "the bridge was “a gift to the city.”", P),
        ),
        (
            "The bridge, Maria Lopez said, will open in May.",
            ("Maria Lopez", "The bridge … will open in May", R),
        ),
        ("The bridge is late, Maria Lopez said.", ("Maria Lopez", "The bridge is late", R)),
        (
            "As Maria Lopez noted, the bridge will open in May.",
            ("Maria Lopez", "the bridge will open in May", R),
        ),
        (
            "The bridge will open in May, according to Maria Lopez.",
            ("Maria Lopez", "The bridge will open in May", R),
        ),
        ("Maria Lopez believes the bridge is safe.", ("Maria Lopez", "the bridge is safe", R)),
        ("Maria Lopez urged John Smith to resign.", ("Maria Lopez", "John Smith to resign", R)),
        ("Maria Lopez called for a new bridge.", ("Maria Lopez", "a new bridge", R)),
        ("Maria Lopez opposes the new bridge.", ("Maria Lopez", "the new bridge", R)),
        (
            "Maria Lopez called the bridge “an absolute disgrace.”",
            ("Maria Lopez", "the bridge “an absolute disgrace.”", P),
        ),
        (
            "The claim by Maria Lopez that the bridge is unsafe drew laughter.",
            ("Maria Lopez", "that the bridge is unsafe", R),
        ),
        (
            "John Smith repeated Maria Lopez’s claim that the bridge is unsafe.",
            ("Maria Lopez", "that the bridge is unsafe", R),
        ),
        ("Many said that the bridge was too long.", ("many", "that the bridge was too long", R)),
        (
            "A spokeswoman said that the bridge would open.",
            ("a spokeswoman", "that the bridge would open", R),
        ),
        (
            "The White House announced that the bridge would open.",
            ("White House", "that the bridge would open", R),
        ),
    ],
)
def test_who_says_what(text, expected):
    assert expected in said(text)


@pytest.mark.parametrize(
    ("text", "cue", "speaker"),
    [
        # A pronoun beside a quote is the one who spoke before, not somebody named in the quote.
        (
            "“We will build it,” Paul Weber said. “Carl Meyer is a liar,” he added.",
            "added",
            "Paul Weber",
        ),
        ("Paul Weber met Anna Klein. “Carl Meyer lied,” she said.", "said", "Anna Klein"),
        ("Paul Weber spoke first. In his speech he said that taxes are high.", "said", "Paul Weber"),
        # Participles go on from whoever speaks.
        ("Paul Weber said Carl Meyer must choose, adding that time is short.", "adding", "Paul Weber"),
        (
            "Paul Weber spoke on Monday, telling reporters that Carl Meyer is weak and asking why he stays.",
            "asking",
            "Paul Weber",
        ),
        ("Paul Weber led Carl Meyer to declare that the race is over.", "declare", "Carl Meyer"),
        # Roles, appositions, bodies.
        ("Paul Weber, a lawyer from Linz, said that taxes are high.", "said", "Paul Weber"),
        ("The mayor, Paul Weber, said that taxes are high.", "said", "Paul Weber"),
        (
            "Paul Weber, the governor of Ohio, arrived. The governor said that taxes are high.",
            "said",
            "Paul Weber",
        ),
        (
            "The Weber campaign said that taxes are high. Paul Weber is a candidate.",
            "said",
            "Weber campaign",
        ),
        ("Ford Motor Company sold it. The company said that sales fell.", "said", "Ford Motor Company"),
        # A colon introduces quoted words.
        ("Paul Weber had one wish for the town: “Let there be peace.”", "had", "Paul Weber"),
    ],
)
def test_whose_words_they_are(text, cue, speaker):
    found = attributions(text, split_sentences(text))
    assert [one.speaker for one in found if one.cue.of(text) == cue] == [speaker]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The plan added by John Smith was said to be weak.", "the plan"),
        ("The economy continues to grow.", "the economy"),
        ("“Maria Lopez knows what it takes,” John Smith said.", "Maria Lopez"),
    ],
)
def test_who_says_nothing(text, speaker):
    assert speaker not in {name for name, _, _ in said(text)}


def test_a_quote_over_paragraphs_is_one_speakers():
    text = (
        "“The bridge opens in May,” Maria Lopez said. “It was hard.\n\n"
        "“We had to start again twice before it held.\n\n“But it holds.”"
    )
    (found,) = attributions(text, split_sentences(text))
    assert found.speaker == "Maria Lopez"
    assert [piece.of(text)[:9] for piece in found.pieces] == [
        "“The brid",
        "“It was h",
        "“We had t",
        "“But it h",
    ]


def test_each_cue_is_found_once():
    text = "Maria Lopez suggested that the bridge be closed and John Smith opposed the plan."
    found = attributions(text, split_sentences(text))
    assert len({one.cue.start for one in found}) == len(found)


def test_an_empty_text_attributes_nothing():
    assert attributions(" \n", ()) == ()


def test_names_of_one_family_are_kept_apart():
    written = {"Anna Weber": 2, "Eva Weber": 2, "Mr. Weber": 5, "Mrs. Weber": 9, "Weber": 4, "Paul Weber": 1}
    people = group_people(Counter(written))
    assert people["Mr. Weber"] == "Paul Weber"
    assert people["Mrs. Weber"] == "Anna Weber"
    assert people["Weber"] == "Anna Weber"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Paul Weber spoke. “No,” Said Weber.", "Paul Weber"),
        ("Sens. Paul Weber and Anna Klein met.", "Paul Weber"),
    ],
)
def test_words_beside_a_name_are_no_part_of_it(text, name):
    people = {one.name for one in find_mentions(recognise(text), text) if one.kind is MentionKind.PERSON}
    assert name in people
    assert not {one for one in people if "Slam" in one or "Said" in one or one.startswith("Sens")}


def test_a_short_form_is_the_body_it_abbreviates():
    text = "The National Teachers Association met. The NTA said that schools are full."
    assert "National Teachers Association" in {name for name, _, _ in said(text)}


def test_plural_titles_and_first_names_are_read():
    assert without_titles("Sens. Paul Weber") == "Paul Weber"
    assert parse_name("Katrina Weber").gender == "f"
    assert parse_name("Jean-Claude Weber").gender == "m"


PIECES = st.sampled_from(
    [
        "Maria Lopez",
        "he",
        " said ",
        " told ",
        "according to ",
        " called ",
        "“",
        "”",
        '"',
        "''",
        "``",
        "‘",
        "’",
        ": ",
        ". ",
        ", ",
        "\n\n",
        " the plan is weak",
        " that taxes rose",
        "\u00a0",
    ]
)


@settings(max_examples=80, deadline=None)
@example(": \xa0according to  the plan is weak")
@given(st.lists(PIECES, max_size=16).map("".join))
def test_any_marks_give_ranges_inside_the_text(text):
    for one in attributions(text, split_sentences(text)):
        assert one.pieces
        ends = 0
        for piece in one.pieces:
            assert ends <= piece.start < piece.end <= len(text)
            assert piece.of(text).strip()
            ends = piece.end
        for span in (one.speaker_span, one.doer, one.cue):
            assert span is None or (0 <= span.start < span.end <= len(text) and span.of(text).strip())
        assert one.speaker


@pytest.mark.shared
@pytest.mark.slow
def test_floors_on_hand_marked_articles(shared):
    from benchmarks.attributions import Report, read_rows, sampled, score, score_resolved

    rows = list(sampled(read_rows(shared / "data" / "polnear" / "articles_train.jsonl.gz"), 42))
    report = Report()
    matched = {row["id"]: score(report, row) for row in rows}
    shown = report.as_row()
    assert shown["all"]["strict_.3"]["f1"] >= 0.69
    assert shown["by_voice"]["direct"]["strict_.3"]["f1"] >= 0.87
    assert shown["all"]["speaker"] >= 0.90
    ledger = read_rows(shared / "data" / "praise" / "ledger.jsonl")
    assert 0 < score_resolved(rows, ledger, matched)["all"]["right"] <= 1


def test_descriptions_stay_descriptions():
    names = {name for name, _, _ in said("A senior official said that the bridge would open.")}
    assert names
    assert not any(is_named(name) for name in names)
