"""Names of people and bodies as strings: honorifics, surnames, possessives, and when two names may be one.

Pure and light: the ledger uses it at question time, so nothing here may load a language pipeline.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from index.statements.wordsets import word_set

Gender: TypeAlias = Literal["m", "f"]

AUTHOR = "the author"
"""The speaker of statements in the article's own voice."""

_MALE_TITLES = word_set("mr mister sir king prince congressman father pope lord brother imam")
_FEMALE_TITLES = word_set("mrs ms miss lady dame queen princess congresswoman sister madam")
_TITLES = (
    _MALE_TITLES
    | _FEMALE_TITLES
    | word_set(
        """
    dr prof professor president vice prime minister senator sen rep representative gov governor lt
    lieutenant secretary chancellor judge justice general gen col colonel maj major capt captain sgt
    sergeant rev reverend mayor speaker attorney ambassador foreign chief premier commissioner admiral
    sens reps govs gens profs drs adm sheriff director chairman chairwoman former ex then the hon rabbi
    bishop archbishop cardinal ayatollah sheikh chairperson
    """
    )
)
_SUFFIXES = word_set("jr sr ii iii iv md phd esq")
_PARTICLES = word_set("de da di del della der den van von bin ibn al el la le du dos das ben st mc")
_CORPORATE = word_set("inc corp corporation co company ltd llc plc group ag sa nv se")

# A short form and the names it may stand for; the first of each line is only the line's key.
_NICKNAMES = """
joe joseph joey|mike michael mick|bill william will billy|bob robert rob bobby|ted theodore edward
jim james jimmy|tom thomas tommy|dick richard rick ricky|dan daniel danny|dave david
steve steven stephen|chris christopher christine|tony anthony|liz elizabeth beth betsy lizzie
kate katherine catherine kathy cathy katie|sue susan|matt matthew|ben benjamin|sam samuel samantha
greg gregory|jeff jeffrey geoffrey|ken kenneth|larry lawrence|ron ronald|don donald|ed edward eddie
andy andrew|nick nicholas|pat patrick patricia|alex alexander aleksandr alexandra|pete peter
phil philip phillip|ray raymond|rudy rudolph|jon jonathan|charlie charles chuck|tim timothy
debbie deborah|bernie bernard|meg margaret maggie peggy|zach zachary|doug douglas|fred frederick
harry harold|jack john johnny|jerry gerald|josh joshua|marty martin|mitch mitchell|nate nathan
abby abigail|gabby gabrielle|terry terrence|vlad vladimir|al albert alan|art arthur|barb barbara
jeb john|jen jennifer jenny|kim kimberly|stan stanley|walt walter|vince vincent|val valerie
vicky victoria|newt newton|lou louis|leo leonard|hank henry|gus augustus|frank francis
"""

