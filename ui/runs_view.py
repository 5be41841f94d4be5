"""From the runs of a library, and from two of them compared, to the lists of the page Evaluate. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eval.compare import Comparison, Difference
from eval.metrics.catalogue import HEADLINE, meaning_of
from ui.evaluate_view import RunRecord
from ui.view import Json, count_text

RUNS = 40
CHANGED = 50
SAME = 1e-9


@dataclass(frozen=True, slots=True)
class RunHead:
    """A run as the list shows it, read without its questions.

    Attributes:
        begun: When, in local time.
        about: Its run.json; empty when that cannot be read.
        done: Questions that have a result.
        correct: The headline metric; None before the run was scored.
        can_go_on: Whether the gold file and the library are still those it was begun with.
    """

    name: str
    begun: datetime
    about: Mapping[str, Any]
    done: int
    correct: Mapping[str, float] | None
    can_go_on: bool

    @property
    def questions(self) -> int:
        """How many questions it is over."""
        return int(self.about["asked"]["questions"]) if self.about else 0

    @property
    def label(self) -> str:
        """What the page calls it by: its gold and when it was begun."""
        gold = self.about["gold"]["name"] if self.about else self.name
        return f"{gold}, {self.begun.day} {self.begun:%B %Y, %H:%M:%S}"


def runs_view(heads: Sequence[RunHead], shown: str) -> Json:
    """Return the list of runs, the newest first; `shown` is the one that stands below."""
    return {
        "shown": shown,
        "rows": [_row(head, head.name == shown) for head in heads[:RUNS]],
        "more": max(0, len(heads) - RUNS),
    }


def _row(head: RunHead, is_shown: bool) -> Json:
    finished = head.done >= head.questions
    count = f"{head.done:,}" if finished else f"{head.done:,} of {head.questions:,}"
    text = [f"{count} {'question' if count == '1' else 'questions'}"]
    library = head.about.get("library")
    if library:
        text.append(count_text(library["articles"], "article"))
    types = head.about["asked"]["only_type"] if head.about else ()
    if types:
        text.append(f"only {', '.join(name or '(none)' for name in types)}")
    if not head.about:
        text = ["cannot be read"]
    elif not finished and not head.can_go_on:
        text.append("not finished; the library or the gold has changed since")
    correct = head.correct
    return {
        "name": head.name,
        "gold": head.about["gold"]["digest"] if head.about else "",
        "label": head.label,
        "text": " · ".join(text),
        "correct": f"{correct['mean']:.3f}" if correct else "",
        "interval": f"{correct['low']:.3f} to {correct['high']:.3f}" if correct else "",
        "line": [correct["low"], correct["mean"], correct["high"]] if correct else None,
        "can_open": bool(head.about) and head.done > 0,
        "can_go_on": head.can_go_on and not finished,
        "is_shown": is_shown,
    }


def closed_comparison(text: str = "") -> Json:
    """Return the comparison without two runs; `text` says what is wrong with a choice."""
    return {"state": "closed", "text": text}


def comparison_view(made: Comparison, before: RunRecord, after: RunRecord, labels: tuple[str, str]) -> Json:
    """Return two runs compared: what moved, and the questions whose score changed."""
    moved = [one for one in made.differences if abs(one.change) > SAME or one.name == HEADLINE]
    old, new = ({one.result.case.id: one for one in run.views} for run in (before, after))
    changed = [
        {
            "id": one.id,
            "question": one.question,
            "type": one.type,
            "change": f"{one.after - one.before:+.2f}",
            "gained": one.after > one.before,
            "before": _given_text(old[one.id].given.said, old[one.id].given.abstained),
            "after": _given_text(new[one.id].given.said, new[one.id].given.abstained),
            "gold": "; ".join(new[one.id].result.case.answers) or "the articles don’t say",
            "cause": new[one.id].cause.value,
        }
        for one in made.changed[:CHANGED]
    ]
    return {
        "state": "open",
        "labels": list(labels),
        "text": _comparison_text(made),
        "rows": [_difference(one) for one in moved],
        "same": len(made.differences) - len(moved),
        "changed": changed,
        "changed_count": len(made.changed),
        "more": max(0, len(made.changed) - CHANGED),
    }


def _comparison_text(made: Comparison) -> str:
    parts = [f"{count_text(made.questions, 'question')} in both runs"]
    for names, which in ((made.only_before, "first"), (made.only_after, "second")):
        if names:
            parts.append(f"{len(names):,} only in the {which}")
    return " · ".join(parts)


def _difference(one: Difference) -> Json:
    meaning = meaning_of(one.name)
    places = 0 if meaning.unit else 3
    sure = one.low > 0 or one.high < 0
    better = (one.change > 0) == meaning.higher_is_better
    return {
        "title": meaning.title,
        "group": meaning.group,
        "before": f"{one.before:,.{places}f}",
        "after": f"{one.after:,.{places}f}",
        "change": f"{one.change:+,.{places}f}",
        "interval": f"{one.low:+,.{places}f} to {one.high:+,.{places}f}",
        "p": f"{one.p:.3f}",
        "n": f"{one.n:,}",
        "verdict": ("better" if better else "worse") if sure else "",
    }


def _given_text(said: Sequence[str], abstained: bool) -> str:
    return "The articles don’t say." if abstained else "; ".join(said) or "nothing"
