"""Amounts as articles write them, made comparable: "some 3,000 people", "€7.5 million". Pure."""

import re
from dataclasses import dataclass

from index.patterns import regex
from qa.wording import STOP_WORDS, stem, words

_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "m": 1e6}
_SCALES |= {"bn": 1e9, "k": 1e3, "dozen": 12.0, "mn": 1e6, "tn": 1e12}
_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_VALUES = {word: float(n) for n, word in enumerate(_ONES)}
_VALUES |= {word: 10.0 * n for n, word in enumerate(_TENS, start=2)}
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SPELLED = rf"(?:{'|'.join(_TENS)})(?:-(?:{'|'.join(_ONES[1:10])}))?|{'|'.join(reversed(_ONES))}"
_AMOUNT = regex(
    rf"(?<![\w.,])(?P<money>(?:US|A|C|NZ|HK)?[$€£¥₹]\s?)?(?P<number>{_DIGITS}|\b(?:{_SPELLED})\b)"
    rf"(?P<scale>(?:\s|-)?(?:{'|'.join(sorted(_SCALES, key=len, reverse=True))})\b)?"
    r"(?P<percent>\s?(?:%|per ?cent\b|percentage points?\b))?(?P<ordinal>st|nd|rd|th)?",
    re.I,
)
_LOW = regex(r"\b(?:more than|over|at least|above|upwards? of|no fewer than|exceed\w*)\s*$", re.I)
_HIGH = regex(r"\b(?:fewer than|less than|under|up to|at most|as many as|below|no more than)\s*$", re.I)
_ABOUT = regex(
    r"\b(?:about|around|some|roughly|approximately|nearly|almost|close to|an estimated|estimated)\s*$", re.I
)
_MONEY_WORDS = regex(r"\s?(?P<unit>dollars?|euros?|pounds?|yen|rupees?|rubles?|roubles?|yuan)\b", re.I)
_CURRENCY = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₹": "rupee"}
_PLURALS = frozenset("people men women children percent crew police".split())
_EXACT, _NEAR, _BOUND = 1e-9, 0.08, 0.25
"""How far two amounts may be apart, as a share of the larger, and be the same: exact ones, hedged ones, and
one that is only bounded ("more than 3,000" and 3,400)."""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in a text.

    Attributes:
        start, end: Its place in the text, hedges and the noun counted left out.
        value: In units of one ("€7.5 million" is 7,500,000).
        unit: "%", a currency, or the stem of the noun counted; empty where none follows.
        figures: Significant digits as written, by which a rounded amount is told.
        bound: 1 for "more than", -1 for "up to", 0 otherwise.
        hedged: Whether it is said to be about so much.
    """

    start: int
    end: int
    value: float
    unit: str
    figures: int
    bound: int = 0
    hedged: bool = False


def amounts_in(text: str) -> tuple[Amount, ...]:
    """Return every amount of a text, in order; years, days of a month and ordinals are none."""
    found = []
    for match in _AMOUNT.finditer(text):
        if match.group("ordinal") or _is_date(text, match):
            continue
        found.append(_read(text, match))
    return tuple(found)


def same_amount(one: Amount, other: Amount) -> bool:
    """Whether two amounts can be the same figure, one of them rounded, hedged or bounded.

    Example: "more than 3,000" and "3,200" can; "about 1,800" and "3,000" cannot.
    """
    larger = max(abs(one.value), abs(other.value))
    if larger == 0 or abs(one.value - other.value) <= _EXACT * larger:
        return True
    apart = abs(one.value - other.value) / larger
    for bounded, free in ((one, other), (other, one)):
        if bounded.bound and (free.value - bounded.value) * bounded.bound > 0 and apart <= _BOUND:
            return True
    if (one.hedged or other.hedged or one.bound or other.bound) and apart <= _NEAR:
        return True
    return _rounds_to(one, other) or _rounds_to(other, one)


def _rounds_to(fine: Amount, coarse: Amount) -> bool:
    """Whether the coarser amount is the finer one rounded: 1,242 and 1,200; not 27 and 30 percent."""
    if coarse.figures >= fine.figures or fine.figures < 3 or not fine.value:
        return False
    return float(f"{fine.value:.{coarse.figures}g}") == coarse.value


def _read(text: str, match: re.Match[str]) -> Amount:
    written = match.group("number").lower()
    scale = (match.group("scale") or "").strip(" -").lower()
    spelled = not written[0].isdigit()
    value = _spelled(written) if spelled else float(written.replace(",", ""))
    value *= _SCALES.get(scale, 1.0)
    before, after = text[: match.start()], text[match.end() :]
    digits = re.sub(r"\D", "", written).lstrip("0")
    bound = 1 if _LOW.search(before) else -1 if _HIGH.search(before) else 0
    return Amount(
        start=match.start(),
        end=match.end(),
        value=value,
        unit=_unit(match, after),
        figures=len(digits.rstrip("0") if "." not in written else digits) or 1,
        bound=bound,
        hedged=bool(_ABOUT.search(before)),
    )


def _unit(match: re.Match[str], after: str) -> str:
    if match.group("percent"):
        return "%"
    if match.group("money"):
        return _CURRENCY.get(match.group("money").strip()[-1], "money")
    money = _MONEY_WORDS.match(after)
    if money:
        return stem(money.group("unit"))
    return _counted(after)


def _counted(after: str) -> str:
    """Return the stem of the noun counted: the last word before a stop word or a mark, four words at most."""
    noun = ""
    for found in list(words(after))[:4]:
        word = found.group()
        marked = after[: found.start()].rstrip().endswith(tuple(',.;:)”"'))
        verb = bool(noun) and word.endswith(("ed", "ing"))
        if word.lower() in STOP_WORDS or marked or verb or word[0].isdigit():
            break
        noun = word
        if (noun.endswith("s") and not noun.endswith("ss")) or noun.lower() in _PLURALS:
            break
    return stem(noun) if noun else ""


def _spelled(written: str) -> float:
    return sum(_VALUES.get(part, 0.0) for part in written.split("-"))


_MONTH = (
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|January|February|March|April|June|July|August"
    r"|September|October|November|December)\.?"
)
_AFTER_MONTH = regex(rf"\b{_MONTH}\s(?:\d{{1,2}},\s)?$")
_BEFORE_MONTH = regex(rf"\s{_MONTH}\b")
_YEAR = regex(r"(?:1[5-9]|20)\d\d")


def _is_date(text: str, match: re.Match[str]) -> bool:
    if match.group("money") or match.group("percent") or match.group("scale"):
        return False
    number = match.group("number")
    if _AFTER_MONTH.search(text[max(match.start() - 16, 0) : match.start()]):
        return True
    if len(number) <= 2 and _BEFORE_MONTH.match(text, match.end()):
        return True
    following = text[match.end() :].lstrip()
    counted = following[:1].isalpha() and following.split()[0].lower() not in STOP_WORDS
    return bool(_YEAR.fullmatch(number)) and not (counted and following.split()[0].endswith("s"))
