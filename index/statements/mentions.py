"""Names, dates and amounts in a text: the pipeline's entities, corrected and completed by patterns."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.patterns import regex
from index.schema import Mention, MentionKind
from index.statements.cast import holds_role
from index.statements.lexicon import naming_verbs
from index.statements.names import (
    body_key,
    fold,
    fullness,
    is_body,
    parse_name,
    same_person,
    without_titles,
)
from index.statements.speech import attitude_verbs, saying_verbs
from index.statements.wordsets import word_set

if TYPE_CHECKING:
    from spacy.tokens import Doc

_KINDS = {
    "PERSON": MentionKind.PERSON,
    "ORG": MentionKind.ORGANISATION,
    "NORP": MentionKind.OTHER,
    "GPE": MentionKind.PLACE,
    "LOC": MentionKind.PLACE,
    "FAC": MentionKind.PLACE,
    "DATE": MentionKind.DATE,
    "TIME": MentionKind.DATE,
    "MONEY": MentionKind.MONEY,
    "PERCENT": MentionKind.PERCENT,
    "QUANTITY": MentionKind.QUANTITY,
    "CARDINAL": MentionKind.NUMBER,
    "ORDINAL": MentionKind.NUMBER,
    "WORK_OF_ART": MentionKind.WORK,
    "LAW": MentionKind.WORK,
    "EVENT": MentionKind.EVENT,
    "PRODUCT": MentionKind.OTHER,
}

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = r"(?:hundred|thousand|million|billion|trillion)"
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_UNITS = (
    r"miles?|kilomet(?:er|re)s?|km|met(?:er|re)s?|feet|foot|inches|acres?|hectares?|square miles|tons?"
    r"|tonnes?"
    r"|metric tons|barrels?|gallons?|lit(?:er|re)s?|pounds?|ounces?|kilograms?|kg|grams?|degrees|watts"
    r"|kilowatts"
    r"|megawatts?|gigawatts?|mph|gigabytes?|terabytes?"
)

# Amounts whose pattern is surer than the recogniser.
_SURE = (
    (
        MentionKind.MONEY,
        regex(
            rf"(?:US|A|C|HK|NZ)?[$€£¥₹]\s?(?:{_NUMBER})(?:[-\s]?{_SCALE}|\s?(?:bn|tn|[mk])\b)?"
            rf"|(?:{_NUMBER})(?:[-\s]{_SCALE})?\s(?:U\.S\.\s)?(?:dollars|euros|yuan|yen|rubles|rupees|cents|pesos)\b"
        ),
    ),
    (MentionKind.PERCENT, regex(rf"(?:{_NUMBER})\s?(?:%|percent(?:age points?)?\b|per\s?cent\b)")),
    (MentionKind.QUANTITY, regex(rf"(?:{_NUMBER})(?:[-\s]{_SCALE})?[-\s](?:{_UNITS})\b")),
    (MentionKind.DATE, regex(rf"\b{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s(?:19|20)\d\d)?\b(?!,\d)")),
    (MentionKind.DATE, regex(rf"\b\d{{1,2}}\s{_MONTH}(?:\s(?:19|20)\d\d)?\b")),
    (MentionKind.DATE, regex(r"\b(?:19|20)\d\d-[01]\d-[0-3]\d\b")),
)

# What the recogniser misses; it wins where it found something.
_EXTRA = (
    (
        MentionKind.PERSON,
        regex(
            r"\b(?:Mr|Mrs|Ms|Dr|Sen|Gov|Rep|Gen|Lt|Sgt|Rev|Prof)\.\s(?:[A-Z][\w.'’-]*\s){0,2}[A-Z][\w’'-]+"
            r"|\b(?:President|Senator|Governor|Chancellor|Pope|Justice|Queen|King)\s[A-Z][\w’'-]+"
            r"(?:\s(?!University|College|Library)[A-Z][\w’'-]+)?"
        ),
    ),
    (MentionKind.DATE, regex(rf"\b{_MONTH}\s(?:of\s)?(?:19|20)\d\d\b")),
    (
        MentionKind.DATE,
        regex(r"\b(?:(?:last|next|this|on)\s)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"),
    ),
    (
        MentionKind.DATE,
        regex(r"\b(?:last|next|this)\s(?:week|month|year|weekend|spring|summer|fall|winter)\b"),
    ),
    (MentionKind.DATE, regex(r"\b(?:yesterday|today|tomorrow|tonight)\b", re.IGNORECASE)),
    (MentionKind.DATE, regex(r"(?<![\d$€£,.])\b(?:19|20)\d\d(?:s\b|\b(?![,.]?\d))")),
    (MentionKind.NUMBER, regex(rf"(?<![\w$€£.,-])(?:{_NUMBER})(?:\s{_SCALE})?\b(?!\s?%)")),
)

_TITLE_BEFORE = regex(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Sen|Gov|Rep|Gen|Lt|Sgt|Rev|Prof|Sir|Dame|Lord|Lady|Pope|Sens|Reps|President"
    r"|Senator"
    r"|Governor|Chancellor|Justice|Judge|Secretary|Speaker|Mayor|Prime Minister|Vice President|King|Queen"
    r"|Prince"
    r"|Princess)\.?\s)$"
)
_NAMED = frozenset((MentionKind.PERSON, MentionKind.ORGANISATION, MentionKind.PLACE, MentionKind.OTHER))

# A page's own words run into a name: "Maria LopezFlagShareReply", "Ruiz-spent", "Ruiz] Novak".
_JUNK_BEHIND = regex(
    r"(?<=[a-z][a-z])(?<!Mac)(?<!Mc)(?<!Fitz)(?<!Van)(?<!Le)(?<!La)(?<!De)(?=[A-Z][a-z]{3})"
    r"|-(?=[a-z]{4,}$)|[\[\]<>|@#]"
)
_STRAY = word_set(
    """
    beneath neither longtime like unlike even while when as if though although but and with for after before
    both does did is was can will how why what former fellow against about inside meet watch
    """
)
_WRITTEN_PERSON = regex(r"[A-Z][\w’'-]+(?:\s[A-Z]\.)?(?:\s[A-Z][\w’'-]+){1,2}")
_APPOSED_BODY = regex(
    r",\s(?:an?|the)\s(?:[\w’'-]+\s){0,6}?(?:firm|company|group|bank|think tank|nonprofit|agency"
    r"|organi[sz]ation"
    r"|start-?up|maker|retailer|party|union|association|newspaper|magazine|website|lobby)\b"
)


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    kind: MentionKind


def find_mentions(entities: "Doc", text: str) -> tuple[Mention, ...]:
    """Return what the text names, in order of place and without overlaps.

    Args:
        entities: The text's tokens with the recogniser's entities.
        text: The article; all offsets point into it.
    """
    found = [trimmed for raw in _all_found(entities, text) if (trimmed := _trimmed(raw, text)) is not None]
    chosen = _without_overlaps(found)
    chosen = _without_stray_words(_settle_kinds(chosen, text), text)
    forms = _fullest_forms(chosen, text)
    return tuple(
        Mention(
            one.start, one.end, one.kind, forms.get((one.kind, text[one.start : one.end]), _flat(text, one))
        )
        for one in chosen
    )


def _flat(text: str, found: _Found) -> str:
    return " ".join(text[found.start : found.end].split())


def _all_found(entities: "Doc", text: str) -> Iterator[_Found]:
    for kind, pattern in _SURE:
        for match in pattern.finditer(text):
            yield _Found(match.start(), match.end(), kind)
    for entity in entities.ents:
        found_kind = _KINDS.get(entity.label_)
        if found_kind is not None:
            yield _Found(entity.start_char, entity.end_char, found_kind)
    for kind, pattern in _EXTRA:
        for match in pattern.finditer(text):
            yield _Found(match.start(), match.end(), kind)


def _trimmed(found: _Found, text: str) -> _Found | None:
    """Cut line breaks, quotation marks, "the" and possessive endings off; None when nothing is left."""
    words = text[found.start : found.end]
    words = words.split("\n", 1)[0]
    lead = len(words) - len(words.lstrip(" \"“”'‘’`([-—–.,;:@#"))
    words = words[lead:]
    if found.kind in (MentionKind.PERSON, MentionKind.ORGANISATION, MentionKind.PLACE, MentionKind.OTHER):
        words = re.sub(r"(?:['’]s|(?<=s)['’])$", "", words.rstrip())
        if words[:4].casefold() == "the " and found.kind is not MentionKind.PERSON:
            lead, words = lead + 4, words[4:]
    words = words.rstrip(" \"“”'‘’`)];:,-—–" if found.kind is not MentionKind.PERCENT else " ")
    if not words:
        return None
    start = found.start + lead
    if found.kind is MentionKind.PERSON:
        cut = _JUNK_BEHIND.search(words)
        words = words[: cut.start()].rstrip() if cut is not None and cut.start() > 1 else words
        if not any(char.isupper() for char in words):
            return None
        title = _TITLE_BEFORE.search(text[max(0, start - 20) : start])
        if title is not None:
            start -= len(title.group())
            words = title.group() + words
    return _Found(start, start + len(words), found.kind)


def _without_overlaps(found: Iterable[_Found]) -> list[_Found]:
    """Keep the earlier source of two overlapping finds, but the longer of two of the same kind."""
    kept: list[_Found] = []
    taken: dict[int, _Found] = {}
    for one in found:
        places = range(one.start, one.end)
        rivals = {taken[place] for place in places if place in taken}
        if any(rival.kind is not one.kind or _length(rival) >= _length(one) for rival in rivals):
            continue
        for rival in rivals:
            kept.remove(rival)
            for place in range(rival.start, rival.end):
                taken.pop(place, None)
        kept.append(one)
        for place in places:
            taken[place] = one
    return sorted(kept, key=lambda one: one.start)


def _length(found: _Found) -> int:
    return found.end - found.start


def _settle_kinds(found: list[_Found], text: str) -> list[_Found]:
    """Give one name one kind: the recogniser calls the same "Trump" a person here and a place there."""
    flat = {one: _flat(text, one) for one in found if one.kind in _NAMED}
    votes: dict[str, Counter[MentionKind]] = {}
    titled: set[str] = set()
    for one, written in flat.items():
        votes.setdefault(fold(without_titles(written)), Counter())[one.kind] += 1
        if without_titles(written) != written:
            titled.add(parse_name(written).surname)
    surnames = titled | {
        parse_name(written).surname
        for one, written in flat.items()
        if one.kind is MentionKind.PERSON and parse_name(written).given and not is_body(written)
    }

    def kind_of(one: _Found) -> MentionKind:
        written = flat[one]
        if without_titles(written) != written and one.kind is MentionKind.PERSON:
            return MentionKind.PERSON
        if _WRITTEN_PERSON.fullmatch(written) and (holds_role(text, one.end) or parse_name(written).gender):
            return MentionKind.PERSON if not is_body(written) else MentionKind.ORGANISATION
        if is_body(written) or _APPOSED_BODY.match(text, one.end):
            return MentionKind.ORGANISATION
        name = parse_name(written)
        if not name.given and name.surname in surnames:
            return MentionKind.PERSON
        if 0 < len(name.given) <= 2 and name.surname in titled and written == written.title():
            return MentionKind.PERSON
        count = votes[fold(without_titles(written))]
        return max(count, key=lambda kind: (count[kind], kind is MentionKind.PLACE, kind))

    return [_Found(one.start, one.end, kind_of(one)) if one in flat else one for one in found]


def _without_stray_words(found: list[_Found], text: str) -> list[_Found]:
    """Cut off words that only stand beside a known name: "Said Ruiz", "Painting Novak", "Ruiz Slams"."""
    known = {fold(_flat(text, one)) for one in found if one.kind is MentionKind.PERSON}
    known |= {parse_name(name).surname for name in known if parse_name(name).given}
    return [_without_stray(one, known, text) if one.kind is MentionKind.PERSON else one for one in found]


def _without_stray(one: _Found, known: set[str], text: str) -> _Found:
    words = text[one.start : one.end].split(" ")
    if len(words) > 1 and _is_stray(words[0]) and fold(" ".join(words[1:])) in known:
        return _Found(one.start + len(words[0]) + 1, one.end, one.kind)
    if len(words) > 1 and _is_stray(words[-1]) and fold(" ".join(words[:-1])) in known:
        return _Found(one.start, one.end - len(words[-1]) - 1, one.kind)
    return one


def _is_stray(word: str) -> bool:
    folded = word.casefold()
    return (
        folded in _STRAY or folded in saying_verbs() or folded in attitude_verbs() or folded in naming_verbs()
    )


def _fullest_forms(found: list[_Found], text: str) -> dict[tuple[MentionKind, str], str]:
    """Map each written name to the fullest form of the same name in the article."""
    written = {
        kind: Counter(_flat(text, one) for one in found if one.kind is kind)
        for kind in (MentionKind.PERSON, MentionKind.ORGANISATION, MentionKind.PLACE)
    }
    forms: dict[tuple[MentionKind, str], str] = {}
    people = group_people(written[MentionKind.PERSON])
    for one in found:
        spelled = text[one.start : one.end]
        if one.kind is MentionKind.PERSON:
            forms[one.kind, spelled] = people[_flat(text, one)]
        elif one.kind is MentionKind.ORGANISATION:
            forms[one.kind, spelled] = _fullest_body(_flat(text, one), written[one.kind])
    return forms


def _fullest_body(name: str, written: Counter[str]) -> str:
    """Return the article's usual spelling of an organisation ("Ford Motor Company" for "Ford Motor Co.")."""
    same = [other for other in written if body_key(other) == body_key(name)]
    if name.isupper() and name.isalpha() and len(name) > 2:
        same = [other for other in written if _initials(other) == name] or same
    return max(same, key=lambda other: (written[other], len(other), other), default=name)


