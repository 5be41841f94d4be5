"""What kind of answer a gold question wants; it decides which scores apply, whatever the system says."""

from enum import StrEnum

from eval.metrics.words import normalise
from eval.schema import Case


class Shape(StrEnum):
    """The kinds of right answer."""

    NOTHING = "nothing"
    YES_NO = "yes or no"
    LIST = "list"
    RANKING = "ranking"
    SHORT = "short"
    UNKNOWN = "unknown"


def shape_of(case: Case) -> Shape:
    """Return what a question wants: nothing (an abstention), or an answer of the kind its gold shows.

    A question that is answerable but has no gold answer is unknown: only retrieval can be judged.
    """
    kind = case.type.casefold()
    if not case.answerable:
        return Shape.NOTHING
    if case.ranking or (kind == "superlative" and case.answers):
        return Shape.RANKING
    if not case.answers:
        return Shape.UNKNOWN
    if {normalise(answer) for answer in case.answers} <= {"yes", "no"}:
        return Shape.YES_NO
    return Shape.LIST if kind.startswith("list") else Shape.SHORT
