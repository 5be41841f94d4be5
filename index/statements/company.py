"""Who else does what a word's person does: the other names of a list.

"A, B and C praised X", "Republican A and Democrat B", "senators such as A and B". Names are taken from the
article's mentions inside the noun phrase, which holds better than the parser's chain of conjunctions.
"""

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from index.patterns import regex
from index.schema import Mention, MentionKind, Span
from index.statements.speakers import Referent, Scene, in_quote
from index.statements.wordsets import word_set

if TYPE_CHECKING:
    from spacy.tokens import Token

_KINDS = (MentionKind.PERSON, MentionKind.ORGANISATION)
_AND = regex(r"(?:^|[\s,])(?:and|&|as well as|along with|or)\s", re.IGNORECASE)
_JOINT = regex(r"(?:,|\s(?:and|&|as well as|along with|or)\s)(?!.*(?:,|\s(?:and|&|or)\s))", re.IGNORECASE)
"""The last comma or "and" between two names."""

_STOPS = regex(r"[“”\":;?!—]|``|''|’s\b|'s\b|\.\s+[a-z]")
_EXAMPLES = ("like", "including", "as")
_LABELS = word_set("democrat republican libertarian conservative liberal socialist god")
_MOST_BETWEEN = 90
"""Characters between two names of a list, for an office or a state."""


def is_label(name: str) -> bool:
    """Whether a name is nobody who judges or is judged: the party in "Anna Weber, a Utah Democrat", God."""
    return name.lower() in _LABELS


def beside(scene: Scene, head: "Token | None", but: str) -> list[Referent]:
    """Return the others who are named in one list with a word, in order of place.

    Args:
        scene: The sentence.
        head: The word, such as the subject of a verb.
        but: Name of the one whom the word itself stands for.
    """
    if head is None:
        return []
    place = scene.place(head)
    own = scene.cast.at(place.start, place.end)
    listed = own is not None and own.kind in _KINDS
    chain = _chain(scene, head, own) if own is not None and listed else _examples(scene, head)
    found = {one.name: one for one in chain if one.name != but}
    return [Referent(one.name, Span(one.start, one.end), one.kind) for one in found.values()]


def _within(scene: Scene, first: "Token", last: "Token") -> list[Mention]:
    start, end = scene.place(first).start, scene.place(last).end
    named = scene.cast.between(start, end, *_KINDS)
    return [one for one in named if not in_quote(scene, one) and not is_label(one.name)]


def _top(head: "Token") -> "Token":
    """Climb from a name in a list to the list's first word."""
    while head.dep_ in ("conj", "appos") and head.head != head and head.head.tag_.startswith("N"):
        head = head.head
    return head


def _chain(scene: Scene, head: "Token", own: Mention) -> list[Mention]:
    """Return the unbroken list of names that holds a name."""
    top = _top(head)
    named = _within(scene, top.left_edge, top.right_edge)
    if own not in named:
        return []
    here = named.index(own)
    first = last = here
    while first > 0 and _are_joined(scene, named[first - 1], named[first]):
        first -= 1
    while last + 1 < len(named) and _are_joined(scene, named[last], named[last + 1]):
        last += 1
    chain = named[first : last + 1]
    # Commas alone set a name apart rather than list it: "Ruiz, Novak said".
    listed = any(_AND.search(_between(scene, *pair)) for pair in pairwise(chain))
    return chain if listed else []


def _examples(scene: Scene, head: "Token") -> list[Mention]:
    """Return those named as examples of a plural: "senators like A and B", "most did, including A"."""
    if head.tag_ != "NNS" and head.lower_ not in ("many", "most", "some", "others", "several"):
        return []
    behind = [*head.rights]
    if head.dep_ in ("nsubj", "nsubjpass", "pobj"):
        # One thing includes nobody: in "most had endorsed his bid, including A" A is one of the most.
        clause = [head.head, *(one for one in head.head.rights if one.tag_ in ("NN", "NNP"))]
        behind += [child for one in clause for child in one.rights if child.lower_ == "including"]
    for preposition in behind:
        if preposition.dep_ == "prep" and preposition.lower_ in _EXAMPLES:
            named = _within(scene, preposition, preposition.right_edge)
            end = scene.place(preposition).end
            if named and named[0].start - end <= _MOST_BETWEEN // 2:
                last = 0
                while last + 1 < len(named) and _are_joined(scene, named[last], named[last + 1]):
                    last += 1
                return named[: last + 1]
    return []


def _between(scene: Scene, left: Mention, right: Mention) -> str:
    text, offset = scene.tree.text, scene.offset
    return text[left.end - offset : right.start - offset]


def _are_joined(scene: Scene, left: Mention, right: Mention) -> bool:
    """Whether two names stand side by side in a list, with no more between them than office and home."""
    words = _between(scene, left, right)
    joint = _JOINT.search(words)
    if joint is None or len(words) > _MOST_BETWEEN or _STOPS.search(words):
        return False
    start, end = left.end - scene.offset, right.start - scene.offset
    behind = start + joint.end()
    for token in scene.tree:
        if token.idx < start or token.idx >= end:
            continue
        if token.tag_.startswith(("VB", "MD", "W")):
            return False
        if token.idx >= behind and token.tag_ in ("IN", "TO", "PRP", "PRP$", "RB"):
            return False
    return True


def joined(token: "Token") -> list["Token"]:
    """Return a noun and those joined to it by "and" or commas; of "Republicans like X and Y" also X and Y."""
    found = [
        token,
        *(word for word in token.conjuncts if word.i > token.i and word.tag_.startswith(("N", "PRP"))),
    ]
    if token.tag_ in ("NN", "NNP"):
        return found
    for preposition in token.rights:
        if preposition.dep_ == "prep" and preposition.lower_ in ("like", "including", "as"):
            for example in preposition.children:
                if example.dep_ == "pobj" and example.tag_.startswith("NNP"):
                    found += [example, *(word for word in example.conjuncts if word.tag_.startswith("NNP"))]
    return found
