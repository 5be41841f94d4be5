"""What "the company", "the agency", "the country" and "the president" mean: the only one spoken of. Pure."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from index.patterns import regex
from index.schema import Mention, MentionKind
from index.statements.cast import is_role
from index.statements.names import body_key
from qa.countries import is_area, is_kind_of_place
from qa.referring.setting import PAST, Setting
from qa.wording import STOP_WORDS

_NEAR = 3
"""Sentences before in which a company or a country must be the only one."""

_OFTEN = 4
"""How often an article names a company that it is about; others a third of that at most."""

_FIRMS = frozenset(
    "company firm airline automaker carmaker retailer manufacturer startup chipmaker drugmaker".split()
)
_SEATS = frozenset(
    """
    agency department commission committee council court university bureau ministry board union association
    foundation institute league
    """.split()
)
_COUNTRIES = frozenset(("country",))
NOUNS = tuple(sorted(_FIRMS | _SEATS | _COUNTRIES))
_BODY = regex(
    rf"\b[Tt]he\s({'|'.join(NOUNS)})\b"
    r"(?!\s(?:of|that|which|who|where|for|behind|with|in|to)\b|-)(?=[’',.;]|\s(?P<next>[a-z]+))"
)
_NO_FIRM = frozenset(
    """
    university college department court senate congress committee agency administration union ministry
    commission school council house party government police reserve association foundation institute center
    centre league nations church office bureau times post journal news reuters press today wire cnn bbc nbc
    abc cbs fox ipo ceo coo cfo cto ev evs ai tv faa fda cdc epa sec nhtsa dot fbi cia
    state army navy force pentagon kremlin cup olympics republicans democrats
    """.split()
)
OFFICES = (
    "president|prime minister|foreign minister|finance minister|minister|premier|chancellor|senator"
    "|congressman|congresswoman|governor|mayor|pope|pontiff|judge|justice|chief executive|director"
    "|commissioner|sheriff|ambassador|professor|nominee|businessman|billionaire"
)
"""Offices and trades that may stand for the only one of an article who holds them."""
_ROLE = regex(rf"\b[Tt]he\s(?:[A-Z][\w.-]+\s)?(?:{OFFICES})\b")
_GOES_ON = regex(r"(?:\s(?:of|for|in|at|to|who|and)\b|,\s(?:[A-Z]|who)|\s[A-Z]|-|\s?\()")
_PEOPLE = regex(
    r"\b(?:[A-Z][a-z]+(?:ians?|ese|ish|akhs?|beks?|gyz|jiks?|aqis?|elis?)|Americans?|Koreans?|Mexicans?|Germans?"
    r"|French|Dutch|Greeks?|Swiss|Thai|Turks?|U\.S\.)"
)
"""What tells that another country may be meant."""


def bodies_meant(setting: Setting, start: int, end: int) -> Iterator[tuple[int, int, tuple[Mention, ...]]]:
    """Yield places of a range such as "the company", each with where the one it means is named."""
    for found in _BODY.finditer(setting.text, start, end):
        if setting.is_quoted(found.start()) or not _stands_alone(found.group("next")):
            continue
        noun = found.group(1).lower()
        meant = (
            _country(setting, found.start()) if noun in _COUNTRIES else _body(setting, found.start(), noun)
        )
        if meant is not None:
            yield found.start(), found.end(), (meant,)


def _stands_alone(following: str | None) -> bool:
    """Whether a noun is no part of a longer one, by the word behind it: "the airline industry"."""
    if following is None or following in STOP_WORDS or following in PAST:
        return True
    return following.endswith(("ed", "ing", "ly", "s"))


def roles_meant(setting: Setting, start: int, end: int) -> Iterator[tuple[int, int, tuple[Mention, ...]]]:
    """Yield places of a range such as "the president", where the article gives that office to one person."""
    for found in _ROLE.finditer(setting.text, start, end):
        phrase = found.group()
        if (
            setting.is_quoted(found.start())
            or not is_role(phrase)
            or _GOES_ON.match(setting.text, found.end())
        ):
            continue
        name = setting.cast.with_role(phrase)
        head = phrase.split()[-1].lower()
        holders = {holder for role, holder in setting.cast.roles if role.head.split()[-1] == head}
        if name is None or holders != {name}:
            continue
        first = setting.sentences[max(setting.number_at(found.start()) - _NEAR, 0)].start
        near = [one for one in setting.named(first, found.start(), MentionKind.PERSON) if one.name == name]
        if near:
            yield found.start(), found.end(), (near[-1],)


def _near(setting: Setting, at: int, *kinds: MentionKind) -> list[Mention]:
    first = setting.sentences[max(setting.number_at(at) - _NEAR, 0)].start
    return setting.named(first, at, *kinds)


def _body(setting: Setting, at: int, noun: str) -> Mention | None:
    """Return the company that the article is about, or the only body near by that is named by the noun."""
    fits = _is_firm if noun in _FIRMS else _named_by(noun)
    near = [one for one in _near(setting, at, MentionKind.ORGANISATION) if fits(setting, one)]
    told = Counter(
        body_key(one.name)
        for one in setting.cast.mentions
        if one.kind is MentionKind.ORGANISATION and fits(setting, one)
    )
    if noun in _FIRMS:
        (first, count), (_, rival) = (*told.most_common(2), ("", 0), ("", 0))[:2]
        if count < max(_OFTEN, 3 * rival) or (near and body_key(near[-1].name) != first):
            return None
        near = [one for one in near if body_key(one.name) == first]
    return near[-1] if len({body_key(one.name) for one in near}) == 1 else None


def _is_firm(setting: Setting, one: Mention) -> bool:
    """Whether a body may be a company: those are named without "the"."""
    last = one.name.split()[-1].casefold().strip(".")
    article = setting.text[max(one.start - 4, 0) : one.start].lower() == "the "
    return last not in _NO_FIRM and not article and not is_area(one.name)


def _named_by(noun: str) -> Callable[[Setting, Mention], bool]:
    def fits(_: Setting, one: Mention) -> bool:
        words = one.name.casefold().split()
        return words[-1] == noun != words[0] or words[:2] == [noun, "of"]

    return fits


def _country(setting: Setting, at: int) -> Mention | None:
    """Return the only country near by, where no other people is spoken of and the article names it most."""
    countries = countries_of(_near(setting, at, MentionKind.PLACE))
    if len(countries) != 1:
        return None
    ((key, found),) = countries.items()
    first = setting.sentences[max(setting.number_at(at) - _NEAR, 0)].start
    if any(one.group()[:4].lower() != key[:4] for one in _PEOPLE.finditer(setting.text, first, at)):
        return None
    places = [one for one in setting.cast.mentions if one.kind is MentionKind.PLACE]
    told = Counter(body_key(one.name) for one in places if is_country(one))
    return found if told.most_common(1)[0][0] == key else None


def countries_of(places: Sequence[Mention]) -> dict[str, Mention]:
    """Return the countries among places by their keys, each where it is named last."""
    return {body_key(one.name): one for one in places if is_country(one)}


def is_country(one: Mention) -> bool:
    """Whether a place is a country and no state of the United States ("Georgia")."""
    return bool(is_kind_of_place(one.name, "country")) and not is_kind_of_place(one.name, "state")
