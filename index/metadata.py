"""Title, authors, outlet, date and address of an article, each with where it was found. Pure.

What the format itself states (JSON-LD, a column, front matter) comes first, then data embedded in the page,
then the lines of the page. What no line states is left out; only a missing title is made up, from the lead,
and says so. The day of import, a file's own dates and the year of a copyright line are never used.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from index.dates import date_in_url, find_date
from index.embedded import embedded_objects
from index.layout import find_headline
from index.lines import Line, byline_names, is_date_line, is_name, note_author, split_lines
from index.loaders.fields import AUTHORS, PUBLISHED, URL, date_of, names_of, text_of, value_of
from index.mastheads import RUNNING_HEAD, find_masthead
from index.names import split_names
from index.outlets import AGENCIES, known_outlet, outlet_name, outlet_of_url
from index.schema import Cleaned, Metadata, Page, RemovalReason, Sourced

FILE = "file metadata"
"""Source of what a PDF or Word file says about itself; used only where the text says nothing."""

DERIVED = "derived from the lead"
LONGEST_DERIVED = 120
HEAD_LINES = 14
"""How many lines at the top of the article may hold its byline and date line."""

_EMBEDDED_OUTLET = ("blog", "publication", "outlet", "site_name", "sitename", "site", "publisher", "source")
_PUBLISHED_LABEL = re.compile(r"^\W{0,3}(?:first )?(?:published|posted)\b", re.IGNORECASE)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)[\s©]{0,4}(?:\(c\)\s)?(?:copyright\s)?(?:\d{4}(?:\s?[-–]\s?\d{2,4})?)?,?\s?(?:by\s)?"
    r"(?P<holder>[A-Z][^.|©\n]{1,70}?)(?:,? (?:LLC|Inc|Ltd|Limited|LP|GmbH|Co)\b.*|\.|\||,|$| all "
    r"rights.*| \d{4}.*)",
    re.IGNORECASE,
)
_CREDIT_OUTLET = re.compile(r"(?:/|\bfor |\|\s?)(?P<outlet>(?:The )?[A-Z][\w’'&. ]{2,50}?)\)?$")
_NOTE_OUTLET = re.compile(
    r"\b(?:for|at|of|with) (?P<outlet>(?:The )?[A-Z][\w&’']{1,20}(?: (?:of|and|the|[A-Z][\w&’']{1,20})){0,4})"
)
_CONTRIBUTION = re.compile(
    r"^contributing\b|\bcontributed (?:reporting|research|to this|from|additional)\b|"
    r"\b(?:additional )?(?:reporting|research) by\b",
    re.IGNORECASE,
)
"""Notes on those who helped, who are not the authors."""

_ROLE_LINE = re.compile(
    r"\b(?:fellow|editor|correspondent|reporter|columnist|writer|analyst|contributor|director|scholar)\b",
    re.IGNORECASE,
)
HEAD_CHARACTERS = 8_000
"""How much of a page may stand above its second paragraph."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What the finders look at: the page's lines, those that stayed, and the objects embedded in it."""

    page: Page
    cleaned: Cleaned
    kept: list[Line]
    head: list[Line]
    objects: list[dict[str, Any]]
    masthead: tuple[str, str | None] | None = None


def extract_metadata(page: Page, cleaned: Cleaned) -> Metadata:
    """Collect what the page states about its article."""
    kept = split_lines(cleaned.text)
    sheet = _Sheet(page, cleaned, kept, _head(page, kept), _embedded(page, cleaned))
    hints = page.hints
    url = hints.url or _url(sheet)
    title = _stated(hints.title) or _title(sheet) or hints.title or _derived_title(sheet)
    authors = tuple(one for one in hints.authors if one.source != FILE) or _authors(sheet) or hints.authors
    names = [author.value for author in authors]
    sheet = replace(sheet, masthead=find_masthead(_header(sheet), title.value if title else None, names))
    return Metadata(
        title=title,
        authors=authors,
        outlet=_named(_stated(hints.outlet), url) or _outlet(sheet, url) or hints.outlet,
        published=_stated(hints.published) or _published(sheet, url) or hints.published,
        url=url,
    )


def _stated(hint: Sourced | None) -> Sourced | None:
    return hint if hint is not None and hint.source not in (FILE, RUNNING_HEAD) else None


def _named(outlet: Sourced | None, url: Sourced | None) -> Sourced | None:
    name = outlet_name(outlet.value, url.value if url else None) if outlet else None
    return Sourced(name, outlet.source) if outlet and name else None


def _head(page: Page, kept: list[Line]) -> list[Line]:
    """Return the lines that may hold byline and date: the first ones kept, or those of HTML above them.

    An extractor takes bylines and date lines out of the text, so that for HTML the last lines above the
    first paragraph are read as well.
    """
    head = kept[:HEAD_LINES]
    if not page.removed or not kept:
        return head
    lines = split_lines(page.raw[: page.raw.find(kept[0].text)])
    return lines[-HEAD_LINES:] + head


