"""`--library` and `--ray-address` at the command line: folders, and folders that Ray nodes serve."""

import argparse
import os
import subprocess
import sys

import pytest
from same_answers import some_articles
from store_samples import ShardedStores, new_store

import app
from eval.__main__ import main as eval_main
from index.__main__ import main as index_main
from index.cluster.ray_link import ADDRESS
from index.errors import InputError
from index.library_option import add_library_options, settle_library
from qa.__main__ import main as qa_main


@pytest.fixture(autouse=True)
def no_ray_address(monkeypatch):
    monkeypatch.setenv(ADDRESS, "")


@pytest.fixture
def folders(tmp_path):
    """An ordinary library and one in shards."""
    one, many = new_store(tmp_path / "one"), ShardedStores.new(tmp_path / "many")
    for record, source in some_articles(4):
        one.put(record, source)
        many.put(record, source)
    for store in (one, many):
        store.save()
        store.close()
    return tmp_path / "one", tmp_path / "many"


def settled(*arguments):
    """The folder and the Ray cluster that arguments mean."""
    parser = argparse.ArgumentParser()
    add_library_options(parser, "library")
    options = parser.parse_args([str(one) for one in arguments])
    settle_library(options)
    return options.library, os.environ[ADDRESS]


def test_a_folder_is_a_folder(folders):
    for folder in folders:
        assert settled("--library", folder) == (folder, "")
    assert str(settled()[0]) == "library"


def test_an_address_names_the_folder_and_the_cluster(folders, monkeypatch):
    _, many = folders
    assert settled("--library", f"ray://10.0.0.1:6379{many}") == (many, "10.0.0.1:6379")
    assert settled("--library", many, "--ray-address", "10.0.0.2:1") == (many, "10.0.0.2:1")
    same = ("--library", f"ray://10.0.0.2:1{many}", "--ray-address", "10.0.0.2:1")
    assert settled(*same) == (many, "10.0.0.2:1")
    monkeypatch.setenv(ADDRESS, "")
    assert settled("--library", f"ray://{many}") == (many, "auto")
    monkeypatch.setenv(ADDRESS, "10.0.0.3:1")
    assert settled("--library", f"ray://{many}") == (many, "10.0.0.3:1")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--library", "ray://10.0.0.1:6379"), "names no folder"),
        (("--library", "ray://10.0.0.1:6379/"), "names no folder"),
        (("--library", "ray://10.0.0.1:1{many}", "--ray-address", "10.0.0.2:1"), "not at the Ray cluster"),
        (("--library", "ray://10.0.0.1:1{one}"), "ordinary library"),
        (("--library", "{one}", "--ray-address", "auto"), "ordinary library"),
        (("--library", "ray://10.0.0.1:1{one}/none"), "no library in shards"),
    ],
)
def test_what_cannot_be_is_refused_in_words(folders, arguments, said):
    one, many = folders
    with pytest.raises(InputError, match=said) as error:
        settled(*(word.format(one=one, many=many) for word in arguments))
    assert error.value.remedy
    assert os.environ[ADDRESS] == ""


def test_a_command_that_changes_a_library_takes_no_address(folders, capsys):
    _, many = folders
    assert index_main(["remove", "x", "--library", f"ray://10.0.0.1:1{many}"]) == 2
    assert "read only" in capsys.readouterr().err


@pytest.mark.parametrize("command", [("list",), ("search", "tax"), ("stats",), ("statements",), ("people",)])
def test_every_reading_command_takes_an_address(folders, command, capsys):
    one, _ = folders
    assert index_main([*command, "--library", f"ray://10.0.0.1:1{one}"]) == 2
    assert "ordinary library" in capsys.readouterr().err


def test_questions_evaluation_and_page_take_an_address(folders, tmp_path, capsys):
    one, _ = folders
    gold = tmp_path / "gold.jsonl"
    gold.write_text('{"id": "1", "question": "Who?", "answers": ["Ann"]}\n')
    place = f"ray://10.0.0.1:1{one}"
    for run, arguments in (
        (qa_main, ["Who praised the tax?", "--library", place]),
        (eval_main, ["run", str(gold), "--library", place, "--out", str(tmp_path / "run")]),
        (app.main, ["--library", place]),
    ):
        assert run(arguments) == 2
        assert "ordinary library" in capsys.readouterr().err


@pytest.mark.cluster
def test_a_cluster_that_does_not_listen_is_said(folders, root):
    """In a process of its own: one that is in a Ray cluster already asks that one."""
    _, many = folders
    command = [sys.executable, "-m", "qa", "Who praised the tax?", "--library", f"ray://127.0.0.1:1{many}"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=300)
    assert done.returncode == 2
    assert "no Ray cluster at '127.0.0.1:1'" in done.stderr
