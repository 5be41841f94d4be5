"""Whether gold evidence is in a library, before a run is spent on it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.places import Locator
from eval.run_folder import write_text
from eval.schema import Case, Evidence, GoldArticle
from index.library import Library


@dataclass(frozen=True, slots=True)
class Missing:
    """Evidence that a library lacks.

    Attributes:
        article_known: Whether the library has the article, so that only the quote is missing.
        elsewhere: The file of another article that holds the quote; empty when none does.
        nearest: The sentence that shares most words with the quote.
    """

    case: str
    evidence: Evidence
    article_known: bool
    elsewhere: str
    nearest: str


def missing_evidence(library: Library, cases: Sequence[Case]) -> tuple[Missing, ...]:
    """Return the evidence whose article or quote is not in the library, in the order of the gold."""
    locator = Locator(library)
    missing = []
    for case in cases:
        for evidence in case.evidence:
            located = locator.locate(evidence)
            if not located.places:
                missing.append(_missing(locator, case, evidence, bool(located.articles)))
    return tuple(missing)


def _missing(locator: Locator, case: Case, evidence: Evidence, article_known: bool) -> Missing:
    if not evidence.quote:
        return Missing(case.id, evidence, article_known, "", "")
    card = next((locator.card(article) for article in locator.holders(evidence.quote)), None)
    nearest = "" if card else locator.nearest(evidence)
    return Missing(case.id, evidence, article_known, card.file if card else "", nearest)


def write_articles(articles: Iterable[GoldArticle], folder: Path) -> int:
    """Write the articles that come with a gold file as a table that `python -m index add` reads.

    Returns:
        How many were written, into `articles.jsonl` in the folder.
    """
    lines = [
        json.dumps({"id": one.id, "title": one.title or one.id, "text": one.text}, ensure_ascii=False)
        for one in articles
    ]
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / "articles.jsonl", "".join(f"{line}\n" for line in lines))
    return len(lines)
