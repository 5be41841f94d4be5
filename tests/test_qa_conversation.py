"""Follow-up questions: what is carried over, what is not, and what can be taken away again."""

import json
from dataclasses import replace
from datetime import date
from typing import ClassVar

import pytest

from index.schema import Filter, MentionKind
from qa.engine import Engine
from qa.schema import Question, Wanted
from qa.talk.conversation import follow_up, turn_of
from qa.talk.known_names import LibraryNames
from qa.talk.referents import Role, noun_phrases, people_meant
from qa.talk.rephrase import asked_with, at_time, counted, did_they, of_all
from qa.talk.turns import Cited, Turn

PERSON, PLACE, BODY = MentionKind.PERSON, MentionKind.PLACE, MentionKind.ORGANISATION


class PlainNames:
    """Names known from a list."""

    outlets = ("The Harbour Courier", "The Brackwell Echo", "Carnegie Politika")
    known: ClassVar = {
        "Lena Ito": (PERSON, "f"), "Ito": (PERSON, "f"), "Karl Brandt": (PERSON, "m"),
        "Brandt": (PERSON, "m"), "Omar Reyes": (PERSON, "m"), "Reyes": (PERSON, "m"), "Corran": (PLACE, None),
        "Tallis": (PLACE, None), "Northlight": (BODY, None),
    }  # fmt: skip

    def kind(self, name):
        return self.known.get(name, (None, None))[0]

    def gender(self, name):
        return self.known.get(name, (None, None))[1]


NAMES = PlainNames()
WHO, WHAT = "Who praised Ito most?", "What did Brandt say about Corran in May?"
PRAISED = Turn(WHO, WHO, ("Ito",), "Ito", ("Karl Brandt",), ("Reyes",), Wanted.PERSON)
SAID = Turn(WHAT, WHAT, ("Brandt", "Corran"), "Corran", wanted=Wanted.CLAUSE)
FIRMS = "Which firms signed the ferry contract?"
WHICH = Turn(FIRMS, FIRMS, answers=("Northlight", "Meridian"), wanted=Wanted.ORGANISATION)
CITED = replace(SAID, cited=(Cited("a1", "An Audit Is “Not” an Alibi"), Cited("b2", "Rain")))


def asked(turns, text, **fields):
    return follow_up(tuple(turns), Question(text, **fields), NAMES)


