"""Who may be judging whom in a sentence: every pair of a speaker and somebody spoken of, with the evidence.

A pair comes from a reported judgement ("X accused Y") or from words that X says with Y in them. Whether it is
a judgement, and which, is weighed afterwards.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from index.schema import MentionKind, Span, Stance
from index.statements.attribution import agent_of, doer_of, is_passive, subject_of
from index.statements.cast import is_role
from index.statements.company import beside, is_label
from index.statements.evaluation import Evaluation, find_evaluations
from index.statements.frames import Judgement, find_judgements, is_undone
from index.statements.lexicon import forms, naming_verbs, stance_nouns, stance_verbs
from index.statements.names import AUTHOR, possessor
from index.statements.sayings import Saying
from index.statements.speakers import HE, REFLEXIVE, SHE, SPOUSES, Referent, Scene, resolve
from index.statements.wordsets import word_set

if TYPE_CHECKING:
    from spacy.tokens import Token

_DOERS = (MentionKind.PERSON, MentionKind.ORGANISATION, MentionKind.OTHER)
_JUDGED = (MentionKind.PERSON, MentionKind.ORGANISATION, MentionKind.PLACE, MentionKind.OTHER)
_OWN_CUES = frozenset(form for verb in ("defend", "tout", "embrace") for form in forms(verb))
_OWN_PEOPLE = word_set(
    "rivals rival opponents opponent critics colleagues challengers fans supporters family"
)


class Way(StrEnum):
    """How a speaker and a target came together.

    Reported by a word of judgement ("X accused Y"), named in what X says, or told of as one to whom X does
    something that is mostly a judgement ("X denounced plans by Y"). Or X speaks of X; or X's words name
    nobody and go on about Y, of whom X spoke before ("That is a disgrace").
    """

    REPORTED = "reported"
    SAID = "said"
    TOLD = "told"
    SELF = "self"
    IMPLIED = "implied"


@dataclass(slots=True)
class Candidate:
    """A speaker and a target of one sentence, with all that speaks for a judgement.

    Attributes:
        way: How the pair was found.
        saying: The words in which the target is spoken of; None when the article only tells of a deed.
        heads: The tokens that stand for the target.
        deed: The verb by which the speaker does something to the target.
        judgement: The reported judgement, if there is one.
        evaluations: Judging words about the target.
        relayed_by: Who relays the judgement, when that is not the article.
        source: How it is known whom the words mean, where they do not say so.
    """

    scene: Scene
    speaker: Referent
    target: Referent
    way: Way
    saying: Saying | None = None
    heads: "list[Token]" = field(default_factory=list)
    deed: "Token | None" = None
    judgement: Judgement | None = None
    evaluations: list[Evaluation] = field(default_factory=list)
    relayed_by: str | None = None
    source: str | None = None

    @property
    def score(self) -> int:
        """Sum of the signed strengths of the judging words."""
        return sum(one.score for one in self.evaluations)


def candidates_of(scene: Scene, sayings: Sequence[Saying]) -> list[Candidate]:
    """Return the candidates of a sentence, each pair of speaker and target once."""
    found: dict[tuple[str, str], Candidate] = {}
    for reported in _reported(scene, sayings):
        found.setdefault((reported.speaker.name, judged_name(reported.target)), reported)
    # Whom somebody else is reported to judge, the one who relays it need not judge.
    taken = {
        token.i
        for one in found.values()
        if one.judgement is not None
        for token in (one.judgement.target, *one.judgement.target.children)
        if token == one.judgement.target or token.dep_ in ("compound", "poss", "nmod")
    }
    judging: set[int] = set()
    widest = {one.speaker.name: one for one in sorted(sayings, key=_width)}
    # Who is relayed comes before who relays: the shorter of two nested sayings is the inner one.
    for saying in sorted(sayings, key=_width):
        speaker, wide = saying.speaker, widest[saying.speaker.name]
        for token, target in _spoken_of(saying, taken):
            key = (speaker.name, judged_name(target))
            candidate = found.setdefault(key, Candidate(scene, speaker, target, Way.SAID, wide))
            candidate.heads.append(token)
        for one in find_evaluations(scene, saying.first, saying.last, speaker.name):
            if one.cue.i in judging:
                continue
            judging.add(one.cue.i)
            key = (speaker.name, judged_name(one.target))
            way = Way.SELF if key[0] == key[1] else Way.SAID
            candidate = found.setdefault(key, Candidate(scene, speaker, one.target, way, wide))
            candidate.evaluations.append(one)
    for told in _told(scene, taken):
        found.setdefault((told.speaker.name, judged_name(told.target)), told)
    for told in [*found.values()]:
        for other in _others(told):
            if told.way is not Way.SELF and other.name != judged_name(told.target):
                found.setdefault((other.name, judged_name(told.target)), replace(told, speaker=other))
    return list(found.values())


def _others(one: Candidate) -> Sequence[Referent]:
    """Return who judges together with a candidate's speaker: "A, B and C criticised X"."""
    if one.judgement is not None:
        return beside(one.scene, one.judgement.doer, one.speaker.name)
    if one.deed is not None:
        return beside(one.scene, doer_of(one.deed), one.speaker.name)
    return one.saying.others if one.saying is not None else ()