def _initials(name: str) -> str:
    """Return the capitals that a body's short form is made of: "NTA" of "National Teachers Association"."""
    return "".join(word[0] for word in name.split() if word[0].isupper()) if " " in name else ""


def group_people(written: Counter[str]) -> dict[str, str]:
    """Map every spelling of a person's name to the fullest form of that person's name.

    Full names are grouped first; then names that fit one bearer only ("Mrs. Clinton", "Hillary"); a bare
    surname that fits several then goes to the bearer named most, the first one named where that is equal.

    Args:
        written: Spellings as they stand in the article, in order, with how often each stands there.
    """
    place = {name: number for number, name in enumerate(written)}
    full = [name for name in written if parse_name(name).given]
    full.sort(key=lambda name: (-written[name], place[name]))
    groups: list[list[str]] = []
    for name in full:
        home = next((group for group in groups if same_person(group[0], name)), None)
        if home is None:
            groups.append([name])
        else:
            home.append(name)
    bare = sorted(
        (name for name in written if not parse_name(name).given), key=lambda name: (-written[name], name)
    )
    bearers = list(groups)
    undecided = []
    for name in bare:
        fitting = [group for group in bearers if same_person(name, group[0])]
        if len(fitting) == 1:
            fitting[0].append(name)
        else:
            undecided.append(name)
    for name in undecided:
        fitting = [group for group in groups if same_person(name, group[0])]
        if fitting:
            _best_bearer(name, fitting, written).append(name)
        else:
            groups.append([name])
    return {name: _display(group, written) for group in groups for name in group}


def _best_bearer(name: str, groups: list[list[str]], written: Counter[str]) -> list[str]:
    """Return the group that a bare name most likely means: surname before first name, then the most named."""
    surname = parse_name(name).surname

    def weight(group: list[str]) -> tuple[bool, int]:
        return (
            any(parse_name(other).surname == surname for other in group),
            sum(written[other] for other in group),
        )

    return max(groups, key=weight)


def _display(group: list[str], written: Counter[str]) -> str:
    bare = Counter[str]()
    for name in group:
        bare[without_titles(name)] += written[name]
    return max(bare, key=lambda name: (fullness(name)[0], bare[name], len(name), name))
