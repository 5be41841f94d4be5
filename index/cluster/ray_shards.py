"""Reaching shards through replicas on the nodes of a Ray cluster.

Each shard has one replica or more. A call goes to one of them, after `HEDGE_SECONDS` to another one too, and
what answers first counts. From then on those that were asked are pinged: one that is at work answers that at
once, and is waited for. A shard whose replicas all fail, or give no sign of life for `LIMIT_SECONDS`, is left
out: the answer says so. Silent replicas are asked no more until they answer a probe.
"""

import logging
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from index.cluster.manifest import Manifest
from index.cluster.ray_serving import LIFE, replicas_of
from index.cluster.replica import answer_of
from index.cluster.shards import Call
from index.errors import ShardLostError

logger = logging.getLogger(__name__)

HEDGE_SECONDS = 0.5
"""Silence after which another replica is asked too."""

LIMIT_SECONDS = 1.8
"""Silence, without a sign of life, after which a shard is left out of the answer."""

BUSY_SECONDS = 120.0
"""Time after which a shard is left out though its replicas live: reading all statements may take long."""

PING_SECONDS = 0.5
"""How often a replica that has not answered yet is asked for a sign of life."""

LIFE_SECONDS = 1.0
"""How long a sign of life holds, and how long one is waited for before a shard is left out."""

PONG_SECONDS = 0.1
"""How long one is waited for before a replica whose shard has been answered for is taken to be silent."""

PREPARE_SECONDS = 120.0
"""Time that replicas have to open a new version."""

PROBE_SECONDS = 1.0
"""How often a replica that was silent is asked whether it is back."""


@dataclass(slots=True)
class _Asking:
    """One shard's call on its way.

    Attributes:
        call: What is asked.
        left: The replicas that may still be asked.
        refs: The replies that are awaited: from which replica, and when it was asked.
        pings: Signs of life that are awaited: from which replica, and when it was asked for.
        alive: When each replica gave its last one, on the monotonic clock.
        mute: The replicas that cannot give one: they are not asked again.
    """

    call: Call
    left: list[int]
    refs: dict[Any, tuple[int, float]] = field(default_factory=dict)
    pings: dict[Any, tuple[int, float]] = field(default_factory=dict)
    alive: dict[int, float] = field(default_factory=dict)
    mute: set[int] = field(default_factory=set)

    def lives(self, replica: int) -> bool:
        """Return whether a replica has given a sign of life lately."""
        return time.monotonic() - self.alive.get(replica, -LIFE_SECONDS) < LIFE_SECONDS

    def silent(self, since: float) -> bool:
        """Return whether a replica was asked before a moment and has given neither reply nor sign of life."""
        return any(sent <= since and not self.lives(replica) for replica, sent in self.refs.values())

    def worth_waiting(self, passed: float) -> bool:
        """Return whether a reply may still come, so many seconds after asking."""
        if passed < LIMIT_SECONDS:
            return bool(self.refs)
        late = time.monotonic() - LIFE_SECONDS
        expected = {replica for replica, sent in self.pings.values() if sent > late}
        asked = {replica for replica, _ in self.refs.values()}
        return passed < BUSY_SECONDS and any(one in expected or self.lives(one) for one in asked)


