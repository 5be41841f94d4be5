"""A question and an answer put together as one plain sentence, by rule. Pure."""

import re

__all__ = ["claim_of"]

_AUXILIARY = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)"
_BE = ("is", "are", "was", "were")
_PREPOSITION = {"when": "", "where": "in "}


def claim_of(question: str, answer: str) -> str:
    """Return a sentence that says what the question asks with the answer in its place.

    Where the question's words cannot be turned round, the answer stands behind them.

    Example:
        >>> claim_of("Who acquired WhatsApp?", "Facebook"), claim_of("When was OpenAI founded?", "2015")
        ('Facebook acquired WhatsApp.', 'OpenAI was founded 2015.')
    """
    asked = " ".join(question.split()).rstrip("?. ")
    made = _about_subject(asked, answer) or _about_rest(asked, answer) or f"{asked}: {answer}"
    return made[:1].upper() + made[1:] + "."


def _about_subject(asked: str, answer: str) -> str:
    """Return the claim of a question whose answer is its subject: "Who won X", "Which city hosts Y"."""
    found = re.match(rf"(?:who|what)\s+(?!{_AUXILIARY}\b)(.+)", asked, re.I)
    if found:
        return f"{answer} {found[1]}"
    found = re.match(
        rf"(?:which|what) (?:\w+ ){{1,3}}?({_AUXILIARY} (?!the |a ).+|\w+(?:ed|s|won) .+)", asked, re.I
    )
    return f"{answer} {found[1]}" if found else ""


def _about_rest(asked: str, answer: str) -> str:
    """Return the claim of a question with an auxiliary before its subject: "When was X born"."""
    found = re.match(
        rf"(.*?\b(?:who|whom|what|which|when|where|why|how)\b.*?)\s*\b({_AUXILIARY})\b\s(.+)", asked, re.I
    )
    if not found:
        return ""
    opening, auxiliary, rest = found[1].lower(), found[2].lower(), found[3]
    place = _PREPOSITION.get(opening.split()[0], "")
    if auxiliary in _BE:
        passive = re.match(r"[a-z]+(?:ed|en|wn|ld|de|nt|ht|rn)\b", rest)
        if passive and opening.split()[0] == "who":
            return f"{answer} {auxiliary} {rest}"
        participle = re.match(r"(.+?) ([a-z]+(?:ed|en|wn|ld|de|nt|ht|rn))\b(.*)$", rest)
        if participle and opening in ("when", "where", "how", "why", "what"):
            return f"{participle[1]} {auxiliary} {participle[2]}{participle[3]} {place}{answer}"
        return f"{rest} {auxiliary} {place}{answer}"
    return f"{rest} {place}{answer}"
