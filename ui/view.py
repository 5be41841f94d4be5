"""From answers and articles to the plain JSON values that the page scripts draw. Pure.

Text goes into these values as it is: the scripts put it on the page by `textContent`, never as markup.
Offsets stay on this side, because Python counts characters and a browser counts UTF-16 units.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import TypeAlias
from urllib.parse import urlencode, urlsplit

from index.schema import (
    ArticleCard,
    Filter,
)
from qa.schema import Answer, AnswerSentence, Citation, Kind, Plan, Support, Tally
from ui.asked import Asked
from ui.asked import address_of as ledger_address

Json: TypeAlias = dict[str, object]

UNDATED = "undated"
NO_TITLE = "Untitled"
SUPPORT_WORDS = {
    Support.QUOTED: "Quoted",
    Support.SUPPORTED: "Supported by its source",
    Support.WEAK: "Weakly supported",
}
PassageKey: TypeAlias = tuple[str, int, int]


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


def answer_view(answer: Answer, chosen: Filter, copies: Mapping[str, int]) -> Json:
    """Return the answer as the page shows it.

    Args:
        answer: The engine's answer.
        chosen: The filters that the reader set; only these can be removed on the page.
        copies: How many other outlets ran the story, by near-duplicate group.
    """
    numbers = citation_numbers(answer)
    cited = list(citations_in(answer))
    sources = _sources(cited or list(answer.nearest), numbers, copies)
    return {
        "state": "answer",
        "question": answer.question,
        "abstained": answer.abstained,
        "short": answer.short_answer if len(answer.short_answers) < 2 else None,
        "shorts": list(answer.short_answers) if len(answer.short_answers) > 1 else [],
        "sentences": [_sentence(sentence, numbers) for sentence in answer.sentences],
        "tally": _tally(answer.tally, numbers, answer.plan) if answer.tally else None,
        "unclear": [_quote(citation, numbers) for citation in answer.unclear],
        "coverage": answer.coverage.text if answer.coverage else "",
        "coverage_first": answer.plan.kind is Kind.STATEMENTS,
        "notes": list(answer.plan.notes),
        "chips": filter_chips(answer.plan, chosen),
        "reason": answer.reason,
        "sources": sources,
        "copy": answer_as_text(answer, numbers),
        "address": address_of(answer.question, chosen),
        "seconds": f"{answer.timings.total / 1000:.2f} s",
    }


def citation_numbers(answer: Answer) -> dict[PassageKey, int]:
    """Number the cited passages from 1 in order of appearance; the same passage keeps its number.

    An abstaining answer cites nothing, so its nearest passages are numbered instead. What is too unclear to
    be counted is numbered after what is cited.
    """
    numbers: dict[PassageKey, int] = {}
    for citation in chain(citations_in(answer), answer.unclear, answer.nearest if answer.abstained else ()):
        numbers.setdefault(_key(citation), len(numbers) + 1)
    return numbers


def first_citation(answer: Answer) -> Citation | None:
    """Return the passage that the reader sees beside a new answer, if there is one."""
    return next(citations_in(answer), None)


def filter_chips(plan: Plan, chosen: Filter) -> list[Json]:
    """Return the filters in force; those that were read from the question cannot be removed on the page."""
    force = plan.filter
    chips = [_chip("outlet", name, f"Outlet: {name}", name in chosen.outlets) for name in force.outlets]
    chips += [_chip("author", name, f"Author: {name}", name in chosen.authors) for name in force.authors]
    if force.published_from:
        label = f"From {date_text(force.published_from)}"
        chips.append(
            _chip("from", force.published_from, label, force.published_from == chosen.published_from)
        )
    if force.published_to:
        label = f"Until {date_text(force.published_to)}"
        chips.append(_chip("until", force.published_to, label, force.published_to == chosen.published_to))
    return chips


def address_of(question: str, chosen: Filter) -> str:
    """Return the page's address that asks the question again: "?q=...&outlet=...&from=..."."""
    pairs = [("q", question), *(("outlet", name) for name in chosen.outlets)]
    pairs += [("author", name) for name in chosen.authors]
    pairs += [("from", chosen.published_from or ""), ("until", chosen.published_to or "")]
    return "?" + urlencode([pair for pair in pairs if pair[1]])


