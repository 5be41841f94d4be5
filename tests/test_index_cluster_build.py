"""Building a library in shards on Ray nodes, one of which is killed in the middle."""

import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest
from ray_nodes import joined
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
    said, _ = process.communicate(timeout=300)
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


def test_a_node_that_dies_in_the_middle_of_a_build_costs_no_article(root, articles, tmp_path):
    nodes = joined()
    assert "80 added" in finished(build(root, articles, tmp_path / "here", "--jobs", 1))
    process = build(root, articles, tmp_path / "there", "--address", nodes.address)
    deadline = time.monotonic() + 200
    while stored(tmp_path / "there") < COUNT // 8 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    before = stored(tmp_path / "there")
    assert 0 < before < COUNT
    nodes.kill(nodes.nodes[0])
    nodes.nodes[0] = nodes.add()
    said = finished(process)
    assert "80 added" in said
    assert digest_of(tmp_path / "there") == digest_of(tmp_path / "here")
    assert sum(entry.articles for entry in read_manifest(tmp_path / "there").shards) == COUNT


def test_the_same_answers_are_given_by_the_nodes(root, articles, tmp_path, monkeypatch):
    nodes = joined()
    assert "80 added" in finished(build(root, articles, tmp_path / "news", "--jobs", 1))
    asked = [Question("Who praised Karl Brenn?"), Question("How many articles mention Dorn?")]
    asked.append(Question("Who praised Karl Holm most?"))
    with Engine.open(tmp_path / "news") as engine:
        expected = [to_json(engine.ask(question)) for question in asked]
    serve(nodes.ray, tmp_path / "news", 2)
    monkeypatch.setenv("DATELINE_RAY_ADDRESS", nodes.address)
    with Engine.open(tmp_path / "news") as engine:
        given = [to_json(engine.ask(question)) for question in asked]
        for actor in [replicas_of(nodes.ray, tmp_path / "news")[0, replica] for replica in range(2)]:
            nodes.ray.kill(actor, no_restart=True)
        deadline = time.monotonic() + 10
        while (without := engine.ask(asked[1])).partial is None and time.monotonic() < deadline:
            time.sleep(0.1)
        stop_serving(nodes.ray, tmp_path / "news")
        for one, other in zip(expected, given, strict=True):
            assert {**one, "timings": None} == {**other, "timings": None}
        assert all(answer["partial"] is None for answer in given)
    assert any(answer["tally"] for answer in given)
    assert without.partial == Partial(2, 3, "partial: 2 of 3 parts of the library answered")
    assert int(without.short_answer) < int(expected[1]["short_answer"])
