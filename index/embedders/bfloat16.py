"""A BERT sentence encoder in numbers of 16 bits, run by torch: for processors that multiply those directly.

A bfloat16 has the range of a float32 and two to three digits. The word pieces of several texts are laid end
to end, so that nothing is spent on padding: only attention looks at each text by itself.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.embedders.bert_onnx import WEIGHTS_FILE, BertShape, read_shape
from index.embedders.onnx_runtime import pieces_read, read_tokenizer, read_window
from index.embedders.protocol import space_of
from index.errors import ModelError
from index.schema import Vectors

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

    Weights = dict[str, Tensor]

__all__ = ["BFloat16Embedder", "load_bfloat16", "processor_has_bfloat16"]

_LOGGER = logging.getLogger(__name__)

PIECES_AT_ONCE = 1024
"""Word pieces laid end to end: enough for full use of the processor's units, and they stay in its cache."""

_FLAGS = {"avx512_bf16", "amx_bf16"}


def processor_has_bfloat16(described: Path = Path("/proc/cpuinfo")) -> bool:
    """Return whether the processor multiplies bfloat16 numbers; False where Linux does not tell."""
    try:
        lines = described.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    return any(_FLAGS & set(line.split()) for line in lines if line.startswith("flags"))


@dataclass(frozen=True, slots=True)
class _Linear:
    """Weights (outputs, inputs) and bias (outputs) of one multiplication, or scale and bias of a norm."""

    weight: "Tensor"
    bias: "Tensor"


@dataclass(frozen=True, slots=True)
class _Layer:
    """One layer of the encoder; `attend` makes queries, keys and values at once."""

    attend: _Linear
    mix: _Linear
    mix_norm: _Linear
    widen: _Linear
    narrow: _Linear
    norm: _Linear


