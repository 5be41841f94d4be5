"""Answers from a library in shards are those from one library; the command line of shards."""

import json
import os

import pytest

from index.__main__ import main
from index.cluster.manifest import read_manifest
from index.library import Library
from index.search import search
from qa.answer_json import to_json
from qa.engine import Engine
from qa.schema import Question

pytestmark = pytest.mark.slow


def index(*arguments, code=0):
    assert main([str(argument) for argument in arguments]) == code


@pytest.fixture(scope="module")
def libraries(library_of, samples, tmp_path_factory):
    """The samples in one library and in three shards."""
    one = library_of(samples, "minilm")
    many = tmp_path_factory.mktemp("cluster") / "many"
    index("cluster", "build", one, "--shards", 3, "--out", many, "--quiet")
    return one, many


def questions(root):
    for name in ("samples", "kinds"):
        for line in (root / "eval" / "gold" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["question"]


def answered(engine, question):
    answer = to_json(engine.ask(Question(question)))
    del answer["timings"]
    return answer


def test_every_answer_is_that_of_one_library(libraries, root):
    one, many = libraries
    asked = list(questions(root))
    assert len(asked) > 90
    assert all(entry.articles > 2 for entry in read_manifest(many).shards)
    with Engine.open(one) as single, Engine.open(many) as sharded:
        for question in asked:
            assert answered(sharded, question) == answered(single, question)


def test_every_passage_and_score_is_that_of_one_library(libraries, root):
    one, many = libraries
    with Library.open(one) as single, Library.open(many) as sharded:
        for question in questions(root):
            assert search(sharded, question, k=20) == search(single, question, k=20)


STORY = "The council of {city} voted on Monday to raise the harbour tax.\n\n“It is right,” said {who} Holm.\n"


def test_the_commands_of_a_cluster_library(tmp_path, capsys):
    for city in ("Arnholt", "Brenn", "Calder", "Dorn"):
        (tmp_path / "in").mkdir(exist_ok=True)
        path = tmp_path / "in" / f"{city}.txt"
        path.write_text(STORY.format(city=city, who=city[::-1].title()))
        # A file that was written just now is not trusted: it would be read, and remembered, once more.
        os.utime(path, (1_750_000_000, 1_750_000_000))
    many = tmp_path / "many"
    build = ("cluster", "build", tmp_path / "in", "--shards", 3, "--out", many, "--model", "hashing")
    index(*build)
    assert "4 added" in capsys.readouterr().out
    before = read_manifest(many)
    index(*build)
    assert "4 unchanged" in capsys.readouterr().out
    assert read_manifest(many) == before
    index("cluster", "status", "--library", many)
    assert "4 articles in 4 stories" in capsys.readouterr().out
    (tmp_path / "more.txt").write_text(STORY.format(city="Esker", who="Una"))
    index("cluster", "add", tmp_path / "more.txt", "--library", many)
    assert "1 added" in capsys.readouterr().out
    changed = read_manifest(many)
    assert changed.version == before.version + 1
    assert sum(old != new for old, new in zip(before.shards, changed.shards, strict=True)) == 1
    index("list", "--library", many)
    assert capsys.readouterr().out.count("council") == 5
    index("cluster", "remove", "more.txt", "--library", many)
    assert "removed" in capsys.readouterr().out
    index("cluster", "verify", "--library", many)
    assert "4 articles in 3 shards checked, no problem" in capsys.readouterr().out
    path = many / read_manifest(many).shards[1].path / "library.sqlite"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    index("cluster", "verify", "--library", many, code=1)
    assert "SHA-256" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("build", "nowhere", "--shards", "2", "--out", "many"), "nowhere"),
        (("build", "in", "--shards", "0", "--out", "many"), "--shards 1 or more"),
        (("build", "in", "--shards", "2", "--out", "one"), "ordinary library in one"),
        (("build", "one", "in", "--shards", "2", "--out", "new"), "alone"),
        (("build", "one", "--shards", "2", "--out", "new", "--model", "minilm"), "Leave out --model"),
        (("build", "one", "--shards", "2", "--out", "many"), "3 shards, not 2"),
        (("build", "in", "--shards", "2", "--out", "many", "--model", "hashing"), "3 shards, not 2"),
        (("status", "--library", "one"), "ordinary library"),
        (("verify", "--library", "nowhere"), "cluster build"),
    ],
)
def test_what_cannot_be_is_refused_in_words(tmp_path, monkeypatch, capsys, arguments, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(STORY.format(city="Arnholt", who="Ann"))
    index("add", "in", "--library", "one", "--model", "hashing", "--quiet")
    index("cluster", "build", "one", "--shards", 3, "--out", "many", "--quiet")
    index("cluster", *arguments, code=2)
    assert said in capsys.readouterr().err
