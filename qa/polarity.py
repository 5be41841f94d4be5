"""Whether a sentence says that something is so, or that it is not: negations, refusals, opposites. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.patterns import regex
from qa.evidence import matching
from qa.gaps import is_past, verb_root
from qa.wording import STOP_WORDS, stem, words

_FAMILIES = """
    buy purchase acquire|cancel scrap abandon axe shelve|begin start launch open|win|lose|join enter
    |end finish close conclude stop halt|leave quit exit withdraw|accept approve back pass adopt ratify
    |reject refuse oppose veto decline block dispute contest|raise increase lift hike|lower cut reduce slash
    |rise climb grow jump|fall drop shrink|agree|disagree|sell|hire appoint name|fire dismiss sack oust|resign
    |stay remain|release free|jail imprison detain arrest|ban prohibit outlaw bar|allow permit legalise
    |confirm admit concede|deny|attack strike invade|kill murder assassinate|survive|build construct
    |demolish destroy|meet|visit|apologise apologize|convict|acquit clear|postpone delay|succeed|fail
    |arrive reach dock|depart|create found establish|discover find|suspend|recover|sign|vote|pay|bribe|die"""
_OPPOSITES = """join leave|accept reject|begin end|raise lower|rise fall|win lose|hire fire|allow ban
    |confirm deny|convict acquit|succeed fail|release jail|build demolish|agree disagree|arrive depart
    |stay resign|survive die|stay leave|begin cancel|begin postpone|agree reject"""
_OPPOSITE_WORDS = """full empty|open closed|open shut|legal illegal|guilty innocent|alive dead|true false
    |safe dangerous|present absent|late early|cheap expensive|possible impossible|enough insufficient"""
_FAMILY = {
    verb_root(word): verb_root(family.split()[0])
    for family in reversed(_FAMILIES.split("|"))
    for word in family.split()
}


def _pairs(text: str) -> dict[str, frozenset[str]]:
    held: dict[str, set[str]] = {}
    for pair in text.split("|"):
        one, other = (verb_root(word) for word in pair.split())
        held.setdefault(one, set()).add(other)
        held.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in held.items()}


_OPPOSITE = _pairs(_OPPOSITES)
_OPPOSITE_WORD = _pairs(_OPPOSITE_WORDS)
_NEGATORS = frozenset("not never no nor neither without nobody none nothing cannot hardly scarcely".split())
_REFUSALS = regex(
    r"\b(?:refus\w+|declin\w+|fail\w*|den(?:y|ies|ied)|reject\w*|rul(?:ed|es|ing) out|stopp?\w* short of"
    r"|yet to|unable to|unwilling to|instead of|rather than|no longer|falsely|prevent\w* \w+ from|avoid\w*"
    r"|avert\w*|far from|drop\w* plans to|neglect\w*)\b",
    re.I,
)
_MODALS = frozenset(
    "would will could may might should shall must can i’ll he’ll she’ll they’ll we’ll".split()
)
_CONDITIONS = regex(r"\b(?:if|whether|unless|until|before|perhaps|reportedly|allegedly|rumou?r\w*)\b", re.I)
_GOVERNORS = regex(
    r"\b(?:plan|intend|expect|hop|want|consider|propos|urg|call|ask|demand|seek|sought|tr(?:y|ied|ies)|aim"
    r"|offer|promis|pledg|vow|due|set|about|talks|ready|alleg|likely|unlikely|threaten|agree|authori[sz]|order"
    r"|invit|pressur|fear|risk|chance|right|need|suppos|schedul|allow|permit|poised|hesitat)\w*"
    r"(?: \w+){0,3} (?:to|of|for|that|on|from|about)\b[^,;]*$",
    re.I,
)
_CLAUSE = regex(
    r"[;:—]|,\s+(?:but|and|while|although|though|because|which|who|after|before)\b|\b(?:but|while|although)\b"
)
_IMPLIED = regex(
    r"\b(?:manag\w+|went on|(?:first|last|only)(?: [\w’-]+){0,3}|decided|chose|helped|began|forced"
    r"|continued|got) to$",
    re.I,
)


class Polarity(StrEnum):
    """What a sentence says of the thing asked."""

    SO = "so"
    NOT_SO = "not so"
    OPEN = "open"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a yes-or-no question asks: "did Kazakhstan join the accords?".

    Attributes:
        pivot: Root of its verb; of its last content word where it has none ("was the dam full?").
        subject: Stems of who or what it is said of.
        rest: Stems of all else.
        ahead: Whether it asks what will or may be.
        verbal: Whether the pivot is a verb.
        passive: Whether what it is said of is what the verb is done to.
    """

    pivot: str
    subject: tuple[str, ...]
    rest: tuple[str, ...]
    ahead: bool = False
    verbal: bool = True
    passive: bool = False


