"""A text read sentence by sentence: parses, attributions, and who speaks in each quote.

1. Only sentences that can hold a statement are parsed.
2. Attributions give each quote its speaker; a quote with none of its own goes on with the speaker before it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.patterns import regex
from index.schema import MentionKind, Sentence
from index.statements.attribution import Attribution, content_spans, find_attributions
from index.statements.cast import Cast
from index.statements.company import beside
from index.statements.lexicon import (
    adjective_cues,
    naming_verbs,
    stance_nouns,
    stance_phrases,
    stance_verbs,
)
from index.statements.pipeline import parse
from index.statements.quotes import Quote, find_quotes
from index.statements.speakers import Scene, in_quote, subject_people
from index.statements.speech import attitude_verbs, phrasal_attitudes, saying_verbs

_WORD = regex(r"[A-Za-z]+")
_ENDS_SENTENCE = regex(r"[.!?…]\W{0,3}\Z")
_QUOTE_MARK = regex(r"[“”\"«»„]|``|''")
_DATELINE = regex(r"[A-Z][A-Z.’' ]{2,}(?:,\s[A-Za-z. ]{2,20})?(?:\s\([A-Z][\w ./]{1,20}\))?\s?[-–—]{1,2}\s")
_FOCUS = 6
"""How many people a pronoun may still mean."""

_LONGEST_SENTENCE = 2_000
"""Characters; a longer "sentence" is a table or a list, and parsing it would take long and show nothing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A parsed sentence with its attributions, and whose words each quote is that touches it."""

    scene: Scene
    attributions: tuple[Attribution, ...]
    heard: tuple[tuple[Quote, Attribution], ...] = ()


def _may_hold_statement(words: str, wide: bool) -> bool:
    if len(words) > _LONGEST_SENTENCE:
        return False
    if _QUOTE_MARK.search(words):
        return True
    found = {word.lower() for word in _WORD.findall(words)}
    return any(
        not found.isdisjoint(table)
        for table in (
            saying_verbs(),
            stance_verbs(),
            stance_nouns(),
            stance_phrases(),
            naming_verbs(),
            adjective_cues(),
            ("according",),
            *((attitude_verbs(), phrasal_attitudes()) if wide else ()),
        )
    )


def read(text: str, sentences: Sequence[Sentence], cast: Cast, *, wide: bool = False) -> list[Reading]:
    """Parse the sentences that can hold a statement and settle who speaks in each quote.

    Args:
        text: The article.
        sentences: Its sentences in order.
        cast: Who appears in it.
        wide: Whether sentences that only hold an attitude ("opposes the bill") are read too.
    """
    chosen = [one for one in sentences if _may_hold_statement(text[one.start : one.end], wide)]
    starts = [_behind_dateline(text, one) for one in chosen]
    trees = parse([text[start : one.end] for start, one in zip(starts, chosen, strict=True)])
    quotes = _quotes_of(text, sentences)
    parsed = {one.start: (tree, start) for one, tree, start in zip(chosen, trees, starts, strict=True)}
    opened, ends = [one.start for one in quotes], [one.end for one in quotes]
    focus: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    readings: list[Reading] = []
    for sentence in sentences:
        named = cast.between(sentence.start, sentence.end, MentionKind.PERSON)
        tree, offset = parsed.get(sentence.start, (None, 0))
        if tree is None:
            people, spoken_of = [one.name for one in named], []
        else:
            near = quotes[bisect_right(ends, sentence.start) : bisect_left(opened, sentence.end)]
            touching = tuple((one, None) for one in near)
            scene = Scene(sentence, tree, cast, offset, focus, quoted, touching)
            readings.append(Reading(scene, tuple(_with_others(scene))))
            people = subject_people(scene)
            spoken_of = [one.name for one in named if in_quote(scene, one)]
            quoted = quoted if near else ()
        focus = tuple(dict.fromkeys([*people, *focus]))[:_FOCUS]
        quoted = tuple(dict.fromkeys([*spoken_of, *quoted]))[:_FOCUS] if spoken_of or tree else ()
    return _with_speakers(text, readings, quotes)


def _with_others(scene: Scene) -> Iterator[Attribution]:
    for one in find_attributions(scene):
        yield replace(one, others=tuple(beside(scene, one.doer, one.speaker.name)))


def _behind_dateline(text: str, sentence: Sentence) -> int:
    """Return where a sentence's own words begin: "INDIANAPOLIS (AP) — " would be read as their subject."""
    dateline = _DATELINE.match(text, sentence.start, sentence.end)
    return dateline.end() if dateline else sentence.start


