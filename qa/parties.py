"""Political parties as questions and articles name their people. Pure."""

from index.patterns import regex

PARTIES = {
    "Republican": regex(r"\bRepublicans?\b|\bGOP\b|\(R(?:-[\w. ]+)?\)"),
    "Democrat": regex(r"\bDemocrat(?:s|ic)?\b|\(D(?:-[\w. ]+)?\)"),
}
"""How each party is written beside the name of one of its people."""


def is_party(word: str) -> bool:
    """Whether a word of a question names the people of a party."""
    return any(pattern.fullmatch(word) for pattern in PARTIES.values())
