"""What "he", "the company" and "the two countries" mean beside a sentence that is shown."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.schema import Analysis, ArticleCard, Mention, MentionKind, Stance, Statement, Voice
from index.schema import Span as Place
from index.sentences import split_sentences
from index.statements.cast import meet_cast
from qa.answer_json import to_json
from qa.engine import Engine
from qa.evidence import EvidenceSentence, rate, stems_of, weigh
from qa.export.formats import Exchange, export
from qa.export.reading import from_json
from qa.question import KnownNames, plan
from qa.referring.notes import Readings, pointed_mentions, referents_in, with_referents
from qa.referring.setting import look_around
from qa.schema import Answer, AnswerSentence, Citation, Kind, Plan, Question, Support, Wanted
from qa.short_answers import best_answers
from qa.text import render
from ui.answer_view import sentence_view
from ui.citing import answer_as_text

CARD = ArticleCard("a1", "a.txt", "A title", (), None, None, None, "a1")
PEOPLE = {
    "Anna Weber": "Weber",
    "Davor Ketling": "Ketling",
    "Lena Castellow": "Castellow",
    "Omar Haddad": "Haddad",
    "Tomas Ruiz": "Ruiz",
    "Ines Moreau": "Moreau",
    "Kestrel Oduya": "Oduya",
}
BODIES = ("Northlight", "Meridian Motors", "National Ferry Agency", "Harbour Union")
PLACES = ("Kenya", "Peru", "Norway", "Georgia", "Central Asia", "Kazakhstan", "Lima")


def mentions_of(text):
    """Find the names above in a text, as the language pipeline would."""
    found = []
    for full, surname in PEOPLE.items():
        titled = rf"(?:Mr\. |Ms\. |Mayor |President )?(?:{full}|\b{surname})\b"
        found += [
            Mention(one.start(), one.end(), MentionKind.PERSON, full) for one in re.finditer(titled, text)
        ]
    for names, kind in ((BODIES, MentionKind.ORGANISATION), (PLACES, MentionKind.PLACE)):
        for name in names:
            found += [
                Mention(one.start(), one.end(), kind, name) for one in re.finditer(rf"\b{name}\b", text)
            ]
    return sorted(found, key=lambda one: one.start)


def notes(text, shown, statements=()):
    """Return the notes beside the words `shown` of a text."""
    start = text.index(shown)
    mentions = mentions_of(text)
    setting = look_around(
        text, split_sentences(text), meet_cast(text, mentions), statements, (start, start + len(shown))
    )
    return referents_in(setting, CARD)


def said(text, words, speaker, by=None):
    """Return a statement in a speaker's own words."""
    start = text.index(words)
    span = Place(text.index(by, start), text.index(by, start) + len(by)) if by else None
    return Statement(
        start, start + len(words), speaker, None, Stance.NEUTRAL, 0, Voice.DIRECT, "said", speaker_span=span
    )


SURE = (
    (
        "Anna Weber opened the fair. She praised the crews.",
        "She praised the crews.",
        "she: Anna Weber",
    ),
    (
        "Anna Weber leads the town. Ms. Weber opened the fair. Her speech was short.",
        "Her speech was short.",
        "her: Anna Weber",
    ),
    (
        "Tomas Ruiz spoke first. He thanked the port. He then left for the sea.",
        "He then left for the sea.",
        "he: Tomas Ruiz",
    ),
    (
        "Tomas Ruiz spoke on Friday. “We are late,” he said. “We shall not be again,” he added.",
        "“We shall not be again,” he added.",
        "he: Tomas Ruiz",
    ),
    (
        "“She was courteous to the telephone,” said Omar Haddad. He laughed at Anna Weber.",
        "He laughed at Anna Weber.",
        "he: Omar Haddad",
    ),
    (
        "Mr. Haddad signed the deal. The rain fell for days. He called it fair.",
        "He called it fair.",
        "he: Mr. Haddad",
    ),
    (
        "Mayor Lena Castellow closed the pools. The mayor blamed the heat.",
        "The mayor blamed the heat.",
        "the mayor: Mayor Lena Castellow",
    ),
    (
        "Northlight lost money. Northlight cut jobs. Northlight fell again. Northlight named a new head. "
        "The company has 40 ships.",
        "The company has 40 ships.",
        "the company: Northlight",
    ),
    (
        "The National Ferry Agency checked the boats. The agency found rust.",
        "The agency found rust.",
        "the agency: National Ferry Agency",
    ),
    (
        "Voters in Peru chose a president. The count took days. Prices in the country rose.",
        "Prices in the country rose.",
        "the country: Peru",
    ),
    (
        "Kenya and Peru signed a treaty. The two countries will share data.",
        "The two countries will share data.",
        "the two countries: Kenya and Peru",
    ),
    (
        "Tomas Ruiz and Anna Weber met in Lima. The pair spoke for an hour.",
        "The pair spoke for an hour.",
        "the pair: Tomas Ruiz and Anna Weber",
    ),
    (
        "Kenya and Norway voted against it. They had warned of the cost.",
        "They had warned of the cost.",
        "they: Kenya and Norway",
    ),
    (
        "The tariffs (25 percent for Kazakhstan, 10 percent for the rest) upset Central Asia.",
        "The tariffs (25 percent for Kazakhstan, 10 percent for the rest) upset Central Asia.",
        "the rest: Central Asia without Kazakhstan",
    ),
)


