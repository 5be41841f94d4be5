"""What is evaluated: Dateline over a library, or answers that another system has given."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Protocol, Self

from eval.given import citations_of
from eval.others import Known, known_citation, read_answers
from eval.places import Locator
from eval.schema import Case, Evidence, Located, Outcome, Place, Result, Retrieved
from index.errors import DatelineError, InputError
from index.library import Library
from index.schema import Hit
from index.search import DEFAULT, SearchSettings, search
from qa.answer_json import to_json
from qa.engine import Engine, read_day
from qa.schema import Question

RETRIEVED = 20
"""Passages retrieved for the retrieval metrics."""


class System(Protocol):
    """Gives a result for a gold question; what goes wrong with one question is part of its result."""

    def result(self, case: Case) -> Result:
        """Return what the system gives for a question, and where the gold stands."""

    def close(self) -> None:
        """Let go of all resources."""


class LibrarySystem:
    """Dateline over one library.

    Args:
        engine: The open engine; closed with the system.
        as_of: Whether each question is asked on its gold `asked_on` day.
        k: How many passages to retrieve for the retrieval metrics.
    """

    def __init__(self, engine: Engine, *, as_of: bool = True, k: int = RETRIEVED) -> None:
        self.engine = engine
        self.as_of = as_of
        self.k = k
        self._locator = Locator(engine.library)

    @classmethod
    def open(cls, library: Path, *, as_of: bool = True, k: int = RETRIEVED) -> Self:
        """Open a library folder for reading.

        Raises:
            LibraryError: There is none, or it cannot be read.
        """
        return cls(Engine.open(library), as_of=as_of, k=k)

    def close(self) -> None:
        """Close the library."""
        self.engine.close()

    def result(self, case: Case) -> Result:
        """Ask the question, retrieve for it, and find its evidence."""
        located = tuple(self._locator.locate(one) for one in case.evidence)
        return Result(case, self._outcome(case), located, self._locator.outlets(located))

    def _outcome(self, case: Case) -> Outcome:
        wall, cpu = perf_counter(), process_time()
        answer, failure = None, None
        try:
            answer = to_json(self.engine.ask(question_of(case, as_of=self.as_of)))
        except Exception as error:  # noqa: BLE001 - a failed question is a result that scores 0
            failure = reason_of(error)
        wall_ms, cpu_ms = (perf_counter() - wall) * 1000, (process_time() - cpu) * 1000
        if answer is not None and case.choices:
            answer["choice"], failure = self._choice(case)
        retrieved: tuple[Retrieved, ...] = ()
        try:
            search_settings = self.engine.settings.search
            retrieved = retrieve(
                self.engine.library, case, k=self.k, as_of=self.as_of, settings=search_settings
            )
        except Exception as error:  # noqa: BLE001 - as above; the answer is kept
            failure = failure or f"retrieval: {reason_of(error)}"
        checked = [is_verbatim(self.engine.library, one) for one in citations_of(answer or {})]
        return Outcome(
            answer,
            failure,
            retrieved,
            citations=len(checked),
            verbatim=sum(checked),
            wall_ms=round(wall_ms, 1),
            cpu_ms=round(cpu_ms, 1),
        )

    def _choice(self, case: Case) -> tuple[str | None, str | None]:
        """Return the option picked when the question is asked once more with its options, or why it failed.

        The answer itself is given without them, so that a short answer is never read off the options.
        """
        question = replace(question_of(case, as_of=self.as_of), choices=case.choices)
        try:
            return self.engine.ask(question).choice, None
        except Exception as error:  # noqa: BLE001 - a failed question is a result that scores 0
            return None, reason_of(error)


def question_of(case: Case, *, as_of: bool) -> Question:
    """Return a gold question as it is asked: on its own day, where `as_of` says so."""
    return Question(case.question, case.id, asked_on=read_day(case.asked_on) if as_of else None)


def retrieve(
    library: Library, case: Case, *, k: int, as_of: bool, settings: SearchSettings = DEFAULT
) -> tuple[Retrieved, ...]:
    """Return the passages for a question; the answerers choose among such, and do not tell which."""
    day = read_day(case.asked_on) if as_of else None
    hits = search(library, case.question, k=k, settings=replace(settings, as_of=day))
    return tuple(_retrieved(hit) for hit in hits)


class AnswersSystem:
    """Answers read from a file, judged like ours.

    Args:
        answers: Answers in Dateline's JSON form, by question id or question text.
        known: Resolves the names of articles in citations.
        library: Where citations are checked word by word; without it they are judged by article.
    """

    def __init__(
        self, answers: Mapping[str, Mapping[str, Any]], known: Known, library: Library | None = None
    ) -> None:
        self._answers = answers
        self._known = known
        self._library = library

    @classmethod
    def open(cls, answers: Path, cases: tuple[Case, ...], library: Path | None) -> Self:
        """Read a file of answers, and open the library that it was made over, where there is one.

        Raises:
            InputError: The file cannot be read, or answers none of the questions.
            LibraryError: The library cannot be read.
        """
        found = read_answers(answers)
        if not any(case.id in found or case.question in found for case in cases):
            raise InputError(
                f"{answers} answers none of the {len(cases)} questions.",
                "Its lines need the ids (or the very words) of the gold questions.",
            )
        if library is None:
            return cls(found, GoldNames(cases))
        opened = Library.open(library)
        return cls(found, Locator(opened), opened)

    def close(self) -> None:
        """Close the library."""
        if self._library is not None:
            self._library.close()

    def result(self, case: Case) -> Result:
        """Look the answer up; a question without one has failed."""
        located = tuple(self._known.locate(one) for one in case.evidence)
        outlets = self._known.outlets(located)
        answer = self._answers.get(case.id) or self._answers.get(case.question)
        if answer is None:
            return Result(case, Outcome(None, "the file holds no answer to this question"), located, outlets)
        if answer.get("error"):
            return Result(case, Outcome(None, str(answer["error"])), located, outlets)
        answer = known_citations(answer, self._known)
        quoted = [one for one in citations_of(answer) if one.get("quote")]
        checked = [is_verbatim(self._library, one) for one in quoted] if self._library else []
        timings = answer.get("timings") or {}
        retrieved = answer.get("retrieved")
        outcome = Outcome(
            answer,
            retrieved=None if retrieved is None else _ranking(retrieved, self._known),
            citations=len(checked),
            verbatim=sum(checked),
            wall_ms=timings.get("total"),
            tokens=answer.get("tokens"),
        )
        return Result(case, outcome, located, outlets)


class GoldNames:
    """The articles that the gold names, where there is no library: citations can be judged by article."""

    def __init__(self, cases: tuple[Case, ...]) -> None:
        names = {one.article for case in cases for one in case.evidence if one.article}
        self._names = {name.casefold(): name for name in sorted(names)}

    def articles(self, name: str) -> tuple[str, ...]:
        """Return the gold's spelling of a name; nothing for one that the gold does not name."""
        found = self._names.get(name.casefold())
        return (found,) if found else ()

    def locate(self, evidence: Evidence) -> Located:
        """Return the evidence as the whole article that it names."""
        names = (evidence.article,) if evidence.article else ()
        return Located(evidence, names, tuple(Place(name) for name in names))

    def outlets(self, located: tuple[Located, ...]) -> tuple[str, ...]:  # noqa: ARG002
        """Return nothing: outlets are known to the library only."""
        return ()


