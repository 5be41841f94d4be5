"""The figures of a text: amounts written in digits or words, as one value with its unit. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.patterns import regex
from qa.wording import STOP_WORDS, stem, words

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: float(value) for value, word in enumerate(_ONES)} | {
    word: 10.0 * (place + 2) for place, word in enumerate(_TENS)
}
_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0,
    "k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "tn": 1e12,
}  # fmt: skip
_CURRENCIES = {
    "dollar": "$", "dollars": "$", "euro": "€", "euros": "€", "pound": "£", "pounds": "£", "yen": "¥",
    "rupees": "₹",
}  # fmt: skip
_ORDINALS = {
    word: float(value)
    for value, word in enumerate(
        "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), start=3
    )
}
_LONG_SCALES = "hundred|thousand|million|billion|trillion|dozen"
_NUMBER_WORD = "|".join(sorted((*_ONES, *_TENS), key=len, reverse=True))
_UNIT = (
    r"(?P<percent>\s?%|[\s-]per\s?cent\b(?:age[\s-]points?)?|[\s-]percentage[\s-]points?)"
    r"|[\s-](?P<named>dollars?|euros?|pounds?(?=\s+sterling)|yen|rupees)\b"
)
_DIGITS = regex(
    r"(?<![\w+])(?<!\d[.,:])(?<![A-Z]-)(?:(?:US|A|C|HK|NZ)?(?P<currency>[$€£¥₹])\s?)?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|(?<!\d)\.\d+)"
    rf"(?:(?P<ordinal>st|nd|rd|th)\b|(?:[\s-](?P<scale>(?i:{_LONG_SCALES}))|\s?(?P<short>bn|mn|tn|[mk]))\b(?!\.\w))?"
    rf"(?:{_UNIT})?(?![\d]|[A-Z])",
)
_SPELLED = regex(
    rf"\b(?:(?:an?|{_NUMBER_WORD})(?=[\s-](?:{_LONG_SCALES})\b)|(?:{_NUMBER_WORD}))"
    rf"(?:[\s-](?:and\s)?(?:{_NUMBER_WORD}|{_LONG_SCALES}))*\b(?:{_UNIT})?",
    re.I,
)
_ORDINAL = regex(rf"\b(?:{'|'.join(_ORDINALS)})\b(?!-)", re.I)
_LONE_ONE = regex(r"\bone\b(?=\s+(?!of\b|another\b|day\b|time\b|or\b|in\b|as\b)[a-z])", re.I)
_NOT_COUNTING = regex(r"\b(?:no|any|every|each|some|this|that|which|the|only|another|former)\s+$", re.I)
_HEDGE = regex(
    r"\b(?P<about>about|around|nearly|almost|roughly|some|approximately|close to|circa|an estimated)\s+$"
    r"|\b(?P<over>more than|over|at least|upwards of|above|exceeding)\s+$"
    r"|\b(?P<under>less than|fewer than|under|below|up to|at most|as many as)\s+$",
    re.I,
)
_ABOUT = 0.06
"""How far from the true value a figure may lie that is given as a rough one."""
_BEYOND = 0.35
"""The same for "more than" and "less than", in the direction they give."""
_NOUN_WITHIN = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount: its place, value, unit ("", "%", "th" or a currency sign) and what is counted.

    Attributes:
        hedge: "about", "over" or "under" where the text does not give it as exact, else empty.
        nouns: Stems of the content words right behind it ("locomot").
        step: What one of its last written place is worth: 1e5 for "1.2 million".
    """

    start: int
    end: int
    text: str
    value: float
    unit: str = ""
    hedge: str = ""
    nouns: tuple[str, ...] = ()
    step: float = 1.0


def figures(text: str) -> list[Figure]:
    """Return the figures of a text in order; digits that are part of a name ("F-35") are none.

    Example:
        >>> [(one.value, one.unit) for one in figures("Twelve of 1.5 million people paid 25 percent")]
        [(12.0, ''), (1500000.0, ''), (25.0, '%')]
    """
    found = list(_in_digits(text))
    taken = [(one.start, one.end) for one in found]
    for one in _in_words(text):
        if not any(one.start < end and start < one.end for start, end in taken):
            found.append(one)
            taken.append((one.start, one.end))
    return sorted(found, key=lambda one: one.start)


def _in_digits(text: str) -> Iterator[Figure]:
    for match in _DIGITS.finditer(text):
        digits = match["digits"].replace(",", "")
        scale = _SCALES.get((match["scale"] or match["short"] or "").lower(), 1.0)
        places = len(digits.partition(".")[2])
        unit = match["currency"] or _unit(match) or ("th" if match["ordinal"] else "")
        yield _figure(text, match.span(), float(digits) * scale, unit, scale * 10.0**-places)


