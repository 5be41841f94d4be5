"""Reported judgements: "X praised Y", "Y was praised by X", "X's criticism of Y", "X called Y a liar".

Who does it and whom it is done to is read from the parse, never from the order of the names.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.schema import Stance
from index.statements.attribution import agent_of, is_passive, subject_of
from index.statements.company import joined
from index.statements.evaluation import judge_words
from index.statements.lexicon import (
    adjective_cues,
    forms,
    naming_verbs,
    negations,
    stance_nouns,
    stance_phrases,
    stance_verbs,
    undoing_verbs,
    unreal_verbs,
)
from index.statements.speakers import Scene
from index.statements.wordsets import word_set

if TYPE_CHECKING:
    from spacy.tokens import Token

_GIVING = frozenset(
    form
    for verb in [
        "heap",
        "lavish",
        "offer",
        "have",
        "pour",
        "level",
        "launch",
        "issue",
        "direct",
        "deliver",
        "reserve",
        "renew",
        "give",
        "express",
        "voice",
        "send",
        "aim",
        "make",
        "extend",
        "show",
        "step",
        "repeat",
        "unleash",
        "lob",
        "hurl",
        "throw",
        "pile",
        "announce",
        "lend",
        "lodge",
        "mount",
        "wage",
        "drum",
    ]
    for form in forms(verb)
)
_GETTING = frozenset(
    form
    for verb in [
        "draw",
        "receive",
        "win",
        "earn",
        "face",
        "get",
        "garner",
        "attract",
        "secure",
        "gain",
        "prompt",
        "spark",
        "provoke",
        "trigger",
        "meet",
        "accept",
        "collect",
        "land",
        "pick",
        "nab",
        "score",
        "suffer",
        "enjoy",
        "elicit",
    ]
    for form in forms(verb)
)
_FROM = word_set("from by")
_TOWARDS = word_set("of for on against toward towards at to about")
_MODALS_OF_THE_UNREAL = word_set("would could might may should must 'd ’d")
_ACCUSING = forms("accuse") | forms("suspect")
_UNDOING_NOUNS = word_set("refusal failure reluctance decision plan unwillingness chance reluctant unwilling")
_WISHING = word_set("want like wish")
_OBJECTS = ("dobj", "obj")


@dataclass(frozen=True, slots=True)
class Judgement:
    """A judgement as the parse shows it; `doer` and `target` are heads of noun phrases."""

    doer: "Token | None"
    target: "Token"
    cue: "Token"
    stance: Stance
    strength: int


def find_judgements(scene: Scene) -> Iterator[Judgement]:
    """Yield the reported judgements of a sentence, one for each doer and target."""
    for token in scene.tree:
        if token.tag_.startswith("VB"):
            yield from _by_verb(token)
        elif token.tag_.startswith("NN") and token.lower_ in stance_nouns():
            yield from _by_noun(token)
        elif token.tag_.startswith("JJ") and token.lower_ in adjective_cues():
            yield from _by_adjective(token)


def is_undone(verb: "Token") -> bool:
    """Whether a judgement was not made: denied, refused, only expected, or put as a condition.

    Looks at the verb's own negation and helpers and at the verbs it hangs under as an infinitive.
    """
    for _ in range(4):
        if any(_undoes(child) for child in verb.children) or _is_inverted(verb):
            return True
        head = verb.head
        if verb.dep_ == "pcomp":
            return _undoing_preposition(head)
        if verb.dep_ == "conj" and head.tag_.startswith("VB") and not _has_subject(verb):
            verb = head
            continue
        if verb.dep_ not in ("xcomp", "ccomp", "acl") or verb.tag_ not in ("VB", "VBG"):
            return False
        if _is_saying_so(verb):
            return False
        if head.lower_ in undoing_verbs() | unreal_verbs() | _UNDOING_NOUNS:
            return True
        if verb.dep_ == "xcomp" and any(child.lower_ == "yet" for child in head.children):
            return True
        if not head.tag_.startswith(("VB", "JJ")):
            return False
        verb = head
    return False


def _is_saying_so(verb: "Token") -> bool:
    """Whether somebody praises by saying so: "I want to thank him", "let me commend her"."""
    head = verb.head
    if head.lower_ == "let":
        return any(child.lower_ == "me" for child in (*head.children, *verb.children))
    if head.lower_ not in _WISHING or verb.lower_ not in stance_verbs():
        return False
    return stance_verbs()[verb.lower_][1] is Stance.PRAISE and any(
        child.dep_ == "nsubj" and child.lower_ in ("i", "we") for child in head.children
    )


def _is_inverted(verb: "Token") -> bool:
    """Whether the verb is a condition by word order: "had she congratulated him"."""
    subject = next((child for child in verb.children if child.dep_ in ("nsubj", "nsubjpass")), None)
    return subject is not None and any(
        child.dep_ in ("aux", "auxpass") and child.lower_ in ("had", "were", "should") and child.i < subject.i
        for child in verb.children
    )


def _undoes(child: "Token") -> bool:
    """Whether a word under a verb says that what the verb says did not happen."""
    if child.dep_ in ("aux", "auxpass"):
        return child.lower_ in _MODALS_OF_THE_UNREAL
    if child.dep_ == "mark":
        return child.lower_ in ("if", "unless", "whether")
    return child.dep_ == "neg" or (child.dep_ == "advmod" and child.lower_ in negations())


def _undoing_preposition(preposition: "Token") -> bool:
    """Read "without praising", "short of praising", "accused of praising", "refrained from praising"."""
    governor = preposition.head
    if preposition.lower_ == "without" or governor.lower_ == "short":
        return True
    return governor.lower_ in _ACCUSING or governor.lower_ in undoing_verbs()


def _has_subject(verb: "Token") -> bool:
    return any(child.dep_ in ("nsubj", "nsubjpass") for child in verb.children)


def _by_verb(verb: "Token") -> Iterator[Judgement]:
    if is_undone(verb) or _only_asks(verb):
        return
    judged = stance_verbs().get(verb.lower_)
    if judged is not None:
        _, stance, strength = judged
        for target in _objects(verb):
            yield from _spread(verb, target, stance, strength)
        if verb.lower_.startswith("accus") or verb.lower_.startswith("blam") or judged[0] == "credit":
            return
    yield from _by_phrase(verb)
    if verb.lower_ in naming_verbs() and judged is None:
        yield from _by_naming(verb)


def _only_asks(verb: "Token") -> bool:
    """Whether "questioned" means asking: "questioned him about the deal", "questioned whether it is safe"."""
    if verb.lower_ not in forms("question"):
        return False
    return any(child.lower_ == "about" or child.dep_ == "ccomp" for child in verb.children)


def _spread(verb: "Token", target: "Token", stance: Stance, strength: int) -> Iterator[Judgement]:
    doer = agent_of(verb) if is_passive(verb) else subject_of(verb)
    if is_passive(verb) and doer is None:
        return
    for one in joined(doer) if doer is not None else [None]:
        for other in joined(target):
            yield Judgement(one, other, verb, stance, strength)


def _objects(verb: "Token") -> list["Token"]:
    """Return whom a verb is done to: its object, or the subject of a passive."""
    if is_passive(verb):
        subject = subject_of(verb)
        return [subject] if subject is not None else []
    found = [child for child in verb.children if child.dep_ in _OBJECTS]
    if found:
        return found
    for child in verb.children:
        # "Praised what he called Y's efforts"
        if child.dep_ == "ccomp" and child.lower_ in naming_verbs():
            return [
                inner for inner in child.children if inner.dep_ in ("oprd", "dobj") and inner.i > child.i
            ][:1]
    if verb.tag_ == "VBN" and verb.dep_ in ("acl", "advcl") and agent_of(verb) is not None:
        noun = verb.head if verb.dep_ == "acl" else subject_of(verb)
        return [noun] if noun is not None else []
    return []


def _by_phrase(verb: "Token") -> Iterator[Judgement]:
    for words, stance, strength in stance_phrases().get(verb.lower_, ()):
        target = _after_words(verb, words)
        if target is not None:
            yield from _spread(verb, target, stance, strength)
            return


def _after_words(verb: "Token", words: tuple[str, ...]) -> "Token | None":
    """Follow a phrase's words below its verb and return the noun behind its last preposition."""
    tokens = verb.doc
    place = verb.i + 1
    for number, word in enumerate(words):
        reach = 1 if number == 0 and len(words) == 1 else 4
        found = next(
            (at for at in range(place, min(place + reach, len(tokens))) if tokens[at].lower_ == word), None
        )
        if found is None:
            return None
        place = found + 1
    last = tokens[place - 1]
    inner = next((child for child in last.children if child.dep_ == "pobj"), None)
    if inner is None and last.dep_ == "prt":
        inner = next((child for child in verb.children if child.dep_ in _OBJECTS and child.i > verb.i), None)
    return inner


