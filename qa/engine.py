"""From a question to a checked answer: the only place that wires the stages."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from time import monotonic, perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Self

from index.errors import InputError, ShardLostError
from index.library import Library
from index.search import search
from qa.abstain import judge
from qa.answerers import Draft, answerer_of
from qa.answerers.parts import joined, joined_plan
from qa.coverage import Counts, measure_coverage
from qa.occasions import names_day
from qa.periods import names_month
from qa.premises import with_premise
from qa.question import KnownNames, plan
from qa.question_fit import with_fit
from qa.referring.notes import with_referents
from qa.roles import resolve_roles
from qa.schema import Answer, Kind, Partial, Plan, Question, Timings, Written
from qa.settings import DEFAULTS, AnswerSettings, read_settings
from qa.verify import load_entailment, verify

if TYPE_CHECKING:
    from qa.talk.turns import Turn
    from qa.writers import Writer, WrittenDelta

MAX_QUESTION = 2_000
"""Characters; longer questions are refused."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What the articles hold for a question, before anyone decides whether it will do for an answer.

    `plan_ms` and `draft_ms` are the milliseconds that it took. A question of several parts has the findings
    of each, and nothing in its own draft.
    """

    question: Question
    plan: Plan
    draft: Draft
    plan_ms: float
    draft_ms: float
    parts: tuple["Findings", ...] = ()


class Engine:
    """Answers questions over one library.

    Args:
        library: An open library; closed with the engine.
        settings: How questions are answered.
    """

    def __init__(self, library: Library, settings: AnswerSettings = DEFAULTS) -> None:
        self.library = library
        self.settings = settings

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the library in a folder for reading, with the settings that its folder names.

        Raises:
            LibraryError: There is none, or it cannot be read by this version.
            InputError: Its settings file cannot be used.
        """
        settings = read_settings(path)
        return cls(Library.open(path), settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the library."""
        self.library.close()

    def ask(self, question: Question) -> Answer:
        """Answer a question from the articles, or say that they don't say.

        Raises:
            InputError: The question is empty or longer than 2,000 characters.
        """
        started, moment = perf_counter(), monotonic()
        found, answer = self._decided(question)
        retrieve_ms = round(found.draft.retrieve_ms, 1)
        timings = Timings(
            plan=found.plan_ms,
            retrieve=retrieve_ms,
            answer=round(found.draft_ms - retrieve_ms, 1),
            total=_ms(started, perf_counter()),
        )
        lost, total = self.library.store.lost(moment)
        partial = _partial(total - lost, total) if lost else None
        return replace(answer, timings=timings, partial=partial)

    def _decided(self, question: Question) -> tuple[Findings, Answer]:
        """Answer a question; when a part of the library falls silent on the way, once more without it."""
        try:
            found = self.find(question)
            return found, self.decide(found, self.settings.threshold)
        except ShardLostError:
            found = self.find(question)
            return found, self.decide(found, self.settings.threshold)

    def find(self, question: Question) -> Findings:
        """Return what the articles hold for a question, whether or not it will do for an answer.

        Raises:
            InputError: The question is empty or longer than 2,000 characters.
        """
        check_question(question)
        started = perf_counter()
        plan_made = resolve_roles(self.library, plan(question, self._known(question.text)))
        if plan_made.parts:
            return self._find_parts(question, plan_made)
        planned = perf_counter()
        kind = Kind.FACT if question.choices else plan_made.kind  # options are picked by what is said of them
        draft = answerer_of(kind)(self.library, question, plan_made, self.settings)
        draft = with_fit(self.library.store, question, plan_made, draft)
        draft = with_premise(self.library.store, question, plan_made, draft)
        return Findings(question, plan_made, draft, _ms(started, planned), _ms(planned, perf_counter()))

    def _find_parts(self, question: Question, plan_made: Plan) -> Findings:
        """Ask each part of a question in the light of the parts before it and their answers."""
        from qa.talk.conversation import turn_of
        from qa.talk.known_names import LibraryNames
        from qa.talk.parts import made_whole

        found: list[Findings] = []
        turns: list[Turn] = []
        names = LibraryNames(self.library)
        for part in plan_made.parts:
            followed = made_whole(part, question, turns, names)
            found.append(self.find(followed.question))
            turns.append(turn_of(followed, self.decide(found[-1], self.settings.threshold)))
        texts = [one.question.text for one in found]
        whole = joined_plan(plan_made, [one.plan for one in found], texts, question.filter)
        draft = Draft(retrieve_ms=sum(one.draft.retrieve_ms for one in found))
        plan_ms, draft_ms = sum(one.plan_ms for one in found), sum(one.draft_ms for one in found)
        return Findings(question, whole, draft, plan_ms, draft_ms, tuple(found))

    def write(self, answer: Answer, writer: "Writer") -> "Iterator[WrittenDelta | Written]":
        """Have a language model put an answer in its own words; see `qa.writers.write_answer`.

        The last item is the complete `Written`; put it beside the answer with `replace(answer, written=...)`.

        Raises:
            ModelError: The settings name a model of natural language inference that cannot be loaded.
        """
        from qa.writers import write_answer

        hits = (
            []
            if answer.abstained
            else search(
                self.library,
                answer.question,
                k=self.settings.passages,
                filter=answer.plan.filter,
                settings=self.settings.search,
            )
        )
        entailment = load_entailment(self.settings.nli) if self.settings.nli else None
        return write_answer(self.library, answer, hits, writer, entailment)

    def _known(self, text: str) -> KnownNames:
        """Return what questions are read against; the newest article's day only where a month is named."""
        store = self.library.store
        outlets = tuple(name for name, _ in store.outlets())
        newest = store.newest() if names_month(text) or names_day(text) else None
        return KnownNames(outlets=outlets, newest=newest)

    def decide(self, found: Findings, threshold: float) -> Answer:
        """Return the answer, or say that the articles don't say where its confidence is below `threshold`."""
        question, draft = found.question, found.draft
        if found.parts:
            counted = Counts(sum(one.draft.statements for one in found.parts))
            coverage = measure_coverage(self.library.store, found.plan, found.plan.names, counted)
            answers = [self.decide(part, threshold) for part in found.parts]
            return joined(question, found.plan, answers, coverage)
        verdict = judge(found.plan, draft, threshold)
        plan_made = replace(found.plan, notes=found.plan.notes + draft.notes)
        coverage = measure_coverage(
            self.library.store,
            plan_made,
            draft.mentions or plan_made.names,
            Counts(draft.statements, draft.judging),
        )
        self.library.store.read_ahead([citation.article.id for citation in draft.shown])
        if not verdict.answer:
            return Answer(
                question=question.text,
                id=question.id,
                plan=plan_made,
                abstained=True,
                reason=verdict.reason,
                confidence=round(verdict.confidence, 3),
                coverage=coverage,
                nearest=draft.nearest or draft.shown[:3],
                unclear=draft.unclear,
            )
        return Answer(
            question=question.text,
            id=question.id,
            plan=plan_made,
            abstained=False,
            short_answer=draft.short_answer,
            short_answers=draft.short_answers,
            choice=draft.choice,
            sentences=with_referents(self.library.store, verify(self.library.store, draft.shown)),
            groups=draft.groups,
            tally=draft.tally,
            unclear=draft.unclear,
            coverage=coverage,
            confidence=round(verdict.confidence, 3),
            reason=draft.reason,
        )


def check_question(question: Question) -> None:
    """Refuse a question that cannot be asked.

    Raises:
        InputError: It is empty or longer than 2,000 characters.
    """
    if not question.text.strip():
        raise InputError("The question is empty.", 'Ask something like "Who praised the mayor most?".')
    if len(question.text) > MAX_QUESTION:
        raise InputError(
            f"The question has {len(question.text):,} characters; at most {MAX_QUESTION:,} are read.",
            "Ask a shorter question.",
        )


def read_day(text: str | None) -> date | None:
    """Return an ISO date, or None for nothing.

    Raises:
        InputError: The text is no date of the form 2025-11-22.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise InputError(f"“{text}” is not a date.", "Write it as 2025-11-22.") from error


def _partial(answered: int, total: int) -> Partial:
    return Partial(answered, total, f"partial: {answered} of {total} parts of the library answered")


def _ms(start: float, end: float) -> float:
    return round((end - start) * 1000, 1)
