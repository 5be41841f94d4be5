"""What a library promises when things go wrong: kills, second writers, a full disk, no right to write."""

import errno
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from conftest import missing
from store_samples import ARTICLES, LibraryForTest, article, ingest_library, new_store

from index.errors import (
    LibraryDamagedError,
    LibraryFormatError,
    LibraryInUseError,
    LibraryMismatchError,
    LibraryMissingError,
    LibraryStorageError,
)
from index.ingest import add
from index.library import Library
from index.stores.disk import write_file
from index.stores.local import LocalStore
from index.stores.lock import WriteLock

KILLS = 100
MOST_KILLS = 10 * KILLS


def in_child(work, *arguments):
    """Fork, run `work(write, *arguments)` in the child, and return its process id and what it writes to.

    A fork shares the modules that are loaded already: a hundred of them take seconds, not minutes.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    try:
        os.close(reading)
        work(lambda line: os.write(writing, f"{line}\n".encode()), *arguments)
    finally:
        os._exit(0)


def kill_after(child, reading, seconds):
    """Kill the child, if it still runs, and return the whole lines that it wrote."""
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        return pipe.read().decode().split("\n")[:-1]


def churn(write, folder, seed):
    """Add and remove articles at random; say what is begun and, once it is on disk, what is done."""
    chance = random.Random(seed)
    lock = WriteLock(folder)
    store = LocalStore.open(folder, write=True)
    while True:
        number = chance.randrange(len(ARTICLES))
        record, source = ARTICLES[number]
        if chance.random() < 0.65:
            write(f"begin {number}")
            store.put(record, source)
            write(f"there {number}")
        else:
            write(f"begin {number}")
            store.remove([record.article.id])
            write(f"gone {number}")
        if chance.random() < 0.3:
            store.save(shrink=chance.random() < 0.5)
    lock.release()


@pytest.mark.slow
def test_no_acknowledged_article_is_lost_by_kill(tmp_path):
    new_store(tmp_path).close()
    chance = random.Random(20251122)
    expected: dict[int, bool] = {}
    acknowledged = behind = leftovers = 0
    # On a busy machine a child comes to little before it is killed: kills go on until enough was promised.
    for turn in range(MOST_KILLS):
        if turn >= KILLS and acknowledged > KILLS and behind:
            break
        child, reading = in_child(churn, tmp_path, turn)
        lines = kill_after(child, reading, chance.uniform(0.004, 0.3))
        uncertain = None
        for line in lines:
            word, number = line.split()
            uncertain = int(number) if word == "begin" else None
            if word != "begin":
                expected[int(number)] = word == "there"
                acknowledged += 1
        leftovers += len(list(tmp_path.glob("*.tmp")))
        with LibraryForTest(tmp_path) as store:
            behind += store.vectors.behind() != 0
            assert store.verify() == [], f"kill {turn}"
            present = {card.id for card in store.articles()}
            for number, there in expected.items():
                if number != uncertain:
                    assert (ARTICLES[number][0].article.id in present) is there, (
                        f"kill {turn}, article {number}"
                    )
            if uncertain is not None:
                expected[uncertain] = ARTICLES[uncertain][0].article.id in present
            vector = ARTICLES[0][0].vectors[0]
            assert {hit.article for hit in store.search_vectors(vector, 500)} == present
            state = store.digest()
        assert not list(tmp_path.glob("*.tmp"))
        with LibraryForTest(tmp_path) as store:
            assert store.digest() == state
    assert acknowledged > KILLS
    assert behind > 0
    fresh = new_store(tmp_path / "fresh")
    for number, there in sorted(expected.items()):
        if there:
            fresh.put(*ARTICLES[number])
    assert fresh.digest() == state
    fresh.close()


def ingest(write, folder, pages):
    library = ingest_library(folder)
    add(library, [pages], progress=lambda progress: write(str(progress.articles)))
    library.close()
    write("finished")


def write_pages(folder, count):
    folder.mkdir()
    for number in range(count):
        sentences = [
            f"Minister {number} said word{number * 31 + line} about the budget of the city."
            for line in range(8)
        ]
        (folder / f"{number:03}.md").write_text(f"# Story {number}\n\n" + "\n\n".join(sentences))


@pytest.mark.slow
def test_killed_ingest_goes_on_to_the_same_library(tmp_path):
    pages = tmp_path / "pages"
    write_pages(pages, 40)
    chance = random.Random(7)
    new_store(tmp_path / "killed").close()
    for _ in range(12):
        child, reading = in_child(ingest, tmp_path / "killed", pages)
        lines = kill_after(child, reading, chance.uniform(0.05, 0.4))
        done = [int(line) for line in lines if line != "finished"]
        with LibraryForTest(tmp_path / "killed") as store:
            assert store.verify() == []
            assert len(store.articles()) >= max(done, default=0)
    new_store(tmp_path / "whole").close()
    digests = []
    for name in ("killed", "whole"):
        library = ingest_library(tmp_path / name)
        report = add(library, [pages])
        assert report.failures == ()
        assert len(library.store.articles()) == 40
        digests.append(library.store.digest())
        library.close()
    assert digests[0] == digests[1]


# ---- one writer


def hold_lock(write, folder):
    lock = WriteLock(folder)
    write("held")
    time.sleep(60)
    lock.release()


def test_second_writer_is_told_who_holds_the_library(tmp_path):
    new_store(tmp_path).close()
    child, reading = in_child(hold_lock, tmp_path)
    assert os.read(reading, 5) == b"held\n"
    with pytest.raises(LibraryInUseError, match=f"in use by process {child}"):
        Library.open(tmp_path, write=True)
    Library.open(tmp_path).close()
    kill_after(child, reading, 0)
    with Library.open(tmp_path, write=True) as library:
        assert library.writable, "the lock of a dead process is taken over"


def test_lock_is_exclusive_within_one_process_and_not_inherited(tmp_path):
    new_store(tmp_path).close()
    lock = WriteLock(tmp_path)
    with pytest.raises(LibraryInUseError, match=str(os.getpid())):
        WriteLock(tmp_path)
    child, reading = in_child(lambda write: (write("up"), time.sleep(60)))
    assert os.read(reading, 3) == b"up\n"
    lock.release()
    WriteLock(tmp_path).release()
    kill_after(child, reading, 0)


# ---- libraries that do not fit


def test_missing_library_says_how_to_make_one(tmp_path):
    with pytest.raises(LibraryMissingError) as caught:
        Library.open(tmp_path / "none")
    assert f"python -m index add PATH --library {tmp_path / 'none'}" in caught.value.remedy
    assert not (tmp_path / "none").exists()
    with pytest.raises(LibraryMissingError):
        Library.open(tmp_path, write=True)
    assert list(tmp_path.iterdir()) == []


def set_setting(folder, name, value):
    connection = sqlite3.connect(folder / "library.sqlite")
    with connection:
        connection.execute("UPDATE settings SET value = ? WHERE name = ?", (value, name))
    connection.close()


def test_newer_format_is_refused(tmp_path):
    new_store(tmp_path).close()
    set_setting(tmp_path, "format_version", "99")
    for write in (False, True):
        with pytest.raises(LibraryFormatError, match="format 99") as caught:
            Library.open(tmp_path, write=write)
        assert "Update Dateline" in caught.value.remedy


@pytest.mark.parametrize(("name", "value"), [("space", "another-model"), ("dimension", "384")])
def test_other_model_is_refused(tmp_path, name, value):
    with Library.create(tmp_path, hashing_config()):
        pass
    set_setting(tmp_path, name, value)
    with (
        Library.open(tmp_path) as library,
        pytest.raises(LibraryMismatchError, match="dimensions"),
    ):
        _ = library.embedder


def hashing_config():
    from index.config import IndexConfig

    return IndexConfig(model="hashing")


def test_create_refuses_a_library_that_is_there(tmp_path):
    Library.create(tmp_path, hashing_config()).close()
    with pytest.raises(LibraryMismatchError, match="already"):
        Library.create(tmp_path, hashing_config())


def test_creation_that_was_cut_off_can_be_done_again(tmp_path):
    (tmp_path / "library.sqlite").touch()
    (tmp_path / "library.sqlite.99.tmp").write_bytes(b"half")
    (tmp_path / "library.sqlite.99.tmp-wal").write_bytes(b"half")
    Library.create(tmp_path, hashing_config()).close()
    assert not list(tmp_path.glob("*.tmp*"))


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / "library.sqlite").write_bytes(b"x" * 5000)
    with pytest.raises(LibraryDamagedError, match=r"library\.sqlite"):
        Library.open(tmp_path)


# ---- storage


@pytest.mark.slow
def test_full_disk_leaves_the_library_readable(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = shutil.which("mount") and os.geteuid() == 0
    if (
        not mounted
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "none", disk], check=False).returncode
    ):
        missing("a small file system cannot be mounted here")
    try:
        store = new_store(disk / "library")
        stored = 0
        refused = None
        while refused is None:
            try:
                store.put(*article(stored))
                stored += 1
            except LibraryStorageError as error:
                refused = error
        assert "full" in refused.message
        assert "space" in refused.remedy
        assert stored > 5
        store.save()
        assert len(store.articles()) == stored
        assert store.search_words("number", 5)
        assert store.remove([card.id for card in store.articles()[:3]]) == 3, (
            "deleting must work on a full disk"
        )
        store.save(shrink=True)
        assert store.verify() == []
        store.put(*article(6000))
        store.close()
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "kept"
    write_file(path, b"old")

    def fail(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


READ_ONLY = """
import sys
sys.path[:0] = [{root!r}, {tests!r}]
from pathlib import Path
from store_samples import ARTICLES, LibraryForTest, WordsEmbedder
from index.errors import LibraryStorageError
from index.library import Library
folder = Path(sys.argv[1])
with Library.open(folder) as library:
    store = library.store
    vector = WordsEmbedder().embed(["w1"])[0]
    print(len(store.articles()), len(store.search_words("number", 50)), len(store.search_vectors(vector, 50)))
    print(store.verify())
