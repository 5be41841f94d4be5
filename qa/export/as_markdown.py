"""Parts as Markdown. Words of articles are text there and nothing else: no link, picture or HTML. Pure."""

import re

from index.patterns import regex
from qa.export.bibliography import one_line, web_address
from qa.export.parts import Part, Parts, Source, Style, quoted, reference

_ACTIVE = regex(r"[\\`*_{}\[\]<>#|~&$@]|:(?=//)|(?<=mailto):|(?<=xmpp):|(?<=\bwww)\.|^[-+=]", re.I)
"""What begins a link, a picture, HTML or any other mark, and in some programs an address by itself."""

_ORDERED = regex(r"^(\d+)([.)])")


def as_markdown(parts: Parts) -> str:
    """Return an export in Markdown: a heading for each question, quotations, and the sources by number."""
    lines = [line for part in parts.parts for line in (_part(part), "")]
    sources = [f"{_source(source)}\n" for source in parts.sources]
    if sources:
        lines += ["## Sources", "", *sources]
    lines += ["---", "", f"Exported from Dateline on {parts.made_on.isoformat()}."]
    return "\n".join(lines).strip() + "\n"


def escaped(text: str) -> str:
    r"""Return text that Markdown shows as it is, on one line.

    >>> print(escaped("[a](http://b.example) <img> 1. www.example.org"))
    \[a\](http\://b.example) \<img\> 1. www\.example.org
    """
    return _ORDERED.sub(r"\1\\\2", _ACTIVE.sub(r"\\\g<0>", one_line(text)))


def _part(part: Part) -> str:
    text = escaped(part.text)
    marks = "".join(f" \\[{number}\\]" for number in part.numbers)
    aside = f" _({escaped(part.aside)})_" if part.aside else ""
    meant = "".join(f" _\\[{escaped(one)}\\]_" for one in part.meant)
    match part.style:
        case Style.QUESTION:
            return f"## {text}"
        case Style.SHORT:
            return f"**{text}**" if text else ""
        case Style.LABEL:
            return f"### {text}"
        case Style.QUOTE:
            return f"> {text}{meant}{marks}{aside}"
        case Style.ROW:
            return f"- {text}{marks}"
        case Style.NOTE:
            return f"_{text}_" if text else ""
        case Style.TEXT:
            return f"{text}{meant}{marks}{aside}"


def _source(source: Source) -> str:
    card = source.citation.article
    address = web_address(card.url)
    place = f"characters {source.citation.start} to {source.citation.end} of article {escaped(card.id)}"
    link = f" <{address}>" if address else f" {escaped(card.file)}"
    words = f"{escaped(quoted(source.citation.quote))} — {escaped(reference(card))}."
    return f"\\[{source.number}\\] {words}{link} ({place})"
