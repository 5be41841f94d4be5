"""The short answer is of the wanted kind, on the right side of the verb, whole and without loose ends."""

from dataclasses import replace
from datetime import date

import pytest

from index.schema import ArticleCard, Mention, MentionKind
from qa.asked import read_asked
from qa.countries import is_kind_of_place
from qa.evidence import EvidenceSentence, rate, stems_of, weigh
from qa.gaps import read_gap, verb_root
from qa.phrases import noun_phrases, reasons, ways
from qa.question import KnownNames, plan, read_fact
from qa.schema import Kind, Question, Side, Wanted
from qa.short_answers import best_answers

M = MentionKind


def sentence(text, *mentions, number=0):
    card = ArticleCard(f"{number:016d}", "a.txt", "News", (), None, None, None, f"{number:016d}")
    found = []
    for words, kind in mentions:
        place = text.index(words)
        found.append(Mention(place, place + len(words), kind, words))
    return EvidenceSentence(
        article=card,
        start=0,
        end=len(text),
        text=text,
        around=("", ""),
        mentions=tuple(found),
        stems=stems_of(text),
        near=frozenset(),
        far=frozenset(),
        retrieval=1.0,
    )


def dated(one, published):
    return replace(one, article=replace(one.article, published=published))


def answer(question, *sentences):
    planned = plan(Question(question), KnownNames())
    assert planned.kind is Kind.FACT
    rated = rate(sentences, weigh(planned.terms, planned.names, sentences))
    found = best_answers(planned, rated)
    return found[0].name if found else None


FOUNDERS = sentence(
    "Mara Ito founded Velmora Works, and Kai Lund sold it.",
    ("Mara Ito", M.PERSON),
    ("Velmora Works", M.ORGANISATION),
    ("Kai Lund", M.PERSON),
)
BOUGHT = sentence(
    "Oskar Lines was bought by Northlight, which Rhea Dahl once ran.",
    ("Oskar Lines", M.ORGANISATION),
    ("Northlight", M.ORGANISATION),
    ("Rhea Dahl", M.PERSON),
)


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("Who founded Velmora Works?", FOUNDERS, "Mara Ito"),
        ("Who sold Velmora Works?", FOUNDERS, "Kai Lund"),
        ("Which company did Mara Ito found?", FOUNDERS, "Velmora Works"),
        ("Who bought Oskar Lines?", BOUGHT, "Northlight"),
        (
            "What caused the flooding of the valley?",
            sentence("A sudden thaw caused the flooding of the valley."),
            "sudden thaw",
        ),
        (
            "What type of bird eats the mussels?",
            sentence("Eider ducks nest here, and the oyster bird eats mussels on the shore."),
            "oyster",
        ),
        (
            "How many years did Lund govern the island?",
            sentence("Lund governed the island for 16 full years.", ("16 full years", M.DATE)),
            "16",
        ),
        (
            "Which country joined the pact?",
            sentence("Peru joined the pact in Lima, not in Norhaven.", ("Lima", M.PLACE), ("Peru", M.PLACE)),
            "Peru",
        ),
        (
            "Winter Cup 2031 location",
            sentence(
                "The Winter Cup 2031 is held in Skarrow, Ohio.", ("Skarrow", M.PLACE), ("Ohio", M.PLACE)
            ),
            "Skarrow, Ohio",
        ),
        (
            "Why was the bridge closed?",
            sentence("The bridge was closed because of rusting cables, the council said."),
            "rusting cables",
        ),
        (
            "How does the plant clean its water?",
            sentence("The plant cleans its water by filtering it through sand, and sells it."),
            "filtering it through sand",
        ),
        (
            "What was the revenue of Oskar Lines?",
            sentence(
                "The revenue of Oskar Lines was $4 million.",
                ("Oskar Lines", M.ORGANISATION),
                ("$4 million", M.MONEY),
            ),
            "$4 million",
        ),
        (
            "Who won the final?",
            sentence("Norhaven won the final 4-2.", ("Norhaven", M.PLACE)),
            "Norhaven",
        ),
    ],
)
def test_the_answer_taken_from_a_sentence(question, text, expected):
    assert answer(question, text) == expected


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        (  # names that a preposition joins are two names
            "Which plant did the firm close?",
            sentence("The firm did close Velmora Works in October after a strike.", ("October", M.DATE)),
            "Velmora Works",
        ),
        (
            "What is the name of the service that Oskar Lines launched?",
            sentence(
                "In October Oskar Lines launched the service under the name Blue Tide.",
                ("October", M.DATE),
                ("Oskar Lines", M.ORGANISATION),
            ),
            "Blue Tide",
        ),
        (  # a dateline is where the news was written
            "In which state did the court throw out the map?",
            sentence(
                "WASHINGTON – The court threw out the map in Louisiana.",
                ("WASHINGTON", M.PLACE),
                ("Louisiana", M.PLACE),
            ),
            "Louisiana",
        ),
        (
            "Which city is running out of water?",
            sentence(
                "Running out of water, Nueces County and the city of Skarrow drill wells.",
                ("Nueces County", M.PLACE),
                ("Skarrow", M.PLACE),
            ),
            "Skarrow",
        ),
        (  # what is left of a name of the question is no answer
            "What conviction moved Eliot?",
            sentence("Charles W. Eliot was moved by a Unitarian conviction.", ("Charles W. Eliot", M.PERSON)),
            "Unitarian",
        ),
        (
            "Who beat Rhea Dahl?",
            sentence(
                "Mara Ito beats Rhea Dahl to win the cup.", ("Mara Ito", M.PERSON), ("Rhea Dahl", M.PERSON)
            ),
            "Mara Ito",
        ),
        (  # who wins is not the one beside the infinitive
            "Who won the Winter Cup in Norhaven?",
            sentence(
                "Mara Ito beats Rhea Dahl to win the Winter Cup in Norhaven.",
                ("Mara Ito", M.PERSON),
                ("Rhea Dahl", M.PERSON),
                ("Norhaven", M.PLACE),
            ),
            "Mara Ito",
        ),
    ],
)
def test_what_is_no_answer(question, text, expected):
    assert answer(question, text) == expected


