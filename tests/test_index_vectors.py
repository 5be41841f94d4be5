"""The vector file and what came after it, held against comparing every vector in plain numpy."""

import errno
import os
import random
import signal
import threading
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_samples import DIMENSION, LibraryForTest, metadata, new_store, record_of, source_of
from test_index_damage import spoil

from index.__main__ import main
from index.schema import Filter
from index.stores import local, vector_base, vectors
from index.stores.disk import digest
from index.stores.local import LocalStore
from index.stores.vector_base import contents

LINES = 40


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def story(number, *, lines=LINES, title=None):
    """An article whose chunks lie around a few topics; every seventh chunk is the same as another's."""
    chance = np.random.default_rng(number)
    topics = np.random.default_rng(0).normal(size=(12, DIMENSION))
    rows = topics[chance.integers(0, 12, lines)] + 0.7 * chance.normal(size=(lines, DIMENSION))
    rows[::7] = topics[0]
    about = metadata(title or f"Title {number}", "The Post" if number % 3 else "The Herald")
    record = record_of("\n".join(f"Line {place} of number {number}." for place in range(lines)), about)
    return replace(record, vectors=unit(rows)), source_of(f"/v/{number}", about)


STORIES = [story(number) for number in range(30)]
QUESTIONS = unit(np.random.default_rng(9).normal(size=(8, DIMENSION)))


def filled(folder, stories=STORIES):
    store = new_store(folder)
    for record, source in stories:
        store.put(record, source)
    return store


def brute(stories, query, k, limits=None):
    """Score, article and place of the k best chunks, found by comparing all in double precision."""
    found = []
    for record, _ in stories:
        outlet = record.article.metadata.outlet.value
        if limits is None or (
            (not limits.outlets or outlet in limits.outlets)
            and (not limits.articles or record.article.id in limits.articles)
        ):
            scores = np.einsum("ij,j->i", record.vectors.astype(np.float64), query.astype(np.float64))
            found += [
                (-round(float(score), 9), record.article.id, place) for place, score in enumerate(scores)
            ]
    return [(article, place, -score) for score, article, place in sorted(found)[:k]]


def shown(hits):
    return [(hit.article, hit.ordinal, hit.score) for hit in hits]


def approximately(rows):
    return [(article, place, pytest.approx(score, abs=2e-9)) for article, place, score in rows]


@pytest.fixture
def cells(monkeypatch):
    """Small libraries are sorted into cells, as large ones are."""
    monkeypatch.setattr(vector_base, "FLAT_UP_TO", 60)


@pytest.fixture
def every_cell(cells, monkeypatch):  # noqa: ARG001 - asked for what it does
    """All cells must be read, so that nothing may be missed."""
    monkeypatch.setattr(vector_base, "RECALL", 1.1)


@pytest.fixture(params=["compared", "in cells"])
def kind(request):
    if request.param == "in cells":
        request.getfixturevalue("every_cell")
    return request.param


steps = st.lists(
    st.tuples(
        st.sampled_from(["put", "put", "remove", "retitle", "save", "ask"]), st.integers(0, len(STORIES) - 1)
    ),
    min_size=4,
    max_size=14,
)
limits = st.sampled_from(
    [
        Filter(),
        Filter(outlets=("The Herald",)),
        Filter(articles=tuple(record.article.id for record, _ in STORIES[4:7])),
        Filter(articles=tuple(record.article.id for record, _ in STORIES[:20])),
    ]
)


@pytest.mark.slow
@pytest.mark.parametrize("flat_up_to", [60, 10_000])
@given(steps=steps, limits=limits, k=st.sampled_from([1, 5, 40, 300]), after=st.sampled_from([0, 100]))
@settings(max_examples=25, deadline=None)
def test_any_history_answers_as_comparing_all_does(tmp_path_factory, flat_up_to, steps, limits, k, after):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vector_base, "FLAT_UP_TO", flat_up_to)
        patch.setattr(vector_base, "RECALL", 1.1)
        patch.setattr(local, "SAVE_AFTER", after)
        folder = tmp_path_factory.mktemp("history")
        store = filled(folder, STORIES[:4])
        store.save()
        reader = LocalStore.open(folder)
        there = dict(enumerate(STORIES[:4]))
        for verb, number in steps:
            if verb == "put":
                there[number] = STORIES[number]
                store.put(*STORIES[number])
            elif verb == "remove":
                there.pop(number, None)
                store.remove([STORIES[number][0].article.id])
            elif verb == "retitle" and number in there:
                store.attach(
                    STORIES[number][0].article, source_of(f"/a/{number}", metadata("Other", "The Post"))
                )
                store.detach([f"/a/{number}"])
            elif verb == "save":
                store.save()
            elif verb == "ask":
                reader.search_vectors(QUESTIONS[0], 3)
        for look in (reader, store, LocalStore.open(folder)):
            for query in QUESTIONS[:2]:
                expected = brute(there.values(), query, k, limits)
                assert shown(look.search_vectors(query, k, limits)) == approximately(expected)
        assert store.verify() == []
        reader.close()
        store.close()


def test_scores_by_which_it_chooses_are_as_near_as_proven(tmp_path):
    store = filled(tmp_path)
    base = store.vectors.table().base
    assert (base.made.cells, base.made.bits, base.made.recall) == (1, 16, 1.0)
    true = dict(store.database.rows("SELECT id, vector FROM chunks"))
    for query in QUESTIONS:
        numbers, scores = base.nearest(query, 2000)
        assert len(numbers) == LINES * len(STORIES)
        for number, score in zip(numbers.tolist(), scores.tolist(), strict=True):
            assert abs(np.frombuffer(true[number], "<f4") @ query - score) <= base.made.error < 0.002
    store.close()


