"""The vectors of a library as a cache: a file `vectors.<generation>.faiss`, and what came after it.

SQLite holds the true vectors; the cache proposes chunks and the true vectors score them. FAISS has no
checksum of its own and a damaged file may load and propose wrongly, so the file's SHA-256 is kept in SQLite
and compared before FAISS sees a byte. A file that is behind is caught up by what changed alone; one that
fails its check, or that the journal does not reach back to, is made anew in memory.
"""

import hashlib
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.errors import LibraryDamagedError
from index.reports import VectorIndex
from index.schema import Vectors
from index.stores.database import Database
from index.stores.disk import file_digest, set_aside, write_stream
from index.stores.found import Scored
from index.stores.journal import gone_after, trim
from index.stores.vector_base import (
    SPARE,
    Batch,
    Numbers,
    Scores,
    VectorBase,
    contents,
    from_json,
    holds,
    make_base,
    read_base,
    selector,
    to_json,
    write_base,
)

logger = logging.getLogger(__name__)

DIRECT = 256
"""So few chunks are scored by their true vectors at once."""

BATCH = 10_000
"""Vectors read from SQLite at a time."""


class Record(NamedTuple):
    """What SQLite says of the vector file."""

    name: str
    sha256: str
    generation: int
    made: VectorIndex


