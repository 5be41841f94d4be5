"""Cases, results and summaries as JSON, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from eval.schema import (
    Abstention,
    Case,
    Confusion,
    Evidence,
    Located,
    Metric,
    Outcome,
    Place,
    Quantiles,
    Result,
    Retrieved,
    RiskPoint,
    Summary,
    Threshold,
)

Record = Mapping[str, Any]


def case_json(case: Case) -> dict[str, Any]:
    """Return a case in gold format v1; what is empty is left out."""
    record = asdict(case)
    record["evidence"] = [
        {name: value for name, value in asdict(one).items() if value not in ("", 1)} for one in case.evidence
    ]
    always = ("id", "question", "type", "answerable", "answers", "evidence")
    return {name: value for name, value in record.items() if name in always or value}


def case_from(record: Record) -> Case:
    """Return a case from its JSON form."""
    return Case(
        id=record["id"],
        question=record["question"],
        type=record.get("type", ""),
        answerable=record.get("answerable", True),
        answers=tuple(record.get("answers", ())),
        evidence=tuple(
            Evidence(one.get("article", ""), one.get("quote", ""), one.get("grade", 1))
            for one in record.get("evidence", ())
        ),
        asked_on=record.get("asked_on"),
        choices=tuple(record.get("choices", ())),
        ranking=tuple((name, float(count)) for name, count in record.get("ranking", ())),
        note=record.get("note", ""),
    )


def result_json(result: Result) -> dict[str, Any]:
    """Return a result: everything that scoring and the report need."""
    return {
        "id": result.case.id,
        "case": case_json(result.case),
        "outcome": asdict(result.outcome),
        "located": [
            {"articles": list(one.articles), "places": [asdict(place) for place in one.places]}
            for one in result.located
        ],
        "outlets": list(result.outlets),
    }


def result_from(record: Record) -> Result:
    """Return a result from its JSON form."""
    case = case_from(record["case"])
    outcome = dict(record["outcome"])
    retrieved = outcome.pop("retrieved")
    located = tuple(
        Located(evidence, tuple(one["articles"]), tuple(Place(**place) for place in one["places"]))
        for evidence, one in zip(case.evidence, record["located"], strict=True)
    )
    passages = None if retrieved is None else tuple(_retrieved(one) for one in retrieved)
    return Result(case, Outcome(**outcome, retrieved=passages), located, tuple(record["outlets"]))


def summary_json(summary: Summary) -> dict[str, Any]:
    """Return a summary; metrics by name."""
    return {
        "questions": summary.questions,
        "failures": summary.failures,
        "metrics": _metrics_json(summary.metrics),
        "by_type": {name: _metrics_json(metrics) for name, metrics in summary.by_type.items()},
        "by_outlet": {name: _metrics_json(metrics) for name, metrics in summary.by_outlet.items()},
        "abstention": asdict(summary.abstention),
        "costs": {name: asdict(one) for name, one in summary.costs.items()},
    }


def summary_from(record: Record) -> Summary:
    """Return a summary from its JSON form."""
    told = record["abstention"]
    area, threshold = told["area"], told["threshold"]
    return Summary(
        questions=record["questions"],
        failures=record["failures"],
        metrics=_metrics_from(record["metrics"]),
        by_type={name: _metrics_from(one) for name, one in record["by_type"].items()},
        by_outlet={name: _metrics_from(one) for name, one in record["by_outlet"].items()},
        abstention=Abstention(
            Confusion(**told["confusion"]),
            tuple(RiskPoint(**point) for point in told["curve"]),
            Metric(**area) if area else None,
            Threshold(**threshold) if threshold else None,
        ),
        costs={name: Quantiles(**one) for name, one in record["costs"].items()},
    )


def _retrieved(record: Record) -> Retrieved:
    return Retrieved(**{**record, "also_in": tuple(record["also_in"])})


def _metrics_json(metrics: tuple[Metric, ...]) -> dict[str, dict[str, float]]:
    return {one.name: {"mean": one.mean, "low": one.low, "high": one.high, "n": one.n} for one in metrics}


def _metrics_from(record: Record) -> tuple[Metric, ...]:
    return tuple(Metric(name, **values) for name, values in record.items())
