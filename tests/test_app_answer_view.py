"""What the page shows of an answer, as plain values: marks, limits, groups, numbers, sources."""

import json
from dataclasses import replace

import pytest

from index.schema import ArticleCard, Filter, Stance
from qa.answer_json import to_json
from qa.schema import (
    Answer,
    AnswerSentence,
    Citation,
    Constraint,
    Coverage,
    Group,
    Kind,
    Partial,
    Plan,
    Question,
    Support,
    Tally,
    TallyRow,
    Timings,
    Wanted,
)
from qa.talk.links import Link
from qa.talk.numbering import numbered
from qa.text import render
from ui.answer_view import SUPPORT_WORDS, answer_view, filter_chips, layout_of
from ui.citing import first_citation

HARBOUR = ArticleCard(
    "a1", "harbour.html", "Harbour wall", ("N. Ekberg",), "Herald", "2026-03-03", None, "g1"
)
MINISTER = ArticleCard("a2", "minister.txt", "", (), None, None, "https://wire.example/x", "g2")


def cite(card, start, quote):
    return Citation(card, start, start + len(quote), quote)


FIRST = cite(HARBOUR, 10, "She kept her word.")
SECOND = cite(MINISTER, 0, "He thanked her.")
THIRD = cite(HARBOUR, 90, "The wall holds.")


def answer_with(**changes):
    fields = {
        "question": "Who praised her?",
        "plan": Plan(Kind.FACT, Wanted.PERSON),
        "abstained": False,
        "short_answer": "Arden",
        "sentences": (
            AnswerSentence(FIRST.quote, Support.QUOTED, (FIRST, SECOND)),
            AnswerSentence("Thanks came too.", Support.WEAK, (SECOND, THIRD)),
        ),
        "timings": Timings(total=1234.0),
    }
    return Answer(**{**fields, **changes})


def shown_of(answer, asked=None, copies=None, before=()):
    link = Link(asked or Question(answer.question))
    return answer_view(answer, link, copies or {}, numbered(answer, before))


def test_passages_are_numbered_in_order_of_appearance_and_keep_their_number():
    shown = shown_of(answer_with())
    assert [[quote["n"] for quote in sentence["quotes"]] for sentence in shown["sentences"]] == [
        [1, 2],
        [2, 3],
    ]


def test_sources_group_the_quotes_of_one_article_under_its_card():
    shown = shown_of(answer_with(), copies={"g1": 2})
    assert [(s["title"], [q["n"] for q in s["quotes"]], s["also"]) for s in shown["sources"]] == [
        ("Harbour wall", [1, 3], "also run by 2 outlets"),
        ("Untitled", [2], ""),
    ]
    assert shown["sources"][1]["published"] == "undated"


def test_support_is_said_in_words():
    shown = shown_of(answer_with())
    assert [s["support_text"] for s in shown["sentences"]] == ["Quoted", "Weakly supported"]
    assert set(SUPPORT_WORDS) == set(Support)


def test_counted_statements_are_numbered_after_the_sentences_and_open_their_quotes():
    tally = Tally(
        "Statements of praise.", (TallyRow("Arden", 2, 1, (THIRD, FIRST)), TallyRow("Holm", 1, 1, (SECOND,)))
    )
    shown = shown_of(answer_with(sentences=(AnswerSentence("x", Support.QUOTED, (FIRST,)),), tally=tally))
    assert [[q["n"] for q in row["quotes"]] for row in shown["tally"]["rows"]] == [[2, 1], [3]]
    assert shown["tally"]["most"] == 2


@pytest.mark.parametrize(
    ("plan", "address"),
    [
        (
            Plan(Kind.STATEMENTS, Wanted.PERSON, target="Ito", stance=Stance.PRAISE, ranked=True),
            "/statements?speaker=Arden&target=Ito&stance=praise",
        ),
        (
            Plan(Kind.STATEMENTS, Wanted.PERSON, speaker="Ito", stance=Stance.CRITICISE),
            "/statements?speaker=Ito&target=Arden&stance=criticise",
        ),
        (
            Plan(
                Kind.STATEMENTS, Wanted.PERSON, target="Ito", including=("author",),
                filter=Filter(("Herald", "A & B"), (), "2026-01-01", "2026-02-01"),
            ),
            "/statements?speaker=Arden&target=Ito&stance=any&outlet=Herald&outlet=A+%26+B"
            "&from=2026-01-01&until=2026-02-01&also=author",
        ),
    ],
)  # fmt: skip
def test_each_name_of_a_count_leads_to_its_statements(plan, address):
    tally = Tally("c", (TallyRow("Arden", 2, 1, (FIRST,), rank=3),))
    shown = shown_of(answer_with(plan=plan, tally=tally))
    row = shown["tally"]["rows"][0]
    assert (row["address"], row["rank"]) == (address, 3 if plan.ranked else None)
    assert shown["coverage_first"] is True


