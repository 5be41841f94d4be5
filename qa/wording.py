"""The words by which questions are understood: question nouns, stance verbs, stop words, names."""

import re
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import combining, normalize

import Stemmer

from index.patterns import regex
from index.schema import Stance
from qa.schema import Wanted

STOP_WORDS = frozenset(
    """a about after all also am among an and any are as at be because been before being between both
    but by can could did do does doing down during each ever few for from further had has have
    having he her here hers him his how i if in into is it its itself just me more most much must my
    no nor not now of off on once only or other our out over own per said same say says she should
    so some such than that the their them then there these they this those through to too under
    until up upon us very was we were what when where whether which while who whom whose why will
    with would you your according following please tell name give gave s t article articles report
    reports story stories piece anything something everything anyone recently this many take took place
    happen mr mrs ms dr prof sir week month day today""".split()
)
"""Words that carry no content of a question."""

# Fewer verbs than `index.statements.lexicon` reads in articles: a question means "who liked X" or "who backed
# the bill" in too many ways to be read as one about praise.
PRAISE_VERBS = frozenset(
    """praise laud hail thank congratulate endorse commend applaud compliment salute celebrate admire
    support back champion welcome recommend defend extol admire""".split()
)
CRITICISE_VERBS = frozenset(
    """criticise criticize attack condemn slam blast denounce blame accuse mock insult rebuke disparage
    belittle deride ridicule lambaste lambast chide fault assail decry scold chastise sue oppose berate
    castigate reprimand taunt upbraid denigrate bash excoriate pillory bemoan vilify smear""".split()
)
STANCE_NOUNS = {
    "praise": Stance.PRAISE,
    "admiration": Stance.PRAISE,
    "endorsement": Stance.PRAISE,
    "compliment": Stance.PRAISE,
    "compliments": Stance.PRAISE,
    "thanks": Stance.PRAISE,
    "accusation": Stance.CRITICISE,
    "accusations": Stance.CRITICISE,
    "insult": Stance.CRITICISE,
    "insults": Stance.CRITICISE,
    "criticism": Stance.CRITICISE,
    "criticisms": Stance.CRITICISE,
    "attack": Stance.CRITICISE,
    "attacks": Stance.CRITICISE,
    "blame": Stance.CRITICISE,
}

_PERSON_NOUNS = """
    person people man woman president leader minister premier chancellor senator congressman
    governor mayor politician official lawmaker candidate singer actor actress player golfer author
    writer poet playwright artist comedian host star celebrity billionaire boss chief ceo executive
    founder director filmmaker journalist reporter analyst expert scientist king queen prince
    princess pope royal idol figure rival republican democrat critic lawyer judge justice coach
    general commander spokesman spokeswoman spokesperson titan parent professor doctor councillor
    resident secretary ambassador diplomat member mother father widow pundit commentator veteran adviser
    aide activist economist researcher historian philosopher physicist chemist mathematician engineer
    inventor explorer emperor winner runner-up loser champion nominee chairman owner creator successor
    predecessor suspect victim office-holder officeholder newcomer conservative liberal progressive
"""
_ORGANISATION_NOUNS = """
    company firm airline group organisation organization union party team network agency bank brand
    university band outlet newspaper publisher automaker retailer maker club institution institute
    ministry department body foundation think-tank charity bureau committee council court startup
    employer manufacturer corporation
"""
_PLACE_NOUNS = """
    country city state nation region province town village continent island county capital airport
    place location port river lake sea ocean waterway street venue stadium district neighbourhood
    neighborhood territory continent peninsula
"""
_DATE_NOUNS = "year date day month season decade century weekday deadline era period"
_MONEY_NOUNS = """
    price cost sum fee fine salary budget amount milestone threshold bid valuation value
    revenue profit earnings
    income debt deficit turnover wage
"""
_PERCENT_NOUNS = "percentage percent proportion rate tariff share"
_NUMBER_NOUNS = "number figure total count score population"

HEAD_NOUNS: dict[str, Wanted] = {
    noun: wanted
    for nouns, wanted in (
        (_NUMBER_NOUNS, Wanted.NUMBER),
        (_PERCENT_NOUNS, Wanted.PERCENT),
        (_MONEY_NOUNS, Wanted.MONEY),
        (_DATE_NOUNS, Wanted.DATE),
        (_PLACE_NOUNS, Wanted.PLACE),
        (_ORGANISATION_NOUNS, Wanted.ORGANISATION),
        (_PERSON_NOUNS, Wanted.PERSON),
    )
    for noun in nouns.split()
}
"""What the noun after "which" or "what" asks for; "figure" is a person, as in "which former figures"."""

WORD = regex(r"(?:[^\W\d_]\.){2,}|[^\W_](?:[\w’'.,+&/-]*[\w+])?")
NUMBER = regex(r"[$€£]?\d[\d,.]*\d|\d")


def kind_of_noun(word: str) -> Wanted | None:
    """Return what a noun asks for after "which" or "what", in singular or plural, or None.

    Example: "ministers" -> person; "countries" -> place; "ferry" -> None.
    """
    for form in (word, word.removesuffix("s"), re.sub(r"ies$", "y", word), re.sub(r"men$", "man", word)):
        if form in HEAD_NOUNS:
            return HEAD_NOUNS[form]
    return None


_stemmer = Stemmer.Stemmer("english")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the Snowball stem of a word, lower-cased, without accents, possessive and apostrophes.

    Example: "Tokayev’s" -> "tokayev"; "Guantánamo" -> "guantanamo"; "locomotives" -> "locomot".
    """
    plain = "".join(mark for mark in normalize("NFKD", word) if not combining(mark))
    folded = plain.lower().replace("’", "'").removesuffix("'s").strip("'-")
    return str(_stemmer.stemWord(folded.replace("'", "").replace(".", "")))


def words(text: str) -> Iterator[re.Match[str]]:
    """Yield each word of the text with its offsets."""
    return WORD.finditer(text)


def content_stems(text: str) -> tuple[str, ...]:
    """Return the stems of the words that carry content, in order, without repeats."""
    stems = (stem(found.group()) for found in words(text) if found.group().lower() not in STOP_WORDS)
    return tuple(dict.fromkeys(stems))


def base_forms(word: str) -> Iterator[str]:
    """Yield the forms a verb may be filed under: "praised" -> praised, praise, prais; "slammed" -> slam."""
    yield word
    for ending, replacements in (
        ("ied", ("y",)),
        ("ies", ("y",)),
        ("ing", ("", "e")),
        ("ed", ("", "e")),
        ("es", ("", "e")),
        ("s", ("",)),
    ):
        if word.endswith(ending):
            root = word[: -len(ending)]
            for replacement in replacements:
                yield root + replacement
            if len(root) > 2 and root[-1] == root[-2]:
                yield root[:-1]


def stance_of_verb(word: str) -> Stance | None:
    """Return the stance that a verb in any of its forms expresses, or None.

    Example: "lauded" -> praise; "criticised" -> criticise; "met" -> None.
    """
    for form in base_forms(word.lower()):
        if form in PRAISE_VERBS:
            return Stance.PRAISE
        if form in CRITICISE_VERBS:
            return Stance.CRITICISE
    return None
