"""Reading a shard that is never changed again, also where many machines share its folder."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import LibraryError
from index.stores.database import Connection, Database, translated
from index.stores.layout import DATABASE
from index.stores.local import LocalStore


class SealedDatabase(Database):
    """The database of a sealed shard.

    It is opened as immutable: SQLite then takes no locks and keeps no shared memory, neither of which works
    on a file system that several machines share.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, write=False)

    def read(self) -> Connection:
        """Return this thread's connection."""
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            with translated(self.folder):
                connection = _connect(self.path)
            self._local.connection = connection
            self._open.add(connection)
        return connection

    @contextmanager
    def rolled_back(self) -> Iterator[Connection]:
        """Let the block write on a copy, for the checks of SQLite that are writes."""
        with tempfile.TemporaryDirectory(prefix="dateline-check-") as folder:
            shutil.copyfile(self.path, Path(folder) / DATABASE)
            copy = Database(Path(folder), write=True)
            try:
                with translated(self.folder), copy.rolled_back() as connection:
                    yield connection
            finally:
                copy.close()


def open_sealed(path: Path) -> LocalStore:
    """Open one sealed shard."""
    database = SealedDatabase(path)
    try:
        database.check_format(upgrading=False)
        return LocalStore(database)
    except BaseException:
        database.close()
        raise


def seal(database: Database) -> None:
    """Fold the log of a shard that was written into its file, which then holds all of it.

    Raises LibraryError where another process still reads the log.
    """
    with translated(database.folder):
        busy, _, _ = database.read().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise LibraryError(f"Another process has {database.path} open.", "End it and run the command again.")


def _connect(path: Path) -> Connection:
    connection: Connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro&immutable=1",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        factory=Connection,
    )
    try:
        for setting in (
            "temp_store = MEMORY",
            "cache_size = -16000",
            "trusted_schema = OFF",
            "query_only = ON",
        ):
            connection.execute(f"PRAGMA {setting}")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection
