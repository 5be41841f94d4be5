"""The contract of a store: what it holds after each change, made and read in one place or in shards."""

import threading

import numpy as np
import pytest
from store_samples import (
    DIMENSION,
    WORDS,
    WordsEmbedder,
    chunks_of,
    metadata,
    record_of,
    source_of,
    worded_articles,
)

from index.errors import InputError, ModelError
from index.schema import ArticleRecord, Filter, RemovalReason, Removed


def test_empty_library_answers_with_nothing(stores, tmp_path):
    store = stores.new(tmp_path)
    vector = WordsEmbedder().embed(["x"])[0]
    assert store.search_words("x", 5) == store.search_vectors(vector, 5) == store.articles() == []
    assert store.stats().articles == 0
    assert store.verify() == []
    store.save()
    assert store.search_vectors(vector, 5) == []
    store.close()


def test_put_again_replaces_and_keeps_sources(stores, tmp_path):
    store = stores.new(tmp_path)
    record = record_of("One line.\nTwo lines.")
    store.put(record, source_of("/a"))
    store.put(record, source_of("/b"))
    assert len(store.articles()) == 1
    assert [source.key for source in store.sources_of(record.article.id)] == ["/a", "/b"]
    assert len(chunks_of(store, record.article.id)) == 2
    assert store.verify() == []
    store.close()


def test_metadata_of_sources_is_merged_by_key(stores, tmp_path):
    store = stores.new(tmp_path)
    poor, rich = metadata("From a"), metadata("From b", "The Post", "2025-01-02")
    record = record_of("One line.\nTwo lines.", rich)
    store.put(record, source_of("/b", rich))
    store.attach(record.article, source_of("/a", poor))
    card = store.card(record.article.id)
    assert (card.title, card.outlet, card.published, card.file) == ("From a", "The Post", "2025-01-02", "a")
    assert store.search_words("From", 5)
    assert store.stale() == (record.article.id,)
    store.detach(["/a"])
    assert store.card(record.article.id).title == "From b"
    assert store.detach(["/b"]) == 1
    assert store.articles() == []
    assert store.verify() == []
    store.close()


def test_raw_and_removed_spans_are_kept(stores, tmp_path):
    store = stores.new(tmp_path)
    removed = (Removed(0, 4, RemovalReason.MENU),)
    record = record_of("One line.", raw="Menu\nOne line.", removed=removed)
    store.put(record, source_of("/a"))
    article = store.article(record.article.id)
    assert (article.raw, article.removed) == ("Menu\nOne line.", removed)
    store.close()


@pytest.mark.parametrize("spoil", ["nan", "length", "count", "dimension"])
def test_vectors_that_are_not_are_not_stored(stores, tmp_path, spoil):
    store = stores.new(tmp_path)
    record = record_of("One line.\nTwo lines.")
    vectors = {
        "nan": np.full((2, DIMENSION), np.nan, dtype=np.float32),
        "length": record.vectors * 2,
        "count": record.vectors[:1],
        "dimension": record.vectors[:, :-1],
    }[spoil]
    bad = ArticleRecord(
        record.article, record.sentences, record.chunks, vectors, record.analysis, record.signature
    )
    with pytest.raises(ModelError):
        store.put(bad, source_of("/a"))
    assert store.articles() == []
    store.close()


def test_ties_are_settled_by_article_and_place(stores, tmp_path):
    orders = []
    for turn in (1, -1):
        store = stores.new(tmp_path / str(turn))
        made = [record_of(f"same words here\nsame words here\nending{number}") for number in range(9)]
        for number, record in enumerate(made[::turn]):
            store.put(record, source_of(f"/t/{record.article.id}", file=str(number)))
        vector = made[0].vectors[0]
        orders.append(
            (
                [(hit.article, hit.ordinal, hit.score) for hit in store.search_vectors(vector, 7)],
                [(hit.article, hit.ordinal, hit.score) for hit in store.search_words("same words", 7)],
            )
        )
        store.close()
    assert orders[0] == orders[1]
    for order in orders[0]:
        assert [row[:2] for row in order] == sorted(row[:2] for row in order)