@pytest.mark.parametrize(("text", "shown", "expected"), SURE, ids=[case[2] for case in SURE])
def test_words_that_point_to_one_who_is_named_before_are_explained(text, shown, expected):
    assert [one.note for one in notes(text, shown)] == [expected]


UNSURE = {
    "two men fit": ("Tomas Ruiz met Omar Haddad. He was late.", "He was late."),
    "named in the sentence": (
        "Omar Haddad left. Tomas Ruiz said he was late.",
        "Tomas Ruiz said he was late.",
    ),
    "named behind": (
        "Omar Haddad left. When he arrived, Tomas Ruiz wept.",
        "When he arrived, Tomas Ruiz wept.",
    ),
    "the owner is named behind": (
        "Omar Haddad left. His deal made Tomas Ruiz rich.",
        "His deal made Tomas Ruiz rich.",
    ),
    "somebody without a name before": ("Omar Haddad left. A driver stopped. He waved.", "He waved."),
    "somebody without a name in it": (
        "Omar Haddad left. The suspect said he was tired.",
        "The suspect said he was tired.",
    ),
    "another gender": ("Anna Weber left. He was late.", "He was late."),
    "a woman whose name does not tell": (
        "Kestrel Oduya is in his view the best. He admires her stamina.",
        "He admires her stamina.",
    ),
    "nobody named near": ("Omar Haddad left. " + "Rain fell on the port. " * 4 + "He waved.", "He waved."),
    "in a quotation": (
        "Omar Haddad left. “He was late,” Anna Weber said.",
        "“He was late,” Anna Weber said.",
    ),
    "only spoken of in a quotation": (
        "“Ruiz is a liar,” the crowd cried. He shrugged.",
        "He shrugged.",
    ),
    "somebody else's thing": ("Critics of Omar Haddad met Tomas Ruiz. He was late.", "He was late."),
    "a name that was not read": ("Omar Haddad left. JJ said he was glad.", "JJ said he was glad."),
    "two presidents": (
        "President Ruiz met President Haddad. The president was late.",
        "The president was late.",
    ),
    "another president": (
        "President Ruiz spoke. The president of Peru was late.",
        "The president of Peru was late.",
    ),
    "two companies": ("Northlight met Meridian Motors. The company grew.", "The company grew."),
    "a company that is hardly named": ("Northlight grew. The company fell.", "The company fell."),
    "part of a longer noun": (
        "Northlight grew. Northlight cut jobs. Northlight fell. Northlight rose. The airline industry wept.",
        "The airline industry wept.",
    ),
    "somebody without a name behind": (
        "Omar Haddad left. On his own, the president cannot sign.",
        "On his own, the president cannot sign.",
    ),
    "a name that was not read, with what is told of it": (
        "Omar Haddad left. Ostrander, a baker, said he was glad.",
        "Ostrander, a baker, said he was glad.",
    ),
    "somebody spoken of in a quotation": (
        "“We are happy for him,” Omar Haddad said. If he wins, we shall dance.",
        "If he wins, we shall dance.",
    ),
    "anybody": ("Omar Haddad left. One might vary his books.", "One might vary his books."),
    "a state that is a country too": (
        "Voters in Georgia waited. The country watched.",
        "The country watched.",
    ),
    "another people": ("Peru voted. Korean ships came. The country watched.", "The country watched."),
    "three countries": ("Kenya, Peru and Norway met. The two countries agreed.", "The two countries agreed."),
    "countries that are not named together": (
        "Kenya grew. Peru fell. The two countries traded.",
        "The two countries traded.",
    ),
    "officials": ("Kenya and Norway met officials. They were late.", "They were late."),
    "the rest of something": (
        "Kazakhstan and the rest of Central Asia met.",
        "Kazakhstan and the rest of Central Asia met.",
    ),
}


@pytest.mark.parametrize(("text", "shown"), UNSURE.values(), ids=UNSURE)
def test_nobody_is_named_where_it_is_not_sure(text, shown):
    assert notes(text, shown) == ()


