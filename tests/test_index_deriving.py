"""Articles read in several processes are the same articles, whatever happens to a process."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from store_samples import ingest_library

from index import deriving
from index.config import IndexConfig
from index.deriving import DerivingHere, DerivingInProcesses, deriver_for, processes_for
from index.errors import InputError, ModelError
from index.ingest import add
from index.library import Library
from index.records import draft_article, read_page, storable
from index.schema import Page

ROOT = Path(__file__).resolve().parent.parent
HASHING = IndexConfig(model="hashing:32")


def write_articles(folder, count):
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:02}.txt").write_text(
            f"Mayor number {number} met the council.\n\n"
            f"“I thank all {number} builders for their brave work,” said Mayor Ana Ito of Lakeport.\n\n"
            f"The vote on bridge {number} is on Monday.\n",
            encoding="utf-8",
        )
    return folder


def library_of(folder, source, jobs):
    with Library.create(folder, HASHING) as library:
        report = add(library, [source], jobs=jobs)
        assert library.store.verify() == []
        return report, library.store.digest()


@pytest.fixture(scope="module")
def articles(tmp_path_factory):
    return write_articles(tmp_path_factory.mktemp("deriving") / "in", 10)


@pytest.fixture(scope="module")
def alone(articles, tmp_path_factory):
    return library_of(tmp_path_factory.mktemp("alone") / "library", articles, 1)


def soon(patch):
    patch.setattr(deriving, "HERE_FIRST", 2)


def test_several_processes_make_the_same_library(articles, alone, tmp_path, monkeypatch):
    soon(monkeypatch)
    report, content = library_of(tmp_path / "library", articles, 2)
    assert content == alone[1]
    assert (report.added, report.failures) == (10, ())
    assert report.statement_seconds > 0
    assert report.cpu_seconds > report.statement_seconds


def test_a_process_that_dies_loses_no_article(articles, alone, tmp_path, monkeypatch, caplog):
    soon(monkeypatch)
    killed = []

    def kill_one(progress):
        if progress.articles == 4 and not killed:
            killed.extend(children_of(os.getpid()))
            for process in killed:
                os.kill(process, signal.SIGKILL)

    with Library.create(tmp_path / "library", HASHING) as library:
        report = add(library, [articles], jobs=2, progress=kill_one)
        assert killed
        assert (report.added, report.failures) == (10, ())
        assert library.store.digest() == alone[1]
    assert "has died" in caplog.text


def children_of(process):
    found = subprocess.run(
        ["pgrep", "-P", str(process), "-f", "loky.backend"], capture_output=True, check=False
    )
    return [int(line) for line in found.stdout.split()]


def test_no_process_outlives_the_one_that_was_killed(articles, tmp_path):
    code = (
        "from index import deriving; deriving.HERE_FIRST = 1\n"
        "from index.deriving import DerivingInProcesses\n"
        "from index.library import Library; from index.config import IndexConfig; from pathlib import Path\n"
        "from index.ingest import add\n"
        "import sys, time\n"
        "library = Library.create(Path(sys.argv[1]), IndexConfig(model='hashing:32'))\n"
        "add(library, [Path(sys.argv[2])], jobs=2, progress=lambda p: time.sleep(.3))\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "library"), str(articles)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        workers = wait_for(lambda: children_of(process.pid), 60)
        process.kill()
    assert wait_for(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers), 30)


def wait_for(condition, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


def test_few_articles_start_no_process(tmp_path):
    source = write_articles(tmp_path / "in", 3)
    with Library.create(tmp_path / "library", HASHING) as library:
        before = set(children_of(os.getpid()))  # one that was killed may not be gone yet
        add(library, [source], jobs=2)
        assert set(children_of(os.getpid())) <= before


def test_processes_start_at_once_where_many_articles_wait(tmp_path):
    with Library.create(tmp_path / "library", HASHING) as library:
        made = {
            many: deriver_for(library, 8, articles=many)
            for many in (1, deriving.HERE_FIRST, deriving.HERE_FIRST + 1, 17, 1000)
        }
        asked = {many: (one._count, one._left_here) for many, one in made.items()}
        for one in made.values():
            one.close()
    first = deriving.HERE_FIRST
    assert asked == {1: (8, first), first: (8, first), first + 1: (2, 0), 17: (4, 0), 1000: (8, 0)}


def test_where_other_processes_make_all_articles_this_one_loads_no_pipeline(articles, tmp_path):
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from index.config import IndexConfig\n"
        "from index.ingest import add\n"
        "from index.library import Library\n"
        "library = Library.create(Path(sys.argv[1]), IndexConfig(model='hashing:32'))\n"
        "assert add(library, [Path(sys.argv[2])], jobs=2).added == 10\n"
        "assert 'spacy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path / "library", articles], cwd=ROOT, check=True)


def test_an_error_in_another_process_is_the_same_error(tmp_path, monkeypatch):
    with Library.create(tmp_path / "library", HASHING) as library:
        deriver = DerivingInProcesses(library, 1, at_once=True)
        monkeypatch.setattr(deriver, "_model", "nothing-of-this-name")
        article = read_page(storable(Page("a.txt", "a.txt", "The mayor spoke.")))
        pending = deriver.derive(draft_article(article, library.config))
        with pytest.raises(ModelError, match="nothing-of-this-name") as caught:
            pending.result()
        assert caught.value.remedy
        deriver.close()


def test_how_many_processes():
    assert processes_for(3) == 3
    assert 1 <= processes_for(None) <= deriving.MOST_PROCESSES
    with pytest.raises(InputError, match="0 processes"):
        processes_for(0)


def test_what_another_process_cannot_load_is_used_here(tmp_path):
    with ingest_library(tmp_path) as library:
        assert isinstance(deriver_for(library, 4), DerivingHere)
    with Library.create(tmp_path / "plain", HASHING) as library:
        assert isinstance(deriver_for(library, 1), DerivingHere)
        assert isinstance(deriver_for(library, 4), DerivingInProcesses)
