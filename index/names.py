"""Author names out of bylines and author fields. Pure."""

import re

from index.patterns import regex

_BY = regex(r"^(?:written |story |reported |text |words |analysis |opinion )?by:?\s+", re.IGNORECASE)
_SEPARATOR = regex(r"\s*(?:;|\||\n|,\s*and\s|\sand\s|\s&\s|,|\swith\s|\s·\s|\s•\s)\s*", re.IGNORECASE)
_SUFFIX = regex(r"^(?:jr|sr|ii|iii|iv|ph\.?d|m\.?d|esq)\.?$", re.IGNORECASE)
_ROLE = regex(
    r"\b(?:reporter|correspondent|editor|editorial|columnist|writer|staff|contributor|contributing|"
    r"bureau|senior|chief|"
    r"special to|usa today|reuters|associated press|news|times|post|press|cnn|bbc|updated|"
    r"published|photograph)\b",
    re.IGNORECASE,
)
_AGENCY = regex(
    r"(?:the )?(?:associated press|reuters|agence france-presse|afp|ap|bloomberg(?: news)?|editorial board|"
    r"press association|dpa|xinhua|upi|.{2,30} staff|staff(?: reports?)?)",
    re.IGNORECASE,
)
_EMPLOYER = regex(r"^The |\b[Ss]taff$")
"""After a name this says whom the author works for; alone it is the author."""


def split_names(text: str) -> list[str]:
    """Split an author field or byline into names; job titles and places that follow a name are left out.

    Example:
        >>> split_names("By Jane Doe, Senior Editor, and Sam Roe Jr.")
        ['Jane Doe', 'Sam Roe Jr.']
    """
    text = _BY.sub("", " ".join(text.split())[:600])
    if text.startswith(("http://", "https://", "@")):
        return []
    if text.isupper() and " " in text:
        text = text.title()
    names: list[str] = []
    for part in _SEPARATOR.split(text):
        name = re.sub(r"\s*[(\[].{0,80}?[)\]]\s*$", "", part).strip(" .,-–—|*") if part else ""
        name = name.title() if name.isupper() and " " in name else name
        if names and _SUFFIX.match(part.strip()):
            names[-1] = f"{names[-1]} {part.strip()}" if "." in part else f"{names[-1]} {name}"
        elif _is_author(name) and name not in names and not (names and _EMPLOYER.search(name)):
            names.append(part.strip() if part.strip().endswith(("Jr.", "Sr.")) else name)
    return names


def _is_author(name: str) -> bool:
    if name and _AGENCY.fullmatch(name):
        return True
    if not name or not name[0].isalpha() or len(name) > 60 or re.search(r"[@\d/:]|\.[a-z]{2,6}$", name):
        return False
    if name.isupper() and len(name) <= 4:  # a degree or title after a name
        return False
    return len(name.split()) <= 6 and not _ROLE.search(name) and any(letter.isupper() for letter in name)
