"""The Gradio front end: its pages and their events. Start it with `python app.py`.

What the events do is in `ui.desk`, what they show in `ui.view`, the server around them in `ui.serving`.
"""

import argparse
import logging
import os
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Gradio and the model libraries read these when they are imported: nothing may leave the machine.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_OFFLINE"] = "1"

import gradio as gr
from gradio.components import Navbar
from gradio.events import api

from index.errors import DatelineError
from qa.engine import Engine
from ui import article_view, library_view, serving, view
from ui.assets import script
from ui.desk import Desk, problem, read_filter
from ui.uploads import MAX_FILE_BYTES
from ui.view import Json

ANSWERS_AT_ONCE = 3
QUEUE_SIZE = 32
SCRATCH_AGE = 3600

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
    "concurrency_limit": ANSWERS_AT_ONCE,
    "concurrency_id": "answer",
    # A question asked while another is being answered is the one whose answer stays.
    "trigger_mode": "always_last",
}
WRITING: dict[str, Any] = {**QUIET, "queue": True, "concurrency_limit": 1, "concurrency_id": "write"}

MASTHEAD = '<header class="dl-masthead"><h1>{}</h1><p>{}</p></header>'

UPLOAD_HINT = (
    '<p class="dl-fine">Saved web pages, PDF, Word, Markdown, text, JSON and CSV; '
    f"up to {MAX_FILE_BYTES >> 20} MB a file.</p>"
)


