"""Building a library in shards on Ray nodes, one of which is killed in the middle."""

import os
import random
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from ray_nodes import joined, slowness, wait_until
from store_samples import settle

from index.cluster.manifest import read_manifest
from index.cluster.opening import open_cluster_store
from index.cluster.ray_serving import replicas_of, serve, stop_serving
from qa.answer_json import to_json
from qa.engine import Engine
from qa.schema import Partial, Question

pytestmark = [pytest.mark.cluster, pytest.mark.slow]

NAMES = "Arnholt Brenn Calder Dorn Esker Fjord Galt Holm Ibsen Jutta".split()
COUNT = 80


@pytest.fixture(scope="module")
def articles(tmp_path_factory):
    """A folder of small articles, each with somebody who praises somebody."""
    folder = tmp_path_factory.mktemp("articles")
    chance = random.Random(11)
    for number in range(COUNT):
        speaker, target = chance.sample(NAMES, 2)
        more = " ".join(chance.choices("harbour tax council vote budget storm ferry school".split(), k=60))
        text = (
            f"Number {number} of the council\n\nThe council of {chance.choice(NAMES)} met on Monday.\n\n"
            f"“It is right,” said Mayor Ann {speaker}, who praised Deputy Karl {target}.\n\n{more}.\n"
        )
        (folder / f"{number}.txt").write_text(text)
        settle(folder / f"{number}.txt")
    return folder


@pytest.fixture(scope="module")
def built(root, articles, tmp_path_factory):
    """The library in shards that one process makes of them."""
    out = tmp_path_factory.mktemp("built") / "news"
    assert "80 added" in finished(build(root, articles, out, "--jobs", 1))
    return out


def build(root, articles, out, *more):
    command = [sys.executable, "-m", "index", "cluster", "build", articles, "--shards", 3, "--out", out]
    return subprocess.Popen(
        [str(part) for part in (*command, "--model", "hashing", *more)],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )


def finished(process):
    said, _ = process.communicate(timeout=300 * slowness())
    assert process.returncode == 0, said
    return said


def stored(out):
    """How many articles a writer has stored so far."""
    total = 0
    for path in out.glob("work/*/library.sqlite"):
        with closing(sqlite3.connect(path)) as connection:
            total += connection.execute("SELECT count(*) FROM articles").fetchone()[0]
    return total


def digest_of(folder):
    with closing(open_cluster_store(folder)) as store:
        assert store.verify() == []
        return store.digest()


def test_a_node_that_dies_in_the_middle_of_a_build_costs_no_article(root, articles, built, tmp_path):
    nodes, out = joined(), tmp_path / "news"
    process = build(root, articles, out, "--address", nodes.address)
    wait_until(lambda: stored(out) >= COUNT // 8 or process.poll() is not None, "some articles", 200)
    assert 0 < stored(out) < COUNT
    nodes.kill(nodes.nodes[0])
    nodes.nodes[0] = nodes.add()
    assert "80 added" in finished(process)
    assert digest_of(out) == digest_of(built)
    assert sum(entry.articles for entry in read_manifest(out).shards) == COUNT


def test_the_same_answers_are_given_by_the_nodes(built, monkeypatch):
    nodes = joined()
    asked = [Question("Who praised Karl Brenn?"), Question("How many articles mention Dorn?")]
    asked.append(Question("Who praised Karl Holm most?"))
    with Engine.open(built) as engine:
        expected = [to_json(engine.ask(question)) for question in asked]
    serve(nodes.ray, built, 1)
    monkeypatch.setenv("DATELINE_RAY_ADDRESS", nodes.address)
    with Engine.open(built) as engine:
        given = [to_json(engine.ask(question)) for question in asked]
        nodes.ray.kill(replicas_of(nodes.ray, built)[0, 0], no_restart=True)
        # Ray lets it finish what has reached it.
        wait_until(lambda: engine.ask(asked[1]).partial, "a part to be missed")
        without = engine.ask(asked[1])
    stop_serving(nodes.ray, built)
    for one, other in zip(expected, given, strict=True):
        assert {**one, "timings": None} == {**other, "timings": None}
    assert all(answer["partial"] is None for answer in given)
    assert any(answer["tally"] for answer in given)
    assert without.partial == Partial(2, 3, "partial: 2 of 3 parts of the library answered")
    assert int(without.short_answer) < int(expected[1]["short_answer"])
