"""What the pages do: ask, read, list, add and delete, each as plain JSON values for the components.

This is the edge of the program: every error becomes a value with a message here, so that none reaches the
page as a traceback.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeAlias

from index import ledger
from index.errors import DatelineError, InputError
from index.ingest import Progress, add
from index.library import Library
from index.reports import IngestReport, LibraryStats
from index.schema import ArticleCard, Filter, Span, Stance
from qa.engine import MAX_QUESTION, Engine
from qa.schema import Question
from qa.talk.links import Link
from qa.talk.numbering import Numbering
from qa.writers import Writer
from ui import article_view, library_view, uploads, view
from ui.ask_desk import AskDesk, Shown
from ui.asked import read_date
from ui.busy import Pace
from ui.problems import problem
from ui.serving import Download, Fields
from ui.statements_desk import StatementsDesk
from ui.view import Json

if TYPE_CHECKING:
    from ui.candidates_desk import CandidatesDesk
    from ui.evaluate_desk import EvaluateDesk

WARM_UP = "What happened, and how many people were there?"
"""Asked at the start: it needs the passages, and so loads the embedding model."""

PAGE_ROWS = 50
MAX_CHOICES = 2000
EXAMPLES_FROM = 500
PROGRESS_SECONDS = 0.2

Update: TypeAlias = Json | IngestReport | Exception
"""What an upload's thread reports: a status line, the end, or what went wrong."""


def read_question(text: str) -> str:
    """Return the question with its white space folded.

    Raises:
        InputError: It is empty or too long; checked here too, before anything is done with it.
    """
    question = " ".join(str(text).split())
    if not question:
        raise InputError("There is no question.", "Type one, or choose an example.")
    if len(question) > MAX_QUESTION:
        raise InputError(
            f"The question has {len(question):,} characters, more than {MAX_QUESTION:,}.", "Shorten it."
        )
    return question


def read_filter(
    outlets: Sequence[str] | None, authors: Sequence[str] | None, first: str | None, last: str | None
) -> Filter:
    """Return the filter that the reader set.

    Raises:
        InputError: A date cannot be read, or the range is empty.
    """
    begin, end = _date("from", first), _date("until", last)
    if begin and end and begin > end:
        raise InputError(f"No date lies from {begin} until {end}.", "Swap the two dates.")
    return Filter(tuple(outlets or ()), tuple(authors or ()), begin, end)


def _date(which: str, text: str | None) -> str | None:
    try:
        return read_date(text)
    except ValueError:
        raise InputError(
            f"The date “{text}” in “published {which}” cannot be read.", "Write it as 2025-11-07."
        ) from None


@dataclass(frozen=True, slots=True)
class Overview:
    """What the pages show about the library as a whole, worked out once a generation."""

    generation: int
    stats: LibraryStats
    outlets: tuple[str, ...]
    authors: tuple[str, ...]
    examples: tuple[str, ...]


