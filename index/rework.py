"""Making a stored article's chunks again: under a new heading, or with a removed text put back."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from index.clean import assemble
from index.errors import InputError
from index.identity import article_id
from index.library import Library
from index.records import draft_article, finish, span_digest
from index.schema import Article, Vectors

if TYPE_CHECKING:
    from index.embedders.protocol import Embedder


def embed(embedder: "Embedder", passages: Sequence[str]) -> Vectors:
    """Return one vector a passage; no passages give an empty array."""
    if not passages:
        return np.zeros((0, embedder.dimension), dtype=np.float32)
    return np.asarray(embedder.embed(passages), dtype=np.float32)


def remake(library: Library, identity: str) -> None:
    """Embed an article again under the metadata that all its sources now give."""
    store = library.store
    article = store.article(identity)
    draft = draft_article(article, library.config)
    vectors = embed(library.embedder, draft.passages)
    store.replace(identity, finish(draft, vectors, store.analysis(identity)))


def restore(library: Library, identity: str, number: int) -> Article:
    """Put a removed text of an article back, for all its sources and for every later add.

    Args:
        library: Open for writing.
        identity: The article's id.
        number: Which removed span, counted from 1 as `python -m index show ID --removed` does.

    Returns:
        The article with the text in its place; its id is that of its new text.

    Raises:
        InputError: No such article or span.
    """
    former = library.store.article(identity)
    if not 1 <= number <= len(former.removed):
        raise InputError(
            f"Article {identity} has {len(former.removed)} removed texts; there is no number {number}.",
            f"python -m index show {identity} --removed lists them.",
        )
    span = former.removed[number - 1]
    removed = (*former.removed[: number - 1], *former.removed[number:])
    text = assemble(former.raw, removed)
    article = Article(article_id(text), former.file, former.metadata, text, former.raw, removed)
    draft = draft_article(article, library.config)
    vectors = embed(library.embedder, draft.passages)
    record = finish(draft, vectors, library.analyse(text, draft.sentences))
    library.store.replace(identity, record, [span_digest(former.raw, span)])
    library.store.save(shrink=True)
    return article
