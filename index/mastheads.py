"""The name of a publication, and the day of an issue, in the lines around a headline. Pure.

"The Brackwell Echo, 6 November 2025", "The Lantern" below a byline, "SOUND & SHORE | 7 November 2025" at the
head of each sheet. A line is read as a name only by its form and place; nothing is looked up.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from index.dates import Found, find_date
from index.lines import Line, byline_names, fold, is_date_line
from index.outlets import known_outlet

RUNNING_HEAD = "running head"
"""Source of what stands at the edge of every sheet of a PDF; the lines of the article come first."""

LONGEST = 100
MOST_WORDS = 6

_PRESS_WORDS = frozenset(
    (
        "advertiser|advocate|argus|bugle|bulletin|chronicle|citizen|courier|daily|dispatch|echo|enquirer|examiner|"
        "express|gazette|globe|guardian|herald|independent|inquirer|journal|ledger|magazine|mail|mercury|"
        "messenger|mirror|monitor|news|observer|post|press|record|recorder|register|reporter|review|"
        "sentinel|standard|star|sun|telegraph|times|tribune|weekly"
    ).split("|")
)
_LABEL_WORDS = frozenset(
    (
        "a|all|analysis|and|arts|asia|big|book|books|breaking|business|city|climate|comment|community|"
        "crime|culture|day|daily|economy|editorial|education|entertainment|environment|europe|evening|"
        "exclusive|explained|explainer|fact|fashion|feature|features|film|financial|food|for|foreign|front|"
        "full|good|health|home|in|international|interview|investigation|latest|letters|life|live|local|long|market|"
        "markets|media|money|month|more|morning|music|national|new|night|of|on|opinion|our|page|people|"
        "photo|picture|podcast|politics|product|profile|quick|read|regional|report|science|special|sport|sports|"
        "state|story|talk|tech|technology|the|today|top|travel|tv|uk|update|updates|us|video|view|watch|"
        "week|weekend|weekly|word|work|world|year|your"
    ).split("|")
)
"""Words of section labels ("Breaking News", "The Long Read"); a name has a word beside them."""

_ENDINGS = frozenset({"agency", "group", "online", "today", "union"})
"""Words after a press word: a name ends in one of them or of those ("Times Square" does not)."""

_SEPARATOR = re.compile(r"\s*(?:\||·|•|\t|\s[—–-]\s|,|\s{3,})\s*")
_AROUND_DATES = re.compile(
    r"\b(?:published|posted|updated|on|at|(?:mon|tues|wednes|thurs|fri|satur|sun)day|page|p\.|"
    r"issue|edition|vol(?:ume)?|no)\b\.?:?|\b\d+\b",
    re.IGNORECASE,
)
_NAME_WORD = re.compile(r"(?:[A-Z0-9][\w’'.-]*|&|and|of|the|on|for|de|del|la|le|du|der)")
_SMALL = frozenset({"and", "of", "the", "on", "for", "in", "at"})


def read_running_head(text: str, others: Collection[str] = ()) -> tuple[str | None, str | None]:
    """Return outlet and ISO day that the running head of a PDF names, each None where it does not.

    Beside a day a single name is the paper's unless it is one of `others`: the title and the authors. A clock
    time is that of a print-out, not of an issue.

    Example:
        >>> read_running_head("SOUND & SHORE  |  7 November 2025")
        ('Sound & Shore', '2025-11-07')
    """
    found = find_date(text[:LONGEST])
    day = found.iso if found and "T" not in found.iso else None
    outlet = next(press_names(text[:LONGEST]), None)
    names = [_spelled(name) for name in _segments(text[:LONGEST], found) if _has_form(name)]
    if outlet is None and day and len(names) == 1:
        is_other = any(fold(names[0]) == fold(other) for other in others)
        outlet = None if is_other or len(names[0].split()) < 2 else names[0]
    return outlet, day


def find_masthead(
    header: Sequence[Line], title: str | None, authors: Collection[str]
) -> tuple[str, str | None] | None:
    """Return the outlet that a line around the headline names, with the day of that line where it has one.

    Args:
        header: The lines above the body, in order.
        title: The headline, which is no outlet and beside which one stands.
        authors: Names that are no outlets.
    """
    folded = fold(title) if title else None
    is_title = [folded is not None and fold(line.text) == folded for line in header]
    is_anchor = [
        one or is_date_line(line.text) or byline_names(line.text) is not None
        for one, line in zip(is_title, header, strict=True)
    ]
    for number, line in enumerate(header):
        if is_title[number] or len(line.text) > LONGEST:
            continue
        found = find_date(line.text)
        names = list(press_names(line.text))
        if found or any(is_anchor[max(0, number - 1) : number + 2]):
            names += [name for part in _segments(line.text, found) if (name := _with_article(part))]
        outlet = next((name for name in names if name not in authors), None)
        if outlet:
            return outlet, found.iso if found else None
    return None


def press_names(text: str) -> Iterator[str]:
    """Yield the parts of a header line that are the name of a publication by their words."""
    if len(text) <= LONGEST:
        parts = _segments(text, find_date(text))
        yield from (_spelled(name) for name in parts if _has_form(name) and _is_press_name(name))


def _with_article(text: str) -> str | None:
    """Return a part of a line that is a name with its article ("The Lantern"); None for section labels."""
    words = text.split()
    is_name = words[:1] in (["The"], ["THE"]) and 2 <= len(words) <= 5 and _has_form(text)
    return _spelled(text) if is_name and not _is_label(words) else None


def _is_press_name(name: str) -> bool:
    """Whether a capitalised name has a word that papers go by, beside words that no section label has."""
    if known_outlet(name):
        return True
    words = [word.lower().strip(".") for word in name.split()]
    press = [word for word in words if word in _PRESS_WORDS]
    joined = bool(_SMALL.intersection(words[1:-1])) or "&" in words
    if len(words) < 2 or not press or not (words[-1] in _PRESS_WORDS | _ENDINGS or joined):
        return False
    strong = [word for word in press if word not in _LABEL_WORDS and word != "news"]
    others = [word for word in words if word not in _PRESS_WORDS]
    return not _is_label(others) or len(strong) >= 2 or (words[0] == "the" and bool(strong))


def _is_label(words: list[str]) -> bool:
    return all(word.lower() in _LABEL_WORDS for word in words)


def _segments(text: str, found: Found | None) -> list[str]:
    """Return the parts of a line between bars, dots, dashes and commas, without its day and its byline."""
    if found:
        text = f"{text[: found.start]} | {text[found.end :]}"
    parts = [_AROUND_DATES.sub(" ", part) for part in _SEPARATOR.split(text) if not byline_names(part)]
    return [" ".join(part.split()).removesuffix(" logo") for part in parts if part.strip()]


def _has_form(name: str) -> bool:
    words = name.split()
    return (
        1 <= len(words) <= MOST_WORDS
        and len(name) >= 3
        and words[0][0].isupper()
        and all(_NAME_WORD.fullmatch(word) for word in words)
    )


def _spelled(name: str) -> str:
    """Return a name as papers are cited: capitals throughout become capitals at the start of words."""
    known = known_outlet(name)
    if known or not name.isupper() or " " not in name:
        return known or name
    words = [word.lower() if word.lower() in _SMALL else word.capitalize() for word in name.split()]
    return " ".join([words[0].capitalize(), *words[1:]])
