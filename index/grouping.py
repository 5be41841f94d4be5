"""Written names to groups, each one person or body. Pure, and near-linear in the number of names.

Everything is done in an order that depends on the names and their counts alone, so that the same names give
the same groups however they arrive.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from index.aliases import form_key
from index.schema import MentionKind
from index.statements.names import (
    body_key,
    body_of,
    is_body,
    is_named,
    parse_name,
    possessor,
    same_person,
    short_forms,
    without_titles,
)
from index.stores.protocol import StatementName

__all__ = ["Cluster", "Written", "group_names", "names_in_target"]

_SURE = 3
"""How many times as often the full name must stand as a bare one that is mostly read as no person's."""

_ACRONYM = re.compile(r"^[A-Z]{3,6}$")
_SMALL = frozenset("of the and for in on to de la".split())
_LINKS = frozenset("of the and for in on".split())

_HOUSEHOLD = 10
"""How many times as often a person must stand as a first name alone that is to mean them."""


def _reads_as_body(name: str) -> bool:
    """Whether a name of unknown kind is built like a body's: "Department of Justice", "ISIS"."""
    words = name.split()[1:]
    return bool(_LINKS.intersection(words)) or _ACRONYM.match(name) is not None


def names_in_target(target: str) -> list[str]:
    """Return the names under which a target is found: itself and whom it belongs to or is named for.

    >>> names_in_target("the Trump administration"), names_in_target("Mr. Trump's trade truce")
    (['the Trump administration', 'Trump'], ['Mr. Trump'])
    """
    owner = possessor(target)
    if owner is not None:
        return [owner]
    named_for = body_of(target)
    return [target, named_for] if named_for is not None and is_named(named_for) else [target]


@dataclass(slots=True)
class Written:
    """The names as written: how often each speaks, is spoken of, and as what it was read.

    Attributes:
        speaker, target: Statements by name; a target counts for each name in it.
        kinds: What each name was read as, counted.
        in_targets: The names in each target.
    """

    speaker: Counter[str] = field(default_factory=Counter)
    target: Counter[str] = field(default_factory=Counter)
    kinds: dict[str, Counter[MentionKind]] = field(default_factory=dict)
    in_targets: dict[str, list[str]] = field(default_factory=dict)
    _read: dict[str, MentionKind | None] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[StatementName]) -> "Written":
        """Count the names of a library."""
        written = cls()
        targets: Counter[str] = Counter()
        for row in rows:
            written.speaker[row.name] += row.speaker
            targets[row.name] += row.target
            if row.kind is not None:
                written.kinds.setdefault(row.name, Counter())[row.kind] += row.speaker + row.target
        for target, count in targets.items():
            if count > 0:
                written.in_targets[target] = names_in_target(target)
                for name in written.in_targets[target]:
                    written.target[name] += count
        return written

    def names(self) -> list[str]:
        """Return all names that stand in a statement, in order."""
        return sorted(name for name in self.speaker.keys() | self.target.keys() if self.count(name) > 0)

    def count(self, name: str) -> int:
        """Return how often a name stands in statements."""
        return self.speaker.get(name, 0) + self.target.get(name, 0)

    def kind(self, name: str) -> MentionKind | None:
        """Return what a name names by most of its readings; None for a description."""
        if name not in self._read:
            self._read[name] = self._kind(name)
        return self._read[name]

    def _kind(self, name: str) -> MentionKind | None:
        if not is_named(name):
            return None
        # A correction takes votes back: what is left of a kind may be none.
        readings = self.kinds.get(name, {}).items()
        votes = [(count, kind is MentionKind.PERSON, kind) for kind, count in readings]
        best = max((vote for vote in votes if vote[0] > 0), default=(0, False, None))[2]
        if best in (None, MentionKind.PERSON):
            body = is_body(name) or body_of(name) is not None or (best is None and _reads_as_body(name))
            return MentionKind.ORGANISATION if body else MentionKind.PERSON
        return best


