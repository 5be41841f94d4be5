"""What can be tuned about an answer, and the file in a library's folder that says so.

`settings.json` holds one JSON object, such as {"words": 0.7, "threshold": 0.35}; what it does not name stays
as it is. `python -m eval tune --save` writes it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from index.errors import InputError
from index.search import DEFAULT, SearchSettings
from index.settings import SEARCH_KINDS, SETTINGS_FILE, read_values, value_of
from index.stores.disk import write_file


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """How questions are answered.

    Attributes:
        search: How passages are found; `as_of` is each question's own.
        passages: Passages in which facts are looked for.
        threshold: Confidence below which the answer is that the articles don't say. Answers that were counted
            or looked up over all articles are not held to it.
        nli: Folder or hub name of a model of natural language inference that checks sentences too; empty for
            none. See `qa.verify.entailment`.
    """

    search: SearchSettings = DEFAULT
    passages: int = 8
    threshold: float = 0.53
    nli: str = ""

    def __post_init__(self) -> None:
        if self.passages < 1:
            raise InputError(f"AnswerSettings.passages is {self.passages}.", "Give 1 or more.")
        if not 0 <= self.threshold <= 1:
            raise InputError(f"AnswerSettings.threshold is {self.threshold}.", "Give 0 to 1.")


DEFAULTS = AnswerSettings()
KINDS: dict[str, type] = {**SEARCH_KINDS, "passages": int, "threshold": float}
"""Everything that can be tuned, with its type."""
_NAMED = {"nli": str}
"""What can be set beside that."""
_ALL: dict[str, type] = {**KINDS, **_NAMED}


def with_values(settings: AnswerSettings, values: Mapping[str, object]) -> AnswerSettings:
    """Return the settings with some of them, by name, at other values.

    Raises:
        InputError: There is no such setting, or it cannot have this value.
    """
    read = {name: value_of(name, value, _ALL) for name, value in values.items()}
    searching = {name: value for name, value in read.items() if name in SEARCH_KINDS}
    answering = {name: value for name, value in read.items() if name not in SEARCH_KINDS}
    return replace(settings, search=replace(settings.search, **searching), **answering)


def changed_values(settings: AnswerSettings) -> dict[str, object]:
    """Return the settings that are not at their defaults, by name, as JSON holds them."""
    now, usual = _values(settings), _values(DEFAULTS)
    return {name: _plain(now[name]) for name in _ALL if now[name] != usual[name]}


def read_settings(folder: Path) -> AnswerSettings:
    """Return what the settings file of a library's folder says; the defaults where there is none.

    Raises:
        InputError: It cannot be read, or names a setting or value that cannot be.
    """
    values = read_values(folder)
    try:
        return with_values(DEFAULTS, values)
    except InputError as error:
        raise InputError(f"{folder / SETTINGS_FILE}: {error.message}", error.remedy) from error


def write_settings(folder: Path, settings: AnswerSettings) -> Path:
    """Write the settings file of a library's folder, and return its path.

    Raises:
        InputError: It cannot be written.
    """
    path = folder / SETTINGS_FILE
    try:
        write_file(path, settings_text(settings).encode("utf-8"))
    except OSError as error:
        raise InputError(f"Cannot write {path}: {error.strerror}.", "Write it by hand elsewhere.") from error
    return path


def settings_text(settings: AnswerSettings) -> str:
    """Return the contents of a settings file that gives these settings."""
    return json.dumps(changed_values(settings), indent=2) + "\n"


def _values(settings: AnswerSettings) -> dict[str, object]:
    return {name: getattr(settings.search if name in SEARCH_KINDS else settings, name) for name in _ALL}


def _plain(value: object) -> object:
    return value.value if isinstance(value, StrEnum) else value
