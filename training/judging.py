"""Fit the weights by which a candidate is judged: `python -m training.judging [--data DIR] [--write]`.

Every candidate of the `praise` articles is labelled by the gold ledger: praise, criticism or neither. Prints
how weights that were fitted on one half of the articles do on the other half: with all the evidence, with the
words alone and with the classifier alone. `--write` then fits on all articles and writes
`index/statements/weighing.json`.
"""

import argparse
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.statements import (
    Row,
    ask_lists,
    ask_superlatives,
    entries_of,
    matches,
    read_rows,
    score_statements,
)
from index.schema import Analysis, ArticleCard, LedgerEntry, Stance
from index.sentences import split_sentences
from index.statements.candidates import Candidate
from index.statements.cast import meet_cast
from index.statements.extract import condensed
from index.statements.judging import HeardSentence, heard, judge, statement_of
from index.statements.mentions import find_mentions
from index.statements.names import is_named
from index.statements.pipeline import recognise
from index.statements.reading import read
from index.statements.stance_model import StanceModel, load_stance_model
from index.statements.weighing import WEIGHTS_FILE, Table, Weights, evidence, in_view, weigh

_STRICTNESS = 0.3
"""Inverse of the penalty on large weights, chosen on the halves."""

_PARTS = 8
"""Parts of the articles, each of which is weighed by what was fitted on the others."""

_STANCES = (Stance.NEUTRAL, Stance.PRAISE, Stance.CRITICISE)

Keeps = Callable[[str], bool]
"""Whether a feature is used."""

_WAYS: dict[str, Keeps] = {
    "both": lambda _: True,
    "words only": lambda name: not name.startswith("read "),
    "classifier only": lambda name: name.startswith(("read ", "way ", "always", "speaker ", "target ")),
}


@dataclass(frozen=True, slots=True)
class Example:
    """One article: what is said in it, the evidence for each candidate, and what the gold calls it."""

    row: Row
    sentences: list[HeardSentence]
    features: list[dict[str, float]]
    labels: list[int | None]

    @property
    def candidates(self) -> list[Candidate]:
        """The candidates that the features and labels belong to."""
        return [one for sentence in self.sentences for one in sentence.candidates]


def examples_of(rows: Iterable[Row], gold: Sequence[Row], stances: StanceModel) -> list[Example]:
    """Read the articles and label their candidates by the gold ledger."""
    by_article: dict[str, list[Row]] = {}
    for row in gold:
        if row["speaker_kind"] != "author":
            by_article.setdefault(row["article"], []).append(row)
    found = []
    for row in rows:
        text, sentences = row["text"], split_sentences(row["text"])
        mentions = find_mentions(recognise(text), text)
        told = heard(read(text, sentences, meet_cast(text, mentions)))
        candidates = [one for sentence in told for one in sentence.candidates]
        labels = [_label(one, row, by_article.get(row["id"], [])) for one in candidates]
        found.append(Example(row, told, evidence(candidates, stances), labels))
    return found


def _label(candidate: Candidate, row: Row, gold: Sequence[Row]) -> int | None:
    """Return the number of the stance that the gold ledger gives a candidate, None when it does not tell.

    The ledger records a judgement once: not again in a headline or a summary that a quotation fills in, nor
    in every sentence of a long quotation. What agrees with a record elsewhere in the article is no mistake.
    """
    card = ArticleCard(row["id"], row["id"], "", (), None, None, None, row["id"])
    if not is_named(candidate.speaker.name):
        gold = [
            record | {"speaker": candidate.speaker.name}
            for record in gold
            if record["speaker_kind"] == "unnamed"
        ]
    found: list[int] = []
    for overlap in (True, False):
        for number, stance in enumerate(_STANCES[1:], start=1):
            one = statement_of(candidate, stance, 1.0)
            quote = row["text"][one.start : one.end]
            entry = LedgerEntry(card, one, quote, one.speaker, one.target)
            if any(matches(entry, record, overlap=overlap) for record in gold):
                found.append(number)
        if found and overlap:
            return found[0] if len(found) == 1 else None
    told = candidate.judgement
    if found and told is not None and _STANCES.index(told.stance) in found:
        return _STANCES.index(told.stance)
    return None if found else 0


