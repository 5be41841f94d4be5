"""From a run's results to the tables, plots and questions of the page Evaluate, as plain values. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from eval.commands import SHORT
from eval.diagnosis import Cause, GoldPlace
from eval.metrics.catalogue import HEADLINE, meaning_of
from eval.plots import latency, risk_curve, type_bars
from eval.report import BY_TYPE, Cited, Passage, QuestionView, shown, view
from eval.schema import Metric, Result, Summary
from ui.gold_shelf import GoldFile
from ui.runner import Standing
from ui.view import NO_TITLE, Json, count_text

QUESTIONS = 20
"""Questions on one page."""
NOT_RIGHT, ALL = "not right", "all"

STATE_WORDS = {
    "running": "{done} of {total} questions answered",
    "stopping": "Stopping after this question; {done} of {total} are answered",
    "done": "Done: {total} questions answered.",
    "stopped": "Stopped: {done} of {total} questions are answered and kept.",
    "failed": "{message}",
}


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run as read from its folder; `views` are its questions, the worst first."""

    name: str
    about: Mapping[str, Any]
    results: Sequence[Result]
    summary: Summary
    views: tuple[QuestionView, ...]

    @classmethod
    def of(
        cls, name: str, about: Mapping[str, Any], results: Sequence[Result], summary: Summary
    ) -> "RunRecord":
        """Put a run together; this judges every question."""
        return cls(name, about, results, summary, tuple(sorted(map(view, results), key=_worst_first)))


def _worst_first(one: QuestionView) -> tuple[float, str]:
    return (one.scores[HEADLINE].value if HEADLINE in one.scores else 2.0, one.result.case.id)


# --- the form and the progress


def form_view(golds: Sequence[GoldFile], chosen: str, note: str = "", kind: str = "") -> Json:
    """Return the form that starts a run; `note` says what became of an upload."""
    return {
        "golds": [
            {
                "name": gold.name,
                "label": f"{gold.name} ({count_text(gold.questions, 'question')})",
                "questions": gold.questions,
                "types": [
                    {"value": name, "label": f"{name} ({count})"} for name, count in gold.types.items()
                ],
                "dated": gold.dated,
                "bad": [*gold.bad[:5], *_more(len(gold.bad) - 5)],
            }
            for gold in golds
        ],
        "chosen": chosen,
        "note": note,
        "kind": kind,
    }


def _more(count: int) -> list[str]:
    return [f"and {count_text(count, 'more row')}"] if count > 0 else []


def standing_view(standing: Standing) -> Json:
    """Return the line that says how far the evaluation is."""
    text = ""
    if standing.state == "running" and not standing.total:
        text = "Reading the questions and the library …"
    elif standing.state == "running" and standing.done == standing.total:
        text = "Scoring …"
    elif standing.state in STATE_WORDS:
        text = STATE_WORDS[standing.state].format(
            done=f"{standing.done:,}", total=f"{standing.total:,}", message=standing.message
        )
        if standing.state == "running":
            text += f"{_left_text(standing.seconds_left)} …"
    return {
        "run": standing.run,
        "state": standing.state,
        "text": text,
        "kind": "bad" if standing.state == "failed" else "",
        "share": standing.done / max(standing.total, 1) if standing.going_on else None,
        "going_on": standing.going_on,
    }


