"""Blocks and paragraphs that stand on a page twice: previews of the article above it, later copies. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

from index.lines import Line, fold
from index.schema import RemovalReason

LONG = 60
"""Characters from which a sentence that stands twice is a repetition, not a refrain."""

_ELLIPSIS = re.compile(r"\s?(?:…|\.\.\.|\[…\]|\[\.\.\.\])$")


def find_repeats(
    lines: Sequence[Line], gone: Mapping[int, RemovalReason]
) -> Iterator[tuple[int, RemovalReason]]:
    """Name the lines to remove so that every paragraph stands once.

    A block whose long lines all stand again further down is a preview of the article: the upper copy goes,
    short lines that stand twice with it. Otherwise the lower copy of a paragraph goes. Lists are left alone:
    their entries may well be the same.
    """
    folded = {number: fold(line.text) for number, line in enumerate(lines) if number not in gone}
    twin, cut_off = _twins(lines, folded)
    single = [number in folded and number not in twin for number in range(len(lines))]
    long_singles = list(
        accumulate((one and len(lines[at].text) >= LONG for at, one in enumerate(single)), initial=0)
    )
    short_singles = list(
        accumulate((one and len(lines[at].text) < LONG for at, one in enumerate(single)), initial=0)
    )
    number = 0
    while number < len(lines):
        later = twin.get(number)
        if later is None or not (number in cut_off or _is_paragraph(lines[number])):
            number += 1
            continue
        block = [inner for inner in range(number, later) if inner in twin] if later - number < 400 else []
        whole = long_singles[later] == long_singles[number]
        if whole and short_singles[later] - short_singles[number] <= len(block) and _is_running(lines, block):
            for inner in block:
                yield inner, RemovalReason.TRUNCATED if inner in cut_off else RemovalReason.DUPLICATE
            number = later
            continue
        if number in cut_off:
            yield number, RemovalReason.TRUNCATED
        else:
            yield later, RemovalReason.DUPLICATE
        number += 1


def _is_running(lines: Sequence[Line], block: Sequence[int]) -> bool:
    """Whether at least half of a block is running text."""
    running = sum(len(lines[number].text) for number in block if _is_paragraph(lines[number]))
    return running * 2 >= sum(len(lines[number].text) for number in block) > 0


def _is_paragraph(line: Line) -> bool:
    """Whether a line is running text: a list of names and amounts has few words in small letters."""
    if len(line.text) < LONG or not line.ends_sentence or line.bullet:
        return False
    words = line.text[:2000].split()
    return sum(1 for word in words if word[0].islower()) * 2 >= len(words)


def _twins(lines: Sequence[Line], folded: Mapping[int, str]) -> tuple[dict[int, int], set[int]]:
    """Map each line to the next line with the same words; lines cut off with "…" to one that goes on."""
    twin: dict[int, int] = {}
    cut_off: set[int] = set()
    following: dict[str, int] = {}
    opening: dict[str, list[int]] = {}
    for number in sorted(folded, reverse=True):
        words = folded[number]
        if not words:
            continue
        if words in following:
            twin[number] = following[words]
        elif len(words) >= 20 and _ELLIPSIS.search(lines[number].text[-8:]):
            whole = next((one for one in opening.get(words[:20], ()) if folded[one].startswith(words)), None)
            if whole is not None:
                twin[number] = whole
                cut_off.add(number)
        following[words] = number
        same = opening.setdefault(words[:20], [])
        if len(same) < 8:
            same.append(number)
    return twin, cut_off
