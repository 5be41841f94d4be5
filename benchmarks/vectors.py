"""Measure ways of finding the nearest vectors, to choose where comparing every vector stops being right.

    python -m benchmarks.vectors --library DIR [--chunks 10000 100000 1000000] [--json FILE]

Sizes beyond the library's are its own vectors drawn again with noise (.3 to 1 times their length), which is
said in the table. The questions are the titles of its articles, embedded by its model; recall is the share of
the best chunks by true cosine that stand among the proposals for 20 (and 100) wanted. Times are CPU
milliseconds of one thread, medians of single questions.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.library import Library
from index.schema import Vectors
from index.stores import vector_base
from index.stores.local import LocalStore
from index.stores.vector_base import FLAT_UP_TO, Batch, make_base

QUESTIONS = 100
WANTED = 116
"""Proposals for 100 wanted."""
BATCH = 50_000

Search = Callable[[Vectors], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Row:
    """What one way costs and finds at one size."""

    chunks: int
    resampled: bool
    way: str
    build_cpu_seconds: float
    megabytes: float
    milliseconds: float
    recall_20: float
    recall_100: float


def main() -> None:
    """Measure all ways at all sizes and print a table."""
    parser = argparse.ArgumentParser(description="Compare ways of finding the nearest vectors.")
    parser.add_argument("--library", type=Path, required=True, help="whose vectors and titles to take")
    parser.add_argument("--chunks", type=int, nargs="+", default=[10_000, 100_000], help="sizes")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    own, questions = read(options.library)
    rows = [row for size in options.chunks for row in measure(own, questions, size)]
    sys.stdout.write(table(rows))
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1), "utf-8")


def read(folder: Path) -> tuple[Vectors, Vectors]:
    """Return a library's vectors and those of some of its articles' titles."""
    store = LocalStore.open(folder)
    blobs = store.database.rows("SELECT vector FROM chunks ORDER BY id")
    store.close()
    with Library.open(folder) as library:
        titles = [card.title for card in library.store.articles()]
        chosen = np.random.default_rng(1).permutation(len(titles))[:QUESTIONS]
        own = np.frombuffer(b"".join(blob for (blob,) in blobs), dtype="<f4")
        asked = [titles[number] for number in chosen]
        return own.reshape(len(blobs), -1), library.embedder.embed(asked)


def sized(own: Vectors, size: int) -> Iterator[Batch]:
    """Yield so many vectors with their numbers, always the same ones."""
    chance = np.random.default_rng(size)
    for start in range(0, size, BATCH):
        count = min(BATCH, size - start)
        numbers = np.arange(start, start + count)
        if size <= len(own):
            yield numbers, np.ascontiguousarray(own[numbers])
            continue
        noise = chance.standard_normal((count, own.shape[1]), dtype=np.float32) / np.sqrt(own.shape[1])
        rows = own[chance.integers(0, len(own), count)] + chance.uniform(0.3, 1, (count, 1)) * noise
        yield numbers, (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def measure(own: Vectors, questions: Vectors, size: int) -> Iterator[Row]:
    """Yield what each way costs and finds at one size."""
    rows = np.concatenate([some for _, some in sized(own, size)])
    best = np.argsort(-(questions @ rows.T), axis=1)[:, :100]
    for way, build in WAYS.items():
        started = time.process_time()
        search, megabytes = build(rows)
        built = time.process_time() - started
        times, found = [], []
        for question in questions:
            started = time.process_time()
            found.append(search(question[None, :])[0])
            times.append(1000 * (time.process_time() - started))
        recalls = [
            float(
                np.mean(
                    [len(set(near) & set(true[:at])) / at for near, true in zip(found, best, strict=True)]
                )
            )
            for at in (20, 100)
        ]
        yield Row(size, size > len(own), way, round(built, 1), megabytes, median(times), *recalls)


def _flat(kind: str) -> Callable[[Vectors], tuple[Search, float]]:
    """Return what builds an index that compares every vector."""

    def build(rows: Vectors) -> tuple[Search, float]:
        import faiss

        faiss.omp_set_num_threads(1)
        faiss_index: Any
        if kind == "fp32":
            faiss_index = faiss.IndexFlatIP(rows.shape[1])
        else:
            bits = getattr(faiss.ScalarQuantizer, kind)
            faiss_index = faiss.IndexScalarQuantizer(rows.shape[1], bits, faiss.METRIC_INNER_PRODUCT)
            faiss_index.train(rows[:: max(1, len(rows) // 20_000)])
        faiss_index.add(rows)
        size = rows.nbytes if kind == "fp32" else faiss_index.code_size * len(rows)
        return lambda query: faiss_index.search(query, WANTED)[1], size / 1e6

    return build


def _cells(rows: Vectors) -> tuple[Search, float]:
    """Build what a library of this size would have if every vector were no longer compared."""
    numbers = np.arange(len(rows))
    flat_up_to, vector_base.FLAT_UP_TO = FLAT_UP_TO, 0
    try:
        batches = ((numbers[at : at + BATCH], rows[at : at + BATCH]) for at in range(0, len(rows), BATCH))
        base = make_base(1, rows.shape[1], numbers, lambda some: rows[some], batches)
    finally:
        vector_base.FLAT_UP_TO = flat_up_to
    size = (base.faiss_index.code_size + 8) * len(rows) / 1e6
    return lambda query: base.nearest(query[0], WANTED)[0][None, :], size


WAYS: dict[str, Callable[[Vectors], tuple[Search, float]]] = {
    "every vector, 32 bits": _flat("fp32"),
    "every vector, 16 bits": _flat("QT_fp16"),
    "every vector, 8 bits": _flat("QT_8bit"),
    "cells, 8 bits": _cells,
}


def table(rows: list[Row]) -> str:
    """Return the figures as a Markdown table."""
    lines = ["| chunks | way | ms | recall @20 | @100 | build CPU s | MB |", "|---|---|---|---|---|---|---|"]
    lines += [
        f"| {row.chunks:,}{' (resampled)' if row.resampled else ''} | {row.way} | {row.milliseconds:.2f} | "
        f"{row.recall_20:.3f} | {row.recall_100:.3f} | {row.build_cpu_seconds:.1f} | {row.megabytes:.0f} |"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
