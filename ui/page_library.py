"""The Library page: its components and their events."""

from collections.abc import Iterator
from dataclasses import dataclass

import gradio as gr

from ui import article_view, library_view
from ui.desk import Desk
from ui.page_parts import QUIET, WRITING, component, footer, masthead, reader
from ui.problems import problem
from ui.uploads import MAX_FILE_BYTES
from ui.view import Json

UPLOAD_HINT = (
    '<p class="dl-fine">Saved web pages, PDF, Word, Markdown, text, JSON and CSV; '
    f"up to {MAX_FILE_BYTES >> 20} MB a file.</p>"
)


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
