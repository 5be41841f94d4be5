"""Three hosts in networks of their own; one is unplugged and plugged in again while questions are asked."""

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from needs import missing
from same_answers import some_articles, story
from store_samples import ShardedStores, record_of, source_of

from index.cluster.opening import open_cluster_store

pytestmark = [pytest.mark.cluster, pytest.mark.slow]

PORT = 6399
WORST_SECONDS = 2.0
HEALTH = {
    "RAY_health_check_initial_delay_ms": "1000",
    "RAY_health_check_period_ms": "1000",
    "RAY_health_check_timeout_ms": "1000",
    "RAY_health_check_failure_threshold": "3",
    "RAY_USAGE_STATS_ENABLED": "0",
    "OMP_NUM_THREADS": "1",
}


class Network:
    """A switch and three hosts, as network namespaces of this machine, with a Ray node on each."""

    def __init__(self, folder, root):
        self.root, self.folder = root, folder
        self.names = [f"dl{os.getpid()}{letter}" for letter in "abc"]
        self.switch = f"dl{os.getpid()}s"
        self.ray = []

    def __enter__(self):
        ip("netns", "add", self.switch)
        self.inside(self.switch, "ip", "link", "add", "br0", "type", "bridge")
        self.inside(self.switch, "ip", "link", "set", "br0", "up")
        for number, name in enumerate(self.names, start=1):
            ip("netns", "add", name)
            ip(
                "link",
                "add",
                "eth0",
                "netns",
                name,
                "type",
                "veth",
                "peer",
                f"p{number}",
                "netns",
                self.switch,
            )
            self.inside(self.switch, "ip", "link", "set", f"p{number}", "master", "br0", "up")
            self.inside(name, "ip", "address", "add", f"10.77.0.{number}/24", "dev", "eth0")
            self.inside(name, "ip", "link", "set", "eth0", "up")
            self.inside(name, "ip", "link", "set", "lo", "up")
            # Ray asks which way out there is before it believes its own address.
            self.inside(name, "ip", "route", "add", "default", "dev", "eth0")
        self.start(1)
        self.start(2)
        self.start(3)
        return self

    def __exit__(self, *_):
        for name in (*self.names, self.switch):
            found = subprocess.run(["ip", "netns", "pids", name], capture_output=True, text=True, check=False)
            for pid in found.stdout.split():
                subprocess.run(["kill", "-9", pid], check=False, capture_output=True)
            subprocess.run(["ip", "netns", "delete", name], check=False)
        for process in self.ray:
            process.wait(timeout=20)

    def inside(self, name, *command):
        subprocess.run(["ip", "netns", "exec", name, *command], check=True, capture_output=True)

    def start(self, number):
        """Start a Ray node; the first host has the head and no cores."""
        ray = str(Path(sys.executable).with_name("ray"))
        where = ["--head", "--port", str(PORT), "--num-cpus", "0", "--include-dashboard", "false"]
        if number > 1:
            where = ["--address", f"10.77.0.1:{PORT}", "--num-cpus", "1"]
        path = self.folder / f"ray{number}.log"
        command = ["ip", "netns", "exec", self.names[number - 1], ray, "start", *where, "--block"]
        command += ["--node-ip-address", f"10.77.0.{number}", "--object-store-memory", "80000000"]
        with path.open("wb") as log:
            self.ray.append(
                subprocess.Popen(command, cwd=self.root, stdout=log, stderr=log, env={**os.environ, **HEALTH})
            )
        deadline = time.monotonic() + 60
        while b"Ray runtime started" not in path.read_bytes():
            assert time.monotonic() < deadline, path.read_text()
            time.sleep(0.2)

    def revive(self, number):
        """Start a node again that Ray has given up, as whoever supervises it would."""
        if self.ray[number - 1].poll() is not None:
            self.start(number)
            self.ray[number - 1] = self.ray.pop()

    def plug(self, number, state):
        self.inside(self.switch, "ip", "link", "set", f"p{number}", state)

    def asking(self, library, replicas, seconds):
        """Ask for so many seconds on the first host; returns the process, which is ready."""
        script = self.root / "tests" / "network_asking.py"
        inside = ["ip", "netns", "exec", self.names[0], sys.executable, str(script)]
        process = subprocess.Popen(
            [*inside, str(library), f"10.77.0.1:{PORT}", str(replicas), str(seconds)],
            cwd=self.root,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **HEALTH, "PYTHONPATH": str(self.root)},
        )
        assert json.loads(process.stdout.readline()) == {"ready": True}
        return process


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


@pytest.fixture(scope="module")
def network(tmp_path_factory, root):
    if shutil.which("ip") is None or os.geteuid() != 0:
        missing("network namespaces need root and the command ip")
    with ExitStack() as stack:
        yield stack.enter_context(Network(tmp_path_factory.mktemp("network"), root))


@pytest.fixture
def library(tmp_path):
    store = ShardedStores.new(tmp_path / "news")
    for record, source in some_articles(24):
        store.put(record, source)
    store.save()
    store.close()
    return tmp_path / "news"


def found_in(library):
    store = open_cluster_store(library)
    hits = [[hit.article, hit.ordinal] for hit in store.search_words("w7 w11", 1000)]
    store.close()
    return hits


def answers(process):
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return [json.loads(line) for line in said.splitlines()]


def test_an_unplugged_host_costs_no_answer_with_two_replicas(network, library):
    want = found_in(library)
    process = network.asking(library, 2, 25)
    time.sleep(4)
    network.plug(3, "down")
    time.sleep(8)
    # A version that is published meanwhile is what everybody reads afterwards.
    writer = open_cluster_store(library, write=True)
    for seed in range(6):
        writer.put(record_of("w7 w11 " + "\n".join(story(800 + seed))), source_of(f"/later/{seed}"))
    writer.save()
    published = time.time()
    writer.close()
    changed = found_in(library)
    assert changed != want
    time.sleep(3)
    network.plug(3, "up")
    asked = answers(process)
    assert len(asked) > 40
    assert {one["lost"] for one in asked} == {0}
    assert all(one["hits"] in (want, changed) for one in asked)
    assert all(one["hits"] == changed for one in asked if one["at"] > published + 5), "a stale answer"
    before = [one["took"] for one in asked if one["at"] < published]
    assert max(before) < WORST_SECONDS


def test_an_unplugged_host_is_said_where_it_had_the_only_replica(network, library):
    network.revive(3)
    want = found_in(library)
    process = network.asking(library, 1, 40)
    time.sleep(4)
    network.plug(3, "down")
    time.sleep(6)
    network.plug(3, "up")
    asked = answers(process)
    assert {0, 1} <= {one["lost"] for one in asked} <= {0, 1, 2}
    for one in asked:
        whole = one["hits"] == want
        assert whole if one["lost"] == 0 else len(one["hits"]) < len(want)
    assert max(one["took"] for one in asked) < WORST_SECONDS + 0.5
    assert [one["lost"] for one in asked[-5:]] == [0] * 5, "it is whole again"
