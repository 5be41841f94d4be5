"""Outlets named in a question: "the Times", "Carnegie’s commentary", "in the Post’s articles". Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.patterns import regex

_ARTICLE_WORD = regex(
    r"(?:['’]s?)?\s+(?:[\w.-]+\s+){0,3}?(?:articles?|commentar(?:y|ies)|reports?|stor(?:y|ies)|pieces?|columns?"
    r"|coverage|dispatch|analysis|op-?ed|readers)\b",
    re.I,
)
_BEFORE = regex(r"(?:according to|reported by|published by|published in|writing in) (?:the )?$", re.I)
_IN = regex(r"\b(?:in|by) (?:the )?$", re.I)
_END = regex(r"\s*(?:[?.!,]|$)")
_SHORT = regex(r"[A-Za-z]{3,5}")
_REPORTED = regex(r"\s+(?:report(?:ed|s)?|wrote|writes|publish(?:ed)?|r[au]n|carry|cover)\b", re.I)


@dataclass(frozen=True, slots=True)
class OutletsRead:
    """The library's outlets a question limits itself to, a note for each, and the question without them.

    `words` are those of the question that name each outlet, in the order of `names`.
    """

    names: tuple[str, ...]
    notes: tuple[str, ...]
    rest: str
    words: tuple[str, ...] = ()


def read_outlets(text: str, outlets: Sequence[str]) -> OutletsRead:
    """Find the outlets that a question limits itself to.

    A name counts only where the words around it speak of an outlet ("the Times article", "Reuters
    reported", "according to the Post"), for many outlets bear the names of people and places. Where two
    outlets could be meant by the same words, the one named more fully is.
    """
    found = [(mention, outlet) for outlet in outlets if (mention := _mention(text, outlet))]
    fullest = max((mention.end() - mention.start() for mention, _ in found), default=0)
    kept = [
        (mention, outlet)
        for mention, outlet in found
        if mention.end() - mention.start() == fullest
        or not any(_overlap(mention, other) for other, _ in found if other is not mention)
    ]
    rest = text
    for mention, _ in sorted(kept, key=lambda pair: -pair[0].start()):
        possessive = re.match(r"['’]s?(?=\s)", rest[mention.end() :])
        end = mention.end() + (possessive.end() if possessive else 0)
        rest = f"{rest[: mention.start()]}{rest[end:]}"
    return OutletsRead(
        names=tuple(outlet for _, outlet in kept),
        notes=tuple(f"“{mention.group()}” read as the outlet {outlet}" for mention, outlet in kept),
        rest=" ".join(rest.split()),
        words=tuple(mention.group() for mention, _ in kept),
    )


def _overlap(one: re.Match[str], other: re.Match[str]) -> bool:
    return one.start() < other.end() and other.start() < one.end()


def _mention(text: str, outlet: str) -> re.Match[str] | None:
    tokens = [token for token in re.findall(r"[\w&.]+", outlet) if token.lower() not in ("the", "com", "www")]
    initials = _initials(tokens)
    for pattern in [*initials, *(f"(?i:{way})" for way in _patterns(tokens))]:
        for found in re.finditer(pattern, text):
            before, after = text[: found.start()], text[found.end() :]
            if _ARTICLE_WORD.match(after) or _REPORTED.match(after) or _BEFORE.search(before):
                return found
            # "... in the Harbour Courier?": only a full name, or it might be a place.
            full = len(tokens) > 1 and pattern == f"(?i:{_patterns(tokens)[0]})"
            if (full or pattern in initials) and _IN.search(before) and _END.match(after):
                return found
    return None


def _initials(tokens: Sequence[str]) -> list[str]:
    """Return a pattern for the words that an outlet's name abbreviates: "New York Times" for "nyt"."""
    if len(tokens) != 1 or not _SHORT.fullmatch(tokens[0]):
        return []
    return [r"\b" + r"\s+".join(rf"{letter.upper()}[a-z]+" for letter in tokens[0]) + r"\b"]


def _patterns(tokens: Sequence[str]) -> list[str]:
    """Return regular expressions for the ways to write an outlet, fullest first.

    "The New York Times" may be written "New York Times" or "Times"; "Carnegie Politika" also "Carnegie";
    a shortened token stands for the longer word that begins with it ("wash-post" for "Washington Post").
    """
    if not tokens:
        return []
    full = r"[\s-]+".join(
        rf"{re.escape(token)}\w*" if len(token) >= 4 else re.escape(token) for token in tokens
    )
    ways = [rf"\b{full}\b"]
    if len(tokens) > 1:
        ways += [rf"\b{re.escape(token)}\b" for token in (tokens[-1], tokens[0]) if len(token) > 3]
    return ways
