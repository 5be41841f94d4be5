"""Judgements made in words: "he is a disaster", "her plan is reckless", "I admire Elizabeth".

The target is the subject of the clause that holds the judging word, its owner, or the object of "I admire".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.patterns import regex
from index.schema import MentionKind, Span, Stance
from index.statements.lexicon import deed_verbs, evaluative_words, intensifiers, negations, predicate_words
from index.statements.speakers import FIRST_PERSON, Referent, Scene, clause_verb, resolve
from index.statements.wordsets import word_set

if TYPE_CHECKING:
    from spacy.tokens import Token

_TARGETS = (MentionKind.PERSON, MentionKind.ORGANISATION, MentionKind.PLACE, MentionKind.OTHER)
_BEARERS = (MentionKind.PERSON, MentionKind.ORGANISATION)
_PREDICATES = ("acomp", "attr", "oprd", "dobj")
_SUBJECTS = ("nsubj", "nsubjpass")
_NOBODY = ("nobody", "never", "no", "none", "n't", "n’t")
_COMPARED = 14
"""Words before "than" in which nobody else may be said to come up to somebody."""

_FEELINGS = word_set(
    """
    pleased delighted excited honored privileged proud grateful thankful happy disappointed worried concerned
    alarmed frustrated angry embarrassed afraid thrilled impressed heartened optimistic confident disturbed
    offended insulted bothered scared hopeful outraged disgusted hurt troubled appalled ashamed sad terrified
    applaud commend admire appreciate respect trust hate
    """
)
"""What the speaker feels, which says how something else is."""

_CLOSED = regex(r"’(?=[\s,.;!?]|$)")


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
    judged = _judged(word)
    if judged is None or _is_name(word) or _is_kind_of(word):
        return 0
    stance, strength = judged
    if any(child.lower_ in intensifiers() for child in word.children):
        strength = min(3, strength + 1)
    if _is_negated(word):
        # "Not a racist" is a denial, not praise.
        return -1 if stance is Stance.PRAISE else 0
    return strength if stance is Stance.PRAISE else -strength


def _judged(word: "Token") -> tuple[Stance, int] | None:
    judged = evaluative_words().get(word.lower_)
    if judged is None and word.tag_ == "NNS":
        judged = evaluative_words().get(word.lower_.removesuffix("s"))
    if judged is None and word.tag_.startswith("VB"):
        judged = deed_verbs().get(word.lower_)
    predicated = word.head if word.dep_ == "amod" else word
    if judged is None and predicated.dep_ in _PREDICATES:
        judged = predicate_words().get(word.lower_)
    return judged


def _is_name(word: "Token") -> bool:
    """Whether a capitalised word stands inside a name ("Fair Housing Act") rather than judging."""
    return word.tag_.startswith("NNP") and word.i > 0 and word.text[:1].isupper()


def _is_kind_of(word: "Token") -> bool:
    """Whether "kind" or "sort" only names a sort: "kind of an urban legend"."""
    return word.lower_ == "kind" and word.i + 1 < len(word.doc) and word.nbor(1).lower_ == "of"


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

    Judging words whose target cannot be told are passed over. The target may be the speaker.
    """
    for token in scene.tree[first:last]:
        if token.lower_ == "than":
            yield from _beyond_compare(scene, token, first, speaker)
        score = word_score(token)
        if score == 0 or is_repeated(scene, token):
            continue
        # "X said he is ready" is about X; "he is ready", X said, is not.
        other = speaker if scene.quote_at(token) is not None else None
        target = _target_of(scene, token, other, range(first, last))
        if target is None and other is not None and not _judges_another(token):
            target = _only_person(scene, first, last, speaker)
            score = max(-1, min(1, score))
        if target is not None and target.kind is not None:
            yield Evaluation(target, token, score)


def _beyond_compare(scene: Scene, than: "Token", first: int, speaker: str) -> Iterator[Evaluation]:
    """Read "nobody has done more than X", "there was never a worse mayor than X"."""
    before = scene.tree[max(first, than.i - _COMPARED) : than.i]
    if not any(word.lower_ in _NOBODY for word in before):
        return
    compared = next((word for word in reversed(before) if word.tag_ in ("JJR", "RBR")), None)
    named = next((child for child in than.children if child.dep_ == "pobj"), None)
    if compared is None or named is None:
        return
    target = _known(resolve(scene, named, but=speaker))
    if target is not None and not target.indirect:
        judged = [found for word in before[-4:] if (found := _judged(word)) is not None]
        worse = any(stance is Stance.CRITICISE for stance, _ in judged)
        yield Evaluation(target, compared, -2 if worse else 2)


