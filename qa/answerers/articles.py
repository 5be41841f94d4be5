"""Which articles hold certain names: the ground for counts, comparisons and coverage."""

from collections.abc import Sequence
from dataclasses import replace

from index.library import Library
from index.schema import Filter


def mentioning(library: Library, names: Sequence[str], filter: Filter) -> Filter | None:  # noqa: A002
    """Return the filter narrowed to the articles that mention any of the names, or None when none does.

    A person is looked for by last name, as most articles write it.
    """
    wanted = [name.split()[-1] if name.split() else name for name in names]
    ids = library.store.count_mentioning([*names, *wanted], filter)
    return replace(filter, articles=tuple(ids)) if ids else None
