"""Ray nodes on this machine for the tests of cluster libraries: each is a raylet with its own processes."""

import atexit
import os
import signal
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from needs import missing

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
# A node that is gone is noticed within three seconds, not half a minute.
os.environ.setdefault("RAY_health_check_initial_delay_ms", "1000")
os.environ.setdefault("RAY_health_check_period_ms", "1000")
os.environ.setdefault("RAY_health_check_timeout_ms", "1000")
os.environ.setdefault("RAY_health_check_failure_threshold", "3")

STORE_BYTES = 80_000_000


class Nodes:
    """A Ray cluster of a head without cores and some nodes of one core each."""

    def __init__(self, nodes: int) -> None:
        from ray.cluster_utils import Cluster

        self.cluster = Cluster(
            initialize_head=True,
            head_node_args={"num_cpus": 0, "object_store_memory": STORE_BYTES, "include_dashboard": False},
        )
        self.nodes = [self.add() for _ in range(nodes)]
        self.address = self.cluster.address

    def add(self):
        return self.cluster.add_node(num_cpus=1, object_store_memory=STORE_BYTES)

    def kill(self, node) -> None:
        """Kill a node at once, as when its power fails: its raylet and every process that it started."""
        (raylet,) = node.all_processes["raylet"]
        own = children(raylet.process.pid)
        for pid in (raylet.process.pid, *own):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def close(self) -> None:
        self.ray.shutdown()
        self.cluster.shutdown()


def children(pid: int) -> list[int]:
    """Return the processes that a process has started, and those that they have."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                # The name in the second field may hold blanks; what follows it does not.
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found, waiting = [], [pid]
    while waiting:
        parent = waiting.pop()
        own = [child for child, its in parents.items() if its == parent]
        found += own
        waiting += own
    return found


@cache
def joined() -> Nodes:
    """Start two nodes, once for all tests of this process, and join them; they end with it."""
    from index.cluster.ray_link import join_ray

    if find_spec("ray") is None:
        missing("Ray is not installed: pip install -r requirements-cluster.txt")
    nodes = Nodes(2)
    nodes.ray = join_ray(nodes.address)
    atexit.register(nodes.close)
    return nodes
