"""Statements of the ledger as citations."""

from collections.abc import Iterable

from index.schema import LedgerEntry
from qa.schema import Citation


def citations_of(entries: Iterable[LedgerEntry]) -> tuple[Citation, ...]:
    """Return the entries' words in their order, each span of an article once."""
    unique = {(entry.article.id, entry.statement.start, entry.statement.end): entry for entry in entries}
    return tuple(
        Citation(entry.article, entry.statement.start, entry.statement.end, entry.quote)
        for entry in unique.values()
    )
