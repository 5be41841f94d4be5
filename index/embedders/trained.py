"""Weights that were trained for Dateline and come with it, beside a card that names their checksum."""

import hashlib
import json
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from index.errors import ModelError

__all__ = ["read_trained"]


def read_trained(weights: Path, card: Path, what: str) -> dict[str, NDArray[Any]]:
    """Read a safetensors file as it is kept.

    Args:
        weights: The file.
        card: The JSON file whose `weights_sha256` it must match.
        what: What the weights are called in an error, such as "stance weights".

    Raises:
        ModelError: They are missing, or are not those that the card was written for.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    remedy = "Get the file again: it is part of Dateline."
    try:
        content = weights.read_bytes()
        wanted = json.loads(card.read_text(encoding="utf-8"))["weights_sha256"]
        if hashlib.sha256(content).hexdigest() != wanted:
            raise ModelError(f"The {what} {weights} are damaged: their checksum is another.", remedy)
        return dict(load(content))
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise ModelError(f"The {what} in {weights.parent} cannot be read: {error}.", remedy) from error
