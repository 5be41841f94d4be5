"""What every page is put together from: scripted components, masthead, reader, footer, settings of events."""

from typing import Any

import gradio as gr
from gradio.components import Navbar

from ui import article_view, library_view
from ui.assets import script
from ui.busy import AT_ONCE
from ui.desk import Desk

QUIET: dict[str, Any] = {
    "api_visibility": "private",
    "show_progress": "hidden",
    "trigger_mode": "multiple",
    "queue": False,
}
"""How the events of the pages are wired: no part of the public API, no spinner, answered at once."""
ANSWERING: dict[str, Any] = {
    **QUIET,
    "queue": True,
    "concurrency_limit": AT_ONCE,
    "concurrency_id": "answer",
    # A question asked while another is being answered is the one whose answer stays.
    "trigger_mode": "always_last",
}
WRITING: dict[str, Any] = {**QUIET, "queue": True, "concurrency_limit": 1, "concurrency_id": "write"}

MASTHEAD = '<header class="dl-masthead"><h1>{}</h1><p>{}</p></header>'


def component(name: str, value: object, body: str, *helpers: str) -> gr.HTML:
    """Return a component drawn by the script `ui/NAME.js`; `body` is the constant markup it draws into.

    `helpers` are further scripts that it uses, by their names.
    """
    return gr.HTML(
        value,
        html_template=body,
        js_on_load=script(name, *helpers),
        apply_default_css=False,
        elem_id=f"dl-{name}",
    )


def masthead(title: str, text: str) -> None:
    """Place what stands on top of every page: the links to all pages, and this page's title."""
    Navbar(main_page_name="Ask")
    gr.HTML(
        html_template=MASTHEAD.format(title, text),
        js_on_load=None,
        apply_default_css=False,
        elem_id="dl-masthead",
    )


def reader() -> gr.HTML:
    """Place the article reader."""
    return component(
        "reader", article_view.closed_reader(), '<aside class="dl-reader" aria-label="Article"></aside>'
    )


def footer(page: gr.Blocks, desk: Desk) -> None:
    """Place the footer, which says what the answers rest on."""
    line = component("footer", "", '<footer class="dl-footer"><p></p></footer>')
    page.load(
        lambda: library_view.footer_text(desk.overview().stats),
        None,
        line,
        api_visibility="private",
        queue=False,
    )
