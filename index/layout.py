"""What the layout of a saved page gives away: repeated blocks, menus on top, lists of other stories below. Pure.

Each rule takes the lines and the reasons found so far and returns the reasons it adds. Rules that look at a
place on the page ask for a second sign (bullets, menu words, a heading) before they take a line.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.furniture import is_strong_heading, is_weak_heading
from index.lines import Line, byline_names, fold, is_date_line, is_name, note_author
from index.repeats import find_repeats
from index.schema import RemovalReason

Reasons = dict[int, RemovalReason]

_MENU_WORD = re.compile(
    r"(?:home|news|world|politics|business|sports?|opinion|culture|arts?|life(?:style)?|tech(?:nology)?|science|health|"
    r"travel|video|weather|search|menu|sections?|subscribe|donate|about|contact|research|experts|events|log ?in|sign in|"
    r"podcasts?|newsletters?|more|live|markets|economy|entertainment|food|style|u\.?s\.?|uk|europe|asia|africa|"
    r"middle east|americas|climate|education|privacy|careers|topics|regions|publications|programs|blogs?|magazine)",
    re.IGNORECASE,
)
_CALL = re.compile(
    r"(?:learn|read|find out|see|discover) more(?: about .{2,40})?[.>»→]?|about(?: us| this .{2,20})?|subscribe(?: now)?|"
    r"sign up(?: now)?|follow|visit (?:site|website|page)|see all|view all",
    re.IGNORECASE,
)
_SELF_DESCRIPTION = re.compile(
    r"(?:the )?(?P<subject>[\w&’'. -]{2,60}?)(?:,.{2,80},)? (?:is|are|provides|offers|brings|publishes|features) "
    r"(?:an?|the|our|your|you|unmatched|in-depth|daily|weekly)\b",
    re.IGNORECASE,
)
_PUBLICATION = re.compile(
    r"\b(?:publication|newsletter|podcast|magazine|blog|website|platform|series|column|journal|outlet|program(?:me)?|"
    r"initiative|think tank|newsroom|app|coverage|project|series)\b",
    re.IGNORECASE,
)
_KEEP_BELOW = re.compile(
    r"(?:\(?this (?:story|article|piece|essay|post) (?:has been|was|is|first|originally|appeared)|correction|clarification|"
    r"contributing|reporting by|additional reporting|editing by|editor[’']?s? note|with (?:reporting|files)|"
    r"a version of this|from staff|\(?reporting)\b",
    re.IGNORECASE,
)
_JOINED_TAG = re.compile(r"(?<=[a-z])(?=[A-Z])")


def find_layout(lines: Sequence[Line], gone: Reasons) -> Reasons:
    """Return `gone` with the lines added that the layout of a saved page gives away."""
    gone = dict(gone)
    for rule in (find_repeats, _promotions, _boxes, _below, _above):
        for number, reason in rule(lines, gone):
            gone.setdefault(number, reason)
    return gone


def find_headline(lines: Sequence[Line], gone: Reasons) -> int | None:
    """Return the number of the line that is the article's headline; None where the page has none.

    It stands above the byline, the date line and the first sentence, has three words or more and does not
    end like a sentence.
    """
    kept = [number for number in range(len(lines)) if number not in gone][:60]
    anchor = next((at for at, number in enumerate(kept) if _is_anchor(lines[number])), None)
    if anchor is None:
        return None
    candidates: list[int] = []
    for number in kept[:anchor]:
        line = lines[number]
        if line.bullet or line.words < 3 or not _may_be_headline(line):
            if line.bullet or _MENU_WORD.fullmatch(line.label):
                candidates = []
            continue
        candidates.append(number)
    return candidates[0] if candidates else None


def _may_be_headline(line: Line) -> bool:
    if len(line.text) > 220 or line.text.startswith(("http://", "https://", "www.")):
        return False
    return line.is_open or line.text.endswith(("?", "!", "”", "’", '"'))


def _is_anchor(line: Line) -> bool:
    """Whether the article has begun: a sentence (a question may be the headline), a date line or a byline."""
    if line.text.endswith("?") and line.words < 30:
        return False
    return (
        line.is_prose and not line.is_open or is_date_line(line.text) or byline_names(line.text) is not None
    )


def _kept(lines: Sequence[Line], gone: Reasons, start: int = 0) -> list[int]:
    return [number for number in range(start, len(lines)) if number not in gone]


def _promotions(lines: Sequence[Line], gone: Reasons) -> Iterator[tuple[int, RemovalReason]]:
    """A paragraph in which a publication describes itself, above a call such as "Learn More"."""
    for number, line in enumerate(lines):
        if number in gone or not line.is_prose or len(line.text) > 900:
            continue
        described = _SELF_DESCRIPTION.match(line.text[:200])
        if not described or not _PUBLICATION.search(line.text[:300]):
            continue
        if number + 1 == len(lines) or not _CALL.fullmatch(lines[number + 1].label[:60]):
            continue
        subject = fold(described["subject"])
        yield number, RemovalReason.PROMOTION
        yield number + 1, RemovalReason.PROMOTION
        for above in range(number - 1, max(-1, number - 5), -1):
            label = fold(lines[above].label[:80])
            if label != subject and label not in {"blog", "podcast", "newsletter", "magazine", "about"}:
                break
            yield above, RemovalReason.PROMOTION


def _boxes(lines: Sequence[Line], gone: Reasons) -> Iterator[tuple[int, RemovalReason]]:
    """Lists of other stories: to the end of the page where no article follows, else the box alone."""
    start = _body_start(lines, gone)
    runs = _prose_runs(lines, gone)
    for number in range(start + 1, len(lines)):
        label = lines[number].label
        strong = is_strong_heading(label)
        if not strong and not is_weak_heading(label):
            continue
        resumes = next(iter(runs[bisect_left(runs, number) :]), None)
        after = _kept(lines, gone, number + 1)
        if resumes is None and (strong or _alternates(lines, after)):
            yield number, RemovalReason.TEASER
            for inner in after:
                if not _stays_below(lines[inner].text):
                    yield inner, RemovalReason.TEASER
            return
        yield from _box(lines, gone, number, resumes if resumes is not None else len(lines))


def _box(lines: Sequence[Line], gone: Reasons, heading: int, end: int) -> Iterator[tuple[int, RemovalReason]]:
    """The heading of a box within the article and the open lines under it; nothing where it has none."""
    entries = []
    for number in range(heading + 1, min(end, heading + 13)):
        if number in gone:
            continue
        line = lines[number]
        if not (line.is_open or line.text.endswith("?")) or line.words > 25 or _stays_below(line.text):
            break
        entries.append(number)
    if entries and all(lines[number].words >= 4 for number in entries[:1]):
        yield heading, RemovalReason.TEASER
        for number in entries:
            yield number, RemovalReason.TEASER


def _alternates(lines: Sequence[Line], numbers: Sequence[int]) -> bool:
    """Whether sentences and open lines take turns, as title and summary do in a list of stories."""
    sentences = sum(1 for number in numbers if lines[number].is_prose and not lines[number].is_open)
    open_lines = sum(1 for number in numbers if lines[number].is_open)
    return open_lines >= 2 and open_lines >= sentences and sentences != 1


def _stays_below(text: str) -> bool:
    return bool(_KEEP_BELOW.match(text[:60])) or note_author(text) is not None


def _body_start(lines: Sequence[Line], gone: Reasons) -> int:
    """Return the number of the first line of the article's body: prose with prose close below."""
    prose = [number for number in _kept(lines, gone) if _is_body(lines[number])]
    for first, second in pairwise(prose):
        if second - first <= 3:
            return first
    return prose[0] if prose else len(lines)