@dataclass(frozen=True, slots=True)
class VectorTable:
    """The vectors of one generation of the library; never changed once made, so any thread may search it.

    Attributes:
        generation: The library's generation it shows.
        base: The vectors of an earlier one.
        gone: Numbers of the base's chunks that were deleted since.
        present: A FAISS selector of the base's other chunks; None where all are there.
        tail: Numbers, ascending, and vectors of the chunks that came since, in blocks.
    """

    generation: int
    base: VectorBase
    gone: Numbers
    present: Any
    tail: tuple[Batch, ...]

    @classmethod
    def of(cls, base: VectorBase) -> "VectorTable":
        """Return the vectors of the base's own generation."""
        return cls(base.generation, base, np.zeros(0, np.int64), None, ())

    def highest(self) -> int:
        """Return a number that all later chunks are above."""
        return int(self.tail[-1][0][-1]) if self.tail else self.base.made.top

    def behind(self) -> int:
        """Return by how many chunks the base differs."""
        return len(self.gone) + sum(len(numbers) for numbers, _ in self.tail)

    def changed(self, generation: int, gone: Numbers, added: Batch) -> "VectorTable":
        """Return the vectors of a later generation: without the chunks `gone`, with those `added`."""
        tail, lost, present = self.tail, self.gone, self.present
        if len(gone):
            tail = tuple(_without(block, gone) for block in tail)
            lost = np.concatenate([lost, gone[gone <= self.base.made.top]])
            present = selector(lost, self.base.made.top, inside=False) if len(lost) else None
        tail = tuple(block for block in (*tail, added) if len(block[0]))
        return VectorTable(generation, self.base, lost, present, _joined(tail))

    def propose(self, query: Scores, k: int, allowed: Numbers | None) -> Numbers:
        """Return the chunks among which the k best are, with all that may tie with the k-th.

        Args:
            query: Unit length, shape (dimension,).
            k: How many are wanted.
            allowed: The chunk numbers to choose among, ascending; None for all.
        """
        among, probed, total = self.present, 0, self.base.made.chunks - len(self.gone)
        if allowed is not None:
            # Few of the cells that are near may hold allowed chunks, so all are read.
            among, probed = selector(allowed, self.base.made.top, inside=True), self.base.made.cells
            total = int(np.searchsorted(allowed, self.base.made.top, side="right"))
        later, later_scores = self._tail_scores(query, allowed)
        margin = 2 * (self.base.made.error + 1e-6)
        # Coarser numbers need more proposals; asking once for enough is cheaper than asking again.
        wanted = min(k + SPARE + (k // 2 if self.base.made.bits < 16 else 0), total)
        while True:
            numbers, scores = self.base.nearest(query, wanted, among, probed=probed) if wanted else _NOTHING
            if len(numbers) < min(k, total) and probed != self.base.made.cells:
                probed = self.base.made.cells
                continue
            every = np.concatenate([scores, later_scores])
            edge = np.partition(every, -k)[-k] - margin if len(every) > k else -np.inf
            if len(numbers) < wanted or wanted == total or scores[-1] < edge:
                chosen: Numbers = np.concatenate([numbers, later])[every >= edge]
                return chosen
            wanted = min(4 * wanted, total)

    def _tail_scores(self, query: Scores, allowed: Numbers | None) -> tuple[Numbers, Scores]:
        numbers = [block for block, _ in self.tail]
        scores = [rows @ query for _, rows in self.tail]
        if not numbers:
            return _NOTHING
        every, near = np.concatenate(numbers), np.concatenate(scores)
        if allowed is None:
            return every, near
        passing = np.isin(every, allowed[np.searchsorted(allowed, every[0]) :], assume_unique=True)
        return every[passing], near[passing]


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
        """Return the vectors of the generation that this thread sees."""
        with self._database.snapshot():
            generation = self._database.generation()
            table = self._table
            if table is None or table.generation < generation:
                with self._refreshing:
                    table = self._table
                    if table is None or table.generation < generation:
                        table = self._table = self._caught_up(table or VectorTable.of(self._load()))
            if table.generation == generation:
                return table
            # Another thread has gone ahead of this thread's snapshot.
            return self._caught_up(VectorTable.of(table.base))

    def search(self, vector: NDArray[np.float32], k: int, allowed: Numbers | None) -> Scored:
        """Return the k best chunks by cosine, and all that tie with the k-th.

        Args:
            vector: Unit length, shape (dimension,).
            k: How many are wanted; all ties at the edge come on top.
            allowed: The chunk numbers to search among, ascending; None for all.
        """
        query = np.ascontiguousarray(vector, dtype=np.float32)
        if allowed is None or len(allowed) > DIRECT:
            allowed = self.table().propose(query, k, allowed)
        numbers, rows = self._vectors(allowed)
        # In double precision: the fast kernels' last digits depend on a row's place.
        scores = np.round(np.einsum("ij,j->i", rows.astype(np.float64), query.astype(np.float64)), 9)
        if len(scores) > k:
            best = scores >= np.partition(scores, -k)[-k]
            return Scored(numbers[best], scores[best])
        return Scored(numbers, scores)

    def save(self) -> None:
        """Write the vector file of the present generation and record it. The caller holds the write lock."""
        with self._database.snapshot():
            table = self._table
            if table is None or table.generation != self._database.generation() or table.behind():
                table = VectorTable.of(self._make())
        name = f"vectors.{table.generation}.faiss"
        digest = hashlib.sha256()
        with write_stream(self._database.folder / name) as stream:

            def write(piece: bytes) -> int:
                digest.update(piece)
                return stream.write(piece)

            write_base(table.base, write)
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO settings VALUES (?, ?)",
                [
                    ("vectors_file", name),
                    ("vectors_sha256", digest.hexdigest()),
                    ("vectors_generation", str(table.generation)),
                    ("vectors_index", to_json(table.base.made)),
                ],
            )
            trim(connection)
        for older in self._database.folder.glob("vectors.*.faiss"):
            if older.name != name:
                older.unlink(missing_ok=True)
        with self._refreshing:
            self._table = table

    def behind(self) -> int:
        """Return by how many chunks the file differs from the library; -1 where there is no usable file."""
        with self._database.snapshot():
            record = self._record()
            if record is None or not (self._database.folder / record.name).is_file():
                return -1
            gone = gone_after(self._database, record.generation)
            if gone is None:
                return -1
            added = self._database.value("SELECT count(*) FROM chunks WHERE id > ?", (record.made.top,))
            return int(added) + int((gone <= record.made.top).sum())

    def path(self) -> Path | None:
        """Return where the recorded vector file should be, None when none was ever written."""
        record = self._record()
        return None if record is None else self._database.folder / record.name

    def made(self) -> VectorIndex | None:
        """Return what the vector file is, None where there is none."""
        record = self._record()
        return None if record is None or not (self._database.folder / record.name).is_file() else record.made

    def problem(self) -> str | None:
        """Return what is wrong with the vector file, None when it is sound or was never written."""
        record = self._record()
        if record is None:
            return None
        path = self._database.folder / record.name
        try:
            if file_digest(path) != record.sha256:
                return f"{path.name}: its SHA-256 is not the one recorded; the file was changed or is damaged"
            base = self._read(path, record)
        except OSError as error:
            return f"{path.name}: cannot be read ({error.strerror})"
        except LibraryDamagedError as error:
            return f"{path.name}: {error.message}"
        return None if self._shows_what_is(base) else f"{path.name}: its vectors are not those in the library"

    def forget(self) -> None:
        """Drop the vectors held in memory."""
        with self._refreshing:
            self._table = None

    # ---- from the file and from SQLite

    def _record(self) -> Record | None:
        """Return what is recorded of the file; None where none was written, or by an earlier version."""
        found = dict(self._database.rows("SELECT name, value FROM settings WHERE name GLOB 'vectors_*'"))
        with suppress(KeyError, ValueError, TypeError, json.JSONDecodeError):
            return Record(
                found["vectors_file"],
                found["vectors_sha256"],
                int(found["vectors_generation"]),
                from_json(found["vectors_index"]),
            )
        return None

    def _load(self) -> VectorBase:
        """Return the vectors of the file, or of the library as it is where the file cannot be used."""
        with self._database.snapshot():
            record = self._record()
            if record is None or gone_after(self._database, record.generation) is None:
                return self._make()
            path = self._database.folder / record.name
            try:
                return self._read(path, record)
            except FileNotFoundError:
                logger.warning("%s is missing; its vectors are read from the library instead", path)
            except (OSError, LibraryDamagedError) as error:
                logger.warning("%s cannot be used (%s); reading the library instead", path, error)
                self._set_aside(path)
            return self._make()

    def _read(self, path: Path, record: Record) -> VectorBase:
        """Read the file once for its checksum and once more for its content."""
        with path.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != record.sha256:
                raise LibraryDamagedError("its SHA-256 is not the one recorded")
            size = stream.tell()
            stream.seek(0)
            return read_base(stream, size, record.generation, record.made, self._dimension)

    def _set_aside(self, path: Path) -> None:
        """Rename a broken file, where this process is the writer; readers leave it where it is."""
        if self._database.write and path.exists():
            logger.warning("the broken file was set aside as %s", set_aside(path))

    def _caught_up(self, table: VectorTable) -> VectorTable:
        """Return the vectors of the present generation, taking from `table` what is still right."""
        with self._database.snapshot():
            generation = self._database.generation()
            if table.generation == generation:
                return table
            written = int(self._database.setting("vectors_generation") or -1)
            gone = gone_after(self._database, table.generation)
            if gone is None or table.generation > generation or table.base.generation < written:
                table = VectorTable.of(self._load())
                gone = gone_after(self._database, table.generation)
            added = self._database.rows(
                "SELECT id, vector FROM chunks WHERE id > ? ORDER BY id", (table.highest(),)
            )
            return table.changed(generation, _NO_NUMBERS if gone is None else gone, self._batch(added))

    def _make(self) -> VectorBase:
        """Return the vectors of the present generation, all read from SQLite."""
        with self._database.snapshot() as connection:
            rows = connection.execute("SELECT id FROM chunks")
            numbers = np.sort(np.fromiter((row[0] for row in rows), dtype=np.int64))
            if len(numbers) > BATCH:
                logger.info("reading %d vectors from %s", len(numbers), self._database.path)
            return make_base(
                self._database.generation(), self._dimension, numbers, self._fetch, self._batches()
            )

    def _batches(self) -> Iterator[Batch]:
        rows = self._database.read().execute("SELECT id, vector FROM chunks ORDER BY id")
        while some := rows.fetchmany(BATCH):
            yield self._batch(some)

    def _fetch(self, numbers: Numbers) -> Vectors:
        """Return the vectors of these chunks, which must be there, in their order."""
        found, rows = self._vectors(numbers)
        order = np.argsort(found)
        result: Vectors = rows[order[np.searchsorted(found, numbers, sorter=order)]]
        return result

    def _vectors(self, numbers: Numbers) -> Batch:
        """Return those of these chunks that are there, in no order, with their true vectors."""
        return self._batch(
            self._database.rows(
                "SELECT id, vector FROM chunks WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(numbers.tolist()),),
            )
        )

    def _batch(self, rows: list[tuple[Any, ...]]) -> Batch:
        for number, blob in rows:
            if not isinstance(blob, bytes) or len(blob) != 4 * self._dimension:
                raise LibraryDamagedError(
                    f"The vector of chunk {number} in {self._database.path} has the wrong size.",
                    "Check the library with: python -m index verify",
                )
        numbers = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
        vectors = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4")
        return numbers, vectors.astype(np.float32, copy=False).reshape(-1, self._dimension)

    def _shows_what_is(self, base: VectorBase) -> bool:
        """Return whether a base holds the library's vectors of its generation, as far as they are there."""
        gone = gone_after(self._database, base.generation)
        if gone is None:
            return True
        rows = self._database.rows("SELECT id FROM chunks WHERE id <= ?", (base.made.top,))
        expected = np.union1d(np.array([row[0] for row in rows], np.int64), gone[gone <= base.made.top])
        held = [numbers for _, numbers, _ in contents(base)]
        if not np.array_equal(np.sort(np.concatenate([*held, _NO_NUMBERS])), expected):
            return False
        for cell, numbers, codes in contents(base):
            there = ~np.isin(numbers, gone)
            if there.any() and not holds(base, cell, codes[there], self._fetch(numbers[there])):
                return False
        return True


_NO_NUMBERS = np.zeros(0, dtype=np.int64)
_NOTHING: tuple[Numbers, Scores] = _NO_NUMBERS, np.zeros(0, dtype=np.float32)


def _without(block: Batch, gone: Numbers) -> Batch:
    kept = ~np.isin(block[0], gone)
    return block if kept.all() else (block[0][kept], block[1][kept])


def _joined(tail: tuple[Batch, ...]) -> tuple[Batch, ...]:
    """Join small blocks at the end, so that there are few and each vector is seldom copied."""
    blocks = list(tail)
    while len(blocks) > 1 and len(blocks[-2][0]) <= 2 * len(blocks[-1][0]):
        (first, first_rows), (second, second_rows) = blocks[-2:]
        blocks[-2:] = [(np.concatenate([first, second]), np.concatenate([first_rows, second_rows]))]
    return tuple(blocks)
