"""How well a reader answers: exact match and F1 of its words, and ROC AUC of its scores. Pure."""

import re
import string
from collections import Counter
from collections.abc import Sequence

__all__ = ["auc", "best_f1", "exact", "plain"]

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")


def plain(text: str) -> str:
    """Return the text as SQuAD compares it: no case, punctuation, articles or extra spaces."""
    kept = "".join(character for character in text.lower() if character not in string.punctuation + "“”‘’")
    return " ".join(_ARTICLES.sub(" ", kept).split())


def exact(said: str, answers: Sequence[str]) -> float:
    """Return 1 if the words are one of the answers, else 0."""
    return float(any(plain(said) == plain(answer) for answer in answers))


def best_f1(said: str, answers: Sequence[str]) -> float:
    """Return the word F1 against the nearest answer."""
    return max((_f1(plain(said).split(), plain(answer).split()) for answer in answers), default=0.0)


def _f1(said: list[str], wanted: list[str]) -> float:
    shared = sum((Counter(said) & Counter(wanted)).values())
    return 2 * shared / (len(said) + len(wanted)) if shared else 0.0


def auc(scores: Sequence[float], right: Sequence[bool]) -> float:
    """Return how often a right one scores above a wrong one, ties counting half."""
    yes = [score for score, good in zip(scores, right, strict=True) if good]
    no = [score for score, good in zip(scores, right, strict=True) if not good]
    wins = sum((one > other) + 0.5 * (one == other) for one in yes for other in no)
    return wins / (len(yes) * len(no)) if yes and no else float("nan")
