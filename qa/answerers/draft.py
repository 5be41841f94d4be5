"""What an answerer hands on, before it is checked and before anyone decides whether to show it."""

from dataclasses import dataclass, field

from qa.schema import Citation, Group, Tally


@dataclass(frozen=True, slots=True)
class Signals:
    """How well the draft rests on the articles; what `abstain` decides by.

    Attributes:
        coverage: Weighted share (0 to 1) of the question's terms in the best sentence and around it.
        similarity: Cosine of the best sentence and the question.
        candidate: Score of the short answer found, None where the kind of question wants none.
        missing: Names of the question that the evidence does not hold.
        agreement: Sources (near-duplicates counted once) in which the short answer was found, 0 without one.
        margin: By how much of its score the short answer leads over the next other one, 0 to 1.
        turned: Words of the question that the best sentence denies or has the opposite of.
        lost: Names, dates and numbers of the question that are neither in the best sentence nor beside it.
        premise: Why the question cannot be answered as it is asked; empty where it can.
        exhaustive: The answer was counted or looked up over all articles, so that finding nothing is a
            finding. Similarity does not apply, and coverage is the confidence.
    """

    coverage: float = 0.0
    similarity: float = 0.0
    candidate: float | None = None
    missing: tuple[str, ...] = ()
    agreement: int = 0
    margin: float = 0.0
    turned: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    premise: str = ""
    exhaustive: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before checking.

    Attributes:
        shown: The sentences to show, each a span of its article, in the order to show them.
        groups: How the sentences of `shown`, by position, belong together.
        choice: The option picked of a multiple-choice question.
        reason: Why there is no answer, in words for the reader; empty when there is one.
        statements: How many statements were counted.
        judging: How many of the statements of these parties judge at all, counted or not.
        unclear: Statements too unclear to be counted, to be shown apart.
        notes: How the question was narrowed while it was answered, for the reader.
        nearest: Passages that came closest, shown if the answer abstains.
        mentions: What coverage counts articles by; the plan's names when empty.
    """

    shown: tuple[Citation, ...] = ()
    short_answer: str | None = None
    short_answers: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    choice: str | None = None
    tally: Tally | None = None
    statements: int = 0
    judging: int = 0
    unclear: tuple[Citation, ...] = ()
    notes: tuple[str, ...] = ()
    signals: Signals = field(default_factory=Signals)
    reason: str = ""
    nearest: tuple[Citation, ...] = ()
    mentions: tuple[str, ...] = ()
    retrieve_ms: float = 0.0
