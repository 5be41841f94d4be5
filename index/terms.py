"""A question as search terms: the words worth searching, and those that must be met exactly. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

STOP_WORDS = frozenset(
    """
    a about above after again against all am an and any are aren't as at be because been before being below
    between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during
    each few for from further had hadn't has hasn't have haven't having he her here hers herself him himself
    his how i i'd i'll i'm i've if in into is isn't it it's its itself just let's me more most my myself no
    nor not now of off on once only or other our ours ourselves out over own same shall she should shouldn't
    so some such than that that's the their theirs them themselves then there there's these they they're
    this those through to too under until up very was wasn't we were weren't what what's when where which
    while who who's whom whose why will with won't would wouldn't you your yours yourself
    """.split()
)
"""Words that say how a question is built, not what it is about."""

MAX_EXACT = 8
"""Exact terms looked up for one question: each is a search of its own."""

MAX_PAIRS = 24
"""Pairs of neighbouring words looked up for one question: nobody types more."""

_WORD = re.compile(r"[^\s]+")
_EDGES = re.compile(r"^[^\w]+|[^\w%+]+$")
_POSSESSIVE = re.compile(r"['’]s?$", re.IGNORECASE)
_JOINED = re.compile(r"[-‐‑–—/]+")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_QUOTED = re.compile(r"[\"“”«„]([^\"“”«»„]{2,200})[\"“”»]")


def search_terms(question: str) -> list[str]:
    """Return the words of the question worth searching, in order, each once.

    Stop words go, unless there is nothing else; "WHO" and "IT" are names and stay. Words joined by hyphens or
    slashes are searched one by one ("York-area" must find "York area"), except where a part is short or holds
    a digit ("F-35").

    Example:
        >>> search_terms("How many F-35 jets did the New York-area base lose?")
        ['many', 'F-35', 'jets', 'New', 'York', 'area', 'base', 'lose']
    """
    words = [part for word in _words(question) for part in _parts(word)]
    shouted = question.isupper()
    content = [
        word for word in words if _plain(word) not in STOP_WORDS or (_is_acronym(word) and not shouted)
    ]
    return _unique(content or words)


def exact_terms(question: str) -> list[str]:
    """Return what a reader of the question would look for letter by letter, in order, each once.

    These are quoted phrases, words with a digit, and words with a capital letter, whether names or not. They
    are MAX_EXACT at most: phrases first, then numbers, then the longest words.

    Example:
        >>> exact_terms("Did Tokayev say “a great leader” on 6 November?")
        ['a great leader', 'Tokayev', '6', 'November']
    """
    phrases = [
        " ".join(match[1].split()) for match in _QUOTED.finditer(question) if any(map(str.isalnum, match[1]))
    ]
    words = [word for word in search_terms(question) if _stands_out(word)]
    found = _unique([*phrases, *words])
    if len(found) > MAX_EXACT:
        chosen = sorted(found, key=lambda term: (" " not in term, not _has_digit(term), -len(term), term))
        kept = set(chosen[:MAX_EXACT])
        found = [term for term in found if term in kept]
    return found


def word_pairs(question: str) -> list[str]:
    """Return each two words of the question that stand side by side and are worth searching, in order.

    Example:
        >>> word_pairs("Which airport in the New York area was shut down?")
        ['New York', 'York area']
    """
    wanted = {_plain(term) for term in search_terms(question)}
    parts = [part for word in _words(question) for part in _parts(word)]
    pairs = [
        f"{one} {other}"
        for one, other in pairwise(parts)
        if _plain(one) in wanted and _plain(other) in wanted and _plain(one) != _plain(other)
    ]
    return _unique(pairs)[:MAX_PAIRS]


def holds(text: str, term: str) -> bool:
    """Return whether `text` holds `term` as whole words; case, accents and the kind of quote don't matter.

    Example:
        >>> holds("Kassym-Jomart Tokayev’s visit", "tokayev"), holds("1,242 prisoners", "242")
        (True, False)
    """
    return term in held_terms(text, [term])


def held_terms(text: str, terms: Iterable[str]) -> set[str]:
    """Return which terms `text` holds, each as `holds` tells it."""
    spaced = _spaced(text)
    return {term for term in terms if _stands_in(spaced, _spaced(term))}


def _spaced(text: str) -> str:
    """Return a plain text with single spaces."""
    return " ".join(_plain(text).split())


def _stands_in(text: str, term: str) -> bool:
    """Return whether a term stands in a text as whole words: "242" does not in "1,242"."""
    begin = text.find(term)
    while begin >= 0:
        end = begin + len(term)
        within_word = _in_word(text[begin - 1 : begin]) or _in_word(text[end : end + 1])
        within_number = _digit_and_mark(text[max(begin - 2, 0) : begin]) or _digit_and_mark(
            text[end : end + 2][::-1]
        )
        if not within_word and not within_number:
            return True
        begin = text.find(term, begin + 1)
    return False


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _digit_and_mark(two: str) -> bool:
    return len(two) == 2 and two[0].isdecimal() and two[1] in ".,"


def _words(text: str) -> list[str]:
    trimmed = (
        _EDGES.sub("", _POSSESSIVE.sub("", _EDGES.sub("", match[0]))) for match in _WORD.finditer(text)
    )
    return [word for word in trimmed if any(map(str.isalnum, word))]


def _parts(word: str) -> list[str]:
    parts = [part for part in _JOINED.split(word) if part]
    whole = any(len(part) < 3 or _has_digit(part) for part in parts)
    return [word] if whole else parts


def _stands_out(word: str) -> bool:
    return _has_digit(word) or any(map(str.isupper, word))


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _plain(text: str) -> str:
    """Return `text` in lower case, without accents, with straight apostrophes."""
    folded = text.replace("’", "'").casefold()
    if folded.isascii():
        return folded
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", folded))


def _unique(words: Iterable[str]) -> list[str]:
    first: dict[str, str] = {}
    for word in words:
        first.setdefault(_plain(word), word)
    return list(first.values())
