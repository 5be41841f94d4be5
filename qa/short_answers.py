"""Short answers: the name, date, number or phrase in the best sentences that answers the question. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.schema import Mention, MentionKind
from qa.evidence import EvidenceSentence, matching
from qa.schema import Plan, Wanted
from qa.wording import STOP_WORDS, stem, words

_M = MentionKind
_KINDS: dict[Wanted, tuple[tuple[MentionKind, ...], ...]] = {
    Wanted.PERSON: ((_M.PERSON,), (_M.ORGANISATION,)),
    Wanted.ORGANISATION: ((_M.ORGANISATION,), (_M.WORK, _M.OTHER), (_M.PERSON,)),
    Wanted.PLACE: ((_M.PLACE,), (_M.ORGANISATION,)),
    Wanted.DATE: ((_M.DATE,),),
    Wanted.NUMBER: ((_M.NUMBER, _M.QUANTITY),),
    Wanted.MEASURE: ((_M.QUANTITY,), (_M.DATE,), (_M.NUMBER,)),
    Wanted.MONEY: ((_M.MONEY,), (_M.PERCENT, _M.QUANTITY), (_M.NUMBER,)),
    Wanted.PERCENT: ((_M.PERCENT,), (_M.MONEY,), (_M.NUMBER, _M.QUANTITY)),
    Wanted.NAME: ((_M.WORK, _M.EVENT, _M.OTHER, _M.ORGANISATION, _M.PLACE), (_M.PERSON,)),
    Wanted.ENTITY: ((_M.WORK, _M.EVENT, _M.OTHER, _M.ORGANISATION), (_M.PERSON, _M.PLACE)),
}
"""Kinds of mention that can be the answer, in falling preference."""
_PREFERENCE = (1.0, 0.65, 0.55)
"""Fit of the first, second and third group of kinds."""
_UNREAD_NAME = 0.7
"""Fit of capitalised words that the language pipeline did not take for a name."""

_QUOTED = re.compile(r"“([^”]{2,80})”|\"([^\"]{2,80})\"|‘([^’]{2,60})’")
_CAPITALISED = re.compile(
    r"\b[A-Z][\w’'&-]*(?:\s+(?:(?:of|for|and|the|in|on|to|de|with)\s+){0,2}[A-Z][\w’'&-]*)+|\b[A-Z][\w’'&-]{2,}"
)
_NAMING_CUE = re.compile(
    r"\b(?:nam(?:ed|ing)|call(?:ed|ing)|dubbed|known as|titled|entitled)"
    r"(?:\s+it)?(?:\s+(?:the|a|an))?\s*[“\"‘']?$",
    re.I,
)
_DEMONYM = re.compile(r"\w+(?:ian|ean|ese|ish|akh|bek|gyz|jik|aqi|eli|ani)$")
"""Words like Kazakh or Chinese, which the pipeline takes for names of bodies."""
_DURATION = re.compile(r"\b(?:second|minute|hour|day|week|month|year|decade|centur)\w*\b", re.I)
_COUNTED = re.compile(r"\d|\b(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b", re.I)
_WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\byesterday\b", re.I)
_DATELINE = re.compile(r"\s*(?:\([^)]{1,30}\)\s*)?(?:—|–|--)\s")
"""What follows the day of a dateline, which is the day of writing: "Nov. 10 (Coastal Wire) — "."""
_LEADING = re.compile(r"^(?:on|in|at|by|since|until|the|about|around|just|only) (?=\S*\d|[A-Z])", re.I)
_RELATIVE_DATE = re.compile(
    r"\b(?:last|next|this|ago|earlier|later|today|yesterday|tomorrow|week|recent\w*|previous)\b", re.I
)


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


def best_answers(plan: Plan, sentences: Sequence[EvidenceSentence], limit: int = 12) -> list[ShortAnswer]:
    """Return candidate answers from the best `limit` sentences, best first, one for each distinct answer.

    A candidate's score is its sentence's score times its fit within the sentence; sentences of other
    sources that hold the same answer add a tenth of their own candidate's score each.
    """
    candidates = [candidate for sentence in sentences[:limit] for candidate in _candidates(plan, sentence)]
    candidates.sort(key=lambda candidate: (-candidate.score, candidate.start))
    merged: dict[str, ShortAnswer] = {}
    groups: dict[str, set[str]] = {}
    for candidate in candidates:
        key = _key(candidate, merged)
        if key not in merged:
            merged[key] = candidate
            groups[key] = {candidate.sentence.article.group}
        elif candidate.sentence.article.group not in groups[key]:
            groups[key].add(candidate.sentence.article.group)
            kept = merged[key]
            merged[key] = replace(kept, score=kept.score + 0.1 * candidate.score, sources=len(groups[key]))
    return sorted(merged.values(), key=lambda candidate: -candidate.score)


def _key(candidate: ShortAnswer, known: dict[str, ShortAnswer]) -> str:
    """Return the name under which the same answer was met before: "Trump" joins "Donald Trump"."""
    own = candidate.name.lower().removeprefix("the ")
    tail = f" {own}"
    return next((key for key in known if key == own or key.endswith(tail) or own.endswith(f" {key}")), own)


def _candidates(plan: Plan, sentence: EvidenceSentence) -> Iterator[ShortAnswer]:
    asked = frozenset(plan.terms)
    seen: set[tuple[int, int]] = set()
    for start, end, name, fit in _spans(plan, sentence):
        text = sentence.text[start:end]
        if not fit or (start, end) in seen or _only_repeats_question(text, name, asked):
            continue
        seen.add((start, end))
        score = sentence.score * fit * _placement(plan, sentence, start, end)
        yield ShortAnswer(text, name, sentence.start + start, sentence.start + end, sentence, score)


def _only_repeats_question(text: str, name: str, asked: frozenset[str]) -> bool:
    own = {stem(found.group()) for found in words(text) if found.group().lower() not in STOP_WORDS}
    return not own or own <= asked or {stem(found.group()) for found in words(name)} <= asked


def _spans(plan: Plan, sentence: EvidenceSentence) -> Iterator[tuple[int, int, str, float]]:
    """Yield (start, end, name, fit) of what may answer, offsets within the sentence."""
    for penalty, kinds in enumerate(_KINDS.get(plan.wanted, ())):
        for mention in sentence.mentions:
            if mention.kind in kinds:
                start, end = mention.start - sentence.start, mention.end - sentence.start
                fit = _fit(plan, mention, penalty, sentence.text[end : end + 40])
                yield start, end, _shown(mention, sentence.text[start:end]), fit
    if plan.wanted in (Wanted.PERSON, Wanted.ORGANISATION):
        yield from _unread_names(sentence)
    if plan.wanted in (Wanted.NAME, Wanted.ENTITY):
        for found in _QUOTED.finditer(sentence.text):
            group = next(number for number in (1, 2, 3) if found.group(number))
            yield found.start(group), found.end(group), found.group(group).rstrip(",."), 0.85
        for found in _CAPITALISED.finditer(sentence.text):
            if found.start() or " " in found.group():
                yield found.start(), found.end(), found.group(), 0.9
    if plan.wanted is Wanted.ENTITY:
        yield from _phrases(sentence.text)


def _unread_names(sentence: EvidenceSentence) -> Iterator[tuple[int, int, str, float]]:
    """Yield runs of two or more capitalised words that are no mention; small pipelines miss many names."""
    for found in _CAPITALISED.finditer(sentence.text):
        start, end = sentence.start + found.start(), sentence.start + found.end()
        taken = any(mention.start < end and start < mention.end for mention in sentence.mentions)
        if " " in found.group() and not taken:
            yield found.start(), found.end(), found.group(), _UNREAD_NAME


def _phrases(text: str) -> Iterator[tuple[int, int, str, float]]:
    """Yield runs of content words, the nearest thing to a noun phrase without a parser."""
    run: list[re.Match[str]] = []
    for found in [*words(text), None]:
        gap = "" if found is None or not run else text[run[-1].end() : found.start()]
        if found is not None and found.group().lower() not in STOP_WORDS and gap.strip() == "":
            run.append(found)
            continue
        if run:
            start, end = run[0].start(), run[-1].end()
            yield start, end, text[start:end], 0.6
        run = [found] if found is not None and found.group().lower() not in STOP_WORDS else []


def _shown(mention: Mention, text: str) -> str:
    """Return the form to show: the fullest name of a person, the words themselves of all else."""
    return mention.name if mention.kind is MentionKind.PERSON else _LEADING.sub("", text)


def _fit(plan: Plan, mention: Mention, penalty: int, after: str) -> float:
    """Return how well a mention's kind fits what is wanted, 0 (not at all) to 1; `after` follows it."""
    if plan.wanted is Wanted.MEASURE:
        return _measure_fit(plan, mention)
    fit = _PREFERENCE[penalty]
    if plan.wanted in (Wanted.ORGANISATION, Wanted.PLACE, Wanted.PERSON) and _DEMONYM.fullmatch(mention.name):
        fit *= 0.5
    if mention.kind is not MentionKind.DATE:
        return fit
    lasts = bool(_DURATION.search(mention.name) and _COUNTED.search(mention.name))
    if _WEEKDAY.search(mention.name):
        fit *= 0.85
    elif lasts or not re.search(r"\d", mention.name) or _RELATIVE_DATE.search(mention.name):
        fit *= 0.6
    if _DATELINE.match(after):
        fit *= 0.4
    if plan.head == "year" and not re.search(r"\b(?:1[5-9]|20)\d\d\b", mention.name):
        fit *= 0.5
    return fit


