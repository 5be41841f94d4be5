"""Answers from a library in shards are those from one library; the command line of shards."""

import os
import shutil

import pytest

from benchmarks.cluster_equality import compare, first_difference
from eval.gold_files import read_gold
from index.__main__ import main
from index.cluster.manifest import read_manifest
from index.library import Library
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


@pytest.fixture(scope="module")
def cases(root):
    gold = [root / "eval" / "gold" / f"{name}.jsonl" for name in ("samples", "kinds")]
    return [case for path in gold for case in read_gold(path).cases]


def test_every_answer_is_that_of_one_library(libraries, cases):
    one, many = libraries
    assert len(cases) > 90
    assert all(entry.articles > 2 for entry in read_manifest(many).shards)
    with Engine.open(one) as single, Engine.open(many) as sharded:
        for case in cases:
            alone, together = (to_json(engine.ask(Question(case.question))) for engine in (single, sharded))
            assert {**together, "timings": None} == {**alone, "timings": None}


def test_every_list_passage_and_score_is_that_of_one_library(libraries, cases):
    one, many = libraries
    with Engine.open(one) as single, Engine.open(many) as sharded:
        made = compare(single, sharded, cases[::5])
    assert made.differences == []
    asked = {"dense", "words", "hybrid", "answer"}
    assert set(made.compared) == {"statements", "lists", *asked, *(f"{way}, filtered" for way in asked)}
    assert made.compared["answer"] == made.held["words"] == len(cases[::5])
    assert min(made.held[way] for way in made.held) > 9


def test_a_comparison_finds_one_other_article(libraries, cases, tmp_path):
    one, many = libraries
    other = shutil.copytree(many, tmp_path / "other")
    with Library.open(other, write=True) as library:
        gone = library.store.articles()[0].id
        library.store.remove([gone])
        library.store.save()
    with Engine.open(one) as single, Engine.open(other) as sharded:
        made = compare(single, sharded, cases[:8])
    differ = {difference.way for difference in made.differences}
    assert differ >= {"dense", "words", "hybrid", "lists"}
    cards = next(one for one in made.differences if one.asked == "cards")
    assert (cards.place, cards.many) == (f".{gone}", "'absent'")
    assert gone in cards.one


@pytest.mark.parametrize(
    ("one", "many", "told"),
    [
        ({"a": [1, 2]}, {"a": [1, 3]}, (".a.1", "2", "3")),
        ({"a": 1}, {"a": 1, "b": 2}, (".b", "'absent'", "2")),
        ([1, 2], [1], (" of lengths 2 and 1", "[1, 2]", "[1]")),
        ([1, 2], [2], (" of lengths 2 and 1.0", "1", "2")),
        (Question("Who?"), Question("What?"), (".text", "'Who?'", "'What?'")),
        (None, (), ("", "None", "()")),
    ],
)
def test_the_first_difference_is_told_with_its_place(one, many, told):
    assert first_difference(one, many) == told


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
