"""Questions that look one thing up in each of several articles: "do both articles mention tariffs?"."""

from time import perf_counter

from index.library import Library
from qa.answerers.draft import Draft, Signals
from qa.answerers.metadata import mention_of
from qa.schema import Plan, Question
from qa.settings import AnswerSettings


def answer_comparison(
    library: Library,
    question: Question,  # noqa: ARG001
    plan: Plan,
    settings: AnswerSettings,  # noqa: ARG001
) -> Draft:
    """Say whether all, both or any of the articles under the filter mention the thing, and quote them."""
    started = perf_counter()
    cards = library.store.articles(plan.filter)
    what = plan.head or " ".join(plan.terms)
    ids = set(library.store.count_mentioning([what], plan.filter))
    holding = [card for card in cards if card.id in ids]
    silent = [card for card in cards if card.id not in ids]
    elapsed = (perf_counter() - started) * 1000
    if not cards:
        return Draft(reason="No article passes the filters.", retrieve_ms=elapsed)
    needed = 1 if plan.about == "any" else (2 if plan.about == "both" else len(cards))
    yes = len(holding) >= needed and bool(holding)
    reason = "" if yes or not silent else f"Not in: {'; '.join(card.title for card in silent[:5])}."
    return Draft(
        shown=tuple(mention_of(library, card, what) for card in holding[:8]),
        short_answer="yes" if yes else "no",
        signals=Signals(coverage=1.0, exhaustive=True),
        reason=reason,
        mentions=(what,),
        retrieve_ms=elapsed,
    )
