"""How near texts are in meaning to a question: quick vectors, a hundredth off the exact ones, each made once.

Search compares exact vectors. Here a question is compared with a dozen sentences that search has found, where
exact vectors would take most of the time of an answer.
"""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from index.embedders.protocol import Embedder, QuickEmbedder
from index.schema import Vectors

__all__ = ["Comparer"]

_QUESTIONS = 64
_TEXTS = 4096
"""Vectors kept, those longest unused going first: 6 MB for the default model."""

_Vector = NDArray[np.float32]


class Comparer:
    """Compares texts with questions; may be used by several threads.

    Args:
        embedder: Makes the vectors; quick ones where it can.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._questions: OrderedDict[str, _Vector] = OrderedDict()
        self._texts: OrderedDict[str, _Vector] = OrderedDict()
        self._lock = Lock()

    def question_vector(self, question: str) -> _Vector:
        """Return the exact vector of a question, of unit length."""
        with self._lock:
            known = self._questions.get(question)
        if known is None:
            known = self._embedder.embed([question])[0]
            with self._lock:
                _keep(self._questions, {question: known}, _QUESTIONS)
        return known

    def similarities(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return the cosine of the question with each text, in order; for the default model within .02."""
        if not texts:
            return []
        wanted = self.question_vector(question)
        with self._lock:
            vectors = {text: self._texts[text] for text in texts if text in self._texts}
        new = [text for text in dict.fromkeys(texts) if text not in vectors]
        if new:
            vectors |= dict(zip(new, self._made(new), strict=True))
        with self._lock:
            _keep(self._texts, {text: vectors[text] for text in texts}, _TEXTS)
        return [float(wanted @ vectors[text]) for text in texts]

    def _made(self, texts: Sequence[str]) -> Vectors:
        if isinstance(self._embedder, QuickEmbedder):
            return self._embedder.embed_quickly(texts)
        return self._embedder.embed(texts)


def _keep(kept: OrderedDict[str, _Vector], used: dict[str, _Vector], most: int) -> None:
    for text, vector in used.items():
        kept[text] = vector
        kept.move_to_end(text)
    while len(kept) > most:
        kept.popitem(last=False)
