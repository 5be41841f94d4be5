"""What a store promises of statements: looked up by name and stance like a plain Python search would."""

import random
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_samples import chunks_of, metadata, new_store, record_of, source_of

from index.schema import Analysis, Correction, Filter, MentionKind, Span, Stance, Statement, Voice
from index.stores.protocol import StatementName

NAMES = ("Ann Lee", "Bo Rye", "The Post", 'it\'s a "name"', "Müller", "critics")
KINDS = (MentionKind.PERSON, MentionKind.ORGANISATION, None)


def make(count=40, seed=4):
    chance = random.Random(seed)
    made = []
    for number in range(count):
        text = "\n".join(f"Line {line} of article {number} about things." for line in range(4))
        about = metadata(
            f"T{number}", chance.choice(["The Post", "The Herald"]), f"2025-0{number % 9 + 1}-02"
        )
        record = record_of(text, about, file=f"{number}.txt")
        statements = tuple(
            Statement(
                one.start,
                one.end,
                chance.choice(NAMES),
                chance.choice((None, *NAMES)),
                chance.choice(list(Stance)),
                chance.randrange(4),
                chance.choice(list(Voice)),
                "said",
                speaker_span=chance.choice([None, Span(one.start, one.start + 3)]),
                reported_by=chance.choice([None, "Bo Rye"]),
                speaker_kind=chance.choice(KINDS),
                target_kind=chance.choice(KINDS),
                confidence=chance.choice([0.0, 0.1, 1 / 3, 0.5, 1.0]),
            )
            for one in record.sentences
        )
        record = replace(record, analysis=replace(record.analysis, statements=statements))
        made.append((record, source_of(f"/n/{number}.txt", about)))
    return made


@pytest.fixture(scope="module")
def articles():
    return make()


@pytest.fixture(scope="module")
def store(stores, tmp_path_factory, articles):
    made = stores.new(tmp_path_factory.mktemp("statements"))
    for record, source in articles:
        made.put(record, source)
    yield made
    made.close()


names = st.none() | st.lists(st.sampled_from((*NAMES, "Nobody", "ann lee")), max_size=3)


@given(
    stance=st.none() | st.sampled_from(list(Stance)),
    outlets=st.sampled_from([(), ("The Post",)]),
    speakers=names,
    targets=names,
)
@settings(max_examples=80, deadline=None)
def test_ledger_gives_exactly_what_fits_in_its_order(store, articles, stance, outlets, speakers, targets):
    expected = [
        (record.article.id, ordinal, one)
        for record, _ in articles
        for ordinal, one in enumerate(record.analysis.statements)
        if (stance is None or one.stance is stance)
        and (not outlets or record.article.metadata.outlet.value in outlets)
        and (speakers is None or one.speaker in speakers)
        and (targets is None or one.target in targets)
    ]
    found = store.ledger(stance, Filter(outlets=outlets), speakers=speakers, targets=targets)
    assert [(one.article.id, one.ordinal, one.statement) for one in found] == sorted(
        expected, key=lambda row: (row[0], row[2].start, row[1])
    )
    for one in found:
        assert (one.speaker, one.target, one.corrected) == (
            one.statement.speaker,
            one.statement.target,
            False,
        )
        assert one.quote == store.article(one.article.id).text[one.statement.start : one.statement.end]


@pytest.mark.parametrize("side", ["speaker", "target"])
@pytest.mark.parametrize("limits", [Filter(), Filter(published_from="2025-02-01", outlets=("The Post",))])
def test_names_are_looked_up_through_an_index(tmp_path, articles, side, limits, monkeypatch):
    store = new_store(tmp_path)
    for record, source in articles:
        store.put(record, source)
    plans = []
    rows = store.database.rows

    def explained(query, parameters=()):
        if "FROM statements" in query:
            plans.append([row[3] for row in rows(f"EXPLAIN QUERY PLAN {query}", parameters)])
        return rows(query, parameters)

    monkeypatch.setattr(store.database, "rows", explained)
    assert store.ledger(Stance.PRAISE, limits, **{f"{side}s": ["Ann Lee"]})
    (plan,) = plans
    assert f"statements_by_{side}" in plan[0]
    assert not any(step.startswith(("SCAN articles", "SCAN texts", "SCAN statements")) for step in plan)


def test_statement_names_count_every_side_and_kind(store, articles):
    spoken, meant = Counter(), Counter()
    for record, _ in articles:
        for one in record.analysis.statements:
            spoken[one.speaker, one.speaker_kind] += 1
            if one.target is not None:
                meant[one.target, one.target_kind] += 1
    keys = sorted(spoken | meant, key=lambda key: (key[0], key[1] or ""))
    assert store.statement_names() == [StatementName(*key, spoken[key], meant[key]) for key in keys]


def test_analysis_is_read_and_put_anew_alone(stores, tmp_path):
    store = stores.new(tmp_path)
    (first, source), (second, other) = make(2)
    store.put(replace(first, analysis=replace(first.analysis, version=1)), source)
    store.put(second, other)
    identity = first.article.id
    assert store.analysis(identity) == replace(first.analysis, version=1)
    assert store.outdated() == (identity,)
    assert store.analysis("nothing") == Analysis()
    chunks, generation = chunks_of(store, identity), store.generation()
    store.reanalyse(identity, second.analysis)
    assert store.analysis(identity) == second.analysis
    assert (store.outdated(), chunks_of(store, identity)) == ((), chunks)
    assert store.generation() == generation + 1
    assert store.verify() == []
    with pytest.raises(LookupError):
        store.reanalyse("feedfacefeedface", second.analysis)
    store.close()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE statements SET confidence = 0.9 WHERE ordinal = 0",
        "UPDATE statements SET speaker_kind = 'place' WHERE ordinal = 0",
        "UPDATE statements SET target_kind = 'place' WHERE ordinal = 0",
        "UPDATE articles SET analysis_version = 7",
        "UPDATE corrections SET new_speaker = 'Eve'",
    ],
)
def test_verify_sees_every_new_column(stores, tmp_path, damage):
    store = stores.new(tmp_path)
    (record, source), *_ = make(1)
    store.put(record, source)
    store.add_correction(replace(CORRECTION, article=record.article.id))
    stores.publish(store)
    assert store.verify() == []
    store.close()
    for path in stores.databases(tmp_path):
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(damage)
    store = stores.open(tmp_path)
    (problem,) = [problem for problem in store.verify() if "SHA-256" not in problem]
    assert "checksum" in problem
    store.close()


CORRECTION = Correction(
    "a" * 16,
    "/a",
    "Words.",
    "Ann",
    None,
    Stance.NEUTRAL,
    True,
    "Bo",
    "Cy",
    Stance.PRAISE,
    "note",
    "2025-01-02",
)


def test_corrections_are_kept_in_order_and_repair_leaves_them(stores, tmp_path):
    store = stores.new(tmp_path)
    other = replace(CORRECTION, is_statement=False, new_target=None)
    numbers = [store.add_correction(one) for one in (CORRECTION, other)]
    assert store.corrections() == [
        replace(one, number=number) for one, number in zip((CORRECTION, other), numbers, strict=True)
    ]
    store.repair()
    assert len(store.corrections()) == 2
    digest = store.digest()
    assert store.remove_correction(numbers[0])
    assert not store.remove_correction(numbers[0])
    assert [one.number for one in store.corrections()] == numbers[1:]
    assert store.digest() != digest
    store.close()
