"""Draw the stance classifier as two ONNX graphs: MiniLM's encoder, told halfway which words are the target.

The first graph is the lower layers, which read the sentence once. The second is run for each target: the
vector `marker` is added to the rows of the target's own pieces, the upper layers read on, and three vectors
are judged by the linear `head`: the mean over the target's pieces in the last layer and in a middle one, and
the mean over the whole sentence in the last.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedders.bert_onnx import INPUT, embed, encode, open_graph, read_shape

__all__ = [
    "MARKED_FROM",
    "MIDDLE",
    "PIECES",
    "ROWS",
    "SHARES",
    "SOURCE",
    "STANCE",
    "draw_lower",
    "draw_upper",
]

SOURCE = Path(__file__)
"""This code: a kept graph is drawn again when it changes."""

PIECES = INPUT
"""Input of the lower graph: word-piece ids, int64 of shape (1, length), [CLS] and [SEP] included."""
ROWS = "rows"
"""Output of the lower graph and input of the upper: float32 of shape (length, dimension)."""
SHARES = "shares"
"""Input of the upper graph: float32 of shape (1, length); one over the number of the target's pieces at
these, 0 elsewhere."""
STANCE = "stance"
"""Output of the upper graph: float32 of shape (1, 3), adding up to 1."""

MARKED_FROM = 3
"""The first layer that knows the target."""
MIDDLE = 4
"""How many layers lie below the middle rows that the head reads."""


def draw_lower(folder: Path) -> bytes:
    """Return the serialized lower graph of the encoder in `folder`, where its weights stay.

    Raises:
        ModelError: Weights are missing or damaged, or the encoder is of another kind.
    """
    from onnx import TensorProto, helper

    shape = read_shape(folder)
    graph = open_graph(folder, eight_bit=True)
    graph.add("Identity", [encode(graph, shape, embed(graph, shape), range(MARKED_FROM))], output=ROWS)
    return graph.serialize(
        [helper.make_tensor_value_info(PIECES, TensorProto.INT64, [1, "length"])],
        [helper.make_tensor_value_info(ROWS, TensorProto.FLOAT, ["length", shape.dimension])],
    )


def draw_upper(folder: Path, own: Mapping[str, NDArray[np.float32]]) -> bytes:
    """Return the serialized upper graph.

    Args:
        folder: The encoder that the classifier builds on.
        own: `marker` (dimension), `head.weight` (3, 3 * dimension), `head.bias` (3), and the trained layers
            under the names that they have in the encoder.

    Raises:
        ModelError: Weights are missing or damaged, or the encoder is of another kind.
    """
    from onnx import TensorProto, helper

    shape = read_shape(folder)
    graph = open_graph(folder, own, eight_bit=True)
    column = graph.add("Transpose", [graph.add("Sign", [SHARES])])
    marked = graph.add("Add", [ROWS, graph.add("Mul", [column, graph.weight("marker")])])
    middle = encode(graph, shape, marked, range(MARKED_FROM, MIDDLE))
    last = encode(graph, shape, middle, range(MIDDLE, shape.layers))
    judged = graph.add(
        "Concat",
        [
            graph.add("MatMul", [SHARES, last]),
            graph.add("MatMul", [SHARES, middle]),
            graph.add("ReduceMean", [last, graph.integers(0)], keepdims=1),
        ],
        axis=1,
    )
    head = [graph.weight(f"head.{part}") for part in ("weight", "bias")]
    graph.add("Softmax", [graph.add("Gemm", [judged, *head], transB=1)], output=STANCE, axis=-1)
    return graph.serialize(
        [
            helper.make_tensor_value_info(ROWS, TensorProto.FLOAT, ["length", shape.dimension]),
            helper.make_tensor_value_info(SHARES, TensorProto.FLOAT, [1, "length"]),
        ],
        [helper.make_tensor_value_info(STANCE, TensorProto.FLOAT, [1, 3])],
    )
