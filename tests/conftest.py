"""Shared fixtures: where the real articles are, and what to do when something a test needs is missing."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REQUIRE_ALL = os.environ.get("DATELINE_REQUIRE_ALL") == "1"


def missing(reason: str) -> None:
    """Skip the test, or fail it where everything must be present (continuous integration)."""
    if REQUIRE_ALL:
        pytest.fail(f"{reason} (DATELINE_REQUIRE_ALL=1)")
    pytest.skip(reason)


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