_MALE_NAMES = word_set(
    """
    aaron adam alan albert alexander andrew anthony antonio arthur barack ben benjamin bernie bill bob
    brian bruce carl carlos charles charlie chris christopher chuck craig dan daniel david dennis dick
    donald doug ed edward eric ernest evan francis frank fred gary george gerald glenn gordon greg
    gregory harold harry henry howard jack jacob james jason jay jeb jeff jeffrey jerry jim jimmy joe
    joel john jonathan jose joseph josh joshua juan justin karl keith ken kenneth kevin larry lawrence
    lee leon lindsey luis marco mario mark martin matt matthew michael mike mitch mitt mohammed nathan
    nicholas nick norman patrick paul peter phil philip ralph rand ray raymond reince rex richard rick
    robert rodrigo roger ron ronald rudy russell ryan samuel scott sean sebastian sergei stephen steve
    steven stuart ted terry thomas tim timothy todd tom tony vincent vladimir walter warren wayne will
    william zachary volodymyr emmanuel boris keir narendra benjamin recep olaf friedrich elon jared
    tucker pete howard marc alejandro ali alan alberto alfred allen andre andres angus anton armando
    barry bashar bernard bradley brad brandon brendan brent bret bryan byron calvin cameron carlo cesar
    chad clarence claude clayton clifford clint clinton clive colin conor cory craig curtis cyrus dale darren
    darrell dave dean derek diego dmitry dominic don duncan dwayne dylan eduardo edmund edwin eli elliott
    emanuel enrique erik ethan eugene felipe felix fernando francisco franklin gabriel garrett gavin gene
    geoffrey gilbert glen graham grant gus guy hank hans harvey hector herbert hugh hugo ian ibrahim igor
    ivan javier jean-claude jeremy jerome jesse jimmy joaquin joey jorge josef julian julio kirk kurt lance
    lars leonard leonardo lionel lloyd logan lorenzo louis luca lucas luis luke malcolm manuel marcel marcus
    marshall marty mason mathew maurice max melvin miguel mohamed muhammad morgan neil nigel noah oliver
    omar oscar otto pablo pedro perry pierre rafael ralph ramon raphael raul recep reginald ricardo rod
    rodney roland roman roy ruben rupert salvador sanjay sergio seth shane shaun sidney simon spencer
    stanley stefan stephan steffen stewart sylvester terrence theodore toby todd travis trevor tyler vernon
    viktor victor vince vladimir wade wallace wesley wolfgang xavier yusuf zachary corey khizr robby denis
    """
)
_FEMALE_NAMES = word_set(
    """
    abigail alice alison amanda amy andrea angela ann anna anne ashley barbara beth betsy betty brenda
    carly carol caroline carolyn catherine cathy chelsea christina christine cindy claire condoleezza
    cynthia deborah debbie diana diane donna dorothy elena elizabeth ellen emily emma erin eva fatima
    gloria hannah heather heidi helen hillary huma ivanka jane janet janelle jennifer jessica
    jill joan joanne jocelyn joyce judith judy julia julie karen kate katherine kathleen kathy kellyanne
    kelly kim kimberly kirsten laura leslie linda lisa liz loretta lori lynn margaret maria marie marine
    martha mary megan melania melissa meryl michelle nancy natalie nicole nikki olivia pamela patricia
    paula rachel rebecca robin rosa ruth samantha sandra sara sarah sharon sheila shirley stacy stephanie
    susan suzanne tammy teresa theresa tiffany tina ursula valerie victoria wendy whitney yvonne
    kamala giorgia claudia karoline pam kristi susie tulsi jacinda marjorie alexandria lauren
    adele adriana agnes aisha alexandra alicia alma amelia ana anita annette annie april ariana
    astrid audrey ava bernadette bernice beatrice bianca bonnie bridget brittany brooke camille candace
    carla carmen carole cassandra cecilia celia charlotte chloe christy clara claudette colleen connie
    courtney crystal cecile daniela danielle darlene debra denise dolores doris dorothea edith eileen
    elaine eleanor elisabeth elise elsa erica erika esther eugenia evelyn faith felicia fiona florence
    frances gabriela gail geraldine gina grace greta gretchen gwen harriet hazel helena hilary ida ines
    ingrid irene iris isabel isabella ivana jacqueline jana janice jeanne jeannie jenny
    joann johanna josephine joy juanita judy juliana juliet kara karin karla kathryn kathy katie katrina
    kay kendra kirstjen kirstie krista kristen kristin kristina lara latoya leah lena lesley liliana
    lillian lily loretta lorraine louise lucia lucy lydia mabel mackenzie madeleine marcia margot
    mariana marilyn marina marissa marjory marlene marsha maureen maxine mercedes meredith mia
    michele mildred minnie miranda miriam molly monica myra nadia naomi nina nora norma olga paige paloma
    patsy patty pauline peggy penny phoebe phyllis priscilla rebekah regina renee rhonda rita roberta
    roxanne ruby sabrina sally samira selena shelley shelly sheryl sofia sonia sonja sophia
    sophie stella sue svetlana sylvia tamara tanya tara tatiana thelma trish vanessa vera veronica
    victoire viola virginia vivian wanda yolanda zoe huma condi kirsty kellie kirsten donna
    """
)

_BODY_WORDS = word_set(
    """
    capital group bank partners institute center centre university foundation committee party times post
    news network council association union commission department agency inc corp co company ltd llc plc
    corporation fund holdings industries airlines motors administration campaign coalition federation
    league society organization organisation magazine journal herald tribune guardian gazette court
    senate congress parliament ministry bureau police service authority board school college museum
    church hospital pac workers teachers house states nations democrats republicans supporters voters
    officials administration organization union
    """
)

_ALWAYS_PARTICLES = word_set("de di da del della der von bin ibn")

# Bodies with more than one usual name, all folded.
_ALIASES = {
    "gop": "republican party",
    "republicans": "republican party",
    "republican": "republican party",
    "democrats": "democratic party",
    "democrat": "democratic party",
    "rnc": "republican national committee",
    "dnc": "democratic national committee",
    "us": "united states",
    "america": "united states",
    "united states of america": "united states",
    "uk": "united kingdom",
    "britain": "united kingdom",
    "eu": "european union",
    "un": "united nations",
    "nra": "national rifle association",
    "aclu": "american civil liberties union",
    "fed": "federal reserve",
}
_FULL_NAMES = frozenset(_ALIASES.values())

