"""Vectors in memory and in `vectors.<generation>.faiss`: a cache that SQLite can always rebuild.

FAISS has no checksum of its own and a damaged file may load and answer wrongly, so the file's SHA-256 is kept
in SQLite and compared before FAISS sees a byte. A file that is behind is caught up from SQLite; a file that
fails its check is not used.
"""

import logging
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import LibraryDamagedError
from index.schema import Vectors
from index.stores.database import Database
from index.stores.disk import digest, set_aside, write_file

logger = logging.getLogger(__name__)

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class VectorTable:
    """The vectors of one generation of the library; never changed once made, so any thread may search it.

    Attributes:
        generation: The library's generation it shows.
        numbers: The chunk number of each row, ascending, shape (n,).
        faiss_index: An IndexFlatIP of n rows, in the order of `numbers`.
    """

    generation: int
    numbers: Numbers
    faiss_index: Any

    def rows(self) -> Vectors:
        """Return all vectors, shape (n, dimension), without copying them."""
        import faiss

        count, dimension = self.faiss_index.ntotal, self.faiss_index.d
        if count == 0:
            return np.zeros((0, dimension), dtype=np.float32)
        view: Vectors = faiss.rev_swig_ptr(self.faiss_index.get_xb(), count * dimension)
        return view.reshape(count, dimension)


class VectorCache:
    """The vectors of a library, as new as its last commit.

    Args:
        database: The library's database, where the vectors really are.
        dimension: Length of a vector.
    """

    def __init__(self, database: Database, dimension: int) -> None:
        self._database = database
        self._dimension = dimension
        self._table: VectorTable | None = None
        self._refreshing = threading.Lock()

    def table(self) -> VectorTable:
        """Return the vectors of the library's present generation."""
        generation = self._database.generation()
        table = self._table
        if table is not None and table.generation == generation:
            return table
        with self._refreshing:
            if self._table is None:
                self._table = self._load()
            self._table = self._catch_up(self._table)
            return self._table

    def search(
        self, vector: NDArray[np.float32], k: int, allowed: Numbers | None
    ) -> tuple[Numbers, NDArray[np.float64]]:
        """Return chunk numbers and cosines of at least the k best rows, and of all that tie with the k-th.

        Args:
            vector: Unit length, shape (dimension,).
            k: How many are wanted; all ties at the edge come on top.
            allowed: The chunk numbers to search among; None for all.
        """
        import faiss

        table = self.table()
        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        total = table.faiss_index.ntotal if allowed is None else len(allowed)
        parameters = None
        if allowed is not None:
            places = _places(table.numbers, allowed)
            total = len(places)
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(places))  # type: ignore[call-arg]
        wanted = min(k + 16, total)
        while wanted:
            scores, rows = table.faiss_index.search(query, wanted, params=parameters)
            if wanted == total or scores[0, wanted - 1] < scores[0, k - 1] - 1e-6:
                return _exact(table, query[0], rows[0])
            wanted = min(wanted * 4, total)
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float64)

    def save(self) -> None:
        """Write the vector file of the present generation and record it. The caller holds the write lock."""
        import faiss

        table = self.table()
        name = f"vectors.{table.generation}.faiss"
        stored = faiss.IndexIDMap(faiss.IndexFlatIP(self._dimension))
        if len(table.numbers):
            stored.add_with_ids(table.rows(), table.numbers)
        content = faiss.serialize_index(stored).tobytes()
        write_file(self._database.folder / name, content)
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO settings VALUES (?, ?)",
                [
                    ("vectors_file", name),
                    ("vectors_sha256", digest(content)),
                    ("vectors_generation", str(table.generation)),
                ],
            )
        for older in self._database.folder.glob("vectors.*.faiss"):
            if older.name != name:
                older.unlink(missing_ok=True)

    def behind(self) -> int:
        """Return by how many vectors the file differs from the library; -1 where there is no usable file."""
        generation = self._database.setting("vectors_generation")
        path = self.path()
        if generation is None or path is None or not path.is_file():
            return -1
        if int(generation) == self._database.generation():
            return 0
        loaded = self._load()
        if loaded.generation != int(generation):
            return -1
        return len(np.setxor1d(loaded.numbers, self._numbers()))

    def path(self) -> Path | None:
        """Return where the recorded vector file should be, None when none was ever written."""
        name = self._database.setting("vectors_file")
        return None if name is None else self._database.folder / name

    def problem(self) -> str | None:
        """Return what is wrong with the vector file, None when it is sound or was never written."""
        path = self.path()
        if path is None:
            return None
        try:
            content = path.read_bytes()
        except OSError as error:
            return f"{path.name}: cannot be read ({error.strerror})"
        if digest(content) != self._database.setting("vectors_sha256"):
            return f"{path.name}: its SHA-256 is not the one recorded; the file was changed or is damaged"
        try:
            numbers, rows = _decode(content, self._dimension)
        except LibraryDamagedError as error:
            return f"{path.name}: {error.message}"
        if self._database.setting("vectors_generation") != str(self._database.generation()):
            return None
        stored = self._from_database(self._numbers())
        if not np.array_equal(numbers, stored.numbers) or not np.array_equal(rows, stored.rows()):
            return f"{path.name}: its vectors are not those in the library"
        return None

    def forget(self) -> None:
        """Drop the vectors held in memory."""
        with self._refreshing:
            self._table = None

    def _load(self) -> VectorTable:
        """Return the vectors of the file, or none of them at generation -1 where it cannot be used."""
        with self._database.snapshot():
            path = self.path()
            expected = self._database.setting("vectors_sha256")
            generation = int(self._database.setting("vectors_generation") or -1)
        if path is not None:
            try:
                content = path.read_bytes()
                if digest(content) == expected:
                    return _table(generation, *_decode(content, self._dimension))
                logger.warning("%s fails its checksum; its vectors are read from the library instead", path)
                self._set_aside(path)
            except FileNotFoundError:
                logger.info("%s is missing; its vectors are read from the library instead", path)
            except (OSError, LibraryDamagedError) as error:
                logger.warning("%s cannot be used (%s); reading the library instead", path, error)
                self._set_aside(path)
        empty = np.zeros((0, self._dimension), dtype=np.float32)
        return _table(-1, np.zeros(0, dtype=np.int64), empty)

    def _set_aside(self, path: Path) -> None:
        """Rename a broken file, where this process is the writer; readers leave it where it is."""
        if self._database.write:
            logger.warning("the broken file was set aside as %s", set_aside(path))

    def _catch_up(self, table: VectorTable) -> VectorTable:
        """Return the vectors of the present generation, taking from `table` what is still right."""
        with self._database.snapshot():
            generation = self._database.generation()
            if table.generation == generation:
                return table
            present = self._numbers()
            kept = np.isin(table.numbers, present, assume_unique=True)
            missing = np.setdiff1d(present, table.numbers, assume_unique=True)
            if len(missing) == 0 and kept.all():
                return VectorTable(generation, table.numbers, table.faiss_index)
            added = self._from_database(missing)
        numbers = np.concatenate([table.numbers[kept], added.numbers])
        rows = np.concatenate([table.rows()[kept], added.rows()])
        # Numbers only grow, so what is new belongs at the end unless a file lost rows in the middle.
        order = np.argsort(numbers, kind="stable")
        return _table(generation, numbers[order], rows[order])

    def _numbers(self) -> Numbers:
        rows = self._database.rows("SELECT id FROM chunks")
        return np.sort(np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows)))

    def _from_database(self, numbers: Numbers) -> VectorTable:
        vectors = np.empty((len(numbers), self._dimension), dtype=np.float32)
        connection = self._database.read()
        for place, number in enumerate(numbers.tolist()):
            row = connection.execute("SELECT vector FROM chunks WHERE id = ?", (number,)).fetchone()
            if row is None or len(row[0]) != 4 * self._dimension:
                raise LibraryDamagedError(
                    f"The vector of chunk {number} in {self._database.path} has the wrong size.",
                    "Check the library with: python -m index verify",
                )
            vectors[place] = np.frombuffer(row[0], dtype="<f4")
        return _table(-1, numbers, vectors)


