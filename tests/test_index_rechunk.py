"""A copy with other chunks is the library that the same articles make with that size."""

from dataclasses import replace

import pytest
from eval_samples import ARTICLES, write_lines

from index.config import IndexConfig
from index.corrections import correct
from index.errors import InputError, LibraryMismatchError
from index.ingest import add
from index.ledger import read
from index.library import ALIAS_FILE, Library
from index.rechunk import rechunk
from index.schema import Stance
from index.search import search

LONG = " ".join(f"Ana Brandt opened quay number {number} in Velmora on Monday." for number in range(40))
ROWS = [*ARTICLES, {"id": "quays", "title": "Quays", "published": "2025-10-20", "text": LONG}]


def build(folder, articles, chunk_tokens):
    with Library.create(folder, IndexConfig(model="hashing", chunk_tokens=chunk_tokens)) as library:
        assert add(library, [articles]).added == len(ROWS)
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The same articles in chunks of 180 and of 40 tokens."""
    folder = tmp_path_factory.mktemp("rechunk")
    articles = write_lines(folder / "articles.jsonl", ROWS)
    return {size: build(folder / f"library-{size}", articles, size) for size in (180, 40)}


def test_the_copy_is_the_library_of_that_size(built, tmp_path):
    told = []
    with Library.open(built[180]) as library:
        rechunk(library, tmp_path / "copy", 40, lambda *at: told.append(at))
    assert told[0] == (0, 3)
    assert told[-1] == (3, 3)
    with Library.open(tmp_path / "copy") as copy, Library.open(built[40]) as wanted:
        assert copy.config == wanted.config
        assert copy.store.digest() == wanted.store.digest()
        assert copy.store.verify() == []
        for question in ("quay number 37", "oak and mail"):
            assert search(copy, question) == search(wanted, question)


def test_of_a_whole_copy_nothing_is_made_again(built, tmp_path):
    with Library.open(built[180]) as library:
        rechunk(library, tmp_path, 40)
        with Library.open(tmp_path) as copy:
            before = copy.store.stats()
        told = []
        rechunk(library, tmp_path, 40, lambda *at: told.append(at))
    with Library.open(tmp_path) as copy:
        assert copy.store.stats() == before
    assert told == [(0, 0)]


def test_an_interrupted_copy_goes_on(built, tmp_path):
    def interrupt(done, _everything):
        if done == 1:
            raise KeyboardInterrupt

    with Library.open(built[180]) as library:
        with pytest.raises(KeyboardInterrupt):
            rechunk(library, tmp_path, 40, interrupt)
        told = []
        rechunk(library, tmp_path, 40, lambda *at: told.append(at))
    assert told[0] == (0, 2)
    with Library.open(tmp_path) as copy, Library.open(built[40]) as wanted:
        assert copy.store.digest() == wanted.store.digest()


def test_aliases_and_corrections_come_along_and_the_library_stays_as_it_is(tmp_path):
    build(tmp_path / "library", write_lines(tmp_path / "articles.jsonl", ROWS), 180)
    with Library.open(tmp_path / "library", write=True) as library:
        (library.path / ALIAS_FILE).write_text('[[person]]\nname = "Kaspar Ito"\nalso = ["K. Ito"]\n')
        praise = next(one for one in read(library) if one.statement.stance is Stance.PRAISE)
        correct(library, praise, replace(praise.statement, target="Doria Venn"))
        before = library.store.digest()
        rechunk(library, tmp_path / "copy", 40)
        assert library.store.digest() == before
        with Library.open(tmp_path / "copy") as copy:
            assert read(copy) == read(library)
            assert "Doria Venn" in {entry.target for entry in read(copy)}
    assert (tmp_path / "copy" / ALIAS_FILE).read_text().startswith("[[person]]")


def test_a_folder_of_another_library_is_left_alone(built):
    with Library.open(built[180]) as library, pytest.raises(LibraryMismatchError, match="chunk_tokens=40"):
        rechunk(library, built[40], 60)


def test_tiny_chunks_are_refused_before_anything_is_written(built, tmp_path):
    with Library.open(built[180]) as library, pytest.raises(InputError, match="too small"):
        rechunk(library, tmp_path / "copy", 5)
    assert not (tmp_path / "copy").exists()
