"""What a question takes for granted, and whether the articles bear it out, deny it or do not speak of it.

"Why did Ito refuse to sign?" takes for granted that Ito refused to sign. Pure but for `check_premise`, which
reads the articles that come closest.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from index.patterns import regex
from index.stores.protocol import Store
from qa.answerers.draft import Draft
from qa.evidence import matching
from qa.gaps import verb_root
from qa.schema import Citation, Kind, Plan, Question
from qa.verify.naming import Naming, missing_name, names_of
from qa.verify.quotations import holds_quotation, quotations
from qa.verify.reversal import is_negation, opposites_of, polarity, refuses
from qa.wording import STOP_WORDS, kind_of_noun, words

_ASKED = regex(
    r"^(?:(?P<why>why|how come|for what reason|what (?:made|led|caused))"
    r"|when|where|how(?! (?:many|much|old|long|far|often|tall|large|big|high)))\b\s*"
    r"(?P<auxiliary>did|does|do|is|are|was|were|has|have|had|will|would|can|could)?(?P<denied>n[’']t|\s+not)?"
    r"\s+(?P<rest>.+)$",
    re.I,
)
_FAMILIES = """
go visit travel fly come arrive attend journey trip head|meet talk negotiate|sign agree approve accept
|say tell state declare announce|kill shoot murder|win defeat beat|leave depart quit resign step
|buy purchase acquire|praise laud hail commend|criticise criticize attack condemn slam blast
|ban prohibit bar outlaw|cancel scrap abandon|build construct|begin start launch open
|end stop close halt finish|fire dismiss oust sack|hire appoint name|arrest detain jail imprison
|raise increase lift|cut reduce lower|pay spend|send deliver ship|host welcome receive invite
|support back endorse|oppose resist|die death|marry wed|sue lawsuit
"""
_BE = ("is", "are", "was", "were")
_PARTICIPLE = regex(r"(?:ed|en|wn|ld|nt|ht|ung|ade|ept|old|aid|one|ost|uck|ut)$")
_OF_BODIES = frozenset(
    """administration government leaders officials campaign summit deal talks meeting army military police
    operation troops forces allies lawyers spokesman spokeswoman supporters parliament senate house""".split()
)
"""Nouns behind a name that belong to the subject: "the Ito administration"."""
_SAME_PLACES = tuple(
    frozenset(names.split("|"))
    for names in (
        "washington|white house|u.s.|us|united states|america|capitol",
        "moscow|kremlin|russia",
        "beijing|china",
        "brussels|eu",
        "london|downing street|britain|uk",
        "kyiv|kiev|ukraine",
    )
)
"""Names by which a capital, its country and its government stand for each other as somewhere to go."""
_ARTICLES_READ = 4
_SENTENCES_READ = 400


def _kin() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for line in " ".join(_FAMILIES.split("\n")).split("|"):
        family = {verb_root(word) for word in line.split()}
        for word in family:
            table.setdefault(word, set()).update(family)
    return {word: frozenset(family) for word, family in table.items()}


_KIN = _kin()


class Standing(StrEnum):
    """What the articles make of a premise."""

    HELD = "held"
    DENIED = "denied"
    UNMENTIONED = "unmentioned"


@dataclass(frozen=True, slots=True)
class Premise:
    """What a question takes for granted.

    Attributes:
        words: As a clause for the reader: "Ito refuse to sign".
        subject: Whose deed it is, as written.
        deed: Root of the verb that happens or, where `denied`, does not.
        objects: Names behind the verb.
        denied: Whether it is taken for granted that the deed was refused or did not happen.
        why: Whether the question asks for the reason, which is idle where there was no deed.
    """

    words: str
    subject: str
    deed: str
    objects: tuple[str, ...]
    denied: bool
    why: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """What the articles make of a premise, with the sentences that say so."""

    standing: Standing
    evidence: tuple[Citation, ...] = ()


def premise_of(question: str) -> Premise | None:
    """Return what a question takes for granted of somebody named, None where nothing was read.

    Example:
        >>> found = premise_of("Why did Ito refuse to go to Velmora?")
        >>> found.subject, found.deed, found.objects, found.denied
        ('Ito', 'go', ('Velmora',), True)
    """
    asked = _ASKED.match(" ".join(question.split()).rstrip("?"))
    if not asked:
        return None
    rest = asked["rest"]
    names = names_of(rest)
    if not names or names[0].start > 40 or rest[names[0].end :].startswith(("'", "’")):
        return None
    subject = names[0]
    auxiliary = (asked["auxiliary"] or "").lower()
    place, denied = _deed_place(rest, subject.end, passive=auxiliary in _BE)
    if place is None:
        return None
    verb = rest[place.start() : place.end()]
    first = _first_denial(rest, subject.end, place.start())
    clause = f"{rest[:first]}{auxiliary} {'not ' if asked['denied'] else ''}{rest[first:]}"
    return Premise(
        " ".join(clause.split()),
        subject.text,
        verb_root(verb),
        tuple(one.text for one in names[1:] if one.start >= subject.end),
        denied or bool(asked["denied"]),
        bool(asked["why"]),
    )


def _deed_place(rest: str, after: int, *, passive: bool) -> tuple[re.Match[str] | None, bool]:
    """Return the verb behind the subject, past nouns that belong to it, and whether it is denied."""
    denied = False
    for found in words(rest[after:]):
        placed = re.compile(re.escape(found.group())).search(rest, after + found.start())
        word = found.group().lower()
        if _denies(word):
            denied = True
        elif word in STOP_WORDS or (not denied and _of_subject(word)):
            continue
        elif (
            not word[0].isalpha() or found.group()[0].isupper() or (passive and not _PARTICIPLE.search(word))
        ):
            return None, denied
        else:
            return placed, denied
    return None, denied


def _of_subject(word: str) -> bool:
    return word in _OF_BODIES or (word.endswith("s") and kind_of_noun(word) is not None)


def _first_denial(rest: str, after: int, upto: int) -> int:
    """Return where the predicate begins: at the first word that denies, else at the verb."""
    return next((after + one.start() for one in words(rest[after:upto]) if _denies(one.group())), upto)


def _denies(word: str) -> bool:
    return is_negation(word) or refuses(word)


def check_premise(store: Store, premise: Premise, near: Sequence[Citation]) -> Finding:
    """Look for a premise in the articles that come closest.

    It is held where a sentence of somebody of that name has the deed (or a verb of the same meaning) with the
    same polarity, denied where one has it, with one of its objects, the other way. The evidence of one that
    is not mentioned is what is said of the same name and object at all.
    """
    against: list[Citation] = []
    about: list[Citation] = []
    for citation, before in _sentences(store, near):
        named = _names(premise.subject, citation.quote)
        if not named and not (_pronoun(citation.quote) and _names(premise.subject, before)):
            continue
        speaks = _speaks_of(premise, citation.quote)
        with_object = _holds_object(premise, citation.quote)
        if speaks is premise.denied:
            return Finding(Standing.HELD, (citation,))
        if speaks is not None and (with_object or not premise.objects):
            against.append(citation)
        elif named and with_object:
            about.append(citation)
    if against:
        return Finding(Standing.DENIED, tuple(against[:3]))
    return Finding(Standing.UNMENTIONED, tuple(about[:3]))


def _sentences(store: Store, near: Sequence[Citation]) -> Iterator[tuple[Citation, str]]:
    """Yield the sentences of the nearest articles with the one before each."""
    cards = {one.article.id: one.article for one in near}
    store.read_ahead(list(cards)[:_ARTICLES_READ])
    for card in list(cards.values())[:_ARTICLES_READ]:
        text, before = store.text(card.id), ""
        for sentence in store.sentences(card.id)[:_SENTENCES_READ]:
            own = text[sentence.start : sentence.end]
            yield Citation(card, sentence.start, sentence.end, own), before
            before = own


def _speaks_of(premise: Premise, sentence: str) -> bool | None:
    """Return whether a sentence denies the deed (True), affirms it (False) or does not speak of it (None)."""
    found = polarity(sentence)
    kin = _KIN.get(premise.deed, frozenset((premise.deed,)))
    if kin & found.negated:
        return True
    if matching(kin, found.plain):
        return False
    return True if opposites_of(premise.deed) & found.plain else None


def _holds_object(premise: Premise, sentence: str) -> bool:
    lowered = f" {sentence.lower()} "
    return any(
        _names(name, sentence)
        or any(
            name.lower() in same and any(f" {other}" in lowered for other in same) for same in _SAME_PLACES
        )
        for name in premise.objects
    )


def _names(name: str, text: str) -> bool:
    named = names_of(f"x {name}")
    return bool(named) and not missing_name(
        named[0], Naming((text,), tuple(one.text for one in names_of(text))), frozenset()
    )


def _pronoun(sentence: str) -> bool:
    return bool(re.search(r"\b(?:he|she|they|his|her|their)\b", sentence, re.I))


def with_premise(store: Store, question: Question, plan: Plan, draft: Draft) -> Draft:
    """Note in a draft why a question cannot be answered: it takes for granted what the articles do not say.

    The sentences that deny it come first among the nearest.
    """
    if plan.kind not in (Kind.FACT, Kind.QUOTE) or draft.signals.exhaustive:
        return draft
    unsaid = unsaid_words(store, question.text, (*draft.shown, *draft.nearest))
    if unsaid:
        return _refused(draft, f"No article that comes close holds the words “{unsaid}”.", ())
    premise = premise_of(question.text)
    if premise is None or not (premise.denied or premise.why):
        return draft
    found = check_premise(store, premise, (*draft.shown, *draft.nearest))
    taken = f"The question takes for granted that {premise.words}"
    if found.standing is Standing.DENIED:
        says = " ".join(found.evidence[0].quote.split())
        return _refused(draft, f"{taken}. The articles say: “{says}”", found.evidence)
    if found.standing is Standing.UNMENTIONED:
        return _refused(draft, f"{taken}; no article that comes close says so.", found.evidence)
    return draft


def unsaid_words(store: Store, question: str, near: Sequence[Citation]) -> str:
    """Return words that the question quotes and no near article holds; empty where there are none."""
    texts = [store.text(article) for article in dict.fromkeys(one.article.id for one in near)]
    for quote in quotations(question):
        if len(quote.words.split()) >= 3 and not any(holds_quotation(text, quote.words) for text in texts):
            return quote.words
    return ""


def _refused(draft: Draft, reason: str, evidence: tuple[Citation, ...]) -> Draft:
    nearest = tuple(dict.fromkeys((*evidence, *(draft.nearest or draft.shown))))[:3]
    return replace(draft, signals=replace(draft.signals, premise=reason), nearest=nearest)
