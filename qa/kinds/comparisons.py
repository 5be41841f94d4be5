"""Questions that set sources side by side: "do the Times and Carnegie agree on ...?". Pure."""

import re
from collections.abc import Sequence

from index.patterns import regex
from qa.names import NAME, names_in
from qa.schema import Kind, Plan, Wanted
from qa.wording import STOP_WORDS, content_stems

_ANY = r"[^?]*"
_PIECE = (
    r"(?:articles?|commentar(?:y|ies)|reports?|stor(?:y|ies)|pieces?|columns?|op-?eds?|coverage|editorials?"
    r"|accounts?"
    r"|versions?|views?|positions?|figures?|numbers?|takes?|statements?|stances?|claims?|opinions?"
    r"|analys[ei]s)"
)
_ON = r"(?:on|about|over|regarding|concerning|of|in|as to|when it comes to|whether|that|with|to)"
_PAIR = r"(?P<one>[^?]+?)(?:['’]s?)? (?:and|with|to|from|against|versus|vs\.?) (?P<other>[^?]+?)"
_AGREE = (
    r"(?:agree|concur|say the same(?: thing)?|see eye to eye|give the same \w+|match|report the same \w+)"
)
_DIFFER = r"(?:differ|disagree|contradict(?: each other| one another)?|conflict|diverge|clash)"
_TELL = r"(?:say|write|report|think|tell us|claim|argue)"
_SHOW = (
    r"(?:describe|cover|report|portray|present|explain|treat|see|view|assess|frame|characteri[sz]e|compare)"
)
_TOPIC = rf"(?: {_ON})?(?P<topic>[^?]*)"
_MAY_TOPIC = rf"(?: {_ON} (?P<topic>[^?]*))?\??$"
_ONE_OTHER = r"(?P<one>[^?]+?) {verb} (?P<other>[^?]+?)"
_DO = r"(?:do|did|does)"
_HOW = rf"(?:how|where|on what) {_DO}"
_FORMS = {
    "agree": (
        rf"{_DO} {_PAIR} (?:both )?{_AGREE}\b{_TOPIC}",
        rf"{_DO} {_ONE_OTHER.format(verb='(?:agree|disagree|differ) with')}{_MAY_TOPIC}",
        rf"{_HOW} {_PAIR} agree\b{_TOPIC}",
    ),
    "differ": (
        rf"{_DO} {_PAIR} {_DIFFER}\b{_TOPIC}",
        rf"{_DO} {_ONE_OTHER.format(verb='contradict')}{_MAY_TOPIC}",
        rf"{_HOW} {_PAIR} (?:{_DIFFER}|compare)\b{_TOPIC}",
        rf"(?:what|how|where) (?:is|are|was|were) (?:the )?(?:main |key )?"
        rf"(?:differences?|disagreements?|contrast) between {_PAIR}(?:['’]s?)?(?: {_PIECE})?{_MAY_TOPIC}",
        rf"how {_DO} (?P<one>[^?]+?)['’]s? {_PIECE} (?:differ|compare) (?:from|with|to) (?P<other>[^?]+?)"
        rf"(?:['’]s?)?(?: {_PIECE})?{_MAY_TOPIC}",
    ),
    "say": (
        rf"how {_DO} {_PAIR} {_SHOW}\b(?P<topic>[^?]*)",
        rf"compare (?:how |what )?{_PAIR} (?:{_TELL}|{_SHOW})\b{_TOPIC}",
        rf"compare (?:the )?(?:{_PIECE} (?:of|by|in|from) )?{_PAIR} (?:{_PIECE} )?{_ON} (?P<topic>[^?]*)",
        rf"what {_DO} {_PAIR} (?:each |both )?{_TELL}{_TOPIC}",
        r"(?P<topic>[^?]+?),? according to (?P<one>[^?]+?),? and (?:according )?(?:to )?(?P<other>[^?]+)",
    ),
}
_OPENINGS = frozenset("do does did how where on what compare".split())
_ACCORDING = "according to"
"""All forms begin with one of those words, save one, which has these."""
_PAIRS = tuple((regex(f"^{form}", re.I), about) for about, forms in _FORMS.items() for form in forms)
_ALL = regex(
    rf"^(?:{_HOW}|what {_DO}|{_DO}) (?:the |these |both |all |your |our )*(?:two |three )?"
    rf"(?:{_PIECE}|sources?|outlets?|newspapers?|papers?|media)(?: both)?"
    rf" (?:(?P<agree>{_AGREE})|(?P<differ>{_DIFFER}))\b{_TOPIC}",
    re.I,
)
_OWN_WORDS = regex(rf"\b(?:the|a|an|both|each|of|by|in|from|{_PIECE})\b", re.I)
_PLURAL_VERB = regex(rf"\b(?:did|do|does|was|were|{_TELL}|{_AGREE})\b", re.I)
_LONGEST = 7
"""Words that name a side; more are a clause."""


