"""Whether a sentence criticises or praises somebody it mentions: a small trained classifier, without torch.

The weights, what they were trained on and how good they are: `stance_weights/CARD.md`.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.embedders import minilm_folder
from index.embedders.graph_cache import kept_graph
from index.embedders.onnx_runtime import read_tokenizer, read_window, start_session
from index.embedders.trained import read_trained
from index.errors import InputError
from index.schema import Span, Stance
from index.statements.stance_graph import PIECES, ROWS, SHARES, SOURCE, STANCE, draw_lower, draw_upper

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

__all__ = [
    "CARD_FILE",
    "STANCES",
    "WEIGHTS_FILE",
    "StanceModel",
    "load_stance_model",
    "load_weights",
    "pieces_of",
    "start_stance_model",
]

STANCES = (Stance.CRITICISE, Stance.NEUTRAL, Stance.PRAISE)
"""What the columns of `StanceModel.probabilities` stand for."""

WEIGHTS_FILE = "stance.safetensors"
CARD_FILE = "card.json"
_FOLDER = Path(__file__).parent / "stance_weights"


class StanceModel:
    """Reads each distinct sentence once, then judges its mentions one by one: no result depends on another.

    Args:
        lower: Maps word pieces to rows (see `stance_graph`).
        upper: Maps rows and a target to probabilities.
        tokenizer: Cuts a text into word pieces; cuts nothing off.
        window: How many word pieces the model reads of a sentence; of a longer one, those around the target.
    """

    def __init__(
        self,
        lower: "InferenceSession",
        upper: "InferenceSession",
        tokenizer: "Tokenizer",
        *,
        window: int,
    ) -> None:
        self._lower = lower
        self._upper = upper
        self._tokenizer = tokenizer
        self._window = window

    def probabilities(self, mentions: Sequence[tuple[str, Span]]) -> NDArray[np.float32]:
        """Return how likely each mention is criticised, treated neutrally or praised by its sentence.

        Args:
            mentions: A sentence and the range of the target's words in it, such as a name or a pronoun.

        Returns:
            Shape (mentions, 3), in the order of the mentions; columns as in `STANCES`, each row adds up to 1.

        Raises:
            InputError: A range is empty or does not lie within its sentence.
        """
        result = np.empty((len(mentions), len(STANCES)), dtype=np.float32)
        places = sorted(range(len(mentions)), key=lambda place: mentions[place][0])
        for sentence, same in groupby(places, key=lambda place: mentions[place][0]):
            group = list(same)
            spans = [mentions[place][1] for place in group]
            for span in spans:
                _check(sentence, span)
            for place, row in zip(group, self._judge(sentence, spans), strict=True):
                result[place] = row
        return result

    def _judge(self, sentence: str, spans: Sequence[Span]) -> Iterator[NDArray[np.float32]]:
        encoding = self._tokenizer.encode(sentence)
        windows = [self._cut(encoding, span) for span in spans]
        # A sentence that fits is one window, read once for all its mentions.
        for pieces, same in groupby(windows, key=lambda window: window[0]):
            rows = self._lower.run([ROWS], {PIECES: np.array([pieces], dtype=np.int64)})[0]
            for _, own in same:
                yield self._upper.run([STANCE], {ROWS: rows, SHARES: _shares(own, len(pieces))})[0][0]

    def _cut(self, encoding: "Encoding", span: Span) -> tuple[list[int], list[int]]:
        """Return the pieces to read for a mention, and which of them are its own."""
        own = pieces_of(encoding.offsets, span)
        pieces = encoding.ids
        if len(pieces) <= self._window:
            return pieces, own
        room = self._window - 2
        first = min(max(1, (own[0] + own[-1] - room) // 2), len(pieces) - 1 - room)
        inside = [place - first + 1 for place in own if first <= place < first + room]
        return [pieces[0], *pieces[first : first + room], pieces[-1]], inside or [0]


@cache
def load_stance_model() -> StanceModel:
    """Load the classifier that comes with Dateline, once a process.

    Raises:
        ModelError: Its weights or the encoder that it builds on are missing or damaged.
    """
    folder = minilm_folder()
    lower = kept_graph("stance-lower", folder, partial(draw_lower, folder), SOURCE)
    upper = kept_graph("stance-upper", folder, _draw_upper, SOURCE, _FOLDER / CARD_FILE)
    return _start(lower, upper, folder)


def _draw_upper() -> bytes:
    return draw_upper(minilm_folder(), load_weights(_FOLDER))


def start_stance_model(own: Mapping[str, NDArray[np.float32]]) -> StanceModel:
    """Start a classifier with these weights (see `stance_graph.draw_upper`).

    Raises:
        ModelError: The encoder that it builds on is missing or damaged, or does not fit the weights.
    """
    folder = minilm_folder()
    return _start(draw_lower(folder), draw_upper(folder, own), folder)


def _start(lower: bytes, upper: bytes, folder: Path) -> StanceModel:
    return StanceModel(
        start_session(lower, folder),
        start_session(upper, folder),
        read_tokenizer(folder),
        window=read_window(folder),
    )


def load_weights(folder: Path) -> dict[str, NDArray[np.float32]]:
    """Read the trained weights in `folder`, which are kept in half precision.

    Raises:
        ModelError: They are missing, or are not those that the card beside them was written for.
    """
    kept = read_trained(folder / WEIGHTS_FILE, folder / CARD_FILE, "stance weights")
    return {name: tensor.astype(np.float32) for name, tensor in kept.items()}


def pieces_of(offsets: Sequence[tuple[int, int]], span: Span) -> list[int]:
    """Return which word pieces, of these character ranges, hold a part of the span."""
    own = [
        place
        for place, (start, end) in enumerate(offsets)
        if start < span.end and end > span.start and start < end
    ]
    # Control characters have no piece: the start mark, which sees everything, stands in for them.
    return own or [0]


def _check(sentence: str, span: Span) -> None:
    if not 0 <= span.start < span.end <= len(sentence):
        raise InputError(
            f"The mention [{span.start}, {span.end}) is not in its sentence of {len(sentence)} characters."
        )


def _shares(own: Sequence[int], length: int) -> NDArray[np.float32]:
    """Return the input `SHARES` of one mention: (1, length)."""
    shares = np.zeros((1, length), dtype=np.float32)
    shares[0, own] = 1 / len(own)
    return shares
