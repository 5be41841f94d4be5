"""What a reranker is."""

from collections.abc import Sequence
from typing import Protocol

__all__ = ["Reranker"]


class Reranker(Protocol):
    """Scores passages for a question; higher is better, and only the order counts."""

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """Return one finite score a passage, in order."""
