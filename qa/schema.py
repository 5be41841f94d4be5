"""The records that `qa` reads and returns. `Answer` is the public result: see docs/answer-format.md.

All offsets are half-open character ranges into the cleaned text of an article.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from index.schema import ArticleCard, Filter, Stance

ANSWER_VERSION = 1
"""Version of the Answer's JSON form; raised when a field changes its meaning or goes."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the reader asks.

    Attributes:
        asked_on: The day they ask it; "this week" is read against it.
        filter: The filters they chose.
        choices: The options of a multiple-choice question; empty for an open one.
        without: Ids of `Constraint`s that the question's words would set and that the reader took away.
    """

    text: str
    id: str = ""
    asked_on: date | None = None
    filter: Filter = field(default_factory=Filter)
    choices: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Constraint:
    """One thing that narrows where the answer is looked for, shown to the reader as a chip to take away.

    Attributes:
        id: Names the constraint in `Question.without`; the same words give the same id.
        kind: What it limits: "outlet", "published" or, in a conversation, "carried".
        words: The words of the question that set it.
        meaning: What they were read as ("published 2025-09-01 to 2025-09-30").
    """

    id: str
    kind: str
    words: str
    meaning: str


class Kind(StrEnum):
    """The kinds of question that have an answerer of their own."""

    FACT = "fact"
    QUOTE = "quote"
    STATEMENTS = "statements"
    METADATA = "metadata"
    COMPARE = "compare"
    LIST = "list"
    COUNT = "count"
    TEMPORAL = "temporal"
    WHETHER = "whether"
    SUMMARY = "summary"
    ARGUMENT = "argument"
    PARTS = "parts"


class Wanted(StrEnum):
    """What a short answer must be."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    DATE = "date"
    NUMBER = "number"
    MEASURE = "measure"
    MONEY = "money"
    PERCENT = "percent"
    NAME = "name"
    YES_NO = "yes or no"
    ENTITY = "named thing"
    CLAUSE = "clause"
    DESCRIPTION = "description"


class Side(StrEnum):
    """Where the answer stands, seen from the question's verb, in a plain active sentence."""

    BEFORE = "before"
    AFTER = "after"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class When:
    """How a question orders or limits things in time.

    Attributes:
        relation: "after", "before", "between", "during", "latest", "first", "last", "order" or "timeline".
        event: The event that it starts from ("the strike vote"), empty where days are given.
        other: The second event, of "between" and "order".
        first, last: Days that limit it (ISO, inclusive); None leaves that side open.
    """

    relation: str
    event: str = ""
    other: str = ""
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What the question was turned into, shown to the reader.

    Attributes:
        kind: Which answerer takes it.
        wanted: What the short answer must be.
        many: Whether several answers are wanted ("which companies", "whom did X praise").
        head: The noun asked for ("tariff" in "what tariff ..."), empty when there is none.
        verb: Stem of the verb whose subject or object is asked for, empty where none was read.
        side: On which side of that verb the answer stands in a plain sentence.
        names: Names in the question, as written.
        speaker, target, stance: For questions about statements. The one that is asked for is None.
        ranked: Whether the statements are to be counted and ranked ("most").
        family: The kind of praise that is asked for: "thank", "congratulate", "endorse" or "defend"; empty
            for any.
        described: What is said of the ones asked for ("Republican senators"), empty for anybody.
        including: Speakers counted that are else left out: "author".
        sides: The sources that are set side by side: outlets of the library, or people and bodies.
        when: For questions about what came when; None for all others.
        thing: The thing whose description is asked for, stemmed ("wall" in "the wall that X wants to build").
        about: Of metadata: "authors", "published", "outlet", "title" or "articles". Of counts: what is
            counted ("articles", "outlets", "statements", "speakers", "mentions"). Of comparisons: what is
            asked ("agree", "differ", "say", or which of the articles must mention it: "both", "all",
            "any"). Of summaries: "article" or "topic".
        parts: The questions that a question of several parts is asked as, in order; empty for all others.
        terms: Content words of the question that passages are scored by.
        filter: Filters read from the question together with the ones the reader chose.
        constraints: What of the filter was read from the question, each to be taken away by the reader.
        notes: One line a reading step, for the reader ("'the Times' read as outlet The New York Times").
    """

    kind: Kind
    wanted: Wanted
    many: bool = False
    head: str = ""
    verb: str = ""
    side: Side = Side.ANY
    names: tuple[str, ...] = ()
    speaker: str | None = None
    target: str | None = None
    stance: Stance | None = None
    ranked: bool = False
    family: str = ""
    described: str = ""
    including: tuple[str, ...] = ()
    thing: str = ""
    about: str = ""
    sides: tuple[str, ...] = ()
    when: When | None = None
    parts: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    filter: Filter = field(default_factory=Filter)
    constraints: tuple[Constraint, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """Words of an article: `quote` is exactly the article's characters `start` to `end`."""

    article: ArticleCard
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Referent:
    """What words of a sentence that point elsewhere mean: "he", "the company", "the two countries".

    Attributes:
        words: The words; they are the sentence's characters `start` to `end`.
        meaning: What they mean, in the article's own names ("Kazakhstan and Peru").
        citations: Where the same article names it: each name of the meaning stands in one of the quotes.
    """

    words: str
    start: int
    end: int
    meaning: str
    citations: tuple[Citation, ...]

    @property
    def note(self) -> str:
        """The note for the reader: "he: Davor Ketling"."""
        words = self.words if self.words == "I" else self.words[:1].lower() + self.words[1:]
        return " ".join(f"{words}: {self.meaning}".split())