def fit(examples: Sequence[Example], keeps: Keeps = lambda _: True) -> Weights:
    """Fit the weights on these articles.

    The second table learns from what the first makes of articles that it was not fitted on.
    """
    own = [[_kept(one, keeps) for one in example.features] for example in examples]
    viewed: list[list[dict[str, float]]] = [[] for _ in examples]
    for part in range(_PARTS):
        others = [place for place in range(len(examples)) if place % _PARTS != part]
        table = _fit_table([own[place] for place in others], [examples[place].labels for place in others])
        for place in range(part, len(examples), _PARTS):
            alone = [table.weigh(one) for one in own[place]]
            viewed[place] = in_view(examples[place].candidates, own[place], alone)
    labels = [one.labels for one in examples]
    return Weights(_fit_table(own, labels), _fit_table(viewed, labels))


def _kept(features: Mapping[str, float], keeps: Keeps) -> dict[str, float]:
    return {name: value for name, value in features.items() if keeps(name)}


def _fit_table(
    features: Sequence[Sequence[Mapping[str, float]]], labels: Sequence[Sequence[int | None]]
) -> Table:
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import MaxAbsScaler

    pairs = [
        (one, label)
        for article, own in zip(features, labels, strict=True)
        for one, label in zip(article, own, strict=True)
        if label is not None
    ]
    names, scales = DictVectorizer(), MaxAbsScaler()
    matrix = scales.fit_transform(names.fit_transform([one for one, _ in pairs]))
    model = LogisticRegression(C=_STRICTNESS, max_iter=5000).fit(matrix, [label for _, label in pairs])
    weights = model.coef_ / scales.scale_
    return Table(
        *(_against_neutral(weights, model.intercept_, names.feature_names_, stance) for stance in (1, 2))
    )


def _against_neutral(
    weights: NDArray[np.float64], always: NDArray[np.float64], names: Sequence[str], stance: int
) -> dict[str, float]:
    table = dict(zip(names, (weights[stance] - weights[0]).tolist(), strict=True))
    table["always"] = table.get("always", 0.0) + float(always[stance] - always[0])
    return {name: round(weight, 4) for name, weight in table.items() if abs(weight) >= 5e-4}


def analyses_of(
    examples: Sequence[Example], weights: Weights, keeps: Keeps = lambda _: True
) -> dict[str, Analysis]:
    """Return what these weights make of the articles, by article."""
    found = {}
    for one in examples:
        shares = weigh(one.candidates, [_kept(features, keeps) for features in one.features], weights)
        text = one.row["text"]
        statements = condensed(judge(one.sentences, shares), split_sentences(text), text)
        found[one.row["id"]] = Analysis((), tuple(statements))
    return found


def halves(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Return the articles with even and with odd numbers."""
    return list(examples[::2]), list(examples[1::2])


def cross_fitted(examples: Sequence[Example], keeps: Keeps = lambda _: True) -> dict[str, Analysis]:
    """Read each half of the articles with weights fitted on the other."""
    even, odd = halves(examples)
    return analyses_of(even, fit(odd, keeps), keeps) | analyses_of(odd, fit(even, keeps), keeps)


def report_of(
    examples: Sequence[Example],
    analyses: Mapping[str, Analysis],
    gold: Sequence[Row],
    questions: Sequence[Row],
) -> dict[str, Any]:
    """Return the figures of each half and of both."""
    rows = [one.row for one in examples]
    entries = entries_of(rows, dict(analyses))
    report: dict[str, Any] = {}
    for name, part in (("first", rows[::2]), ("second", rows[1::2]), ("both", rows)):
        articles = {row["id"] for row in part}
        own = [entry for entry in entries if entry.article.id in articles]
        wanted = [row for row in gold if row["article"] in articles]
        report[name] = {
            "same_article": score_statements(own, wanted, overlap=False).as_row(),
            "overlapping": score_statements(own, wanted, overlap=True).as_row(),
        }
    superlatives = ask_superlatives(entries, questions)
    report["superlatives"] = f"{superlatives['right']} of {superlatives['n']}"
    report["lists"] = ask_lists(entries, questions, {row["id"]: row for row in gold})
    return report


def main() -> None:
    """Measure on the halves and, if asked, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    folder = options.data / "praise"
    rows, gold, questions = (
        read_rows(folder / name) for name in ("articles.jsonl.gz", "ledger.jsonl", "questions.jsonl")
    )
    examples = examples_of(rows, gold, load_stance_model())
    report = {
        name: report_of(examples, cross_fitted(examples, keeps), gold, questions)
        for name, keeps in _WAYS.items()
    }
    print(json.dumps(report, indent=1))
    if options.write:
        weights = fit(examples)
        written = {
            name: {
                "praise": dict(sorted(table.praise.items())),
                "criticise": dict(sorted(table.criticise.items())),
            }
            for name, table in (("alone", weights.alone), ("in_view", weights.in_view))
        }
        WEIGHTS_FILE.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
