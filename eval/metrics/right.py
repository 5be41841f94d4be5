"""Whether an answer is right, strictly by what its question wants. All scores lie between 0 and 1."""

from collections.abc import Sequence

from eval.given import Given
from eval.metrics.catalogue import HEADLINE
from eval.metrics.shapes import Shape, shape_of
from eval.metrics.words import best, exact, matching, normalise, same_name, says, token_f1
from eval.schema import Case, Score


def answer_scores(case: Case, given: Given) -> dict[str, Score]:
    """Return the answer scores that apply to a question. What is not said scores 0.

    `correct` is, by what the question wants: an abstention; the right one of yes and no; F1 of a list; the
    top of a ranking; a gold answer within the first short answer, or within the sentences where there is no
    short answer. So "yes" is not right for "yes, but no", and five guesses are not better than one.
    """
    shape = shape_of(case)
    if shape is Shape.UNKNOWN:
        return {}
    if shape is Shape.NOTHING:
        return {HEADLINE: Score(float(given.abstained))}
    scores = _SCORERS[shape](case, given)
    if case.choices:
        scores["answer.choice"] = choice(case, given)
    return {name: Score(value) for name, value in scores.items()}


def _short(case: Case, given: Given) -> dict[str, float]:
    said = given.short[0] if given.short else given.text
    contained = best([float(says(said, answer)) for answer in case.answers])
    return {
        HEADLINE: contained,
        "answer.exact": best([exact(said, answer) for answer in case.answers]),
        "answer.f1": best([token_f1(said, answer) for answer in case.answers]),
        "answer.contains": contained,
        "answer.stated": best([float(says(given.text, answer)) for answer in case.answers]),
    }


def _yes_no(case: Case, given: Given) -> dict[str, float]:
    """Score 1 when what is said begins with the gold word and nothing said begins with the other."""
    first = {words[0] for one in given.said if (words := normalise(one).split())}
    right = float(first == {normalise(case.answers[0])})
    return {HEADLINE: right, "answer.yes_no": right}


def _list(case: Case, given: Given) -> dict[str, float]:
    """Score P = matched / listed, R = matched / gold, F1 = 2PR / (P + R); see `words.matching`."""
    listed = tuple(dict.fromkeys(given.short))
    matched = len(matching(listed, case.answers))
    precision = matched / len(listed) if listed else 0.0
    recall = matched / len(case.answers)
    f1 = 2 * precision * recall / (precision + recall) if matched else 0.0
    return {HEADLINE: f1, "list.precision": precision, "list.recall": recall, "list.f1": f1}


def _ranking(case: Case, given: Given) -> dict[str, float]:
    """Score the share of the names put first that are first in gold, so that naming all is not enough.

    Where gold has a tie for the first place, each of these names is right.
    """
    top = max((count for _, count in case.ranking), default=0.0)
    firsts = [*case.answers, *(name for name, count in case.ranking if count == top)]
    right = [any(same_name(name, first) for first in firsts) for name in given.short]
    share = sum(right) / len(right) if right else 0.0
    scores = {HEADLINE: share, "ranking.top1": share}
    if len({count for _, count in case.ranking}) > 1:
        scores["ranking.tau_b"] = ranking_correlation(given.tally, case.ranking)
    return scores


def ranking_correlation(given: Sequence[tuple[str, float]], gold: Sequence[tuple[str, float]]) -> float:
    """Return Kendall's tau-b between two counts; a name that one of them lacks counts 0 there."""
    pairs = matching([name for name, _ in given], [name for name, _ in gold])
    of_gold = {j: i for i, j in pairs}
    left = [given[of_gold[j]][1] if j in of_gold else 0.0 for j in range(len(gold))]
    right = [count for _, count in gold]
    for i in sorted(set(range(len(given))) - {i for i, _ in pairs}):
        left.append(given[i][1])
        right.append(0.0)
    return tau_b(left, right)


def tau_b(left: Sequence[float], right: Sequence[float]) -> float:
    """Return Kendall's tau-b = (C - D) / sqrt((N - ties left)(N - ties right)), 0 where it is undefined.

    C and D are the pairs in the same and in opposite order, N all pairs (Kendall 1945).
    """
    agree = pairs_left = pairs_right = 0
    for i in range(len(left)):
        for j in range(i):
            one = (left[i] > left[j]) - (left[i] < left[j])
            other = (right[i] > right[j]) - (right[i] < right[j])
            agree += one * other
            pairs_left += abs(one)
            pairs_right += abs(other)
    return agree / (pairs_left * pairs_right) ** 0.5 if pairs_left and pairs_right else 0.0


def choice(case: Case, given: Given) -> float:
    """Return 1 when the option picked is a gold one; where none was, the option closest to what is said.

    Closest: the same words, else containing or contained, else most token F1; 0 where two are as close.
    """
    if given.choice:
        return best([exact(given.choice, answer) for answer in case.answers])
    said = given.short[0] if given.short else given.text
    if not said:
        return 0.0
    near = [(exact(said, one), float(same_name(said, one)), token_f1(said, one)) for one in case.choices]
    closest = max(near)
    if not any(closest) or near.count(closest) > 1:
        return 0.0
    picked = case.choices[near.index(closest)]
    return best([exact(picked, answer) for answer in case.answers])


_SCORERS = {Shape.SHORT: _short, Shape.YES_NO: _yes_no, Shape.LIST: _list, Shape.RANKING: _ranking}
