"""One replica of one shard: what runs on a node and answers for it."""

import os
import platform
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from index import errors
from index.cluster.part import Part
from index.cluster.sealed import open_sealed
from index.cluster.shards import Call
from index.cluster.stories import read_joined
from index.stores.found import Sought
from index.stores.local import LocalStore
from index.stores.protocol import EVERYTHING

KEPT = 2
"""Versions of its shard that a replica keeps open: some questions still read the one before."""


class Replica:
    """Answers for one shard of a cluster library.

    Args:
        folder: The cluster library's folder, on storage that this machine sees.
        shard: Which shard.
    """

    def __init__(self, folder: str, shard: int) -> None:
        self._folder = Path(folder)
        self._shard = shard
        self._stores: dict[str, LocalStore] = {}
        self._parts: dict[tuple[str, str], Part] = {}
        self._opening = Lock()

    def ping(self) -> bool:
        """Return at once."""
        return True

    def where(self) -> str:
        """Return the machine, node and process that this runs on."""
        import ray

        node = ray.get_runtime_context().get_node_id()
        return f"{platform.node()}, node {node[:8]}, process {os.getpid()}"

    def prepare(self, path: str, stories: str) -> bool:
        """Open a version and read what a question needs, so that the first one need not wait."""
        store = self._part(path, stories).store
        vector = np.zeros(store.dimension, np.float32)
        vector[0] = 1.0
        store.find(Sought(("a",), vector, (), 1, EVERYTHING))
        return True

    def ask(self, path: str, stories: str, call: Call) -> tuple[str, Any]:
        """Return ("answer", what the call gives), or ("error", class, message, remedy) of an error of ours.

        Args:
            path: The shard's folder in a version of the library, from its folder on.
            stories: The stories of that version, likewise.
            call: What is asked.
        """
        try:
            return "answer", self._part(path, stories).call(call.method, call.arguments, call.options)
        except errors.DatelineError as error:
            return "error", (type(error).__name__, error.message, error.remedy)

    def _part(self, path: str, stories: str) -> Part:
        with self._opening:
            part = self._parts.get((path, stories))
            if part is None:
                store = self._stores.get(path) or open_sealed(self._folder / path)
                part = Part(store, read_joined(self._folder / stories, self._shard))
                self._stores[path] = store
                self._parts[path, stories] = part
                for older in list(self._parts)[:-KEPT]:
                    del self._parts[older]
                used = {name for name, _ in self._parts}
                self._stores = {name: one for name, one in self._stores.items() if name in used}
            return part


def answer_of(reply: tuple[str, Any]) -> Any:  # noqa: ANN401 - whatever was asked for
    """Return the answer of a reply, or raise the error that it tells of."""
    kind, value = reply
    if kind == "answer":
        return value
    name, message, remedy = value
    raise getattr(errors, name, errors.LibraryError)(message, remedy)
