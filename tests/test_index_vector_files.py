"""The vector file and what came after it: caught up with, written anew, damaged, forged and cut off."""

import errno
import os
import random
import signal
import threading

import numpy as np
import pytest
from store_samples import DIMENSION, LibraryForTest
from test_index_damage import spoil
from vector_stories import LINES, QUESTIONS, STORIES, check_nearest, filled, story

from index.schema import Filter
from index.stores import vectors
from index.stores.disk import digest
from index.stores.local import LocalStore
from index.stores.vector_base import contents

# ---- base and tail


def steps_of_sqlite(store, work):
    """How many instructions SQLite runs while `work` is done."""
    count = 0

    def tick():
        nonlocal count
        count += 1

    connection = store.database.read()
    connection.set_progress_handler(tick, 1)
    work()
    connection.set_progress_handler(None, 0)
    return count


def test_opening_and_catching_up_read_what_changed_alone(tmp_path, vectors_kept):  # noqa: ARG001
    costs = []
    for size in (5, 30):
        store = filled(tmp_path / str(size), STORIES[:size])
        store.save()
        reader = LocalStore.open(tmp_path / str(size))
        opened = steps_of_sqlite(reader, reader.vectors.table)
        base = reader.vectors.table().base
        record, source = story(100 + size, lines=3)
        store.put(record, source)
        added = steps_of_sqlite(reader, reader.vectors.table)
        store.remove([record.article.id, STORIES[1][0].article.id])
        removed = steps_of_sqlite(reader, reader.vectors.table)
        assert reader.vectors.table().base is base
        assert reader.vectors.table().behind() == LINES
        costs.append((opened, added, removed))
        reader.close()
        store.close()
    assert np.abs(np.subtract(*costs)).max() <= 10
    assert max(costs[0]) < 1000


def test_files_are_written_once_for_many_changes(tmp_path, monkeypatch):
    written = []
    wrote = vectors.write_base
    monkeypatch.setattr(vectors, "write_base", lambda *given: (written.append(1), wrote(*given)))
    store = filled(tmp_path, STORIES[:10])
    store.save()
    assert len(written) == 1
    for number in range(8):
        store.put(*story(200 + number, lines=5))
        store.save()
        store.remove([STORIES[0][0].article.id])
        store.save(shrink=True)
    assert (len(written), store.vectors.behind()) == (1, LINES + 40)
    assert "80 chunks caught up" in store.stats().vectors
    for number in range(8):
        store.put(*STORIES[15 + number])
    assert len(written) == 1
    store.save()
    assert (len(written), store.vectors.behind()) == (2, 0)
    assert store.verify() == []
    store.close()


def test_a_reader_that_the_journal_has_left_behind_takes_the_new_file(tmp_path, vectors_kept):  # noqa: ARG001
    store = filled(tmp_path, STORIES[:10])
    store.save()
    reader = LocalStore.open(tmp_path)
    assert reader.search_vectors(QUESTIONS[0], 5)
    store.remove([record.article.id for record, _ in STORIES[:6]])
    store.put(*STORIES[11])
    store.save()
    assert store.database.value("SELECT count(*) FROM gone") == 0
    left = [*STORIES[6:10], STORIES[11]]
    for query in QUESTIONS:
        check_nearest(reader, left, 50, query)
    reader.close()
    store.close()


def test_a_filter_asked_again_sees_what_came_and_went(tmp_path, vectors_kept):  # noqa: ARG001
    store = filled(tmp_path, STORIES[:8])
    reader = LocalStore.open(tmp_path)
    limits = Filter(outlets=("The Post",))
    for now in (STORIES[:8], STORIES[:9], STORIES[2:9]):
        for record, source in now:
            if not store.has(record.article.id):
                store.put(record, source)
        store.remove([record.article.id for record, _ in STORIES[: 2 if now[0] is STORIES[2] else 0]])
        for look in (store, reader):
            check_nearest(look, now, 50, limits=limits)
    reader.close()
    store.close()


def test_a_snapshot_that_others_have_passed_sees_its_own_state(tmp_path, vectors_kept):  # noqa: ARG001
    store = filled(tmp_path, STORIES[:10])
    store.save()
    reader = LocalStore.open(tmp_path)
    with reader.database.snapshot():
        assert reader.database.generation() == 10
        store.remove([STORIES[2][0].article.id])
        store.put(*STORIES[12])
        ahead = threading.Thread(target=lambda: reader.search_vectors(QUESTIONS[0], 5))
        ahead.start()
        ahead.join()
        check_nearest(reader, STORIES[:10], 500)
    now = [record for place, record in enumerate(STORIES[:13]) if place not in (2, 10, 11)]
    check_nearest(reader, now, 50)
    reader.close()
    store.close()


# ---- faults


