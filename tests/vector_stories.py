"""Articles with made-up vectors for the tests of the vector file, and comparing them all in plain numpy."""

from dataclasses import replace

import numpy as np
import pytest
from store_samples import DIMENSION, metadata, new_store, record_of, source_of

from index.schema import Filter

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


def check_nearest(store, stories, k=20, query=QUESTIONS[0], limits=None):
    """Check that a search finds what comparing all vectors finds; the last digits of scores may differ."""
    found = [
        (hit.article, hit.ordinal, hit.score) for hit in store.search_vectors(query, k, limits or Filter())
    ]
    expected = brute(stories, query, k, limits)
    assert found == [(article, place, pytest.approx(score, abs=2e-9)) for article, place, score in expected]
