"""When to say that the articles don't say."""

from dataclasses import dataclass

from qa.answerers.draft import Draft, Signals
from qa.schema import Kind, Plan, Wanted

COVERAGE_NEEDED = 0.55
"""Weighted share of the question's terms that the best sentence and its neighbours must hold."""
CONFIDENCE_NEEDED = 0.5


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether to answer, how sure (0 to 1), and the reason for not answering."""

    answer: bool
    confidence: float
    reason: str = ""


def judge(plan: Plan, draft: Draft) -> Verdict:
    """Decide whether a draft rests well enough on the articles to be shown as the answer."""
    if not draft.shown and draft.short_answer is None:
        return Verdict(False, 0.0, draft.reason or "No article speaks of this.")
    signals = draft.signals
    if signals.exhaustive:
        return Verdict(True, 1.0)
    if signals.missing:
        names = " or ".join(f"“{name}”" for name in signals.missing)
        return Verdict(False, 0.0, f"The passages that come closest do not mention {names}.")
    confidence = _confidence(signals)
    if signals.coverage < COVERAGE_NEEDED or confidence < CONFIDENCE_NEEDED:
        return Verdict(False, confidence, "The passages that come closest speak of something else.")
    if (
        plan.kind is Kind.FACT
        and signals.candidate is None
        and plan.wanted not in (Wanted.CLAUSE, Wanted.ENTITY)
    ):
        return Verdict(False, confidence, f"The passages that come closest name no {plan.wanted}.")
    return Verdict(True, confidence)


def _confidence(signals: Signals) -> float:
    """Return the mean of coverage and of similarity scaled so that a cosine of .7 counts as full."""
    return 0.5 * min(signals.coverage, 1.0) + 0.5 * min(max(signals.similarity, 0.0) / 0.7, 1.0)
