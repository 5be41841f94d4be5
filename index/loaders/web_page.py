"""Saved web pages: trafilatura finds the paragraphs; what else is visible is kept as removed text."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import BrokenFileError, EmptyArticleError
from index.furniture import line_reason
from index.lines import split_lines
from index.loaders.content import decode_html, read_bytes
from index.loaders.head import Element, read_head
from index.schema import Page, RemovalReason, Removed

MAX_REST = 4000
"""How many blocks outside the article are kept for the reader to see."""

_SKIPPED = frozenset(
    "script style noscript template svg head iframe select datalist object canvas audio video math".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body br button caption center dd details dialog div dl dt "
    "fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre "
    "section summary "
    "table tbody td tfoot th thead tr ul".split()
)
_REGIONS = {
    "nav": RemovalReason.MENU,
    "header": RemovalReason.MENU,
    "menu": RemovalReason.MENU,
    "footer": RemovalReason.FOOTER,
    "aside": RemovalReason.TEASER,
    "figcaption": RemovalReason.CREDIT,
    "form": RemovalReason.NEWSLETTER,
}
_REGION_NAMES = (
    (
        re.compile(
            r"(?:^|[\s_-])(?:related|recirc|recommend|teasers?|more-?stories|most-?(?:read|popular)|trending)"
        ),
        RemovalReason.TEASER,
    ),
    (re.compile(r"(?:^|[\s_-])(?:newsletters?|sign-?up|subscribe)(?:$|[\s_-])"), RemovalReason.NEWSLETTER),
    (re.compile(r"(?:^|[\s_-])(?:share|social|sharing)(?:$|[\s_-])"), RemovalReason.SHARE),
    (re.compile(r"(?:^|[\s_-])(?:ads?|advert\w*|sponsored?)(?:$|[\s_-])"), RemovalReason.ADVERTISEMENT),
    (re.compile(r"(?:^|[\s_-])(?:nav\w*|menu|breadcrumbs?)(?:$|[\s_-])"), RemovalReason.MENU),
    (re.compile(r"(?:^|[\s_-])(?:footer|copyright|cookie\w*|legal)(?:$|[\s_-])"), RemovalReason.FOOTER),
    (re.compile(r"(?:^|[\s_-])(?:credits?|caption)(?:$|[\s_-])"), RemovalReason.CREDIT),
)


@dataclass(frozen=True, slots=True)
class Block:
    """A visible block of text and why it is no article text, should it turn out to be none."""

    text: str
    reason: RemovalReason


def parse_web_page(path: Path) -> Page:
    """Read a saved page.

    Raises:
        BrokenFileError: When it cannot be read.
        EmptyArticleError: When no article text is found in it.
    """
    markup = decode_html(read_bytes(path))
    if not markup.strip():
        raise EmptyArticleError("read, but holds no article text")
    from trafilatura import load_html

    tree = load_html(markup)
    if tree is None:
        raise BrokenFileError("is not HTML that can be parsed")
    hints = read_head(tree)
    title = hints.title.value if hints.title else ""
    blocks = [block for block in visible_blocks(tree) if _key(block.text) != _key(title)]
    paragraphs = _article(markup, title)
    if not any(re.search(r"\w", paragraph) for paragraph in paragraphs):
        raise EmptyArticleError("read, but holds no article text")
    raw, removed = merge(blocks, paragraphs)
    return Page(str(path), path.name, raw, hints, removed)


def _article(markup: str, title: str) -> list[str]:
    """Return the article's paragraphs, from two readings of trafilatura, without comments and headline.

    The generous reading finds nearly every paragraph, and with them headlines and labels of other boxes; the
    strict one drops those, and now and then half an article. So a paragraph counts when the generous reading
    has it, an open line (a headline, a label, a list entry) only when the strict one has it too.
    """
    from trafilatura import extract

    generous = _rows(extract(markup, include_comments=False, fast=True))
    strict = _rows(extract(markup, include_comments=False, favor_precision=True))
    if not generous:
        return strict
    confirmed = _key(" ".join(strict))
    headline = _key(title)
    return [
        row
        for row, line in ((row, split_lines(row)[0]) for row in generous)
        if (line.is_prose or not strict or _key(row) in confirmed) and _key(row) != headline
    ]


def _rows(text: str | None) -> list[str]:
    return [" ".join(row.split()) for row in (text or "").split("\n") if row.strip()]


def visible_blocks(tree: Element) -> Iterator[Block]:
    """Yield the text of each block a reader would see, in document order."""
    from lxml.etree import iterwalk  # type: ignore[import-untyped]

    pieces: list[str] = []
    reasons = [RemovalReason.FURNITURE]

    def flush() -> Iterator[Block]:
        text = " ".join("".join(pieces).split())
        pieces.clear()
        if text:
            yield Block(text, reasons[-1])

    walk = iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start" and (not tag or tag in _SKIPPED or _is_hidden(element)):
            walk.skip_subtree()
            tag = ""
        if event == "start":
            if tag in _BLOCKS:
                yield from flush()
            reasons.append(_region(tag, element, reasons[-1]) if tag in _BLOCKS else reasons[-1])
            if tag:
                pieces.append(element.text or "")
        else:
            if tag in _BLOCKS:
                yield from flush()
            reasons.pop()
            pieces.append(element.tail or "")
    yield from flush()


def _is_hidden(element: Element) -> bool:
    style = element.get("style") or ""
    return element.get("hidden") is not None or "display:none" in style.replace(" ", "").lower()


def _region(tag: str, element: Element, outer: RemovalReason) -> RemovalReason:
    if tag in _REGIONS:
        return _REGIONS[tag]
    names = f"{element.get('class') or ''} {element.get('id') or ''}"[:200].lower()
    if names != " " and tag not in ("body", "html", "main", "article"):
        for pattern, reason in _REGION_NAMES:
            if pattern.search(names):
                return reason
    return outer


def merge(blocks: Sequence[Block], paragraphs: Sequence[str]) -> tuple[str, tuple[Removed, ...]]:
    """Lay the article's paragraphs among the page's other blocks, in the page's order.

    Returns:
        The page as text, one block a line, the paragraphs verbatim; and the blocks that are not article.
    """
    rows: list[tuple[str, RemovalReason | None]] = []
    at = 0
    rest = 0
    for paragraph, block in zip(paragraphs, _align(blocks, paragraphs), strict=True):
        if block is not None:
            for skipped in blocks[at : block[0]]:
                rows.append((skipped.text, _reason(skipped)))
            at = block[1]
        rows.append((paragraph, None))
    rows.extend((skipped.text, _reason(skipped)) for skipped in blocks[at:])
    texts: list[str] = []
    removed: list[Removed] = []
    position = 0
    for text, reason in rows:
        if reason is not None:
            rest += 1
            if rest > MAX_REST:
                continue
            if removed and removed[-1].end == position - 1 and removed[-1].reason == reason:
                removed[-1] = Removed(removed[-1].start, position + len(text), reason)
            else:
                removed.append(Removed(position, position + len(text), reason))
        texts.append(text)
        position += len(text) + 1
    return "\n".join(texts), tuple(removed)


def _reason(block: Block) -> RemovalReason:
    return line_reason(block.text, is_page=True) or block.reason


def _align(blocks: Sequence[Block], paragraphs: Sequence[str]) -> list[tuple[int, int] | None]:
    """Find the range of blocks that each paragraph was taken from, in order; None where there is none.

    Paragraphs whose words stand in exactly one block are anchors, of which the longest run in page order
    counts. Between two anchors a paragraph is looked for among the next blocks in turn.
    """
    keys = [_key(block.text) for block in blocks]
    wanted = [_key(paragraph) for paragraph in paragraphs]
    anchors = dict(_anchors(keys, wanted))
    limits = [len(keys)] * len(wanted)
    limit = len(keys)
    for number in range(len(wanted) - 1, -1, -1):
        limits[number] = limit
        limit = anchors.get(number, limit)
    found: list[tuple[int, int] | None] = []
    at = 0
    for number, words in enumerate(wanted):
        place = (
            (anchors[number], anchors[number] + 1)
            if number in anchors
            else _near(keys, words, at, limits[number])
        )
        if place is not None:
            at = place[1]
        found.append(place)
    return found


def _anchors(keys: Sequence[str], wanted: Sequence[str]) -> list[tuple[int, int]]:
    """Pair paragraphs with blocks of the same words, both unique: the longest run in which both ascend."""
    places: dict[str, int | None] = {}
    for place, words in enumerate(keys):
        places[words] = None if words in places else place
    counts: dict[str, int] = {}
    for words in wanted:
        counts[words] = counts.get(words, 0) + 1
    pairs = [
        (number, found)
        for number, words in enumerate(wanted)
        if counts[words] == 1 and (found := places.get(words)) is not None
    ]
    tails: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(tails, place)
        before.append(last[length - 1] if length else -1)
        if length == len(tails):
            tails.append(place)
            last.append(number)
        else:
            tails[length], last[length] = place, number
    run: list[tuple[int, int]] = []
    at = last[-1] if last else -1
    while at >= 0:
        run.append(pairs[at])
        at = before[at]
    return run[::-1]


def _near(keys: Sequence[str], words: str, start: int, limit: int) -> tuple[int, int] | None:
    """Find a paragraph among the next blocks: the same words, part of a block, or several blocks."""
    if not words:
        return None
    for place in range(start, min(limit, start + 60)):
        block = keys[place]
        if not block:
            continue
        if block == words or (len(words) > 20 and words in block):
            return place, place + 1
        if words.startswith(block) and (len(block) > 20 or len(block) * 4 > len(words)):
            end = place
            covered = 0
            while end < limit and words.startswith(keys[end], covered):
                covered += len(keys[end])
                end += 1
            return place, end
    return None


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()
