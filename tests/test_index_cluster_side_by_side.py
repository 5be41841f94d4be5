"""Shards that are written at the same time, each by a process of its own, are those that one writer makes."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest
from ray_nodes import children
from same_answers import some_articles
from store_samples import ShardedStores, new_store

from index.__main__ import main
from index.cluster import side_by_side
from index.cluster.opening import open_cluster_store
from index.cluster.side_by_side import copy_some, fill_shards
from index.cluster.splitting import copy_articles
from index.errors import LibraryStorageError


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """An ordinary library."""
    store = new_store(tmp_path_factory.mktemp("source") / "one")
    for record, where in some_articles(24):
        store.put(record, where)
    store.save()
    yield store
    store.close()


@pytest.fixture(scope="module")
def serial(source, tmp_path_factory):
    """The content of the library in shards that one writer makes of it."""
    store = ShardedStores.new(tmp_path_factory.mktemp("serial"))
    assert copy_articles(source, store) == len(source.articles())
    made = store.digest()
    store.close()
    return made


def finished(source, store):
    """Copy what is left, publish, and return how many articles that was and the content as readers see it."""
    left = copy_articles(source, store)
    store.close()
    reader = open_cluster_store(store.folder)
    assert reader.verify() == []
    assert reader.articles() == source.articles()
    reader.close()
    writer = open_cluster_store(store.folder, write=True)
    made = writer.digest()
    writer.close()
    return left, made


def test_the_shards_are_those_of_one_writer(source, serial, tmp_path, monkeypatch):
    monkeypatch.setattr(side_by_side, "AT_ONCE", 4)
    seen = []
    store = ShardedStores.new(tmp_path)
    copied = fill_shards(source, store, 2, progress=lambda done, total: seen.append((done, total)))
    assert copied == len(source.articles())
    assert seen == sorted(seen)
    assert len(seen) > 3
    assert open_cluster_store(tmp_path).articles() == [], "nothing is published yet"
    assert finished(source, store) == (0, serial)


def test_what_was_stopped_goes_on(source, serial, tmp_path, monkeypatch):
    monkeypatch.setattr(side_by_side, "AT_ONCE", 2)
    stops = iter([False] * 4 + [True] * 99)
    store = ShardedStores.new(tmp_path)
    assert fill_shards(source, store, 2, stop=lambda: next(stops)) == 8
    store.close()
    store = open_cluster_store(tmp_path, write=True)
    rest = len(source.articles()) - 8
    assert fill_shards(source, store, 2) == rest
    assert finished(source, store) == (0, serial)


def test_a_process_that_dies_costs_no_article(source, serial, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(side_by_side, "AT_ONCE", 1)
    before = set(children(os.getpid()))

    def kill():
        for _ in range(400):
            workers = [one for one in set(children(os.getpid())) - before if is_worker(one)]
            if workers:
                os.kill(workers[0], signal.SIGKILL)
                return
            time.sleep(0.01)

    killer = threading.Thread(target=kill)
    killer.start()
    store = ShardedStores.new(tmp_path)
    copied = fill_shards(source, store, 2)
    killer.join()
    assert "has died" in caplog.text
    left, made = finished(source, store)
    assert made == serial
    assert copied + left <= len(source.articles())


def is_worker(pid):
    try:
        return b"popen_loky_posix" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def test_nothing_is_written_for_a_writer_that_is_gone(source, tmp_path):
    store = ShardedStores.new(tmp_path)
    folder = store.lend(0)
    ids = [card.id for card in source.articles()]
    assert copy_some(source.database.folder, folder, ids, parent=-1) == 0
    assert store.work(0).store.articles() == []
    store.close()


def test_a_reader_lends_nothing(tmp_path):
    ShardedStores.new(tmp_path).close()
    with pytest.raises(LibraryStorageError, match="reading only"):
        open_cluster_store(tmp_path).lend(0)


def test_the_command_writes_shards_side_by_side(source, serial, tmp_path, capsys):
    folder = str(source.database.folder)
    for jobs in ("1", "2"):
        out = tmp_path / jobs
        assert main(["cluster", "build", folder, "--shards", "3", "--out", str(out), "--jobs", jobs]) == 0
        assert f"{len(source.articles())} articles copied" in capsys.readouterr().out
        store = open_cluster_store(out, write=True)
        assert store.digest() == serial
        store.close()