def _left_text(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds < 90:
        return f", about {count_text(max(1, round(seconds)), 'second')} left"
    return f", about {count_text(round(seconds / 60), 'minute')} left"


# --- one run


def report_view(run: RunRecord) -> Json:
    """Return scores and plots of a run."""
    summary, gold = run.summary, run.about["gold"]
    risk, times = risk_curve(summary.abstention.curve), latency(run.results)
    return {
        "run": run.name,
        "address": f"?run={run.name}",
        "title": gold["name"],
        "text": _about_text(run),
        "metrics": [_metric(one) for name in SHORT if (one := summary.metric(name))],
        "groups": _groups(summary.metrics),
        "costs": [_cost(name, run.summary) for name in summary.costs],
        "confusion": asdict(summary.abstention.confusion),
        "threshold": _threshold_text(summary),
        "types": _types(summary),
        "type_heads": [meaning_of(name).title for name in _type_columns(summary)],
        "bars": [asdict(bar) for bar in type_bars(summary)],
        "risk": asdict(risk) if risk else None,
        "latency": asdict(times) if times else None,
    }


def _about_text(run: RunRecord) -> str:
    about, asked = run.about, run.about["asked"]["questions"]
    parts = [count_text(len(run.results), "question")]
    if len(run.results) < asked:
        parts[0] += f" of {asked:,}, the run is not finished"
    if run.summary.failures:
        parts.append(f"{run.summary.failures} ended in an error")
    if about["asked"]["only_type"]:
        parts.append(f"only {', '.join(name or '(none)' for name in about['asked']['only_type'])}")
    if about["library"]:
        parts.append(f"{count_text(about['library']['articles'], 'article')}, {about['library']['model']}")
    if about["answers"]:
        parts.append(f"answers of {about['answers']['name']}")
    return " · ".join([*parts, f"gold {about['gold']['digest'][:12]}"])


def _metric(one: Metric) -> Json:
    """Return a row of a table of scores; a share has its place on a line from 0 to 1."""
    meaning = meaning_of(one.name)
    return {
        "name": one.name,
        "title": meaning.title,
        "group": meaning.group,
        "text": meaning.text,
        "mean": shown(one, one.mean),
        "interval": f"{shown(one, one.low)} to {shown(one, one.high)}",
        "n": f"{one.n:,}",
        "line": None if meaning.unit or one.low < 0 else [one.low, one.mean, one.high],
    }


def _groups(metrics: Sequence[Metric]) -> list[Json]:
    groups: dict[str, list[Json]] = {}
    for one in metrics:
        groups.setdefault(meaning_of(one.name).group, []).append(_metric(one))
    return [{"title": title, "rows": rows} for title, rows in groups.items()]


def _cost(name: str, summary: Summary) -> Json:
    cost, meaning = summary.costs[name], meaning_of(name)
    numbers = [f"{value:,.0f} {meaning.unit}" for value in (cost.median, cost.p95, cost.most)]
    return {"title": meaning.title, "numbers": numbers}


def _threshold_text(summary: Summary) -> str:
    best = summary.abstention.threshold
    if best is None:
        return ""
    return (
        f"Fitted to these questions, answers below a confidence of {best.confidence:.3f} are better "
        f"withheld: mean reward {best.reward:.3f}, as run {best.reward_as_run:.3f} "
        "(right 1, wrong −1, right refusal 1, needless refusal 0)."
    )


def _type_columns(summary: Summary) -> list[str]:
    return [name for name in BY_TYPE if summary.metric(name)]


def _types(summary: Summary) -> list[Json]:
    rows = []
    for name, metrics in summary.by_type.items():
        known = {one.name: one for one in metrics}
        cells = [_cell(known.get(column)) for column in _type_columns(summary)]
        rows.append({"type": name, "n": known["failed"].n if "failed" in known else 0, "cells": cells})
    return rows


def _cell(one: Metric | None) -> Json | None:
    if one is None:
        return None
    return {
        "mean": shown(one, one.mean),
        "interval": f"{shown(one, one.low)}–{shown(one, one.high)}",
        "n": one.n,
    }


# --- its questions


def questions_view(run: RunRecord, which: str = NOT_RIGHT, page: int = 1) -> Json:
    """Return one page of a run's questions, the worst first.

    Args:
        run: The run.
        which: NOT_RIGHT, ALL or a cause of failure; anything else is read as NOT_RIGHT.
        page: From 1; kept within what there is.
    """
    causes = Counter(one.cause for one in run.views)
    wrong = [one for one in run.views if one.state in ("wrong", "partly")]
    found = {NOT_RIGHT: wrong, ALL: list(run.views)}
    for cause in causes:
        found[cause.value] = [one for one in run.views if one.cause is cause]
    which = which if which in found else NOT_RIGHT
    pages = max(1, -(-len(found[which]) // QUESTIONS))
    page = min(max(page, 1), pages)
    choices = [(NOT_RIGHT, "Not right"), (ALL, "All questions")]
    choices += [(cause.value, _capital(cause.value)) for cause in Cause if cause in causes]
    return {
        "run": run.name,
        "which": which,
        "choices": [{"value": value, "label": f"{label} ({len(found[value])})"} for value, label in choices],
        "page": page,
        "pages": pages,
        "rows": [question_view(one) for one in found[which][(page - 1) * QUESTIONS : page * QUESTIONS]],
    }


def question_view(one: QuestionView) -> Json:
    """Return everything that is shown of one question."""
    case, outcome = one.result.case, one.result.outcome
    told = [f"confidence {one.given.confidence:.2f}"] if one.given.confidence is not None else []
    told += [f"{outcome.wall_ms:,.0f} ms"] if outcome.wall_ms is not None else []
    return {
        "id": case.id,
        "question": case.question,
        "state": one.state,
        "cause": "" if one.state == "right" else one.cause.value,
        "about": [part for part in (case.id, case.type, _asked(case.asked_on)) if part],
        "failure": outcome.failure or "",
        "abstained": one.given.abstained,
        "reason": one.reason,
        "short": list(one.given.short),
        "said": [
            {"text": said.text, "quotes": [_cited(cited) for cited in said.citations]} for said in one.said
        ],
        "tally": _tally(one.given.tally),
        "told": ", ".join(told),
        "answerable": case.answerable,
        "answers": list(case.answers),
        "choices": list(case.choices),
        "ranking": _tally(case.ranking),
        "gold": [_gold(place, one) for place in one.gold],
        "note": case.note,
        "retrieved": [_passage(passage) for passage in one.retrieved],
    }


def _asked(day: str | None) -> str:
    return f"asked on {day}" if day else ""


def _tally(rows: Sequence[tuple[str, float]]) -> str:
    return ", ".join(f"{name} {count:g}" for name, count in rows[:10])


def _cited(cited: Cited) -> Json:
    one = cited.citation
    return {
        "text": str(one.get("quote") or ""),
        "where": _where(
            str(one.get("title") or ""), str(one.get("outlet") or ""), str(one.get("published") or "")
        ),
        "place": _place(one.get("article"), one.get("start"), one.get("end")),
        "is_gold": cited.is_gold,
        "why": "gold" if cited.is_gold else "",
    }


def _gold(gold: GoldPlace, one: QuestionView) -> Json:
    located, retrieved = gold.located, one.result.outcome.retrieved
    if not located.places:
        why = "not in the library"
    elif gold.rank:
        why = f"retrieved at rank {gold.rank}"
    else:
        why = "in the library" if retrieved is None else f"not among the {len(retrieved)} retrieved"
    first = located.places[0] if located.places else None
    return {
        "text": located.evidence.quote or "the whole article",
        "where": located.evidence.article,
        "place": _place(first.article, first.start, first.end) if first else None,
        "is_gold": True,
        "why": f"{why}{', cited' if gold.cited else ''}",
    }


def _passage(passage: Passage) -> Json:
    one = passage.passage
    return {
        "text": passage.text,
        "where": _where(one.title, one.outlet, one.published),
        "place": _place(one.article, one.start, one.end),
        "is_gold": passage.is_gold,
        "why": "gold" if passage.is_gold else "",
        "rank": one.rank,
    }


def _where(title: str, outlet: str, published: str) -> str:
    return ", ".join(part for part in (title or NO_TITLE, outlet, published[:10]) if part)


def _place(article: object, start: object, end: object) -> Json | None:
    if not article:
        return None
    spanned = isinstance(start, int) and isinstance(end, int)
    return {"article": str(article), "start": start if spanned else None, "end": end if spanned else None}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