def _width(saying: Saying) -> int:
    return saying.last - saying.first


def _told(scene: Scene, said: set[int]) -> Iterator[Candidate]:
    """Yield whom the article tells of as doing something to somebody, outside everything said."""
    for token in scene.tree:
        if token.i in said or scene.quote_at(token) is not None or not _may_name(scene, token):
            continue
        if token.dep_ == "poss" and token.head.lower_ in _OWN_PEOPLE:
            continue
        deed, doer = _deed_to(token)
        if deed is None or doer is None:
            continue
        speaker = resolve(scene, doer)
        if speaker is None or speaker.indirect or speaker.kind not in _DOERS:
            continue
        target = resolve(scene, token, but=speaker.name)
        if target is None or target.indirect or target.kind not in _JUDGED or target.name == speaker.name:
            continue
        yield Candidate(scene, speaker, target, Way.TOLD, None, [token], deed)


def _deed_to(token: "Token") -> "tuple[Token | None, Token | None]":
    """Return the nearest verb above a word that somebody else does, if it may judge, and who does it."""
    for verb in token.ancestors:
        if not verb.tag_.startswith("VB"):
            continue
        doer = agent_of(verb) if is_passive(verb) else subject_of(verb)
        if doer is None or doer == token or doer.is_ancestor(token):
            continue
        return (verb, doer) if _may_judge(verb) else (None, None)
    return None, None


def _may_judge(verb: "Token") -> bool:
    if verb.lower_ in stance_verbs() or verb.lower_ in naming_verbs():
        return not is_undone(verb)
    nouns = [child for child in verb.children if child.dep_ in ("dobj", "attr")]
    return any(noun.lower_ in stance_nouns() for noun in nouns) and not is_undone(verb)


def judged_name(target: Referent) -> str:
    """Return whose name a target is counted under: a thing of somebody counts as them."""
    return possessor(target.name) or target.name


def _reported(scene: Scene, sayings: Sequence[Saying]) -> Iterator[Candidate]:
    """Yield the candidates of verbs and nouns of praise and blame."""
    for judgement in find_judgements(scene):
        speaker = _doer_of(scene, judgement)
        if speaker is None or speaker.name == AUTHOR or not _can_judge(speaker, judgement):
            continue
        own = judgement.target.lower_ in REFLEXIVE or _is_own(judgement)
        target = resolve(scene, judgement.target, but=None if own else speaker.name)
        if target is None or target.kind is None or is_label(target.name):
            continue
        if possessor(target.name) == speaker.name:
            # "Criticised his rivals" is about the rivals; "defended his record" praises himself.
            if judgement.stance is Stance.CRITICISE:
                continue
            target = replace(target, name=speaker.name)
        if target.name == speaker.name and not own:
            continue
        saying = next((one for one in sayings if one.first <= judgement.cue.i < one.last), None)
        inside = saying.speaker.name if saying else None
        quoted = scene.quote_at(judgement.cue)
        if quoted is not None and quoted[1] is not None:
            inside = quoted[1].name
        yield Candidate(
            scene,
            speaker,
            target,
            Way.SELF if target.name == speaker.name else Way.REPORTED,
            saying,
            [judgement.target],
            judgement=judgement,
            relayed_by=inside if inside != speaker.name else None,
        )


