"""What each command of `python -m index` does. They return exit codes and say their lines through `say`."""

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index import ledger_commands
from index.cluster import commands as cluster_commands
from index.command_line import (
    DONE,
    PROBLEMS,
    SOME_FAILED,
    Say,
    as_json,
    filter_of,
    progress_bar,
    remove_articles,
    stop_on_signal,
    tell_added,
)
from index.config import IndexConfig
from index.errors import InputError, LibraryMissingError
from index.library import Library
from index.questions import BadRow, QuestionRow, read_questions
from index.schema import Article, ArticleCard, Filter, Hit

if TYPE_CHECKING:
    from index.search import SearchSettings


def add(options: argparse.Namespace, say: Say) -> int:
    """Add articles, making the library when there is none."""
    from index.ingest import add as ingest

    for path in options.paths:
        if not path.exists():
            raise InputError(f"There is no file or folder {path}.", "Check the path.")
    with (
        _writable(options.library, options.model) as library,
        stop_on_signal() as stop,
        progress_bar(quiet=options.quiet) as progress,
    ):
        report = ingest(
            library, options.paths, sync=options.sync, jobs=options.jobs, progress=progress, stop=stop
        )
    return tell_added(report, say, quiet=options.quiet)


def remove(options: argparse.Namespace, say: Say) -> int:
    """Delete articles."""
    return remove_articles(options, say)


def list_articles(options: argparse.Namespace, say: Say) -> int:
    """List articles, newest first."""
    with Library.open(options.library) as library:
        cards = library.store.articles(filter_of(options))
    if options.json:
        say(as_json([asdict(card) for card in cards]))
        return DONE
    for card in cards:
        say(_line(card))
    return DONE


def show(options: argparse.Namespace, say: Say) -> int:
    """Show one article with its metadata and what was removed."""
    with Library.open(options.library) as library:
        article_id = library.store.resolve(options.article)
        article, card = library.store.article(article_id), library.store.card(article_id)
        files = [source.file for source in library.store.sources_of(article_id)]
    if options.json:
        say(as_json(_article_json(article, card, files)))
        return DONE
    for line in _article_lines(article, card, files):
        say(line)
    if not options.removed:
        say(f"\n{article.text}")
        return DONE
    for number, span in enumerate(article.removed, start=1):
        text = " ".join(article.raw[span.start : span.end].split())
        say(f"{number:>4}  {span.reason.value}: {text}")
    return DONE


def search(options: argparse.Namespace, say: Say) -> int:
    """Find passages for one question, or for each line of a file."""
    from index.search import search as find
    from index.settings import read_search_settings

    if (options.words is None) == (options.questions is None):
        raise InputError(
            "Nothing to search for." if options.words is None else "Words and a file of questions.",
            'Give either "words" or --questions FILE.jsonl.',
        )
    limits, settings = filter_of(options), read_search_settings(options.library)
    with Library.open(options.library) as library:
        if options.questions is not None:
            return _search_file(library, options, limits, settings, say)
        hits = find(library, options.words, k=options.k, filter=limits, settings=settings)
    if options.json:
        say(as_json({"question": options.words, "hits": [_hit_json(hit) for hit in hits]}))
        return DONE
    for hit in hits:
        say(f"{hit.rank:>2}. {hit.scores.fused:.3f}  {_line(hit.article)}")
        say(f"      [{hit.start}:{hit.end}] {' '.join(hit.text.split())}")
    return DONE


def _search_file(
    library: Library, options: argparse.Namespace, limits: Filter, settings: "SearchSettings", say: Say
) -> int:
    """Print a line of hits for each question of a file; a bad row gives a line with its error."""
    from index.search import search as find

    code = DONE
    for row in read_questions(options.questions):
        if isinstance(row, QuestionRow):
            try:
                hits = find(library, row.question, k=options.k, filter=limits, settings=settings)
                say(as_json({"id": row.id, "hits": [_hit_json(hit) for hit in hits]}, indent=None))
                continue
            except InputError as error:
                row = BadRow(f"{row.id}: {error}")
        say(as_json({"error": row.error}, indent=None))
        code = SOME_FAILED
    return code


