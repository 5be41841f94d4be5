"""Written names to groups, each one person or body. Pure, and near-linear in the number of names.

Everything is done in an order that depends on the names and their counts alone, so that the same names give
the same groups however they arrive.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from index.aliases import pin_of
from index.schema import MentionKind
from index.statements.names import body_key, initials, parse_name, same_person, short_forms
from index.written_names import ACRONYM, Written

__all__ = ["Cluster", "group_names"]

_SURE = 3
"""How many times as often the full name must stand as a bare one that is mostly read as no person's."""

_HOUSEHOLD = 10
"""How many times as often a person must stand as a first name alone that is to mean them."""


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


def group_names(
    written: Written, pins: Mapping[str, int], names: Iterable[str], is_rare: Callable[[str], bool]
) -> list[Cluster]:
    """Group names.

    Args:
        written: All names of the library with their counts.
        pins: By `form_key`, the entry of the alias file that a form belongs to: forms of one entry are one,
            forms of different entries are different.
        names: Those to group: all, or some that are linked with no others (`index.name_links`).
        is_rare: Tells of a first name whether no two surnames go with it.
    """
    people, bodies = _split_by_kind(written, sorted(names))
    singles = {name: _single(name, written, pins) for name in (*people, *bodies)}
    clusters = [
        *_people([singles[name] for name in people], is_rare),
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
    parsed = parse_name(name)
    full = {parsed.given: name} if parsed.given else {}
    return Cluster([name], written.kind(name), written.count(name), pin_of(name, pins), full)


def _split_by_kind(written: Written, names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the names of people and all others, in order."""
    people, bodies, doubtful = [], [], []
    known: Counter[str] = Counter()
    for name in names:
        role = written.role(name)
        if role == "person":
            people.append(name)
            if parse_name(name).given:
                known[parse_name(name).surname] += written.count(name)
        elif role == "body":
            bodies.append(name)
        else:
            doubtful.append(name)
    for name in doubtful:
        # A surname alone is easily read as a company's name; the people who bear it in full say otherwise.
        is_surname = known[parse_name(name).surname] >= _SURE * written.count(name)
        (people if is_surname else bodies).append(name)
    return people, bodies


def _people(singles: Sequence[Cluster], is_rare: Callable[[str], bool]) -> list[Cluster]:
    by_surname: dict[str, list[Cluster]] = defaultdict(list)
    for one in singles:
        one.kind = MentionKind.PERSON
        by_surname[parse_name(one.names[0]).surname].append(one)
    clusters: list[Cluster] = []
    for _, bearers in sorted(by_surname.items()):
        clusters += _bearers(bearers)
    return _with_first_names(clusters, is_rare)


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


def _with_first_names(clusters: Sequence[Cluster], is_rare: Callable[[str], bool]) -> list[Cluster]:
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
        first_name = parse_name(cluster.names[0]).surname
        homes = by_first.get(first_name, ())
        if not cluster.full and len(homes) == 1 and homes[0].count >= _HOUSEHOLD * cluster.count:
            home = _main_bearer(cluster, homes) if is_rare(first_name) else None
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
        for letters in {initials(name) for name in cluster.names if cluster.kind is not None} - {""}:
            by_initials[letters].append(cluster)
    kept = []
    for cluster in clusters:
        homes = by_initials.get(cluster.names[0], ()) if ACRONYM.match(cluster.names[0]) else ()
        if len(homes) == 1 and homes[0] is not cluster and homes[0].may_take(cluster.pin):
            homes[0].take(cluster)
        else:
            kept.append(cluster)
    return kept
