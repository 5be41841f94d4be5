"""Any model that sentence-transformers can load: the reference that the fast runtime is held to.

Importing sentence-transformers takes several CPU seconds, so that this is the slow way to a single question.
"""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.embedders.protocol import space_of
from index.errors import ModelError
from index.schema import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = ["SentenceModelEmbedder", "load_folder", "load_named"]

_LOGGER = logging.getLogger(__name__)

_BATCH = 8
"""Texts run at once, sorted by length: on a CPU small batches stay in the cache; a GPU gets larger ones."""

_GPU_BATCH = 64


class SentenceModelEmbedder:
    """Runs a sentence-transformers model on its own device; a GPU is used when there is one."""

    def __init__(self, model: "SentenceTransformer", *, space: str) -> None:
        self.space = space
        self.dimension = int(
            model.get_embedding_dimension() or len(model.encode("a", show_progress_bar=False))
        )
        self._model = model

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, in order; texts whose end the model does not read are logged."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        self._warn_of_cut(texts)
        vectors = self._model.encode(
            list(texts),
            batch_size=_BATCH if self._model.device.type == "cpu" else _GPU_BATCH,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)

    def _warn_of_cut(self, texts: Sequence[str]) -> None:
        window = self._model.max_seq_length
        # A word piece covers at least one character: shorter texts need no counting.
        long = [text for text in texts if window is not None and len(text) > window - 2]
        if window is None or not long:
            return
        pieces = self._model.tokenizer(long, truncation=False, verbose=False)["input_ids"]
        cut = sum(len(ids) > window for ids in pieces)
        if cut:
            _LOGGER.warning(
                "%d of %d texts are longer than the model reads; their ends count for nothing.",
                cut,
                len(texts),
            )


def load_folder(name: str, folder: Path, *, threads: int = 1) -> SentenceModelEmbedder:
    """Load the model in a local folder; nothing is fetched.

    Raises:
        ModelError: sentence-transformers is not installed or cannot load the folder.
    """
    return SentenceModelEmbedder(_load(str(folder), threads, local=True), space=space_of(name, folder))


def load_named(name: str, *, threads: int = 1) -> SentenceModelEmbedder:
    """Load a model by its hub name, fetching it when it is not on this machine yet.

    Raises:
        ModelError: sentence-transformers is not installed, or there is no such model within reach.
    """
    model = _load(name, threads, local=False)
    from huggingface_hub import snapshot_download

    full_name = name if "/" in name else f"sentence-transformers/{name}"
    folder = Path(snapshot_download(full_name, local_files_only=True))
    return SentenceModelEmbedder(model, space=space_of(name.rpartition("/")[2], folder))


def _load(source: str, threads: int, *, local: bool) -> "SentenceTransformer":
    try:
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging
    except ImportError as error:
        raise ModelError(
            f"The model {source} needs the package {error.name}.",
            "Install it: pip install sentence-transformers",
        ) from error
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.set_num_threads(threads)
    try:
        return SentenceTransformer(source, local_files_only=local)
    except Exception as error:  # transformers, safetensors and the hub's client raise errors of their own
        where = "" if local else " It is fetched from the model hub once: is there a network?"
        raise ModelError(
            f"The model {source} cannot be loaded: {str(error).splitlines()[0]}",
            f"Check the name or folder.{where}",
        ) from error
