"""Ray nodes on this machine for the tests of cluster libraries: each is a raylet with its own processes."""

import atexit
import os
import shutil
import signal
import tempfile
import time
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from needs import missing

STORE_BYTES = 80_000_000
SLOWNESS = "DATELINE_TEST_SLOWNESS"
"""Environment variable: a process takes the figure of the one that has started it."""
HEALTH_SECONDS = 3
"""A node that is gone is noticed within this time, not half a minute; on a busy machine in more."""


@cache
def slowness() -> float:
    """How many times longer than its own time a piece of work takes here: 1 where nobody else works.

    What the product promises in seconds, it promises on a machine that has time for it. Where others keep the
    processors busy, its limits and the tests' are longer by this factor.
    """
    if SLOWNESS in os.environ:
        return float(os.environ[SLOWNESS])
    began, until = time.monotonic(), time.process_time() + 0.5
    while time.process_time() < until:
        pass
    factor = (time.monotonic() - began) / 0.5
    # A cluster's processes take the cores from each other, too: that is what its limits are made for.
    return 1.0 if factor < 1.5 else 1.5 * factor


def health() -> dict[str, str]:
    """Return the environment in which Ray's nodes notice soon that one of them is gone."""
    return {
        SLOWNESS: str(slowness()),
        "RAY_USAGE_STATS_ENABLED": "0",
        # Else a token in the home folder would be asked for by some nodes and not given by others.
        "RAY_AUTH_MODE": "disabled",
        "RAY_health_check_initial_delay_ms": "1000",
        "RAY_health_check_period_ms": "1000",
        "RAY_health_check_timeout_ms": str(round(1000 * slowness())),
        "RAY_health_check_failure_threshold": str(round(HEALTH_SECONDS * slowness())),
        "OMP_NUM_THREADS": "1",
    }


def wait_until(happens, what: str, seconds: float = 60.0) -> None:
    """Wait until something has happened, or fail."""
    deadline = time.monotonic() + seconds * slowness()
    while not happens():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)


class Nodes:
    """A Ray cluster of a head without cores and some nodes of one core each."""

    def __init__(self, nodes: int) -> None:
        from ray.cluster_utils import Cluster

        # Not pytest's folder: the names of sockets may have a hundred characters.
        self.folder = Path(tempfile.mkdtemp(prefix="ray-"))
        head = {"num_cpus": 0, "include_dashboard": False, "temp_dir": str(self.folder)}
        self.cluster = Cluster(
            initialize_head=True, head_node_args={**head, "object_store_memory": STORE_BYTES}
        )
        self.nodes = [self.add() for _ in range(nodes)]
        self.address = self.cluster.address

    def add(self):
        # Ray gives a node thirty seconds to start, however slow the machine is.
        for _ in range(round(slowness()) - 1):
            with suppress(Exception):
                return self.cluster.add_node(num_cpus=1, object_store_memory=STORE_BYTES)
        return self.cluster.add_node(num_cpus=1, object_store_memory=STORE_BYTES)

    def kill(self, node) -> None:
        """Kill a node at once, as when its power fails: its raylet and every process that it started."""
        (raylet,) = node.all_processes["raylet"]
        kill_all([raylet.process.pid, *children(raylet.process.pid)])

    def close(self) -> None:
        """End every process of the cluster, each by its number, and leave no file."""
        started = children(os.getpid())
        self.ray.shutdown()
        self.cluster.shutdown()
        kill_all(pid for pid in started if command_of(pid).startswith("ray::") or "/ray/" in command_of(pid))
        shutil.rmtree(self.folder, ignore_errors=True)


def kill_all(pids) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def command_of(pid: int) -> str:
    """Return what a process runs, "" for one that is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


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


def needs_ray() -> None:
    if find_spec("ray") is None:
        missing("Ray is not installed: pip install -r requirements-cluster.txt")


@cache
def patient() -> None:
    """Make this process as patient with Ray as the machine is slow."""
    from index.cluster import ray_serving, ray_shards

    os.environ.update(health())
    ray_shards.HEDGE_SECONDS *= slowness()
    ray_shards.LIMIT_SECONDS *= slowness()
    ray_shards.LIFE_SECONDS *= slowness()
    ray_serving.START_SECONDS *= slowness()


@cache
def joined() -> Nodes:
    """Start two nodes, once for all tests of this process, and join them; they end with it."""
    from index.cluster.ray_link import join_ray

    needs_ray()
    patient()
    nodes = Nodes(2)
    nodes.ray = join_ray(nodes.address)
    atexit.register(nodes.close)
    return nodes
