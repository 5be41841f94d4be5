"""Who appears in one article: people by name, gender and role, and which mention covers a place."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from index.patterns import regex
from index.schema import Mention, MentionKind
from index.statements.names import Gender, fold, parse_name
from index.statements.wordsets import word_set

_ROLES = (
    r"(?:vice\s|deputy\s)?(?:president|prime minister|foreign minister|finance minister|minister|premier"
    r"|chancellor|attorney general|secretary of state|secretary of commerce|secretary|senator|congressman"
    r"|congresswoman|representative|governor|mayor|speaker|majority leader|minority leader|leader|first lady"
    r"|candidate|nominee|front-?runner|businessman|billionaire|tycoon|mogul|developer|magnate|king|queen"
    r"|prince|pope|pontiff|justice|judge|general|ambassador|chairman|chairwoman|chief executive|ceo|director"
    r"|professor|lawmaker|surgeon|neurosurgeon|commissioner|sheriff|analyst|strategist|lawyer|attorney|pollster|author"
    r"|host|widow|founder)"
)
_ROLE = regex(rf"\b{_ROLES}\b", re.IGNORECASE)
_ROLE_BEFORE = regex(
    rf"((?:[\w.’'-]+\s){{0,4}}?)\b({_ROLES})((?:\s(?:of|for)(?:\s(?:the\s)?[A-Z][\w.’'-]*)+)?),?\s$",
    re.IGNORECASE,
)
_ROLE_AFTER = regex(r"\s?,\s(?:who\sis\s)?((?:the|a|an|former)\s[^,.;:“”\"()]{3,70})[,.;—]")
_HOME_AFTER = regex(r"\sof\s(?:the\s)?([A-Z][\w.’'-]+)")
_PARTY_AFTER = regex(r"\s?\((?:[RD])-([A-Z][\w.]+)\)")

# Peoples and countries whose first four letters differ.
_PEOPLES = {
    "american": "unit",
    "u.s.": "unit",
    "us": "unit",
    "french": "fran",
    "dutch": "neth",
    "british": "brit",
    "uk": "brit",
    "u.k.": "brit",
    "spanish": "spai",
    "polish": "pola",
    "irish": "irel",
    "danish": "denm",
    "swiss": "swit",
}
_EMPTY = word_set(
    """
    the a an his her their its our former ex new then and of for in by to from with says said as current
    old longtime late late-night but that mr mrs ms while when after before like fellow his time one two
    five
    """
)


@dataclass(frozen=True, slots=True)
class Role:
    """An office or trade with what narrows it: "president" and {"kaza"} for "the Kazakh president"."""

    head: str
    marks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cast:
    """The mentions of one article in order, with what is known about its people.

    Attributes:
        starts: Start of each mention, for look-up by place.
        genders: Gender of each person by name, where known.
        counts: How often each person is named.
        roles: Roles under which the article introduces a person.
    """

    mentions: tuple[Mention, ...]
    starts: tuple[int, ...]
    genders: dict[str, Gender]
    counts: Counter[str]
    roles: tuple[tuple[Role, str], ...]

    def at(self, start: int, end: int) -> Mention | None:
        """Return the mention that overlaps the range, if any."""
        number = bisect_right(self.starts, end - 1) - 1
        if number >= 0 and self.mentions[number].end > start:
            return self.mentions[number]
        return None

    def between(self, start: int, end: int, *kinds: MentionKind) -> list[Mention]:
        """Return the mentions of these kinds that lie in the range."""
        first = bisect_right(self.starts, start - 1)
        found = []
        for mention in self.mentions[first:]:
            if mention.start >= end:
                break
            if mention.kind in kinds and mention.end <= end:
                found.append(mention)
        return found

    def with_role(self, phrase: str) -> str | None:
        """Return the person an article means by "the U.S. president"; None if nobody is introduced so."""
        wanted = _role_of(phrase)
        if wanted is None:
            return None
        scored: Counter[str] = Counter()
        for role, name in self.roles:
            if role.head == wanted.head or (role.head.endswith(wanted.head) and "vice" not in role.head):
                shared = role.marks & wanted.marks
                clash = bool(role.marks and wanted.marks and not shared)
                scored[name] = max(scored[name], 0 if clash else 1 + 2 * len(shared))
        fitting = [name for name in scored if scored[name] > 0]
        return max(fitting, key=lambda name: (scored[name], self.counts[name], name), default=None)


def meet_cast(text: str, mentions: Sequence[Mention], *, with_roles: bool = True) -> Cast:
    """Read who the people of an article are from its mentions and the words around them.

    Args:
        text: The article.
        mentions: What it names, in order.
        with_roles: Whether offices and trades are read, which takes most of the time.
    """
    votes: dict[str, Counter[Gender]] = {}
    counts: Counter[str] = Counter()
    roles: list[tuple[Role, str]] = []
    for mention in mentions:
        if mention.kind is not MentionKind.PERSON:
            continue
        counts[mention.name] += 1
        for name, weight in ((text[mention.start : mention.end], 2), (mention.name, 1)):
            gender = parse_name(name).gender
            if gender is not None:
                votes.setdefault(mention.name, Counter())[gender] += weight
        if with_roles:
            roles += [(role, mention.name) for role in _roles_around(text, mention)]
    return Cast(
        tuple(mentions),
        tuple(mention.start for mention in mentions),
        {name: count.most_common(1)[0][0] for name, count in votes.items()},
        counts,
        tuple(dict.fromkeys(roles)),
    )


def _roles_around(text: str, mention: Mention) -> list[Role]:
    surname = fold(mention.name).split()[0] if mention.name else ""
    words = text[mention.start : mention.end]
    inside = fold(words).find(surname)
    lead = text[max(0, mention.start - 90) : mention.start + max(inside, 0)]
    lead = re.split(r"[\n;:“”\"()]|\.\s(?=[A-Z][a-z])|,\s(?=\S*\s\S*$)", lead)[-1]
    roles = []
    # Most names have no role before them, which a simple pattern tells in a twentieth of the time.
    before = _ROLE_BEFORE.search(lead) if lead[-1:].isspace() and _ROLE.search(lead) else None
    behind = text[mention.end : mention.end + 110].split("\n")[0]
    home = _HOME_AFTER.match(behind)
    party = _PARTY_AFTER.match(behind)
    if before:
        marks = _marks(f"{before.group(1)} {before.group(3)}")
        if home:
            marks |= _marks(home.group(1))
        if party:
            marks |= _marks(party.group(1))
        roles.append(Role(_head(before.group(2)), marks))
    after = _ROLE_AFTER.match(behind)
    if after:
        role = _role_of(after.group(1))
        if role is not None:
            roles.append(role)
    return roles


def holds_role(text: str, end: int) -> bool:
    """Whether a name that ends at `end` is followed by an office or trade (", the mayor of Linz,")."""
    behind = _ROLE_AFTER.match(text[end : end + 110].split("\n")[0])
    return behind is not None and _ROLE.search(behind.group(1)) is not None


def is_role(phrase: str) -> bool:
    """Whether a definite phrase names somebody by office or trade ("the Vermont senator")."""
    return re.fullmatch(rf"the\s(?:[\w.’'-]+\s){{0,4}}{_ROLES}", phrase, re.IGNORECASE) is not None


def _head(role: str) -> str:
    return " ".join(fold(role).split())


def _role_of(phrase: str) -> Role | None:
    """Read a role phrase: its head and the words that narrow it."""
    match = _ROLE.search(phrase)
    if match is None:
        return None
    return Role(_head(match.group()), _marks(phrase[: match.start()] + " " + phrase[match.end() :]))


def _marks(words: str) -> frozenset[str]:
    marks = set()
    for word in words.replace("’", "'").split():
        plain = re.sub(r"'s?$", "", word.casefold().strip(","))
        if plain and plain not in _EMPTY:
            marks.add(_PEOPLES.get(plain, plain[:4]))
    return frozenset(marks)
