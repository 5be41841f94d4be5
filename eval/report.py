"""The report of a run: summary.json, report.md and one self-contained report.html."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.diagnosis import Cause, GoldPlace, cause_of, gold_places, touches_gold
from eval.given import Given, place_of, read_given
from eval.metrics.catalogue import HEADLINE, meaning_of
from eval.metrics.retrieval import holds_of
from eval.plots import latency, risk_curve, type_bars
from eval.result_json import summary_json
from eval.run_folder import write_text, write_whole
from eval.schema import Metric, Place, Result, Retrieved, Score, Summary
from eval.scoring import score_result, summarise

SUMMARY, MARKDOWN, HTML = "summary.json", "report.md", "report.html"
SHOWN = 10
"""Retrieved passages shown for each question."""
SHOWN_CHARS = 500
"""Characters shown of each."""
LEAD_CHARS = 120
"""Characters shown before the gold evidence."""
BY_TYPE = (HEADLINE, "answer.f1", "citation.recall", "passage.recall@10", "abstain.recall")
"""Columns of the tables by type and by outlet."""
_CELL = str.maketrans({"|": "\\|", "\n": " ", "\r": " ", "<": "&lt;", ">": "&gt;"})


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved passage as shown. `is_gold`: it holds gold evidence."""

    passage: Retrieved
    text: str
    is_gold: bool


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as shown. `is_gold`: it touches gold evidence."""

    citation: Mapping[str, Any]
    is_gold: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the answer as shown."""

    text: str
    citations: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class QuestionView:
    """Everything that is shown of one question."""

    result: Result
    given: Given
    reason: str
    scores: Mapping[str, Score]
    cause: Cause
    gold: tuple[GoldPlace, ...]
    said: tuple[Said, ...]
    retrieved: tuple[Passage, ...]

    @property
    def state(self) -> str:
        """In one word: right, partly, wrong, or unjudged where the gold has no answer."""
        if HEADLINE not in self.scores:
            return "unjudged"
        value = self.scores[HEADLINE].value
        return "right" if value >= 1 else "partly" if value > 0 else "wrong"


def write_report(folder: Path, results: Sequence[Result], about: Mapping[str, Any]) -> Summary:
    """Score the results and write the report into the run's folder; return the scores."""
    summary = summarise(results)
    write_whole(folder / SUMMARY, {"run": about, **summary_json(summary)})
    write_text(folder / MARKDOWN, render_markdown(summary, results, about))
    write_text(folder / HTML, render_html(summary, results, about))
    return summary


def view(result: Result) -> QuestionView:
    """Return a result as it is shown."""
    scores = score_result(result)
    answer = result.outcome.answer or {}
    return QuestionView(
        result=result,
        given=read_given(result.outcome.answer),
        reason=str(answer.get("reason") or ""),
        scores=scores,
        cause=cause_of(result, scores),
        gold=gold_places(result),
        said=tuple(
            Said(
                str(sentence.get("text") or ""),
                tuple(
                    Cited(one, touches_gold(place_of(one), result)) for one in sentence.get("citations") or ()
                ),
            )
            for sentence in answer.get("sentences") or ()
        ),
        retrieved=tuple(_passage(one, result) for one in (result.outcome.retrieved or ())[:SHOWN]),
    )


