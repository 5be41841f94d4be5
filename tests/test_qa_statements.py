"""Answers counted from a small ledger whose every statement is known: ranks, ties, topics, yes and no."""

import json
from dataclasses import dataclass

import pytest

from index.config import IndexConfig
from index.ingest import add
from index.library import Library
from index.schema import Analysis, Filter, Mention, MentionKind, Stance, Statement, Voice
from index.statements.names import AUTHOR
from index.stores.local import LocalStore
from index.stores.lock import WriteLock
from qa.answer_json import to_json
from qa.engine import Engine
from qa.schema import Question
from qa.text import render

PERSON, BODY = MentionKind.PERSON, MentionKind.ORGANISATION


@dataclass(frozen=True)
class Said:
    """A statement of the invented articles: its sentence and how it is to be read."""

    sentence: str
    speaker: str
    target: str
    stance: str
    cue: str
    strength: int = 2
    voice: Voice = Voice.REPORTED
    confidence: float = 0.9
    speaker_kind: MentionKind | None = PERSON
    target_kind: MentionKind | None = PERSON


FILLER = """The yard in Velmora lies behind the old customs house. Its four cranes came second hand, and
the largest of them has not moved since the winter of 1998. Gulls nest on the gantry, the gates are painted
every spring, and a brass band plays when a keel is laid. Nobody can say how deep the basin is, for the charts
were lost when the harbour office flooded. "Ink floats, stone does not." That line of Harbour Warden Silas
Krone hangs in the hall."""

SIGNING = (
    Said("Kaspar Ito praised Ana Brandt for her patience.", "Kaspar Ito", "Ana Brandt", "praise", "praised"),
    Said(
        "“Ana Brandt is the best minister this coast has had,” Mr. Ito said.",
        "Kaspar Ito",
        "Ana Brandt",
        "praise",
        "best",
        strength=3,
        voice=Voice.DIRECT,
    ),
    Said(
        "Doria Venn blamed Ana Brandt for the delays at the dry dock.",
        "Doria Venn",
        "Ana Brandt",
        "criticise",
        "blamed",
    ),
    Said(
        "Ana Brandt thanked Lumen Yards for the ferries.",
        "Ana Brandt",
        "Lumen Yards",
        "praise",
        "thanked",
        target_kind=BODY,
    ),
    Said(
        "Rep. Pell Amsel (R-Norhaven) mocked Ana Brandt over the toll.",
        "Pell Amsel",
        "Ana Brandt",
        "criticise",
        "mocked",
    ),
)
CAMPAIGN = (
    Said(
        "Kaspar Ito endorsed Ana Brandt for governor on Monday.",
        "Kaspar Ito",
        "Ana Brandt",
        "praise",
        "endorsed",
    ),
    Said(
        "Tove Lind, a Democrat, applauded Ana Brandt’s performance in the televised debate.",
        "Tove Lind",
        "Ana Brandt",
        "praise",
        "applauded",
    ),
    Said(
        "Ana Brandt called Doria Venn “a liar in a good coat” at the fair.",
        "Ana Brandt",
        "Doria Venn",
        "criticise",
        "called",
        strength=3,
        voice=Voice.PARTLY_QUOTED,
    ),
    Said("Doria Venn smiled at Ana Brandt.", "Doria Venn", "Ana Brandt", "praise", "smiled", confidence=0.3),
    Said(
        "Ana Brandt is a fine minister, and a fair one.",
        AUTHOR,
        "Ana Brandt",
        "praise",
        "fine",
        voice=Voice.AUTHOR,
        speaker_kind=None,
    ),
    Said(
        "A senior official said Ana Brandt was hopeless.",
        "a senior official",
        "Ana Brandt",
        "criticise",
        "hopeless",
        speaker_kind=None,
    ),
    Said(
        "Ana Brandt praised Ana Brandt as a builder.",
        "Ana Brandt",
        "Ana Brandt",
        "praise",
        "praised",
    ),
    Said(
        "The Dockers Guild praised Ana Brandt for the pensions.",
        "The Dockers Guild",
        "Ana Brandt",
        "praise",
        "praised",
        speaker_kind=BODY,
    ),
)
TIES = (
    Said("Mira Sol praised Doria Venn for her speech.", "Mira Sol", "Doria Venn", "praise", "praised"),
    Said("Ulf Rand defended Doria Venn over the budget.", "Ulf Rand", "Doria Venn", "praise", "defended"),
)
SEVEN = tuple(
    Said(f"{name} criticised Ulf Rand.", name, "Ulf Rand", "criticise", "criticised")
    for name in ("Ines Kohl", "Jon Vare", "Lea Mor", "Nils Abe", "Orla Finn", "Per Dahl", "Rut Eber")
)
ROWS = (
    ("signing", "Ferry contract signed", "The Quay Gazette", "2025-10-14", "Tilda Osk", SIGNING, FILLER),
    (
        "copy",
        "Ferry contract signed",
        "Coast Wire",
        "2025-10-14",
        "Tilda Osk",
        SIGNING,
        f"{FILLER} More to follow.",
    ),
    ("campaign", "Brandt runs for governor", "The Lantern", "2025-11-20", "Joren Pell", CAMPAIGN, ""),
    ("ties", "A speech and a budget", "The Quay Gazette", "2025-09-02", "Tilda Osk", TIES, ""),
    ("seven", "The harbour council meets", "The Lantern", "2025-09-05", "Joren Pell", SEVEN, ""),
)


