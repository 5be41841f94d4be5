"""The manifest of a cluster library, and which shard an article lies in."""

import json
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.cluster.manifest import (
    MANIFEST,
    Manifest,
    ShardEntry,
    is_cluster,
    read_manifest,
    shard_of,
    write_manifest,
)
from index.config import IndexConfig
from index.errors import LibraryDamagedError, LibraryFormatError, LibraryMissingError, LibraryStorageError
from index.identity import article_id

ENTRY = ShardEntry("shards/0/1", 5, 2, 9, 80, 2, {"library.sqlite": "ab" * 32})
FIRST = Manifest(
    1, IndexConfig(model="test"), "s", 16, (ENTRY, replace(ENTRY, path="shards/1/1")), "x", "y", "v", "w", 4
)


def test_a_manifest_comes_back_as_written(tmp_path):
    assert not is_cluster(tmp_path)
    write_manifest(tmp_path, FIRST)
    assert is_cluster(tmp_path)
    assert read_manifest(tmp_path) == FIRST
    second = replace(FIRST, version=2)
    write_manifest(tmp_path, second)
    assert read_manifest(tmp_path) == second
    assert [path.name for path in tmp_path.iterdir()] == [MANIFEST]


def test_a_missing_manifest_says_how_to_make_one(tmp_path):
    with pytest.raises(LibraryMissingError, match="cluster build"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"{", b"\xff\xfe", b'{"format": 2}'])
def test_what_is_no_manifest_is_damage(tmp_path, content):
    (tmp_path / MANIFEST).write_bytes(content)
    with pytest.raises(LibraryDamagedError, match=MANIFEST):
        read_manifest(tmp_path)


def test_every_changed_value_is_found(tmp_path):
    write_manifest(tmp_path, FIRST)
    content = json.loads((tmp_path / MANIFEST).read_text())
    for key in set(content) - {"format"}:
        changed = dict(content)
        changed[key] = "changed"
        (tmp_path / MANIFEST).write_text(json.dumps(changed))
        with pytest.raises(LibraryDamagedError, match="SHA-256"):
            read_manifest(tmp_path)


@pytest.mark.parametrize("form", [1, 99])
def test_another_format_is_refused(tmp_path, form):
    write_manifest(tmp_path, FIRST)
    content = json.loads((tmp_path / MANIFEST).read_text())
    (tmp_path / MANIFEST).write_text(json.dumps({**content, "format": form}))
    with pytest.raises(LibraryFormatError, match=f"format {form}"):
        read_manifest(tmp_path)


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(LibraryStorageError, match="nowhere"):
        write_manifest(tmp_path / "nowhere", FIRST)


@given(st.text(min_size=1, max_size=40), st.integers(1, 50))
def test_every_id_has_one_shard(name, shards):
    assert 0 <= shard_of(name, shards) < shards
    assert shard_of(name, shards) == shard_of(name, shards)


def test_articles_are_spread_evenly():
    counts = Counter(shard_of(article_id(f"text {number}"), 7) for number in range(14_000))
    assert set(counts) == set(range(7))
    assert max(counts.values()) < 1.1 * min(counts.values())
