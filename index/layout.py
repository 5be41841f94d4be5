"""What the layout of a saved page gives away: repeated blocks, menus above, other stories below. Pure.

Each rule takes the lines and the reasons found so far and returns the reasons it adds. Rules that look at a
place on the page ask for a second sign (bullets, menu words, a heading) before they take a line.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.furniture import is_strong_heading, is_weak_heading
from index.lines import Line, byline_names, fold, is_date_line, is_name, is_name_list, note_author
from index.patterns import regex
from index.repeats import find_repeats
from index.schema import RemovalReason

Reasons = dict[int, RemovalReason]

_MENU_WORD = regex(
    r"(?:home|news|world|politics|business|sports?|opinion|culture|arts?|life(?:style)?|"
    r"tech(?:nology)?|science|health|"
    r"travel|video|weather|search|menu|sections?|subscribe|donate|about|contact|research|experts|"
    r"events|log ?in|sign in|"
    r"podcasts?|newsletters?|more|live|markets|economy|entertainment|food|style|u\.?s\.?|uk|europe|"
    r"asia|africa|"
    r"middle east|americas|climate|education|privacy|careers|topics|regions|publications|programs|"
    r"blogs?|magazine)",
    re.IGNORECASE,
)
MOST_NOTICES = 3
"""Sentences (of cookie notices and the like) that may stand above a headline; with more it is doubtful."""

_PAGE_SIGNS = frozenset(
    {
        RemovalReason.MENU,
        RemovalReason.SHARE,
        RemovalReason.NEWSLETTER,
        RemovalReason.TEASER,
        RemovalReason.FOOTER,
        RemovalReason.PROMOTION,
        RemovalReason.FURNITURE,
    }
)
"""Reasons of lines that stand around articles; advertisements and credits also stand within."""

_BETWEEN_LINKS = regex(r"\s?[|·•]\s?|\s{2,}")
_SIGN_UP = regex(r"(?:sign ?up (?:for|to)|subscribe to|get|join|try|meet) (?-i:[A-Z])", re.IGNORECASE)
_CALL = regex(
    r"(?:learn|read|find out|see|discover) more(?: about .{2,40})?[.>»→]?|about(?: us| this "
    r".{2,20})?|subscribe(?: now)?|"
    r"sign up(?: now)?|follow|visit (?:site|website|page)|see all|view all",
    re.IGNORECASE,
)
_SELF_DESCRIPTION = regex(
    r"(?:the )?(?P<subject>[\w&’'. -]{2,60}?)(?:,.{2,80},)? (?:is|are|provides|offers|brings|"
    r"publishes|features) "
    r"(?:an?|the|our|your|you|unmatched|in-depth|daily|weekly)\b",
    re.IGNORECASE,
)
_PUBLICATION = regex(
    r"\b(?:publication|newsletter|podcast|magazine|blog|website|platform|series|column|journal|"
    r"outlet|program(?:me)?|"
    r"initiative|think tank|newsroom|app|coverage|project|series)\b",
    re.IGNORECASE,
)
_KEEP_BELOW = regex(
    r"(?:\(?this (?:story|article|piece|essay|post) (?:has been|was|is|first|originally|appeared)|"
    r"correction|clarification|"
    r"contributing|reporting by|additional reporting|editing by|editor[’']?s? note|with (?:reporting|files)|"
    r"a version of this|from staff|\(?reporting)\b",
    re.IGNORECASE,
)
_SOURCE_LINE = regex(
    r"^(?:from|special (?:to|for)|by|source|photos?|video|image|the \(|the claim)\b|\b(?:wire|"
    r"staff) reports?$|\bstaff$|"
    r"(?-i:, [A-Z][A-Z .]{3,30}$)|^@|^\d{1,2}/\d",
    re.IGNORECASE,
)
"""Lines that say where a story comes from."""

_JOINED_TAG = regex(r"(?<=[a-z])(?=[A-Z])")


def find_layout(lines: Sequence[Line], gone: Reasons) -> Reasons:
    """Return `gone` with the lines added that the layout of a saved page gives away."""
    gone = dict(gone)
    for rule in (_rows_of_links, _newsletter_boxes, find_repeats, _promotions, _boxes, _below, _above):
        for number, reason in rule(lines, gone):
            gone.setdefault(number, reason)
    return gone


def find_headline(lines: Sequence[Line], gone: Reasons) -> int | None:
    """Return the number of the line that is the article's headline; None where the page has none.

    Of the open lines of three words or more above the body, it is the one that shares most words with the
    body's first paragraphs, the lower one of equals; where none shares two, the first one below the menu and
    above byline, date line and lead.
    """
    start = _body_start(lines, gone)
    above = [number for number in _kept(lines, gone) if number < start][-80:]
    lead = _content_words(" ".join(lines[number].text for number in _kept(lines, gone, start)[:6]))
    candidates = [number for number in above if _may_be_headline(lines[number])]
    shared = {number: len(_content_words(lines[number].text) & lead) for number in candidates}
    likely = [number for number in candidates if lines[number].words > 3 or not _looks_named(lines[number])]
    best = max(likely, key=lambda number: (shared[number], number), default=None)
    if best is not None and shared[best] >= 2:
        return best
    unread: int | None = None
    for number in above:
        line = lines[number]
        if _is_anchor(line):
            return unread if unread is not None and number - unread <= 4 else None
        if line.bullet or _MENU_WORD.fullmatch(line.label):
            unread = None
        elif unread is None and number in shared and not _looks_named(line):
            unread = number
    return unread


def _is_question(line: Line) -> bool:
    """Whether a line is one question, as many headlines are."""
    return line.text.endswith("?") and line.words < 30


def _content_words(text: str) -> set[str]:
    return {word[:6] for word in fold(text[:4000]).split() if len(word) > 3}


def _may_be_headline(line: Line) -> bool:
    text = line.text
    if line.bullet or line.words < 3 or len(text) > 220 or text.startswith(("http://", "https://", "www.")):
        return False
    if is_date_line(text) or byline_names(text) or text.endswith(("—", "–", "-")):
        return False
    if _SOURCE_LINE.search(text):
        return False
    return line.is_open or (text[-1] in '?!”’"' and text[-2] not in ".,")


def _looks_named(line: Line) -> bool:
    """Whether a line may be names: headlines with capital letters throughout look the same."""
    parts = re.split(r", and | and |, ", line.text[:300])
    short = all(len(part.split()) <= 4 for part in parts)
    return short and (is_name(line.text) or is_name_list(line.text))


def _is_anchor(line: Line) -> bool:
    """Whether the article has begun: a sentence (a question may be the headline), a date line or a byline."""
    if _is_question(line):
        return False
    return (
        (line.is_prose and not line.is_open) or is_date_line(line.text) or byline_names(line.text) is not None
    )


def _kept(lines: Sequence[Line], gone: Reasons, start: int = 0) -> list[int]:
    return [number for number in range(start, len(lines)) if number not in gone]


def _rows_of_links(lines: Sequence[Line], gone: Reasons) -> Iterator[tuple[int, RemovalReason]]:
    """A menu on one line: "Home | Council | Sport"."""
    for number, line in enumerate(lines):
        if number in gone or len(line.text) > 300:
            continue
        parts = [part.strip(" \u00a0") for part in _BETWEEN_LINKS.split(line.label)]
        labels = [part for part in parts if part[:1].isupper() and len(part.split()) <= 3]
        if len(parts) >= 3 and labels == parts and any(_MENU_WORD.fullmatch(part) for part in parts):
            yield number, RemovalReason.MENU


def _newsletter_boxes(lines: Sequence[Line], gone: Reasons) -> Iterator[tuple[int, RemovalReason]]:
    """The heading of a newsletter box, above the lines that only such a box has."""
    for number, line in enumerate(lines):
        if number in gone or line.words > 14 or line.ends_sentence or not _SIGN_UP.match(line.label):
            continue
        if RemovalReason.NEWSLETTER in (gone.get(number + 1), gone.get(number + 2)):
            yield number, RemovalReason.NEWSLETTER


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
    if len(entries) > 1 and lines[entries[-1]].words <= 4 and lines[entries[0]].words >= 6:
        entries.pop()  # the article's next heading, not a story's
    if entries and lines[entries[0]].words >= 4:
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
    first, end = _body_range(lines, gone)
    prose = [
        number
        for number in range(first, end)
        if number not in gone and _is_body(lines[number]) and not _is_question(lines[number])
    ]
    for one, other in pairwise(prose):
        if other - one <= 3:
            return one
    return prose[0] if prose else len(lines)


def _body_range(lines: Sequence[Line], gone: Reasons) -> tuple[int, int]:
    """Return the run of lines that is the article: the run of most words in sentences, less its other lines.

    (The segment of greatest sum, where a sentence counts its words and an open line counts against it.)
    """
    best = (0, 0, 0)
    start, total = 0, 0
    for number, line in enumerate(lines):
        if total <= 0:
            start, total = number, 0
        total += _weight(line, gone.get(number))
        if total > best[0]:
            best = (total, start, number + 1)
    return best[1], best[2]


def _weight(line: Line, reason: RemovalReason | None) -> int:
    if reason is not None:
        return -6 if reason in _PAGE_SIGNS else 0
    if _is_body(line):
        return min(line.words, 40)
    if line.ends_sentence and line.words >= 4:
        return line.words
    if is_date_line(line.text) or byline_names(line.text):
        return 0
    return -3 if ":" in line.text else -5


def _is_body(line: Line) -> bool:
    return line.is_prose and not line.is_open and not line.bullet


def _prose_runs(lines: Sequence[Line], gone: Reasons) -> list[int]:
    """Number the body paragraphs that the next kept line follows with another one."""
    kept = _kept(lines, gone)
    return [one for one, other in pairwise(kept) if _is_body(lines[one]) and _is_body(lines[other])]


def _below(lines: Sequence[Line], gone: Reasons) -> Iterator[tuple[int, RemovalReason]]:
    """What stands below the article: names that stand twice, tags, and menus once the page shows its end.

    The end shows by three lines of furniture. From the first of them on, open lines go, and sentences go
    below a footer; notes on the authors and on the article stay.
    """
    end = _body_range(lines, gone)[1]
    below = range(end, len(lines))
    signs = [number for number in below if _is_sign(lines[number], gone.get(number))]
    over = signs[0] if len(signs) >= 3 else len(lines)
    footer = next((number for number in below if gone.get(number) == RemovalReason.FOOTER), len(lines))
    names: set[str] = set()
    for number in below:
        line = lines[number]
        if number in gone:
            continue
        if line.text in names:
            yield number, RemovalReason.DUPLICATE
        elif _is_tag_row(line.text):
            yield number, RemovalReason.FURNITURE
        elif not _stays_below(line.text) and (
            (number >= over and not line.is_prose and not line.ends_sentence) or number > footer
        ):
            yield number, RemovalReason.MENU if line.words <= 6 else RemovalReason.FURNITURE
        if is_name(line.text):
            names.add(line.text)


def _is_sign(line: Line, reason: RemovalReason | None) -> bool:
    """Whether a line shows that it does not stand in an article."""
    if reason is not None:
        return reason in _PAGE_SIGNS
    return (line.bullet and line.words <= 3 and line.is_open) or _MENU_WORD.fullmatch(line.label) is not None


def _is_tag_row(text: str) -> bool:
    """Whether a line is tags run together: "Foreign PolicyTradeCentral Asia"."""
    if len(text) > 300 or text[-1] in '.!?”"':
        return False
    joins = len(_JOINED_TAG.findall(text))
    words = text.split()
    capital = sum(1 for word in words if word[0].isupper())
    return joins >= 2 and joins * 4 >= len(words) and capital * 3 >= len(words) * 2


def _above(lines: Sequence[Line], gone: Reasons) -> Iterator[tuple[int, RemovalReason]]:
    """Menu entries and labels above the article, where bullets or menu words show that there is a menu.

    With many such signs the whole of what stands above the headline goes.
    """
    start = _body_start(lines, gone)
    signs = sum(1 for number in range(min(start, len(lines))) if _is_sign(lines[number], gone.get(number)))
    if signs < 2 or start == len(lines):
        return
    head = [number for number in range(start) if number not in gone]
    headline = find_headline(lines, gone)
    has_byline = any(byline_names(lines[number].text) for number in head)
    sentences = sum(1 for number in head if _is_body(lines[number]))
    crowded = signs >= 5 and sentences <= MOST_NOTICES
    for number in head:
        line = lines[number]
        if number == headline:
            continue
        if crowded and headline is not None and number < headline - 3 and not line.ends_sentence:
            yield number, RemovalReason.MENU
        elif (
            _is_anchor(line)
            or (line.ends_sentence and line.words >= 6)
            or (is_name(line.text) and not has_byline and _near_date(lines, number))
        ):
            continue
        elif line.words <= 6 or line.bullet:
            yield number, RemovalReason.MENU


def _near_date(lines: Sequence[Line], number: int) -> bool:
    return any(is_date_line(line.text) for line in lines[max(0, number - 3) : number + 4])
