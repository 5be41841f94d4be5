"""Readers' corrections: applied when the ledger is read; they survive removal and a new reading."""

from dataclasses import replace

import pytest
from store_samples import ingest_library, metadata, record_of, source_of

from index.correction_gold import gold_rows
from index.corrections import correct, placed, statement_meant, undo
from index.errors import InputError
from index.ledger import left_out, read, tally
from index.library import ALIAS_FILE, Library
from index.reread import reread
from index.schema import Analysis, Correction, Filter, MentionKind, Stance, Statement, Voice

P, C, N = Stance.PRAISE, Stance.CRITICISE, Stance.NEUTRAL

TEXT = """The minister praised the harbour plan on Monday.
Ann Lee said that Bo Rye was a friend of the town.
Ann Lee called Bo Rye a liar in front of the council.
Critics of the plan had nothing to say to that."""


def said(line, speaker, target, stance, **more):
    """A statement that is one line of the text."""
    words = TEXT.split("\n")[line]
    start = TEXT.index(words)
    more = {"speaker_kind": MentionKind.PERSON, "target_kind": MentionKind.PERSON, **more}
    return Statement(
        start,
        start + len(words),
        speaker,
        target,
        stance,
        0 if stance is N else 2,
        Voice.REPORTED,
        "said",
        **more,
    )


STATEMENTS = (
    said(1, "Ann Lee", "Bo Rye", P),
    said(2, "Ann Lee", "Bo Rye", C),
    said(3, "critics", "Bo Rye", C, speaker_kind=None, confidence=0.3),
)


def article(statements=STATEMENTS, text=TEXT):
    about = metadata("Harbour plan", "The Post", "2025-03-04")
    record = record_of(text, about, file="harbour.txt")
    return replace(record, analysis=Analysis((), statements)), source_of("/k/harbour.txt", about)


@pytest.fixture
def library(tmp_path):
    with ingest_library(tmp_path / "library") as opened:
        opened.store.put(*article())
        yield opened


def judgements(library, **asked):
    return [(one.speaker, one.target, one.statement.stance) for one in read(library, **asked)]


def at(library, line):
    words = TEXT.split("\n")[line]
    return next(one for one in read(library) if one.quote == words)


def test_a_correction_counts_at_once(library):
    entry = at(library, 2)
    correct(library, entry, replace(entry.statement, speaker="Cy Fox", stance=P))
    assert judgements(library) == [
        ("Ann Lee", "Bo Rye", P),
        ("Cy Fox", "Bo Rye", P),
        ("critics", "Bo Rye", C),
    ]
    assert judgements(library, speaker="Fox") == [("Cy Fox", "Bo Rye", P)]
    assert judgements(library, speaker="Lee") == [("Ann Lee", "Bo Rye", P)]
    assert judgements(library, target="Rye", stance=P) == [("Ann Lee", "Bo Rye", P), ("Cy Fox", "Bo Rye", P)]
    assert judgements(library, stance=C) == [("critics", "Bo Rye", C)]
    (fox,) = read(library, speaker="Fox")
    assert fox.corrected
    assert (fox.statement.confidence, fox.statement.strength, fox.statement.speaker_kind) == (1.0, 2, None)
    assert not at(library, 1).corrected
    assert judgements(library, filter=Filter(outlets=("The Herald",))) == []


def test_what_is_no_statement_is_gone(library):
    correct(library, at(library, 1), None)
    assert judgements(library) == [("Ann Lee", "Bo Rye", C), ("critics", "Bo Rye", C)]


def test_a_neutral_statement_has_no_strength_and_no_target_is_allowed(library):
    entry = at(library, 2)
    correct(library, entry, replace(entry.statement, stance=N, target=None))
    now = at(library, 2)
    assert (now.target, now.statement.stance, now.statement.strength) == (None, N, 0)


def test_confirming_an_unclear_statement_makes_it_count(library):
    entry = at(library, 3)
    assert (left_out([entry], "target").unnamed, tally([entry], "speaker")) == (1, [])
    correct(library, entry, replace(entry.statement, speaker="Di Roe"))
    now = at(library, 3)
    assert [(group.name, group.statements) for group in tally([now], "speaker")] == [("Di Roe", 1)]


