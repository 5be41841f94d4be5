"""Political parties as questions and articles name their people. Pure."""

import re

PARTIES = {
    "Republican": re.compile(r"\bRepublicans?\b|\bGOP\b|\(R(?:-[\w. ]+)?\)"),
    "Democrat": re.compile(r"\bDemocrat(?:s|ic)?\b|\(D(?:-[\w. ]+)?\)"),
}
"""How each party is written beside the name of one of its people."""


def is_party(word: str) -> bool:
    """Whether a word of a question names the people of a party."""
    return any(pattern.fullmatch(word) for pattern in PARTIES.values())
