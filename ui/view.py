"""The plain JSON values that the page scripts draw, as far as several parts share them. Pure.

Text goes into these values as it is: the scripts put it on the page by `textContent`, never as markup.
Offsets stay on this side, because Python counts characters and a browser counts UTF-16 units.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias
from urllib.parse import urlsplit

from index.schema import ArticleCard

Json: TypeAlias = dict[str, object]

UNDATED = "undated"
NO_TITLE = "Untitled"


def date_text(published: str | None) -> str:
    """Return an ISO date as people read it: "2025-11-07T17:14:00-05:00" -> "7 November 2025, 17:14".

    A value that is no ISO date is returned unchanged, None as "undated".
    """
    if not published:
        return UNDATED
    try:
        moment = datetime.fromisoformat(published)
    except ValueError:
        return published
    day = f"{moment.day} {moment:%B %Y}"
    return day if len(published) <= len("2025-11-07") else f"{day}, {moment:%H:%M}"


def link_of(url: str | None) -> Json | None:
    """Return the address and host of a web link; None unless it is plain http or https with a host."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return None
    return {"href": url.strip(), "host": host.removeprefix("www.")}


def count_text(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun: `count_text(2, "article")` -> "2 articles"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def idle_view(examples: Sequence[str], articles: int) -> Json:
    """Return the state before a question: example questions, or what to do in an empty library."""
    return {"state": "idle" if articles else "empty", "examples": list(examples), "articles": articles}


def searching_view(question: str, articles: int) -> Json:
    """Return the state while an answer is being made."""
    return {
        "state": "searching",
        "question": question,
        "text": f"Searching {count_text(articles, 'article')} …",
    }


def error_view(message: str, remedy: str = "") -> Json:
    """Return the state that says what went wrong and what to do about it."""
    return {"state": "error", "message": message, "remedy": remedy}


def also_text(others: int) -> str:
    """Return the note on other outlets that ran the same story, empty when there are none."""
    return f"also run by {count_text(others, 'outlet')}" if others else ""


def card_view(card: ArticleCard) -> Json:
    """Return what every list of articles shows about one article."""
    return {
        "article": card.id,
        "title": card.title or NO_TITLE,
        "outlet": card.outlet or "",
        "authors": ", ".join(card.authors),
        "published": date_text(card.published),
        "dated": bool(card.published),
        "file": card.file,
    }


def example_questions(cards: Sequence[ArticleCard], praised: Sequence[str], limit: int = 4) -> list[str]:
    """Return questions that this library can answer.

    Args:
        cards: Some articles of the library.
        praised: Names that are praised in it, most often first.
        limit: How many questions to return.
    """
    questions = [f"Who praised {name} most?" for name in praised[:1]]
    questions += [f"Which articles mention {name}?" for name in praised[1:2] or praised[:1]]
    signed = [card for card in cards if card.authors and card.title and len(card.title) <= 90]
    questions += [f"Who wrote “{card.title}”?" for card in signed[:1]]
    dated = [card for card in cards if card.published and card.title and len(card.title) <= 90]
    questions += [f"When was “{card.title}” published?" for card in reversed(dated)]
    return list(dict.fromkeys(questions))[:limit]
