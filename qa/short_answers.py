"""Short answers: the name, date, number or phrase in the best sentences that answers the question. Pure."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest

from index.patterns import regex
from index.schema import Mention, MentionKind
from qa.amounts import amounts_in
from qa.evidence import EvidenceSentence, is_derived, matching
from qa.gaps import verb_root
from qa.reader import Reading
from qa.reader.weighing import OWN, agreement, own_span
from qa.schema import Plan, Side, Wanted
from qa.spans import date_parts, shown_form, spans
from qa.wording import STOP_WORDS, stem, words

_NAMED = (Wanted.PERSON, Wanted.ORGANISATION, Wanted.PLACE)
_AMOUNTS = (Wanted.NUMBER, Wanted.MONEY, Wanted.PERCENT)
_LETTERS = regex(r"[^\W\d_]{2}")
_NAMING_CUE = regex(
    r"\b(?:nam(?:ed|ing)|call(?:ed|ing)|dubbed|known as|titled|entitled)"
    r"(?:\s+it)?(?:\s+(?:the|a|an))?\s*[“\"‘']?$",
    re.I,
)
_FULLER = 0.75
"""Of a date's score a fuller form of the same date needs so much to be shown in its place."""


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """A candidate answer: its words in the sentence, the name to show, and its score (higher is better)."""

    text: str
    name: str
    start: int
    end: int
    sentence: EvidenceSentence
    score: float
    sources: int = 1


def best_answers(
    plan: Plan,
    sentences: Sequence[EvidenceSentence],
    limit: int = 20,
    readings: Sequence[Reading] = (),
) -> list[ShortAnswer]:
    """Return candidate answers from the best `limit` sentences, best first, one for each distinct answer.

    A candidate's score is its sentence's score times its fit within the sentence; sentences of other
    sources that hold the same answer add a tenth of their own candidate's score each. Where the first
    sentences were read, `readings` weigh their candidates and add what the reader itself would answer.
    """
    candidates = [
        candidate
        for sentence, reading in zip_longest(sentences[:limit], readings[:limit])
        for candidate in (_weighed(plan, sentence, reading) if readings else _candidates(plan, sentence))
    ]
    candidates.sort(key=lambda candidate: (-candidate.score, candidate.start))
    merged: dict[str, ShortAnswer] = {}
    groups: dict[str, set[str]] = {}
    for candidate in candidates:
        key = _key(plan.wanted, candidate, merged)
        if key not in merged:
            merged[key] = candidate
            groups[key] = {candidate.sentence.article.group}
            continue
        fuller = plan.wanted is Wanted.DATE and _says_more(candidate, merged[key])
        if fuller or (plan.wanted is Wanted.NUMBER and _in_digits(candidate, merged[key])):
            merged[key] = replace(candidate, score=merged[key].score, sources=merged[key].sources)
        if candidate.sentence.article.group not in groups[key]:
            groups[key].add(candidate.sentence.article.group)
            kept = merged[key]
            merged[key] = replace(kept, score=kept.score + 0.1 * candidate.score, sources=len(groups[key]))
    return sorted(merged.values(), key=lambda candidate: -candidate.score)


def _key(wanted: Wanted, candidate: ShortAnswer, known: Mapping[str, ShortAnswer]) -> str:
    """Return the name under which the same answer was met before: "Trump" joins "Donald Trump".

    Dates join those that say more or less of the same day, amounts those of the same value and unit.
    """
    own = candidate.name.lower().removeprefix("the ")
    if wanted is Wanted.DATE:
        return next((key for key in known if _same_date(key, own)), own)
    if wanted in _AMOUNTS:
        return _amount_key(own)
    tail = f" {own}"
    return next((key for key in known if key == own or key.endswith(tail) or own.endswith(f" {key}")), own)


def _amount_key(name: str) -> str:
    """Return the same words for "four", "4" and "4 astronauts", and for "25 percent" and "25%"."""
    found = amounts_in(name)
    if len(found) != 1:
        return name
    unit = found[0].unit if found[0].unit in ("%", "dollar", "euro", "pound", "yen") else ""
    return f"{found[0].value:g} {unit}"


def _in_digits(candidate: ShortAnswer, kept: ShortAnswer) -> bool:
    """Whether a number is written in digits and the one kept in words, in a sentence that fits as well."""
    digits = candidate.name[:1].isdigit() and not kept.name[:1].isdigit()
    return digits and candidate.score >= _FULLER * kept.score


def _same_date(one: str, other: str) -> bool:
    """Whether one date is the other with less said: "2015" and "Dec. 3, 2015"."""
    first, second = date_parts(one), date_parts(other)
    return one == other or bool(first and second and (first <= second or second <= first))


