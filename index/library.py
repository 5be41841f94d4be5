"""A library: one folder with articles, opened for reading by anyone and for writing by one process."""

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from index.cluster.manifest import is_cluster
from index.config import IndexConfig
from index.errors import LibraryMismatchError, LibraryStorageError
from index.stores.database import Database, create_database, has_database
from index.stores.local import LocalStore
from index.stores.lock import WriteLock

if TYPE_CHECKING:
    from index.comparing import Comparer
    from index.embedders.protocol import Embedder
    from index.rerankers.protocol import Reranker
    from index.schema import Analysis, Sentence
    from index.stores.protocol import Store

    Analyse = Callable[[str, Sequence[Sentence]], Analysis]


DEFAULTS = IndexConfig()

ALIAS_FILE = "people.toml"
"""Where a user says which names are one person; in the library's folder."""

Made = TypeVar("Made")


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Return what changes when a file is written; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


class Library:
    """An open library. Use it as a context manager, or call `close`.

    Args:
        path: The library folder.
        store: Its open store.
        lock: The write lock; without it the library is for reading.
        model: Embedder id to use in place of the recorded one.
        embedder: A loaded embedder; without it the recorded model is loaded at first use.
        analyse: What finds names and statements; the language pipeline by default.

    Attributes:
        path: The library folder.
        config: The settings it was made with.
        model: Id of the embedder it uses.
        equipped: Whether an embedder or analysis was given to it, which another process cannot load.
        store: Where its articles are; see `index.stores.protocol.Store`.
    """

    def __init__(
        self,
        path: Path,
        store: "Store",
        *,
        lock: WriteLock | None = None,
        model: str | None = None,
        embedder: "Embedder | None" = None,
        analyse: "Analyse | None" = None,
    ) -> None:
        self.path = path
        self.store = store
        self.config: IndexConfig = store.config()
        self._lock = lock
        self.model = model or self.config.model
        self.equipped = embedder is not None or analyse is not None
        self._embedder = embedder
        self._analyse = analyse
        self._comparer: Comparer | None = None
        self._reranker: tuple[str, Reranker] | None = None
        self._kept: dict[object, tuple[object, Any]] = {}
        self._keeping = RLock()

    @classmethod
    def create(cls, path: Path, config: IndexConfig = DEFAULTS) -> Self:
        """Make an empty library in `path` and open it for writing.

        Raises:
            LibraryMismatchError: There is a library already.
            LibraryInUseError: Another process is writing there.
            LibraryStorageError: The folder cannot be written.
            ModelError: The embedding model cannot be loaded.
        """
        from index.embedders import load_embedder, side_by_side

        path = path.absolute()
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryStorageError(f"Cannot make the folder {path}: {error.strerror}.") from error
        lock = WriteLock(path)
        try:
            if has_database(path):
                raise LibraryMismatchError(
                    f"There is a library in {path} already.", "Open it, or choose another folder."
                )
            embedder = load_embedder(config.model, side_by_side())
            create_database(path, config, embedder.space, embedder.dimension)
            made = cls(path, LocalStore.open(path, write=True), lock=lock)
            made._embedder = embedder
            return made
        except BaseException:
            lock.release()
            raise

    @classmethod
    def open(cls, path: Path, *, write: bool = False, model: str | None = None) -> Self:
        """Open the library in `path`.

        Args:
            path: The library folder.
            write: Whether to take the write lock, so that articles can be added and removed.
            model: Embedder to use in place of the recorded one; it must make vectors of the same space.

        Raises:
            LibraryMissingError: There is none.
            LibraryInUseError: `write`, and another process is writing.
            LibraryFormatError: It was written by a newer version, or by an older one and `write` is not set;
                opening it for writing brings it up to date.
        """
        path = path.absolute()
        if is_cluster(path):
            return cls._open_cluster(path, write=write, model=model)
        if not write:
            return cls(path, LocalStore.open(path), model=model)
        # A folder without a library, or with one of a newer version, must not be left with a lock file in it.
        database = Database(path, write=False)
        try:
            database.check_format(upgrading=True)
        finally:
            database.close()
        lock = WriteLock(path)
        try:
            return cls(path, LocalStore.open(path, write=True), lock=lock, model=model)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def _open_cluster(cls, path: Path, *, write: bool, model: str | None) -> Self:
        """Open a library that lies in shards."""
        from index.cluster.opening import open_cluster_store
        from index.cluster.ray_link import ray_address

        if not write:
            return cls(path, open_cluster_store(path, address=ray_address()), model=model)
        lock = WriteLock(path)
        try:
            return cls(path, open_cluster_store(path, write=True), lock=lock, model=model)
        except BaseException:
            lock.release()
            raise

    def state(self) -> tuple[object, ...]:
        """Return something that is another whenever articles, corrections or the alias file have changed."""
        return self.store.generation(), _stamp(self.path / ALIAS_FILE)

    def kept(
        self, make: "Callable[[Library], Made]", renew: "Callable[[Library, Made], Made] | None" = None
    ) -> "Made":
        """Return what `make` gives, made again when articles, corrections or the alias file have changed.

        With `renew` it is made from what it was, where it was made before.
        """
        state = self.state()
        with self._keeping:
            found = self._kept.get(make)
            if found is None or found[0] != state:
                made = make(self) if found is None or renew is None else renew(self, found[1])
                found = self._kept[make] = (state, made)
        kept: Made = found[1]
        return kept

    @property
    def writable(self) -> bool:
        """Whether this process holds the write lock through this object."""
        return self._lock is not None

    @property
    def embedder(self) -> "Embedder":
        """The embedding model, loaded at first use.

        Raises LibraryMismatchError when it does not make the vectors that the library holds.
        """
        if self._embedder is None:
            from index.embedders import load_embedder, side_by_side

            embedder = load_embedder(self.model, side_by_side())
            made, asked = (self.store.space, self.store.dimension), (embedder.space, embedder.dimension)
            if made != asked:
                raise LibraryMismatchError(
                    f"The library {self.path} was made with the model {self.config.model!r} "
                    f"({made[0]}, {made[1]} dimensions); {self.model!r} gives {asked[0]}, "
                    f"{asked[1]} dimensions.",
                    f"Use --model {self.config.model}, or build a new library in another folder.",
                )
            self._embedder = embedder
        return self._embedder

    @property
    def comparer(self) -> "Comparer":
        """Compares sentences with questions; made at first use."""
        with self._keeping:
            if self._comparer is None:
                from index.comparing import Comparer

                self._comparer = Comparer(self.embedder)
            return self._comparer

    def reranker(self, model: str) -> "Reranker":
        """Return a reranker, loaded at first use.

        Raises ModelError where it cannot be loaded.
        """
        with self._keeping:
            if self._reranker is None or self._reranker[0] != model:
                from index.rerankers import load_reranker

                self._reranker = model, load_reranker(model)
            return self._reranker[1]

    def analyse(self, text: str, sentences: "Sequence[Sentence]") -> "Analysis":
        """Return names, amounts and statements of a text; the language pipeline is loaded at first use."""
        if self._analyse is None:
            from index.statements.extract import analyse

            self._analyse = analyse
        return self._analyse(text, sentences)

    def close(self) -> None:
        """Close the library and give back the write lock."""
        self.store.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