@pytest.mark.parametrize(
    ("turns", "text", "whole"),
    [
        ([PRAISED], "what did he say about China?", "What did Karl Brandt say about China?"),
        ([PRAISED], "who criticised her?", "Who criticised Ito?"),
        ([PRAISED], "and what is his party?", "What is Karl Brandt’s party?"),
        ([PRAISED], "did she praise him?", "Did Ito praise Karl Brandt?"),
        ([PRAISED], "who is he?", "Who is Karl Brandt?"),
        ([PRAISED], "what about Reyes?", "Did Reyes praise Ito?"),
        ([PRAISED], "and Nowak?", "Who praised Nowak most?"),
        ([PRAISED], "why?", "Why is it that Karl Brandt praised Ito?"),
        ([PRAISED], "when was that?", "When was it that Karl Brandt praised Ito?"),
        ([PRAISED], "who else?", "Who praised Ito?"),
        ([PRAISED], "how many?", "How many people praised Ito?"),
        ([PRAISED], "and in September?", "Who praised Ito most in September?"),
        ([PRAISED, SAID], "and in September?", "What did Brandt say about Corran in September?"),
        ([PRAISED, SAID], "and about Tallis?", "What did Brandt say about Tallis in May?"),
        ([PRAISED, SAID], "and the ferry contract?", "What did Brandt say about the ferry contract in May?"),
        ([PRAISED, SAID], "and Reyes?", "What did Reyes say about Corran in May?"),
        ([PRAISED, SAID], "and Tallis?", "What did Brandt say about Tallis in May?"),
        ([PRAISED, SAID], "why did he say that?", "Why did Brandt say this about Corran in May?"),
        ([PRAISED, SAID], "who else?", "Who spoke about Corran in May?"),
        ([PRAISED, SAID], "who lives there?", "Who lives in Corran?"),
        ([WHICH], "what did they pay?", "What did Northlight and Meridian pay?"),
        ([WHICH], "how much is it worth?", "How much is the ferry contract worth?"),
        ([WHICH], "who opposed that contract?", "Who opposed the ferry contract?"),
        ([WHICH], "how many?", "How many firms signed the ferry contract?"),
        ([WHICH], "and the water bill?", "Which firms signed the water bill?"),
        ([WHICH], "how long did it take?", "How long did it take (the ferry contract)?"),
        ([CITED], "who wrote it?", "Who wrote the article “An Audit Is ‘Not’ an Alibi”?"),
        ([CITED], "when was that published?", "When was the article “An Audit Is ‘Not’ an Alibi” published?"),
        ([SAID], "who wrote it?", "Who wrote it (Brandt and Corran)?"),
        ([PRAISED], "no, I meant Nowak", "Who praised Nowak most?"),
        ([PRAISED], "sorry, in 2016", "Who praised Ito most in 2016?"),
    ],
)  # fmt: skip
def test_a_follow_up_is_made_whole_and_says_what_it_carries(turns, text, whole):
    found = asked(turns, text)
    assert found.question.text == whole
    assert found.asked == text
    assert bool(found.carried) == (whole != text)
    assert all(chip.kind == "carried" and chip.meaning for chip in found.carried)


@pytest.mark.parametrize(
    "text",
    [
        "Who won the Tallis ferry contract?",
        "What did Nowak say about his own party?",
        "Did Ito say she would resign?",
        "Which senator lost his seat?",
        "Who said he was tired?",
        "Which automaker announced it lost money?",
        "Why did the union call its strike?",
        "How much has Corran spent on the dam since it was built?",
        "Is it true that the dam is closed?",
        "How many people are there in Corran?",
        "Which condition that affects millions is renamed?",
        "Who asked “Why does he want it?”",
        "Whom did Ms. Nowak accuse of telling her lies?",
        "Other than its port, where is most of Corran’s trade?",
        "When was the first sailing?",
        "What makes it easier to sail?",
    ],
)
@pytest.mark.parametrize("turns", [[PRAISED], [PRAISED, SAID], [WHICH, CITED]])
def test_a_question_that_is_whole_carries_nothing(turns, text):
    found = asked(turns, text, filter=Filter(authors=("A",)))
    assert found.question == Question(text, filter=Filter(authors=("A",)))
    assert found.carried == ()


def test_the_first_question_carries_nothing_whatever_it_says():
    assert asked([], "what did he say?").question.text == "what did he say?"


@pytest.mark.parametrize("text", ["New question: who praised him?", "new topic – who praised him?"])
def test_a_new_question_carries_nothing_and_says_so(text):
    found = asked([PRAISED], text)
    assert (found.question.text, found.carried, found.fresh) == ("Who praised him?", (), True)


def test_what_was_taken_away_is_not_carried_and_the_next_reading_is_taken():
    first = asked([PRAISED], "what is his age?")
    assert [chip.meaning for chip in first.carried] == ["“his” read as Karl Brandt, not Reyes"]
    second = asked([PRAISED], "what is his age?", without=(first.carried[0].id,))
    assert second.question.text == "What is Reyes’s age?"
    none = asked([PRAISED], "what is his age?", without=(first.carried[0].id, second.carried[0].id))
    assert (none.question.text, none.carried) == ("what is his age?", ())
    why = asked([PRAISED], "why?")
    again = asked([PRAISED], "why?", without=(why.carried[0].id,))
    assert (again.question.text, again.carried) == ("why?", ())


