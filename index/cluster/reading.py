"""Reading a library that lies in shards: every question goes to the shards concerned, and answers are merged.

The methods are those of `index.stores.protocol.Store`. A chunk's number is its number in its shard, times the
number of shards, plus the shard.
"""

# ruff: noqa: A002 - "filter" is the word the reader knows

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.cluster import merging
from index.cluster.manifest import Manifest, shard_of
from index.cluster.part import PartExtent
from index.cluster.shards import Call, Shards
from index.errors import ShardLostError
from index.schema import (
    Analysis,
    Article,
    ArticleCard,
    Correction,
    Filter,
    LedgerEntry,
    Mention,
    Sentence,
    Stance,
)
from index.stores.local import the_one
from index.stores.protocol import (
    EVERYTHING,
    ChunkScore,
    Extent,
    FileStamp,
    KnownSource,
    StatementName,
    StoredChunk,
)


class ClusterReading(ABC):
    """What can be read of a cluster library, however its shards are reached."""

    @abstractmethod
    def _view(self) -> tuple[Manifest, Shards]:
        """Return the present version and its shards."""

    def _all(self, method: str, *arguments: Any, **options: Any) -> list[tuple[int, Any]]:  # noqa: ANN401
        """Ask every shard the same; return the answers of those that answer, by shard."""
        _, shards = self._view()
        call = Call(method, arguments, options)
        answers = shards.ask(dict.fromkeys(range(shards.count), call))
        if not answers:
            raise ShardLostError(f"None of the {shards.count} parts of the library answers.", _CHECK)
        return sorted(answers.items())

    def _each(self, method: str, *arguments: Any, **options: Any) -> list[Any]:  # noqa: ANN401
        return [answer for _, answer in self._all(method, *arguments, **options)]

    def _one(self, shard: int, method: str, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        """Ask one shard, or raise ShardLostError."""
        _, shards = self._view()
        answers = shards.ask({shard: Call(method, arguments, options)})
        if shard not in answers:
            raise ShardLostError(f"Part {shard} of {shards.count} of the library does not answer.", _CHECK)
        return answers[shard]

    def _home(self, article_id: str) -> int:
        return shard_of(article_id, self._view()[1].count)

    def _of(self, article_id: str, method: str, *arguments: Any) -> Any:  # noqa: ANN401
        """Ask the shard of an article about it."""
        return self._one(self._home(article_id), method, article_id, *arguments)

    def _split(self, chunks: Iterable[int]) -> dict[int, list[int]]:
        """Return the numbers that chunks have in their shards, by shard."""
        count = self._view()[1].count
        found: dict[int, list[int]] = {}
        for chunk in chunks:
            found.setdefault(chunk % count, []).append(chunk // count)
        return found

    # ---- what is there

    def files(self) -> dict[str, FileStamp]:
        """Return every file that was read completely, by path."""
        return {path: stamp for stamps in self._each("files") for path, stamp in stamps.items()}

    def articles_by_path(self) -> dict[str, int]:
        """Return the number of articles that come from each file."""
        total: dict[str, int] = {}
        for counts in self._each("articles_by_path"):
            for path, count in counts.items():
                total[path] = total.get(path, 0) + count
        return total

    def sources_in(self, path: str) -> dict[str, KnownSource]:
        """Return the sources read from one file, by key."""
        return {key: source for known in self._each("sources_in", path) for key, source in known.items()}

    def sources_of(self, article_id: str) -> tuple[KnownSource, ...]:
        """Return the sources of one article, ordered by key."""
        found: tuple[KnownSource, ...] = self._of(article_id, "sources_of")
        return found

    def restored(self, key: str) -> frozenset[str]:
        """Return SHA-256 of the removed texts that a reader has put back for this source."""
        return frozenset[str]().union(*self._each("restored", key))

    def has(self, article_id: str) -> bool:
        """Return whether the article is in the store."""
        return bool(self._of(article_id, "has"))

    def stale(self) -> tuple[str, ...]:
        """Return articles whose merged metadata changed after they were embedded with it."""
        return tuple(sorted(identity for found in self._each("stale") for identity in found))

    def outdated(self) -> tuple[str, ...]:
        """Return articles whose statements an older version of the rules has found, ordered by id."""
        return tuple(sorted(identity for found in self._each("outdated") for identity in found))

    def articles(self, filter: Filter = EVERYTHING) -> list[ArticleCard]:
        """Return the cards of all articles that pass the filter, newest first, undated last."""
        return merging.newest_first(card for cards in self._each("articles", filter) for card in cards)

    def extent(self, filter: Filter = EVERYTHING) -> Extent:
        """Return how many articles pass the filter."""
        parts: list[PartExtent] = self._each("extent_of", filter)
        return merging.whole_extent(parts)

    def newest(self) -> str | None:
        """Return the latest date of publication (ISO), None where no article has one."""
        found: list[tuple[str, str, str]] = [one for one in self._each("newest_article") if one is not None]
        if not found:
            return None
        day = max(day for day, _, _ in found)
        return min((identity, published) for at, identity, published in found if at == day)[1]

    def cards(self, article_ids: Sequence[str]) -> dict[str, ArticleCard]:
        """Return the cards of those of these articles that are there, by id."""
        return self._by_id("cards", article_ids)

    def _by_id(self, method: str, article_ids: Sequence[str]) -> dict[str, Any]:
        """Ask the shard of each article about it, each shard once."""
        _, shards = self._view()
        wanted: dict[int, list[str]] = {}
        for identity in article_ids:
            wanted.setdefault(shard_of(identity, shards.count), []).append(identity)
        answers = shards.ask({shard: Call(method, (ids,)) for shard, ids in wanted.items()})
        return {identity: one for found in answers.values() for identity, one in found.items()}

    def card(self, article_id: str) -> ArticleCard:
        """Return one article's card, or raise InputError naming the id."""
        card: ArticleCard = self._of(article_id, "card")
        return card

    def article(self, article_id: str) -> Article:
        """Return one article, or raise InputError naming the id."""
        article: Article = self._of(article_id, "article")
        return article

    def text(self, article_id: str) -> str:
        """Return one article's text, or raise InputError naming the id."""
        text: str = self._of(article_id, "text")
        return text

    def texts(self, article_ids: Sequence[str]) -> dict[str, str]:
        """Return the texts of those of these articles that are there, by id."""
        return self._by_id("texts", article_ids)

    def resolve(self, name: str) -> str:
        """Return the id meant by an id, a unique beginning of one, or a file name."""
        if self.has(name):
            return name
        return the_one(name, sorted({identity for ids in self._each("named", name) for identity in ids}))

    def sentences(self, article_id: str) -> tuple[Sentence, ...]:
        """Return the article's sentences in order."""
        sentences: tuple[Sentence, ...] = self._of(article_id, "sentences")
        return sentences

    def mentions(self, article_id: str) -> tuple[Mention, ...]:
        """Return the article's mentions in order."""
        mentions: tuple[Mention, ...] = self._of(article_id, "mentions")
        return mentions

    def mentions_between(self, article_id: str, start: int, end: int) -> tuple[Mention, ...]:
        """Return the mentions that lie wholly within `[start, end)`."""
        mentions: tuple[Mention, ...] = self._of(article_id, "mentions_between", start, end)
        return mentions

    # ---- statements

    def ledger(
        self,
        stance: Stance | None = None,
        filter: Filter = EVERYTHING,
        *,
        speakers: Sequence[str] | None = None,
        targets: Sequence[str] | None = None,
    ) -> list[LedgerEntry]:
        """Return statements with their articles, ordered by article id and place."""
        found = self._each("ledger", stance, filter, speakers=speakers, targets=targets)
        return merging.in_order(entry for entries in found for entry in entries)

    def statement_names(self) -> list[StatementName]:
        """Return every name of a speaker or target, each kind apart, ordered by name."""
        return merging.counted_statement_names(self._each("statement_names"))

    def analysis(self, article_id: str) -> Analysis:
        """Return the names and statements of one article with the version of the rules that found them."""
        analysis: Analysis = self._of(article_id, "analysis")
        return analysis

    def article_of_source(self, key: str) -> str | None:
        """Return the id of the article that a source now gives, None without one."""
        answers: list[str | None] = self._each("article_of_source", key)
        return next((found for found in answers if found is not None), None)

    def corrections(self) -> list[Correction]:
        """Return the readers' corrections, oldest first; those of absent articles too."""
        return merging.oldest_first(self._all("corrections"), self._view()[1].count)

    # ---- searching

    def search_words(self, query: str, k: int, filter: Filter = EVERYTHING) -> list[ChunkScore]:
        """Return the k best chunks by BM25 for a plain list of words, any of which may match.

        Every shard scores with the word statistics of all shards, so the scores are those of one library.
        """
        statistics = merging.whole_statistics(self._each("word_statistics", query))
        found = self._all("search_words", query, k, filter, statistics=statistics)
        return merging.best_chunks(found, k, self._view()[1].count)

    def search_vectors(
        self, vector: NDArray[np.float32], k: int, filter: Filter = EVERYTHING
    ) -> list[ChunkScore]:
        """Return the k best chunks by cosine with `vector`, of shape (dimension,) and unit length."""
        return merging.best_chunks(self._all("search_vectors", vector, k, filter), k, self._view()[1].count)

    def chunks_holding(self, phrase: str, among: Sequence[int]) -> set[int]:
        """Return which of these chunks hold the words of a phrase in a row, in any of their forms."""
        _, shards = self._view()
        calls = {shard: Call("chunks_holding", (phrase, ids)) for shard, ids in self._split(among).items()}
        answers = shards.ask(calls)
        return {chunk * shards.count + shard for shard, found in answers.items() for chunk in found}

    def chunks(self, ids: Sequence[int]) -> list[StoredChunk]:
        """Return these chunks in the order asked for; unknown numbers are left out."""
        _, shards = self._view()
        answers = shards.ask(
            {shard: Call("chunks", (numbers,)) for shard, numbers in self._split(ids).items()}
        )
        found = {
            chunk.chunk: chunk
            for shard, some in answers.items()
            for chunk in merging.whole_chunks(some, shard, shards.count)
        }
        return [found[number] for number in ids if number in found]

    def neighbours(self, chunk: int, before: int = 1, after: int = 1) -> list[StoredChunk]:
        """Return the chunk with those around it in its article, in order."""
        count = self._view()[1].count
        shard = chunk % count
        return merging.whole_chunks(
            self._one(shard, "neighbours", chunk // count, before, after), shard, count
        )

    def chunks_of(self, article_id: str) -> list[StoredChunk]:
        """Return all chunks of one article in order."""
        shard = self._home(article_id)
        return merging.whole_chunks(self._one(shard, "chunks_of", article_id), shard, self._view()[1].count)

    def count_mentioning(self, names: Sequence[str], filter: Filter = EVERYTHING) -> list[str]:
        """Return the ids of articles whose text holds any of the names as whole words, ordered by id."""
        return sorted(identity for ids in self._each("count_mentioning", names, filter) for identity in ids)

    # ---- the whole library

    def outlets(self) -> list[tuple[str, int]]:
        """Return each outlet with its number of articles, most first."""
        return merging.counted_names(self._each("outlets"))

    def authors(self) -> list[tuple[str, int]]:
        """Return each author with their number of articles, most first."""
        return merging.counted_names(self._each("authors"))


_CHECK = "Look at the nodes with: python -m index cluster status"
