"""The FAISS index of a library's vectors: how it is made, measured, written and read.

It proposes chunks; their scores are those of the true vectors in SQLite. Up to FLAT_UP_TO chunks every vector
is compared, at 16 bits a number; its stored form being off by no more than `error`, the best are among those
proposed for certain. Above, the vectors lie in cells at 8 bits a number, and a question reads the nearest
cells only. How many is measured when the index is made, with questions near to the articles and far off.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from index.errors import LibraryDamagedError
from index.reports import VectorIndex
from index.schema import Vectors

FLAT_UP_TO = 50_000
"""Chunks up to which every vector is compared: 4 ms of one core; benchmarks/vectors.py."""

RECALL = 0.99
"""Share of the RECALL_AT best chunks that reading some of the cells must find, on vectors held out.

The aim for real questions is .98. They are harder, so one step more of cells is read than is needed here.
"""

RECALL_AT = 20
HELD_OUT = 128
"""Vectors of the library that are asked as they are, and again with noise: as far off as questions are."""
NOISE = 1.5
"""Length of the noise beside a vector of length 1: a question's best chunks are about as far from it."""
MANY_CELLS = 1024
"""Cells up to which more than the square root of the chunks pay: smaller cells are read more to the point."""
SAMPLE_A_CELL = 32
ROUNDS = 5
"""Vectors that each cell's middle is found from, and in how many rounds: more cost time and find no more."""
SPARE = 16
"""Proposals asked for beyond those wanted."""

Numbers = NDArray[np.int64]
Scores = NDArray[np.float32]
Batch = tuple[Numbers, Vectors]


def to_json(made: VectorIndex) -> str:
    """Return what an index is as it is stored beside its file's name."""
    return json.dumps(asdict(made), sort_keys=True)


def from_json(text: str) -> VectorIndex:
    """Return what was stored; raises ValueError or TypeError for what is none."""
    made = VectorIndex(**json.loads(text))
    if not 1 <= made.probed <= made.cells or made.chunks < 0 or made.error < 0:
        raise ValueError(f"no vector index is like this: {text}")
    return made


@dataclass(frozen=True, slots=True)
class VectorBase:
    """The vectors of the chunks that one generation of the library holds; never changed once made.

    Attributes:
        generation: That generation.
        made: What the index is.
        faiss_index: An IndexIVFScalarQuantizer whose ids are chunk numbers.
    """

    generation: int
    made: VectorIndex
    faiss_index: Any

    def nearest(
        self,
        query: Scores,
        wanted: int,
        among: Any = None,  # noqa: ANN401
        *,
        probed: int = 0,
    ) -> tuple[Numbers, Scores]:
        """Return the numbers and near scores of the best chunks, best first.

        Args:
            query: Unit length, shape (dimension,).
            wanted: How many; fewer come back where the cells read hold fewer.
            among: A selector of chunk numbers; None for all.
            probed: How many cells to read, 0 for as many as the index was measured with.
        """
        import faiss

        parameters = faiss.SearchParametersIVF(  # type: ignore[call-arg]
            sel=among, nprobe=probed or self.made.probed
        )
        scores, numbers = self.faiss_index.search(query.reshape(1, -1), wanted, params=parameters)
        found = numbers[0] >= 0
        return numbers[0][found], scores[0][found]


def selector(numbers: Numbers, top: int, *, inside: bool) -> Any:  # noqa: ANN401 - FAISS has no types
    """Return a FAISS selector of the chunk numbers up to `top` that are inside, or outside, `numbers`."""
    import faiss

    mask = np.full(top + 1, not inside)
    mask[numbers[numbers <= top]] = inside
    bits: Any = np.packbits(mask, bitorder="little")
    return faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg]


def cells_for(chunks: int) -> int:
    """Return into how many cells so many vectors are sorted.

    Example:
        >>> cells_for(FLAT_UP_TO), cells_for(100_000), cells_for(1_000_000)
        (1, 1024, 1024)
    """
    if chunks <= FLAT_UP_TO:
        return 1
    root = float(np.sqrt(chunks))
    return 1 << int(np.ceil(np.log2(max(root, min(3 * root, MANY_CELLS)))))


