"""One shard, as the store of a whole cluster library speaks to it."""

# ruff: noqa: A002 - "filter" is the word the reader knows

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from index.cluster.readings import Reading, readings_of
from index.duplicates import same_story, shingles, sketch
from index.schema import ArticleCard, ArticleRecord, Filter, LedgerEntry, Stance
from index.stores import writing
from index.stores.filters import where
from index.stores.groups import candidates
from index.stores.local import LocalStore
from index.stores.postings import Phrase
from index.stores.protocol import EVERYTHING, FileStamp, Source, StoredChunk
from index.stores.rows import metadata_from_json

NO_STORIES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class PartExtent:
    """How many articles of one shard pass a filter.

    `stories` counts those of this shard alone; `joined` names the others, which may lie in other shards too.
    """

    articles: int
    undated: int
    stories: int
    joined: frozenset[str]


@dataclass(frozen=True)
class Ahead:
    """What a question will read of one shard: whole articles, cards of articles, and places of chunks."""

    readings: list[str] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)
    chunks: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class AheadRead:
    """What it reads: see `Ahead`; articles by id, chunks as numbered in the shard."""

    readings: dict[str, Reading]
    cards: dict[str, ArticleCard]
    chunks: list[StoredChunk]


@dataclass(frozen=True, slots=True)
class Sketched:
    """What it takes to find an article's near-duplicates in another shard."""

    number: int
    id: str
    text: str
    signature: bytes


