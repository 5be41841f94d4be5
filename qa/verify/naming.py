"""The names in a sentence, and whether the articles' words hold them in some form. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.patterns import regex
from index.statements.names import body_key, fold, same_name, trim, without_titles
from qa.evidence import is_derived
from qa.names import MONTHS
from qa.wording import STOP_WORDS, stem

_UPPER = r"[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĬĮİĶĹĻŁŃŅŇŐŒŔŘŚŞŠŤŪŮŰŹŻŽ]"
_WORD = rf"(?:(?:{_UPPER}\.){{2,}}|{_UPPER}[\w’'&+-]*|[a-z]{{1,2}}{_UPPER}[\w-]+|\d+{_UPPER}[\w-]*)"
_TITLE = r"(?:Mr|Mrs|Ms|Dr|Sen|Gov|Rep|Gen|Prof|St|Jr|Sr|Lt|Col|Capt|Sgt|Rev)\."
_LINK = r"(?:of(?:\sthe)?|de|von|van|der|den|al|bin|del|la|du|&)"
_RUN = regex(rf"(?:{_TITLE}\s)?{_WORD}(?:\s(?:{_LINK}\s)?(?:{_UPPER}\.\s)?(?:{_TITLE}\s)?{_WORD})*")
_LINKED = regex(rf"\s{_LINK}\s")
_POSSESSIVE = regex(r"(?:['’]s|(?<=s)['’])(?=\s|$)")
_SENTENCE_START = regex(r"(?:^|[.!?…:;]|[“\"‘'(\[]|[.!?…][”\"’')])\s*$")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT_MONTHS = (*(month[:3] for month in MONTHS), "Sept")
_ROLES = frozenset(
    """president minister prime chancellor senator representative governor mayor secretary general chief
    king queen prince princess pope judge justice ambassador director chairman chairwoman speaker mr mrs
    ms dr sir congressman congresswoman republican republicans democrat democrats professor captain
    colonel officer executive ceo cfo coo chair vice deputy foreign defense defence finance interior
    attorney state treasury police commissioner council parliament congress senate house government
    administration party court university company former the a an lawyer coach sheriff reverend father
    sister brother lord lady i""".split()
)
"""Words that are capitalised as titles and offices; they name nobody on their own."""
_ENDINGS = regex(
    r"(?:ly|ing|ed|tions?|sions?|ments?|ness|ers|ists|ors|ants|ents|ities|ians|als|cies|makers|leaders|ships?)$"
)
_IRREGULAR = """
france french|netherlands dutch holland|spain spanish spaniard|britain british uk u.k briton england english
|united-kingdom british britain uk u.k|united-states us u.s usa u.s.a american america|america american us u.s
|denmark danish dane|sweden swedish swede|finland finnish finn|poland polish pole|turkey turkish turk türkiye
|switzerland swiss|greece greek|wales welsh|scotland scottish scot|ireland irish|china chinese beijing
|germany german berlin|russia russian moscow kremlin|ukraine ukrainian kyiv kiev|iraq iraqi|israel israeli
|pakistan pakistani|philippines filipino philippine|norway norwegian|belgium belgian|portugal portuguese
|peru peruvian|thailand thai|burma myanmar burmese|europe european eu|european-union eu|united-nations un u.n
|new-york ny n.y|los-angeles la l.a|washington d.c dc|north-korea pyongyang|south-korea seoul
|iceland icelandic
|serbia serb serbian|czech czechia|argentina argentine|cyprus cypriot|malta maltese|vietnam vietnamese
|taiwan taiwanese|japan japanese|lebanon lebanese|sudan sudanese|nepal nepali|bangladesh bangladeshi
|democratic democrat democrats|republican republicans gop|white-house administration
"""


def _families() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for line in " ".join(_IRREGULAR.split("\n")).split("|"):
        family = [word.replace("-", " ") for word in line.split()]
        for word in family:
            table.setdefault(word, set()).update(family)
    return {word: frozenset(others) for word, others in table.items()}


_FAMILY_OF = _families()


@dataclass(frozen=True, slots=True)
class Named:
    """A name as a sentence writes it, without titles and possessive; `sure` is False where it may be a word.

    The first word of a sentence has a capital letter anyway.
    """

    start: int
    end: int
    text: str
    sure: bool = True


def names_of(text: str) -> list[Named]:
    """Return the names of a sentence, in order.

    Example:
        >>> [one.text for one in names_of("On Monday Mr. Tokayev’s envoy met the Boeing team in New York.")]
        ['Tokayev', 'Boeing', 'New York']
    """
    found = []
    for match in _RUN.finditer(text):
        at = match.start()
        for part in _POSSESSIVE.split(match.group()):
            named = _named(text, at, part)
            if named:
                found.append(named)
            at += len(part) + (
                len(possessive.group()) if (possessive := _POSSESSIVE.match(text, at + len(part))) else 0
            )
    return found


def _named(text: str, at: int, part: str) -> Named | None:
    """Return the name in a run of capitalised words, without what only begins the sentence."""
    lead = len(part) - len(part.lstrip())
    start, tokens = at + lead, part.split()
    opens = bool(_SENTENCE_START.search(text[max(start - 4, 0) : start]))
    skipped = 0
    while tokens and _is_no_name(tokens[0], first=opens and skipped == 0):
        skipped += len(tokens[0]) + 1
        tokens = tokens[1:]
    while tokens and _is_no_name(tokens[-1], first=False):
        tokens = tokens[:-1]
    if not tokens or not any(char.isalpha() for char in "".join(tokens)):
        return None
    name = " ".join(tokens)
    begin = text.find(tokens[0], start)
    sure = not opens or skipped > 0 or len(tokens) > 1 or _looks_like_name(tokens[0])
    return Named(begin, begin + len(name), trim(name), sure)


def _is_no_name(token: str, *, first: bool) -> bool:
    bare = token.rstrip(".,")
    lowered = bare.lower().replace("’", "'")
    if bare in MONTHS or bare in _DAYS or bare in _SHORT_MONTHS:
        return True
    if lowered in _ROLES or re.fullmatch(rf"{_TITLE}", token):
        return True
    contracted = lowered.partition("'")[0]
    return (lowered in STOP_WORDS or contracted in STOP_WORDS) and (
        first or not bare.isupper() or bare == "I"
    )


def _looks_like_name(token: str) -> bool:
    return any(char.isupper() for char in token[1:]) or any(char.isdigit() for char in token)


@dataclass(frozen=True, slots=True)
class Naming:
    """What the articles' words name: the words themselves, and the full names that their short forms mean.

    Attributes:
        texts: The words in which names are looked for.
        known: Full names of whoever the words name by a short form, and other names of the same.
    """

    texts: tuple[str, ...]
    known: tuple[str, ...] = ()


def missing_name(named: Named, held: Naming, common: frozenset[str]) -> bool:
    """Whether the articles' words do not hold a name in any form.

    Args:
        named: The name.
        held: What the articles' words name.
        common: Words that the article writes with a small letter: at the start of a sentence they are no
            names.
    """
    if not named.sure and (_ENDINGS.search(named.text) or named.text.lower() in common):
        return False
    name = without_titles(named.text)
    if any(_same(name, other) for other in held.known):
        return False
    return not all(_held(part, held, common) for part in _LINKED.split(name)) and not _held(
        name, held, common
    )


def _held(name: str, held: Naming, common: frozenset[str]) -> bool:
    """Whether a name, or a part of one, stands in the texts; "Thousands" of "Thousands of men" is none."""
    return name.lower() in common or any(_within(name, text) for text in held.texts)


def _same(name: str, known: str) -> bool:
    if body_key(name) == body_key(known):
        return True
    short, full = sorted((fold(name).split(), fold(known).split()), key=len)
    return bool(set(short) & set(full)) and same_name(name, known)


def _within(name: str, text: str) -> bool:
    """Whether a text holds the name's words close together and in order; derived forms will do."""
    own, there = _read(name), _read(text)
    tokens = [token for token in own.tokens if token not in STOP_WORDS] or own.tokens
    family = _FAMILY_OF.get(" ".join(tokens), frozenset())
    if any(f" {other} " in there.joined for other in family):
        return True
    if _initials_within(name, tokens, text):
        return True
    stems = [stem(token) for token in tokens]
    places = _starts(stems, there.stems)
    return any(_from(stems, there.stems[place : place + len(stems) + 3]) for place in places)