def _table(generation: int, numbers: Numbers, rows: Vectors) -> VectorTable:
    import faiss

    # With two threads a single question is slower, at three times the processor time.
    faiss.omp_set_num_threads(1)
    faiss_index = faiss.IndexFlatIP(rows.shape[1])
    if len(rows):
        faiss_index.add(np.ascontiguousarray(rows, dtype=np.float32))
    return VectorTable(generation, numbers, faiss_index)


def _decode(content: bytes, dimension: int) -> tuple[Numbers, Vectors]:
    """Return chunk numbers and vectors from a vector file whose checksum was right."""
    import faiss

    # A forged header may ask for any amount of memory; the content cannot hold more than its own size.
    faiss.set_deserialization_vector_byte_limit(len(content))
    faiss.set_deserialization_loop_limit(1_000_000)
    try:
        stored = faiss.deserialize_index(np.frombuffer(content, dtype=np.uint8))
    except (RuntimeError, MemoryError) as error:
        raise LibraryDamagedError(f"it cannot be decoded ({error})") from error
    if not isinstance(stored, faiss.IndexIDMap):
        raise LibraryDamagedError(f"it holds a {type(stored).__name__}, not an IndexIDMap")
    flat = faiss.downcast_index(stored.index)
    if not isinstance(flat, faiss.IndexFlat) or flat.d != dimension:
        raise LibraryDamagedError(f"it holds vectors of {stored.d} numbers, not {dimension}")
    numbers = faiss.vector_to_array(stored.id_map).astype(np.int64)
    rows = faiss.rev_swig_ptr(flat.get_xb(), flat.ntotal * dimension) if flat.ntotal else np.zeros(0)
    if len(numbers) != flat.ntotal:
        raise LibraryDamagedError(f"it holds {flat.ntotal} vectors for {len(numbers)} chunks")
    order = np.argsort(numbers, kind="stable")
    return numbers[order], np.asarray(rows, dtype=np.float32).reshape(-1, dimension)[order]


def _places(numbers: Numbers, allowed: Numbers) -> Numbers:
    """Return the rows at which the allowed chunk numbers stand."""
    places = np.searchsorted(numbers, allowed)
    places = places[places < len(numbers)]
    present = np.isin(numbers[places], allowed)
    result: Numbers = np.unique(places[present]).astype(np.int64)
    return result


def _exact(
    table: VectorTable, query: NDArray[np.float32], rows: Numbers
) -> tuple[Numbers, NDArray[np.float64]]:
    """Score rows again in double precision: the fast kernel's last digits depend on a row's place."""
    rows = rows[rows >= 0]
    vectors = table.rows()[rows].astype(np.float64)
    scores = np.einsum("ij,j->i", vectors, query.astype(np.float64))
    return table.numbers[rows], np.round(scores, 9)
