"""A library in shards: what lies between the shards, and what a writer that is stopped leaves."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from same_answers import LIMITS, same_articles, same_lists, same_searches, some_articles, story
from store_samples import (
    ARTICLES,
    LocalStores,
    ShardedStores,
    metadata,
    new_store,
    record_of,
    source_of,
)

from index.cluster import workshop
from index.cluster.manifest import read_manifest, shard_of
from index.cluster.opening import open_cluster_store
from index.cluster.splitting import copy_articles
from index.errors import LibraryDamagedError, LibraryInUseError, LibraryStorageError
from index.library import Library
from index.schema import Correction, Stance
from index.stores.protocol import FileStamp


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """The same articles in one library and in a published cluster library, both open for reading."""
    folder = tmp_path_factory.mktemp("pair")
    opened = []
    for kind in (LocalStores, ShardedStores):
        store = kind.new(folder / kind.name)
        for record, source in some_articles():
            store.put(record, source)
        store.save()
        store.close()
        opened.append(kind.open(folder / kind.name))
    yield opened
    for store in opened:
        store.close()


@pytest.mark.parametrize("limits", LIMITS)
def test_every_list_and_count_is_that_of_one_library(pair, limits):
    same_lists(*pair, limits)


@pytest.mark.parametrize("limits", LIMITS)
def test_every_search_is_that_of_one_library(pair, limits):
    same_searches(*pair, limits)


def test_every_name_and_article_is_that_of_one_library(pair):
    same_articles(*pair)


def test_stats_are_those_of_one_library(pair):
    one, many = (store.stats() for store in pair)
    own = {"generation": 0, "bytes_on_disk": 0, "vectors": "", "vector_index": None}
    assert replace(many, **own) == replace(one, **own)
    assert many.vector_index is None, "each shard has its own"
    assert many.vectors.startswith("3 shards; the first: ")
    assert many.bytes_on_disk > one.bytes_on_disk
    assert pair[1].verify() == []


def test_a_source_whose_text_changes_moves_to_another_shard(tmp_path):
    store = ShardedStores.new(tmp_path)
    texts = [f"The text in its state {number}." for number in range(12)]
    spans = frozenset()
    for text in texts:
        record = record_of(text)
        store.put(record, source_of("/one"))
        assert [card.id for card in store.articles()] == [record.article.id]
        assert store.article_of_source("/one") == record.article.id
        assert store.restored("/one") == spans
        if not spans:
            store.replace(record.article.id, record, ["ab" * 32])
            spans = frozenset(["ab" * 32])
        store.save()
        assert store.verify() == []
    assert len({shard_of(record_of(text).article.id, 3) for text in texts}) == 3
    assert store.detach(["/one"]) == 1
    assert store.restored("/one") == frozenset()
    store.close()


def test_an_article_reworked_into_another_shard_takes_all_its_sources_along(tmp_path):
    """As when a removed text is put back: the text changes, and with it the id and the shard."""
    homes = set()
    for number in range(10):
        outcomes = []
        for kind in (LocalStores, ShardedStores):
            store = kind.new(tmp_path / f"{kind.name}{number}")
            first, second = metadata(f"Title {number}"), metadata(None, "The Post")
            old = record_of(f"The old text {number}.", first)
            store.put(old, source_of("/a", first))
            store.attach(old.article, source_of("/b", second))
            merged = store.article(old.article.id).metadata
            new = record_of(f"The text with more in it {number}.", merged)
            store.replace(old.article.id, new, ["cd" * 32])
            homes.add(shard_of(old.article.id, 3) == shard_of(new.article.id, 3))
            outcomes.append(
                (
                    store.articles(),
                    store.sources_of(new.article.id),
                    store.restored("/a"),
                    store.restored("/b"),
                    store.stale(),
                    store.has(old.article.id),
                    store.verify(),
                )
            )
            store.close()
        assert outcomes[0] == outcomes[1]
    assert homes == {True, False}


def test_files_are_remembered_and_forgotten_across_shards(tmp_path):
    store = ShardedStores.new(tmp_path)
    records = [record_of(f"Row {number} of the file.") for number in range(9)]
    for number, record in enumerate(records):
        store.put(record, source_of(f"/rows#{number}"))
    stamp = FileStamp("/rows", 10, 5, "ab")
    store.mark_read([stamp, FileStamp("/empty", 0, 5, "cd")])
    assert store.files() == {"/rows": stamp, "/empty": FileStamp("/empty", 0, 5, "cd")}
    assert store.articles_by_path() == {"/rows": 9}
    assert len(store.sources_in("/rows")) == 9
    store.mark_read([replace(stamp, size=11)])
    assert store.files()["/rows"].size == 11
    # Deleting an article is not banning it: its file is read again, whichever shard remembers it.
    assert store.remove([records[4].article.id]) == 1
    assert "/rows" not in store.files()
    store.mark_read([stamp])
    assert store.forget_files(["/rows"]) == 8
    assert store.articles() == []
    assert set(store.files()) == {"/empty"}
    store.close()


def test_files_that_are_remembered_already_change_no_shard(tmp_path):
    """As when a file is added again whose clock runs ahead: it is read each time, and holds nothing new."""
    store = ShardedStores.new(tmp_path)
    store.put(record_of("Row 1 of the file."), source_of("/rows#1"))
    stamps = [FileStamp("/rows", 10, 0, "ab"), FileStamp("/empty", 0, 5, "cd")]
    store.mark_read(stamps)
    store.save()
    before = read_manifest(tmp_path)
    store.mark_read(stamps)
    store.save()
    assert read_manifest(tmp_path) == before
    store.mark_read([stamps[0], replace(stamps[1], sha256="ef")])
    store.save()
    after = read_manifest(tmp_path)
    assert sum(old.path != new.path for old, new in zip(before.shards, after.shards, strict=True)) == 1
    assert store.files()["/empty"].sha256 == "ef"
    store.close()


def test_corrections_are_seen_by_readers_at_once(tmp_path):
    store = ShardedStores.new(tmp_path)
    for record, source in some_articles(6):
        store.put(record, source)
    store.save()
    reader = open_cluster_store(tmp_path)
    made = [
        Correction(
            card.id, "/k", "Words.", "Ann", None, Stance.NEUTRAL, True, "Bo", "Cy", Stance.PRAISE, "", day
        )
        for day, card in enumerate(store.articles()[:5])
        for day in [f"2025-01-0{5 - day}"]
    ]
    numbers = [store.add_correction(correction) for correction in made]
    assert len(set(numbers)) == 5
    found = reader.corrections()
    assert [one.number for one in found] == list(reversed(numbers))
    assert [replace(one, number=0) for one in found] == list(reversed(made))
    assert store.remove_correction(numbers[2])
    assert not store.remove_correction(numbers[2])
    assert [one.number for one in reader.corrections()] == [numbers[n] for n in (4, 3, 1, 0)]
    store.close()
    reader.close()


def test_a_reader_sees_whole_versions_while_they_change(tmp_path):
    """Each version adds one article a shard or none: never part of one."""
    store = ShardedStores.new(tmp_path)
    records = [record_of("\n".join(story(900 + number, 2))) for number in range(60)]
    by_shard = {shard: [] for shard in range(3)}
    for record in records:
        by_shard[shard_of(record.article.id, 3)].append(record)
    rounds = list(zip(*by_shard.values(), strict=False))
    assert len(rounds) >= 6
    reader = open_cluster_store(tmp_path)
    sizes, done = [], threading.Event()

    def look():
        while not done.is_set():
            sizes.append(len(reader.articles()))
            reader.search_vectors(records[0].vectors[0], 50)

    with ThreadPoolExecutor(2) as pool:
        looking = [pool.submit(look) for _ in range(2)]
        for row in rounds:
            for record in row:
                store.put(record, source_of(f"/r/{record.article.id}"))
            store.save()
        done.set()
    for one in looking:
        one.result()
    assert {size % 3 for size in sizes} == {0}
    assert len(set(sizes)) > 2
    assert len(reader.articles()) == 3 * len(rounds)
    for shard in range(3):
        assert len(list((tmp_path / "shards" / str(shard)).iterdir())) == workshop.KEPT_VERSIONS
    reader.close()
    store.close()


def test_what_a_stopped_writer_left_is_gone_on_with(tmp_path):
    store = ShardedStores.new(tmp_path)
    made = some_articles(12)
    for record, source in made[:6]:
        store.put(record, source)
    store.save()
    for record, source in made[6:]:
        store.put(record, source)
    store.close()
    reader = open_cluster_store(tmp_path)
    assert len(reader.articles()) == 6
    again = open_cluster_store(tmp_path, write=True)
    assert len(again.articles()) == len(made)
    again.save()
    assert reader.articles() == again.articles()
    assert again.verify() == []
    assert again.digest() == digest_of(made, tmp_path / "fresh")
    for one in (reader, again):
        one.close()


def digest_of(made, folder):
    store = ShardedStores.new(folder)
    for record, source in made:
        store.put(record, source)
    store.save()
    digest = store.digest()
    store.close()
    return digest


def test_a_writer_stopped_while_publishing_loses_nothing(tmp_path, monkeypatch):
    made = some_articles(12)
    store = ShardedStores.new(tmp_path)
    for record, source in made[:8]:
        store.put(record, source)
    store.save()
    for record, source in made[8:]:
        store.put(record, source)
    with monkeypatch.context() as broken:

        def full(*_):
            raise OSError(28, "No space left on device")

        broken.setattr(workshop, "write_manifest", full)
        with pytest.raises(LibraryStorageError, match="No space left"):
            store.save()
    reader = open_cluster_store(tmp_path)
    assert len(reader.articles()) == 8
    again = open_cluster_store(tmp_path, write=True)
    again.save()
    assert again.verify() == []
    assert again.digest() == digest_of(made, tmp_path / "fresh")
    assert reader.articles() == again.articles()
    reader.close()
    again.close()


WRITER = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[3:]
from store_samples import ARTICLES
from index.cluster.opening import open_cluster_store
from index.stores.lock import WriteLock
lock = WriteLock(Path(sys.argv[1]))
store = open_cluster_store(Path(sys.argv[1]), write=True)
print("ready", flush=True)
for number, (record, source) in enumerate(ARTICLES):
    if not store.has(record.article.id):
        store.put(record, source)
    if number % int(sys.argv[2]) == 0:
        store.save()
store.save()
"""


