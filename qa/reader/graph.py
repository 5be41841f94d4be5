"""Draw the reader as an ONNX graph: MiniLM over a question and a passage, told halfway which is which."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedders.bert_onnx import INPUT, embed, encode, open_graph, read_shape

__all__ = ["MARKS", "PIECES", "SCORES", "SOURCE", "draw_reader"]

SOURCE = Path(__file__)
"""This code: a kept graph is drawn again when it changes."""

PIECES = INPUT
"""Input: word-piece ids, int64 of shape (1, length), as in `qa.reader.pairs.Pair`."""
MARKS = "marks"
"""Input: float32 of shape (length, 2); 1 where a piece is the passage's, and where it is matched."""
SCORES = "scores"
"""Output: float32 of shape (length, 2); how well an answer begins and ends at each piece."""


def draw_reader(folder: Path, own: Mapping[str, NDArray[np.float32]], *, eight_bit: bool = True) -> bytes:
    """Return the serialized graph over the encoder in `folder`, where its frozen weights stay.

    Args:
        folder: The encoder that the reader builds on.
        own: `marks` (2, dimension), `head.weight` (2, dimension), `head.bias` (2), and the trained layers
            under the names that they have in the encoder.
        eight_bit: As in `index.embedders.bert_onnx.open_graph`.

    Raises:
        ModelError: Weights are missing or damaged, or the encoder is of another kind.
    """
    from onnx import TensorProto, helper

    shape = read_shape(folder)
    graph = open_graph(folder, {f"own.{name}" if name == "marks" else name: own[name] for name in own},
                       eight_bit=eight_bit)  # fmt: skip
    trained = min(int(name.split(".")[2]) for name in own if name.startswith("encoder.layer."))
    rows = encode(graph, shape, embed(graph, shape), range(trained))
    marked = graph.add("Add", [rows, graph.add("MatMul", [MARKS, graph.weight("own.marks")])])
    rows = encode(graph, shape, marked, range(trained, shape.layers))
    head = [graph.weight(f"head.{part}") for part in ("weight", "bias")]
    graph.add("Gemm", [rows, *head], output=SCORES, transB=1)
    return graph.serialize(
        [
            helper.make_tensor_value_info(PIECES, TensorProto.INT64, [1, "length"]),
            helper.make_tensor_value_info(MARKS, TensorProto.FLOAT, ["length", 2]),
        ],
        [helper.make_tensor_value_info(SCORES, TensorProto.FLOAT, ["length", 2])],
    )
