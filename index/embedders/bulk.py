"""Embedding many texts: in half the time where the processor can, and only after a trial.

The exact embedder begins. Once it has made so many vectors that importing torch would have paid, the same
weights in bfloat16 are tried on the last texts; they take over where their vectors are the same for every
purpose and they are faster on this machine. Vectors of both kinds stand side by side in a library: they are
of one space, and a question's vector is always exact.
"""

import logging
import os
import time
from collections import deque
from collections.abc import Callable, Sequence

import numpy as np

from index.embedders import BUILT_IN, minilm_folder
from index.embedders.bfloat16 import load_bfloat16, processor_has_bfloat16
from index.embedders.protocol import Embedder
from index.errors import InputError, ModelError
from index.schema import Vectors

__all__ = ["AFTER", "NEAR_ENOUGH", "BulkEmbedder", "bulk_embedder", "why_not"]

logger = logging.getLogger(__name__)

AFTER = 128
"""Vectors after which another runtime is tried: by then it would have saved what starting it takes."""

NEAR_ENOUGH = 0.999
"""Least cosine between two vectors of a text for them to count as the same."""

FASTER = 0.8
"""Most of the exact embedder's time that another may take; a smaller gain is not worth other vectors."""

SETTING = "DATELINE_PRECISION"
_PRECISIONS = ("auto", "float32", "bfloat16")

_SAMPLE = 8


def bulk_embedder(model: str, exact: Embedder, *, after: int = AFTER) -> Embedder:
    """Return what embeds articles with this model.

    Args:
        model: The model's id.
        exact: Its embedder.
        after: Vectors after which a faster runtime is tried.

    Raises:
        InputError: DATELINE_PRECISION is none of "auto", "float32" and "bfloat16".
    """
    precision = os.environ.get(SETTING, "auto")
    if precision not in _PRECISIONS:
        raise InputError(f"{SETTING} is {precision!r}.", f"Set it to one of {', '.join(_PRECISIONS)}.")
    if model != BUILT_IN or precision == "float32":
        return exact
    if precision == "auto" and not processor_has_bfloat16():
        return exact
    name = exact.space.partition("@")[0]
    return BulkEmbedder(exact, lambda: load_bfloat16(name, minilm_folder()), after=after)


class BulkEmbedder:
    """Embeds exactly at first, and later with whatever passed the trial; see `Embedder`.

    Args:
        exact: The embedder to begin with, and to stay with when the other fails.
        load_other: Loads the other one.
        after: Vectors after which it is tried.
        clock: Tells the seconds spent.
    """

    def __init__(
        self,
        exact: Embedder,
        load_other: Callable[[], Embedder],
        *,
        after: int = AFTER,
        clock: Callable[[], float] = time.thread_time,
    ) -> None:
        self.space = exact.space
        self.dimension = exact.dimension
        self._exact = exact
        self._chosen = exact
        self._load_other = load_other
        self._left: int | None = after
        self._clock = clock
        self._sample: deque[str] = deque(maxlen=_SAMPLE)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, in order."""
        if self._left is not None:
            self._sample.extend(texts)
            if self._left <= 0:
                self._left = None
                self._choose(list(self._sample))
            else:
                self._left -= len(texts)
        return self._chosen.embed(texts)

    def _choose(self, sample: list[str]) -> None:
        """Go over to the other embedder if that is good and pays; it is tried once."""
        try:
            other = self._load_other()
            reason = why_not(self._exact, other, sample, self._clock)
        except (ModelError, ImportError, OSError, RuntimeError, ValueError) as error:
            reason = f"it does not run: {error}"  # and nothing depends on it
        if reason:
            logger.info("vectors go on in float32, not in bfloat16: %s", reason)
        else:
            logger.info("vectors go on in bfloat16")
            self._chosen = other


def why_not(exact: Embedder, other: Embedder, sample: list[str], clock: Callable[[], float]) -> str:
    """Return what speaks against another embedder in the place of the exact one; nothing if it passes.

    Args:
        exact: The one in use.
        other: The one that may take over.
        sample: Texts to compare them on, one at least.
        clock: Tells the seconds spent.
    """
    if (other.space, other.dimension) != (exact.space, exact.dimension):
        return "its vectors are of another space"
    other.embed(sample)  # the first run also sets things up
    started = clock()
    others = other.embed(sample)
    quick = clock() - started
    started = clock()
    # One by one, so that they are all made on this thread.
    exacts = np.concatenate([exact.embed([text]) for text in sample])
    slow = clock() - started
    nearness = float(np.sum(exacts * others, axis=1).min())
    if not nearness >= NEAR_ENOUGH:  # so that no number at all fails too
        return f"a vector of {len(sample)} is at a cosine of {nearness:.4f} only"
    if quick > FASTER * slow:
        return f"{len(sample)} texts take {1000 * quick:.0f} ms, with float32 {1000 * slow:.0f} ms"
    return ""
