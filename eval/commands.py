"""What each command of `python -m eval` does. Output goes through `say`, progress to standard error."""

import argparse
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from eval.candidates import Candidate
from eval.metrics.catalogue import HEADLINE, meaning_of
from eval.run_folder import RunFolder
from eval.schema import Metric, Summary
from index.errors import InputError
from index.library_option import default_library, settle_library

if TYPE_CHECKING:
    from eval.tune import Tuned
    from qa.settings import AnswerSettings

Say = Callable[[str], None]

DONE, BELOW, SOME_FAILED = 0, 1, 3
SHORT = (
    HEADLINE,
    "answered.right",
    "failed",
    "answer.exact",
    "answer.f1",
    "answer.yes_no",
    "answer.choice",
    "list.f1",
    "ranking.top1",
    "retrieved.answer@10",
    "passage.hit@10",
    "passage.recall@10",
    "passage.MRR",
    "article.hit@10",
    "article.nDCG@10",
    "citation.verbatim",
    "citation.precision",
    "citation.recall",
    "abstain.precision",
    "abstain.recall",
    "abstain.f1",
    "abstain.aurc",
    "cost.wall_ms",
    "cost.cpu_ms",
)
"""Metrics printed after a run; the report has all."""


def run(options: argparse.Namespace, say: Say) -> int:
    """Ask every gold question and write the report."""
    from tqdm import tqdm

    from eval.report import HTML, write_report
    from eval.run import RunSettings
    from eval.run import run as run_all

    out = options.out or Path("runs") / options.gold.name.split(".")[0]
    settings = RunSettings(
        gold=options.gold,
        out=out,
        library=_library(options) if options.answers is None or options.library else None,
        answers=options.answers,
        format=options.format,
        strict=options.strict,
        as_of=options.as_of_from == "asked_on",
        limit=options.limit,
        only_type=tuple(options.only_type),
        jobs=options.jobs,
        k=options.k,
        fresh=options.fresh,
    )
    with tqdm(unit="question", dynamic_ncols=True, disable=None) as bar:

        def progress(done: int, everything: int) -> None:
            bar.total = everything
            bar.update(done - bar.n)

        made = run_all(settings, progress)
    for bad in made.gold.bad:
        say(f"left out: {bad}")
    summary = write_report(out, made.results, RunFolder(out).about())
    _say_metrics(summary, say)
    say(f"\nreport: {out / HTML}")
    return SOME_FAILED if summary.failures else DONE


def check(options: argparse.Namespace, say: Say) -> int:
    """Say which evidence a library lacks."""
    from eval.checking import missing_evidence
    from eval.gold_files import read_gold
    from index.library import Library

    gold = read_gold(options.gold, format=options.format, strict=options.strict)
    with Library.open(_library(options)) as library:
        missing = missing_evidence(library, gold.cases)
    for bad in gold.bad:
        say(f"left out: {bad}")
    for one in missing:
        what = "quote not in the article" if one.article_known else "no such article or quote"
        say(f"{one.case}: {what}: {one.evidence.article}  {_line(one.evidence.quote)}")
        if one.elsewhere:
            say(f"    the quote stands in {one.elsewhere}")
        if one.nearest:
            say(f"    nearest: {_line(one.nearest)}")
    pieces = sum(len(case.evidence) for case in gold.cases)
    say(f"{len(gold.cases)} questions, {pieces} pieces of evidence, {len(missing)} not in the library")
    return BELOW if missing or gold.bad else DONE


def articles(options: argparse.Namespace, say: Say) -> int:
    """Write the articles that come with a gold file."""
    from eval.checking import write_articles
    from eval.gold_files import gold_articles

    try:
        written = write_articles(gold_articles(options.gold, format=options.format), options.out)
    except OSError as error:
        raise InputError(
            f"Cannot write to {options.out}: {error.strerror}.", "Choose another --out."
        ) from error
    say(f"{written} articles written; add them: python -m index add {options.out} --library DIR")
    return DONE