def component(name: str, value: object, body: str) -> gr.HTML:
    """Return a component drawn by the script `ui/NAME.js`; `body` is the constant markup it draws into."""
    return gr.HTML(
        value,
        html_template=body,
        js_on_load=script(name),
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


# --- Ask ---------------------------------------------------------------------------------------------------


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
        with gr.Column(elem_id="dl-side"):
            article = reader()
    footer(page, desk)
    filters = [outlets, authors, first, last]
    _ask_events(page, desk, [question, *filters], [answer, article])


def _ask_events(page: gr.Blocks, desk: Desk, asked: list[Any], shown: list[gr.HTML]) -> None:
    """Wire the Ask page; `asked` is the question and its four filters, `shown` the answer and the reader."""
    question, filters = asked[0], asked[1:]
    answer, article = shown

    def show_answer(
        text: str, outlets: Sequence[str], authors: Sequence[str], first: str, last: str
    ) -> Iterator[tuple[Json, Json]]:
        try:
            yield from desk.ask(text, read_filter(outlets, authors, first, last))
        except Exception as error:  # noqa: BLE001 - shown in the answer area, logged where unexpected
            yield view.error_view(*problem(error)), article_view.closed_reader()

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

    def show_answer_if_any(*values: object) -> Iterator[tuple[Json, Json]]:
        if values[0]:
            yield from show_answer(*values)  # type: ignore[arg-type]
        else:
            yield gr.skip(), gr.skip()

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


# --- Library -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LibraryParts:
    """The components of the Library page; `number` is the table's page, `opened` the reader's article."""

    files: gr.File
    status: gr.HTML
    words: gr.Textbox
    table: gr.HTML
    article: gr.HTML
    number: gr.State
    opened: gr.State


def library_page(page: gr.Blocks, desk: Desk) -> None:
    """Build the page that lists, adds and deletes articles."""
    masthead("Library", "The articles that answers are taken from. Uploaded files stay on this machine.")
    with gr.Row(elem_id="dl-desk"):
        with gr.Column(elem_id="dl-main"):
            files = gr.File(
                label="Add articles",
                show_label=False,
                file_count="multiple",
                height=130,
                elem_id="dl-upload",
            )
            gr.HTML(
                html_template=UPLOAD_HINT, js_on_load=None, apply_default_css=False, elem_id="dl-upload-hint"
            )
            status = component(
                "status", library_view.status_view(""), '<div class="dl-status" role="status"></div>'
            )
            words = gr.Textbox(
                label="Find by title, outlet, author or file", show_label=False,
                placeholder="Find by title, outlet, author or file", elem_id="dl-find",
            )  # fmt: skip
            table = component("library", None, '<section class="dl-library" aria-label="Articles"></section>')
        with gr.Column(elem_id="dl-side"):
            article = reader()
    footer(page, desk)
    parts = LibraryParts(files, status, words, table, article, gr.State(1), gr.State(""))
    _library_events(page, desk, parts)


def _library_events(page: gr.Blocks, desk: Desk, parts: LibraryParts) -> None:
    """Wire the Library page."""

    def list_articles(text: str) -> tuple[Json, int]:
        return desk.table(text, 1), 1

    def turn_page(text: str, event: gr.EventData) -> tuple[Json, int]:
        wanted = int(event._data["page"])
        return desk.table(text, wanted), wanted

    def open_article(event: gr.EventData) -> tuple[Json, str]:
        article_id = str(event._data["article"])
        return desk.shown(article_id) | {"deletable": True}, article_id

    def upload(paths: list[str] | None) -> Iterator[tuple[Json, object]]:
        try:
            for state in desk.upload(paths or []):
                yield state, gr.skip()
        except Exception as error:  # noqa: BLE001 - shown in the status line, logged where unexpected
            yield library_view.status_view(" ".join(problem(error)), "bad"), gr.skip()
        yield gr.skip(), None

    def delete(opened: str, event: gr.EventData) -> tuple[object, object]:
        """Delete the article that this visitor has open, and no other; the page has asked before."""
        if event._data["article"] != opened:
            return gr.skip(), library_view.status_view("Open the article first, then delete it.", "bad")
        try:
            return article_view.closed_reader(), desk.delete(opened)
        except Exception as error:  # noqa: BLE001 - shown in the status line, logged where unexpected
            return gr.skip(), library_view.status_view(" ".join(problem(error)), "bad")

    listing = {"fn": list_articles, "inputs": parts.words, "outputs": [parts.table, parts.number], **QUIET}
    page.load(**listing)
    parts.words.change(**{**listing, "trigger_mode": "always_last"})
    parts.table.option_select(turn_page, parts.words, [parts.table, parts.number], **QUIET)
    parts.table.select(open_article, None, [parts.article, parts.opened], **QUIET)
    parts.files.upload(upload, parts.files, [parts.status, parts.files], **WRITING).then(**listing)
    deleting = parts.article.delete(delete, parts.opened, [parts.article, parts.status], **WRITING)
    deleting.then(**listing)


# --- the whole ---------------------------------------------------------------------------------------------


def build(desk: Desk) -> gr.Blocks:
    """Build all pages and the public API."""
    pages = gr.Blocks(title="Dateline", analytics_enabled=False, delete_cache=(SCRATCH_AGE, SCRATCH_AGE))
    with pages:
        ask_page(pages, desk)
        for name, function in (("ask", desk.api_ask), ("search", desk.api_search)):
            api(function, api_name=name, concurrency_limit=ANSWERS_AT_ONCE, concurrency_id="answer")
    with pages.route("Library", "/library") as library:
        library_page(library, desk)
    pages.queue(max_size=QUEUE_SIZE, default_concurrency_limit=ANSWERS_AT_ONCE)
    return pages


def theme() -> gr.themes.Base:
    """Return the colours and fonts; the style sheet names the font files, which come with Gradio."""
    colours = {
        "body_background_fill": ("#fbfaf7", "#171614"),
        "block_background_fill": ("#ffffff", "#201f1c"),
        "body_text_color": ("#1d1c1a", "#eceae4"),
        "body_text_color_subdued": ("#5f5a52", "#aba59a"),
        "border_color_primary": ("#e0dbd0", "#3d3a35"),
    }
    light = {name: pair[0] for name, pair in colours.items()}
    dark = {f"{name}_dark": pair[1] for name, pair in colours.items()}
    return gr.themes.Default(
        primary_hue="blue",
        neutral_hue="stone",
        font=["Plex", "system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    ).set(**light, **dark)


def serve(library: Path, host: str, port: int, names: Sequence[str]) -> None:
    """Open the library and answer until interrupted.

    Raises:
        DatelineError: The library cannot be opened, or the address is taken.
    """
    listener = serving.listen(host, port)
    desk = Desk(Engine.open(library), library)
    with tempfile.TemporaryDirectory(prefix="dateline-") as scratch:
        os.environ["GRADIO_TEMP_DIR"] = scratch
        server = serving.wrap(
            build(desk), desk.ready, serving.allowed_hosts(host, names), Path(scratch), theme()
        )
        threading.Thread(target=desk.warm, name="warm-up", daemon=True).start()
        serving.run(
            server, listener, lambda: print(f"Dateline is at {serving.address(host, listener)}", flush=True)
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the front end; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python app.py", description="Ask questions of your articles in the browser."
    )
    parser.add_argument(
        "--library", type=Path, default=Path("library"), help="folder of the library (library)"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=7860, help="port; 0 takes a free one (7860)")
    parser.add_argument(
        "--name", action="append", default=[], help="another host name to answer to, may be repeated"
    )
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        serve(chosen.library, chosen.host, chosen.port, chosen.name)
    except DatelineError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