def _header(sheet: _Sheet) -> list[Line]:
    """Return the lines above the second paragraph; of a saved page, those too that went as menu entries."""
    lines = sheet.head if sheet.page.removed else split_lines(sheet.page.raw[:HEAD_CHARACTERS])
    removed = [] if sheet.page.removed else list(sheet.cleaned.removed)
    header: list[Line] = []
    paragraphs = 0
    for line in lines:
        reason = next((span.reason for span in removed if span.start <= line.start < span.end), None)
        if reason not in (None, RemovalReason.MENU, RemovalReason.FURNITURE):
            continue
        paragraphs += line.is_prose and not line.is_open
        if paragraphs == 2:
            break
        header.append(line)
    return header


def _embedded(page: Page, cleaned: Cleaned) -> list[dict[str, Any]]:
    return [
        one
        for span in cleaned.removed
        if span.reason == RemovalReason.DATA
        for one in embedded_objects(page.raw[span.start : span.end])
    ]


def _title(sheet: _Sheet) -> Sourced | None:
    for fields in sheet.objects:
        if title := text_of(value_of(fields, ("headline", "title"))):
            return Sourced(title, "embedded data")
    at = find_headline(sheet.kept, {})
    return Sourced(sheet.kept[at].text, "headline") if at is not None else None


def _derived_title(sheet: _Sheet) -> Sourced | None:
    """Make a title of the first sentence, cut at a word where it is long."""
    lead = next((line.text for line in sheet.kept if line.is_prose and not is_date_line(line.text)), None)
    lead = lead or next((line.text for line in sheet.kept if line.words >= 3), None)
    if lead is None:
        return None
    sentence = re.split(r"(?<=[a-z0-9”\"][.!?])\s+(?=[A-Z“\"])", lead[:600], maxsplit=1)[0].rstrip(". ")
    if len(sentence) > LONGEST_DERIVED:
        sentence = sentence[:LONGEST_DERIVED].rsplit(" ", 1)[0].rstrip(",;:–— ") + " …"
    return Sourced(sentence, DERIVED)


def _authors(sheet: _Sheet) -> tuple[Sourced, ...]:
    for finder in (_embedded_authors, _byline_authors, _name_lines, _note_authors):
        names = list(dict.fromkeys(finder(sheet)))
        if names:
            source = {
                _embedded_authors: "embedded data",
                _byline_authors: "byline",
                _name_lines: "byline",
            }.get(finder, "author note")
            return tuple(Sourced(name, source) for name in names[:12])
    return ()


def _embedded_authors(sheet: _Sheet) -> Iterator[str]:
    for fields in sheet.objects:
        yield from names_of(value_of(fields, AUTHORS))


def _byline_authors(sheet: _Sheet) -> Iterator[str]:
    for line in sheet.head:
        names = byline_names(line.text)
        if names:
            yield from (name for name in split_names(names) if _is_writer(name))


def _is_writer(name: str) -> bool:
    """Whether a name in a byline is no paper's ("By The Oklahoman"); agencies write under their own."""
    return not name.startswith("The ") or name.lower() in AGENCIES


def _name_lines(sheet: _Sheet) -> Iterator[str]:
    """Names alone on their line right above an outlet's name, a job title or the date line."""
    head = sheet.head
    for number, line in enumerate(head[:-1]):
        if line.is_prose:
            return
        below = head[number + 1]
        ends_name = (
            known_outlet(below.text)
            or is_date_line(below.text)
            or (below.words <= 8 and _ROLE_LINE.search(below.text))
        )
        names = [] if line.text.isupper() or known_outlet(line.text) else split_names(line.text)
        if ends_name and names and all(is_name(name) and _is_writer(name) for name in names):
            yield from names


def _note_authors(sheet: _Sheet) -> Iterator[str]:
    """Whom the notes below the last paragraph introduce, read upwards until a line is no note."""
    names: list[str] = []
    tail = sheet.kept[-8:] if len(sheet.kept) > 4 else []
    below: Line | None = None
    for line in reversed(tail):
        has_role = below is not None and below.words <= 12 and _ROLE_LINE.search(below.text) is not None
        below = line
        if _CONTRIBUTION.search(line.text[:400]):
            continue
        name = note_author(line.text) or (line.text if has_role and is_name(line.text) else None)
        if name is None and line.words > 12:
            break
        if name is not None and _is_writer(name):
            names.append(name)
    yield from reversed(names)


def _outlet(sheet: _Sheet, url: Sourced | None) -> Sourced | None:
    for finder in (
        _embedded_outlet,
        _url_outlet,
        _label_outlet,
        _masthead_outlet,
        _credit_outlet,
        _note_outlet,
        _copyright_outlet,
    ):
        found = finder(sheet, url)
        if found is not None:
            return found
    return None


