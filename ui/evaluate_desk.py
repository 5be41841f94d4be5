"""What the page Evaluate does: run gold questions over the library, show and compare runs.

Like `ui.desk`, this is the edge: what goes wrong becomes a value with a message. It is imported when the page
is first opened, so that the others do not wait for the modules of the evaluation.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from eval.compare import compare
from eval.metrics.catalogue import HEADLINE
from eval.report import HTML, SUMMARY, write_report
from eval.result_json import summary_from
from eval.run import RunSettings
from eval.run_folder import RESULTS, RUN, RunFolder
from eval.schema import Summary
from index.errors import DatelineError, InputError
from index.library import Library
from ui import evaluate_view as view
from ui import runs_view
from ui.gold_shelf import NO_TYPE, GoldFile, GoldShelf
from ui.problems import problem
from ui.runner import Runner, Standing
from ui.runs_view import RunHead
from ui.view import Json, count_text

FOLDER = "runs"
KEPT = 3
MAX_LIMIT = 1_000_000
FOLLOW_SECONDS = 0.5

Shown = tuple[Json | None, Json | None]
"""The report and its questions; None where no run is shown."""


class EvaluateDesk:
    """The page's one way to the evaluation.

    Args:
        library: Open for reading, for as long as the page stands.
        folder: The library's folder; gold files and runs are kept in it.
    """

    def __init__(self, library: Library, folder: Path) -> None:
        self.library = library
        self.folder = folder
        self.runs = folder / FOLDER
        self.shelf = GoldShelf(folder)
        self.runner = Runner()
        self._kept: dict[str, tuple[tuple[float, int], view.RunRecord]] = {}
        self._keeping = Lock()

    # --- starting and following

    def form(self, chosen: str = "", note: str = "", kind: str = "") -> Json:
        """Return the form that starts a run."""
        return view.form_view(self.shelf.files(), chosen, note, kind)

    def upload(self, path: Path) -> Json:
        """Take an uploaded gold file; return the form with it chosen, or with what is wrong."""
        try:
            gold = self.shelf.keep(path)
        except Exception as error:  # noqa: BLE001 - shown in the form, logged where unexpected
            return self.form(note=" ".join(problem(error)), kind="bad")
        finally:
            path.unlink(missing_ok=True)
        note = f"“{gold.name}” is kept in the library folder: {count_text(gold.questions, 'question')}."
        if gold.bad:
            note += f" {count_text(len(gold.bad), 'row')} cannot be used."
        return self.form(gold.name, note, "bad" if gold.bad else "good")

    def start(self, sent: Mapping[str, Any]) -> Standing:
        """Begin a run as the form asks for it.

        Raises:
            InputError: The form cannot be read, or a run is going on.
        """
        gold = self.shelf.file(str(sent.get("gold", "")))
        types = sent.get("types") or []
        if not isinstance(types, list) or len(types) > len(gold.types):
            raise InputError("The types of question cannot be read.", "Load the page again.")
        settings = RunSettings(
            gold=gold.path,
            out=self._new_folder(gold),
            library=self.folder,
            limit=_limit(sent.get("limit")),
            only_type=tuple("" if name == NO_TYPE else str(name) for name in types),
            as_of=sent.get("as_of") is not False,
        )
        return self._start(settings)

    def go_on(self, name: str) -> Standing:
        """Go on with a run that was stopped, or whose program ended.

        Raises:
            InputError: There is no such run, its gold or the library has changed, or a run is going on.
        """
        folder = self._folder(name)
        about = folder.about()
        gold = self._gold_of(about)
        if gold is None or not self._same_library(about):
            raise InputError(
                "The library or the gold file has changed since this run was begun.", "Start a new run."
            )
        settings = RunSettings(
            gold=gold.path,
            out=folder.path,
            library=self.folder,
            limit=about["asked"]["limit"],
            only_type=tuple(about["asked"]["only_type"]),
            as_of=about["settings"]["as_of"],
            k=about["settings"]["k"],
        )
        return self._start(settings)

    def _start(self, settings: RunSettings) -> Standing:
        return self.runner.start(settings, lambda: self._write_report(settings.out))

    def _new_folder(self, gold: GoldFile) -> Path:
        stem = re.sub(r"[^\w-]+", "-", gold.path.stem).strip("-")[:60] or "gold"
        name = f"{stem}-{datetime.now():%Y%m%d-%H%M%S}"
        number, path = 1, self.runs / name
        while path.exists():
            number += 1
            path = self.runs / f"{name}-{number}"
        return path

    def follow(self) -> Iterator[Json]:
        """Yield the line that says how far the evaluation is, until it ends."""
        seen = self.runner.standing()
        yield view.standing_view(seen)
        while seen.going_on:
            now = self.runner.wait(seen, FOLLOW_SECONDS)
            if now is not seen:
                yield view.standing_view(now)
            seen = now

    # --- runs that were made

    def list_runs(self, shown: str = "") -> Json:
        """Return the list of runs, newest first."""
        return runs_view.runs_view(self.heads(), shown)

    def heads(self) -> list[RunHead]:
        """Return every run in the library folder, newest first."""
        folders = list(self.runs.iterdir()) if self.runs.is_dir() else []
        heads = [self._head(path) for path in folders if (path / RUN).is_file()]
        return sorted(heads, key=lambda head: (head.begun, head.name), reverse=True)

    def _head(self, path: Path) -> RunHead:
        begun = datetime.fromtimestamp((path / RUN).stat().st_mtime)
        try:
            about = RunFolder(path).about()
            with (path / RESULTS).open("rb") as file:
                done = sum(line.endswith(b"\n") for line in file)
            standing = self.runner.standing()
            busy = standing.going_on and standing.run == path.name
            can_go_on = not busy and self._gold_of(about) is not None and self._same_library(about)
            return RunHead(path.name, begun, about, done, _correct(path), can_go_on)
        except (DatelineError, OSError, KeyError, TypeError):
            return RunHead(path.name, begun, {}, 0, None, False)

    def _gold_of(self, about: Mapping[str, Any]) -> GoldFile | None:
        digest = about["gold"]["digest"]
        return next((gold for gold in self.shelf.files() if gold.digest == digest), None)

    def _same_library(self, about: Mapping[str, Any]) -> bool:
        made_over = about["library"]
        return bool(made_over) and made_over["generation"] == self.library.store.stats().generation

    def newest(self) -> str:
        """Return the name of the newest run that has a result; empty when there is none."""
        return next((head.name for head in self.heads() if head.about and head.done), "")

    def show(self, name: str) -> Shown:
        """Return a run's report and the first page of its questions.

        Raises:
            InputError: There is no such run, or it is damaged.
        """
        if not name:
            return None, None
        run = self.record(name)
        return view.report_view(run), view.questions_view(run)

    def questions(self, name: str, which: str, page: int) -> Json:
        """Return one page of a run's questions.

        Raises:
            InputError: There is no such run, or it is damaged.
        """
        return view.questions_view(self.record(name), which, page)

    def compare(self, before: str, after: str) -> Json:
        """Return two runs compared, or what is wrong with the choice."""
        try:
            labels = {head.name: head.label for head in self.heads()}
            old, new = self.record(before), self.record(after)
            if before == after:
                raise InputError("Both are the same run.", "Choose two.")
            made = compare(old.results, new.results)
            return runs_view.comparison_view(made, old, new, (labels[before], labels[after]))
        except Exception as error:  # noqa: BLE001 - shown in place of the comparison, logged where unexpected
            return runs_view.closed_comparison(" ".join(problem(error)))

    def record(self, name: str) -> view.RunRecord:
        """Return a run; the last few are kept until they change.

        Raises:
            InputError: There is no such run, or it is damaged.
        """
        folder = self._folder(name)
        state = (folder.path / RESULTS).stat()
        signature = state.st_mtime, state.st_size
        with self._keeping:
            kept = self._kept.pop(name, None)
            if kept is None or kept[0] != signature:
                kept = signature, self._read(folder)
            self._kept[name] = kept
            while len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
        return kept[1]

    def _read(self, folder: RunFolder) -> view.RunRecord:
        results, about = folder.results(), folder.about()
        if not results:
            raise InputError("This run has no answered question yet.", "Go on with it first.")
        summary = _summary(folder.path)
        if summary is None or summary.questions != len(results):
            summary = write_report(folder.path, results, about)
        return view.RunRecord.of(folder.path.name, about, results, summary)

    def _write_report(self, path: Path) -> None:
        folder = RunFolder(path)
        results = folder.results()
        if results:
            write_report(path, results, folder.about())

    def _folder(self, name: str) -> RunFolder:
        """Return the folder of a run that is in the list; a name from outside reaches no other folder.

        Raises:
            InputError: There is no such run.
        """
        names = {path.name for path in self.runs.iterdir()} if self.runs.is_dir() else set()
        if name not in names or not (self.runs / name / RESULTS).is_file():
            raise InputError("There is no such run.", "It may have been deleted; load the page again.")
        return RunFolder(self.runs / name)

    def file(self, name: str, kind: str) -> str:
        """Return a file of a run: its results, its scores or its report.

        Raises:
            InputError: There is no such run, or it is damaged.
        """
        folder = self._folder(name).path
        if kind in (HTML, SUMMARY):
            # Written by now, or written anew where an interrupt came between the last answer and the report.
            self.record(name)
        return (folder / kind).read_text(encoding="utf-8")


def _limit(sent: object) -> int | None:
    text = str(sent or "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MAX_LIMIT):
        raise InputError(f"“{text[:20]}” is no number of questions.", "Write 1 or more, or leave it empty.")
    return int(text[:9])


def _summary(path: Path) -> Summary | None:
    """Return the scores that stand in a run's folder; None where there are none, or none that can be read."""
    try:
        return summary_from(json.loads((path / SUMMARY).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _correct(path: Path) -> Mapping[str, float] | None:
    summary = _summary(path)
    metric = summary.metric(HEADLINE) if summary else None
    return {"mean": metric.mean, "low": metric.low, "high": metric.high} if metric else None
