"""Judgements made in words: "he is a disaster", "her plan is reckless", "I admire Elizabeth".

The target is the subject of the clause that holds the judging word, its owner, or the object of "I admire".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.schema import MentionKind, Stance
from index.statements.lexicon import evaluative_words, intensifiers, negations, stance_verbs
from index.statements.speakers import FIRST_PERSON, Referent, Scene, clause_verb, resolve

if TYPE_CHECKING:
    from spacy.tokens import Token


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A judging word of the sentence with its target and its signed strength (praise is positive)."""

    target: Referent
    cue: "Token"
    score: int


def judge_words(words: "Sequence[Token]") -> tuple[Stance, int] | None:
    """Return the stance that a run of words takes, None when they judge nothing or cancel out."""
    total, strongest = 0, 0
    for word in words:
        score = word_score(word)
        total += score
        strongest = max(strongest, abs(score))
    if total == 0:
        return None
    return (Stance.PRAISE if total > 0 else Stance.CRITICISE), min(strongest, 3)


def word_score(word: "Token") -> int:
    """Return how a word judges, signed; a negation before it turns praise into mild criticism."""
    judged = evaluative_words().get(word.lower_)
    if judged is None and word.lower_.endswith("s"):
        judged = evaluative_words().get(word.lower_[:-1])
    if judged is None or _is_name(word):
        return 0
    stance, strength = judged
    if any(child.lower_ in intensifiers() for child in word.children):
        strength = min(3, strength + 1)
    if _is_negated(word):
        # "Not a racist" is a denial, not praise.
        return -1 if stance is Stance.PRAISE else 0
    return strength if stance is Stance.PRAISE else -strength


def _is_name(word: "Token") -> bool:
    """Whether a capitalised word stands inside a name ("Fair Housing Act") rather than judging."""
    return word.tag_.startswith("NNP") and word.i > 0 and word.text[:1].isupper()


def _is_negated(word: "Token") -> bool:
    negating = negations()
    verb = clause_verb(word)
    node = word
    for _ in range(4):
        if any(child.dep_ == "neg" or child.lower_ in negating for child in node.lefts):
            return True
        if node == verb or node.head == node:
            break
        node = node.head
    return any(child.lower_ in negating and child.dep_ in ("neg", "advmod") for child in verb.children)


def find_evaluations(scene: Scene, first: int, last: int, speaker: str) -> Iterator[Evaluation]:
    """Yield the judgements among the sentence's tokens `first` to `last`, which `speaker` says.

    Judging words whose target cannot be told are passed over.
    """
    for token in scene.tree[first:last]:
        score = word_score(token)
        if score == 0:
            continue
        target = _target_of(scene, token, speaker, range(first, last))
        if target is not None and target.name != speaker and target.kind is not None:
            yield Evaluation(target, token, score)


def _target_of(scene: Scene, word: "Token", speaker: str, within: range) -> Referent | None:
    modified = word.head if word.dep_ in ("amod", "compound") else word
    verb = clause_verb(word)
    named = resolve(scene, modified, but=speaker) if modified != word else None
    if named is not None and named.kind is not None and not named.indirect:
        return named
    owner = _owner(scene, modified, speaker)
    subject = _subject(verb)
    if subject is not None and subject.i not in within:
        subject = None
    if subject is not None and subject.lower_ not in FIRST_PERSON:
        referent = resolve(scene, subject, but=speaker)
        if referent is not None and referent.kind is not None:
            return referent
        if owner is not None:
            return owner
        return None
    if owner is not None and (subject is None or word.dep_ != "dobj"):
        return owner
    if subject is not None and (word == verb or word.head == verb):
        return _object_of(scene, word if word.dep_ == "acomp" else verb, speaker)
    return None


def _owner(scene: Scene, noun: "Token", speaker: str) -> Referent | None:
    for child in noun.children:
        if child.dep_ == "poss":
            owner = resolve(scene, child, but=speaker)
            if owner is not None and owner.kind is not None:
                return Referent(f"{owner.name}’s {noun.text}", owner.span, owner.kind, indirect=True)
    return None


def _subject(verb: "Token") -> "Token | None":
    for _ in range(4):
        own = next((child for child in verb.children if child.dep_ in ("nsubj", "nsubjpass")), None)
        if own is not None:
            return own
        if verb.dep_ not in ("conj", "xcomp", "acl", "advcl") or verb.head == verb:
            return None
        verb = verb.head
    return None


def _object_of(scene: Scene, word: "Token", speaker: str) -> Referent | None:
    """Return whom "I admire" or "I am proud of" is about."""
    for child in word.children:
        if child.dep_ == "dobj":
            return _known(resolve(scene, child, but=speaker))
        if child.dep_ == "prep" and child.lower_ in ("of", "by", "in", "with", "for", "to", "about", "at"):
            for inner in child.children:
                if inner.dep_ == "pobj":
                    return _known(resolve(scene, inner, but=speaker))
    return None


def _known(referent: Referent | None) -> Referent | None:
    return referent if referent is not None and referent.kind in _TARGETS else None


_TARGETS = (MentionKind.PERSON, MentionKind.ORGANISATION, MentionKind.PLACE, MentionKind.OTHER)


def is_first_person_judgement(verb: "Token") -> bool:
    """Whether a verb such as "admire" has "I" or "we" as its subject."""
    subject = _subject(verb)
    return verb.lower_ in stance_verbs() and subject is not None and subject.lower_ in FIRST_PERSON
