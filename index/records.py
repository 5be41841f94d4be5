"""From a page to the record that a store keeps: clean, find metadata, cut, embed and analyse."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from index import duplicates
from index.chunk import budget_for, chunk_sentences, heading
from index.clean import assemble, clean
from index.config import IndexConfig
from index.errors import EmptyArticleError
from index.identity import article_id
from index.metadata import extract_metadata
from index.schema import (
    Analysis,
    Article,
    ArticleRecord,
    Chunk,
    Metadata,
    Page,
    Removed,
    Sentence,
    Sourced,
    Vectors,
)
from index.sentences import split_sentences
from index.stores.rows import FIELDS, metadata_to_json, removed_to_json


@dataclass(frozen=True, slots=True)
class Draft:
    """An article that is cut into chunks but not yet embedded.

    `passages` holds what is embedded: a heading and the chunk's text, one a chunk.
    """

    article: Article
    sentences: tuple[Sentence, ...]
    chunks: tuple[Chunk, ...]
    passages: tuple[str, ...]


def read_page(page: Page, restored: Collection[str] = ()) -> Article:
    """Return the article of a page.

    Args:
        page: What the loader found.
        restored: SHA-256 of removed texts that a reader has put back; they stay in.

    Raises:
        EmptyArticleError: Nothing is left after cleaning.
    """
    cleaned = clean(page)
    text, removed = cleaned.text, cleaned.removed
    if restored:
        removed = tuple(span for span in removed if span_digest(page.raw, span) not in restored)
        text = assemble(page.raw, removed)
    if not text.strip():
        raise EmptyArticleError(f"{page.file} was read, but holds no article text.")
    metadata = extract_metadata(page, cleaned)
    return Article(article_id(text), page.file, metadata, text, page.raw, removed)


def draft_article(article: Article, config: IndexConfig) -> Draft:
    """Cut an article into sentences and chunks."""
    sentences = split_sentences(article.text)
    budget = budget_for(article.text, config.chunk_tokens)
    chunks = chunk_sentences(article.text, sentences, budget=budget, overlap=config.overlap_sentences)
    passages = passages_of(article.text, chunks, article.metadata)
    return Draft(article, sentences, chunks, passages)


def passages_of(text: str, chunks: Sequence[Chunk], metadata: Metadata) -> tuple[str, ...]:
    """Return what is embedded for each chunk: the article's heading and the chunk's text."""
    prefix = heading(metadata)
    return tuple(
        f"{prefix}\n{text[chunk.start : chunk.end]}" if prefix else text[chunk.start : chunk.end]
        for chunk in chunks
    )


def finish(draft: Draft, vectors: Vectors, analysis: Analysis) -> ArticleRecord:
    """Return the record of a draft once it is embedded and analysed."""
    return ArticleRecord(
        draft.article,
        draft.sentences,
        draft.chunks,
        vectors,
        analysis,
        duplicates.signature(draft.article.text),
    )


def page_digest(page: Page) -> str:
    """Return a SHA-256 of all that a loader returned, so that an unchanged row is known again."""
    parts = (page.raw, metadata_to_json(page.hints), removed_to_json(page.removed), str(page.is_page))
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def span_digest(raw: str, span: Removed) -> str:
    """Return a SHA-256 of a removed text: known again where it stands elsewhere on a changed page."""
    return sha256(" ".join(raw[span.start : span.end].split()).encode("utf-8", "surrogatepass")).hexdigest()


def storable(page: Page) -> Page:
    """Return the page with characters that no database takes (NUL, lone surrogates) replaced one by one."""
    hints = page.hints
    single: dict[str, Sourced | None] = {}
    for name in FIELDS:
        found: Sourced | None = getattr(hints, name)
        single[name] = found and Sourced(_storable_text(found.value), found.source)
    authors = tuple(Sourced(_storable_text(author.value), author.source) for author in hints.authors)
    return replace(page, raw=_storable_text(page.raw), hints=Metadata(authors=authors, **single))


def _storable_text(text: str) -> str:
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
