"""From a page to the article's text: what is page furniture is taken out, with the reason. Pure.

Losing a paragraph is worse than keeping a line of furniture, so a rule needs either words that no article
holds (`furniture`) or a place on the page where no article text stands (`layout`).
"""

from collections.abc import Iterable, Sequence

from index.embedded import find_embedded
from index.furniture import credit_start, line_reason
from index.layout import find_layout
from index.lines import Line, note_author, split_lines
from index.repeats import find_repeats
from index.schema import Cleaned, Page, RemovalReason, Removed

Reasons = dict[int, RemovalReason]
"""Why a line (by its number) is removed."""

MOST_LINES = 20_000
"""Texts of more lines are no web pages; their layout is not read."""


def clean(page: Page) -> Cleaned:
    """Take the page furniture out of a page.

    Every input loses what is unmistakable. Saved pages (`page.is_page`) also lose what their layout gives
    away: menus above the headline, lists of other stories below the last paragraph, blocks that stand twice.
    """
    lines = split_lines(page.raw)
    embedded = (Removed(start, end, RemovalReason.DATA) for start, end in find_embedded(page.raw))
    gone = _lines_in(embedded, lines) | _lines_in(page.removed, lines)
    for number, line in enumerate(lines):
        reason = (
            None if number in gone else line_reason(line.label, is_page=page.is_page and not page.removed)
        )
        if (
            reason is not None and note_author(line.text) is None
        ):  # a note may end in "sign up for her letter"
            gone[number] = reason
    if page.removed:  # the format's own extractor has judged the layout
        gone |= dict(find_repeats(lines, gone))
    elif page.is_page and len(lines) <= MOST_LINES:
        gone = find_layout(lines, gone)
    removed = _spans(lines, gone)
    credit_spans = [
        Removed(line.start + start, line.end, RemovalReason.CREDIT)
        for number, line in enumerate(lines)
        if number not in gone and (start := credit_start(line.text)) is not None
    ]
    ordered = tuple(sorted(removed + credit_spans, key=lambda span: span.start))
    return Cleaned(page.raw, assemble(page.raw, ordered), ordered)


def assemble(raw: str, removed: Iterable[Removed]) -> str:
    r"""Return the article's text: what is left of `raw`, one paragraph a line, separated by one empty line.

    Total: spans may overlap, stand in any order or reach beyond the text.

    Example:
        >>> assemble("Menu\nOne.\nTwo.", [Removed(0, 4, RemovalReason.MENU)])
        'One.\n\nTwo.'
    """
    pieces = []
    position = 0
    for span in sorted(removed, key=lambda one: one.start):
        start, end = max(0, min(span.start, len(raw))), max(0, min(span.end, len(raw)))
        if start >= end:
            continue
        if start > position:
            pieces.append(raw[position:start])
        position = max(position, end)
    pieces.append(raw[position:])
    paragraphs = (line.strip() for piece in pieces for line in piece.split("\n"))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def restore(cleaned: Cleaned, removed: Removed) -> Cleaned:
    """Put one removed span back into the text; return `cleaned` as it is when it holds no such span."""
    remaining = tuple(span for span in cleaned.removed if span != removed)
    return Cleaned(cleaned.raw, assemble(cleaned.raw, remaining), remaining)


def _lines_in(spans: Iterable[Removed], lines: Sequence[Line]) -> Reasons:
    """Number the lines that lie within a span, with its reason."""
    gone: Reasons = {}
    ordered = sorted(spans, key=lambda span: span.start)
    at = 0
    for number, line in enumerate(lines):
        while at < len(ordered) and ordered[at].end <= line.start:
            at += 1
        if at < len(ordered) and ordered[at].start <= line.start and line.end <= ordered[at].end:
            gone[number] = ordered[at].reason
    return gone


def _spans(lines: Sequence[Line], gone: Reasons) -> list[Removed]:
    """Join neighbouring lines that go for the same reason into one span."""
    spans: list[Removed] = []
    previous = -2
    for number in sorted(gone):
        line, reason = lines[number], gone[number]
        if previous == number - 1 and spans[-1].reason == reason:
            spans[-1] = Removed(spans[-1].start, line.end, reason)
        else:
            spans.append(Removed(line.start, line.end, reason))
        previous = number
    return spans
