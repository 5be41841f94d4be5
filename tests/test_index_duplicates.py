"""Near-duplicates: versions of one story link, other coverage of the same event does not."""

import gzip
import json
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_samples import metadata, record_of, source_of

from index.duplicates import (
    MIN_SHINGLES,
    SHINGLE_WORDS,
    containment,
    same_story,
    shingles,
    signature,
    sketch,
)


def story(seed, sentences=20):
    """A story of random words: two seeds share no five words in a row."""
    chance = random.Random(seed)
    lines = []
    for _ in range(sentences):
        words = ["".join(chance.choices("abcdefghijklmnop", k=chance.randrange(2, 9))) for _ in range(14)]
        lines.append(" ".join(words).capitalize() + ".")
    return lines


def version(kind, seed=1):
    """A version of a story as outlets make them."""
    lines = story(seed)
    if kind == "other headline":
        return ["A quite different headline over it.", *lines]
    if kind == "outlet's footer":
        return [
            *lines,
            "Reporting by our own staff, editing by others, all rights reserved.",
        ]
    if kind == "cut to half":
        return lines[: len(lines) // 2]
    if kind == "cut to a third":
        return lines[: len(lines) // 3]
    if kind == "new top":
        return [*story(seed + 100, 3), *lines]
    if kind == "two sentences rewritten":
        return [*lines[:5], *story(seed + 200, 2), *lines[7:]]
    if kind == "capitals and quotes":
        return [line.replace(" ", "  ").upper() for line in lines]
    raise ValueError(kind)


VERSIONS = [
    "other headline",
    "outlet's footer",
    "cut to half",
    "cut to a third",
    "new top",
    "two sentences rewritten",
    "capitals and quotes",
]


@pytest.mark.parametrize("kind", VERSIONS)
def test_versions_of_a_story_are_linked(stores, tmp_path, kind):
    store = stores.new(tmp_path)
    for seed in range(5):
        store.put(record_of("\n".join(story(seed))), source_of(f"/one/{seed}"))
        store.put(record_of("\n".join(version(kind, seed))), source_of(f"/other/{seed}"))
    cards = store.articles()
    assert len(cards) == 10
    assert len({card.group for card in cards}) == 5
    assert all(card.group == min(other.id for other in cards if other.group == card.group) for card in cards)
    assert store.stats().groups == 5
    store.close()


def test_other_coverage_is_not_linked(stores, tmp_path):
    """Same event, same quotations, same background paragraph: a third in common is not one story."""
    shared = story(50, 6)
    store = stores.new(tmp_path)
    for outlet in range(4):
        own = story(60 + outlet, 12)
        store.put(record_of("\n".join([*own[:6], *shared, *own[6:]])), source_of(f"/o/{outlet}"))
    assert store.stats().groups == 4
    store.close()


def test_a_brief_inside_a_long_round_up_is_not_a_version_of_it():
    brief = shingles(" ".join(story(1, 5)))
    round_up = shingles(" ".join([*story(2, 20), *story(1, 5), *story(3, 20)]))
    assert containment(brief, round_up) > 0.9
    assert not same_story(brief, round_up)


def test_notices_are_too_short_to_link():
    notice = shingles(" ".join(story(4, 3)))
    assert len(notice) < MIN_SHINGLES
    assert not same_story(notice, notice)


@given(st.lists(st.sampled_from(["a", "b", "Über", "10", "–"]), max_size=60))
def test_shingles_equal_the_definition(words):
    text = " ".join(words)
    plain = [word.casefold() for word in words if word != "–"]
    runs = {tuple(plain[place : place + SHINGLE_WORDS]) for place in range(len(plain) - SHINGLE_WORDS + 1)}
    assert len(shingles(text)) == len(runs)


@given(seed=st.integers(0, 50), shared=st.integers(0, 20))
@settings(deadline=None, max_examples=50)
def test_containment_is_exact(seed, shared):
    one, other = story(seed), story(seed + 1000)
    mixed = one[:shared] + other[shared:]
    words = " ".join(one).casefold().replace(".", "").split()
    mixed_words = " ".join(mixed).casefold().replace(".", "").split()

    def runs(of):
        return {tuple(of[place : place + SHINGLE_WORDS]) for place in range(len(of) - SHINGLE_WORDS + 1)}

    first, second = runs(words), runs(mixed_words)
    exact = len(first & second) / min(len(first), len(second))
    assert containment(shingles(" ".join(one)), shingles(" ".join(mixed))) == pytest.approx(exact)


def test_a_sketch_is_a_fixed_sample_of_the_shingles():
    text = " ".join(story(9, 200))
    found, kept = shingles(text), sketch(signature(text))
    assert set(kept) <= set(found.tolist())
    assert len(kept) == pytest.approx(len(found) / 8, rel=0.2)
    assert kept == sorted(kept)
    # Stored in libraries, so it must stay what it is.
    assert sketch(signature("one two three four five six seven eight nine ten eleven twelve " * 3)) == PINNED


PINNED = [10002434765108]


def test_groups_do_not_depend_on_order(stores, tmp_path):
    """A chain a-b-c, where a and c share too little to be linked, is one group while b is there."""
    lines = story(30, 40)
    texts = ["\n".join(lines[:28]), "\n".join(lines[6:34]), "\n".join(lines[12:])]
    first, _, third = map(shingles, texts)
    assert not same_story(first, third)
    records = [record_of(text, metadata(str(place))) for place, text in enumerate(texts)]
    smallest = min(record.article.id for record in records)
    for turn, order in enumerate(([0, 1, 2], [2, 0, 1], [1, 2, 0], [2, 1, 0])):
        store = stores.new(tmp_path / str(turn))
        for place in order:
            store.put(records[place], source_of(f"/c/{place}"))
        assert {card.group for card in store.articles()} == {smallest}
        store.remove([records[1].article.id])
        assert {card.group for card in store.articles()} == {card.id for card in store.articles()}
        store.put(records[1], source_of("/c/1"))
        assert {card.group for card in store.articles()} == {smallest}
        assert store.verify() == []
        store.close()


@pytest.mark.shared
@pytest.mark.slow
def test_few_links_among_real_articles(shared):
    """On 2,093 real articles there are about a dozen versions; a wrong rule finds hundreds or none."""
    with gzip.open(shared / "data/realtimeqa/articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        found = [shingles(json.loads(line)["text"]) for line in lines]
    holders: dict[int, list[int]] = {}
    for place, one in enumerate(found):
        for value in one[one < np.uint64((1 << 48) // 8)].tolist():
            holders.setdefault(value, []).append(place)
    pairs = {(a, b) for places in holders.values() for a in places[:60] for b in places[:60] if a < b}
    links = [pair for pair in pairs if same_story(found[pair[0]], found[pair[1]])]
    assert 8 <= len(links) <= 20