def polarity(claim: Claim, sentence: str) -> Polarity:
    """Return what a sentence says of a claim.

    It speaks of the claim when it holds the claim's verb, another of the same meaning or its opposite. A
    negation, a refusal or an opposite before it turns the claim round; two of them cancel. What is planned,
    asked for, feared or only possible is open.
    """
    tokens = list(words(sentence))
    best = Polarity.SILENT
    for at, token in enumerate(tokens):
        meaning = _meaning(claim, token.group())
        if meaning is None or not _sides(claim, tokens, at) or (claim.verbal and _is_noun(claim, tokens, at)):
            continue
        found = _said(claim, sentence, tokens, at, turned=meaning is Polarity.NOT_SO)
        if found in (Polarity.SO, Polarity.NOT_SO):
            return found
        best = found
    return best


def _meaning(claim: Claim, word: str) -> Polarity | None:
    """Return whether a word is the claim's pivot, its opposite, or neither."""
    root = verb_root(word)
    if root == claim.pivot:
        return Polarity.SO
    if not claim.verbal:
        if stem(word) in _OPPOSITE_WORD.get(claim.pivot, frozenset()):
            return Polarity.NOT_SO
        return Polarity.SO if stem(word) == stem(claim.pivot) else None
    mine, theirs = _FAMILY.get(claim.pivot, claim.pivot), _FAMILY.get(root, root)
    if mine == theirs:
        return Polarity.SO
    if theirs in _OPPOSITE.get(mine, frozenset()):
        return Polarity.NOT_SO
    return Polarity.SO if len(claim.pivot) > 4 and matching((claim.pivot,), frozenset((root,))) else None


def _is_noun(claim: Claim, tokens: Sequence[re.Match[str]], at: int) -> bool:
    """Whether a word that could be the verb stands as a noun: "a moon landing", "the strike", "a rate cut".

    A verb in the active has what it is done to after it, unless a relative clause puts it before.
    """
    before = tokens[at - 1].group().lower() if at else ""
    if claim.rest and before and stem(before) in claim.rest:
        return True
    follows = frozenset(stem(token.group()) for token in tokens[at + 1 :])
    fronted = before in _PASSIVE or any(token.group() in ("which", "that", "whom") for token in tokens[:at])
    if claim.rest and not claim.passive and not fronted and not matching(claim.rest, follows):
        return True
    if tokens[at].group().lower().endswith("ing"):
        return before not in _BEFORE_ING and not before.endswith(("n’t", "n't"))
    return before in _BEFORE_NOUN or before.endswith(("’s", "'s"))


_PASSIVE = frozenset("was were be been being is are".split())
_BEFORE_ING = frozenset("is are was were be been being not never by without from to and".split())
_BEFORE_NOUN = frozenset("the a an of this that these those his her its their in on for with no any".split())


def _sides(claim: Claim, tokens: Sequence[re.Match[str]], at: int) -> bool:
    """Whether the claim's subject stands on its own side of the verb; passives turn the sides."""
    if not claim.subject or not claim.verbal:
        return True
    head = claim.subject[-1]
    places = [n for n, token in enumerate(tokens) if matching((head,), frozenset((stem(token.group()),)))]
    if not places:
        return True  # a pronoun, or the sentence before, names it
    by = next((n for n in range(at + 1, min(at + 9, len(tokens))) if tokens[n].group().lower() == "by"), -1)
    after = [token.group().lower() for token in tokens[max(at - 3, 0) : at]]
    done_to = bool(_PASSIVE & set(after)) and after[-1] not in ("have", "to")
    if claim.passive:
        return (done_to and min(places) < at) or (not done_to and max(places) > at)
    return (min(places) < at and not done_to) or (0 <= by < max(places))


def _said(claim: Claim, sentence: str, tokens: Sequence[re.Match[str]], at: int, *, turned: bool) -> Polarity:
    start = tokens[at].start()
    clause = _clause_start(sentence, start)
    before = sentence[clause:start]
    near = [token.group().lower() for token in tokens[max(at - 6, 0) : at] if token.start() >= clause]
    after = [token.group().lower() for token in tokens[at + 1 : at + 3]]
    negations = sum(word in _NEGATORS or word.endswith(("n't", "n’t")) for word in near)
    negations += len(_REFUSALS.findall(before))
    if not claim.verbal:
        negations += sum(word in ("not", "no", "never") for word in after)
    elif after[:1] in (["no"], ["neither"], ["nothing"], ["nobody"]):
        negations += 1
    if not claim.ahead and (_is_open(before, near) if negations == 0 else _is_bound(before)):
        return Polarity.OPEN
    so = (negations % 2 == 0) != turned
    return Polarity.SO if so else Polarity.NOT_SO