class Replicas:
    """The replicas of a cluster library and which of them answer; outlives the library's versions.

    Args:
        ray: The module, after `join_ray`.
        folder: The cluster library's folder.
        shards: How many shards it has.

    Attributes:
        actors: The replicas of each shard.
        changes: Grows whenever one of them falls silent or comes back.
        version: Folder and stories of each shard in the version that is read.
    """

    def __init__(self, ray: ModuleType, folder: Path, shards: int) -> None:
        self.ray = ray
        self.actors: list[list[Any]] = [[] for _ in range(shards)]
        for (shard, _), actor in sorted(replicas_of(ray, folder).items()):
            if shard < shards:
                self.actors[shard].append(actor)
        missing = [shard for shard, actors in enumerate(self.actors) if not actors]
        if missing:
            raise ShardLostError(
                f"No node serves shards {', '.join(map(str, missing))} of {folder}.",
                f"Serve them with: python -m index cluster serve --library {folder}",
            )
        self.changes = 0
        self.version: list[tuple[str, str]] = []
        self._down: set[tuple[int, int]] = set()
        self._left_out: dict[int, float] = {}
        self._turn = 0
        self._lock = threading.Lock()
        self._probing: threading.Thread | None = None
        self._closed = threading.Event()

    def order(self, shard: int) -> list[int]:
        """Return the replicas of a shard that answer, each first in turn; empty when none does."""
        with self._lock:
            self._turn += 1
            up = [one for one in range(len(self.actors[shard])) if (shard, one) not in self._down]
            return up[self._turn % len(up) :] + up[: self._turn % len(up)] if up else []

    def failed(self, shard: int, replica: int) -> None:
        """Note that a replica does not answer, and look out for its return."""
        with self._lock:
            if (shard, replica) in self._down:
                return
            logger.warning("replica %d of shard %d does not answer", replica, shard)
            self._down.add((shard, replica))
            self.changes += 1
            if self._probing is None:
                self._probing = threading.Thread(target=self._probe, daemon=True, name="probe-replicas")
                self._probing.start()

    def left_out(self, shard: int) -> None:
        """Note that an answer had to do without a shard."""
        with self._lock:
            self._left_out[shard] = time.monotonic()

    def lost(self, since: float) -> int:
        """Return how many shards an answer had to do without since a moment of the monotonic clock."""
        with self._lock:
            return sum(moment >= since for moment in self._left_out.values())

    def close(self) -> None:
        """Look out no more."""
        self._closed.set()

    def _probe(self) -> None:
        # A process that ends leaves the cluster before its threads.
        while not self._closed.wait(PROBE_SECONDS) and self.ray.is_initialized():
            with self._lock:
                down = sorted(self._down)
                if not down:
                    self._probing = None
                    return
            refs = {
                self.actors[shard][one].prepare.remote(*self.version[shard]): (shard, one)
                for shard, one in down
            }
            ready, _ = self.ray.wait(list(refs), num_returns=len(refs), timeout=PROBE_SECONDS)
            for ref in ready:
                try:
                    self.ray.get(ref)
                except self.ray.exceptions.RayError:
                    continue
                with self._lock:
                    logger.warning("replica %d of shard %d answers again", refs[ref][1], refs[ref][0])
                    self._down.discard(refs[ref])
                    self.changes += 1


