"""Who says what: speech verbs, "according to", and quotes that stand without either."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.schema import MentionKind, Span
from index.statements.lexicon import naming_verbs, stance_verbs
from index.statements.speakers import FIRST_PERSON, Referent, Scene, resolve
from index.statements.speech import (
    asking_verbs,
    clause_verbs,
    saying_verbs,
    verbs_without_infinitive,
)
from index.statements.wordsets import word_set

if TYPE_CHECKING:
    from spacy.tokens import Token

_SUBJECTS = ("nsubj", "nsubjpass")
_INHERITS = ("conj", "xcomp", "advcl", "ccomp")
_REPORTING_NOUNS = word_set(
    """
    statement letter tweet speech op-ed essay column interview post email e-mail remarks ad video memo
    book article message report release editorial blog statements letters tweets speeches columns posts
    emails ads videos memos articles messages editorials sign signs banner banners poster posters plank
    planks petition lawsuit complaint flier fliers mailer mailers commercial commercials
    """
)
_NOUNS_OF_INTENT = word_set("intention pledge promise vow desire willingness readiness choice announcement")
_GROUPS = word_set("they many some others most few both several those nobody everyone everybody it")
_EDGES = frozenset((",", ".", ";", ":", "-", "–", "—", "--"))
_IT_REACH = 400
"""How many characters before its sentence an organisation may stand that "it" means."""

_SPEAKERS = (MentionKind.PERSON, MentionKind.ORGANISATION)
_PARTICIPLES = ("acl", "advcl", "relcl")


@dataclass(frozen=True, slots=True)
class Attribution:
    """A cue of speech with its speaker and the range of the words that it attributes.

    Attributes:
        cue: The verb, or "according".
        content: Range of what is said outside quotation marks, in tokens of the sentence; None when the
            sentence holds only quoted words.
        nested: Whether the cue itself stands in a quote ("Putin said ..." quoted from Trump).
        gap: Range of the cue and its speaker where these stand inside the content ("Taxes, he said, fell").
        doer: The word that stands for the speaker at the cue, such as "who"; None when implied.
        attitude: Whether the content is a thing wanted, opposed or mentioned, not an assertion.
        others: Who says it together with the speaker: "A and B said".
    """

    speaker: Referent
    cue: "Token"
    content: tuple[int, int] | None
    nested: bool = False
    gap: tuple[int, int] | None = None
    doer: "Token | None" = None
    attitude: bool = False
    others: tuple[Referent, ...] = ()


def subject_of(verb: "Token") -> "Token | None":
    """Return the word that does what a verb says, also where the verb only shares or borrows its subject.

    "X said, praising Y", "X went on to praise Y" and "by praising Y, X ..." all give X.
    """
    for _ in range(8):
        own = _own_subject(verb)
        if own is not None:
            return own
        head = verb.head
        controller = _controller(verb)
        if controller is not None:
            return controller
        if verb.dep_ in ("relcl", "acl") and head.lower_ in ("those", "one") and head.dep_ == "pobj":
            # "X was among those supporting Y"
            verb = head.head.head
        elif verb.dep_ in ("relcl", "acl") and head.tag_.startswith("N"):
            meant = verb.tag_ == "VB" and head.lower_ in _NOUNS_OF_INTENT
            written = meant or head.lower_ in _REPORTING_NOUNS
            return _writer_of(head) if written else head
        elif verb.dep_ == "pcomp":
            governor = head.head
            if not governor.tag_.startswith("VB") or governor.lower_ in stance_verbs():
                return _subject_behind(governor)
            verb = governor
        elif (going_on := _sister_participle(verb)) is not None:
            verb = going_on
        elif verb.dep_ in _INHERITS and head != verb and head.tag_.startswith(("VB", "MD", "JJ", "N")):
            verb = _outer_sayer(verb) or head
        else:
            return None
    return None


def _own_subject(verb: "Token") -> "Token | None":
    """Return the verb's own subject; of two (a relative "which" before "she said") the nearer."""
    own = [child for child in verb.children if child.dep_ in _SUBJECTS]
    return min(own, key=lambda child: abs(child.i - verb.i), default=None)


def _controller(verb: "Token") -> "Token | None":
    """Return whom an infinitive is asked or made to do: "her" for "declare" in "led her to declare"."""
    head = verb.head
    if verb.dep_ not in ("xcomp", "ccomp", "advcl") or verb.tag_ != "VB" or head.lower_ not in asking_verbs():
        return None
    return next((child for child in head.children if child.dep_ == "dobj" and child.i < verb.i), None)


def _sister_participle(verb: "Token") -> "Token | None":
    """Return the participle that "and asking" goes on from in "telling X that Y is weak and asking".

    The parser hangs the second under the clause that the first one says.
    """
    if verb.tag_ != "VBG" or verb.dep_ != "conj" or verb.head.tag_ == "VBG":
        return None
    return next(
        (one for one in verb.head.ancestors if one.tag_ == "VBG" and one.dep_ in ("advcl", "pcomp")), None
    )