def is_denied(tokens: Sequence[str], at: int) -> bool:
    """Whether one of the four words before a verb denies it: "has never won"."""
    near = [token.lower() for token in tokens[max(at - 4, 0) : at]]
    return any(word in _NEGATORS or word.endswith(("n't", "n’t")) for word in near)


def _is_open(before: str, near: Sequence[str]) -> bool:
    """Whether the words before a verb leave open whether it came to pass."""
    if _IMPLIED.search(before.strip()):
        return False
    if _MODALS & set(near[-4:]) or _CONDITIONS.search(" ".join(before.split()[-8:])):
        return True
    return near[-1:] == ["to"] or bool(_GOVERNORS.search(" ".join(before.split()[-8:]) + " "))


def _is_bound(before: str) -> bool:
    """Whether what is denied is only what somebody is to do: "agreed never to close it"."""
    return bool(re.search(rf"{_GOVERNORS_OPEN}\w* (?:not|never) (?:to|be)\b(?: \w+)?\s*$", before, re.I))


_GOVERNORS_OPEN = r"\b(?:agree|promis|pledg|vow|urg|ask|call|order|want|expect|plan|threaten|offer)"


def _clause_start(sentence: str, start: int) -> int:
    ends = [found.end() for found in _CLAUSE.finditer(sentence, 0, start)]
    return ends[-1] if ends else 0


def _verb_place(tokens: Sequence[re.Match[str]], verb: str) -> tuple[int, str]:
    """Return where the verb stands and its root; -1 where there is none ("has it been full?")."""
    lower = [token.group().lower() for token in tokens]
    if "been" in lower[:-1]:
        at = lower.index("been") + 1
        done = lower[at].endswith(("ed", "en")) or is_past(lower[at])
        return (at, verb_root(lower[at])) if done else (-1, "")
    return next((n for n, word in enumerate(lower) if verb and n and verb_root(word) == verb), -1), verb


def _predicate(tokens: Sequence[re.Match[str]]) -> str:
    """Return the stem of what is said of the subject: "full" of "the dam full in 2017"."""
    best = ""
    for token in tokens:
        word = token.group().lower()
        if word in _PREPOSITIONS and best:
            break
        if word not in STOP_WORDS:
            best = stem(word)
    return best


_PREPOSITIONS = frozenset(
    "in at of on by for with to from since after before about during under over near between".split()
)
_LIGHT = frozenset(verb_root(word) for word in "make take have give hold do be get".split())
"""Verbs whose object says what is done: "make arrests", "take place"."""


def read_claim(text: str, verb: str) -> Claim | None:
    """Read a yes-or-no question as a claim; None where nothing of it could be checked.

    Args:
        text: The question.
        verb: Root of its verb, "" where none was read.
    """
    found = re.match(r"(?:and |so |but )?(?P<aux>\w+(?:n[’']t)?)\s+(?P<rest>[^?]+)", text.strip(), re.I)
    if found is None:
        return None
    aux, rest = found.group("aux").lower(), found.group("rest")
    tokens = list(words(rest))
    at, verb = _verb_place(tokens, verb)
    verbal = at > 0
    plain = STOP_WORDS | _PREPOSITIONS
    content = [stem(token.group()) for token in tokens if token.group().lower() not in plain]
    if not content:
        return None
    if not verbal:
        pivot = _predicate(tokens)
        rest_ = tuple(term for term in content if term != pivot)
        return Claim(pivot, rest_, (), ahead=aux in _AHEAD, verbal=False)
    subject = [stem(one.group()) for one in tokens[:at] if one.group().lower() not in plain]
    object_ = [stem(one.group()) for one in tokens[at + 1 :] if one.group().lower() not in plain]
    if verb in _LIGHT and object_:
        return Claim(object_[0], tuple(subject), tuple(object_[1:]), ahead=aux in _AHEAD, verbal=False)
    passive = aux in ("is", "are", "was", "were") or bool(
        {"been", "being"} & {token.group().lower() for token in tokens[:at]}
    )
    passive = passive and not tokens[at].group().endswith("ing")
    return Claim(verb, tuple(subject), tuple(object_), ahead=aux in _AHEAD, passive=passive)


_AHEAD = ("will", "would", "can", "could", "may", "might", "should")
