"""Placing the replicas of a cluster library's shards on the nodes of a Ray cluster."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from index.cluster.manifest import Manifest, read_manifest
from index.cluster.ray_link import NAMESPACE
from index.errors import InputError, ShardLostError

THREADS = 8
"""Calls that a replica works on at once."""

START_SECONDS = 120.0


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
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    from index.cluster.replica import Replica

    if replicas < 1:
        raise InputError(f"{replicas} replicas cannot serve.", "Give --replicas 1 or more.")
    manifest = read_manifest(folder)
    nodes = sorted(node["NodeID"] for node in ray.nodes() if node["Alive"])
    waiting = []
    for shard, entry in enumerate(manifest.shards):
        for replica in range(replicas):
            node = nodes[(shard + replica) % len(nodes)]
            actor = (
                ray.remote(Replica)
                .options(
                    name=_name(folder, shard, replica),
                    namespace=NAMESPACE,
                    lifetime="detached",
                    get_if_exists=True,
                    num_cpus=0,
                    max_restarts=-1,
                    max_concurrency=THREADS,
                    # Soft: a replica whose node is gone starts again on another one.
                    scheduling_strategy=NodeAffinitySchedulingStrategy(node, soft=True),
                )
                .remote(str(folder), shard)
            )
            waiting.append(actor.prepare.remote(entry.path, manifest.stories))
    ready, late = ray.wait(waiting, num_returns=len(waiting), timeout=START_SECONDS)
    if late:
        raise ShardLostError(
            f"{len(late)} of {len(waiting)} replicas did not start in {START_SECONDS:.0f} s.",
            "Look at the nodes with: python -m index cluster status, and at Ray's logs.",
        )
    try:
        ray.get(ready)
    except ray.exceptions.RayError as error:
        raise ShardLostError(
            f"A replica cannot open its shard: {str(error).strip().splitlines()[-1]}",
            f"Every node has to see {folder} at this very place, and this version of Dateline.",
        ) from error
    return manifest


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
