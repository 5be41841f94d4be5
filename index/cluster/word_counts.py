"""How many chunks of a whole cluster library hold each word: one file for each version.

BM25 needs it to score as one library would. Each shard has it for its own chunks; what they say is added up
when a version is published, so that no question has to ask every shard first, and a shard that is lost still
counts in the scores of the others.
"""

import logging
import os
import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock

from index.stores.database import translated
from index.stores.disk import file_digest, sync_folder
from index.stores.layout import DATABASE

logger = logging.getLogger(__name__)

_ADD = """
INSERT INTO words SELECT CAST(term AS BLOB), {sign} doc FROM temp.held WHERE true
ON CONFLICT (word) DO UPDATE SET chunks = chunks + excluded.chunks
"""


class WordCounts:
    """Reads the file of one version; may be used by several threads.

    Args:
        path: The file.
        sha256: What the manifest says of it.
    """

    def __init__(self, path: Path, sha256: str) -> None:
        self._path, self._sha256 = path, sha256
        self._connection: sqlite3.Connection | None = None
        self._opened = False
        self._lock = Lock()

    def holding(self, words: Sequence[bytes]) -> list[int] | None:
        """Return how many chunks hold each of these words; None where the file cannot be trusted.

        Args:
            words: As the word index writes them: stemmed, folded, in UTF-8.
        """
        with self._lock:
            if not self._opened:
                self._connection = self._open()
                self._opened = True
            if self._connection is None:
                return None
            found = []
            for word in words:
                row = self._connection.execute("SELECT chunks FROM words WHERE word = ?", (word,)).fetchone()
                found.append(row[0] if row else 0)
            return found

    def _open(self) -> sqlite3.Connection | None:
        try:
            if file_digest(self._path) == self._sha256:
                return _reading(self._path)
            problem = "fails its checksum"
        except (OSError, sqlite3.Error) as error:
            problem = f"cannot be read ({error})"
        logger.warning("%s %s; every question asks all shards instead", self._path, problem)
        return None


def write_counts(path: Path, before: Path | None, gone: Iterable[Path], come: Iterable[Path]) -> None:
    """Write the file of a version, whole or not at all.

    Args:
        path: The file.
        before: That of the version before; None to begin from nothing.
        gone: Folders of the sealed shards that are counted in `before` and no more.
        come: Folders of the sealed shards that take their place.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    if before is not None:
        shutil.copyfile(before, temporary)
    with translated(path.parent):
        connection = sqlite3.connect(temporary, uri=True, isolation_level=None)
        try:
            # Nobody sees the file before it is whole.
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS words "
                "(word BLOB PRIMARY KEY, chunks INTEGER NOT NULL) WITHOUT ROWID"
            )
            for sign, folders in (("-", gone), ("", come)):
                for folder in folders:
                    _add(connection, folder, sign)
            connection.execute("DELETE FROM words WHERE chunks = 0")
        finally:
            connection.close()
    with temporary.open("rb+") as stream:
        os.fsync(stream.fileno())
    temporary.replace(path)
    sync_folder(path.parent)


def counts_in(path: Path) -> dict[bytes, int]:
    """Return all that a file says, for checking it.

    Raises LibraryError where it is no such file.
    """
    with translated(path.parent):
        connection = _reading(path)
        try:
            return dict(connection.execute("SELECT word, chunks FROM words").fetchall())
        finally:
            connection.close()


def _add(connection: sqlite3.Connection, folder: Path, sign: str) -> None:
    """Add a sealed shard's words to the counts, or take them away."""
    connection.execute("ATTACH ? AS shard", (_immutable(folder / DATABASE),))
    try:
        connection.execute("CREATE VIRTUAL TABLE temp.held USING fts5vocab (shard, words, row)")
        connection.execute("BEGIN")
        connection.execute(_ADD.format(sign=sign))
        connection.execute("COMMIT")
        connection.execute("DROP TABLE temp.held")
    finally:
        connection.execute("DETACH shard")


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(_immutable(path), uri=True, check_same_thread=False)


def _immutable(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro&immutable=1"
