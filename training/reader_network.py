"""The reader in torch: MiniLM over a question and a passage, and a head that scores the ends of an answer.

It computes what `qa.reader.graph` draws. Layers below `READ_FROM` stay frozen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from index.embedders.bert_onnx import WEIGHTS_FILE, read_shape
from training.stance_network import _Layer

__all__ = ["Batch", "Example", "ReaderNetwork", "collate"]

_MARKER_DEVIATION = 0.02


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a passage as word pieces.

    Attributes:
        pieces: [CLS] question [SEP] passage [SEP].
        first: Where the passage begins.
        matched: Which pieces of the passage the question has too.
        start, end: The first and the last piece of the answer; both 0 where the passage has none.
        group: The number of its question.
    """

    pieces: tuple[int, ...]
    first: int
    matched: tuple[int, ...]
    start: int
    end: int
    group: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Examples side by side, filled up with zeros: all of shape (examples, length) but for the targets."""

    pieces: Tensor
    present: Tensor
    passage: Tensor
    matched: Tensor
    starts: Tensor
    ends: Tensor


def collate(examples: Sequence[Example]) -> Batch:
    """Put examples side by side."""
    size, length = len(examples), max(len(example.pieces) for example in examples)
    pieces = torch.zeros(size, length, dtype=torch.long)
    present, passage, matched = (torch.zeros(size, length) for _ in range(3))
    for place, example in enumerate(examples):
        own = len(example.pieces)
        pieces[place, :own] = torch.tensor(example.pieces)
        present[place, :own] = 1
        passage[place, example.first : own - 1] = 1
        matched[place, list(example.matched)] = 1
    starts, ends = (
        torch.tensor([getattr(example, name) for example in examples]) for name in ("start", "end")
    )
    return Batch(pieces, present, passage, matched, starts, ends)


class ReaderNetwork(nn.Module):
    """Scores every piece as the beginning and the end of the answer; piece 0 stands for none.

    Args:
        folder: The encoder whose weights it starts from.
        read_from: The first layer that learns.
        dropout: Share of values dropped inside the layers while training.
    """

    def __init__(self, folder: Path, *, read_from: int, dropout: float) -> None:
        super().__init__()
        self._shape, weights = read_shape(folder), load_file(folder / WEIGHTS_FILE)
        self._weights = {name: tensor for name, tensor in weights.items() if name.startswith("embeddings.")}
        self.read_from = read_from
        self._lower = [_Layer(weights, number, self._shape, 0.0).eval() for number in range(read_from)]
        self.layers = nn.ModuleList(
            _Layer(weights, number, self._shape, dropout) for number in range(read_from, self._shape.layers)
        )
        self.marks = nn.Parameter(torch.randn(2, self._shape.dimension) * _MARKER_DEVIATION)
        self.head = nn.Linear(self._shape.dimension, 2)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, batch: Batch) -> Tensor:
        """Return scores, (examples, 2, length): beginnings and ends, of no account outside the passage."""
        mask = None if bool(batch.present.all()) else (batch.present[:, None, None, :] > 0)
        with torch.no_grad():
            rows = self._embed(batch.pieces)
            for frozen in self._lower:
                rows = frozen(rows, mask)
        rows = rows + batch.passage[..., None] * self.marks[0] + batch.matched[..., None] * self.marks[1]
        for layer in self.layers:
            rows = layer(rows, mask)
        scores: Tensor = self.head(rows).transpose(1, 2)
        allowed = batch.passage.clone()
        allowed[:, 0] = 1
        return scores.masked_fill(allowed[:, None, :] == 0, -1e4)

    def _embed(self, pieces: Tensor) -> Tensor:
        word, position, kind = (
            self._weights[f"embeddings.{name}_embeddings.weight"]
            for name in ("word", "position", "token_type")
        )
        rows = word[pieces] + position[: pieces.shape[1]] + kind[0]
        weight, bias = (self._weights[f"embeddings.LayerNorm.{part}"] for part in ("weight", "bias"))
        return functional.layer_norm(rows, (self._shape.dimension,), weight, bias, self._shape.epsilon)

    def named_as_shipped(self) -> dict[str, Tensor]:
        """Return the learned weights under the names that `qa.reader.graph` reads."""
        return {self._shipped(name): tensor.detach().clone() for name, tensor in self.state_dict().items()}

    def load_shipped(self, weights: Mapping[str, NDArray[np.float32]]) -> None:
        """Take over weights that go by the shipped names."""
        self.load_state_dict(
            {name: torch.from_numpy(weights[self._shipped(name)]) for name in self.state_dict()}
        )

    def _shipped(self, name: str) -> str:
        if not name.startswith("layers."):
            return name
        _, number, _, rest = name.split(".", 3)
        return f"encoder.layer.{int(number) + self.read_from}.{rest.replace('/', '.')}"