def _embedded_outlet(sheet: _Sheet, _url: Sourced | None) -> Sourced | None:
    for fields in sheet.objects:
        if outlet := text_of(value_of(fields, _EMBEDDED_OUTLET)):
            return Sourced(known_outlet(outlet) or outlet, "embedded data")
    return None


def _url_outlet(_sheet: _Sheet, url: Sourced | None) -> Sourced | None:
    outlet = outlet_of_url(url.value) if url else None
    return Sourced(outlet, "url") if outlet else None


def _masthead_outlet(sheet: _Sheet, _url: Sourced | None) -> Sourced | None:
    return Sourced(sheet.masthead[0], "masthead") if sheet.masthead else None


def _credit_outlet(sheet: _Sheet, _url: Sourced | None) -> Sourced | None:
    """The paper a photo was taken for ("Credit...Jane Doe/The Daily"); agencies sell to every paper."""
    for text in _removed_texts(sheet, RemovalReason.CREDIT):
        match = _CREDIT_OUTLET.search(text[-160:])
        if match and match["outlet"].lower() not in AGENCIES and " via " not in text:
            known = known_outlet(match["outlet"])
            if known or match["outlet"].startswith("The "):
                return Sourced(known or match["outlet"], "photo credit")
    return None


def _label_outlet(sheet: _Sheet, _url: Sourced | None) -> Sourced | None:
    """A line at the top that is an outlet's name, alone or before the dash of a dateline ("London CNN —")."""
    for line in sheet.kept[:HEAD_LINES]:
        words = line.text[:60].rstrip(" —–-").split()
        known = known_outlet(" ".join(words)) if len(words) <= 6 else None
        if known is None and line.text.endswith("—") and len(words) <= 6:
            known = known_outlet(words[-1]) or known_outlet(" ".join(words[-2:]))
        if known:
            return Sourced(known, "label")
    return None


def _note_outlet(sheet: _Sheet, _url: Sourced | None) -> Sourced | None:
    for line in sheet.kept[-8:]:
        if note_author(line.text):
            for match in _NOTE_OUTLET.finditer(line.text[:400]):
                if known := known_outlet(match["outlet"]):
                    return Sourced(known, "author note")
    return None


def _copyright_outlet(sheet: _Sheet, _url: Sourced | None) -> Sourced | None:
    for text in _removed_texts(sheet, RemovalReason.FOOTER):
        for row in text.split("\n")[:20]:
            match = _COPYRIGHT.search(row[:300])
            if match:
                holder = match["holder"].strip(" ,")
                return Sourced(known_outlet(holder) or holder, "copyright line")
    return None


def _removed_texts(sheet: _Sheet, reason: RemovalReason) -> Iterator[str]:
    for span in sheet.cleaned.removed:
        if span.reason == reason:
            yield sheet.page.raw[span.start : span.end].strip()


def _published(sheet: _Sheet, url: Sourced | None) -> Sourced | None:
    for fields in sheet.objects:
        if date := date_of(value_of(fields, PUBLISHED)):
            return Sourced(date, "embedded data")
    if dated := _date_line(sheet.head):
        return Sourced(*dated)
    if date := _published_line(sheet.kept):
        return Sourced(date, "date line")
    if sheet.masthead and sheet.masthead[1]:
        return Sourced(sheet.masthead[1], "masthead")
    path_date = date_in_url(url.value) if url else None
    return Sourced(path_date, "url") if path_date else None


def _date_line(head: Sequence[Line]) -> tuple[str, str] | None:
    """The date of a date line above the third paragraph, with its source."""
    prose = 0
    for line in head:
        if prose < 3 and is_date_line(line.text) and (found := find_date(line.text)):
            return found.iso, "date line, updated" if line.text.lower().startswith("updated") else "date line"
        prose += line.is_prose
    return None


def _published_line(kept: Sequence[Line]) -> str | None:
    """The date of a line that says "Published", wherever it stands."""
    for line in kept:
        if len(line.text) <= 140 and _PUBLISHED_LABEL.match(line.text) and (found := find_date(line.text)):
            return found.iso
    return None


def _url(sheet: _Sheet) -> Sourced | None:
    for fields in sheet.objects:
        url = text_of(value_of(fields, URL))
        if url.startswith(("http://", "https://")):
            return Sourced(url, "embedded data")
    for line in [*sheet.kept[:5], *sheet.kept[-3:]]:
        address = line.text.removeprefix("URL:").removeprefix("Source:").strip()
        if re.fullmatch(r"https?://[^\s/]{3,200}/\S{1,1500}", address[:2000]):
            return Sourced(address, "line of the page")
    return None


__all__ = ["DERIVED", "extract_metadata"]
