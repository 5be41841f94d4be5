"""A library in shards served by Ray nodes: the same answers, also while nodes die."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from ray_nodes import joined
from same_answers import LIMITS, same_articles, same_lists, same_searches, some_articles, story
from store_samples import LocalStores, ShardedStores, WordsEmbedder, record_of, source_of

from index.cluster import ray_shards
from index.cluster.manifest import shard_of
from index.cluster.opening import open_cluster_store
from index.cluster.ray_serving import replica_states, replicas_of, serve, stop_serving
from index.errors import InputError, ShardLostError

pytestmark = [pytest.mark.cluster, pytest.mark.slow]

WORST_SECONDS = 2.0


@pytest.fixture(scope="module")
def nodes():
    return joined()


@pytest.fixture
def published(tmp_path):
    """The same articles in one library, open, and in the folder of a cluster library."""
    one = LocalStores.new(tmp_path / "one")
    many = ShardedStores.new(tmp_path / "many")
    for record, source in some_articles(24):
        one.put(record, source)
        many.put(record, source)
    many.save()
    many.close()
    yield one, tmp_path / "many"
    one.close()


def asks(store, seconds, problems, waits, want):
    """Search again and again; note how long each search took, and each wrong answer."""
    vector = WordsEmbedder().embed(["w7 w11"])[0]
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        started = time.monotonic()
        found = [(hit.article, hit.score) for hit in store.search_vectors(vector, 9)]
        waits.append(time.monotonic() - started)
        if found != want:
            problems.append((len(found), store.lost(started)))


def test_served_shards_give_the_answers_of_one_library(nodes, published):
    one, folder = published
    serve(nodes.ray, folder, 2)
    many = open_cluster_store(folder, address=nodes.address)
    for limits in LIMITS:
        same_lists(one, many, limits)
        same_searches(one, many, limits)
    same_articles(one, many)
    with pytest.raises(InputError, match="'%%%%'"):
        many.resolve("%%%%")
    assert many.lost(0.0) == (0, 3)
    many.close()
    assert stop_serving(nodes.ray, folder) == 6


def test_a_replica_that_is_killed_costs_no_answer(nodes, published):
    one, folder = published
    serve(nodes.ray, folder, 2)
    many = open_cluster_store(folder, address=nodes.address)
    vector = WordsEmbedder().embed(["w7 w11"])[0]
    want = [(hit.article, hit.score) for hit in one.search_vectors(vector, 9)]
    problems, waits = [], []
    asking = threading.Thread(target=asks, args=(many, 12.0, problems, waits, want))
    asking.start()
    time.sleep(1.0)
    states = replica_states(nodes.ray, folder)
    assert len(states) == 6
    # One process of each shard, in turn.
    for shard in range(3):
        state = next(state for state in states if state.shard == shard)
        os.kill(int(state.where.rpartition(" ")[2]), signal.SIGKILL)
        time.sleep(2.5)
    asking.join()
    assert problems == []
    assert len(waits) > 20
    assert max(waits) < WORST_SECONDS
    assert many.lost(0.0) == (0, 3)
    same_articles(one, many)
    many.close()
    stop_serving(nodes.ray, folder)


def test_a_node_that_dies_costs_no_answer_with_two_replicas(nodes, published):
    one, folder = published
    serve(nodes.ray, folder, 2)
    many = open_cluster_store(folder, address=nodes.address)
    vector = WordsEmbedder().embed(["w7 w11"])[0]
    want = [(hit.article, hit.score) for hit in one.search_vectors(vector, 9)]
    problems, waits = [], []
    asking = threading.Thread(target=asks, args=(many, 15.0, problems, waits, want))
    asking.start()
    time.sleep(1.0)
    states = replica_states(nodes.ray, folder)
    victim = next(node for node in nodes.nodes if any(node.node_id[:8] in state.where for state in states))
    nodes.kill(victim)
    asking.join()
    nodes.nodes.remove(victim)
    nodes.nodes.append(nodes.add())
    assert problems == []
    assert max(waits) < WORST_SECONDS
    assert many.lost(0.0) == (0, 3)
    many.close()
    stop_serving(nodes.ray, folder)


def test_a_part_that_nobody_answers_for_is_said_and_comes_back(nodes, published):
    one, folder = published
    serve(nodes.ray, folder, 1)
    many = open_cluster_store(folder, address=nodes.address)
    before = many.generation()
    lost = replicas_of(nodes.ray, folder)[1, 0]
    nodes.ray.kill(lost, no_restart=True)
    first = time.monotonic()
    cards, took = many.articles(), 0.0
    # Ray lets it finish what has reached it.
    while many.lost(first) == (0, 3) and time.monotonic() < first + 10:
        started = time.monotonic()
        cards, took = many.articles(), time.monotonic() - started
    assert took < WORST_SECONDS
    assert many.lost(first) == (1, 3)
    assert 0 < len(cards) < len(one.articles())
    assert many.generation() > before, "what was kept from before must not be shown as the whole"
    missed = next(card.id for card in one.articles() if shard_of(card.id, 3) == 1)
    with pytest.raises(ShardLostError, match="does not answer"):
        many.article(missed)
    # It is missed, not waited for.
    started = time.monotonic()
    many.articles()
    assert time.monotonic() - started < ray_shards.HEDGE_SECONDS
    many.close()
    serve(nodes.ray, folder, 1)
    again = open_cluster_store(folder, address=nodes.address)
    same_articles(one, again)
    again.close()
    stop_serving(nodes.ray, folder)


def test_a_part_that_was_away_is_noticed_when_it_is_back(nodes, published):
    one, folder = published
    serve(nodes.ray, folder, 1)
    many = open_cluster_store(folder, address=nodes.address)
    state = next(state for state in replica_states(nodes.ray, folder) if state.shard == 2)
    pid = int(state.where.rpartition(" ")[2])
    os.kill(pid, signal.SIGSTOP)
    started = time.monotonic()
    try:
        cards = many.articles()
        took = time.monotonic() - started
        partial = many.lost(started)
        generation = many.generation()
    finally:
        os.kill(pid, signal.SIGCONT)
    assert took < WORST_SECONDS
    assert len(cards) < len(one.articles())
    assert partial == (1, 3)
    deadline = time.monotonic() + 20
    while many.generation() == generation and time.monotonic() < deadline:
        time.sleep(0.1)
    assert many.generation() > generation
    started = time.monotonic()
    same_articles(one, many)
    assert many.lost(started) == (0, 3)
    many.close()
    stop_serving(nodes.ray, folder)


def test_readers_of_served_shards_see_what_is_published(nodes, published):
    one, folder = published
    serve(nodes.ray, folder, 2)
    many = open_cluster_store(folder, address=nodes.address)
    writer = open_cluster_store(folder, write=True)
    for seed in range(3):
        record = record_of("\n".join(story(700 + seed)))
        for store in (one, writer):
            store.put(record, source_of(f"/new/{seed}"))
        writer.save()
        assert many.has(record.article.id)
        same_lists(one, many, LIMITS[0])
    gone = [card.id for card in one.articles()[:5]]
    assert one.remove(gone) == writer.remove(gone) == 5
    writer.save(shrink=True)
    same_lists(one, many, LIMITS[0])
    assert not many.cards(gone)
    writer.close()
    many.close()
    stop_serving(nodes.ray, folder)


def test_a_cluster_that_is_not_there_is_said_at_once(published, root):
    command = [
        sys.executable,
        "-m",
        "qa",
        "Who?",
        "--library",
        str(published[1]),
        "--ray-address",
        "127.0.0.1:1",
    ]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "no Ray cluster at '127.0.0.1:1'" in done.stderr


def test_a_library_that_nobody_serves_says_how_to(nodes, published):
    with pytest.raises(ShardLostError, match="cluster serve"):
        open_cluster_store(published[1], address=nodes.address)
