"""From the library to the plain JSON values of its table, status line and footer. Pure."""

from collections.abc import Sequence

from index.reports import IngestReport, LibraryStats
from index.schema import ArticleCard, Failure
from ui.view import Json, card_view, count_text, date_text


def library_view(rows: Sequence[Json], stats_line: str, page: int, pages: int, found: int) -> Json:
    """Return one page of the table of articles."""
    return {"rows": list(rows), "stats": stats_line, "page": page, "pages": pages, "found": found}


def library_row(card: ArticleCard, words: int, group_size: int) -> Json:
    """Return one line of the table; `group_size` counts the near-duplicates with the article itself."""
    return card_view(card) | {
        "words": f"{words:,}",
        "copies": f"1 of {group_size} copies" if group_size > 1 else "",
    }


def stats_text(stats: LibraryStats) -> str:
    """Return the library in one line: how many articles, from where, from when."""
    if not stats.articles:
        return "The library is empty."
    parts = [count_text(stats.articles, "article")]
    if stats.groups < stats.articles:
        parts.append(count_text(stats.groups, "different story", "different stories"))
    parts.append(count_text(len(stats.outlets), "outlet"))
    if stats.published_from and stats.published_to:
        parts.append(f"{date_text(stats.published_from[:10])} to {date_text(stats.published_to[:10])}")
    if stats.undated:
        parts.append(f"{stats.undated:,} undated")
    return " · ".join(parts)


def footer_text(stats: LibraryStats) -> str:
    """Return the footer: what the answers rest on."""
    return (
        f"{count_text(stats.articles, 'article')} · {count_text(stats.statements, 'statement')} · "
        f"model {stats.model} · everything stays on this machine"
    )


def matches(card: ArticleCard, words: str) -> bool:
    """Say whether every word stands in the article's title, outlet, authors or file name."""
    where = " ".join((card.title, card.outlet or "", *card.authors, card.file)).casefold()
    return all(word in where for word in words.casefold().split())


def status_view(
    text: str, kind: str = "", failures: Sequence[Failure] = (), share: float | None = None
) -> Json:
    """Return a status line: its text, "good" or "bad" or neither, files that failed, and the share done."""
    failed = [{"file": failure.file, "reason": failure.reason} for failure in failures]
    return {"text": text, "kind": kind, "failures": failed, "share": share}


def progress_view(done: int, files: int, articles: int) -> Json:
    """Return the status line of an upload that goes on."""
    text = f"{done:,} of {count_text(files, 'file')} read, {count_text(articles, 'article')} added …"
    return status_view(text, share=done / max(files, 1))


def report_view(report: IngestReport, refused: Sequence[Failure] = ()) -> Json:
    """Return what an upload did, with every file that did not become an article."""
    failures = (*refused, *report.failures)
    counts = (
        (report.added, "added"),
        (report.changed, "changed"),
        (report.unchanged, "already there"),
        (report.duplicates, "the same text as another"),
    )
    done = ", ".join(f"{count:,} {word}" for count, word in counts if count) or "Nothing added"
    if failures:
        done += f"; {count_text(len(failures), 'file')} could not be read"
    return status_view(f"{done}.", "bad" if failures else "good", failures)
