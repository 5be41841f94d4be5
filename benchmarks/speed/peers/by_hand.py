"""The loop that a first script would be: sentence-transformers, a flat FAISS index, bm25s where installed."""

import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.speed.peers.adapter import Model, Row, cut

DEPTH, RANK_BASE = 100, 60


class ByHand:
    """A FAISS file, the chunks as JSON, and a bm25s folder; all are written anew at every change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.model = Model()
        self.texts: list[str] = []
        self.owners: list[str] = []
        self.faiss_index: Any = None
        self.words: Any = None

    def build(self, articles: Sequence[Row]) -> int:
        """Cut, embed and save the articles; return the number of chunks."""
        texts, owners = cut(articles)
        self.adopt(texts, owners)
        return len(texts)

    def adopt(self, texts: Sequence[str], owners: Sequence[str]) -> None:
        """Embed, index and save chunks."""
        import faiss

        self.texts, self.owners = list(texts), list(owners)
        vectors = self.model.encode(self.texts)
        self.faiss_index = faiss.IndexFlatIP(vectors.shape[1])
        self.faiss_index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        self._save()

    def _save(self) -> None:
        import faiss

        self.folder.mkdir(parents=True, exist_ok=True)
        faiss.write_index(self.faiss_index, str(self.folder / "vectors.faiss"))
        (self.folder / "chunks.json").write_text(json.dumps([self.texts, self.owners]), encoding="utf-8")
        if find_spec("bm25s"):
            import bm25s

            self.words = bm25s.BM25()
            self.words.index(bm25s.tokenize(self.texts, show_progress=False), show_progress=False)
            self.words.save(str(self.folder / "words"))

    def load(self) -> None:
        """Open what was saved."""
        import faiss

        faiss.omp_set_num_threads(1)
        self.faiss_index = faiss.read_index(str(self.folder / "vectors.faiss"))
        self.texts, self.owners = json.loads((self.folder / "chunks.json").read_text(encoding="utf-8"))
        if find_spec("bm25s"):
            import bm25s

            self.words = bm25s.BM25.load(str(self.folder / "words"))

    def search(self, question: str, k: int) -> list[str]:
        """Return the articles of the k best chunks, by both ranks."""
        depth = min(DEPTH, len(self.texts))
        _, near = self.faiss_index.search(self.model.encode([question]), depth)
        lists = [near[0].tolist()]
        if self.words is not None:
            import bm25s

            tokens = bm25s.tokenize([question], show_progress=False)
            lists.append(self.words.retrieve(tokens, k=depth, show_progress=False)[0][0].tolist())
        scores: dict[int, float] = {}
        for ranked in lists:
            for rank, chunk in enumerate(ranked, start=1):
                scores[chunk] = scores.get(chunk, 0.0) + 1 / (RANK_BASE + rank)
        best = sorted(scores, key=lambda chunk: -scores[chunk])[:k]
        return [self.owners[chunk] for chunk in best]

    def add(self, article: Row) -> None:
        """Add one article and write everything again."""
        texts, owners = cut([article])
        self.faiss_index.add(self.model.encode(texts))
        self.texts += texts
        self.owners += owners
        self._save()

    def rerun(self, articles: Sequence[Row]) -> None:
        """Do it all again: nothing here knows what was there."""
        self.build(articles)
