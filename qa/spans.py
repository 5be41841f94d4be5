"""What in a sentence may answer a question: mentions of the wanted kind, names, phrases, clauses. Pure."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from index.patterns import regex
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
_VERB_LAST = regex(r"(?<=\w)\s+[a-z]+ed\Z")
"""What is no part of a noun phrase at its end: "died" in "three people died"."""
_UNREAD_NAME = 0.7
_UNREAD_WORD = 0.6
"""Fit of several capitalised words, and of one within the sentence, that the pipeline took for no name."""

_SCORE = regex(r"\s+\d+\s?[-–]\s?\d+$")
_QUOTED = regex(r"“([^”]{2,80})”|\"([^\"]{2,80})\"|‘([^’]{2,60})’")
_CAPITALISED = regex(
    r"\b[A-Z][\w’'&-]*(?:\s+(?:(?:of|for|and|the|in|on|to|de|with)\s+){0,2}[A-Z][\w’'&-]*)+|\b[A-Z][\w’'&-]{2,}"
)
_JOINS = regex(r"\s+(?:for|and|in|on|to|with)(?:\s+the)?(?:\s+|$)")
_OPENING = regex(
    r"(?:In|On|At|By|For|From|With|After|Before|Since|Under|As|But|And|When|While|If|To)\s+(?:the\s+)?"
)
_INSIDE = regex(r"[\w“\"‘$£€](?:.*[\w”\"’%.])?", re.S)
_JOINED = 0.85
"""What two names count that a preposition joins: a title ("Gone With the Wind"), or a name and a place."""
_AMOUNTS = (_M.DATE, _M.MONEY, _M.PERCENT, _M.QUANTITY)
_DEMONYM = regex(r"\w+(?:ian|ean|ese|ish|akh|bek|gyz|jik|aqi|eli|ani)$")
"""Words like Kazakh or Chinese, which the pipeline takes for names of bodies."""
_DURATION = regex(r"\b(?:second|minute|hour|day|week|month|year|decade|centur)\w*\b", re.I)
_COUNTED = regex(r"\d|\b(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b", re.I)
_NUMERAL = regex(
    r"\d[\d,.]*|(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens|hundreds|thousands"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?)",
    re.I,
)
_DATE_PART = regex(
    r"\b((?:1\d|20)\d\d)\b|\b(\d{1,2})(?=(?:st|nd|rd|th)?\b)"
    r"|\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?:[a-z]*)\b",
    re.I,
)
_WEEKDAY = regex(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\byesterday\b", re.I)
_DATELINE = regex(r"\s*(?:\([^)]{1,30}\)\s*)?(?:—|–|--)\s")
"""What follows the day of a dateline, which is the day of writing: "Nov. 10 (Coastal Wire) — "."""
_IN_DATELINE = 0.3
_NO_FIGURE = 0.6
"""What "billions of dollars" counts where a sum is asked for."""
_LONG_SPAN = regex(r"\b(?:month|year|season)\b", re.I)
_PLACED = regex(r"\b(?:in|at|near|on) (?:the )?\Z")
"""Before a name that is where something is, and so nobody's."""
_LEADING = regex(r"^(?:on|in|at|by|since|until|the|about|around|just|only) (?=\S*\d|[A-Z])", re.I)
_RELATIVE_DATE = regex(
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
        yield from _written_as_names(sentence)
    if plan.wanted is Wanted.ENTITY:
        phrases = (
            (start, end, _PHRASE)
            for first, last in noun_phrases(sentence.text)
            for start, end in _between_amounts(sentence, first, last)
        )
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
                if mention.kind is MentionKind.PLACE and start == 0 and _opens_report(sentence.text, end):
                    fit *= _IN_DATELINE
                yield start, end, shown_form(mention, sentence.text[start:end]), fit


def _opens_report(text: str, end: int) -> bool:
    """Whether the place at the start of a sentence is where the report was written: "SKARROW, May 4 — "."""
    return (text[:end].isupper() and end > 3) or bool(_DATELINE.match(text, end))


def _written_as_names(sentence: EvidenceSentence) -> Iterator[Span]:
    """Yield what stands in quotation marks or is capitalised."""
    text = sentence.text
    for found in _QUOTED.finditer(text):
        group = next(number for number in (1, 2, 3) if found.group(number))
        yield found.start(group), found.end(group), found.group(group).rstrip(",."), 0.85
    for start, end, whole in _capitalised(sentence):
        if start or " " in text[start:end]:
            fit = 0.5 if _DEMONYM.fullmatch(text[start:end]) else 0.9
            yield start, end, text[start:end], fit * (1.0 if whole else _JOINED)


def _capitalised(sentence: EvidenceSentence) -> Iterator[tuple[int, int, bool]]:
    """Yield runs of capitalised words, and whether nothing but words joins them; dates and amounts end a run.

    Example: "Velmora Works in Norhaven" -> "Velmora Works", "Norhaven", and both with their preposition.
    """
    for found in _CAPITALISED.finditer(sentence.text):
        for start, end in _between_amounts(sentence, found.start(), found.end()):
            parts = list(_parts(sentence.text, start, end))
            yield from ((first, last, True) for first, last in parts)
            if len(parts) > 1:
                yield parts[0][0], parts[-1][1], False


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the names that prepositions or "and" join; an opening preposition is none of the name's."""
    opening = _OPENING.match(text, start, end)
    first = opening.end() if opening and start == 0 else start
    for found in _JOINS.finditer(text, first, end):
        if first < found.start():
            yield first, found.start()
        first = found.end()
    if first < end:
        yield first, end


def _between_amounts(sentence: EvidenceSentence, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield what is left of a range without the dates and amounts in it."""
    taken = (
        (mention.start - sentence.start, mention.end - sentence.start)
        for mention in sentence.mentions
        if mention.kind in _AMOUNTS
    )
    for first, last in taken:
        if first < end and start < last:
            yield from _stripped(sentence.text, start, first)
            start = last
    yield from _stripped(sentence.text, start, end)


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a range without blanks and marks at its ends, unless nothing is left."""
    found = _INSIDE.search(text, start, max(start, end))
    if found:
        yield found.start(), found.end()


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
    text = sentence.text
    for first, last, whole in _capitalised(sentence):
        start, end = sentence.start + first, sentence.start + last
        taken = any(mention.start < end and start < mention.end for mention in sentence.mentions)
        inside = bool(first) and text[first - 2 : first - 1].islower()
        several = " " in text[first:last]
        if not taken and (several or inside) and not _PLACED.search(text, 0, first):
            fit = _UNREAD_NAME if several else _UNREAD_WORD
            yield first, last, text[first:last], fit * (1.0 if whole else _JOINED)


def _trimmed(plan: Plan, text: str, places: Iterable[tuple[int, int, float]]) -> Iterator[Span]:
    """Yield the ranges without the question's own words at their ends."""
    asked = frozenset(plan.terms)
    for first, last, fit in places:
        start, end = without_edges(text, (first, last), asked)
        verb = _VERB_LAST.search(text, start, end)
        end = verb.start() if verb else end
        if start < end:
            alone = text[start:end].islower() and " " not in text[start:end]
            yield start, end, text[start:end], fit * (_LONE_WORD if alone else 1.0)


def shown_form(mention: Mention, text: str) -> str:
    """Return the form to show: the fullest name of a person, the words themselves of all else."""
    person = mention.kind is MentionKind.PERSON
    return _SCORE.sub("", mention.name if person else _LEADING.sub("", text))


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
    if mention.kind is MentionKind.MONEY and not _COUNTED.search(mention.name):
        fit *= _NO_FIGURE
    return fit * _date_fit(plan, mention.name, after) if mention.kind is MentionKind.DATE else fit


def _date_fit(plan: Plan, date: str, after: str) -> float:
    """Return what a date counts: a full one most, a span of time or the day of writing least."""
    fit = _completeness(date, plan.head)
    lasts = bool(_DURATION.search(date) and _COUNTED.search(date))
    if _WEEKDAY.search(date) and not _LONG_SPAN.search(date):
        fit *= 0.85
    elif lasts or not re.search(r"\d", date) or _RELATIVE_DATE.search(date):
        fit *= 0.6
    if _DATELINE.match(after):
        fit *= 0.4
    if plan.head == "year" and not re.search(r"\b(?:1[5-9]|20)\d\d\b", date):
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