class Support(StrEnum):
    """How well a sentence of the answer is carried by its citations."""

    QUOTED = "quoted"
    SUPPORTED = "supported"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence of the answer with its citations.

    Attributes:
        score: How well the cited words carry it, 0 to 1; 1 for a quotation.
        problems: What in it the cited words do not hold, in words for the reader ("the number 7").
        referents: What words of it that point elsewhere mean, where that is sure.
    """

    text: str
    support: Support
    citations: tuple[Citation, ...]
    score: float = 1.0
    problems: tuple[str, ...] = ()
    referents: tuple[Referent, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Sentences of an answer that belong together: what one source says, one of two figures, one day.

    Attributes:
        label: What they have in common ("The New York Times", "37", "for", "2025-11-06").
        note: What the reader should know of it ("says nothing of this"), empty for nothing.
        sentences: Their positions in `Answer.sentences`; empty where a source is silent.
    """

    label: str
    note: str = ""
    sentences: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """The same answer in a language model's own words, every sentence checked against the articles.

    Attributes:
        model: The model's name.
        sentences: What it wrote, each with the citations that are left and its support.
        cut: Citations that it invented, as it wrote them; they are not in `sentences`.
        status: What went wrong, in words for the reader; empty when nothing did. The extractive answer stands
            either way.
    """

    model: str
    sentences: tuple[AnswerSentence, ...] = ()
    cut: tuple[str, ...] = ()
    status: str = ""


@dataclass(frozen=True, slots=True)
class TallyRow:
    """One name of a count: its statements, the articles they stand in, and each statement's words.

    `rank` is 1 for the most statements; names with equally many share it.
    """

    name: str
    statements: int
    articles: int
    evidence: tuple[Citation, ...]
    rank: int = 1


@dataclass(frozen=True, slots=True)
class Tally:
    """A count over statements, most first. `counted` says in words what was counted and what was left out."""

    counted: str
    rows: tuple[TallyRow, ...]


@dataclass(frozen=True, slots=True)
class Partial:
    """An answer that had to do without some parts of a cluster library, whose machines did not answer.

    `text` says so in words for the reader.
    """

    answered: int
    total: int
    text: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the answer rests on: articles in the library, read under the filter, and mentioning the names.

    `sources` counts near-duplicate groups among `mentioning`; `statements` counts those that the answer
    counts and `judging` all clear ones of the question's parties that praise or criticise; `undated` counts
    articles without a date that were kept under a date filter.
    """

    library: int
    read: int
    mentioning: int
    sources: int
    statements: int
    undated: int
    text: str
    judging: int = 0


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds of wall time by stage."""

    plan: float = 0.0
    retrieve: float = 0.0
    answer: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The one result that the UI, the command line, the API and the evaluation all show.

    Attributes:
        abstained: True when the articles don't say; then `short_answer` is None, `sentences` is empty and
            `reason` says why.
        short_answer: The answer in a few words; None where there is none (a quote, an abstention).
        short_answers: Each answer of a list question.
        choice: The option picked of `Question.choices`; None where there are none or nothing speaks for one.
        groups: How `sentences` belong together, where the kind of question has sides, versions, days, parts.
        written: The answer in a language model's words, where one is set up.
        partial: What of the library was not read, because its machines did not answer; None when all was.
        nearest: The passages that came closest; shown when the answer abstains.
        unclear: Statements too unclear to be counted, shown apart.
    """

    question: str
    plan: Plan
    abstained: bool
    id: str = ""
    short_answer: str | None = None
    short_answers: tuple[str, ...] = ()
    choice: str | None = None
    sentences: tuple[AnswerSentence, ...] = ()
    groups: tuple[Group, ...] = ()
    written: Written | None = None
    tally: Tally | None = None
    coverage: Coverage | None = None
    partial: Partial | None = None
    confidence: float = 0.0
    reason: str = ""
    nearest: tuple[Citation, ...] = ()
    unclear: tuple[Citation, ...] = ()
    timings: Timings = field(default_factory=Timings)
    version: int = ANSWER_VERSION
