"""Questions that want several names: "which companies ...", "what countries signed ...". Pure."""

import re
from dataclasses import replace

from index.patterns import regex
from qa.asked import read_asked
from qa.kinds.facts import read_fact
from qa.names import names_in
from qa.schema import Kind, Plan, Wanted
from qa.wording import content_stems, kind_of_noun

_OPENING = regex(
    r"^(?:(?:in|at|to|from|with|by) )?(?:which|what|who (?:are|were) (?:all )?(?:the|some of the))\b"
    r"(?! of the following)(?! (?:two|three|four)\b)",
    re.I,
)
_ALL = regex(r"^(?:who (?:are|were) (?:all )?(?:the|some of the)) (?P<noun>[\w’' -]+)", re.I)
_MENTIONED = regex(
    r"^(?:which|what) (?P<noun>[\w’' -]+?)(?: (?:are|were|is|was|get))? (?P<how>mentioned|named|quoted|cited)"
    r"(?: (?:in|by) (?P<rest>[^?]*))?\??$",
    re.I,
)
_OF_ARTICLES = frozenset(content_stems("article articles story stories piece text library coverage report"))
_PLURALS = ("people", "men", "women")
_COUNTABLE = (Wanted.PERSON, Wanted.ORGANISATION, Wanted.PLACE)


def read_list(text: str) -> Plan | None:
    """Read a question for several people, bodies or places; None where one thing or no name is wanted."""
    if not _OPENING.match(text):
        return None
    plan = read_fact(text)
    if found := _MENTIONED.match(text):
        asked = read_asked(f"which {found.group('noun').lower()}")
        if (asked.many or asked.head in _PLURALS) and asked.wanted in _COUNTABLE:
            topic = found.group("rest") or ""
            return replace(
                plan,
                kind=Kind.LIST,
                wanted=asked.wanted,
                head=asked.head,
                many=True,
                verb="",
                about="quoted" if found.group("how").lower() in ("quoted", "cited") else "mentioned",
                names=names_in(f"of {topic}"),
                terms=tuple(term for term in content_stems(topic) if term not in _OF_ARTICLES),
            )
    if _ALL.match(text) and plan.wanted in (Wanted.PERSON, Wanted.ENTITY):
        noun = _ALL.match(text)
        asked = read_asked(f"which {noun.group('noun').lower()}") if noun else read_asked(text.lower())
        if asked.many or (asked.head.endswith("s") and not kind_of_noun(asked.head)):
            asked = asked if asked.many else replace(asked, wanted=Wanted.PERSON)
            return replace(plan, kind=Kind.LIST, wanted=asked.wanted, head=asked.head, many=True)
        return None
    many = plan.many or (plan.head in _PLURALS and not re.search(r"men['’]s\b", text))
    return replace(plan, kind=Kind.LIST, many=True) if many and plan.wanted in _COUNTABLE else None