def read_known(text, _sentences):
    """Return the statements that the text holds, each at the place of its sentence."""
    made = []
    for said in (*SIGNING, *CAMPAIGN, *TIES, *SEVEN):
        start = text.find(said.sentence)
        if start >= 0:
            made.append(
                Statement(
                    start=start,
                    end=start + len(said.sentence),
                    speaker=said.speaker,
                    target=said.target,
                    stance=Stance(said.stance),
                    strength=said.strength,
                    voice=said.voice,
                    cue=said.cue,
                    confidence=said.confidence,
                    speaker_kind=said.speaker_kind,
                    target_kind=said.target_kind,
                )
            )
    named = [(text.find(name), name) for name in ("Silas Krone",)]
    mentions = tuple(Mention(start, start + len(name), PERSON, name) for start, name in named if start >= 0)
    return Analysis(mentions, tuple(sorted(made, key=lambda one: one.start)))


def row_of(name, title, outlet, published, author, statements, more):
    text = "\n\n".join([*(said.sentence for said in statements), " ".join(more.split())]).strip()
    return {
        "id": name,
        "title": title,
        "outlet": outlet,
        "published": published,
        "author": author,
        "text": text,
    }


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ledger")
    table = folder / "articles.jsonl"
    table.write_text("\n".join(json.dumps(row_of(*row)) for row in ROWS), encoding="utf-8")
    Library.create(folder / "library", IndexConfig(model="hashing")).close()
    store, lock = LocalStore.open(folder / "library", write=True), WriteLock(folder / "library")
    with Library(folder / "library", store, lock=lock, analyse=read_known) as library:
        report = add(library, [table])
        assert (report.added, report.failures) == (len(ROWS), ())
    with Engine.open(folder / "library") as opened:
        yield opened


def ask(engine, text, **options):
    return engine.ask(Question(text, **options))


def names(engine, text):
    answer = ask(engine, text)
    assert not answer.abstained, answer.reason
    return set(answer.short_answers)


def test_a_wire_copy_counts_once_and_the_strongest_quote_comes_first(engine):
    answer = ask(engine, "Who praised Ana Brandt most?")
    assert answer.short_answer == "Kaspar Ito"
    top = answer.tally.rows[0]
    assert (top.rank, top.name, top.statements, top.articles) == (1, "Kaspar Ito", 3, 2)
    assert top.evidence[0].quote.startswith("“Ana Brandt is the best minister")
    assert [row.name for row in answer.tally.rows] == ["Kaspar Ito", "Tove Lind"]


def test_what_is_not_counted_is_said_and_what_is_unclear_is_shown_apart(engine):
    answer = ask(engine, "Who praised Ana Brandt most?")
    for words in ("in an author’s own voice", "about the speakers themselves", "too unclear"):
        assert words in answer.tally.counted
    assert [citation.quote for citation in answer.unclear] == ["Doria Venn smiled at Ana Brandt."]
    assert "by unnamed speakers" in ask(engine, "Who criticised Ana Brandt most?").tally.counted
    record = to_json(answer)
    assert record["unclear"][0]["quote"] == "Doria Venn smiled at Ana Brandt."
    assert record["tally"]["rows"][0]["rank"] == 1


