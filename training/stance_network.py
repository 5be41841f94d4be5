"""The trainable half of the stance classifier, in torch: the upper layers of MiniLM, `marker` and `head`.

It computes what `index.statements.stance_graph` draws, over rows that the frozen lower layers made once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from index.embedders.bert_onnx import WEIGHTS_FILE, BertShape, read_shape
from index.statements.stance_graph import MARKED_FROM, MIDDLE
from index.statements.stance_model import pieces_of
from training.newsmtsc import Judged

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["Batch", "Example", "LowerLayers", "StanceNetwork", "collate"]

_MARKER_DEVIATION = 0.1
_HEAD_DEVIATION = 0.01
# Where the parts of a layer stand in the weights file of a BERT encoder.
_QUERY, _KEY, _VALUE = ("attention.self.query", "attention.self.key", "attention.self.value")
_MIXED, _MIXED_NORM = "attention.output.dense", "attention.output.LayerNorm"
_INNER, _OUTER, _OUTER_NORM = "intermediate.dense", "output.dense", "output.LayerNorm"


@dataclass(frozen=True, slots=True)
class Example:
    """One target: the rows of its sentence (length, dimension), the places of its own pieces, its stance."""

    rows: Tensor
    own: tuple[int, ...]
    stance: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Examples side by side, the shorter ones filled up with zeros.

    Attributes:
        rows: (examples, length, dimension).
        present: (examples, length); 1 where a sentence has a piece.
        shares: (examples, 1, length); one over the number of the target's pieces at these, 0 elsewhere.
        stances: (examples,).
    """

    rows: Tensor
    present: Tensor
    shares: Tensor
    stances: Tensor


def collate(examples: Sequence[Example]) -> Batch:
    """Put examples side by side."""
    size, length = len(examples), max(len(example.rows) for example in examples)
    rows = torch.zeros(size, length, examples[0].rows.shape[1])
    present, shares = torch.zeros(size, length), torch.zeros(size, 1, length)
    for place, example in enumerate(examples):
        rows[place, : len(example.rows)] = example.rows.float()
        present[place, : len(example.rows)] = 1
        shares[place, 0, list(example.own)] = 1 / len(example.own)
    return Batch(rows, present, shares, torch.tensor([example.stance for example in examples]))


class _Layer(nn.Module):
    """One layer of a BERT encoder, its parts named as in the weights file with "." as "/"."""

    def __init__(self, weights: dict[str, Tensor], number: int, shape: BertShape, dropout: float) -> None:
        super().__init__()
        self._heads, self._dropout = shape.heads, dropout
        self.parts = nn.ModuleDict()
        for name in (_QUERY, _KEY, _VALUE, _MIXED, _MIXED_NORM, _INNER, _OUTER, _OUTER_NORM):
            weight, bias = (weights[f"encoder.layer.{number}.{name}.{kind}"] for kind in ("weight", "bias"))
            part: nn.Linear | nn.LayerNorm = (
                nn.LayerNorm(shape.dimension, eps=shape.epsilon)
                if name.endswith("LayerNorm")
                else nn.Linear(weight.shape[1], weight.shape[0])
            )
            part.load_state_dict({"weight": weight, "bias": bias})
            self.parts[name.replace(".", "/")] = part

    def forward(self, rows: Tensor, mask: Tensor | None) -> Tensor:
        mixed = self._drop(self._run(_MIXED, self._attend(rows, mask)))
        rows = self._run(_MIXED_NORM, rows + mixed)
        outer = self._drop(self._run(_OUTER, functional.gelu(self._run(_INNER, rows))))
        return self._run(_OUTER_NORM, rows + outer)

    def _attend(self, rows: Tensor, mask: Tensor | None) -> Tensor:
        size, length, dimension = rows.shape
        query, key, value = (
            self._run(name, rows).view(size, length, self._heads, -1).transpose(1, 2)
            for name in (_QUERY, _KEY, _VALUE)
        )
        dropout = self._dropout if self.training else 0.0
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask, dropout_p=dropout)
        return mixed.transpose(1, 2).reshape(size, length, dimension)

    def _run(self, name: str, rows: Tensor) -> Tensor:
        made: Tensor = self.parts[name.replace(".", "/")](rows)
        return made

    def _drop(self, rows: Tensor) -> Tensor:
        return functional.dropout(rows, self._dropout, self.training)