def test_undo_and_correcting_again(library):
    entry = at(library, 2)
    first = correct(library, entry, replace(entry.statement, stance=P))
    now = at(library, 2)
    second = correct(library, now, replace(now.statement, speaker="Cy Fox"))
    assert (second.speaker, second.stance, second.new_stance) == ("Ann Lee", C, P)
    assert [one.number for one in library.store.corrections()] == [second.number]
    undo(library, second.number)
    assert at(library, 2).statement == STATEMENTS[1]
    with pytest.raises(InputError, match=f"no correction {first.number}"):
        undo(library, first.number)


def test_removing_the_article_keeps_the_correction_until_it_returns(library):
    entry = at(library, 2)
    correct(library, entry, replace(entry.statement, speaker="Cy Fox"))
    library.store.remove([entry.article.id])
    assert (read(library), len(library.store.corrections()), placed(library)) == ([], 1, {})
    library.store.put(*article())
    assert judgements(library, speaker="Fox") == [("Cy Fox", "Bo Rye", C)]
    assert library.store.verify() == []


def test_it_survives_another_version_of_the_article(library):
    entry = at(library, 2)
    correct(library, entry, replace(entry.statement, speaker="Cy Fox"))
    # The file now begins otherwise: another id, other offsets, one line read with what stands before it.
    head = "The council met in the old hall.\n"
    start = len(head) + TEXT.index("a friend of")
    end = len(head) + TEXT.index("Critics") - 1
    wider = replace(STATEMENTS[1], start=start, end=end)
    moved = tuple(
        replace(one, start=one.start + len(head), end=one.end + len(head))
        for one in (*STATEMENTS[:1], STATEMENTS[2])
    )
    record, source = article((moved[0], wider, moved[1]), head + TEXT)
    library.store.put(record, source)
    assert [one.article.id for one in read(library)] == [record.article.id] * 3 != [entry.article.id] * 3
    assert ("Cy Fox", "Bo Rye", C) in judgements(library)
    assert ("Ann Lee", "Bo Rye", P) in judgements(library)


def test_it_survives_reading_again(library):
    entry = at(library, 2)
    correct(library, entry, replace(entry.statement, stance=P))
    library._analyse = lambda _text, _sentences: Analysis(
        (), (said(2, "Lee", "Bo Rye", C), said(1, "Cy", "Bo Rye", N))
    )
    report = reread(library, everything=True)
    assert (report.articles, report.statements_before, report.statements, report.left) == (1, 3, 2, 0)
    assert [(one.speaker, one.statement.stance, one.corrected) for one in read(library)] == [
        ("Cy", N, False),
        ("Ann Lee", P, True),
    ]


def test_reading_again_stops_and_goes_on(library):
    for number in range(3):
        text = f"One line of {number}."
        record = record_of(text)
        library.store.put(
            replace(record, analysis=Analysis((), (), version=1)), source_of(f"/k/more{number}")
        )
    seen = []
    library._analyse = lambda text, _sentences: seen.append(text) or Analysis()
    steps = []
    report = reread(library, progress=lambda *step: steps.append(step), stop=lambda: len(seen) == 2)
    assert (report.articles, report.left, steps) == (2, 1, [(1, 3), (2, 3)])
    assert len(library.store.outdated()) == 1
    assert (reread(library).articles, len(seen), len(set(seen))) == (1, 3, 3)
    assert reread(library).articles == 0
    assert library.store.verify() == []


@pytest.mark.usefixtures("library")
def test_reading_again_needs_the_right_to_write(tmp_path):
    with Library.open(tmp_path / "library") as reader, pytest.raises(InputError, match="reading only"):
        reread(reader)


CORRECTION = Correction("x", "/k", "one two three four", "Ann Lee", "Bo Rye", C, True, "Cy", "Bo Rye", C)


