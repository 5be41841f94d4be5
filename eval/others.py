"""Answers that another system gave, as Dateline's Answer JSON.

Read are: Answer JSON, one a line (`python -m qa --questions` writes it); TREC RAG answers (`topic_id`,
`references`, `answer`: sentences with numbers of references); lines of `id` and `answer`; and the predictions
of SQuAD, one object of id to text, where an empty text is an abstention.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from eval.formats.format import RowError, records
from eval.schema import Evidence, Located
from index.errors import InputError

Answer = Mapping[str, Any]
_NAMES = ("article", "file", "url", "title")


class Known(Protocol):
    """Knows the articles that citations and evidence name."""

    def articles(self, name: str) -> tuple[str, ...]:
        """Return the ids of the articles meant by a name."""

    def locate(self, evidence: Evidence) -> Located:
        """Return where evidence stands."""

    def outlets(self, located: tuple[Located, ...]) -> tuple[str, ...]:
        """Return the outlets of the articles that hold the evidence."""


def read_answers(path: Path) -> dict[str, Answer]:
    """Return a file's answers by the id of the question, and by its words where they are given.

    Raises:
        InputError: The file cannot be read, or a line holds no answer.
    """
    found: dict[str, Answer] = {}
    for place, row in records(path):
        if isinstance(row, RowError) or not isinstance(row, Mapping):
            raise InputError(f"{path.name}, {place}: no JSON object.", "Give one answer a line.")
        if _is_predictions(row):
            return {str(name): _plain(str(text)) for name, text in row.items()}
        try:
            answer = as_answer(row)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise InputError(
                f"{path.name}, {place}: no answer that can be read ({error!r}).",
                "Write Answer JSON (docs/answer-format.md), TREC RAG answers, or lines of id and answer.",
            ) from error
        for name in (_id_of(row), row.get("question")):
            if name:
                found[str(name)] = answer
    return found


def as_answer(row: Mapping[str, Any]) -> Answer:
    """Return one answer of any known form in Dateline's."""
    if "abstained" in row or "error" in row:
        return row
    answer = row["answer"] if "answer" in row else row["short_answer"]
    if isinstance(answer, list):
        return _from_trec(row, answer)
    return {
        **_plain(str(answer or "")),
        **{name: row[name] for name in ("retrieved", "tokens") if name in row},
    }


def known_citation(citation: Mapping[str, Any], known: Known) -> dict[str, Any]:
    """Return a citation with the id that the library has for its article, and its place there.

    The place is the citation's own; where it has none, that of its quote.
    """
    names = (str(citation[name]) for name in _NAMES if citation.get(name))
    article = next((found[0] for name in names if (found := _articles(name, known))), None)
    if article is None:
        return {**citation, "article": str(citation.get("article") or citation.get("title") or "")}
    placed = {**citation, "article": article}
    if citation.get("start") is None and citation.get("quote"):
        places = known.locate(Evidence(article, str(citation["quote"]))).places
        if places and places[0].start is not None:
            placed |= {"start": places[0].start, "end": places[0].end}
    return placed


def _articles(name: str, known: Known) -> tuple[str, ...]:
    """Look a name up, then without the number of a segment ("doc_7#3_1637")."""
    return known.articles(name) or known.articles(name.rsplit("#", 1)[0])


def _is_predictions(row: Mapping[str, Any]) -> bool:
    reserved = {"id", "answer", "short_answer", "question", "abstained", "error"}
    return bool(row) and not reserved & set(row) and all(isinstance(one, str) for one in row.values())


def _id_of(row: Mapping[str, Any]) -> object:
    told = row.get("metadata")
    for fields in (row, told if isinstance(told, Mapping) else {}):
        for name in ("id", "topic_id", "narrative_id", "qid", "question_id"):
            if fields.get(name) is not None:
                return fields[name]
    return None


def _plain(text: str) -> Answer:
    return {"abstained": not text.strip(), "short_answer": text.strip() or None, "confidence": None}


def _from_trec(row: Mapping[str, Any], sentences: Sequence[Any]) -> Answer:
    references = row.get("references") or []
    said = [one for one in sentences if str(one["text"]).strip()]
    return {
        "abstained": not said,
        "confidence": None,
        "sentences": [
            {"text": one["text"], "citations": _references(one.get("citations") or (), references)}
            for one in said
        ],
    }


def _references(cited: Iterable[Any], references: Sequence[Any]) -> list[dict[str, str]]:
    """Return citations by number in the list of references (from 0), or by name."""
    return [{"article": str(references[one] if isinstance(one, int) else one)} for one in cited]
