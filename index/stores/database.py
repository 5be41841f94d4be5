"""Connections to `library.sqlite`: one a thread, whole transactions, errors a reader can act on."""

import json
import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from index.config import FORMAT_VERSION, IndexConfig
from index.errors import (
    LibraryDamagedError,
    LibraryError,
    LibraryFormatError,
    LibraryMissingError,
    LibraryStorageError,
)
from index.stores.disk import sync_folder
from index.stores.layout import DATABASE, TABLES

BUSY_SECONDS = 10.0


class Connection(sqlite3.Connection):
    """A connection that can be weakly referenced, so that threads that end let go of theirs."""


class Database:
    """The SQLite file of one library.

    Args:
        folder: The library folder; `library.sqlite` must exist in it.
        write: Whether `transaction` may be used. The caller holds the write lock.
    """

    def __init__(self, folder: Path, *, write: bool) -> None:
        self.folder = folder
        self.path = folder / DATABASE
        self.write = write
        self._local = threading.local()
        self._open: weakref.WeakSet[Connection] = weakref.WeakSet()
        self._writing = threading.RLock()
        if not has_database(folder):
            raise LibraryMissingError(
                f"There is no library in {folder}.",
                f"Make one with: python -m index add PATH --library {folder}",
            )

    def read(self) -> Connection:
        """Return this thread's connection."""
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is not None and self._frozen_state() == self._local.frozen:
            return connection
        with translated(self.folder):
            frozen = self._frozen_state()
            connection = _connect(self.path, write=self.write)
        self._local.connection, self._local.frozen = connection, frozen
        self._open.add(connection)
        return connection

    def _frozen_state(self) -> tuple[int, int] | None:
        """Return what identifies the file's content where SQLite cannot watch it for us.

        A folder that cannot be written is opened as immutable: no locks, nothing read again. Should its owner
        add articles meanwhile, a new connection must be made.
        """
        if self.write or os.access(self.folder, os.W_OK):
            return None
        status = self.path.stat()
        return status.st_mtime_ns, status.st_size

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run a query and return all its rows."""
        with translated(self.folder):
            return self.read().execute(query, parameters).fetchall()

    def value(self, query: str, parameters: Sequence[object] = ()) -> Any:  # noqa: ANN401 - as SQLite does
        """Return the first column of the first row, None where there is none."""
        with translated(self.folder):
            row = self.read().execute(query, parameters).fetchone()
        return None if row is None else row[0]

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Commit what the block did, or none of it. On return it is on disk."""
        if not self.write:
            raise LibraryStorageError(
                f"The library {self.folder} is open for reading only.", "Open it with write=True."
            )
        with self._writing, translated(self.folder):
            connection = self.read()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Let several reads see one state of the library."""
        connection = self.read()
        if connection.in_transaction:
            yield connection
            return
        with translated(self.folder):
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("COMMIT")

    @contextmanager
    def rolled_back(self) -> Iterator[Connection]:
        """Let the block write on a connection of its own, and undo it: some checks of SQLite are writes."""
        with translated(self.folder):
            connection = _connect(self.path, write=True)
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
            finally:
                connection.close()

    def setting(self, name: str) -> str | None:
        """Return a stored setting."""
        value: str | None = self.value("SELECT value FROM settings WHERE name = ?", (name,))
        return value

    def generation(self) -> int:
        """Return the number of write transactions so far."""
        return int(self.setting("generation") or 0)

    def config(self) -> IndexConfig:
        """Return the settings the library was made with."""
        return IndexConfig(**json.loads(self.setting("config") or "{}"))

    def check_format(self, *, upgrading: bool) -> None:
        """Raise LibraryFormatError where this version cannot read the library.

        Args:
            upgrading: Whether an earlier format will do, because it is to be upgraded.
        """
        try:
            version = int(self.setting("format_version") or 0)
        except LibraryStorageError:
            raise
        except (LibraryError, ValueError) as error:
            raise LibraryDamagedError(
                f"{self.path} is not a readable library: {error}",
                "Restore the folder from a backup, or build it again with: python -m index add PATH",
            ) from error
        if 1 <= version < FORMAT_VERSION:
            if not upgrading:
                raise LibraryFormatError(
                    f"The library {self.folder} has format {version}, of an earlier version; "
                    f"this one reads format {FORMAT_VERSION}.",
                    f"Bring it up to date with: python -m index upgrade --library {self.folder} "
                    "(no article is read again).",
                )
        elif version != FORMAT_VERSION:
            newer = "a newer" if version > FORMAT_VERSION else "an unknown"
            raise LibraryFormatError(
                f"The library {self.folder} has format {version}, written by {newer} version; "
                f"this one reads format {FORMAT_VERSION}.",
                "Update Dateline, or build the library again in another folder.",
            )

    def shrink(self) -> None:
        """Give the space of deleted rows back to the file system."""
        with translated(self.folder):
            connection = self.read()
            # It gives back one page a step, and only a script is stepped to its end.
            connection.executescript("PRAGMA incremental_vacuum")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close every thread's connection. The last one to close folds the write-ahead log into the file."""
        for connection in list(self._open):
            connection.close()
        self._local = threading.local()