class Part:
    """A shard. Whatever `Part` itself has not is asked of its store.

    Args:
        store: The shard's own store.
        joined: The stories of its groups that have copies in other shards; all cards name these.
    """

    def __init__(self, store: LocalStore, joined: Mapping[str, str] = NO_STORIES) -> None:
        self.store = store
        self.joined = joined

    def call(self, method: str, arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Any:  # noqa: ANN401
        """Return what a method of this part, or of its store, gives."""
        target = getattr(self, method, None) or getattr(self.store, method)
        return target(*arguments, **options)

    # ---- what a card says depends on the other shards

    def articles(self, filter: Filter = EVERYTHING) -> list[ArticleCard]:
        """Return the cards of all articles that pass the filter, newest first, undated last."""
        return [self._named(card) for card in self.store.articles(filter)]

    def cards(self, article_ids: Sequence[str]) -> dict[str, ArticleCard]:
        """Return the cards of those of these articles that are there, by id."""
        return {identity: self._named(card) for identity, card in self.store.cards(article_ids).items()}

    def card(self, article_id: str) -> ArticleCard:
        """Return one article's card, or raise InputError naming the id."""
        return self._named(self.store.card(article_id))

    def ledger(
        self,
        stance: Stance | None = None,
        filter: Filter = EVERYTHING,
        *,
        speakers: Sequence[str] | None = None,
        targets: Sequence[str] | None = None,
    ) -> list[LedgerEntry]:
        """Return statements with their articles, ordered by article id and place."""
        entries = self.store.ledger(stance, filter, speakers=speakers, targets=targets)
        return [replace(entry, article=self._named(entry.article)) for entry in entries]

    def _named(self, card: ArticleCard) -> ArticleCard:
        story = self.joined.get(card.group)
        return card if story is None else replace(card, group=story)

    def stories(self) -> dict[str, str]:
        """Return the stories of this shard's groups that have copies in other shards."""
        return dict(self.joined)

    def readings(self, article_ids: Sequence[str]) -> dict[str, Reading]:
        """Return what there is to read of those of these articles that are here, by id."""
        return readings_of(self.store.database, article_ids)

    def ahead(self, wanted: Ahead) -> AheadRead:
        """Return what is here of what a question will read."""
        return AheadRead(
            self.readings(wanted.readings) if wanted.readings else {},
            self.cards(wanted.cards) if wanted.cards else {},
            self.store.chunks(wanted.chunks) if wanted.chunks else [],
        )

    # ---- what can be merged, where the store's own answer cannot

    def extent_of(self, filter: Filter) -> PartExtent:
        """Return how many articles pass the filter, and which stories of several shards are among them."""
        extent = self.store.extent(filter)
        if not self.joined or not extent.stories:
            return PartExtent(extent.articles, extent.undated, extent.stories, frozenset())
        limit = where(filter)
        rows = self.store.database.rows(
            f"SELECT DISTINCT group_id FROM articles WHERE {limit.sql}", limit.values
        )
        shared = [name for (name,) in rows if name in self.joined]
        stories = frozenset(self.joined[name] for name in shared)
        return PartExtent(extent.articles, extent.undated, extent.stories - len(shared), stories)

    def extent_mentioning(self, names: Sequence[str], filter: Filter) -> PartExtent:
        """Return how many articles that pass the filter hold any of the names as whole words."""
        found = self.store.count_mentioning(names, filter)
        # Without an id the filter would limit nothing.
        return self.extent_of(Filter(articles=tuple(found))) if found else PartExtent(0, 0, 0, frozenset())

    def phrases_held(self, phrases: Sequence[Phrase]) -> tuple[int, ...]:
        """Return how many chunks hold each of these phrases."""
        return self.store.words.held(phrases)

    def newest_article(self) -> tuple[str, str, str] | None:
        """Return day, id and date of the latest article, the smallest id of that day; None without one."""
        rows = self.store.database.rows(
            "SELECT day, id, published FROM articles WHERE day IS NOT NULL ORDER BY day DESC, id LIMIT 1"
        )
        return None if not rows else (rows[0][0], rows[0][1], rows[0][2])

    # ---- near-duplicates in other shards

    def groups_of(self, article_ids: Sequence[str]) -> dict[str, str]:
        """Return this shard's own group of those of these articles that are here."""
        rows = self.store.database.rows(
            "SELECT id, group_id FROM articles WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(article_ids)),),
        )
        return dict(rows)

    def added_after(self, number: int, most: int) -> list[Sketched]:
        """Return the articles that came after the one of this number, oldest first, `most` at a time."""
        rows = self.store.database.rows(
            "SELECT articles.number, articles.id, texts.text, texts.signature FROM articles "
            "JOIN texts ON texts.article = articles.number WHERE articles.number > ? "
            "ORDER BY articles.number LIMIT ?",
            (number, most),
        )
        return [Sketched(*row) for row in rows]

    def copies_of(self, article: Sketched) -> list[str]:
        """Return the ids of the articles here that are versions of one in another shard."""
        hashes = sketch(article.signature)
        own = None
        found = []
        for number in candidates(self.store.database.read(), hashes):
            identity, text = self.store.database.rows(
                "SELECT articles.id, texts.text FROM articles "
                "JOIN texts ON texts.article = articles.number WHERE articles.number = ?",
                (number,),
            )[0]
            own = shingles(article.text) if own is None else own
            if same_story(own, shingles(text)):
                found.append(identity)
        return found

    # ---- which shard keeps what belongs to a file

    def stamped(self, paths: Sequence[str]) -> dict[str, FileStamp]:
        """Return those of these files that this shard remembers as read, by path."""
        rows = self.store.database.rows(
            "SELECT path, size, mtime_ns, sha256 FROM files WHERE path IN (SELECT value FROM json_each(?))",
            (writing.ids_json(paths),),
        )
        return {row[0]: FileStamp(*row) for row in rows}

    def read_from(self, paths: Sequence[str]) -> set[str]:
        """Return those of these files that articles here were read from."""
        return self._paths(
            "SELECT DISTINCT path FROM sources WHERE path IN (SELECT value FROM json_each(?))", paths
        )

    def paths_of(self, article_ids: Sequence[str]) -> set[str]:
        """Return the files that these articles were read from."""
        return self._paths(
            "SELECT DISTINCT path FROM sources JOIN articles ON articles.number = sources.article "
            "WHERE articles.id IN (SELECT value FROM json_each(?))",
            article_ids,
        )

    def knows(self, keys: Sequence[str]) -> bool:
        """Return whether one of these sources is here, or something that a reader has put back for it."""
        return bool(
            self._paths(
                "SELECT key FROM sources WHERE key IN (SELECT value FROM json_each(?1)) "
                "UNION SELECT key FROM restored WHERE key IN (SELECT value FROM json_each(?1))",
                keys,
            )
        )

    def _paths(self, query: str, names: Sequence[str]) -> set[str]:
        return {name for (name,) in self.store.database.rows(query, (json.dumps(list(names)),))}

    # ---- writing what moves between shards; the store must be open for writing

    def sources_with_metadata(self, article_id: str) -> list[Source]:
        """Return all that is known of an article's sources, ordered by key."""
        rows = self.store.database.rows(
            "SELECT sources.key, sources.file, sources.path, sources.page, sources.metadata FROM sources "
            "JOIN articles ON articles.number = sources.article WHERE articles.id = ? ORDER BY sources.key",
            (article_id,),
        )
        return [
            Source(key, file, path, page, metadata_from_json(metadata))
            for key, file, path, page, metadata in rows
        ]

    def release(self, keys: Sequence[str]) -> None:
        """Let sources go to another shard. What a reader has put back for them is known there."""
        with self.store.database.transaction() as connection:
            writing.detach_sources(connection, keys)

    def keep_restored(self, key: str, spans: Sequence[str]) -> None:
        """Remember which removed texts (their SHA-256) a reader has put back for a source."""
        with self.store.database.transaction() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO restored VALUES (?, ?)", [(key, span) for span in spans]
            )

    def adopt(self, record: ArticleRecord, sources: Sequence[Source], spans: Sequence[str]) -> None:
        """Write an article that was another one in another shard, with its sources, in one step.

        Args:
            record: The article with its new text.
            sources: Where it comes from, ordered by key.
            spans: SHA-256 of each removed text that was put back, remembered for every source.
        """
        identity = record.article.id
        with self.store.database.transaction() as connection:
            there = connection.execute("SELECT 1 FROM articles WHERE id = ?", (identity,)).fetchone()
            writing.put_article(connection, record, sources[0])
            for source in sources[1:]:
                writing.attach_source(connection, record.article, source)
            for source in sources:
                connection.executemany(
                    "INSERT OR IGNORE INTO restored VALUES (?, ?)", [(source.key, span) for span in spans]
                )
            if not there:
                # All sources are here, so the heading is the one that the chunks were embedded under.
                connection.execute("UPDATE articles SET stale = 0 WHERE id = ?", (identity,))

    def forget_stamps(self, paths: Sequence[str]) -> None:
        """Forget that these files were read; their articles stay."""
        with self.store.database.transaction() as connection:
            connection.executemany("DELETE FROM files WHERE path = ?", [(path,) for path in paths])
