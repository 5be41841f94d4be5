"""A page as lines, and what kind of line each one is. Pure; every test looks at a bounded part of a line."""

import re
from dataclasses import dataclass
from functools import lru_cache

from index.dates import find_date
from index.patterns import regex

_BULLET = regex(r"^(?:[•·▪◦‣●■►▸»]\s{0,8}|[*+–-]\s{1,8})")
_SENTENCE_END = regex(r"[.!?…。！？][\"”’'»)\]*」』）]{0,3}$")
_TERMINAL = regex(r"[.!?…:;,。！？、：][\"”’'»)\]*」』）]{0,3}$|[\"”]$")
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00a0\u00ad "
_IDEOGRAPH = regex(r"[\u3040-\u30ff\u4e00-\u9fff]")

_NAME_WORD = r"(?:[A-Z][\w’'.-]{0,30}|de|da|del|der|van|von|bin|al|el|la|le|di|du|dos)"
NAME = rf"[A-Z][\w’'.-]{{0,30}}(?:\s{_NAME_WORD}){{0,4}}\s[A-Z][\w’'.-]{{0,30}}"
"""A person's name of two to six words, as it is written in a byline or note."""

_BYLINE = regex(
    r"^(?:(?:story|text|words|analysis|opinion|review|report|reporting|written|guest essay|"
    r"commentary)\s)?by:?\s"
    r"(?P<names>[A-Z\w].{2,200})$",
    re.IGNORECASE,
)
_DATE_WORDS = regex(
    r"\b(?:published|updated|posted|first|last|modified|issued|revised|created|original(?:ly)?|on|at|of|by|"
    r"mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun|(?:mon|tues|wednes|thurs|fri|satur|"
    r"sun)day|date|time|"
    r"et|est|edt|ct|cst|cdt|mt|mst|mdt|pt|pst|pdt|gmt|bst|utc|ist|cet|cest|am|pm|a\.m|p\.m|"
    r"min(?:ute)?s?|read|ago)\b",
    re.IGNORECASE,
)
_ROLE = (
    r"reporter|correspondent|editor|columnist|writer|journalist|bureau chief|fellow|analyst|"
    r"contributor|producer|"
    r"professor|author|scholar|researcher|director|critic|host|anchor|photographer|historian|"
    r"economist|attorney|"
    r"lawyer|former|president|founder|member|veteran|staff|freelance|senior|novelist|lecturer|expert"
)
_ROLE_PREFIX = regex(
    r"^(?:(?:Senior|Staff|Chief|Political)\s)?(?:Reporter|Columnist|Correspondent|Editor|Writer)\s"
)
_NOTE = regex(
    rf"^(?:[^\w]{{0,3}})(?P<name>{NAME})(?:,? (?:who )?)?"
    rf"(?:(?:is|was|are) (?:an? |the )?.{{0,160}}?\b(?:{_ROLE})\b|(?:covers|writes|reports|"
    rf"reported|contributed|"
    r"joined|has been|has covered|has written|teaches|studies|oversees|leads|edits)\b)"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the page that is not empty: `raw[start:end]`, without white space at its ends.

    Attributes:
        label: The text without a leading bullet; `bullet` says whether there was one.
        words: How many words it has, counted up to 60; two ideographs make one word.
        ends_sentence: Whether it ends like a sentence.
        is_open: Whether it ends without punctuation, like a headline, label or menu entry.
    """

    start: int
    end: int
    text: str
    label: str
    bullet: bool
    words: int
    ends_sentence: bool
    is_open: bool

    @property
    def is_prose(self) -> bool:
        """Whether it reads like a paragraph: a dozen words that end a sentence or a quote, or thirty."""
        return self.words >= 30 or (self.words >= 12 and not self.is_open)


def split_lines(raw: str) -> list[Line]:
    """Split a page into its lines, leaving out the empty ones."""
    lines = []
    position = 0
    for row in raw.split("\n"):
        text = row.strip()
        if text:
            lines.append(_line(text, position + row.index(text)))
        position += len(row) + 1
    return lines


def _line(text: str, start: int) -> Line:
    bullet = _BULLET.match(text)
    label = (text[bullet.end() :].strip() if bullet else text) or text
    sample, ending = label[:1000], text[-12:].rstrip(_INVISIBLE)[-6:]
    words = len(sample.split())
    if not sample.isascii():
        words = max(words, len(_IDEOGRAPH.findall(sample)) // 2)
    return Line(
        start=start,
        end=start + len(text),
        text=text,
        label=label,
        bullet=bullet is not None,
        words=min(60, words),
        ends_sentence=_SENTENCE_END.search(ending) is not None,
        is_open=_TERMINAL.search(ending) is None,
    )


def fold(text: str) -> str:
    """Return the words of `text` in small letters and nothing else, to compare lines by."""
    return " ".join(re.findall(r"\w+", text.casefold()))


@lru_cache(maxsize=4096)
def is_date_line(text: str) -> bool:
    """Whether a line is made of a date and what stands around dates ("Updated", a clock time, a zone)."""
    if not 6 <= len(text) <= 140 or not any(character.isdigit() for character in text):
        return False
    found = find_date(text)
    if found is None:
        return False
    rest = text
    while found:
        rest = rest[: found.start] + " " + rest[found.end :]
        found = find_date(rest)
    words = re.findall(r"[A-Za-z]{2,}", _DATE_WORDS.sub(" ", rest))
    return len(words) <= 2


@lru_cache(maxsize=4096)
def byline_names(text: str) -> str | None:
    """Return what stands after "By" in a byline; None where the line is no byline.

    Example:
        >>> byline_names("By Temur Umarov")
        'Temur Umarov'
    """
    if not 5 <= len(text) <= 220:
        return None
    match = _BYLINE.match(text)
    if not match or match["names"].endswith((".", "?", "!", ":", ";")):
        return None
    words = [word for word in match["names"].split() if word[0].isalpha()]
    capital = sum(1 for word in words if word[0].isupper())
    return match["names"].strip() if capital * 2 > len(words) and 1 < len(words) <= 24 else None


def is_name(text: str) -> bool:
    """Whether a line is a person's name and nothing else."""
    return len(text) <= 60 and re.fullmatch(NAME, text) is not None and not text.isupper()


def is_name_list(text: str) -> bool:
    """Whether a line is made of names: "Jane Doe, Sam Roe and Kim Lee"."""
    if len(text) > 160:
        return False
    parts = re.split(r", and | and |, ", text)
    return len(parts) > 1 and all(is_name(part.strip()) for part in parts)


def note_author(text: str) -> str | None:
    """Return the author whom a note at the end of an article introduces ("Ana Swanson covers trade ...")."""
    match = _NOTE.match(text[:400])
    return _ROLE_PREFIX.sub("", match["name"]) if match and len(text) <= 900 else None
