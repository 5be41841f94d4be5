"""Placing the replicas of a cluster library's shards on the nodes of a Ray cluster."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from index.cluster.manifest import Manifest, read_manifest
from index.cluster.ray_link import NAMESPACE
from index.errors import InputError, ShardLostError

THREADS = 8
"""Calls that a replica works on at once."""

LIFE = "life"
"""The thread of a replica that answers pings, however much it has to do."""

START_SECONDS = 120.0
AGAIN_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class ReplicaState:
    """A replica as Ray sees it: which one, where it runs, and whether it answers."""

    shard: int
    replica: int
    where: str
    answers: bool


def serve(ray: ModuleType, folder: Path, replicas: int) -> Manifest:
    """Start replicas of every shard and wait until they are ready; those that run already are kept.

    The replicas of one shard go to different nodes as far as there are enough. They outlive this process, and
    Ray starts one again when it or its node dies.

    Args:
        ray: The module, after `join_ray`.
        folder: The cluster library's folder, absolute; every node sees it at the same place.
        replicas: How many of each shard.

    Raises:
        InputError: Fewer than one replica was asked for.
        ShardLostError: They did not start in time.
    """
    if replicas < 1:
        raise InputError(f"{replicas} replicas cannot serve.", "Give --replicas 1 or more.")
    manifest = read_manifest(folder)
    nodes = sorted(node["NodeID"] for node in ray.nodes() if node["Alive"])
    waiting = {
        _start(ray, folder, shard, replica, nodes[(shard + replica) % len(nodes)]): entry.path
        for shard, entry in enumerate(manifest.shards)
        for replica in range(replicas)
    }
    deadline = time.monotonic() + START_SECONDS
    while waiting := _not_ready(ray, waiting, manifest.stories, deadline, folder):
        time.sleep(AGAIN_SECONDS)
    return manifest


def _start(ray: ModuleType, folder: Path, shard: int, replica: int, node: str) -> Any:  # noqa: ANN401
    """Return the actor of a replica, started on this node unless it runs already."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    from index.cluster.replica import Replica

    made = ray.remote(concurrency_groups={LIFE: 1})(Replica).options(
        name=_name(folder, shard, replica),
        namespace=NAMESPACE,
        lifetime="detached",
        get_if_exists=True,
        num_cpus=0,
        # A byte, for form's sake: Ray starts again what needs nothing at all on any node whatever.
        memory=1,
        max_restarts=-1,
        max_concurrency=THREADS,
        # Soft: a replica whose node is gone starts again on another one.
        scheduling_strategy=NodeAffinitySchedulingStrategy(node, soft=True),
    )
    return made.remote(str(folder), shard)


def _not_ready(
    ray: ModuleType, actors: Mapping[Any, str], stories: str, deadline: float, folder: Path
) -> dict[Any, str]:
    """Let replicas open their shards' folders; return those that Ray is starting again just now.

    Raises:
        ShardLostError: One is silent or being started again at the deadline, or cannot open its shard.
    """
    refs = {actor.prepare.remote(path, stories): actor for actor, path in actors.items()}
    _, late = ray.wait(list(refs), num_returns=len(refs), timeout=max(0.0, deadline - time.monotonic()))
    restarting = set(late)
    for ref in refs.keys() - restarting:
        try:
            ray.get(ref)
        except ray.exceptions.ActorUnavailableError:
            restarting.add(ref)
        except ray.exceptions.RayError as error:
            raise ShardLostError(
                f"A replica cannot open its shard: {str(error).strip().splitlines()[-1]}",
                f"Every node has to see {folder} at this very place, and this version of Dateline.",
            ) from error
    if restarting and time.monotonic() >= deadline:
        raise ShardLostError(
            f"{len(restarting)} replicas did not start in {START_SECONDS:.0f} s.",
            "Look at the nodes with: python -m index cluster status, and at Ray's logs.",
        )
    return {refs[ref]: actors[refs[ref]] for ref in restarting}


def stop_serving(ray: ModuleType, folder: Path) -> int:
    """End all replicas of a cluster library; return how many there were."""
    found = replicas_of(ray, folder)
    for actor in found.values():
        ray.kill(actor, no_restart=True)
    return len(found)


def replica_states(ray: ModuleType, folder: Path, seconds: float = 2.0) -> list[ReplicaState]:
    """Return every replica of a cluster library, by shard."""
    found = replicas_of(ray, folder)
    pings = {actor.where.remote(): place for place, actor in sorted(found.items())}
    ready, late = ray.wait(list(pings), num_returns=len(pings), timeout=seconds) if pings else ([], [])
    states = [ReplicaState(*pings[ref], "", False) for ref in late]
    for ref in ready:
        try:
            states.append(ReplicaState(*pings[ref], ray.get(ref), True))
        except ray.exceptions.RayError:
            states.append(ReplicaState(*pings[ref], "", False))
    return sorted(states, key=lambda state: (state.shard, state.replica))


def replicas_of(ray: ModuleType, folder: Path) -> dict[tuple[int, int], Any]:
    """Return the actors that serve a cluster library, by shard and replica."""
    from ray.util import list_named_actors

    start = _name(folder, 0, 0).rsplit(":", 2)[0] + ":"
    found = {}
    for entry in list_named_actors(all_namespaces=True):
        name = entry["name"]
        if entry["namespace"] == NAMESPACE and name.startswith(start):
            shard, replica = name.removeprefix(start).split(":")
            found[int(shard), int(replica)] = ray.get_actor(name, namespace=NAMESPACE)
    return found


def _name(folder: Path, shard: int, replica: int) -> str:
    """Return an actor's name: the folder says which library, as every node sees it at the same place."""
    library = hashlib.sha256(str(folder).encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{library}:{shard}:{replica}"
