"""Questions about praise and criticism, read from many phrasings: who asks about whom, in which direction."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.schema import Filter, Stance
from qa.families import family_of
from qa.outlets import read_outlets
from qa.periods import read_article_dates, read_statement_dates
from qa.question import KnownNames, plan
from qa.schema import Kind, Question, Wanted
from qa.stance_wording import with_one_verb

KNOWN = KnownNames(outlets=("The Harbour Courier", "north-star"), newest="2025-11-20")


def read(text):
    return plan(Question(text), KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "Who criticised Ana Brandt most?",
        "Who criticized Ana Brandt the most?",
        "Who has been most critical of Ana Brandt?",
        "Who was most critical of Ana Brandt",
        "Who is Ana Brandt's harshest critic?",
        "Who is Ana Brandt’s biggest critic?",
        "Who was the loudest critic of Ana Brandt?",
        "Who attacked Ana Brandt more than anyone else?",
        "Who voiced the most criticism of Ana Brandt?",
        "Who denounced Ana Brandt most often?",
    ],
)
def test_the_critics_of_a_target_are_asked_for_in_many_ways(text):
    found = read(text)
    assert (found.kind, found.speaker, found.target) == (Kind.STATEMENTS, None, "Ana Brandt")
    assert (found.stance, found.ranked, found.family) == (Stance.CRITICISE, True, "")


@pytest.mark.parametrize(
    "text",
    [
        "Whom did Kaspar Ito criticise most?",
        "Who did Kaspar Ito attack most?",
        "Who was most criticised by Kaspar Ito?",
        "Who was criticized most by Kaspar Ito?",
        "Who drew the most criticism from Kaspar Ito?",
        "Who came in for the most criticism from Kaspar Ito?",
    ],
)
def test_whom_a_speaker_criticised_is_asked_for_in_many_ways(text):
    found = read(text)
    assert (found.kind, found.speaker, found.target) == (Kind.STATEMENTS, "Kaspar Ito", None)
    assert (found.stance, found.ranked) == (Stance.CRITICISE, True)


@pytest.mark.parametrize(
    ("text", "speaker", "target", "stance", "family"),
    [
        ("By whom was Ana Brandt praised?", None, "Ana Brandt", "praise", ""),
        ("Who was Ana Brandt praised by?", None, "Ana Brandt", "praise", ""),
        ("Who heaped praise on Ana Brandt?", None, "Ana Brandt", "praise", ""),
        ("Who came to Ana Brandt's defence?", None, "Ana Brandt", "praise", "defend"),
        ("Who came to Ana Brandt’s defense?", None, "Ana Brandt", "praise", "defend"),
        ("Who stood by Ana Brandt?", None, "Ana Brandt", "praise", "defend"),
        ("Who came out for Ana Brandt?", None, "Ana Brandt", "praise", "endorse"),
        ("Who came out against Ana Brandt?", None, "Ana Brandt", "criticise", ""),
        ("Who endorsed or backed Ana Brandt?", None, "Ana Brandt", "praise", "endorse"),
        ("Who applauded or thanked Ana Brandt?", None, "Ana Brandt", "praise", ""),
        ("Who congratulated Ana Brandt?", None, "Ana Brandt", "praise", "congratulate"),
        ("Who lashed out at Ana Brandt?", None, "Ana Brandt", "criticise", ""),
        ("Who made fun of Ana Brandt?", None, "Ana Brandt", "criticise", ""),
        ("Whom did Ito thank?", "Ito", None, "praise", "thank"),
        ("Which of Ana Brandt's plans did Ito praise?", "Ito", "Ana Brandt", "praise", ""),
    ],
)
def test_direction_and_kind_of_praise(text, speaker, target, stance, family):
    found = read(text)
    assert (found.kind, found.speaker, found.target) == (Kind.STATEMENTS, speaker, target)
    assert (found.stance, found.family, found.ranked) == (Stance(stance), family, False)


@pytest.mark.parametrize(
    ("text", "speaker", "target"),
    [
        ("Did Ito praise Ana Brandt?", "Ito", "Ana Brandt"),
        ("Was Ana Brandt praised by Ito?", "Ito", "Ana Brandt"),
        ("Has Ana Brandt been praised by Ito?", "Ito", "Ana Brandt"),
        ("Has Ito praised Ana Brandt?", "Ito", "Ana Brandt"),
        ("Was Ito complimentary of Ana Brandt?", "Ito", "Ana Brandt"),
        ("Did anyone praise Ana Brandt?", None, "Ana Brandt"),
        ("Did Ito praise anybody?", "Ito", None),
    ],
)
def test_a_passive_question_keeps_its_direction(text, speaker, target):
    found = read(text)
    assert (found.kind, found.wanted, found.stance) == (Kind.STATEMENTS, Wanted.YES_NO, Stance.PRAISE)
    assert (found.speaker, found.target) == (speaker, target)


@pytest.mark.parametrize(
    ("text", "wanted", "described", "terms"),
    [
        ("Which Republican senators praised Ito?", Wanted.PERSON, "Republican senators", ()),
        ("Which named people criticised Ito?", Wanted.PERSON, "", ()),
        ("Which people or outlets criticised Ito?", Wanted.NAME, "", ()),
        ("Which unions endorsed Ito?", Wanted.ORGANISATION, "unions", ()),
        ("Which Velmora dockers praised Ito?", Wanted.NAME, "Velmora dockers", ("velmora",)),
        (
            "Which leaders used the debate in Velmora to criticise Ito?",
            Wanted.PERSON,
            "",
            ("debat", "velmora"),
        ),
        ("Who praised Ito's ferry contract?", Wanted.NAME, "", ("ferri", "contract")),
        ("Who endorsed Ito's presidential bid?", Wanted.NAME, "", ()),
    ],
)
def test_who_is_asked_for_and_about_what(text, wanted, described, terms):
    found = read(text)
    assert (found.kind, found.wanted, found.described) == (Kind.STATEMENTS, wanted, described)
    assert found.terms == terms


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Who praised Ito most in July 2025?", "2025-07-01", "2025-07-31"),
        ("Who praised Ito most in February 2024?", "2024-02-01", "2024-02-29"),
        ("Who praised Ito most in September?", "2025-09-01", "2025-09-30"),
        ("Who praised Ito most in December?", "2024-12-01", "2024-12-31"),
        ("Who praised Ito most since July 2025?", "2025-07-01", None),
        ("Who praised Ito most after July 2025?", "2025-08-01", None),
        ("Who praised Ito most before July 2025?", None, "2025-06-30"),
        ("Who praised Ito most in the articles dated July 2025?", "2025-07-01", "2025-07-31"),
        ("Who praised Ito most in 2024?", "2024-01-01", "2024-12-31"),
    ],
)
def test_when_is_read_as_the_articles_dates_where_statements_are_ranked(text, first, last):
    found = read(text)
    assert found.filter == Filter(published_from=first, published_to=last)
    assert (found.kind, found.target, found.ranked) == (Kind.STATEMENTS, "Ito", True)
    assert found.notes


def test_a_month_in_a_list_question_is_part_of_its_topic():
    found = read("Who praised Ito's July 2025 speech?")
    assert found.filter == Filter()
    assert set(found.terms) == {"juli", "2025", "speech"}


def test_a_month_of_an_outlets_report_is_the_reports():
    assert (
        read_article_dates("Who praised Ito in the July 2025 report?", of_outlet=True).first == "2025-07-01"
    )
    assert read_article_dates("Who praised Ito in the July 2025 report?").first is None


def test_a_month_without_a_year_needs_the_newest_articles_day():
    assert read_statement_dates("Who praised Ito most in May?", None).first is None
    assert read_statement_dates("Who praised Ito most in May?", "2025-05-02").first == "2025-05-01"


@pytest.mark.parametrize(
    ("text", "speaker", "words"),
    [
        ("Whom did Ito call a liar?", "Ito", "a liar"),
        ("Who did Ito call a “walking delay”?", "Ito", "a walking delay"),
        ("Which minister did Ito describe as hopeless?", "Ito", "hopeless"),
    ],
)
def test_whom_somebody_called_something_wants_the_target(text, speaker, words):
    found = read(text)
    assert (found.kind, found.speaker, found.target) == (Kind.STATEMENTS, speaker, None)
    assert (found.about, found.head) == ("called", words)


@pytest.mark.parametrize(
    ("text", "speaker", "target", "stance"),
    [
        ("Which insult did Ito use against Ana Brandt?", "Ito", "Ana Brandt", Stance.CRITICISE),
        ("What praise did Ito give Ana Brandt?", "Ito", "Ana Brandt", Stance.PRAISE),
        ("What did Ito say to criticise Ana Brandt?", "Ito", "Ana Brandt", Stance.CRITICISE),
        ("What does Ito think of Ana Brandt?", "Ito", "Ana Brandt", None),
        ("Which sailor did Ito say Ana Brandt is the new version of?", "Ito", "Ana Brandt", None),
    ],
)
def test_questions_about_words_of_praise_and_insults(text, speaker, target, stance):
    found = read(text)
    assert (found.kind, found.speaker, found.target) == (Kind.QUOTE, speaker, target)
    assert found.stance is stance


def test_authors_are_included_where_asked():
    found = read("Who praised Ana Brandt most, including the author?")
    assert (found.including, found.target) == (("author",), "Ana Brandt")
    assert read("Who praised Ana Brandt most?").including == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Who has been very critical of Ito?", "Who criticised Ito"),
        ("Who took aim at Ito?", "Who criticised Ito"),
        ("Who threw their weight behind Ito?", "Who endorsed Ito"),
        ("Who runs the harbour?", "Who runs the harbour"),
    ],
)
def test_one_verb_for_each_way_of_asking(text, said):
    assert with_one_verb(text) == said


@pytest.mark.parametrize(
    "text", ["Who praised July?", "Did March praise May?", "Did praise?", "Who over July?"]
)
def test_a_month_is_nobody(text):
    found = read(text)
    assert not {"July", "March", "May"} & {found.speaker, found.target}


_WORDS = """who whom which did was has been by praised praise most critic of Brandt Ito's the media Pope July
2016 “dry dock” call a thank endorsed defend author anyone said about articles ? ' in over and September
""".split()


@given(st.lists(st.sampled_from(_WORDS), max_size=9))
def test_any_mix_of_such_words_gives_a_plan(words):
    found = read(" ".join(words))
    assert found.kind in Kind
    assert found.speaker != ""
    assert found.target != ""


def test_a_family_is_only_read_when_every_verb_belongs_to_it():
    assert family_of(["endorsed", "backed"]) == "endorse"
    assert family_of(["thanking"]) == "thank"
    assert family_of(["praised", "thanked"]) == ""
    assert family_of([]) == ""


@pytest.mark.parametrize(
    ("text", "outlets"),
    [
        ("Who praised Ito most in the Harbour Courier?", ("The Harbour Courier",)),
        ("Who praised Ito most in the Tidal River News?", ("trn",)),
        ("Who praised Ito in Tidal River News reports?", ("trn",)),
        ("Who praised Ito in the Tidal River delta?", ()),
        ("Who praised Ito in the harbour?", ()),
        ("Who praised the Harbour Courier?", ()),
    ],
)
def test_an_outlet_may_be_named_in_full_or_by_what_its_letters_stand_for(text, outlets):
    assert read_outlets(text, ("The Harbour Courier", "trn")).names == outlets