_POSSESSIVE = re.compile(r"(?:['’´`]s|(?<=s)['’])$", re.IGNORECASE)
_INITIAL = re.compile(r"^(?:[a-z]\.?)+$")


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name taken apart; all parts folded (lower case, no accents).

    `given` holds every given name and initial, `surname` the last name with its particles.
    """

    given: tuple[str, ...]
    surname: str
    gender: Gender | None


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return the text in lower case without accents, hyphens or curly marks, white space collapsed.

    >>> fold("Kassym-Jomart  Tokayev")
    'kassym jomart tokayev'
    """
    if text.isascii():
        return " ".join(text.lower().replace("-", " ").replace("/", " ").split())
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").replace("‘", "'"))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(re.sub(r"[-‐‑–/]", " ", plain.casefold()).split())


@lru_cache(maxsize=65536)
def trim(text: str) -> str:
    """Return a name without its possessive ending, surrounding quotes and punctuation.

    >>> trim("Mr. Trump’s")
    'Mr. Trump'
    """
    cleaned = " ".join(text.split()).strip(" \"“”'‘’`,;:()[]")
    return _POSSESSIVE.sub("", cleaned)


def _is_title(word: str) -> bool:
    return word.casefold().rstrip(".") in _TITLES


@lru_cache(maxsize=65536)
def without_titles(text: str) -> str:
    """Return a name without leading honorifics and offices and without Jr., Sr., III.

    >>> without_titles("former President Barack Obama")
    'Barack Obama'
    """
    words = trim(text).replace(",", " ").split()
    while len(words) > 1 and _is_title(words[0]):
        words = words[1:]
    while len(words) > 1 and words[-1].casefold().rstrip(".") in _SUFFIXES:
        words = words[:-1]
    return " ".join(words)


@lru_cache(maxsize=65536)
def parse_name(text: str) -> PersonName:
    """Take a person's name apart.

    >>> parse_name("Mrs. Clinton")
    PersonName(given=(), surname='clinton', gender='f')
    """
    bare = without_titles(text)
    titles = [word.casefold().rstrip(".") for word in trim(text).split()[: -len(bare.split()) or None]]
    words = fold(bare).split() or [""]
    first_of_surname = len(words) - 1
    # A hyphenated surname ("Ros-Lehtinen") is folded into two words but stays one surname.
    last_written = bare.split()[-1] if bare else ""
    first_of_surname = max(0, first_of_surname - fold(last_written).count(" "))
    while first_of_surname > 1 and words[first_of_surname - 1] in _PARTICLES:
        first_of_surname -= 1
    if first_of_surname == 1 and words[0] in _ALWAYS_PARTICLES:
        first_of_surname = 0
    given = tuple(words[:first_of_surname])
    return PersonName(given, " ".join(words[first_of_surname:]), _gender(titles, given))


def _gender(titles: list[str], given: tuple[str, ...]) -> Gender | None:
    if any(title in _MALE_TITLES for title in titles):
        return "m"
    if any(title in _FEMALE_TITLES for title in titles):
        return "f"
    for name in given[:2]:
        if name in _MALE_NAMES:
            return "m"
        if name in _FEMALE_NAMES:
            return "f"
    return None


@lru_cache(maxsize=1)
def _nickname_lines() -> dict[str, frozenset[int]]:
    lines: dict[str, set[int]] = {}
    for number, line in enumerate(re.split(r"[|\n]", _NICKNAMES.strip())):
        for name in line.split():
            lines.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in lines.items()}


def _given_fits(left: str, right: str) -> bool:
    """Whether two given names may be one: equal but for doubled letters, an initial, a short form."""
    left, right = left.rstrip("."), right.rstrip(".")
    if left == right:
        return True
    if (_INITIAL.match(left) and len(left) <= 2) or (_INITIAL.match(right) and len(right) <= 2):
        return left[0] == right[0]
    if re.sub(r"(.)\1", r"\1", left) == re.sub(r"(.)\1", r"\1", right):
        return True
    lines = _nickname_lines()
    return bool(lines.get(left, frozenset()) & lines.get(right, frozenset()))


def short_forms(given: str) -> frozenset[int]:
    """Return the numbers of the sets of usual short forms that a given name is in.

    Two given names may stand for one only when they are equal, share a set, or one is the other's initial.

    >>> bool(short_forms("bill") & short_forms("william"))
    True
    """
    return _nickname_lines().get(given.rstrip("."), frozenset())


