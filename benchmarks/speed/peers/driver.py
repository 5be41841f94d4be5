"""What is measured inside one process of another way.

    python -m benchmarks.speed.peers.driver WAY ACTION SPEC.json

As `benchmarks.speed.ours`, the last line printed is a JSON object of what was found, in milliseconds.
"""

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.speed.machine import bytes_written, describe, memory_mb
from benchmarks.speed.peers.adapter import Adapter, Model, read_rows

Spec = dict[str, Any]
Found = dict[str, Any]

WAYS = {
    "by hand": ("benchmarks.speed.peers.by_hand:ByHand", ("sentence_transformers", "faiss")),
    "txtai": ("benchmarks.speed.peers.with_txtai:Txtai", ("txtai",)),
    "llama-index": (
        "benchmarks.speed.peers.with_llama_index:LlamaIndex",
        ("llama_index.core", "llama_index.vector_stores.faiss"),
    ),
    "langchain": ("benchmarks.speed.peers.with_langchain:LangChain", ("langchain_community",)),
    "haystack": ("benchmarks.speed.peers.with_haystack:Haystack", ("haystack",)),
    "chroma": ("benchmarks.speed.peers.with_chroma:Chroma", ("chromadb",)),
}
"""Each way's adapter, and the packages without which it is absent."""


def adapter_of(way: str, folder: Path) -> Adapter:
    """Return the adapter of a way."""
    module, _, name = WAYS[way][0].partition(":")
    made: Adapter = getattr(import_module(module), name)(folder)
    return made


def installed() -> list[str]:
    """Return the ways whose packages can be imported here."""
    return [way for way, (_, packages) in WAYS.items() if all(map(_is_there, packages))]


def _is_there(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:
        return False


def ways(adapter: Adapter | None, spec: Spec) -> Found:  # noqa: ARG001 - one signature for all actions
    """Tell which ways are installed, whether the hand-written loop has its words, and the versions."""
    return {
        "ways": installed(),
        "bm25s": find_spec("bm25s") is not None,
        "packages": describe()["packages"],
    }


def embed(adapter: Adapter, spec: Spec) -> Found:  # noqa: ARG001
    """Embed chunks in batches of 32, and write the vectors to a file."""
    chunks = json.loads(Path(spec["chunks"]).read_text(encoding="utf-8"))
    model = Model()
    model.encode(["one text"])
    ready = time.process_time()
    vectors = model.encode(chunks)
    spent = time.process_time() - ready
    np.save(spec["vectors"], vectors)
    return {"ready": ready, "embed": spent}


def ingest(adapter: Adapter, spec: Spec) -> Found:
    """Make the index of all articles."""
    articles = read_rows(Path(spec["articles"]))
    return {"chunks": adapter.build(articles)}


def rerun(adapter: Adapter, spec: Spec) -> Found:
    """Offer the same articles once more."""
    adapter.load()
    adapter.rerun(read_rows(Path(spec["articles"])))
    return {}


def first(adapter: Adapter, spec: Spec) -> Found:
    """Open the index and print the passages of one question."""
    adapter.load()
    found = adapter.search(spec["questions"][0], spec["k"])
    print(found)
    return {"found": len(found)}


def retrieval(adapter: Adapter, spec: Spec) -> Found:
    """Search for each question, warm."""
    adapter.load()
    for question in spec["questions"][:3]:
        adapter.search(question, spec["k"])
    wall, cpu = [], []
    for question in spec["questions"][3:]:
        started, spent = time.perf_counter(), time.process_time()
        adapter.search(question, spec["k"])
        cpu.append((time.process_time() - spent) * 1000)
        wall.append((time.perf_counter() - started) * 1000)
    return {"total": wall, "total cpu": cpu, "peak_mb": memory_mb()}


def edit(adapter: Adapter, spec: Spec) -> Found:
    """Add articles one by one; the model is loaded before."""
    adapter.load()
    adapter.search(spec["questions"][0], spec["k"])
    cpu, wall, beside, written = [], [], [], []
    for article in read_rows(Path(spec["articles"])):
        before, started, spent = bytes_written(), time.perf_counter(), time.process_time()
        embedding = adapter.model.spent
        adapter.add(article)
        cpu.append((time.process_time() - spent) * 1000)
        beside.append(cpu[-1] - (adapter.model.spent - embedding) * 1000)
        wall.append((time.perf_counter() - started) * 1000)
        written.append((bytes_written() - before) / 1e6)
    if not adapter.model.spent:
        beside = []
    return {
        "add": wall, "add cpu": cpu, "add beside the model cpu": beside, "add MB written": written,
        "peak_mb": memory_mb(),
    }  # fmt: skip


def adopt(adapter: Adapter, spec: Spec) -> Found:
    """Index chunks whose vectors are made already."""
    texts, owners = json.loads(Path(spec["chunks"]).read_text(encoding="utf-8"))
    adapter.model.known = dict(zip(texts, np.load(spec["vectors"], mmap_mode="r"), strict=True))
    adapter.adopt(texts, owners)
    return {"chunks": len(texts)}


ACTIONS: dict[str, Callable[[Any, Spec], Found]] = {
    "ways": ways, "embed": embed, "ingest": ingest, "rerun": rerun, "first": first, "retrieval": retrieval,
    "edit": edit, "adopt": adopt,
}  # fmt: skip


def main() -> None:
    """Run one action of one way and print what it found."""
    way, action, path = sys.argv[1:]
    spec = json.loads(Path(path).read_text(encoding="utf-8"))
    adapter = adapter_of(way, Path(spec["folder"])) if "folder" in spec else None
    print(json.dumps(ACTIONS[action](adapter, spec)))


if __name__ == "__main__":
    main()
