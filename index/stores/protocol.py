"""What a store must do: keep articles with everything derived from them, and find their chunks again.

`index.stores.local.LocalStore` is the reference. Every store gives the same results for the same articles:
order is by score, then article id, then position in the article, so that ties never depend on the order
in which articles were added.
"""

# ruff: noqa: A002 - "filter" is the word the reader knows

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.config import IndexConfig
from index.schema import (
    Analysis,
    Article,
    ArticleCard,
    ArticleRecord,
    Correction,
    Filter,
    LedgerEntry,
    Mention,
    MentionKind,
    Metadata,
    Sentence,
    Stance,
)
from index.stores.found import Found, Sought

if TYPE_CHECKING:
    from index.reports import LibraryStats

EVERYTHING = Filter()
"""The filter that every article passes."""


@dataclass(frozen=True, slots=True)
class ChunkScore:
    """A chunk that a search found. `score` is BM25 or cosine; higher is better.

    `chunk` is the store's own number for it, `ordinal` its place in the article (from 0), `start` and `end`
    its characters in `Article.text`.
    """

    chunk: int
    article: str
    ordinal: int
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """Where a chunk stands: its article, its place there (from 0) and its characters in `Article.text`."""

    chunk: int
    article: str
    ordinal: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Extent:
    """How many articles pass a filter: all, those without a date, and how many stories they are.

    Near-duplicates are one story.
    """

    articles: int
    undated: int
    stories: int


