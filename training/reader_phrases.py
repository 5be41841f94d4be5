"""The phrases of a parsed sentence and the question words that ask for them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qa.countries import is_kind_of_place

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

__all__ = [
    "VAGUE",
    "answer_of",
    "count_of",
    "entity_at",
    "full_form",
    "kinds",
    "named",
    "title_of",
    "trimmed",
    "written",
]

_SIDE_REMARKS = frozenset(("relcl", "appos", "acl", "advcl", "parataxis", "punct"))
_FULL_FORMS = {
    "'s": "is", "’s": "is", "'ve": "have", "’ve": "have", "'ll": "will", "’ll": "will",
    "'d": "would", "’d": "would", "'re": "are", "’re": "are", "ca": "can", "wo": "will",
}  # fmt: skip
VAGUE = frozenset(
    """it they he she we you i this that these those there who which what one ones others someone anyone
    everyone nobody something anything everything nothing him her them us me himself herself itself
    themselves people thing things some many most all both each any more much few several none""".split()
)
"""Words that name nobody and nothing."""
_SIMPLE_KINDS = {
    "NORP": ("which group", "what nationality", "which group of people", "who"),
    "LOC": ("where", "which region", "which place", "what location", "which area"),
    "FAC": ("where", "which building", "which place", "what landmark", "which site"),
    "EVENT": ("what", "which event", "what event", "which competition"),
    "LAW": ("which law", "what", "what legislation"),
    "PRODUCT": ("what", "which product", "what product"),
    "WORK_OF_ART": (
        "what",
        "which work",
        "which film",
        "which show",
        "which book",
        "what is the title of what",
    ),
    "LANGUAGE": ("which language", "what language"),
}
_ORGANISATIONS = (
    ("university", ("which university", "which school")),
    ("college", ("which college",)),
    ("court", ("which court",)),
    ("party", ("which party",)),
    ("department", ("which department", "which agency")),
    ("agency", ("which agency",)),
    ("administration", ("which agency",)),
    ("bank", ("which bank",)),
    ("airlines", ("which airline",)),
    ("airways", ("which airline",)),
    ("news", ("which news outlet", "which outlet")),
    ("times", ("which newspaper", "which outlet")),
    ("house", ("who", "which body")),
)
_ANY_ORGANISATION = (
    "which company",
    "what company",
    "which organization",
    "what organization",
    "who",
    "which team",
    "which group",
    "which firm",
    "what",
)


def answer_of(head: "Token") -> "tuple[list[Token], Sequence[str]]":
    """Return the phrase that a noun stands for and the question words that ask for it."""
    if head.lower_ in VAGUE:
        return [], ()
    name = entity_at(head)
    if name is not None and name.label_ not in (
        "CARDINAL",
        "ORDINAL",
        "DATE",
        "TIME",
        "QUANTITY",
        "PERCENT",
        "MONEY",
    ):
        return named(name), kinds(name)
    phrase = list(trimmed(head))
    while phrase and phrase[0].tag_ in ("DT", "PRP$"):
        phrase = phrase[1:]
    if not 1 <= len(phrase) <= 7 or head.tag_ not in ("NN", "NNS", "NNP", "NNPS"):
        return [], ()
    words = ["what", "what"]
    modified = [child for child in head.children if child.dep_ in ("compound", "amod") and child.i < head.i]
    if modified and head.tag_ in ("NN", "NNS"):
        words += [f"what {head.lower_}", f"which {head.lower_}", f"what kind of {head.lower_}"]
    if head.lemma_ in _PEOPLE:
        words = ["who", "who", *words[2:]]
    return phrase, words


_PEOPLE = frozenset(
    """man woman official officer police president minister leader mother father son daughter wife husband
    judge lawyer attorney scientist researcher expert doctor actor actress singer player coach author writer
    director driver pilot student teacher victim suspect resident worker employee spokesman spokeswoman
    spokesperson investigator prosecutor authority lawmaker senator governor mayor candidate fan passenger
    brother sister parent child family boy girl king queen prince pope chief executive ceo founder""".split()
)


def kinds(name: "Span") -> Sequence[str]:
    """Return question words that ask for a name of this kind."""
    title = [token.lower_ for token in title_of(name) if token.tag_ in ("NN", "NNP")]
    beside = [
        child.lower_
        for child in name.root.children
        if child.dep_ == "appos" and child.tag_ == "NN" and not child.ent_type_
    ]
    nouns = [f"which {noun}" for noun in (*title[-1:], *beside)]
    plain = name.text.removeprefix("the ").removeprefix("The ")
    if name.label_ == "PERSON":
        return ("who", "who", *nouns, *nouns)
    if name.label_ == "GPE":
        kinds = [kind for kind in ("country", "state") if is_kind_of_place(plain, kind)]
        return tuple(f"{word} {kind}" for word in ("which", "what") for kind in kinds or ["city", "place"])
    if name.label_ == "ORG":
        for mark, words in _ORGANISATIONS:
            if mark in plain.lower():
                return (*words, *nouns, "what organization")
        return (*nouns, *nouns, *_ANY_ORGANISATION)
    return (*nouns, *nouns, *_SIMPLE_KINDS.get(name.label_, ("what",)))


def title_of(name: "Span") -> "list[Token]":
    """Return the nouns right before a person's name: "actor", "Treasury Secretary"."""
    if name.label_ not in ("PERSON", "ORG", "GPE", "FAC", "LOC"):
        return []
    first = name.start
    while (
        first > 0
        and name.doc[first - 1].dep_ == "compound"
        and name.doc[first - 1].head.i in range(name.start, name.end)
    ):
        first -= 1
    return list(name.doc[first : name.start])


