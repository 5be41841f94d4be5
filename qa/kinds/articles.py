"""Questions about the articles themselves: who wrote them, when, which mention what. Pure."""

import re

from qa.names import names_in
from qa.schema import Kind, Plan, Wanted
from qa.wording import content_stems

_ARTICLE = (
    r"(?:articles?|commentar(?:y|ies)|reports?|stor(?:y|ies)|pieces?|columns?|op-?eds?|coverage"
    r"|dispatch|analysis|explainers?|features?|profiles?|editorials?)"
)
_ANY = r"[^?]*"

_OF_ARTICLE = rf"{_ANY}\b{_ARTICLE}\b"
_WRITERS = r"(?:reporters?|journalists?|authors?|writers?|correspondents?|columnists?)"
_WROTE = r"(?:wrote|authored|penned)"
_IS = r"(?:is|are|was|were)"
_METADATA: tuple[tuple[str, str, Wanted], ...] = (
    (
        r"(?:which|what|list|show|find|name)\b (?:of the |all |the |other )*"
        r"(?:articles?|stories|reports)\b(?! did)",
        "articles",
        Wanted.NAME,
    ),
    (rf"who (?:{_WROTE}|reported|{_IS} the {_WRITERS} of)\b{_OF_ARTICLE}", "authors", Wanted.PERSON),
    (rf"(?:which|what) {_WRITERS} {_WROTE}\b", "authors", Wanted.PERSON),
    (rf"{_ANY}\b(?:authors?|byline) of (?:the|this|that)\b{_OF_ARTICLE}", "authors", Wanted.PERSON),
    (
        rf"(?:when|on (?:what|which) (?:date|day)) (?:was|were|did)\b{_OF_ARTICLE}{_ANY}"
        r"\b(?:published|written|posted|printed|appear|come out|run)\b",
        "published",
        Wanted.DATE,
    ),
    (
        r"when did (?:the )?(?:report (?:on|about)|cover|publish|run|carry|write about)\b",
        "published",
        Wanted.DATE,
    ),
    (rf"{_ANY}\b(?:publication date|date of publication)\b", "published", Wanted.DATE),
    (
        r"(?:which|what) (?:outlet|newspaper|publication|site|website|publisher|magazine)s? "
        r"(?:published|ran|carried|printed|reported)\b",
        "outlet",
        Wanted.ORGANISATION,
    ),
    (rf"where {_IS}\b{_OF_ARTICLE}{_ANY}\bpublished\b", "outlet", Wanted.ORGANISATION),
    (
        rf"what {_IS} the (?:title of (?:the|this|that) (?:article|story|piece|commentary)|headline of)\b",
        "title",
        Wanted.NAME,
    ),
)
_ABOUT_ARTICLES = frozenset(
    [
        "mention",
        "write",
        "wrote",
        "author",
        "report",
        "journalist",
        "publish",
        "outlet",
        "titl",
        "headlin",
        "articl",
        "both",
        "commentari",
        "column",
    ]
)


def read_metadata(text: str) -> Plan | None:
    """Read questions about the articles themselves: who wrote them, when they appeared, which mention."""
    for pattern, about, wanted in _METADATA:
        if re.match(pattern, text, re.I):
            terms = tuple(term for term in content_stems(text) if term not in _ABOUT_ARTICLES)
            many = about in ("articles", "authors")
            return Plan(
                kind=Kind.METADATA, wanted=wanted, about=about, many=many, names=names_in(text), terms=terms
            )
    return None