@dataclass(frozen=True, slots=True)
class FileStamp:
    """A file as it was when all of it was last read; `mtime_ns` is 0 when it is not to be trusted."""

    path: str
    size: int
    mtime_ns: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where an article was found: one file, or one row of a file.

    Attributes:
        key: Identifies the source across runs (`Page.key`).
        file: The name people see and cite (`Page.file`).
        path: The file it was read from, absolute.
        page: SHA-256 of what the loader returned, so that an unchanged row is known again.
        metadata: What this source says about the article; the article shows all its sources merged.
    """

    key: str
    file: str
    path: str
    page: str
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class KnownSource:
    """A source as the store remembers it."""

    key: str
    file: str
    page: str
    article: str


@dataclass(frozen=True, slots=True)
class StatementName:
    """A name that statements carry, as written in articles, and how many have it for speaker and target."""

    name: str
    kind: MentionKind | None
    speaker: int
    target: int


@dataclass(frozen=True, slots=True)
class WordStatistics:
    """What BM25 asks of a whole collection; statistics of several libraries are added up, part by part.

    Attributes:
        rows: Chunks in the word index.
        tokens: Words in all of them, titles included.
        holding: For each phrase of a query, in the order in which it has them, how many chunks hold it.
    """

    rows: int
    tokens: int
    holding: tuple[int, ...]


class Store(Protocol):
    """A place that keeps articles and finds their chunks.

    Reads may come from several threads at once; they see each article whole or not at all. Writes come from
    one thread of the one process that holds the library's write lock.
    """

    @property
    def space(self) -> str:
        """What the vectors mean: those of different spaces do not compare."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def config(self) -> IndexConfig:
        """Return the settings the library was made with."""

    def put(self, record: ArticleRecord, source: Source) -> None:
        """Write an article with everything derived from it; on return it is on disk.

        An article of the same id is replaced and keeps its other sources. A source that belonged to another
        article leaves it, and an article without a source goes.
        """

    def attach(self, article: Article, source: Source) -> None:
        """Add a source to an article that is already there, whose text is `article.text`."""

    def replace(self, old: str, record: ArticleRecord, restored: Sequence[str] = ()) -> None:
        """Put a reworked article in the place of `old`, with all its sources, in one step.

        `restored` names removed texts (their SHA-256) that a reader has put back for these sources.
        """

    def restored(self, key: str) -> frozenset[str]:
        """Return SHA-256 of the removed texts that a reader has put back for this source."""

    def detach(self, keys: Sequence[str]) -> int:
        """Forget these sources; articles left without one go. Return how many articles went."""

    def mark_read(self, stamps: Sequence[FileStamp]) -> None:
        """Record that these files hold nothing new."""

    def forget_files(self, paths: Sequence[str]) -> int:
        """Forget files and all sources in them; return how many articles went."""

    def remove(self, article_ids: Sequence[str]) -> int:
        """Delete articles and all that belongs to them; return how many there were."""

    def files(self) -> dict[str, FileStamp]:
        """Return every file that was read completely, by path."""

    def articles_by_path(self) -> dict[str, int]:
        """Return the number of articles that come from each file."""

    def sources_in(self, path: str) -> dict[str, KnownSource]:
        """Return the sources read from one file, by key."""

    def sources_of(self, article_id: str) -> tuple[KnownSource, ...]:
        """Return the sources of one article, ordered by key."""

    def has(self, article_id: str) -> bool:
        """Return whether the article is in the store."""

    def stale(self) -> tuple[str, ...]:
        """Return articles whose merged metadata changed after they were embedded with it."""

    def articles(self, filter: Filter = EVERYTHING) -> list[ArticleCard]:
        """Return the cards of all articles that pass the filter, newest first, undated last."""

    def extent(self, filter: Filter = EVERYTHING) -> Extent:
        """Return how many articles pass the filter."""

    def newest(self) -> str | None:
        """Return the latest date of publication (ISO), None where no article has one."""

    def card(self, article_id: str) -> ArticleCard:
        """Return one article's card, or raise InputError naming the id."""

    def cards(self, article_ids: Sequence[str]) -> dict[str, ArticleCard]:
        """Return the cards of those of these articles that are there, by id."""

    def article(self, article_id: str) -> Article:
        """Return one article, or raise InputError naming the id."""

    def text(self, article_id: str) -> str:
        """Return one article's text, or raise InputError naming the id."""

    def texts(self, article_ids: Sequence[str]) -> dict[str, str]:
        """Return the texts of those of these articles that are there, by id."""

    def read_ahead(
        self, article_ids: Sequence[str], *, cards: Sequence[str] = (), chunks: Sequence[int] = ()
    ) -> None:
        """Expect these articles to be read next: text, sentences, names, statements.

        A store on several machines fetches it at once, where asking for each would cost a call each time; and
        with it the cards of some articles and the places of some chunks.
        """

    def resolve(self, name: str) -> str:
        """Return the id meant by an id, a unique beginning of one (4 characters or more), or a file name."""

    def sentences(self, article_id: str) -> tuple[Sentence, ...]:
        """Return the article's sentences in order."""

    def mentions(self, article_id: str) -> tuple[Mention, ...]:
        """Return the article's mentions in order."""

    def mentions_between(self, article_id: str, start: int, end: int) -> tuple[Mention, ...]:
        """Return the mentions that lie wholly within `[start, end)`."""

    def ledger(
        self,
        stance: Stance | None = None,
        filter: Filter = EVERYTHING,
        *,
        speakers: Sequence[str] | None = None,
        targets: Sequence[str] | None = None,
    ) -> list[LedgerEntry]:
        """Return statements with their articles, ordered by article id and place.

        They are as found, before corrections; `index.ledger.read` is what a reader sees.

        Args:
            stance: None for any.
            filter: Limits on their articles.
            speakers: Names exactly as written in the articles; None for anybody.
            targets: Likewise.
        """

    def statement_names(self) -> list[StatementName]:
        """Return every name of a speaker or target, each kind apart, ordered by name."""

    def analysis(self, article_id: str) -> Analysis:
        """Return the names and statements of one article with the version of the rules that found them."""

    def reanalyse(self, article_id: str, analysis: Analysis) -> None:
        """Put other names and statements in the place of an article's own, in one step."""

    def outdated(self) -> tuple[str, ...]:
        """Return articles whose statements an older version of the rules has found, ordered by id."""

    def article_of_source(self, key: str) -> str | None:
        """Return the id of the article that a source now gives, None without one."""

    def corrections(self) -> list[Correction]:
        """Return the readers' corrections, oldest first; those of absent articles too."""

    def add_correction(self, correction: Correction) -> int:
        """Store a correction and return its number; on return it is on disk."""

    def remove_correction(self, number: int) -> bool:
        """Delete a correction and return whether it was there."""

    def generation(self) -> int:
        """Return the number of changes so far: while it stays, everything read stays true."""

    def lost(self, since: float) -> tuple[int, int]:
        """Return how many parts answers had to do without since then, and how many parts there are.

        Only a store on several machines has parts that may not answer.

        Args:
            since: A moment of the monotonic clock.
        """

    def search_words(self, query: str, k: int, filter: Filter = EVERYTHING) -> list[ChunkScore]:
        """Return the k best chunks by BM25 for a plain list of words, any of which may match."""

    def search_vectors(
        self, vector: NDArray[np.float32], k: int, filter: Filter = EVERYTHING
    ) -> list[ChunkScore]:
        """Return the k best chunks by cosine with `vector`, of shape (dimension,) and unit length."""

    def find(self, sought: Sought) -> Found:
        """Return what all searches of a question find, in one call: as columns, with the phrases held.

        Each search finds what `search_words` or `search_vectors` does. A chunk holds a phrase where its text
        has the words in a row, in any of their forms; the title does not count.
        """

    def chunks(self, ids: Sequence[int]) -> list[StoredChunk]:
        """Return these chunks in the order asked for; unknown numbers are left out."""

    def count_mentioning(self, names: Sequence[str], filter: Filter = EVERYTHING) -> list[str]:
        """Return the ids of articles whose text holds any of the names as whole words, ordered by id."""

    def extent_mentioning(self, names: Sequence[str], filter: Filter = EVERYTHING) -> Extent:
        """Return how many articles that pass the filter hold any of the names as whole words."""

    def save(self, *, shrink: bool = False) -> None:
        """Bring caches up to date where it is worth it; with `shrink`, give deleted space back."""

    def close(self) -> None:
        """Let go of all resources."""

    def outlets(self) -> list[tuple[str, int]]:
        """Return each outlet with its number of articles, most first."""

    def authors(self) -> list[tuple[str, int]]:
        """Return each author with their number of articles, most first."""

    def stats(self) -> "LibraryStats":
        """Return the size and make of the library."""

    def verify(self) -> list[str]:
        """Read every byte and return what is wrong, a line a problem; empty when all is well."""

    def repair(self) -> list[str]:
        """Rebuild what is derived, set broken files aside, and return what was done."""
