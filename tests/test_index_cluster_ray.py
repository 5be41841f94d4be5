"""A library in shards served by Ray nodes: the same answers, also while nodes die."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from asking import Asking
from ray_nodes import joined, slowness, wait_until
from same_answers import LIMITS, same_articles, same_lists, same_searches, some_articles, story
from store_samples import LocalStores, ShardedStores, WordsEmbedder, record_of, source_of

from index.cluster import ray_shards, replica
from index.cluster.manifest import shard_of
from index.cluster.opening import open_cluster_store
from index.cluster.ray_serving import replica_states, replicas_of, serve, stop_serving
from index.cluster.replica import Replica
from index.errors import InputError, ShardLostError

pytestmark = [pytest.mark.cluster, pytest.mark.slow]

WORST_SECONDS = 2.0 * slowness()


@pytest.fixture(scope="module")
def nodes():
    return joined()


def published(folder):
    """The same articles in one library, open, and in the folder of a cluster library."""
    one = LocalStores.new(folder / "one")
    many = ShardedStores.new(folder / "many")
    for record, source in some_articles(24):
        one.put(record, source)
        many.put(record, source)
    many.save()
    many.close()
    return one, folder / "many"


class Served:
    """One library and the same in shards that nodes serve, each shard by so many replicas.

    They are started once; what a test has killed is started again before the next.
    """

    def __init__(self, nodes, folder, replicas):
        self.nodes, self.replicas = nodes, replicas
        self.one, self.folder = published(folder)

    def open(self):
        serve(self.nodes.ray, self.folder, self.replicas)
        return open_cluster_store(self.folder, address=self.nodes.address)

    def close(self):
        assert stop_serving(self.nodes.ray, self.folder) == 3 * self.replicas
        self.one.close()


@pytest.fixture(scope="module")
def served_twice(nodes, tmp_path_factory):
    made = Served(nodes, tmp_path_factory.mktemp("twice"), 2)
    yield made
    made.close()


@pytest.fixture(scope="module")
def served_once(nodes, tmp_path_factory):
    made = Served(nodes, tmp_path_factory.mktemp("once"), 1)
    yield made
    made.close()


def asking(served, many):
    """Search the shards until the test is done; each answer must be that of one library."""
    vector = WordsEmbedder().embed(["w7 w11"])[0]

    def found(store):
        started = time.monotonic()
        hits = [(hit.article, hit.score) for hit in store.search_vectors(vector, 9)]
        return hits, store.lost(started)[0]

    return Asking(lambda: found(many), found(served.one))


def check_whole(served, many, asked):
    """Check that no question was answered wrongly, in part or late, and that all is there."""
    assert asked.wrong == []
    assert max(asked.all) < WORST_SECONDS
    assert many.lost(0.0) == (0, 3)
    same_articles(served.one, many)
    many.close()


def process_of(served, shard):
    """The process of a shard's first replica."""
    states = replica_states(served.nodes.ray, served.folder, 2.0 * slowness())
    assert len(states) == 3 * served.replicas
    state = next(state for state in states if state.shard == shard)
    return int(state.where.rpartition(" ")[2])


def test_served_shards_give_the_answers_of_one_library(served_twice):
    one, many = served_twice.one, served_twice.open()
    for limits in LIMITS:
        same_lists(one, many, limits)
        same_searches(one, many, limits)
    same_articles(one, many)
    with pytest.raises(InputError, match="'%%%%'"):
        many.resolve("%%%%")
    assert many.lost(0.0) == (0, 3)
    many.close()


def test_replicas_that_are_killed_cost_no_answer(served_twice):
    many = served_twice.open()
    with asking(served_twice, many) as asked:
        for shard in range(3):
            os.kill(process_of(served_twice, shard), signal.SIGKILL)
            asked.wait_for(10)
    check_whole(served_twice, many, asked)


def test_replicas_that_ray_starts_again_are_waited_for(served_twice):
    for shard in range(3):
        os.kill(process_of(served_twice, shard), signal.SIGKILL)
        served_twice.open().close()
    states = replica_states(served_twice.nodes.ray, served_twice.folder, 10.0)
    assert all(state.answers for state in states)
    places = {(state.shard, state.where.split(", ")[1]) for state in states}
    assert len(places) == len(states), "two replicas of a shard are on one node"


def test_a_node_that_dies_costs_no_answer_with_two_replicas(served_twice, nodes):
    many = served_twice.open()
    states = replica_states(nodes.ray, served_twice.folder, 2.0 * slowness())
    victim = next(node for node in nodes.nodes if any(node.node_id[:8] in state.where for state in states))
    with asking(served_twice, many) as asked:
        nodes.kill(victim)
        asked.wait_for(10)
        wait_until(lambda: len(alive(nodes)) == 2, "Ray to notice that a node is gone")
        asked.wait_for(10)
    nodes.nodes.remove(victim)
    nodes.nodes.append(nodes.add())
    check_whole(served_twice, many, asked)


def alive(nodes):
    return [node for node in nodes.ray.nodes() if node["Alive"]]


