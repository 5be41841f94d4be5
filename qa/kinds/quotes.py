"""Questions about somebody's words: what X said about Y, what X called Y, who said "...". Pure."""

import re

from index.patterns import regex
from index.schema import Stance
from qa.names import names_in, split_party
from qa.schema import Kind, Plan, Wanted
from qa.stance_questions import stance_asked
from qa.wording import STANCE_NOUNS, content_stems, kind_of_noun, stem

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
_ASKS_FOR_WORDS = regex(
    rf"(?:to )?(?:what|how|(?:which|what) (?P<noun>{_WORDS}))(?: exactly)? "
    r"(?:did|does|has|have) (?P<body>[^?]+)",
    re.I,
)
_ASKS_WHICH_SAID = regex(
    r"(?:[Ww]hich|[Ww]hat) (?P<noun>[\w -]+?) (?:did|does|has|have) "
    r"(?P<body>[A-Z][^?]*? (?:say|said|claim|suggest|argue|predict|hint)s? "
    r"[^?]*\b(?:is|was|are|were|be|been|becomes?)\b[^?]*)",
)
_ASKS_WHO_SAID = regex(
    r"^(?:who|whose|which \w+)\b[^“\"?]*?(?:“((?:[^\s”]+\s+){2,}[^”]+)”|\"((?:[^\s\"]+\s+){2,}[^\"]+)\")",
    re.I,
)
_ASKS_FOR_VIEW = regex(
    r"what (?:is|was|are|were) (?P<body>[^?]+?)(?:['’]s?)? "
    r"(?:views?|opinion|verdict|assessment|take|position|description) (?:of|on|about) (?P<rest>[^?]+)",
    re.I,
)


_WHO_SAID_WHAT = regex(
    r"(?:who (?:has |have )?sa(?:id|ys) what|what (?:was|has been|is being|is) said|what (?:did|do|have) "
    r"(?:people|others|they|politicians|critics) sa(?:y|id)) (?:about|of|on) (?:the )?(?P<target>[^?]+)",
    re.I,
)


def read_quote(text: str) -> Plan | None:
    """Read "what did X say about Y?", "what did X call Y?", "what was X’s view of Y?".

    "Who said what about Y?" asks for everybody's statements about Y.
    """
    if everybody := _WHO_SAID_WHAT.match(text):
        party = split_party(everybody.group("target"))
        if party:
            return Plan(
                kind=Kind.STATEMENTS,
                wanted=Wanted.NAME,
                many=True,
                target=party.name,
                names=(party.name,),
                terms=content_stems(party.rest),
            )
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