def test_news_of_the_days_before_the_question_comes_first_and_no_old_news_is_refused():
    old = dated(sentence("Norhaven hosted the king for a visit."), "2019-05-01")
    new = dated(sentence("The king was hosted in Skarrow for a visit.", number=1), "2026-05-12")
    terms = weigh(("host", "king", "visit"), (), [old, new])
    rated = rate([old, new], terms, asked_on=date(2026, 5, 14))
    assert rated[0].article.published == "2026-05-12"
    alone, without = rate([old], terms, asked_on=date(2026, 5, 14)), rate([old], terms)
    assert alone[0].score == pytest.approx(without[0].score)


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        (
            "How many sailors are on board?",
            sentence(
                "Four sailors are on board; the 4 sailors on board rest.",
                ("Four", M.NUMBER),
                ("4", M.NUMBER),
            ),
            "4",
        ),
        (
            "How much will the town pay in refunds?",
            sentence(
                "The town will pay millions of dollars in refunds, $16 million by May.",
                ("millions of dollars", M.MONEY),
                ("$16 million", M.MONEY),
            ),
            "$16 million",
        ),
        (
            "What day is Harbour Day each year?",
            sentence(
                "Harbour Day is a Monday this year, and May 4 each year.",
                ("Monday this year", M.DATE),
                ("May 4", M.DATE),
            ),
            "May 4",
        ),
        (
            "Who was the runner-up of the 2031 cup?",
            sentence("The runner-up of the 2031 cup, Croatia 4-2, wept.", ("Croatia 4-2", M.PERSON)),
            "Croatia",
        ),
    ],
)
def test_amounts_and_days_are_given_as_exactly_as_the_articles_do(question, text, expected):
    assert answer(question, text) == expected


