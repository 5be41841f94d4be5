"""From files to pages: which loader reads which format, and what becomes of files that cannot be read."""

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.clean import clean
from index.errors import InputError, LoadError
from index.loaders.content import reason_of
from index.schema import Failure, Page

logger = logging.getLogger(__name__)

Loader = Callable[[Path], Iterator[Page | Failure]]

SMALL_PAGE = 5_000
"""Pages of up to this many characters are cleaned once at loading, to tell the reader about empty ones."""

ROW, PACKED_ROW = 8_000, 3_000
"""Bytes that an article of a table takes, roughly: one of 1,200 words with its address and its dates."""

EMPTY = "read, but holds no article text"


@dataclass(frozen=True, slots=True)
class Found:
    """The article files under the given paths, in order, and the files that no loader reads."""

    files: tuple[Path, ...]
    failures: tuple[Failure, ...]


def discover(paths: Sequence[Path]) -> Found:
    """List the files to load: folders are searched to any depth, in name order, without hidden files.

    A link that leads out of its folder is reported and not followed.

    Raises:
        InputError: When a path does not exist.
    """
    files: dict[Path, None] = {}
    failures: list[Failure] = []
    for path in paths:
        if not path.exists():
            raise InputError(f"There is no file or folder {path}.", "Check the path.")
        for file in _walk(path) if path.is_dir() else (path,):
            reason = _refusal(file, path)
            if reason:
                failures.append(Failure(file.name, reason))
            else:
                files[file.absolute()] = None
    return Found(tuple(files), tuple(failures))


def load(path: Path) -> Iterator[Page | Failure]:
    """Yield the article of a file, or one article a row; what cannot be read comes as a Failure."""
    loader = _loader_for(path)
    if loader is None:
        yield Failure(path.name, _unknown(path))
        return
    try:
        for result in loader(path):
            yield _checked(result) if isinstance(result, Page) else result
    except LoadError as error:
        yield Failure(path.name, error.message)
    except OSError as error:
        yield Failure(path.name, f"cannot be read: {reason_of(error)}")


def supported_suffixes() -> tuple[str, ...]:
    """Return the file suffixes that can be loaded."""
    return tuple(sorted(_LOADERS))


def likely_articles(path: Path, size: int) -> int:
    """Return how many articles a file of so many bytes holds, without looking into it: 1 or more."""
    if _loader_for(path) is not _rows:
        return 1
    return max(1, size // (PACKED_ROW if path.suffix.lower() == ".gz" else ROW))


def _checked(page: Page) -> Page | Failure:
    short = len(page.raw) <= SMALL_PAGE
    if not any(character.isalnum() for character in page.raw) or (short and not clean(page).text):
        return Failure(page.file, EMPTY)
    return page


def _walk(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(root) / name


def _refusal(file: Path, given: Path) -> str | None:
    """Say why a file is not loaded; None when it is."""
    if given.is_dir() and file.is_symlink() and not file.resolve().is_relative_to(given.resolve()):
        return "is a link that leads out of the folder; not followed"
    if not file.is_file():
        return "is not a regular file"
    return None if _loader_for(file) else _unknown(file)


def _unknown(path: Path) -> str:
    suffix = path.suffix.lower()
    kind = f"{suffix} files" if suffix else "files without a suffix"
    return f"no loader reads {kind}; supported: {', '.join(supported_suffixes())}"


def _loader_for(path: Path) -> Loader | None:
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    return _LOADERS.get("".join(suffixes)) or (_LOADERS.get(suffixes[-1]) if suffixes else None)


def _text(path: Path) -> Iterator[Page | Failure]:
    from index.loaders.page_text import load_text

    yield load_text(path)


def _markdown(path: Path) -> Iterator[Page | Failure]:
    from index.loaders.markdown import load_markdown

    yield load_markdown(path)


def _rows(path: Path) -> Iterator[Page | Failure]:
    from index.loaders.rows import load_rows

    return load_rows(path)


def _limited(path: Path) -> Iterator[Page | Failure]:
    from index.loaders.limited import parse_limited

    yield parse_limited(path)


_LOADERS: dict[str, Loader] = {
    **dict.fromkeys((".txt", ".text"), _text),
    **dict.fromkeys((".md", ".markdown"), _markdown),
    **dict.fromkeys((".html", ".htm", ".xhtml", ".html.gz", ".htm.gz", ".pdf", ".docx"), _limited),
    **dict.fromkeys((".json", ".jsonl", ".ndjson", ".csv", ".tsv"), _rows),
    **dict.fromkeys((".json.gz", ".jsonl.gz", ".ndjson.gz", ".csv.gz"), _rows),
}

__all__ = ["Found", "discover", "likely_articles", "load", "supported_suffixes"]
