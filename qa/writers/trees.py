"""What the words of a parsed sentence are: which carry meaning, which turn it, which are the same. Pure."""

from typing import TYPE_CHECKING

from qa.evidence import is_derived
from qa.wording import stem

if TYPE_CHECKING:
    from spacy.tokens import Token

_CONTENT = frozenset(["NOUN", "PROPN", "VERB", "ADJ", "NUM", "ADV"])
_CLASSES = {
    "NNP": "PROPN",
    "NNPS": "PROPN",
    "NN": "NOUN",
    "VB": "VERB",
    "JJ": "ADJ",
    "RB": "ADV",
    "CD": "NUM",
    "IN": "ADP",
    "TO": "ADP",
    "DT": "DET",
    "PDT": "DET",
    "PRP$": "DET",
}
BE = frozenset("be is are was were am been being 's ’s 're".split())
SAY = frozenset("say said says saying tell told tells state stated states announce announced".split())
NOT = frozenset("not n't n’t never no nor neither none nobody nothing hardly barely scarcely without".split())
DOUBT = frozenset("if unless whether until though although except".split())
LIMITS = frozenset(
    "more less fewer least most up nearly almost over under only least half twice below above another other "
    "first second third last next former acting alleged deputy vice would-be interim fake self-styled "
    "proposed planned possible potential suspected supposed so-called ex expected unlikely likely once "
    "some few several many all every each both allegedly reportedly partly".split()
)
_LIGHT = frozenset("also however then there here now just very still already too mr mrs ms dr".split())


def carries(token: "Token") -> bool:
    """Whether a word carries meaning that must be found."""
    lowered = token.lower_
    if lowered in _LIGHT or token.is_punct or not any(map(str.isalnum, lowered)):
        return False
    if lowered in NOT or lowered in LIMITS or lowered in DOUBT:
        return True
    if word_class(token) == "AUX":
        return token.dep_ not in ("aux", "auxpass")
    return word_class(token) in _CONTENT


def word_class(token: "Token") -> str:
    """Return a word's class. The pipeline leaves them out, but they follow from its finer tags."""
    if (
        token.tag_ == "MD"
        or token.dep_ in ("aux", "auxpass")
        or (token.lower_ in BE and token.tag_[:2] == "VB")
    ):
        return "AUX"
    return _CLASSES.get(token.tag_, _CLASSES.get(token.tag_[:2], ""))


def same_word(one: "Token", other: "Token") -> bool:
    """Whether two words are one: the same, forms of one verb, one derived from the other, or one number."""
    left, right = one.lower_, other.lower_
    if left == right:
        return True
    for family in (BE, SAY):
        if left in family or right in family:
            return left in family and right in family
    if word_class(one) == "PROPN" or word_class(other) == "PROPN":
        return stem(left) == stem(right)
    if one.like_num or other.like_num:
        return left.replace(",", "") == right.replace(",", "")
    stems = stem(left), stem(right)
    return stems[0] == stems[1] or (
        word_class(one) == word_class(other) and is_derived(*stems) and len(min(stems, key=len)) > 5
    )
