"""What the process that asks keeps of a cluster library, so that nothing is asked of the shards twice."""

from dataclasses import replace

import pytest
from cluster_parts import watched
from same_answers import some_articles
from store_samples import ShardedStores, chunks_of, new_store, record_of, source_of

from index.cluster.memory import Recent
from index.cluster.opening import open_cluster_store
from index.errors import InputError, ShardLostError


@pytest.fixture
def pair(tmp_path):
    """The same articles in one library and in shards, both open for reading; and the shards."""
    one, many = new_store(tmp_path / "one"), ShardedStores.new(tmp_path / "many")
    for record, source in some_articles(12):
        one.put(record, source)
        many.put(record, source)
    many.save()
    many.close()
    store, shards = watched(tmp_path / "many")
    yield one, store, shards
    one.close()
    store.close()


def read_all(store, ids):
    return [
        (
            store.text(one),
            store.sentences(one),
            store.mentions(one),
            store.mentions_between(one, 20, 200),
            store.analysis(one),
            store.card(one),
        )
        for one in ids
    ]


def test_articles_read_ahead_cost_one_round(pair):
    one, many, shards = pair
    ids = [card.id for card in one.articles()]
    numbers = [chunk.chunk for identity in ids for chunk in chunks_of(many, identity)]
    shards.rounds = 0
    many.read_ahead(ids, cards=ids, chunks=numbers)
    assert shards.rounds == 1
    assert read_all(many, ids) == read_all(one, ids)
    assert many.texts(ids) == one.texts(ids)
    assert many.cards(ids) == one.cards(ids)
    places = [replace(chunk, chunk=0) for identity in ids for chunk in chunks_of(one, identity)]
    assert [replace(chunk, chunk=0) for chunk in many.chunks(numbers)] == places
    assert [chunk.chunk for chunk in many.chunks(numbers)] == numbers
    many.read_ahead(ids[:2], cards=ids[2:], chunks=numbers[:5])
    assert shards.rounds == 1


def test_articles_are_read_once_however_often_they_are_asked_for(pair):
    one, many, shards = pair
    ids = [card.id for card in one.articles()][:3]
    for _ in range(3):
        assert read_all(many, ids) == read_all(one, ids)
        assert many.extent() == one.extent()
        assert many.outlets() == one.outlets()
        assert many.newest() == one.newest()
        assert many.extent_mentioning(["w7", "w11"]) == one.extent_mentioning(["w7", "w11"])
    # Each article and its card; four counts of every shard.
    assert len(shards.asked) == 3 * 2 + 4 * shards.count
    assert one.extent_mentioning(["w7", "w11"]).articles > 0
    assert many.extent_mentioning(["nobody"]) == one.extent_mentioning(["nobody"])


def test_an_unknown_article_reads_as_in_one_library(pair):
    one, many, _ = pair
    many.read_ahead(["nothing"])
    assert many.sentences("nothing") == one.sentences("nothing") == ()
    assert many.mentions("nothing") == one.mentions("nothing")
    assert many.analysis("nothing") == one.analysis("nothing")
    for method in ("text", "card"):
        with pytest.raises(InputError, match="no article 'nothing'"):
            getattr(many, method)("nothing")


def test_a_silent_shard_is_asked_again_and_not_taken_for_an_empty_one(pair):
    one, many, shards = pair
    ids = [card.id for card in one.articles()]
    shards.silent = {1}
    many.read_ahead(ids)
    assert many.extent().articles < one.extent().articles
    lost = next(name for name in ids if name not in many.texts(ids))
    for method in ("text", "card", "sentences", "analysis"):
        with pytest.raises(ShardLostError):
            getattr(many, method)(lost)
    shards.silent = set()
    assert many.extent() == one.extent()
    assert read_all(many, ids) == read_all(one, ids)
    # What was read before stays, whichever shard falls silent.
    shards.silent = {0, 1, 2}
    assert read_all(many, ids) == read_all(one, ids)
    assert many.extent() == one.extent()


def test_a_new_version_is_read_anew(tmp_path):
    writer = ShardedStores.new(tmp_path)
    record = record_of("The first article of all.")
    writer.put(record, source_of("/k/1"))
    writer.save()
    reader = open_cluster_store(tmp_path)
    assert reader.extent().articles == 1
    assert reader.text(record.article.id) == "The first article of all."
    writer.remove([record.article.id])
    writer.put(record_of("Another one."), source_of("/k/2"))
    writer.put(record_of("A third one."), source_of("/k/3"))
    assert writer.extent().articles == 2, "a writer sees its own changes"
    writer.save()
    assert reader.extent().articles == 2
    with pytest.raises(InputError):
        reader.text(record.article.id)
    reader.close()
    writer.close()


def test_what_is_longest_unused_goes_first():
    recent = Recent(2)
    recent.keep({"a": 1, "b": 2})
    recent.known(["a"])
    recent.keep({"c": 3})
    assert recent.known(["a", "b", "c"]) == {"a": 1, "c": 3}
    none = Recent(0)
    none.keep({"a": 1})
    assert none.known(["a"]) == {}
