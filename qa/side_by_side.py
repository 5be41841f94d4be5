"""Figures and days that several texts share, and those on which they differ. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.amounts import Amount, amounts_in, same_amount
from qa.evidence import stems_of
from qa.occasions import occasions_in
from qa.wording import STOP_WORDS, stem

SAID = 3
"""At most so many agreements and differences are told."""
_CONTEXT, _CONTEXT_SHARE = 3, 0.25
"""Words, beside the unit, that two sentences must share for their figures to be of one thing, and their share
of the shorter one's words."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What texts share and where they differ, in words: "27 percent (Vael) and 21 percent (Ashlode)"."""

    shared: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Figure:
    side: str
    amount: Amount
    words: str
    context: frozenset[str]


def compare_texts(
    sides: Sequence[tuple[str, Sequence[str]]], published: str | None = None, unit: str = ""
) -> Compared:
    """Compare the figures and days of each side's sentences.

    Figures are of one thing when they have the same unit and their sentences share further words. A
    figure that the other side gives too differs from nothing.

    Args:
        sides: Each source's name and sentences.
        published: The day (ISO) by which days without a year are read.
        unit: The unit of the figure that is asked for: then each side's first figure of it is compared,
            whatever the words beside it.
    """
    if len(sides) < 2:
        return Compared()
    figures = [figure for name, texts in sides for text in texts for figure in _figures(name, text)]
    if unit:
        figures = _firsts([figure for figure in figures if figure.amount.unit == unit])
    shared: dict[str, None] = {}
    differing: dict[str, None] = {}
    for position, one in enumerate(figures):
        for other in figures[position + 1 :]:
            if (
                one.side == other.side
                or one.amount.unit != other.amount.unit
                or not (unit or _one_thing(one, other))
            ):
                continue
            if same_amount(one.amount, other.amount):
                shared.setdefault(one.words)
            elif not _given_by_both(one, other, figures):
                differing.setdefault(f"{one.words} ({one.side}) and {other.words} ({other.side})")
    shared |= dict.fromkeys(_shared_days(sides, published))
    return Compared(tuple(shared)[:SAID], tuple(differing)[:SAID])


def _firsts(figures: Sequence[_Figure]) -> list[_Figure]:
    firsts: dict[str, _Figure] = {}
    for figure in figures:
        firsts.setdefault(figure.side, figure)
    return list(firsts.values())


def _figures(side: str, text: str) -> list[_Figure]:
    stems = stems_of(text) - {stem(word) for word in STOP_WORDS}
    found = []
    for amount in amounts_in(text):
        if amount.unit:
            context = frozenset(one for one in stems if not any(sign.isdigit() for sign in one)) - {
                amount.unit
            }
            found.append(_Figure(side, amount, _words(text, amount), context))
    return found


def _words(text: str, amount: Amount) -> str:
    """Return a figure with the noun it counts, as written."""
    rest = text[amount.end :]
    if amount.unit == "%" or not rest.startswith(" ") or amount.unit in ("dollar", "euro", "pound"):
        return text[amount.start : amount.end]
    taken: list[str] = []
    for word in rest.split()[:4]:
        taken.append(word.strip('.,;:”"’)'))
        if stem(taken[-1]) == amount.unit:
            return f"{text[amount.start : amount.end]} {' '.join(taken)}"
    return text[amount.start : amount.end]


def _one_thing(one: _Figure, other: _Figure) -> bool:
    both = len(one.context & other.context)
    return both >= _CONTEXT and both >= _CONTEXT_SHARE * min(len(one.context), len(other.context))


def _given_by_both(one: _Figure, other: _Figure, figures: Sequence[_Figure]) -> bool:
    """Whether either figure is also given by the other's side."""
    return any(
        (third.side == other.side and same_amount(third.amount, one.amount))
        or (third.side == one.side and same_amount(third.amount, other.amount))
        for third in figures
        if third.amount.unit == one.amount.unit
    )


def _shared_days(sides: Sequence[tuple[str, Sequence[str]]], published: str | None) -> list[str]:
    """Return the days that every side names, as the first writes them."""
    named = []
    for _, texts in sides:
        days: dict[str, str] = {}
        for text in texts:
            for one in occasions_in(text, published):
                if one.is_day:
                    days.setdefault(one.first.isoformat(), text[one.start : one.end])
        named.append(days)
    return [words for day, words in named[0].items() if all(day in days for days in named[1:])]
