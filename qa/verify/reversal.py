"""Whether a sentence turns what the articles say around: negations, opposites, parties swapped. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from index.patterns import regex
from qa.gaps import verb_root
from qa.wording import STOP_WORDS, stem, words

_NOT = frozenset(
    "not never no none nobody nothing neither nor without cannot hardly barely n't unlikely unable".split()
)
_REFUSING = frozenset(stem(verb) for verb in "refuse decline fail deny refute prevent".split())
"""Verbs that say of what follows that it does not happen."""
_BREAKS = frozenset(', ; : ( ) — – “ ” " but because although though while'.split())
_IDIOMS = {"not": (["only"], ["just"], ["until"]), "no": (["longer"], ["doubt"])}
"""Words that keep what follows a negation from being denied."""
_APART = 12
"""Words between two parties of one deed at most."""
_SCOPE = 6
"""Words after a negation among which the one it negates is looked for."""

_OPPOSITES = """
accept reject|rise fall|increase decrease|increase reduce|increase drop|rise drop|gain lose|grow shrink
|win lose|approve reject|support oppose|back oppose|praise criticise|praise criticize|arrive leave
|enter leave|buy sell|allow ban|allow bar|allow block|permit prohibit|raise lower|raise cut|begin end
|start end|start stop|begin finish|open close|hire fire|confirm deny|agree disagree|agree refuse
|accept refuse|succeed fail|success failure|victory defeat|win defeat|ally rival|ally enemy
|guilty innocent|convict acquit|import export|alive dead|survive die|strengthen weaken|improve worsen
|expand shrink|higher lower|high low|more less|more fewer|most least|above below|before after|early late
|earlier later|first last|largest smallest|biggest smallest|highest lowest|best worst|oldest youngest
|longest shortest|north south|east west|northern southern|eastern western|left right|up down|major minor
|majority minority|public private|domestic foreign|legal illegal|lawful unlawful|true false
|possible impossible|likely unlikely|positive negative|optimistic pessimistic|advance retreat
|attack defend|borrow lend|create destroy|build demolish|include exclude|join leave|keep abandon
|remain leave|love hate|release detain|free arrest|release imprison|overturn uphold|reverse uphold
|extend shorten|widen narrow|upgrade downgrade|surplus deficit|profit loss|male female|man woman
|men women|boy girl|release withhold|release withheld|launch cancel|husband wife|father mother
|son daughter|brother sister|king queen|old new|older younger|rich poor|safe dangerous|same different
|strong weak|war peace|cheaper dearer|lend borrow|lift impose|appoint dismiss|elect oust|welcome condemn
|welcome reject|hope fear|encourage discourage|trust distrust|easy difficult|easier harder|fast slow
|faster slower|heavy light|plaintiff defendant|buyer seller|employer employee|teacher student
|optimism pessimism|growth decline|increase decline|rise decline|grow decline|climb fall|climb drop
|surge plunge|soar plunge|jump fall|upper lower|inside outside|day night|morning evening|summer winter
|present absent|present past|ancestor descendant|maximum minimum|minimum maximum|always never|all none
|both neither|with without|many few|for against
"""
_FUNCTION_PAIRS = frozenset(
    """more less fewer most least before after above below up down all both with for many few against neither
    none without""".split()
)
"""Words without content of their own that have an opposite."""
_ALIKE = tuple(tuple(pair.split()) for pair in " ".join(_OPPOSITES.split("\n")).split("|"))


def _opposites() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for one, other in _ALIKE:
        table.setdefault(verb_root(one), set()).add(verb_root(other))
        table.setdefault(verb_root(other), set()).add(verb_root(one))
    return {word: frozenset(others) for word, others in table.items()}


_OPPOSITE_OF = _opposites()
_TOKEN = regex(r"[^\W_](?:[\w’'.,+&/-]*[\w+])?|[,;:()—–“”\"]")


@dataclass(frozen=True, slots=True)
class Polarity:
    """The roots of a text's words: those said plainly, those negated, and how each was written."""

    plain: frozenset[str]
    negated: frozenset[str]
    written: dict[str, str] = field(default_factory=dict)

    @property
    def all(self) -> frozenset[str]:
        """All roots."""
        return self.plain | self.negated


