"""Sentences told faithfully in other words, and sentences with one thing changed: pairs to try a checker on.

All are made by rule from real sentences, so that what was changed is known. Pure; the caller gives the draw.
"""

import itertools
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index.schema import Mention, MentionKind

__all__ = ["CHANGES", "FAITHFUL", "Altered", "Given", "alter", "retell"]

FAITHFUL = ("shorter", "reordered", "reworded", "fused")
CHANGES = ("number", "name", "date", "negation", "speaker", "opposite", "parties", "quotation")

_NUMBER = re.compile(r"(?<![\w.,$€£-])\d{1,3}(?:,\d{3})*(?:\.\d+)?(?![\w.,-]|\s?(?:a\.m|p\.m))")
_WORDS = "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty fifty".split()
_VALUES = (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 20, 30, 50)
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b", re.I)
_MONTHS = "January February March April May June July August September October November December".split()
_MONTH = re.compile(rf"\b(?:{'|'.join(month for month in _MONTHS if month != 'May')})\b")
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(_WEEKDAYS)})\b")
_YEAR = re.compile(r"(?<![\d$€£,.-])\b(?:19|20)\d\d\b(?![,.]\d|-)")
_SAID = r"(?:said|told|says|wrote|added|argued|warned|announced|noted|explained)"
_AUXILIARY = re.compile(
    r"\b(was|were|is|are|has|have|had|will|would|could|should|can|may|must)\b (?!not\b|n.t\b)"
)
_HELPERS = "was|were|is|are|has|have|had|will|would|could|should|can|did|does|do"
_NEGATED = re.compile(rf"\b({_HELPERS}) not\b ?|\b({_HELPERS})n[’']t\b ?")
_VERBS = (
    ("rose", "fell"), ("increased", "decreased"), ("won", "lost"), ("approved", "rejected"),
    ("supported", "opposed"), ("supports", "opposes"), ("support", "oppose"), ("increase", "decrease"),
    ("increasing", "decreasing"), ("accepted", "refused"), ("bought", "sold"), ("gained", "lost"),
    ("opened", "closed"), ("started", "ended"), ("began", "ended"), ("begin", "end"), ("more", "fewer"),
    ("higher", "lower"), ("before", "after"), ("after", "before"), ("highest", "lowest"),
    ("largest", "smallest"), ("first", "last"), ("allowed", "banned"), ("allow", "ban"),
    ("raised", "cut"), ("praised", "criticized"), ("criticized", "praised"), ("strong", "weak"),
    ("best", "worst"), ("early", "late"), ("arrived", "departed"), ("confirmed", "denied"),
    ("hired", "fired"), ("arrested", "freed"),
    ("agreed", "refused"), ("improved", "worsened"), ("killed", "saved"), ("public", "private"),
    ("success", "failure"), ("growth", "decline"), ("growing", "shrinking"), ("joined", "left"),
    ("left", "joined"), ("expand", "reduce"), ("expanded", "reduced"), ("launched", "cancelled"),
    ("protect", "harm"), ("easier", "harder"), ("legal", "illegal"), ("likely", "unlikely"),
    ("lost", "won"), ("fell", "rose"), ("older", "younger"), ("up", "down"), ("men", "women"),
    ("husband", "wife"), ("win", "lose"), ("most", "least"), ("increased", "fell"), ("released", "withheld"),
)  # fmt: skip
"""Pairs a writer might confuse; which of them the checker knows is for it to show."""
_REWORDED = (
    (r"\bsaid that\b", "stated that"), (r"\bsaid\b", "stated"), (r"\bUnited States\b", "U.S."),
    (r"\bU\.S\.(?=\s[a-z])", "American"), (r"\bpercent\b", "%"), (r"(?<=\d)%", " percent"),
    (r"\babout (?=\d)", "around "),
    (r"\bmore than (?=\d)", "over "), (r"\bhowever\b", "though"), (r"\bincluding\b", "among them"),
    (r"\bbecause\b", "since"), (r"\balso\b ", ""), (r"\bin order to\b", "to"), (r"\bbegan\b", "started"),
    (r"\bbuy\b", "purchase"), (r"\bshowed\b", "demonstrated"), (r"\bhelp\b", "assist"),
    (r"\bneed\b", "require"),
    (r"\bget\b", "obtain"), (r"\bchildren\b", "kids"), (r"\bcity\b", "town"), (r"\blarge\b", "big"),
    (r"\bimportant\b", "significant"), (r"\bMr\. ", ""), (r"\bMs\. ", ""), (r"\bofficials\b", "authorities"),
    (r"\bseveral\b", "a number of"), (r"\bnearly\b", "almost"), (r"\bend of\b", "close of"),
    *((rf"\b{month}(?= \d)", f"{month[:3]}.") for month in _MONTHS if len(month) > 4),
    *((rf"\b{word}\b(?= [a-z])", str(value)) for word, value in zip(_WORDS, _VALUES, strict=True)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Given:
    """A real sentence with what is around it.

    Attributes:
        text: The sentence; `following` the one behind it.
        mentions: Names, dates and amounts in it, their places counted from its beginning.
        elsewhere: Names that the rest of the article has and the sentences around do not, with their kinds.
        figures: Numbers that stand in the sentences beside it.
        speaker: The words that name who speaks in it, as written; empty where nobody does.
    """

    text: str
    following: str
    mentions: tuple[Mention, ...]
    elsewhere: tuple[tuple[str, MentionKind], ...]
    figures: tuple[str, ...]
    speaker: str


@dataclass(frozen=True, slots=True)
class Altered:
    """A sentence made from a real one: its words, how it was made, and whether that kept it faithful.

    `both` says that it was made of the sentence and the one behind it.
    """

    text: str
    how: str
    faithful: bool
    both: bool = False


def retell(given: Given, draw: random.Random) -> list[Altered]:
    """Return the sentence told again by each rule that applies, faithfully."""
    made = {
        "shorter": _shorter(given),
        "reordered": _reordered(given),
        "reworded": _reworded(given, draw),
        "fused": _fused(given),
    }
    return [
        Altered(text, how, faithful=True, both=how == "fused")
        for how, text in made.items()
        if text and text != given.text and len(text.split()) >= 4
    ]


def alter(given: Given, draw: random.Random) -> list[Altered]:
    """Return the sentence with one thing changed, once for each kind of change that it allows."""
    made: dict[str, Callable[[Given, random.Random], str]] = {
        "number": _other_number,
        "name": _other_name,
        "date": _other_date,
        "negation": _negated,
        "speaker": _other_speaker,
        "opposite": _opposite,
        "parties": _swapped,
        "quotation": _other_quotation,
    }
    return [
        Altered(text, how, faithful=False)
        for how, change in made.items()
        if (text := change(given, draw)) and text != given.text
    ]


def _shorter(given: Given) -> str:
    """Drop a relative clause, an aside, or the opening clause."""
    text = re.sub(r",? (?:who|which|where) [^,.;“”\"]{8,90}(?=[.]$)", "", given.text)
    text = re.sub(r", (?:who|which|a|an|the) [^,.;“”\"]{6,90},(?= [a-z])", "", text, count=1)
    if text != given.text:
        return text
    opening = re.match(
        r"(?:In|On|At|After|Before|As|While|Since|Despite|With|For) [^,“”\"]{5,70}, (?=[A-Z\w])", text
    )
    return _capital(text[opening.end() :]) if opening else ""


def _reordered(given: Given) -> str:
    """Put the speaker first, or the opening phrase last."""
    spoken = re.fullmatch(
        rf"([“\"][^”\"]+),([”\"]) ((?:[A-Z][\w.’'-]* ?){{1,3}}) ({_SAID})([^“”\"]*)\.", given.text.strip()
    )
    if spoken:
        quote, close, who, verb, rest = spoken.groups()
        return f"{who.strip()} {verb}{rest}, {quote}.{close}"
    opening = re.match(
        r"((?:In|On|At|Since|During) [^,“”\"]{3,40}), (?=(?:the|a|[A-Z])[\w’'. -]+ )([^“”\"]+)\.$", given.text
    )
    if opening:
        first, rest = opening.groups()
        return f"{_capital(rest)} {first[0].lower()}{first[1:]}."
    return ""


def _reworded(given: Given, draw: random.Random) -> str:
    """Put other words for some, outside quotation marks, at most three."""
    text, done = given.text, 0
    rules = list(_REWORDED)
    draw.shuffle(rules)
    for pattern, words in rules:
        changed = _outside_quotes(text, lambda part, p=pattern, w=words: re.sub(p, w, part, count=1))  # type: ignore[misc]
        if changed != text:
            text, done = changed, done + 1
        if done == 3:
            break
    return text if done else ""


def _fused(given: Given) -> str:
    """Join the sentence with the one behind it."""
    unbalanced = any(
        part.count("“") != part.count("”") or part.count('"') % 2 for part in (given.text, given.following)
    )
    if unbalanced or (
        not given.following
        or given.following[0] in "“\"‘'("
        or len(given.following) > 250
        or not given.text.endswith(".")
    ):
        return ""
    follows = given.following
    first = follows.split()[0]
    if first in ("The", "A", "It", "He", "She", "They", "This", "In", "On", "But", "And"):
        follows = follows[0].lower() + follows[1:]
    return f"{given.text[:-1]}, and {re.sub(r'^(?:but|and) ', '', follows)}"


def _other_number(given: Given, draw: random.Random) -> str:
    found = list(_NUMBER.finditer(given.text)) + list(_NUMBER_WORD.finditer(given.text))
    found = [one for one in found if not _YEAR.fullmatch(one.group())]
    if not found:
        return ""
    chosen = draw.choice(found)
    beside = [figure for figure in given.figures if figure != chosen.group() and figure not in given.text]
    if beside and draw.random() < 0.3:
        return _put(given.text, chosen, draw.choice(beside))
    return _put(given.text, chosen, _another(chosen.group(), draw))


def _another(number: str, draw: random.Random) -> str:
    """Return another number of the same make: a word for a word, digits for digits."""
    if number.lower() in _WORDS:
        return draw.choice([word for word in _WORDS if word != number.lower()])
    bare = number.replace(",", "")
    if "." in bare:
        return f"{float(bare) + draw.choice((-0.3, 0.4, 1.2, 2.5)):.{len(bare.split('.')[1])}f}"
    value = int(bare)
    other = max(
        value + draw.choice((-max(1, value // 5), max(1, value // 4), 10, 100 if value > 99 else 3)), 1
    )
    other += other == value
    return f"{other:,}" if "," in number else str(other)


def _other_name(given: Given, draw: random.Random) -> str:
    """Put another name of the same kind, from elsewhere in the article."""
    kinds = (MentionKind.PERSON, MentionKind.ORGANISATION, MentionKind.PLACE)
    found = [one for one in given.mentions if one.kind in kinds]
    draw.shuffle(found)
    for one in found:
        others = [name for name, kind in given.elsewhere if kind is one.kind and not _alike(name, one.name)]
        if others:
            return given.text[: one.start] + draw.choice(others) + given.text[one.end :]
    return ""


def _alike(one: str, other: str) -> bool:
    return bool({word.lower() for word in one.split()} & {word.lower() for word in other.split()})


def _other_date(given: Given, draw: random.Random) -> str:
    """Put another year, month or weekday."""
    for pattern, others in ((_YEAR, None), (_MONTH, _MONTHS), (_WEEKDAY, _WEEKDAYS)):
        found = list(pattern.finditer(given.text))
        if found:
            chosen = draw.choice(found)
            if others is None:
                other = str(int(chosen.group()) + draw.choice((-11, -4, -2, 3, 5)))
            else:
                other = draw.choice([name for name in others if name != chosen.group()])
            return _put(given.text, chosen, other)
    return ""


def _negated(given: Given, draw: random.Random) -> str:
    """Put a "not" in, or take one out."""
    held = _NEGATED.search(given.text)
    if held:
        verb = held[1] or held[2]
        return given.text[: held.start()] + f"{verb} " + given.text[held.end() :]
    found = list(_AUXILIARY.finditer(given.text))
    if not found:
        return ""
    chosen = draw.choice(found)
    return given.text[: chosen.end()] + "not " + given.text[chosen.end() :]


def _other_speaker(given: Given, draw: random.Random) -> str:
    """Give the words to somebody else of the same article, by surname or by full name."""
    if not given.speaker or given.text.count(given.speaker) != 1:
        return ""
    people = [one.name for one in given.mentions if one.kind is MentionKind.PERSON]
    people += [name for name, kind in given.elsewhere if kind is MentionKind.PERSON]
    others = [name for name in people if not _alike(name, given.speaker)]
    return given.text.replace(given.speaker, draw.choice(others)) if others else ""


def _opposite(given: Given, draw: random.Random) -> str:
    pairs = list(_VERBS)
    draw.shuffle(pairs)
    for word, other in pairs:
        found = re.search(rf"(?<![\w-]){word}(?![\w-])", given.text)
        if found:
            return _put(given.text, found, other)
    return ""


def _swapped(given: Given, draw: random.Random) -> str:  # noqa: ARG001 - one signature for all changes
    """Let two people or bodies change places around a verb."""
    kinds = (MentionKind.PERSON, MentionKind.ORGANISATION)
    found = [one for one in given.mentions if one.kind in kinds]
    for first, second in itertools.pairwise(found):
        between = given.text[first.end : second.start]
        if re.fullmatch(r" [a-z]+ed (?:[a-z]+ ){0,2}", between) and not _alike(first.name, second.name):
            one, other = given.text[first.start : first.end], given.text[second.start : second.end]
            return given.text[: first.start] + other + between + one + given.text[second.end :]
    return ""


def _other_quotation(given: Given, draw: random.Random) -> str:
    """Change one word of a quotation."""
    quotes = list(re.finditer(r"[“\"]([^”\"]{15,})[”\"]", given.text))
    if not quotes:
        return ""
    chosen = draw.choice(quotes)
    tokens = [
        one
        for one in re.finditer(r"\b[a-z]{5,}\b", given.text)
        if chosen.start() < one.start() < chosen.end()
    ]
    if not tokens:
        return ""
    return _put(
        given.text,
        draw.choice(tokens),
        draw.choice(("really", "strange", "certain", "wonderful", "terrible")),
    )


def _put(text: str, place: re.Match[str], words: str) -> str:
    if place.group()[:1].isupper() and words[:1].islower():
        words = _capital(words)
    return text[: place.start()] + words + text[place.end() :]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _outside_quotes(text: str, change: Callable[[str], str]) -> str:
    parts = list(_parts(text))
    for place, (part, quoted) in enumerate(parts):
        if not quoted and (changed := change(part)) != part:
            return "".join(
                [*(one for one, _ in parts[:place]), changed, *(one for one, _ in parts[place + 1 :])]
            )
    return text


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    at = 0
    for quote in re.finditer(r"“[^”]*”|\"[^\"]*\"", text):
        yield text[at : quote.start()], False
        yield quote.group(), True
        at = quote.end()
    yield text[at:], False


def names_elsewhere(mentions: Sequence[Mention], around: str) -> tuple[tuple[str, MentionKind], ...]:
    """Return the names of an article that the sentences around do not hold, each once."""
    kinds = (MentionKind.PERSON, MentionKind.ORGANISATION, MentionKind.PLACE)
    found = {
        one.name: one.kind
        for one in mentions
        if one.kind in kinds and not any(word in around for word in one.name.split() if len(word) > 2)
    }
    return tuple(found.items())
