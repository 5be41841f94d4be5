"""Plain text files: mostly pages copied from a browser, with everything that stood around the article."""

from pathlib import Path

from index.loaders.content import decode, read_bytes
from index.loaders.unwrap import unwrap_text
from index.schema import Page


def load_text(path: Path) -> Page:
    """Read a text file as a saved page.

    Raises:
        LoadError: When it cannot be read or is not text.
    """
    return Page(str(path), path.name, unwrap_text(decode(read_bytes(path))))
