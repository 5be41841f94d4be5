"""What a model wrote, read sentence by sentence while it writes: words, citations, and what is cut. Pure."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index.patterns import regex
from index.sentences import split_sentences
from qa.writers.disguises import visible
from qa.writers.prompt import NOT_SAID

_ENOUGH = 12
"""Characters of the next sentence after which a sentence is taken to have ended, its keys with it."""
_KEPT_WORDS = 3
"""A bracket with more words than this beside its key loses the key alone."""
UNREADABLE = "[…]"
"""Stands among the cut citations for one that is no number and no key at all."""

_THOUGHT = regex(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", re.S | re.I)
_UNSEEN = regex(r"<(script|style|svg|iframe|object)\b.*?(?:</\1\s*>|\Z)", re.S | re.I)
_IMAGE = regex(r"!\[[^\]\n]*\]\s*(?:\([^)\n]*\)?|\[[^\]\n]*\])")
_LINK_TARGET = regex(r"(?<=\])\s*\([^)\n]*[/:.@][^)\n]*\)?|(?<=\])\[[^\]\n]*[/:.][^\]\n]*\]")
_ADDRESS = regex(
    r"<?\b(?:[a-z][a-z0-9+.-]{1,12}://|www\.|mailto:|javascript:|data:\w+/)[^\s>\])]*>?"
    r"|\b[\w-]+(?:\.[\w-]+)+/[^\s\])]*",
    re.I,
)
_TAG = regex(r"</?[a-zA-Z!|][^<>\n]{0,300}(?:>|\Z)")
_MARKUP = regex(
    r"^[ \t]*={3,}[^\n]*$|^[ \t]*(?:#{1,6}|>+|[-*+•]|\d{1,2}[.)])[ \t]+|"
    r"^[ \t]*[-=_*]{3,}[ \t]*$|\*{1,3}|_{2,3}|`{1,3}",
    re.M,
)
_GROUP = regex(r"[\[【〔［]([^\[\]【】〔〕［］\n]{0,160})[\]】〕］]")
_UNFINISHED = regex(r"(?:!?[\[【〔［][^\]】〕］\n]{0,160}|\]\s*\([^)\n]{0,300}|<[^>\n]{0,300}|!)\Z")
_NUMBERED = regex(
    r"(?:(?:source|passage|article|document|doc|ref|reference|citation|key|id|note|page|p)s?\.?\s*[#:№]?\s*)?"
    r"\^?\d{1,3}(?:[-–]\d{1,3})?(?:†[^\s]*)?|(?:source|passage|article|citation|key|ref(?:erence)?)s?",
    re.I,
)
_KEY_FORM = regex(r"[a-z]\d[a-z]\d", re.I)
_CODE = regex(r"(?=\S*\d)[\w:#†-]{1,12}")


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence as the model wrote it: its words, and the keys of passages that it names."""

    text: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Stripped:
    """A text with blanks, place by place, for all that is no word of a sentence.

    `named` and `cut` hold keys and cut citations with the place where each stood.
    """

    bare: str
    named: list[tuple[int, str]]
    cut: list[tuple[int, str]]