def compare(options: argparse.Namespace, say: Say) -> int:
    """Compare two runs."""
    from eval.compare import compare as compare_runs

    made = compare_runs(
        RunFolder(options.before).results(), RunFolder(options.after).results(), options.metric
    )
    if options.json:
        say(json.dumps(asdict(made), ensure_ascii=False, indent=2))
        return DONE
    say(f"{made.questions} questions in both runs")
    for names, where in ((made.only_before, options.before), (made.only_after, options.after)):
        if names:
            say(f"{len(names)} only in {where}")
    say(f"\n{'metric':<28}{'before':>10}{'after':>10}{'change':>10}   {'95 %':<20}{'p':>7}{'n':>6}")
    for one in made.differences:
        if options.all or abs(one.change) > 1e-9 or one.name == HEADLINE:
            interval = f"{one.low:+.3f} to {one.high:+.3f}"
            say(
                f"{one.name:<28}{one.before:>10.3f}{one.after:>10.3f}{one.change:>+10.3f}   "
                f"{interval:<20}{one.p:>7.3f}{one.n:>6}"
            )
    for changed in made.changed:
        say(f"{changed.after - changed.before:+.2f}  {changed.id}  {_line(changed.question)}")
    return DONE


def gate(options: argparse.Namespace, say: Say) -> int:
    """Compare a run with its pinned scores, or pin them."""
    from eval.gate import judge, read_baseline, update
    from eval.scoring import summarise

    folder = RunFolder(options.run)
    about, summary = folder.about(), summarise(folder.results())
    if options.update:
        fresh = update(
            summary, about, options.baseline, allow_lower=options.allow_lower, names=options.metric
        )
        say(f"pinned {len(fresh.floors)} metrics over {fresh.questions} questions in {options.baseline}")
        return DONE
    verdicts = judge(summary, about, read_baseline(options.baseline))
    for one in verdicts:
        reached = "missing" if one.reached is None else f"{one.reached:.4f}"
        say(f"{'ok  ' if one.passed else 'FAIL'}  {one.name:<24} {reached:>9}  floor {one.floor:.4f}")
    return DONE if all(one.passed for one in verdicts) else BELOW


def report(options: argparse.Namespace, say: Say) -> int:
    """Score a run again and write its report anew."""
    from eval.report import HTML, write_report

    folder = RunFolder(options.run)
    summary = write_report(options.run, folder.results(), folder.about())
    _say_metrics(summary, say)
    say(f"\nreport: {options.run / HTML}")
    return DONE


def candidates(options: argparse.Namespace, say: Say) -> int:
    """List complaints of readers, or turn one into a gold row."""
    from eval import candidates as kept
    from eval.result_json import case_json

    folder, action = options.folder, options.action
    if action == "list":
        for one in kept.candidates(folder):
            say(f"{one.id}  {one.state.value:<9} {one.complaint.value:<15} {_line(one.draft.question)}")
            if one.remark:
                say(f"          “{_line(one.remark)}”")
        return DONE
    if options.id is None:
        raise InputError("No candidate is named.", f"Write: eval candidates {action} ID; list them first.")
    if action == "accept":
        if options.gold is None:
            raise InputError("No gold file is named.", "Add --gold FILE.jsonl.")
        case = kept.accept(folder, options.id, options.gold)
        say(f"{case.id} added to {options.gold}")
        return DONE
    if action == "reject":
        say(f"{kept.reject(folder, options.id).id} rejected")
        return DONE
    one = kept.find_candidate(folder, options.id)
    if action == "edit":
        one = kept.edit(folder, options.id, **_edits(options, one))
    say(json.dumps(case_json(one.draft), ensure_ascii=False, indent=2))
    return DONE


