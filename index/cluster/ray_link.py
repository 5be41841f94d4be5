"""Joining a Ray cluster. Ray is imported here and nowhere before somebody asks for it."""

import os
from types import ModuleType

from index.errors import InputError, ShardLostError

ADDRESS = "DATELINE_RAY_ADDRESS"
"""Environment variable with the address of the Ray cluster that serves cluster libraries."""

NAMESPACE = "dateline"


def use_ray(address: str | None) -> None:
    """Let cluster libraries that this process opens be read at a Ray cluster; None changes nothing."""
    if address:
        os.environ[ADDRESS] = address


def ray_address() -> str | None:
    """Return the address that the environment names, None where it names none."""
    return os.environ.get(ADDRESS) or None


def join_ray(address: str) -> ModuleType:
    """Join the Ray cluster at an address ("auto" for the one this machine is a node of), and return `ray`.

    Raises:
        InputError: Ray is not installed.
        ShardLostError: There is no such cluster.
    """
    try:
        import ray
    except ImportError as error:
        raise InputError(
            "Ray is not installed.", "Install it with: pip install -r requirements-cluster.txt"
        ) from error
    module: ModuleType = ray
    if module.is_initialized():
        return module
    try:
        module.init(address=address, namespace=NAMESPACE, log_to_driver=False, logging_level="ERROR")
    except (ConnectionError, ValueError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[0]
        raise ShardLostError(
            f"There is no Ray cluster at {address!r} to join from here ({reason}).",
            "Start one as docs/cluster.md shows: this machine has to be one of its nodes.",
        ) from error
    return module
