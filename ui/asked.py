"""What a reader asks of the ledger: read from the address or the form of the page, and written back. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlencode

from index.errors import InputError
from index.schema import Filter, Stance

PATH = "/statements"

FIELDS = ("speaker", "target", "stance", "outlet", "author", "from", "until", "also")
"""What the address may hold."""

MAX_NAME = 200
MAX_NAMES = 50

STANCES = {
    "": "Praise and criticism",
    Stance.PRAISE.value: "Praise",
    Stance.CRITICISE.value: "Criticism",
    Stance.NEUTRAL.value: "Neither",
    "any": "All statements",
}
"""What can be asked for, in the words of the page; "" is both judgements."""

APART = {
    "unclear": ("Unclear statements", "unclear"),
    "self": ("Statements about the speakers themselves", "about the speakers themselves"),
    "author": ("The articles’ own voice", "in the articles’ own voice"),
    "unnamed": ("Unnamed speakers", "by unnamed speakers"),
}
"""The statements that are kept apart and shown only when asked for: in the form, and behind a count."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The statements a reader wants to see.

    Attributes:
        speaker, target: Names as typed, empty for anybody.
        stance: A key of `STANCES`.
        filter: Outlets, authors and days.
        also: Keys of `APART` that are to be shown too.
    """

    speaker: str = ""
    target: str = ""
    stance: str = ""
    filter: Filter = field(default_factory=Filter)
    also: frozenset[str] = frozenset()

    def wants(self, stance: Stance) -> bool:
        """Say whether statements of this stance are wanted."""
        if self.stance == "any":
            return True
        return self.stance == stance.value if self.stance else stance is not Stance.NEUTRAL


def read_asked(fields: Mapping[str, Sequence[str]]) -> Asked:
    """Return what an address or the form asks for; every field may be given any number of times.

    Raises:
        InputError: A value is unknown, too long, no date, or the dates are swapped.
    """
    stance = _one(fields, "stance")
    if stance not in STANCES:
        known = ", ".join(name for name in STANCES if name)
        raise InputError(f"The stance “{stance[:40]}” is not known.", f"Known are {known}.")
    also = frozenset(_several(fields, "also"))
    if not also <= APART.keys():
        raise InputError("What to show apart is not known.", f"Known are {', '.join(APART)}.")
    first, last = _day(fields, "from"), _day(fields, "until")
    if first and last and first > last:
        raise InputError(f"No date lies from {first} until {last}.", "Swap the two dates.")
    limits = Filter(_several(fields, "outlet"), _several(fields, "author"), first, last)
    return Asked(_one(fields, "speaker"), _one(fields, "target"), stance, limits, also)


def _several(fields: Mapping[str, Sequence[str]], name: str) -> tuple[str, ...]:
    values = fields.get(name) or ()
    if len(values) > MAX_NAMES:
        raise InputError(f"{len(values)} values of “{name}” are more than {MAX_NAMES}.", "Choose fewer.")
    folded = (" ".join(str(value).split()) for value in values)
    kept = tuple(dict.fromkeys(value for value in folded if value))
    if any(len(value) > MAX_NAME for value in kept):
        raise InputError(f"A value of “{name}” has more than {MAX_NAME} characters.", "Shorten it.")
    return kept


def _one(fields: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(_several(fields, name)), "")


def _day(fields: Mapping[str, Sequence[str]], name: str) -> str | None:
    text = _one(fields, name)
    try:
        return read_date(text)
    except ValueError:
        raise InputError(
            f"The date “{text}” in “published {name}” cannot be read.", "Write it as 2025-11-07."
        ) from None


def read_date(text: str | None) -> str | None:
    """Return a date typed as YYYY-MM-DD, None when empty.

    Raises:
        ValueError: The text is no such date.
    """
    typed = (text or "").strip()
    return date.fromisoformat(typed).isoformat() if typed else None


def fields_of(asked: Asked) -> dict[str, list[str]]:
    """Return what `read_asked` reads; empty fields are left out."""
    limits = asked.filter
    fields = {
        "speaker": [asked.speaker],
        "target": [asked.target],
        "stance": [asked.stance],
        "outlet": list(limits.outlets),
        "author": list(limits.authors),
        "from": [limits.published_from or ""],
        "until": [limits.published_to or ""],
        "also": sorted(asked.also),
    }
    return {name: kept for name, values in fields.items() if (kept := [value for value in values if value])}


def query_of(asked: Asked) -> str:
    """Return the part of the address that asks for the same again: "?speaker=...&target=..."."""
    return "?" + urlencode(fields_of(asked), doseq=True)


def address_of(asked: Asked) -> str:
    """Return the address of the page that shows these statements."""
    return PATH + query_of(asked).removesuffix("?")


def narrowed(asked: Asked, speaker: str | None, target: str | None) -> Asked:
    """Return the same for one speaker or target; None leaves a side as it is."""
    return replace(
        asked,
        speaker=asked.speaker if speaker is None else speaker,
        target=asked.target if target is None else target,
    )
