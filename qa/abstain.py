"""When to say that the articles don't say.

What a question takes for granted and the articles deny, and names that they do not hold, are refused at once.
All else is left to one small logistic model of a few named signals, whose weights lie in `abstain.json`
beside this module: `python -m training.abstain` fits them and notes there what they were fitted on.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import exp
from pathlib import Path

from qa.answerers.draft import Draft, Signals
from qa.schema import Kind, Plan, Wanted

WEIGHTS_FILE = Path(__file__).with_name("abstain.json")
COVERAGE_NEEDED = 0.2
"""Below this share of the question's terms no likeness of meaning counts."""
CLAUSE_COVERAGE_NEEDED = 0.5
"""The same where no single thing is asked for ("why ..."), so that nothing but the words can tell."""
_WITHOUT_CANDIDATE = (Wanted.CLAUSE, Wanted.ENTITY, Wanted.YES_NO, Wanted.DESCRIPTION)
"""Kinds of answer that a sentence can give without naming one thing."""
_MOST = 2
"""Words that part question and sentence, beyond which more say no more."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether to answer, how sure (0 to 1), and the reason for not answering."""

    answer: bool
    confidence: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic model: `bias + sum(weights[name] * measure)`."""

    bias: float
    weights: Mapping[str, float]

    def chance(self, measures: Mapping[str, float]) -> float:
        """Return the chance (0 to 1) that the articles hold the answer."""
        logit = self.bias + sum(weight * measures[name] for name, weight in self.weights.items())
        return 1.0 / (1.0 + exp(-max(min(logit, 60.0), -60.0)))


@lru_cache(maxsize=1)
def load_models() -> Mapping[str, Model]:
    """Read the models.

    "plain" is for questions of fact, "option" for an option picked of those given, and "other" for all other
    kinds, to which nothing was fitted.
    """
    held = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    return {name: Model(one["bias"], one["weights"]) for name, one in held["models"].items()}


def measures_of(plan: Plan, signals: Signals) -> dict[str, float]:
    """Return what the model reads, by name.

    `unnamed` is 1 where no short answer was found or wanted, `clause` where a reason or a way is asked for.
    """
    return {
        "coverage": min(signals.coverage, 1.0),
        "similarity": max(signals.similarity, 0.0),
        "candidate": signals.candidate or 0.0,
        "unnamed": float(signals.candidate is None),
        "clause": float(plan.wanted is Wanted.CLAUSE),
        "turned": float(min(len(signals.turned), _MOST)),
        "lost": float(min(len(signals.lost), _MOST)),
        "margin": signals.margin,
    }


def confidence_of(plan: Plan, draft: Draft) -> float:
    """Return the chance (0 to 1) that the sentences found hold the answer."""
    name = "plain" if plan.kind is Kind.FACT else "other"
    if draft.choice is not None:
        name = "option"
    return load_models()[name].chance(measures_of(plan, draft.signals))


def judge(plan: Plan, draft: Draft, threshold: float) -> Verdict:
    """Decide whether a draft rests well enough on the articles to be shown as the answer.

    Args:
        plan: What the question was read as.
        draft: What was found.
        threshold: Confidence (0 to 1) that an answer needs, unless it rests on all articles.
    """
    if not draft.shown and draft.short_answer is None:
        return Verdict(False, 0.0, draft.reason or "No article speaks of this.")
    signals = draft.signals
    if signals.exhaustive:
        return Verdict(True, signals.coverage)
    refusal = refusal_of(plan, draft)
    if refusal:
        return Verdict(False, 0.0, refusal)
    confidence = confidence_of(plan, draft)
    if confidence < threshold:
        return Verdict(False, confidence, _apart(signals))
    return Verdict(True, confidence)


def refusal_of(plan: Plan, draft: Draft) -> str:
    """Return why a draft cannot be shown however sure it is, empty where it can."""
    signals = draft.signals
    if signals.premise:
        return signals.premise
    if signals.missing:
        names = " or ".join(f"“{name}”" for name in signals.missing)
        return f"The passages that come closest do not mention {names}."
    if plan.kind is Kind.FACT and signals.candidate is None and plan.wanted not in _WITHOUT_CANDIDATE:
        return f"The passages that come closest name no {plan.wanted}."
    open_ended = plan.kind is Kind.FACT and plan.wanted in (Wanted.CLAUSE, Wanted.YES_NO)
    if signals.coverage < (CLAUSE_COVERAGE_NEEDED if open_ended else COVERAGE_NEEDED):
        return "The passages that come closest speak of something else."
    return ""


def _apart(signals: Signals) -> str:
    """Say where the question and the closest passages part, as far as that is known."""
    words = [f"“{word}”" for word in (*signals.turned, *signals.lost)]
    if not words:
        return "The passages that come closest speak of something else."
    return (
        f"The passages that come closest speak of something else: they do not say {' or '.join(words[:3])}."
    )
