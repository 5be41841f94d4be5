"""Comparing sentences with a question: right values, each vector made once, and quickly where it can be."""

import numpy as np
import pytest
from store_samples import WordsEmbedder

from index.comparing import Comparer
from index.embedders import load_embedder


class Counting:
    """An embedder that notes what it was asked."""

    space, dimension = WordsEmbedder.space, WordsEmbedder.dimension

    def __init__(self):
        self.asked = []

    def embed(self, texts):
        self.asked.append(list(texts))
        return WordsEmbedder().embed(texts)


class Quick(Counting):
    """One that can do it quickly, too."""

    def embed_quickly(self, texts):
        self.asked.append(["quickly", *texts])
        return WordsEmbedder().embed(texts)


def test_similarities_are_cosines_in_order():
    texts = ["the senate vote", "a storm in the harbour", "the senate vote"]
    question = "senate vote"
    vectors = WordsEmbedder().embed([question, *texts])
    found = Comparer(WordsEmbedder()).similarities(question, texts)
    assert found == pytest.approx(list(vectors[1:] @ vectors[0]))
    assert found[0] == found[2] > found[1]
    assert Comparer(WordsEmbedder()).similarities(question, []) == []


def test_each_text_is_embedded_once():
    embedder = Counting()
    comparer = Comparer(embedder)
    assert np.array_equal(comparer.question_vector("one"), WordsEmbedder().embed(["one"])[0])
    comparer.similarities("one", ["a b", "c d", "a b"])
    comparer.similarities("two", ["c d", "e f"])
    comparer.similarities("two", ["a b"])
    assert embedder.asked == [["one"], ["a b", "c d"], ["two"], ["e f"]]


def test_only_questions_are_embedded_exactly_where_it_can_be_done_quickly():
    embedder = Quick()
    Comparer(embedder).similarities("one", ["a b"])
    assert embedder.asked == [["one"], ["quickly", "a b"]]


def test_the_longest_unused_are_forgotten(monkeypatch):
    monkeypatch.setattr("index.comparing._TEXTS", 2)
    embedder = Counting()
    comparer = Comparer(embedder)
    comparer.similarities("q", ["a", "b"])
    comparer.similarities("q", ["a", "c"])
    comparer.similarities("q", ["a"])
    comparer.similarities("q", ["b"])
    assert embedder.asked == [["q"], ["a", "b"], ["c"], ["b"]]


def test_the_default_model_is_compared_quickly_and_nearly_exactly():
    embedder = load_embedder("minilm")
    texts = ["The finance minister praised the central bank.", "Rain fell on the harbour.", "x"]
    question = "Who praised the bank?"
    vectors = embedder.embed([question, *texts])
    found = Comparer(embedder).similarities(question, texts)
    assert found == pytest.approx(list(vectors[1:] @ vectors[0]), abs=0.05)
    assert found != list(vectors[1:] @ vectors[0])
