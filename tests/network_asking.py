"""Run inside the first host of `test_index_cluster_network`: serve, ask until told to stop, print answers.

Arguments: the cluster library's folder, the Ray cluster's address, replicas. Prints a line of JSON when it is
ready and one for each question: when, how long it took, the articles found, the parts lost and the hosts that
Ray counts. Ends when its standard input is closed.
"""

import json
import sys
import threading
import time
from pathlib import Path

from ray_nodes import patient, slowness, wait_until

from index.cluster.opening import open_cluster_store
from index.cluster.ray_link import join_ray
from index.cluster.ray_serving import replica_states, serve, stop_serving

HOSTS = 3


def say(**values):
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def main():
    folder, address, replicas = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    patient()
    ray = join_ray(address)

    def hosts():
        return sum(node["Alive"] for node in ray.nodes())

    def on_all_hosts():
        """Serve from every host; one that has only just joined may have been passed over."""
        serve(ray, folder, replicas)
        states = replica_states(ray, folder, 10.0 * slowness())
        if len({state.where.split(", ")[1] for state in states if state.answers}) == HOSTS:
            return True
        stop_serving(ray, folder)
        return False

    wait_until(lambda: hosts() == HOSTS, "all hosts to join")
    wait_until(on_all_hosts, "replicas on all hosts", 180)
    store = open_cluster_store(folder, address=address)
    store.search_words("w7 w11", 1000)
    say(ready=True)
    done = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), done.set()), daemon=True).start()
    while not done.wait(0.1):
        started = time.monotonic()
        hits = store.search_words("w7 w11", 1000)
        took = time.monotonic() - started
        say(
            at=time.time(),
            took=took,
            hits=[(hit.article, hit.ordinal) for hit in hits],
            lost=store.lost(started)[0],
            hosts=hosts(),
        )
    stop_serving(ray, folder)


if __name__ == "__main__":
    main()