def test_a_shared_surname_is_told_as_the_article_writes_it():
    text = "Anna Weber was born here. Max Weber came later. Ms. Weber opened the fair. She smiled."
    start = text.index("Max Weber")
    mentions = [one for one in mentions_of(text) if one.start != start + 4]
    mentions.append(Mention(start, start + 9, MentionKind.PERSON, "Max Weber"))
    mentions.sort(key=lambda one: one.start)
    shown = (text.index("She"), len(text))
    setting = look_around(text, split_sentences(text), meet_cast(text, mentions), (), shown)
    assert [one.note for one in referents_in(setting, CARD)] == ["she: Ms. Weber"]


def test_the_full_name_is_cited_where_it_stands():
    text = "Anna Weber leads the town. Ms. Weber opened the fair. She smiled."
    (note,) = notes(text, "She smiled.")
    assert [one.quote for one in note.citations] == ["Anna Weber leads the town."]


def test_a_very_long_sentence_is_cited_by_the_name_alone():
    text = f"Anna Weber {'very ' * 200}slowly opened the fair. She smiled."
    (note,) = notes(text, "She smiled.")
    assert [one.quote for one in note.citations] == ["Anna Weber"]


def test_the_speaker_of_a_quotation_is_whom_the_ledger_knows():
    text = "Omar Haddad spoke in Lima. “It is late.\n\n“I shall go home.”"
    statement = said(text, "“I shall go home.”", "Omar Haddad")
    assert [one.note for one in notes(text, "“I shall go home.”", (statement,))] == ["I: Omar Haddad"]
    assert notes(text, "“I shall go home.”") == ()


def test_the_ledger_is_not_believed_where_somebody_else_is_named_beside_the_words():
    text = "Omar Haddad spoke. “I shall go home,” Tomas Ruiz said."
    statement = said(text, "“I shall go home,”", "Omar Haddad")
    assert notes(text, "“I shall go home,”", (statement,)) == ()


def test_the_ledger_settles_whom_a_speaking_pronoun_means():
    text = "Omar Haddad met Tomas Ruiz. “It is late,” he said."
    statement = said(text, "“It is late,” he said.", "Omar Haddad", by="he")
    assert [one.note for one in notes(text, "“It is late,” he said.", (statement,))] == ["he: Omar Haddad"]
    wrong = said(text, "“It is late,” he said.", "Tomas Ruiz", by="he")
    assert notes(text, "“It is late,” he said.", (wrong,)) == ()


def test_one_meaning_is_told_once():
    text = "Omar Haddad left. He said that his ship was late and that he was tired."
    assert [one.note for one in notes(text, text[18:])] == ["he: Omar Haddad"]


def test_words_cut_out_of_a_sentence_are_explained_by_its_beginning():
    text = "Omar Haddad left early and he praised the crews."
    assert [one.note for one in notes(text, "he praised the crews")] == ["he: Omar Haddad"]


PIECES = (
    "Anna Weber opened the fair.",
    "Omar Haddad and Tomas Ruiz left.",
    "Ms. Weber thanked Mr. Haddad.",
    "She smiled at the two men.",
    "He said “I am late, and she knows.”",
    "“Ruiz lied,” he said of his rival.",
    "Kenya and Peru signed.",
    "The two countries waited for the rest.",
    "They agreed.",
    "President Ruiz spoke for the country.",
    "The president met the agency.",
    "The National Ferry Agency sank.",
    "Northlight grew.",
    "The company’s ships waited for her.",
    "An unclosed “quotation by him.",
)


@given(
    st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from((" ", "\n\n"))), min_size=1, max_size=12),
    st.data(),
)
def test_notes_slice_their_sentence_and_rest_on_words_of_the_article(pieces, data):
    text = "".join(piece + gap for piece, gap in pieces).strip()
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    for note in notes(text, text[start:end]):
        at = text.index(text[start:end])
        assert text[at:][note.start : note.end] == note.words
        assert note.end <= end - start
        assert note.citations
        for one in note.citations:
            assert text[one.start : one.end] == one.quote
        quotes = " ".join(one.quote for one in note.citations)
        assert all(name in quotes for name in re.split(r" and | without |, ", note.meaning))
        assert note.meaning not in text[start:end]


class Shelf:
    """A store of one article, for the notes alone."""

    def __init__(self, text):
        self._text = text

    def text(self, _):
        return self._text

    def sentences(self, _):
        return split_sentences(self._text)

    def analysis(self, _):
        return Analysis(tuple(mentions_of(self._text)))


