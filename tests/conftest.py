"""Shared fixtures: where the real articles are, and the pages served and opened in a browser."""

from pathlib import Path

import pytest
from needs import missing
from served import browser, open_page, server

__all__ = ["browser", "missing", "open_page", "server"]

ROOT = Path(__file__).resolve().parent.parent


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
