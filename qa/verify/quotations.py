"""The quotations in a sentence, and whether an article holds them word for word. Pure."""

import re
from dataclasses import dataclass

from index.patterns import regex

_SINGLE = regex(r"(?<![\w])[‘'](?P<words>[^‘’'\n]*(?:(?<=\w)[’'](?=\w)[^‘’'\n]*)*)[’'](?!\w)")
_DOUBLE = regex(
    r"“(?P<curly>[^“”\n\"]+)[”\"]|\"(?P<straight>[^\"“”\n]+)[\"”]|«(?P<angled>[^«»\n]+)»|``(?P<typed>[^`\n]+?)''"
)
_BRACKETED = regex(r"\[[^\]]{0,60}\]")
_ELLIPSIS = regex(r"\s*(?:…|\.\s?\.\s?\.(?:\s?\.)?)\s*")
_FOLDED = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "«": '"',
        "»": '"',
        "–": "-",
        "—": "-",
        "‐": "-",
        "‑": "-",
        " ": " ",
    }
)
_LEAST_SINGLE = 2
"""Words that single marks must hold to be a quotation and no emphasis or a stray apostrophe."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words between quotation marks; `start` and `end` are their place without the marks."""

    start: int
    end: int
    words: str


def quotations(text: str) -> list[Quotation]:
    """Return the quotations of a text, in order.

    Example:
        >>> [one.words for one in quotations("He called it “a start” and 'a good one'.")]
        ['a start', 'a good one']
    """
    found = []
    for match in _DOUBLE.finditer(text):
        group = next(name for name, words in match.groupdict().items() if words)
        found.append(Quotation(match.start(group), match.end(group), match[group]))
    for match in _SINGLE.finditer(text):
        inside = any(one.start <= match.start() < one.end for one in found)
        if not inside and len(match["words"].split()) >= _LEAST_SINGLE:
            found.append(Quotation(match.start("words"), match.end("words"), match["words"]))
    return sorted(found, key=lambda one: one.start)


def folded(text: str) -> str:
    """Return a text as quotations are compared: straight marks, plain dashes, single spaces."""
    plain = text.translate(_FOLDED).replace("``", '"').replace("''", '"')
    return re.sub(r"\s*-\s*", "-", " ".join(plain.split()))


def holds_quotation(text: str, words: str) -> bool:
    """Whether an article holds quoted words, whatever the marks and dashes.

    What an editor may change is allowed: the first letter's case, words in brackets for others, an ellipsis
    for words left out, the stop at the end.
    """
    return find_in(folded(text), words)


def find_in(folded_text: str, words: str) -> bool:
    """Do the same in a text that is folded already."""
    pieces = [piece for part in _BRACKETED.split(words) for piece in _ELLIPSIS.split(part)]
    at = 0
    for number, piece in enumerate(pieces):
        wanted = _trimmed(folded(piece))
        if not any(map(str.isalnum, wanted)):
            continue
        place = _place(folded_text, wanted, at, opening=number == 0)
        if place < 0:
            return False
        at = place + len(wanted)
    return True


def _trimmed(piece: str) -> str:
    return piece.strip(" \"'").rstrip(".,;:!? \"'")


def _place(text: str, wanted: str, at: int, *, opening: bool) -> int:
    """Return where whole words stand at or after `at`, -1 where they don't."""
    first = (
        f"[{re.escape(wanted[0].lower())}{re.escape(wanted[0].upper())}]" if opening else re.escape(wanted[0])
    )
    found = re.compile(rf"(?<!\w){first}{re.escape(wanted[1:])}(?!\w)").search(text, at)
    return found.start() if found else -1
