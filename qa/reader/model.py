"""The reader: where in a passage the answer to a question stands, and whether it stands there at all.

The weights, what they were made from and how good they are: `weights/CARD.md`.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.embedders import minilm_folder, side_by_side
from index.embedders.graph_cache import kept_graph
from index.embedders.onnx_runtime import read_tokenizer, start_session
from index.embedders.trained import read_trained
from qa.reader.graph import MARKS, PIECES, SCORES, SOURCE, draw_reader
from qa.reader.pairs import Pair, pair_up

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

__all__ = [
    "CARD_FILE",
    "WEIGHTS_FILE",
    "Found",
    "Reader",
    "Reading",
    "load_reader",
    "load_weights",
]

WEIGHTS_FILE = "reader.safetensors"
CARD_FILE = "card.json"
_FOLDER = Path(__file__).parent / "weights"
_LONGEST_ANSWER = 24
"""Word pieces of an answer, at most."""
_WHOLE = 127


@dataclass(frozen=True, slots=True)
class Found:
    """A range of the passage's characters and the logarithm of how likely it is the answer."""

    start: int
    end: int
    log_probability: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What one passage has to say.

    Attributes:
        spans: The likeliest answers, best first; none overlaps a better one. Empty where no words are.
        no_answer: The logarithm of how likely the passage has no answer.
    """

    spans: tuple[Found, ...]
    no_answer: float

    @property
    def margin(self) -> float:
        """How much likelier the best span is than no answer: above 0 where the reader finds one."""
        return self.spans[0].log_probability - self.no_answer if self.spans else -self.no_answer - 100.0


class Reader:
    """Reads passages one at a time: no reading depends on the other passages.

    Args:
        session: Maps a pair to the scores of its pieces (see `qa.reader.graph`).
        tokenizer: Cuts a text into word pieces; cuts nothing off.
        spans: How many answers to return for a passage, at most.
        threads: How many passages are read side by side; the readings do not depend on it.
    """

    def __init__(
        self, session: "InferenceSession", tokenizer: "Tokenizer", *, spans: int = 3, threads: int = 1
    ) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._spans = spans
        self._threads = threads

    def score(self, question: str, passages: Sequence[str]) -> list[Reading]:
        """Return a reading of each passage, in order; of a long one only the beginning is read."""
        pairs = pair_up(self._tokenizer, question, passages)
        if self._threads == 1 or len(passages) < 2:
            return [self._read(pair) for pair in pairs]
        with ThreadPoolExecutor(min(self._threads, len(passages))) as pool:
            return list(pool.map(self._read, pairs))

    def _read(self, pair: Pair) -> Reading:
        marks = np.zeros((len(pair.pieces), 2), dtype=np.float32)
        marks[pair.first : pair.first + len(pair.offsets), 0] = 1
        marks[list(pair.matched), 1] = 1
        pieces = np.array([pair.pieces], dtype=np.int64)
        scores = self._session.run([SCORES], {PIECES: pieces, MARKS: marks})[0]
        return reading_of(scores, pair, self._spans)


def reading_of(scores: NDArray[np.float32], pair: Pair, limit: int) -> Reading:
    """Turn the scores of a pair's pieces, (pieces, 2), into a reading."""
    last = pair.first + len(pair.offsets)
    own = np.concatenate([scores[:1], scores[pair.first : last]])
    likely = own - own.max(axis=0) - np.log(np.exp(own - own.max(axis=0)).sum(axis=0))
    no_answer = float(likely[0].sum())
    both = likely[1:, :1] + likely[1:, 1]
    places = np.arange(len(pair.offsets))
    length = places[None, :] - places[:, None]
    both[(length < 0) | (length >= _LONGEST_ANSWER)] = -np.inf
    return Reading(tuple(_best(both, pair.offsets, limit)), no_answer)


def _best(both: NDArray[np.float32], offsets: Sequence[tuple[int, int]], limit: int) -> Iterator[Found]:
    """Yield the best ranges of which none overlaps a better one."""
    for _ in range(min(limit, len(offsets))):
        first, last = divmod(int(both.argmax()), both.shape[1])
        if not np.isfinite(both[first, last]):
            return
        yield Found(offsets[first][0], offsets[last][1], float(both[first, last]))
        both[: last + 1, first:] = -np.inf


@cache
def load_reader() -> Reader:
    """Load the reader that comes with Dateline, once a process.

    Raises:
        ModelError: Its weights or the encoder that it builds on are missing or damaged.
    """
    folder = minilm_folder()
    graph = kept_graph("reader", folder, _draw, SOURCE, _FOLDER / CARD_FILE)
    return Reader(start_session(graph, folder), read_tokenizer(folder), threads=side_by_side())


def _draw() -> bytes:
    return draw_reader(minilm_folder(), load_weights(_FOLDER))


def load_weights(folder: Path) -> dict[str, NDArray[np.float32]]:
    """Read the trained weights in `folder`.

    Raises:
        ModelError: They are missing, or are not those that the card beside them was written for.
    """
    kept = read_trained(folder / WEIGHTS_FILE, folder / CARD_FILE, "reader's weights")
    return unpack(kept)


def pack(weights: Mapping[str, NDArray[np.float32]]) -> "dict[str, NDArray[Any]]":
    """Return weights as they are kept: matrices of layers as whole numbers with a scale a row."""
    kept: dict[str, NDArray[Any]] = {}
    for name, tensor in weights.items():
        if name.startswith("encoder.") and tensor.ndim == 2:
            scales = np.maximum(np.abs(tensor).max(axis=1), 1e-12) / _WHOLE
            kept[name] = np.round(tensor / scales[:, None]).astype(np.int8)
            kept[f"{name}.scales"] = scales.astype(np.float32)
        else:
            kept[name] = tensor.astype(np.float16)
    return kept


def unpack(kept: "Mapping[str, NDArray[Any]]") -> dict[str, NDArray[np.float32]]:
    """Return the weights that `pack` made these of."""
    return {
        name: tensor.astype(np.float32) * kept[f"{name}.scales"][:, None]
        if f"{name}.scales" in kept
        else tensor.astype(np.float32)
        for name, tensor in kept.items()
        if not name.endswith(".scales")
    }
