"""The journal of deleted chunks: with it alone, a cache of any generation becomes the library of today."""

import random
import sqlite3

import pytest
from format_2 import make_format_2
from hypothesis import given, settings
from hypothesis import strategies as st
from store_samples import ARTICLES, chunks_of, metadata, new_store, record_of, source_of

from index.library import Library
from index.stores.journal import gone_after, trim


def all_chunks(store):
    """What each chunk number says: its vector and its words. A number must say the same for ever."""
    rows = store.database.rows(
        "SELECT chunks.id, vector, title, body FROM chunks JOIN chunk_words ON chunk_words.id = chunks.id"
    )
    return {row[0]: row[1:] for row in rows}


def caught_up(store, generation, cache):
    """The cache as a reader brings it up to date."""
    gone = gone_after(store.database, generation)
    assert gone is not None
    top = max(cache, default=0)
    added = {number: said for number, said in all_chunks(store).items() if number > top}
    return {number: said for number, said in cache.items() if number not in set(gone.tolist())} | added


TEXTS = [f"Line one of {number}.\nLine two of {number}." for number in range(6)]
TITLES = [metadata(title, "The Post") for title in (None, "First title", "Second title")]
steps = st.lists(
    st.tuples(
        st.sampled_from(["put", "attach", "detach", "remove", "forget", "replace"]),
        st.integers(0, len(TEXTS) - 1),
        st.integers(0, 2),
    ),
    max_size=14,
)


def take(store, step):
    """Do one thing to the library; what cannot be done is left."""
    verb, number, variant = step
    record = record_of(TEXTS[number], TITLES[variant])
    source = source_of(f"/{'abc'[variant]}/{number}.txt", TITLES[variant])
    if verb == "put":
        store.put(record, source)
    elif verb == "attach" and store.has(record.article.id):
        store.attach(record.article, source)
    elif verb == "detach":
        store.detach([source.key])
    elif verb == "remove":
        store.remove([record.article.id])
    elif verb == "forget":
        store.forget_files([source.path])
    elif verb == "replace" and store.has(record.article.id):
        store.replace(record.article.id, record_of(TEXTS[number] + f"\nAnd {variant}.", TITLES[variant]))


@given(steps=steps, since=st.integers(0, 14))
@settings(max_examples=30, deadline=None)
def test_a_cache_of_any_generation_catches_up(tmp_path_factory, steps, since):
    store = new_store(tmp_path_factory.mktemp("journal"))
    cache, generation, seen = {}, 0, {}
    for place, step in enumerate(steps):
        if place == since:
            cache, generation = all_chunks(store), store.database.generation()
        take(store, step)
        for number, said in all_chunks(store).items():
            assert seen.setdefault(number, said) == said, "a number came to mean another chunk"
    assert caught_up(store, generation, cache) == all_chunks(store)
    assert store.verify() == []
    store.close()


def test_a_new_title_renumbers_the_chunks_and_keeps_their_vectors(tmp_path):
    store = new_store(tmp_path)
    record = record_of(TEXTS[0], TITLES[1])
    store.put(record, source_of("/b", TITLES[1]))
    before = chunks_of(store, record.article.id)
    store.attach(record.article, source_of("/a", TITLES[2]))
    after = chunks_of(store, record.article.id)
    assert [(chunk.ordinal, chunk.start, chunk.end) for chunk in before] == [
        (chunk.ordinal, chunk.start, chunk.end) for chunk in after
    ]
    assert not {chunk.chunk for chunk in before} & {chunk.chunk for chunk in after}
    assert [hit.ordinal for hit in store.search_vectors(record.vectors[1], 1)] == [1]
    assert {hit.chunk for hit in store.search_words("second", 9)} == {chunk.chunk for chunk in after}
    assert store.search_words("first", 9) == []
    store.close()


def test_trimming_forgets_what_every_cache_knows(tmp_path):
    store = new_store(tmp_path)
    for record, source in ARTICLES[:4]:
        store.put(record, source)
    with store.database.transaction() as connection:
        trim(connection)
    assert gone_after(store.database, 0).tolist() == [], "without a cache nothing is known to be known"
    store.remove([ARTICLES[0][0].article.id])
    middle = store.database.generation()
    store.remove([ARTICLES[1][0].article.id])
    gone = gone_after(store.database, middle)
    assert len(gone_after(store.database, 0)) > len(gone) > 0
    with store.database.transaction() as connection:
        connection.executemany(
            "INSERT OR REPLACE INTO settings VALUES (?, ?)",
            [("vectors_generation", str(middle)), ("words_generation", str(middle + 1))],
        )
        trim(connection)
    assert gone_after(store.database, middle - 1) is None
    assert gone_after(store.database, middle).tolist() == gone.tolist()
    assert store.database.value("SELECT count(*) FROM gone") == len(gone)
    store.close()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("INSERT INTO gone SELECT 1, min(id) FROM chunks", "is said to be gone and is there"),
        ("INSERT INTO gone VALUES (99, 1)", "went outside the generations"),
        ("UPDATE settings SET value = '99' WHERE name = 'gone_since'", "begins after generation 99"),
        ("DELETE FROM settings WHERE name = 'gone_since'", "begins after generation None"),
        ("UPDATE sqlite_sequence SET seq = 3 WHERE name = 'chunks'", "above 3, the last one given out"),
    ],
)
def test_verify_finds_a_journal_that_is_wrong(tmp_path, statement, said):
    store = new_store(tmp_path)
    for record, source in ARTICLES[:4]:
        store.put(record, source)
    store.remove([ARTICLES[0][0].article.id])
    assert store.verify() == []
    store.close()
    with sqlite3.connect(tmp_path / "library.sqlite") as connection:
        connection.execute(statement)
    with Library.open(tmp_path) as library:
        (problem,) = library.store.verify()
    assert said in problem


def test_format_2_is_upgraded_with_an_empty_journal(tmp_path):
    store = new_store(tmp_path / "present")
    chance = random.Random(1)
    for record, source in ARTICLES[:8]:
        store.put(record, source)
    store.remove([record.article.id for record, _ in chance.sample(ARTICLES[:8], 3)])
    make_format_2(tmp_path / "present", tmp_path / "old")
    with Library.open(tmp_path / "old", write=True) as library:
        assert library.store.verify() == []
        assert library.store.digest() == store.digest()
        generation = library.store.generation()
        assert library.store.database.setting("gone_since") == str(generation)
        assert gone_after(library.store.database, generation).tolist() == []
        assert gone_after(library.store.database, generation - 1) is None
    store.close()
