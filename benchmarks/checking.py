"""How well unsupported sentences are told from supported ones: `python -m benchmarks.checking --help`.

Three sets, none of them fitted to: claims made from RGB's questions, with the right and with the wrong
answer, each against passages that bear it out and passages that contradict it; sentences of news articles
told again faithfully, and with one thing changed; and, with `--nli MODEL`, both again with that model. Prints
one JSON object: for each way of changing a sentence the ROC AUC of its score against the faithful ones with
its 95 % bootstrap interval, the share that is caught (shown as weak) and, of the faithful ones, the share
that is wrongly called weak.
"""

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.metrics.interval import bootstrap
from index.library import Library
from index.schema import ArticleCard
from qa.schema import Citation, Support
from qa.verify import Checker, load_entailment
from training.altered import CHANGES, FAITHFUL
from training.claims import claim_of
from training.pairs import Pair, pairs_from

Floats = NDArray[np.float64]
MADE_PLAIN = (*CHANGES, "wrong place")


@dataclass(frozen=True, slots=True)
class Checked:
    """One pair with what the checker said of it."""

    how: str
    faithful: bool
    score: float
    weak: bool


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.checking", description=__doc__)
    parser.add_argument("--rgb", type=Path, required=True, help="RGB's en_fact_open.jsonl")
    parser.add_argument("--conflict", type=Path, required=True, help="library of its rgb-conflict articles")
    parser.add_argument("--news", type=Path, required=True, help="library of news articles")
    parser.add_argument("--articles", type=int, default=220, help="how many news articles are used")
    parser.add_argument("--nli", default="", help="folder or hub name of an NLI model")
    options = parser.parse_args()
    entailment = load_entailment(options.nli) if options.nli else None
    started = time.process_time()
    with Library.open(options.conflict) as library:
        checker = Checker(library.store, library.embedder, entailment)
        rgb = [_checked(checker, pair) for pair in rgb_pairs(library, options.rgb)]
    with Library.open(options.news) as library:
        checker = Checker(library.store, library.embedder, entailment)
        news = [_checked(checker, pair) for pair in pairs_from(library.store, "test", options.articles)]
    cost = (time.process_time() - started) / max(len(rgb) + len(news), 1)
    figures = {"rgb": rgb_figures(rgb), "news": news_figures(news), "cpu_ms": round(1000 * cost, 1)}
    print(json.dumps(figures, indent=2, ensure_ascii=False))


def rgb_pairs(library: Library, rows: Path) -> Iterator[Pair]:
    """Yield each question's claim with the right and the wrong answer against each passage of both sides."""
    cards = {library.store.article(card.id).text: card for card in library.store.articles()}
    for line in rows.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        right = row["answer"] if isinstance(row["answer"], str) else row["answer"][0][0]
        sides = {"positive": right, "positive_wrong": row["fakeanswer"]}
        for side, answer in sides.items():
            for passage in row[side]:
                cited = _whole(library, cards, passage)
                if cited is None or not _holds(passage, row, side):
                    continue
                for claimed in sides.values():
                    yield Pair(claim_of(row["query"], claimed), (cited,), side, claimed == answer)


def _holds(passage: str, row: dict[str, Any], side: str) -> bool:
    """Whether a passage has the answer of its side in so many words; in some it was cut off."""
    forms = row["answer"] if side == "positive" else row["fakeanswer"]
    flat = [forms] if isinstance(forms, str) else forms[0] if isinstance(forms[0], list) else forms
    return any(form.lower() in passage.lower() for form in flat)


def _whole(library: Library, cards: dict[str, ArticleCard], passage: str) -> Citation | None:
    found = cards.get(" ".join(passage.split())) or cards.get(passage)
    if found is None:
        return None
    text = library.store.article(found.id).text
    return Citation(found, 0, len(text), text)


def _checked(checker: Checker, pair: Pair) -> Checked:
    found = checker.check(pair.text, pair.cited)
    return Checked(pair.how, pair.faithful, found.score, found.support is Support.WEAK)


def rgb_figures(pairs: Sequence[Checked]) -> dict[str, Any]:
    """Return the figures of RGB: all pairs together, and which of a passage's two claims scores first."""
    good = [one for one in pairs if one.faithful]
    bad = [one for one in pairs if not one.faithful]
    sides = zip(pairs[::2], pairs[1::2], strict=True)
    right = [_preferred(*side) for side in sides]
    low, high = bootstrap(len(right), lambda drawn: float(np.mean([right[one] for one in drawn])))
    preferred = {
        "right_claim_first": round(float(np.mean(right)), 3),
        "first_95": [round(low, 3), round(high, 3)],
    }
    return {"supported": len(good), "contradicted": len(bad)} | _apart(good, bad) | preferred


def _preferred(one: Checked, other: Checked) -> float:
    """Return 1 where the claim that the passage bears out scores above the other, a half where they tie."""
    true, false = (one, other) if one.faithful else (other, one)
    return 0.5 if true.score == false.score else float(true.score > false.score)


def news_figures(pairs: Sequence[Checked]) -> dict[str, Any]:
    """Return the figures of the news: each change against all faithful sentences, and these by their kind."""
    good = [one for one in pairs if one.faithful]
    bad = [one for one in pairs if not one.faithful]
    changed = {how: [one for one in bad if one.how == how] for how in MADE_PLAIN}
    told = {how: [one for one in good if one.how == how] for how in FAITHFUL}
    return {
        "all": {"faithful": len(good), "changed": len(bad)} | _apart(good, bad),
        "changed": {how: {"n": len(ones)} | _apart(good, ones) for how, ones in changed.items() if ones},
        "faithful": {
            how: {"n": len(ones), "called_weak": _share([one.weak for one in ones])}
            for how, ones in told.items()
            if ones
        },
    }


def _apart(good: Sequence[Checked], bad: Sequence[Checked]) -> dict[str, Any]:
    scores = np.array([one.score for one in (*good, *bad)])
    faithful = np.array([True] * len(good) + [False] * len(bad))
    low, high = bootstrap(len(scores), lambda drawn: roc_area(scores[drawn], faithful[drawn]))
    return {
        "auc": round(roc_area(scores, faithful), 3),
        "auc_95": [round(low, 3), round(high, 3)],
        "caught": _share([one.weak for one in bad]),
        "false_alarms": _share([one.weak for one in good]),
    }


def _share(values: Sequence[bool]) -> float:
    return round(float(np.mean(values)), 3) if values else 0.0


def roc_area(scores: Floats, positive: NDArray[np.bool_]) -> float:
    """Return the chance that a positive scores above a negative, ties half; .5 where a side is empty."""
    wins, other = scores[positive], scores[~positive]
    if not len(wins) or not len(other):
        return 0.5
    ordered = np.sort(other)
    below = np.searchsorted(ordered, wins, side="left")
    upto = np.searchsorted(ordered, wins, side="right")
    return float(((below + upto) / 2).mean() / len(other))


if __name__ == "__main__":
    main()
