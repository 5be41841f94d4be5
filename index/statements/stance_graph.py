"""Draw the stance classifier as an ONNX graph: MiniLM's encoder, told halfway which words are the target.

The lower layers read the sentence once. Then each target gets a copy of the sentence's rows, with the vector
`marker` added to the rows of the target's own pieces, and the upper layers read every copy. Three vectors are
judged by the linear `head`: the mean over the target's pieces in the last layer and in a middle one, and the
mean over the whole sentence in the last.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedders.bert_onnx import INPUT, BertShape, Graph, embed, encode, open_graph, read_shape

__all__ = ["MARKED_FROM", "MIDDLE", "OUTPUT", "PIECES", "SHARES", "draw_stance"]

PIECES = INPUT
"""Name of an input: word-piece ids of the sentence, int64 of shape (1, length), [CLS] and [SEP] included."""
SHARES = "shares"
"""Name of an input: each target's pieces, float32 of shape (targets, 1, length); one over their number at the
pieces of the target, 0 elsewhere."""
OUTPUT = "stances"
"""Name of the output: float32 of shape (targets, 3), each row adding up to 1."""

MARKED_FROM = 3
"""The first layer that knows the target."""
MIDDLE = 4
"""How many layers lie below the middle rows that the head reads."""


def draw_stance(folder: Path, own: Mapping[str, NDArray[np.float32]]) -> bytes:
    """Return the serialized ONNX model.

    Args:
        folder: The sentence encoder that lends its embeddings and lower layers; their weights stay there.
        own: `marker` (dimension), `head.weight` (3, 3 * dimension), `head.bias` (3), and the trained layers
            under the names that they have in the encoder.

    Raises:
        ModelError: Weights are missing or damaged, or the encoder is of another kind.
    """
    from onnx import TensorProto, helper

    shape = read_shape(folder)
    graph = open_graph(folder, own)
    batch, marked = _mark(graph, shape, _read_sentence(graph, shape))
    middle = encode(graph, shape, marked, layers=range(MARKED_FROM, MIDDLE), batch=batch)
    last = encode(graph, shape, middle, layers=range(MIDDLE, shape.layers), batch=batch)
    middle, last = (graph.add("Reshape", [rows, batch]) for rows in (middle, last))
    parts = [
        graph.add("MatMul", [SHARES, last]),
        graph.add("MatMul", [SHARES, middle]),
        graph.add("ReduceMean", [last, graph.integers(1)], keepdims=1),
    ]
    judged = graph.add("Flatten", [graph.add("Concat", parts, axis=2)], axis=1)
    graph.add("Softmax", [graph.linear(judged, "head")], output=OUTPUT, axis=-1)
    return graph.serialize(
        [
            helper.make_tensor_value_info(PIECES, TensorProto.INT64, [1, "length"]),
            helper.make_tensor_value_info(SHARES, TensorProto.FLOAT, ["targets", 1, "length"]),
        ],
        [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["targets", 3])],
    )


def _read_sentence(graph: Graph, shape: BertShape) -> str:
    single = graph.integers(1, -1, shape.dimension)
    return encode(graph, shape, embed(graph, shape), layers=range(MARKED_FROM), batch=single)


def _mark(graph: Graph, shape: BertShape, rows: str) -> tuple[str, str]:
    """Return the shape (targets, length, dimension) and a copy of the rows for each target, marked."""
    targets = graph.add("Shape", [SHARES], end=1)
    batch = graph.add("Concat", [targets, graph.integers(-1, shape.dimension)], axis=0)
    column = graph.add("Transpose", [graph.add("Sign", [SHARES])], perm=[0, 2, 1])
    marks = graph.add("Mul", [column, graph.weight("marker")])
    copies = graph.add("Add", [graph.add("Unsqueeze", [rows, graph.integers(0)]), marks])
    return batch, graph.add("Reshape", [copies, graph.integers(-1, shape.dimension)])
