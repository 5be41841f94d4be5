"""Answers as a list of plain parts, which each export format writes in its own way. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from index.schema import ArticleCard
from qa.export.bibliography import one_line
from qa.schema import Answer, AnswerSentence, Citation, Constraint, Support
from qa.talk.numbering import Numbering, Passage, numbered, numbers_of, passage_of, shown_in
from qa.text import headline

NO_TITLE = "Untitled"
Numbers: TypeAlias = dict[Passage, int]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question of a conversation and its answer.

    Attributes:
        asked: The question as typed; `answer.question` is what it was understood as.
        answer: Its answer.
        carried: What was carried over from the questions before.
    """

    asked: str
    answer: Answer
    carried: tuple[Constraint, ...] = ()


class Style(StrEnum):
    """What a part is."""

    QUESTION = "question"
    SHORT = "short answer"
    TEXT = "text"
    LABEL = "label"
    QUOTE = "quote"
    ROW = "row"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Part:
    """A line of an export: its text, the numbers of its citations, and a remark beside it.

    `meant` says what words of the text mean that point elsewhere ("he: Davor Ketling").
    """

    style: Style
    text: str
    numbers: tuple[int, ...] = ()
    aside: str = ""
    meant: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A cited passage under its number."""

    number: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class Parts:
    """A whole export: its lines, the passages cited, and the day it was made."""

    parts: tuple[Part, ...]
    sources: tuple[Source, ...]
    made_on: date


def parts_of(exchanges: Sequence[Exchange], made_on: date) -> Parts:
    """Return what an export says; citations are numbered through the whole conversation."""
    numbering: Numbering = ()
    found: list[Part] = []
    cited: dict[int, Citation] = {}
    for exchange in exchanges:
        numbering = numbered(exchange.answer, numbering)
        numbers = numbers_of(numbering)
        found += _of_exchange(exchange, numbers)
        for citation in shown_in(exchange.answer):
            cited.setdefault(numbers[passage_of(citation)], citation)
    sources = tuple(Source(number, citation) for number, citation in sorted(cited.items()))
    return Parts(tuple(found), sources, made_on)


def cards_of(exchanges: Iterable[Exchange]) -> list[ArticleCard]:
    """Return the articles that the answers show, each once, in order."""
    cards = (citation.article for exchange in exchanges for citation in shown_in(exchange.answer))
    return list({card.id: card for card in cards}.values())


def reference(card: ArticleCard) -> str:
    """Return title, authors, outlet and day of an article on one line."""
    facts = [card.title or NO_TITLE, ", ".join(card.authors), card.outlet, (card.published or "undated")[:10]]
    return ", ".join(one_line(fact) for fact in facts if fact)


def quoted(text: str) -> str:
    """Put words of an article in quotation marks, unless they are one quotation as they stand."""
    flat = one_line(text)
    whole = flat.startswith("“") and flat.endswith("”") and flat.count("“") == flat.count("”") == 1
    return flat if whole else f"“{flat}”"


def _of_exchange(exchange: Exchange, numbers: Numbers) -> Iterator[Part]:
    answer = exchange.answer
    yield from _asked(exchange)
    yield from _in_short(answer, numbers)
    yield from _sentences(answer, numbers)
    if answer.written and answer.written.sentences:
        yield Part(Style.LABEL, f"In the words of {answer.written.model}, checked against the articles")
        for sentence in answer.written.sentences:
            yield _sentence(Style.TEXT, sentence, numbers)
    shown = {"Unclear, not counted": answer.unclear, "Nearest passages": answer.nearest * answer.abstained}
    for label, citations in shown.items():
        if citations:
            yield Part(Style.LABEL, label)
        yield from (Part(Style.QUOTE, one.quote, _numbers([one], numbers)) for one in citations)
    if answer.coverage:
        yield Part(Style.NOTE, f"{answer.coverage.text}.")


def _asked(exchange: Exchange) -> Iterator[Part]:
    """Yield the question, how it was understood, and what limited the answer."""
    yield Part(Style.QUESTION, exchange.asked)
    if exchange.asked.strip() != exchange.answer.question.strip():
        yield Part(Style.NOTE, f"Read as: {exchange.answer.question}")
    for chip in (*exchange.carried, *exchange.answer.plan.constraints):
        yield Part(Style.NOTE, chip.meaning)


def _in_short(answer: Answer, numbers: Numbers) -> Iterator[Part]:
    """Yield the short answer, the reason and the count."""
    head = "The articles don’t say." if answer.abstained else headline(answer)
    if head:
        yield Part(Style.SHORT, head.replace("\n", " ").strip())
    if answer.choice:
        yield Part(Style.TEXT, f"Of the choices: {answer.choice}")
    if answer.reason and answer.reason != head:
        yield Part(Style.TEXT, answer.reason)
    for row in answer.tally.rows if answer.tally else ():
        counts = f"{_count(row.statements, 'statement')} in {_count(row.articles, 'article')}"
        yield Part(Style.ROW, f"{row.rank}. {row.name}: {counts}", _numbers(row.evidence, numbers))


def _sentences(answer: Answer, numbers: Numbers) -> Iterator[Part]:
    """Yield the sentences, those of a group under its label."""
    grouped = {place for group in answer.groups for place in group.sentences}
    for place, sentence in enumerate(answer.sentences):
        if place not in grouped:
            yield _sentence(Style.QUOTE, sentence, numbers)
    for group in answer.groups:
        yield Part(Style.LABEL, f"{group.label}: {group.note}" if group.note else group.label)
        for place in group.sentences:
            yield _sentence(Style.QUOTE, answer.sentences[place], numbers)


def _sentence(style: Style, sentence: AnswerSentence, numbers: Numbers) -> Part:
    cited = _numbers(sentence.citations, numbers)
    meant = tuple(one.note for one in sentence.referents)
    return Part(style, sentence.text, cited, _remark(sentence), meant)


def _numbers(citations: Iterable[Citation], numbers: Numbers) -> tuple[int, ...]:
    return tuple(dict.fromkeys(numbers[passage_of(one)] for one in citations))


def _remark(sentence: AnswerSentence) -> str:
    """Return what the reader should know of a sentence that is no plain quotation."""
    if sentence.support is Support.QUOTED and not sentence.problems:
        return ""
    return "; ".join([sentence.support.value, *(f"not in the source: {one}" for one in sentence.problems)])


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
