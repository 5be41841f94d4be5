"""The Ask page: its components and their events."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import gradio as gr

from ui import article_view, view
from ui.desk import Desk, read_filter
from ui.page_parts import ANSWERING, QUIET, WRITING, component, footer, masthead, reader
from ui.problems import problem
from ui.view import Json

COMPLAINING: dict[str, Any] = {**WRITING, "concurrency_id": "complain"}


def ask_page(page: gr.Blocks, desk: Desk) -> None:
    """Build the page on which questions are asked."""
    masthead(
        "Ask your articles",
        "Answers are quoted from the page, with the place they stand. When the articles don’t say, so do we.",
    )
    with gr.Row(elem_id="dl-desk"):
        with gr.Column(elem_id="dl-main"):
            question = gr.Textbox(
                label="Question",
                show_label=False,
                placeholder="Who said what, when, how many … ?",
                lines=1,
                max_lines=4,
                submit_btn="Ask",
                autofocus=True,
                elem_id="dl-question",
            )
            with gr.Accordion("Limit to outlets, authors or dates", open=False, elem_id="dl-filters"):
                with gr.Row():
                    outlets = gr.Dropdown([], multiselect=True, label="Outlets", elem_id="dl-outlets")
                    authors = gr.Dropdown([], multiselect=True, label="Authors", elem_id="dl-authors")
                with gr.Row():
                    first = gr.Textbox(label="Published from", placeholder="YYYY-MM-DD", elem_id="dl-from")
                    last = gr.Textbox(label="Published until", placeholder="YYYY-MM-DD", elem_id="dl-until")
            body = (
                '<p class="dl-live dl-hidden" role="status" aria-live="polite"></p>'
                '<section class="dl-answer" aria-label="Answer" aria-busy="false"></section>'
            )
            answer = component("answer", {"state": "waiting"}, body)
            complaint = component(
                "complaint", {"state": "none"}, '<section class="dl-complaint" aria-label="Report"></section>'
            )
        with gr.Column(elem_id="dl-side"):
            article = reader()
    footer(page, desk)
    filters = [outlets, authors, first, last]
    _ask_events(page, desk, [question, *filters], [answer, article, complaint])
    complaint.submit(_with_event(desk.complaints.complain), None, complaint, **COMPLAINING)
    complaint.undo(_with_event(desk.complaints.undo), None, complaint, **COMPLAINING)


def _ask_events(page: gr.Blocks, desk: Desk, asked: list[Any], shown: list[gr.HTML]) -> None:
    """Wire the Ask page.

    Args:
        page: The page.
        desk: What its events do.
        asked: The question and its four filters.
        shown: The answer, the reader and the line of complaints.
    """
    question, filters = asked[0], asked[1:]
    answer, article, _ = shown

    def show_answer(
        text: str, outlets: Sequence[str], authors: Sequence[str], first: str, last: str
    ) -> Iterator[tuple[Json, Json, Json]]:
        try:
            for drawn, beside in desk.ask(text, read_filter(outlets, authors, first, last)):
                yield drawn, beside, desk.complaints.offer(str(drawn.get("key", "")))
        except Exception as error:  # noqa: BLE001 - shown in the answer area, logged where unexpected
            yield view.error_view(*problem(error)), article_view.closed_reader(), {"state": "none"}

    def arrive(request: gr.Request) -> tuple[object, ...]:
        """Fill in what the address asks for, and nothing else: the reader may be typing already."""
        address = request.query_params
        overview = desk.overview()
        return (
            address.get("q") or gr.skip(),
            _choose(address.getlist("outlet"), overview.outlets),
            _choose(address.getlist("author"), overview.authors),
            address.get("from") or gr.skip(),
            address.get("until") or gr.skip(),
            desk.idle(),
        )

    def show_answer_if_any(*values: object) -> Iterator[tuple[Json, Json, Json]]:
        if values[0]:
            yield from show_answer(*values)  # type: ignore[arg-type]
        else:
            yield gr.skip(), gr.skip(), gr.skip()

    def open_source(event: gr.EventData) -> Json:
        place = event._data
        return desk.shown(place["article"], place.get("start"), place.get("end"))

    def drop_filter(
        outlets: list[str], authors: list[str], first: str, last: str, event: gr.EventData
    ) -> tuple[object, ...]:
        kind, value = event._data["kind"], event._data["value"]
        return (
            [name for name in outlets or [] if (kind, name) != ("outlet", value)],
            [name for name in authors or [] if (kind, name) != ("author", value)],
            "" if kind == "from" else first,
            "" if kind == "until" else last,
        )

    def take_example(event: gr.EventData) -> str:
        return str(event._data["question"])

    question.submit(show_answer, asked, shown, **ANSWERING)
    answer.select(open_source, None, article, **QUIET)
    answer.example_select(take_example, None, question, **QUIET).then(show_answer, asked, shown, **ANSWERING)
    answer.clear(drop_filter, filters, filters, **QUIET).then(show_answer, asked, shown, **ANSWERING)
    page.load(arrive, None, [*asked, answer], **QUIET).then(show_answer_if_any, asked, shown, **ANSWERING)


def _choose(names: Sequence[str], choices: Sequence[str]) -> gr.Dropdown:
    """Offer the choices, with those names chosen that are among them: Gradio refuses any other value."""
    known = [name for name in names if name in choices]
    return gr.Dropdown(choices=list(choices), value=known) if known else gr.Dropdown(choices=list(choices))


def _with_event(act: Callable[[Mapping[str, Any]], Json]) -> Callable[[gr.EventData], Json]:
    """Return the handler that acts on what an event carries."""

    def handler(event: gr.EventData) -> Json:
        return act(event._data)

    return handler
