# ruff: noqa: A005 - the standard library's chunk (IFF files) is gone from Python 3.13
"""Pack sentences into chunks: runs of whole sentences within a token budget, as spans of the text.

A chunk is what gets a vector. Its budget is set so that the default model reads all of it (see
`config.IndexConfig`), heading included: a model that cuts its input drops the end of it without a word.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from index.schema import Chunk, Metadata, Sentence
from index.tokens import count_many, count_tokens

__all__ = ["HEADING_TOKENS", "budget_for", "chunk_sentences", "heading"]

HEADING_TOKENS = 40
"""The most cl100k_base tokens that `heading` spends."""

_NEARLY_FULL = 0.75
"""From this share of the budget on, the end of a paragraph is a better place to stop than a fuller chunk."""

_LETTER = re.compile(r"[^\W\d_]")
_LAST_LATIN = "\u024f"
_WORD = re.compile(r"\S+")


class _Unit(NamedTuple):
    """A span that goes into a chunk as a whole: a sentence, or one part of a sentence over the budget."""

    start: int
    end: int
    ends_paragraph: bool = False
    whole: bool = True


def chunk_sentences(
    text: str, sentences: Sequence[Sentence], *, budget: int, overlap: int
) -> tuple[Chunk, ...]:
    """Pack the sentences of `text` into chunks, in order and without a gap.

    Each chunk holds as many whole sentences as its budget allows, but stops earlier at the end of a paragraph
    when it is nearly full. A sentence over the budget is cut between words, and a word over it between
    characters. Each chunk repeats up to `overlap` sentences of the one before, fewer when they would leave no
    room for the next sentence.

    Args:
        text: The article's text.
        sentences: Its sentences, in order, as `split_sentences` gives them.
        budget: The most cl100k_base tokens of a chunk, at least 1. Only a single character that takes more by
            itself (some emoji take 3) may exceed it.
        overlap: Whole sentences to repeat, 0 or more.

    Raises:
        ValueError: `budget` or `overlap` is out of range.
    """
    if budget < 1 or overlap < 0:
        raise ValueError(f"budget must be at least 1 and overlap at least 0, not {budget} and {overlap}")
    units = _units(text, sentences, budget)
    widths = _widths(text, units)
    chunks = []
    first = done = 0
    while done < len(units):
        # `_next_first` has counted that unit `done` fits; the widths may overestimate it by a token.
        after = max(done + 1, _reach(text, units, widths, first, budget))
        if after < len(units):
            after = _paragraph_end(widths, units, range(max(first, done), after), first, budget)
        chunks.append(_chunk(text, units[first].start, units[after - 1].end))
        done = after
        first = _next_first(text, units, range(max(first + 1, done - overlap), done), done, budget)
    return tuple(chunks)


def budget_for(text: str, budget: int) -> int:
    """Return the budget for a text: half of it where most letters are not Latin.

    English word pieces cut other scripts far more finely than tiktoken does (1.4 to 1.9 pieces a token in
    Korean and Russian pages, about 1.2 in English ones), so a full chunk would not be read to its end.
    """
    letters = _LETTER.findall(text)
    latin = sum(1 for letter in letters if letter <= _LAST_LATIN)
    return budget if 2 * latin >= len(letters) else max(1, budget // 2)


def heading(metadata: Metadata) -> str:
    r"""Return a line that says what an article is, to be embedded in front of each of its chunks.

    Title, outlet and day of publication, as far as they are known, ending in a line break; empty when none
    is. It is never part of a quote. A title too long for `HEADING_TOKENS` loses its last words.

    Example:
        >>> from index.schema import Sourced
        >>> heading(Metadata(title=Sourced("Talks resume", "h1"), published=Sourced("2025-11-07T17:14", "")))
        'Talks resume (2025-11-07)\n'
    """
    origin = [metadata.outlet.value] if metadata.outlet else []
    if metadata.published:
        origin.append(metadata.published.value[:10])
    title = metadata.title.value if metadata.title else ""
    note = f"({', '.join(origin)})" if origin else ""
    note = _shortened(note, HEADING_TOKENS // 2)
    title = _shortened(title, HEADING_TOKENS - 2 - count_tokens(note))
    line = " ".join(part for part in (title, note) if part)
    return f"{line}\n" if line else ""


def _units(text: str, sentences: Sequence[Sentence], budget: int) -> list[_Unit]:
    """Return the sentences as units, those over the budget in parts."""
    counts = count_many(text[sentence.start : sentence.end] for sentence in sentences)
    units: list[_Unit] = []
    for place, (sentence, tokens) in enumerate(zip(sentences, counts, strict=True)):
        last = place + 1 == len(sentences) or sentences[place + 1].paragraph != sentence.paragraph
        if tokens <= budget:
            units.append(_Unit(sentence.start, sentence.end, last))
        else:
            parts = _parts(text, sentence.start, sentence.end, budget)
            units.extend(part._replace(whole=False) for part in parts)
            units[-1] = units[-1]._replace(ends_paragraph=last)
    return units


def _parts(text: str, start: int, end: int, budget: int) -> list[_Unit]:
    """Cut a span into as few runs of words within the budget as a walk from its start gives."""
    words = [match.span() for match in _WORD.finditer(text, start, end)]
    counts = count_many(text[start:end] for start, end in words)
    pieces: list[_Unit] = []
    for (word_start, word_end), tokens in zip(words, counts, strict=True):
        pieces.extend(
            [_Unit(word_start, word_end)] if tokens <= budget else _halves(text, word_start, word_end, budget)
        )
    widths = _widths(text, pieces)
    parts = []
    first = 0
    while first < len(pieces):
        after = _reach(text, pieces, widths, first, budget)
        parts.append(_Unit(pieces[first].start, pieces[after - 1].end))
        first = after
    return parts


def _halves(text: str, start: int, end: int, budget: int) -> list[_Unit]:
    """Halve a word until each part is within the budget or a single character."""
    if end - start == 1 or count_tokens(text[start:end]) <= budget:
        return [_Unit(start, end)]
    middle = (start + end) // 2
    return _halves(text, start, middle, budget) + _halves(text, middle, end, budget)


def _widths(text: str, units: Sequence[_Unit]) -> list[int]:
    """Return the tokens each unit adds to a chunk that already holds the unit before it."""
    starts = [units[0].start, *(unit.end for unit in units[:-1])] if units else []
    return count_many(text[start : unit.end] for start, unit in zip(starts, units, strict=True))


def _reach(text: str, units: Sequence[_Unit], widths: Sequence[int], first: int, budget: int) -> int:
    """Return the place after the last unit that fits a chunk beginning with unit `first`; at least one does.

    The widths add up to the count of the joined text or, where a token spans a border, slightly more: they
    find the place, an exact count confirms it.
    """
    after, total = first + 1, widths[first]
    while after < len(units) and total + widths[after] <= budget:
        total += widths[after]
        after += 1
    while after > first + 1 and not _fits(text, units[first].start, units[after - 1].end, budget):
        after -= 1
    return after


def _paragraph_end(widths: Sequence[int], units: Sequence[_Unit], new: range, first: int, budget: int) -> int:
    """Return where to stop: at the last paragraph end among `new` that leaves the chunk nearly full."""
    total = sum(widths[first : new.stop])
    for place in reversed(new):
        if total < _NEARLY_FULL * budget:
            break
        if units[place].ends_paragraph:
            return place + 1
        total -= widths[place]
    return new.stop


def _next_first(text: str, units: Sequence[_Unit], repeated: range, done: int, budget: int) -> int:
    """Return the unit the next chunk begins with: the first of `repeated` that leaves room for unit `done`.

    Parts of a cut sentence are not repeated.
    """
    first = done
    for place in reversed(repeated):
        if not units[place].whole or done == len(units):
            break
        if not _fits(text, units[place].start, units[done].end, budget):
            break
        first = place
    return first


def _fits(text: str, start: int, end: int, budget: int) -> bool:
    return count_tokens(text[start:end]) <= budget


def _chunk(text: str, start: int, end: int) -> Chunk:
    return Chunk(start, end, count_tokens(text[start:end]))


def _shortened(line: str, budget: int) -> str:
    """Return the words of `line`, one space apart, as many from its start as the budget allows."""
    line = " ".join(line.split())
    if count_tokens(line) <= budget:
        return line
    return line[: _parts(line, 0, len(line), budget)[0].end]
