"""Counting statements over articles: whose name is meant, what is counted once, what is left out."""

import subprocess
import sys
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from store_samples import ingest_library, metadata, record_of, source_of

from index.corrections import applied, correct
from index.ledger import find, is_indirect, left_out, read, tally
from index.schema import (
    UNCLEAR,
    Analysis,
    ArticleCard,
    Filter,
    LedgerEntry,
    MentionKind,
    Stance,
    Statement,
    Voice,
)
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


def test_unclear_statements_are_found_but_never_counted():
    sure = entry("Ted Cruz", "Donald Trump")
    doubtful = replace(sure, statement=replace(sure.statement, confidence=0.49))
    edge = replace(sure, statement=replace(sure.statement, confidence=UNCLEAR))
    found = find([sure, doubtful, edge], target="Trump")
    assert len(found) == 3
    assert names(found, "target") == [("Donald Trump", 2, 1)]
    assert left_out(found, "speaker").unclear == left_out(found, "target").unclear == 1
    unnamed = find([replace(doubtful, statement=replace(doubtful.statement, speaker="critics"))])
    assert (left_out(unnamed, "target").unclear, left_out(unnamed, "target").unnamed) == (0, 1)


def test_the_kind_of_a_group_is_what_it_was_mostly_read_as():
    cove = entry("Cove", "Howard Lutnick")
    read_as = [MentionKind.ORGANISATION, MentionKind.ORGANISATION, MentionKind.PERSON, None]
    entries = [replace(cove, statement=replace(cove.statement, speaker_kind=kind)) for kind in read_as]
    (group,) = tally(find(entries), "speaker")
    assert (group.kind, group.is_body, group.statements) == (MentionKind.ORGANISATION, True, 4)
    (group,) = tally(find(entries), "target")
    assert (group.kind, group.is_body) == (None, False)


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
        gone = out.about_themselves + out.by_author + out.unnamed + out.without_target + out.unclear
        assert sum(group.statements for group in tally(find(entries), by)) + gone == len(entries)


def test_questions_need_no_language_pipeline():
    code = "import sys, index.ledger, index.statements; print({'spacy', 'torch'} & set(sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "set()"


# ---- a whole library: the index look-up finds what a scan of everything would

WRITTEN = (
    "Donald Trump", "Mr. Trump", "Trump", "Hillary Clinton", "Bill Clinton", "Clinton", "Mrs. Clinton",
    "Trump’s plan", "the Trump administration", "GOP", "Republican Party", "critics", AUTHOR,
)  # fmt: skip
ASKED = (
    None,
    "Trump",
    "Donald Trump",
    "Clinton",
    "Bill Clinton",
    "the GOP",
    "the Trump administration",
    "Nobody",
)
ROW = st.tuples(
    st.sampled_from(WRITTEN),
    st.none() | st.sampled_from(WRITTEN),
    st.sampled_from(list(Stance)),
    st.sampled_from([MentionKind.PERSON, MentionKind.ORGANISATION, None]),
)


def stored(folder, articles):
    """A library with one article for each list of rows."""
    library = ingest_library(folder)
    for number, rows in enumerate(articles):
        text = "\n".join(f"Line {line} of article {number}." for line in range(len(rows))) or f"No {number}."
        about = metadata(f"T{number}", ("The Post", "The Herald")[number % 2])
        record = record_of(text, about, file=f"{number}.txt")
        statements = tuple(
            Statement(
                place.start, place.end, speaker, target, stance, 1, Voice.REPORTED, "said", speaker_kind=kind
            )
            for place, (speaker, target, stance, kind) in zip(record.sentences, rows, strict=False)
        )
        library.store.put(
            replace(record, analysis=Analysis((), statements)), source_of(f"/k/{number}", about)
        )
    return library


@given(
    articles=st.lists(st.lists(ROW, max_size=5), min_size=1, max_size=4),
    changes=st.lists(st.tuples(st.integers(0, 20), st.none() | ROW), max_size=3),
    speaker=st.sampled_from(ASKED),
    target=st.sampled_from(ASKED),
    stance=st.none() | st.sampled_from(list(Stance)),
    outlets=st.sampled_from([(), ("The Post",)]),
)
@settings(max_examples=60, deadline=None)
def test_read_is_find_over_all_corrected_statements(
    tmp_path_factory, articles, changes, speaker, target, stance, outlets
):
    with stored(tmp_path_factory.mktemp("read"), articles) as library:
        known = {(one.article.id, one.ordinal): one for one in library.store.ledger()}
        places, made = sorted(known), {}
        for number, change in changes:
            if not places:
                break
            one = known[places[number % len(places)]]
            right = change and replace(one.statement, speaker=change[0], target=change[1], stance=change[2])
            made[one.article.id, one.ordinal] = correct(library, one, right)
        corrected = [
            applied(one, made[place]) if place in made else one for place, one in sorted(known.items())
        ]
        everything = [one for one in corrected if one is not None]
        expected = [
            one
            for one in find(everything, speaker=speaker, target=target, stance=stance)
            if not outlets or one.article.outlet in outlets
        ]
        found = read(library, speaker=speaker, target=target, stance=stance, filter=Filter(outlets=outlets))
        assert found == expected
