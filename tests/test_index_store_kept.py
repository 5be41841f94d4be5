"""What is read once and kept: never older than the library."""

from store_samples import metadata, record_of, source_of

from index.schema import Filter
from index.stores.kept import Kept


def test_a_result_is_read_once_until_the_library_changes():
    generation, read = [1], []

    def count() -> int:
        read.append(generation[0])
        return len(read)

    kept = Kept(lambda: generation[0], most=2)
    assert [kept.get("a", count), kept.get("a", count)] == [1, 1]
    generation[0] = 2
    assert [kept.get("a", count), kept.get("a", count)] == [2, 2]
    assert read == [1, 2]


def test_what_was_unused_longest_goes_first():
    read = []
    kept = Kept(lambda: 1, most=2)

    def get(key: str) -> None:
        kept.get(key, lambda: read.append(key))

    for key in "abaca":
        get(key)
    assert read == ["a", "b", "c"]
    get("b")
    assert read == ["a", "b", "c", "b"]


def test_counts_follow_what_is_added_and_removed(stores, tmp_path):
    store = stores.new(tmp_path)
    first, second = record_of("Ana Ito spoke."), record_of("Then Ito left.")
    store.put(first, source_of("/first", metadata(outlet="The Post")))
    ids = [first.article.id]
    for _ in range(2):
        assert store.count_mentioning(["Ana Ito", "Ito"]) == ids
        assert store.extent().articles == 1
        assert store.outlets() == [("The Post", 1)]
    store.put(second, source_of("/second", metadata(outlet="The Ledger")))
    assert store.count_mentioning(["Ana Ito", "Ito"]) == sorted([*ids, second.article.id])
    assert store.count_mentioning(["Ana Ito"]) == ids
    assert store.count_mentioning(["Ito"], Filter(articles=(second.article.id,))) == [second.article.id]
    assert store.extent().articles == 2
    assert store.outlets() == [("The Ledger", 1), ("The Post", 1)]
    store.remove(ids)
    assert store.count_mentioning(["Ito"]) == [second.article.id]
    assert store.extent().articles == 1
    store.close()
