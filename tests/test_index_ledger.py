"""Counting statements over articles: whose name is meant, what is counted once, what is left out."""

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from index.ledger import find, is_indirect, left_out, tally
from index.schema import ArticleCard, LedgerEntry, Stance, Statement, Voice
from index.statements.names import AUTHOR


def entry(speaker, target, stance=Stance.PRAISE, *, article="a", group=None, strength=2):
    card = ArticleCard(article, article, article, (), None, None, None, group or article)
    statement = Statement(0, 5, speaker, target, stance, strength, Voice.REPORTED, "praised")
    return LedgerEntry(card, statement, "quote", speaker, target)


def names(entries, by="speaker"):
    return [(group.name, group.statements, group.articles) for group in tally(find(entries), by)]


def test_one_person_is_counted_under_every_form_of_the_name():
    entries = [
        entry("Kassym-Jomart Tokayev", "Donald Trump", article="a"),
        entry("Tokayev", "Trump", article="b"),
        entry("Mr. Tokayev", "Trump’s trade truce", article="b"),
        entry("Tokayev", "Trump administration", article="b"),
        entry("Shavkat Mirziyoyev", "Donald Trump", article="b"),
    ]
    assert names(find(entries, target="Trump", stance=Stance.PRAISE)) == [
        ("Kassym-Jomart Tokayev", 4, 2),
        ("Shavkat Mirziyoyev", 1, 1),
    ]


def test_direction_decides():
    entries = [entry("Donald Trump", "Kassym-Jomart Tokayev"), entry("Cove Capital", "Howard Lutnick")]
    assert find(entries, target="Trump") == []
    assert names(find(entries, speaker="Mr. Trump"), "target") == [("Kassym-Jomart Tokayev", 1, 1)]
    assert names(find(entries, target="Lutnick")) == [("Cove Capital", 1, 1)]


def test_a_bare_surname_in_a_question_is_its_most_frequent_bearer():
    hillary = [entry("Hillary Clinton", "Barack Obama", article=number) for number in "abc"]
    bill = [entry("Bill Clinton", "Barack Obama")]
    assert find([*bill, *hillary], speaker="Clinton") == hillary
    assert find([*bill, *hillary], speaker="Bill Clinton") == bill
    assert find([*bill, *hillary], speaker="Mr. Clinton") == bill
    assert find([*bill, *hillary], speaker="Hillary") == hillary


def test_a_bare_surname_in_the_articles_goes_to_the_bearer_it_fits():
    entries = [entry("Clinton", "Obama", article="x"), entry("Hillary Clinton", "Obama", article="y")]
    assert names(entries) == [("Hillary Clinton", 2, 2)]


def test_bodies_are_found_by_name_and_apart_from_the_person():
    entries = [entry("Ted Cruz", "Obama administration", Stance.CRITICISE), entry("Ted Cruz", "Barack Obama")]
    assert find(entries, target="the Obama administration") == entries[:1]
    assert find(entries, target="Barack Obama") == entries
    assert [is_indirect(one) for one in entries] == [True, False]
    assert [group.is_body for group in tally(entries, "target")] == [False, True]


def test_a_wire_story_in_two_outlets_is_counted_once():
    copies = [entry("Ted Cruz", "Marco Rubio", article=name, group="wire") for name in ("a", "b", "b")]
    alone = entry("Ted Cruz", "Marco Rubio", article="c")
    assert names([*copies, alone]) == [("Ted Cruz", 3, 2)]


def test_ranking_goes_by_statements_then_articles_then_strength_then_name():
    entries = [
        *[entry("Ann One", "X Y", article="a") for _ in range(2)],
        *[entry("Ben Two", "X Y", article=name) for name in "ab"],
        entry("Carl Three", "X Y", strength=3),
        entry("Dan Four", "X Y", strength=1),
        entry("Eve Five", "X Y", strength=1),
    ]
    assert [group.name for group in tally(entries, "speaker")] == [
        "Ben Two",
        "Ann One",
        "Carl Three",
        "Dan Four",
        "Eve Five",
    ]


def test_what_is_not_ranked_is_counted_apart():
    entries = [
        entry("Donald Trump", "Trump"),
        entry("Donald Trump", "Donald Trump’s campaign rally"),
        entry(AUTHOR, "Donald Trump"),
        entry("a senior official", "Donald Trump"),
        entry("Ted Cruz", "Donald Trump"),
        entry("Ted Cruz", None),
    ]
    counted = left_out(find(entries), "target")
    assert (counted.about_themselves, counted.by_author, counted.unnamed, counted.without_target) == (
        2,
        1,
        1,
        1,
    )
    assert names(entries, "target") == [("Donald Trump", 1, 1)]


def test_unknown_names_find_nothing():
    entries = [entry("Ted Cruz", "Donald Trump")]
    assert find(entries, speaker="Angela Merkel") == []
    assert find([], speaker="Ted Cruz") == []
    assert tally([], "speaker") == []


NAMES = st.sampled_from(
    [
        "Trump",
        "Donald Trump",
        "Mr. Trump",
        "Ivanka Trump",
        "critics",
        AUTHOR,
        "GOP",
        "Trump’s plan",
        "",
        "’s x",
    ]
)


@given(st.lists(st.tuples(NAMES, st.none() | NAMES, st.sampled_from("ab"))))
def test_every_entry_is_counted_or_left_out(rows):
    entries = [entry(speaker, target, article=article) for speaker, target, article in rows]
    for by in ("speaker", "target"):
        out = left_out(find(entries), by)
        gone = out.about_themselves + out.by_author + out.unnamed + out.without_target
        assert sum(group.statements for group in tally(find(entries), by)) + gone == len(entries)


def test_questions_need_no_language_pipeline():
    code = "import sys, index.ledger, index.statements; print({'spacy', 'torch'} & set(sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "set()"