def create_database(folder: Path, config: IndexConfig, space: str, dimension: int) -> None:
    """Make an empty `library.sqlite`, whole or not at all."""
    settings = {
        "format_version": str(FORMAT_VERSION),
        "config": json.dumps(asdict(config), sort_keys=True),
        "space": space,
        "dimension": str(dimension),
        "generation": "0",
        "gone_since": "0",
    }
    temporary = folder / f"{DATABASE}.{os.getpid()}.tmp"
    with translated(folder):
        connection = sqlite3.connect(temporary, isolation_level=None, timeout=BUSY_SECONDS)
        try:
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.executescript(f"BEGIN IMMEDIATE; {TABLES}")
            connection.executemany("INSERT INTO settings VALUES (?, ?)", settings.items())
            connection.execute("COMMIT")
        finally:
            connection.close()
        # Closing has folded the log into the file: it is whole, and readers see it whole or not at all.
        temporary.replace(folder / DATABASE)
        sync_folder(folder)


def copy_database(source: Database, folder: Path, config: IndexConfig) -> None:
    """Copy a library's database to another folder under another config, whole or not at all.

    Every article is marked as stale: its chunks are still those of the source.
    """
    temporary = folder / f"{DATABASE}.{os.getpid()}.tmp"
    with translated(folder):
        connection = sqlite3.connect(temporary, isolation_level=None, timeout=BUSY_SECONDS)
        try:
            source.read().backup(connection)
            connection.execute("BEGIN IMMEDIATE")
            # The caches stay behind; the copy writes its own.
            for cache in ("vectors", "words"):
                connection.execute("DELETE FROM settings WHERE name GLOB ?", (f"{cache}_*",))
            connection.execute(
                "UPDATE settings SET value = ? WHERE name = 'config'",
                (json.dumps(asdict(config), sort_keys=True),),
            )
            connection.execute("UPDATE articles SET stale = 1")
            connection.execute("COMMIT")
        finally:
            connection.close()
        temporary.replace(folder / DATABASE)
        sync_folder(folder)


def has_database(folder: Path) -> bool:
    """Return whether the folder holds a library; an empty file is none."""
    path = folder / DATABASE
    return path.is_file() and path.stat().st_size > 0


def _connect(path: Path, *, write: bool) -> Connection:
    mode = "rw"
    if not write and not os.access(path.parent, os.W_OK):
        log = path.with_name(path.name + "-wal")
        # An immutable file is read without its log, so a log with content must be read the ordinary way.
        mode = "ro" if log.exists() and log.stat().st_size else "ro&immutable=1"
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection: Connection = sqlite3.connect(
        uri,
        uri=True,
        isolation_level=None,
        timeout=BUSY_SECONDS,
        check_same_thread=False,
        factory=Connection,
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA cache_size = -16000")
        connection.execute("PRAGMA trusted_schema = OFF")
        if write:
            connection.execute("PRAGMA recursive_triggers = ON")
        else:
            connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


_STORAGE_SIGNS = ("full", "readonly", "disk I/O", "unable to open", "locked")


@contextmanager
def translated(folder: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours: storage that fails, or contents that are damaged."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if any(sign in str(error) for sign in _STORAGE_SIGNS):
            raise LibraryStorageError(
                f"The library {folder} cannot be read or written: {error}.",
                "Free some disk space or check the folder's permissions. What was saved before is safe.",
            ) from error
        raise LibraryDamagedError(f"The library {folder} is damaged: {error}.", _REPAIR) from error
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
            raise
        raise LibraryDamagedError(f"The library {folder} is damaged: {error}.", _REPAIR) from error


_REPAIR = "Check it with: python -m index verify; restore it from a backup if that fails."