def _by_naming(verb: "Token") -> Iterator[Judgement]:
    """Read "called Y a liar", "portrayed Y as reckless": the judgement is in the words behind the target."""
    target = next(iter(_objects(verb)), None)
    if target is None:
        for child in verb.children:
            if child.dep_ in ("ccomp", "xcomp", "oprd") and child.i > verb.i:
                target = next((inner for inner in child.children if inner.dep_ == "nsubj"), None)
                break
    if target is None:
        return
    behind = target.right_edge.i + 1 if target.i > verb.i else verb.i + 1
    end = verb.right_edge.i + 1
    if target.right_edge.i + 1 >= end and target.i > verb.i:
        behind = target.i + 1
    score = judge_words(list(verb.doc[behind:end]))
    if score is None:
        return
    yield from _spread(verb, target, *score)


def _by_adjective(adjective: "Token") -> Iterator[Judgement]:
    """Read "was critical of Y", "is proud of Y"."""
    stance, strength = adjective_cues()[adjective.lower_]
    verb = adjective.head
    target = _prepositional(adjective, word_set("of about with to toward for"))
    if target is None or adjective.dep_ != "acomp" or is_undone(verb):
        return
    doer = subject_of(verb)
    if doer is not None:
        for one in joined(doer):
            for other in joined(target):
                yield Judgement(one, other, adjective, stance, strength)


