"""Which names of a library can have to do with each other, found without looking at all the others. Pure.

Two names are linked when grouping looks at them together: people of one surname, bodies of one key, an
acronym and its words, a bare first name and the one surname that it goes with, names of one entry of the
alias file, names that could be shown as the same. Grouping a set of names that no link leaves gives for them
what grouping all names gives; tests/test_index_people_asked.py holds it to that.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from index.aliases import pin_of
from index.statements.names import body_key, body_key_sources, fold, initials, parse_name, without_titles
from index.written_names import ACRONYM, Written

__all__ = ["NameLinks"]

_WORD = re.compile(r"\w+")
_WORDLESS = ""
_ODD = re.compile(r"(?:^|[\s,/-])\W*(?:s\W*)?(?=[\s,/-]|$)|^\W*the\W*(?:s\W*)?$")
"""A name with a part that has no words, such as "-" or "$'s": such parts are looked for in these names."""

_NUMBERED = re.compile(r"(.+) \(\d+\)$", re.DOTALL)

Key = tuple[str, str]
"""Something that names can share, such as ("surname", "clinton"): all names that share one are linked."""

Index = dict[str, tuple[str, ...]]


class NameLinks:
    """Finds the names that are linked with some.

    Args:
        written: All names of the library.
        pins: By `form_key`, the entry of the alias file that a form belongs to.
        given: The names to show that the alias file's first entries give, by their numbers.
        former: The links before some names changed; what was made for them is used again.
        changed: The names that stand elsewhere, or more or less often, than in `former`.

    Attributes:
        pinned: The names that stand in statements of each entry of the alias file.
    """

    def __init__(
        self,
        written: Written,
        pins: Mapping[str, int],
        given: Sequence[str],
        former: "NameLinks | None" = None,
        changed: Iterable[str] = (),
    ) -> None:
        self.written = written
        self.pins = pins
        self.given = given
        self._rare: dict[str, bool] = {}
        if former is None:
            names = written.names()
            self._by_word, self._by_initials = _index(names, _words_of), _index(names, _initials_of)
        else:
            self._by_word, self._by_initials = dict(former._by_word), dict(former._by_initials)
            for name in changed:
                stands = written.count(name) > 0
                if stands != (former.written.count(name) > 0):
                    _note(self._by_word, _words_of(name), name, stands=stands)
                    _note(self._by_initials, _initials_of(name), name, stands=stands)
        self.pinned = self._find_pinned()

    def _find_pinned(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for form, pin in self.pins.items():
            for name in self._holding(form):
                if pin_of(name, self.pins) == pin and name not in found.setdefault(pin, []):
                    found[pin].append(name)
        return {pin: names for pin, names in found.items() if names}

    # ---- closed sets

    def together(self, names: Iterable[str]) -> set[str]:
        """Return these names with all that are linked with them, directly or through others."""
        found = {name for name in names if self.written.count(name) > 0}
        waiting, followed = list(found), set[Key]()
        while waiting:
            for key in self._keys(waiting.pop()):
                if key not in followed:
                    followed.add(key)
                    others = set(self._sharing(key)) - found
                    found |= others
                    waiting += others
        return found

    def is_rare(self, first_name: str) -> bool:
        """Whether people of one surname only bear a first name, or nobody does.

        A bare first name is given to somebody only then, so that names are not linked by a frequent one.
        """
        rare = self._rare.get(first_name)
        if rare is None:
            rare = self._rare[first_name] = self._goes_with_one_surname(first_name)
        return rare

    def _goes_with_one_surname(self, first_name: str) -> bool:
        known: str | None = None
        for name in self._holding(first_name):
            parsed = parse_name(name)
            if parsed.given[:1] == (first_name,) and self.written.role(name) == "person":
                if known not in (None, parsed.surname):
                    return False
                known = parsed.surname
        return True

    def _keys(self, name: str) -> Iterator[Key]:
        """Yield what a name can share with others."""
        parsed, role = parse_name(name), self.written.role(name)
        if role != "body":
            yield "surname", parsed.surname
            first_name = parsed.given[0] if parsed.given else parsed.surname
            if self.is_rare(first_name):
                yield "first name", first_name
        if role != "person":
            yield "body", body_key(name)
            for letters in (*_initials_of(name), *(ACRONYM.findall(name))):
                yield "initials", letters
        pin = pin_of(name, self.pins)
        if pin is not None:
            yield "pin", str(pin)
            for shown in self._given_to(pin):
                yield "called", shown
        for shown in _called(name):
            yield "called", shown

    def _sharing(self, key: Key) -> Iterator[str]:
        """Yield the names that share something."""
        kind, value = key
        if kind == "pin":
            yield from self.pinned.get(int(value), ())
        elif kind == "called":
            yield from self.called(value)
        elif kind == "initials":
            if self.written.count(value) > 0:
                yield value
                yield from self._by_initials.get(value, ())
        elif kind == "body":
            yield from (one for one in self.with_body_key(value) if self.written.role(one) != "person")
        else:
            for name in self._holding(value):
                parsed = parse_name(name)
                if kind == "surname":
                    shares = parsed.surname == value
                else:
                    shares = parsed.given[:1] == (value,) or (not parsed.given and parsed.surname == value)
                if shares and self.written.role(name) != "body":
                    yield name

    # ---- names that share one thing

    def bare(self, surname: str) -> list[str]:
        """Return the names that are this surname alone, with titles or without."""
        return [
            name
            for name in self._holding(surname)
            if not parse_name(name).given and parse_name(name).surname == surname
        ]

    def with_word(self, word: str) -> set[str]:
        """Return the names whose surname or first name this is, or that may be shown under such a name."""
        found = {name for name in self._holding(word) if _has(name, word) or _has(without_titles(name), word)}
        for pin, names in self.pinned.items():
            if pin < len(self.given) and _has(self.given[pin], word):
                found.update(names)
        return found

    def with_body_key(self, key: str) -> set[str]:
        """Return the names of this `body_key`, whatever they were read as."""
        candidates = (name for words in (key, *body_key_sources(key)) for name in self._holding(words))
        return {name for name in candidates if body_key(name) == key}

    def called(self, shown: str) -> set[str]:
        """Return the names whose party may be shown under this name."""
        found = {one for one in self._holding(fold(shown)) if shown in _called(one)}
        for pin, names in self.pinned.items():
            if shown in self._given_to(pin):
                found.update(names)
        return found

    def _given_to(self, pin: int) -> tuple[str, ...]:
        """Return under which names the alias file may show one of its entries; none for those apart."""
        if pin >= len(self.given):
            return ()
        return self.given[pin], *_unnumbered(self.given[pin])

    def _holding(self, folded: str) -> Sequence[str]:
        """Return all names that hold the words of a folded text, and some more."""
        words = _WORD.findall(folded.replace(".", "")) or [_WORDLESS]
        return min((self._by_word.get(word, ()) for word in words), key=len)


def _index(names: Iterable[str], keys_of: Callable[[str], Iterable[str]]) -> Index:
    found: dict[str, list[str]] = {}
    for name in names:
        for key in keys_of(name):
            found.setdefault(key, []).append(name)
    return {key: tuple(holding) for key, holding in found.items()}


def _words_of(name: str) -> list[str]:
    """Return the words that a name is found by: without dots, as "U.S." and "US" are one."""
    folded = name.lower() if name.isascii() else fold(name)
    words = _WORD.findall(folded.replace(".", ""))
    return [*words, _WORDLESS] if _ODD.search(folded) else words


def _called(name: str) -> tuple[str, ...]:
    """Return the names that the party of a written name may be shown under, as far as this one tells."""
    bare = without_titles(name)
    if name.endswith(")"):
        return name, bare, *_unnumbered(name)
    return (name, bare) if bare != name else (name,)


def _unnumbered(name: str) -> tuple[str, ...]:
    """Return what a name is a numbered one of: parties of one name are told apart by numbers."""
    match = _NUMBERED.match(name)
    return (match[1],) if match else ()


def _initials_of(name: str) -> tuple[str, ...]:
    letters = initials(name)
    return (letters,) if ACRONYM.match(letters) else ()


def _has(name: str, word: str) -> bool:
    parsed = parse_name(name)
    return parsed.surname == word or parsed.given[:1] == (word,)


def _note(index: Index, keys: Iterable[str], name: str, *, stands: bool) -> None:
    """Put a name into an index or take it out; what other indexes share with this one stays as it is."""
    for key in keys:
        others = tuple(one for one in index.get(key, ()) if one != name)
        index[key] = (*others, name) if stands else others
