"""A user's own model of natural language inference: whether one text follows from another.

`settings.json` names it as `nli`: a local folder or a hub name that sentence-transformers can load as a
CrossEncoder with an entailment and a contradiction label.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from index.errors import ModelError
from index.patterns import regex

_LABELS = {
    "entailment": regex(r"entail(?:ment|ed|s)?|support(?:ed|s)?|yes|true", re.I),
    "contradiction": regex(r"contradict(?:ion|ed|s)?|refut(?:ed|es)|no|false", re.I),
}
_NEGATED = regex(r"^(?:not|non|no)[\s_-]", re.I)


class Entailment(Protocol):
    """Reads whether a hypothesis follows from a premise."""

    def judge(self, premise: str, hypothesis: str) -> tuple[float, float]:
        """Return the chances (0 to 1) that it follows and that the contrary does."""


class CrossEncoderEntailment:
    """A CrossEncoder of sentence-transformers.

    Args:
        model: The loaded encoder.
        entailment: Place of its entailment label.
        contradiction: Place of its contradiction label; None where it has none.
    """

    def __init__(self, model: Any, entailment: int, contradiction: int | None) -> None:  # noqa: ANN401
        self._model = model
        self._entailment = entailment
        self._contradiction = contradiction

    def judge(self, premise: str, hypothesis: str) -> tuple[float, float]:
        """Return the chances (0 to 1) that the hypothesis follows and that the contrary does."""
        logits = np.asarray(
            self._model.predict(
                [(premise, hypothesis)],
                show_progress_bar=False,
                convert_to_numpy=True,
                activation_fn=_as_is(),
            ),
            dtype=np.float64,
        ).reshape(-1)
        if len(logits) == 1:
            return float(1 / (1 + np.exp(-logits[0]))), 0.0
        chances = np.exp(logits - logits.max())
        chances /= chances.sum()
        contradiction = 0.0 if self._contradiction is None else float(chances[self._contradiction])
        return float(chances[self._entailment]), contradiction


def _as_is() -> Any:  # noqa: ANN401 - a torch module, imported late
    from torch.nn import Identity

    return Identity()


def places_of_labels(names: Mapping[int, str]) -> tuple[int, int | None]:
    """Return the places of the entailment and the contradiction label.

    Example:
        >>> places_of_labels({0: "contradiction", 1: "entailment", 2: "neutral"})
        (1, 0)

    Raises:
        ModelError: There is no entailment label.
    """
    found = {kind: _place(names, pattern) for kind, pattern in _LABELS.items()}
    entailment = found["entailment"]
    if entailment is None and len(names) == 1:
        return 0, None
    if entailment is None:
        listed = ", ".join(names[place] for place in sorted(names))
        raise ModelError(
            f"The NLI model names no entailment label (it has {listed}).",
            "Give one whose config.json has id2label with entailment and contradiction.",
        )
    return entailment, found["contradiction"]


def _place(names: Mapping[int, str], pattern: re.Pattern[str]) -> int | None:
    fitting = [
        place
        for place in sorted(names)
        if pattern.fullmatch(names[place]) and not _NEGATED.match(names[place])
    ]
    return fitting[0] if fitting else None


@lru_cache(maxsize=2)
def load_entailment(name: str) -> Entailment:
    """Load the model with this local folder or hub name.

    Raises:
        ModelError: It cannot be loaded, or has no entailment label.
    """
    try:
        from sentence_transformers import CrossEncoder
    except ImportError as error:
        raise ModelError(
            "An NLI model needs sentence-transformers.", "Install it: pip install sentence-transformers"
        ) from error
    folder = Path(name).expanduser()
    if name.startswith((".", "~", "/")) and not folder.is_dir():
        raise ModelError(f"There is no NLI model folder {name}.", "Check the path, or give a hub name.")
    try:
        model = CrossEncoder(str(folder) if folder.is_dir() else name, device="cpu")
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            f"The NLI model {name} cannot be loaded: {error}.", "Check its folder or name."
        ) from error
    labels: dict[int, str] = {int(place): str(label) for place, label in model.model.config.id2label.items()}
    return CrossEncoderEntailment(model, *places_of_labels(labels))


__all__: Sequence[str] = ("CrossEncoderEntailment", "Entailment", "load_entailment", "places_of_labels")