def read_comparison(text: str, outlets: Sequence[str] = ()) -> Plan | None:
    """Read a question that sets two sources, or all of them, side by side.

    Args:
        text: The question.
        outlets: The library's outlets; a side that names none of them is a person or a body.
    """
    if text.split(" ", 1)[0].lower() not in _OPENINGS and _ACCORDING not in text.lower():
        return None
    return _mentioned_by(text) or _pair(text, outlets) or _everybody(text)


def _pair(text: str, outlets: Sequence[str]) -> Plan | None:
    for pattern, about in _PAIRS:
        found = pattern.match(text)
        if not found:
            continue
        one, other = _side(found.group("one"), outlets), _side(found.group("other"), outlets)
        if one and other and one != other:
            return _plan(about, (one, other), found.group("topic") or "", outlets)
    return None


def _everybody(text: str) -> Plan | None:
    found = _ALL.match(text)
    if not found:
        return None
    about = "agree" if found.group("agree") else "differ"
    return _plan(about, (), found.group("topic"), ())


def _plan(about: str, sides: tuple[str, ...], topic: str, outlets: Sequence[str]) -> Plan:
    topic = topic.strip(" ?.,")
    people = tuple(side for side in sides if side not in outlets)
    return Plan(
        kind=Kind.COMPARE,
        wanted=Wanted.YES_NO if about in ("agree", "differ") else Wanted.CLAUSE,
        about=about,
        sides=sides,
        head=re.sub(r"^(?:the|a|an|any) ", "", topic),
        names=(*people, *names_in(f"of {topic}")),
        terms=content_stems(topic),
    )


def _side(words: str, outlets: Sequence[str]) -> str | None:
    """Return the outlet that the words name, or the person or body; None for a clause or a common noun."""
    plain = re.sub(r"['’]s?(?=\s|$)", "", words.strip(" ,?"))
    kept = " ".join(_OWN_WORDS.sub(" ", plain).split())
    if not kept or len(plain.split()) > _LONGEST or _PLURAL_VERB.search(plain):
        return None
    if outlet := outlet_meant(kept, outlets):
        return outlet
    found = NAME.search(kept)
    if found and found.end() >= len(kept) - 1 and (not found.start() or kept[: found.start()].islower()):
        return found.group()
    lower = re.fullmatch(r"(?:the |its |their )[a-z][\w’' -]*", words.strip(" ,?"), re.I)
    return kept if lower and kept.islower() and kept not in STOP_WORDS else None


def outlet_meant(words: str, outlets: Sequence[str]) -> str | None:
    """Return the outlet whose name holds all of the words, the shortest of several; None where none does.

    Example: "Times" -> "The New York Times"; "Harbour Courier" -> "The Harbour Courier".
    """
    wanted = [word.lower() for word in re.findall(r"[\w&.]+", words) if word.lower() != "the"]
    fitting = []
    for outlet in outlets:
        held = [word.lower() for word in re.findall(r"[\w&.]+", outlet)]
        if wanted and words[0].isupper() and all(word in held for word in wanted):
            fitting.append(outlet)
    return min(fitting, key=lambda outlet: (len(outlet), outlet), default=None)


def _mentioned_by(text: str) -> Plan | None:
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