def _measure_fit(plan: Plan, mention: Mention) -> float:
    """Rank measures: "how long" wants a duration first, "how high" a length, "how old" either."""
    lasts = bool(_DURATION.search(mention.name) and _COUNTED.search(mention.name))
    if mention.kind is MentionKind.DATE and not lasts:
        return 0.0
    if mention.kind is MentionKind.NUMBER:
        return 0.5
    fits = lasts is (plan.head in ("long", "old", "often"))
    return 1.0 if fits else 0.6


def _placement(plan: Plan, sentence: EvidenceSentence, start: int, end: int) -> float:
    """Return .5 to 1.3: nearness to the question's words in the sentence, and to the noun asked for."""
    tokens = list(words(sentence.text))
    inside = [number for number, token in enumerate(tokens) if token.start() < end and token.end() > start]
    if not inside:
        return 0.5
    first, last = inside[0], inside[-1]
    matched = [
        number
        for number, token in enumerate(tokens)
        if not first <= number <= last and matching(plan.terms, frozenset((stem(token.group()),)))
    ]
    distances = [max(first - number, number - last) for number in matched]
    nearness = sum(1.0 / (1.0 + distance / 3.0) for distance in distances) / max(len(distances), 1)
    placement = 0.5 + 0.5 * nearness
    if plan.wanted in (Wanted.PERSON, Wanted.ORGANISATION) and last < min(matched, default=0):
        placement += 0.06  # who did it mostly stands before what was done
    counted = plan.wanted is Wanted.NUMBER and bool(plan.head)
    if counted and not matching((stem(plan.head),), sentence.stems | sentence.near):
        placement -= 0.25
    if plan.head and plan.wanted is not Wanted.MEASURE and _near_head(stem(plan.head), tokens, first, last):
        placement += 0.25
    if plan.wanted in (Wanted.NAME, Wanted.ENTITY) and _NAMING_CUE.search(sentence.text[:start]):
        placement += 0.3
    return placement


def _near_head(head: str, tokens: Sequence[re.Match[str]], first: int, last: int) -> bool:
    """Whether the noun asked for is part of the candidate or stands within three words of it."""
    window = tokens[max(first - 3, 0) : last + 4]
    return any(stem(token.group()) == head for token in window)


_NAMES = (
    MentionKind.PERSON,
    MentionKind.ORGANISATION,
    MentionKind.PLACE,
    MentionKind.WORK,
    MentionKind.EVENT,
    MentionKind.OTHER,
)
_LINK = re.compile(r"\s*(?:,|and|or|&|,\s*and|,\s*or|as well as)\s*(?:the\s+)?")


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
    return _shown(mention, sentence.text[mention.start - sentence.start : mention.end - sentence.start])