def _quotes_of(text: str, sentences: Sequence[Sentence]) -> list[Quote]:
    paragraphs: dict[int, tuple[int, int]] = {}
    for one in sentences:
        start, end = paragraphs.get(one.paragraph, (one.start, one.end))
        paragraphs[one.paragraph] = (min(start, one.start), max(end, one.end))
    return [quote for start, end in paragraphs.values() for quote in find_quotes(text, start, end)]


def _with_speakers(text: str, readings: list[Reading], quotes: list[Quote]) -> list[Reading]:
    """Give each quote its speaker: an attribution in its own sentences, in its paragraph, or before it."""
    owners: dict[Quote, Attribution] = {}
    starts = [one.scene.sentence.start for one in readings]
    ends = [one.scene.sentence.end for one in readings]
    before: Quote | None = None
    for quote in quotes:
        first = bisect_right(ends, quote.start)
        near = readings[first : bisect_left(starts, quote.end)]
        owner = _nearest(near, quote)
        if owner is None and near and _is_sentence(text, quote, near):
            spoken = (before, owners[before]) if before is not None else None
            owner = _going_on(readings, first, spoken)
        if owner is not None:
            owners[quote] = owner
            before = quote
    return [_settled(one, owners) for one in readings]


def _settled(reading: Reading, owners: dict[Quote, Attribution]) -> Reading:
    quotes = [quote for quote, _ in reading.scene.quotes]
    known = tuple((quote, owners[quote].speaker if quote in owners else None) for quote in quotes)
    heard = tuple((quote, owners[quote]) for quote in quotes if quote in owners)
    return replace(reading, scene=replace(reading.scene, quotes=known), heard=heard)


def _nearest(near: Iterable[Reading], quote: Quote) -> Attribution | None:
    """Return whose words a quote is, of the attributions in the sentences that it touches.

    That is the one whose clause holds the quote, the shortest such clause; else the one whose cue stands
    nearest to the quote.
    """
    ranked = [
        (_remoteness(reading, attribution, quote), attribution)
        for reading in near
        for attribution in reading.attributions
        if not attribution.nested
    ]
    return min(ranked, key=lambda one: one[0], default=(None, None))[1]


def _remoteness(reading: Reading, attribution: Attribution, quote: Quote) -> tuple[bool, int]:
    for span in content_spans(reading.scene, attribution):
        if span.start <= quote.start and quote.end <= span.end + 1:
            return False, span.end - span.start
    cue = reading.scene.place(attribution.cue)
    return True, cue.start - quote.end if cue.start >= quote.end else quote.start - cue.end


def _is_sentence(text: str, quote: Quote, near: Sequence[Reading]) -> bool:
    """Whether a quote is speech, by its length or as a sentence, rather than a name or a term in marks."""
    begins = quote.start == near[0].scene.sentence.start
    if begins and _ENDS_SENTENCE.search(text, quote.start, quote.end):
        return True
    return len(text[quote.start : quote.end].split()) >= 4


def _going_on(
    readings: Sequence[Reading], first: int, spoken: tuple[Quote, Attribution] | None
) -> Attribution | None:
    """Return whose words go on in a quote without attribution.

    That is whoever the sentences before it last gave words to, no further back than the paragraph before.

    Args:
        readings: The article's parsed sentences.
        first: Number of the sentence in which the quote begins.
        spoken: The last quote before this one that has a speaker.
    """
    paragraph = readings[first].scene.sentence.paragraph
    for number in range(first - 1, -1, -1):
        sentence = readings[number].scene.sentence
        if paragraph - sentence.paragraph > 1:
            return None
        own = [one for one in readings[number].attributions if not one.nested]
        if own:
            return own[-1]
        if spoken is not None and spoken[0].start >= sentence.start:
            return spoken[1]
    return None