@dataclass(slots=True)
class Cluster:
    """Names of one person or body.

    Attributes:
        names: As written.
        kind: What it is.
        count: In how many statements the names stand.
        pin: Which entry of the alias file has one of the names; a cluster never has names of two.
        full: Full names that every further one must fit, one for each way of writing the given names.
    """

    names: list[str]
    kind: MentionKind | None
    count: int
    pin: int | None = None
    full: dict[tuple[str, ...], str] = field(default_factory=dict)

    def may_take(self, pin: int | None) -> bool:
        """Whether a name with this pin contradicts no other one here."""
        return pin is None or self.pin is None or pin == self.pin

    def fits(self, name: str) -> bool:
        """Whether a name may be this person's."""
        known = self.full.values() or self.names[:1]
        return all(same_person(one, name) for one in known)

    def take(self, other: "Cluster") -> None:
        """Add the names of another cluster."""
        self.names += other.names
        self.count += other.count
        self.pin = other.pin if self.pin is None else self.pin
        self.full = {**other.full, **self.full}
        self.kind = self.kind or other.kind


def group_names(written: Written, pins: Mapping[str, int]) -> list[Cluster]:
    """Group all names.

    Args:
        written: The names with their counts.
        pins: By `form_key`, the entry of the alias file that a form belongs to: forms of one entry are one,
            forms of different entries are different.
    """
    people, bodies = _split_by_kind(written)
    singles = {name: _single(name, written, pins) for name in (*people, *bodies)}
    clusters = [
        *_people([singles[name] for name in people]),
        *_bodies([singles[name] for name in bodies]),
    ]
    by_pin: dict[int, Cluster] = {}
    free: list[Cluster] = []
    for cluster in sorted(clusters, key=_rank):
        if cluster.pin is None:
            free.append(cluster)
        elif cluster.pin in by_pin:
            by_pin[cluster.pin].take(cluster)
        else:
            by_pin[cluster.pin] = cluster
    return sorted((*free, *by_pin.values()), key=_rank)


def _rank(cluster: Cluster) -> tuple[int, str]:
    return -cluster.count, min(cluster.names)


def _single(name: str, written: Written, pins: Mapping[str, int]) -> Cluster:
    kind, parsed = written.kind(name), parse_name(name)
    pin = pins.get(form_key(name)) if pins else None
    if pins and pin is None and parsed.given:
        pin = pins.get(form_key(without_titles(name)))
    full = {parsed.given: name} if parsed.given else {}
    return Cluster([name], kind, written.count(name), pin, full)


def _split_by_kind(written: Written) -> tuple[list[str], list[str]]:
    """Return the names of people and all others, in order."""
    people, bodies, doubtful = [], [], []
    known: Counter[str] = Counter()
    for name in written.names():
        kind = written.kind(name)
        if kind is MentionKind.PERSON:
            people.append(name)
            if parse_name(name).given:
                known[parse_name(name).surname] += written.count(name)
        elif kind in (None, MentionKind.PLACE) or parse_name(name).given or is_body(name):
            bodies.append(name)
        else:
            doubtful.append(name)
    for name in doubtful:
        # A surname alone is easily read as a company's name; the people who bear it in full say otherwise.
        is_surname = known[parse_name(name).surname] >= _SURE * written.count(name)
        (people if is_surname else bodies).append(name)
    return people, bodies


def _people(singles: Sequence[Cluster]) -> list[Cluster]:
    by_surname: dict[str, list[Cluster]] = defaultdict(list)
    for one in singles:
        one.kind = MentionKind.PERSON
        by_surname[parse_name(one.names[0]).surname].append(one)
    clusters: list[Cluster] = []
    for _, bearers in sorted(by_surname.items()):
        clusters += _bearers(bearers)
    return _with_first_names(clusters)


def _bearers(singles: Sequence[Cluster]) -> list[Cluster]:
    """Group the names that share a surname; a bare surname goes to the bearer who is named most."""
    groups: list[Cluster] = []
    # Comparing each name with each group would take far too long for a frequent surname.
    by_given: dict[str, dict[int, Cluster]] = defaultdict(dict)
    for one in sorted((one for one in singles if one.full), key=_full_first):
        given = parse_name(one.names[0]).given[0].rstrip(".")
        near = {number: group for key in _sought(given) for number, group in by_given[key].items()}
        home = _first_home(one, [near[number] for number in sorted(near)])
        if home is None:
            groups.append(one)
            number = len(groups)
        else:
            number = next(number for number in near if near[number] is home)
            home.take(one)
        for key in _noted(given):
            by_given[key].setdefault(number, home or one)
    alone: list[Cluster] = []
    for one in sorted((one for one in singles if not one.full), key=_rank):
        home = _main_bearer(one, groups) or _first_home(one, alone)
        if home is None:
            alone.append(one)
        else:
            home.take(one)
    return [*groups, *alone]


