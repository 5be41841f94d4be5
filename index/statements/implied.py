"""Of whom somebody goes on speaking without a name: "That is a disgrace", "You did a great job".

Such words get a candidate for the one whom the speaker spoke of just before, for the one addressed, or for
the one that the article was speaking of.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from index.schema import MentionKind
from index.statements.candidates import Candidate, Way
from index.statements.evaluation import Evaluation, is_repeated, word_score
from index.statements.names import AUTHOR
from index.statements.sayings import Saying
from index.statements.speakers import Referent, Scene, resolve
from index.statements.wordsets import word_set

if TYPE_CHECKING:
    from spacy.tokens import Token

_REACH = 700
"""Characters within which a speaker is still speaking of the same person."""

_YOU = word_set("you your yours yourself")
_POINTING = word_set("it that this these those they them their he she him her his you your we")
_ADDRESSED = ("dobj", "dative")
_SHORTEST = 3
"""Words; less is no judgement of somebody unnamed."""


class Memory:
    """Whom each speaker of an article spoke of last, and where."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[int, Referent]] = {}

    def keep(self, candidates: Sequence[Candidate]) -> None:
        """Remember whom the candidates of a sentence are about."""
        for one in candidates:
            if one.way is not Way.SELF and not one.target.indirect and one.target.name != AUTHOR:
                self._last[one.speaker.name] = (one.scene.sentence.start, one.target)

    def of(self, speaker: str, scene: Scene) -> Referent | None:
        """Return whom a speaker last spoke of, if that is not long ago."""
        place, target = self._last.get(speaker, (-_REACH, None))
        return target if scene.sentence.start - place < _REACH else None


def implied_in(
    scene: Scene, sayings: Sequence[Saying], candidates: Sequence[Candidate], memory: Memory
) -> Iterator[Candidate]:
    """Yield a candidate for each speaker of a sentence whose words may go on about somebody unnamed."""
    speaking = {one.speaker.name for one in candidates}
    for saying in sayings:
        if saying.speaker.name in speaking or saying.last - saying.first < _SHORTEST:
            continue
        words = scene.tree[saying.first : saying.last]
        evaluated = [
            (word, score) for word in words if (score := word_score(word)) and not is_repeated(scene, word)
        ]
        if not evaluated and not any(word.lower_ in _POINTING for word in words):
            continue
        found = _meant(scene, saying, memory)
        if found is None:
            continue
        speaking.add(saying.speaker.name)
        source, target = found
        unnamed = Referent(target.name, None, target.kind)
        evaluations = [Evaluation(unnamed, word, score) for word, score in evaluated]
        yield Candidate(
            scene, saying.speaker, unnamed, Way.IMPLIED, saying, evaluations=evaluations, source=source
        )


def _meant(scene: Scene, saying: Saying, memory: Memory) -> tuple[str, Referent] | None:
    """Return whom words without a name are most likely about, and how that is known."""
    if saying.cue is not None and any(word.lower_ in _YOU for word in scene.tree[saying.first : saying.last]):
        addressed = _addressed(scene, saying.cue, saying.speaker.name)
        if addressed is not None:
            return "addressed", addressed
    last = memory.of(saying.speaker.name, scene)
    if last is not None and last.name != saying.speaker.name:
        return "same speaker", last
    for name in scene.focus:
        if name != saying.speaker.name:
            return "focus", Referent(name, None, MentionKind.PERSON)
    return None


def _addressed(scene: Scene, cue: "Token", speaker: str) -> Referent | None:
    for child in cue.children:
        if child.dep_ in _ADDRESSED and child.tag_.startswith(("N", "P")):
            found = resolve(scene, child, but=speaker)
            if found is not None and found.kind is MentionKind.PERSON and not found.indirect:
                return found
    return None
