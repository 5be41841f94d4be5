"""Who says what: speech verbs, "according to", and quotes that stand without either."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.schema import Span
from index.statements.lexicon import naming_verbs, speech_verbs, stance_verbs
from index.statements.speakers import FIRST_PERSON, Referent, Scene, resolve
from index.statements.wordsets import word_set

if TYPE_CHECKING:
    from spacy.tokens import Token

_SUBJECTS = ("nsubj", "nsubjpass")
_INHERITS = ("conj", "xcomp", "advcl", "ccomp")
_REPORTING_NOUNS = word_set(
    """
    statement letter tweet speech op-ed essay column interview post email e-mail remarks ad video memo
    book article message report release editorial blog
    """
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """A cue of speech with its speaker and the range of the words that it attributes.

    Attributes:
        cue: The verb, or "according".
        content: Range of what is said outside quotation marks, in tokens of the sentence; None when the
            sentence holds only quoted words.
        nested: Whether the cue itself stands in a quote ("Putin said ..." quoted from Trump).
    """

    speaker: Referent
    cue: "Token"
    content: tuple[int, int] | None
    nested: bool = False


def subject_of(verb: "Token") -> "Token | None":
    """Return the word that does what a verb says, also where the verb only shares or borrows its subject.

    "X said, praising Y", "X went on to praise Y" and "by praising Y, X ..." all give X.
    """
    for _ in range(8):
        own = next((child for child in verb.children if child.dep_ in _SUBJECTS), None)
        if own is not None:
            return own
        head = verb.head
        if verb.dep_ in ("relcl", "acl") and head.lower_ in ("those", "one") and head.dep_ == "pobj":
            # "X was among those supporting Y"
            verb = head.head.head
        elif verb.dep_ in ("relcl", "acl") and head.tag_.startswith("N"):
            return _writer_of(head) if head.lower_ in _REPORTING_NOUNS else head
        elif verb.dep_ == "pcomp":
            governor = head.head
            if not governor.tag_.startswith("VB") or governor.lower_ in stance_verbs():
                return _subject_behind(governor)
            verb = governor
        elif verb.dep_ in _INHERITS and head != verb and head.tag_.startswith(("VB", "MD", "JJ", "N")):
            verb = head
        else:
            return None
    return None


def _subject_behind(governor: "Token") -> "Token | None":
    """Return who is meant in "X's speech praising", or in "criticised Y for praising" (Y)."""
    if governor.tag_.startswith("N"):
        return _writer_of(governor)
    if governor.tag_.startswith("VB"):
        return next((child for child in governor.children if child.dep_ == "dobj"), None)
    return None


def _writer_of(noun: "Token") -> "Token | None":
    """Return who wrote or made a statement: its owner, else the subject of the clause it stands in."""
    owner = next((child for child in noun.children if child.dep_ == "poss"), None)
    if owner is not None:
        return owner
    for ancestor in noun.ancestors:
        if ancestor.tag_.startswith("VB"):
            return subject_of(ancestor) if ancestor.dep_ != "relcl" else None
    return None


def is_passive(verb: "Token") -> bool:
    """Whether the verb's subject is the one it is done to."""
    return any(child.dep_ in ("nsubjpass", "auxpass") for child in verb.children)


def agent_of(verb: "Token") -> "Token | None":
    """Return the doer behind "by" of a passive verb."""
    for child in verb.children:
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by"):
            return next((inner for inner in child.children if inner.dep_ == "pobj"), None)
    return None


def find_attributions(scene: Scene) -> Iterator[Attribution]:
    """Yield the attributions of a sentence, those inside quotes as nested."""
    for token in scene.tree:
        if scene.quote_at(token) is not None:
            yield from _nested(scene, token)
        elif token.lower_ in speech_verbs() and token.tag_.startswith("VB"):
            yield from _by_verb(scene, token)
        elif token.lower_ == "according":
            yield from _according(scene, token)
        elif (token.lower_ in stance_verbs() or token.lower_ in naming_verbs()) and token.tag_.startswith(
            "VB"
        ):
            yield from _by_judging_verb(scene, token)


def _nested(scene: Scene, token: "Token") -> Iterator[Attribution]:
    """A quoted speaker who relays what somebody else said."""
    if token.lower_ not in speech_verbs() or not token.tag_.startswith("VB") or is_passive(token):
        return
    doer, content = subject_of(token), _clause_of(token)
    if doer is None or content is None or doer.lower_ in FIRST_PERSON:
        return
    speaker = resolve(scene, doer)
    if speaker is not None and speaker.kind is not None:
        yield Attribution(speaker, token, content, nested=True)


def _by_verb(scene: Scene, verb: "Token") -> Iterator[Attribution]:
    doer = agent_of(verb) if is_passive(verb) else subject_of(verb)
    if doer is None or scene.quote_at(doer) is not None:
        return
    speaker = resolve(scene, doer)
    content = _clause_of(verb)
    if speaker is None or (content is None and not _touches_quote(scene)):
        return
    yield Attribution(speaker, verb, content)


def _by_judging_verb(scene: Scene, verb: "Token") -> Iterator[Attribution]:
    """A verb of praise or blame introduces quoted words as a speech verb does."""
    if not _touches_quote(scene) or is_passive(verb):
        return
    doer = subject_of(verb)
    speaker = resolve(scene, doer) if doer is not None and scene.quote_at(doer) is None else None
    if speaker is not None:
        yield Attribution(speaker, verb, None)


def _according(scene: Scene, token: "Token") -> Iterator[Attribution]:
    for child in token.subtree:
        if child.dep_ == "pobj" and child.head.lower_ == "to":
            speaker = resolve(scene, child)
            if speaker is not None:
                yield Attribution(speaker, token, (0, len(scene.tree)))
            return


def _clause_of(verb: "Token") -> tuple[int, int] | None:
    """Return the token range of the clause that a speech verb governs, or that governs it.

    In "Trump is weak, Cruz said" the parser hangs either clause under the other.
    """
    for child in verb.children:
        if child.dep_ in ("ccomp", "parataxis") or (child.dep_ == "xcomp" and child.i > verb.i):
            return child.left_edge.i, child.right_edge.i + 1
    if verb.dep_ in ("parataxis", "ccomp") and verb.head != verb:
        return verb.head.left_edge.i, verb.left_edge.i
    return None


def _touches_quote(scene: Scene) -> bool:
    return bool(scene.quotes)


def content_span(scene: Scene, attribution: Attribution) -> Span | None:
    """Return the attributed range as characters of the article."""
    if attribution.content is None:
        return None
    first, last = attribution.content
    if first >= last:
        return None
    return Span(scene.place(scene.tree[first]).start, scene.place(scene.tree[last - 1]).end)


def content_spans(scene: Scene, attribution: Attribution) -> Iterator[Span]:
    """Yield the attributed words as characters of the article, without the cue where that stands among them."""
    whole = content_span(scene, attribution)
    if whole is not None:
        yield whole
