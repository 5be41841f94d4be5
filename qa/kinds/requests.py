"""Requests that are questions: "list the countries that signed X" asks which countries signed it. Pure."""

import re

from index.patterns import regex

_ASK = (
    r"(?:please |can you |could you )?(?:list|name|enumerate|show|find|tell|give)\b(?: me)?"
    r"(?: all| every| each| the| some| any| of| names)*"
)
_WHO = regex(rf"^{_ASK}(?: ?one| people| persons| those| of those| politicians)? who (?!wrote\b)", re.I)
_THINGS = regex(
    rf"^{_ASK} (?P<noun>(?!articles?\b|stories\b|reports?\b)(?:[\w’'-]+ ){{0,3}}?[\w’'-]+s|people|countries)"
    r" (?:that|which|who) (?P<rest>(?!mention)[^?.]+)[?.]?$",
    re.I,
)
_GROUP = regex(
    rf"^{_ASK} (?P<noun>(?!articles?\b|stories\b|reports?\b)(?:[\w’'-]+ ){{0,2}}?[\w’'-]+s|people)"
    r" (?P<rest>(?:in|of|at|on|from|involved|named|mentioned|taking part)\b[^?.]+)[?.]?$",
    re.I,
)


def as_question(text: str) -> str:
    """Return a request as the question that it means; every other text as it is.

    Example: "List all companies that signed the deal" -> "Which companies signed the deal?".
    """
    if found := _THINGS.match(text):
        return f"Which {found.group('noun')} {found.group('rest')}?"
    if _WHO.match(text):
        return _WHO.sub("Who ", text)
    if re.match(r"(?:please )?(?:list|name|enumerate)\b", text, re.I) and (found := _GROUP.match(text)):
        return f"Which {found.group('noun')} are {found.group('rest')}?"
    return text
