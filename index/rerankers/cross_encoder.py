"""Any cross-encoder that sentence-transformers can load."""

import logging
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

__all__ = ["CrossEncoderReranker", "load_cross_encoder"]

_LOGGER = logging.getLogger(__name__)
_BATCH = 8
_REMEDY = 'Check "reranker" in the library’s settings.json, or take it out.'


class CrossEncoderReranker:
    """Runs a cross-encoder with one output on its own device.

    Args:
        model: The loaded model.
        name: What it is called in messages.
    """

    def __init__(self, model: "CrossEncoder", name: str) -> None:
        self._model = model
        self._name = name

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """Return one score a passage, in order.

        Raises:
            ModelError: A score is no number.
        """
        if not passages:
            return []
        pairs = [(question, passage) for passage in passages]
        made = [float(one) for one in self._model.predict(pairs, batch_size=_BATCH, show_progress_bar=False)]
        if not all(map(math.isfinite, made)):
            raise ModelError(f"The reranker {self._name} gave a score that is no number.", _REMEDY)
        return made


def load_cross_encoder(model: str, *, threads: int = 1) -> CrossEncoderReranker:
    """Load a cross-encoder from a folder, or by its hub name, fetching it when it is not on this machine yet.

    Raises:
        ModelError: sentence-transformers is not installed, or it cannot load the model, or the model gives
            more than one score a pair.
    """
    folder = Path(model).expanduser()
    looks_local = model.startswith((".", "~", "/")) or "\\" in model
    if looks_local and not folder.is_dir():
        raise ModelError(f"There is no folder {model} of a reranker.", _REMEDY)
    try:
        import torch
        from sentence_transformers import CrossEncoder
        from transformers.utils import logging as transformers_logging
    except ImportError as error:
        raise ModelError(
            f"The reranker {model} needs the package {error.name}.",
            "Install it: pip install sentence-transformers",
        ) from error
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.set_num_threads(threads)
    source = str(folder) if folder.is_dir() else model
    try:
        loaded = CrossEncoder(source, local_files_only=folder.is_dir())
    except Exception as error:  # transformers, safetensors and the hub's client raise errors of their own
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ModelError(f"The reranker {model} cannot be loaded: {reason}", _REMEDY) from error
    if loaded.num_labels != 1:
        raise ModelError(
            f"The model {model} gives {loaded.num_labels} scores a passage; a reranker gives one.", _REMEDY
        )
    _LOGGER.info("passages are reranked by %s", model)
    return CrossEncoderReranker(loaded, model)
