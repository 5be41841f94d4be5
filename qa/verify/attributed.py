"""Who a sentence says said something, and whether the articles have it from them. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.patterns import regex
from index.statements.names import AUTHOR, is_named, same_name
from qa.verify.naming import Named, Naming, missing_name, names_of

_SAYING = frozenset(
    """said says say told tells wrote writes added adds argued argues warned warns announced announces stated
    states claimed claims insisted insists acknowledged acknowledges admitted admits testified replied tweeted
    posted explained explains""".split()
)
_TO_SOMEBODY = frozenset(("told", "tells", "warned", "warns"))
_INSIDE = regex(
    r"\b(?:of|for|at|with|from|in|to|by|on|against|and|told)\s+(?:the\s+|a\s+|an\s+|his\s+|her\s+)?$"
)
_ACCORDING = regex(r"\b(?:[Aa]ccording to|[Ii]n the words of|as (?:told|described|put) by)\s+(?:the\s)?")
_APPOSED = regex(r"\s*(?:,[^,.;“”\"]{1,60},|\([^)]{1,60}\))?\s*")
_ADVERB = regex(r"(?:(?:also|then|later|has|had|again|once|further|publicly|reportedly|however)\s+){0,2}")
_VERB = regex(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody who is said to have said something: the name as written."""

    name: str


def sayers(text: str) -> list[Said]:
    """Return the named people and bodies to whom a sentence attributes words.

    Example:
        >>> [one.name for one in sayers("The deal is off, Ana Brandt said. According to Mr. Ito it stands.")]
        ['Ana Brandt', 'Ito']
    """
    found = []
    for named in names_of(text):
        if _says(text, named) or _said_by(text, named):
            found.append(Said(named.text))
    return list(dict.fromkeys(found))


def _says(text: str, named: Named) -> bool:
    """Whether a verb of saying follows the name, past an apposition and adverbs."""
    if _INSIDE.search(text[max(named.start - 20, 0) : named.start]):
        return False  # "the head of Lumen Yards said"
    place = _APPOSED.match(text, named.end)
    at = place.end() if place else named.end
    adverb = _ADVERB.match(text, at)
    at = adverb.end() if adverb else at
    verb = _VERB.match(text, at)
    return bool(verb and verb.group() in _SAYING)


def _said_by(text: str, named: Named) -> bool:
    """Whether a verb of saying stands right before the name, behind the words said; or "according to"."""
    before = text[max(named.start - 40, 0) : named.start]
    if re.search(_ACCORDING.pattern + r"(?:[\w.’'-]+\s){0,3}$", before):
        return True
    found = re.search(r"[”\"’',]\s+([a-z]+)\s+(?:(?:the|[A-Z][\w.’'-]*)\s){0,3}$", before)
    return bool(found and found[1] in _SAYING - _TO_SOMEBODY)


def misattributed(
    text: str, speakers: Sequence[str], outlets: Sequence[str], held: Naming
) -> Iterator[tuple[str, str]]:
    """Yield each name that the sentence gives words to though the articles give them to others, and to whom.

    Args:
        text: The sentence.
        speakers: Who speaks in the cited words and right beside them, full names where the article has them;
            empty where nobody does.
        outlets: Outlets and authors of the articles, which may speak for the article itself.
        held: What the articles' words name.
    """
    voices = [name for name in speakers if name != AUTHOR]
    for said in sayers(text):
        if any(same_name(said.name, other) for other in (*voices, *outlets)):
            continue
        if not voices or missing_name(Named(0, 0, said.name), held, frozenset()):
            continue  # an absent name is a fault of its own; where nobody speaks, nothing is known
        named = [name for name in voices if is_named(name)]
        if named and not _part_of(said.name, named):
            yield said.name, named[0]


def _part_of(name: str, others: Sequence[str]) -> bool:
    return any(name.lower() in other.lower() or other.lower() in name.lower() for other in others)