def _is_own(judgement: Judgement) -> bool:
    """Whether "his" most likely means the one who judges: "defended his record", "mocked his rivals"."""
    token = judgement.target
    said_so = any(child.lower_ == "own" for child in token.children)
    if not said_so and judgement.cue.lower_ not in _OWN_CUES and token.lower_ not in _OWN_PEOPLE:
        return False
    return any(
        child.dep_ == "poss" and (child.lower_ in HE or child.lower_ in SHE) for child in token.children
    )


def _doer_of(scene: Scene, judgement: Judgement) -> Referent | None:
    """Return who judges; where that is "many" or "most", the first one named as an example."""
    if judgement.doer is None:
        return None
    speaker = resolve(scene, judgement.doer)
    if speaker is None:
        return next(iter(beside(scene, judgement.doer, "")), None)
    return None if is_label(speaker.name) else speaker


def _can_judge(speaker: Referent, judgement: Judgement) -> bool:
    """Whether somebody of this kind can mean it: a holiday "celebrates" and a park "honors" nobody."""
    mild_praise = judgement.stance is Stance.PRAISE and judgement.strength == 1
    festive = judgement.cue.lower_.startswith("celebrat") or mild_praise
    return speaker.kind in (MentionKind.PERSON, MentionKind.ORGANISATION, None) or not festive


def _spoken_of(saying: Saying, taken: set[int]) -> "Iterator[tuple[Token, Referent]]":
    """Yield the people and bodies in what somebody says, by name, pronoun or role; `taken` grows."""
    scene = saying.scene
    places: set[int] = set()
    for token in scene.tree[saying.first : saying.last]:
        if token.i in taken or not _may_name(scene, token):
            continue
        other = saying.speaker.name if scene.quote_at(token) is not None else None
        target = resolve(scene, token, but=other)
        if target is None or target.indirect or target.kind not in _JUDGED:
            continue
        if target.name == saying.speaker.name or target.name == AUTHOR:
            continue
        taken.add(token.i)
        start = target.span.start if target.span is not None else -1
        if start not in places:
            places.add(start)
            yield token, target


def _may_name(scene: Scene, token: "Token") -> bool:
    """Whether a word can stand for somebody: a name, "he" or "she", or a role such as "the president"."""
    if token.lower_ in HE or token.lower_ in SHE or token.lower_ in SPOUSES:
        return True
    if not token.tag_.startswith("N"):
        return False
    place = scene.place(token)
    mention = scene.cast.at(place.start, place.end)
    if mention is not None:
        return mention.kind in _JUDGED
    if token.tag_.startswith("NNP") and any(token.text == name.split()[-1] for name in scene.cast.counts):
        return True
    return token.i > 0 and is_role(scene.tree[token.left_edge.i : token.i + 1].text)


def spans_of(candidate: Candidate) -> list[Span]:
    """Return where the sentence's words stand for the target, as ranges of the sentence's parsed text."""
    scene = candidate.scene
    found = []
    for token in candidate.heads:
        place = scene.place(token)
        mention = scene.cast.at(place.start, place.end)
        if mention is not None and mention.start >= scene.offset:
            place = Span(mention.start, mention.end)
        start, end = place.start - scene.offset, place.end - scene.offset
        found.append(Span(max(0, start), min(end, len(scene.tree.text))))
    if not found and candidate.target.span is not None:
        start, end = candidate.target.span.start - scene.offset, candidate.target.span.end - scene.offset
        if 0 <= start < end <= len(scene.tree.text):
            found.append(Span(start, end))
    return found
