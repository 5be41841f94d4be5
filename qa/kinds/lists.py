"""Questions that want several names: "which companies ...", "what countries signed ...". Pure."""

import re
from dataclasses import replace

from qa.asked import read_asked
from qa.kinds.facts import read_fact
from qa.schema import Kind, Plan, Wanted

_OPENING = re.compile(
    r"^(?:(?:in|at|to|from|with|by) )?(?:which|what|who (?:are|were) (?:all )?(?:the|some of the))\b"
    r"(?! of the following)(?! (?:two|three|four)\b)",
    re.I,
)
_ALL = re.compile(r"^(?:who (?:are|were) (?:all )?(?:the|some of the)) (?P<noun>[\w’' -]+)", re.I)
_COUNTABLE = (Wanted.PERSON, Wanted.ORGANISATION, Wanted.PLACE)


def read_list(text: str) -> Plan | None:
    """Read a question for several people, bodies or places; None where one thing or no name is wanted."""
    if not _OPENING.match(text):
        return None
    plan = read_fact(text)
    if _ALL.match(text) and plan.wanted in (Wanted.PERSON, Wanted.ENTITY):
        noun = _ALL.match(text)
        asked = read_asked(f"which {noun.group('noun').lower()}") if noun else read_asked(text.lower())
        if asked.many:
            return replace(plan, kind=Kind.LIST, wanted=asked.wanted, head=asked.head, many=True)
        return None
    return replace(plan, kind=Kind.LIST) if plan.many and plan.wanted in _COUNTABLE else None
