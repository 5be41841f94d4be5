"""From a text and its sentences to mentions and statements: the order in which an article is read.

1. Names are found everywhere, sentences that can hold a statement are parsed, quotes get their speakers.
2. Every pair of somebody who speaks and somebody spoken of is weighed: praise, criticism or neither.
3. What somebody says without judging anybody is kept as a neutral statement.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from index.patterns import regex
from index.schema import Analysis, Sentence, Stance, Statement
from index.statements.cast import meet_cast
from index.statements.judging import Judged, heard, judge
from index.statements.mentions import find_mentions
from index.statements.names import possessor
from index.statements.pipeline import recognise
from index.statements.reading import read
from index.statements.stance_model import load_stance_model
from index.statements.weighing import evidence, load_weights, weigh

_WORD = regex(r"[A-Za-z]+")


def analyse(text: str, sentences: Sequence[Sentence]) -> Analysis:
    """Find who and what a text names, and who says what about whom.

    Args:
        text: The cleaned article.
        sentences: Its sentences in order; every statement starts and ends with one of them.

    Returns:
        Mentions in order of place, without overlaps, and statements in order of place.

    Raises:
        ModelError: The language pipeline or the stance model is missing or damaged.
    """
    if not text.strip():
        return Analysis()
    mentions = find_mentions(recognise(text), text)
    found = heard(read(text, sentences, meet_cast(text, mentions)))
    candidates = [one for sentence in found for one in sentence.candidates]
    shares = weigh(candidates, evidence(candidates, load_stance_model()), load_weights())
    statements = condensed(judge(found, shares), sentences, text)
    return Analysis(mentions, tuple(statements))


def condensed(found: Iterable[Judged], sentences: Sequence[Sentence], text: str) -> Iterator[Statement]:
    """Give each statement once: a quotation that goes on judging is one, and so are repeated words."""
    yield from _without_repeats(_in_a_row(found, sentences), text)


def _in_a_row(found: Iterable[Judged], sentences: Sequence[Sentence]) -> list[Statement]:
    """Join what one speaker goes on saying of one target with one stance in a paragraph."""
    starts = [one.start for one in sentences]
    kept: list[Statement] = []
    last: dict[tuple[str, str | None, Stance], int] = {}
    for judged in found:
        one = judged.statement
        key = (one.speaker, _judged(one), one.stance)
        place = last.get(key)
        if place is not None and judged.goes_on:
            before = kept[place]
            here, there = bisect_left(starts, one.start), bisect_left(starts, before.end)
            if here <= there and sentences[here].paragraph == sentences[there - 1].paragraph:
                kept[place] = _joined(before, one)
                continue
        last[key] = len(kept)
        kept.append(one)
    return kept


def _joined(first: Statement, second: Statement) -> Statement:
    surer = max(first, second, key=lambda one: one.confidence)
    return replace(
        surer,
        start=min(first.start, second.start),
        end=max(first.end, second.end),
        strength=max(first.strength, second.strength),
    )


def _without_repeats(found: Sequence[Statement], text: str) -> Iterator[Statement]:
    """Give a statement once whose words the article repeats, as in a headline or caption: the surest."""
    words = [frozenset(word.lower() for word in _WORD.findall(text[one.start : one.end])) for one in found]
    kept: list[int] = []

    def rank(place: int) -> tuple[bool, float]:
        return found[place].stance is Stance.NEUTRAL, -found[place].confidence

    for number in sorted(range(len(found)), key=rank):
        one = found[number]
        if not any(_repeats(one, words[number], found[other], words[other]) for other in kept):
            kept.append(number)
    yield from (found[number] for number in sorted(kept))


def _repeats(one: Statement, words: frozenset[str], other: Statement, others: frozenset[str]) -> bool:
    if one.speaker != other.speaker:
        return False
    in_place = (one.start, one.end) == (other.start, other.end)
    if in_place and one.stance is Stance.NEUTRAL:
        return True
    if _judged(one) != _judged(other) or not (in_place or one.stance is other.stance):
        return False
    return len(words & others) >= 0.7 * min(len(words), len(others))


def _judged(statement: Statement) -> str | None:
    return statement.target and (possessor(statement.target) or statement.target)
