"""The one entry to gold files: the format is found or forced, bad rows told apart, the digest taken."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from eval.formats import beir, dateline, multihop, plain, ragas, realtimeqa, rgb, squad, trec
from eval.formats.format import Format, Look, read_text
from eval.schema import BadRow, Case, Gold, GoldArticle
from index.errors import InputError

FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        beir.FORMAT,
        trec.FORMAT,
        multihop.FORMAT,
        ragas.FORMAT,
        squad.FORMAT,
        *rgb.FORMATS,
        realtimeqa.FORMAT,
        dateline.FORMAT,
        plain.FORMAT,
    )
}
"""By name, the most particular first: detection takes the first that recognises a file."""


def read_gold(path: Path, *, format: str | None = None, strict: bool = False) -> Gold:  # noqa: A002
    """Read a gold file or folder.

    Args:
        path: The file, or the folder of formats that are folders.
        format: A name of FORMATS; found from the contents when None.
        strict: Whether a bad row is an error rather than a part of the result.

    Raises:
        InputError: It cannot be read, no format fits, it holds no question, or `strict` and a row is bad.
    """
    chosen = find_format(path, format)
    cases: dict[str, Case] = {}
    bad: list[BadRow] = []
    for row in chosen.read(path):
        if isinstance(row, Case) and row.id in cases:
            row = BadRow(path.name, f"the id {row.id!r} is given twice ({row.question[:60]!r}).")
        if isinstance(row, Case):
            cases[row.id] = row
        elif strict:
            raise InputError(str(row), "Mend the row, or leave --strict away to go on without it.")
        else:
            bad.append(row)
    if not cases:
        first = f" First: {bad[0]}" if bad else ""
        raise InputError(f"{path} holds no usable question.{first}", f"Read as format {chosen.name!r}.")
    return Gold(path, chosen.name, digest_of(chosen.files(path)), tuple(cases.values()), tuple(bad))


def gold_articles(path: Path, *, format: str | None = None) -> Iterator[GoldArticle]:  # noqa: A002
    """Yield the articles that come with a gold file.

    Raises:
        InputError: None come with this format.
    """
    chosen = find_format(path, format)
    if chosen.articles is None:
        able = ", ".join(name for name, one in FORMATS.items() if one.articles)
        raise InputError(
            f"No articles come with gold files of format {chosen.name!r}.", f"They do with {able}."
        )
    return chosen.articles(path)


def find_format(path: Path, name: str | None) -> Format:
    """Return the format of that name, or the one that recognises the path.

    Raises:
        InputError: There is no such format or file, or none fits.
    """
    if not path.exists():
        raise InputError(f"There is no gold file {path}.", "Give a file or a folder of gold questions.")
    known = ", ".join(FORMATS)
    if name is not None:
        if name not in FORMATS:
            raise InputError(f"There is no gold format {name!r}.", f"Known are {known}.")
        return FORMATS[name]
    look = Look(path, None if path.is_dir() else _first_value(path))
    for one in FORMATS.values():
        if one.recognises(look):
            return one
    raise InputError(f"{path} is of no known gold format.", f"Force one with --format: {known}.")


def digest_of(paths: tuple[Path, ...]) -> str:
    """Return the SHA-256 of the files' bytes, in order, each with its length in front."""
    digest = hashlib.sha256()
    for path in paths:
        try:
            contents = path.read_bytes()
        except OSError as error:
            raise InputError(f"Cannot read {path}: {error.strerror}.") from error
        digest.update(f"{len(contents)}\n".encode())
        digest.update(contents)
    return digest.hexdigest()


def _first_value(path: Path) -> object:
    """Return the first JSON value that a file begins with: its first good line, or its one value."""
    text = read_text(path)
    for line in text.splitlines()[:20]:
        try:
            first = json.loads(line)
        except (ValueError, RecursionError):
            continue
        return _first_of(first)
    try:
        return _first_of(json.loads(text))
    except (ValueError, RecursionError):
        return None


def _first_of(value: object) -> object:
    return value[0] if isinstance(value, list) and value else value
