"""Models that read a question and a passage together, and so judge better and slower than vectors do.

None comes with Dateline: name one as `reranker` in the library's `settings.json`, by its folder or its hub
name ("cross-encoder/ms-marco-MiniLM-L6-v2"). It then orders the best passages that search finds.
"""

from index.rerankers.protocol import Reranker

__all__ = ["Reranker", "load_reranker"]


def load_reranker(model: str, threads: int = 1) -> Reranker:
    """Load a reranker.

    Args:
        model: A cross-encoder's folder, or its hub name.
        threads: CPU threads to use.

    Raises:
        ModelError: sentence-transformers is not installed, the model cannot be loaded, or is no reranker.
    """
    from index.rerankers.cross_encoder import load_cross_encoder

    return load_cross_encoder(model, threads=threads)
