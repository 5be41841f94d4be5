"""Retrieval scores of one result, by passage and by article, and by the answer's words."""

from collections.abc import Sequence

from eval.metrics.catalogue import CUTS
from eval.metrics.ranked import (
    Finds,
    all_evidence,
    average_precision,
    find,
    hit,
    ndcg,
    recall,
    reciprocal_rank,
)
from eval.metrics.shapes import Shape, shape_of
from eval.metrics.words import contains
from eval.schema import Located, Place, Result, Retrieved, Score


def retrieval_scores(result: Result) -> dict[str, Score]:
    """Return the retrieval scores that apply: there is gold evidence, and the system says what it retrieved.

    Passages are judged where the gold gives quotes, articles wherever it gives evidence. Evidence that is not
    in the library counts as missed.
    """
    retrieved = result.outcome.retrieved
    if retrieved is None:
        return {}
    scores = _answer_string_scores(result, retrieved)
    quoted = [one for one in result.located if one.quoted]
    if quoted:
        held = [holds_of(passage, quoted) for passage in retrieved]
        scores |= _scores("passage", find(held, [one.evidence.grade for one in quoted]))
    pieces = _articles(result.located)
    if pieces:
        ranking = [_meant(passage, pieces) for passage in _first_of_each(retrieved)]
        scores |= _scores("article", find(ranking, [max(grades) for grades in pieces.values()]))
    return scores


def holds_of(passage: Retrieved, located: Sequence[Located]) -> frozenset[int]:
    """Return the numbers of the pieces of evidence that a passage holds: it overlaps a place of the quote."""
    here = Place(passage.article, passage.start, passage.end)
    return frozenset(
        number for number, one in enumerate(located) if any(place.overlaps(here) for place in one.places)
    )


def _scores(level: str, finds: Finds) -> dict[str, Score]:
    scores = {f"{level}.MRR": reciprocal_rank(finds), f"{level}.MAP": average_precision(finds)}
    for k in CUTS:
        scores[f"{level}.hit@{k}"] = hit(finds, k)
        scores[f"{level}.recall@{k}"] = recall(finds, k)
        scores[f"{level}.all@{k}"] = all_evidence(finds, k)
        scores[f"{level}.nDCG@{k}"] = ndcg(finds, k)
    return {name: Score(value) for name, value in scores.items()}


def _articles(located: Sequence[Located]) -> dict[frozenset[str], list[int]]:
    """Return the gold articles with their grades; near-duplicates are one, and so is each that is missing."""
    pieces: dict[frozenset[str], list[int]] = {}
    for one in located:
        names = frozenset(one.articles or (f"missing:{one.evidence.article or one.evidence.quote}",))
        pieces.setdefault(names, []).append(one.evidence.grade)
    return pieces


def _meant(passage: Retrieved, pieces: dict[frozenset[str], list[int]]) -> frozenset[int]:
    names = {passage.article, *passage.also_in}
    return frozenset(number for number, piece in enumerate(pieces) if piece & names)


def _first_of_each(retrieved: Sequence[Retrieved]) -> list[Retrieved]:
    """Return the best passage of each article, in order: the ranking of articles."""
    first: dict[str, Retrieved] = {}
    for passage in retrieved:
        first.setdefault(passage.article, passage)
    return list(first.values())


def _answer_string_scores(result: Result, retrieved: Sequence[Retrieved]) -> dict[str, Score]:
    """Return answer@k: 1 when one of the first k passages holds the words of a gold answer.

    The top-k retrieval accuracy of Karpukhin et al. 2020, "Dense Passage Retrieval", section 5.1. It needs no
    gold evidence, so it says nothing about yes, no and counted answers, which need not stand anywhere.
    """
    case = result.case
    if shape_of(case) not in (Shape.SHORT, Shape.LIST):
        return {}
    first = next(
        (
            rank
            for rank, passage in enumerate(retrieved)
            if any(contains(passage.text, answer) for answer in case.answers)
        ),
        None,
    )
    return {f"retrieved.answer@{k}": Score(float(first is not None and first < k)) for k in CUTS}
