"""The names of all metrics, what they mean, and which direction is better."""

from dataclasses import dataclass

CUTS = (1, 5, 10, 20)
"""Ranks at which retrieval is judged."""

HEADLINE = "correct"
"""The one score by type that every question has."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A metric for the reader. `unit` is empty for shares between 0 and 1."""

    title: str
    text: str
    group: str
    higher_is_better: bool = True
    unit: str = ""


def _retrieval(level: str) -> dict[str, Meaning]:
    group = f"Retrieval of {level}s"
    found: dict[str, Meaning] = {}
    for k in CUTS:
        found[f"{level}.hit@{k}"] = Meaning(f"hit@{k}", f"a gold {level} is among the first {k}", group)
        found[f"{level}.recall@{k}"] = Meaning(
            f"recall@{k}", f"share of the gold evidence that the first {k} hold", group
        )
        found[f"{level}.all@{k}"] = Meaning(f"all@{k}", f"the first {k} hold all gold evidence", group)
        found[f"{level}.nDCG@{k}"] = Meaning(
            f"nDCG@{k}", f"discounted gain of the first {k}, as a share of the best possible", group
        )
    found[f"{level}.MRR"] = Meaning("MRR", f"1 / rank of the first gold {level}, 0 when there is none", group)
    found[f"{level}.MAP"] = Meaning("MAP", "mean of the precision at each gold find", group)
    return found


CATALOGUE: dict[str, Meaning] = {
    HEADLINE: Meaning(
        "correct", "right by the rules of the question's type; see eval/metrics/right.py", "Overall"
    ),
    "answered.right": Meaning("right when answered", "share right of the questions it answered", "Overall"),
    "failed": Meaning("failed", "questions that ended in an error", "Overall", higher_is_better=False),
    "answer.exact": Meaning(
        "exact match", "the short answer is a gold answer (SQuAD normalisation)", "Answers"
    ),
    "answer.f1": Meaning("token F1", "shared words of short and gold answer (SQuAD)", "Answers"),
    "answer.contains": Meaning("contains", "a gold answer's words stand in the short answer", "Answers"),
    "answer.stated": Meaning("stated", "a gold answer's words stand anywhere in the answer", "Answers"),
    "answer.yes_no": Meaning("yes or no", "the right one of the two", "Answers"),
    "answer.choice": Meaning("choice", "the answer picks the right option", "Answers"),
    "list.precision": Meaning("list precision", "share of the listed answers that are gold", "Answers"),
    "list.recall": Meaning("list recall", "share of the gold answers that are listed", "Answers"),
    "list.f1": Meaning("list F1", "harmonic mean of both", "Answers"),
    "ranking.top1": Meaning(
        "ranking top 1", "share of the names put first that are first in gold", "Answers"
    ),
    "ranking.tau_b": Meaning("ranking τ-b", "Kendall's rank correlation of the counts, -1 to 1", "Answers"),
    "retrieved.answer@1": Meaning(
        "answer in first", "first passage holds a gold answer's words", "Answer strings"
    ),
    "retrieved.answer@5": Meaning(
        "answer in 5", "first 5 passages hold a gold answer's words", "Answer strings"
    ),
    "retrieved.answer@10": Meaning("answer in 10", "first 10 hold a gold answer's words", "Answer strings"),
    "retrieved.answer@20": Meaning("answer in 20", "first 20 hold a gold answer's words", "Answer strings"),
    **_retrieval("passage"),
    **_retrieval("article"),
    "citation.verbatim": Meaning(
        "verbatim", "share of citations that are the article's exact words", "Citations"
    ),
    "citation.precision": Meaning("precision", "share of citations that touch gold evidence", "Citations"),
    "citation.recall": Meaning("recall", "share of the gold evidence that is cited", "Citations"),
    "citation.support_recall": Meaning(
        "ALCE recall", "share of sentences that their citations bear out together", "Citations"
    ),
    "citation.support_precision": Meaning(
        "ALCE precision", "share of citations that a sentence needs", "Citations"
    ),
    "citation.uncited": Meaning(
        "uncited", "share of sentences without a citation", "Citations", higher_is_better=False
    ),
    "abstain.precision": Meaning("abstention precision", "share of abstentions that are right", "Abstention"),
    "abstain.recall": Meaning("abstention recall", "share of unanswerable questions refused", "Abstention"),
    "abstain.f1": Meaning("abstention F1", "harmonic mean of both", "Abstention"),
    "abstain.aurc": Meaning(
        "risk-coverage area", "mean share wrong, over all coverages", "Abstention", higher_is_better=False
    ),
    "cost.wall_ms": Meaning("wall time", "for one question", "Cost", higher_is_better=False, unit="ms"),
    "cost.cpu_ms": Meaning("CPU time", "for one question", "Cost", higher_is_better=False, unit="ms"),
    "cost.tokens": Meaning("tokens", "of a language model, for one question", "Cost", False, "tokens"),
}
"""By name, in the order in which they are shown."""


def meaning_of(name: str) -> Meaning:
    """Return what a metric means; one of an older or newer version is shown by its name."""
    return CATALOGUE.get(name) or Meaning(name, "", "Other")
