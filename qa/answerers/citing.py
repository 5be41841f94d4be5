"""Statements of the ledger as citations."""

from collections import Counter
from collections.abc import Iterable, Sequence

from index.schema import LedgerEntry
from qa.schema import Citation


def citations_of(entries: Iterable[LedgerEntry]) -> tuple[Citation, ...]:
    """Return the entries' words in their order, each span of an article once."""
    unique = {(entry.article.id, entry.statement.start, entry.statement.end): entry for entry in entries}
    return tuple(
        Citation(entry.article, entry.statement.start, entry.statement.end, entry.quote)
        for entry in unique.values()
    )


def across_articles(citations: Sequence[Citation]) -> tuple[Citation, ...]:
    """Order citations so that each article shows one before any shows its second."""
    turns: Counter[str] = Counter()
    keyed = []
    for position, citation in enumerate(citations):
        keyed.append((turns[citation.article.id], position, citation))
        turns[citation.article.id] += 1
    return tuple(citation for _, _, citation in sorted(keyed, key=lambda item: item[:2]))
