"""Which sentences say most in the fewest words: central ones, early ones, and no two alike. Pure."""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence

from index.patterns import regex
from qa.gaps import is_past
from qa.wording import STOP_WORDS, stem, words

_SHORTEST, _LONGEST = 6, 60
"""Words of a sentence that can stand for an article."""
_LEAD, _LEAD_FADES = 0.5, 4.0
"""What standing first adds to a sentence's share, and after how many sentences it has faded."""
_DANGLING = regex(
    r"^[“\"‘']?(?:he|she|it|they|this|that|these|those|his|her|their|its|but|and|so|yet|or|then|instead|there"
    r"|neither|nor|none|such|both|for (?:him|her|them)|in (?:it|them))\b",
    re.I,
)
_VERBS = frozenset(
    """is are was were be been being has have had do does did will would can could may might must should says
    say remains makes means wants needs shows comes goes takes gives says knows thinks puts leads runs calls
    it’s he’s she’s they’re we’re there’s that’s""".split()
)
_LOOSE = 0.6
"""What a sentence counts that leans on the one before it."""
_QUOTE = regex(r"^[“\"]")
_QUOTED = 0.7
_ALIKE = 0.6
"""Cosine from which two sentences say the same."""
_DIVERSITY = 0.55
"""Weight of being unlike what is chosen already, against weight 1 of saying much."""


def bags(texts: Sequence[str]) -> list[dict[str, float]]:
    """Return each text's stems, weighed by how few of the texts hold them, scaled to unit length."""
    counts = [
        Counter(stem(word.group()) for word in words(text) if word.group().lower() not in STOP_WORDS)
        for text in texts
    ]
    held = Counter(term for count in counts for term in count)
    size = len(texts) + 1
    vectors = []
    for count in counts:
        bag = {term: (1 + math.log(n)) * math.log(1 + size / held[term]) for term, n in count.items()}
        length = math.sqrt(sum(value * value for value in bag.values())) or 1.0
        vectors.append({term: value / length for term, value in bag.items()})
    return vectors


def alike(one: dict[str, float], other: dict[str, float]) -> float:
    """Return the cosine of two bags."""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    return sum(value * long.get(term, 0.0) for term, value in short.items())


def salience(texts: Sequence[str], vectors: Sequence[dict[str, float]], *, lead: bool) -> list[float]:
    """Return how much each text says of all: its mean likeness to the others, scaled to 1 for the highest.

    Args:
        texts: Sentences.
        vectors: Their bags.
        lead: Whether they stand in this order in one article, so that the first of them count more.
    """
    sums: dict[str, float] = {}
    for vector in vectors:
        for term, value in vector.items():
            sums[term] = sums.get(term, 0.0) + value
    central = [alike(vector, sums) - alike(vector, vector) for vector in vectors]
    most = max(central, default=0.0) or 1.0
    scores = []
    for position, (text, share) in enumerate(zip(texts, central, strict=True)):
        first = _LEAD * math.exp(-position / _LEAD_FADES) if lead else 0.0
        scores.append((share / most + first) * _stands_alone(text))
    return scores


def choose(
    scores: Sequence[float],
    vectors: Sequence[dict[str, float]],
    limit: int,
    allowed: Callable[[Sequence[int], int], bool] = lambda chosen, one: True,  # noqa: ARG005
) -> list[int]:
    """Return positions of up to `limit` texts that score high and are unlike each other, as chosen.

    Maximal marginal relevance (Carbonell and Goldstein 1998): each step takes the highest of
    score - .55 * likeness to what is chosen; what is all but the same is never taken.

    Args:
        scores: How good each is; 0 and less are never taken.
        vectors: Their bags.
        limit: At most so many.
        allowed: Says whether one more may be added to those chosen.
    """
    chosen: list[int] = []
    nearest = [0.0] * len(scores)
    while len(chosen) < limit:
        best, most = -1, 0.0
        for position, score in enumerate(scores):
            if position in chosen or nearest[position] >= _ALIKE or score <= 0:
                continue
            value = score - _DIVERSITY * nearest[position]
            if (best < 0 or value > most) and allowed(chosen, position):
                best, most = position, value
        if best < 0:
            break
        chosen.append(best)
        nearest = [
            max(near, alike(vectors[best], vector)) for near, vector in zip(nearest, vectors, strict=True)
        ]
    return chosen


def is_sentence(text: str) -> bool:
    """Whether a text is a whole statement, not a headline, a caption, a question or a line of a list."""
    found = [word.group().lower() for word in words(text)]
    if not _SHORTEST <= len(found) <= _LONGEST or not re.search(r"[.!…][”\"’')]*$", text.strip()):
        return False
    return any(word in _VERBS or word.endswith(("ed", "n’t", "n't")) or is_past(word) for word in found)


def _stands_alone(text: str) -> float:
    """Return 0 for what is no sentence of its own, less than 1 for what leans on the sentence before."""
    if not is_sentence(text):
        return 0.0
    share = _LOOSE if _DANGLING.match(text) else 1.0
    return share * (_QUOTED if _QUOTE.match(text) else 1.0)
