"""When to say that the articles don't say."""

from dataclasses import dataclass
from math import exp

from qa.answerers.draft import Draft, Signals
from qa.schema import Kind, Plan, Wanted

COVERAGE_NEEDED = 0.35
"""Below this share of the question's terms no likeness of meaning counts."""
CLAUSE_COVERAGE_NEEDED = 0.7
"""The same where no single thing is asked for ("why ..."), so that nothing but the words can tell."""
_WITHOUT_CANDIDATE = (Wanted.CLAUSE, Wanted.ENTITY, Wanted.YES_NO, Wanted.DESCRIPTION)
"""Kinds of answer that a sentence can give without naming one thing."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether to answer, how sure (0 to 1), and the reason for not answering."""

    answer: bool
    confidence: float
    reason: str = ""


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
    if signals.missing:
        names = " or ".join(f"“{name}”" for name in signals.missing)
        return Verdict(False, 0.0, f"The passages that come closest do not mention {names}.")
    confidence = _confidence(signals)
    if plan.kind is Kind.FACT and signals.candidate is None and plan.wanted not in _WITHOUT_CANDIDATE:
        return Verdict(False, confidence, f"The passages that come closest name no {plan.wanted}.")
    open_ended = plan.kind is Kind.FACT and plan.wanted in (Wanted.CLAUSE, Wanted.YES_NO)
    needed = CLAUSE_COVERAGE_NEEDED if open_ended else COVERAGE_NEEDED
    if signals.coverage < needed or confidence < threshold:
        return Verdict(False, confidence, "The passages that come closest speak of something else.")
    return Verdict(True, confidence)


def _confidence(signals: Signals) -> float:
    """Return the chance that the sentences shown hold the answer, by a logistic model of the signals.

    Fitted on 244 questions of the open SQuAD 2.0 sample, each asked of all its paragraphs at once
    (ten-fold cross-validated ROC AUC .68; coverage alone has .65, similarity alone .67). With the
    short answers of today the same signals reach .62, and further ones of the words' surface add nothing.
    """
    logit = (
        -2.5
        + 1.04 * min(signals.coverage, 1.0)
        + 1.54 * signals.similarity
        + 1.08 * (signals.candidate or 0.0)
        + 1.06 * (signals.candidate is None)
    )
    return 1.0 / (1.0 + exp(-logit))
