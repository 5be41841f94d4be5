"""Names as questions write them. Pure."""

import re
from dataclasses import dataclass

from index.patterns import regex
from qa.wording import STOP_WORDS

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TITLES = r"(?:Mr|Mrs|Ms|Dr|Sen|Gov|Rep|Gen|Prof|St|Jr|Sr|U\.S|U\.N|U\.K)\."
_PART = rf"(?:{_TITLES}|[A-Z]\.(?:[A-Z]\.)*|[A-Z][\w’'+&-]*|[0-9]+[A-Z][\w-]*)"
NAME = regex(rf"{_PART}(?:\s+(?:(?:of|de|von|van|der|al|bin|del|la)\s+){{0,2}}{_PART})*")
_POSSESSIVE = regex(r"['’]s?(?=\s|$)")
_OPENERS = STOP_WORDS | frozenset(
    "along besides list find show has amid thanks summarise summarize describe explain compare".split()
)


@dataclass(frozen=True, slots=True)
class Party:
    """A person or body at the start of a clause, and the rest of the clause."""

    name: str
    rest: str


def names_in(text: str) -> tuple[str, ...]:
    """Return the names in a question as written, without possessives, months, days and opening words.

    Example: "Who praised Mr. Trump’s deal in September?" -> ("Mr. Trump",).
    """
    names: list[str] = []
    for found in NAME.finditer(text):
        for part in _POSSESSIVE.split(found.group()):
            tokens = part.split()
            if _opens(text[: found.start()]) and tokens and _is_opener(tokens[0]):
                tokens = tokens[1:]
            while tokens and tokens[0] in MONTHS + _DAYS:
                tokens = tokens[1:]
            if tokens and tokens != ["I"]:
                names.append(" ".join(tokens))
    return tuple(dict.fromkeys(names))


def _opens(before: str) -> bool:
    """Whether a sentence begins after these words."""
    return not before.strip(" “\"‘'(") or before.rstrip(" “\"‘'(").endswith((".", "?", "!"))


def _is_opener(word: str) -> bool:
    """Whether a word with a capital only opens its sentence; "US" and "WHO" are names."""
    return word.lower() in _OPENERS and not (len(word) > 1 and word.isupper())


def split_party(text: str) -> Party | None:
    """Split off the person or body that a clause begins with.

    A name ends at its possessive ("Obama’s actions on guns" -> "Obama" and "actions on guns"); a party in
    lower case ("the media") ends at the first preposition. None when the clause begins with neither.
    """
    trimmed = re.sub(
        r"^(?:the |a |an |all |other )*(?:(?:lawyer|president|senator) (?=[A-Z]))?", "", text.strip()
    )
    found = NAME.match(trimmed)
    if found and found.group().split()[0] not in MONTHS:
        possessive = _POSSESSIVE.search(found.group())
        end = possessive.start() if possessive else found.end()
        rest = trimmed[possessive.end() :] if possessive else trimmed[end:]
        return Party(trimmed[:end].rstrip(","), rest.strip())
    apposition = re.match(rf"(?:his|her|its|their|the)?\s*[a-z][\w’' -]{{0,40}},\s+(?={_PART})", trimmed)
    if apposition:  # "her boss, Davor Ketling"
        return split_party(trimmed[apposition.end() :])
    party = re.match(
        r"([a-z][\w’'-]*(?:\s[a-z][\w’'-]*){0,3}?)(?=\s(?:over|for|in|on|at|about|during|after|when|by|to|of|and)\b|\s*[?,.]|\s*$)",
        trimmed,
    )
    if party:
        return Party(party.group(1).strip(), trimmed[party.end() :].strip())
    # "the way Brandt dealt with it" is about Brandt
    inside = next((one for one in NAME.finditer(trimmed) if one.group().split()[0] not in MONTHS), None)
    return split_party(trimmed[inside.start() :]) if inside and inside.start() else None