def _says_more(candidate: ShortAnswer, kept: ShortAnswer) -> bool:
    """Whether a date names more of year, month and day than the one kept, in a sentence that fits as well."""
    more = len(date_parts(candidate.name)) > len(date_parts(kept.name))
    return more and candidate.score >= _FULLER * kept.score


def _weighed(plan: Plan, sentence: EvidenceSentence, reading: Reading | None) -> Iterator[ShortAnswer]:
    for candidate in _candidates(plan, sentence):
        start, end = candidate.start - sentence.start, candidate.end - sentence.start
        yield replace(candidate, score=candidate.score * agreement(reading, start, end))
    own = own_span(reading)
    text = _meant(sentence, own.start, own.end) if own else ""
    unnamed = plan.wanted in _NAMED and not _LETTERS.search(text)
    if own and not unnamed and not _only_repeats_question(text, text, frozenset(plan.terms)):
        score = OWN * sentence.score * agreement(reading, own.start, own.end)
        yield ShortAnswer(text, text, sentence.start + own.start, sentence.start + own.end, sentence, score)


def _meant(sentence: EvidenceSentence, start: int, end: int) -> str:
    """Return the words of a range, or whom they name: "he" and "the mayor" by the name of the one meant."""
    words_there = sentence.text[start:end]
    place = (sentence.start + start, sentence.start + end)
    if words_there.lower() in STOP_WORDS or words_there.lower().startswith("the "):
        return next((one.name for one in sentence.mentions if (one.start, one.end) == place), words_there)
    return words_there


def _candidates(plan: Plan, sentence: EvidenceSentence) -> Iterator[ShortAnswer]:
    asked = frozenset(plan.terms)
    seen: set[tuple[int, int]] = set()
    for start, end, name, fit in spans(plan, sentence):
        text = sentence.text[start:end]
        if plan.wanted in _NAMED and not _LETTERS.search(text):
            continue  # a score or a code is nobody's name
        if text.lower() in STOP_WORDS:
            text = name  # "he", read as the one whom it means
        if not fit or (start, end) in seen or _only_repeats_question(text, name, asked):
            continue
        seen.add((start, end))
        fit *= _PIECE if _is_piece(plan, sentence, start, end) else 1.0
        score = sentence.score * fit * _placement(plan, sentence, start, end)
        yield ShortAnswer(text, name, sentence.start + start, sentence.start + end, sentence, score)


_PIECE = 0.4
"""What a part of a name counts whose other part is the question's: "Charles W." of "Charles W. Eliot"."""


def _is_piece(plan: Plan, sentence: EvidenceSentence, start: int, end: int) -> bool:
    """Whether a range is part of a mention that goes on with words of a name in the question.

    So is a person that the question names by the last name, where another thing is asked for.
    """
    asked = _stems_of_names(plan.names)
    for mention in sentence.mentions if asked else ():
        first, last = mention.start - sentence.start, mention.end - sentence.start
        if first >= end or start >= last:
            continue
        rest = f"{sentence.text[first:start]} {sentence.text[end:last]}"
        if (first < start or end < last) and any(stem(found.group()) in asked for found in words(rest)):
            return True
        same = mention.kind is MentionKind.PERSON and plan.wanted is not Wanted.PERSON
        if same and stem(sentence.text[first:last].split()[-1]) in asked:
            return True
    return False


