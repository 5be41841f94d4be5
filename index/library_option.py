"""The options that say which library a command reads, and where.

A library is a folder. One in shards may be served by the nodes of a Ray cluster; `ray://HOST:PORT/FOLDER`
names both at once.
"""

import argparse
import os
from pathlib import Path

from index.errors import InputError

__all__ = ["add_library_options", "default_library", "settle_library"]

SCHEME = "ray://"

_REMEDY = "Write ray://HOST:PORT/FOLDER, or ray:///FOLDER for the Ray cluster of this machine."


def add_library_options(parser: argparse.ArgumentParser, default: str | None) -> None:
    """Add `--library` and `--ray-address`; `settle_library` reads them once they are parsed.

    Args:
        parser: Of a command that reads a library.
        default: What is read where nothing is named.
    """
    parser.add_argument(
        "--library",
        default=default,
        metavar="DIR",
        help="the library's folder, or ray://HOST:PORT/FOLDER where Ray nodes serve it "
        "(default: $DATELINE_LIBRARY, else ./library)",
    )
    parser.add_argument(
        "--ray-address",
        metavar="ADDRESS",
        help="read a library in shards at this Ray cluster: HOST:PORT, or auto for the one of this machine "
        "(default: $DATELINE_RAY_ADDRESS, else none)",
    )


def default_library() -> str:
    """Return what $DATELINE_LIBRARY names, else ./library."""
    return os.environ.get("DATELINE_LIBRARY", "library")


def settle_library(options: argparse.Namespace) -> None:
    """Make a folder of `options.library`, and let this process read it at the Ray cluster that is named.

    Raises:
        InputError: `--library` is no address of a library, two Ray clusters are named, or a Ray cluster is
            named for a folder that holds no library in shards.
    """
    place, address = str(options.library), getattr(options, "ray_address", None)
    if place.startswith(SCHEME):
        if not hasattr(options, "ray_address"):
            raise InputError(
                f"{place} can be read only.", "Give the library's folder to a command that changes it."
            )
        served, folder = _located(place)
        if address not in (None, served):
            raise InputError(f"{place} is not at the Ray cluster {address}.", "Leave out --ray-address.")
        place, address = folder, served
    options.library = Path(place)
    if address:
        from index.cluster.ray_link import use_ray

        _check_sharded(options.library)
        use_ray(address)


def _located(place: str) -> tuple[str, str]:
    """Return the Ray cluster's address and the folder that a `ray://` address names.

    Example:
        >>> _located("ray://10.0.0.1:6379/shared/news")
        ('10.0.0.1:6379', '/shared/news')
    """
    from index.cluster.ray_link import ray_address

    host, slash, folder = place.removeprefix(SCHEME).partition("/")
    if not slash or not folder.strip("/"):
        raise InputError(f"{place} names no folder.", _REMEDY)
    return host or ray_address() or "auto", f"/{folder}"


def _check_sharded(folder: Path) -> None:
    from index.cluster.manifest import is_cluster
    from index.stores.database import has_database

    if is_cluster(folder):
        return
    if has_database(folder):
        raise InputError(
            f"{folder} is an ordinary library, which no Ray cluster serves.",
            "Leave out the Ray cluster, or spread the library over shards: python -m index cluster build.",
        )
    raise InputError(
        f"There is no library in shards in {folder} on this machine.",
        "Whoever asks has to see the folder at the same path as the nodes that serve it.",
    )
