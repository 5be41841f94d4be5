"""The records that `index` reads, writes and returns. Plain frozen values, no behaviour beyond slicing.

All offsets are half-open character ranges `[start, end)`. They point into `Article.text` (the cleaned
article) unless a field says `raw`.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.config import ANALYSIS_VERSION

Vectors: TypeAlias = NDArray[np.float32]
"""Shape (n, dimension), float32, each row of unit length."""


class RemovalReason(StrEnum):
    """Why a span of the page is not part of the article."""

    MENU = "menu"
    ADVERTISEMENT = "advertisement"
    SHARE = "share"
    NEWSLETTER = "newsletter"
    CREDIT = "photo credit"
    TEASER = "related story"
    DUPLICATE = "repeated text"
    FOOTER = "footer"
    DATA = "embedded data"
    PROMOTION = "promotion"
    TRUNCATED = "cut-off preview"
    FURNITURE = "page furniture"


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open character range."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the characters of `text` that the span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Sourced:
    """A metadata value and where it was found, such as "JSON-LD", "byline" or "derived from the lead"."""

    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about an article beside its text. A missing value is None or empty, never guessed.

    `published` is ISO 8601: a date ("2025-11-11") or, where the page gives the time, a date and time with
    its offset when known ("2025-11-07T17:14:00-05:00"). It is never the day of import.
    """

    title: Sourced | None = None
    authors: tuple[Sourced, ...] = ()
    outlet: Sourced | None = None
    published: Sourced | None = None
    url: Sourced | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """A span of `raw` that is page furniture, not article."""

    start: int
    end: int
    reason: RemovalReason


@dataclass(frozen=True, slots=True)
class Page:
    """One article as a loader found it, before cleaning.

    Attributes:
        key: Identifies the source across runs: the absolute file path, with "#row" for rows of a table
            (the row's own id or url where it has one, else its number).
        file: The name people see and cite: the file name, with "#row" for rows of a table (the row's own id
            where it has a short one, else its number).
        raw: The page's text, one paragraph or furniture line per line; hard-wrapped lines already joined.
        hints: Metadata that the format itself carries (HTML head, PDF info, JSON fields).
        removed: Spans of `raw` that the format's own extractor has already ruled out (HTML).
        is_page: Whether `raw` may hold page furniture (saved pages) or is clean text by contract (rows of a
            table, Markdown, DOCX), where only unmistakable furniture is removed.
    """

    key: str
    file: str
    raw: str
    hints: Metadata = field(default_factory=Metadata)
    removed: tuple[Removed, ...] = ()
    is_page: bool = True