def test_coverage_says_how_many_statements_judge_the_target(engine):
    answer = ask(engine, "Who praised Ana Brandt most?")
    # Ito 2 + Venn + Amsel in each of two copies; in the campaign article all but the unclear one and the
    # one about Doria Venn.
    assert answer.coverage.judging == 2 * 4 + 6
    assert "5 of 5 articles read, 3 mention Ana Brandt" in answer.coverage.text
    assert "14 statements judge Ana Brandt, 4 counted" in answer.coverage.text


def test_the_author_is_counted_where_the_question_says_so(engine):
    assert "Joren Pell" not in names(engine, "Who praised Ana Brandt?")
    assert "Joren Pell" in names(engine, "Who praised Ana Brandt, including the author?")


def test_a_tie_is_shown_as_a_tie(engine):
    answer = ask(engine, "Who praised Doria Venn most?")
    assert set(answer.short_answers) == {"Mira Sol", "Ulf Rand"}
    assert [row.rank for row in answer.tally.rows] == [1, 1]
    assert answer.reason == "2 names are equal, with 1 statement each."
    assert answer.confidence < 0.6
    assert "1=" in render(answer)


def test_a_long_tie_has_no_winner(engine):
    answer = ask(engine, "Who criticised Ulf Rand most?")
    assert answer.short_answer is None
    assert len(answer.short_answers) == len(SEVEN)
    assert answer.reason.startswith("7 names are equal")


def test_thanks_endorsement_and_defence_are_kinds_of_praise(engine):
    assert names(engine, "Who endorsed Ana Brandt?") == {"Kaspar Ito"}
    assert names(engine, "Whom did Ana Brandt thank?") == {"Lumen Yards"}
    assert names(engine, "Who defended Doria Venn?") == {"Ulf Rand"}
    assert ask(engine, "Did Kaspar Ito endorse Ana Brandt?").short_answer == "yes"
    assert ask(engine, "Did Tove Lind endorse Ana Brandt?").short_answer == "no"  # praised, not endorsed


def test_a_kind_of_praise_that_is_not_found_falls_back_to_praise_and_says_so(engine):
    answer = ask(engine, "Who congratulated Doria Venn most?")
    assert set(answer.short_answers) == {"Mira Sol", "Ulf Rand"}
    assert "no congratulation was found, so all praise is counted" in answer.plan.notes


def test_outlets_and_months_limit_what_is_counted(engine):
    in_october = ask(engine, "Who praised Ana Brandt most in October 2025?")
    assert [(row.name, row.statements) for row in in_october.tally.rows] == [("Kaspar Ito", 2)]
    lantern = ask(engine, "Who praised Ana Brandt most in the Lantern's articles?")
    assert [(row.name, row.statements) for row in lantern.tally.rows] == [("Kaspar Ito", 1), ("Tove Lind", 1)]
    chosen = ask(engine, "Who praised Ana Brandt most?", filter=Filter(outlets=("Coast Wire",)))
    assert chosen.tally.rows[0].statements == 2


def test_people_and_bodies_are_ranked_apart(engine):
    assert names(engine, "Which organisation praised Ana Brandt most?") == {"The Dockers Guild"}
    assert names(engine, "Which organisation did Ana Brandt praise most?") == {"Lumen Yards"}


def test_a_party_is_taken_from_the_articles(engine):
    answer = ask(engine, "Which Republicans criticised Ana Brandt?")
    assert answer.short_answers == ("Pell Amsel",)
    assert any("no party was read for Doria Venn" in note for note in answer.plan.notes)
    assert names(engine, "Which Democrats praised Ana Brandt most?") == {"Tove Lind"}


def test_a_topic_keeps_only_the_statements_about_it(engine):
    assert names(engine, "Who praised Ana Brandt's debate performance?") == {"Tove Lind"}
    assert names(engine, "Who criticised Ana Brandt over the dry dock?") >= {"Doria Venn"}
    nothing = ask(engine, "Who praised Ana Brandt's Bundesliga goalkeeping?")
    assert nothing.abstained
    assert nothing.reason.endswith("but none about what was asked.")
    assert nothing.nearest