def test_only_words_shown_as_they_stand_get_notes():
    text = "Anna Weber opened the fair. She smiled."
    cited = Citation(CARD, 28, 39, "She smiled.")
    same = AnswerSentence("She smiled.", Support.QUOTED, (cited,))
    other = AnswerSentence("She was glad.", Support.SUPPORTED, (cited,))
    plain = AnswerSentence("Anna Weber opened the fair.", Support.QUOTED, (Citation(CARD, 0, 27, text[:27]),))
    noted = with_referents(Shelf(text), (same, other, plain))
    assert [[note.note for note in one.referents] for one in noted] == [["she: Anna Weber"], [], []]
    assert [one.text for one in noted] == ["She smiled.", "She was glad.", text[:27]]


def test_words_that_point_to_somebody_are_mentions_of_that_one():
    text = "Anna Weber leads the town. She said that the fee was fair."
    start = text.index("She")
    found = pointed_mentions(Readings(Shelf(text)), "a1", start, len(text))
    assert found == (Mention(start, start + 3, MentionKind.PERSON, "Anna Weber"),)
    assert pointed_mentions(Readings(Shelf(text)), "a1", 0, 26) == ()


def evidence(text, start, mentions):
    words = text[start:]
    return EvidenceSentence(
        article=CARD, start=start, end=len(text), text=words, around=("", ""), mentions=mentions,
        stems=stems_of(words), near=frozenset(), far=frozenset(), retrieval=1.0,
    )  # fmt: skip


@pytest.mark.parametrize("words", ["She", "The mayor"])
def test_who_did_it_is_answered_by_name_where_the_sentence_has_a_pointing_word(words):
    text = f"Anna Weber leads the town. {words} founded the ferry line with Omar Haddad’s money."
    start = text.index(words, 20)
    meant = Mention(start, start + len(words), MentionKind.PERSON, "Anna Weber")
    other = next(one for one in mentions_of(text) if one.name == "Omar Haddad")
    planned = plan(Question("Who founded the ferry line?"), KnownNames())

    def answer(*mentions):
        sentences = [evidence(text, start, mentions)]
        return best_answers(planned, rate(sentences, weigh(planned.terms, (), sentences)))[0].name

    assert answer(other) == "Omar Haddad"
    assert answer(meant, other) == "Anna Weber"


def test_a_note_stands_outside_the_quotation_in_every_form():
    text = "Anna Weber opened the fair. She smiled."
    cited = Citation(CARD, 28, 39, "She smiled.")
    (noted,) = with_referents(Shelf(text), (AnswerSentence("She smiled.", Support.QUOTED, (cited,)),))
    answer = Answer("Who?", Plan(Kind.FACT, Wanted.PERSON), False, sentences=(noted,))
    told = [Exchange("Who?", answer)]
    assert "> She smiled. _\\[she: Anna Weber\\]_ \\[1\\]" in export(told, "md", date(2026, 1, 2))
    html = export(told, "html", date(2026, 1, 2))
    assert 'She smiled. <span class="aside">[she: Anna Weber]</span>' in html
    assert "“She smiled.” [she: Anna Weber] [1]" in render(answer)
    assert "She smiled. [she: Anna Weber] [1]" in answer_as_text("Who?", answer, {("a1", 28, 39): 1})
    record = to_json(answer)["sentences"][0]
    assert record["text"] == "She smiled."
    (referent,) = record["referents"]
    assert (referent["words"], referent["start"], referent["end"]) == ("She", 0, 3)
    assert referent["meaning"] == "Anna Weber"
    assert referent["citations"][0]["quote"] == "Anna Weber opened the fair."
    assert from_json(to_json(answer)).sentences[0].referents == noted.referents
    shown = sentence_view(noted, {("a1", 28, 39): 1})["referents"]
    assert shown == [
        {
            "note": "she: Anna Weber",
            "quote": "Anna Weber opened the fair.",
            "article": "a1",
            "start": 0,
            "end": 27,
        }
    ]


def test_an_answer_kept_before_there_were_notes_is_read():
    record = to_json(
        Answer(
            "Who?",
            Plan(Kind.FACT, Wanted.PERSON),
            False,
            sentences=(AnswerSentence("She smiled.", Support.WEAK, ()),),
        )
    )
    del record["sentences"][0]["referents"]
    assert from_json(record).sentences[0].referents == ()


def test_the_engine_tells_whom_he_means_and_answers_by_name(sample_library):
    with Engine.open(sample_library) as engine:
        answer = engine.ask(Question("Who founded Northlight Ferries in 2009?"))
    assert answer.short_answer == "Davor Ketling"
    assert answer.sentences[0].text.startswith("He founded")
    assert [one.note for one in answer.sentences[0].referents] == ["he: Davor Ketling"]
