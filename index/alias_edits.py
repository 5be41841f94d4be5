"""Changing the alias file for a user, as they would by hand: their comments and order stay."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from index.aliases import form_key, parse_aliases, read_aliases
from index.errors import InputError, LibraryStorageError
from index.library import ALIAS_FILE, Library
from index.people import Directory, Party, directory, names_in, unknown_name
from index.stores.disk import write_file

__all__ = ["apart_text", "forgotten_text", "merge", "merged_text", "split", "unmerge"]

Edit = Callable[[str], str]


def merge(library: Library, names: Sequence[str], shown: str | None = None) -> str:
    """Say that several names are one person or body, and return the name it now goes by.

    Args:
        library: Open for reading or writing: the alias file is apart from the rest.
        names: At least two; at least one of them in the articles.
        shown: The name to go by; without it the one it has in the file, else the first of `names`.

    Raises:
        InputError: Fewer than two different names, none of them known, or a broken alias file.
    """
    wanted = _checked([*names, *([shown] if shown else [])])
    if len({form_key(name) for name in wanted}) < 2:
        raise InputError("One name is one person already.", "Give at least two different names.")
    people = directory(library)
    parties = [people.meant_by(name) for name in wanted]
    if not any(parties):
        raise unknown_name(people, wanted[0])
    # A name that the library shows ("Barack Obama") may stand in no article just so.
    _edit(library, lambda text: merged_text(text, wanted, shown))
    return next(iter(directory(library).meant_by(wanted[0]) or {wanted[0]}))


def split(library: Library, name: str, forms: Sequence[str]) -> None:
    """Say that these forms of a name are other people than the one that has them now.

    Raises:
        InputError: The name is unknown, it has no such form, or the alias file is broken.
    """
    people = directory(library)
    party = one_party(people, name)
    theirs = {form_key(form) for form, _ in party.forms}
    theirs |= {form for form, owner in people.pins.items() if owner == party.name}
    for form in _checked(forms):
        if form_key(form) not in theirs:
            written = ", ".join(repr(one) for one, _ in party.forms)
            raise InputError(f"{party.name} is nowhere called {form!r}.", f"The forms in use: {written}.")
        if form_key(form) == form_key(party.name):
            raise InputError(
                f"{form!r} is the name that {party.name} goes by.", "Split the other forms off instead."
            )

    def change(text: str) -> str:
        freed = forgotten_text(text, forms, whole=False)
        after = Directory.of(names_in(library), parse_aliases(freed))
        still = [form for form in forms if form_key(form) in _forms_of(after, party.name)]
        return apart_text(freed, [party.name, *still]) if still else freed

    _edit(library, change)


def unmerge(library: Library, name: str) -> None:
    """Take back what the alias file says of a name, merges and splits.

    Raises InputError where it says nothing of it.
    """
    said = read_aliases(library.path / ALIAS_FILE)
    names = [one for names in (*said.people, *said.apart) for one in names]
    if form_key(name) not in map(form_key, names):
        raise InputError(
            f"{library.path / ALIAS_FILE} says nothing of {name!r}.",
            f"It speaks of: {', '.join(dict.fromkeys(names))}." if names else "It is empty.",
        )
    _edit(library, lambda text: forgotten_text(text, [name], whole=True))


def one_party(people: Directory, name: str) -> Party:
    """Return the one party that a name means, or raise InputError naming those that are near."""
    meant = [party for party in map(people.party, people.meant_by(name)) if party]
    if not meant:
        raise unknown_name(people, name)
    return max(meant, key=lambda party: (party.statements, party.name))


def _forms_of(people: Directory, name: str) -> set[str]:
    return set(map(form_key, people.forms(people.meant_by(name))))


def _checked(names: Sequence[str]) -> list[str]:
    cleaned = [" ".join(name.split()) for name in names]
    if not all(map(form_key, cleaned)):
        raise InputError("A name is empty.", "Write it out, such as 'Donald Trump'.")
    return cleaned


def _edit(library: Library, change: Edit) -> None:
    """Change the alias file in one step; it is checked before it is written."""
    path = library.path / ALIAS_FILE
    read_aliases(path)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    try:
        changed = change(text)
        parse_aliases(changed, str(path))
    except TOMLKitError as error:
        raise InputError(f"{path} cannot be changed: {error}.", "Change it by hand.") from error
    try:
        write_file(path, changed.encode("utf-8"))
    except OSError as error:
        raise LibraryStorageError(f"{path} cannot be written: {error.strerror}.") from error


def merged_text(text: str, names: Sequence[str], shown: str | None = None) -> str:
    """Return an alias file in which these names are one."""
    document = tomlkit.parse(text)
    wanted = {form_key(name) for name in names}
    homes = [entry for entry in _entries(document, "person") if wanted & _keys(_names_of(entry))]
    every = [*(name for entry in homes for name in _names_of(entry)), *names]
    name = shown or (homes[0]["name"] if homes else names[0])
    also = [one for one in _distinct(every) if form_key(one) != form_key(name)]
    if homes:
        home = homes[0]
        # What is there is only added to, so that remarks beside the names stay.
        listed = home.get("also")
        if listed is None or form_key(home["name"]) != form_key(name):
            home["also"] = also
        else:
            for one in also:
                if form_key(one) not in _keys(listed):
                    listed.append(one)
        home["name"] = str(name)
        _drop(document, "person", homes[1:])
    else:
        _append(document, "person", {"name": str(name), "also": also})
    _unpart(document, _keys([name, *also]))
    return tomlkit.dumps(document)


def apart_text(text: str, names: Sequence[str]) -> str:
    """Return an alias file in which these names are different people."""
    document = tomlkit.parse(text)
    _append(document, "apart", {"names": list(_distinct(names))})
    return tomlkit.dumps(document)


def forgotten_text(text: str, names: Iterable[str], *, whole: bool) -> str:
    """Return an alias file that no longer speaks of these names.

    Args:
        text: The file.
        names: Names to take out of it.
        whole: Whether a person's entry goes with any of its names, and what is apart as well.
    """
    document = tomlkit.parse(text)
    gone = {form_key(name) for name in names}
    for entry in list(_entries(document, "person")):
        if not gone & _keys(_names_of(entry)):
            continue
        left = [name for name in _names_of(entry) if form_key(name) not in gone]
        if whole or len(left) < 2:
            _drop(document, "person", [entry])
        else:
            entry["name"], entry["also"] = left[0], left[1:]
    if whole:
        for entry in list(_entries(document, "apart")):
            left = [str(name) for name in entry["names"] if form_key(name) not in gone]
            if len(left) < 2:
                _drop(document, "apart", [entry])
            elif len(left) < len(entry["names"]):
                entry["names"] = left
    return tomlkit.dumps(document)


def _unpart(document: tomlkit.TOMLDocument, one_person: set[str]) -> None:
    """Take back that names are apart which now are one: the latest word counts."""
    for entry in list(_entries(document, "apart")):
        inside = [name for name in entry["names"] if form_key(name) in one_person]
        if len(inside) < 2:
            continue
        left = [str(name) for name in entry["names"] if form_key(name) not in _keys(inside[1:])]
        if len(left) < 2:
            _drop(document, "apart", [entry])
        else:
            entry["names"] = left


def _entries(document: tomlkit.TOMLDocument, table: str) -> Iterator[Any]:
    yield from document.get(table, ())


def _names_of(entry: Any) -> list[str]:  # noqa: ANN401 - a table as tomlkit gives it
    return [str(entry["name"]), *map(str, entry.get("also", ()))]


def _append(document: tomlkit.TOMLDocument, table: str, content: dict[str, Any]) -> None:
    if table not in document:
        document[table] = tomlkit.aot()
    entries: Any = document[table]
    made: Any = tomlkit.table() if isinstance(entries, AoT) else tomlkit.inline_table()
    made.update(content)
    entries.append(made)


def _drop(document: tomlkit.TOMLDocument, table: str, gone: Iterable[Any]) -> None:
    for entry in gone:
        entries: Any = document[table]
        place = next(number for number, one in enumerate(entries) if one == entry)
        del entries[place]
        if not len(entries):
            del document[table]


def _keys(names: Iterable[str]) -> set[str]:
    return {form_key(name) for name in names}


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for name in names:
        kept.setdefault(form_key(name), str(name))
    return tuple(kept.values())
