"""Shared fixtures: where the real articles are, and the pages served and opened in a browser."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from needs import missing
from served import browser, open_page, sample_library, server
from store_samples import LocalStores, ShardedStores

from index.config import IndexConfig
from index.ingest import add
from index.library import Library
from index.stores import vector_base

__all__ = ["browser", "missing", "open_page", "sample_library", "server"]

ROOT = Path(__file__).resolve().parent.parent

# No test waits for a model hub; its client reads this once, when it is imported.
os.environ["HF_HUB_OFFLINE"] = "1"

# Vectors are compared bit by bit; on some processors the many of an ingest are made in bfloat16.
os.environ["DATELINE_PRECISION"] = "float32"

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("dateline", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("dateline")


@pytest.fixture(scope="session", params=[LocalStores, ShardedStores], ids=lambda kind: kind.name)
def stores(request):
    """Each kind of store in turn: `new` makes an empty one, `open` opens it for reading."""
    return request.param


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory):
    """No test reads or leaves anything in the folder for caches of whoever runs it."""
    os.environ["DATELINE_CACHE"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository root."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real articles and gold questions that stands beside the checkout."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        missing(f"no real articles at {folder}")
    return folder


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of sample articles."""
    return ROOT / "samples" / "articles"


@pytest.fixture(scope="session")
def library_of(tmp_path_factory):
    """Give a fresh copy of the library of a folder of articles; it is made once for each model."""
    made: dict[tuple[Path, str], Path] = {}

    def copy(folder: Path, model: str) -> Path:
        if (folder, model) not in made:
            made[folder, model] = tmp_path_factory.mktemp("made") / "library"
            with Library.create(made[folder, model], IndexConfig(model=model)) as library:
                assert not add(library, [folder]).failures
        return shutil.copytree(made[folder, model], tmp_path_factory.mktemp("copy") / "library")

    return copy


@pytest.fixture
def cells(monkeypatch):
    """Vectors of small libraries are sorted into cells, as those of large ones are."""
    monkeypatch.setattr(vector_base, "FLAT_UP_TO", 60)


@pytest.fixture(params=["compared", "in cells"])
def vectors_kept(request, monkeypatch):
    """The ways of keeping vectors in turn; all cells must be read, so that nothing may be missed."""
    if request.param == "in cells":
        request.getfixturevalue("cells")
        monkeypatch.setattr(vector_base, "RECALL", 1.1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that are slow as a whole: none is left to one worker at the end."""
    slow = {item.path for item in items if _is_slow_as_a_whole(item)}
    items.sort(key=lambda item: item.path not in slow)


def _is_slow_as_a_whole(item: pytest.Item) -> bool:
    module = item.getparent(pytest.Module)
    return module is not None and any(mark.name == "slow" for mark in module.own_markers)
