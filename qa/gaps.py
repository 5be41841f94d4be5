"""Where in a plain sentence the answer of a question stands: the verb beside it, and on which side. Pure.

"Who founded X?" leaves a gap before "founded", "What did X found?" one after it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.patterns import regex
from qa.schema import Side
from qa.wording import STOP_WORDS, kind_of_noun, stem

_IRREGULAR = """
    win won|lose lost|beat beaten|write wrote written|make made|take took taken|give gave given
    |buy bought|sell sold|lead led|hold held|build built|find found|become became|begin began begun
    |leave left|break broke broken|run ran|see saw seen|show shown|speak spoke spoken|pay paid
    |bring brought|think thought|choose chose chosen|drive drove driven|know known|teach taught|send sent
    |spend spent|meet met|grow grew grown|rise rose risen|fall fell fallen|draw drew drawn|fly flew flown
    |sing sang sung|steal stole stolen|strike struck|shoot shot|mean meant|keep kept|feel felt
    |catch caught|fight fought|seek sought|tell told|say said|get got gotten
"""
_ROOTS = {stem(form): stem(family.split()[0]) for family in _IRREGULAR.split("|") for form in family.split()}
_PARTICIPLES = frozenset(family.split()[-1] for family in _IRREGULAR.split("|"))
_PASTS = frozenset(form for family in _IRREGULAR.split("|") for form in family.split()[1:])
_BE = frozenset("is are was were be been being".split())
_AUXILIARY = frozenset("do does did has have had will would can could may might must should shall".split())
_OPENS_SUBJECT = frozenset(
    "the a an his her its their our your this that these those he she it they we you i".split()
)
_QUESTION_WORD = regex(r"\b(?:who(?:m|se)?|which|what|when|where|why|how)\b", re.I)


@dataclass(frozen=True, slots=True)
class Gap:
    """The root of the verb beside the answer ("" when none was read) and the answer's side of it."""

    verb: str = ""
    side: Side = Side.ANY


def verb_root(word: str) -> str:
    """Return the stem of a verb's plain form: "won" and "wins" -> "win"."""
    return _ROOTS.get(stem(word), stem(word))


def read_gap(question: str) -> Gap:
    """Return the gap of a question.

    Example: "Which company bought the mill?" -> before "buy"; "What did Baran develop at RAND?" -> after
    "develop"; "What was developed for the Navy?" -> before "develop".
    """
    opening = _QUESTION_WORD.search(question)
    if not opening:
        return Gap()
    tokens = re.findall(r"[\w’'&.-]*\w", question[opening.end() :])
    word = opening.group().lower()
    at = 0
    if word == "what" and opens_with_verb(tokens):
        pass
    elif word in ("which", "what", "how", "whose"):
        at = _after_noun(tokens)
        if at == 0 and tokens and tokens[0].lower() not in _BE | _AUXILIARY:
            return Gap()  # the noun's end was not found
    if at >= len(tokens):
        return Gap()
    gap = _gap_at(tokens, at)
    return Gap(gap.verb) if word in ("when", "where", "why", "how") else gap


def _gap_at(tokens: Sequence[str], at: int) -> Gap:
    """Read the verb at the end of the question's noun phrase, or after its auxiliary."""
    first = tokens[at].lower()
    if at == len(tokens) - 1 and at:
        return Gap()  # a quiz question that ends in "which country"
    if first not in _BE and first not in _AUXILIARY:
        return Gap("" if first in STOP_WORDS else verb_root(first), Side.BEFORE)
    rest = [token for token in tokens[at + 1 :] if token.lower() not in ("not", "also", "have", "be", "been")]
    if not rest:
        return Gap()
    asks_subject = (
        rest[0][0].islower() and rest[0] not in _OPENS_SUBJECT and first not in ("do", "does", "did")
    )
    if asks_subject and (first not in _BE or _is_participle(rest[0])):
        return Gap(verb_root(rest[0]), Side.BEFORE)
    verb = _after_subject(rest, participle=first in _BE)
    return Gap(verb_root(verb), Side.AFTER) if verb else Gap()


def _after_noun(tokens: Sequence[str]) -> int:
    """Return the position after the noun phrase that follows "which": at its auxiliary or its verb."""
    for position, token in enumerate(tokens):
        word = token.lower()
        if word in _BE or word in _AUXILIARY:
            return position
        if position and kind_of_noun(tokens[position - 1].lower()) and not kind_of_noun(word):
            return position
        if position and _is_verb(word, position):
            return position
        if word in STOP_WORDS and position and word != "of":
            return position - 1
    return 0


def _is_verb(word: str, position: int) -> bool:
    inflected = word.endswith("s") and position > 1 and not kind_of_noun(word)
    return _is_participle(word) or is_past(word) or inflected


def opens_with_verb(tokens: Sequence[str]) -> bool:
    """Whether the words after "what" are its verb, not its noun: "drove residents", "drives down wages"."""
    if not tokens or kind_of_noun(tokens[0]):
        return False
    first, following = tokens[0], (*tokens[1:2], "")[0]
    if following in _BE or following in _AUXILIARY or _is_participle(following):
        return False
    if is_past(first) or _is_participle(first):
        return True
    return first.endswith("s") and not first.endswith("ss") and (following in STOP_WORDS or len(tokens) > 2)


def _after_subject(rest: Sequence[str], *, participle: bool) -> str:
    """Return the verb after the subject: past its article, its capitalised words or its one noun."""
    if participle:
        return next((token for token in rest[1:] if _is_participle(token)), "")
    at = 1 if rest[0].lower() in _OPENS_SUBJECT else 0
    start = at
    while at < len(rest) and (not rest[at][0].islower() or rest[at] in ("of", "and", "the", "for")):
        at += 1
    if at == start and start < len(rest) and rest[0] not in ("he", "she", "it", "they"):
        at += 1
    if at + 1 < len(rest) and at == start + 1 and rest[at].endswith("s") and rest[at + 1] not in STOP_WORDS:
        at += 1  # "do closed rivers serve as"
    return rest[at] if at < len(rest) and rest[at] not in STOP_WORDS else ""


def is_past(word: str) -> bool:
    """Whether a word is the past form of an irregular verb."""
    return word in _PASTS


def _is_participle(word: str) -> bool:
    return word.islower() and (word.endswith("ed") or word in _PARTICIPLES)
