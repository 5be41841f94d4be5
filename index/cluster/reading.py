"""Reading a library that lies in shards: every question goes to the shards concerned, and answers are merged.

The methods are those of `index.stores.protocol.Store`. A chunk's number is its number in its shard, times the
number of shards, plus the shard.
"""

# ruff: noqa: A002 - "filter" is the word the reader knows

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.cluster import merging
from index.cluster.asking import ClusterAsking
from index.cluster.manifest import shard_of
from index.cluster.part import Ahead, PartExtent
from index.cluster.readings import Reading
from index.cluster.shards import Call
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
from index.stores.found import Found, Sought
from index.stores.local import the_one, unknown_article
from index.stores.protocol import (
    EVERYTHING,
    ChunkScore,
    Extent,
    FileStamp,
    KnownSource,
    StatementName,
    StoredChunk,
    WordStatistics,
)
from index.stores.vocabulary import PhraseReader
from index.stores.words import query_phrases

READ_AHEAD = 128
"""Articles that are fetched at once before they are read."""


class ClusterReading(ClusterAsking):
    """What can be read of a cluster library, however its shards are reached."""

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

    def card(self, article_id: str) -> ArticleCard:
        """Return one article's card, or raise InputError naming the id."""
        card: ArticleCard = self._the("cards", article_id)
        return card

    def article(self, article_id: str) -> Article:
        """Return one article, or raise InputError naming the id."""
        article: Article = self._of(article_id, "article")
        return article

    def text(self, article_id: str) -> str:
        """Return one article's text, or raise InputError naming the id."""
        kept: str | None = self._view().memory.articles["texts"].known([article_id]).get(article_id)
        if kept is not None:
            return kept
        # Whoever reads one article's text mostly goes on to read its sentences.
        reading = self._reading(article_id)
        if reading is None:
            raise unknown_article(article_id)
        return reading.text

    def texts(self, article_ids: Sequence[str]) -> dict[str, str]:
        """Return the texts of those of these articles that are there, by id."""
        read = self._view().memory.articles["readings"].known(article_ids)
        texts = self._by_id("texts", [identity for identity in article_ids if identity not in read])
        return texts | {identity: one.text for identity, one in read.items()}

    def read_ahead(
        self, article_ids: Sequence[str], *, cards: Sequence[str] = (), chunks: Sequence[int] = ()
    ) -> None:
        """Fetch and keep what there is to read of these articles, of very many only of the first.

        Args:
            article_ids: Their texts, sentences, names and statements.
            cards: Articles of which the cards will be read.
            chunks: Chunks of which the places will be asked for.
        """
        view = self._view()
        memory, count = view.memory, view.shards.count
        wanted: dict[int, Ahead] = {}
        for identity in memory.articles["readings"].unknown(article_ids[:READ_AHEAD]):
            wanted.setdefault(shard_of(identity, count), Ahead()).readings.append(identity)
        for identity in memory.articles["cards"].unknown(cards):
            wanted.setdefault(shard_of(identity, count), Ahead()).cards.append(identity)
        for chunk in memory.chunks.unknown(chunks):
            wanted.setdefault(chunk % count, Ahead()).chunks.append(chunk // count)
        if wanted:
            calls = {shard: Call("ahead", (ahead,)) for shard, ahead in wanted.items()}
            for shard, found in self._ask(view, calls).items():
                memory.articles["readings"].keep(found.readings)
                memory.articles["cards"].keep(found.cards)
                whole = merging.whole_chunks(found.chunks, shard, count)
                memory.chunks.keep({chunk.chunk: chunk for chunk in whole})

    def _reading(self, article_id: str) -> Reading | None:
        """Return what there is to read of an article, None where it is not there."""
        found: Reading | None = self._by_id("readings", [article_id], needed=True).get(article_id)
        return found

    def resolve(self, name: str) -> str:
        """Return the id meant by an id, a unique beginning of one, or a file name."""
        if self.has(name):
            return name
        return the_one(name, sorted({identity for ids in self._each("named", name) for identity in ids}))

    def sentences(self, article_id: str) -> tuple[Sentence, ...]:
        """Return the article's sentences in order."""
        reading = self._reading(article_id)
        return reading.sentences if reading else ()

    def mentions(self, article_id: str) -> tuple[Mention, ...]:
        """Return the article's mentions in order."""
        reading = self._reading(article_id)
        return reading.mentions if reading else ()

    def mentions_between(self, article_id: str, start: int, end: int) -> tuple[Mention, ...]:
        """Return the mentions that lie wholly within `[start, end)`."""
        reading = self._reading(article_id)
        return reading.mentions_between(start, end) if reading else ()

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
        reading = self._reading(article_id)
        return reading.analysis if reading else Analysis()

    def article_of_source(self, key: str) -> str | None:
        """Return the id of the article that a source now gives, None without one."""
        answers: list[str | None] = self._each("article_of_source", key)
        return next((found for found in answers if found is not None), None)

    def corrections(self) -> list[Correction]:
        """Return the readers' corrections, oldest first; those of absent articles too."""
        return merging.oldest_first(self._all("corrections"), self._view().shards.count)

    # ---- searching

    def search_words(self, query: str, k: int, filter: Filter = EVERYTHING) -> list[ChunkScore]:
        """Return the k best chunks by BM25 for a plain list of words, any of which may match.

        Every shard scores with the word statistics of all shards, so the scores are those of one library.
        """
        (statistics,) = self._statistics([query])
        found = self._all("search_words", query, k, filter, statistics=statistics)
        return merging.best_chunks(found, k, self._view().shards.count)

    def _statistics(self, queries: Sequence[str]) -> list[WordStatistics]:
        """Return what BM25 asks of the whole library for each query.

        The version's own counts tell of words; only what falls apart into several ("COVID-19") is counted by
        the shards, all of it in one call.
        """
        view = self._view()
        read = [query_phrases(self._phrases, query) for query in queries]
        asked = list(dict.fromkeys(phrase for phrases in read for phrase in phrases))
        counts = view.words.holding([phrase[0] for phrase in asked]) if view.words else None
        if counts is None:
            return [merging.whole_statistics(self._each("word_statistics", query)) for query in queries]
        held = dict(zip(asked, counts, strict=True))
        several = tuple(phrase for phrase in asked if len(phrase) > 1)
        if several:
            by_shard = self._each("phrases_held", several)
            held |= zip(several, map(sum, zip(*by_shard, strict=True)), strict=True)
        rows = sum(shard.chunks for shard in view.manifest.shards)
        tokens = sum(shard.tokens for shard in view.manifest.shards)
        return [WordStatistics(rows, tokens, tuple(held[phrase] for phrase in phrases)) for phrases in read]

    @cached_property
    def _phrases(self) -> PhraseReader:
        return PhraseReader()

    def search_vectors(
        self, vector: NDArray[np.float32], k: int, filter: Filter = EVERYTHING
    ) -> list[ChunkScore]:
        """Return the k best chunks by cosine with `vector`, of shape (dimension,) and unit length."""
        found = self._all("search_vectors", vector, k, filter)
        return merging.best_chunks(found, k, self._view().shards.count)

    def find(self, sought: Sought) -> Found:
        """Return what all searches of a question find, in one call to each shard."""
        found = self._all("find", sought, statistics=self._statistics(sought.words))
        return merging.whole_found(found, sought.k, self._view().shards.count)

    def chunks(self, ids: Sequence[int]) -> list[StoredChunk]:
        """Return these chunks in the order asked for; unknown numbers are left out."""
        view = self._view()
        kept, count = view.memory.chunks, view.shards.count
        wanted: dict[int, list[int]] = {}
        for chunk in kept.unknown(ids):
            wanted.setdefault(chunk % count, []).append(chunk // count)
        found = kept.known(ids)
        if wanted:
            calls = {shard: Call("chunks", (numbers,)) for shard, numbers in wanted.items()}
            for shard, some in self._ask(view, calls).items():
                found |= {chunk.chunk: chunk for chunk in merging.whole_chunks(some, shard, count)}
            kept.keep(found)
        return [found[number] for number in ids if number in found]

    def count_mentioning(self, names: Sequence[str], filter: Filter = EVERYTHING) -> list[str]:
        """Return the ids of articles whose text holds any of the names as whole words, ordered by id."""
        return sorted(identity for ids in self._each("count_mentioning", names, filter) for identity in ids)

    def extent_mentioning(self, names: Sequence[str], filter: Filter = EVERYTHING) -> Extent:
        """Return how many articles that pass the filter hold any of the names as whole words."""
        parts: list[PartExtent] = self._each("extent_mentioning", tuple(names), filter)
        return merging.whole_extent(parts)

    # ---- the whole library

    def outlets(self) -> list[tuple[str, int]]:
        """Return each outlet with its number of articles, most first."""
        return merging.counted_names(self._each("outlets"))

    def authors(self) -> list[tuple[str, int]]:
        """Return each author with their number of articles, most first."""
        return merging.counted_names(self._each("authors"))
