"""Chroma's persistent client."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.speed.peers.adapter import Model, Row, cut

BATCH = 1000


class Chroma:
    """One collection; what is added is saved at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.model = Model()
        self.collection: Any = None

    def load(self) -> None:
        """Open the collection, an empty one where there is none."""
        import chromadb

        client = chromadb.PersistentClient(str(self.folder))
        self.collection = client.get_or_create_collection("articles", metadata={"hnsw:space": "ip"})

    def build(self, articles: Sequence[Row]) -> int:
        """Cut, embed and save the articles; return the number of chunks."""
        texts, owners = cut(articles)
        self.adopt(texts, owners)
        return len(texts)

    def adopt(self, texts: Sequence[str], owners: Sequence[str]) -> None:
        """Embed and save chunks, beside what is there."""
        self.load()
        vectors = self.model.encode(texts)
        for at in range(0, len(texts), BATCH):
            rows = slice(at, at + BATCH)
            self.collection.upsert(
                ids=[f"{owner}#{at + place}" for place, owner in enumerate(owners[rows])],
                embeddings=vectors[rows],
                documents=list(texts[rows]),
                metadatas=[{"article": owner} for owner in owners[rows]],
            )

    def search(self, question: str, k: int) -> list[str]:
        """Return the articles of the k nearest chunks."""
        found = self.collection.query(query_embeddings=self.model.encode([question]), n_results=k)
        return [str(one["article"]) for one in found["metadatas"][0]]

    def add(self, article: Row) -> None:
        """Add one article; it is on disk at once."""
        self.build([article])

    def rerun(self, articles: Sequence[Row]) -> None:
        """Embed all of it again: upsert compares nothing."""
        self.build(articles)
