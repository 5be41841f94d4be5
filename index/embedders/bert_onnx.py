"""Draw a BERT sentence encoder as an ONNX graph, straight from its config.json and model.safetensors.

The graph of `draw_bert` takes the word pieces of one text and returns its vector: mean of the last layer
over the pieces, scaled to unit length. It has no attention mask, as texts are run one at a time: on a CPU
that is as fast as any batch and spends nothing on padding. The weights are not copied: the graph names their
places in the safetensors file and the runtime maps that file into memory, so that a process which asks one
question reads only the rows it uses. The parts also serve other models built on that encoder.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

if TYPE_CHECKING:
    from onnx import NodeProto, TensorProto, ValueInfoProto

__all__ = [
    "INPUT",
    "OUTPUT",
    "SOURCE",
    "WEIGHTS_FILE",
    "BertShape",
    "Graph",
    "draw_bert",
    "embed",
    "encode",
    "open_graph",
    "read_shape",
]

SOURCE = Path(__file__)
"""This code: a kept graph is drawn again when it changes."""
WEIGHTS_FILE = "model.safetensors"
INPUT = "pieces"
"""Name of the input: word-piece ids, int64 of shape (1, length), [CLS] and [SEP] included."""
OUTPUT = "vector"
"""Name of the output: float32 of shape (1, dimension), of unit length."""

_OPSET = 20
_IR_VERSION = 9
_WHOLE = 63  # the largest weight in eight bits: sums of two products of larger ones overflow on AVX2
_MICROSOFT = "com.microsoft"  # ONNX Runtime's own operators; its fused attention is one of them


@dataclass(frozen=True, slots=True)
class BertShape:
    """What the graph needs to know of a BERT encoder."""

    dimension: int
    layers: int
    heads: int
    positions: int
    epsilon: float


def read_shape(folder: Path) -> BertShape:
    """Read the shape of a sentence encoder and check that it is of the one kind drawn here.

    Raises:
        ModelError: Files are missing or damaged, or the model is no BERT encoder with mean pooling.
    """
    config = _read_json(folder / "config.json")
    pooling = _read_json(folder / "1_Pooling" / "config.json")
    wanted = {"model_type": "bert", "hidden_act": "gelu"}
    other = [f"{key} {config.get(key)!r}" for key, value in wanted.items() if config.get(key) != value]
    if config.get("position_embedding_type", "absolute") != "absolute":
        other.append(f"position_embedding_type {config['position_embedding_type']!r}")
    if not pooling.get("pooling_mode_mean_tokens"):
        other.append("a pooling other than the mean")
    if other:
        raise ModelError(
            f"The fast runtime cannot run the model in {folder}: it has {', '.join(other)}.",
            f"Use it through sentence-transformers: st:{folder}",
        )
    return BertShape(
        dimension=config["hidden_size"],
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        positions=config["max_position_embeddings"],
        epsilon=config["layer_norm_eps"],
    )


def draw_bert(folder: Path, *, eight_bit: bool = False) -> bytes:
    """Return the serialized ONNX model of the encoder in `folder`; its weights stay in that folder's file.

    Args:
        folder: A sentence-transformers folder.
        eight_bit: As in `open_graph`; the graph then holds the layers' weights itself.

    Raises:
        ModelError: Files are missing or damaged, or the model is no BERT encoder with mean pooling.
    """
    from onnx import TensorProto, helper

    shape = read_shape(folder)
    graph = open_graph(folder, eight_bit=eight_bit)
    rows = encode(graph, shape, embed(graph, shape), range(shape.layers))
    graph.add("Identity", [_pool(graph, rows)], output=OUTPUT)
    return graph.serialize(
        [helper.make_tensor_value_info(INPUT, TensorProto.INT64, [1, "length"])],
        [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [1, shape.dimension])],
    )


def open_graph(
    folder: Path, own: "Mapping[str, NDArray[np.float32]] | None" = None, *, eight_bit: bool = False
) -> "Graph":
    """Start a graph over the weights in `folder`.

    Args:
        folder: Where the weights file lies; the runtime must be told this folder too.
        own: Tensors that take the place of those of the same name in the file.
        eight_bit: Multiply whole numbers instead of fractions in the layers: about twice as fast, and vectors
            within a hundredth of the exact ones.

    Raises:
        ModelError: The weights file is missing or damaged.
    """
    return Graph(folder / WEIGHTS_FILE, own or {}, eight_bit=eight_bit)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a tensor lies in the safetensors file."""

    shape: tuple[int, ...]
    offset: int
    length: int


