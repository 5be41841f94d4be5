"""Run inside the first host of `test_index_cluster_network`: serve, ask for a while, print what came of it.

Arguments: the cluster library's folder, the Ray cluster's address, replicas, seconds. Prints a line of JSON
when it is ready and one for each question: when, how long it took, the articles found and parts lost.
"""

import json
import sys
import time
from pathlib import Path

from index.cluster.opening import open_cluster_store
from index.cluster.ray_link import join_ray
from index.cluster.ray_serving import serve, stop_serving
from index.errors import ShardLostError


def say(**values):
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def join(address, hosts, seconds=100.0):
    """Join the cluster once all its hosts have."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            ray = join_ray(address)
            if sum(node["Alive"] for node in ray.nodes()) >= hosts:
                return ray
        except ShardLostError:
            if time.monotonic() > deadline:
                raise
        assert time.monotonic() < deadline, "not all hosts have joined"
        time.sleep(1.0)


def main():
    folder, address, replicas, seconds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    ray = join(address, 3)
    serve(ray, folder, replicas)
    store = open_cluster_store(folder, address=address)
    store.search_words("w7 w11", 1000)
    say(ready=True)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        started = time.monotonic()
        hits = store.search_words("w7 w11", 1000)
        took = time.monotonic() - started
        say(
            at=time.time(),
            took=took,
            hits=[(hit.article, hit.ordinal) for hit in hits],
            lost=store.lost(started)[0],
        )
        time.sleep(0.1)
    stop_serving(ray, folder)


if __name__ == "__main__":
    main()