def answer_as_text(answer: Answer, numbers: Mapping[PassageKey, int]) -> str:
    """Return the answer as plain text with numbered citations and a source list, for the clipboard."""
    head = [answer.question, ""]
    if answer.abstained:
        body = [f"The articles don't say. {answer.reason}".strip()]
    else:
        body = [", ".join(answer.short_answers) or answer.short_answer or ""]
        body += [f"{s.text} {_marks(s.citations, numbers)}".strip() for s in answer.sentences]
    for row in answer.tally.rows if answer.tally else ():
        body.append(
            f"{row.name}: {count_text(row.statements, 'statement')} in {count_text(row.articles, 'article')}"
        )
    if answer.coverage:
        body += ["", answer.coverage.text]
    notes = ["", "Nearest passages" if answer.abstained else "Sources"]
    seen: set[int] = set()
    for citation in chain(citations_in(answer), answer.nearest if answer.abstained else ()):
        number = numbers[_key(citation)]
        if number not in seen:
            seen.add(number)
            notes.append(f"[{number}] “{citation.quote}” {_reference(citation.article)}")
    return "\n".join(line for line in head + body + (notes if seen else []) if line is not None).strip()


def citations_in(answer: Answer) -> Iterator[Citation]:
    """Yield every citation in the order the page shows it: sentences first, then the counted statements."""
    for sentence in answer.sentences:
        yield from sentence.citations
    for row in answer.tally.rows if answer.tally else ():
        yield from row.evidence


def _key(citation: Citation) -> PassageKey:
    return citation.article.id, citation.start, citation.end


def _marks(citations: Sequence[Citation], numbers: Mapping[PassageKey, int]) -> str:
    return "".join(f"[{number}]" for number in dict.fromkeys(numbers[_key(c)] for c in citations))


def _reference(card: ArticleCard) -> str:
    parts = [
        card.title or NO_TITLE,
        ", ".join(card.authors),
        card.outlet,
        date_text(card.published),
        card.url,
    ]
    return ", ".join(part for part in parts if part) + "."


def _quote(citation: Citation, numbers: Mapping[PassageKey, int]) -> Json:
    return {
        "n": numbers[_key(citation)],
        "article": citation.article.id,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "title": citation.article.title or NO_TITLE,
        "outlet": citation.article.outlet or "",
    }


def _sentence(sentence: AnswerSentence, numbers: Mapping[PassageKey, int]) -> Json:
    quotes = {numbers[_key(citation)]: _quote(citation, numbers) for citation in sentence.citations}
    return {
        "text": sentence.text,
        "support": sentence.support.value,
        "support_text": SUPPORT_WORDS[sentence.support],
        "quotes": list(quotes.values()),
    }


def statements_address(plan: Plan, name: str) -> str:
    """Return the address of the page that shows the statements of one name of a count."""
    speaker, target = (name, plan.target) if plan.target else (plan.speaker, name)
    stance = plan.stance.value if plan.stance else "any"
    also = frozenset({"author"} if "author" in plan.including else ())
    return ledger_address(Asked(speaker or "", target or "", stance, plan.filter, also))


def _tally(tally: Tally, numbers: Mapping[PassageKey, int], plan: Plan) -> Json:
    rows = [
        {
            "name": row.name,
            "rank": row.rank if plan.ranked else None,
            "address": statements_address(plan, row.name),
            "statements": row.statements,
            "articles": row.articles,
            "quotes": [_quote(citation, numbers) for citation in row.evidence],
        }
        for row in tally.rows
    ]
    most = max((row.statements for row in tally.rows), default=0)
    return {"counted": tally.counted, "rows": rows, "most": most}


def _sources(
    citations: Sequence[Citation], numbers: Mapping[PassageKey, int], copies: Mapping[str, int]
) -> list[Json]:
    """Group the cited passages by article, in order of first appearance."""
    groups: dict[str, dict[PassageKey, Citation]] = {}
    for citation in citations:
        groups.setdefault(citation.article.id, {}).setdefault(_key(citation), citation)
    return [
        card_view(card := next(iter(group.values())).article)
        | {
            "also": also_text(copies.get(card.group, 0)),
            "quotes": [_quote(citation, numbers) for citation in group.values()],
        }
        for group in groups.values()
    ]


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


def _chip(kind: str, value: str, label: str, removable: bool) -> Json:
    return {"kind": kind, "value": value, "label": label, "removable": removable}


def cited_cards(answer: Answer) -> list[ArticleCard]:
    """Return the articles that the answer cites or, when it abstains, came closest, each once."""
    cards = {
        citation.article.id: citation.article for citation in chain(citations_in(answer), answer.nearest)
    }
    return list(cards.values())


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
