"""Kinds of praise that a question may single out: thanks, congratulations, endorsements, defence. Pure.

"Attacked", "blasted" and "slammed" are no kind of their own: readers who ask whom somebody attacked most mean
every statement that criticises.
"""

import re
from collections.abc import Iterable

from index.patterns import regex
from index.schema import LedgerEntry
from qa.wording import base_forms

_AROUND_CUE = 80
"""Characters around the words that carry a statement in which its kind is looked for."""

_VERBS = {
    "thank": "thank",
    "congratulate": "congratulate",
    "endorse": "endorse",
    "back": "endorse",
    "support": "endorse",
    "champion": "endorse",
    "defend": "defend",
}
_WORDS = {
    "thank": r"thank\w*|grat(?:eful|itude)\w*|appreciat\w*|indebted",
    "congratulate": r"congratulat\w*|congrats|kudos",
    "endorse": (
        r"endors\w+|back(?:s|ed|ing|ers?)?|support\w*|(?:vot(?:e|es|ed|ing)|campaign\w*|stump\w*|root\w*) for"
        r"|rall(?:y|ies|ied|ying) (?:behind|around)|c[ao]m(?:e|es|ing) out for"
        r"|lined up behind|first choice|next choice"
    ),
    "defend": r"defen[dcs]\w*|st(?:ood|ands?|anding) (?:by|behind|up for)|vouch\w*|stuck up for",
}
_FOUND = {family: regex(rf"\b(?:{words})\b", re.I) for family, words in _WORDS.items()}
NOUNS = {
    "thank": "thanks",
    "congratulate": "congratulation",
    "endorse": "endorsement",
    "defend": "defence",
}
"""What a family is called in a note to the reader."""


def family_of(verbs: Iterable[str]) -> str:
    """Return the one family that all of the question's verbs belong to, or an empty string.

    Example: ["endorsed", "backed"] -> "endorse"; ["praised", "thanked"] -> "".
    """
    found = {
        next((_VERBS[form] for form in base_forms(verb.lower()) if form in _VERBS), "") for verb in verbs
    }
    return found.pop() if len(found) == 1 else ""


def is_of_family(entry: LedgerEntry, family: str) -> bool:
    """Whether a statement thanks, congratulates, endorses or defends, by its cue and the words around it."""
    statement, pattern = entry.statement, _FOUND[family]
    if pattern.search(statement.cue):
        return True
    if statement.cue_span is None:
        return bool(pattern.search(entry.quote))
    start = max(statement.cue_span.start - statement.start - _AROUND_CUE, 0)
    end = statement.cue_span.end - statement.start + _AROUND_CUE
    return bool(pattern.search(entry.quote[start:end]))
