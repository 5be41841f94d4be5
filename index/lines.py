"""A page as lines, and what kind of line each one is. Pure; every test looks at a bounded part of the line."""

import re
from dataclasses import dataclass

from index.dates import find_date

_BULLET = re.compile(r"^(?:[•·▪◦‣●■►▸»]\s{0,8}|[*+–-]\s{1,8})")
_SENTENCE_END = re.compile(r"[.!?…][\"”’'»)\]*]{0,3}$")
_TERMINAL = re.compile(r"[.!?…:;,][\"”’'»)\]*]{0,3}$|[\"”]$")
_WORD = re.compile(r"\S+")

_NAME_WORD = r"(?:[A-Z][\w’'.-]{0,30}|de|da|del|der|van|von|bin|al|el|la|le|di|du|dos)"
NAME = rf"[A-Z][\w’'.-]{{0,30}}(?:\s{_NAME_WORD}){{0,4}}\s[A-Z][\w’'.-]{{0,30}}"
"""A person's name of two to six words, as it is written in a byline or note."""

_BYLINE = re.compile(
    r"^(?:(?:story|text|words|analysis|opinion|review|report|reporting|written|guest essay|commentary)\s)?by:?\s"
    r"(?P<names>[A-Z\w].{2,200})$",
    re.IGNORECASE,
)
_DATE_WORDS = re.compile(
    r"\b(?:published|updated|posted|first|last|modified|issued|revised|created|original(?:ly)?|on|at|of|by|"
    r"mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day|date|time|"
    r"et|est|edt|ct|cst|cdt|mt|mst|mdt|pt|pst|pdt|gmt|bst|utc|ist|cet|cest|am|pm|a\.m|p\.m|min(?:ute)?s?|read|ago)\b",
    re.IGNORECASE,
)
_ROLE = (
    r"reporter|correspondent|editor|columnist|writer|journalist|bureau chief|fellow|analyst|contributor|producer|"
    r"professor|author|scholar|researcher|director|critic|host|anchor|photographer|historian|economist|attorney|"
    r"lawyer|former|president|founder|member|veteran|staff|freelance|senior|novelist|lecturer|expert"
)
_NOTE = re.compile(
    rf"^(?:[^\w]{{0,3}})(?P<name>{NAME})(?:,? (?:who )?)?"
    rf"(?:(?:is|was|are) (?:an? |the )?.{{0,160}}?\b(?:{_ROLE})\b|(?:covers|writes|reports|reported|contributed|"
    r"joined|has been|has covered|has written|teaches|studies|oversees|leads|edits)\b)"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the page that is not empty: `raw[start:end]`, without white space at its ends.

    `label` is the text without a leading bullet; `bullet` says whether there was one.
    """

    start: int
    end: int
    text: str
    label: str
    bullet: bool

    @property
    def words(self) -> int:
        """How many words the line has, counted up to 60."""
        return min(60, len(self.label[:1000].split()))

    @property
    def ends_sentence(self) -> bool:
        """Whether it ends like a sentence."""
        return bool(_SENTENCE_END.search(self.text[-6:]))

    @property
    def is_open(self) -> bool:
        """Whether it ends without punctuation, like a headline, label or menu entry."""
        return not _TERMINAL.search(self.text[-6:])

    @property
    def is_prose(self) -> bool:
        """Whether it reads like a paragraph: a dozen words that end a sentence or a quote, or thirty."""
        words = self.words
        return words >= 30 or (words >= 12 and not self.is_open)


def split_lines(raw: str) -> list[Line]:
    """Split a page into its lines, leaving out the empty ones."""
    lines = []
    position = 0
    for row in raw.split("\n"):
        text = row.strip()
        if text:
            start = position + row.index(text)
            bullet = _BULLET.match(text)
            label = text[bullet.end() :].strip() if bullet else text
            lines.append(Line(start, start + len(text), text, label or text, bool(bullet)))
        position += len(row) + 1
    return lines


def fold(text: str) -> str:
    """Return the words of `text` in small letters and nothing else, to compare lines by."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def is_date_line(text: str) -> bool:
    """Whether a line is made of a date and what stands around dates ("Updated", a clock time, a zone)."""
    if len(text) > 140:
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


def byline_names(text: str) -> str | None:
    """Return what stands after "By" in a byline; None where the line is no byline.

    Example:
        >>> byline_names("By Temur Umarov")
        'Temur Umarov'
    """
    if len(text) > 220:
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


def note_author(text: str) -> str | None:
    """Return the author whom a note at the end of an article introduces ("Ana Swanson covers trade ...")."""
    match = _NOTE.match(text[:400])
    return match["name"] if match and len(text) <= 900 else None
