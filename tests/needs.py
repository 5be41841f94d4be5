"""What to do when something that a test needs is missing."""

import os

import pytest

REQUIRE_ALL = os.environ.get("DATELINE_REQUIRE_ALL") == "1"


def missing(reason: str) -> None:
    """Skip the test, or fail it where everything must be present (continuous integration)."""
    if REQUIRE_ALL:
        pytest.fail(f"{reason} (DATELINE_REQUIRE_ALL=1)")
    pytest.skip(reason)


def impossible(reason: str) -> None:
    """Skip the test on a machine that cannot have what it needs, whatever is installed."""
    pytest.skip(reason)