class BFloat16Embedder:
    """Runs several texts at once on the calling thread; see `index.embedders.protocol.Embedder`.

    Vectors are within a cosine of .999 of those of float32, and depend in their last digits on which texts
    are embedded together.

    Args:
        weights: The tensors of the model by name, in the precision to work in.
        shape: The model's shape.
        tokenizer: Cuts a text into word pieces; cuts nothing off.
        window: How many word pieces the model reads of a text.
        space: As in `Embedder`.
    """

    def __init__(
        self, weights: "Weights", shape: BertShape, tokenizer: "Tokenizer", *, window: int, space: str
    ) -> None:
        self.space = space
        self.dimension = shape.dimension
        self._shape = shape
        self._tokenizer = tokenizer
        self._window = window
        self._words = weights["embeddings.word_embeddings.weight"]
        self._positions = (
            weights["embeddings.position_embeddings.weight"]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm = _linear(weights, "embeddings.LayerNorm")
        self._layers = [_layer(weights, f"encoder.layer.{number}") for number in range(shape.layers)]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, in order; texts whose end the model does not read are logged."""
        import torch

        read = [pieces_read(self._tokenizer, text, self._window) for text in texts]
        if cut := sum(is_cut for _, is_cut in read):
            _LOGGER.warning("%d of %d texts are longer than the model reads; their ends count for nothing.",
                            cut, len(texts))  # fmt: skip
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        start = 0
        with torch.inference_mode():
            for pack in _packs([pieces for pieces, _ in read]):
                vectors[start : start + len(pack)] = self._run(pack).numpy()
                start += len(pack)
        return vectors

    def _run(self, texts: Sequence[Sequence[int]]) -> "Tensor":
        """Return float32 unit vectors of texts in word pieces, (texts, dimension)."""
        import torch
        from torch.nn.functional import normalize

        lengths = [len(pieces) for pieces in texts]
        words = self._words[torch.tensor([piece for pieces in texts for piece in pieces])]
        places = self._positions[torch.cat([torch.arange(length) for length in lengths])]
        rows = self._scaled(words + places, self._norm)
        for layer in self._layers:
            rows = self._run_layer(layer, rows, lengths)
        return normalize(torch.stack([one.float().mean(0) for one in torch.split(rows, lengths)]))

    def _run_layer(self, layer: _Layer, rows: "Tensor", lengths: list[int]) -> "Tensor":
        """Map (pieces of all texts, dimension) to the same shape."""
        from torch.nn.functional import gelu, linear

        mixed = self._attend(linear(rows, layer.attend.weight, layer.attend.bias), lengths)
        rows = self._scaled(rows + linear(mixed, layer.mix.weight, layer.mix.bias), layer.mix_norm)
        wide = gelu(linear(rows, layer.widen.weight, layer.widen.bias))
        return self._scaled(rows + linear(wide, layer.narrow.weight, layer.narrow.bias), layer.norm)

    def _attend(self, parts: "Tensor", lengths: list[int]) -> "Tensor":
        """Mix each text's values: queries, keys and values (pieces, 3 x dimension) to (pieces, dimension)."""
        import torch
        from torch.nn.functional import scaled_dot_product_attention

        heads = self._shape.heads
        mixed = []
        for one in torch.split(parts, lengths):
            query, key, value = one.view(len(one), 3, heads, -1).permute(1, 2, 0, 3).unsqueeze(1)
            mixed.append(scaled_dot_product_attention(query, key, value)[0].transpose(0, 1).flatten(1))
        return torch.cat(mixed)

    def _scaled(self, rows: "Tensor", norm: _Linear) -> "Tensor":
        from torch.nn.functional import layer_norm

        return layer_norm(rows, (self.dimension,), norm.weight, norm.bias, self._shape.epsilon)


def load_bfloat16(name: str, folder: Path) -> BFloat16Embedder:
    """Load the BERT sentence encoder in `folder`: importing torch takes 2 to 4 CPU seconds.

    Args:
        name: What the model is called in `BFloat16Embedder.space`.
        folder: A sentence-transformers folder with safetensors weights and a tokenizer.json.

    Raises:
        ModelError: A package is missing, or the folder holds no encoder that this runtime can run.
    """
    shape, tokenizer, window = read_shape(folder), read_tokenizer(folder), read_window(folder)
    try:
        import torch
        from safetensors.torch import load_file

        # One thread, as everywhere: articles are worked on side by side instead.
        torch.set_num_threads(1)
        weights = {key: tensor.bfloat16() for key, tensor in load_file(folder / WEIGHTS_FILE).items()}
        return BFloat16Embedder(weights, shape, tokenizer, window=window, space=space_of(name, folder))
    except ImportError as error:
        raise ModelError(f"Working in bfloat16 needs the package {error.name}.") from error
    except (OSError, KeyError) as error:
        raise ModelError(f"The weights in {folder} cannot be read: {error}.") from error


def _packs(texts: Sequence[list[int]]) -> list[list[list[int]]]:
    """Return the texts in their order, put together up to a number of word pieces."""
    packs: list[list[list[int]]] = []
    room = 0
    for pieces in texts:
        if len(pieces) > room or not packs:
            packs.append([])
            room = PIECES_AT_ONCE
        packs[-1].append(pieces)
        room -= len(pieces)
    return packs


def _linear(weights: "Weights", name: str) -> _Linear:
    return _Linear(weights[f"{name}.weight"], weights[f"{name}.bias"])


def _layer(weights: "Weights", name: str) -> _Layer:
    import torch

    parts = [_linear(weights, f"{name}.attention.self.{part}") for part in ("query", "key", "value")]
    return _Layer(
        attend=_Linear(torch.cat([one.weight for one in parts]), torch.cat([one.bias for one in parts])),
        mix=_linear(weights, f"{name}.attention.output.dense"),
        mix_norm=_linear(weights, f"{name}.attention.output.LayerNorm"),
        widen=_linear(weights, f"{name}.intermediate.dense"),
        narrow=_linear(weights, f"{name}.output.dense"),
        norm=_linear(weights, f"{name}.output.LayerNorm"),
    )
