"""Articles as bibliography entries: RIS and BibTeX, for Zotero, EndNote, LaTeX and their like. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from urllib.parse import quote, urlsplit

from index.patterns import regex
from index.schema import ArticleCard
from index.statements.names import is_body

_UNTITLED = "Untitled"
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_LATEX = {
    "\\": r"\textbackslash{}",
    # A brace counts for BibTeX even behind a backslash, so these words stand for them.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
} | {sign: f"\\{sign}" for sign in "$&%#_"}
_LATEX["\0"] = "{}"
_LIGATURE = regex(r"[-`'<>,](?=[-`'<>,])|[?!](?=`)")
"""Signs that LaTeX would draw as one, such as "--", were nothing between them."""

_BODIES = frozenset("wire press staff desk team editors agency service reuters board newsroom online".split())
_SUFFIXES = frozenset("jr jr. sr sr. ii iii iv".split())
_PARTICLES = frozenset("de da di del della der den van von bin ibn al el la le du dos das ter".split())


def ris(cards: Iterable[ArticleCard], accessed: date) -> str:
    """Return articles in RIS, each of type NEWS; lines end as the format demands, with CR LF.

    Args:
        cards: The articles; each is taken once.
        accessed: The day they were read.
    """
    return "".join(_ris_entry(card, accessed) for card in _once(cards))


def _ris_entry(card: ArticleCard, accessed: date) -> str:
    day = _day(card.published)
    fields = [("TY", "NEWS"), ("ID", card.id), ("TI", card.title or _UNTITLED)]
    fields += [("AU", ", ".join(part for part in name_parts(name) if part)) for name in card.authors]
    fields += [("T2", card.outlet or ""), ("PY", day[:4]), ("DA", day.replace("-", "/"))]
    fields += [
        ("UR", web_address(card.url) or ""),
        ("Y2", accessed.strftime("%Y/%m/%d")),
        ("N1", _file(card)),
    ]
    lines = [f"{tag}  - {text}" for tag, value in fields if (text := one_line(value))]
    return "\r\n".join([*lines, "ER  - ", "", ""])


def bibtex(cards: Iterable[ArticleCard], accessed: date) -> str:
    """Return articles in BibTeX (UTF-8): @article where the outlet is known, else @misc.

    Args:
        cards: The articles; each is taken once.
        accessed: The day they were read.
    """
    return "\n".join(_bibtex_entry(card, accessed) for card in _once(cards))


def _bibtex_entry(card: ArticleCard, accessed: date) -> str:
    day = _day(card.published)
    address = web_address(card.url)
    fields = {
        "title": f"{{{latex(card.title or _UNTITLED)}}}",
        "author": " and ".join(_bibtex_name(name) for name in card.authors if one_line(name)),
        "journal": latex(card.outlet or ""),
        "year": day[:4],
        "month": _MONTHS[int(day[5:7]) - 1] if len(day) >= 7 else "",
        "date": day,
        "url": re.sub(r"[{}\\]", lambda sign: quote(sign.group()), address or ""),
        "urldate": accessed.isoformat(),
        "note": latex(_file(card)),
    }
    kind = "article" if card.outlet else "misc"
    # A month is one of BibTeX's own words and stands without braces.
    lines = [
        f"  {name} = {value if name == 'month' else f'{{{value}}}'},"
        for name, value in fields.items()
        if value
    ]
    return "\n".join([f"@{kind}{{{_key(card)},", *lines, "}", ""])


def latex(text: str) -> str:
    """Return text so that LaTeX prints its characters as they are and BibTeX counts no brace amiss."""
    apart = _LIGATURE.sub(r"\g<0>\0", one_line(text))
    return "".join(_LATEX.get(sign, sign) for sign in apart)


def name_parts(name: str) -> tuple[str, str, str]:
    """Return a person's surname, given names and suffix; all of a body's name as the first.

    >>> name_parts("Joseph R. Biden Jr."), name_parts("Coastal Wire Service")
    (('Biden', 'Joseph R.', 'Jr.'), ('Coastal Wire Service', '', ''))
    """
    words = one_line(name).split()
    suffix = words.pop() if len(words) > 2 and words[-1].lower() in _SUFFIXES else ""
    if (
        not 2 <= len(words) <= 5
        or is_body(name)
        or words[-1].lower() in _BODIES
        or not _is_written_as_person(words)
    ):
        return one_line(name), "", ""
    at = len(words) - 1
    while at > 1 and words[at - 1].lower() in _PARTICLES:
        at -= 1
    return " ".join(words[at:]).rstrip(","), " ".join(words[:at]), suffix


def web_address(url: str | None) -> str | None:
    """Return a plain web link, with whatever an address may not hold percent-encoded; None for any other."""
    text = one_line(url or "")
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host:
        return None
    return quote(text, safe=":/?#[]@!$&'()*+,;=%~-._")


def one_line(text: str) -> str:
    """Return text on one line, without control characters."""
    kept = "".join(sign for sign in text if sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cs"))
    return " ".join(kept.split())


def _is_written_as_person(words: Sequence[str]) -> bool:
    plain = all(re.fullmatch(r"[^\W\d_][\w’'.-]*,?", word) for word in words)
    return (
        plain
        and all(word[0].isupper() or word.lower() in _PARTICLES for word in words)
        and words[0].lower() != "the"
    )


def _bibtex_name(name: str) -> str:
    surname, given, suffix = (latex(part).replace(",", "{,}") for part in name_parts(name))
    if not given:
        return f"{{{surname}}}"
    return ", ".join(part for part in (surname, suffix, given) if part)


def _key(card: ArticleCard) -> str:
    first = name_parts(card.authors[0])[0] if card.authors else card.outlet or "article"
    plain = unicodedata.normalize("NFKD", first).encode("ascii", "ignore").decode()
    word = "".join(re.findall(r"[a-z]+", plain.lower()))[:20] or "article"
    identity = re.sub(r"[^A-Za-z0-9]", "", card.id)[:8]
    return f"{word}{_day(card.published)[:4]}-{identity}"


def _day(published: str | None) -> str:
    """Return the day of an ISO date or time; empty for anything else."""
    found = re.match(r"\d{4}-\d\d-\d\d", published or "")
    try:
        return date.fromisoformat(found.group()).isoformat() if found else ""
    except ValueError:
        return ""


def _file(card: ArticleCard) -> str:
    return f"File: {card.file}" if card.file else ""


def _once(cards: Iterable[ArticleCard]) -> list[ArticleCard]:
    return list({card.id: card for card in cards}.values())
