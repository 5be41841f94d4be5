"""Adding articles: plan what is new and changed, then read, embed and store one article after the other.

Each article is one transaction, so an interrupted `add` loses nothing and, run again, goes on. Vectors and
statements are made elsewhere (`index.deriving`) while this process reads the next articles and stores them in
their order: the content does not depend on how many processes there are.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from index.deriving import Derived, Deriver, Pending, deriver_for
from index.errors import DatelineError, InputError, LibraryError
from index.library import Library
from index.loaders import discover, likely_articles, load
from index.plan import SeenFile, plan_files
from index.records import Draft, draft_article, finish, page_digest, read_page, storable
from index.reports import IngestReport
from index.rework import remake
from index.schema import Article, Failure, Page
from index.stores.disk import file_digest
from index.stores.protocol import FileStamp, KnownSource, Source

logger = logging.getLogger(__name__)

STAMPS_AT_ONCE = 64
"""Files after which it is written down that they were read; a crash in between costs reading them again."""

SETTLED_NS = 2_000_000_000
"""A file changed so short before it was read may change again within its clock tick: it is not trusted."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an `add` is: files looked at, articles stored, and the file in work."""

    files_done: int
    files_total: int
    articles: int
    file: str


@dataclass(frozen=True, slots=True)
class _Task:
    """An article on its way into the library; the last two are absent where its text was there already."""

    article: Article
    source: Source
    before: KnownSource | None
    draft: Draft | None = None
    pending: Pending | None = None


@dataclass(frozen=True, slots=True)
class _FileEnd:
    """All articles of a file were read. `vanished` are sources it no longer holds."""

    path: str
    stamp: FileStamp | None
    vanished: tuple[str, ...]


