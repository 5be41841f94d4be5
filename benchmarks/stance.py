"""Measure the stance towards a named target: `python -m benchmarks.stance [--data ../shared/data]`.

On `newsmtsc/dev_rw.jsonl` and `dev_mt.jsonl`: macro-F1 and the rest of the trained model alone, of the words
of praise and criticism alone (the judging words of the sentence, whoever they are about), and of both (a
judging word adds half a point to the logit of its stance); CPU milliseconds a sentence, on one thread. Prints
one JSON object.
"""

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.schema import Stance
from index.statements.evaluation import judge_words
from index.statements.pipeline import parse
from index.statements.stance_model import STANCES, load_stance_model
from training.figures import figures_of
from training.newsmtsc import Judged, mentions_of, read_judged, stances_of

_SETS = ("dev_rw", "dev_mt")
_WEIGHT_OF_WORDS = 0.5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure the stance towards named targets.")
    parser.add_argument(
        "--data", type=Path, default=Path("../shared/data"), help="folder that holds newsmtsc/"
    )
    folder = parser.parse_args().data / "newsmtsc"
    if not folder.is_dir():
        raise SystemExit(f"There is no folder {folder}; give --data.")
    print(json.dumps({name: measure(read_judged(folder / f"{name}.jsonl")) for name in _SETS}, indent=2))


def measure(rows: Sequence[Judged]) -> dict[str, Any]:
    """Return the figures of the three ways on one set."""
    model = load_stance_model()
    model.probabilities(mentions_of(rows[:1]))
    started = time.process_time()
    probabilities = model.probabilities(mentions_of(rows))
    cost = (time.process_time() - started) / len(rows)
    words = judge_by_words(rows)
    true = stances_of(rows)
    both = np.log(np.maximum(probabilities, 1e-9)) + _WEIGHT_OF_WORDS * words
    return {
        "sentences": len(rows),
        "cpu_ms_a_sentence": round(1000 * cost, 1),
        "model": figures_of(probabilities, true),
        "words": figures_of(words, true),
        "both": figures_of(_normalise(np.exp(both)), true),
    }


def judge_by_words(rows: Sequence[Judged]) -> NDArray[np.float32]:
    """Return 1 for the stance that the words of a target's sentence take, 0 elsewhere: (targets, 3)."""
    said = []
    for row, tree in zip(rows, parse([row.sentence for row in rows]), strict=True):
        judged = judge_words(list(tree))
        said += [STANCES.index(judged[0] if judged else Stance.NEUTRAL)] * len(row.targets)
    return np.eye(len(STANCES), dtype=np.float32)[said]


def _normalise(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    normalised: NDArray[np.float32] = rows / rows.sum(axis=1, keepdims=True)
    return normalised


if __name__ == "__main__":
    main()
