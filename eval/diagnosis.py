"""Why a question failed: the first stage at which it went wrong."""

from dataclasses import dataclass
from enum import StrEnum

from eval.given import Given, read_given
from eval.metrics.catalogue import HEADLINE
from eval.metrics.retrieval import holds_of
from eval.schema import Located, Place, Result, Scores


class Cause(StrEnum):
    """Where a question went wrong, in the order of the stages."""

    RIGHT = "right"
    FAILED = "ended in an error"
    ANSWERED = "answered, though the articles don't say"
    NOT_IN_LIBRARY = "gold evidence is not in the library"
    NOT_RETRIEVED = "gold evidence was not retrieved"
    ABSTAINED = "abstained, though the gold evidence was retrieved"
    OTHER_PASSAGE = "cites another passage than the gold evidence"
    OTHER_WORDS = "cites the gold evidence, but answers something else"
    PARTLY = "partly right"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class GoldPlace:
    """A piece of gold evidence: where it was retrieved, and whether the answer cites it.

    `rank` is None where it was not retrieved, or where the system does not tell.
    """

    located: Located
    rank: int | None
    cited: bool


def gold_places(result: Result) -> tuple[GoldPlace, ...]:
    """Return each piece of gold evidence with its best rank and whether it is cited."""
    given = read_given(result.outcome.answer)
    retrieved = result.outcome.retrieved or ()
    return tuple(
        GoldPlace(
            one,
            next((passage.rank for passage in retrieved if holds_of(passage, [one])), None),
            _is_cited(one, given),
        )
        for one in result.located
    )


def cause_of(result: Result, scores: Scores) -> Cause:
    """Return why a result is not right."""
    if result.outcome.failure is not None:
        return Cause.FAILED
    if HEADLINE not in scores or scores[HEADLINE].value >= 1:
        return Cause.RIGHT
    if not result.case.answerable:
        return Cause.ANSWERED
    if scores[HEADLINE].value > 0:
        return Cause.PARTLY
    places = gold_places(result)
    if not places:
        return Cause.WRONG
    if not any(one.located.places for one in places):
        return Cause.NOT_IN_LIBRARY
    return _of_stages(result, places)


def _of_stages(result: Result, places: tuple[GoldPlace, ...]) -> Cause:
    given = read_given(result.outcome.answer)
    if any(one.cited for one in places):
        return Cause.OTHER_WORDS
    if result.outcome.retrieved is not None and all(one.rank is None for one in places):
        return Cause.NOT_RETRIEVED
    return Cause.ABSTAINED if given.abstained else Cause.OTHER_PASSAGE


def touches_gold(place: Place, result: Result) -> bool:
    """Return whether a place shares words with gold evidence."""
    return any(place.overlaps(other) for one in result.located for other in one.places)


def _is_cited(located: Located, given: Given) -> bool:
    return any(place.overlaps(other) for place in located.places for other in given.cited)
