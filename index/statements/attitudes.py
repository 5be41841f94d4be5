"""What somebody wants, supports, opposes or is reported to mention: speech and attitude without a clause.

"Ruiz opposes the bill" and "her promise to resign" attribute words to Ruiz as "Ruiz said" does, but what is
attributed is a thing, not an assertion: nothing in it may be read as her judgement.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.statements.attribution import Attribution, agent_of, doer_of, is_passive, speaker_at
from index.statements.lexicon import naming_verbs
from index.statements.speakers import Scene
from index.statements.speech import attitude_verbs, phrasal_attitudes, saying_verbs, speech_nouns

if TYPE_CHECKING:
    from spacy.tokens import Token

_OBJECTS = ("dobj", "oprd", "ccomp", "xcomp")
_BEHIND_OBJECT = ("of", "for", "as", "from", "over")
_NOUN_CONTENT = ("acl", "ccomp", "relcl")
_NOUN_PREPOSITIONS = ("of", "for", "to", "on", "about", "against", "that")
_BY = ("by", "from")


def find_attitudes(scene: Scene) -> Iterator[Attribution]:
    """Yield the attitudes of a sentence, those in quotes left out."""
    for token in scene.tree:
        if scene.quote_at(token) is not None:
            continue
        if token.tag_.startswith("VB"):
            found = _by_verb(token)
        elif token.tag_ in ("NN", "NNS") and token.lower_ in speech_nouns():
            found = _by_noun(token)
        else:
            continue
        if found is None or scene.quote_at(found[0]) is not None:
            continue
        doer, content = found
        speaker = speaker_at(scene, doer)
        if speaker is not None:
            yield Attribution(speaker, token, content, doer=doer, attitude=True)


def _by_verb(verb: "Token") -> "tuple[Token, tuple[int, int]] | None":
    """Return who holds an attitude and the range of its object."""
    word = verb.lower_
    if not any(
        word in table for table in (attitude_verbs(), naming_verbs(), phrasal_attitudes(), saying_verbs())
    ):
        return None
    doer = doer_of(verb)
    if doer is None:
        return None
    content = _object_range(verb) if agent_of(verb) is None else _done_to(verb)
    return (doer, content) if content is not None else None


def _done_to(verb: "Token") -> tuple[int, int] | None:
    """Return what a passive verb is done to: its subject, or the noun that it stands behind."""
    for child in verb.children:
        if child.dep_ == "nsubjpass":
            return child.left_edge.i, child.right_edge.i + 1
    if verb.dep_ == "acl":
        return verb.head.left_edge.i, verb.left_edge.i
    return None


def _object_range(verb: "Token") -> tuple[int, int] | None:
    behind = [child for child in verb.rights if child.dep_ in _OBJECTS]
    prepositions = phrasal_attitudes().get(verb.lower_, frozenset())
    if behind and (verb.lower_ in attitude_verbs() or verb.lower_ in naming_verbs()):
        last = behind[-1].i
        behind += [
            child
            for child in verb.rights
            if child.dep_ == "prep" and child.lower_ in _BEHIND_OBJECT and child.i > last
        ][:1]
    elif prepositions:
        behind = _phrase(verb, prepositions)
    else:
        return None
    if not behind:
        return None
    first = min(child.left_edge.i for child in behind)
    return first, max(child.right_edge.i for child in behind) + 1


def _phrase(verb: "Token", prepositions: frozenset[str]) -> "list[Token]":
    """Return what stands behind "called on" or "pushed for", with an infinitive that follows it."""
    for child in verb.rights:
        if child.dep_ in ("prep", "prt") and child.lower_ in prepositions and not is_passive(verb):
            inner = [below for below in child.children if below.dep_ in ("pobj", "pcomp")]
            following = [
                other for other in verb.rights if other.dep_ in ("advcl", "xcomp") and other.tag_ == "VB"
            ]
            return inner + following[:1] if inner else []
    return []


def _by_noun(noun: "Token") -> "tuple[Token, tuple[int, int]] | None":
    """Return whose claim or support a noun names and what it is: "Ruiz's claim that taxes fell"."""
    doer = next((child for child in noun.children if child.dep_ == "poss"), None)
    if doer is None:
        doer = next(
            (
                below
                for child in noun.rights
                if child.dep_ == "prep" and child.lower_ in _BY
                for below in child.children
                if below.dep_ == "pobj"
            ),
            None,
        )
    if doer is None:
        return None
    for child in noun.rights:
        clause = child.dep_ in _NOUN_CONTENT and child.left_edge.lower_ in ("that", "to", "about")
        if clause or (child.dep_ == "prep" and child.lower_ in _NOUN_PREPOSITIONS):
            first = child.left_edge.i if clause else child.i + 1
            return (doer, (first, child.right_edge.i + 1)) if first <= child.right_edge.i else None
    return None