class Graph:
    """Nodes and tensors of a graph under construction; each method returns the name of what it added.

    Args:
        path: The weights file, to whose tensors the graph only refers.
        own: Tensors that the graph holds itself; they go before those of the file.
        eight_bit: As in `open_graph`.
    """

    def __init__(self, path: Path, own: Mapping[str, NDArray[np.float32]], *, eight_bit: bool) -> None:
        self.nodes: list[NodeProto] = []
        self.tensors: dict[str, TensorProto] = {}
        self._path = path
        self._places = _read_places(path)
        self._own = own
        self._eight_bit = eight_bit

    def add(
        self,
        operator: str,
        inputs: list[str],
        *,
        output: str = "",
        domain: str = "",
        **attributes: int | float,
    ) -> str:
        """Add an operator, by default one of ONNX's own."""
        from onnx import helper

        output = output or f"{operator}_{len(self.nodes)}"
        node = helper.make_node(operator, inputs, [output], domain=domain, **attributes)  # type: ignore[arg-type]
        self.nodes.append(node)
        return output

    def integers(self, *values: int) -> str:
        """Add a constant list of whole numbers."""
        return self._hold(f"integers_{'_'.join(map(str, values))}", np.array(values, dtype=np.int64))

    def weight(self, name: str) -> str:
        """Name a tensor of the weights."""
        from onnx import TensorProto

        if name in self._own:
            return self._hold(name, self._own[name])
        place = self._place(name)
        tensor = TensorProto(
            name=name, data_type=TensorProto.FLOAT, dims=place.shape, data_location=TensorProto.EXTERNAL
        )
        for key, value in {"location": WEIGHTS_FILE, "offset": place.offset, "length": place.length}.items():
            tensor.external_data.add(key=key, value=str(value))
        self.tensors[name] = tensor
        return name

    def linear(self, inputs: str, layer: str) -> str:
        """Multiply rows by a layer's weights, which torch stores transposed, and add its bias."""
        if self._eight_bit:
            whole, scales = self._in_eight_bits(f"{layer}.weight")
            parts = [inputs, whole, scales, "", self.weight(f"{layer}.bias")]
            return self.add("DynamicQuantizeMatMul", parts, domain=_MICROSOFT)
        return self.add(
            "Gemm", [inputs, self.weight(f"{layer}.weight"), self.weight(f"{layer}.bias")], transB=1
        )

    def _in_eight_bits(self, name: str) -> tuple[str, str]:
        """Hold a weight as whole numbers, (inputs, outputs), and the scale of each output."""
        values = self._values(name).T
        scales = np.maximum(np.abs(values).max(axis=0), 1e-12) / _WHOLE
        whole = np.ascontiguousarray(np.round(values / scales), dtype=np.int8)
        return self._hold(f"{name}.whole", whole), self._hold(f"{name}.scales", scales.astype(np.float32))

    def _hold(self, name: str, values: "NDArray[Any]") -> str:
        from onnx import numpy_helper

        self.tensors[name] = numpy_helper.from_array(values, name)
        return name

    def _values(self, name: str) -> NDArray[np.float32]:
        if name in self._own:
            return self._own[name]
        place = self._place(name)
        values = np.fromfile(self._path, np.float32, place.length // 4, offset=place.offset)
        return values.reshape(place.shape)

    def _place(self, name: str) -> _Place:
        if name not in self._places:
            raise ModelError(f"The weights hold no tensor {name!r}.", "Use the model as st:FOLDER instead.")
        return self._places[name]

    def normalise(self, inputs: str, layer: str, epsilon: float) -> str:
        """Scale each row to mean 0 and deviation 1, then by a layer's weights."""
        weights = [self.weight(f"{layer}.weight"), self.weight(f"{layer}.bias")]
        return self.add("LayerNormalization", [inputs, *weights], axis=-1, epsilon=epsilon)

    def serialize(self, inputs: "list[ValueInfoProto]", outputs: "list[ValueInfoProto]") -> bytes:
        """Return the finished model."""
        from onnx import helper

        model = helper.make_model(
            helper.make_graph(self.nodes, "bert", inputs, outputs, initializer=list(self.tensors.values())),
            opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)],
            ir_version=_IR_VERSION,
        )
        serialized: bytes = model.SerializeToString()
        return serialized


