"""Whether a sentence repeats the cited words with another figure, day or name in one place. Pure.

A name that stands in the next sentence is borne out as such; in the place of another name it is not.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from index.patterns import regex
from index.statements.names import fold
from qa.gaps import verb_root
from qa.verify.figures import Figure, figures, same_figure
from qa.verify.moments import Moment, bears_out, known_moments, moments
from qa.verify.naming import Naming, missing_name, names_of
from qa.verify.reversal import is_negation
from qa.wording import STOP_WORDS

_TOKEN = regex(
    r"(?:[^\W\d_]\.){2,}|[$€£]?\d[\d,.:]*\d(?:\s?%)?|[$€£]?\d(?:\s?%)?|[^\W_](?:[\w’'+&/-]*[\w+])?"
)
_LONGEST = 5
_DENIAL = 3
"""Words that one replacement, or one denial put in or left out, spans at most."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """Words of a sentence and those that the article has in their place.

    `what` is "number", "date", "name" or "not"; for the last, one side is empty.
    """

    what: str
    claimed: str
    held: str


def replacements(claim: str, cited: str, published: str | None) -> list[Replacement]:
    """Return what the sentence puts in the place of another figure, day or name of the cited words.

    Example:
        >>> replacements("Ito bought ferries for the coast.", "Brandt bought ferries for the coast.", None)
        [Replacement(what='name', claimed='Ito', held='Brandt')]
    """
    mine, theirs = list(_TOKEN.finditer(claim)), list(_TOKEN.finditer(cited))
    opcodes = SequenceMatcher(None, _keys(mine), _keys(theirs), autojunk=False).get_opcodes()
    found = []
    for first, last, start, end in _places(opcodes, len(mine), len(theirs)):
        said, there = _words(claim, mine, first, last), _words(cited, theirs, start, end)
        what = _different(said, there, published) if said and there else ""
        if is_turned(said, there):
            what = "not"
        if what:
            found.append(Replacement(what, said, there))
    return found


def is_turned(said: str, there: str) -> bool:
    """Whether one of two short runs of words denies and the other does not."""
    if len(said.split()) > _DENIAL or len(there.split()) > _DENIAL:
        return False
    return any(map(is_negation, said.split())) is not any(map(is_negation, there.split()))


def _keys(tokens: Sequence[re.Match[str]]) -> list[str]:
    return [verb_root(fold(token.group())) for token in tokens]


def _places(
    opcodes: Sequence[tuple[str, int, int, int, int]], mine: int, theirs: int
) -> Iterator[tuple[int, int, int, int]]:
    """Yield the places where one run of words, or none, stands for another, with the same on both sides.

    The edge of both texts counts as such a word.
    """
    for number, (kind, first, last, start, end) in enumerate(opcodes):
        if kind == "equal" or last - first > _LONGEST or end - start > _LONGEST:
            continue
        before = opcodes[number - 1] if number else None
        after = opcodes[number + 1] if number + 1 < len(opcodes) else None
        left = (before[2] - before[1]) if before and before[0] == "equal" else int(first == start == 0)
        right = (
            (after[2] - after[1]) if after and after[0] == "equal" else int(last == mine and end == theirs)
        )
        if left and right and left + right >= 3:
            yield first, last, start, end


def _words(text: str, tokens: Sequence[re.Match[str]], first: int, last: int) -> str:
    return text[tokens[first].start() : tokens[last - 1].end()] if last > first else ""


def _different(said: str, there: str, published: str | None) -> str:
    """Return what differs, empty where the two are no two of a kind or mean the same."""
    days, known = moments(said), moments(there)
    if days and known:
        held = known_moments(there, published)[: -1 if published else None]
        return "" if all(any(bears_out(other, one) for other in held) for one in days) else "date"
    amounts, amounts_there = figures(said), figures(there)
    if amounts and amounts_there and not days and not known:
        same = all(any(same_figure(one, other) for other in amounts_there) for one in amounts)
        return "" if same else "number"
    plain = not any(one.unit for one in (*amounts, *amounts_there))
    if plain and (days or amounts) and (known or amounts_there):
        return "" if _values(amounts, days) & _values(amounts_there, known) else "number"
    return "name" if _other_name(said, there) else ""


def _values(amounts: Sequence[Figure], days: Sequence[Moment]) -> set[float]:
    return {one.value for one in amounts} | {float(one.year) for one in days if one.year}


def _other_name(said: str, there: str) -> bool:
    mine, theirs = names_of(f"x {said}"), names_of(f"x {there}")
    if not mine or not theirs or _is_filler(there):
        return False
    held = Naming((there,), tuple(one.text for one in theirs))
    back = Naming((said,), tuple(one.text for one in mine))
    nothing: frozenset[str] = frozenset()
    gone = all(missing_name(one, held, nothing) for one in mine)
    return gone and all(missing_name(one, back, nothing) for one in theirs)


def _is_filler(words: str) -> bool:
    return all(word.lower() in STOP_WORDS for word in words.split())
