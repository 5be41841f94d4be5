"""Question -> Plan: what is asked, about whom, in which direction, within which articles. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from index.schema import Filter, Stance
from qa.asked import read_asked
from qa.gaps import read_gap
from qa.names import NAME, names_in, split_party
from qa.outlets import read_outlets
from qa.periods import Period, read_article_dates, read_statement_dates
from qa.schema import Kind, Plan, Question, Wanted
from qa.stance_questions import read_statements, stance_asked
from qa.wording import STANCE_NOUNS, content_stems, kind_of_noun, stem

_ARTICLE = (
    r"(?:articles?|commentar(?:y|ies)|reports?|stor(?:y|ies)|pieces?|columns?|op-?eds?|coverage"
    r"|dispatch|analysis|explainers?|features?|profiles?|editorials?)"
)
_ANY = r"[^?]*"


_REQUEST = re.compile(
    r"^(?:please )?(?:(?:list|name|show|find|tell|give)\b(?: me)?(?: all| every| the)?"
    r"(?: ?one| people| persons| those| of those| politicians)? )who ",
    re.I,
)
"""Requests that are questions: "list everyone who praised X" asks who praised X."""


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Names of the library that questions are read against, and the day of its newest article (ISO)."""

    outlets: tuple[str, ...] = ()
    newest: str | None = None


def plan(question: Question, known: KnownNames) -> Plan:
    """Turn a question into a plan.

    Outlets and article dates become filters; then the first reader that recognises the question decides
    its kind, and a question that none recognises is a question of fact.
    """
    text = _REQUEST.sub("Who ", " ".join(question.text.split()))
    outlets = read_outlets(text, known.outlets)
    dates = read_article_dates(outlets.rest, of_outlet=bool(outlets.names))
    readers: tuple[Callable[[str], Plan | None], ...] = (
        read_metadata,
        read_comparison,
        read_statements,
        read_quote,
    )
    found = next((result for reader in readers if (result := reader(dates.rest)) is not None), None)
    if found and found.ranked and not dates.notes:
        counted = read_statement_dates(dates.rest, known.newest)
        again = read_statements(counted.rest) if counted.notes else None
        found, dates = (again, counted) if again else (found, dates)
    result = found or read_fact(dates.rest)
    return replace(
        result,
        filter=_narrow(question.filter, outlets.names, dates),
        notes=outlets.notes + dates.notes,
    )


def _narrow(chosen: Filter, outlets: tuple[str, ...], dates: Period) -> Filter:
    """Add what the question says to what the reader chose; the reader's own choice is never widened."""
    narrowed = chosen
    if outlets and not chosen.outlets:
        narrowed = replace(narrowed, outlets=outlets)
    if (dates.first or dates.last) and not (chosen.published_from or chosen.published_to):
        narrowed = replace(narrowed, published_from=dates.first, published_to=dates.last)
    return narrowed


