"""What of a question narrows where its answer is looked for; the reader may take each away. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from index.schema import Filter
from qa.outlets import OutletsRead
from qa.periods import Period
from qa.schema import Constraint

__all__ = ["narrowed"]


def narrowed(
    chosen: Filter, outlets: OutletsRead, dates: Period, without: Collection[str] = ()
) -> tuple[Filter, tuple[Constraint, ...], tuple[str, ...]]:
    """Add what the question says to what the reader chose, which is never widened.

    Args:
        chosen: The reader's own filter.
        outlets: The outlets that the question names.
        dates: The dates that it names.
        without: Ids of constraints that the reader took away.

    Returns:
        The filter, the constraints that are in force, and a note for each.
    """
    constraints: list[Constraint] = []
    notes: list[str] = []
    kept = [
        (name, words, note)
        for name, words, note in zip(outlets.names, outlets.words, outlets.notes, strict=True)
        if _id("outlet", words) not in without
    ]
    limits = chosen
    if kept and not chosen.outlets:
        limits = replace(limits, outlets=tuple(name for name, _, _ in kept))
        constraints += _of_outlets([(name, words) for name, words, _ in kept])
        notes += [note for _, _, note in kept]
    is_dated = bool(dates.first or dates.last) and _id("published", dates.words) not in without
    if is_dated and not (chosen.published_from or chosen.published_to):
        limits = replace(limits, published_from=dates.first, published_to=dates.last)
        identity = _id("published", dates.words)
        constraints.append(Constraint(identity, "published", dates.words, _days(dates)))
        notes += dates.notes
    return limits, tuple(constraints), tuple(notes)


def _of_outlets(named: Sequence[tuple[str, str]]) -> list[Constraint]:
    """Return one constraint for each words; the same words may mean several outlets."""
    meant: dict[str, list[str]] = {}
    for name, words in named:
        meant.setdefault(words, []).append(name)
    return [
        Constraint(_id("outlet", words), "outlet", words, f"articles of {' or '.join(names)}")
        for words, names in meant.items()
    ]


def _days(dates: Period) -> str:
    if dates.first == dates.last:
        return f"published {dates.first}, or undated"
    ends = [f"from {dates.first}" if dates.first else "", f"to {dates.last}" if dates.last else ""]
    return f"published {' '.join(end for end in ends if end)}, or undated"


def _id(kind: str, words: str) -> str:
    return f"{kind}:{' '.join(words.casefold().split())}"
