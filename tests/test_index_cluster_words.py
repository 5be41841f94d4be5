"""The words' counts of a whole cluster library: exact, kept up to date, and there when a shard is not."""

import sqlite3
from collections import Counter
from dataclasses import replace

import pytest
from cluster_parts import watched
from same_answers import LIMITS, placed, some_articles, story
from store_samples import LocalStores, ShardedStores, WordsEmbedder

from index.cluster.manifest import read_manifest, shard_of, write_manifest
from index.cluster.opening import open_cluster_store
from index.cluster.word_counts import WordCounts, counts_in
from index.schema import Filter
from index.stores.disk import file_digest
from index.stores.found import Sought

QUERIES = [" ".join(story(seed, 1)[0].split()[:5]) for seed in range(12)]


@pytest.fixture
def pair(tmp_path):
    """The same articles in one library, open, and in the folder of a published cluster library."""
    one, many = LocalStores.new(tmp_path / "one"), ShardedStores.new(tmp_path / "many")
    for record, source in some_articles(24):
        one.put(record, source)
        many.put(record, source)
    many.save()
    many.close()
    yield one, tmp_path / "many"
    one.close()


def counted(one):
    """How many chunks hold each word, counted chunk by chunk; words of these samples have no other forms."""
    counts = Counter()
    for title, body in one.database.rows("SELECT title, body FROM chunk_words"):
        counts.update({word.strip(".").lower().encode() for word in f"{title} {body}".split()})
    return counts


def numbered(counts):
    """The counts of the words that stand as they are in the word index: letters with a number."""
    return {word: count for word, count in counts.items() if word[:1] == b"w" and word[1:].isdigit()}


def counts_of(folder):
    return counts_in(folder / read_manifest(folder).words)


def test_the_counts_are_those_of_every_chunk(pair):
    one, folder = pair
    manifest = read_manifest(folder)
    assert numbered(counts_of(folder)) == numbered(counted(one))
    assert len(numbered(counts_of(folder))) > 1000
    assert file_digest(folder / manifest.words) == manifest.words_sha256
    statistics = one.words.statistics("w7")
    assert sum(shard.tokens for shard in manifest.shards) == statistics.tokens
    assert sum(shard.chunks for shard in manifest.shards) == statistics.rows


def test_the_counts_follow_every_change(pair):
    one, folder = pair
    for kept in (9, 3, 0):
        gone = sorted(card.id for card in one.articles())[kept:]
        with_shards = open_cluster_store(folder, write=True)
        for store in (one, with_shards):
            store.remove(gone[:1])
        with_shards.save()
        assert numbered(counts_of(folder)) == numbered(counted(one))
        for store in (one, with_shards):
            store.remove(gone[1:])
        with_shards.save(shrink=True)
        with_shards.close()
        assert numbered(counts_of(folder)) == numbered(counted(one))
    assert counts_of(folder) == {}
    assert len(list(folder.glob("words.*"))) == 2, "of this version and the one before"


def test_scores_are_those_of_the_whole_library_when_a_shard_is_silent(pair):
    one, folder = pair
    many, shards = watched(folder)
    everything = len(one.articles()) * 20
    for lost in range(shards.count):
        shards.silent = {lost}
        for limits in LIMITS:
            for query in QUERIES:
                whole = placed(one.search_words(query, everything, limits))
                rest = [hit for hit in whole if shard_of(hit[0], shards.count) != lost]
                assert placed(many.search_words(query, everything, limits)) == rest
    assert rest != whole
    many.close()


def test_what_a_question_finds_scores_the_same_when_a_shard_is_silent(pair):
    one, folder = pair
    many, shards = watched(folder)
    everything = len(one.articles()) * 20
    for query in QUERIES[:6]:
        vector = WordsEmbedder().embed([query])[0]
        sought = Sought((query, query.split()[0]), vector, (query[:9],), everything, Filter())
        whole = columns(one.find(sought))
        for lost in range(shards.count):
            shards.silent = {lost}
            rest = [row for row in whole if shard_of(row[0], shards.count) != lost]
            assert columns(many.find(sought)) == rest != whole
    many.close()


def columns(found):
    """What was found as one row a chunk, without the numbers that each store has for its chunks."""
    rows = zip(found.article, found.words.T, found.vector, found.holding.T, strict=True)
    return [
        (found.articles[place], found.days[place], str(words), float(vector), held.tolist())
        for place, words, vector, held in rows
    ]


def test_no_shard_is_asked_for_statistics_of_single_words(pair):
    _, folder = pair
    many, shards = watched(folder)
    many.search_words("w7 w11 and W29's", 5)
    assert {method for _, method in shards.asked} == {"search_words"}
    many.search_words("w7 w11-w12", 5)
    many.search_words("w3 w11-w12", 5)
    assert Counter(method for _, method in shards.asked)["phrases_held"] == shards.count, "once for a version"
    many.close()


@pytest.mark.parametrize("harm", ["gone", "changed"])
def test_counts_that_cannot_be_trusted_are_asked_of_the_shards(pair, harm, caplog):
    one, folder = pair
    path = folder / read_manifest(folder).words
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    many = open_cluster_store(folder)
    for query in QUERIES:
        assert placed(many.search_words(query, 9)) == placed(one.search_words(query, 9))
    assert path.name in caplog.text
    assert any(path.name in problem for problem in many.verify())
    many.close()
    writer = open_cluster_store(folder, write=True)
    writer.remove([one.articles()[0].id])
    one.remove([one.articles()[0].id])
    writer.save()
    assert writer.verify() == []
    assert numbered(counts_of(folder)) == numbered(counted(one))
    writer.close()


def test_wrong_counts_are_found_by_verify(pair):
    _, folder = pair
    manifest = read_manifest(folder)
    other = "words.9.sqlite"
    (folder / other).write_bytes((folder / manifest.words).read_bytes())
    with sqlite3.connect(folder / other) as connection:
        connection.execute("UPDATE words SET chunks = chunks + 1 WHERE word = (SELECT max(word) FROM words)")
    connection.close()
    write_manifest(folder, replace(manifest, words=other, words_sha256=file_digest(folder / other)))
    many = open_cluster_store(folder)
    assert [problem for problem in many.verify() if "counts" in problem]
    many.close()


def test_a_word_that_nobody_uses_is_held_by_no_chunk(pair):
    _, folder = pair
    manifest = read_manifest(folder)
    counts = WordCounts(folder / manifest.words, manifest.words_sha256)
    assert counts.holding([b"never", b"and"]) == [0, counts_of(folder)[b"and"]]
    assert counts.holding([]) == []
