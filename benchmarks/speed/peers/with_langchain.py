"""LangChain's FAISS store, with its BM25 nowhere: it would read every chunk for each question."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.speed.peers.adapter import Model, Row, cut


class LangChain:
    """A FAISS store that is saved as a pickle beside the FAISS file."""

    def __init__(self, folder: Path) -> None:
        from langchain_core.embeddings import Embeddings

        model = Model()

        class Embedding(Embeddings):  # type: ignore[misc]
            """The same weights as every other way's."""

            def embed_documents(self, texts: list[str]) -> list[list[float]]:
                """Return a vector a text."""
                found: list[list[float]] = model.encode(texts).tolist()
                return found

            def embed_query(self, text: str) -> list[float]:
                """Return the vector of a question."""
                return self.embed_documents([text])[0]

        self.folder = folder
        self.model = model
        self.embedding = Embedding()
        self.vectors: Any = None

    def build(self, articles: Sequence[Row]) -> int:
        """Cut, embed and save the articles; return the number of chunks."""
        texts, owners = cut(articles)
        self.adopt(texts, owners)
        return len(texts)

    def adopt(self, texts: Sequence[str], owners: Sequence[str]) -> None:
        """Embed and save chunks."""
        from langchain_community.vectorstores import FAISS

        labels = [{"article": owner} for owner in owners]
        self.vectors = FAISS.from_texts(list(texts), self.embedding, labels)
        self.vectors.save_local(str(self.folder))

    def load(self) -> None:
        """Open what was saved: by this process's own hand, so that its pickle may be read."""
        from langchain_community.vectorstores import FAISS

        self.vectors = FAISS.load_local(
            str(self.folder), self.embedding, allow_dangerous_deserialization=True
        )

    def search(self, question: str, k: int) -> list[str]:
        """Return the articles of the k nearest chunks."""
        return [one.metadata["article"] for one in self.vectors.similarity_search(question, k)]

    def add(self, article: Row) -> None:
        """Add one article and save."""
        texts, owners = cut([article])
        self.vectors.add_texts(texts, [{"article": owner} for owner in owners])
        self.vectors.save_local(str(self.folder))

    def rerun(self, articles: Sequence[Row]) -> None:
        """Do it all again: without a record manager nothing is known as unchanged."""
        self.build(articles)