@dataclass(frozen=True, slots=True)
class Failure:
    """A file or row that did not become an article, with the reason for the reader."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The body text of a page and what was taken out of `raw` to get it.

    `text` is `clean.assemble(raw, removed)`: kept paragraphs separated by one empty line.
    """

    raw: str
    text: str
    removed: tuple[Removed, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """A cleaned article with its metadata.

    `id` is the first 16 hex digits of the SHA-256 of the text with white space folded: the same text is the
    same article, wherever it was found.
    """

    id: str
    file: str
    metadata: Metadata
    text: str
    raw: str = ""
    removed: tuple[Removed, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the article and the number of the paragraph (from 0) it stands in."""

    start: int
    end: int
    paragraph: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of whole sentences that is embedded and searched as one; `tokens` counts cl100k_base tokens."""

    start: int
    end: int
    tokens: int


class MentionKind(StrEnum):
    """What a mention names."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    DATE = "date"
    MONEY = "money"
    PERCENT = "percent"
    QUANTITY = "quantity"
    NUMBER = "number"
    WORK = "work"
    EVENT = "event"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Mention:
    """A named thing, date or amount in the text.

    `name` is the fullest form of the same name in the article ("Kassym-Jomart Tokayev" for "Mr. Tokayev");
    for dates and amounts it is the text itself.
    """

    start: int
    end: int
    kind: MentionKind
    name: str


class Stance(StrEnum):
    """How a statement judges its target."""

    PRAISE = "praise"
    CRITICISE = "criticise"
    NEUTRAL = "neutral"


class Voice(StrEnum):
    """In whose words a statement stands."""

    DIRECT = "direct"
    PARTLY_QUOTED = "partly quoted"
    REPORTED = "reported"
    AUTHOR = "author"


@dataclass(frozen=True, slots=True)
class Statement:
    """Who said what about whom: one speaker, at most one target, one stance.

    Attributes:
        start, end: The statement as shown: the sentence, or the quoted words with their attribution.
        speaker, target: Fullest names in the article; None for a target that is no named person or body.
        speaker_span, target_span: The words that name them here (may be a pronoun), None when implied.
        cue: The words that carry the attribution or the stance, such as "praised"; cue_span their place.
        strength: 1 mild, 2 clear, 3 extreme; 0 when neutral.
        reported_by: Who relays the statement, when that is not the article itself.
        speaker_kind, target_kind: What the names name; None for a description ("a senior official").
        confidence: How sure the reading is, from 0 to 1. Below `UNCLEAR` it is shown as unclear and never
            counted.
    """

    start: int
    end: int
    speaker: str
    target: str | None
    stance: Stance
    strength: int
    voice: Voice
    cue: str
    speaker_span: Span | None = None
    target_span: Span | None = None
    cue_span: Span | None = None
    reported_by: str | None = None
    speaker_kind: MentionKind | None = None
    target_kind: MentionKind | None = None
    confidence: float = 1.0


UNCLEAR = 0.5
"""Statements less sure than this are shown as unclear and left out of every count."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the language pipeline found in one article, and which version of our rules it was."""

    mentions: tuple[Mention, ...] = ()
    statements: tuple[Statement, ...] = ()
    version: int = ANALYSIS_VERSION


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """Everything the library stores about one article, written in one transaction.

    `vectors` has one row per chunk.
    """

    article: Article
    sentences: tuple[Sentence, ...]
    chunks: tuple[Chunk, ...]
    vectors: Vectors
    analysis: Analysis
    signature: bytes


@dataclass(frozen=True, slots=True)
class ArticleCard:
    """What a reader needs to see about an article without its text.

    `group` names the article's near-duplicate group: all copies of one wire story share it.
    """

    id: str
    file: str
    title: str
    authors: tuple[str, ...]
    outlet: str | None
    published: str | None
    url: str | None
    group: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Limits a search. Empty fields do not limit; undated articles pass every date range and are marked.

    `published_from` and `published_to` are ISO dates, both inclusive.
    """

    outlets: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    published_from: str | None = None
    published_to: str | None = None
    articles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scores:
    """A hit's scores by part: BM25 of the words, cosine of the vectors, and the fused score it is ranked by.

    A part that did not find the passage is None.
    """

    fused: float
    words: float | None = None
    vector: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that search found: a span of one article, with `text == article.text[start:end]`.

    `also_in` holds the ids of near-duplicate articles that were collapsed into this hit; `undated` marks an
    article without a date that passed a date filter.
    """

    rank: int
    article: ArticleCard
    start: int
    end: int
    text: str
    scores: Scores
    also_in: tuple[str, ...] = ()
    undated: bool = False


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A statement with the article it stands in and its words, `quote == article.text[start:end]`.

    Attributes:
        article: Where it stands.
        statement: As a reader's corrections leave it; its `speaker` and `target` as in the article.
        quote: Its words.
        speaker, target: The same two under their names in the whole library, by which entries are counted.
            The target of "Mr. Trump's trade truce" is Donald Trump. As a store returns them, as written.
        ordinal: Its place among the statements of the article, from 0.
        corrected: Whether a reader has corrected it.
    """

    article: ArticleCard
    statement: Statement
    quote: str
    speaker: str
    target: str | None
    ordinal: int = 0
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """What a reader says of one statement that was found.

    It names the statement by its article (or the article's source, should the article change), its words
    and what had been read out of them, so that it finds the statement again when the article is read anew.

    Attributes:
        article: The article's id.
        source: Key of the article's first source.
        quote: The statement's words.
        speaker, target, stance: What had been found, names as in the article.
        is_statement: False where the words are no statement at all.
        new_speaker, new_target, new_stance: What is right.
        note: The reader's remark.
        made_at: When, ISO 8601 in UTC.
        number: What it is undone by; given by the store.
    """

    article: str
    source: str
    quote: str
    speaker: str
    target: str | None
    stance: Stance
    is_statement: bool
    new_speaker: str
    new_target: str | None
    new_stance: Stance
    note: str = ""
    made_at: str = ""
    number: int = 0
