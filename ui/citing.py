"""What an answer cites: the first passage, the articles, and all of it as text for the clipboard. Pure."""

from collections.abc import Iterator
from itertools import chain

from index.schema import ArticleCard
from qa.schema import Answer, AnswerSentence, Citation, Support
from qa.talk.numbering import Passage, marks, passage_of
from ui.view import NO_TITLE, count_text, date_text


def cited_in(answer: Answer) -> Iterator[Citation]:
    """Yield every citation in the order the page shows it: sentences first, then the counted statements.

    What only a language model cites comes last, because it arrives last.
    """
    for sentence in answer.sentences:
        yield from sentence.citations
    for row in answer.tally.rows if answer.tally else ():
        yield from row.evidence
    for sentence in answer.written.sentences if answer.written else ():
        yield from sentence.citations


def sources_of(answer: Answer) -> list[Citation]:
    """Return what the list of sources is made of: all that is cited, or the passages that came nearest."""
    return [*cited_in(answer), *(answer.nearest if answer.abstained else ())]


def first_citation(answer: Answer) -> Citation | None:
    """Return the passage that the reader sees beside a new answer, if there is one."""
    return next(cited_in(answer), None)


def cited_cards(answer: Answer) -> list[ArticleCard]:
    """Return the articles that the answer cites or, when it abstains, came closest, each once."""
    cards = {citation.article.id: citation.article for citation in chain(cited_in(answer), answer.nearest)}
    return list(cards.values())


def answer_as_text(asked: str, answer: Answer, numbers: dict[Passage, int]) -> str:
    """Return the answer as plain text with numbered citations and a source list, for the clipboard."""
    head = [asked, ""]
    if answer.abstained:
        body = [f"The articles don't say. {answer.reason}".strip()]
    else:
        body = [", ".join(answer.short_answers) or answer.short_answer or ""]
        body += [_checked(sentence, numbers) for sentence in answer.sentences]
    if answer.written and answer.written.sentences:
        body += ["", f"In the words of {answer.written.model}, checked against the articles:"]
        body += [_checked(sentence, numbers) for sentence in answer.written.sentences]
    for row in answer.tally.rows if answer.tally else ():
        articles = count_text(row.articles, "article")
        body.append(f"{row.name}: {count_text(row.statements, 'statement')} in {articles}")
    if answer.coverage:
        body += ["", answer.coverage.text]
    notes = ["", "Nearest passages" if answer.abstained else "Sources"]
    seen: set[int] = set()
    for citation in sources_of(answer):
        number = numbers[passage_of(citation)]
        if number not in seen:
            seen.add(number)
            notes.append(f"[{number}] “{citation.quote}” {_reference(citation.article)}")
    return "\n".join(line for line in head + body + (notes if seen else []) if line is not None).strip()


def _checked(sentence: AnswerSentence, numbers: dict[Passage, int]) -> str:
    """Return a sentence with the numbers of its citations; one that its citations do not carry says so."""
    weak = " (weakly supported)" if sentence.support is Support.WEAK else ""
    meant = "".join(f" [{one.note}]" for one in sentence.referents)
    return f"{sentence.text}{meant} {marks(sentence.citations, numbers)}".strip() + weak


def _reference(card: ArticleCard) -> str:
    parts = [
        card.title or NO_TITLE,
        ", ".join(card.authors),
        card.outlet,
        date_text(card.published),
        card.url,
    ]
    return ", ".join(part for part in parts if part) + "."
