"""An embedder without a model: words, word pairs and letter triples hashed into a vector.

It finds shared words and spellings, not meanings. It needs no weights, starts at once and gives the same
vectors everywhere: for tests, for machines too weak for a model, for languages that the model does not know.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from math import log
from zlib import crc32

import numpy as np

from index.schema import Vectors

__all__ = ["DEFAULT_DIMENSION", "HashingEmbedder"]

DEFAULT_DIMENSION = 512

_WORD = re.compile(r"[^\W_]+")

_WORD_WEIGHT, _PAIR_WEIGHT, _TRIPLE_WEIGHT = 1.0, 0.5, 0.25
_SHORT_WORD = 3
_SHORT_WEIGHT = 0.3
"""Words of up to three letters are mostly "the" and "of": they count less."""


class HashingEmbedder:
    """Hashes the features of a text with signs into `dimension` places, damped by the log of their count."""

    def __init__(self, dimension: int = DEFAULT_DIMENSION) -> None:
        self.space = f"hashing@{dimension}"
        self.dimension = dimension

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, in order. A text without a word gets the first unit vector."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for (feature, weight), count in Counter(_features(text)).items():
                code = crc32(feature.encode("utf-8", "surrogatepass"))
                # The lowest bit is the sign, the others the place: one hash gives both.
                row[(code >> 1) % self.dimension] += (1 - 2 * (code & 1)) * weight * (1 + log(count))
            length = np.linalg.norm(row)
            if length > 0:
                row /= length
            else:
                row[0] = 1
        return vectors


def _features(text: str) -> Iterator[tuple[str, float]]:
    """Yield the words, pairs of neighbouring words and letter triples of a text, with their weights."""
    before = ""
    for word in _WORD.findall(text.casefold()):
        yield word, _WORD_WEIGHT if len(word) > _SHORT_WORD else _SHORT_WEIGHT
        if before:
            yield f"{before} {word}", _PAIR_WEIGHT
        before = word
        if len(word) > _SHORT_WORD:
            padded = f"^{word}$"
            for start in range(len(padded) - 2):
                yield f"#{padded[start : start + 3]}", _TRIPLE_WEIGHT