def test_unclear_statements_are_numbered_after_what_is_cited_and_are_no_sources():
    shown = shown_of(answer_with(unclear=(THIRD, SECOND)))
    assert [(quote["n"], quote["quote"]) for quote in shown["unclear"]] == [
        (3, THIRD.quote),
        (2, SECOND.quote),
    ]
    only = answer_with(sentences=(AnswerSentence("x", Support.QUOTED, (FIRST,)),), unclear=(SECOND,))
    shown = shown_of(only)
    assert [q["n"] for s in shown["sources"] for q in s["quotes"]] == [1]
    assert [q["n"] for q in shown["unclear"]] == [2]


def test_an_abstention_shows_the_reason_and_numbers_the_nearest_passages():
    answer = answer_with(
        abstained=True, short_answer=None, sentences=(), nearest=(SECOND, FIRST), reason="No vote is named."
    )
    shown = shown_of(answer)
    assert (shown["abstained"], shown["reason"]) == (True, "No vote is named.")
    assert [(q["n"], q["quote"]) for s in shown["sources"] for q in s["quotes"]] == [
        (1, SECOND.quote),
        (2, FIRST.quote),
    ]
    assert "The articles don't say. No vote is named." in shown["copy"]
    assert first_citation(answer) is None


def test_only_filters_the_reader_set_can_be_removed():
    plan = Plan(
        Kind.FACT, Wanted.NAME, filter=Filter(("Herald", "Wire"), ("N. Ekberg",), "2026-01-01", "2026-02-01")
    )
    chosen = Filter(("Wire",), (), None, "2026-02-01")
    chips = filter_chips(plan, chosen)
    assert [(chip["kind"], chip["value"], bool(chip["action"])) for chip in chips] == [
        ("outlet", "Herald", False),
        ("outlet", "Wire", True),
        ("author", "N. Ekberg", False),
        ("from", "2026-01-01", False),
        ("until", "2026-02-01", True),
    ]


def test_the_copied_text_carries_numbers_and_a_source_list():
    answer = answer_with(coverage=Coverage(9, 9, 2, 2, 3, 0, "9 of 9 articles read."))
    lines = shown_of(answer)["copy"].splitlines()
    assert lines[:5] == [
        "Who praised her?",
        "",
        "Arden",
        "She kept her word. [1][2]",
        "Thanks came too. [2][3] (weakly supported)",
    ]
    assert "9 of 9 articles read." in lines
    assert "[1] “She kept her word.” Harbour wall, N. Ekberg, Herald, 3 March 2026." in lines
    assert "[2] “He thanked her.” Untitled, undated, https://wire.example/x." in lines


def test_a_passage_keeps_its_number_through_a_conversation():
    shown = shown_of(answer_with(), before=(("b9", 0, 4), ("a2", 0, len(SECOND.quote))))
    assert [[quote["n"] for quote in sentence["quotes"]] for sentence in shown["sentences"]] == [
        [3, 2],
        [2, 4],
    ]
    assert "She kept her word. [3][2]" in shown["copy"]


def test_what_a_follow_up_was_understood_as_is_said():
    answer = answer_with(question="What did Arden say about the wall?")
    shown = shown_of(answer, Question("And about the wall?"))
    assert (shown["question"], shown["understood"]) == ("And about the wall?", answer.question)
    assert shown["copy"].startswith("And about the wall?")
    assert shown_of(answer)["understood"] == ""


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        (
            AnswerSentence(
                "x", Support.WEAK, (FIRST,), 0.2, ("the number 7", "It denies it", "the name “Oz”")
            ),
            "Not in the cited words: the number 7, the name “Oz”. It denies it.",
        ),
        (AnswerSentence("x", Support.WEAK, ()), "No passage is cited for it."),
        (AnswerSentence("x", Support.QUOTED, (FIRST,)), ""),
    ],
)
def test_what_the_cited_words_do_not_hold_is_said(sentence, said):
    (shown,) = shown_of(answer_with(sentences=(sentence,)))["sentences"]
    assert shown["problems"] == said


SEPTEMBER = Constraint("c1", "published", "in September", "published 2025-09-01 to 2025-09-30")
HERALD = Constraint("c2", "outlet", "the Herald", "outlet Herald")


def test_what_the_question_limits_is_a_chip_to_take_away_and_is_not_told_twice():
    plan = Plan(
        Kind.FACT, Wanted.NAME, constraints=(SEPTEMBER, HERALD),
        filter=Filter(("Herald",), ("N. Ekberg",), "2025-09-01", "2025-09-30"),
    )  # fmt: skip
    chips = filter_chips(plan, Filter((), ("N. Ekberg",)))
    assert [
        (chip["kind"], chip["value"], chip["label"], chip["words"], chip["action"]) for chip in chips
    ] == [
        ("constraint", "c1", "published 1 September 2025 to 30 September 2025", "in September", "Remove"),
        ("constraint", "c2", "outlet Herald", "the Herald", "Remove"),
        ("author", "N. Ekberg", "Author: N. Ekberg", "", "Remove"),
    ]


def test_a_filter_of_the_reader_stays_beside_what_the_question_limits():
    plan = Plan(Kind.FACT, Wanted.NAME, constraints=(HERALD,), filter=Filter(("Herald", "Wire")))
    chips = filter_chips(plan, Filter(("Wire",)))
    assert [(chip["kind"], chip["value"]) for chip in chips] == [("constraint", "c2"), ("outlet", "Wire")]


