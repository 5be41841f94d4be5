"""Questions that set sources side by side: "do both articles mention tariffs?". Pure."""

import re

from qa.names import names_in
from qa.schema import Kind, Plan, Wanted
from qa.wording import content_stems

_ANY = r"[^?]*"


def read_comparison(text: str) -> Plan | None:
    """Read "do both articles mention tariffs?": one thing looked up in each of several articles."""
    which = rf"(?P<who>(?:both|all|the two|either|any)\b{_ANY}|{_ANY}\b(?:both|each))"
    found = re.match(
        rf"(?:do|did|does) {which} "
        r"(?:mention|discuss|refer to|talk about|cover|cite|name|quote|report on|address|bring up)s? "
        r"(?P<what>[^?]*)",
        text,
        re.I,
    )
    if not found:
        return None
    what = found.group("what")
    quantity = re.search(r"\b(either|any|both|the two|all|each)\b", found.group("who"), re.I)
    about = {"either": "any", "the two": "both", "each": "all"}
    word = quantity.group().lower() if quantity else "all"
    return Plan(
        kind=Kind.COMPARE,
        wanted=Wanted.YES_NO,
        about=about.get(word, word),
        head=re.sub(r"^(?:the|a|an|any) ", "", what.strip()),
        names=names_in("of " + what),
        terms=content_stems(what),
    )
