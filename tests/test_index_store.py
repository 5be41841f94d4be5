"""The contract of a store that is read: each answer is held against plain Python over the same articles."""

import random
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_samples import (
    WORDS,
    LocalStores,
    RayStores,
    ShardedStores,
    WordsEmbedder,
    chunks_of,
    holding,
    worded_articles,
)

from index.errors import InputError
from index.schema import ArticleRecord, Filter, Stance
from index.stores.filters import fold
from index.stores.found import Sought
from index.stores.words import query_words


@pytest.fixture(scope="module")
def articles():
    return worded_articles(60)


KINDS = [LocalStores, ShardedStores, pytest.param(RayStores, marks=pytest.mark.cluster)]


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.name)
def store(request, tmp_path_factory, articles):
    folder = tmp_path_factory.mktemp("contract")
    made = request.param.new(folder)
    for record, source in articles:
        made.put(record, source)
    made.save()
    reading = request.param.reading(made, folder)
    yield reading
    reading.close()
    made.close()


def passes(record: ArticleRecord, limits: Filter) -> bool:
    """The meaning of a filter, said once more in plain Python."""
    about = record.article.metadata
    day = about.published.value[:10] if about.published else None
    if limits.outlets and (about.outlet is None or fold(about.outlet.value) not in map(fold, limits.outlets)):
        return False
    if limits.authors and not {author.value for author in about.authors} & set(limits.authors):
        return False
    if limits.published_from and day is not None and day < limits.published_from:
        return False
    if limits.published_to and day is not None and day > limits.published_to:
        return False
    return not limits.articles or record.article.id in limits.articles


days = st.dates(min_value=date(2025, 1, 1), max_value=date(2025, 12, 31))
filters = st.builds(
    Filter,
    outlets=st.sampled_from([(), ("the post",), ("The Herald", "The Post"), ("Nobody",)]),
    authors=st.sampled_from([(), ("Ann Lee",), ("Bo Rye",)]),
    published_from=st.none() | days.map(str),
    published_to=st.none() | days.map(str),
)


@given(limits=filters)
@settings(max_examples=60, deadline=None)
def test_filter_lists_exactly_what_passes(store, articles, limits):
    expected = {record.article.id for record, _ in articles if passes(record, limits)}
    assert {card.id for card in store.articles(limits)} == expected


@given(limits=filters, k=st.integers(1, 40), seed=st.integers(0, 10))
@settings(max_examples=60, deadline=None)
def test_vector_search_equals_exact_search(store, articles, limits, k, seed):
    query = WordsEmbedder().embed([" ".join(random.Random(seed).choices(WORDS, k=4))])[0]
    oracle = []
    for record, _ in articles:
        if passes(record, limits):
            cosines = record.vectors.astype(np.float64) @ query.astype(np.float64)
            oracle += [(-cosine, record.article.id, place) for place, cosine in enumerate(cosines)]
    oracle.sort()
    found = store.search_vectors(query, k, limits)
    assert [hit.score for hit in found] == pytest.approx([-row[0] for row in oracle[:k]], abs=1e-7)
    by_place = {(row[1], row[2]): -row[0] for row in oracle}
    for hit in found:
        assert hit.score == pytest.approx(by_place[hit.article, hit.ordinal], abs=1e-7)


@given(limits=filters, words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True))
@settings(max_examples=60, deadline=None)
def test_word_search_finds_exactly_the_chunks_with_a_word(store, articles, limits, words):
    expected = set()
    for record, _ in articles:
        if passes(record, limits):
            for place, chunk in enumerate(record.chunks):
                text = record.article.text[chunk.start : chunk.end]
                if set(words) & set(text.split()):
                    expected.add((record.article.id, place))
    found = store.search_words(" ".join(words), 1000, limits)
    assert {(hit.article, hit.ordinal) for hit in found} == expected
    assert all(hit.score > 0 for hit in found)
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    assert found[:5] == store.search_words(" ".join(words), 5, limits)


@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3), seed=st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_chunks_holding_a_phrase_are_those_of_the_oracle(store, articles, words, seed):
    some = random.Random(seed).sample(range(1, 3 * len(articles) + 1), 90)
    phrase = " ".join(words)
    places = {chunk.chunk: chunk for chunk in store.chunks(some)}
    texts = {record.article.id: record.article.text for record, _ in articles}
    expected = {
        number
        for number, place in places.items()
        if f" {phrase} " in f" {texts[place.article][place.start : place.end]} "
    }
    assert holding(store, phrase, some) == expected
    assert holding(store, "?", some) == holding(store, phrase, []) == set()


