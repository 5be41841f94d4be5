"""What all commands of `python -m index` share: exit codes, filters, JSON, stopping in good order."""

import argparse
import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from index.library import Library
from index.reports import IngestReport
from index.schema import Filter

Say = Callable[[str], None]

DONE, PROBLEMS, SOME_FAILED, INTERRUPTED = 0, 1, 3, 130


def filter_of(options: argparse.Namespace) -> Filter:
    """Return the filter that the options ask for."""
    return Filter(
        outlets=tuple(options.outlet),
        authors=tuple(options.author),
        published_from=options.published_from,
        published_to=options.published_to,
    )


def as_json(value: Any, indent: int | None = 2) -> str:  # noqa: ANN401 - anything JSON can hold
    """Return a value as JSON, letters as they are."""
    return json.dumps(value, ensure_ascii=False, indent=indent)


@contextmanager
def stop_on_signal() -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C or SIGTERM into a wish to stop; the second one stops at once."""
    asked: list[int] = []

    def note(number: int, _frame: object) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)

    former = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Callable[[Any], None] | None]:
    """Draw a progress bar on a terminal: files, articles a second, time left."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with tqdm(unit=" files", dynamic_ncols=True, file=sys.stderr) as bar:

        def draw(progress: Any) -> None:  # noqa: ANN401 - ingest.Progress, which is imported late
            bar.total = progress.files_total
            seconds = bar.format_dict["elapsed"] or 1.0
            bar.set_postfix_str(
                f"{progress.articles:,} articles, {progress.articles / seconds:.1f}/s", refresh=False
            )
            bar.update(progress.files_done - bar.n)

        yield draw


def tell_added(report: IngestReport, say: Say, *, quiet: bool) -> int:
    """Say what an `add` did and return its exit code; what failed goes to standard error."""
    for failure in report.failures:
        sys.stderr.write(f"{failure.file}: {failure.reason}\n")
    if not quiet:
        say(summary(report))
    if report.interrupted:
        sys.stderr.write("Interrupted. What was added is safe; run the same command again to go on.\n")
        return INTERRUPTED
    return SOME_FAILED if report.failures else DONE


def summary(report: IngestReport) -> str:
    """Return one line that says what an `add` did."""
    counts = [
        (report.added, "added"),
        (report.changed, "changed"),
        (report.unchanged, "unchanged"),
        (report.duplicates, "already there under another name"),
        (report.removed, "removed"),
        (len(report.failures), "failed"),
    ]
    said = ", ".join(f"{count:,} {what}" for count, what in counts if count) or "nothing to add"
    new = report.added + report.changed
    speed = f" ({new / report.seconds:.1f} articles/s)" if new and report.seconds > 0 else ""
    share = f"; statements {report.statement_seconds:.1f} s CPU of {report.cpu_seconds:.1f}" if new else ""
    return f"{said} in {report.seconds:.1f} s{speed}{share}"


def counting_bar(*, quiet: bool) -> Callable[[int, int], None] | None:
    """Return what draws how many of all articles are done; None where nobody would see it."""
    if quiet or not sys.stderr.isatty():
        return None
    from tqdm import tqdm

    bar = tqdm(unit=" articles", dynamic_ncols=True, file=sys.stderr)

    def draw(done: int, total: int) -> None:
        bar.total = total
        bar.update(done - bar.n)
        if done == total:
            bar.close()

    return draw


def remove_articles(options: argparse.Namespace, say: Say) -> int:
    """Delete the articles that a command names from its library, of one folder or in shards."""
    with Library.open(options.library, write=True) as library:
        ids = list(dict.fromkeys(library.store.resolve(name) for name in options.articles))
        cards = [library.store.card(article_id) for article_id in ids]
        library.store.remove(ids)
        library.store.save(shrink=True)
    for card in cards:
        say(f"removed {card.id}  {card.title}")
    return DONE
