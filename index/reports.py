"""What is told of a library and of adding to it: the records of `index.ingest.add` and `Store.stats`."""

from dataclasses import dataclass

from index.schema import Failure


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one `add` did. Counts are articles; `chunks` counts newly embedded chunks.

    `seconds` went by on the clock. `cpu_seconds` is the processor time of the run and `statement_seconds`
    the part of it that finding names and statements took.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    duplicates: int = 0
    removed: int = 0
    chunks: int = 0
    seconds: float = 0.0
    failures: tuple[Failure, ...] = ()
    interrupted: bool = False
    cpu_seconds: float = 0.0
    statement_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class VectorIndex:
    """How a library's vector file is made, and how well it finds.

    Attributes:
        chunks: How many vectors it holds.
        top: The highest chunk number among them, 0 without any.
        bits: Size of a number of a stored vector.
        cells: Into how many cells the vectors are sorted; 1 where every vector is compared.
        probed: How many cells a question without a filter reads.
        recall: Share of the 20 best chunks that this finds, the lower of both kinds of questions that it is
            measured with; 1 where every vector is compared.
        questions: How many questions that was measured with.
        error: How far the scores by which it chooses may be from the true ones: proven where every vector is
            compared, else what one in a thousand exceeded when it was measured.
    """

    chunks: int
    top: int
    bits: int
    cells: int
    probed: int
    recall: float
    questions: int
    error: float


@dataclass(frozen=True, slots=True)
class LibraryStats:
    """The size and make of a library.

    `vectors` says in words what `vector_index` says in numbers: None without a usable vector file,
    and for a library in shards, each of which has a file of its own.
    `outdated` counts the articles whose statements an older version of the rules has found.
    """

    articles: int
    groups: int
    chunks: int
    sentences: int
    mentions: int
    statements: int
    undated: int
    outlets: tuple[tuple[str, int], ...]
    published_from: str | None
    published_to: str | None
    model: str
    dimension: int
    generation: int
    format_version: int
    bytes_on_disk: int
    vectors: str
    outdated: int = 0
    vector_index: VectorIndex | None = None
