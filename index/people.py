"""Who is who across a library: which written names are one person or body.

A party is settled when somebody asks for it, from the few names that can have to do with it, and kept until
articles, corrections or the alias file change what its names depend on.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from threading import RLock

from index.aliases import Aliases, form_key, read_aliases
from index.corrections import corrected_names
from index.errors import InputError
from index.grouping import Cluster, group_names
from index.library import ALIAS_FILE, Library
from index.name_links import NameLinks
from index.schema import MentionKind
from index.statements.names import (
    body_key,
    fullness,
    is_body,
    is_named,
    parse_name,
    same_person,
    without_titles,
)
from index.stores.protocol import StatementName
from index.written_names import Written, names_in_target

__all__ = ["Directory", "Party", "directory", "names_in", "unknown_name"]

_COMPARED = 20_000
"""Names compared when looking for one that is spelt alike; the most frequent ones."""

_NOTHING_SAID = Aliases()


def directory(library: Library) -> "Directory":
    """Return who is who in this library; after a change only what it concerns is settled anew.

    Raises InputError where the alias file cannot be understood.
    """
    return library.kept(_make, _renew)


def _make(library: Library) -> "Directory":
    return Directory.of(names_in(library), read_aliases(library.path / ALIAS_FILE))


def _renew(library: Library, former: "Directory") -> "Directory":
    return former.after(names_in(library), read_aliases(library.path / ALIAS_FILE))


def names_in(library: Library) -> list[StatementName]:
    """Return the names that the statements of a library carry after corrections."""
    return [*library.store.statement_names(), *corrected_names(library)]


@dataclass(frozen=True, slots=True)
class Party:
    """One person or body of the library.

    Attributes:
        name: The name it goes by in the whole library; no other party has it.
        kind: What it is; None for a description that names nobody ("a senior official").
        forms: The names it has in the articles, most frequent first, each with its number of statements.
        speaker, target: How many statements it makes, and how many are about it or something of its.
    """

    name: str
    kind: MentionKind | None
    forms: tuple[tuple[str, int], ...]
    speaker: int
    target: int

    @property
    def statements(self) -> int:
        """How often it stands in statements at all."""
        return self.speaker + self.target


class Directory:
    """The parties of a library; make it with `of`. Any thread may ask it.

    Args:
        names: What the library's statements carry; each name and kind once.
        aliases: What the alias file says.
        links: Which of the names can have to do with each other.
    """

    def __init__(self, names: "_Names", aliases: Aliases, links: NameLinks) -> None:
        self._names = names
        self._aliases = aliases
        self._links = links
        self._written = links.written
        # What has been settled: whenever a name is, all names that are linked with it are.
        self._parties: dict[str, Party] = {}
        self._party_of: dict[str, str] = {}
        self._settling = RLock()

    @classmethod
    def of(cls, names: Iterable[StatementName], aliases: Aliases = _NOTHING_SAID) -> "Directory":
        """Group names into parties; the order of `names` does not matter."""
        counted = _counted(names)
        pins = {form_key(form): number for number, forms in enumerate(aliases.groups()) for form in forms}
        given = [forms[0] for forms in aliases.people]
        return cls(counted, aliases, NameLinks(Written.of(counted.values()), pins, given))

    def after(self, names: Iterable[StatementName], aliases: Aliases) -> "Directory":
        """Return what `of` would; only what the changed names concern is settled anew."""
        if aliases != self._aliases:
            return Directory.of(names, aliases)
        counted = _counted(names)
        changes = _differences(self._names, counted)
        if not changes:
            return self
        changed = {name for row in changes for name in (row.name, *names_in_target(row.name))}
        written = self._written.plus(changes)
        links = NameLinks(written, self._links.pins, self._links.given, self._links, changed)
        made = Directory(counted, aliases, links)
        with self._settling:
            made._parties, made._party_of = dict(self._parties), dict(self._party_of)
        # One surname more or less for a first name changes who may be meant by the first name alone.
        first_names = {first for name in changed for first in parse_name(name).given[:1]}
        for of in (self._links, links):
            made._forget(of.together({*changed, *(name for first in first_names for name in of.bare(first))}))
        return made

    def _forget(self, names: Iterable[str]) -> None:
        for name in names:
            if name in self._party_of:
                for form, _ in self._parties.pop(self._party_of[name]).forms:
                    del self._party_of[form]

    def _settle(self, names: Iterable[str]) -> None:
        """Group the names that no name outside is linked with."""
        links = self._links
        clusters = group_names(self._written, links.pins, names, links.is_rare)
        found = _parties(clusters, self._written, links.given)
        self._parties.update(found)
        self._party_of.update({form: name for name, party in found.items() for form, _ in party.forms})

    def settle(self, names: Iterable[str]) -> None:
        """Settle many names as written at once, which takes less time than asking for each of them."""
        self._settled([name for name in names if self._written.count(name) > 0])

    def _settled(self, names: Collection[str]) -> set[str]:
        """Return the parties of written names of the library."""
        with self._settling:
            missing = [name for name in names if name not in self._party_of]
            if missing:
                self._settle(self._links.together(missing))
            return {self._party_of[name] for name in names}

    @property
    def parties(self) -> Mapping[str, Party]:
        """All parties by name, in order; the first call settles them all."""
        with self._settling:
            missing = [name for name in self._written.names() if name not in self._party_of]
            if missing:
                self._settle(missing)
            return dict(sorted(self._parties.items()))

    @property
    def pins(self) -> Mapping[str, str]:
        """Which party the alias file gives a form, by `form_key`."""
        pinned = {pin: self.name_of(names[0]) for pin, names in self._links.pinned.items()}
        return {form: pinned[pin] for form, pin in self._links.pins.items() if pin in pinned}

    def party(self, name: str) -> Party | None:
        """Return a party by the name that it goes by in the whole library."""
        if name not in self._parties:
            self._settled(self._links.called(name))
        return self._parties.get(name)

    def name_of(self, written: str) -> str:
        """Return the library-wide name of a name as written in an article (itself when it is new)."""
        known = self._party_of.get(written)
        if known is None and self._written.count(written) > 0:
            (known,) = self._settled([written])
        return written if known is None else known

    def kind_of(self, name: str) -> MentionKind | None:
        """Return what a name, library-wide or as written, names."""
        party = self.party(self.name_of(name)) or self.party(name)
        return party.kind if party else None

    def names_of_target(self, target: str) -> set[str]:
        """Return the parties that a target concerns: itself, and whom it belongs to or is named for."""
        return {self.name_of(name) for name in names_in_target(target)}

    def forms(self, names: Iterable[str]) -> list[str]:
        """Return how these parties are written in the articles."""
        return sorted({form for party in map(self.party, names) if party for form, _ in party.forms})

    def targets(self, names: Iterable[str]) -> list[str]:
        """Return the targets as written that concern these parties."""
        return sorted({target for form in self.forms(names) for target in self._written.targets(form)})

    def meant_by(self, asked: str) -> frozenset[str]:
        """Return the library-wide names of those whom a name in a question means; empty when unknown.

        The alias file decides first. A bare surname means its most frequent bearer.
        """
        pins = self.pins
        pinned = pins.get(form_key(asked)) or pins.get(form_key(without_titles(asked)))
        if pinned is not None:
            return frozenset({pinned})
        exact = frozenset(self._settled(self._links.with_body_key(body_key(asked))))
        parsed = parse_name(asked)
        if is_body(asked) or (not parsed.given and any(self._is_thing(name) for name in exact)):
            return exact
        forms = {word: self._people_by(word) for word in {parsed.surname, *parsed.given[:1]} - {""}}
        fitting = {name for found in forms.values() for form, name in found if same_person(asked, form)}
        if parsed.given or len(fitting) < 2:
            return exact | fitting
        bearers = {name for form, name in forms[parsed.surname] if parse_name(form).surname == parsed.surname}
        surnamed = fitting & bearers or fitting
        return exact | {max(surnamed, key=lambda name: (self._parties[name].statements, name))}

    def _people_by(self, word: str) -> set[tuple[str, str]]:
        """Return the people with their full names that this is a surname or first name of."""
        return {
            (form, name)
            for name in self._settled(self._links.with_word(word))
            for form in _full_forms(self._parties[name])
            if word in {parse_name(form).surname, *parse_name(form).given[:1]}
        }

    def _is_thing(self, name: str) -> bool:
        return self._parties[name].kind not in (None, MentionKind.PERSON)

    def nearest(self, asked: str, count: int = 3) -> list[str]:
        """Return names of the library that are spelt much like an unknown one, best first."""
        wanted = form_key(asked)
        if not wanted:
            return []
        spelt: dict[str, str] = {}
        for party in sorted(self.parties.values(), key=lambda one: (-one.statements, one.name))[:_COMPARED]:
            if party.kind is not None and form_key(party.name):
                spelt.setdefault(form_key(party.name), party.name)
                spelt.setdefault(form_key(party.name).split()[-1], party.name)
        close = get_close_matches(wanted, spelt, n=4 * count, cutoff=0.6)
        close += get_close_matches(wanted.split()[-1], spelt, n=count, cutoff=0.75)
        return list(dict.fromkeys(spelt[word] for word in close))[:count]


_Names = dict[tuple[str, MentionKind | None], StatementName]


def _counted(names: Iterable[StatementName]) -> _Names:
    """Return names by name and kind; what stands more than once is added up."""
    counted: _Names = {}
    for row in names:
        known = counted.setdefault((row.name, row.kind), row)
        if known is not row:
            counted[row.name, row.kind] = StatementName(
                row.name, row.kind, known.speaker + row.speaker, known.target + row.target
            )
    return counted


def _differences(before: _Names, after: _Names) -> list[StatementName]:
    """Return what must be added to one to make the other; negative counts take away."""
    changes, stayed = [], 0
    for key, now in after.items():
        was = before.get(key)
        if was is None:
            changes.append(now)
            continue
        stayed += 1
        if was.speaker != now.speaker or was.target != now.target:
            more, more_as_target = now.speaker - was.speaker, now.target - was.target
            changes.append(StatementName(now.name, now.kind, more, more_as_target))
    if stayed < len(before):
        gone = (was for key, was in before.items() if key not in after)
        changes += [StatementName(was.name, was.kind, -was.speaker, -was.target) for was in gone]
    return changes


def unknown_name(people: Directory, name: str) -> InputError:
    """Return the error for a name that no statement has; it offers names that are spelt alike."""
    near = people.nearest(name)
    listed = "python -m index people lists all names."
    return InputError(
        f"No statement in the library is by or about {name!r}.",
        f"Did you mean {' or '.join(near)}? {listed}" if near else listed,
    )


def _full_forms(party: Party) -> set[str]:
    """Return the names by which a person can be told from others; a bare surname only where it is all."""
    if party.kind is not MentionKind.PERSON:
        return set()
    forms = {form for form, _ in party.forms if parse_name(form).given}
    return {party.name, *forms}


def _parties(clusters: Sequence[Cluster], written: Written, given: Sequence[str]) -> dict[str, Party]:
    """Name each cluster; `given` are the names of the alias file's entries, by their numbers."""
    parties: dict[str, Party] = {}
    # Names that the user gave are never taken by others.
    for cluster in sorted(clusters, key=lambda one: one.pin is None or one.pin >= len(given)):
        counts = {name: written.count(name) for name in cluster.names}
        forms = sorted(counts.items(), key=lambda form: (-form[1], form[0]))
        is_given = cluster.pin is not None and cluster.pin < len(given)
        wanted = given[cluster.pin or 0] if is_given else _usual_name(cluster, counts)
        name = _free_name([wanted, *(form for form, _ in forms)], parties)
        # What the user calls somebody is a name, whatever it looks like.
        kind = cluster.kind or (MentionKind.PERSON if is_given and is_named(wanted) else None)
        parties[name] = Party(
            name,
            kind,
            tuple(forms),
            sum(written.speaker.get(form, 0) for form in cluster.names),
            sum(written.target.get(form, 0) for form in cluster.names),
        )
    return dict(sorted(parties.items()))


def _usual_name(cluster: Cluster, counts: Mapping[str, int]) -> str:
    """Return the fullest form, and of equally full ones the most frequent; people's without titles."""
    if len(counts) == 1:
        return without_titles(cluster.names[0]) if cluster.kind is MentionKind.PERSON else cluster.names[0]
    forms: Counter[str] = Counter()
    for name, count in counts.items():
        forms[without_titles(name) if cluster.kind is MentionKind.PERSON else name] += count
    return max(forms, key=lambda form: (fullness(form)[0], forms[form], len(form), form))


def _free_name(wanted: Sequence[str], taken: Mapping[str, Party]) -> str:
    """Return the first name that no other party has; the last one numbered when all are taken."""
    for name in wanted:
        if name not in taken:
            return name
    number = 2
    while f"{wanted[0]} ({number})" in taken:
        number += 1
    return f"{wanted[0]} ({number})"