def known_citations(answer: Mapping[str, Any], known: Known) -> dict[str, Any]:
    """Return an answer whose citations have the library's ids and, where the quote is found, its place."""
    sentences = [
        {**one, "citations": [known_citation(citation, known) for citation in one.get("citations") or ()]}
        for one in answer.get("sentences") or ()
    ]
    return {**answer, "sentences": sentences}


def is_verbatim(library: Library, citation: Mapping[str, Any]) -> bool:
    """Return whether a citation's quote is exactly the characters that it names."""
    start, end = citation.get("start"), citation.get("end")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end:
        return False
    try:
        text = library.store.text(str(citation.get("article")))
    except InputError:
        return False
    return text[start:end] == citation.get("quote")


def reason_of(error: Exception) -> str:
    """Return an error as one line; what is not ours is given with its kind."""
    return str(error) if isinstance(error, DatelineError) else f"{type(error).__name__}: {error}"


def _retrieved(hit: Hit) -> Retrieved:
    card = hit.article
    return Retrieved(
        rank=hit.rank,
        article=card.id,
        start=hit.start,
        end=hit.end,
        text=hit.text,
        title=card.title,
        outlet=card.outlet or "",
        published=card.published or "",
        score=round(hit.scores.fused, 4),
        also_in=hit.also_in,
    )


def _ranking(rows: object, known: Known) -> tuple[Retrieved, ...]:
    """Return the passages that another system retrieved: objects like citations, or names of articles."""
    found = []
    for rank, row in enumerate(rows if isinstance(rows, list) else (), start=1):
        citation = known_citation(row if isinstance(row, Mapping) else {"article": str(row)}, known)
        start, end = citation.get("start"), citation.get("end")
        placed = isinstance(start, int) and isinstance(end, int)
        found.append(
            Retrieved(
                rank=rank,
                article=str(citation.get("article")),
                start=start if placed else None,
                end=end if placed else None,
                text=str(citation.get("quote") or citation.get("text") or ""),
                title=str(citation.get("title") or ""),
            )
        )
    return tuple(found)
