"""Noun phrases, reasons and ways in a sentence, by closed-class words and punctuation alone. Pure."""

import re
from collections.abc import Iterator
from itertools import pairwise

from index.patterns import regex
from qa.wording import STOP_WORDS, stem, words

Range = tuple[int, int]
"""Half-open character range in the sentence."""

_BREAKS = STOP_WORDS | frozenset(
    """however although though yet since like onto upon within without toward towards across among amid
    along despite via per less later earlier often usually generally commonly became become becomes
    made make makes won lost took got gave began known seen led held often never always""".split()
)
_LONGEST = 7
"""Words of a phrase; longer ones are runs that hold a verb unseen."""
_REASON = regex(
    r"\b(?:because of|because|due to|owing to|in order to|so as to|so that|as a result of|thanks to"
    r"|in response to)\s+",
    re.I,
)
_PURPOSE = regex(
    r"(?:^|[\w’'\")]\s)(?P<cue>[Tt]o)\s+"
    r"(?!(?:the|an?|his|her|hers?|their|its|my|our|your|him|them|it|me|us|you|this|that|these|those|be)\b)[a-z]+"
)
_WAY = regex(r"\b(?:by|through|via|using)\s+(?=[\w’'“\"-]*\w)", re.I)
_CLAUSE_END = regex(r"[,;:.](?=\s|$)|\s[–—-]\s|$")


def noun_phrases(text: str) -> Iterator[Range]:
    """Yield runs of content words, and two such runs that "of" joins.

    Example: "A decline in hormone levels caused the loss of memory" -> decline; hormone levels caused; loss;
    memory; loss of memory.
    """
    runs = list(_runs(text))
    yield from runs
    for (start, end), (following, last) in pairwise(runs):
        between = text[end:following].lower().split()
        if between in (["of"], ["of", "the"], ["of", "a"], ["of", "an"]):
            yield start, last


def _runs(text: str) -> Iterator[Range]:
    run: list[re.Match[str]] = []
    for found in words(text):
        joined = bool(run) and not text[run[-1].end() : found.start()].strip()
        content = found.group().lower() not in _BREAKS
        if run and not (joined and content):
            yield from _trimmed(run)
            run = []
        if content:
            run.append(found)
    if run:
        yield from _trimmed(run)


def _trimmed(run: list[re.Match[str]]) -> Iterator[Range]:
    """Yield the run without adverbs and participles at its ends."""
    first, last = 0, len(run) - 1
    while first < last and re.fullmatch(r"[a-z]+ly", run[first].group()):
        first += 1
    while last > first and re.fullmatch(r"[a-z]+(?:ly|ed)", run[last].group()):
        last -= 1
    alone = first == last and re.fullmatch(r"[a-z]+(?:ed|ly)", run[first].group())
    if last - first < _LONGEST and not alone:
        yield run[first].start(), run[last].end()


def without_edges(text: str, place: Range, asked: frozenset[str]) -> Range:
    """Return the range without words of the question at its ends; empty where nothing else is in it."""
    tokens = [found for found in words(text) if place[0] <= found.start() and found.end() <= place[1]]
    while tokens and _dropped(tokens[0].group(), asked):
        tokens.pop(0)
    while tokens and _dropped(tokens[-1].group(), asked):
        tokens.pop()
    return (tokens[0].start(), tokens[-1].end()) if tokens else (place[0], place[0])


def _dropped(word: str, asked: frozenset[str]) -> bool:
    return word.lower() in STOP_WORDS or stem(word) in asked


def reasons(text: str) -> Iterator[tuple[int, int, float]]:
    """Yield (start, end, fit) of what a sentence gives as a reason or a purpose, to its clause's end."""
    for found in _REASON.finditer(text):
        yield found.end(), _clause_end(text, found.end()), 1.0
    for found in _PURPOSE.finditer(text):
        yield found.start("cue"), _clause_end(text, found.end()), 0.7


def ways(text: str) -> Iterator[tuple[int, int, float]]:
    """Yield (start, end, fit) of how something is done: "by", "through" or "using" and what follows."""
    for found in _WAY.finditer(text):
        yield found.end(), _clause_end(text, found.end()), 0.9


def _clause_end(text: str, start: int) -> int:
    found = _CLAUSE_END.search(text, start)
    return found.start() if found else len(text)