def render_html(summary: Summary, results: Sequence[Result], about: Mapping[str, Any]) -> str:
    """Return the report as one page that loads nothing; every text is escaped, for it comes from anywhere."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["score"] = shown
    views = sorted((view(result) for result in results), key=_worst_first)
    return environment.get_template("report.html").render(
        about=about,
        summary=summary,
        groups=_groups(summary.metrics),
        tables=[("type", summary.by_type), ("outlet", summary.by_outlet)],
        columns=[(name, meaning_of(name).title) for name in BY_TYPE if summary.metric(name)],
        metric_in=_metric_in,
        meaning=meaning_of,
        causes=Counter(one.cause.value for one in views).most_common(),
        risk=risk_curve(summary.abstention.curve),
        bars=type_bars(summary),
        latency=latency(results),
        views=views,
        headline=summary.metric(HEADLINE),
    )


def render_markdown(summary: Summary, results: Sequence[Result], about: Mapping[str, Any]) -> str:
    """Return the report as Markdown: all metrics, the scores by type, and what was not right."""
    gold = about["gold"]
    lines = [
        f"# {cell(gold['name'])}: {summary.questions} questions",
        "",
        f"Gold SHA-256 `{gold['digest'][:16]}`; failed: {summary.failures}. Every mean has its 95 % "
        "bootstrap interval and the number of questions it is over.",
        "",
    ]
    for group, metrics in _groups(summary.metrics).items():
        lines += [f"## {group}", "", "| metric | mean | 95 % | n | meaning |", "|---|---|---|---|---|"]
        for one in metrics:
            meaning = meaning_of(one.name)
            interval = f"{shown(one, one.low)} to {shown(one, one.high)}"
            lines.append(f"| {one.name} | {shown(one, one.mean)} | {interval} | {one.n} | {meaning.text} |")
        lines.append("")
    lines += _costs(summary) + _abstention(summary)
    lines += _table("type", summary.by_type) + _table("outlet", summary.by_outlet)
    lines += ["## Not right", "", "| id | question | why | gold | given |", "|---|---|---|---|---|"]
    for question in sorted((view(result) for result in results), key=_worst_first):
        if question.state in ("wrong", "partly"):
            lines.append(f"| {' | '.join(cell(value) for value in _row(question))} |")
    return "\n".join(lines) + "\n"


def cell(text: str) -> str:
    """Return text that can stand in a Markdown table and cannot be markup."""
    return text.translate(_CELL)


def shown(metric: Metric, value: float) -> str:
    """Return a value of a metric in its unit."""
    return f"{value:,.0f} {meaning_of(metric.name).unit}" if meaning_of(metric.name).unit else f"{value:.3f}"


def _passage(passage: Retrieved, result: Result) -> Passage:
    return Passage(passage, _excerpt(passage, result), bool(holds_of(passage, result.located)))


def _excerpt(passage: Retrieved, result: Result) -> str:
    """Return the part of a passage that is shown: around the gold evidence where it holds any."""
    here = Place(passage.article, passage.start, passage.end)
    starts = [
        place.start - (passage.start or 0)
        for one in result.located
        for place in one.places
        if place.start is not None and place.overlaps(here)
    ]
    first = max(0, min(starts, default=0) - LEAD_CHARS)
    shown_text = passage.text[first : first + SHOWN_CHARS]
    before = "…" if first else ""
    return f"{before}{shown_text}{'…' if first + SHOWN_CHARS < len(passage.text) else ''}"


def _groups(metrics: Sequence[Metric]) -> dict[str, list[Metric]]:
    groups: dict[str, list[Metric]] = {}
    for one in metrics:
        groups.setdefault(meaning_of(one.name).group, []).append(one)
    return groups


def _metric_in(metrics: Sequence[Metric], name: str) -> Metric | None:
    return next((one for one in metrics if one.name == name), None)


def _table(name: str, rows: Mapping[str, Sequence[Metric]]) -> list[str]:
    """Return Markdown for the scores by type or by outlet."""
    columns = [one for one in BY_TYPE if any(_metric_in(metrics, one) for metrics in rows.values())]
    lines = [
        f"## By {name}",
        "",
        f"| {name} | n | {' | '.join(columns)} |",
        "|---" * (len(columns) + 2) + "|",
    ]
    for label, metrics in rows.items():
        failed = _metric_in(metrics, "failed")
        cells = [
            f"{metric.mean:.3f} ({metric.n})" if (metric := _metric_in(metrics, one)) else ""
            for one in columns
        ]
        lines.append(f"| {cell(label)} | {failed.n if failed else 0} | {' | '.join(cells)} |")
    return [*lines, ""]


def _costs(summary: Summary) -> list[str]:
    if not summary.costs:
        return []
    lines = ["## Cost of one question", "", "| | median | 95 % | most |", "|---|---|---|---|"]
    for name, one in summary.costs.items():
        unit = meaning_of(name).unit
        lines.append(
            f"| {name} | {one.median:,.0f} {unit} | {one.p95:,.0f} {unit} | {one.most:,.0f} {unit} |"
        )
    return [*lines, ""]


def _abstention(summary: Summary) -> list[str]:
    """Return Markdown for the confusion matrix and the best threshold."""
    counts, best = summary.abstention.confusion, summary.abstention.threshold
    lines = ["## Answered or abstained", "", "| | answered | abstained |", "|---|---|---|"]
    lines.append(f"| the articles say it | {counts.answered} | {counts.wrongly_abstained} |")
    lines.append(f"| they don't | {counts.wrongly_answered} | {counts.abstained} |")
    if best is not None:
        told = f"Best threshold of the confidence on these questions: {best.confidence:.3f}"
        lines += ["", f"{told}, with a mean reward of {best.reward:.3f}; as run {best.reward_as_run:.3f}."]
    return [*lines, ""]


def _row(one: QuestionView) -> tuple[str, ...]:
    case = one.result.case
    given = "; ".join(one.given.short) or ("(abstained)" if one.given.abstained else "")
    return (case.id, case.question, one.cause.value, "; ".join(case.answers) or "(nothing)", given)


def _worst_first(one: QuestionView) -> tuple[float, str]:
    return (one.scores[HEADLINE].value if HEADLINE in one.scores else 2.0, one.result.case.id)