def _initials_clash(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Whether both names carry middle names and these differ (George W. Bush, George H. W. Bush)."""
    return bool(left[1:] and right[1:]) and not _given_fits(left[1], right[1])


def same_person(left: str, right: str) -> bool:
    """Whether two names can belong to one person.

    A bare surname fits every bearer of it whose gender does not clash, a bare first name likewise; two full
    names fit only when their given names do.

    >>> same_person("Mr. Trump", "Donald J. Trump"), same_person("Bill Clinton", "Hillary Clinton")
    (True, False)
    """
    one, two = parse_name(left), parse_name(right)
    if one.gender and two.gender and one.gender != two.gender:
        return False
    if one.given and two.given:
        if one.surname != two.surname:
            return False
        return _given_fits(one.given[0], two.given[0]) and not _initials_clash(one.given, two.given)
    if one.surname == two.surname:
        return True
    short, full = (one, two) if not one.given else (two, one)
    return bool(full.given) and short.surname == full.given[0]


@lru_cache(maxsize=65536)
def body_key(name: str) -> str:
    """Return the key under which two names of one organisation are equal.

    >>> body_key("The Ford Motor Co.") == body_key("Ford Motor Company")
    True
    """
    words = [word.strip(".,") for word in fold(trim(name)).replace("&", " ").split()]
    if words and words[0] == "the":
        words = words[1:]
    while len(words) > 1 and words[-1] in _CORPORATE:
        words = words[:-1]
    key = " ".join(words).replace(".", "")
    return _ALIASES.get(key, key)


def body_key_sources(key: str) -> list[str]:
    """Return what the `body_key` of a name would be, were its body not known under this key too.

    >>> body_key_sources("european union")
    ['eu']
    """
    return [alias for alias, full in _ALIASES.items() if full == key]


def is_body(name: str) -> bool:
    """Whether a name is plainly no person's: its last word says what kind of body it is.

    >>> is_body("Cove Capital"), is_body("White House"), is_body("Mr. Tokayev")
    (True, True, False)
    """
    words = fold(trim(name)).split()
    return body_key(name) in _FULL_NAMES or (len(words) > 1 and words[-1].strip(".") in _BODY_WORDS)


def same_name(left: str, right: str) -> bool:
    """Whether two names can stand for one person or one body."""
    if body_key(left) == body_key(right):
        return True
    return not is_body(left) and not is_body(right) and same_person(left, right)


def is_named(name: str) -> bool:
    """Whether a speaker or target is a name, not a description such as "critics" or "a senior official"."""
    words = trim(name).split()
    if not words or not (words[0][:1].isupper() or words[0][:1].isdigit()):
        return False
    if words[0][:1].isdigit() and len(words) > 1 and not words[1][:1].isupper():
        return False
    return words[-1][:1].isupper() or words[-1][:1].isdigit() or body_of(name) is not None


def fullness(name: str) -> tuple[int, int]:
    """Return a sort key that prefers a full name to a surname, then the longer name."""
    words = without_titles(name).split()
    return (min(len(words), 2), len(name))


_POSSESSOR = re.compile(r"(.+?)(?:['’]s|(?<=s)['’])\s+\S")


def possessor(target: str) -> str | None:
    """Return whose thing a target is: "Mr. Trump" of "Mr. Trump's trade truce"; None when it is nobody's.

    >>> possessor("Mr. Trump’s trade truce")
    'Mr. Trump'
    """
    if "'" not in target and "’" not in target:
        return None
    match = _POSSESSOR.match(target)
    return match.group(1) if match else None


_BODIES = re.compile(
    r"^(?:the\s+)?(.+?)\s+(?:administration|campaign|government|team|camp|white house|presidency|transition"
    r"|cabinet"
    r"|regime|organi[sz]ation|foundation)$",
    re.IGNORECASE,
)


def body_of(target: str) -> str | None:
    """Return the person a body is named for: "Trump" of "the Trump administration"; None for other targets.

    >>> body_of("the Trump administration")
    'Trump'
    """
    match = _BODIES.match(trim(target))
    return match.group(1) if match else None


_LETTERS = re.compile(r"[A-Za-z]+")
_SMALL = frozenset("of the and for in on to de la".split())


def initials(name: str) -> str:
    """Return the first letters of a name of three words or more, small ones left out; "" for others.

    >>> initials("Federal Bureau of Investigation"), initials("White House")
    ('FBI', '')
    """
    if name.count(" ") < 2 and name.isascii() and name.replace(" ", "").isalpha():
        return ""
    words = [word for word in _LETTERS.findall(name) if word.lower() not in _SMALL]
    return "".join(word[0] for word in words).upper() if len(words) > 2 else ""
