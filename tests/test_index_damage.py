"""A damaged library is noticed, never served, and repaired without losing what is sound."""

import random

import pytest
from store_samples import ARTICLES, LibraryForTest, new_store

from index.errors import LibraryDamagedError, LibraryFormatError
from index.stores.disk import digest
from index.stores.local import LocalStore

# ---- damaged vector files


def spoil(content, kind, chance):
    """Return the content changed in one way that disks and copies do it."""
    changed = bytearray(content)
    if kind == "truncate":
        return bytes(changed[: chance.randrange(len(changed))])
    if kind == "append":
        return bytes(changed) + chance.randbytes(chance.randrange(1, 200))
    if kind == "zero page":
        start = chance.randrange(max(1, len(changed) // 512)) * 512
        changed[start : start + 512] = bytes(len(changed[start : start + 512]))
    elif kind == "header":
        place = chance.randrange(0, 96)
        changed[place : place + 8] = chance.randbytes(8)
    else:
        for _ in range(chance.randrange(1, 9)):
            place = chance.randrange(len(changed))
            changed[place] ^= 1 << chance.randrange(8)
    return bytes(changed)


@pytest.mark.slow
def test_no_damaged_vector_file_answers_wrongly(tmp_path):
    store = new_store(tmp_path)
    for record, source in ARTICLES:
        store.put(record, source)
    store.save()
    path = store.vectors.path()
    queries = [record.vectors[0] for record, _ in ARTICLES[:3]]
    expected = [store.search_vectors(query, 10) for query in queries]
    store.close()
    sound = path.read_bytes()
    chance = random.Random(5)
    kinds = ("truncate", "flip bits", "zero page", "header", "append")
    for turn in range(500):
        path.write_bytes(broken := spoil(sound, kinds[turn % 5], chance))
        reader = LocalStore.open(tmp_path)
        assert [reader.search_vectors(query, 10) for query in queries] == expected, (
            f"{kinds[turn % 5]} {turn}"
        )
        if broken != sound and turn % 25 < 5:
            assert any("SHA-256" in problem for problem in reader.verify()), kinds[turn % 5]
        reader.close()


def test_a_forged_checksum_is_found_by_verify(tmp_path):
    """Even a file that matches its recorded checksum must hold what SQLite holds."""
    store = new_store(tmp_path)
    for record, source in ARTICLES[:5]:
        store.put(record, source)
    store.save()
    path = store.vectors.path()
    forged = bytearray(path.read_bytes())
    forged[300] ^= 64
    path.write_bytes(forged)
    with store.database.transaction() as connection:
        connection.execute(
            "UPDATE settings SET value = ? WHERE name = 'vectors_sha256'", (digest(bytes(forged)),)
        )
    assert any(path.name in problem for problem in store.verify())
    store.repair()
    assert store.verify() == []
    store.close()


def test_repair_sets_a_broken_file_aside_and_rebuilds_it(tmp_path):
    store = new_store(tmp_path)
    for record, source in ARTICLES[:9]:
        store.put(record, source)
    store.save()
    path = store.vectors.path()
    path.write_bytes(b"not an index")
    done = store.repair()
    aside = list(tmp_path.glob("*.corrupt-*"))
    assert [file.read_bytes() for file in aside] == [b"not an index"]
    assert any(aside[0].name in line for line in done)
    assert store.verify() == []
    store.close()


def test_a_writer_sets_a_broken_file_aside_by_itself(tmp_path, caplog):
    with_file = new_store(tmp_path)
    for record, source in ARTICLES[:9]:
        with_file.put(record, source)
    with_file.save()
    path = with_file.vectors.path()
    with_file.close()
    path.write_bytes(b"not an index")
    with LibraryForTest(tmp_path) as store:
        assert len(store.search_vectors(ARTICLES[0][0].vectors[0], 5)) == 5
        store.put(*ARTICLES[9])
        store.save()
        assert store.verify() == []
    assert len(list(tmp_path.glob("*.corrupt-*"))) == 1
    assert path.name in caplog.text


def test_a_missing_vector_file_is_made_again(tmp_path):
    store = new_store(tmp_path)
    for record, source in ARTICLES[:9]:
        store.put(record, source)
    store.save()
    store.vectors.path().unlink()
    assert any("cannot be read" in problem for problem in store.verify())
    store.save()
    assert store.vectors.path().is_file()
    assert store.verify() == []
    store.close()


# ---- verify


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE texts SET text = text || ' and more' WHERE article = 1", "its text has been changed"),
        ("UPDATE chunks SET end = 100000 WHERE id = 2", "outside its text"),
        ("UPDATE sentences SET start = end WHERE article = 1 AND ordinal = 0", "outside its text"),
        ("UPDATE chunks SET vector = zeroblob(64) WHERE id = 2", "its vector has length 0.0000"),
        ("UPDATE chunks SET vector = zeroblob(60) WHERE id = 2", "60 bytes, not 64"),
        ("DELETE FROM chunks WHERE id = 2", "numbered up to"),
        ("DELETE FROM sources WHERE article = 1", "has no source"),
        ("DELETE FROM sketches WHERE article = 1", "sketches"),
        ("UPDATE articles SET group_id = 'ffff' WHERE number = 1", "group"),
        ("DELETE FROM texts WHERE article = 1", "its text is missing"),
        ("UPDATE texts SET raw = 'x' WHERE article = 1", "checksum"),
        ("UPDATE mentions SET name = 'x' WHERE article = 1", "checksum"),
        ("UPDATE articles SET published = '2024-01-01' WHERE number = 1", "checksum"),
        ("INSERT INTO words (words, rowid, title, body) VALUES ('delete', 2, 'x', 'w1')", "word index"),
    ],
)
def test_verify_finds_what_was_changed(tmp_path, change, found):
    store = new_store(tmp_path)
    for record, source in ARTICLES[:3]:
        store.put(record, source)
    store.save()
    assert store.verify() == []
    with store.database.transaction() as connection:
        connection.execute(change)
    assert any(found in problem for problem in store.verify())
    store.close()


def test_verify_finds_flipped_bytes_of_the_database(tmp_path):
    store = new_store(tmp_path)
    for record, source in ARTICLES:
        store.put(record, source)
    store.save()
    content = store.digest(), store.search_words("number", 99)
    store.close()
    path = tmp_path / "library.sqlite"
    sound = path.read_bytes()
    chance = random.Random(1)
    damaged = noticed = 0
    while damaged < 60:
        broken = spoil(sound, "zero page", chance)
        if broken == sound:
            continue
        damaged += 1
        path.write_bytes(broken)
        try:
            reader = LocalStore.open(tmp_path)
            if reader.verify():
                noticed += 1
            else:
                # SQLite and FTS5 keep a few bytes that nothing reads.
                assert (reader.digest(), reader.search_words("number", 99)) == content
            reader.close()
        except (LibraryDamagedError, LibraryFormatError):
            noticed += 1
    assert noticed >= 0.9 * damaged
