"""How well cited words carry a sentence, 0 to 1: a logistic model of a few named measures.

The weights are fitted by `python -m training.support`, which notes in the same file what they were fitted on.
"""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from qa.evidence import matching, stems_of
from qa.wording import STOP_WORDS, stem, words

WEIGHTS_FILE = Path(__file__).with_name("support.json")


@dataclass(frozen=True, slots=True)
class Measures:
    """What the support of a sentence is judged by.

    Attributes:
        likeness: Cosine of the sentence and the cited words (0 to 1), the better of the words alone and with
            their neighbours.
        covered: Share of the sentence's content words, weighted by rarity in the article, in the cited words.
        problems: How many figures, names, dates, quotations, speakers or negations are not borne out.
    """

    likeness: float = 0.0
    covered: float = 0.0
    problems: float = 0.0


@dataclass(frozen=True, slots=True)
class Weights:
    """The logistic model: `bias + sum(weights[name] * measure)`, read at `threshold`."""

    bias: float
    weights: Mapping[str, float]
    threshold: float


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """Read the fitted weights that lie beside this module."""
    held = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    return Weights(held["bias"], held["weights"], held["threshold"])


def support_score(measures: Measures, weights: Weights) -> float:
    """Return the chance that the cited words say what the sentence says."""
    values = asdict(measures)
    logit = weights.bias + sum(weight * values[name] for name, weight in weights.weights.items())
    return 1.0 / (1.0 + math.exp(-max(min(logit, 60.0), -60.0)))


def share_covered(claim: str, cited: str, article: Sequence[str]) -> float:
    """Return `covered` of `Measures`.

    Args:
        claim: The sentence.
        cited: The cited words.
        article: The sentences of the articles, by which words are weighed: log(1 + n / (1 + df)).
    """
    content = _content(claim)
    if not content:
        return 0.0
    counts: Counter[str] = Counter()
    for sentence in article:
        counts.update(stems_of(sentence))
    size = max(len(article), 1)
    weights = {term: math.log(1 + size / (1 + counts[term])) + 0.1 for term in content}
    return sum(weights[term] for term in matching(weights, stems_of(cited))) / sum(weights.values())


def _content(text: str) -> set[str]:
    return {stem(found.group()) for found in words(text) if found.group().lower() not in STOP_WORDS}