class StanceNetwork(nn.Module):
    """The upper layers, told their target.

    Args:
        folder: The encoder whose weights it starts from.
        dropout: Share of values dropped inside the layers while training.
        head_dropout: The same before the head.
    """

    def __init__(self, folder: Path, *, dropout: float, head_dropout: float) -> None:
        super().__init__()
        shape, weights = read_shape(folder), load_file(folder / WEIGHTS_FILE)
        self.layers = nn.ModuleList(
            _Layer(weights, number, shape, dropout) for number in range(MARKED_FROM, shape.layers)
        )
        self.marker = nn.Parameter(torch.randn(shape.dimension) * _MARKER_DEVIATION)
        self.head = nn.Linear(3 * shape.dimension, 3)
        self._head_dropout = head_dropout
        nn.init.normal_(self.head.weight, std=_HEAD_DEVIATION)
        nn.init.zeros_(self.head.bias)

    def forward(self, batch: Batch) -> Tensor:
        """Return logits, (examples, 3)."""
        present = batch.present[:, None, :]
        mask = None if bool(present.all()) else (present[:, None] > 0)
        rows = batch.rows + (batch.shares > 0).transpose(1, 2) * self.marker
        middle = rows
        for number, layer in enumerate(self.layers, MARKED_FROM + 1):
            rows = layer(rows, mask)
            middle = rows if number == MIDDLE else middle
        parts = [batch.shares @ rows, batch.shares @ middle, present @ rows / present.sum(2, keepdim=True)]
        judged = functional.dropout(torch.cat(parts, 2).squeeze(1), self._head_dropout, self.training)
        logits: Tensor = self.head(judged)
        return logits

    def named_as_shipped(self) -> dict[str, Tensor]:
        """Return the weights under the names that `draw_upper` reads."""
        return {_shipped_name(name): tensor.detach().clone() for name, tensor in self.state_dict().items()}

    def load_shipped(self, weights: Mapping[str, NDArray[np.float32]]) -> None:
        """Take over weights that go by the names that `draw_upper` reads."""
        own = {name: torch.from_numpy(weights[_shipped_name(name)]) for name in self.state_dict()}
        self.load_state_dict(own)


def _shipped_name(name: str) -> str:
    if not name.startswith("layers."):
        return name
    _, number, _, rest = name.split(".", 3)
    return f"encoder.layer.{int(number) + MARKED_FROM}.{rest.replace('/', '.')}"


class LowerLayers:
    """The frozen half: turns sentences into the rows that the network reads, kept in half precision."""

    def __init__(self, folder: Path, tokenizer: "Tokenizer") -> None:
        self._shape, self._weights = read_shape(folder), load_file(folder / WEIGHTS_FILE)
        self._layers = [
            _Layer(self._weights, number, self._shape, 0.0).eval() for number in range(MARKED_FROM)
        ]
        self._tokenizer = tokenizer

    @torch.inference_mode()
    def examples(self, rows: Sequence[Judged]) -> list[Example]:
        """Return an example for each target, in order; those of one sentence share its rows."""
        found = []
        for row in rows:
            encoding = self._tokenizer.encode(row.sentence)
            read = self._read(torch.tensor(encoding.ids)).half()
            for target, stance in zip(row.targets, row.stances, strict=True):
                found.append(Example(read, tuple(pieces_of(encoding.offsets, target)), stance))
        return found

    def _read(self, pieces: Tensor) -> Tensor:
        tables = [
            self._weights[f"embeddings.{name}_embeddings.weight"]
            for name in ("word", "position", "token_type")
        ]
        rows = tables[0][pieces] + tables[1][: len(pieces)] + tables[2][0]
        weight, bias = (self._weights[f"embeddings.LayerNorm.{kind}"] for kind in ("weight", "bias"))
        rows = functional.layer_norm(rows, (self._shape.dimension,), weight, bias, self._shape.epsilon)[None]
        for layer in self._layers:
            rows = layer(rows, None)
        return rows[0]
