"""What turns the meaning of words that a sentence keeps, and was left out: "not", "may", "refused to"."""

from typing import TYPE_CHECKING

from qa.wording import stem
from qa.writers.trees import DOUBT, LIMITS, NOT, SAY, carries, same_word, word_class

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from spacy.tokens import Doc, Token

_MODALS = frozenset("may might can could would will shall should must 'll ’ll 'd ’d wo ca need ought".split())


def left_out(claim: "Doc", matches_of: "Callable[[Token], Sequence[Token]]") -> str:
    """Return what the claim has left out that turns the meaning of the words it kept; "" for nothing.

    Args:
        claim: The sentence.
        matches_of: The words of the article that a word of the claim may be.
    """
    for token in claim:
        found = matches_of(token)
        if not found or not carries(token):
            continue
        missing = [_lost(token, other, claim) for other in found]
        if all(missing):
            return missing[0]
    return ""


def _lost(token: "Token", other: "Token", claim: "Doc") -> str:
    """Return what stands with a word of the article and not with the same word of the claim."""
    own, there = _turning(token), _turning(other)
    if word_class(other) in ("VERB", "AUX"):
        if own != there:
            return f"“{' '.join(sorted(own ^ there))}” beside “{token.text}”"
        return _dropped_from_denial(other, claim) or _governed(other, claim)
    lost = {word for word in there if word in NOT | LIMITS} - own
    if lost:
        return f"“{' '.join(sorted(lost))}” before “{token.text}”"
    if word_class(other) == "NUM" and other.dep_ == "nummod" and not _stands_in(other.head, claim):
        return f"“{other.head.text}” after “{token.text}”"
    return _dropped_from_denial(other, claim) if there & NOT else ""


def _dropped_from_denial(word: "Token", claim: "Doc") -> str:
    """Return what a denial is limited to and the claim leaves out: "no wish" for "no wish to pay less"."""
    below = list(word.children)
    if not any(child.lower_ in NOT for child in below):
        below = [
            under for child in below if child.dep_ in ("dobj", "attr", "pobj") for under in child.children
        ]
        if not any(child.lower_ in NOT for child in below):
            return ""
    for child in below:
        narrowing = child.dep_ in ("acl", "relcl", "xcomp", "ccomp", "prep", "advcl", "dobj", "attr", "acomp")
        held = [under for under in child.subtree if carries(under)] if narrowing else []
        if held and not any(_stands_in(under, claim) for under in held):
            return f"“{held[0].text}”, to which the denial is limited"
    return ""


def _stands_in(word: "Token", claim: "Doc") -> bool:
    return any(same_word(token, word) for token in claim)


def _turning(token: "Token") -> frozenset[str]:
    """Return the words right under a word that turn its meaning."""
    marks = _MODALS | NOT | DOUBT if word_class(token) in ("VERB", "AUX") else NOT | LIMITS
    below = {child.lower_ for child in token.children} & marks
    if word_class(token) not in ("VERB", "AUX"):
        below |= {
            under.lower_
            for child in token.children
            if word_class(child) in ("NUM", "DET")
            for under in child.children
        } & marks
    same = {
        "n't": "not",
        "n’t": "not",
        "'ll": "will",
        "’ll": "will",
        "wo": "will",
        "ca": "can",
        "'d": "would",
        "’d": "would",
    }
    return frozenset(same.get(word, word) for word in below)


def _governed(verb: "Token", claim: "Doc") -> str:
    """Return the verb on which the article's statement hangs ("refused to") where the claim drops it."""
    words = {stem(token.text) for token in claim}
    step = verb
    while step.dep_ in ("ccomp", "xcomp", "pcomp", "conj", "advcl", "acl"):
        above = step.head
        if step.dep_ in ("ccomp", "xcomp", "pcomp") and word_class(above) in ("VERB", "ADJ", "NOUN", "AUX"):
            held = stem(above.text) in words or (above.lower_ in SAY and bool({stem(w) for w in SAY} & words))
            if not held:
                return f"“{above.text}”, on which the cited statement hangs"
        if step.dep_ == "acl" and step.tag_ == "VB" and stem(above.text) not in words:
            return f"“{above.text}”, on which the cited statement hangs"
        step = above
    return ""
