"""From an article to the plain JSON value that the reader draws: text, facts and what was removed. Pure."""

from collections.abc import Sequence

from index.schema import Article, Metadata, Removed, Sourced, Span
from ui.view import NO_TITLE, Json, date_text, link_of


def closed_reader(text: str = "") -> Json:
    """Return the reader without an article; `text` says why where there should be one."""
    return {"state": "closed", "text": text}


def reader_view(article: Article, mark: Span | None = None) -> Json:
    """Return an article as the reader shows it, with the quoted span marked.

    `paragraphs` is the cleaned text and `page` the raw page with the removed spans and their reasons; both
    are lists of paragraphs, each a list of runs of text.
    """
    metadata = article.metadata
    return {
        "state": "open",
        "article": article.id,
        "title": metadata.title.value if metadata.title else NO_TITLE,
        "title_source": metadata.title.source if metadata.title else "",
        "outlet": metadata.outlet.value if metadata.outlet else "",
        "authors": ", ".join(author.value for author in metadata.authors),
        "published": date_text(metadata.published.value if metadata.published else None),
        "published_source": metadata.published.source if metadata.published else "",
        "link": link_of(metadata.url.value if metadata.url else None),
        "file": article.file,
        "facts": metadata_rows(metadata),
        "words": len(article.text.split()),
        "paragraphs": marked_paragraphs(article.text, mark),
        "page": page_paragraphs(article.raw, article.removed) if article.removed else [],
        "removed": len(article.removed),
        "deletable": False,
    }


def metadata_rows(metadata: Metadata) -> list[Json]:
    """Return each metadata value with where it was found; a value that is not known says so."""
    single = (("Title", metadata.title), ("Outlet", metadata.outlet), ("Published", metadata.published))
    rows = [_fact(label, value) for label, value in single]
    rows[2:2] = [_fact("Author", author) for author in metadata.authors] or [_fact("Author", None)]
    return [*rows, _fact("Address", metadata.url)]


def _fact(label: str, value: Sourced | None) -> Json:
    if value is None:
        return {"label": label, "value": "not given on the page", "source": "", "known": False}
    shown = date_text(value.value) if label == "Published" else value.value
    return {"label": label, "value": shown, "source": value.source, "known": True}


def marked_paragraphs(text: str, mark: Span | None) -> list[list[Json]]:
    """Cut the text into paragraphs of runs, so that the marked runs together are exactly the marked span.

    Line breaks inside the span are not shown, so they stand in no run.
    """
    marks = [(mark.start, mark.end, "mark")] if mark else []
    return _paragraphs(text, marks)


def page_paragraphs(raw: str, removed: Sequence[Removed]) -> list[list[Json]]:
    """Cut the raw page into lines of runs; removed runs carry their reason."""
    spans = sorted((span.start, span.end, span.reason.value) for span in removed)
    return _paragraphs(raw, spans)


def _paragraphs(text: str, spans: Sequence[tuple[int, int, str]]) -> list[list[Json]]:
    """Return the lines of `text` that hold anything, each as runs; `spans` are sorted by their start."""
    paragraphs: list[list[Json]] = []
    start = 0
    for line in text.splitlines(keepends=True):
        end = start + len(line.rstrip("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"))
        if text[start:end].strip():
            inside = [span for span in spans if span[0] < end and span[1] > start]
            paragraphs.append(runs_of(text, start, end, inside))
        start += len(line)
    return paragraphs


def runs_of(text: str, start: int, end: int, spans: Sequence[tuple[int, int, str]]) -> list[Json]:
    """Cut `text[start:end]` into runs, each with the kind of the span it lies in; spans are sorted."""
    runs: list[Json] = []
    at = start
    for span_start, span_end, kind in spans:
        begin, stop = max(span_start, at), min(span_end, end)
        if begin >= stop:
            continue
        if begin > at:
            runs.append({"text": text[at:begin], "kind": ""})
        # A span that runs over several lines is named once, at its first line.
        runs.append({"text": text[begin:stop], "kind": kind, "first": span_start >= start})
        at = stop
    if at < end:
        runs.append({"text": text[at:end], "kind": ""})
    return runs
