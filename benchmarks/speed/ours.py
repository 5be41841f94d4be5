"""What is measured inside one process of Dateline: python -m benchmarks.speed.ours ACTION SPEC.json.

The last line printed is a JSON object of lists: a value a question or article, in milliseconds.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.speed import parts
from benchmarks.speed.machine import Held, bytes_written, memory_mb

Spec = dict[str, Any]
Found = dict[str, Any]
WARM_UP = 3
"""Questions asked before the first that counts."""


class Stopwatch:
    """Milliseconds by name, on the clock and of the processor."""

    def __init__(self) -> None:
        self.found: defaultdict[str, list[float]] = defaultdict(list)

    @contextmanager
    def timing(self, name: str) -> Iterator[None]:
        """Count the block under `name`, and its processor time under `name cpu`."""
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.found[f"{name} cpu"].append((time.process_time() - cpu) * 1000)
        self.found[name].append((time.perf_counter() - wall) * 1000)


def embed(spec: Spec) -> Found:
    """Embed chunks, and write the vectors to a file."""
    from index.config import IndexConfig
    from index.embedders import load_embedder
    from index.embedders.bulk import bulk_embedder

    chunks: list[str] = json.loads(Path(spec["chunks"]).read_text(encoding="utf-8"))
    model = IndexConfig().model
    embedder = load_embedder(model)
    embedder.embed(["one text"])
    ready = time.process_time()
    # As a long ingest goes on: in bfloat16, where this processor has it and it passes its trial.
    embedder = bulk_embedder(model, embedder, after=0)
    embedder.embed(chunks[:8])
    started = time.process_time()
    vectors = embedder.embed(chunks)
    spent = time.process_time() - started
    np.save(spec["vectors"], vectors)
    return {"ready": ready, "embed": spent}


def retrieval(spec: Spec) -> Found:
    """Open a library, search it once, then search for each question and tell what each part of it takes."""
    parts.install(parts.RETRIEVAL)
    from index.library import Library
    from index.search import search
    from index.settings import read_search_settings

    library, asked = Path(spec["library"]), spec["questions"]
    settings = read_search_settings(library)
    watch = Stopwatch()
    with watch.timing("open"):
        opened = Library.open(library)
    with opened:
        with watch.timing("first"):
            search(opened, asked[0], k=spec["k"], settings=settings)
        for question in asked[1:WARM_UP]:
            search(opened, question, k=spec["k"], settings=settings)
        for question in asked[WARM_UP:]:
            parts.CLOCK.reset()
            with watch.timing("total"):
                search(opened, question, k=spec["k"], settings=settings)
            for part in parts.RETRIEVAL:
                watch.found[part].append(parts.CLOCK.wall[part] * 1000)
                watch.found[f"{part} cpu"].append(parts.CLOCK.cpu[part] * 1000)
        vectors = opened.store.stats().vectors
    return {**watch.found, "vectors are": vectors, "peak_mb": memory_mb()}


def answers(spec: Spec) -> Found:
    """Answer each question whole, and tell how much memory that took."""
    from qa.engine import Engine
    from qa.schema import Question

    watch, held = Stopwatch(), []
    with Engine.open(Path(spec["library"])) as engine:
        for question in spec["questions"][:WARM_UP]:
            engine.ask(Question(question))
        for question in spec["questions"][WARM_UP:]:
            with watch.timing("total"):
                engine.ask(Question(question))
            held.append(Held.now())
    return {
        **watch.found,
        "peak_mb": memory_mb(),
        "own_mb": max(one.own for one in held),
        "files_mb": max(one.files for one in held),
        "torch": "torch" in sys.modules,
    }


ASKED_OF = 6
"""Names about which the questions of `statements` are asked; the first warms everything up."""


def statements(spec: Spec) -> Found:
    """Ask who praised and who criticised the names that most statements are about, in a new process."""
    from qa.engine import Engine
    from qa.schema import Question

    watch, held = Stopwatch(), []
    with Engine.open(Path(spec["library"])) as engine:
        named = [one for one in engine.library.store.statement_names() if one.kind and one.target]
        named.sort(key=lambda one: (-one.target, one.name))
        for place, one in enumerate(named[:ASKED_OF]):
            for question in (f"Who praised {one.name} most?", f"Who criticised {one.name}?"):
                with watch.timing("total" if place else "first"):
                    engine.ask(Question(question))
                held.append(Held.now())
    return {**watch.found, "peak_mb": memory_mb(), "own_mb": max(one.own for one in held)}


RECALL_AT = 20
HELD_OUT = 100
"""Chunks whose own vectors are asked for, beside the questions; none may find itself."""
SCANNED = 20_000
"""Vectors compared at a time where all are."""


def recall(spec: Spec) -> Found:
    """Tell which share of the best chunks by true cosine a search by vectors finds: exact against what is."""
    from index.library import Library
    from index.stores.local import LocalStore

    with Library.open(Path(spec["library"])) as library:
        store = library.store
        assert isinstance(store, LocalStore), store
        asked = np.array([library.comparer.question_vector(one) for one in spec["questions"]], np.float32)
        numbers = np.array([row[0] for row in store.database.rows("SELECT id FROM chunks ORDER BY id")])
        own = np.sort(np.random.default_rng(0).choice(numbers, min(HELD_OUT, len(numbers)), replace=False))
        marks = ", ".join(map(str, own.tolist()))
        rows = store.database.rows(f"SELECT vector FROM chunks WHERE id IN ({marks}) ORDER BY id")
        taken = np.frombuffer(b"".join(row[0] for row in rows), "<f4").reshape(len(own), -1)
        queries = np.concatenate([asked, taken])
        selves = np.concatenate([np.full(len(asked), -1), own])
        edges = _best_scores(store, queries, selves)
        shares = []
        for query, itself, edge in zip(queries, selves, edges, strict=True):
            found = [one for one in store.search_vectors(query, RECALL_AT + 1) if one.chunk != itself]
            shares.append(sum(one.score >= edge - 1e-6 for one in found[:RECALL_AT]) / RECALL_AT)
        made = store.stats().vector_index
    return {
        "questions": float(np.mean(shares[: len(asked)])),
        "held out": float(np.mean(shares[len(asked) :])),
        "told": made.recall if made else 0.0,
        "n": [len(asked), len(own)],
    }


def _best_scores(store: Any, queries: Any, selves: Any) -> Any:  # noqa: ANN401 - a local store; arrays
    """Return the RECALL_AT-th best cosine of each query with any vector but its own, all compared."""
    best = np.full((len(queries), RECALL_AT), -2, np.float32)
    rows = store.database.read().execute("SELECT id, vector FROM chunks")
    while some := rows.fetchmany(SCANNED):
        vectors = np.frombuffer(b"".join(one[1] for one in some), "<f4").reshape(len(some), -1)
        scores = queries @ vectors.T
        scores[selves[:, None] == np.array([one[0] for one in some])] = -2
        scores = np.concatenate([best, scores], axis=1)
        best = -np.partition(-scores, RECALL_AT - 1, axis=1)[:, :RECALL_AT]
    return best.min(axis=1)


def caches(spec: Spec) -> Found:
    """Make one of the files beside a library anew: `which` is "vectors" or "words"."""
    from index.library import Library
    from index.stores.local import LocalStore

    with Library.open(Path(spec["library"]), write=True) as library:
        store = library.store
        assert isinstance(store, LocalStore), store
        cache = store.vectors if spec["which"] == "vectors" else store.words.cache
        before, started = memory_mb(), time.process_time()
        cache.save()
        spent = time.process_time() - started
        path = cache.path()
        assert path is not None
        return {
            "save": spent,
            "peak_mb": memory_mb(),
            "before_mb": before,
            "file_mb": path.stat().st_size / 1e6,
        }


def edit(spec: Spec) -> Found:
    """Add articles one by one to an open library, take them out again, and search after each change."""
    parts.install(parts.INGEST)
    from index.ingest import add
    from index.library import Library
    from index.search import search

    watch = Stopwatch()
    question = spec["questions"][0]
    with Library.open(Path(spec["library"]), write=True) as library:
        search(library, question)
        add(library, [Path(spec["articles"][0])])
        for file in spec["articles"][1:]:
            with watch.timing("search before"):
                search(library, question)
            parts.CLOCK.reset()
            written = bytes_written()
            with watch.timing("add"):
                report = add(library, [Path(file)])
            assert report.added == 1, report
            apart = parts.CLOCK.cpu["vectors"] + parts.CLOCK.cpu["statements"]
            watch.found["add beside models cpu"].append(watch.found["add cpu"][-1] - apart * 1000)
            with watch.timing("search after add"):
                search(library, question)
            watch.found["add MB written"].append((bytes_written() - written) / 1e6)
        names = [library.store.resolve(Path(file).name) for file in spec["articles"]]
        for name in names:
            written = bytes_written()
            with watch.timing("remove"):
                library.store.remove([name])
                library.store.save()
            with watch.timing("search after remove"):
                search(library, question)
            watch.found["remove MB written"].append((bytes_written() - written) / 1e6)
    return {**watch.found, "peak_mb": memory_mb()}


def words(spec: Spec) -> Found:
    """Tell what the word index of a library costs: it is made once more, and not kept."""
    from index.library import Library
    from index.stores.local import LocalStore

    with Library.open(Path(spec["library"]), write=True) as library:
        assert isinstance(library.store, LocalStore), library.store
        started = time.process_time()
        with library.store.database.transaction() as connection:
            connection.execute("INSERT INTO words (words) VALUES ('rebuild')")
        return {"words": time.process_time() - started}


def dump(spec: Spec) -> Found:
    """Write the chunks of a library, the article and the vector of each, where another way can read them."""
    import sqlite3

    place = (Path(spec["library"]) / "library.sqlite").absolute().as_uri()
    texts: list[str] = []
    owners: list[str] = []
    rows: list[bytes] = []
    database = sqlite3.connect(f"{place}?mode=ro", uri=True)
    found = database.execute(
        "SELECT substr(texts.text, chunks.start + 1, chunks.end - chunks.start), articles.id, chunks.vector "
        "FROM chunks JOIN articles ON articles.number = chunks.article "
        "JOIN texts ON texts.article = chunks.article ORDER BY chunks.id"
    )
    for text, owner, vector in found:
        texts.append(text)
        owners.append(owner)
        rows.append(vector)
    database.close()
    Path(spec["chunks"]).write_text(json.dumps([texts, owners]), encoding="utf-8")
    np.save(spec["vectors"], np.frombuffer(b"".join(rows), dtype="<f4").reshape(len(rows), -1))
    return {"chunks": len(texts)}


def settle(spec: Spec) -> Found:
    """Make a folder of synthetic articles and a library that has read all of them, as they stand."""
    from benchmarks.speed.synthetic import make_article, read_pool
    from index.config import IndexConfig
    from index.library import Library
    from index.loaders import load
    from index.records import finish, page_digest
    from index.schema import Page
    from index.stores.disk import file_digest
    from index.stores.protocol import FileStamp, Source

    with Library.open(Path(spec["base"])) as real:
        pool, model = read_pool(real), real.config.model
    stamps = []
    with Library.create(Path(spec["library"]), IndexConfig(model=model)) as made:
        for number in range(spec["count"]):
            draft, vectors, analysis = make_article(pool, number, seed=1)
            file = Path(spec["articles"]) / f"{number:05d}.md"
            file.write_text(draft.article.text, encoding="utf-8")
            page = next(iter(load(file)))
            assert isinstance(page, Page), page
            source = Source(page.key, page.file, str(file), page_digest(page), draft.article.metadata)
            made.store.put(finish(draft, vectors, analysis), source)
            status = file.stat()
            stamps.append(FileStamp(str(file), status.st_size, status.st_mtime_ns, file_digest(file)))
        made.store.mark_read(stamps)
        made.store.save()
    return {"articles": len(stamps)}


ACTIONS: dict[str, Callable[[Spec], Found]] = {
    "embed": embed,
    "retrieval": retrieval,
    "answers": answers,
    "statements": statements,
    "recall": recall,
    "caches": caches,
    "edit": edit,
    "words": words,
    "dump": dump,
    "settle": settle,
}


def main() -> None:
    """Run one action and print what it found."""
    action, spec = sys.argv[1:]
    print(json.dumps(ACTIONS[action](json.loads(Path(spec).read_text(encoding="utf-8")))))


if __name__ == "__main__":
    main()
