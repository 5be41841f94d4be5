"""Which words of a parsed sentence hang together, and as what: who does it, to whom, by which preposition."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.writers.trees import carries, word_class

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_SUBJECT = frozenset(["nsubj", "csubj", "agent"])
_OBJECT = frozenset(["dobj", "nsubjpass", "csubjpass", "dative", "oprd"])
_SUBJ, _OBJ, _OTHER = "subject", "object", "other"


@dataclass(frozen=True, slots=True)
class Tie:
    """Two words of a sentence that carry meaning and hang together."""

    head: "Token"
    child: "Token"
    role: str


def ties_of(tree: "Doc") -> "Iterator[Tie]":
    """Yield the ties of a sentence."""
    for token in tree:
        if not carries(token):
            continue
        head, role = _head_of(token)
        if head is not None and head.i != token.i:
            yield Tie(head, token, role)
        for subject in _subjects(token):
            yield Tie(token, subject, _OBJ if _is_passive(token) else _SUBJ)


def _head_of(token: "Token") -> "tuple[Token | None, str]":
    """Return the next word above that carries meaning, with prepositions as the role, and the role."""
    role = _role(token)
    above = token.head
    while above.i != above.head.i and not carries(above):
        if above.dep_ == "agent":
            role = _SUBJ
        elif word_class(above) == "ADP" and role == _OTHER:
            role = above.lower_
        above = above.head
    if above.i == token.i or not carries(above):
        return None, role
    return above, role


def _role(token: "Token") -> str:
    if token.dep_ in _SUBJECT:
        return _SUBJ
    if token.dep_ in _OBJECT:
        return _OBJ
    if token.dep_ == "attr":
        return "is"
    return _OTHER


def _is_passive(verb: "Token") -> bool:
    return any(child.dep_ in ("nsubjpass", "auxpass") for child in verb.children)


def _subjects(verb: "Token") -> "Iterator[Token]":
    """Yield the subjects that a verb shares with the verb it is joined to or that governs it."""
    if verb.dep_ in ("conj", "xcomp") and not any(
        child.dep_ in ("nsubj", "nsubjpass") for child in verb.children
    ):
        yield from (
            child for child in verb.head.children if child.dep_ in ("nsubj", "nsubjpass") and carries(child)
        )


def tied_there(head: "Token", child: "Token", role: str) -> bool:
    """Whether two words of the article's sentence hang together in a role."""
    if head.i == child.i:
        return True
    if role == _SUBJ:
        return child in _doers(head)
    if role == _OBJ:
        return child in _sufferers(head)
    if role == "is":
        return _path(head, child, 1)
    above, there = _head_of(child)
    if above is not None and above.i == head.i:
        return role in (there, _OTHER) or there == _OTHER
    return _path(head, child, 1) or _joined(head, child, role)


def _joined(head: "Token", child: "Token", role: str) -> bool:
    """Whether the child is one of a list of which the first is tied to the head, or an apposition to it."""
    step = child
    for _ in range(4):
        if step.dep_ not in ("conj", "appos", "compound", "nmod", "amod", "nummod", "poss", "flat"):
            return False
        step = step.head
        if step.i == head.i:
            return True
        above, there = _head_of(step)
        if above is not None and above.i == head.i:
            return role in (there, _OTHER)
    return False


def _path(one: "Token", other: "Token", most: int) -> bool:
    """Whether two words are the ends of at most so many ties."""
    for start, end in ((one, other), (other, one)):
        step, count = start, 0
        while count < most:
            above, _ = _head_of(step)
            if above is None:
                break
            step, count = above, count + 1
            if step.i == end.i:
                return True
    return False


def _with_listed(tokens: "Iterator[Token]") -> "Iterator[Token]":
    """Yield words with those joined to them by "and" or a comma, and the parts of their names."""
    for token in tokens:
        yield token
        for child in token.children:
            named = "PROPN" in (word_class(token), word_class(child))
            if child.dep_ in ("conj", "flat") or (child.dep_ in ("appos", "compound") and named):
                yield from _with_listed(iter([child]))


def _doers(verb: "Token") -> "list[Token]":
    """Return who does what a verb says, shared and relative subjects included."""
    if _is_passive(verb):
        agents = (child for child in verb.children if child.dep_ == "agent")
        return list(_with_listed(word for agent in agents for word in agent.children))
    return _before(verb, ("nsubj", "csubj"))


def _sufferers(verb: "Token") -> "list[Token]":
    """Return whom or what a verb acts on."""
    if _is_passive(verb):
        return _before(verb, ("nsubjpass", "csubjpass"))
    direct = (
        child for child in verb.children if child.dep_ in ("dobj", "dative", "oprd", "attr", "ccomp", "xcomp")
    )
    found = list(_with_listed(direct))
    if verb.dep_ == "acl" and verb.tag_ == "VBN":
        found += _with_listed(iter([verb.head]))
    return found


def _before(verb: "Token", roles: Sequence[str]) -> "list[Token]":
    """Return a verb's grammatical subjects; those of the verb it is joined to where it has none."""
    step = verb
    for _ in range(3):
        own = [child for child in step.children if child.dep_ in (*roles, "nsubj", "nsubjpass")]
        own = own if step.i != verb.i else [child for child in own if child.dep_ in roles]
        relative = [child for child in own if child.tag_ in ("WP", "WDT")]
        if relative and step.dep_ == "relcl":
            return list(_with_listed(iter([step.head])))
        if own:
            return list(_with_listed(iter(own)))
        if step.dep_ not in ("conj", "xcomp"):
            break
        step = step.head
    if verb.dep_ == "acl" and verb.tag_ == "VBG":
        return list(_with_listed(iter([verb.head])))
    return []
