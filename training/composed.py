"""Sentences made up for training, in which one is praised and another blamed, so that the target decides.

In NewsMTSC most sentences take one stance towards all they name, so that a model can score well by the tone
of the whole sentence. Two kinds of sentences are added: two real ones of different stances joined into one,
and sentences from patterns, where who judges whom is known by construction: the one who judges is neutral,
the one judged is praised or criticised, in the active, the passive, in quotes with pronouns, and reported.
"""

import random
from collections.abc import Sequence

from index.schema import Span
from training.newsmtsc import Judged

__all__ = ["compose", "join"]

_LONGEST = 160
_JOINTS = ("; ", ", while ", ", but ", ", whereas ", ". ")
_QUOTES = "“”\"'‘"

_ROLES = (
    "the president|the senator|the governor|the mayor|the prime minister|the former aide|the candidate"
    "|a spokeswoman|the French president|the party’s chairman|the union’s leader|the chief executive"
    "|the finance minister|the committee|the campaign|critics|a senior official|her opponent"
).split("|")
_FAMILIES = (
    "Adler Bergin Calloway Dray Easton Farrow Galt Hollis Imber Jarvis Kessler Lorne Maddox Nash Okafor"
    " Pruitt Quill Renner Sato Tarn Ulman Voss Weller Yates Zimmer Haddad Moreau Petrov Nguyen Castillo"
).split()
_FIRST = "Alan Beth Carlos Dana Elena Farid Grace Hugh Irina Joan Karl Lena Mark Nora Owen Paula".split()
_TITLES = ("Mr. ", "Ms. ", "Senator ", "Governor ", "President ", "Dr. ", "Mrs. ")

_WORDS = {
    "praised": (
        "praised lauded applauded thanked commended endorsed hailed saluted congratulated defended cheered"
    ),
    "praising": "praising lauding applauding thanking endorsing hailing defending",
    "hero": (
        "a hero|a genius|a great leader|a true patriot|an inspiration|a wonderful colleague|the best we have"
    ),
    "great": "brilliant honest brave excellent qualified impressive trustworthy terrific decent courageous",
    "blamed": (
        "attacked criticized denounced mocked blasted slammed condemned ridiculed rebuked insulted assailed"
    ),
    "blaming": "attacking criticizing denouncing mocking condemning insulting ridiculing",
    "fraud": (
        "a disgrace|a liar|a fraud|a coward|a disaster|an embarrassment|a threat to the country|unfit to lead"
    ),
    "bad": "dishonest corrupt incompetent reckless weak cruel dangerous hypocritical unqualified shameful",
    "met": "met called visited telephoned interviewed replaced",
    "tail": (
        "| at a rally in Ohio| on Monday| during the debate| in a statement| over the budget| in an interview"
    ),
}
# {a} {b} {c} are people; the letters after the bar say how each in turn is treated: 0 criticised, 1 neutral,
# 2 praised. Other names stand for a word of the lists above.
_PATTERNS = """
{a} {praised} {b}{tail}. | a1 b2
{b} was {praised} by {a}{tail}. | a1 b2
{a} {blamed} {c}{tail}. | a1 c0
{c} was {blamed} by {a}{tail}. | a1 c0
{a} {praised} {b}, while calling {c} {fraud}. | a1 b2 c0
{a} called {c} {fraud}, while {praising} {b}{tail}. | a1 b2 c0
{a} {blamed} {c} but {praised} {b}{tail}. | a1 b2 c0
{a}, who {praised} {b}, {blamed} {c}{tail}. | a1 b2 c0
{a} {praised} {b} for {blaming} {c}{tail}. | a1 b2 c0
{b} is {great} and {c} is {bad}, {a} said{tail}. | a1 b2 c0
Unlike {c}, who is {bad}, {b} is {great}, {a} said. | a1 b2 c0
“{b} is {hero},” {a} said{tail}. | a1 b2
“{c} is {fraud},” {a} said{tail}. | a1 c0
“He is {hero},” {a} said of {b}{tail}. | He2 a1 b2
“She is {fraud},” {a} said of {c}{tail}. | She0 a1 c0
“He is {fraud}, and she is {hero},” {a} said{tail}. | He0 she2 a1
{a} said {b} was {hero}{tail}. | a1 b2
{a} said {b} had {blamed} {c}{tail}. | a1 b1 c0
{a} said {c} had {praised} {b}{tail}. | a1 c1 b2
According to {a}, {c} called {b} {hero}. | a1 c1 b2
{a} refused to endorse {c}{tail}. | a1 c0
{a} stopped short of {blaming} {b}{tail}. | a1 b1
{a} denied that {b} was {bad}{tail}. | a1 b1
{a} {met} {b}{tail}. | a1 b1
{a} spoke with {b} about {c}{tail}. | a1 b1 c1
{a} {met} {b} and then {blamed} {c}{tail}. | a1 b1 c0
"""


def compose(count: int, random_state: random.Random) -> list[Judged]:
    """Return sentences from the patterns, in equal parts."""
    patterns = _PATTERNS.strip().split("\n")
    return [_fill(patterns[number % len(patterns)], random_state) for number in range(count)]


def _fill(line: str, random_state: random.Random) -> Judged:
    pattern, treated = line.rsplit(" | ", 1)
    words = {key: random_state.choice(_choices(value)) for key, value in _WORDS.items()}
    people = dict(zip("abc", _people(random_state), strict=True))
    marked = pattern.format(**words, **{letter: f"\0{letter}\1" for letter in people})
    sentence, targets = "", {}
    for part in marked.split("\0"):
        letter, mark, rest = part.partition("\1")
        if mark:
            name = people[letter]
            name = name[0].upper() + name[1:] if not sentence else name
            targets[letter] = Span(len(sentence), len(sentence) + len(name))
            part = name + rest
        sentence += part
    stances = []
    for one in treated.split():
        name, stance = one[:-1], int(one[-1])
        if name not in targets:  # a pronoun that the pattern spells out
            start = sentence.index(f"{name} is ")
            targets[name] = Span(start, start + len(name))
        stances.append((targets[name], stance))
    return Judged("composed", sentence, tuple(span for span, _ in stances), tuple(one for _, one in stances))


def _choices(value: str) -> list[str]:
    return value.split("|") if "|" in value else value.split()


def _people(random_state: random.Random) -> list[str]:
    """Return three different people: names, titles with names, or roles."""
    people: list[str] = []
    for family in random_state.sample(_FAMILIES, 3):
        first, title = random_state.choice(_FIRST), random_state.choice(_TITLES)
        forms = (family, f"{first} {family}", title + family, title + family, random_state.choice(_ROLES))
        name = random_state.choice(forms)
        people.append(family if name in people else name)
    return people


def join(rows: Sequence[Judged], count: int, random_state: random.Random) -> list[Judged]:
    """Return pairs of short sentences of different stances as one sentence, each target judged as before."""
    short = [
        row
        for row in rows
        if len(row.sentence) <= _LONGEST
        and row.sentence.endswith(".")
        and not any(mark in row.sentence for mark in _QUOTES)
    ]
    joined: list[Judged] = []
    while len(joined) < count:
        one, other = random_state.sample(short, 2)
        if set(one.stances) & set(other.stances):
            continue
        first = one.sentence[:-1] + random_state.choice(_JOINTS)
        moved = tuple(Span(len(first) + span.start, len(first) + span.end) for span in other.targets)
        joined.append(
            Judged("joined", first + other.sentence, one.targets + moved, one.stances + other.stances)
        )
    return joined