try:
    Library.open(folder, write=True)
except LibraryStorageError as error:
    print("refused:", error.message)
"""


@pytest.mark.parametrize("unfinished", [False, True], ids=["closed", "log left by a kill"])
def test_read_only_folder_can_be_searched(unfinished, root):
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        missing("another user cannot be taken on here")
    folder = Path(f"/var/tmp/dateline-read-only-{os.getpid()}-{unfinished}")
    folder.mkdir()
    try:
        store = new_store(folder)
        for record, source in ARTICLES[:10]:
            store.put(record, source)
        store.save()
        if unfinished:
            saved = {path.name: path.read_bytes() for path in folder.iterdir()}
            store.close()
            for path in folder.iterdir():
                path.unlink()
            for name, content in saved.items():
                (folder / name).write_bytes(content)
        else:
            store.close()
        folder.chmod(0o555)
        ran = subprocess.run(
            [
                *("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *interpreter()),
                *("-c", READ_ONLY.format(root=str(root), tests=str(root / "tests")), str(folder)),
            ],
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
        )
        assert ran.stdout.splitlines()[:2] == ["10 10 30", "[]"], ran.stderr
        assert "refused: Cannot write" in ran.stdout
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def interpreter():
    """The interpreter, where another user may run it."""
    if subprocess.run(
        [
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            sys.executable,
            "-c",
            "import numpy, faiss",
        ],
        check=False,
        capture_output=True,
    ).returncode:
        missing("another user cannot run this interpreter")
    return [sys.executable]


def test_vectors_have_the_dtype_they_promise():
    assert ARTICLES[0][0].vectors.dtype == np.float32
