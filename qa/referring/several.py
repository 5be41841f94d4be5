"""What "the two countries", "both leaders", "they" and "the rest" mean. Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.patterns import regex
from index.schema import Mention, MentionKind
from index.statements.names import body_key
from qa.referring.bodies import countries_of, is_country
from qa.referring.setting import Setting

_NEAR = 2
"""Sentences before in which two must be named together."""
_MOST = 4
"""People who may be named there; among more of them a pair is not sure."""
_JOINED = regex(r"(?:’s|'s)?\s(?:and|&)\s(?:the\s)?", re.I)

_TWO = regex(
    r"\b(?:[Tt]he two|[Bb]oth)\s(?P<noun>countries|nations|governments|leaders|men|women|presidents"
    r"|candidates|rivals|politicians|players|actors|singers|stars)\b(?!\s(?:of|in|that|who|from|with|for)\b|\s[A-Z])"
    r"|\b(?P<pair>[Tt]he (?:pair|duo|couple))\b(?!\s(?:of|that|who|from)\b)"
)
_COUNTRIES = frozenset(("countries", "nations", "governments"))
_REST = regex(r"\bfor (?:the )?rest\b|\bthe rest\b(?! of\b)", re.I)
_REGIONS = frozenset(
    (
        "central asia|southeast asia|south asia|east asia|asia|europe|eastern europe|western europe|africa"
        "|west africa|east africa|north africa|latin america|south america|central america|caribbean"
        "|middle east|european union|eu|baltics|balkans|scandinavia|g7|g20|asean|brics|nato"
    ).split("|")
)
_THEY = regex(r"\W*(?:(?:Together|Later|Then|But|And|Now|Still|Instead),?\s)?(?P<they>they)\b", re.I)


def several_meant(setting: Setting, start: int, end: int) -> Iterator[tuple[int, int, tuple[Mention, ...]]]:
    """Yield places of a range such as "the two countries", each with where those it means are named."""
    for found in _TWO.finditer(setting.text, start, end):
        if setting.is_quoted(found.start()):
            continue
        noun = (found.group("noun") or "").lower()
        meant = (
            _countries(setting, found.start())
            if noun in _COUNTRIES
            else _people(setting, found.start(), noun)
        )
        if meant:
            yield found.start(), found.end(), meant


def _countries(setting: Setting, at: int) -> tuple[Mention, ...]:
    """Return the two countries that are named together before a place: "Kenya and Peru"."""
    return _pair(setting, [one for one in _near(setting, at, MentionKind.PLACE) if is_country(one)])


def _people(setting: Setting, at: int, noun: str) -> tuple[Mention, ...]:
    people = _near(setting, at, MentionKind.PERSON)
    wanted = {"men": "m", "women": "f"}.get(noun)
    found = _pair(setting, people)
    genders = {setting.cast.genders.get(one.name, wanted) for one in found}
    if len({one.name for one in people}) > _MOST or (wanted and genders != {wanted}):
        return ()
    return found


def _near(setting: Setting, at: int, kind: MentionKind) -> list[Mention]:
    first = setting.sentences[max(setting.number_at(at) - _NEAR, 0)].start
    return setting.named(first, at, kind)


def _pair(setting: Setting, named: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the two that are named together, where no others are: "A and B", and no C beside them."""
    joined = [
        (one, other)
        for one, other in pairwise(named)
        if _JOINED.fullmatch(setting.text, one.end, other.start)
    ]
    if len({frozenset((one.name, other.name)) for one, other in joined}) != 1:
        return ()
    one, other = joined[-1]
    listed = re.search(r",\s(?:and\s)?$", setting.text[max(one.start - 6, 0) : one.start])
    inside = [third for third in named if third.end == one.start - len(", ")]
    return () if one.name == other.name or (listed and inside) else (one, other)


def they_meant(setting: Setting, number: int) -> tuple[int, int, tuple[Mention, ...]] | None:
    """Return the place of "they" where a sentence begins with it, and whom the one before names together."""
    sentence = setting.sentences[number]
    found = _THEY.match(setting.text, sentence.start, sentence.end)
    if not found or number == 0 or setting.is_quoted(found.start("they")):
        return None
    before = setting.sentences[number - 1]
    kinds = (MentionKind.PERSON, MentionKind.ORGANISATION, MentionKind.PLACE)
    named = [one for one in setting.named(before.start, before.end, *kinds) if _may_act(one)]
    if len({one.name for one in named}) != 2 or setting.several_people(before.start, before.end):
        return None
    one, other = named[:2]
    joined = re.fullmatch(r"(?:\s\([^)]*\))?,?\sand\s(?:the\s)?", setting.text[one.end : other.start])
    opening = len(setting.text[before.start : one.start].split()) <= 3
    if not joined or not opening or one.kind is not other.kind:
        return None
    return found.start("they"), found.end("they"), (one, other)


def _may_act(one: Mention) -> bool:
    return one.kind is not MentionKind.PLACE or is_country(one)


def rest_meant(setting: Setting, start: int, end: int) -> tuple[int, int, Mention, Mention] | None:
    """Return the place of "the rest" beside one country, that country, and the region that both are of.

    Example: "25 percent for Kazakhstan, 10 percent for the rest could alienate Central Asia" -> Central Asia.
    """
    found = _REST.search(setting.text, start, end)
    if not found or setting.is_quoted(found.start()):
        return None
    number = setting.number_at(found.start())
    own = setting.sentences[number]
    countries = countries_of(setting.named(own.start, found.start(), MentionKind.PLACE))
    first = setting.sentences[max(number - 1, 0)].start
    places = (MentionKind.PLACE, MentionKind.ORGANISATION)
    regions = [one for one in setting.named(first, own.end, *places) if _is_region(one)]
    if not countries or len({body_key(one.name) for one in regions}) != 1:
        return None
    at = found.start() + found.group().lower().index("the rest")
    beside = max(countries.values(), key=lambda one: one.start)
    between = setting.text[beside.end : at]
    return (at, found.end(), beside, regions[-1]) if len(between) < 60 and "." not in between else None


def _is_region(one: Mention) -> bool:
    return one.name.lower().removeprefix("the ") in _REGIONS
