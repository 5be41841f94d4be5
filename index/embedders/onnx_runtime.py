"""The default embedder: a BERT sentence encoder run by ONNX Runtime. Imports no torch."""

import json
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.embedders.bert_onnx import INPUT, OUTPUT, draw_bert, read_shape
from index.embedders.graph_cache import kept_graph
from index.embedders.protocol import space_of
from index.errors import ModelError
from index.schema import Vectors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

__all__ = ["OnnxEmbedder", "load_onnx", "pieces_read", "read_tokenizer", "read_window", "start_session"]

_LOGGER = logging.getLogger(__name__)


class OnnxEmbedder:
    """Runs one text at a time, on as many threads as given; the vectors do not depend on their number.

    Args:
        session: Maps the word pieces of one text to its unit vector (see `bert_onnx`).
        start_quick: Starts a session that does so in about half the time; called when first needed.
        tokenizer: Cuts a text into word pieces; cuts nothing off.
        window: How many word pieces the model reads of a text.
        space: As in `Embedder`.
        threads: How many texts are run side by side.
    """

    def __init__(
        self,
        session: "InferenceSession",
        tokenizer: "Tokenizer",
        *,
        start_quick: "Callable[[], InferenceSession]",
        window: int,
        space: str,
        threads: int = 1,
    ) -> None:
        self.space = space
        self.dimension: int = session.get_outputs()[0].shape[1]
        self._session = session
        self._quick = cache(start_quick)
        self._tokenizer = tokenizer
        self._window = window
        self._threads = threads

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, in order; texts whose end the model does not read are logged."""
        return self._embed_all(texts, self._session)

    def embed_quickly(self, texts: Sequence[str]) -> Vectors:
        """Return vectors as `embed` does, in about half the time and within a cosine of .97 of them."""
        return self._embed_all(texts, self._quick())

    def _embed_all(self, texts: Sequence[str], session: "InferenceSession") -> Vectors:
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        cut = 0
        for place, (vector, is_cut) in enumerate(self._run(texts, session)):
            vectors[place] = vector
            cut += is_cut
        if cut:
            _LOGGER.warning("%d of %d texts are longer than the model reads; their ends count for nothing.",
                            cut, len(texts))  # fmt: skip
        return vectors

    def _run(self, texts: Sequence[str], session: "InferenceSession") -> Iterator[tuple[Vectors, bool]]:
        """Yield each text's vector and whether its end was cut off."""
        embed_one = partial(self._embed_one, session)
        if self._threads == 1 or len(texts) < 2:
            yield from map(embed_one, texts)
        else:
            with ThreadPoolExecutor(min(self._threads, len(texts))) as pool:
                yield from pool.map(embed_one, texts)

    def _embed_one(self, session: "InferenceSession", text: str) -> tuple[Vectors, bool]:
        pieces, is_cut = pieces_read(self._tokenizer, text, self._window)
        return session.run([OUTPUT], {INPUT: np.array([pieces], dtype=np.int64)})[0][0], is_cut


def load_onnx(name: str, folder: Path, *, threads: int = 1) -> OnnxEmbedder:
    """Load the BERT sentence encoder in `folder`.

    Args:
        name: What the model is called in `OnnxEmbedder.space`.
        folder: A sentence-transformers folder with safetensors weights and a tokenizer.json.
        threads: How many texts to run side by side.

    Raises:
        ModelError: A package is missing, or the folder holds no encoder that this runtime can run.
    """
    exact = kept_graph("embedder", folder, partial(draw_bert, folder))
    session, tokenizer = start_session(exact, folder), read_tokenizer(folder)
    return OnnxEmbedder(
        session,
        tokenizer,
        start_quick=partial(_start_quick, folder),
        window=read_window(folder),
        space=space_of(name, folder),
        threads=threads,
    )


def _start_quick(folder: Path) -> "InferenceSession":
    quick = kept_graph("quick-embedder", folder, partial(draw_bert, folder, eight_bit=True))
    return start_session(quick, folder)


def start_session(model: bytes, folder: Path) -> "InferenceSession":
    """Start a graph whose weights lie in `folder`, on one thread.

    Raises:
        ModelError: A package is missing, or the folder holds no encoder that this runtime can run.
    """
    # Read when the package is imported: without it, it keeps a record of its use to send to its maker.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        import onnxruntime
    except ImportError as error:
        raise _missing(error) from error
    options = onnxruntime.SessionOptions()
    # One thread a text: several texts side by side scale better than several threads on one, and spinning
    # worker threads make a single question slower on a busy machine.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # The graphs are drawn as the runtime would leave them; looking for more to do takes 5 ms a graph.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(folder))
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library raises bare Exceptions for models that it cannot use
        raise _unusable(folder, error) from error


@cache
def read_tokenizer(folder: Path) -> "Tokenizer":
    """Return the tokenizer in `folder`, which neither pads texts nor cuts anything off.

    All models over one encoder share it: nobody may change its settings.

    Raises:
        ModelError: The package is missing, or the folder holds no tokenizer.
    """
    try:
        from tokenizers import Tokenizer
    except ImportError as error:
        raise _missing(error) from error
    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # the library raises bare Exceptions for files that it cannot use
        raise _unusable(folder, error) from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def pieces_read(tokenizer: "Tokenizer", text: str, window: int) -> tuple[list[int], bool]:
    """Return the word pieces that a model with this window reads of a text, and whether its end is cut."""
    pieces = tokenizer.encode(text).ids
    if len(pieces) <= window:
        return pieces, False
    return [*pieces[: window - 1], pieces[-1]], True  # the last one says that the text ends


def _missing(error: ImportError) -> ModelError:
    return ModelError(
        f"The fast runtime needs the package {error.name}.", f"Install it: pip install {error.name}"
    )


def _unusable(folder: Path, error: Exception) -> ModelError:
    return ModelError(f"The model in {folder} cannot be loaded: {error}", "Install the model again.")


def read_window(folder: Path) -> int:
    """Return how many word pieces the model reads of a text: what it was made for, not what it could hold.

    Raises:
        ModelError: The model's settings are missing or damaged.
    """
    path = folder / "sentence_bert_config.json"
    try:
        made_for = int(json.loads(path.read_text(encoding="utf-8"))["max_seq_length"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"The model file {path} cannot be read: {error}.", "Install the model again."
        ) from error
    return min(made_for, read_shape(folder).positions)
