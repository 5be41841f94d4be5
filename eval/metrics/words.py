"""Words of answers compared: SQuAD's normalisation, exact match, token F1, containment.

Source: Rajpurkar et al. 2016, "SQuAD: 100,000+ Questions for Machine Comprehension of Text", section 6.1:
white space, punctuation and the articles a, an, the are ignored; F1 is over the bags of words.
"""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_TYPOGRAPHIC = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "})
_MOMENT = re.compile(r"\b(\d{4}-\d\d-\d\d)T\d\d:\d\d\S*")
_NUMBERS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty
""".split()
_MONTHS = """
    january february march april may june july august september october november december
""".split()
_SPELLINGS = (
    {word: str(number) for number, word in enumerate(_NUMBERS)}
    | {month[:3]: month for month in _MONTHS}
    | {"sept": "september"}
)
_SPELLED = re.compile(rf"\b({'|'.join(sorted(_SPELLINGS, key=len, reverse=True))})\b", re.IGNORECASE)
_PUNCTUATION = str.maketrans("", "", string.punctuation + "…«»„")


def normalise(text: str) -> str:
    """Return lower-case text without punctuation, articles and surplus space.

    Typographic quotes and dashes count as punctuation, as their plain forms do.

    Example:
        >>> normalise("The  “Trump Route”!")
        'trump route'
    """
    plain = unicodedata.normalize("NFC", text).translate(_TYPOGRAPHIC).lower().translate(_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", plain).split())


def exact(given: str, gold: str) -> float:
    """Return 1 when both are the same after normalisation, else 0."""
    return float(normalise(given) == normalise(gold))


def token_f1(given: str, gold: str) -> float:
    """Return F1 = 2PR / (P + R) of the bags of words, P = shared / given, R = shared / gold.

    Where either is empty after normalisation, 1 if both are, else 0 (SQuAD 2.0, Rajpurkar et al. 2018).
    """
    given_words, gold_words = normalise(given).split(), normalise(gold).split()
    if not given_words or not gold_words:
        return float(given_words == gold_words)
    shared = (Counter(given_words) & Counter(gold_words)).total()
    if not shared:
        return 0.0
    precision, recall = shared / len(given_words), shared / len(gold_words)
    return 2 * precision * recall / (precision + recall)


def contains(text: str, wanted: str) -> bool:
    """Return whether the wanted words stand in the text, whole and in a row, after normalisation.

    A wanted text without words is in no text.
    """
    needle = normalise(wanted)
    return bool(needle) and f" {needle} " in f" {normalise(text)} "


def says(text: str, wanted: str) -> bool:
    """Return whether a text holds the wanted words, or the same number, share or date written another way.

    Example:
        >>> says("four astronauts", "4"), says("25%", "25 percent"), says("Nov. 6, 2025", "November 6")
        (True, True, True)
    """
    return contains(text, wanted) or contains(_spelled_alike(text), _spelled_alike(wanted))


def _spelled_alike(text: str) -> str:
    """Return a text with number words as digits, months in full, "%" as a word and moments as days."""
    text = _MOMENT.sub(r"\1", text).replace("%", " percent ").replace("per cent", "percent")
    return _SPELLED.sub(lambda match: _SPELLINGS[match[1].casefold()], text)


def best(values: Sequence[float]) -> float:
    """Return the greatest, 0 for none: a system is judged by the gold answer it comes closest to."""
    return max(values, default=0.0)


def same_name(one: str, other: str) -> bool:
    """Return whether two names mean the same: equal, or the words of one within the other.

    Example:
        >>> same_name("Tokayev", "President Kassym-Jomart Tokayev"), same_name("Ann", "Anna")
        (True, False)
    """
    return exact(one, other) == 1.0 or contains(one, other) or contains(other, one)


def matching(given: Sequence[str], gold: Sequence[str]) -> list[tuple[int, int]]:
    """Return a greatest one-to-one matching of names that mean the same, as pairs of positions.

    Equal names are matched first, so that "Trump" is not spent on "Ivanka Trump" where both are given. Then
    augmenting paths (Kuhn 1955).
    """
    near = [[same_name(one, other) for other in gold] for one in given]
    holder: dict[int, int] = {}
    matched: set[int] = set()
    for i, one in enumerate(given):
        for j, other in enumerate(gold):
            if i not in matched and j not in holder and exact(one, other):
                holder[j] = i
                matched.add(i)

    def place(i: int, seen: set[int]) -> bool:
        for j in range(len(gold)):
            if near[i][j] and j not in seen:
                seen.add(j)
                if j not in holder or place(holder[j], seen):
                    holder[j] = i
                    return True
        return False

    for i in range(len(given)):
        if i not in matched:
            place(i, set())
    return sorted((i, j) for j, i in holder.items())
