"""From candidates to statements: what each is weighed to be, and how it is shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.schema import MentionKind, Span, Stance, Statement, Voice
from index.statements.candidates import Candidate, Way, candidates_of
from index.statements.implied import Memory, implied_in
from index.statements.names import AUTHOR
from index.statements.reading import Reading
from index.statements.sayings import Saying, runs_of, sayings_of, voice_of
from index.statements.weighing import Shares

if TYPE_CHECKING:
    from spacy.tokens import Token

_EVEN = {Way.REPORTED: 0.08, Way.SAID: 0.2, Way.TOLD: 0.2, Way.SELF: 0.12, Way.IMPLIED: 0.25}
"""Share by the weights that counts as a confidence of one half.

Chosen on the halves of the `praise` articles for the best F1 at a precision near .58 against the gold ledger.
The ledger records a judgement once in an article, and not in a summary that a quotation fills in, so the
shares are lower than what a reader would call right, most of all where the article itself reports a
judgement.
"""

_EVEN_WORDLESS = 0.3
"""The same for what somebody says without one judging word about the target.

In news of other matters than the election campaign of the gold ledger, who is spoken of badly is as often the
one that something bad was done to.
"""

_KEPT = 0.35
"""A reading less sure than this is not even shown as unclear."""

_CLEAR = 0.75
"""From here on a judgement without a judging word is called clear rather than mild."""


@dataclass(frozen=True, slots=True)
class HeardSentence:
    """One sentence's sayings and candidates."""

    sayings: tuple[Saying, ...]
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A statement; `goes_on` where its sentence only goes on with what was being said."""

    statement: Statement
    goes_on: bool = False


def heard(readings: Sequence[Reading]) -> list[HeardSentence]:
    """Return what is said, and who may be judging whom, in each sentence of an article."""
    runs = runs_of(readings)
    found = []
    memory = Memory()
    for one in readings:
        sayings = tuple(sayings_of(one, runs))
        candidates = candidates_of(one.scene, sayings)
        candidates += implied_in(one.scene, sayings, candidates, memory)
        memory.keep(candidates)
        found.append(HeardSentence(sayings, tuple(candidates)))
    return found


def judge(sentences: Sequence[HeardSentence], shares: Sequence[Shares]) -> Iterator[Judged]:
    """Yield the statements of an article in order of place.

    Each speaker of a sentence gets a neutral statement for words that judge nobody.

    Args:
        sentences: From `heard`.
        shares: What each of their candidates is weighed to be, in order.
    """
    weighed = iter(shares)
    for sentence in sentences:
        spoken: set[str] = {AUTHOR}
        for one in sentence.candidates:
            share = next(weighed)
            sure = confidence_of(one, max(share.praise, share.criticise))
            if sure >= _KEPT:
                stance = Stance.PRAISE if share.praise > share.criticise else Stance.CRITICISE
                spoken.add(one.speaker.name)
                goes_on = (
                    one.way in (Way.SAID, Way.IMPLIED) and one.saying is not None and one.saying.cue is None
                )
                yield Judged(statement_of(one, stance, sure), goes_on)
        for saying in sentence.sayings:
            if saying.speaker.name not in spoken:
                spoken.add(saying.speaker.name)
                yield Judged(_neutral(saying))


def confidence_of(one: Candidate, share: float) -> float:
    """Return a candidate's share on a scale on which one half is where it begins to count.

    The scale orders statements by how sure they are; it is no measured rate of right ones.
    """
    wordless = one.way is Way.SAID and not one.evaluations
    even = _EVEN_WORDLESS if wordless else _EVEN[one.way]
    return share * (1 - even) / (share * (1 - even) + (1 - share) * even)


def statement_of(one: Candidate, stance: Stance, confidence: float) -> Statement:
    """Return a candidate as the statement it is weighed to be."""
    scene = one.scene
    cue = _cue(one, stance)
    sentence = Span(scene.sentence.start, scene.sentence.end)
    shown = one.saying.shown if one.saying is not None and one.judgement is None else sentence
    return Statement(
        shown.start,
        shown.end,
        one.speaker.name,
        one.target.name,
        stance,
        _strength(one, stance, confidence),
        voice_of(scene, cue),
        cue.text,
        one.speaker.span,
        one.target.span,
        scene.place(cue),
        one.relayed_by,
        one.speaker.kind,
        one.target.kind,
        round(confidence, 3),
    )


def _cue(one: Candidate, stance: Stance) -> "Token":
    """Return the word that carries the judgement: a word of judgement, else what attributes the words."""
    if one.judgement is not None:
        return one.judgement.cue
    sign = 1 if stance is Stance.PRAISE else -1
    judging = [found for found in one.evaluations if found.score * sign > 0]
    if judging:
        return max(judging, key=lambda found: abs(found.score)).cue
    if one.deed is not None:
        return one.deed
    if one.heads:
        return one.heads[0]
    assert one.saying is not None
    return one.scene.tree[one.saying.first]


def _strength(one: Candidate, stance: Stance, confidence: float) -> int:
    if one.judgement is not None and one.judgement.stance is stance:
        return one.judgement.strength
    sign = 1 if stance is Stance.PRAISE else -1
    strongest = max((found.score * sign for found in one.evaluations), default=0)
    return min(3, strongest) if strongest > 0 else 1 + (confidence >= _CLEAR)


def _neutral(saying: Saying) -> Statement:
    scene = saying.scene
    start, end = scene.place(scene.tree[saying.first]).start, scene.place(scene.tree[saying.last - 1]).end
    named = [
        one
        for one in scene.cast.between(start, end, MentionKind.PERSON, MentionKind.ORGANISATION)
        if one.name != saying.speaker.name
    ]
    named.sort(key=lambda one: one.kind is not MentionKind.PERSON)
    target = named[0] if named else None
    return Statement(
        saying.shown.start,
        saying.shown.end,
        saying.speaker.name,
        target.name if target else None,
        Stance.NEUTRAL,
        0,
        voice_of(scene, scene.tree[saying.first]) if saying.cue is not None else Voice.DIRECT,
        saying.cue.text if saying.cue is not None else "",
        saying.speaker.span,
        Span(target.start, target.end) if target else None,
        scene.place(saying.cue) if saying.cue is not None else None,
        speaker_kind=saying.speaker.kind,
        target_kind=target.kind if target else None,
    )