def _outer_sayer(verb: "Token") -> "Token | None":
    """Return the verb that "..., adding" goes on from: the one that says, not the last one that is said.

    In "Ruiz said Novak must choose, adding ..." the parser hangs "adding" under "choose".
    """
    before = {token.text for token in verb.doc[max(0, verb.left_edge.i - 2) : verb.left_edge.i]}
    if verb.tag_ != "VBG" or verb.dep_ != "advcl" or verb.lower_ not in saying_verbs():
        return None
    if "," not in before or verb.left_edge != verb:
        return None
    outer = verb.head
    for ancestor in verb.head.ancestors:
        if outer.dep_ != "ccomp" or outer.i < ancestor.i:
            return None
        if ancestor.lower_ in saying_verbs() and ancestor.tag_.startswith("VB"):
            return ancestor
        outer = ancestor
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


def _is_bare_participle(verb: "Token") -> bool:
    """Whether a participle says what is done to somebody: "when asked", "measures added by"."""
    if verb.tag_ not in ("VBN", "VBD") or verb.dep_ not in _PARTICIPLES:
        return False
    return not any(child.dep_ in ("aux", *_SUBJECTS) for child in verb.children)


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
        elif token.lower_ in saying_verbs() and token.tag_.startswith("VB"):
            yield from _by_verb(scene, token)
        elif token.lower_ == "according":
            yield from _according(scene, token)
        elif token.lower_ == "put" and _clause_of(token) is None:
            yield from _putting_it(scene, token)
        elif token.text == ":":
            yield from _by_colon(scene, token)
        elif (token.lower_ in stance_verbs() or token.lower_ in naming_verbs()) and token.tag_.startswith(
            "VB"
        ):
            yield from _by_judging_verb(scene, token)


def speaker_at(scene: Scene, doer: "Token") -> Referent | None:
    """Return who a subject is; groups that the article leaves open ("many", "they") by their own word."""
    speaker = resolve(scene, doer)
    if speaker is None and doer.lower_ == "it":
        bodies = scene.cast.between(
            max(0, scene.sentence.start - _IT_REACH), scene.place(doer).start, MentionKind.ORGANISATION
        )
        if bodies:
            return Referent(bodies[-1].name, scene.place(doer), MentionKind.ORGANISATION)
    if speaker is None and doer.lower_ in _GROUPS:
        return Referent(doer.lower_, scene.place(doer))
    return speaker


def _nested(scene: Scene, token: "Token") -> Iterator[Attribution]:
    """A quoted speaker who relays what somebody else said."""
    if token.lower_ not in saying_verbs() or not token.tag_.startswith("VB") or is_passive(token):
        return
    doer, content = subject_of(token), _clause_of(token)
    if doer is None or content is None or doer.lower_ in FIRST_PERSON:
        return
    speaker = resolve(scene, doer)
    if speaker is not None and speaker.kind is not None:
        yield Attribution(speaker, token, content, nested=True, doer=doer)


def doer_of(verb: "Token") -> "Token | None":
    """Return who does what a verb says, in whichever voice it stands."""
    if is_passive(verb) or _is_bare_participle(verb):
        return agent_of(verb)
    return subject_of(verb)


def _by_verb(scene: Scene, verb: "Token") -> Iterator[Attribution]:
    doer = doer_of(verb)
    if doer is None or scene.quote_at(doer) is not None:
        return
    speaker = speaker_at(scene, doer)
    content, gap = _clause_of(verb), None
    if content is None:
        content, gap = _clause_around(verb)
    if speaker is None or (content is None and not _may_introduce(scene, verb)):
        return
    yield Attribution(speaker, verb, content, gap=gap, doer=doer)


def _putting_it(scene: Scene, verb: "Token") -> Iterator[Attribution]:
    """Read "as Ruiz put it"."""
    doer = subject_of(verb)
    if doer is None or not any(child.dep_ == "dobj" and child.lower_ == "it" for child in verb.children):
        return
    speaker = speaker_at(scene, doer)
    content, gap = _clause_around(verb)
    if speaker is not None and (content is not None or _touches_quote(scene)):
        yield Attribution(speaker, verb, content, gap=gap, doer=doer)


def _by_judging_verb(scene: Scene, verb: "Token") -> Iterator[Attribution]:
    """A verb of praise or blame introduces quoted words as a speech verb does."""
    if not _touches_quote(scene):
        return
    doer = doer_of(verb)
    speaker = resolve(scene, doer) if doer is not None and scene.quote_at(doer) is None else None
    if speaker is not None:
        yield Attribution(speaker, verb, None, doer=doer)


