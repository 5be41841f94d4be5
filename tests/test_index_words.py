"""Search by words against SQLite's own BM25, and the file of words through every change and every damage."""

import random
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file
from store_samples import holding, metadata, new_store, record_of, source_of

from index.errors import LibraryDamagedError
from index.stores import postings, words_file
from index.stores.disk import file_digest
from index.stores.local import LocalStore
from index.stores.protocol import WordStatistics
from index.stores.words import query_words
from index.stores.words_cache import SEARCHES, WRITE_AFTER

SMAPS = Path("/proc/self/smaps")

COMMON = "the minister said vote praised praising tariff market harbour senate".split()
RARE = "Erdoğan U.S. C5+1 1,242 İzmir naïve co-op don't Straße 北京 zorba tango".split()
QUERIES = st.lists(st.sampled_from([*COMMON, *RARE, "absent"]), min_size=1, max_size=7).map(" ".join)


def words_of(chance, most):
    """Words of which some stand in most chunks, some in few, several times or once."""
    return " ".join(
        chance.choice(RARE) if chance.random() < 0.15 else chance.choice(COMMON[: chance.randrange(1, 11)])
        for _ in range(chance.randrange(1, most))
    )


def made(number, most=30):
    chance = random.Random(number)
    title = chance.choice([None, words_of(chance, 6)])
    text = "\n".join(words_of(chance, most) for _ in range(3)) + f" n{number}"
    return record_of(text, metadata(title)), source_of(f"/in/{number:04}.txt", metadata(title))


def fill(store, numbers):
    for number in numbers:
        store.put(*made(number))


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    found = new_store(tmp_path_factory.mktemp("words"))
    fill(found, range(120))
    found.words.cache.save()
    yield found
    found.close()


def by_sqlite(store, query):
    """BM25 of every chunk that holds a word of the query, from FTS5 itself."""
    quoted = [word.replace('"', '""') for word in query_words(query)]
    expression = " OR ".join(f'"{word}"' for word in quoted)
    return dict(
        store.database.rows("SELECT rowid, -bm25(words) FROM words WHERE words MATCH ?", (expression,))
    )


def assert_as_sqlite(store, query, k):
    expected = by_sqlite(store, query)
    found = store.search_words(query, k)
    best = sorted(expected.values(), reverse=True)[:k]
    assert [hit.score for hit in found] == pytest.approx(best, rel=1e-8)
    for hit in found:
        assert hit.score == pytest.approx(expected[hit.chunk], rel=1e-8)


@given(query=QUERIES, k=st.integers(1, 400))
@settings(max_examples=150, deadline=None)
def test_scores_are_those_of_sqlite(store, query, k):
    assert_as_sqlite(store, query, k)