@dataclass(slots=True)
class _Tally:
    """The counts of one run, as they grow."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    duplicates: int = 0
    removed: int = 0
    chunks: int = 0
    statement_seconds: float = 0.0
    processes: dict[int, float] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)


def add(
    library: Library,
    paths: Sequence[Path],
    *,
    sync: bool = False,
    jobs: int | Callable[[Library], Deriver] | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> IngestReport:
    """Add the articles in files and folders; only new and changed ones are read and embedded.

    Args:
        library: Open for writing.
        paths: Files and folders.
        sync: Whether articles whose file is gone from one of the folders are removed.
        jobs: Processes in which vectors and statements are made, None for one a core; or what makes them
            elsewhere.
        progress: Called after each file and article.
        stop: Asked before each article; True ends the run after the articles in work.

    Raises:
        InputError: A path does not exist.
        LibraryError: The library cannot be written; what was added before stays.
        ModelError: The embedding model cannot be loaded.
    """
    if not library.writable:
        raise InputError(f"The library {library.path} is open for reading only.", "Open it with write=True.")
    started, cpu_started = time.perf_counter(), time.process_time()
    found = discover(paths)
    seen, failures = _look_at(found.files)
    counts = library.store.articles_by_path()
    folders = [str(path.absolute()) for path in paths if path.is_dir()]
    plan = plan_files(seen, library.store.files(), counts.keys(), folders)

    run = _Run(library, progress, stop, len(seen))
    run.tally.failures += [*found.failures, *failures]
    run.tally.unchanged = sum(counts.get(path, 0) for path in plan.unchanged)
    run.files_done = len(plan.unchanged)
    run.take_in((*plan.new, *plan.suspect), jobs)
    if sync and plan.gone and not run.interrupted:
        run.tally.removed += library.store.forget_files(plan.gone)
    run.settle()
    return run.report(time.perf_counter() - started, time.process_time() - cpu_started)


class _Run:
    """One `add`: carries the counts and the articles in flight."""

    def __init__(
        self,
        library: Library,
        progress: Callable[[Progress], None] | None,
        stop: Callable[[], bool] | None,
        files_total: int,
    ) -> None:
        self.library = library
        self.store = library.store
        self.tally = _Tally()
        self.files_done = 0
        self.interrupted = False
        self._files_total = files_total
        self._progress = progress
        self._stop = stop
        self._failed: set[str] = set()
        self._stamps: list[FileStamp] = []

    def take_in(self, files: Sequence[SeenFile], jobs: int | Callable[[Library], Deriver] | None) -> None:
        """Read and store what is new in these files, in their order."""
        waiting: deque[_Task | _FileEnd] = deque()
        likely = sum(likely_articles(Path(file.path), file.size) for file in files)
        with closing(deriver_for(self.library, jobs, articles=likely)) as deriver:
            for step in self._steps(files, deriver):
                waiting.append(step)
                while len(waiting) > deriver.ahead:
                    self._commit(waiting.popleft(), deriver)
            while waiting:
                self._commit(waiting.popleft(), deriver)
        self._write_stamps()

    def settle(self) -> None:
        """Embed again what got another heading, and bring the vector file up to date."""
        for article_id in self.store.stale():
            if self._stopping():
                break
            remake(self.library, article_id)
        self.store.save(shrink=self.tally.removed > 0)

    def report(self, seconds: float, cpu_seconds: float) -> IngestReport:
        """Return what was done."""
        tally = self.tally
        return IngestReport(
            tally.added,
            tally.changed,
            tally.unchanged,
            tally.duplicates,
            tally.removed,
            tally.chunks,
            seconds,
            tuple(tally.failures),
            self.interrupted,
            cpu_seconds + sum(tally.processes.values()),
            tally.statement_seconds,
        )

    def _stopping(self) -> bool:
        self.interrupted = self.interrupted or (self._stop is not None and self._stop())
        return self.interrupted

    def _show(self, file: str) -> None:
        if self._progress is not None:
            articles = self.tally.added + self.tally.changed + self.tally.duplicates
            self._progress(Progress(self.files_done, self._files_total, articles, file))

    def _fail(self, path: str, file: str, reason: str) -> None:
        self._failed.add(path)
        self.tally.failures.append(Failure(file, reason))

    # ---- reading: what each file asks for

    def _steps(self, files: Sequence[SeenFile], deriver: Deriver) -> Iterator[_Task | _FileEnd]:
        stamps = self.store.files()
        for file in files:
            if self._stopping():
                return
            try:
                stamp = _stamp(file)
            except OSError as error:
                self._fail(file.path, Path(file.path).name, f"cannot be read: {error.strerror}")
                continue
            former = stamps.get(file.path)
            if former is not None and former.sha256 == stamp.sha256:
                self.tally.unchanged += len(self.store.sources_in(file.path))
                yield _FileEnd(file.path, stamp, ())
            else:
                yield from self._file_steps(stamp, deriver)

    def _file_steps(self, stamp: FileStamp, deriver: Deriver) -> Iterator[_Task | _FileEnd]:
        known = self.store.sources_in(stamp.path)
        seen: set[str] = set()
        failed_rows: set[str] = set()
        for result in load(Path(stamp.path)):
            if self._stopping():
                return
            if isinstance(result, Failure):
                self._fail(stamp.path, result.file, result.reason)
                failed_rows.add(result.file)
            elif result.key in seen:
                self._fail(
                    stamp.path, result.file, f"another row has the same id; {result.key} was taken once"
                )
            else:
                seen.add(result.key)
                yield from self._page_step(result, stamp.path, known.get(result.key), deriver)
        # A file that could not be read at all keeps the articles it gave before.
        unread = Path(stamp.path).name in failed_rows
        vanished = tuple(
            source.key
            for source in known.values()
            if source.key not in seen and source.file not in failed_rows and not unread
        )
        yield _FileEnd(stamp.path, stamp, vanished)

    def _page_step(
        self, page: Page, path: str, before: KnownSource | None, deriver: Deriver
    ) -> Iterator[_Task]:
        digest = page_digest(page)
        if before is not None and before.page == digest:
            self.tally.unchanged += 1
            return
        try:
            yield self._prepare(page, path, digest, before, deriver)
        except LibraryError:
            raise
        except DatelineError as error:
            self._fail(path, page.file, error.message)
        except Exception as error:  # one article's surprise must not end the run
            logger.debug("%s could not be read", page.key, exc_info=True)
            self._fail(path, page.file, f"could not be processed ({type(error).__name__}: {error})")

    def _prepare(
        self, page: Page, path: str, digest: str, before: KnownSource | None, deriver: Deriver
    ) -> _Task:
        """Read one page and set going what is derived from it."""
        article = read_page(storable(page), self.store.restored(page.key))
        source = Source(page.key, page.file, path, digest, article.metadata)
        if self.store.has(article.id):
            return _Task(article, source, before)
        draft = draft_article(article, self.library.config)
        return _Task(article, source, before, draft, deriver.derive(draft))

    def _derived(self, pending: Pending) -> Derived:
        derived = pending.result()
        self.tally.statement_seconds += derived.statement_seconds
        self.tally.processes.update(derived.processes)
        return derived

    # ---- writing: one step, one transaction

    def _commit(self, step: _Task | _FileEnd, deriver: Deriver) -> None:
        if isinstance(step, _FileEnd):
            self._end_file(step)
            return
        try:
            self._commit_article(step, deriver)
        except LibraryError:
            raise
        except DatelineError as error:
            self._fail(step.source.path, step.source.file, error.message)
        except Exception as error:  # as in reading; the transaction was rolled back
            logger.debug("%s could not be stored", step.source.key, exc_info=True)
            self._fail(step.source.path, step.source.file, f"{type(error).__name__}: {error}")
        self._show(step.source.file)

    def _commit_article(self, task: _Task, deriver: Deriver) -> None:
        """Store one article, or add a source to one that is there."""
        there = self.store.has(task.article.id)
        if there and not self._sets_text(task):
            self.store.attach(task.article, task.source)
        else:
            draft = task.draft or draft_article(task.article, self.library.config)
            derived = self._derived(task.pending or deriver.derive(draft))
            self.store.put(finish(draft, derived.vectors, derived.analysis), task.source)
            self.tally.chunks += len(draft.chunks)
        if task.before is not None:
            self.tally.changed += 1
        elif there:
            self.tally.duplicates += 1
        else:
            self.tally.added += 1

    def _sets_text(self, task: _Task) -> bool:
        """Return whether this source decides how the white space of a stored article stands.

        The first source by key does, so that the order of adding does not matter.
        """
        first = self.store.sources_of(task.article.id)[0].key
        return task.source.key <= first and self.store.text(task.article.id) != task.article.text

    def _end_file(self, end: _FileEnd) -> None:
        if end.vanished:
            self.tally.removed += self.store.detach(end.vanished)
        if end.stamp is not None and end.path not in self._failed:
            self._stamps.append(end.stamp)
        if len(self._stamps) >= STAMPS_AT_ONCE:
            self._write_stamps()
        self.files_done += 1
        self._show(Path(end.path).name)

    def _write_stamps(self) -> None:
        self.store.mark_read(self._stamps)
        self._stamps = []


def _look_at(files: Sequence[Path]) -> tuple[list[SeenFile], list[Failure]]:
    """Return size and time of each file; a file that went away meanwhile is a failure."""
    seen, failures = [], []
    for file in files:
        if not _is_unicode(str(file)):
            name = str(file.name).encode("utf-8", "replace").decode("utf-8")
            failures.append(Failure(name, "its name or folder is not valid UTF-8; rename it"))
            continue
        try:
            status = file.stat()
        except OSError as error:
            failures.append(Failure(file.name, f"cannot be read: {error.strerror}"))
        else:
            seen.append(SeenFile(str(file), status.st_size, status.st_mtime_ns))
    return seen, failures


def _is_unicode(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _stamp(file: SeenFile) -> FileStamp:
    """Return what a file is known again by."""
    path = Path(file.path)
    settled = time.time_ns() - file.mtime_ns > SETTLED_NS
    return FileStamp(file.path, file.size, file.mtime_ns if settled else 0, file_digest(path))