@pytest.mark.slow
def test_a_writer_that_is_killed_at_any_moment_loses_and_doubles_nothing(tmp_path, root):
    def writer(name):
        ways = [str(tmp_path / name), "4", str(root / "tests"), str(root)]
        process = subprocess.Popen([sys.executable, "-c", WRITER, *ways], stdout=subprocess.PIPE)
        assert process.stdout.readline() == b"ready\n"
        return process

    for name in ("undisturbed", "killed"):
        ShardedStores.new(tmp_path / name).close()
    process, began = writer("undisturbed"), time.monotonic()
    assert process.wait() == 0
    process.stdout.close()
    takes = time.monotonic() - began
    chance, kills = random.Random(5), 0
    for _ in range(60):
        process = writer("killed")
        try:
            # Four such times are no longer than one whole run, so a fast machine is interrupted as often.
            process.wait(timeout=chance.uniform(0.0, takes / 4))
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            kills += 1
            reader = open_cluster_store(tmp_path / "killed")
            assert reader.verify() == []
            reader.close()
        else:
            break
        finally:
            process.stdout.close()
    assert kills >= 3
    assert process.returncode == 0
    reader = open_cluster_store(tmp_path / "killed")
    assert reader.digest() == digest_of(ARTICLES, tmp_path / "whole")
    reader.close()