@pytest.mark.slow
def test_no_damaged_file_of_cells_answers_wrongly(tmp_path, cells):  # noqa: ARG001
    store = filled(tmp_path)
    store.save()
    path = store.vectors.path()
    expected = [store.search_vectors(query, 10) for query in QUESTIONS[:3]]
    store.close()
    sound = path.read_bytes()
    chance = random.Random(11)
    kinds = ("truncate", "flip bits", "zero page", "header", "append")
    for turn in range(60):
        path.write_bytes(broken := spoil(sound, kinds[turn % 5], chance))
        reader = LocalStore.open(tmp_path)
        assert [reader.search_vectors(query, 10) for query in QUESTIONS[:3]] == expected, kinds[turn % 5]
        assert broken == sound or any("SHA-256" in problem for problem in reader.verify())
        reader.close()


@pytest.mark.parametrize("after", [0, 100, 5000])
def test_a_disk_that_fills_up_leaves_the_old_file(tmp_path, monkeypatch, caplog, after):
    store = filled(tmp_path, STORIES[:5])
    store.save()
    before = store.vectors.path()
    store.put(*STORIES[6])
    store.put(*STORIES[7])
    store.put(*STORIES[8])
    wrote = vectors.write_base

    def full(base, write):
        left = after

        def some(piece):
            nonlocal left
            left -= len(piece)
            if left < 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            return write(piece)

        wrote(base, some)

    monkeypatch.setattr(vectors, "write_base", full)
    store.save()
    assert "could not be written" in caplog.text
    assert store.vectors.path() == before
    assert not list(tmp_path.glob("*.tmp"))
    assert store.verify() == []
    now = [*STORIES[:5], *STORIES[6:9]]
    check_nearest(store, now)
    monkeypatch.undo()
    store.save()
    assert store.vectors.path() != before
    assert store.verify() == []
    store.close()


@pytest.mark.parametrize("moment", ["while writing", "before it is recorded", "after it is recorded"])
def test_a_kill_leaves_a_file_that_is_right(tmp_path, moment, vectors_kept):  # noqa: ARG001
    filled(tmp_path, STORIES[:5]).save()
    child = os.fork()
    if not child:
        store = LocalStore.open(tmp_path, write=True)
        for record, source in STORIES[6:9]:
            store.put(record, source)
        wrote, trimmed = vectors.write_base, vectors.trim

        def die(*_):
            os.kill(os.getpid(), signal.SIGKILL)

        if moment == "while writing":
            vectors.write_base = lambda base, write: wrote(base, lambda piece: (write(piece), die()))
        elif moment == "before it is recorded":
            vectors.trim = lambda connection: (trimmed(connection), die())
        else:
            store.vectors._refreshing.acquire()
            threading.Timer(0.5, die).start()
        store.save()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    now = [*STORIES[:5], *STORIES[6:9]]
    reader = LocalStore.open(tmp_path)
    check_nearest(reader, now)
    reader.close()
    with LibraryForTest(tmp_path) as store:
        assert not list(tmp_path.glob("*.tmp"))
        assert store.verify() == []
        store.save()
        assert len(list(tmp_path.glob("vectors.*.faiss"))) == 1
        check_nearest(store, now)


def forge(store, content):
    """Put another content under the file's name with the checksum that it has."""
    store.vectors.path().write_bytes(content)
    with store.database.transaction() as connection:
        connection.execute("UPDATE settings SET value = ? WHERE name = 'vectors_sha256'", (digest(content),))
    store.vectors.forget()


@pytest.mark.parametrize("other", ["flat", "fewer", "text"])
def test_another_file_with_a_right_checksum_is_not_used(tmp_path, other, caplog):
    import faiss

    store = filled(tmp_path / "one", STORIES[:5])
    store.save()
    fewer = filled(tmp_path / "other", STORIES[:3])
    fewer.save()
    flat = faiss.IndexFlatIP(DIMENSION)
    flat.add(STORIES[0][0].vectors)
    content = {
        "flat": faiss.serialize_index(flat).tobytes(),
        "fewer": fewer.vectors.path().read_bytes(),
        "text": b"no index at all",
    }[other]
    forge(store, content)
    assert any(store.vectors.path().name in problem for problem in store.verify())
    check_nearest(store, STORIES[:5])
    assert "set aside" in caplog.text
    store.save()
    assert store.verify() == []
    fewer.close()
    store.close()


def test_a_changed_number_in_a_file_with_a_right_checksum_is_found(tmp_path, vectors_kept):  # noqa: ARG001
    store = filled(tmp_path, STORIES[:5])
    store.save()
    content = bytearray(store.vectors.path().read_bytes())
    code = next(contents(store.vectors.table().base))[2][0].tobytes()
    content[content.index(code) + 3] ^= 64
    forge(store, bytes(content))
    assert any("not those in the library" in problem for problem in store.verify())
    store.repair()
    assert store.verify() == []
    store.close()


def test_a_changed_cell_in_a_file_with_a_right_checksum_is_found(tmp_path, cells):  # noqa: ARG001
    store = filled(tmp_path, STORIES[:5])
    store.save()
    content = store.vectors.path().read_bytes()
    middle = store.vectors.table().base.faiss_index.quantizer.reconstruct(5).tobytes()
    assert content.count(middle) == 1
    forge(store, content.replace(middle, bytes(len(middle))))
    assert any("not those in the library" in problem for problem in store.verify())
    store.close()
