"""Who is who across a library: which written names are one person or body.

A library's names are grouped once and kept until its articles, its corrections or its alias file change.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from index.aliases import Aliases, form_key, read_aliases
from index.corrections import corrected_names
from index.errors import InputError
from index.grouping import Cluster, Written, group_names, names_in_target
from index.library import ALIAS_FILE, Library
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

__all__ = ["Directory", "Party", "directory", "names_in", "unknown_name"]

_COMPARED = 20_000
"""Names compared when looking for one that is spelt alike; the most frequent ones."""

_NOTHING_SAID = Aliases()


def directory(library: Library) -> "Directory":
    """Return who is who in this library; made again only after a change.

    Raises InputError where the alias file cannot be understood.
    """
    return library.kept(_make)


def _make(library: Library) -> "Directory":
    return Directory.of(names_in(library), read_aliases(library.path / ALIAS_FILE))


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


@dataclass(frozen=True, slots=True)
class Directory:
    """The parties of a library; make it with `of`.

    Attributes:
        parties: By name.
        pins: Which party the alias file gives a form, by `form_key`.
        party_of: The party of each name as written.
        named_in: The targets as written that name each party ("the Trump administration" names Trump).
        by_body: The parties by the `body_key` of each of their names.
        by_word: The people with their full names, by surname and by first name.
    """

    parties: Mapping[str, Party]
    pins: Mapping[str, str]
    party_of: Mapping[str, str]
    named_in: Mapping[str, Sequence[str]]
    by_body: Mapping[str, set[str]]
    by_word: Mapping[str, set[tuple[str, str]]]

    @classmethod
    def of(cls, names: Iterable[StatementName], aliases: Aliases = _NOTHING_SAID) -> "Directory":
        """Group names into parties; the order of `names` does not matter."""
        written = Written.of(names)
        groups = aliases.groups()
        pins = {form_key(form): number for number, forms in enumerate(groups) for form in forms}
        clusters = group_names(written, pins)
        parties = _parties(clusters, written, [forms[0] for forms in aliases.people])
        party_of = {form: name for name, party in parties.items() for form, _ in party.forms}
        by_pin = {cluster.pin: party_of[cluster.names[0]] for cluster in clusters if cluster.pin is not None}
        named_in: dict[str, list[str]] = defaultdict(list)
        for target, inner in sorted(written.in_targets.items()):
            for name in inner:
                named_in[party_of[name]].append(target)
        by_body: dict[str, set[str]] = defaultdict(set)
        for form, name in party_of.items():
            by_body[body_key(form)].add(name)
        by_word: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for name, party in parties.items():
            for form in _full_forms(party):
                for word in {parse_name(form).surname, *parse_name(form).given[:1]}:
                    by_word[word].add((form, name))
        pinned = {form: by_pin[number] for form, number in pins.items() if number in by_pin}
        return cls(parties, pinned, party_of, named_in, by_body, by_word)

    def name_of(self, written: str) -> str:
        """Return the library-wide name of a name as written in an article (itself when it is new)."""
        return self.party_of.get(written, written)

    def kind_of(self, name: str) -> MentionKind | None:
        """Return what a name, library-wide or as written, names."""
        party = self.parties.get(self.name_of(name)) or self.parties.get(name)
        return party.kind if party else None

    def names_of_target(self, target: str) -> set[str]:
        """Return the parties that a target concerns: itself, and whom it belongs to or is named for."""
        return {self.name_of(name) for name in names_in_target(target)}

    def forms(self, names: Iterable[str]) -> list[str]:
        """Return how these parties are written in the articles."""
        return sorted({form for name in names for form, _ in self.parties[name].forms})

    def targets(self, names: Iterable[str]) -> list[str]:
        """Return the targets as written that concern these parties."""
        return sorted({target for name in names for target in self.named_in.get(name, ())})

    def meant_by(self, asked: str) -> frozenset[str]:
        """Return the library-wide names of those whom a name in a question means; empty when unknown.

        The alias file decides first. A bare surname means its most frequent bearer.
        """
        pinned = self.pins.get(form_key(asked)) or self.pins.get(form_key(without_titles(asked)))
        if pinned is not None:
            return frozenset({pinned})
        exact = frozenset(self.by_body.get(body_key(asked), ()))
        parsed = parse_name(asked)
        if is_body(asked) or (not parsed.given and any(self._is_thing(name) for name in exact)):
            return exact
        fitting = {
            name
            for word in {parsed.surname, *parsed.given[:1]} - {""}
            for form, name in self.by_word.get(word, ())
            if same_person(asked, form)
        }
        if parsed.given or len(fitting) < 2:
            return exact | fitting
        bearers = {
            name for form, name in self.by_word[parsed.surname] if parse_name(form).surname == parsed.surname
        }
        surnamed = fitting & bearers or fitting
        return exact | {max(surnamed, key=lambda name: (self.parties[name].statements, name))}

    def _is_thing(self, name: str) -> bool:
        return self.parties[name].kind not in (None, MentionKind.PERSON)

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
