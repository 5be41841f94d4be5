"""Yes-or-no questions about praise and criticism: yes with the statements, no with what was found instead."""

from time import perf_counter

from index.library import Library
from index.schema import LedgerEntry, Stance
from qa.answerers.articles import mentioning
from qa.answerers.citing import across_articles, citations_of
from qa.answerers.draft import Draft, Signals
from qa.answerers.found import Found, deed
from qa.schema import Plan

SHOWN = 8
_OTHERWISE = 3
_SAID_OTHERWISE, _NOTHING_FOUND, _NEVER_TOGETHER = 0.6, 0.5, 0.4
"""Confidence of a "no": other statements were found, none, or no article even names both. Some statements are
missed when articles are read, so that finding nothing proves little."""
_VERBS = {Stance.PRAISE: "praise", Stance.CRITICISE: "criticise"}


def answer_yes_no(library: Library, plan: Plan, found: Found, started: float) -> Draft:
    """Answer yes with the statements found, or no with the search that found none."""
    if found.kept:
        sure = max(entry.statement.confidence for entry in found.kept)
        return Draft(
            shown=across_articles(citations_of(found.kept))[:SHOWN],
            short_answer="yes",
            statements=len(found.kept),
            judging=len(found.judging),
            unclear=citations_of(found.unclear),
            signals=Signals(coverage=round(sure, 3), exhaustive=True),
            notes=found.notes,
            retrieve_ms=_since(started),
        )
    absent = [name for name in (plan.speaker, plan.target) if name and not _mentioned(library, plan, name)]
    if absent:
        return Draft(reason=f"No article mentions {' or '.join(absent)}.", retrieve_ms=_since(started))
    together = _naming_both(library, plan)
    instead, words = _instead(plan, found)
    read = len(library.store.articles(plan.filter))
    confidence = _SAID_OTHERWISE if instead else _NOTHING_FOUND if together else _NEVER_TOGETHER
    return Draft(
        shown=across_articles(citations_of(instead))[:_OTHERWISE],
        short_answer="no",
        judging=len(found.judging),
        unclear=citations_of(found.unclear),
        signals=Signals(coverage=confidence, exhaustive=True),
        reason=f"No statement in which {deed(plan)}{_topic_words(plan)} was found in {_articles(read)} "
        f"({together} mention{'s' if together == 1 else ''} both).{words}",
        notes=found.notes,
        retrieve_ms=_since(started),
    )


def _instead(plan: Plan, found: Found) -> tuple[tuple[LedgerEntry, ...], str]:
    """Return what the speaker does say of the target, and the words that introduce it."""
    if found.stance:
        verb = _VERBS.get(plan.stance or Stance.NEUTRAL, "judge")
        return found.stance, f" Other statements {verb} {plan.target}; they are shown."
    opposite = tuple(entry for entry in found.judging if entry.statement.stance is not plan.stance)
    if opposite:
        verb = _VERBS.get(opposite[0].statement.stance, "judge")
        several = len(opposite) > 1
        found_that = (
            f"Statements were found that {verb}" if several else f"A statement was found that {verb}s"
        )
        return opposite, f" {found_that} {plan.target}."
    return (), ""


def _topic_words(plan: Plan) -> str:
    return " about this" if plan.terms else ""


def _articles(count: int) -> str:
    return f"{count} article{'s' if count != 1 else ''}"


def _mentioned(library: Library, plan: Plan, name: str) -> bool:
    return mentioning(library, (name,), plan.filter) is not None


def _naming_both(library: Library, plan: Plan) -> int:
    """Return how many articles name both sides, a person by last name at least."""
    sides = [
        set(limits.articles) if (limits := mentioning(library, (name,), plan.filter)) else set()
        for name in (plan.speaker, plan.target)
        if name
    ]
    return len(set.intersection(*sides)) if sides else 0


def _since(started: float) -> float:
    return (perf_counter() - started) * 1000