@given(
    query=QUERIES, k=st.integers(1, 30), few=st.sampled_from([0, 3, 40]), promising=st.sampled_from([0.4, 9])
)
@settings(max_examples=150, deadline=None)
def test_leaving_chunks_out_of_the_race_changes_nothing(store, query, k, few, promising):
    """A small FEW makes the race begin at once, as it does in libraries of a hundred thousand chunks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postings, "FEW", few)
        patch.setattr(postings, "PROMISING", promising)
        assert_as_sqlite(store, query, k)


@given(query=QUERIES, k=st.integers(1, 50))
@settings(max_examples=60, deadline=None)
def test_the_statistics_of_two_libraries_add_up_to_those_of_one(halves, store, query, k):
    parts = [half.word_statistics(query) for half in halves]
    whole = WordStatistics(
        sum(part.rows for part in parts),
        sum(part.tokens for part in parts),
        tuple(map(sum, zip(*(part.holding for part in parts), strict=True))),
    )
    assert whole == store.word_statistics(query)
    found = [hit for half in halves for hit in half.search_words(query, k, statistics=whole)]
    found.sort(key=lambda hit: (-hit.score, hit.article, hit.ordinal))
    alone = store.search_words(query, k)
    assert [(hit.article, hit.ordinal, hit.score) for hit in found[:k]] == [
        (hit.article, hit.ordinal, hit.score) for hit in alone
    ]


@pytest.fixture(scope="module")
def halves(tmp_path_factory):
    found = [new_store(tmp_path_factory.mktemp("half")) for _ in range(2)]
    for number in range(120):
        found[number % 2].put(*made(number))
    yield found
    for half in found:
        half.close()


@given(phrase=st.lists(st.sampled_from([*COMMON[:4], "U.S.", "C5+1"]), min_size=1, max_size=3).map(" ".join))
@settings(max_examples=60, deadline=None)
def test_chunks_that_hold_a_phrase_are_those_of_sqlite(store, phrase):
    everything = [row[0] for row in store.database.rows("SELECT id FROM chunks")]
    quoted = f'body : "{phrase}"'
    expected = {
        row[0] for row in store.database.rows("SELECT rowid FROM words WHERE words MATCH ?", (quoted,))
    }
    assert holding(store, phrase, everything) == expected
    assert holding(store, phrase, everything[::3]) == expected & set(everything[::3])


# ---- changes


@pytest.mark.parametrize("saved", [True, False])
def test_what_comes_and_goes_is_seen_without_writing_the_file_again(tmp_path, saved):
    chance = random.Random(4)
    store = new_store(tmp_path)
    fill(store, range(40))
    if saved:
        store.words.cache.save()
    reader = LocalStore.open(tmp_path)
    reader.search_words("vote", 3)
    there = list(range(40))
    for step in range(30):
        if step % 3:
            there.append(100 + step)
            fill(store, [100 + step])
        else:
            gone = there.pop(chance.randrange(len(there)))
            assert store.remove([made(gone)[0].article.id]) == 1
        for look in (store, reader):
            for query in ("minister U.S. tango", "the vote C5+1 praised", "absent"):
                assert_as_sqlite(look, query, 17)
    assert len(reader.words.cache.table().segments) < 8
    assert len(list(tmp_path.glob("words.*"))) == saved
    fresh = LocalStore.open(tmp_path)
    assert_as_sqlite(fresh, "minister U.S. tango", 17)
    for look in (store, reader, fresh):
        look.close()


def test_a_reader_takes_a_new_file_into_use(tmp_path):
    store = new_store(tmp_path)
    fill(store, range(20))
    store.words.cache.save()
    reader = LocalStore.open(tmp_path)
    reader.search_words("vote", 3)
    fill(store, range(20, 30))
    store.words.cache.save()
    fill(store, [31])
    assert_as_sqlite(reader, "vote tango", 9)
    assert f"words.{reader.words.cache.table().base}.safetensors" == store.words.cache.path().name
    assert store.verify() == []


def test_a_thread_that_lags_behind_sees_the_words_of_its_own_snapshot(tmp_path):
    store = new_store(tmp_path)
    fill(store, range(12))
    store.words.cache.save()
    reader = LocalStore.open(tmp_path)
    with reader.database.snapshot():
        before = reader.search_words("minister tango U.S.", 30)
        store.remove([made(3)[0].article.id])
        fill(store, range(20, 24))
        ahead = threading.Thread(target=reader.search_words, args=("vote", 3))
        ahead.start()
        ahead.join()
        assert reader.words.cache.table().generation < store.database.generation()
        assert reader.search_words("minister tango U.S.", 30) == before
    assert_as_sqlite(reader, "minister tango U.S.", 30)


def test_an_unusable_file_is_read_around_once_not_at_each_change(tmp_path, monkeypatch):
    store = new_store(tmp_path)
    fill(store, range(12))
    store.words.cache.save()
    reader = LocalStore.open(tmp_path)
    store.words.cache.path().write_bytes(b"broken")
    reader.search_words("vote", 3)
    monkeypatch.setattr("index.stores.words_cache.indexed_terms", None)
    for number in range(20, 23):
        fill(store, [number])
        assert_as_sqlite(reader, "vote tango", 9)


def test_the_file_is_written_when_much_has_changed(tmp_path):
    store = new_store(tmp_path)
    fill(store, range(60))
    store.save()
    assert store.words.cache.path() is None  # 180 chunks are read as fast from the word index
    fill(store, range(60, WRITE_AFTER))
    store.save()
    first = store.words.cache.path()
    assert first is not None
    fill(store, range(WRITE_AFTER, WRITE_AFTER + 50))
    store.save()
    assert store.words.cache.path() == first
    assert store.words.cache.outdated(forgetting=True) is False
    secret = record_of("the zyzzyva plan")
    store.put(secret, source_of("/in/secret.txt"))
    store.words.cache.save()
    second = store.words.cache.path()
    assert second != first
    assert not first.exists()
    assert b"zyzzyva" in second.read_bytes()
    store.remove([secret.article.id])
    store.save(shrink=True)
    assert b"zyzzyva" not in store.words.cache.path().read_bytes()
    assert not second.exists()


def test_chunks_too_long_for_two_bytes_are_found(tmp_path):
    store = new_store(tmp_path)
    store.put(record_of("long " * 40_000 + "tango zorba"), source_of("/in/long.txt"))
    fill(store, range(3))
    store.words.cache.save()
    assert_as_sqlite(store, "long tango", 5)
    long = store.search_words("zorba tango long", 1)[0].chunk
    assert holding(store, "tango zorba", [long]) == {long}
    assert holding(store, "zorba tango", [long]) == set()
    assert store.verify() == []


def test_the_end_of_a_title_and_the_beginning_of_the_text_make_no_phrase(store, tmp_path):
    store = new_store(tmp_path)
    store.put(
        record_of("vote counted", metadata("the tariff")), source_of("/in/a.txt", metadata("the tariff"))
    )
    for _ in range(2):
        assert holding(store, "tariff vote", [1]) == holding(store, "the tariff", [1]) == set()
        assert holding(store, "vote counted", [1]) == {1}
        assert store.search_words("tariff-vote", 1) == []
        assert store.search_words("the-tariff", 1)
        store.words.cache.save()


# ---- damage


def spoiled(content, turn, chance):
    changed = bytearray(content)
    if turn % 4 == 0:
        return bytes(changed[: chance.randrange(len(changed))])
    if turn % 4 == 1:
        start = chance.randrange(len(changed) // 512) * 512
        changed[start : start + 512] = bytes(512)
    elif turn % 4 == 2:
        changed[chance.randrange(0, 900)] ^= 1 << chance.randrange(8)
    else:
        for _ in range(6):
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def test_no_damaged_file_of_words_answers_wrongly(tmp_path):
    store = new_store(tmp_path)
    fill(store, range(40))
    store.words.cache.save()
    path = store.words.cache.path()
    sound, expected = path.read_bytes(), store.search_words("minister U.S. tango", 30)
    store.close()
    chance = random.Random(5)
    for turn in range(120):
        path.write_bytes(broken := spoiled(sound, turn, chance))
        reader = LocalStore.open(tmp_path)
        assert reader.search_words("minister U.S. tango", 30) == expected, turn
        if broken != sound:
            assert "SHA-256" in reader.words.cache.problem()
        reader.close()


def test_a_missing_file_is_read_from_the_library_and_repaired(tmp_path):
    store = new_store(tmp_path)
    fill(store, range(30))
    store.words.cache.save()
    expected = store.search_words("minister U.S. tango", 30)
    store.words.cache.path().unlink()
    store.words.cache.forget()
    assert store.search_words("minister U.S. tango", 30) == expected
    assert any("words." in line for line in store.verify())
    assert any("words." in line and "missing" in line for line in store.repair())
    assert store.verify() == []
    assert store.words.cache.path().is_file()


def test_a_forged_checksum_of_words_is_found_by_verify(tmp_path):
    store = new_store(tmp_path)
    fill(store, range(10))
    store.words.cache.save()
    path = store.words.cache.path()
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content)
    with store.database.transaction() as connection:
        connection.execute("UPDATE settings SET value = ? WHERE name = 'words_sha256'", (file_digest(path),))
    assert any(path.name in line and "words are not those" in line for line in store.verify())


@pytest.mark.parametrize(
    "content",
    [b"", b"12345678", b"\x02\0\0\0\0\0\0\0{}", b"\xff" * 64, b"\x04\0\0\0\0\0\0\0null" + b"\0" * 64],
)
def test_what_is_no_file_of_words_says_so(tmp_path, content):
    path = tmp_path / "words.1.safetensors"
    path.write_bytes(content)
    with pytest.raises(LibraryDamagedError):
        words_file.map_postings(path)


def test_the_file_is_an_ordinary_safetensors_file(store):
    arrays = load_file(store.words.cache.path())
    table = store.words.cache.table()
    assert arrays["numbers"].tolist() == table.segments[0].postings.numbers.tolist()
    assert arrays["lengths"].sum() == table.statistics([]).tokens


@pytest.mark.skipif(not SMAPS.exists(), reason="only Linux tells which pages a process holds")
def test_pages_of_the_file_that_were_read_are_given_back_and_come_again(store, tmp_path):
    path = tmp_path / "words.1.safetensors"
    path.write_bytes(store.words.cache.path().read_bytes())
    found = words_file.map_postings(path)
    positions = found.positions.tolist()
    assert held_of(path) > 0
    found.let_go()
    assert held_of(path) == 0
    assert found.positions.tolist() == positions


def held_of(path):
    """Kilobytes of a mapped file in this process's memory."""
    return int(SMAPS.read_text().split(str(path))[1].split("Rss:")[1].split()[0])


def test_searching_gives_pages_back_now_and_then(store, monkeypatch):
    given_back = []
    monkeypatch.setattr(postings.Postings, "let_go", lambda own: given_back.append(own))
    store.words.cache.forget()
    for _ in range(2 * SEARCHES):
        store.search_words("minister U.S. tango", 20)
    assert len(given_back) == 2
    assert all(one.file is not None for one in given_back)
