"""An Answer's JSON form as the metrics read it: ours, a TREC RAG run's, or a plain text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.schema import Place


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer: its text, the places it cites, and the words at these places."""

    text: str
    cited: tuple[Place, ...]
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """What a system answered.

    Attributes:
        short: The short answers; several for a list, or for a ranking whose first places are equal.
        tally: Names with their counts, where it counted.
        tally_cited: The places counted for the names it ranks first.
        confidence: None where the system gives none.
        choice: The option it picked; None where it picked none or knows of no options.
    """

    abstained: bool
    short: tuple[str, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    tally: tuple[tuple[str, float], ...] = ()
    tally_cited: tuple[Place, ...] = ()
    confidence: float | None = None
    choice: str | None = None

    @property
    def said(self) -> tuple[str, ...]:
        """The short answers; where there is none, the sentences."""
        return self.short or tuple(sentence.text for sentence in self.sentences)

    @property
    def text(self) -> str:
        """Everything that is said."""
        return " ".join((*self.short, *(sentence.text for sentence in self.sentences)))

    @property
    def cited(self) -> tuple[Place, ...]:
        """Every place cited, once each: by the sentences, then by the counts ranked first."""
        places = [place for sentence in self.sentences for place in sentence.cited]
        return tuple(dict.fromkeys((*places, *self.tally_cited)))


FAILED = Given(abstained=False)
"""What a failed question gives: neither an answer nor an abstention."""


def read_given(answer: Mapping[str, Any] | None) -> Given:
    """Return what an Answer's JSON form says; None (a failed question) is FAILED."""
    if answer is None:
        return FAILED
    short = tuple(str(one) for one in answer.get("short_answers") or ())
    if not short and answer.get("short_answer"):
        short = (str(answer["short_answer"]),)
    rows = (answer.get("tally") or {}).get("rows") or ()
    first = [row for row in rows if row.get("name") in short]
    confidence = answer.get("confidence")
    return Given(
        abstained=bool(answer.get("abstained")),
        short=short,
        sentences=tuple(_sentence(one) for one in answer.get("sentences") or ()),
        tally=tuple((str(row.get("name")), float(row.get("statements") or 0)) for row in rows),
        tally_cited=tuple(place_of(one) for row in first for one in row.get("evidence") or ()),
        confidence=float(confidence) if confidence is not None else None,
        choice=str(answer["choice"]) if answer.get("choice") else None,
    )


def citations_of(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return every citation of an Answer's JSON form: of sentences, of counts, nearest and unclear ones."""
    rows: Sequence[Mapping[str, Any]] = (answer.get("tally") or {}).get("rows") or ()
    return [
        *(one for sentence in answer.get("sentences") or () for one in sentence.get("citations") or ()),
        *(one for row in rows for one in row.get("evidence") or ()),
        *(answer.get("nearest") or ()),
        *(answer.get("unclear") or ()),
    ]


def place_of(citation: Mapping[str, Any]) -> Place:
    """Return the place that a citation names; the whole article where it gives no characters."""
    start, end = citation.get("start"), citation.get("end")
    if isinstance(start, int) and isinstance(end, int):
        return Place(str(citation.get("article")), start, end)
    return Place(str(citation.get("article")))


def _sentence(sentence: Mapping[str, Any]) -> Sentence:
    citations = sentence.get("citations") or ()
    return Sentence(
        text=str(sentence.get("text") or ""),
        cited=tuple(place_of(one) for one in citations),
        quotes=tuple(str(one.get("quote") or "") for one in citations),
    )