class Reading:
    """Reads a model's text as it arrives.

    Args:
        keys: The keys that were given to it.

    Attributes:
        cut: Citations that it invented, as it wrote them, without repeats; links and images by their kind.
        refused: Whether it wrote that the passages do not say.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = tuple(keys)
        self._text = ""
        self._read = 0
        self.cut: list[str] = []
        self.refused = False

    @property
    def characters(self) -> int:
        """Return how much has arrived."""
        return len(self._text)

    def add(self, piece: str) -> Iterator[Heard]:
        """Take a piece of text; yield the sentences that are complete with it."""
        self._text += visible(piece)
        yield from self._sentences(final=False)

    def end(self) -> Iterator[Heard]:
        """Yield what is left when nothing more comes."""
        yield from self._sentences(final=True)

    def _sentences(self, *, final: bool) -> Iterator[Heard]:
        rest = self._text[self._read :]
        stripped = _strip(rest if final else _UNFINISHED.sub("", rest), self._keys)
        spans = _spans(stripped.bare)
        done = len(spans) if final else _finished(spans)
        if not done and not final:
            return
        until = spans[done][0] if done < len(spans) else len(rest)
        self.cut += dict.fromkeys(one for at, one in stripped.cut if at < until and one not in self.cut)
        self._read += until
        edges = [0, *(start for start, _ in spans[1:done]), until]
        for (start, end), first, last in zip(spans[:done], edges, edges[1:], strict=False):
            keys = tuple(dict.fromkeys(key for at, key in stripped.named if first <= at < last))
            text = _tidied(stripped.bare[start:end])
            if NOT_SAID in text.upper() and len(text) < 3 * len(NOT_SAID):
                self.refused = True
            elif any(map(str.isalnum, text)):
                yield Heard(text, keys)


def _spans(bare: str) -> list[tuple[int, int]]:
    """Return the places of the sentences; none crosses a line."""
    found = []
    for line in re.finditer(r"[^\n]+", bare):
        found += [(line.start() + one.start, line.start() + one.end) for one in split_sentences(line.group())]
    return found


def _finished(spans: Sequence[tuple[int, int]]) -> int:
    """Return how many sentences are complete: those before one that is long enough to stand itself."""
    long_enough = len(spans) > 1 and spans[-1][1] - spans[-1][0] >= _ENOUGH
    return len(spans) - 1 if long_enough else max(len(spans) - 2, 0)


def _tidied(text: str) -> str:
    """Close the gaps that blanks have left, and begin with a capital."""
    closed = re.sub(r"\s+([.,;:!?”’)])", r"\1", " ".join(text.split()))
    closed = re.sub(r"\(\s*\)|\[\s*\]", "", re.sub(r"([.,;:!?])(?:[,;]|\.(?!\.))+", r"\1", closed)).strip(
        " ,;:|-–"
    )
    return closed[:1].upper() + closed[1:]


def _strip(text: str, keys: Sequence[str]) -> _Stripped:
    """Blank out thoughts, markup, links, tags and citations, so that every word keeps its place."""
    cut: list[tuple[int, str]] = []
    named: list[tuple[int, str]] = []
    for pattern, kind in (
        (_THOUGHT, ""),
        (_UNSEEN, "HTML"),
        (_IMAGE, "an image"),
        (_LINK_TARGET, "a link"),
        (_ADDRESS, "a link"),
        (_TAG, "HTML"),
        (_MARKUP, ""),
    ):
        text = pattern.sub(_blanking(kind, cut), text)
    if keys:
        text = _lead_ins(keys).sub(lambda found: _named(found, keys, named), text)
    text = _GROUP.sub(lambda found: _citation(found, keys, named, cut), text)
    if keys:
        anywhere = re.compile(rf"[(]?\b(?:{'|'.join(keys)})\b[)]?", re.I)
        text = anywhere.sub(lambda found: _named(found, keys, named), text)
    return _Stripped(text, sorted(named), sorted(cut))


def _blanking(kind: str, cut: list[tuple[int, str]]) -> Callable[[re.Match[str]], str]:
    def blank(found: re.Match[str]) -> str:
        if kind:
            cut.append((found.start(), kind))
        return " " * len(found.group())

    return blank


def _lead_ins(keys: Sequence[str]) -> re.Pattern[str]:
    """Match words that name a passage as the source: "According to passage [k7q4], ..."."""
    key = rf"[\[(]?(?:{'|'.join(keys)})[\])]?"
    source = r"(?:the\s+)?(?:passage|source|article|text)s?"
    saying = r"(?:says?|states?|reports?|mentions?|notes?)\s+that\b"
    return re.compile(
        rf"\b(?:(?:as \w+ (?:in|by)|according to|in|from|per)\s+(?:{source}\s+)?{key}|{source}\s+{key})\s*"
        rf"(?:,|:|{saying})?|{key}\s*{saying}",
        re.I,
    )


def _named(found: re.Match[str], keys: Sequence[str], named: list[tuple[int, str]]) -> str:
    lowered = found.group().lower()
    named.extend((found.start(), key) for key in keys if key in lowered)
    return " " * len(found.group())


def _citation(
    found: re.Match[str], keys: Sequence[str], named: list[tuple[int, str]], cut: list[tuple[int, str]]
) -> str:
    """Blank out a bracket that cites; one that holds words of the text stays."""
    inside = found[1].strip()
    parts = [part for part in re.split(r"[,;&\s]+|\band\b", inside) if part]
    known = [part.lower() for part in parts if part.lower() in keys]
    others = [part for part in parts if part.lower() not in keys]
    blank = " " * len(found.group())
    if known:
        named.extend((found.start(), key) for key in known)
        cut.extend((found.start(), f"[{part}]") for part in others if _KEY_FORM.fullmatch(part))
        words = [part for part in others if not _KEY_FORM.fullmatch(part)]
        return blank if len(words) <= _KEPT_WORDS else f" {found[1]} "
    if not parts:
        return found.group() if inside else blank
    if _NUMBERED.fullmatch(inside) or all(_NUMBERED.fullmatch(part) for part in parts):
        cut.append((found.start(), f"[{inside}]"))
        return blank
    if all(_KEY_FORM.fullmatch(part) for part in parts):
        cut.extend((found.start(), f"[{part}]") for part in parts)
        return blank
    if all(_CODE.fullmatch(part) for part in parts):
        cut.append((found.start(), UNREADABLE))
        return blank
    return found.group()