@given(
    lists=st.lists(st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join), max_size=3),
    k=st.integers(0, 40),
    outlet=st.sampled_from([None, "the post", "nobody"]),
    by_vector=st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_one_call_finds_what_each_search_does(store, lists, k, outlet, by_vector):
    limits = Filter(outlets=(outlet,)) if outlet else Filter()
    vector = WordsEmbedder().embed(["harbour vote"])[0] if by_vector else None
    found = store.find(Sought(tuple(lists), vector, ("minister vote",), k, limits))
    searches = [store.search_words(query, k, limits) for query in lists]
    searches.append(store.search_vectors(vector, k, limits) if by_vector else [])
    every = {hit.chunk: hit for hits in searches for hit in hits}
    in_order = sorted(every.values(), key=lambda hit: (hit.article, hit.ordinal))
    assert found.chunks.tolist() == [hit.chunk for hit in in_order]
    assert [found.articles[place] for place in found.article] == [hit.article for hit in in_order]
    assert list(found.articles) == sorted({hit.article for hit in in_order})
    for scores, hits in zip((*found.words, found.vector), searches, strict=True):
        there = ~np.isnan(scores)
        assert dict(zip(found.chunks[there].tolist(), scores[there].tolist(), strict=True)) == {
            hit.chunk: hit.score for hit in hits
        }
    cards = store.cards(found.articles)
    days = [cards[name].published for name in found.articles]
    assert found.days.tolist() == [date.fromisoformat(day[:10]).toordinal() if day else 0 for day in days]
    assert found.holding.shape == (1, len(in_order))


def test_hits_point_at_their_words(store):
    for hit in store.search_words("harbour", 10):
        assert "harbour" in store.article(hit.article).text[hit.start : hit.end]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("C5+1", True),
        ("1,242", True),
        ("U.S.", True),
        ("erdogan", True),
        ("ERDOĞAN's", True),
        ("markets", True),  # the stem is the same
        ("harbour? (storm)", True),
        ('"', False),
        ("AND OR NOT", False),
        ("title:tariff*", False),  # no word of its own: an unquoted colon or star would be an operator
        ("* ^ - + : ( ) { }", False),
        ("NEAR(", False),
        ("", False),
        ("x\0y", False),
    ],
)
def test_any_text_is_a_safe_query(store, query, found):
    assert bool(store.search_words(query, 3)) is found


@given(query=st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_no_query_is_a_syntax_error(store, query):
    store.search_words(query, 3)


def test_a_long_query_is_cut():
    assert len(query_words(" ".join(f"w{number}" for number in range(5000)))) == 128


def test_long_queries_run(store):
    assert store.search_words(" ".join(f"w{number}" for number in range(5000)) + " tariff", 3) == []
    assert store.search_words("tariff " * 3000, 3)


def test_texts_are_those_of_the_articles_that_are_there(store, articles):
    wanted = [record.article.id for record, _ in articles[3:20]]
    assert store.texts([*wanted, "0" * 16]) == {identity: store.article(identity).text for identity in wanted}
    assert store.texts([]) == {}
    with pytest.raises(InputError, match="0000000000000000"):
        store.text("0" * 16)


def test_reads_give_back_what_was_put(store, articles):
    for record, source in articles[:10]:
        identity = record.article.id
        article = store.article(identity)
        assert store.text(identity) == article.text
        assert (article.text, article.raw, article.metadata) == (
            record.article.text,
            record.article.raw,
            record.article.metadata,
        )
        assert store.sentences(identity) == record.sentences
        assert store.mentions(identity) == record.analysis.mentions
        assert [(chunk.start, chunk.end) for chunk in chunks_of(store, identity)] == [
            (chunk.start, chunk.end) for chunk in record.chunks
        ]
        assert [known.key for known in store.sources_of(identity)] == [source.key]
        card = store.card(identity)
        assert card.title == (
            record.article.metadata.title.value if record.article.metadata.title else card.file
        )
        assert card.authors == tuple(author.value for author in record.article.metadata.authors)


def test_mentions_between(store, articles):
    record = articles[0][0]
    middle = record.sentences[1]
    found = store.mentions_between(record.article.id, middle.start, middle.end)
    assert [mention.start for mention in found] == [middle.start]


def test_ledger_quotes_are_spans_and_stances_separate(store, articles):
    entries = store.ledger()
    assert len(entries) == 3 * len(articles)
    for entry in entries:
        statement = entry.statement
        assert entry.quote == store.article(entry.article.id).text[statement.start : statement.end]
    praise = store.ledger(Stance.PRAISE)
    assert 0 < len(praise) < len(entries)
    assert {entry.statement.stance for entry in praise} == {Stance.PRAISE}
    limits = Filter(outlets=("The Post",))
    assert {entry.article.outlet for entry in store.ledger(filter=limits)} == {"The Post"}


def test_chunks_come_in_the_order_asked_for(store, articles):
    identity = articles[7][0].article.id
    first, _, third = chunks_of(store, identity)
    assert store.chunks([third.chunk, 999_999, first.chunk]) == [third, first]


def test_resolve_by_id_beginning_and_file(store, articles):
    record, source = articles[3]
    identity = record.article.id
    for name in (identity, identity[:9], identity[:9].upper(), "3.txt", source.key):
        assert store.resolve(name) == identity
    with pytest.raises(InputError, match="no-such-file"):
        store.resolve("no-such-file.txt")
    with pytest.raises(InputError, match="'%%%%'"):
        store.resolve("%%%%")


@pytest.mark.parametrize("read", ["article", "card"])
def test_unknown_article_is_named(store, read):
    with pytest.raises(InputError, match="feedfacefeedface"):
        getattr(store, read)("feedfacefeedface")


def test_a_date_that_is_none_is_refused(store):
    with pytest.raises(InputError, match="next week"):
        store.articles(Filter(published_from="next week"))
