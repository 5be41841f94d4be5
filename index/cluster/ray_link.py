"""Joining a Ray cluster. Ray is imported here and nowhere before somebody asks for it."""

import logging
import os
import socket
from types import ModuleType
from typing import Any

from index.errors import InputError, ShardLostError

ADDRESS = "DATELINE_RAY_ADDRESS"
"""Environment variable with the address of the Ray cluster that serves cluster libraries."""

NAMESPACE = "dateline"

KNOCK_SECONDS = 5.0
"""Time in which the first node of a cluster takes a connection."""

logger = logging.getLogger(__name__)


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
    # Once the connection is gone, a call would start a cluster of its own on this machine.
    os.environ.setdefault("RAY_ENABLE_AUTO_CONNECT", "0")
    try:
        import ray
    except ImportError as error:
        raise InputError(
            "Ray is not installed.", "Install it with: pip install -r requirements-cluster.txt"
        ) from error
    module: ModuleType = ray
    if module.is_initialized():
        return module
    _keep_off_stdout()
    try:
        _knock(address)
        module.init(address=address, namespace=NAMESPACE, log_to_driver=False, logging_level="ERROR")
    except (OSError, ValueError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[0]
        raise ShardLostError(
            f"There is no Ray cluster at {address!r} to join from here ({reason}).",
            "Start one as docs/cluster.md shows: this machine has to be one of its nodes.",
        ) from error
    return module


def _knock(address: str) -> None:
    """Raise OSError where nobody listens at HOST:PORT: Ray itself would try for many minutes."""
    host, _, port = address.rpartition(":")
    if host and port.isdecimal() and "/" not in host:
        socket.create_connection((host, int(port)), timeout=KNOCK_SECONDS).close()


def _keep_off_stdout() -> None:
    """Log what Ray would print in the midst of our answers: it tells of nodes that die on standard output."""
    from ray._private import worker

    def log(data: Any, ignore_prefix: bool) -> None:  # noqa: ANN401, ARG001 - as Ray has it
        for line in data.get("lines", ()):
            logger.info("%s", line)

    worker.print_to_stdstream = log
