"""The page "Who said what": its components and their events.

What is asked for travels with each event and back, so that the server keeps nothing about a visitor.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from ui.asked import FIELDS, Asked, read_asked
from ui.desk import Desk
from ui.page_parts import QUIET, WRITING, component, footer, masthead, reader
from ui.problems import problem
from ui.statements_desk import Page, Wish
from ui.statements_view import Cell, closed_quotes, form_view
from ui.view import Json

CORRECTING: dict[str, Any] = {**WRITING, "concurrency_id": "correct"}
"""Not in the queue of uploads: a correction made meanwhile is to hear of it, not to wait for minutes."""


@dataclass(frozen=True, slots=True)
class StatementParts:
    """The components of the page."""

    form: gr.HTML
    table: gr.HTML
    chart: gr.HTML
    quotes: gr.HTML
    corrections: gr.HTML
    notice: gr.HTML
    article: gr.HTML

    @property
    def page(self) -> list[gr.HTML]:
        """What a question to the ledger fills."""
        return [self.form, self.table, self.chart, self.quotes]


def statements_page(page: gr.Blocks, desk: Desk) -> None:
    """Build the page that shows the ledger."""
    masthead(
        "Who said what",
        "Praise and criticism, counted over every article. Each count opens the words it rests on.",
    )
    with gr.Row(elem_id="dl-desk"):
        with gr.Column(elem_id="dl-main"):
            form = component("ledger_form", None, '<div class="dl-form"></div>')
            table = component(
                "ledger_table", None, '<section class="dl-ledger" aria-label="Counts"></section>'
            )
            quotes = component(
                "ledger_quotes", closed_quotes(), '<section class="dl-quoted" aria-label="Quotes"></section>'
            )
            chart = component(
                "ledger_chart", None, '<section class="dl-chart" aria-label="Over time"></section>', "svg"
            )
            corrections = component(
                "corrections",
                None,
                '<section class="dl-corrections" aria-label="Corrections by readers"></section>',
            )
        with gr.Column(elem_id="dl-side"):
            article = reader()
    notice = component("notice", None, '<div class="dl-notice" role="status"></div>')
    footer(page, desk)
    parts = StatementParts(form, table, chart, quotes, corrections, notice, article)
    _reading_events(page, desk, parts)
    _correcting_events(desk, parts)


def _reading_events(page: gr.Blocks, desk: Desk, parts: StatementParts) -> None:
    """Wire what only reads."""
    ledger = desk.statements

    def show(asked_for: Mapping[str, list[str]]) -> Page:
        try:
            return ledger.page(read_asked(asked_for))
        except Exception as error:  # noqa: BLE001 - shown in place of the table, logged where unexpected
            return ledger.failed(error)

    def arrive(request: gr.Request) -> tuple[Any, ...]:
        address = request.query_params
        form, *others = show({name: address.getlist(name) for name in FIELDS})
        # The form stands even where the address, or the library's alias file, cannot be read.
        return form or form_view(Asked(), (), ()), *others, ledger.corrections()

    def sift(event: gr.EventData) -> tuple[Any, ...]:
        form, *others = show(event._data.get("asked") or {})
        return form or gr.skip(), *others

    def turn_table(event: gr.EventData) -> Json:
        sent = event._data
        return ledger.table(read_asked(sent["asked"]), int(sent["rows"]), int(sent["columns"]))

    def open_cell(event: gr.EventData) -> Json:
        sent = event._data
        cell = Cell(sent["cell"]["speaker"], sent["cell"]["target"])
        return ledger.quotes(read_asked(sent["asked"]), cell, int(sent.get("page", 1))) | {"come": True}

    def open_source(event: gr.EventData) -> Json:
        place = event._data
        return desk.shown(place["article"], place.get("start"), place.get("end"))

    page.load(arrive, None, [*parts.page, parts.corrections], **QUIET)
    for asking in (parts.form.submit, parts.chart.select):
        asking(sift, None, parts.page, **QUIET)
    parts.table.option_select(turn_table, None, parts.table, **QUIET)
    parts.table.select(open_cell, None, parts.quotes, **QUIET)
    parts.quotes.option_select(open_cell, None, parts.quotes, **QUIET)
    parts.quotes.select(open_source, None, parts.article, **QUIET)


def _correcting_events(desk: Desk, parts: StatementParts) -> None:
    """Wire what writes: corrections, each in its turn."""
    ledger = desk.statements
    written = [parts.notice, parts.table, parts.chart, parts.quotes, parts.corrections]

    def correct(event: gr.EventData, table: Json | None, quotes: Json | None) -> tuple[Any, ...]:
        try:
            said = ledger.correct(Wish.of(event._data))
            return said, *ledger.again(table or {}, quotes or {}), ledger.corrections()
        except Exception as error:  # noqa: BLE001 - shown in the notice, logged where unexpected
            return _refused(error)

    def undo(event: gr.EventData, table: Json | None, quotes: Json | None) -> tuple[Any, ...]:
        try:
            said = ledger.undo([int(number) for number in event._data["numbers"]])
            return said, *ledger.again(table or {}, quotes or {}), ledger.corrections()
        except Exception as error:  # noqa: BLE001 - shown in the notice, logged where unexpected
            return _refused(error)

    shown = [parts.table, parts.quotes]
    parts.quotes.edit(correct, shown, written, **CORRECTING)
    for undoing in (parts.notice.undo, parts.corrections.undo):
        undoing(undo, shown, written, **CORRECTING)


def _refused(error: Exception) -> tuple[Any, ...]:
    """Say what is wrong and leave everything else as it stands, the reader's words too."""
    return {"text": " ".join(problem(error)), "kind": "bad"}, *[gr.skip()] * 4
