"""The settings of search that a library's folder names.

`settings.json` there holds one JSON object of settings by name, such as {"words": 0.7}, those of answering
among them; see `qa.settings`.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from index.errors import InputError
from index.search import DEFAULT, Fusion, SearchSettings

__all__ = ["SEARCH_KINDS", "SETTINGS_FILE", "read_search_settings", "read_values", "value_of"]

SETTINGS_FILE = "settings.json"
_KINDS = (int, float, str, Fusion)
SEARCH_KINDS: dict[str, type] = {
    one.name: kind for one in fields(SearchSettings) if (kind := type(getattr(DEFAULT, one.name))) in _KINDS
}
"""The settings of search that can be set, with their types."""


def read_search_settings(folder: Path) -> SearchSettings:
    """Return the settings of search that a library's folder names; the defaults where there is no file.

    Raises:
        InputError: The file cannot be read, or holds a value that cannot be.
    """
    values = read_values(folder)
    try:
        read = {
            name: value_of(name, value, SEARCH_KINDS)
            for name, value in values.items()
            if name in SEARCH_KINDS
        }
        return replace(DEFAULT, **read)
    except InputError as error:
        raise InputError(f"{folder / SETTINGS_FILE}: {error.message}", error.remedy) from error


def read_values(folder: Path) -> dict[str, object]:
    """Return what the settings file of a library's folder holds, unchecked; nothing where there is none.

    Raises:
        InputError: It cannot be read, or holds no JSON object.
    """
    path = folder / SETTINGS_FILE
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise InputError(f"Cannot read {path}: {error}.", "Mend it, or delete it.") from error
    if not isinstance(values, dict):
        raise InputError(f"{path} holds no JSON object.", 'Write it as {"words": 0.7}, or delete it.')
    return values


def value_of(name: str, value: object, kinds: Mapping[str, type]) -> Any:  # noqa: ANN401 - one of the kinds
    """Return a value in the type of its setting; a whole number will do for a fraction.

    Raises:
        InputError: There is no such setting, or it cannot have this value.
    """
    kind = kinds.get(name)
    if kind is None:
        raise InputError(f"There is no setting {name!r}.", f"There are {', '.join(kinds)}.")
    if kind is Fusion and value in list(Fusion):
        return Fusion(str(value))
    if kind is str and isinstance(value, str):
        return value
    if kind in (int, float) and isinstance(value, kind | int) and not isinstance(value, bool):
        return kind(value)
    wanted = {
        int: "a whole number",
        float: "a number",
        str: "a text",
        Fusion: " or ".join(f"“{one}”" for one in Fusion),
    }
    raise InputError(f"The setting {name} is {value!r}.", f"Give {wanted[kind]}.")
