"""The alias file: a user's word on which names are one person or body, and which are different ones.

`people.toml` lies in the library's folder and may be edited by hand at any time:

    [[person]]
    name = "Donald Trump"
    also = ["DJT", "the 45th president"]

    [[apart]]
    names = ["John Smith", "John A. Smith"]
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Never

from index.errors import InputError
from index.statements.names import fold, parse_name, trim, without_titles

__all__ = ["Aliases", "form_key", "parse_aliases", "pin_of", "read_aliases"]

_HEADER = re.compile(r"^\s*\[\[\s*(\w+)\s*\]\]")
_KEYS = {"person": {"name", "also"}, "apart": {"names"}}
_REMEDY = 'Mend or delete the line; an entry is [[person]] with name = "..." and also = ["...", "..."].'


@dataclass(frozen=True, slots=True)
class Aliases:
    """What an alias file says.

    Attributes:
        people: Each person's or body's names, the one to show first.
        apart: Names that are different people, a group an entry.
    """

    people: tuple[tuple[str, ...], ...] = ()
    apart: tuple[tuple[str, ...], ...] = ()

    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Return the names of each person that the file speaks of; names kept apart are one each."""
        known = {form_key(name) for names in self.people for name in names}
        alone: dict[str, str] = {}
        for name in (name for names in self.apart for name in names):
            if form_key(name) not in known:
                alone.setdefault(form_key(name), name)
        return (*self.people, *((name,) for name in alone.values()))


def form_key(name: str) -> str:
    """Return a name as the alias file compares it: case, accents and a leading "the" do not matter.

    >>> form_key("The 45th  President") == form_key("the 45th president")
    True
    """
    return fold(trim(name)).removeprefix("the ")


def pin_of(name: str, pins: Mapping[str, int]) -> int | None:
    """Return the entry of the alias file that a written name belongs to.

    Args:
        name: As written; a full name belongs to it with titles and without.
        pins: The number of the entry by the `form_key` of each of its names.
    """
    if not pins:
        return None
    pin = pins.get(form_key(name))
    return pins.get(form_key(without_titles(name))) if pin is None and parse_name(name).given else pin


def read_aliases(path: Path) -> Aliases:
    """Read an alias file; a missing one says nothing.

    Raises:
        InputError: It cannot be read or understood; the message names the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Aliases()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}", "Save it as UTF-8 text, or delete it.") from error
    return parse_aliases(text, str(path))


def parse_aliases(text: str, path: str = "people.toml") -> Aliases:
    """Return what the text of an alias file says.

    Args:
        text: TOML.
        path: What error messages call it.

    Raises:
        InputError: As `read_aliases`.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} is not TOML: {error}.", _REMEDY) from error
    reader = _Reader(text, path)
    for table in tables:
        if table not in _KEYS or not _is_list_of_tables(tables[table]):
            reader.fail(table, 0, f"it has an entry {table!r}; only [[person]] and [[apart]] are known")
    aliases = Aliases(
        tuple(reader.person(entry, number) for number, entry in enumerate(tables.get("person", ()))),
        tuple(reader.apart(entry, number) for number, entry in enumerate(tables.get("apart", ()))),
    )
    reader.check(aliases)
    return aliases


def _is_list_of_tables(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads entries, and knows their lines for messages: the TOML parser does not say them."""

    text: str
    path: str

    def fail(self, table: str, number: int, why: str) -> Never:
        """Raise for an entry, the `number`-th of its table counted from 0."""
        starts = [
            line
            for line, content in enumerate(self.text.splitlines(), start=1)
            if (match := _HEADER.match(content)) and match[1] == table
        ]
        if not starts:
            spelt = re.compile(rf"^\s*\[?\s*[\"']?{re.escape(table)}\b")
            starts = [
                line for line, content in enumerate(self.text.splitlines(), start=1) if spelt.match(content)
            ]
        place = f", line {starts[number]}" if number < len(starts) else ""
        raise InputError(f"{self.path}{place}: {why}.", _REMEDY)

    def person(self, entry: Mapping[str, Any], number: int) -> tuple[str, ...]:
        """Return the names of a [[person]] entry."""
        self._check_keys("person", entry, number)
        name = entry.get("name")
        if not isinstance(name, str) or not form_key(name):
            self.fail("person", number, "the [[person]] has no name")
        also = self._names("person", "also", entry.get("also", []), number)
        return _distinct([name, *also])

    def apart(self, entry: Mapping[str, Any], number: int) -> tuple[str, ...]:
        """Return the names of an [[apart]] entry."""
        self._check_keys("apart", entry, number)
        names = _distinct(self._names("apart", "names", entry.get("names"), number))
        if len(names) < 2:
            self.fail("apart", number, "[[apart]] needs at least two different names")
        return names

    def check(self, aliases: Aliases) -> None:
        """Raise where entries contradict each other."""
        owner: dict[str, int] = {}
        for number, names in enumerate(aliases.people):
            for name in names:
                first = owner.setdefault(form_key(name), number)
                if first != number:
                    said = f"{name!r} is also a name of {aliases.people[first][0]!r}"
                    self.fail("person", number, f"{said}; a name can belong to one [[person]] only")
        for number, names in enumerate(aliases.apart):
            seen: dict[int, str] = {}
            for name in names:
                person = owner.get(form_key(name))
                if person is not None and person in seen:
                    said = f"{seen[person]!r} and {name!r} are apart here and one [[person]] elsewhere"
                    self.fail("apart", number, said)
                if person is not None:
                    seen[person] = name

    def _check_keys(self, table: str, entry: Mapping[str, Any], number: int) -> None:
        for key in entry:
            if key not in _KEYS[table]:
                known = " and ".join(sorted(_KEYS[table]))
                self.fail(table, number, f"[[{table}]] has a key {key!r}; it can have {known}")

    def _names(self, table: str, key: str, value: object, number: int) -> Sequence[str]:
        if not isinstance(value, list) or not all(isinstance(name, str) and form_key(name) for name in value):
            self.fail(table, number, f'{key} must be a list of names, such as ["DJT", "Mr. T."]')
        return value


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for name in names:
        kept.setdefault(form_key(name), name)
    return tuple(kept.values())