def _in_words(text: str) -> Iterator[Figure]:
    for match in _SPELLED.finditer(text):
        spelled = re.split(rf"[\s-](?:{_CURRENCY_WORDS}|per)", match.group().lower())[0]
        parts = [
            part for part in re.split(r"[\s-]+", spelled) if part not in ("and", "percentage", "percent")
        ]
        alone = parts == ["one"] or parts == ["zero"]
        if alone and (
            not _LONE_ONE.match(text, match.start()) or _NOT_COUNTING.search(text[: match.start()][-12:])
        ):
            continue
        yield _figure(text, match.span(), _spelled_value(parts), _unit(match), 1.0)
    for match in _ORDINAL.finditer(text):
        yield _figure(text, match.span(), _ORDINALS[match.group().lower()], "th", 1.0)


_CURRENCY_WORDS = "dollars?|euros?|pounds?|yen|rupees"


def _unit(match: re.Match[str]) -> str:
    if match["percent"]:
        return "%"
    return _CURRENCIES.get((match["named"] or "").lower(), "")


def _spelled_value(parts: Sequence[str]) -> float:
    """Return the value of number words: ["two", "hundred", "six", "thousand"] -> 206000."""
    total, current = 0.0, 0.0
    for part in parts:
        if part in ("a", "an"):
            current = 1.0
        elif part in _WORDS:
            current += _WORDS[part]
        elif part in ("hundred", "dozen"):
            current = max(current, 1.0) * _SCALES[part]
        elif part in _SCALES:
            total += max(current, 1.0) * _SCALES[part]
            current = 0.0
    return total + current


def _figure(text: str, place: tuple[int, int], value: float, unit: str, step: float) -> Figure:
    start, end = place
    hedge = _HEDGE.search(text[max(start - 16, 0) : start])
    kind = next((name for name in ("about", "over", "under") if hedge and hedge[name]), "")
    return Figure(start, end, text[start:end].strip(), value, unit, kind, _nouns(text[end:]), step)


def _nouns(after: str) -> tuple[str, ...]:
    """Return the stems of the first content words up to the end of the clause."""
    clause = re.split(r"[,.;:!?()—–“”\"]", after[:80], maxsplit=1)[0]
    found = [match.group().lower() for match in words(clause)][:_NOUN_WITHIN]
    upto = next(
        (place for place, word in enumerate(found) if word in STOP_WORDS and word != "more"), len(found)
    )
    return tuple(stem(word) for word in found[:upto])


def same_figure(claimed: Figure, held: Figure) -> bool:
    """Whether a figure of the articles bears out a claimed one; roughly is enough where it is claimed so."""
    if not _same_unit(claimed.unit, held.unit):
        return False
    if _equal(claimed.value, held.value):
        return True
    if claimed.step >= 100 and abs(claimed.value - held.value) <= claimed.step / 2:
        return True  # 1.2 million for 1,242,000
    if _digits(claimed.value) > _digits(held.value):
        return False  # a rough figure is rounder than the true one
    ratio = held.value / claimed.value if claimed.value else 0.0
    if claimed.hedge == "about":
        return abs(ratio - 1) <= _ABOUT
    if claimed.hedge == "over":
        return 1 <= ratio <= 1 + _BEYOND
    return claimed.hedge == "under" and 1 - _BEYOND <= ratio <= 1


def _digits(value: float) -> int:
    """Return how many digits a value is given with: 2 for 210,000."""
    return len(f"{value:.6g}".replace(".", "").strip("0").partition("e")[0])


def _equal(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-9 * max(abs(one), abs(other), 1.0)


def _same_unit(claimed: str, held: str) -> bool:
    return claimed == held or ({claimed, held} <= {"", "$", "€", "£", "¥", "₹"} and "" in (claimed, held))


def unborne_figures(claimed: Sequence[Figure], held: Sequence[Figure]) -> list[Figure]:
    """Return the claimed figures that no figure of the articles bears out.

    A figure that stands there for something else is none: claimed "25 locomotives" where the articles have
    "25 airplanes and 300 locomotives".
    """
    missing = []
    for one in claimed:
        fitting = [other for other in held if same_figure(one, other)]
        if not fitting or _of_something_else(one, fitting, held):
            missing.append(one)
    return missing


def _of_something_else(claimed: Figure, fitting: Sequence[Figure], held: Sequence[Figure]) -> bool:
    """Whether what is counted has another figure there, and the fitting figure counts another thing."""
    if not claimed.nouns or any(
        not other.nouns or set(other.nouns) & set(claimed.nouns) for other in fitting
    ):
        return False
    rivals = [other for other in held if set(other.nouns) & set(claimed.nouns[:1])]
    return bool(rivals)
