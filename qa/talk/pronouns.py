"""Put names in the place of the pronouns of a follow-up question. Pure.

A pronoun that finds whom it means inside its own question is left alone ("Did Ito say she would resign?").
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.patterns import regex
from index.schema import MentionKind
from index.statements.names import Gender, is_body
from qa.names import names_in
from qa.schema import Constraint, Wanted
from qa.talk.referents import (
    Role,
    days_meant,
    noun_phrases,
    people_meant,
    places_meant,
    several_meant,
    things_meant,
)
from qa.talk.turns import Conversation, Names
from qa.wording import STOP_WORDS, kind_of_noun, stance_of_verb, words

_QUOTED = regex(r"“[^”]*”|\"[^\"]*\"")
_PRONOUN = regex(r"\b(?:he|him|his|she|her|they|them|their|it|its|there|this|that|these|those)\b", re.I)
_GENDER: dict[str, Gender] = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f"}
_PLURAL = frozenset({"they", "them", "their"})
_POINTING = frozenset({"this", "that", "these", "those"})
_KEY = {"him": "he", "his": "he", "her": "she", "them": "they", "their": "they", "its": "it"}

_CLAUSE = regex(
    r"\b(?:that|when|because|after|before|since|until|once|if|unless|whether|while|though|although|as|than|who"
    r"|which|whose|where|and|but|what|how|why|[a-z]{2,}ing)\b|,"
)
_TOLD = regex(
    r"\b(?:say|says|said|announced?|claim(?:ed|s)?|believes?|thinks?|thought|report(?:ed|s)?|warn(?:ed|s)?"
    r"|promised?|admit(?:ted|s)?|confirm(?:ed|s)?|hopes?|knows?|knew|denied|denies)(?: that)?\s*$",
    re.I,
)
"""Words before the subject of a clause that tells what somebody said."""

_ASKS_ACTOR = regex(
    r"\s*(?:who|whose|which (?P<noun>[a-z][a-z -]*?)(?= [a-z]+(?:ed|s)?\b))\b(?! (?:did|does|do)\b)", re.I
)
_AUXILIARY = r"(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|might|may|must)"
_EXPLETIVE = regex(
    rf"\b{_AUXILIARY} it (?:true|possible|likely|clear|correct|the case|that|because|said|reported|known"
    r"|expected|why|rain|snow|take)|\bit (?:is|was) (?:true|possible|likely|clear|correct|said|reported|known"
    r"|expected|that|because)\b|\bit (?:takes?|took)\b"
    r"|\b(?:ma[dk]es?|making|finds?|found) it (?:more |less )?"
    r"[a-z]*(?:er|ible|able|al|cult|hard|easy|clear)\b",
    re.I,
)
_EXISTENTIAL = regex(
    rf"\b{_AUXILIARY} there(?= \w)|\bthere {_AUXILIARY}\b|how (?:many|much) [\w -]*{_AUXILIARY} there\b", re.I
)
_SHORT = 6
"""Words of a question such as "how long did it take?", which needs another to be understood."""

_AFTER_OWNER = frozenset("own most first last new former".split())
_DAY_WORDS = frozenset("day date time month year week night".split())
_NOUN_AFTER = regex(
    r"\s+((?:[a-z][\w-]* ){0,2}?[a-z][\w-]+)"
    r"(?=\s*(?:[?.,]|$)|\s+(?:in|on|of|for|with|by|to|was|is|were|are)\b)"
)
_NAMED = r"(?:it|(?:the|this|that) (?:article|story|report|piece|commentary|column)|this|that)"
_PUBLISHED = regex(
    r"\b(?:who (?:wrote|authored|penned|reported)"
    r"|(?:what|which) [a-z]+ (?:published|ran|carried|printed|wrote)"
    r"|(?:what|who) (?:is|was) the (?:title|headline|author|source) of"
    rf"|(?:when|where|by whom) (?:was|were)(?= {_NAMED} (?:published|written|printed|posted)))"
    rf" (?P<what>{_NAMED})\b(?! (?:of|about|on|by|that|which|bill|law|deal)\b)",
    re.I,
)
"""Questions about an article itself."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question with names in the place of its pronouns, and what was carried for them.

    `left` says whether a pronoun needs the conversation but nothing fits it.
    """

    text: str
    carried: tuple[Constraint, ...] = ()
    left: bool = False


@dataclass(slots=True)
class _Reading:
    """What has been read of one question so far, left to right."""

    text: str
    conversation: Conversation
    names: Names
    without: frozenset[str]
    people: dict[str, str] = field(default_factory=dict)
    carried: dict[str, Constraint] = field(default_factory=dict)
    left: bool = False


def resolve(text: str, conversation: Conversation, names: Names, without: Sequence[str]) -> Resolved:
    """Return the question with whom or what its pronouns mean in their place.

    Args:
        text: The question.
        conversation: The turns before it.
        names: What the library knows.
        without: Ids of readings that were taken away; the next likeliest is taken.
    """
    reading = _Reading(text, conversation, names, frozenset(without))
    pieces: list[str] = []
    done = 0
    article = _article_meant(reading)
    if article:
        pieces, done = [text[: article[0]], article[2]], article[1]
    quoted = [found.span() for found in _QUOTED.finditer(text)]
    for found in _PRONOUN.finditer(text):
        inside = any(start <= found.start() < end for start, end in quoted)
        if inside or found.start() < done or _looks_ahead(text, found):
            continue
        put = _in_place_of(reading, found)
        if put is not None:
            pieces += [text[done : found.start()], put[0]]
            done = put[1]
    return Resolved("".join([*pieces, text[done:]]), tuple(reading.carried.values()), reading.left)


def carried(words: str, meant: str, note: str = "") -> Constraint:
    """Return the chip that says what words of a question were read as."""
    key = _KEY.get(words.lower(), words.lower())
    return Constraint(
        id=f"carried:{key}:{meant.lower()}"[:200],
        kind="carried",
        words=words,
        meaning=f"“{words}” read as {meant}{note}",
    )


def first_left(
    word: str, candidates: Sequence[str], without: frozenset[str]
) -> tuple[str, Constraint] | None:
    """Return the likeliest reading of a word that was not taken away, with its chip; None where none is."""
    kept = [one for one in candidates if carried(word, one).id not in without]
    if not kept:
        return None
    note = f", not {kept[1]}" if len(kept) > 1 else ""
    return kept[0], carried(word, kept[0], note)


def _article_meant(reading: _Reading) -> tuple[int, int, str] | None:
    """Return where "it" is an article that was cited ("who wrote it?"), with its title."""
    found = _PUBLISHED.search(reading.text)
    cited = next((turn.cited for turn in reversed(reading.conversation) if turn.cited), ())
    titles = [f"the article “{_without_quotes(one.title)}”" for one in cited if one.title]
    if not found:
        return None
    meant = first_left(found.group("what"), titles, reading.without)
    if meant is None:
        reading.left = True
        return found.start("what"), found.end("what"), found.group("what")
    reading.carried[meant[1].id] = meant[1]
    return found.start("what"), found.end("what"), meant[0]


def _looks_ahead(text: str, found: re.Match[str]) -> bool:
    """Say whether whom a pronoun means is named after it: "Other than its port, where is Corran's trade?"."""
    if text[found.end() :].startswith(" own "):
        return True
    comma = text.find(",", found.end())
    opening = re.match(
        r"(?:other than|besides|despite|in|after|before|with|during|for|when|while)\b", text, re.I
    )
    return bool(opening and comma > 0 and names_in("of " + text[comma:]))


def _without_quotes(title: str) -> str:
    return title.replace("“", "‘").replace("”", "’").replace('"', "’")


def _in_place_of(reading: _Reading, found: re.Match[str]) -> tuple[str, int] | None:
    """Return what stands in the place of a pronoun, and up to where; None where it stays."""
    word = found.group().lower()
    if word in _GENDER:
        return _person(reading, found)
    if word in _PLURAL:
        return _several(reading, found)
    if word == "there":
        if _EXISTENTIAL.search(reading.text):
            return None
        put = _put(reading, found, places_meant(reading.conversation, reading.names), "in {}")
        reading.left = reading.left or put is None
        return put
    if word in _POINTING:
        return _pointing(reading, found)
    return _thing(reading, found)


def _person(reading: _Reading, found: re.Match[str]) -> tuple[str, int] | None:
    word = found.group().lower()
    gender = _GENDER[word]
    role = _role(reading.text, found)

    def fits(name: str) -> bool:
        kind = reading.names.kind(name)
        return (
            kind in (MentionKind.PERSON, None)
            and not is_body(name)
            and reading.names.gender(name) in (gender, None)
        )

    before = reading.text[: found.start()]
    people = [
        phrase
        for phrase in noun_phrases(f"{before.strip()} ")
        if kind_of_noun(phrase.split()[-1]) is Wanted.PERSON
    ]
    if _bound(before, role, [name for name in names_in(before) if fits(name)] + people):
        return None
    known = reading.people.get(gender)
    if known and not (role is Role.OBJECT and not _CLAUSE.search(before)):
        return _name_for(known, role), found.end()
    besides = [*names_in(reading.text), *reading.people.values()]
    candidates = people_meant(reading.conversation, gender, role, reading.names, besides)
    put = _put(reading, found, candidates, "{}’s" if role is Role.OWNER else "{}")
    if put:
        reading.people.setdefault(gender, put[0].removesuffix("’s") if role is Role.OWNER else put[0])
    return put


def _several(reading: _Reading, found: re.Match[str]) -> tuple[str, int] | None:
    before = reading.text[: found.start()]
    bodies = [name for name in names_in(before) if reading.names.kind(name) is not MentionKind.PERSON]
    whose = Role.OWNER if found.group().lower() == "their" else Role.OBJECT
    if _bound(before, whose, ()) or bodies or " and " in before or re.search(r"\b[a-z]{3,}[^s\W]s\b", before):
        return None
    owner = found.group().lower() == "their"
    return _put(reading, found, several_meant(reading.conversation, reading.names), "{}’s" if owner else "{}")


def _thing(reading: _Reading, found: re.Match[str]) -> tuple[str, int] | None:
    if _EXPLETIVE.search(reading.text):
        reading.left = len(reading.text.split()) <= _SHORT and "take" in reading.text
        return None
    before, after = reading.text[: found.start()], reading.text[found.end() :]
    acts = bool(_TOLD.search(before)) or bool(
        re.search(rf"\b{_AUXILIARY}\s*$", before, re.I) or re.match(rf"\s+{_AUXILIARY}\b", after, re.I)
    )
    owner = found.group().lower() == "its"
    role = Role.OWNER if owner else Role.SUBJECT if acts else Role.OBJECT
    phrases = [
        phrase
        for phrase in noun_phrases(f"{before.strip()} ")
        if kind_of_noun(phrase.split()[-1]) is not Wanted.PERSON
    ]
    bodies = [name for name in names_in(before) if reading.names.kind(name) is not MentionKind.PERSON]
    if _bound(before, role, [*phrases, *bodies], things=True):
        return None
    candidates = things_meant(reading.conversation, role, reading.names, names_in(reading.text))
    return _put(reading, found, candidates, "{}’s" if owner else "{}")


def _pointing(reading: _Reading, found: re.Match[str]) -> tuple[str, int] | None:
    """Read "that" where it stands for something: at the end of its clause, or before its noun."""
    before, after = reading.text[: found.start()], reading.text[found.end() :]
    noun = _NOUN_AFTER.match(after)
    if noun and found.start() and noun.group(1).split()[0] not in STOP_WORDS:
        return _pointed_noun(reading, found, noun)
    ends = re.match(r"\s*(?:[?.,]|$)|\s+(?:happen|mean|affect|change|work|come|lead|cause)\b", after)
    if not ends or not before.strip():
        return None
    if found.group().lower() in ("these", "those"):
        return _put(reading, found, several_meant(reading.conversation, reading.names), "{}")
    besides = names_in(reading.text)
    candidates = things_meant(reading.conversation, Role.OBJECT, reading.names, besides)
    put = _put(reading, found, candidates, "{}")
    reading.left = reading.left or put is None
    return put


def _pointed_noun(reading: _Reading, found: re.Match[str], noun: re.Match[str]) -> tuple[str, int] | None:
    """Read "that deal" as the deal that was spoken of; "that day" as the day that was answered."""
    head = noun.group(1).split()[-1]
    if head in _DAY_WORDS:
        meant = _put(reading, found, days_meant(reading.conversation), "{}")
        return (meant[0], found.end() + noun.end()) if meant else None
    candidates = [
        f"the {phrase}"
        for turn in reversed(reading.conversation)
        for phrase in noun_phrases(turn.text)
        if phrase.split()[-1].removesuffix("s") == head.removesuffix("s") and phrase != noun.group(1)
    ]
    meant = _put(reading, found, list(dict.fromkeys(candidates)), "{}")
    # The noun itself may be enough to find it by, but not what it belongs to; "that" may be a relative.
    reading.left = reading.left or (meant is None and found.group().lower() != "that")
    return (meant[0], found.end() + noun.end()) if meant else None


def _put(
    reading: _Reading, found: re.Match[str], candidates: Sequence[str], form: str
) -> tuple[str, int] | None:
    meant = first_left(found.group(), candidates, reading.without)
    if meant is None:
        return None
    reading.carried[meant[1].id] = meant[1]
    return form.format(meant[0]), found.end()


def _name_for(name: str, role: Role) -> str:
    return f"{name}’s" if role is Role.OWNER else name


def _role(text: str, found: re.Match[str]) -> Role:
    word = found.group().lower()
    if word in ("he", "she"):
        return Role.SUBJECT
    if word != "her":
        return Role.OWNER if word == "his" else Role.OBJECT
    following = re.match(r"\s+([\w’'-]+)", text[found.end() :])
    after = following.group(1).lower() if following else ""
    return Role.OWNER if after and (after not in STOP_WORDS or after in _AFTER_OWNER) else Role.OBJECT


def _bound(before: str, role: Role, own: Sequence[str], *, things: bool = False) -> bool:
    """Say whether a pronoun finds whom it means in the question itself, before it.

    Args:
        before: The question up to the pronoun.
        role: What the pronoun does.
        own: What stands before it and would fit.
        things: Whether it is a pronoun for things, which "who" never is.
    """
    if own:
        if role is not Role.OBJECT:
            return True
        at = max(before.rfind(name) for name in own)
        return bool(_CLAUSE.search(before[max(at, 0) :]))
    asked = None if things else _ASKS_ACTOR.match(before)
    if not asked or (
        asked.group("noun") and kind_of_noun(asked.group("noun").split()[-1]) is not Wanted.PERSON
    ):
        return False
    if role is Role.OBJECT:
        return bool(_CLAUSE.search(before[asked.end() :]))
    last = "".join([found.group() for found in words(before)][-1:])
    if role is Role.SUBJECT:  # "who said he was tired?", but not "who is he?"
        return not re.fullmatch(_AUXILIARY, last, re.I)
    # "who praised his deal?" asks of somebody else's; "who lost his seat?" of their own.
    return stance_of_verb(last) is None and not re.fullmatch(_AUXILIARY, last, re.I)