def polarity(text: str) -> Polarity:
    """Read which words of a text a negation turns.

    Example:
        >>> sorted(polarity("He did not sign the pact and left").negated)
        ['sign']
    """
    tokens = [match.group() for match in _TOKEN.finditer(text)]
    negated_at = set(_negated_places(tokens))
    plain: set[str] = set()
    negated: set[str] = set()
    written: dict[str, str] = {}
    for place, token in enumerate(tokens):
        lowered = token.lower()
        if not lowered[0].isalnum() or (lowered in STOP_WORDS and lowered not in _FUNCTION_PAIRS):
            continue
        root = verb_root(token)
        written.setdefault(root, token)
        (negated if place in negated_at else plain).add(root)
    return Polarity(frozenset(plain), frozenset(negated), written)


def _negated_places(tokens: Sequence[str]) -> Iterator[int]:
    """Yield the places of words that a negation before them turns: the first content word after each."""
    for place, token in enumerate(tokens):
        lowered = token.lower()
        negates = is_negation(token)
        refuses = stem(token) in _REFUSING
        if not negates and not refuses:
            continue
        if [*tokens[place + 1 : place + 2]] in _IDIOMS.get(
            "not" if negates and lowered != "no" else lowered, ()
        ):
            continue
        target = _first_content(tokens, place + 1, through_to=refuses)
        if target is not None:
            yield target


def _first_content(tokens: Sequence[str], start: int, *, through_to: bool) -> int | None:
    for place in range(start, min(start + _SCOPE, len(tokens))):
        token = tokens[place].lower()
        if token in _BREAKS:
            return None
        if token in STOP_WORDS or not token[0].isalnum():
            continue
        return None if through_to and tokens[place][0].isupper() else place
    return None


def turned_negation(claim: Polarity, held: Polarity) -> str | None:
    """Return the word that the one says plainly and the other denies, as the sentence writes it."""
    for root in sorted(claim.negated - claim.plain):
        if root in held.plain and root not in held.negated:
            return claim.written[root]
    for root in sorted(held.negated - held.plain):
        if root in claim.plain and root not in claim.negated:
            return claim.written[root]
    return None


def turned_opposite(claim: Polarity, held: Polarity) -> tuple[str, str] | None:
    """Return a word of the sentence and its opposite in the articles, where they have only that."""
    for root in sorted(claim.all - held.all):
        for other in sorted(_OPPOSITE_OF.get(root, frozenset()) & held.all - claim.all):
            if not (root in claim.negated) ^ (other in held.negated):
                return claim.written[root], held.written[other]
    return None


def is_negation(word: str) -> bool:
    """Whether a word denies: "not", "never", "didn’t"."""
    lowered = word.lower().replace("’", "'")
    return lowered in _NOT or lowered.endswith("n't")


def refuses(word: str) -> bool:
    """Whether a verb says of what follows that it does not happen: "refused", "failed"."""
    return stem(word) in _REFUSING


def opposites_of(root: str) -> frozenset[str]:
    """Return the roots of the words that say the contrary of one."""
    return _OPPOSITE_OF.get(root, frozenset())


def swapped_parties(
    claim: Sequence[str], held: Iterable[Sequence[str]], names: Sequence[str]
) -> tuple[str, str] | None:
    """Return two names that stand around the same verb the other way about.

    Args:
        claim: The words of the sentence.
        held: The words of each sentence of the articles.
        names: Last words of the sentence's names, in order of their places.
    """
    roots = [verb_root(word) for word in claim]
    lasts = [stem(name) for name in names]
    held_roots = [[verb_root(word) for word in sentence] for sentence in held]
    for first, second in pairwise(lasts):
        if first == second or first not in roots or second not in roots:
            continue
        start, end = roots.index(first), roots.index(second)
        between = [root for root in roots[start + 1 : end] if root not in STOP_WORDS]
        if not between or len(between) > 3 or _passive(claim[start:end]):
            continue
        for sentence, words_there in zip(held_roots, held, strict=True):
            if _the_other_way(sentence, words_there, (first, second, between[0])):
                return first, second
    return None


def _passive(tokens: Sequence[str]) -> bool:
    return any(token.lower() == "by" for token in tokens)


def _the_other_way(roots: Sequence[str], tokens: Sequence[str], parts: tuple[str, str, str]) -> bool:
    first, second, verb = parts
    if roots.count(first) != 1 or roots.count(second) != 1 or verb not in roots:
        return False
    start, end, at = roots.index(second), roots.index(first), roots.index(verb)
    return start < at < end and end - start <= _APART and not _passive(tokens[start:end])


def plain_words(text: str) -> list[str]:
    """Return the words of a text."""
    return [match.group() for match in words(text)]
