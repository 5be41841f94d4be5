"""Fit the support score of `qa.verify`: `python -m training.support --news DIR --questions FILE LIBRARY`.

The pairs are those of `training.pairs`, made from half of the articles of a library of news, and claims made
of SQuAD questions with right and wrong answers, cited from a library of their contexts. The other half of
the news and all of RGB are left for `python -m benchmarks.checking`.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.library import Library
from index.schema import MentionKind
from qa.schema import Citation
from qa.verify import Checker
from qa.verify.support import WEIGHTS_FILE
from training.claims import claim_of
from training.logistic import fit_logistic
from training.pairs import Pair, pairs_from

ARTICLES = 180
"""Articles of news whose pairs are fitted to."""
FALSE_ALARMS = 0.05
"""Share of the faithful sentences that the threshold may lose."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, write the weights beside the module and say how they do."""
    parser = argparse.ArgumentParser(prog="python -m training.support", description=__doc__)
    parser.add_argument("--news", type=Path, required=True, help="library of news articles")
    parser.add_argument("--contexts", type=Path, required=True, help="library of SQuAD contexts")
    parser.add_argument("--questions", type=Path, required=True, help="the SQuAD rows themselves")
    options = parser.parse_args(arguments)
    measures: list[dict[str, float]] = []
    labels: list[bool] = []
    digest = sha256()
    with Library.open(options.news) as news, Library.open(options.contexts) as contexts:
        for library, pairs in (
            (news, pairs_from(news.store, "fit", ARTICLES)),
            (contexts, question_pairs(contexts, options.questions)),
        ):
            checker = Checker(library.store, library.embedder)
            for pair in pairs:
                measured = checker.measure(pair.text, pair.cited)
                if measured is not None:
                    measures.append(asdict(measured))
                    labels.append(pair.faithful)
                    digest.update(f"{pair.text}\0{pair.faithful}\n".encode())
    names = tuple(measures[0])
    rows = np.array([[one[name] for name in names] for one in measures])
    faithful = np.array(labels, dtype=np.float64)
    bias, weights = fit_logistic(rows, faithful)
    scores = 1 / (1 + np.exp(-(bias + rows @ weights)))
    write(names, (bias, weights), threshold_of(scores, faithful), (len(labels), digest.hexdigest()))
    print(f"{len(labels)} pairs, {int(faithful.sum())} faithful -> {WEIGHTS_FILE}", file=sys.stderr)


def threshold_of(scores: NDArray[np.float64], faithful: NDArray[np.float64]) -> float:
    """Return the score below which `FALSE_ALARMS` of the faithful sentences lie, at most one half."""
    return float(min(np.quantile(scores[faithful > 0], FALSE_ALARMS), 0.5))


def question_pairs(contexts: Library, questions: Path) -> Iterator[Pair]:
    """Yield claims of answerable questions: the right answer, and another of the same context."""
    by_text = {contexts.store.article(card.id).text: card for card in contexts.store.articles()}
    for line in questions.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        card = by_text.get(" ".join(row["context"].split())) or by_text.get(row["context"])
        if row["is_impossible"] or card is None:
            continue
        text = contexts.store.article(card.id).text
        right = row["answers"][0]
        cited = next(
            (
                Citation(card, one.start, one.end, text[one.start : one.end])
                for one in contexts.store.sentences(card.id)
                if right in text[one.start : one.end]
            ),
            None,
        )
        if cited is None:
            continue
        yield Pair(claim_of(row["question"], right), (cited,), "question", True)
        draw = random.Random(row["id"])
        others = [
            one.name
            for one in contexts.store.mentions(card.id)
            if one.kind is not MentionKind.OTHER and one.name not in right and right not in one.name
        ]
        if others:
            yield Pair(claim_of(row["question"], draw.choice(others)), (cited,), "wrong answer", False)


def write(
    names: Sequence[str],
    fitted: tuple[float, NDArray[np.float64]],
    threshold: float,
    data: tuple[int, str],
) -> None:
    """Write the weights beside the module that reads them."""
    bias, weights = fitted
    held = {
        "bias": round(bias, 4),
        "weights": {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)},
        "threshold": round(threshold, 4),
        "fitted": {"pairs": data[0], "sha256": data[1], "on": datetime.now(UTC).date().isoformat()},
    }
    WEIGHTS_FILE.write_text(json.dumps(held, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
