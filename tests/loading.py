"""A short article and the steps that the tests of loaders share."""

from pathlib import Path

from index.loaders import load
from index.schema import Failure, Page, Sourced

PARAGRAPHS = (
    "The harbour council voted on Tuesday to rebuild the old ferry pier, after four years of argument.",
    "Mayor Ilse Brandt said the decision was overdue and thanked the fishing families who had waited for it.",
    "“We should have done this long ago,” she said. Opponents want a bridge and will go to the court.",
)
BODY = "\n\n".join(PARAGRAPHS)


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def only_page(path: Path) -> Page:
    (found,) = load(path)
    assert isinstance(found, Page), found
    return found


def only_failure(path: Path) -> str:
    (found,) = load(path)
    assert isinstance(found, Failure), found
    assert found.file == path.name
    return found.reason


def value(sourced: Sourced | None) -> str | None:
    return sourced.value if sourced else None