_OF_ARTICLE = rf"{_ANY}\b{_ARTICLE}\b"
_WRITERS = r"(?:reporters?|journalists?|authors?|writers?|correspondents?|columnists?)"
_WROTE = r"(?:wrote|authored|penned)"
_IS = r"(?:is|are|was|were)"
_METADATA: tuple[tuple[str, str, Wanted], ...] = (
    (r"how many (?:of the )?(?:articles|stories|reports)\b", "count", Wanted.NUMBER),
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


_SAYING = (
    "say|said|think|call|called|describe|described|tell|told|label|liken|compare|characterise|characterize|rate|argue"
    "|claim|state|warn|promise|respond|answer|react|add|announce|praise|criticise|criticize|attack|defend|explain"
)
_NAMING = frozenset(
    [
        "call",
        "called",
        "describe",
        "described",
        "label",
        "liken",
        "characterise",
        "characterize",
        "rate",
        "compare",
    ]
)


_WORDS = r"words?|insults?|phrase|name|term|label|praise|criticisms?|compliments?|accusations?|thanks"
_ASKS_FOR_WORDS = re.compile(
    rf"(?:to )?(?:what|how|(?:which|what) (?P<noun>{_WORDS}))(?: exactly)? "
    r"(?:did|does|has|have) (?P<body>[^?]+)",
    re.I,
)
_ASKS_WHICH_SAID = re.compile(
    r"(?:[Ww]hich|[Ww]hat) (?P<noun>[\w -]+?) (?:did|does|has|have) "
    r"(?P<body>[A-Z][^?]*? (?:say|said|claim|suggest|argue|predict|hint)s? "
    r"[^?]*\b(?:is|was|are|were|be|been|becomes?)\b[^?]*)",
)
_ASKS_WHO_SAID = re.compile(
    r"^(?:who|whose|which \w+)\b[^“\"?]*?(?:“((?:[^\s”]+\s+){2,}[^”]+)”|\"((?:[^\s\"]+\s+){2,}[^\"]+)\")",
    re.I,
)
_ASKS_FOR_VIEW = re.compile(
    r"what (?:is|was|are|were) (?P<body>[^?]+?)(?:['’]s?)? "
    r"(?:views?|opinion|verdict|assessment|take|position|description) (?:of|on|about) (?P<rest>[^?]+)",
    re.I,
)


def read_quote(text: str) -> Plan | None:
    """Read "what did X say about Y?", "what did X call Y?", "what was X’s view of Y?"."""
    saying = _ASKS_WHO_SAID.search(text)
    if saying:
        words = next(group for group in saying.groups() if group)
        return Plan(kind=Kind.QUOTE, wanted=Wanted.PERSON, head=words, terms=content_stems(text))
    viewed = _ASKS_FOR_VIEW.match(text)
    if viewed:
        speaker = split_party(viewed.group("body"))
        return _quote_plan(speaker.name, "", viewed.group("rest")) if speaker else None
    found = _ASKS_FOR_WORDS.match(text) or _which_said(text)
    speaker = split_party(found.group("body")) if found else None
    if found is None or speaker is None:
        return None
    verb = re.match(
        rf"(?P<who>.*?)\s*\b(?P<verb>{_SAYING}|use|give|make|offer|have|voice|level)\b(?P<rest>.*)",
        speaker.rest,
        re.I,
    )
    if verb is None or len(verb.group("who").split()) > 6:
        return None
    name = speaker.name if speaker.name[0].isupper() else f"{speaker.name} {verb.group('who')}".strip()
    return _quote_plan(
        name,
        verb.group("verb").lower(),
        verb.group("rest"),
        STANCE_NOUNS.get((found.group("noun") or "").lower()),
    )


def _which_said(text: str) -> re.Match[str] | None:
    """Match "which figure did X say Y is ...": X's words are asked for, unless it is a date or an amount."""
    found = _ASKS_WHICH_SAID.match(text)
    kind = kind_of_noun(found.group("noun").split()[-1]) if found else None
    return found if kind in (None, Wanted.PERSON) else None


def _quote_plan(speaker: str, verb: str, about: str, stance: Stance | None = None) -> Plan:
    others = names_in("of " + about)
    thing = re.match(r"\s*(?:the|a|an|his|her|its|their)\s+([a-z-]+)\b", about)
    return Plan(
        kind=Kind.QUOTE,
        wanted=Wanted.CLAUSE,
        head=verb if verb in _NAMING | {"use"} else "",
        speaker=speaker,
        target=others[0] if others else None,
        stance=stance or stance_asked(f"{verb} {about}"),
        thing=stem(thing.group(1)) if thing and others else "",
        names=(speaker, *others) if speaker[0].isupper() else others,
        terms=content_stems(about),
    )


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
        kind=Kind.FACT,
        wanted=asked.wanted,
        head=asked.head,
        many=asked.many,
        verb=gap.verb,
        side=gap.side,
        names=names_in(text),
        terms=content_stems(text.replace(measured.group(), " ") if measured else text),
    )
