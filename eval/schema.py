"""The records that `eval` reads and writes: gold questions, results, scores. Plain frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a gold answer stands.

    Attributes:
        article: The article's file name, row id, URL, title or id in the library; empty where the gold names
            none and only the quote tells.
        quote: Words of the article, verbatim; empty where the article as a whole is judged relevant.
        grade: How relevant it is; above 1 only in graded judgements (TREC, BEIR).
    """

    article: str
    quote: str = ""
    grade: int = 1


@dataclass(frozen=True, slots=True)
class Case:
    """One gold question.

    Attributes:
        type: The kind of question in the gold file's own words; scores are also given by type.
        answerable: Whether the articles say it; an unanswerable question wants an abstention.
        answers: Right answers. Any one will do, except for a list, where each is wanted.
        choices: The options of a multiple-choice question.
        ranking: Names with their counts, most first, where a count is asked for.
    """

    id: str
    question: str
    type: str = ""
    answerable: bool = True
    answers: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    asked_on: str | None = None
    choices: tuple[str, ...] = ()
    ranking: tuple[tuple[str, float], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row of a gold file that holds no usable question: where it stands and what is wrong with it."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article that comes with a gold file (a SQuAD paragraph, a row of a BEIR corpus)."""

    id: str
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Gold:
    """A gold file as read. `digest` is the SHA-256 of the files it was read from."""

    path: Path
    format: str
    digest: str
    cases: tuple[Case, ...]
    bad: tuple[BadRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Characters of an article in the library; without offsets, all of it."""

    article: str
    start: int | None = None
    end: int | None = None

    def overlaps(self, other: "Place") -> bool:
        """Return whether both share a character; a place without offsets shares all of its article's."""
        if self.article != other.article:
            return False
        if self.start is None or self.end is None or other.start is None or other.end is None:
            return True
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Located:
    """A piece of gold evidence found in the library.

    Attributes:
        articles: The article it names and that article's near-duplicates.
        places: Where the quote stands in them; empty when it is not there.
    """

    evidence: Evidence
    articles: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()

    @property
    def quoted(self) -> bool:
        """Whether the gold gives words, so that passages can be judged and not only articles."""
        return bool(self.evidence.quote)


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage that was retrieved. `also_in` names near-duplicate articles that say the same."""

    rank: int
    article: str
    start: int | None = None
    end: int | None = None
    text: str = ""
    title: str = ""
    outlet: str = ""
    published: str = ""
    score: float = 0.0
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a system gave for one question.

    Attributes:
        answer: The Answer in its JSON form (docs/answer-format.md); None when the question failed.
        failure: Why it failed; None when it did not.
        retrieved: What was retrieved, best first; None where the system does not say.
        citations, verbatim: Citations checked against the library, and how many of them are its exact words.
        tokens: Tokens of a language model, where one was used.
    """

    answer: Mapping[str, Any] | None
    failure: str | None = None
    retrieved: tuple[Retrieved, ...] | None = None
    citations: int = 0
    verbatim: int = 0
    wall_ms: float | None = None
    cpu_ms: float | None = None
    tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A gold question with what the system gave for it and where the gold stands in the library."""

    case: Case
    outcome: Outcome
    located: tuple[Located, ...] = ()
    outlets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """A metric on one case. A mean weighs cases by `weight`, so that shares over citations are over all."""

    value: float
    weight: float = 1.0


Scores = Mapping[str, Score]
"""The metrics that apply to one case, by name."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric over `n` cases: its (weighted) mean and the 95 % interval of that mean."""

    name: str
    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """Questions by whether the articles say it and whether the system answered."""

    answered: int = 0
    wrongly_abstained: int = 0
    wrongly_answered: int = 0
    abstained: int = 0


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """When only answers of at least this confidence are given: share answered, and share wrong of these."""

    confidence: float
    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class Threshold:
    """The confidence below which abstaining pays best, and the mean reward with it and as run."""

    confidence: float
    reward: float
    reward_as_run: float


@dataclass(frozen=True, slots=True)
class Abstention:
    """How well the system knows what it does not know. `area` is the mean risk along the curve."""

    confusion: Confusion
    curve: tuple[RiskPoint, ...] = ()
    area: Metric | None = None
    threshold: Threshold | None = None


@dataclass(frozen=True, slots=True)
class Quantiles:
    """The middle of a cost over questions, and what 95 % of them do not exceed."""

    median: float
    p95: float
    most: float


@dataclass(frozen=True, slots=True)
class Summary:
    """All scores of a run. `costs` are milliseconds or tokens by the metric's name."""

    questions: int
    failures: int
    metrics: tuple[Metric, ...]
    by_type: Mapping[str, tuple[Metric, ...]] = field(default_factory=dict)
    by_outlet: Mapping[str, tuple[Metric, ...]] = field(default_factory=dict)
    abstention: Abstention = field(default_factory=lambda: Abstention(Confusion()))
    costs: Mapping[str, Quantiles] = field(default_factory=dict)

    def metric(self, name: str) -> Metric | None:
        """Return a metric by name; None where it applies to no case."""
        return next((metric for metric in self.metrics if metric.name == name), None)
