"""The page Evaluate: its components and their events.

The desks behind it are asked for inside the events, so that no other page waits for the evaluation's modules.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import gradio as gr

from ui.desk import Desk
from ui.page_parts import QUIET, WRITING, component, footer, masthead, reader
from ui.problems import problem
from ui.view import Json

FOLLOWERS = 8
GOLD_HINT = (
    '<p class="dl-fine">A JSON line a question: question, answers, evidence. Also read: CSV with the columns '
    "question and answer, SQuAD, MultiHop-RAG and ragas files. Folders (BEIR, TREC) run by "
    "<code>python -m eval run</code>.</p>"
)
FOLLOWING: dict[str, Any] = {
    **QUIET,
    "queue": True,
    "concurrency_limit": FOLLOWERS,
    "concurrency_id": "follow",
}
"""Events that last as long as a run: its followers must not take the places of those who ask."""
Steps: TypeAlias = tuple[Any, Any, Any, Any]
"""What a run fills: the status line, the list of runs, the scores and the questions."""
NOTHING_NEW: Steps = (gr.skip(), gr.skip(), gr.skip(), gr.skip())
DECIDING: dict[str, Any] = {**WRITING, "concurrency_id": "candidates"}


@dataclass(frozen=True, slots=True)
class EvaluateParts:
    """The components of the page."""

    form: gr.HTML
    files: gr.File
    status: gr.HTML
    runs: gr.HTML
    report: gr.HTML
    questions: gr.HTML
    comparison: gr.HTML
    candidates: gr.HTML
    notice: gr.HTML
    article: gr.HTML

    @property
    def followed(self) -> list[gr.HTML]:
        """What a run that goes on fills."""
        return [self.status, self.runs, self.report, self.questions]


def evaluate_page(page: gr.Blocks, desk: Desk) -> None:
    """Build the page that measures the answers."""
    masthead(
        "Evaluate",
        "Gold questions, asked of this library and scored. Each failure opens with its reasons.",
    )
    with gr.Row(elem_id="dl-desk"):
        with gr.Column(elem_id="dl-main"):
            form = component("gold_form", None, '<div class="dl-gold"></div>')
            with gr.Accordion("Add gold questions", open=False, elem_id="dl-add-gold"):
                files = gr.File(
                    label="Add gold questions",
                    show_label=False,
                    file_count="single",
                    height=130,
                    elem_id="dl-gold-upload",
                )
                gr.HTML(
                    html_template=GOLD_HINT,
                    js_on_load=None,
                    apply_default_css=False,
                    elem_id="dl-gold-hint",
                )
            status = component("run_status", None, '<div class="dl-status" role="status"></div>')
            runs = component(
                "run_list", None, '<section class="dl-runs" aria-label="Runs"></section>', "scores"
            )
            comparison = component(
                "comparison", None, '<section class="dl-compared" aria-label="Comparison"></section>'
            )
            report = component(
                "run_report",
                None,
                '<section class="dl-report" aria-label="Scores"></section>',
                "svg",
                "scores",
            )
            questions = component(
                "run_questions", None, '<section class="dl-questions" aria-label="Questions"></section>'
            )
            candidates = component(
                "candidates", None, '<section class="dl-candidates" aria-label="Complaints"></section>'
            )
        with gr.Column(elem_id="dl-side"):
            article = reader()
    notice = component("notice", None, '<div class="dl-notice" role="status"></div>')
    footer(page, desk)
    parts = EvaluateParts(
        form, files, status, runs, report, questions, comparison, candidates, notice, article
    )
    _running_events(page, desk, parts)
    _reading_events(desk, parts)
    _candidate_events(desk, parts)


def _running_events(page: gr.Blocks, desk: Desk, parts: EvaluateParts) -> None:
    """Wire arriving, starting, going on with and stopping a run."""
    run = desk.evaluation

    def arrive(request: gr.Request) -> tuple[Any, ...]:
        return _arrived(desk, request.query_params.get("run", ""))

    def start(event: gr.EventData) -> Iterator[Steps]:
        yield from _begin(desk, lambda: run().start(event._data))

    def go_on(event: gr.EventData) -> Iterator[Steps]:
        yield from _begin(desk, lambda: run().go_on(str(event._data["run"])))

    def follow() -> Iterator[Steps]:
        # A visitor who only arrives sees a run that goes on, and is not told of one that ended long ago.
        if run().runner.standing().going_on:
            yield from _follow(desk)
        else:
            # Without a yield, Gradio would empty what the events before have filled.
            yield NOTHING_NEW

    def upload(path: str | None) -> tuple[Any, Any]:
        return (run().upload(Path(path)), None) if path else (gr.skip(), gr.skip())

    arrived = [parts.form, parts.runs, parts.report, parts.questions, parts.candidates, parts.notice]
    page.load(arrive, None, arrived, **QUIET).then(follow, None, parts.followed, **FOLLOWING)
    parts.form.submit(start, None, parts.followed, **FOLLOWING)
    parts.runs.retry(go_on, None, parts.followed, **FOLLOWING)
    parts.status.stop(lambda: run().runner.stop(), None, None, **QUIET)
    parts.files.upload(upload, parts.files, [parts.form, parts.files], **QUIET)


def _arrived(desk: Desk, wanted: str) -> tuple[Any, ...]:
    """Return the page as it opens: with the run that its address names, or else the newest."""
    run, gold = desk.evaluation(), desk.candidates()
    said: Any = gr.skip()
    try:
        shown = run.show(wanted or run.newest())
    except Exception as error:  # noqa: BLE001 - shown in the notice, logged where unexpected
        shown, said = (None, None), _wrong(error)
    name = str(shown[0]["run"]) if shown[0] else ""
    return run.form(), run.list_runs(name), *shown, gold.show(), said


def _begin(desk: Desk, start: Callable[[], object]) -> Iterator[Steps]:
    """Start a run and follow it; the scores of another give way to it."""
    try:
        start()
        yield gr.skip(), desk.evaluation().list_runs(), None, None
        yield from _follow(desk)
    except Exception as error:  # noqa: BLE001 - shown in the status line, logged where unexpected
        yield _wrong(error), gr.skip(), gr.skip(), gr.skip()


def _follow(desk: Desk) -> Iterator[Steps]:
    """Show how far the run is until it ends, then its scores."""
    for line in desk.evaluation().follow():
        yield line, gr.skip(), gr.skip(), gr.skip()
    yield gr.skip(), *_finished(desk)


def _finished(desk: Desk) -> tuple[Any, Any, Any]:
    """Return the list of runs and the scores of the run that has just ended."""
    run = desk.evaluation()
    name = run.runner.standing().run
    try:
        return run.list_runs(name), *run.show(name)
    except Exception as error:  # noqa: BLE001 - a run that ended before its first answer has no scores
        problem(error)
        return run.list_runs(), gr.skip(), gr.skip()


def _reading_events(desk: Desk, parts: EvaluateParts) -> None:
    """Wire what only reads: runs, their questions, comparisons, articles."""
    run = desk.evaluation

    def open_run(event: gr.EventData) -> tuple[Any, ...]:
        try:
            name = str(event._data["run"])
            return run().list_runs(name), *run().show(name), gr.skip()
        except Exception as error:  # noqa: BLE001 - shown in the notice, logged where unexpected
            return gr.skip(), gr.skip(), gr.skip(), _wrong(error)

    def compare(event: gr.EventData) -> Json:
        return run().compare(str(event._data["before"]), str(event._data["after"]))

    def turn(event: gr.EventData) -> tuple[Any, Any]:
        sent = event._data
        try:
            shown = run().questions(str(sent["run"]), str(sent["which"]), int(sent.get("page", 1)))
            return shown | {"come": True}, gr.skip()
        except Exception as error:  # noqa: BLE001 - shown in the notice, logged where unexpected
            return gr.skip(), _wrong(error)

    def open_source(event: gr.EventData) -> Json:
        place = event._data
        return desk.shown(str(place["article"]), place.get("start"), place.get("end"))

    opened = [parts.runs, parts.report, parts.questions, parts.notice]
    parts.runs.select(open_run, None, opened, **QUIET)
    parts.runs.apply(compare, None, parts.comparison, **QUIET)
    parts.questions.option_select(turn, None, [parts.questions, parts.notice], **QUIET)
    for component_with_sources in (parts.questions, parts.candidates):
        component_with_sources.select(open_source, None, parts.article, **QUIET)


def _candidate_events(desk: Desk, parts: EvaluateParts) -> None:
    """Wire what is decided about complaints, one decision after the other."""
    gold = desk.candidates

    def decide(act: Callable[[Any], Json]) -> Callable[[gr.EventData], tuple[Any, ...]]:
        def handler(event: gr.EventData) -> tuple[Any, ...]:
            try:
                said = act(event._data)
                return said, gold().show(), desk.evaluation().form()
            except Exception as error:  # noqa: BLE001 - shown in the notice, logged where unexpected
                return _wrong(error), gr.skip(), gr.skip()

        return handler

    decided = [parts.notice, parts.candidates, parts.form]
    parts.candidates.edit(decide(lambda sent: gold().edit(sent)), None, decided, **DECIDING)
    parts.candidates.apply(decide(lambda sent: gold().accept(str(sent["id"]))), None, decided, **DECIDING)
    parts.candidates.delete(decide(lambda sent: gold().discard(str(sent["id"]))), None, decided, **DECIDING)
    undo = decide(lambda sent: gold().take_back(str(sent["numbers"])))
    parts.notice.undo(undo, None, decided, **DECIDING)


def _wrong(error: Exception) -> Json:
    return {"text": " ".join(problem(error)), "kind": "bad"}