def count_of(head: "Token") -> "list[Token]":
    """Return the number that counts this noun: the "13,000" of "13,000 air traffic controllers"."""
    for child in head.children:
        if (
            child.dep_ == "nummod"
            and child.ent_type_ == "CARDINAL"
            and child.i < head.i
            and head.tag_ == "NNS"
        ):
            name = entity_at(child)
            return list(name) if name is not None else [child]
    return []


def entity_at(token: "Token") -> "Span | None":
    """Return the name, date or amount that a word is part of."""
    return next((name for name in token.doc.ents if name.start <= token.i < name.end), None)


def named(name: "Span | None") -> "list[Token]":
    """Return the words of a name without article, possessive ending and outer marks."""
    tokens = list(name) if name is not None else []
    while tokens and (
        tokens[0].lower_ in ("the", "a", "an") or (tokens[0].is_punct and tokens[0].text not in "$€£")
    ):
        tokens = tokens[1:]
    while tokens and tokens[-1].text in ("'s", "’s", "'", "’", ",", "."):
        tokens = tokens[:-1]
    return tokens


def trimmed(head: "Token", *, clauses: bool = False) -> "list[Token]":
    """Return the words of a phrase, up to the first side remark after its head."""
    first, last = head.left_edge.i, head.right_edge.i
    if not clauses:
        for child in head.rights:
            if child.dep_ in _SIDE_REMARKS:
                last = child.left_edge.i - 1
                break
    tokens = list(head.doc[first : last + 1])
    while tokens and (
        (tokens[0].is_punct and tokens[0].text not in '$€£“"')
        or (tokens[0].dep_ in ("cc", "mark") and not clauses)
    ):
        tokens = tokens[1:]
    while tokens and (
        tokens[-1].text in (",", ".", ";", ":", "—", "–", "-", "!", "?", "'s", "’s")
        or tokens[-1].dep_ == "cc"
    ):
        tokens = tokens[:-1]
    return tokens


def full_form(token: "Token") -> str:
    """Return an auxiliary written out."""
    if token.lower_ in ("'s", "’s") and token.head.tag_ == "VBN" and token.dep_ == "aux":
        return "has"
    return _FULL_FORMS.get(token.lower_, token.text)


def written(tokens: "Sequence[Token]") -> str:
    """Return words as text, in lower case where only the start of a sentence capitalised them."""
    text = "".join(token.text_with_ws for token in tokens).strip()
    opens = (
        bool(tokens)
        and tokens[0].i == 0
        and tokens[0].tag_ not in ("NNP", "NNPS")
        and not tokens[0].ent_type_
    )
    return (
        text[:1].lower() + text[1:]
        if opens or (tokens and tokens[0].i == 0 and tokens[0].tag_ == "DT")
        else text
    )
