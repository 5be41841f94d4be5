"""Who says what in an article, with the words that are said: the attributions as a reader would mark them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from index.schema import MentionKind, Sentence, Span, Voice
from index.statements.attitudes import find_attitudes
from index.statements.attribution import Attribution, content_spans
from index.statements.cast import meet_cast
from index.statements.mentions import find_mentions
from index.statements.pipeline import recognise
from index.statements.quotes import Quote
from index.statements.reading import Reading, read


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says, thinks or is reported to want.

    Attributes:
        pieces: The words that are attributed, as ranges of the article in order, without overlaps; several
            where the cue interrupts them or a quote goes on behind it.
        speaker: Fullest name in the article, or a description in lower case.
        speaker_kind: What the name names; None for a description.
        speaker_span: The words that name the speaker, None when they are implied.
        doer: The word that stands for the speaker at the cue, such as "who"; None when implied.
        cue: The words that attribute.
        voice: Whether the words stand in quotation marks: all, some or none.
    """

    pieces: tuple[Span, ...]
    speaker: str
    speaker_kind: MentionKind | None
    speaker_span: Span | None
    doer: Span | None
    cue: Span
    voice: Voice


def attributions(text: str, sentences: Sequence[Sentence]) -> tuple[Said, ...]:
    """Find who says what in an article.

    Args:
        text: The cleaned article.
        sentences: Its sentences in order.

    Returns:
        The attributions in order of their first words.

    Raises:
        ModelError: The language pipeline is not installed.
    """
    if not text.strip():
        return ()
    cast = meet_cast(text, find_mentions(recognise(text), text))
    return gather(text, read(text, sentences, cast, wide=True))


@dataclass(slots=True)
class _Gathered:
    """An attribution with the ranges collected for it so far."""

    attribution: Attribution
    cue: Span
    doer: Span | None
    ranges: list[Span] = field(default_factory=list)


def gather(text: str, readings: Iterable[Reading]) -> tuple[Said, ...]:
    """Put the clauses and the quotes of each attribution together."""
    gathered: dict[tuple[int, int], _Gathered] = {}
    quotes: set[Quote] = set()
    for reading in readings:
        for one in (*reading.attributions, *find_attitudes(reading.scene)):
            _add(gathered, reading, one)
        quotes.update(quote for quote, _ in reading.scene.quotes)
    for reading in readings:
        for quote, owner in reading.heard:
            gathered[_key(owner)].ranges.append(Span(quote.start, quote.end))
    found = [_said(text, one, quotes) for one in _outermost(gathered.values())]
    return tuple(sorted(found, key=lambda one: (one.pieces[0].start, one.cue.start)))


def _add(gathered: dict[tuple[int, int], _Gathered], reading: Reading, one: Attribution) -> None:
    """Collect the words of a cue; what it says as a clause goes before what it merely has as an object."""
    known = gathered.get(_key(one))
    ranges = list(content_spans(reading.scene, one))
    if known is None:
        doer = reading.scene.place(one.doer) if one.doer is not None else None
        gathered[_key(one)] = _Gathered(one, reading.scene.place(one.cue), doer, ranges)
    elif not known.ranges:
        known.ranges.extend(ranges)


def _key(one: Attribution) -> tuple[int, int]:
    """Return the place of a cue in its parse; tokens themselves are made anew at each look."""
    return id(one.cue.doc), one.cue.i


def _outermost(gathered: Iterable[_Gathered]) -> list[_Gathered]:
    """Leave out attitudes inside what somebody says: "Ruiz said she supports the bill" is said, once."""
    full = [one for one in gathered if one.ranges]
    claimed = sorted(
        (span.start, span.end) for one in full if not one.attribution.attitude for span in one.ranges
    )
    return [one for one in full if not one.attribution.attitude or not _covered(claimed, one.cue)]


def _covered(ranges: Sequence[tuple[int, int]], place: Span) -> bool:
    return any(start <= place.start and place.end <= end for start, end in ranges)


def _said(text: str, gathered: _Gathered, quotes: Iterable[Quote]) -> Said:
    pieces = tuple(_merged(gathered.ranges))
    speaker = gathered.attribution.speaker
    voice = _voice(text, pieces, quotes)
    return Said(pieces, speaker.name, speaker.kind, speaker.span, gathered.doer, gathered.cue, voice)


def _merged(ranges: Iterable[Span]) -> Iterator[Span]:
    """Yield the ranges in order, those that overlap as one."""
    current: Span | None = None
    for one in sorted(ranges, key=lambda one: one.start):
        if current is not None and one.start < current.end:
            current = Span(current.start, max(current.end, one.end))
            continue
        if current is not None:
            yield current
        current = one
    if current is not None:
        yield current


def _voice(text: str, pieces: Sequence[Span], quotes: Iterable[Quote]) -> Voice:
    """Read from the quotation marks in whose words the pieces stand."""
    words = quoted = 0
    near = [one for one in quotes if one.start < pieces[-1].end and pieces[0].start < one.end]
    for piece in pieces:
        total = _letters(text, piece.start, piece.end)
        words += total
        quoted += sum(_letters(text, max(piece.start, one.start), min(piece.end, one.end)) for one in near)
    if quoted == 0:
        return Voice.REPORTED
    return Voice.DIRECT if quoted >= words else Voice.PARTLY_QUOTED


def _letters(text: str, start: int, end: int) -> int:
    return sum(char.isalnum() for char in text[start:end])