def test_a_number_in_words_and_in_digits_is_one_answer_of_two_sources():
    one = sentence("Four sailors are on board.", ("Four", M.NUMBER))
    two = sentence("There are 4 sailors on board.", ("4", M.NUMBER), number=1)
    planned = read_fact("How many sailors are on board?")
    found = best_answers(planned, rate([one, two], weigh(planned.terms, (), [one, two])))
    assert (found[0].name, found[0].sources) == ("4", 2)


def test_dates_that_say_the_same_are_one_answer_shown_in_full():
    short = sentence("The museum opened in 2015.", ("2015", M.DATE))
    full = sentence("The museum opened on Dec. 3, 2015.", ("Dec. 3, 2015", M.DATE), number=1)
    other = sentence("The museum opened its cafe in May 2019.", ("May 2019", M.DATE), number=2)
    found = best_answers(
        read_fact("When was the museum opened?"),
        [*rate([short, full, other], weigh(("museum", "open"), (), [short, full, other]))],
    )
    assert found[0].name == "Dec. 3, 2015"
    assert found[0].sources == 2
    assert found[0].sentence.text[found[0].start : found[0].end] == "Dec. 3, 2015"
    assert "2019" not in found[0].name


@pytest.mark.parametrize(
    ("question", "verb", "side"),
    [
        ("Who acquired the ferry line?", "acquire", Side.BEFORE),
        ("Which city won the cup?", "win", Side.BEFORE),
        ("What did Mara Ito develop at Velmora?", "develop", Side.AFTER),
        ("What was developed for the Navy?", "develop", Side.BEFORE),
        ("What will cause the lake to dry up?", "cause", Side.BEFORE),
        ("What do closed rivers serve as?", "serve", Side.AFTER),
        ("When was the bridge opened?", "open", Side.ANY),
        ("Lund was born in which country?", "", Side.ANY),
    ],
)
def test_the_verb_beside_the_answer(question, verb, side):
    gap = read_gap(question)
    assert gap.verb == (verb_root(verb) if verb else "")
    assert gap.side is side


@pytest.mark.parametrize(
    ("question", "wanted", "head"),
    [
        ("what drove residents to the suburbs?", Wanted.ENTITY, ""),
        ("what type of insect can eat the leaves?", Wanted.ENTITY, "insect"),
        ("in what month and year was the manual released?", Wanted.DATE, "month"),
        ("how much of the water is lost?", Wanted.PERCENT, ""),
        ("winter cup location", Wanted.PLACE, "location"),
        ("when rich countries trade, whose wages fall?", Wanted.PERSON, ""),
        ("when was the treaty signed which ended the war?", Wanted.DATE, ""),
        ("what is the title of the song?", Wanted.NAME, "song"),
    ],
)
def test_what_is_asked_for(question, wanted, head):
    asked = read_asked(question)
    assert (asked.wanted, asked.head) == (wanted, head)


def test_a_thing_in_lower_case_is_not_a_name_to_be_described():
    assert read_fact("What was the Norrish religion?").wanted is not Wanted.DESCRIPTION
    assert read_fact("Who is Mara Ito?").wanted is Wanted.DESCRIPTION


def test_phrases_end_at_closed_class_words_and_of_joins_them():
    text = "A slow decline in wages led to the loss of memory."
    found = {text[start:end] for start, end in noun_phrases(text)}
    assert {"slow decline", "loss of memory"} <= found
    assert not any(phrase.startswith(("A ", "the ")) or " in " in phrase for phrase in found)


def test_reasons_and_ways_end_with_their_clause():
    text = "They left because of the noise, and travelled by using sledges; others stayed to rest."
    assert "the noise" in [text[start:end] for start, end, _ in reasons(text)]
    assert "using sledges" in [text[start:end] for start, end, _ in ways(text)]


@pytest.mark.parametrize(
    ("name", "noun", "expected"),
    [
        ("Peru", "country", True),
        ("Lima", "country", False),
        ("the United States", "country", True),
        ("Ohio", "state", True),
        ("Bavaria", "state", None),
        ("Peru", "city", False),
        ("Lima", "city", None),
        ("Peru", "valley", None),
    ],
)
def test_the_kind_of_a_place(name, noun, expected):
    assert is_kind_of_place(name, noun) is expected