@pytest.mark.parametrize(
    ("quote", "statement", "rejected", "meant"),
    [
        ("one two three four", said(1, "Ann Lee", "Bo Rye", C), False, True),
        ("zero one two three four five", said(1, "Ann Lee", "Bo Rye", C), False, True),
        ("two three", said(1, "Mrs. Lee", "Rye", C), False, True),
        ("four three two one", said(1, "Ann Lee", "Bo Rye", C), False, False),
        ("quite other words here", said(1, "Ann Lee", "Bo Rye", C), False, False),
        ("one two three four", said(1, "Ann Lee", "Bo Rye", P), False, True),
        ("one two three four", said(1, "Di Roe", "Bo Rye", P), False, False),
        ("one two three four", said(1, "Ann Lee", "Bo Rye", P), True, False),
        ("one two three four", said(1, "Ann Lee", "Bo Rye", C), True, True),
    ],
)
def test_which_statement_a_correction_speaks_of(library, quote, statement, rejected, meant):
    entry = replace(at(library, 1), quote=quote, statement=statement)
    correction = replace(CORRECTION, is_statement=not rejected)
    assert (statement_meant(correction, [entry]) is entry) is meant


def test_the_best_fitting_statement_is_taken(library):
    entry = at(library, 1)
    words = CORRECTION.quote
    other = replace(entry, quote=words, statement=said(1, "Ann Lee", "Cy Fox", C), ordinal=0)
    same = replace(entry, quote=words, statement=said(1, "Ann Lee", "Bo Rye", C), ordinal=1)
    assert statement_meant(CORRECTION, [other, same]) is same
    assert statement_meant(CORRECTION, [same, other]) is same
    assert statement_meant(CORRECTION, []) is None


def test_what_cannot_be_corrected_is_refused(library, tmp_path):
    entry = at(library, 1)
    with pytest.raises(InputError, match="needs a speaker"):
        correct(library, entry, replace(entry.statement, speaker="  "))
    with pytest.raises(InputError, match="read anew"):
        correct(library, replace(entry, ordinal=7), None)
    with pytest.raises(InputError, match="read anew"):
        correct(library, replace(entry, quote="other words"), None)
    with Library.open(tmp_path / "library") as reader, pytest.raises(InputError, match="reading only"):
        correct(reader, entry, None)
    assert library.store.corrections() == []


def test_the_alias_file_knows_corrected_names(library):
    entry = at(library, 2)
    correct(library, entry, replace(entry.statement, speaker="the mayor"))
    (library.path / ALIAS_FILE).write_text('[[person]]\nname = "Ida Voss"\nalso = ["the mayor"]')
    assert judgements(library, speaker="Ida Voss") == [("Ida Voss", "Bo Rye", C)]


def test_another_process_sees_the_correction(library, tmp_path):
    with Library.open(tmp_path / "library") as reader:
        assert judgements(reader, speaker="Ann Lee", stance=C) == [("Ann Lee", "Bo Rye", C)]
        correct(library, at(library, 2), None)
        assert judgements(reader, speaker="Ann Lee", stance=C) == []


def test_gold_questions(library):
    entry = at(library, 2)
    correct(library, entry, replace(entry.statement, speaker="Cy Fox"), note="he was quoted")
    correct(library, at(library, 3), None)
    words = TEXT.split("\n")[2]
    evidence = [{"article": "harbour.txt", "quote": words}]
    rows = {row["question"]: row for row in gold_rows(library)}
    assert set(rows) == {"Did Cy Fox criticise Bo Rye?", "Did Ann Lee criticise Bo Rye?"}
    yes = rows["Did Cy Fox criticise Bo Rye?"]
    assert (yes["answers"], yes["type"], yes["answerable"], yes["note"]) == (
        ["yes"],
        "yes_no",
        True,
        "he was quoted",
    )
    assert yes["evidence"] == evidence
    no = rows["Did Ann Lee criticise Bo Rye?"]
    assert (no["answers"], no["evidence"]) == (["no"], evidence)
    assert len({row["id"] for row in rows.values()}) == len(rows)


def test_a_question_with_another_statement_behind_it_is_not_answered_no(library):
    store = library.store
    again = replace(said(0, "Ann Lee", "Bo Rye", C))
    record, source = article((*STATEMENTS, again))
    store.put(record, source)
    correct(library, at(library, 2), None)
    assert gold_rows(library) == []