def _noted(given: str) -> list[str]:
    """Return under what a group with this given name is found: the name, its short forms, its initial."""
    forms = [f"short {number}" for number in short_forms(given)]
    return [given, *forms, f"initial of {given[:1]}" if len(given) > 2 else f"is {given[:1]}"]


def _sought(given: str) -> list[str]:
    """Return where to look for groups that a given name may fit."""
    if len(given) > 2:
        return [given, *(f"short {number}" for number in short_forms(given)), f"is {given[:1]}"]
    return [given, f"initial of {given[:1]}", f"is {given[:1]}"]


def _full_first(one: Cluster) -> tuple[bool, int, int, str]:
    """Initials come last: "J. Smith" must not make one of John and Jane."""
    given = parse_name(one.names[0]).given[0].rstrip(".")
    return len(given) < 3, -one.count, -len(one.names[0]), one.names[0]


def _first_home(one: Cluster, groups: Sequence[Cluster]) -> Cluster | None:
    name = one.names[0]
    return next((group for group in groups if group.may_take(one.pin) and group.fits(name)), None)


def _main_bearer(one: Cluster, groups: Sequence[Cluster]) -> Cluster | None:
    """Return the person a bare surname means: the one named more than all other bearers together."""
    fitting = [group for group in groups if group.may_take(one.pin) and group.fits(one.names[0])]
    if not fitting:
        return None
    best = min(fitting, key=_rank)
    others = sum(group.count for group in fitting) - best.count
    return best if best.count > others else None


def _with_first_names(clusters: Sequence[Cluster]) -> list[Cluster]:
    """Give a bare name that is nobody's surname ("Hillary") to the one person by that first name.

    There must be no other bearer, and this one must be a household name in the library.
    """
    by_first: dict[str, list[Cluster]] = defaultdict(list)
    for cluster in clusters:
        for given in sorted({given[0] for given in cluster.full}):
            by_first[given].append(cluster)
    kept = []
    for cluster in clusters:
        home = None
        homes = by_first.get(parse_name(cluster.names[0]).surname, ())
        if not cluster.full and len(homes) == 1 and homes[0].count >= _HOUSEHOLD * cluster.count:
            home = _main_bearer(cluster, homes)
        if home is None:
            kept.append(cluster)
        else:
            home.take(cluster)
    return kept


def _bodies(singles: Sequence[Cluster]) -> list[Cluster]:
    """Group names that are equal but for "the", "Inc." and short forms, and acronyms with their names."""
    by_key: dict[str, list[Cluster]] = defaultdict(list)
    for one in sorted(singles, key=_rank):
        groups = by_key[body_key(one.names[0])]
        home = next((group for group in groups if group.may_take(one.pin)), None)
        if home is None:
            groups.append(one)
        else:
            home.take(one)
    clusters = [cluster for _, groups in sorted(by_key.items()) for cluster in groups]
    by_initials: dict[str, list[Cluster]] = defaultdict(list)
    for cluster in clusters:
        for initials in {_initials(name) for name in cluster.names if cluster.kind is not None} - {""}:
            by_initials[initials].append(cluster)
    kept = []
    for cluster in clusters:
        homes = by_initials.get(cluster.names[0], ()) if _ACRONYM.match(cluster.names[0]) else ()
        if len(homes) == 1 and homes[0] is not cluster and homes[0].may_take(cluster.pin):
            homes[0].take(cluster)
        else:
            kept.append(cluster)
    return kept


def _initials(name: str) -> str:
    words = [word for word in re.findall(r"[A-Za-z]+", name) if word.lower() not in _SMALL]
    return "".join(word[0] for word in words).upper() if len(words) > 2 else ""
