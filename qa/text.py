"""An Answer as plain text for the terminal. Pure."""

import textwrap
from collections.abc import Sequence
from dataclasses import replace

from qa.schema import Answer, Citation, Tally, TallyRow, Wanted, Written

WIDTH = 96


def render(answer: Answer) -> str:
    """Return the answer with numbered citations and the articles cited; counts open with coverage.

    Citations are numbered by article in the order in which the articles appear.
    """
    if answer.partial:
        whole = render(replace(answer, partial=None))
        return f"{answer.partial.text[:1].upper()}{answer.partial.text[1:]}.\n\n{whole}"
    if answer.abstained:
        return _abstention(answer)
    numbers: dict[str, int] = {}
    # Counts mean little before the reader knows what was read.
    parts = [answer.coverage.text + "."] if answer.coverage and answer.tally else []
    parts.append(headline(answer))
    if answer.tally:
        parts.append(_table(answer.tally))
    parts += _quotes(answer, numbers)
    if answer.reason and answer.reason not in parts:
        parts.append(answer.reason)
    parts += _unclear(answer)
    parts += _written(answer.written, numbers)
    told = (*answer.sentences, *(answer.written.sentences if answer.written else ()))
    parts.append(_sources([citation for sentence in told for citation in sentence.citations], numbers))
    if answer.coverage and not answer.tally:
        parts.append(answer.coverage.text + ".")
    parts += [f"Note: {note}." for note in answer.plan.notes]
    return "\n\n".join(part for part in parts if part)


def _written(written: Written | None, numbers: dict[str, int]) -> list[str]:
    """Return a model's own words, each sentence with its support and what is wrong with it."""
    if written is None:
        return []
    parts = [f"In the words of {written.model}, checked:"] if written.sentences else []
    for sentence in written.sentences:
        told = "; ".join((sentence.support.value, *sentence.problems))
        parts.append(_wrapped(_flat(sentence.text), _marks(sentence.citations, numbers), told))
    if written.cut:
        parts.append(textwrap.fill(f"Cut from the model's text: {', '.join(written.cut)}.", WIDTH))
    return [*parts, textwrap.fill(written.status, WIDTH)]


def _quotes(answer: Answer, numbers: dict[str, int]) -> list[str]:
    """Return the sentences with their marks, under the headings of their groups where there are any."""
    quotes = [
        _wrapped(
            " ".join([_quoted(sentence.text), *(f"[{one.note}]" for one in sentence.referents)]),
            _marks(sentence.citations, numbers),
            sentence.support.value,
        )
        for sentence in answer.sentences
    ]
    if not answer.groups:
        return quotes
    lines: list[str] = []
    for group in answer.groups:
        lines.append(f"{group.label} ({group.note})" if group.note else group.label)
        lines += [quotes[position] for position in group.sentences]
    inside = {position for group in answer.groups for position in group.sentences}
    return lines + [quote for position, quote in enumerate(quotes) if position not in inside]


def headline(answer: Answer) -> str:
    """Return what to show first; the reason in place of a bare "no" that rests on finding nothing."""
    if answer.plan.wanted is Wanted.YES_NO and answer.short_answer == "no" and answer.reason:
        return answer.reason
    if answer.short_answer:
        return answer.short_answer
    return "\n".join(f"• {name}" for name in answer.short_answers)


def _table(tally: Tally) -> str:
    width = max((len(row.name) for row in tally.rows), default=0)
    rows = [
        f"  {_place(row, tally):>3} {row.name:<{width}}  "
        f"{_count(row.statements, 'statement')} in {_count(row.articles, 'article')}"
        for row in tally.rows
    ]
    return "\n".join([textwrap.fill(f"Counted: {tally.counted}.", WIDTH), *rows])


def _place(row: TallyRow, tally: Tally) -> str:
    """Return "1." or, for names with equally many statements, "1="."""
    shared = sum(other.rank == row.rank for other in tally.rows) > 1
    return f"{row.rank}{'=' if shared else '.'}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _marks(citations: Sequence[Citation], numbers: dict[str, int]) -> str:
    for citation in citations:
        numbers.setdefault(citation.article.id, len(numbers) + 1)
    return "".join(f"[{numbers[citation.article.id]}]" for citation in citations)


def _wrapped(text: str, marks: str, support: str) -> str:
    tail = f"{marks} ({support})" if marks else f"({support})"
    return textwrap.fill(f"{text} {tail}", WIDTH, initial_indent="  ", subsequent_indent="  ")


def _quoted(text: str) -> str:
    """Put words of an article in quotation marks, unless they are one quotation as they stand."""
    flat = _flat(text)
    whole = flat.startswith("“") and flat.endswith("”") and flat.count("“") == flat.count("”") == 1
    return flat if whole else f"“{flat}”"


def _flat(text: str) -> str:
    return " ".join(text.split())


def _sources(citations: Sequence[Citation], numbers: dict[str, int]) -> str:
    cards = {citation.article.id: citation.article for citation in citations}
    lines = []
    for article_id, number in numbers.items():
        card = cards[article_id]
        facts = [card.outlet or "outlet unknown", (card.published or "undated")[:10], card.url or card.file]
        lines.append(f"[{number}] {card.title}\n    {' · '.join(facts)} · {article_id}")
    return "\n".join(["Sources", *lines]) if lines else ""


def _nearest(citation: Citation) -> str:
    card = citation.article
    text = f"{_quoted(citation.quote)} — {card.title} ({card.outlet or card.file})"
    return textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="  ")


def _abstention(answer: Answer) -> str:
    parts = ["The articles don't say.", answer.reason]
    if answer.nearest:
        parts.append("Nearest passages:")
        parts += [_nearest(citation) for citation in answer.nearest]
    parts += _unclear(answer)
    parts += _written(answer.written, {})
    if answer.coverage:
        parts.append(answer.coverage.text + ".")
    return "\n\n".join(part for part in parts if part)


def _unclear(answer: Answer) -> list[str]:
    shown = [_nearest(citation) for citation in answer.unclear]
    return ["Unclear, not counted:", *shown] if shown else []
