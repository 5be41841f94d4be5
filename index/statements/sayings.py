"""What somebody says in a sentence: reported clauses, and the quoted words of a speaker."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.schema import Span, Voice
from index.statements.attribution import content_span
from index.statements.quotes import Quote
from index.statements.reading import Reading
from index.statements.speakers import Referent, Scene

if TYPE_CHECKING:
    from spacy.tokens import Token


@dataclass(frozen=True, slots=True)
class Saying:
    """Words of one sentence that somebody says: tokens `first` to `last`, quoted or reported.

    `shown` is what a reader is shown: the sentence, or every sentence that the quote touches. `others` say it
    together with the speaker.
    """

    scene: Scene
    speaker: Referent
    first: int
    last: int
    cue: "Token | None"
    shown: Span
    others: tuple[Referent, ...] = ()


def sayings_of(reading: Reading, runs: dict[Quote, Span]) -> Iterator[Saying]:
    """Yield what is said in a sentence, by each speaker once for each stretch.

    Args:
        reading: The sentence.
        runs: The sentences that each quote of the article touches, from `runs_of`.
    """
    scene = reading.scene
    for attribution in reading.attributions:
        if content_span(scene, attribution) is not None and attribution.content is not None:
            first, last = attribution.content
            shown = Span(scene.sentence.start, scene.sentence.end)
            yield Saying(scene, attribution.speaker, first, last, attribution.cue, shown, attribution.others)
    others = {quote: owner.others for quote, owner in reading.heard}
    for quote, owner in scene.quotes:
        if owner is None:
            continue
        inside = [token.i for token in scene.tree if _within(scene.place(token), quote)]
        if inside:
            cue = next((one.cue for one in reading.attributions if one.speaker.name == owner.name), None)
            yield Saying(scene, owner, inside[0], inside[-1] + 1, cue, runs[quote], others.get(quote, ()))


def runs_of(readings: Iterable[Reading]) -> dict[Quote, Span]:
    """Return for each quote the run of sentences that it touches, which is what a reader is shown."""
    runs: dict[Quote, Span] = {}
    for reading in readings:
        sentence = reading.scene.sentence
        for quote, _ in reading.scene.quotes:
            run = runs.get(quote, Span(sentence.start, sentence.end))
            runs[quote] = Span(min(run.start, sentence.start), max(run.end, sentence.end))
    return runs


def voice_of(scene: Scene, cue: "Token") -> Voice:
    """Return in whose words a judgement stands, from where its cue stands."""
    if scene.quote_at(cue) is not None:
        return Voice.DIRECT
    return Voice.PARTLY_QUOTED if scene.quotes else Voice.REPORTED


def _within(place: Span, quote: Quote) -> bool:
    return quote.start <= place.start and place.end <= quote.end