def test_a_name_that_fits_two_places_says_which_it_took_and_can_take_the_other():
    turn = Turn("Why did Brandt praise Reyes?", "Why did Brandt praise Reyes?", ("Brandt", "Reyes"))
    first = asked([turn], "and Nowak?")
    assert first.question.text == "Why did Nowak praise Reyes?"
    assert first.carried[-1].meaning == "“Nowak” in the place of Brandt, not of Reyes"
    second = asked([turn], "and Nowak?", without=(first.carried[-1].id,))
    assert second.question.text == "Why did Brandt praise Nowak?"


def test_dates_and_outlets_read_from_the_words_before_are_kept_and_shown():
    months = Filter(published_from="2025-09-01", published_to="2025-09-30", outlets=("The Brackwell Echo",))
    turn = replace(SAID, text="What did Brandt say?", names=("Brandt",), filter=months)
    found = asked([turn], "did he praise Ito?")
    assert found.question.filter == months
    assert {chip.id for chip in found.carried} >= {"carried:dates", "carried:outlets"}
    less = asked([turn], "did he praise Ito?", without=("carried:dates",))
    assert less.question.filter == Filter(outlets=("The Brackwell Echo",))
    own = asked([turn], "did he praise Ito in May?", filter=Filter(outlets=("Carnegie Politika",)))
    assert own.question.filter == Filter(outlets=("Carnegie Politika",))


def test_what_the_reader_had_chosen_is_not_brought_back_once_it_is_taken_out():
    chosen = Filter(outlets=("The Brackwell Echo",))
    turn = replace(SAID, filter=chosen, chosen=chosen)
    assert asked([turn], "did he praise Ito?").question.filter == Filter()


def test_another_outlet_is_a_filter_and_takes_the_place_of_the_one_named():
    turn = Turn("Who wrote the Harbour Courier article?", "Who wrote the Harbour Courier article?")
    found = asked([turn], "and Carnegie?")
    assert found.question.text == "Who wrote the Carnegie article?"
    assert found.question.filter.outlets == ("Carnegie Politika",)


def test_the_day_of_asking_is_kept():
    assert asked([replace(PRAISED, asked_on=date(2025, 11, 7))], "why?").question.asked_on == date(
        2025, 11, 7
    )


def test_she_is_rather_somebody_known_to_be_a_woman():
    turn = Turn("q", "Who met Nowak and Ito?", ("Nowak", "Ito"))
    assert people_meant((turn,), "f", Role.SUBJECT, NAMES) == ["Ito", "Nowak"]
    assert people_meant((turn,), "m", Role.SUBJECT, NAMES) == ["Nowak"]


@pytest.mark.parametrize(
    ("question", "phrases"),
    [
        ("Who signed the ferry contract in the spring?", ["spring", "ferry contract"]),
        ("When did the C5+1 summit take place?", ["C5+1 summit"]),
        ("Who praised Ito?", []),
    ],
)
def test_noun_phrases_of_a_question(question, phrases):
    assert noun_phrases(question) == phrases


def test_an_earlier_question_is_asked_anew():
    assert asked_with("Why", "How many locomotives did Corran agree to buy from a firm?", "300") == (
        "Why did Corran agree to buy 300 locomotives from a firm?"
    )
    assert asked_with("When", "Who was elected mayor?", "Ito") == "When was Ito elected mayor?"
    assert asked_with("When", "How much is the contract worth?") is None
    assert counted("Did the bank cut jobs in May?") == "How many jobs did the bank cut in May?"
    assert counted("What did Ito say?") is None
    assert at_time("Who praised Ito since March 2016?", "in May") == "Who praised Ito in May?"
    assert did_they("Who won the vote?", "Ito") == "Is it true that Ito won the vote?"
    assert of_all("Did Brandt criticise Ito?") == "Who criticised Ito?"


