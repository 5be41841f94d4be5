"""What several shards answered as one library would have answered it. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.cluster.part import PartExtent
from index.reports import LibraryStats
from index.schema import ArticleCard, Correction, LedgerEntry
from index.stores.filters import fold
from index.stores.found import Found, put_together, taken
from index.stores.protocol import ChunkScore, Extent, StatementName, StoredChunk, WordStatistics


def best_chunks(found: Iterable[tuple[int, Sequence[ChunkScore]]], k: int, shards: int) -> list[ChunkScore]:
    """Return the k best of what each shard found, numbered for the whole library, ties settled as in one."""
    chunks = [replace(hit, chunk=hit.chunk * shards + shard) for shard, hits in found for hit in hits]
    return sorted(chunks, key=lambda hit: (-hit.score, hit.article, hit.ordinal))[:k]


def whole_found(found: Iterable[tuple[int, Found]], k: int, shards: int) -> Found:
    """Return the k best that each search found in all shards, numbered for the whole library."""
    parts = [replace(part, chunks=part.chunks * shards + shard) for shard, part in found]
    return taken(put_together(parts), k)


def whole_chunks(chunks: Iterable[StoredChunk], shard: int, shards: int) -> list[StoredChunk]:
    """Return a shard's chunks, numbered for the whole library."""
    return [replace(chunk, chunk=chunk.chunk * shards + shard) for chunk in chunks]


def newest_first(cards: Iterable[ArticleCard]) -> list[ArticleCard]:
    """Return cards with the latest day first, undated ones last, those of one day by id."""
    by_id = sorted(cards, key=lambda card: card.id)
    return sorted(by_id, key=lambda card: (card.published or "")[:10], reverse=True)


def in_order(entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """Return statements by article id; those of one article are in their order already."""
    return sorted(entries, key=lambda entry: entry.article.id)


def counted_names(lists: Iterable[Sequence[tuple[str, int]]]) -> list[tuple[str, int]]:
    """Return names with their counts added up, however they are written, most first.

    Example:
        >>> counted_names([[("The Post", 2)], [("THE POST", 3), ("Times", 4)]])
        [('THE POST', 5), ('Times', 4)]
    """
    counts: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for names in lists:
        for name, count in names:
            folded = fold(name)
            counts[folded] += count
            shown[folded] = min(name, shown.get(folded, name))
    ordered = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    return [(shown[folded], count) for folded, count in ordered]


def counted_statement_names(lists: Iterable[Sequence[StatementName]]) -> list[StatementName]:
    """Return every name of a speaker or target with its counts added up, by name and kind."""
    merged: dict[tuple[str, str], StatementName] = {}
    for names in lists:
        for name in names:
            key = (name.name, name.kind.value if name.kind else "")
            known = merged.get(key)
            merged[key] = (
                name
                if known is None
                else replace(known, speaker=known.speaker + name.speaker, target=known.target + name.target)
            )
    return [merged[key] for key in sorted(merged)]


def whole_extent(parts: Sequence[PartExtent]) -> Extent:
    """Return how many articles pass in all shards; a story in several of them counts once."""
    joined = frozenset[str]().union(*(part.joined for part in parts))
    return Extent(
        sum(part.articles for part in parts),
        sum(part.undated for part in parts),
        sum(part.stories for part in parts) + len(joined),
    )


def whole_statistics(parts: Sequence[WordStatistics]) -> WordStatistics:
    """Return the word statistics of the whole library."""
    return WordStatistics(
        sum(part.rows for part in parts),
        sum(part.tokens for part in parts),
        tuple(map(sum, zip(*(part.holding for part in parts), strict=True))),
    )


def oldest_first(found: Iterable[tuple[int, Sequence[Correction]]], shards: int) -> list[Correction]:
    """Return all corrections, oldest first, numbered for the whole library."""
    numbered = [
        replace(correction, number=correction.number * shards + shard)
        for shard, corrections in found
        for correction in corrections
    ]
    return sorted(numbered, key=lambda correction: (correction.made_at, correction.number))


def whole_stats(parts: Sequence[LibraryStats], groups: int, generation: int, bytes_more: int) -> LibraryStats:
    """Return the size and make of the whole library.

    Args:
        parts: Of each shard.
        groups: How many stories all articles are.
        generation: The library's number of changes.
        bytes_more: Size of what lies beside the shards.
    """
    first = parts[0]
    starts = [part.published_from for part in parts if part.published_from]
    ends = [part.published_to for part in parts if part.published_to]
    return replace(
        first,
        articles=sum(part.articles for part in parts),
        groups=groups,
        chunks=sum(part.chunks for part in parts),
        sentences=sum(part.sentences for part in parts),
        mentions=sum(part.mentions for part in parts),
        statements=sum(part.statements for part in parts),
        undated=sum(part.undated for part in parts),
        outlets=tuple(counted_names([part.outlets for part in parts])),
        published_from=min(starts, default=None),
        published_to=max(ends, default=None),
        generation=generation,
        bytes_on_disk=sum(part.bytes_on_disk for part in parts) + bytes_more,
        vectors=f"{len(parts)} shards; the first: {first.vectors}",
        vector_index=None,
        outdated=sum(part.outdated for part in parts),
    )