class Desk:
    """The pages' one way to the engine.

    Args:
        engine: Answers questions over the library.
        folder: The library's folder; uploaded files are kept in its folder "uploads".
        writer: The language model that puts answers in its own words, if one is set up.
    """

    def __init__(self, engine: Engine, folder: Path, writer: Writer | None = None) -> None:
        self.engine = engine
        self.folder = folder
        self.pace = Pace()
        self.uploads = folder.absolute() / "uploads"
        self.statements = StatementsDesk(engine.library, folder)
        self.asking = AskDesk(engine, folder, self.read, writer, self.pace)
        self._evaluation: EvaluateDesk | None = None
        self._opening = threading.Lock()
        self._overview: Overview | None = None
        self._ready = threading.Event()

    # --- the library as a whole

    def warm(self) -> None:
        """Answer one question, so that the first reader does not wait for the models to load."""
        try:
            if self.overview().stats.articles:
                self.engine.ask(Question(WARM_UP))
        except Exception as error:  # noqa: BLE001 - pages work without it, and say what is wrong when asked
            problem(error)
        finally:
            self._ready.set()

    def ready(self) -> bool:
        """Say whether the model is loaded."""
        return self._ready.is_set()

    def overview(self) -> Overview:
        """Return the library's figures, filter choices and example questions as they are now."""
        store = self.engine.library.store
        known = self._overview
        if known is None or known.generation != store.generation():
            stats = store.stats()
            known = Overview(
                stats.generation,
                stats,
                tuple(name for name, _ in store.outlets()[:MAX_CHOICES]),
                tuple(name for name, _ in store.authors()[:MAX_CHOICES]),
                tuple(self._examples()),
            )
            self._overview = known
        return known

    def _examples(self) -> list[str]:
        store = self.engine.library.store
        try:
            praise = ledger.tally(ledger.read(self.engine.library, stance=Stance.PRAISE), "target")
        except DatelineError:
            # The alias file is in the reader's hands; a slip in it must not close the page.
            praise = []
        names = [group.name for group in praise[:2]]
        return view.example_questions(store.articles()[:EXAMPLES_FROM], names)

    # --- the Ask page

    def idle(self) -> Json:
        """Return the answer area before a question."""
        overview = self.overview()
        return view.idle_view(overview.examples, overview.stats.articles)

    def ask(self, link: Link, before: Numbering = ()) -> Iterator[Shown]:
        """Yield the states of the answer area and the reader while a question is answered.

        Args:
            link: The question, with the conversation that it follows.
            before: The numbers of the passages that the conversation cited.
        """
        articles = self.overview().stats.articles
        if articles:
            yield from self.asking.ask(link, before, articles)
        else:
            yield self.idle(), article_view.closed_reader()

    def read(self, article_id: str, start: int | None = None, end: int | None = None) -> Json:
        """Return an article for the reader, opened at a span if one is given."""
        article = self.engine.library.store.article(article_id)
        mark = None
        if start is not None and end is not None and 0 <= start < end <= len(article.text):
            mark = Span(start, end)
        return article_view.reader_view(article, mark)

    def shown(self, article_id: str, start: int | None = None, end: int | None = None) -> Json:
        """Return what the reader shows; for an article that is gone, a line that says so."""
        try:
            return self.read(article_id, start, end)
        except Exception as error:  # noqa: BLE001 - shown in the reader, logged where unexpected
            return article_view.closed_reader(" ".join(problem(error)))

    def close(self) -> None:
        """End what goes on in the background, before the program ends."""
        if self._evaluation is not None:
            self._evaluation.runner.close()

    # --- the page Evaluate

    def evaluation(self) -> "EvaluateDesk":
        """Return the desk of the evaluation; its modules are loaded when it is first wanted."""
        from ui.evaluate_desk import EvaluateDesk

        with self._opening:
            if self._evaluation is None:
                self._evaluation = EvaluateDesk(self.engine.library, self.folder)
        return self._evaluation

    def candidates(self) -> "CandidatesDesk":
        """Return the desk of the complaints that may become gold questions."""
        from ui.candidates_desk import CandidatesDesk

        return CandidatesDesk(self.engine.library, self.folder, self.evaluation().shelf.from_use)

    def downloads(self) -> dict[str, Download]:
        """Return the files that the pages offer, by address."""

        def of_run(kind: str) -> Callable[[Fields], str]:
            return lambda fields: self.evaluation().file(next(iter(fields.get("run", ())), ""), kind)

        return {
            **self.asking.downloads(),
            **self.statements.downloads(),
            "/report.html": Download("text/html", of_run("report.html")),
            "/results.jsonl": Download("application/x-ndjson", of_run("results.jsonl")),
            "/summary.json": Download("application/json", of_run("summary.json")),
            "/from-use.jsonl": Download("application/x-ndjson", lambda _: self.candidates().gold_text()),
        }

    # --- the Library page

    def table(self, words: str, page: int) -> Json:
        """Return one page of the articles that match the words."""
        store = self.engine.library.store
        cards = store.articles()
        sizes = Counter(card.group for card in cards)
        found = [card for card in cards if library_view.matches(card, words)]
        pages = max(1, -(-len(found) // PAGE_ROWS))
        page = min(max(page, 1), pages)
        shown = found[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
        rows = [self._row(card, sizes[card.group]) for card in shown]
        stats = library_view.stats_text(self.overview().stats)
        return library_view.library_view(rows, stats, page, pages, len(found)) | {
            "searched": bool(words.strip())
        }

    def _row(self, card: ArticleCard, group_size: int) -> Json:
        words = len(self.engine.library.store.text(card.id).split())
        return library_view.library_row(card, words, group_size)

    def upload(self, files: Sequence[str]) -> Iterator[Json]:
        """Add uploaded files to the library, yielding the status line as it goes on."""
        yield library_view.status_view(f"Reading {view.count_text(len(files), 'file')} …", share=0.0)
        paths = [Path(file) for file in files]
        kept = uploads.keep(paths, self.uploads)
        for path in paths:
            path.unlink(missing_ok=True)
        updates: SimpleQueue[Update] = SimpleQueue()

        def work() -> None:
            try:
                updates.put(self._add(kept.paths, updates))
            except Exception as error:  # noqa: BLE001 - raised again where the status line is drawn
                updates.put(error)

        # A thread of its own, because the progress must reach the page while the work goes on.
        threading.Thread(target=work, name="upload", daemon=True).start()
        while True:
            update = _latest(updates)
            if isinstance(update, Exception):
                raise update
            if isinstance(update, IngestReport):
                yield library_view.report_view(update, kept.failures)
                return
            yield update

    def _add(self, paths: Sequence[Path], updates: "SimpleQueue[Update]") -> IngestReport:
        def report(progress: Progress) -> None:
            updates.put(
                library_view.progress_view(progress.files_done, progress.files_total, progress.articles)
            )

        if not paths:
            return IngestReport()
        with Library.open(self.folder, write=True) as library:
            return add(library, paths, progress=report)

    def delete(self, article_id: str) -> Json:
        """Delete an article, with its uploaded file if nothing else was read from it."""
        store = self.engine.library.store
        title = store.card(article_id).title or view.NO_TITLE
        sources = store.sources_of(article_id)
        with Library.open(self.folder, write=True) as library:
            library.store.remove([article_id])
            library.store.save(shrink=True)
        uploads.forget([source.key for source in sources], self.uploads)
        return library_view.status_view(f"Deleted “{title}”.", "good")


def _latest(updates: "SimpleQueue[Update]") -> Update:
    """Return the newest status line, or what ended the work; at most five lines a second."""
    update = updates.get()
    if isinstance(update, dict):
        time.sleep(PROGRESS_SECONDS)
    while isinstance(update, dict) and not updates.empty():
        update = updates.get()
    return update
