"""Haystack's in-memory document store, searched by vectors and saved as JSON."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.speed.peers.adapter import Model, Row, cut


class Haystack:
    """A document store in memory; its file is written anew at every change."""

    def __init__(self, folder: Path) -> None:
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        self.folder = folder
        self.model = Model()
        self.store: Any = InMemoryDocumentStore(embedding_similarity_function="dot_product")

    def adopt(self, texts: Sequence[str], owners: Sequence[str]) -> None:
        """Embed chunks, beside what is there, and save all."""
        from haystack import Document
        from haystack.document_stores.types import DuplicatePolicy

        vectors = self.model.encode(texts).tolist()
        rows = zip(texts, owners, vectors, strict=True)
        documents = [
            Document(content=text, meta={"article": owner}, embedding=one) for text, owner, one in rows
        ]
        self.store.write_documents(documents, policy=DuplicatePolicy.OVERWRITE)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.store.save_to_disk(str(self.folder / "documents.json"))

    def build(self, articles: Sequence[Row]) -> int:
        """Cut, embed and save the articles; return the number of chunks."""
        texts, owners = cut(articles)
        self.adopt(texts, owners)
        return len(texts)

    def load(self) -> None:
        """Open what was saved."""
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        self.store = InMemoryDocumentStore.load_from_disk(str(self.folder / "documents.json"))

    def search(self, question: str, k: int) -> list[str]:
        """Return the articles of the k nearest chunks."""
        vector = self.model.encode([question])[0].tolist()
        return [one.meta["article"] for one in self.store.embedding_retrieval(vector, top_k=k)]

    def add(self, article: Row) -> None:
        """Add one article and save."""
        self.build([article])

    def rerun(self, articles: Sequence[Row]) -> None:
        """Embed all of it again: what is unchanged is only seen when it is written."""
        self.build(articles)