@lru_cache(maxsize=64)
def _stems_of_names(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(stem(found.group()) for name in names for found in words(name))


def _only_repeats_question(text: str, name: str, asked: frozenset[str]) -> bool:
    own = {stem(found.group()) for found in words(text) if found.group().lower() not in STOP_WORDS}
    return not own or own <= asked or {stem(found.group()) for found in words(name)} <= asked


def _placement(plan: Plan, sentence: EvidenceSentence, start: int, end: int) -> float:
    """Return .5 to 1.3: nearness to the question's words in the sentence, and to the noun asked for."""
    read = _read_words(sentence.text, plan.terms)
    first, last = read.between(start, end)
    if first > last:
        return 0.5
    matched = [number for number in read.asked if not first <= number <= last]
    distances = [max(first - number, number - last) for number in matched]
    nearness = sum(1.0 / (1.0 + distance / 3.0) for distance in distances) / max(len(distances), 1)
    placement = 0.5 + 0.5 * nearness
    if (
        not plan.verb
        and plan.wanted in (Wanted.PERSON, Wanted.ORGANISATION)
        and last < min(matched, default=0)
    ):
        placement += 0.06  # who did it mostly stands before what was done
    placement += _beside_verb(plan, read, first, last)
    counted = plan.wanted is Wanted.NUMBER and bool(plan.head)
    if counted and not matching((stem(plan.head),), sentence.stems | sentence.near):
        placement -= 0.25
    if plan.head and plan.wanted is not Wanted.MEASURE and _near_head(stem(plan.head), read, first, last):
        placement += 0.25
        if stem(plan.head) in read.stems[last : last + 2]:
            placement += 0.1  # "the Oder river", "vampire bats"
    if plan.wanted in (Wanted.NAME, Wanted.ENTITY) and _NAMING_CUE.search(sentence.text[:start]):
        placement += 0.3
    return placement


@dataclass(frozen=True, slots=True)
class _ReadWords:
    """The words of a sentence: where each begins and ends, as written in lower case, and its stem.

    Attributes:
        asked: The positions of the question's terms.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    lowered: tuple[str, ...]
    stems: tuple[str, ...]
    asked: tuple[int, ...]

    def between(self, start: int, end: int) -> tuple[int, int]:
        """Return the first and last word that the characters touch; last before first where none is."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end) - 1


@lru_cache(maxsize=256)
def _read_words(text: str, terms: tuple[str, ...]) -> _ReadWords:
    """Read a sentence in the light of the question's terms; its candidates share it."""
    tokens = tuple(words(text))
    stems = tuple(stem(token.group()) for token in tokens)
    held = {one for one in frozenset(stems) if one in terms or any(is_derived(one, term) for term in terms)}
    return _ReadWords(
        tuple(token.start() for token in tokens),
        tuple(token.end() for token in tokens),
        tuple(token.group().lower() for token in tokens),
        stems,
        tuple(number for number, one in enumerate(stems) if one in held),
    )


_BESIDE = 0.35
"""What standing right beside the question's verb, on the side of the answer, adds."""


def _beside_verb(plan: Plan, read: _ReadWords, first: int, last: int) -> float:
    """Return 0 to `_BESIDE` by the distance to the question's verb, on the side where the answer stands.

    Passives turn the sides: in "the mill was bought by X" the buyer follows the verb and its "by".
    """
    best = 0.0
    for at, word in enumerate(read.lowered) if plan.verb else ():
        if first <= at <= last or verb_root(word) != plan.verb:
            continue
        gap = first - at - 1 if at < first else at - last - 1
        side = Side.AFTER if at < first else Side.BEFORE
        if side is Side.BEFORE and at and read.lowered[at - 1] == "to":
            gap = first  # who is "to win" stands where the sentence begins, not beside the infinitive
        if "by" in read.lowered[at + 1 : at + 3]:
            side = Side.BEFORE if side is Side.AFTER else Side.AFTER
            gap = max(gap - 1, 0)
        weight = 1.0 if side is plan.side else 0.5 if plan.side is Side.ANY else 0.0
        best = max(best, weight * _BESIDE / (1 + gap / 3))
    return best


def _near_head(head: str, read: _ReadWords, first: int, last: int) -> bool:
    """Whether the noun asked for is part of the candidate or stands within three words of it."""
    return head in read.stems[max(first - 3, 0) : last + 4]


_NAMES = (
    MentionKind.PERSON,
    MentionKind.ORGANISATION,
    MentionKind.PLACE,
    MentionKind.WORK,
    MentionKind.EVENT,
    MentionKind.OTHER,
)
_LINK = regex(r"\s*(?:,|and|or|&|,\s*and|,\s*or|as well as)\s*(?:the\s+)?")


def coordinated(plan: Plan, chosen: ShortAnswer) -> list[str]:
    """Return all members of the longest enumeration that the chosen answer is part of, in order.

    Example: "Airlines from Kazakhstan, Tajikistan and Uzbekistan committed" with any of them chosen ->
    all three.
    """
    sentence = chosen.sentence
    runs: list[list[Mention]] = []
    for mention in sentence.mentions:
        if mention.kind not in _NAMES:
            continue
        before = runs[-1][-1].end - sentence.start if runs else 0
        if runs and _LINK.fullmatch(sentence.text, before, mention.start - sentence.start):
            runs[-1].append(mention)
        else:
            runs.append([mention])
    with_chosen = [run for run in runs if any(_named(sentence, member) == chosen.name for member in run)]
    if not with_chosen:
        return [chosen.name]
    asked = frozenset(plan.terms)
    names = [_named(sentence, member) for member in max(with_chosen, key=len)]
    return [name for name in dict.fromkeys(names) if not _only_repeats_question(name, name, asked)]


def _named(sentence: EvidenceSentence, mention: Mention) -> str:
    return shown_form(mention, sentence.text[mention.start - sentence.start : mention.end - sentence.start])
