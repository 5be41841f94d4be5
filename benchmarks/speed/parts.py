"""What each part of a program costs, read off from outside: functions are wrapped as their modules load.

Nothing of the product knows of it. `install` puts a finder before Python's own, so that it works in any
process of a command, those that the command starts too (`hook/sitecustomize.py` calls it there). The
processor time of a wrapped function is its thread's, less what wrapped functions within it take; a wrapper
costs about a microsecond. Totals are kept in one file a process, which outlives it. A name that is not there
any more is an error, not a part that costs nothing.
"""

import atexit
import functools
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

FOLDER = "DATELINE_PARTS_FOLDER"
WANTED = "DATELINE_PARTS"
HOOK = Path(__file__).resolve().parent / "hook"
WRITTEN_EVERY = 0.05
"""Seconds after which a process writes its totals down again."""

Targets = Mapping[str, Sequence[str]]
"""For each part, "module:function" or "module:Class.method", where they are defined."""

INGEST: Targets = {
    "cleaning": ("index.records:read_page",),
    "sentences and chunks": ("index.records:draft_article",),
    "vectors": ("index.rework:embed",),
    "statements": ("index.library:Library.analyse", "index.statements.extract:analyse"),
    "near-duplicates": ("index.duplicates:signature", "index.stores.groups:link"),
    "storing": ("index.stores.local:LocalStore.put", "index.stores.sources:SourceShelf.mark_read"),
    "vector file": ("index.stores.vectors:VectorCache.save",),
    "word file": ("index.stores.words_cache:WordCache.save",),
    "settling": ("index.stores.local:LocalStore.save",),
}
RETRIEVAL: Targets = {
    "embed": ("index.comparing:Comparer.question_vector",),
    "words": ("index.stores.words:WordSearch.search",),
    "vectors": ("index.stores.vectors:VectorCache.search",),
    "phrases": ("index.stores.words:WordSearch.holding",),
    "places": (
        "index.stores.places:PlaceCache.table",
        "index.stores.places:PlaceTable.best",
        "index.stores.places:PlaceTable.columns",
    ),
    "fetch": (
        "index.stores.local:LocalStore.chunks",
        "index.stores.local:LocalStore.texts",
        "index.stores.local:LocalStore.cards",
        "index.joining:Shelf.fetch",
        "index.joining:Shelf.fetch_texts",
        "index.joining:Shelf.text",
    ),
}


class UnknownPartError(LookupError):
    """What is to be measured is not where `INGEST` or `RETRIEVAL` say."""


def check(targets: Targets) -> None:
    """Raise UnknownPartError for a name that is not there; imports the modules."""
    for places in targets.values():
        for place in places:
            module, _, name = place.partition(":")
            try:
                loaded = importlib.import_module(module)
            except ModuleNotFoundError as error:
                raise UnknownPartError(f"{place}: there is no module {error.name}") from error
            _owner(loaded, name)


def _owner(module: ModuleType, name: str) -> tuple[Any, str, Callable[..., Any]]:
    """Return what holds the function, its last name there, and the function."""
    owner: Any = module
    *outer, last = name.split(".")
    for step in outer:
        owner = getattr(owner, step, None)
    function = getattr(owner, last, None)
    if not callable(function) or function.__module__ != module.__name__:
        raise UnknownPartError(
            f"{module.__name__} defines no {name}: benchmarks/speed/parts.py has to name what there is now"
        )
    return owner, last, function


class Clock:
    """The processor and clock seconds of each part so far, added up over threads."""

    def __init__(self) -> None:
        self.cpu: defaultdict[str, float] = defaultdict(float)
        self.wall: defaultdict[str, float] = defaultdict(float)
        self._local = threading.local()
        self._lock = threading.Lock()
        self._written = 0.0
        self._process = os.getpid()

    def wrap(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function with its time counted for `part`."""

        @functools.wraps(function)
        def timed(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - any function
            stack: list[list[Any]] = self._local.__dict__.setdefault("stack", [])
            if stack and stack[-1][0] == part:
                return function(*given, **named)
            inner: list[Any] = [part, 0.0, 0.0]
            stack.append(inner)
            cpu, wall = time.thread_time(), time.perf_counter()
            try:
                return function(*given, **named)
            finally:
                cpu, wall = time.thread_time() - cpu, time.perf_counter() - wall
                stack.pop()
                if stack:
                    stack[-1][1] += cpu
                    stack[-1][2] += wall
                self._add(part, cpu - inner[1], wall - inner[2])

        return timed

    def _add(self, part: str, cpu: float, wall: float) -> None:
        with self._lock:
            if self._process != os.getpid():
                # A fork takes the totals of its parent along, which count them itself.
                self._process = os.getpid()
                self.cpu.clear()
                self.wall.clear()
            self.cpu[part] += cpu
            self.wall[part] += wall
            folder = os.environ.get(FOLDER)
            if folder and time.perf_counter() - self._written > WRITTEN_EVERY:
                self._written = time.perf_counter()
                self.write(Path(folder))

    def write(self, folder: Path) -> None:
        """Write the totals of this process into a folder."""
        (folder / f"{os.getpid()}.json").write_text(json.dumps(dict(self.cpu)), encoding="utf-8")

    def reset(self) -> None:
        """Begin anew."""
        with self._lock:
            self.cpu.clear()
            self.wall.clear()


CLOCK = Clock()


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the modules that hold something to wrap, and wraps it once they are loaded."""

    def __init__(self, targets: Targets) -> None:
        self._of_module: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for part, places in targets.items():
            for place in places:
                module, _, name = place.partition(":")
                self._of_module[module].append((part, name))

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return the spec of a module to be wrapped; None for any other."""
        wanted = self._of_module.get(fullname)
        if not wanted:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.loader is None:
            return None
        spec.loader = _Loader(spec.loader, wanted)
        return spec


class _Loader(importlib.abc.Loader):
    """Loads a module as its own loader does, then wraps what is wanted of it."""

    def __init__(self, loader: Any, wanted: Sequence[tuple[str, str]]) -> None:  # noqa: ANN401 - any loader
        self._loader = loader
        self._wanted = wanted

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        """Leave it to the module's own loader."""
        made: ModuleType | None = self._loader.create_module(spec)
        return made

    def exec_module(self, module: ModuleType) -> None:
        """Run the module, then put the wrappers in place."""
        self._loader.exec_module(module)
        for part, name in self._wanted:
            owner, last, function = _owner(module, name)
            setattr(owner, last, CLOCK.wrap(part, function))


def install(targets: Targets) -> None:
    """Count these parts in this process from now on; modules that are loaded already stay as they are."""
    sys.meta_path.insert(0, _Finder(targets))
    folder = os.environ.get(FOLDER)
    if folder:
        atexit.register(lambda: CLOCK.write(Path(folder)))


def settings(targets: Targets, folder: Path) -> dict[str, str]:
    """Return the environment under which a command and its processes write their parts into `folder`."""
    return {"PYTHONPATH": str(HOOK), WANTED: json.dumps(targets), FOLDER: str(folder)}


def totals(folder: Path) -> dict[str, float]:
    """Return the processor seconds of each part, added up over the processes that wrote into `folder`."""
    found: defaultdict[str, float] = defaultdict(float)
    for file in folder.glob("*.json"):
        for part, seconds in json.loads(file.read_text(encoding="utf-8")).items():
            found[part] += seconds
    return dict(found)
