"""What in a sentence may answer a question: mentions of the wanted kind, names, phrases, clauses. Pure."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from index.schema import Mention, MentionKind
from qa.countries import is_area, is_kind_of_place
from qa.evidence import EvidenceSentence
from qa.phrases import noun_phrases, reasons, ways, without_edges
from qa.schema import Plan, Wanted
from qa.wording import stem, words

Span = tuple[int, int, str, float]
"""Start and end within the sentence, the form to show, and the fit (0 to 1) to what is wanted."""

_M = MentionKind
_KINDS: dict[Wanted, tuple[tuple[MentionKind, ...], ...]] = {
    Wanted.PERSON: ((_M.PERSON,), (_M.ORGANISATION,), (_M.PLACE,)),
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
_BODIES_DO = frozenset(
    "win lose beat defeat acquir buy own sell fund financ make produc manufactur host publish releas develop"
    " oper sponsor launch suppli regul enforc control govern play reach".split()
)
"""Roots of verbs whose subject is as often a team, a firm or a country as a person."""
_WHO_ACTS = ((_M.PERSON, _M.ORGANISATION, _M.PLACE),)
_PREFERENCE = (1.0, 0.65, 0.55)
"""Fit of the first, second and third group of kinds."""
_PHRASE = 0.75
"""Fit of a noun phrase that is no name."""
_LONE_WORD = 0.85
"""What a phrase of one common word counts of that."""
_UNREAD_NAME = 0.7
_UNREAD_WORD = 0.6
"""Fit of several capitalised words, and of one within the sentence, that the pipeline took for no name."""

_SCORE = re.compile(r"\s+\d+\s?[-–]\s?\d+$")
_QUOTED = re.compile(r"“([^”]{2,80})”|\"([^\"]{2,80})\"|‘([^’]{2,60})’")
_CAPITALISED = re.compile(
    r"\b[A-Z][\w’'&-]*(?:\s+(?:(?:of|for|and|the|in|on|to|de|with)\s+){0,2}[A-Z][\w’'&-]*)+|\b[A-Z][\w’'&-]{2,}"
)
_DEMONYM = re.compile(r"\w+(?:ian|ean|ese|ish|akh|bek|gyz|jik|aqi|eli|ani)$")
"""Words like Kazakh or Chinese, which the pipeline takes for names of bodies."""
_DURATION = re.compile(r"\b(?:second|minute|hour|day|week|month|year|decade|centur)\w*\b", re.I)
_COUNTED = re.compile(r"\d|\b(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b", re.I)
_NUMERAL = re.compile(
    r"\d[\d,.]*|(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens|hundreds|thousands"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?)",
    re.I,
)
_DATE_PART = re.compile(
    r"\b((?:1\d|20)\d\d)\b|\b(\d{1,2})(?=(?:st|nd|rd|th)?\b)"
    r"|\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?:[a-z]*)\b",
    re.I,
)
_WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\byesterday\b", re.I)
_DATELINE = re.compile(r"\s*(?:\([^)]{1,30}\)\s*)?(?:—|–|--)\s")
"""What follows the day of a dateline, which is the day of writing: "Nov. 10 (Coastal Wire) — "."""
_LEADING = re.compile(r"^(?:on|in|at|by|since|until|the|about|around|just|only) (?=\S*\d|[A-Z])", re.I)
_RELATIVE_DATE = re.compile(
    r"\b(?:last|next|this|ago|earlier|later|today|yesterday|tomorrow|week|recent\w*|previous)\b", re.I
)


def spans(plan: Plan, sentence: EvidenceSentence) -> Iterator[Span]:
    """Yield (start, end, name, fit) of what may answer, offsets within the sentence."""
    yield from _mentioned(plan, sentence)
    if plan.wanted is Wanted.PLACE and plan.head in ("", "location", "place", "venue"):
        yield from _within_area(sentence)
    elif plan.wanted is Wanted.NUMBER and plan.head:
        yield from _counted(plan.head, sentence.text)
    elif plan.wanted is Wanted.CLAUSE:
        clauses = (*reasons(sentence.text), *ways(sentence.text))
        yield from ((start, end, sentence.text[start:end], fit) for start, end, fit in clauses)
    elif plan.wanted in (Wanted.PERSON, Wanted.ORGANISATION):
        yield from _unread_names(sentence)
    elif plan.wanted in (Wanted.NAME, Wanted.ENTITY):
        yield from _written_as_names(sentence.text)
    if plan.wanted is Wanted.ENTITY:
        phrases = ((start, end, _PHRASE) for start, end in noun_phrases(sentence.text))
        yield from _trimmed(plan, sentence.text, phrases)


def _mentioned(plan: Plan, sentence: EvidenceSentence) -> Iterator[Span]:
    """Yield the mentions of the kinds that can be the answer."""
    either = plan.wanted is Wanted.PERSON and plan.verb in _BODIES_DO and not plan.head
    for penalty, kinds in enumerate(_WHO_ACTS if either else _KINDS.get(plan.wanted, ())):
        for mention in sentence.mentions:
            if mention.kind in kinds:
                start, end = mention.start - sentence.start, mention.end - sentence.start
                if start and sentence.text[start - 1] in "$£€":
                    start -= 1  # the currency sign, where the pipeline left it out
                fit = _fit(plan, mention, penalty, sentence.text[end : end + 40])
                yield start, end, shown_form(mention, sentence.text[start:end]), fit


def _written_as_names(text: str) -> Iterator[Span]:
    """Yield what stands in quotation marks or is capitalised."""
    for found in _QUOTED.finditer(text):
        group = next(number for number in (1, 2, 3) if found.group(number))
        yield found.start(group), found.end(group), found.group(group).rstrip(",."), 0.85
    for found in _CAPITALISED.finditer(text):
        if found.start() or " " in found.group():
            fit = 0.5 if _DEMONYM.fullmatch(found.group()) else 0.9
            yield found.start(), found.end(), found.group(), fit


def _within_area(sentence: EvidenceSentence) -> Iterator[Span]:
    """Yield a place together with the state or country named after it: "Tampa, Florida"."""
    places = [mention for mention in sentence.mentions if mention.kind is MentionKind.PLACE]
    for place, area in pairwise(places):
        start, end = place.start - sentence.start, area.end - sentence.start
        joined = sentence.text[place.end - sentence.start : area.start - sentence.start] == ", "
        if joined and is_area(area.name) and not is_area(place.name):
            yield start, end, sentence.text[start:end], 1.05


def _counted(head: str, text: str) -> Iterator[Span]:
    """Yield the numbers that stand before the noun counted: "16" in "16 full years" for "years"."""
    tokens = list(words(text))
    for at, token in enumerate(tokens):
        if _NUMERAL.fullmatch(token.group()):
            noun = next(
                (n for n, other in enumerate(tokens[at + 1 : at + 4]) if stem(other.group()) == stem(head)),
                -1,
            )
            if noun >= 0:
                yield token.start(), token.end(), token.group(), 1.0 - 0.05 * noun


def _unread_names(sentence: EvidenceSentence) -> Iterator[Span]:
    """Yield capitalised words that are no mention; small pipelines miss many names."""
    for found in _CAPITALISED.finditer(sentence.text):
        start, end = sentence.start + found.start(), sentence.start + found.end()
        taken = any(mention.start < end and start < mention.end for mention in sentence.mentions)
        inside = bool(found.start()) and sentence.text[found.start() - 2 : found.start() - 1].islower()
        if not taken and (" " in found.group() or inside):
            fit = _UNREAD_NAME if " " in found.group() else _UNREAD_WORD
            yield found.start(), found.end(), found.group(), fit


def _trimmed(plan: Plan, text: str, places: Iterable[tuple[int, int, float]]) -> Iterator[Span]:
    """Yield the ranges without the question's own words at their ends."""
    asked = frozenset(plan.terms)
    for first, last, fit in places:
        start, end = without_edges(text, (first, last), asked)
        if start < end:
            alone = text[start:end].islower() and " " not in text[start:end]
            yield start, end, text[start:end], fit * (_LONE_WORD if alone else 1.0)