def is_repeated(scene: Scene, token: "Token") -> bool:
    """Whether a word stands in a quote within the quote: somebody else's words, only repeated."""
    before = scene.tree.text[: token.idx]
    opened = before.rfind("‘")
    return opened >= 0 and _CLOSED.search(before, opened) is None


def _judges_another(token: "Token") -> bool:
    """Whether a word belongs to the subject of its clause: "hostile actors" says nothing about others."""
    return token.dep_ in ("amod", "compound") and token.head.dep_ in _SUBJECTS


def _only_person(scene: Scene, first: int, last: int, speaker: str) -> Referent | None:
    """Return the one person named in quoted words, whom their judgement is then most likely about."""
    start, end = scene.place(scene.tree[first]).start, scene.place(scene.tree[last - 1]).end
    people = {
        one.name: one for one in scene.cast.between(start, end, MentionKind.PERSON) if one.name != speaker
    }
    if len(people) != 1:
        return None
    mention = next(iter(people.values()))
    return Referent(mention.name, Span(mention.start, mention.end), mention.kind)


def _target_of(scene: Scene, word: "Token", speaker: str | None, within: range) -> Referent | None:
    if word.dep_ in ("amod", "compound"):
        named = resolve(scene, word.head, but=speaker)
        if named is not None and named.kind in _BEARERS and not named.indirect:
            return named
    node = _predicate(word)
    verb = node if node.tag_.startswith("VB") else node.head
    owner = _owner(scene, node, speaker)
    if owner is not None and node.dep_ in (*_SUBJECTS, "pobj", "attr"):
        return owner
    if node.dep_ not in _PREDICATES and not node.tag_.startswith("VB"):
        return None
    subject = _subject(verb)
    if subject is None or subject.i not in within:
        return owner
    if subject.lower_ in FIRST_PERSON:
        return owner or _object_of(scene, node, speaker) or _oneself(scene, node, subject)
    referent = resolve(scene, subject, but=speaker)
    return _known(referent) or owner


def _predicate(word: "Token") -> "Token":
    """Climb from a judging word to what is said of the subject: "leader" in "is a truly great leader"."""
    node = word
    for _ in range(6):
        of_a_kind = (
            node.dep_ == "pobj" and node.head.lower_ in ("as", "like", "of") and node.head.head != node
        )
        if of_a_kind and node.head.head.dep_ in (*_PREDICATES, "ROOT", "ccomp", "xcomp", "conj"):
            node = node.head.head
        elif (
            node.dep_ in ("amod", "compound", "conj", "appos", "advmod", "npadvmod", "nmod")
            and node.head != node
        ):
            if node.dep_ == "conj" and node.tag_.startswith("VB"):
                return node
            node = node.head
        else:
            return node
    return node


def _owner(scene: Scene, noun: "Token", speaker: str | None) -> Referent | None:
    for child in noun.children:
        if child.dep_ == "poss":
            owner = resolve(scene, child, but=speaker)
            if owner is not None and owner.kind in _BEARERS:
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


def _object_of(scene: Scene, word: "Token", speaker: str | None) -> Referent | None:
    """Return whom "I admire" or "I am proud of" is about."""
    for child in word.children:
        if child.dep_ == "dobj":
            return _known(resolve(scene, child, but=speaker))
        if child.dep_ == "prep" and child.lower_ in ("of", "by", "in", "with", "for", "to", "about", "at"):
            for inner in child.children:
                if inner.dep_ == "pobj":
                    return _known(resolve(scene, inner, but=speaker))
    return None


def _oneself(scene: Scene, word: "Token", subject: "Token") -> Referent | None:
    """Return the speaker whom "I am the best candidate" is about; "I was pleased" is about nobody."""
    own = any(child.lower_ in FIRST_PERSON for child in word.subtree if child.i > word.i)
    if word.lower_ in _FEELINGS and not own:
        return None
    return _known(resolve(scene, subject))


def _known(referent: Referent | None) -> Referent | None:
    return referent if referent is not None and referent.kind in _TARGETS else None