def gold_questions(path):
    return [json.loads(line)["question"] for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("turns", [[PRAISED], [SAID, CITED], [WHICH]])
def test_no_gold_question_of_the_samples_is_taken_for_a_follow_up(root, turns):
    questions = [
        one for path in sorted((root / "eval" / "gold").glob("*.jsonl")) for one in gold_questions(path)
    ]
    assert len(questions) >= 50
    assert [one for one in questions if asked(turns, one).carried] == []


@pytest.mark.shared
def test_hardly_any_question_of_a_quiz_is_taken_for_a_follow_up(shared):
    questions = gold_questions(shared / "data" / "realtimeqa" / "questions_open.jsonl")
    questions += gold_questions(shared / "gold" / "seeds_open.jsonl")
    assert len(questions) >= 150
    assert sum(bool(asked([PRAISED], one).carried) for one in questions) <= 1


# --- over real articles: each row is a question, what it must become or hold, and what it must not hold

SAMPLE_TALKS = [
    [
        ("Who praised Marit Oskeland most?", "=", ""),
        ("what did he say about the ferry?", "What did Davor Ketling say about the ferry?", "Oskeland"),
        ("who criticised her?", "Who criticised Marit Oskeland?", "Ketling"),
        ("and Falkenby?", "Falkenby criticise Marit Oskeland?", "Ketling"),
        ("why did she resign?", "Why did Nuria Falkenby resign?", ""),
        ("and in November?", "Why did Nuria Falkenby resign in November?", ""),
        ("in the Harbour Courier?", "Why did Nuria Falkenby resign", ""),
        ("what is her job?", "What is Nuria Falkenby’s job?", "Ketling"),
        ("Who wrote the Brackwell Echo article about the first sailing?", "=", "Falkenby"),
    ],
    [
        ("Why is there so little water behind the Corran Dam?", "=", ""),
        ("when was it built?", "When was Corran Dam built?", ""),
        ("who wrote it?", "Who wrote the article “", ""),
        ("who is responsible for it?", "Corran Dam", ""),
        ("how much water is left there?", "Corran Dam", ""),
        ("how many people are affected?", "How many people are affected (Corran Dam)?", ""),
    ],
    [
        ("Who won the Tallis ferry contract?", "=", ""),
        ("how much is it worth?", "How much is the Tallis ferry contract worth?", ""),
        ("when was that?", "Northlight won the Tallis ferry contract", ""),
        ("what did Ketling say about it?", "What did Ketling say about the Tallis ferry contract?", ""),
        ("what did he say about Oskeland?", "What did Ketling say about Oskeland?", ""),
        ("what about the strike?", "What did Ketling say about the strike?", "Oskeland"),
    ],
    [
        ("What did Davor Ketling say about the strike?", "=", ""),
        ("and Oskeland?", "What did Oskeland say about the strike?", "Ketling"),
        ("and the union?", "What did Oskeland say about the union?", "strike"),
        ("does she agree with him?", "Does Oskeland agree with Davor Ketling?", ""),
    ],
]  # fmt: skip

PAGE_TALKS = [
    [
        ("Who praised Trump most?", "=", ""),
        ("what did he say about China?", "What did Kassym-Jomart Tokayev say about China?", "Trump"),
        ("and in September?", "What did Kassym-Jomart Tokayev say about China in September?", ""),
        ("and about Russia?", "What did Kassym-Jomart Tokayev say about Russia in September?", "China"),
        ("who criticised him?", "Who criticised Kassym-Jomart Tokayev?", "Russia"),
        ("what about Mirziyoyev?", "Who criticised Mirziyoyev?", "Tokayev"),
        ("who else?", "Who criticised Mirziyoyev?", ""),
        ("how many?", "How many people criticised Mirziyoyev?", ""),
        ("Who won the 2024 Nobel Peace Prize?", "=", ""),
    ],
    [
        ("What did Tokayev call Trump at the White House dinner?", "=", ""),
        ("and Mirziyoyev?", "What did Mirziyoyev call Trump at the White House dinner?", "Tokayev"),
        ("when was that?", "When did Mirziyoyev call Trump at the White House dinner?", ""),
        ("who wrote it?", "Who wrote the article “", "White House?"),
    ],
    [
        ("Who wrote the New York Times article?", "=", ""),
        ("and Carnegie?", "Who wrote the Carnegie article?", "Times"),
    ],
    [
        ("How many locomotives did Kazakhstan agree to buy from a U.S. company?", "=", ""),
        ("and Uzbekistan?", "How many locomotives did Uzbekistan agree to buy from a", "Kazakh"),
        ("why?", "Why did Uzbekistan agree to buy", ""),
        ("when was that?", "When did Uzbekistan agree to buy", "Why"),
        ("which company was it?", "Which company was it (Uzbekistan", ""),
    ],
    [
        ("What tariff did Trump impose on Kazakhstan?", "=", ""),
        ("when was that?", "tariff on Kazakhstan?", "Why"),
        ("why did he do that?", "tariff on Kazakhstan?", "When"),
        ("and on Tajikistan?", "tariff on Tajikistan?", "Kazakhstan"),
        ("what about Brazil?", "on Brazil?", "Tajikistan"),
        ("did he praise Tokayev?", "Did Trump praise Tokayev?", "Brazil"),
        ("did Tokayev praise him?", "Did Tokayev praise Trump?", "Brazil"),
        ("and Putin?", "Did Putin praise Trump?", "Tokayev"),
    ],
    [
        ("What did Temur Umarov say about dealing with Trump?", "=", ""),
        ("who is he?", "Who is Temur Umarov?", "Trump"),
        ("what did he say about Russia?", "What did Temur Umarov say about Russia?", "Trump"),
        ("where does he work?", "Where does Temur Umarov work?", "Russia"),
        ("why did he say that?", "Why did Temur Umarov say this about Russia?", "work"),
        ("and about the summit?", "Why did Temur Umarov say this about the summit?", "Russia"),
    ],
    [
        ("When did the C5+1 summit take place at the White House?", "=", ""),
        ("who hosted it?", "Who hosted the C5+1 summit?", "White House"),
        ("how many articles mention it?", "How many articles mention the C5+1 summit?", ""),
    ],
    [
        ("Which countries committed to purchase Boeing airplanes?", "=", ""),
        ("how many?", "How many countries committed to purchase Boeing airplanes?", ""),
        ("how many did they buy?", "How many did Kazakhstan, Tajikistan and Uzbekistan buy?", "Boeing"),
        ("What is the name of the transit corridor through Armenian territory?", "=", ""),
    ],
    [
        ("Whom did Trump praise?", "=", ""),
        ("what did he say about them?", "about Kassym-Jomart Tokayev and Shavkat Mirziyoyev?", "them"),
    ],
]  # fmt: skip


def talk(library, talks):
    """Hold the conversations over a library; return what went wrong, a line each."""
    wrong = []
    with Engine.open(library) as engine:
        names = LibraryNames(engine.library)
        for rows in talks:
            turns = ()
            for text, must, must_not in rows:
                found = follow_up(turns, Question(text), names)
                whole = found.question.text
                if (whole != text or found.carried) if must == "=" else must not in whole:
                    wrong.append(f"{text!r} became {whole!r}, not {must!r}")
                if must_not and must_not in whole:
                    wrong.append(f"{text!r} became {whole!r}, with {must_not!r}")
                turns = (*turns, turn_of(found, engine.ask(found.question)))
    return wrong


@pytest.mark.slow
def test_conversations_over_the_samples(samples, library_of):
    assert talk(library_of(samples, "hashing"), SAMPLE_TALKS) == []


@pytest.mark.slow
@pytest.mark.shared
def test_conversations_over_the_two_pages(shared, library_of):
    assert talk(library_of(shared / "articles", "hashing"), PAGE_TALKS) == []