def _starts(stems: Sequence[str], there: Sequence[str]) -> Iterator[int]:
    return (place for place, other in enumerate(there) if _same_word(stems[0], other))


def _from(stems: Sequence[str], window: Sequence[str]) -> bool:
    at = 0
    for one in stems:
        while at < len(window) and not _same_word(one, window[at]):
            at += 1
        if at == len(window):
            return False
        at += 1
    return True


def _same_word(stem_of_one: str, stem_of_other: str) -> bool:
    return stem_of_one == stem_of_other or is_derived(stem_of_one, stem_of_other)


@dataclass(frozen=True, slots=True)
class _Read:
    """A text in words: folded, their stems, and all of them with a blank around each."""

    tokens: tuple[str, ...]
    stems: tuple[str, ...]
    joined: str


@lru_cache(maxsize=1024)
def _read(text: str) -> _Read:
    """Read a text; kept, as each name of a question is looked for in the same sentences."""
    plain = fold(_POSSESSIVE.sub("", text))
    tokens = tuple(
        token.strip("'.").replace(".", "") or token
        for token in re.findall(r"[\w'.+&]+", plain)
        if token.strip("'.&+")
    )
    return _Read(tokens, tuple(map(stem, tokens)), f" {' '.join(tokens)} ")


def _initials_within(name: str, tokens: Sequence[str], text: str) -> bool:
    """Whether one side is the other's initials: "IAEA" and "International Atomic Energy Agency"."""
    bare = name.replace(".", "")
    if bare.isupper() and 2 <= len(bare) <= 6:
        return any(_initials(match.group()) == bare for match in _RUN.finditer(text))
    short = "".join(token[0] for token in tokens).upper()
    plain = text.replace(".", "")
    # Most texts hold them nowhere, and looking for them costs less than compiling a pattern.
    return len(tokens) > 1 and short in plain and bool(re.search(rf"(?<!\w){re.escape(short)}(?!\w)", plain))


def _initials(name: str) -> str:
    # A name that ends in a hyphen ("Grade A-") has an empty word behind it.
    return "".join(word[:1] for word in re.split(r"[\s-]+", name) if word.lower() not in STOP_WORDS)


def common_words(text: str) -> frozenset[str]:
    """Return the words that a text writes with a small first letter."""
    return frozenset(re.findall(r"(?<![\w’'])[a-z][a-z’'-]+", text))