def _by_noun(noun: "Token") -> Iterator[Judgement]:
    """Read "X's criticism of Y", "praise from X for Y", "X heaped praise on Y", "Y drew criticism from X"."""
    stance, strength = stance_nouns()[noun.lower_]
    verb = _governor(noun)
    if (verb is not None and is_undone(verb)) or any(child.lower_ in negations() for child in noun.children):
        return
    doers, targets = _own_sides(noun)
    lodged = next((child for child in noun.rights if child.dep_ == "relcl" and child.lower_ in _GIVING), None)
    if lodged is not None and not is_passive(lodged) and not is_undone(lodged):
        # "Attacks that X has levelled against Y"
        doers = doers or _listed(_own_subject(lodged))
        targets = targets or _listed(_prepositional(lodged, _TOWARDS))
    if verb is not None and verb.lower_ in _GIVING and not is_passive(verb):
        doers = doers or _listed(subject_of(verb))
        targets = targets or _listed(_prepositional(verb, _TOWARDS) or _dative(verb))
    elif verb is not None and verb.lower_ in _GETTING:
        got = subject_of(verb)
        if any(child.dep_ == "poss" for child in noun.children):
            return
        # "Won the endorsement of Y": what is got comes from Y.
        doers, targets = targets or doers or _listed(_prepositional(verb, _FROM)), _listed(got)
    for doer in doers:
        for one in targets:
            if one != doer:
                yield Judgement(doer, one, noun, stance, strength)


def _own_subject(verb: "Token") -> "Token | None":
    subjects = [child for child in verb.children if child.dep_ == "nsubj"]
    return subjects[-1] if subjects else None


def _governor(noun: "Token") -> "Token | None":
    """Return the verb that a noun is the object of, also behind "to", "with" or "under"."""
    if noun.dep_ in _OBJECTS and noun.head.tag_.startswith("VB"):
        return noun.head
    behind = noun.dep_ == "pobj" and noun.head.lower_ in ("to", "with", "under")
    return noun.head.head if behind and noun.head.head.tag_.startswith("VB") else None


def _own_sides(noun: "Token") -> "tuple[list[Token], list[Token]]":
    """Return who judges and who is judged as far as words under the noun itself say so."""
    target = _prepositional(noun, _TOWARDS)
    owner = next((child for child in noun.children if child.dep_ == "poss"), None)
    doer = owner or _prepositional(noun, _FROM)
    if doer is None and target is not None:
        doer = _prepositional(target, word_set("by"))
    return _listed(doer), _listed(target)


def _listed(noun: "Token | None") -> "list[Token]":
    return joined(noun) if noun is not None else []


def _dative(verb: "Token") -> "Token | None":
    return next((child for child in verb.children if child.dep_ == "dative" and child.tag_[0] in "NP"), None)


def _prepositional(head: "Token", words: frozenset[str]) -> "Token | None":
    """Return the noun behind the first of these prepositions that hangs under a word."""
    for child in head.children:
        if child.dep_ in ("prep", "agent", "dative") and child.lower_ in words:
            inner = next((below for below in child.children if below.dep_ == "pobj"), None)
            if inner is not None:
                return inner
    return None