class RayShards:
    """The shards of one version, reached through replicas; see `index.cluster.shards.Shards`.

    Args:
        replicas: The library's replicas.
        manifest: The version.
    """

    def __init__(self, replicas: Replicas, manifest: Manifest) -> None:
        self.replicas = replicas
        self.count = len(manifest.shards)
        self._paths = [entry.path for entry in manifest.shards]
        self._stories = manifest.stories
        self._prepare()

    @property
    def changes(self) -> int:
        """Grow whenever a replica falls silent or comes back."""
        return self.replicas.changes

    def lost(self, since: float) -> int:
        """Return how many shards an answer had to do without since a moment of the monotonic clock."""
        return self.replicas.lost(since)

    def ask(self, calls: Mapping[int, Call]) -> dict[int, Any]:
        """Return what the shards answer, each its own call; one that stays silent is left out."""
        started = time.monotonic()
        asking = {shard: _Asking(call, self.replicas.order(shard)) for shard, call in sorted(calls.items())}
        for shard, one in asking.items():
            self._send(shard, one)
        answers: dict[int, Any] = {}
        pinged = started
        while waiting := self._waited_for(asking, answers, time.monotonic() - started):
            now = time.monotonic()
            pause = HEDGE_SECONDS if pinged == started else PING_SECONDS
            if now - pinged >= pause:
                for shard in waiting:
                    if pinged == started:
                        self._send(shard, asking[shard])
                    self._ping(shard, asking[shard])
                pinged, pause = now, PING_SECONDS
            limit = started + LIMIT_SECONDS
            until = min(pinged + pause, limit if now < limit else now + PONG_SECONDS)
            self._take(asking, waiting, answers, until - now)
        self._judge(asking, answers)
        return {shard: answer_of(reply) for shard, reply in answers.items()}

    def close(self) -> None:
        """Leave the replicas, which go on."""
        self.replicas.close()

    def _send(self, shard: int, asking: _Asking) -> None:
        """Ask the next replica of a shard, if one is left."""
        if asking.left:
            replica = asking.left.pop(0)
            actor = self.replicas.actors[shard][replica]
            ref = actor.ask.remote(self._paths[shard], self._stories, asking.call)
            asking.refs[ref] = replica, time.monotonic()

    def _waited_for(
        self, asking: Mapping[int, _Asking], answers: Mapping[int, Any], passed: float
    ) -> list[int]:
        open_ = [shard for shard in asking if shard not in answers]
        # Taking a large reply may have kept this process from hearing and asking for signs of life.
        self._hear(asking[shard] for shard in open_)
        for shard in open_:
            if passed >= LIMIT_SECONDS:
                self._ping(shard, asking[shard])
        return [shard for shard in open_ if asking[shard].worth_waiting(passed)]

    def _ping(self, shard: int, asking: _Asking) -> None:
        """Ask the replicas of a shard that have not answered for a sign of life, each once at a time."""
        now = time.monotonic()
        awaited = {replica for replica, _ in asking.pings.values()}
        for replica in sorted({replica for replica, _ in asking.refs.values()} - awaited - asking.mute):
            if now - asking.alive.get(replica, 0.0) >= PING_SECONDS:
                ping = self.replicas.actors[shard][replica].ping
                asking.pings[ping.options(concurrency_group=LIFE).remote()] = replica, now

    def _hear(self, some: Iterable[_Asking], seconds: float = 0.0) -> None:
        """Take the signs of life that have come, or come within so many seconds."""
        ray = self.replicas.ray
        homes = {ref: one for one in some for ref in one.pings}
        if homes:
            for ref in ray.wait(list(homes), num_returns=len(homes), timeout=seconds)[0]:
                replica, _ = homes[ref].pings.pop(ref)
                try:
                    ray.get(ref)
                    homes[ref].alive[replica] = time.monotonic()
                except ray.exceptions.RayError:
                    homes[ref].mute.add(replica)

    def _judge(self, asking: Mapping[int, _Asking], answers: Mapping[int, Any]) -> None:
        """Note which replicas stayed silent, so that the next call need not wait for them."""
        late = time.monotonic() - HEDGE_SECONDS
        if quiet := [one for one in asking.values() if one.silent(late)]:
            self._hear(quiet, PONG_SECONDS)
        for shard, one in asking.items():
            for replica, sent in one.refs.values():
                if sent <= late and not one.lives(replica):
                    self.replicas.failed(shard, replica)
            if shard not in answers:
                self.replicas.left_out(shard)

    def _take(
        self, asking: dict[int, _Asking], waiting: list[int], answers: dict[int, Any], seconds: float
    ) -> None:
        """Wait for the next reply and put it with the answers; ask another replica where one has failed."""
        ray = self.replicas.ray
        homes = {ref: shard for shard in waiting for ref in asking[shard].refs}
        ready, _ = ray.wait(list(homes), num_returns=1, timeout=seconds)
        for ref in ready:
            shard = homes[ref]
            replica, _ = asking[shard].refs.pop(ref)
            try:
                answers[shard] = ray.get(ref)
            except ray.exceptions.RayError:
                self.replicas.failed(shard, replica)
                if not asking[shard].refs:
                    self._send(shard, asking[shard])

    def _prepare(self) -> None:
        """Let every replica open this version, so that no question waits for it."""
        replicas, ray = self.replicas, self.replicas.ray
        replicas.version = [(path, self._stories) for path in self._paths]
        refs = {
            actor.prepare.remote(self._paths[shard], self._stories): (shard, replica)
            for shard, actors in enumerate(replicas.actors)
            for replica, actor in enumerate(actors)
            if replica in replicas.order(shard)
        }
        ready, late = ray.wait(list(refs), num_returns=len(refs), timeout=PREPARE_SECONDS)
        for ref in late:
            replicas.failed(*refs[ref])
        for ref in ready:
            try:
                ray.get(ref)
            except ray.exceptions.RayError as error:
                logger.warning("replica %d of shard %d: %s", refs[ref][1], refs[ref][0], error)
                replicas.failed(*refs[ref])
