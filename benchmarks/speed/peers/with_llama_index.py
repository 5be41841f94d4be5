"""LlamaIndex over a FAISS vector store; its document hashes know what is unchanged."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.speed.peers.adapter import Model, Row


class LlamaIndex:
    """A vector store index that is persisted as JSON beside the FAISS file."""

    def __init__(self, folder: Path) -> None:
        from llama_index.core import Settings
        from llama_index.core.embeddings import BaseEmbedding
        from llama_index.core.node_parser import SentenceSplitter

        model = Model()

        class Embedding(BaseEmbedding):  # type: ignore[misc]
            """The same weights as every other way's."""

            def _get_query_embedding(self, query: str) -> list[float]:
                return self._get_text_embeddings([query])[0]

            async def _aget_query_embedding(self, query: str) -> list[float]:
                return self._get_query_embedding(query)

            def _get_text_embedding(self, text: str) -> list[float]:
                return self._get_text_embeddings([text])[0]

            def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
                found: list[list[float]] = model.encode(texts).tolist()
                return found

        Settings.embed_model = Embedding(embed_batch_size=32)
        Settings.node_parser = SentenceSplitter(chunk_size=180, chunk_overlap=20)
        self.folder = folder
        self.model = model
        self.vectors: Any = None

    def build(self, articles: Sequence[Row]) -> int:
        """Cut, embed and save the articles; return the number of chunks."""
        from llama_index.core import VectorStoreIndex

        context = _empty_context()
        self.vectors = VectorStoreIndex.from_documents(_documents(articles), storage_context=context)
        self.vectors.storage_context.persist(str(self.folder))
        return int(context.vector_store.client.ntotal)

    def adopt(self, texts: Sequence[str], owners: Sequence[str]) -> None:
        """Embed and save chunks."""
        from llama_index.core import VectorStoreIndex
        from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode

        nodes = [
            TextNode(text=text, relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=owner)})
            for text, owner in zip(texts, owners, strict=True)
        ]
        self.vectors = VectorStoreIndex(nodes, storage_context=_empty_context())
        self.vectors.storage_context.persist(str(self.folder))

    def load(self) -> None:
        """Open what was saved."""
        from llama_index.core import StorageContext, load_index_from_storage
        from llama_index.vector_stores.faiss import FaissVectorStore

        store = FaissVectorStore.from_persist_dir(str(self.folder))
        context = StorageContext.from_defaults(vector_store=store, persist_dir=str(self.folder))
        self.vectors = load_index_from_storage(context)

    def search(self, question: str, k: int) -> list[str]:
        """Return the articles of the k nearest chunks."""
        found = self.vectors.as_retriever(similarity_top_k=k).retrieve(question)
        return [str(one.node.ref_doc_id) for one in found]

    def add(self, article: Row) -> None:
        """Add one article and save."""
        self.vectors.insert(_documents([article])[0])
        self.vectors.storage_context.persist(str(self.folder))

    def rerun(self, articles: Sequence[Row]) -> None:
        """Offer the articles again; those whose hash is known are left alone."""
        assert not any(self.vectors.refresh_ref_docs(_documents(articles)))


def _empty_context() -> Any:  # noqa: ANN401 - its package has no types
    import faiss
    from llama_index.core import StorageContext
    from llama_index.vector_stores.faiss import FaissVectorStore

    store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(384))
    return StorageContext.from_defaults(vector_store=store)


def _documents(articles: Sequence[Row]) -> list[Any]:
    from llama_index.core import Document

    return [Document(text=article.text, id_=article.id) for article in articles]
