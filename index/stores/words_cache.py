"""The words of a library as postings in memory or mapped: a cache that the word index can always rebuild.

A file shows the library as of some generation; what came since is read from the database and kept beside it,
and what went is masked. A file that fails its SHA-256 is not used.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import LibraryDamagedError
from index.stores.database import Database
from index.stores.disk import file_digest, set_aside
from index.stores.journal import gone_after, trim
from index.stores.postings import SLACK, Phrase, Postings, Segment, best, weights
from index.stores.protocol import WordStatistics
from index.stores.vocabulary import collected, indexed_terms, merged, postings_of
from index.stores.words_file import SHORT_BODY_FROM, map_postings, write_postings

logger = logging.getLogger(__name__)

SEARCHES = 16
"""Searches after which the pages of the mapped file that they read are given back: about ten questions."""

KEPT = 512
"""Phrases of several words whose chunks are remembered until the library changes."""

WRITE_AFTER = 200
WRITE_SHARE = 50
"""The file is written when so many chunks differ, and so large a part of all (one in WRITE_SHARE)."""

FORGET_UP_TO = 10_000
"""Chunks up to which deleting writes the file again, so that nothing of what was deleted stays in it."""

Numbers = NDArray[np.int64]
Holding = tuple[NDArray[Any], NDArray[Any]]


@dataclass(slots=True, eq=False)
class WordTable:
    """The words of one generation of a library; its segments never change, so any thread may search it.

    Attributes:
        generation: The library's generation it shows.
        last: The highest chunk number it has seen, deleted ones too.
        base: The generation that its first segment was made of.
        segments: The chunks, each in one of them, chunk numbers ascending over all.
    """

    generation: int
    last: int
    base: int
    segments: tuple[Segment, ...]
    _kept: OrderedDict[Phrase, tuple[Holding, ...]] = field(default_factory=OrderedDict)
    _norms: dict[float, tuple[NDArray[np.float64], ...]] = field(default_factory=dict)
    _size: tuple[int, int] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _searches: Iterator[int] = field(default_factory=partial(count, 1))

    def statistics(self, held: Sequence[tuple[Holding, ...]]) -> WordStatistics:
        """Return what BM25 asks of all chunks that are there.

        Args:
            held: For each phrase what `holding` returns.
        """
        if self._size is None:
            sizes = [segment.size() for segment in self.segments]
            self._size = sum(rows for rows, _ in sizes), sum(words for _, words in sizes)
        holding = tuple(
            sum(segment.count(rows) for segment, (rows, _) in zip(self.segments, one, strict=True))
            for one in held
        )
        return WordStatistics(*self._size, holding)

    def holding(self, phrase: Phrase) -> tuple[Holding, ...]:
        """Return, for each segment, the rows that hold a phrase and how often."""
        if len(phrase) == 1:
            return tuple(segment.postings.holding(phrase) for segment in self.segments)
        with self._lock:
            known = self._kept.get(phrase)
            if known is not None:
                self._kept.move_to_end(phrase)
                return known
        found = tuple(segment.postings.holding(phrase) for segment in self.segments)
        with self._lock:
            self._kept[phrase] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found

    def norms(self, mean_length: float) -> tuple[NDArray[np.float64], ...]:
        """Return each segment's `Segment.norms`; those of the last mean length are kept."""
        known = self._norms.get(mean_length)
        if known is None:
            known = tuple(segment.norms(mean_length) for segment in self.segments)
            self._norms = {mean_length: known}
        return known

    def masks(self, allowed: Numbers | None) -> list[NDArray[np.bool_] | None]:
        """Return, for each segment, which rows may be found; None for all.

        Args:
            allowed: The chunks to search among, ascending; None for all.
        """
        return [_mask(segment, allowed) for segment in self.segments]

    def search(
        self,
        held: Sequence[tuple[Holding, ...]],
        k: int,
        masks: Sequence[NDArray[np.bool_] | None],
        statistics: WordStatistics,
    ) -> tuple[Numbers, NDArray[np.float64]]:
        """Return the chunks that score as high as the k-th best, or higher, with their BM25; in no order.

        Args:
            held: For each phrase what `holding` returns.
            k: How many are wanted.
            masks: What `masks` returns.
            statistics: Those of all chunks, or of a larger collection.
        """
        weigh = weights(statistics)
        norms = self.norms(statistics.tokens / max(1, statistics.rows) or 1.0)
        if next(self._searches) % SEARCHES == 0:
            for segment in self.segments:
                segment.postings.let_go()
        numbers, scores = [np.zeros(0, np.int64)], [np.zeros(0)]
        for place, segment in enumerate(self.segments):
            parts = [(weight, *own[place]) for weight, own in zip(weigh, held, strict=True)]
            rows, reached = best(parts, norms[place], k, masks[place])
            numbers.append(segment.postings.numbers[rows])
            scores.append(reached)
        found, reached = np.concatenate(numbers), np.concatenate(scores)
        if len(found) > k:
            enough = reached >= np.partition(reached, -k)[-k] * (1 - SLACK)
            found, reached = found[enough], reached[enough]
        return found, reached

    def among(self, phrases: Sequence[Phrase], chunks: Numbers) -> NDArray[np.bool_]:
        """Return which of these chunks, ascending, hold each phrase in their text: shape (phrases, n)."""
        found = np.zeros((len(phrases), len(chunks)), bool)
        for segment in self.segments:
            rows = _rows(segment.postings, chunks)
            if segment.alive is not None:
                rows = rows[segment.alive[rows]]
            found[:, np.searchsorted(chunks, segment.postings.numbers[rows])] = segment.postings.among(
                phrases, rows
            )
        return found


