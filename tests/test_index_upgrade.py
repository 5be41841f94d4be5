"""Libraries of earlier versions: refused for reading with the remedy, brought up to date for writing."""

import sqlite3
from contextlib import closing

import pytest
from format_1 import make_format_1
from store_samples import ARTICLES, new_store

from index.__main__ import main
from index.config import ANALYSIS_VERSION, FORMAT_VERSION
from index.errors import LibraryFormatError
from index.library import Library
from index.stores import upgrade
from index.stores.local import LocalStore


@pytest.fixture
def old(tmp_path):
    store = new_store(tmp_path / "present")
    for record, source in ARTICLES[:6]:
        store.put(record, source)
    store.save()
    store.close()
    make_format_1(tmp_path / "present", tmp_path / "old")
    return tmp_path / "old"


def settings(folder):
    with sqlite3.connect(folder / "library.sqlite") as connection:
        return dict(connection.execute("SELECT name, value FROM settings"))


def test_reading_says_how_to_bring_it_up_to_date(old):
    before = (old / "library.sqlite").read_bytes()
    with pytest.raises(LibraryFormatError, match=f"has format 1.*reads format {FORMAT_VERSION}") as caught:
        Library.open(old)
    assert f"python -m index upgrade --library {old}" in caught.value.remedy
    assert (old / "library.sqlite").read_bytes() == before
    assert not (old / "write.lock").exists()


def test_upgrade_keeps_everything(old, tmp_path, capsys):
    assert main(["upgrade", "--library", str(old)]) == 0
    said = capsys.readouterr().out
    assert f"format {FORMAT_VERSION}" in said
    assert "6 articles" in said
    assert "reread" in said
    with Library.open(old) as library, closing(LocalStore.open(tmp_path / "present")) as present_store:
        store = library.store
        assert store.verify() == []
        for record, _ in ARTICLES[:6]:
            identity = record.article.id
            assert store.article(identity) == present_store.article(identity)
            assert store.mentions(identity) == record.analysis.mentions
            assert store.analysis(identity).statements == record.analysis.statements
            assert store.analysis(identity).version == 1 < ANALYSIS_VERSION
        assert len(store.outdated()) == store.stats().outdated == 6
        assert store.corrections() == []
    # Reading it anew makes it the library that this version would have made.
    with Library.open(old, write=True) as library:
        for identity in library.store.outdated():
            made = next(record for record, _ in ARTICLES if record.article.id == identity)
            library.store.reanalyse(identity, made.analysis)
        with closing(LocalStore.open(tmp_path / "present")) as present_store:
            assert library.store.digest() == present_store.digest()
        assert library.store.verify() == []


def test_upgraded_and_new_libraries_have_the_same_tables(old, tmp_path):
    Library.open(old, write=True).close()

    def tables(folder):
        with sqlite3.connect(folder / "library.sqlite") as connection:
            names = [
                row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            ]
            indexes = connection.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'index'")
            return {name: connection.execute(f"PRAGMA table_info({name})").fetchall() for name in names}, set(
                indexes
            )

    assert tables(old) == tables(tmp_path / "present")


def test_damage_is_not_hidden_by_the_upgrade(old):
    with sqlite3.connect(old / "library.sqlite") as connection:
        connection.execute("UPDATE statements SET speaker = 'Eve' WHERE article = 2 AND ordinal = 0")
    with Library.open(old, write=True) as library:
        (problem,) = library.store.verify()
    assert ARTICLES[1][0].article.id in problem
    assert "checksum" in problem


def test_a_crash_on_the_way_leaves_the_library_as_it_was(old, monkeypatch):
    def crash(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(upgrade, "seal", crash)
    with pytest.raises(KeyboardInterrupt):
        Library.open(old, write=True)
    assert settings(old)["format_version"] == "1"
    monkeypatch.undo()
    with Library.open(old, write=True) as library:
        assert library.store.verify() == []
    assert settings(old)["format_version"] == str(FORMAT_VERSION)


def test_upgrade_again_changes_nothing(old):
    Library.open(old, write=True).close()
    before = settings(old)
    Library.open(old, write=True).close()
    assert settings(old) == before