def stats(options: argparse.Namespace, say: Say) -> int:
    """Show the size and make of the library."""
    with Library.open(options.library) as library:
        found = library.store.stats()
    if options.json:
        say(as_json(asdict(found)))
        return DONE
    dates = f"{found.published_from} to {found.published_to}" if found.published_from else "none dated"
    say(f"{found.articles:,} articles in {found.groups:,} stories, {dates}, {found.undated:,} undated")
    say(
        f"{found.chunks:,} chunks, {found.sentences:,} sentences, {found.mentions:,} names and amounts, "
        f"{found.statements:,} statements"
    )
    say(
        f"{found.bytes_on_disk / 1e6:.1f} MB; model {found.model}, {found.dimension} dimensions; "
        f"format {found.format_version}; {found.vectors}"
    )
    if found.outdated:
        say(
            f"the statements of {found.outdated:,} articles were found by an earlier version; "
            "python -m index reread finds them again"
        )
    for outlet, count in found.outlets:
        say(f"{count:>7,}  {outlet}")
    return DONE


def verify(options: argparse.Namespace, say: Say) -> int:
    """Check every byte."""
    with Library.open(options.library) as library:
        problems = library.store.verify()
        count = library.store.stats().articles
    for problem in problems:
        say(problem)
    if problems:
        sys.stderr.write(f"{len(problems)} problems. python -m index repair rebuilds what is derived.\n")
        return PROBLEMS
    say(f"{count:,} articles checked, no problem found")
    return DONE


def repair(options: argparse.Namespace, say: Say) -> int:
    """Rebuild what is derived."""
    with Library.open(options.library, write=True) as library:
        for line in library.store.repair():
            say(line)
    return DONE


def restore(options: argparse.Namespace, say: Say) -> int:
    """Put a removed text back."""
    from index.rework import restore as put_back

    with Library.open(options.library, write=True) as library:
        article = put_back(library, library.store.resolve(options.article), options.number)
    say(f"restored; the article's id is now {article.id}")
    return DONE


COMMANDS: dict[str, Callable[[argparse.Namespace, Say], int]] = {
    "add": add,
    "remove": remove,
    "list": list_articles,
    "show": show,
    "search": search,
    "stats": stats,
    "verify": verify,
    "repair": repair,
    "restore": restore,
    "cluster": cluster_commands.run,
    **ledger_commands.COMMANDS,
}


def _writable(path: Path, model: str | None) -> Library:
    """Open the library for writing, or make it."""
    try:
        library = Library.open(path, write=True, model=model)
    except LibraryMissingError:
        return Library.create(path, replace(IndexConfig(), model=model) if model else IndexConfig())
    if model is not None and model != library.config.model:
        try:
            # Loading it compares its vectors with the library's: better now than after the first file.
            _ = library.embedder
        except BaseException:
            library.close()
            raise
    return library


def _line(card: ArticleCard) -> str:
    day = card.published[:10] if card.published else "undated   "
    return f"{card.id}  {day}  {card.title}  ({card.outlet or card.file})"


def _article_lines(article: Article, card: ArticleCard, files: list[str]) -> Iterator[str]:
    yield f"{card.title}"
    yield f"id: {article.id}" + ("" if card.group == article.id else f" (one story with {card.group})")
    metadata = article.metadata
    named = {
        "title": metadata.title,
        "outlet": metadata.outlet,
        "published": metadata.published,
        "url": metadata.url,
    }
    for name, value in named.items():
        yield f"{name}: {value.value}  [{value.source}]" if value else f"{name}: unknown"
    for author in metadata.authors:
        yield f"author: {author.value}  [{author.source}]"
    for file in files:
        yield f"file: {file}"
    yield f"removed: {len(article.removed)} texts"


def _article_json(article: Article, card: ArticleCard, files: list[str]) -> dict[str, Any]:
    removed = [
        {
            "number": number,
            "start": span.start,
            "end": span.end,
            "reason": span.reason.value,
            "text": article.raw[span.start : span.end],
        }
        for number, span in enumerate(article.removed, start=1)
    ]
    return {
        "id": article.id,
        "file": article.file,
        "files": files,
        "group": card.group,
        "metadata": asdict(article.metadata),
        "text": article.text,
        "removed": removed,
    }


def _hit_json(hit: Hit) -> dict[str, Any]:
    return {
        "article": hit.article.id,
        "file": hit.article.file,
        "url": hit.article.url,
        "title": hit.article.title,
        "start": hit.start,
        "end": hit.end,
        "text": hit.text,
        "scores": asdict(hit.scores),
    }