class WordCache:
    """The words of a library, as new as its last commit.

    Args:
        database: The library's database, whose word index is where the words really are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._table: WordTable | None = None
        self._refreshing = threading.Lock()

    def table(self) -> WordTable:
        """Return the words of the generation that this thread sees. Call it in a snapshot."""
        with self._database.snapshot():
            generation = self._database.generation()
            table = self._table
            if table is None or table.generation < generation:
                with self._refreshing:
                    table = self._table
                    if table is None or table.generation < generation:
                        table = self._table = self._caught_up(table or self._load())
            # Another thread may have gone ahead of this thread's snapshot.
            return table if table.generation == generation else self._caught_up(self._load())

    def save(self) -> None:
        """Write the file of the present generation and record it. The caller holds the write lock."""
        with self._database.snapshot() as connection:
            generation, numbers = self._database.generation(), self._numbers()
            path = self._database.folder / f"words.{generation}.safetensors"
            # docsize has a few bytes a column and chunk: no chunk can be longer than its text.
            longest = self._database.value("SELECT max(end - start) FROM chunks") or 0
            titles = self._database.value("SELECT max(length(title)) FROM articles") or 0
            short = max(longest, titles) < SHORT_BODY_FROM
            write_postings(path, numbers, indexed_terms(connection, numbers), short=short)
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO settings VALUES (?, ?)",
                [
                    ("words_file", path.name),
                    ("words_sha256", file_digest(path)),
                    ("words_generation", str(generation)),
                    ("words_last", str(int(numbers[-1]) if len(numbers) else 0)),
                ],
            )
            trim(connection)
        for older in self._database.folder.glob("words.*.safetensors"):
            if older != path:
                older.unlink(missing_ok=True)
        self.forget()

    def outdated(self, *, forgetting: bool) -> bool:
        """Return whether the file is so far behind the library that it should be written again.

        Args:
            forgetting: Whether words of deleted chunks should not stay in the file. Large files keep them for
                a while: writing one takes longer than deleting an article may.
        """
        chunks = int(self._database.value("SELECT count(*) FROM chunks"))
        path, generation = self.path(), self._database.setting("words_generation")
        behind, allowed = chunks, max(WRITE_AFTER, chunks // WRITE_SHARE)
        if path is not None and generation is not None and path.is_file():
            gone = gone_after(self._database, int(generation))
            if gone is not None:
                last = int(self._database.setting("words_last") or 0)
                came = self._database.value("SELECT count(*) FROM chunks WHERE id > ?", (last,))
                behind = len(gone) + int(came)
                allowed = 0 if forgetting and len(gone) and chunks <= FORGET_UP_TO else allowed
        return behind > allowed

    def path(self) -> Path | None:
        """Return where the recorded file should be, None when none was ever written."""
        name = self._database.setting("words_file")
        return None if name is None else self._database.folder / name

    def problem(self) -> str | None:
        """Return what is wrong with the file, None when it is sound or was never written."""
        path = self.path()
        if path is None:
            return None
        try:
            if file_digest(path) != self._database.setting("words_sha256"):
                return f"{path.name}: its SHA-256 is not the one recorded; the file was changed or is damaged"
            mapped = map_postings(path)
        except OSError as error:
            return f"{path.name}: cannot be read ({error.strerror})"
        except LibraryDamagedError as error:
            return f"{path.name}: {error.message}"
        with self._database.snapshot():
            if self._database.setting("words_generation") != str(self._database.generation()):
                return None
            numbers = self._numbers()
            if not np.array_equal(mapped.numbers, numbers):
                return f"{path.name}: its chunks are not those in the library"
            indexed = collected(indexed_terms(self._database.read(), numbers), numbers)
        same = all(
            np.array_equal(getattr(mapped, name), getattr(indexed, name))
            for name in ("terms", "lengths", "terms_at", "postings_at", "positions_at", "rows", "counts")
        )
        same = same and np.array_equal(_places(mapped), _places(indexed))
        return None if same else f"{path.name}: its words are not those in the library"

    def forget(self) -> None:
        """Drop what is held in memory."""
        with self._refreshing:
            self._table = None

    def _load(self) -> WordTable:
        """Return the words of the file, or of the word index where there is no usable file."""
        path, generation = self.path(), int(self._database.setting("words_generation") or -1)
        if path is not None and gone_after(self._database, generation) is not None:
            try:
                if file_digest(path) == self._database.setting("words_sha256"):
                    last = int(self._database.setting("words_last") or 0)
                    return WordTable(generation, last, generation, (Segment(map_postings(path)),))
                logger.warning("%s fails its checksum; its words are read from the library instead", path)
                self._set_aside(path)
            except FileNotFoundError:
                logger.info("%s is missing; its words are read from the library instead", path)
            except (OSError, LibraryDamagedError) as error:
                logger.warning("%s cannot be used (%s); reading the library instead", path, error)
                self._set_aside(path)
        numbers = self._numbers()
        postings = collected(indexed_terms(self._database.read(), numbers), numbers)
        last = int(numbers[-1]) if len(numbers) else 0
        generation = self._database.generation()
        return WordTable(generation, last, generation, (Segment(postings),))

    def _set_aside(self, path: Path) -> None:
        """Rename a broken file, where this process is the writer; readers leave it where it is."""
        if self._database.write:
            logger.warning("the broken file was set aside as %s", set_aside(path))

    def _caught_up(self, table: WordTable) -> WordTable:
        """Return the words of the present generation, with what came and went since `table`."""
        generation = self._database.generation()
        if table.generation == generation:
            return table
        gone = gone_after(self._database, table.generation)
        written = int(self._database.setting("words_generation") or -1)
        if gone is None or table.base < written:
            table = self._load()
            gone = gone_after(self._database, table.generation)
        if gone is None:
            raise LibraryDamagedError(
                f"The journal of {self._database.path} does not reach back to generation {table.generation}.",
                "Check the library with: python -m index verify",
            )
        came = self._database.rows("SELECT id, title, body FROM chunk_words WHERE id > ?", (table.last,))
        segments = [_without(segment, gone) for segment in table.segments]
        last = table.last
        if came:
            came.sort()
            segments.append(Segment(postings_of(came)))
            last = came[-1][0]
        # Like sizes are merged, so that many small changes make few segments.
        while len(segments) > 2 and _length(segments[-2]) < 2 * _length(segments[-1]):
            segments[-2:] = [_merged(segments[-2], segments[-1])]
        return WordTable(generation, last, table.base, tuple(segments))

    def _numbers(self) -> Numbers:
        rows = self._database.rows("SELECT id FROM chunks ORDER BY id")
        return np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))


def _places(postings: Postings) -> NDArray[np.int64]:
    """Return the positions in a way that does not depend on where those of the text begin."""
    positions = postings.positions.astype(np.int64)
    return np.where(positions >= postings.body_from, positions - postings.body_from - (1 << 40), positions)


def _length(segment: Segment) -> int:
    return len(segment.postings.numbers)


def _merged(one: Segment, other: Segment) -> Segment:
    alive = None
    if one.alive is not None or other.alive is not None:
        alive = np.concatenate(
            [
                np.ones(_length(segment), bool) if segment.alive is None else segment.alive
                for segment in (one, other)
            ]
        )
    return Segment(merged(one.postings, other.postings), alive)


def _without(segment: Segment, gone: Numbers) -> Segment:
    """Return the segment without these chunks."""
    rows = _rows(segment.postings, np.unique(gone))
    if not len(rows):
        return segment
    alive = np.ones(_length(segment), bool) if segment.alive is None else segment.alive.copy()
    alive[rows] = False
    return Segment(segment.postings, alive)


def _rows(postings: Postings, numbers: Numbers) -> NDArray[np.int64]:
    """Return the rows of those of these chunks, ascending and each once, that are there."""
    at = np.searchsorted(postings.numbers, numbers)
    inside = at < len(postings.numbers)
    at = at[inside]
    rows: NDArray[np.int64] = at[postings.numbers[at] == numbers[inside]]
    return rows


def _mask(segment: Segment, allowed: Numbers | None) -> NDArray[np.bool_] | None:
    if allowed is None:
        return segment.alive
    mask = np.zeros(_length(segment), bool)
    mask[_rows(segment.postings, allowed)] = True
    return mask if segment.alive is None else mask & segment.alive