def test_cells_find_what_they_say_they_find(tmp_path, cells, monkeypatch):  # noqa: ARG001
    monkeypatch.setattr(vector_base, "RECALL", 0.9)
    stories = [story(number, lines=150) for number in range(20)]
    store = filled(tmp_path, stories)
    store.save()
    made = store.stats().vector_index
    assert (made.chunks, made.top, made.bits, made.cells) == (3000, 3000, 8, 256)
    assert 1 <= made.probed < made.cells
    assert made.recall >= 0.9
    assert made.questions == 2 * vector_base.HELD_OUT
    base = store.vectors.table().base
    found = total = 0
    for query in unit(np.random.default_rng(77).normal(size=(60, DIMENSION))):
        near = set(base.nearest(query, 36)[0].tolist())
        best = {
            hit.chunk for hit in store.search_vectors(query, 20, Filter(outlets=("The Post", "The Herald")))
        }
        found, total = found + len(near & best), total + len(best)
    assert found / total > made.recall - 0.08
    store.close()


def test_filters_are_exact_where_few_cells_are_read(tmp_path, cells, monkeypatch):  # noqa: ARG001
    monkeypatch.setattr(vector_base, "RECALL", 0.3)
    monkeypatch.setattr(vectors, "DIRECT", 10)
    store = filled(tmp_path)
    store.save()
    assert store.stats().vector_index.probed < 12
    for limits in (Filter(outlets=("The Herald",)), Filter(articles=(STORIES[3][0].article.id,))):
        for query in QUESTIONS:
            expected = approximately(brute(STORIES, query, 30, limits))
            assert shown(store.search_vectors(query, 30, limits)) == expected
    # More than the cells read hold: all are read.
    assert len(store.search_vectors(QUESTIONS[0], 1100)) == 1100
    store.close()


def test_equal_libraries_have_equal_files(tmp_path, kind):  # noqa: ARG001
    contents = []
    for name in "ab":
        store = filled(tmp_path / name)
        store.save()
        contents.append(store.vectors.path().read_bytes())
        store.close()
    assert contents[0] == contents[1]


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


def test_opening_and_catching_up_read_what_changed_alone(tmp_path, kind):  # noqa: ARG001
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


def test_a_reader_that_the_journal_has_left_behind_takes_the_new_file(tmp_path, kind):  # noqa: ARG001
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
        assert shown(reader.search_vectors(query, 50)) == approximately(brute(left, query, 50))
    reader.close()
    store.close()


def test_a_filter_asked_again_sees_what_came_and_went(tmp_path, kind):  # noqa: ARG001
    store = filled(tmp_path, STORIES[:8])
    reader = LocalStore.open(tmp_path)
    limits = Filter(outlets=("The Post",))
    for now in (STORIES[:8], STORIES[:9], STORIES[2:9]):
        for record, source in now:
            if not store.has(record.article.id):
                store.put(record, source)
        store.remove([record.article.id for record, _ in STORIES[: 2 if now[0] is STORIES[2] else 0]])
        for look in (store, reader):
            expected = approximately(brute(now, QUESTIONS[0], 50, limits))
            assert shown(look.search_vectors(QUESTIONS[0], 50, limits)) == expected
    reader.close()
    store.close()


def test_a_snapshot_that_others_have_passed_sees_its_own_state(tmp_path, kind):  # noqa: ARG001
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
        hits = reader.search_vectors(QUESTIONS[0], 500)
        assert shown(hits) == approximately(brute(STORIES[:10], QUESTIONS[0], 500))
    now = [record for place, record in enumerate(STORIES[:13]) if place not in (2, 10, 11)]
    assert shown(reader.search_vectors(QUESTIONS[0], 50)) == approximately(brute(now, QUESTIONS[0], 50))
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
    assert shown(store.search_vectors(QUESTIONS[0], 20)) == approximately(brute(now, QUESTIONS[0], 20))
    monkeypatch.undo()
    store.save()
    assert store.vectors.path() != before
    assert store.verify() == []
    store.close()


@pytest.mark.parametrize("moment", ["while writing", "before it is recorded", "after it is recorded"])
def test_a_kill_leaves_a_file_that_is_right(tmp_path, moment, kind):  # noqa: ARG001
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
    assert shown(reader.search_vectors(QUESTIONS[0], 20)) == approximately(brute(now, QUESTIONS[0], 20))
    reader.close()
    with LibraryForTest(tmp_path) as store:
        assert not list(tmp_path.glob("*.tmp"))
        assert store.verify() == []
        store.save()
        assert len(list(tmp_path.glob("vectors.*.faiss"))) == 1
        assert shown(store.search_vectors(QUESTIONS[0], 20)) == approximately(brute(now, QUESTIONS[0], 20))


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
    found = shown(store.search_vectors(QUESTIONS[0], 20))
    assert found == approximately(brute(STORIES[:5], QUESTIONS[0], 20))
    assert "set aside" in caplog.text
    store.save()
    assert store.verify() == []
    fewer.close()
    store.close()


def test_a_changed_number_in_a_file_with_a_right_checksum_is_found(tmp_path, kind):  # noqa: ARG001
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


def test_stats_say_how_vectors_are_kept(tmp_path, cells, capsys):  # noqa: ARG001
    store = filled(tmp_path)
    assert store.stats().vector_index is None
    store.save()
    made = store.stats().vector_index
    store.close()
    assert main(["stats", "--library", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert f"in {made.cells} cells, {made.probed} read for a question (recall {made.recall:.3f} at 20" in said
    assert main(["stats", "--json", "--library", str(tmp_path)]) == 0
    assert f'"probed": {made.probed}' in capsys.readouterr().out
