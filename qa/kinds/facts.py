"""Questions of fact: what kind of thing is asked for, and the noun that names it. Pure."""

import re

from qa.asked import read_asked
from qa.gaps import read_gap
from qa.names import NAME, names_in
from qa.schema import Kind, Plan, Wanted
from qa.wording import content_stems


def read_fact(text: str) -> Plan:
    """Read a question of fact: what kind of thing is asked for, and the noun that names it."""
    described = re.fullmatch(
        rf"(?i:who|what) (?:is|was|are|were) (?:the )?(?P<name>{NAME.pattern})\s*\??", text
    )
    if described:
        name = described.group("name")
        return Plan(
            kind=Kind.FACT, wanted=Wanted.DESCRIPTION, names=names_in(f"of {name}"), terms=content_stems(name)
        )
    asked = read_asked(text.lower())
    gap = read_gap(text)
    measured = re.search(r"\bhow (long|far|often)\b", text, re.I)  # words of the question, not of the answer
    return Plan(
        kind=Kind.WHETHER if asked.wanted is Wanted.YES_NO else Kind.FACT,
        wanted=asked.wanted,
        head=asked.head,
        many=asked.many,
        verb=gap.verb,
        side=gap.side,
        names=names_in(text),
        terms=content_stems(text.replace(measured.group(), " ") if measured else text),
    )