def test_a_limit_carried_over_in_a_conversation_is_not_told_twice():
    carried = Constraint("carried:outlets", "carried", "Herald", "only Herald")
    plan = Plan(Kind.FACT, Wanted.NAME, constraints=(carried,), filter=Filter(("Herald",), (), "2026-01-01"))
    chips = filter_chips(plan, Filter())
    assert [(chip["kind"], chip["value"], chip["carried"]) for chip in chips] == [
        ("constraint", "carried:outlets", True),
        ("from", "2026-01-01", False),
    ]


def test_undated_articles_and_limits_taken_away_have_chips_of_their_own():
    answer = answer_with(coverage=Coverage(9, 5, 2, 2, 0, 3, "5 of 9 articles read"))
    chips = shown_of(answer, Question("Who?", without=("c1",)))["chips"]
    assert [(chip["kind"], chip["label"], chip["action"]) for chip in chips] == [
        ("undated", "3 undated articles searched too", ""),
        ("restore", "1 limit of the question taken away", "Put back"),
    ]


def test_groups_keep_the_place_of_each_sentence_and_loose_ones_come_after():
    third = AnswerSentence(THIRD.quote, Support.QUOTED, (THIRD,))
    answer = answer_with(
        plan=Plan(Kind.COMPARE, Wanted.CLAUSE),
        sentences=(*answer_with().sentences, third),
        groups=(
            Group("Herald", "3 March", (2,)),
            Group("Wire", "says nothing of this"),
            Group("for", "", (0,)),
        ),
    )
    shown = shown_of(answer)
    assert shown["layout"] == "sides"
    assert shown["loose"] == [1]
    assert shown["groups"] == [
        {"label": "Herald", "note": "3 March", "sentences": [2], "silent": False},
        {"label": "Wire", "note": "says nothing of this", "sentences": [], "silent": True},
        {"label": "For", "note": "", "sentences": [0], "silent": False},
    ]
    assert shown_of(answer_with())["loose"] == [0, 1]


@pytest.mark.parametrize(
    ("kind", "labels", "layout"),
    [
        (Kind.FACT, (), ""),
        (Kind.FACT, ("37", "41"), "sides"),
        (Kind.FACT, ("37",), "items"),
        (Kind.FACT, ("37", "41", "44", "50"), "items"),
        (Kind.LIST, ("Acme", "Bolt"), "items"),
        (Kind.SUMMARY, ("2025-11-06", "2025-11-07"), "days"),
        (Kind.TEMPORAL, ("2025-11", "undated"), "days"),
        (Kind.ARGUMENT, ("for", "against"), "sides"),
    ],
)
def test_groups_are_set_as_their_kind_is_read_best(kind, labels, layout):
    answer = answer_with(plan=Plan(kind, Wanted.CLAUSE), groups=tuple(Group(label) for label in labels))
    assert layout_of(answer) == layout


def test_days_are_written_as_people_read_them():
    answer = answer_with(groups=(Group("2025-11-06", "", (0,)), Group("2025-11", "", (1,))))
    assert [group["label"] for group in shown_of(answer)["groups"]] == ["6 November 2025", "November 2025"]


def test_a_day_in_a_note_is_written_as_people_read_it_and_yes_with_a_capital():
    answer = answer_with(short_answer="yes", groups=(Group("Arden", "Herald, 2026-03-03", (0,)),))
    shown = shown_of(answer)
    assert (shown["groups"][0]["note"], shown["short"]) == ("Herald, 3 March 2026", "Yes")


def test_the_choice_of_a_multiple_choice_question_is_shown():
    assert shown_of(answer_with(choice="B. The wall"))["choice"] == "B. The wall"
    assert shown_of(answer_with())["choice"] is None


def test_the_address_asks_the_same_question_again():
    asked = Question(
        "Who? 50%", filter=Filter(("A & B",), ("Zoë",), "2026-01-02", None), without=("c1", "c2")
    )
    assert shown_of(answer_with(), asked)["address"] == (
        "?q=Who%3F+50%25&outlet=A+%26+B&author=Zo%C3%AB&from=2026-01-02&without=c1&without=c2"
    )


def test_the_view_is_plain_json():
    answer = answer_with(
        tally=Tally("c", (TallyRow("n", 1, 1, (FIRST,)),)), groups=(Group("2025-11-06", "", (0,)),)
    )
    shown = shown_of(answer, replace(Question("Who?"), without=("c1",)))
    assert json.loads(json.dumps(shown)) == shown


def test_an_answer_without_some_parts_of_the_library_says_so():
    assert shown_of(answer_with())["partial"] == ""
    told = Partial(3, 4, "partial: 3 of 4 parts of the library answered")
    answer = answer_with(partial=told)
    assert shown_of(answer)["partial"] == told.text
    assert render(answer).startswith("Partial: 3 of 4 parts of the library answered.\n\n")
    assert render(answer).endswith(render(answer_with()))
    assert to_json(answer)["partial"] == {"answered": 3, "total": 4, "text": told.text}