def test_readers_of_served_shards_see_what_is_published(served_twice):
    one, many = served_twice.one, served_twice.open()
    writer = open_cluster_store(served_twice.folder, write=True)
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


def test_a_part_that_nobody_answers_for_is_said_and_comes_back(served_once):
    one, many, nodes = served_once.one, served_once.open(), served_once.nodes
    before = many.generation()
    lost = replicas_of(nodes.ray, served_once.folder)[1, 0]
    nodes.ray.kill(lost, no_restart=True)
    cards, partial, took = answered(many)
    deadline = time.monotonic() + 10 * slowness()
    # Ray lets it finish what has reached it.
    while partial == (0, 3) and time.monotonic() < deadline:
        cards, partial, took = answered(many)
    assert took < WORST_SECONDS
    assert partial == (1, 3)
    assert 0 < len(cards) < len(one.articles())
    assert many.generation() > before, "what was kept from before must not be shown as the whole"
    missed = next(card.id for card in one.articles() if shard_of(card.id, 3) == 1)
    with pytest.raises(ShardLostError, match="does not answer"):
        many.article(missed)
    _, _, took = answered(many)
    assert took < ray_shards.HEDGE_SECONDS, "it is missed, not waited for"
    many.close()
    again = served_once.open()
    same_articles(one, again)
    again.close()


def answered(store):
    """The articles, how many parts were lost and how long it took."""
    started = time.monotonic()
    cards = store.articles()
    return cards, store.lost(started), time.monotonic() - started


def test_parts_that_are_at_work_are_waited_for_and_stay_in_use(nodes, tmp_path, monkeypatch):
    seconds = 2 * ray_shards.LIMIT_SECONDS

    class Slow(Replica):
        def ask(self, path, stories, call):
            end = time.monotonic() + (seconds if call.method == "articles" else 0.0)
            while time.monotonic() < end:
                pass
            return super().ask(path, stories, call)

    monkeypatch.setattr(replica, "Replica", Slow)
    served = Served(nodes, tmp_path, 2)
    many = served.open()
    changes = many.generation()
    cards, partial, took = answered(many)
    assert took > seconds
    assert partial == (0, 3)
    assert cards == served.one.articles()
    assert many.generation() == changes, "no replica was taken for lost"
    many.close()
    served.close()


def test_a_part_that_dies_at_work_is_left_out_soon(nodes, tmp_path, monkeypatch):
    class Endless(Replica):
        def ask(self, path, stories, call):
            while call.method == "articles" and self._shard == 1:
                time.sleep(0.1)
            return super().ask(path, stories, call)

    monkeypatch.setattr(replica, "Replica", Endless)
    served = Served(nodes, tmp_path, 1)
    many = served.open()
    process = process_of(served, 1)
    pause = 2 * ray_shards.LIMIT_SECONDS
    stopping = threading.Timer(pause, os.kill, (process, signal.SIGSTOP))
    stopping.start()
    cards, partial, took = answered(many)
    stopping.join()
    assert pause < took < pause + WORST_SECONDS
    assert partial == (1, 3)
    assert 0 < len(cards) < len(served.one.articles())
    many.close()
    os.kill(process, signal.SIGKILL)
    served.close()


def test_a_part_that_was_away_is_noticed_when_it_is_back(served_once):
    one, many = served_once.one, served_once.open()
    process = process_of(served_once, 2)
    os.kill(process, signal.SIGSTOP)
    try:
        cards, partial, took = answered(many)
        generation = many.generation()
    finally:
        os.kill(process, signal.SIGCONT)
    assert took < WORST_SECONDS
    assert len(cards) < len(one.articles())
    assert partial == (1, 3)
    wait_until(lambda: many.generation() > generation, "the part to be back")
    started = time.monotonic()
    same_articles(one, many)
    assert many.lost(started) == (0, 3)
    many.close()


def test_a_cluster_that_is_not_there_is_said_at_once(tmp_path, root):
    published(tmp_path)[0].close()
    ask = [sys.executable, "-m", "qa", "Who?", "--library", str(tmp_path / "many")]
    command = [*ask, "--ray-address", "127.0.0.1:1"]
    done = subprocess.run(
        command, cwd=root, capture_output=True, text=True, timeout=60 * slowness(), check=False
    )
    assert done.returncode == 2
    assert "no Ray cluster at '127.0.0.1:1'" in done.stderr


LEAVES = """
import sys
from index.cluster.ray_link import join_ray
ray = join_ray(sys.argv[1])
reference = ray.put(1)
ray.shutdown()
try:
    ray.put(2)
except Exception as error:
    print(type(error).__name__)
print(ray.is_initialized())
"""


def test_a_process_that_has_left_the_cluster_starts_none_of_its_own(nodes, root):
    done = subprocess.run(
        [sys.executable, "-c", LEAVES, nodes.address],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=60 * slowness(),
        check=False,
    )
    assert done.stdout.endswith("\nFalse\n"), done.stderr


def test_a_library_that_nobody_serves_says_how_to(nodes, tmp_path):
    published(tmp_path)[0].close()
    with pytest.raises(ShardLostError, match="cluster serve"):
        open_cluster_store(tmp_path / "many", address=nodes.address)