def test_yes_comes_with_the_statements(engine):
    answer = ask(engine, "Did Doria Venn criticise Ana Brandt?")
    assert answer.short_answer == "yes"
    assert {sentence.text for sentence in answer.sentences} == {SIGNING[2].sentence}
    assert ask(engine, "Was Ana Brandt criticised by Doria Venn?").short_answer == "yes"
    assert ask(engine, "Did anyone mock Ana Brandt?").short_answer == "yes"


def test_no_says_what_was_searched_and_shows_the_opposite(engine):
    answer = ask(engine, "Did Doria Venn praise Ana Brandt?")
    assert (answer.short_answer, answer.confidence) == ("no", 0.6)
    assert answer.reason.startswith(
        "No statement in which Doria Venn praises Ana Brandt was found in 5 articles (3 mention both)."
    )
    assert answer.reason.endswith("Statements were found that criticise Ana Brandt.")
    assert {sentence.text for sentence in answer.sentences} == {SIGNING[2].sentence}
    assert answer.unclear
    assert render(answer).startswith("No statement in which")


def test_direction_is_never_swapped(engine):
    assert ask(engine, "Did Ana Brandt praise Kaspar Ito?").short_answer == "no"
    assert ask(engine, "Whom did Tove Lind criticise?").abstained
    assert ask(engine, "Who praised Kaspar Ito?").abstained
    assert ask(engine, "Who thanked Ana Brandt's husband in Lisbon?").abstained


def test_an_unknown_name_is_said_to_be_in_no_article(engine):
    for text in ("Who praised Wendel Marsh?", "Did Wendel Marsh praise Ana Brandt?"):
        answer = ask(engine, text)
        assert answer.abstained
        assert answer.reason == "No article mentions Wendel Marsh."


def test_whom_somebody_called_something(engine):
    assert names(engine, "Whom did Ana Brandt call a liar?") == {"Doria Venn"}
    assert ask(engine, "Whom did Ana Brandt call a genius?").abstained


def test_a_thing_of_somebodys_is_answered_with_the_statements(engine):
    answer = ask(engine, "Which of Ana Brandt's qualities did Kaspar Ito praise?")
    assert (answer.short_answer, answer.short_answers) == (None, ())
    assert len(answer.sentences) >= 3
    assert ask(engine, "Which of Kaspar Ito's plans did Ana Brandt praise?").abstained


def test_words_that_the_ledger_gives_to_nobody_name_who_stands_beside_them(engine):
    answer = ask(engine, "Who said “ink floats, stone does not”?")
    assert (answer.short_answer, answer.confidence) == ("Silas Krone", 0.5)
    assert answer.reason.endswith("who says them was not read.")
    assert "Ink floats" in answer.sentences[0].text
    assert ask(engine, "Who said “stone floats, ink does not”?").abstained


def test_words_that_the_ledger_gives_to_somebody_name_the_speaker(engine):
    answer = ask(engine, "Who said “the best minister this coast has had”?")
    assert answer.short_answer == "Kaspar Ito"


def test_somebody_who_says_nothing_of_it_is_not_quoted(engine):
    for text in (
        "What did Silas Krone say about Ana Brandt?",
        "What did Tove Lind call Doria Venn?",
        "What did Kaspar Ito say to criticise Ana Brandt?",
        "Which insult did Tove Lind use against Ana Brandt?",
    ):
        assert ask(engine, text).abstained, text


def test_unclear_statements_are_shown_where_nothing_clear_is_found(engine):
    answer = ask(engine, "Whom did Doria Venn praise?")
    assert answer.abstained
    assert [citation.quote for citation in answer.unclear] == ["Doria Venn smiled at Ana Brandt."]
    assert "Unclear, not counted:" in render(answer)


def test_every_citation_is_the_articles_own_words(engine):
    for text in ("Who praised Ana Brandt most?", "Who criticised Ulf Rand?", "Did Ito praise Ana Brandt?"):
        answer = ask(engine, text)
        cited = [citation for sentence in answer.sentences for citation in sentence.citations]
        cited += [
            citation for row in (answer.tally.rows if answer.tally else ()) for citation in row.evidence
        ]
        assert cited
        for citation in cited:
            article = engine.library.store.article(citation.article.id)
            assert article.text[citation.start : citation.end] == citation.quote
