"""The extraction score: its arithmetic by hand, and the floor on real pages."""

import pytest

from benchmarks.extraction import dateline, measure, precision_recall, shingles, trafilatura_default


def test_shingles_are_runs_of_four_words():
    assert shingles("a b, c d e") == {("a", "b", "c", "d"): 1, ("b", "c", "d", "e"): 1}
    assert shingles("a b") == {("a", "b"): 1}
    assert shingles("…") == {}


def test_precision_and_recall_by_hand():
    assert precision_recall("a b c d e", "a b c d") == (0.5, 1.0)
    assert precision_recall("a b c d", "a b c d e") == (1.0, 0.5)
    assert precision_recall("", "a b c d") == (0.0, 0.0)
    assert precision_recall("", "") == (1.0, 1.0)
    assert precision_recall("a b c d a b c d", "a b c d") == (0.2, 1.0)


@pytest.mark.shared
@pytest.mark.slow
def test_our_pages_score_above_trafilatura(shared):
    ours, _ = measure(shared / "data" / "article_extraction", dateline)
    theirs, _ = measure(shared / "data" / "article_extraction", trafilatura_default)
    assert ours.pages == theirs.pages == 100
    assert ours.f1 >= 0.972
    assert ours.f1 > theirs.f1
    assert ours.recall >= 0.98
