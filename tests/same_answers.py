"""What has to be the same in one library and in any other store of the same articles."""

import random

import numpy as np
import pytest
from store_samples import WordsEmbedder, metadata, record_of, source_of

from index.errors import InputError
from index.schema import Filter, Stance
from index.stores.found import Sought

LIMITS = (
    Filter(),
    Filter(outlets=("the post",)),
    Filter(published_from="2025-02-01", published_to="2025-06-30"),
    Filter(authors=("Ann Lee",)),
)


def story(seed, lines=14):
    chance = random.Random(seed)
    return [" ".join(f"w{chance.randrange(4000)}" for _ in range(18)) for _ in range(lines)]


def some_articles(count=40):
    """Articles of which every fourth has two near-copies, with outlets, authors and days, some missing."""
    made = []
    for number in range(count):
        lines = story(number)
        about = metadata(
            f"Title {number}" if number % 3 else None,
            ("The Post", "THE POST", "The Herald", None)[number % 4],
            None if number % 5 == 0 else f"2025-{number % 12 + 1:02d}-{number % 28 + 1:02d}T08:00:00Z",
            ("Ann Lee", "Bo Rye")[: number % 3],
        )
        versions = [lines] if number % 4 else [lines, lines[:-1], [*lines, "And one more line."]]
        for version, text in enumerate(versions):
            key = f"/n/{number}-{version}.txt"
            made.append((record_of("\n".join(text), about, file=f"{number}.txt"), source_of(key, about)))
    return made


def placed(hits):
    return [(hit.article, hit.ordinal, hit.start, hit.end, hit.score) for hit in hits]


def same_lists(one, many, limits):
    assert many.articles(limits) == one.articles(limits)
    assert many.extent(limits) == one.extent(limits)
    assert many.ledger(None, limits) == one.ledger(None, limits)
    by_name = {"speakers": ["Ann"]}
    assert many.ledger(Stance.PRAISE, limits, **by_name) == one.ledger(Stance.PRAISE, limits, **by_name)
    assert many.count_mentioning(["w7", "w11"], limits) == one.count_mentioning(["w7", "w11"], limits)
    assert any(card.group != card.id for card in many.articles())


def same_searches(one, many, limits):
    for seed in range(20):
        query = " ".join(story(seed, 1)[0].split()[:5])
        vector = WordsEmbedder().embed([query])[0]
        assert placed(many.search_vectors(vector, 12, limits)) == placed(
            one.search_vectors(vector, 12, limits)
        )
        assert placed(many.search_words(query, 12, limits)) == placed(one.search_words(query, 12, limits))
        pair = " ".join(query.split()[1:3])
        lists = (query, query.split()[0], "w7-w11", "")
        same_columns(one, many, Sought(lists, vector, (pair, "w3 w9", "?"), 12, limits))
        same_columns(one, many, Sought((), vector, (pair,), 5, limits))
        same_columns(one, many, Sought(lists, None, (), 500, limits))


def same_columns(one, many, sought):
    mine, theirs = one.find(sought), many.find(sought)
    assert theirs.articles == mine.articles
    for name in ("days", "article", "words", "vector", "holding"):
        np.testing.assert_array_equal(getattr(theirs, name), getattr(mine, name), name)
    spans = [
        [(chunk.article, chunk.start, chunk.end) for chunk in store.chunks(found.chunks.tolist())]
        for store, found in ((one, mine), (many, theirs))
    ]
    assert spans[0] == spans[1]


def same_articles(one, many):
    assert many.outlets() == one.outlets()
    assert many.authors() == one.authors()
    assert many.newest() == one.newest()
    assert many.statement_names() == one.statement_names()
    ids = [card.id for card in one.articles()]
    assert many.cards(ids) == one.cards(ids)
    for identity in ids:
        assert many.article(identity) == one.article(identity)
        assert many.card(identity) == one.card(identity)
        assert many.analysis(identity) == one.analysis(identity)
        assert many.sources_of(identity) == one.sources_of(identity)
        assert many.resolve(identity[:9]) == identity
    for name in ("4.txt", "%%%%", ""):
        assert refusal(many, name) == refusal(one, name)


def refusal(store, name):
    with pytest.raises(InputError) as error:
        store.resolve(name)
    return str(error.value)
