"""What a question of fact asks for: the kind of answer and the noun that names it. Pure."""

import re
from dataclasses import dataclass

from index.patterns import regex
from qa.gaps import opens_with_verb
from qa.schema import Wanted
from qa.wording import STOP_WORDS, kind_of_noun

_NOT_A_NOUN = r"(?!(?:is|are|was|were|did|do|does|has|have|will|would|can)\b)"
_MEASURES = "old long far often tall large big high fast heavy deep wide".split()
_OPENING = {"when": Wanted.DATE, "where": Wanted.PLACE, "why": Wanted.CLAUSE}
_AUXILIARY = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|might)\b"
_SORT_OF = regex(
    r"^(?:the |an? |another |other )*(?:types?|kinds?|sorts?|forms?|pieces?|brands?) of (?:the |an? )?"
)
_BEFORE_NOUN = regex(r"^(?:(?:the|a|an|other|another|first|last|main|two|three|four|five|one|most) )+")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question of fact asks for: the kind of answer, the noun that names it, one or several."""

    wanted: Wanted
    head: str = ""
    many: bool = False


def read_asked(text: str) -> Asked:
    """Read the question word and its noun; quiz questions may have them in the middle or at the end."""
    if found := re.search(rf"\bhow (many|much|{'|'.join(_MEASURES)})\b\s*([^?]*)", text):
        return _amount(found.group(1), found.group(2))
    if found := re.match(rf"(when|where|why) {_AUXILIARY}", text):
        return Asked(_OPENING[found.group(1)])
    if found := re.match(r"what(?:’s|'s| is| are| was| were) ([^?]*)", text):
        return _noun_phrase(found.group(1))
    if found := re.search(rf"\b(which|what)\s+(?:of the following\s+)?{_NOT_A_NOUN}([^?’']*)", text):
        verb_first = found.group(1) == "what" and opens_with_verb(found.group(2).split())
        return Asked(Wanted.ENTITY) if verb_first else _noun_phrase(found.group(2))
    if re.search(r"\bwho(?:m|se)?\b", text):
        return Asked(Wanted.PERSON)
    return _without_noun(text)


def _without_noun(text: str) -> Asked:
    """Read a question that has neither an amount nor a noun or person asked for."""
    for word, wanted in _OPENING.items():
        if re.search(rf"\b{word}\b", text):
            return Asked(wanted)
    if found := re.search(r"\bwhat(?:’s|'s| is| are| was| were) ([^?]*)", text):
        return _noun_phrase(found.group(1))
    if re.match(r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)\b", text):
        return Asked(Wanted.YES_NO)
    if re.search(r"\bhow\b", text):
        return Asked(Wanted.CLAUSE)
    return Asked(Wanted.ENTITY) if re.search(r"\bwh(?:at|ich)\b", text) else _search_words(text)


def _search_words(text: str) -> Asked:
    """Read what is typed as into a search box: "Super Bowl 2021 location" asks for the place."""
    last = re.findall(r"[^\W\d_][\w’'-]*", text)[-1:]
    wanted = kind_of_noun(last[0]) if last else None
    return Asked(wanted, last[0]) if wanted else Asked(Wanted.ENTITY)


def _amount(word: str, rest: str) -> Asked:
    if word == "much" and rest.startswith("of "):
        return Asked(Wanted.PERCENT)
    nouns = _leading_nouns(rest)
    plural = [noun for noun in nouns if noun.endswith("s") and not noun.endswith("ss")]
    head = plural[0] if plural else (nouns[0] if nouns else "")
    wanted = {"many": Wanted.NUMBER, "much": Wanted.MONEY}.get(word, Wanted.MEASURE)
    if wanted is Wanted.MEASURE:
        return Asked(wanted, word)
    return Asked(wanted, head if wanted is Wanted.NUMBER else "")


_PHRASE_END = STOP_WORDS | frozenset(
    [
        "announced",
        "revealed",
        "won",
        "lost",
        "made",
        "got",
        "left",
        "took",
        "became",
        "began",
        "launched",
        "elected",
        "named",
        "said",
        "committed",
        "agreed",
        "remained",
    ]
)


def _leading_nouns(phrase: str) -> list[str]:
    """Return the words up to the first that cannot belong to a noun phrase, eight at most."""
    taken: list[str] = []
    for token in re.findall(r"[\w’'&+.-]+[,;:]?", phrase):
        word = token.rstrip(".,;:")
        if (word in _PHRASE_END and not kind_of_noun(word)) or len(taken) == 8:
            break
        taken.append(word)
        if token[-1] in ",;:":
            break
    return taken


def _noun_phrase(phrase: str) -> Asked:
    """Read the words after "which": head noun, kind of answer, and whether several are wanted."""
    phrase = _SORT_OF.sub("", phrase)
    naming = re.match(r"(?:the )?(?:names?|titles?) of (?:the |a |an )?", phrase)
    nouns = _leading_nouns(_BEFORE_NOUN.sub("", phrase[naming.end() if naming else 0 :]))
    known = [position for position, noun in enumerate(nouns) if kind_of_noun(noun)]
    if not known:
        return Asked(Wanted.NAME if naming else Wanted.ENTITY, nouns[-1] if nouns else "")
    last = known[0]
    while last + 1 in known and kind_of_noun(nouns[last + 1]) is kind_of_noun(nouns[last]):
        last += 1  # "Republican senators"
    head = nouns[last]
    wanted = kind_of_noun(head) or Wanted.ENTITY
    countable = wanted in (Wanted.PERSON, Wanted.ORGANISATION, Wanted.PLACE)
    return Asked(wanted, head, countable and head.endswith("s") and head not in ("boss", "congress"))
