"""Three hosts in networks of their own; one is unplugged and plugged in again while questions are asked."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from asking import Answers
from needs import impossible, missing
from ray_nodes import health, kill_all, needs_ray, slowness, wait_until
from same_answers import some_articles, story
from store_samples import ShardedStores, record_of, source_of

from index.cluster.opening import open_cluster_store

pytestmark = [pytest.mark.cluster, pytest.mark.slow]

PORT = 6399
"""Of the first host, which has all ports to itself."""
WORST_SECONDS = 2.0 * slowness()


class Network:
    """A switch and three hosts, as network namespaces of this machine, with a Ray node on each."""

    def __init__(self, folder, root):
        self.root, self.folder = root, folder
        self.names = [f"dl{os.getpid()}{letter}" for letter in "abc"]
        self.switch = f"dl{os.getpid()}s"
        self.ray = {}

    def open(self):
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
        for number in (1, 2, 3):
            self.start(number)

    def close(self):
        """End every process in the hosts, each by its number, and leave neither network nor file."""
        for name in (*self.names, self.switch):
            found = subprocess.run(["ip", "netns", "pids", name], capture_output=True, text=True, check=False)
            kill_all(map(int, found.stdout.split()))
            subprocess.run(["ip", "netns", "delete", name], capture_output=True, check=False)
        for process in self.ray.values():
            process.wait(timeout=20 * slowness())
        shutil.rmtree(self.folder, ignore_errors=True)

    def inside(self, name, *command):
        subprocess.run(["ip", "netns", "exec", name, *command], check=True, capture_output=True)

    def start(self, number):
        """Start a Ray node; the first host has the head and no cores."""
        ray = str(Path(sys.executable).with_name("ray"))
        where = ["--head", "--port", str(PORT), "--num-cpus", "0", "--include-dashboard", "false"]
        where += ["--temp-dir", str(self.folder)]
        if number > 1:
            where = ["--address", f"10.77.0.1:{PORT}", "--num-cpus", "1"]
        path = self.folder / f"ray{number}.log"
        command = ["ip", "netns", "exec", self.names[number - 1], ray, "start", *where, "--block"]
        command += ["--node-ip-address", f"10.77.0.{number}", "--object-store-memory", "80000000"]
        with path.open("wb") as log:
            self.ray[number] = process = subprocess.Popen(
                command, cwd=self.root, stdout=log, stderr=log, env={**os.environ, **health()}
            )

        def started():
            assert process.poll() is None, path.read_text()
            return b"Ray runtime started" in path.read_bytes()

        wait_until(started, f"Ray on host {number}")

    def revive(self, number):
        """Start a node again that Ray has given up, as whoever supervises it would."""
        self.ray[number].wait(timeout=60 * slowness())
        self.start(number)

    def plug(self, number, state):
        self.inside(self.switch, "ip", "link", "set", f"p{number}", state)


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


class HostAsking(Answers):
    """Asks on the first host, from entering to leaving the context; `all` has what came of each question."""

    def __init__(self, network, library, replicas):
        super().__init__()
        script = network.root / "tests" / "network_asking.py"
        inside = ["ip", "netns", "exec", network.names[0], sys.executable, str(script)]
        self._process = subprocess.Popen(
            [*inside, str(library), f"10.77.0.1:{PORT}", str(replicas)],
            cwd=network.root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **health(), "PYTHONPATH": str(network.root)},
        )
        self._thread = threading.Thread(target=self._read)

    def _read(self):
        for line in self._process.stdout:
            self.note(json.loads(line))
        self.end()

    def __enter__(self):
        self._thread.start()
        self.wait_for(1, seconds=180)
        assert self.all.pop(0) == {"ready": True}
        self.wait_for(5)
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._thread.join()
        assert self._process.wait(timeout=60 * slowness()) == 0


def needs_networks():
    """Skip the test where this machine cannot have networks of its own."""
    if shutil.which("ip") is None:
        missing("the command ip is not installed: apt-get install iproute2")
    name = f"dl{os.getpid()}t"
    tried = ["ip", "netns", "add", name], ["ip", "-n", name, "link", "add", "v0", "type", "veth"]
    tried += (["ip", "-n", name, "link", "add", "b0", "type", "bridge"],)
    done = [subprocess.run(command, capture_output=True, text=True, check=False) for command in tried]
    subprocess.run(["ip", "netns", "delete", name], capture_output=True, check=False)
    if any(one.returncode for one in done):
        impossible(f"no network can be made here: {' '.join(one.stderr.strip() for one in done)}")


@pytest.fixture(scope="module")
def network(root):
    needs_ray()
    needs_networks()
    # Not pytest's folder: the names of sockets may have a hundred characters.
    made = Network(Path(tempfile.mkdtemp(prefix="ray-")), root)
    try:
        made.open()
        yield made
    finally:
        made.close()


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


def gone(answer):
    return answer["hosts"] == 2


def whole(answer):
    return answer["lost"] == 0


def test_an_unplugged_host_costs_no_answer_with_two_replicas(network, library):
    want = found_in(library)
    with HostAsking(network, library, 2) as asked:
        network.plug(3, "down")
        asked.wait_for(5, gone)
        unplugged = len(asked.all)
        # A version that is published meanwhile is what everybody reads afterwards.
        writer = open_cluster_store(library, write=True)
        for seed in range(6):
            writer.put(record_of("w7 w11 " + "\n".join(story(800 + seed))), source_of(f"/later/{seed}"))
        writer.save()
        writer.close()
        changed = found_in(library)
        assert changed != want
        asked.wait_for(5, lambda answer: answer["hits"] == changed)
        published = len(asked.all)
        network.plug(3, "up")
        asked.wait_for(20)
    network.revive(3)
    assert all(map(whole, asked.all))
    assert all(one["hits"] in (want, changed) for one in asked.all)
    assert all(one["hits"] == changed for one in asked.all[published:]), "a stale answer"
    assert max(one["took"] for one in asked.all[:unplugged]) < WORST_SECONDS


def test_an_unplugged_host_is_said_where_it_had_the_only_replica(network, library):
    want = found_in(library)
    with HostAsking(network, library, 1) as asked:
        network.plug(3, "down")
        asked.wait_for(2, lambda answer: not whole(answer))
        asked.wait_for(1, gone)
        network.plug(3, "up")
        asked.wait_for(10, whole)
        asked.wait_for(5)
    network.revive(3)
    for one in asked.all:
        assert one["hits"] == want if whole(one) else len(one["hits"]) < len(want)
    assert {one["lost"] for one in asked.all} <= {0, 1, 2}
    assert max(one["took"] for one in asked.all) < WORST_SECONDS + 0.5
    assert all(map(whole, asked.all[-5:])), "it is whole again"
