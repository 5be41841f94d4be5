"""Quoted words: where quotation marks open and close. Odd numbers of marks are normal and never an error."""

from dataclasses import dataclass

from index.patterns import regex

_MARK = regex(r"“|”|\"|``|''|„|«|»")
_OPENING = frozenset(("“", "``", "„", "«"))
_CLOSING = frozenset(("”", "»"))


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of quoted words with its marks; `unclosed` when no mark closes it in its paragraph."""

    start: int
    end: int
    unclosed: bool = False


def find_quotes(text: str, start: int, end: int) -> list[Quote]:
    """Return the quotes of the paragraph `text[start:end]`, in order.

    A straight mark opens where a word begins behind it and closes where one ends before it. A mark that
    closes nothing is passed over; a quote that nothing closes runs to the end of the paragraph, as the
    paragraphs of a long quotation do.
    """
    quotes: list[Quote] = []
    opened: int | None = None
    for match in _MARK.finditer(text, start, end):
        mark = match.group()
        if opened is None:
            if mark not in _CLOSING and _may_open(text, match.end(), end):
                opened = match.start()
        elif mark in _OPENING and not _closes(text, match.start(), match.end(), end):
            # A second opening mark: the first was never closed (a nested quote uses single marks).
            continue
        else:
            quotes.append(Quote(opened, match.end()))
            opened = None
    if opened is not None:
        quotes.append(Quote(opened, end, unclosed=True))
    return quotes


def _closes(text: str, before: int, behind: int, end: int) -> bool:
    """Whether an opening mark is put where only a closing one can stand: behind a word, before a space."""
    return not text[before - 1].isspace() and (behind >= end or text[behind].isspace())


def _may_open(text: str, behind: int, end: int) -> bool:
    return behind < end and not text[behind].isspace()
