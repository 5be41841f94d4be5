"""Hard-wrapped lines joined to paragraphs: plain text files, Markdown and PDF. Pure."""

import re
from collections.abc import Sequence
from itertools import pairwise

SENTENCE_END = re.compile(r"[.!?:…][\"”’')\]]{0,3}$")
_ITEM = re.compile(r"\s{0,12}(?:[•·▪◦‣*–-]\s|\d{1,3}[.)]\s)")
_HYPHEN = re.compile(r"[A-Za-z]{2}[-\u00ad\u2010]$")

NARROW, WIDE = 45, 110
"""Bounds, in characters, of the line width of hard-wrapped text."""


def unwrap_text(text: str) -> str:
    """Join the lines of a plain text file that was wrapped at a fixed width; return other text as it is.

    A file counts as wrapped when no line is longer than a page is wide and most lines inside a block of
    lines neither end a sentence nor stop short of the width.
    """
    rows = text.split("\n")
    longest = max(map(len, rows), default=0)
    if not NARROW <= longest <= WIDE:
        return text
    inner = [one for one, other in pairwise(rows) if one.strip() and other.strip()]
    full = sum(1 for row in inner if len(row) > longest * 0.7 and not SENTENCE_END.search(row.rstrip()[-5:]))
    if full < 4 or full * 2 < len(inner):
        return text
    return "\n".join(join_wrapped(rows, longest))


def join_wrapped(rows: Sequence[str], width: int) -> list[str]:
    """Join rows to paragraphs; `width` is the length of a full row in characters.

    A paragraph ends at an empty row, before a list item, after a row that ends a sentence well before the
    full width, and after a short row without punctuation (a heading).
    """
    words = _hyphen_evidence(rows)
    paragraphs: list[list[str]] = []
    open_row = ""
    for row in rows:
        text = row.strip()
        if not text:
            open_row = ""
            continue
        if open_row and not _starts_new(open_row, row, width):
            last = paragraphs[-1].pop()
            paragraphs[-1] += _join(last, text, words)
        else:
            paragraphs.append([text])
        open_row = row.rstrip()
    return [" ".join(pieces) for pieces in paragraphs]


def _starts_new(before: str, row: str, width: int) -> bool:
    if _ITEM.match(row):
        return True
    short = len(before.strip()) < width * (0.85 if SENTENCE_END.search(before[-5:]) else 0.6)
    first = row.strip()[0]
    return short and (
        first.isupper() or first in "“\"‘'([0123456789" or SENTENCE_END.search(before[-5:]) is not None
    )


def _hyphen_evidence(rows: Sequence[str]) -> frozenset[str]:
    """Return the words of the text, hyphens inside them kept, to settle what a hyphen at a row's end is."""
    return frozenset(word.lower() for row in rows for word in re.findall(r"\w+(?:-\w+)*(?!-?$)", row))


def _join(left: str, right: str, words: frozenset[str]) -> tuple[str, ...]:
    """Return two rows of a paragraph, or one where a word that was broken by a hyphen joins them."""
    if not _HYPHEN.search(left[-3:]) or not right[0].islower():
        return left, right
    head = left[-60:-1].rsplit(None, 1)[-1].lower().strip("(“\"'‘")
    tail_match = re.match(r"\w+", right[:60])
    tail = tail_match[0].lower() if tail_match else ""
    if left[-1] == "-" and f"{head}-{tail}" in words and head + tail not in words:
        return (left + right,)
    return (left[:-1] + right,)
