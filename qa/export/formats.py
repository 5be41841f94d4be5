"""Answers and conversations as Markdown, HTML and JSON, and their sources as RIS and BibTeX. Pure."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from index.errors import InputError
from qa.answer_json import to_json
from qa.export.as_html import as_html
from qa.export.as_markdown import as_markdown
from qa.export.bibliography import bibtex, ris
from qa.export.parts import Exchange, cards_of, parts_of

__all__ = ["FORMATS", "Exchange", "Format", "export", "known_format"]

EXPORT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Format:
    """A format to export in.

    Attributes:
        suffix: Of the file's name.
        media_type: For a web server.
        write: Makes it from the exchanges and the day of export.
    """

    suffix: str
    media_type: str
    write: Callable[[Sequence[Exchange], date], str]


def export(exchanges: Sequence[Exchange], kind: str, made_on: date) -> str:
    """Return an answer, or a conversation of several, in a format of `FORMATS`.

    Raises:
        InputError: There is no such format, or nothing to export.
    """
    if not exchanges:
        raise InputError("There is no answer to export.", "Ask a question first.")
    return known_format(kind).write(exchanges, made_on)


def known_format(kind: str) -> Format:
    """Return a format by its name.

    Raises:
        InputError: There is none of that name.
    """
    if kind not in FORMATS:
        raise InputError(f"There is no export format “{kind[:40]}”.", f"There are {', '.join(FORMATS)}.")
    return FORMATS[kind]


def _json(exchanges: Sequence[Exchange], made_on: date) -> str:
    """Return the Answer as its own JSON; several, or one that carries something, as a list of them."""
    if (
        len(exchanges) == 1
        and not exchanges[0].carried
        and exchanges[0].asked == exchanges[0].answer.question
    ):
        return _dumped(to_json(exchanges[0].answer))
    parts = parts_of(exchanges, made_on)
    return _dumped(
        {
            "version": EXPORT_VERSION,
            "made_on": made_on.isoformat(),
            "questions": [
                {
                    "asked": exchange.asked,
                    "carried": [asdict(chip) for chip in exchange.carried],
                    "answer": to_json(exchange.answer),
                }
                for exchange in exchanges
            ],
            "citations": [
                {
                    "number": source.number,
                    "article": source.citation.article.id,
                    "start": source.citation.start,
                    "end": source.citation.end,
                }
                for source in parts.sources
            ],
        }
    )


def _dumped(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


FORMATS: dict[str, Format] = {
    "md": Format("md", "text/markdown; charset=utf-8", lambda some, day: as_markdown(parts_of(some, day))),
    "html": Format("html", "text/html; charset=utf-8", lambda some, day: as_html(parts_of(some, day))),
    "json": Format("json", "application/json", _json),
    "ris": Format("ris", "application/x-research-info-systems", lambda some, day: ris(cards_of(some), day)),
    "bibtex": Format("bib", "application/x-bibtex", lambda some, day: bibtex(cards_of(some), day)),
}