def _by_colon(scene: Scene, colon: "Token") -> Iterator[Attribution]:
    """A name or a clause with a colon before quoted words: "Ruiz: "No."", "Ruiz had one wish: "Peace.""."""
    place = scene.place(colon)
    last = colon.i + 1 == len(colon.doc)
    if not last and not any(0 <= quote.start - place.end <= 2 for quote, _ in scene.quotes):
        return
    named = scene.cast.at(place.start - 1, place.start)
    if named is not None and named.kind in _SPEAKERS and not last:
        span = Span(named.start, named.end)
        yield Attribution(Referent(named.name, span, named.kind), colon, None, doer=colon.doc[colon.i - 1])
        return
    for verb in reversed(colon.doc[: colon.i]):
        if verb.tag_ not in ("VBD", "VBZ", "VBP") or scene.quote_at(verb) is not None:
            continue
        doer = None if verb.lower_ in saying_verbs() else doer_of(verb)
        speaker = resolve(scene, doer) if doer is not None else None
        if speaker is not None and speaker.kind in _SPEAKERS and not speaker.indirect:
            yield Attribution(speaker, verb, None, doer=doer)
        return


def _according(scene: Scene, token: "Token") -> Iterator[Attribution]:
    for child in token.subtree:
        if child.dep_ == "pobj" and child.head.lower_ == "to":
            speaker = resolve(scene, child)
            if speaker is not None:
                gap = token.left_edge.i, token.right_edge.i + 1
                yield Attribution(speaker, token, (0, len(scene.tree)), gap=gap, doer=child)
            return


def _clause_of(verb: "Token") -> tuple[int, int] | None:
    """Return the token range of the clause that a speech verb governs.

    What stands on either side of a cue in the midst of a clause is one range with the cue in it.
    """
    for child in verb.children:
        infinitive = (
            child.dep_ == "xcomp" and child.i > verb.i and verb.lower_ not in verbs_without_infinitive()
        )
        if child.dep_ in ("ccomp", "parataxis") or infinitive:
            asked = _controller(child)
            first = child.left_edge.i if asked is None else min(asked.left_edge.i, child.left_edge.i)
            return first, child.right_edge.i + 1
    return None


def _clause_around(verb: "Token") -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """Return the clause that a cue interrupts or follows, and the range of the cue in it.

    In "Trump is weak, Cruz said" and "Taxes, as Cruz noted, fell" the cue hangs under the clause. A cue
    that no commas set apart is part of what its clause says: "they saw what he said".
    """
    head = verb.head
    as_noted = verb.dep_ == "advcl" and any(child.lower_ == "as" for child in verb.children)
    if head == verb or not (as_noted or verb.dep_ in ("parataxis", "ccomp", "dep")):
        return None, None
    tokens = verb.doc
    first, last = verb.left_edge.i, verb.right_edge.i + 1
    if verb.dep_ != "parataxis" and not as_noted and not (first > 0 and _parts(tokens[first - 1])):
        return None, None
    start, end = head.left_edge.i, head.right_edge.i + 1
    if verb.dep_ == "parataxis" and last < end and not _parts(tokens[last - 1]) and not _parts(tokens[last]):
        # "In a letter, Ruiz said he is sure": no comma behind the cue, so its clause begins there.
        start = last
    return (start, end), (first, last)


def _parts(token: "Token") -> bool:
    return not token.text[:1].isalnum()


def _touches_quote(scene: Scene) -> bool:
    return bool(scene.quotes)


def _may_introduce(scene: Scene, verb: "Token") -> bool:
    """Whether a cue without a clause gives somebody quoted words: here, or behind its sentence's colon."""
    if verb.lower_ in clause_verbs() and verb.right_edge.i + 1 < len(scene.tree):
        behind = scene.tree[verb.i + 1].text
        return _touches_quote(scene) and behind in (",", ":")
    return _touches_quote(scene) or scene.tree[-1].text == ":"


def content_span(scene: Scene, attribution: Attribution) -> Span | None:
    """Return the attributed range as characters of the article."""
    if attribution.content is None:
        return None
    return _span_of(scene, *attribution.content)


def content_spans(scene: Scene, attribution: Attribution) -> Iterator[Span]:
    """Yield the attributed words as characters of the article, without a cue that stands among them."""
    if attribution.content is None:
        return
    first, last = attribution.content
    begin, end = attribution.gap or (last, last)
    for span in (_span_of(scene, first, min(begin, last)), _span_of(scene, max(end, first), last)):
        if span is not None:
            yield span


def _parts_clauses(token: "Token") -> bool:
    return token.is_space or token.text in _EDGES


def _span_of(scene: Scene, first: int, last: int) -> Span | None:
    """Return tokens as characters of the article, without punctuation at the ends that parts clauses."""
    while first < last and _parts_clauses(scene.tree[first]):
        first += 1
    while first < last and _parts_clauses(scene.tree[last - 1]):
        last -= 1
    if first >= last:
        return None
    return Span(scene.place(scene.tree[first]).start, scene.place(scene.tree[last - 1]).end)