def _is_body(line: Line) -> bool:
    return line.is_prose and not line.is_open and not line.bullet


def _prose_runs(lines: Sequence[Line], gone: Reasons) -> list[int]:
    """Number the body paragraphs that the next kept line follows with another one."""
    kept = _kept(lines, gone)
    return [one for one, other in pairwise(kept) if _is_body(lines[one]) and _is_body(lines[other])]


def _body_end(lines: Sequence[Line], gone: Reasons) -> int:
    """Return the number after the last line of the article: its last sentence or author note."""
    return max((number for number in _kept(lines, gone) if _is_tail_text(lines[number])), default=-1) + 1


def _is_tail_text(line: Line) -> bool:
    return _is_body(line) or (line.ends_sentence and line.words >= 4) or _stays_below(line.text)


def _below(lines: Sequence[Line], gone: Reasons) -> Iterator[tuple[int, RemovalReason]]:
    """Menus, tags and names that stand twice below the last sentence, where the page shows that it is over."""
    end = _body_end(lines, gone)
    below = _kept(lines, gone, end)
    over = any(number >= end - 1 for number in gone)
    seen: set[str] = set()
    for number in below:
        line = lines[number]
        words = fold(line.label)
        if words in seen:
            yield number, RemovalReason.DUPLICATE
        elif _is_tag_row(line.text):
            yield number, RemovalReason.FURNITURE
        elif over and (line.bullet and line.words <= 4 or _MENU_WORD.fullmatch(line.label)):
            yield number, RemovalReason.MENU
        seen.add(words)


def _is_tag_row(text: str) -> bool:
    """Whether a line is tags run together: "Foreign PolicyTradeCentral Asia"."""
    if len(text) > 300 or text[-1] in '.!?”"':
        return False
    joins = len(_JOINED_TAG.findall(text))
    words = text.split()
    capital = sum(1 for word in words if word[0].isupper())
    return joins >= 2 and joins * 4 >= len(words) and capital * 3 >= len(words) * 2


def _above(lines: Sequence[Line], gone: Reasons) -> Iterator[tuple[int, RemovalReason]]:
    """Menu entries and labels above the article, where bullets or menu words show that there is a menu."""
    start = _body_start(lines, gone)
    if start == len(lines):
        return
    head = [number for number in range(start) if number not in gone]
    signs = sum(
        1 for number in range(start) if lines[number].bullet or _MENU_WORD.fullmatch(lines[number].label)
    )
    if signs < 2:
        return
    headline = find_headline(lines, gone)
    has_byline = any(byline_names(lines[number].text) for number in head)
    for number in head:
        line = lines[number]
        if number == headline or _is_anchor(line) or (line.ends_sentence and line.words >= 6):
            continue
        if is_name(line.text) and not has_byline and _near_date(lines, number):
            continue
        if line.words <= 6 or line.bullet:
            yield number, RemovalReason.MENU


def _near_date(lines: Sequence[Line], number: int) -> bool:
    return any(is_date_line(line.text) for line in lines[max(0, number - 3) : number + 4])
