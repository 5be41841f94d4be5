"""The Ask page: its components and their events."""

from collections.abc import Callable, Mapping
from typing import Any

import gradio as gr

from ui.ask_events import AskEvents
from ui.assets import recall
from ui.desk import Desk
from ui.page_parts import ANSWERING, QUIET, WRITING, component, footer, masthead, reader
from ui.view import Json

COMPLAINING: dict[str, Any] = {**WRITING, "concurrency_id": "complain"}
WRITING_OUT: dict[str, Any] = {**ANSWERING, "concurrency_id": "write out"}
"""Apart from the answers, which must not wait for a language model that takes its time."""

ANSWER_HELPERS = ("answer_parts", "answer_groups", "answer_talk", "answer_history", "answer_written")
ANSWER_BODY = (
    '<p class="dl-live dl-hidden" role="status" aria-live="polite"></p>'
    '<section class="dl-past" aria-label="Earlier in this conversation" hidden></section>'
    '<section class="dl-answer" aria-label="Answer" aria-busy="false"></section>'
    '<div class="dl-follow"></div>'
    '<section class="dl-history" aria-label="Earlier questions" hidden></section>'
)


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
            answer = component("answer", {"state": "waiting"}, ANSWER_BODY, *ANSWER_HELPERS)
            complaint = component(
                "complaint", {"state": "none"}, '<section class="dl-complaint" aria-label="Report"></section>'
            )
        with gr.Column(elem_id="dl-side"):
            article = reader()
    footer(page, desk)
    filters = [outlets, authors, first, last]
    _ask_events(page, desk, [question, *filters], [answer, article, complaint])
    complaints = desk.asking.complaints
    complaint.submit(_with_event(complaints.complain), None, complaint, **COMPLAINING)
    complaint.undo(_with_event(complaints.undo), None, complaint, **COMPLAINING)


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
    events, arrived = AskEvents(desk), gr.State(None)
    recalled = gr.Textbox("", visible=False)
    answer.select(events.open_source, None, article, **QUIET)
    answer.end(events.begin_anew, None, [question, *shown], **QUIET)
    example = answer.example_select(events.take_example, None, question, **QUIET)
    loaded = page.load(events.arrive, None, [*asked, answer, arrived], **QUIET)
    asking = [
        question.submit(events.ask_anew, asked, shown, **ANSWERING),
        example.then(events.ask_anew, asked, shown, **ANSWERING),
        loaded.then(events.answer_address, [arrived, recalled], shown, js=recall(), **ANSWERING),
        answer.submit(events.ask_in_conversation, filters, shown, **ANSWERING),
        answer.clear(events.drop_filter, filters, [*filters, *shown], **ANSWERING),
    ]
    writing = answer.play(events.write_out, None, answer, **WRITING_OUT)
    answer.stop(None, None, None, cancels=[*asking, writing], **QUIET)


def _with_event(act: Callable[[Mapping[str, Any]], Json]) -> Callable[[gr.EventData], Json]:
    """Return the handler that acts on what an event carries."""

    def handler(event: gr.EventData) -> Json:
        return act(event._data)

    return handler
