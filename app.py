"""The Gradio front end: the pages, the public API and the program that serves them: `python app.py`.

A page and its events are in `ui.page_*`, what the events do in the desks, what they show in the views.
"""

import argparse
import logging
import os
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

# Gradio and the model libraries read these when they are imported: nothing may leave the machine.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_OFFLINE"] = "1"
# Gradio sums up all events after each one, for a page that is not offered: 6 to 20 milliseconds an answer.
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(sys.maxsize)

from index.errors import DatelineError
from index.library_option import add_library_options, default_library, settle_library

if TYPE_CHECKING:
    import gradio as gr

    from ui.desk import Desk

SCRATCH_AGE = 3600


def build(desk: "Desk") -> "gr.Blocks":
    """Build all pages and the public API."""
    import gradio as gr

    from ui.api import register
    from ui.asked import PATH
    from ui.busy import AT_ONCE, QUEUED, TOLD_EVERY, calm
    from ui.page_ask import ask_page
    from ui.page_evaluate import evaluate_page
    from ui.page_library import library_page
    from ui.page_statements import statements_page
    from ui.sessions import share

    pages = gr.Blocks(title="Dateline", analytics_enabled=False, delete_cache=(SCRATCH_AGE, SCRATCH_AGE))
    with pages:
        ask_page(pages, desk)
        register(desk)
    with pages.route("Who said what", PATH) as statements:
        statements_page(statements, desk)
    with pages.route("Library", "/library") as library:
        library_page(library, desk)
    with pages.route("Evaluate", "/evaluate") as evaluate:
        evaluate_page(evaluate, desk)
    pages.queue(status_update_rate=TOLD_EVERY, max_size=QUEUED, default_concurrency_limit=AT_ONCE)
    calm(pages._queue)
    share(pages)
    return pages


def theme() -> "gr.themes.Base":
    """Return the colours and fonts; the style sheet names the font files, which come with Gradio."""
    import gradio as gr

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
        DatelineError: The library cannot be opened, the address is taken, or the language model's settings
            cannot be used.
    """
    from qa.engine import Engine
    from qa.writers import load_writer
    from ui import serving
    from ui.desk import Desk

    listener = serving.listen(host, port)
    writer = load_writer(os.environ)
    desk = Desk(Engine.open(library), library, writer)
    with tempfile.TemporaryDirectory(prefix="dateline-") as scratch:
        os.environ["GRADIO_TEMP_DIR"] = scratch
        hosts = serving.allowed_hosts(host, names)
        server = serving.wrap(build(desk), desk, hosts, Path(scratch), theme())
        threading.Thread(target=desk.warm, name="warm-up", daemon=True).start()
        try:
            serving.run(
                server,
                listener,
                lambda: print(f"Dateline is at {serving.address(host, listener)}", flush=True),
            )
        finally:
            desk.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the front end; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python app.py", description="Ask questions of your articles in the browser."
    )
    add_library_options(parser, default_library())
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=7860, help="port; 0 takes a free one (7860)")
    parser.add_argument(
        "--name", action="append", default=[], help="another host name to answer to, may be repeated"
    )
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        settle_library(chosen)
        serve(chosen.library, chosen.host, chosen.port, chosen.name)
    except DatelineError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
