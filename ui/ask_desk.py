"""What the Ask page does: answers questions and follow-ups, state by state."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import monotonic
from typing import TypeAlias, cast

from index.errors import InputError
from index.library import Library
from qa.engine import Engine
from qa.export.formats import FORMATS, Exchange, export
from qa.schema import Answer, Written
from qa.talk.conversation import follow_up, turn_of
from qa.talk.known_names import LibraryNames
from qa.talk.links import Link
from qa.talk.numbering import Numbering, numbered, numbering_json
from qa.talk.turn_json import conversation_json
from qa.writers import Writer, WrittenDelta
from ui import article_view
from ui.answer_view import answer_view, written_view
from ui.busy import Pace
from ui.citing import cited_cards, cited_in, first_citation
from ui.complaints import Complaints
from ui.kept import KEPT, Kept, KeptAnswers
from ui.serving import Download, Fields
from ui.view import Json, searching_view

Shown: TypeAlias = tuple[Json, Json]
"""The answer area and the reader beside it."""
Pieces: TypeAlias = Generator[WrittenDelta | Written, None, None]

UPDATE_SECONDS = 0.1
"""A page is told no more often than this that a model is still at a sentence."""
STOPPED = "Stopped before the model had finished."


class AskDesk:
    """Answers for the Ask page. A conversation is kept by the browser, which sends it with each follow-up.

    Args:
        engine: Answers questions over the library.
        folder: The library's folder.
        read: Returns an article for the reader, opened at a span.
        writer: The language model that puts answers in its own words, if one is set up.
        pace: Is told how long answers take.
    """

    def __init__(
        self,
        engine: Engine,
        folder: Path,
        read: Callable[[str, int, int], Json],
        writer: Writer | None = None,
        pace: Pace | None = None,
    ) -> None:
        self.engine = engine
        self.pace = pace or Pace()
        self.read = read
        self.writer = writer
        self.answers = KeptAnswers()
        self.complaints = Complaints(folder, self.answers)

    def ask(self, link: Link, before: Numbering, articles: int) -> Iterator[Shown]:
        """Yield the states of the answer area and the reader while a question is answered.

        Args:
            link: The question, with the conversation that it follows.
            before: The numbers of the passages that the conversation cited.
            articles: How many articles there are to search.
        """
        turn = len(link.before)
        yield searching_view(link.question.text, articles) | {"turn": turn}, article_view.closed_reader()
        followed = follow_up(link.before, link.question, LibraryNames(self.engine.library))
        if followed.fresh:
            link, before = replace(link, before=()), ()
        started = monotonic()
        answer = self.engine.ask(followed.question)
        self.pace.note(monotonic() - started)
        limits = tuple(dict.fromkeys((*followed.carried, *answer.plan.constraints)))
        limited = replace(answer, plan=replace(answer.plan, constraints=limits))
        numbering = numbered(answer, before)
        shown = answer_view(limited, link, self._copies(answer), numbering) | {
            "key": self.answers.keep(Kept(link, answer, numbering, followed.carried)),
            "turn": len(link.before),
            "conversation": conversation_json((*link.before, turn_of(followed, answer))),
            "numbering": numbering_json(numbering),
            "numbered": len(before),
            "writes": self.writer is not None and not answer.abstained and any(cited_in(answer)),
        }
        yield shown, self._beside(answer)

    def downloads(self) -> dict[str, Download]:
        """Return the files that an answer or a conversation can be saved as, by address."""

        def of_kind(kind: str) -> Callable[[Fields], str]:
            return lambda fields: export(self._exchanges(fields.get("turn", ())), kind, date.today())

        return {
            f"/answer.{known.suffix}": Download(known.media_type, of_kind(kind))
            for kind, known in FORMATS.items()
        }

    def _exchanges(self, keys: Sequence[str]) -> list[Exchange]:
        kept = [self.answers.get(key) for key in keys[:KEPT]]
        if None in kept:
            raise InputError("The answer is no longer at hand.", "Ask the question again, then save it.")
        return [Exchange(one.link.question.text, one.answer, one.carried) for one in kept if one]

    def write(self, key: str) -> Iterator[Json]:
        """Yield what a language model makes of an answer, while it writes: checked sentences, then the whole.

        Nothing is yielded where no model is set up, or the answer is no longer at hand.
        """
        kept = self.answers.get(key)
        if kept is None or self.writer is None:
            return
        written, characters, told = Written(self.writer.model), 0, 0.0
        yield self._writing(key, kept, written, characters)
        try:
            with closing(cast(Pieces, self.engine.write(kept.answer, self.writer))) as pieces:
                for piece in pieces:
                    if isinstance(piece, Written):
                        written, characters = piece, -1
                    else:
                        characters = piece.characters
                        if piece.sentence:
                            written = replace(written, sentences=(*written.sentences, piece.sentence))
                        elif monotonic() - told < UPDATE_SECONDS:
                            continue
                    told = monotonic()
                    yield self._writing(key, kept, written, characters)
        finally:
            # The reader may have stopped it, and what was checked until then is still part of the answer.
            if characters >= 0:
                written = replace(written, status=STOPPED)
            answer = replace(kept.answer, written=written)
            self.answers.keep(replace(kept, answer=answer, numbering=numbered(answer, kept.numbering)), key)

    def _writing(self, key: str, kept: Kept, written: Written, characters: int) -> Json:
        """Return an answer as a model is writing it out; `characters` below 0 means it is done."""
        answer = replace(kept.answer, written=written)
        numbering = numbered(answer, kept.numbering)
        shown = written_view(answer, kept.link, self._copies(answer), numbering)
        return shown | {
            "key": key,
            "numbering": numbering_json(numbering),
            "writing": characters >= 0,
            "characters": max(characters, 0),
        }

    def _beside(self, answer: Answer) -> Json:
        """Return the reader as it stands beside a new answer: at the first passage that is cited."""
        first = first_citation(answer)
        if first is None:
            return article_view.closed_reader()
        return self.read(first.article.id, first.start, first.end) | {"quiet": True}

    def _copies(self, answer: Answer) -> dict[str, int]:
        """Count the other outlets of each cited story, by near-duplicate group."""
        others = self.engine.library.kept(other_outlets)
        groups = {card.group for card in cited_cards(answer)}
        return {group: others.get(group, 0) for group in groups}


def other_outlets(library: Library) -> dict[str, int]:
    """Return in how many outlets beside its first each story stands, where it is more than one article."""
    outlets: dict[str, set[str]] = {}
    for card in library.store.articles():
        outlets.setdefault(card.group, set()).add(card.outlet or card.id)
    return {group: len(names) - 1 for group, names in outlets.items() if len(names) > 1}