def _edits(options: argparse.Namespace, one: Candidate) -> dict[str, object]:
    """Return the fields that an edit names; a quote is added to the evidence, or takes its place."""
    changes: dict[str, object] = {}
    if options.answer:
        changes |= {"answers": options.answer, "answerable": True}
    if options.unanswerable:
        changes |= {"answers": [], "evidence": [], "answerable": False}
    if options.type:
        changes["type"] = options.type
    if options.quote or options.article:
        if not (options.quote and options.article):
            raise InputError("Evidence is an article and a quote.", "Give both --article and --quote.")
        earlier = (
            [] if options.replace else [{"article": e.article, "quote": e.quote} for e in one.draft.evidence]
        )
        changes["evidence"] = [*earlier, {"article": options.article, "quote": options.quote}]
    if not changes:
        raise InputError(
            "Nothing to change.", "Give --answer, --article with --quote, --type or --unanswerable."
        )
    return changes


def tune(options: argparse.Namespace, say: Say) -> int:
    """Try settings on one half of the questions, and judge the best on the other."""
    from tqdm import tqdm

    from eval.gold_files import read_gold
    from eval.grid import grid_of
    from eval.run_folder import write_whole
    from eval.tune import TuneSettings
    from eval.tune import tune as try_all
    from index.library import Library
    from qa.settings import read_settings

    grid = grid_of(options.set)
    gold = read_gold(options.gold, format=options.format)
    base = read_settings(_library(options))
    as_of = options.as_of_from == "asked_on"
    settings = TuneSettings(options.metric, options.k, as_of, base, options.copies)
    with Library.open(_library(options)) as library, tqdm(dynamic_ncols=True, disable=None) as bar:

        def progress(what: str, done: int, everything: int) -> None:
            bar.unit, bar.total, bar.n = what, everything, done
            bar.refresh()

        made = try_all(library, gold.cases, grid, settings, progress)
    _say_tuned(made, say)
    if options.out is not None:
        write_whole(options.out, {"gold": gold.digest, **asdict(made)})
    if options.save:
        _save_choice(made, base, say)
    return DONE


def _say_tuned(made: "Tuned", say: Say) -> None:
    say(f"{made.metric} on {made.trials[0].n} questions, 95 % interval")
    for trial in made.trials:
        interval = f"{trial.mean:.4f}  {trial.low:.4f} to {trial.high:.4f}"
        say(f"{interval}  {_settings_line(trial.settings)}")
    gain = made.held_out
    say(f"\nchosen: {_settings_line(made.chosen)}")
    if made.library and "chunk_tokens" in made.chosen:
        say(f"its library: {made.library}")
    say(
        f"held-out {made.metric}: {gain.before:.4f} as they are, {gain.after:.4f} with the choice: "
        f"{gain.change:+.4f}, 95 % {gain.low:+.4f} to {gain.high:+.4f}, p = {gain.p:.3f}, n = {gain.n}"
    )


def _save_choice(made: "Tuned", base: "AnswerSettings", say: Say) -> None:
    """Write the choice to the folder of its library, unless the held-out half speaks against it."""
    from eval.grid import CHUNKS
    from qa.settings import with_values, write_settings

    if not made.gains:
        say("not saved: it gains nothing on the held-out questions")
        return
    values = {name: value for name, value in made.chosen.items() if name != CHUNKS}
    say(f"saved: {write_settings(Path(made.library), with_values(base, values))}")


def _settings_line(settings: Mapping[str, object]) -> str:
    return " ".join(f"{name}={value}" for name, value in settings.items()) or "as they are"


def _library(options: argparse.Namespace) -> Path:
    options.library = options.library or default_library()
    settle_library(options)
    folder: Path = options.library
    return folder


def _say_metrics(summary: Summary, say: Say) -> None:
    say(f"{summary.questions} questions, {summary.failures} failed\n")
    for name in SHORT:
        metric = summary.metric(name)
        if metric is not None:
            say(_metric_line(metric))


def _metric_line(metric: Metric) -> str:
    unit = meaning_of(metric.name).unit
    places = 0 if unit else 3
    mean, low, high = (f"{value:.{places}f}" for value in (metric.mean, metric.low, metric.high))
    return f"{metric.name:<22}{mean:>9}   {low} to {high}   n = {metric.n}{f'   {unit}' if unit else ''}"


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 160 else f"{line[:160]}…"
