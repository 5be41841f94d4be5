"""Finished graphs, kept from one process to the next: drawing them takes longer than answering a question.

A graph is kept in a folder of the user's own (see `cache_folder`), under a name that covers everything it was
made of: the encoder's weights and shape, the code that draws it, other weights put into it. What has changed
since is therefore never found, and old files are deleted in time. Each file begins with the SHA-256 of the
rest, which is checked before it is used. A folder that cannot be written, a damaged file or none costs time
and nothing else; the folder may be deleted whenever one likes.
"""

import logging
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from index.embedders.bert_onnx import SOURCE, WEIGHTS_FILE, read_shape
from index.embedders.protocol import space_of
from index.stores.disk import write_file

__all__ = ["cache_folder", "kept_graph"]

_LOGGER = logging.getLogger(__name__)
_DIGEST_BYTES = 32
_VERSIONS = 4
"""How many graphs of one name are kept: those of a few installations side by side."""


def cache_folder() -> Path | None:
    """Return where graphs are kept: $DATELINE_CACHE, else "dateline" in the user's folder for caches.

    That folder is $XDG_CACHE_HOME, else ~/.cache. None for a user without a home.
    """
    if own := os.environ.get("DATELINE_CACHE"):
        return Path(own).expanduser()
    caches = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if caches.is_absolute():  # a relative one has to be ignored, says its specification
        return caches / "dateline"
    try:
        return Path.home() / ".cache" / "dateline"
    except RuntimeError:
        return None


def kept_graph(name: str, folder: Path, draw: Callable[[], bytes], *made_of: Path) -> bytes:
    """Return the graph that `draw` draws: the kept one, where everything it is made of is as it was.

    Args:
        name: What the graph is called in the cache, such as "reader".
        folder: The encoder that it is drawn over.
        draw: Draws it, with the parts of `bert_onnx`.
        made_of: Further files that it depends on: the code of `draw`, and the card of more weights.

    Raises:
        ModelError: As `draw` does; or the encoder is missing, damaged or of another kind.
    """
    key = _key(folder, made_of)
    caches = cache_folder()
    path = caches / f"{name}-{key}.onnx" if caches else None
    graph = _read(path) if path else None
    if graph is None:
        graph = draw()
        if path:
            _keep(path, name, graph)
    return graph


def _key(folder: Path, made_of: tuple[Path, ...]) -> str:
    """Digest what a graph depends on, in 24 hex digits."""
    weights = folder / WEIGHTS_FILE
    written = weights.stat().st_mtime_ns if weights.exists() else None
    encoder = (read_shape(folder), space_of("", folder), written)
    # Of a file that is missing, drawing will say so.
    files = [file.read_bytes() if file.exists() else b"" for file in (SOURCE, *made_of)]
    digest = sha256()
    for part in (repr(encoder).encode(), *files):
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()[:24]


def _read(path: Path) -> bytes | None:
    """Return a kept graph; None where there is none, or not the one that was written."""
    try:
        with path.open("rb") as stream:
            wanted, graph = stream.read(_DIGEST_BYTES), stream.read()
    except OSError:
        return None
    return graph if sha256(graph).digest() == wanted else None


def _keep(path: Path, name: str, graph: bytes) -> None:
    """Keep a graph where that can be done, and delete all but the newest of its name."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Two threads that write at once may spoil each other's file: its digest tells, and it is made anew.
        write_file(path, sha256(graph).digest() + graph)
        found = path.parent.glob(f"{name}-*")  # a killed writer's unfinished files too
        for old in sorted(found, key=lambda one: one.stat().st_mtime, reverse=True)[_VERSIONS:]:
            old.unlink(missing_ok=True)
    except OSError as error:
        _LOGGER.info("the graph %s is not kept: %s", name, error)