def test_count_mentioning_wants_whole_words(stores, tmp_path):
    store = stores.new(tmp_path)
    texts = {
        "name": "On Friday Mrs May resigned as leader.",
        "month": "That may happen in the end.",
        "capitals": "MAY RESIGNS AS LEADER OF THE PARTY",
        "inside": "The Mayor spoke about Maya.",
        "accent": "President Erdoğan spoke in Ankara.",
        "two words": "Xi  Jinping met them.",
        "apart": "Xi said that Jinping Road was closed.",
        "possessive": "Trump’s aides were there.",
    }
    ids = {}
    for name, text in texts.items():
        record = record_of(text)
        ids[record.article.id] = name
        store.put(record, source_of(f"/m/{name}"))

    def found(*names, limits=None):
        return {ids[identity] for identity in store.count_mentioning(names, limits or Filter())}

    assert found("May") == {"name", "capitals"}
    assert found("may") == {"name", "month", "capitals"}
    assert found("Erdogan") == {"accent"}
    assert found("Xi Jinping") == {"two words"}
    assert found("Trump", "Mrs May") == {"possessive", "name"}
    assert found("") == set()
    assert found('"') == set()
    first = next(iter(ids))
    assert found("May", limits=Filter(articles=(first,))) == {"name"}
    store.close()


def test_resolve_refuses_a_name_of_two_articles(stores, tmp_path):
    store = stores.new(tmp_path)
    for folder in "ab":
        store.put(record_of(f"Text of {folder}."), source_of(f"/{folder}/same.txt"))
    with pytest.raises(InputError, match="2 articles"):
        store.resolve("same.txt")
    assert store.resolve("/a/same.txt")
    store.close()


def test_removing_takes_effect_at_once_and_shrinks(stores, tmp_path):
    store = stores.new(tmp_path)
    empty = store.stats().bytes_on_disk
    made = worded_articles(200, seed=8)
    for record, source in made:
        store.put(record, source)
    store.save(shrink=True)
    reader = stores.open(tmp_path)
    before = reader.stats()
    gone = [record.article.id for record, _ in made[:150]]
    assert store.remove(gone) == 150
    vector = made[0][0].vectors[0]
    stores.publish(store)
    for look in (store, reader):
        assert not {hit.article for hit in look.search_vectors(vector, 500)} & set(gone)
        assert not {hit.article for hit in look.search_words(" ".join(WORDS), 500)} & set(gone)
    reader.close()
    store.save(shrink=True)
    after = store.stats()
    assert after.articles == 50
    assert after.bytes_on_disk - empty < (before.bytes_on_disk - empty) * 0.4
    assert store.verify() == []
    secret = b"n17\n"
    for path in stores.databases(tmp_path):
        assert secret not in path.read_bytes()
    store.close()


def test_readers_in_threads_see_every_commit(stores, tmp_path):
    store = stores.new(tmp_path)
    made = worded_articles(40, seed=5)
    store.put(*made[0])
    stores.publish(store)
    reader = stores.open(tmp_path)
    counts, errors, done = [], [], threading.Event()

    def look():
        try:
            while not done.is_set():
                counts.append(len(reader.search_vectors(made[0][0].vectors[0], 500)))
                for hit in reader.search_words("tariff", 20):
                    assert reader.article(hit.article).text[hit.start : hit.end]
        except Exception as error:  # noqa: BLE001 - a failure in a thread must reach the test
            errors.append(error)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for record, source in made[1:]:
        store.put(record, source)
        stores.publish(store)
    done.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert all(count % 3 == 0 for count in counts), "an article was seen in part"
    assert len(reader.search_vectors(made[0][0].vectors[0], 500)) == 120
    reader.close()
    store.close()