def embed(graph: Graph, shape: BertShape) -> str:
    """Add word, position and type vectors: (1, length) pieces to (length, dimension) rows."""
    words = graph.add("Gather", [graph.weight("embeddings.word_embeddings.weight"), INPUT], axis=0)
    length = graph.add("Shape", [INPUT], start=1)
    positions = graph.add(
        "Slice", [graph.weight("embeddings.position_embeddings.weight"), graph.integers(0), length]
    )
    types = [graph.weight("embeddings.token_type_embeddings.weight"), graph.integers(0)]
    both = graph.add("Add", [positions, graph.add("Gather", types, axis=0)])
    rows = graph.add("Reshape", [words, graph.integers(-1, shape.dimension)])
    return graph.normalise(graph.add("Add", [rows, both]), "embeddings.LayerNorm", shape.epsilon)


def encode(graph: Graph, shape: BertShape, rows: str, layers: range) -> str:
    """Run some of the layers, counted from 0, over (length, dimension) rows."""
    flat = graph.integers(-1, shape.dimension)
    single = graph.integers(1, -1, shape.dimension)
    for number in layers:
        layer = f"encoder.layer.{number}"
        parts = [graph.linear(rows, f"{layer}.attention.self.{part}") for part in ("query", "key", "value")]
        heads = [graph.add("Reshape", [part, single]) for part in parts]
        attention = graph.add("MultiHeadAttention", heads, domain=_MICROSOFT, num_heads=shape.heads)
        mixed = graph.linear(graph.add("Reshape", [attention, flat]), f"{layer}.attention.output.dense")
        rows = graph.normalise(
            graph.add("Add", [mixed, rows]), f"{layer}.attention.output.LayerNorm", shape.epsilon
        )
        inner = graph.add("Gelu", [graph.linear(rows, f"{layer}.intermediate.dense")])
        outer = graph.linear(inner, f"{layer}.output.dense")
        rows = graph.normalise(graph.add("Add", [outer, rows]), f"{layer}.output.LayerNorm", shape.epsilon)
    return rows


def _pool(graph: Graph, rows: str) -> str:
    """Return the mean of the rows, scaled to unit length: (1, dimension)."""
    mean = graph.add("ReduceMean", [rows, graph.integers(0)], keepdims=1)
    return graph.add("LpNormalization", [mean], axis=-1, p=2)


def _read_places(path: Path) -> dict[str, _Place]:
    """Read the header of a safetensors file: 8 bytes of length, JSON, then the tensors themselves.

    Raises:
        ModelError: The file is missing or cut short, or holds weights that are not float32.
    """
    remedy = "Install the model again, or use it as st:FOLDER."
    try:
        size = path.stat().st_size
        with path.open("rb") as weights:
            length = int.from_bytes(weights.read(8), "little")
            header = json.loads(weights.read(min(length, size)))
        base = 8 + length
        entries = {name: entry for name, entry in header.items() if name != "__metadata__"}
        if base + max(entry["data_offsets"][1] for entry in entries.values()) != size:
            raise ModelError(f"The weights file {path} is cut short.", remedy)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"The weights file {path} cannot be read: {error}.", remedy) from error
    return {
        name: _Place(tuple(entry["shape"]), base + start, end - start)
        for name, entry in entries.items()
        for start, end in [entry["data_offsets"]]
        if entry["dtype"] == "F32"
    }


def _read_json(path: Path) -> dict[str, Any]:
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(
            f"The model file {path} cannot be read: {error}.", "Install the model again."
        ) from error
    if not isinstance(settings, dict):
        raise ModelError(f"The model file {path} holds no settings.", "Install the model again.")
    return settings
