"""From a text and its sentences to mentions and statements: the order in which an article is read.

1. Names are found everywhere, sentences that can hold a statement are parsed, quotes get their speakers.
2. Each parsed sentence is searched for reported judgements and, in what somebody says, for judging words.
3. What somebody says without judging anybody is kept as a neutral statement.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.schema import Analysis, MentionKind, Sentence, Span, Stance, Statement, Voice
from index.statements.attribution import content_span
from index.statements.cast import meet_cast
from index.statements.evaluation import find_evaluations
from index.statements.frames import find_judgements
from index.statements.mentions import find_mentions
from index.statements.names import AUTHOR, possessor
from index.statements.pipeline import recognise
from index.statements.quotes import Quote
from index.statements.reading import Reading, read
from index.statements.speakers import Referent, Scene, resolve

if TYPE_CHECKING:
    from spacy.tokens import Token

_WORD = re.compile(r"[A-Za-z]+")


def analyse(text: str, sentences: Sequence[Sentence]) -> Analysis:
    """Find who and what a text names, and who says what about whom.

    Args:
        text: The cleaned article.
        sentences: Its sentences in order; every statement starts and ends with one of them.

    Returns:
        Mentions in order of place, without overlaps, and statements in order of place.

    Raises:
        ModelError: The language pipeline is not installed.
    """
    if not text.strip():
        return Analysis()
    mentions = find_mentions(recognise(text), text)
    cast = meet_cast(text, mentions)
    readings = read(text, sentences, cast)
    found = list(_statements(readings))
    return Analysis(mentions, tuple(_without_repeats(found, text)))


@dataclass(frozen=True, slots=True)
class _Saying:
    """Words of one sentence that somebody says: tokens `first` to `last`, quoted or reported."""

    scene: Scene
    speaker: Referent
    first: int
    last: int
    cue: "Token | None"
    shown: Span


def _sayings(reading: Reading, runs: dict[Quote, Span]) -> Iterator[_Saying]:
    """Yield what is said in a sentence, by each speaker once for each stretch."""
    scene = reading.scene
    for attribution in reading.attributions:
        if content_span(scene, attribution) is not None and attribution.content is not None:
            first, last = attribution.content
            shown = Span(scene.sentence.start, scene.sentence.end)
            yield _Saying(scene, attribution.speaker, first, last, attribution.cue, shown)
    for quote, speaker in scene.quotes:
        if speaker is None:
            continue
        inside = [token.i for token in scene.tree if _within(scene.place(token), quote)]
        if inside:
            cue = next((one.cue for one in reading.attributions if one.speaker.name == speaker.name), None)
            yield _Saying(scene, speaker, inside[0], inside[-1] + 1, cue, runs[quote])


def _runs(readings: Iterable[Reading]) -> dict[Quote, Span]:
    """Return for each quote the run of sentences that it touches, which is what a reader is shown."""
    runs: dict[Quote, Span] = {}
    for reading in readings:
        sentence = reading.scene.sentence
        for quote, _ in reading.scene.quotes:
            run = runs.get(quote, Span(sentence.start, sentence.end))
            runs[quote] = Span(min(run.start, sentence.start), max(run.end, sentence.end))
    return runs


def _within(place: Span, quote: Quote) -> bool:
    return quote.start <= place.start and place.end <= quote.end


def _statements(readings: list[Reading]) -> Iterator[Statement]:
    runs = _runs(readings)
    for reading in readings:
        sayings = list(_sayings(reading, runs))
        judged = list(_reported(reading.scene, sayings))
        judged += [
            one for one in _evaluated(sayings) if not any(_one_judgement(one, other) for other in judged)
        ]
        yield from judged
        spoken = {one.speaker for one in judged}
        for saying in sayings:
            if saying.speaker.name not in spoken:
                spoken.add(saying.speaker.name)
                yield _neutral(saying)


def _reported(scene: Scene, sayings: list[_Saying]) -> Iterator[Statement]:
    """Yield the statements of verbs and nouns of praise and blame."""
    for judgement in find_judgements(scene):
        saying = next((one for one in sayings if one.first <= judgement.cue.i < one.last), None)
        inside = saying.speaker.name if saying else None
        quoted = scene.quote_at(judgement.cue)
        if quoted is not None and quoted[1] is not None:
            inside = quoted[1].name
        if judgement.doer is None:
            continue
        speaker = resolve(scene, judgement.doer)
        if speaker is None or speaker.name == AUTHOR:
            continue
        target = resolve(scene, judgement.target, but=speaker.name)
        if target is not None and target.name == speaker.name:
            continue
        mild_praise = judgement.stance is Stance.PRAISE and judgement.strength == 1
        if target is not None and (target.kind is None or (target.indirect and mild_praise)):
            # "Supports X's bill" reports a position on the bill, not praise of X.
            target = None
        yield Statement(
            scene.sentence.start,
            scene.sentence.end,
            speaker.name,
            target.name if target else None,
            judgement.stance,
            judgement.strength,
            _voice(scene, judgement.cue),
            judgement.cue.text,
            speaker.span,
            target.span if target else None,
            scene.place(judgement.cue),
            inside if inside is not None and inside != speaker.name else None,
        )


def _evaluated(sayings: list[_Saying]) -> Iterator[Statement]:
    """Yield the statements made by judging words: one for each speaker and target of a sentence."""
    scores: dict[tuple[str, str], list[int]] = {}
    firsts: dict[tuple[str, str], Statement] = {}
    seen: set[int] = set()
    # Who is relayed comes before who relays: the shorter of two nested sayings is the inner one.
    for saying in sorted(sayings, key=lambda one: one.last - one.first):
        scene = saying.scene
        for found in find_evaluations(scene, saying.first, saying.last, saying.speaker.name):
            if found.cue.i in seen:
                continue
            seen.add(found.cue.i)
            key = (saying.speaker.name, found.target.name)
            scores.setdefault(key, []).append(found.score)
            firsts.setdefault(
                key,
                Statement(
                    saying.shown.start,
                    saying.shown.end,
                    saying.speaker.name,
                    found.target.name,
                    Stance.PRAISE,
                    1,
                    _voice(scene, found.cue),
                    found.cue.text,
                    saying.speaker.span,
                    found.target.span,
                    scene.place(found.cue),
                ),
            )
    for key, statement in firsts.items():
        total = sum(scores[key])
        if total:
            stance = Stance.PRAISE if total > 0 else Stance.CRITICISE
            yield replace(statement, stance=stance, strength=min(3, max(abs(one) for one in scores[key])))


def _voice(scene: Scene, cue: "Token") -> Voice:
    if scene.quote_at(cue) is not None:
        return Voice.DIRECT
    return Voice.PARTLY_QUOTED if scene.quotes else Voice.REPORTED


def _neutral(saying: _Saying) -> Statement:
    scene = saying.scene
    span = Span(scene.place(scene.tree[saying.first]).start, scene.place(scene.tree[saying.last - 1]).end)
    named = [
        one
        for one in scene.cast.between(span.start, span.end, MentionKind.PERSON, MentionKind.ORGANISATION)
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
        _voice(scene, scene.tree[saying.first]) if saying.cue is not None else Voice.DIRECT,
        saying.cue.text if saying.cue is not None else "",
        saying.speaker.span,
        Span(target.start, target.end) if target else None,
        scene.place(saying.cue) if saying.cue is not None else None,
    )


def _without_repeats(found: Sequence[Statement], text: str) -> Iterator[Statement]:
    """Drop a statement whose sentence the article has already given, as in a headline or caption."""
    kept: list[tuple[Statement, frozenset[str]]] = []
    for one in found:
        words = frozenset(word.lower() for word in _WORD.findall(text[one.start : one.end]))
        if any(_repeats(one, words, other, others) for other, others in kept):
            continue
        kept.append((one, words))
        yield one


def _one_judgement(one: Statement, other: Statement) -> bool:
    """Whether two statements of a sentence have one speaker and one target, or a thing of that target."""
    return one.speaker == other.speaker and _judged_one(one) == _judged_one(other)


def _judged_one(statement: Statement) -> str | None:
    return statement.target and (possessor(statement.target) or statement.target)


def _repeats(one: Statement, words: frozenset[str], other: Statement, others: frozenset[str]) -> bool:
    if one.stance is not other.stance or not _one_judgement(one, other):
        return False
    return len(words & others) >= 0.7 * min(len(words), len(others))
