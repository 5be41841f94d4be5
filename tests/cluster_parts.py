"""Shards of a cluster library in this process that can fall silent, and that note what they are asked."""

from index.cluster.manifest import read_manifest
from index.cluster.opening import open_parts
from index.cluster.store import ShardedStore


class WatchedShards:
    """Shards in this process; see `index.cluster.shards.Shards`.

    Attributes:
        silent: The shards that do not answer.
        asked: Every call so far, as shard and method.
        rounds: How often shards were asked, several at once being one.
    """

    def __init__(self, shards):
        self._shards = shards
        self.count = shards.count
        self.silent: set[int] = set()
        self.asked: list[tuple[int, str]] = []
        self.rounds = 0

    @property
    def changes(self):
        return len(self.silent)

    def lost(self, since):  # noqa: ARG002
        return len(self.silent)

    def ask(self, calls):
        self.rounds += 1
        self.asked += [(shard, call.method) for shard, call in sorted(calls.items())]
        return self._shards.ask({shard: call for shard, call in calls.items() if shard not in self.silent})

    def close(self):
        self._shards.close()


def watched(folder):
    """Open a cluster library for reading; return its store and its shards."""
    shards = WatchedShards(open_parts(folder, read_manifest(folder)))
    return ShardedStore(folder, read_manifest(folder), lambda _manifest, _before: shards), shards