def make_base(
    generation: int,
    dimension: int,
    numbers: Numbers,
    fetch: Callable[[Numbers], Vectors],
    batches: Iterable[Batch],
) -> VectorBase:
    """Make the index of a library's vectors. Equal arguments make equal indexes, byte for byte.

    Args:
        generation: The generation of the library that is shown.
        dimension: Length of a vector.
        numbers: All chunk numbers, ascending.
        fetch: Returns the vectors of some chunks, in their order.
        batches: All chunk numbers with their vectors.
    """
    import faiss

    # With two threads a single question is slower, at three times the processor time.
    faiss.omp_set_num_threads(1)
    cells = cells_for(len(numbers))
    faiss_index = _empty(dimension, cells)
    chance = np.random.default_rng(len(numbers))
    trial = None
    if cells > 1:
        held_out, sample = np.split(chance.permutation(numbers), [min(HELD_OUT, len(numbers) // 4)])
        faiss_index.train(fetch(np.sort(sample[: SAMPLE_A_CELL * cells])))
        trial = _Trial(held_out, fetch(held_out), chance)
    error = 0.0
    for some, rows in batches:
        faiss_index.add_with_ids(rows, some)
        if trial is not None:
            trial.compare(some, rows)
        else:
            error = max(error, _farthest(faiss_index, rows))
    top = int(numbers[-1]) if len(numbers) else 0
    if trial is None:
        made = VectorIndex(len(numbers), top, 16, 1, 1, 1.0, 0, error)
    else:
        made = trial.measured(faiss_index, top, fetch)
    return VectorBase(generation, made, faiss_index)


def _empty(dimension: int, cells: int) -> Any:  # noqa: ANN401
    import faiss

    kind = faiss.ScalarQuantizer.QT_fp16 if cells == 1 else faiss.ScalarQuantizer.QT_8bit
    middles = faiss.IndexFlatIP(dimension)
    faiss_index = faiss.IndexIVFScalarQuantizer(
        middles, dimension, cells, kind, faiss.METRIC_INNER_PRODUCT, False
    )
    if cells == 1:
        middles.add(np.zeros((1, dimension), dtype=np.float32))
        faiss_index.is_trained = True
    faiss_index.cp.seed = 1
    faiss_index.cp.niter = ROUNDS
    faiss_index.cp.spherical = True
    faiss_index.cp.min_points_per_centroid = 1
    faiss_index.cp.max_points_per_centroid = SAMPLE_A_CELL
    return faiss_index


def _farthest(faiss_index: Any, rows: Vectors) -> float:  # noqa: ANN401
    """Return how far the farthest stored vector is from the true one: no score can differ by more."""
    if not len(rows):
        return 0.0
    stored = faiss_index.sq.decode(faiss_index.sq.compute_codes(rows))
    # FAISS adds up in single precision.
    return float(np.linalg.norm(stored - rows, axis=1).max()) + 1e-6


class _Trial:
    """Questions whose best chunks are found by comparing all vectors, to measure how many cells to read."""

    def __init__(self, own: Numbers, vectors: Vectors, chance: "np.random.Generator") -> None:
        noise = chance.standard_normal(vectors.shape) * (NOISE / np.sqrt(vectors.shape[1]))
        noisy = vectors + noise
        noisy /= np.linalg.norm(noisy, axis=1, keepdims=True)
        self._queries: Vectors = np.concatenate([vectors, noisy]).astype(np.float32)
        # A question that is a chunk's vector must not find that chunk.
        self._own = np.concatenate([own, np.full(len(own), -1)])[:, None]
        self._best = np.zeros((len(self._queries), 0), np.float32)

    def compare(self, numbers: Numbers, rows: Vectors) -> None:
        """Compare some vectors with all questions and keep each one's best scores."""
        scores = self._queries @ rows.T
        scores[self._own == numbers] = -2
        scores = np.concatenate([self._best, scores], axis=1)
        if scores.shape[1] > RECALL_AT:
            scores = -np.partition(-scores, RECALL_AT - 1, axis=1)[:, :RECALL_AT]
        self._best = scores

    def measured(self, faiss_index: Any, top: int, fetch: Callable[[Numbers], Vectors]) -> VectorIndex:  # noqa: ANN401
        """Return what the index is, with one step more than the fewest cells that find enough."""
        import faiss

        enough = False
        for probed in _steps(faiss_index.nlist):
            parameters = faiss.SearchParametersIVF(nprobe=probed)  # type: ignore[call-arg]
            near, found = faiss_index.search(self._queries, RECALL_AT + SPARE, params=parameters)
            true = self._true_scores(found, fetch)
            recall = self._recall(found, true)
            if enough:
                break
            enough = recall >= RECALL
        error = float(np.quantile(np.abs(near - true)[found >= 0], 0.999))
        return VectorIndex(
            faiss_index.ntotal,
            top,
            8,
            faiss_index.nlist,
            probed,
            round(recall, 4),
            len(found),
            round(error, 6),
        )

    def _true_scores(self, found: Numbers, fetch: Callable[[Numbers], Vectors]) -> Scores:
        """Return the true scores of what was found, shape as `found`; those of what was not mean nothing."""
        there = np.where(found >= 0, found, found.max())
        numbers, places = np.unique(there, return_inverse=True)
        rows = fetch(numbers)[places.reshape(found.shape)]
        scores: Scores = np.einsum("qkd,qd->qk", rows, self._queries)
        return scores

    def _recall(self, found: Numbers, true: Scores) -> float:
        """Return the recall of the kind of questions that has the lower one; of ties any will do."""
        enough = true >= self._best.min(axis=1, keepdims=True) - 1e-6
        hits = (enough & (found >= 0) & (found != self._own)).sum(axis=1)
        shares = np.minimum(hits / self._best.shape[1], 1.0)
        return float(min(part.mean() for part in np.split(shares, 2)))


def _steps(cells: int) -> list[int]:
    """Return the numbers of cells that are tried, each about a third more than the one before.

    Example:
        >>> _steps(16)
        [1, 2, 3, 4, 6, 8, 12, 16]
    """
    return [step for power in range(cells.bit_length()) for step in _around(1 << power) if step <= cells]


def _around(power: int) -> tuple[int, ...]:
    return (power,) if power == 1 else (power, power * 3 // 2)


# ---- the file


def write_base(base: VectorBase, write: Callable[[bytes], object]) -> None:
    """Give the index of a base to `write`, a piece at a time."""
    import faiss

    faiss.write_index(base.faiss_index, faiss.PyCallbackIOWriter(write))  # type: ignore[attr-defined]


def read_base(stream: BinaryIO, size: int, generation: int, made: VectorIndex, dimension: int) -> VectorBase:
    """Read an index whose checksum was right.

    Args:
        stream: The file, at its beginning.
        size: Its length in bytes.
        generation: The generation that it shows.
        made: What it should be.
        dimension: Length of a vector.

    Raises LibraryDamagedError where it is another thing than was recorded.
    """
    import faiss

    faiss.omp_set_num_threads(1)
    # A forged header may ask for any amount of memory; the content cannot hold more than its own size.
    faiss.set_deserialization_vector_byte_limit(size)
    faiss.set_deserialization_loop_limit(1_000_000)
    try:
        faiss_index = faiss.read_index(faiss.PyCallbackIOReader(stream.read))  # type: ignore[attr-defined]
    except (RuntimeError, MemoryError) as error:
        raise LibraryDamagedError(f"it cannot be decoded ({error})") from error
    if not isinstance(faiss_index, faiss.IndexIVFScalarQuantizer):
        raise LibraryDamagedError(f"it holds a {type(faiss_index).__name__}, not an IndexIVFScalarQuantizer")
    held = (faiss_index.d, faiss_index.ntotal, faiss_index.nlist, 8 * faiss_index.code_size // faiss_index.d)
    if held != (dimension, made.chunks, made.cells, made.bits):
        raise LibraryDamagedError(
            f"it holds {held[1]} vectors of {held[0]} numbers of {held[3]} bits in {held[2]} cells, "
            f"not {made.chunks} of {dimension} of {made.bits} in {made.cells}"
        )
    return VectorBase(generation, made, faiss_index)


def contents(base: VectorBase) -> Iterable[tuple[int, Numbers, NDArray[np.uint8]]]:
    """Yield each cell with its chunk numbers and stored vectors, shape (n, code size)."""
    import faiss

    lists = base.faiss_index.invlists
    for cell in range(base.faiss_index.nlist):
        count = lists.list_size(cell)
        if count:
            numbers = faiss.rev_swig_ptr(lists.get_ids(cell), count).copy()
            codes = faiss.rev_swig_ptr(lists.get_codes(cell), count * base.faiss_index.code_size)
            yield cell, numbers, codes.reshape(count, -1).copy()


def holds(base: VectorBase, cell: int, codes: NDArray[np.uint8], rows: Vectors) -> bool:
    """Return whether these true vectors are stored as `codes`, and belong to this cell."""
    if not np.array_equal(base.faiss_index.sq.compute_codes(rows), codes):
        return False
    middles = base.faiss_index.quantizer
    nearest, _ = middles.search(rows, 1)
    # Of two middles as good as equally near, either will do.
    return bool((rows @ middles.reconstruct(cell) >= nearest[:, 0] - 1e-4).all())
