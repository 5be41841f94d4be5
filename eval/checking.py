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
    """Evidence that a library lacks. `nearest` is the sentence that shares most words with its quote."""

    case: str
    evidence: Evidence
    article_known: bool
    nearest: str


def missing_evidence(library: Library, cases: Sequence[Case]) -> tuple[Missing, ...]:
    """Return the evidence whose article or quote is not in the library, in the order of the gold."""
    locator = Locator(library)
    missing = []
    for case in cases:
        for evidence in case.evidence:
            located = locator.locate(evidence)
            if not located.places:
                nearest = locator.nearest(evidence) if evidence.quote else ""
                missing.append(Missing(case.id, evidence, bool(located.articles), nearest))
    return tuple(missing)


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
