"""Vector search, held against comparing every vector in plain numpy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_samples import DIMENSION, metadata, source_of
from vector_stories import LINES, QUESTIONS, STORIES, check_nearest, filled, story, unit

from index.__main__ import main
from index.schema import Filter
from index.stores import local, vector_base, vectors
from index.stores.local import LocalStore

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
                check_nearest(look, there.values(), k, query, limits)
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
            check_nearest(store, STORIES, 30, query, limits)
    # More than the cells read hold: all are read.
    assert len(store.search_vectors(QUESTIONS[0], 1100)) == 1100
    store.close()


def test_equal_libraries_have_equal_files(tmp_path, vectors_kept):  # noqa: ARG001
    contents = []
    for name in "ab":
        store = filled(tmp_path / name)
        store.save()
        contents.append(store.vectors.path().read_bytes())
        store.close()
    assert contents[0] == contents[1]


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