def shown_form(mention: Mention, text: str) -> str:
    """Return the form to show: the fullest name of a person, the words themselves of all else."""
    return mention.name if mention.kind is MentionKind.PERSON else _SCORE.sub("", _LEADING.sub("", text))


def _fit(plan: Plan, mention: Mention, penalty: int, after: str) -> float:
    """Return how well a mention's kind fits what is wanted, 0 (not at all) to 1; `after` follows it."""
    if plan.wanted is Wanted.MEASURE:
        return _measure_fit(plan, mention)
    fit = _PREFERENCE[penalty]
    if plan.wanted is Wanted.ENTITY and _DEMONYM.fullmatch(mention.name) and plan.head != "nationality":
        fit *= 0.5
    if plan.wanted in (Wanted.ORGANISATION, Wanted.PLACE, Wanted.PERSON) and _DEMONYM.fullmatch(mention.name):
        fit *= 0.5
    if plan.wanted is Wanted.PLACE and plan.head:
        listed = is_kind_of_place(_LEADING.sub("", mention.name), plan.head)
        fit *= 1.0 if listed else 0.9 if listed is None else 0.5
    if mention.kind is not MentionKind.DATE:
        return fit
    lasts = bool(_DURATION.search(mention.name) and _COUNTED.search(mention.name))
    if _WEEKDAY.search(mention.name):
        fit *= 0.85
    elif lasts or not re.search(r"\d", mention.name) or _RELATIVE_DATE.search(mention.name):
        fit *= 0.6
    if _DATELINE.match(after):
        fit *= 0.4
    fit *= _completeness(mention.name, plan.head)
    if plan.head == "year" and not re.search(r"\b(?:1[5-9]|20)\d\d\b", mention.name):
        fit *= 0.5
    return fit


def _completeness(date: str, head: str) -> float:
    """Return .8 to 1: a day with month and year says more than a year, unless a year is asked for."""
    if head in ("year", "decade", "century", "period", "era", "month", "season"):
        return 1.0
    parts = len(date_parts(date))
    return (0.8, 0.85, 0.93, 1.0)[min(parts, 3)]


def date_parts(date: str) -> frozenset[str]:
    """Return year, month and day of a date: "Dec. 3, 2015" -> {"2015", "dec", "3"}."""
    return frozenset(
        (found.group(1) or found.group(2) or found.group(3)).lower() for found in _DATE_PART.finditer(date)
    )


def _measure_fit(plan: Plan, mention: Mention) -> float:
    """Rank measures: "how long" wants a duration first, "how high" a length, "how old" either."""
    lasts = bool(_DURATION.search(mention.name) and _COUNTED.search(mention.name))
    if mention.kind is MentionKind.DATE and not lasts:
        return 0.0
    if mention.kind is MentionKind.NUMBER:
        return 0.5
    fits = lasts is (plan.head in ("long", "old", "often"))
    return 1.0 if fits else 0.6