def test_only_one_writer_at_a_time(tmp_path):
    ShardedStores.new(tmp_path).close()
    with Library.open(tmp_path, write=True) as first:
        assert first.writable
        with pytest.raises(LibraryInUseError, match=str(os.getpid())):
            Library.open(tmp_path, write=True)
        with Library.open(tmp_path) as reader:
            assert not reader.writable
            with pytest.raises(LibraryStorageError, match="reading only"):
                reader.store.remove(["feedfacefeedface"])
    with Library.open(tmp_path, write=True):
        pass


@pytest.fixture
def published(tmp_path):
    store = ShardedStores.new(tmp_path)
    for record, source in some_articles(12):
        store.put(record, source)
    store.save()
    store.close()
    return tmp_path


def test_a_changed_byte_in_any_file_is_found(published):
    manifest = read_manifest(published)
    paths = [published / entry.path / name for entry in manifest.shards for name in entry.files]
    paths.append(published / manifest.stories)
    assert len(paths) > 6
    for path in paths:
        content = path.read_bytes()
        path.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
        reader = open_cluster_store(published)
        assert any(path.name in line and "SHA-256" in line for line in reader.verify()), path
        reader.close()
        path.write_bytes(content)
    reader = open_cluster_store(published)
    assert reader.verify() == []
    reader.close()


def test_an_article_in_the_wrong_shard_is_found(published):
    manifest = read_manifest(published)
    moved = (published / manifest.shards[0].path, published / manifest.shards[1].path)
    spare = published / "spare"
    moved[0].rename(spare)
    moved[1].rename(moved[0])
    spare.rename(moved[1])
    reader = open_cluster_store(published)
    assert any("belongs in shard" in line for line in reader.verify())
    reader.close()


def test_a_lost_shard_is_named(published):
    entry = read_manifest(published).shards[1]
    for path in (published / entry.path).iterdir():
        path.unlink()
    (published / entry.path).rmdir()
    with pytest.raises(LibraryDamagedError, match=entry.path):
        open_cluster_store(published)


def test_repair_finds_all_copies_again(published):
    store = open_cluster_store(published, write=True)
    before = store.articles()
    assert any("across shards" in line for line in store.repair())
    assert store.articles() == before
    assert store.verify() == []
    store.close()


def test_a_library_is_spread_over_shards_with_all_that_was_said_of_it(tmp_path):
    source = new_store(tmp_path / "one")
    for record, where in some_articles(16):
        source.put(record, where)
    source.replace(record.article.id, record, ["ab" * 32])
    correction = Correction(
        record.article.id,
        where.key,
        "W.",
        "A",
        None,
        Stance.NEUTRAL,
        True,
        "B",
        None,
        Stance.PRAISE,
        "n",
        "2025",
    )
    source.add_correction(correction)
    source.save()
    target = ShardedStores.new(tmp_path / "many")
    stops = iter([False] * 5 + [True])
    assert copy_articles(source, target, stop=lambda: next(stops)) == 5
    rest = len(source.articles()) - 5
    assert copy_articles(source, target) == rest
    assert copy_articles(source, target) == 0
    assert target.articles() == source.articles()
    assert target.restored(where.key) == source.restored(where.key) == frozenset(["ab" * 32])
    assert [replace(one, number=0) for one in target.corrections()] == [correction]
    assert target.stale() == ()
    assert target.verify() == []
    for store in (source, target):
        store.close()
