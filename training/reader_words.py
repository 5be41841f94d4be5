"""Other words for the words of a question, so that it does not repeat the sentence that answers it."""

import random
import re

__all__ = ["reword"]

# Each line is one meaning; "=" marks verbs, of which the other forms are derived.
_MEANINGS = """
=buy acquire purchase
=win claim secure capture
=begin start launch
=end conclude finish
=increase rise grow climb jump
=fall drop decline decrease plunge
=attack strike hit target
=injure wound hurt
=arrest detain apprehend
=accuse charge
=ban prohibit outlaw bar
=allow permit
=approve endorse pass
=reject refuse dismiss
=resign quit
=fire dismiss oust remove
=hire appoint name pick choose
=release publish issue unveil
=announce reveal disclose declare
=show demonstrate indicate reveal
=use employ utilize
=make produce create
=build construct develop
=destroy wreck demolish
=damage harm
=help assist aid support
=visit tour
=travel fly go
=plan intend aim
=try attempt seek
=need require
=give donate grant provide
=get receive obtain gain
=lead head run
=own possess
=write author
=find discover detect identify
=close shut
=stop halt
=block prevent
=delay postpone
=cancel scrap
=cut reduce slash lower
=pay spend
=earn collect
=beat defeat overcome
=host hold stage
=leave depart exit
=call dub name
=criticize condemn slam denounce
=praise laud applaud
=warn caution
=urge press
=demand request
=think believe
=expect anticipate
=estimate reckon
=cause trigger prompt
=face confront
=rescue save
=live reside
=examine study investigate
=confirm verify acknowledge
=oppose resist
=deploy send dispatch
=kill slay murder
=say state claim
=tell inform
=join enter
=replace succeed
=want wish hope
=keep retain
=carry transport
=move relocate shift
=change alter
=star appear feature
=sign ink
=describe portray
=propose suggest
=agree consent
=protect defend
=include contain
=add append
=return come_back
=promise pledge vow
=threaten menace
=sell market
=lose forfeit
=fine penalize
=found establish
company firm business corporation
companies firms businesses corporations
country nation
countries nations
attack assault strike
attacks assaults strikes
war conflict
deal agreement pact accord
money funds cash
movie film
movies films
show series program
law legislation
rule regulation
rules regulations
job position post
jobs positions posts
workers employees staff
worker employee
children kids
child kid
deaths killings fatalities
death killing
fire blaze
storm hurricane
police officers authorities
officials authorities
government administration
report study
talks negotiations
plan proposal
house home
car vehicle
cars vehicles
city town
cost price
doctors physicians
students pupils
game match
games matches
player athlete
fans supporters
weapons arms
border frontier
lawyer attorney
lawyers attorneys
illness disease
drug medication
region area
amount sum
goal aim objective
award prize
singer musician artist
boss head chief
plane aircraft jet
ship vessel
photo picture image
president leader
minister official
election vote
voters electorate
big large huge
major significant important
deadly fatal lethal
famous well-known renowned
former ex
new latest
record historic
American US
British UK
approximately about roughly
nearly almost
more over
"""
_IRREGULAR = {
    base: (past, participle)
    for base, past, participle in (
        line.split()
        for line in """
buy bought bought
win won won
begin began begun
rise rose risen
grow grew grown
fall fell fallen
strike struck struck
hit hit hit
hurt hurt hurt
quit quit quit
choose chose chosen
show showed shown
make made made
build built built
fly flew flown
go went gone
seek sought sought
give gave given
get got gotten
lead led led
run ran run
write wrote written
find found found
shut shut shut
cut cut cut
pay paid paid
spend spent spent
beat beat beaten
overcome overcame overcome
hold held held
leave left left
think thought thought
send sent sent
slay slew slain
tell told told
keep kept kept
sell sold sold
lose lost lost
say said said
forbid forbade forbidden
""".strip().splitlines()
    )
}
_DOUBLED = frozenset("ban bar drop stop plan scrap permit ship".split())
_WORD = re.compile(r"[A-Za-z][\w'’-]*")
_SMALL = frozenset(
    """who what which when where why how whom whose many much did does do is are was were has have had will
    would can could should may might the a an
    of in on at by to from for with and or not that as s kind""".split()
)
_LATELY = ("this week", "recently", "last week", "this month", "last year", "this year")


def _forms(verb: str) -> tuple[str, str, str, str, str]:
    """Return base, third person, past, participle and -ing form."""
    if verb in _IRREGULAR:
        past, participle = _IRREGULAR[verb]
    elif verb.endswith("e"):
        past = participle = f"{verb}d"
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        past = participle = f"{verb[:-1]}ied"
    else:
        past = participle = f"{verb}{verb[-1] if verb in _DOUBLED else ''}ed"
    if verb.endswith(("s", "sh", "ch", "x", "o")):
        third = f"{verb}es"
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        third = f"{verb[:-1]}ies"
    else:
        third = f"{verb}s"
    stem = verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb
    double = (
        verb[-1]
        if verb in _DOUBLED or verb in ("run", "win", "get", "cut", "hit", "shut", "quit", "begin")
        else ""
    )
    return verb, third, past, participle, f"{stem}{double}ing"


def _read_meanings() -> dict[str, list[str]]:
    others: dict[str, list[str]] = {}
    for line in _MEANINGS.strip().splitlines():
        if line.startswith("="):
            rows = list(zip(*(_forms(verb) for verb in line[1:].split() if "_" not in verb), strict=True))
        else:
            rows = [tuple(line.split())]
        for row in rows:
            for word in row:
                others.setdefault(word, []).extend(other for other in row if other != word)
    return others


_OTHERS = _read_meanings()


def reword(question: str, chance: random.Random, *, strength: float) -> str:
    """Return the question with some words replaced, some left out, and time words or case changed.

    Args:
        question: With or without its question mark.
        chance: What is replaced and left out.
        strength: 0 to 1, the share of the replaceable words that are replaced.
    """
    made = _WORD.sub(lambda found: _other(found.group(), chance, strength), question.rstrip("?"))
    words = made.split()
    kept = [word for place, word in enumerate(words) if place < 2 or not _left_out(word, chance, strength)]
    text = " ".join(kept if len(kept) > 3 else words)
    if chance.random() < 0.12:
        text = f"{text} {chance.choice(_LATELY)}"
    if chance.random() < 0.08:
        return text.lower()
    return text if chance.random() < 0.06 else f"{text}?"


def _other(word: str, chance: random.Random, strength: float) -> str:
    others = _OTHERS.get(word)
    return chance.choice(others) if others and chance.random() < strength else word


def _left_out(word: str, chance: random.Random, strength: float) -> bool:
    plain = word.strip(".,;:\"“”'’").lower()
    return bool(plain) and plain not in _SMALL and chance.random() < 0.2 * strength
