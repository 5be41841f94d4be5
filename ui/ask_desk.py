"""What the Ask page does: answers questions and follow-ups, state by state."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from qa.conversation import follow_up, turn_of
from qa.engine import Engine
from qa.known_names import LibraryNames
from qa.links import Link
from qa.numbering import Numbering, numbered, numbering_json
from qa.schema import Answer
from qa.turn_json import conversation_json
from ui import article_view
from ui.answer_view import answer_view
from ui.citing import cited_cards, first_citation
from ui.complaints import Complaints
from ui.kept import Kept, KeptAnswers
from ui.view import Json, searching_view

Shown: TypeAlias = tuple[Json, Json]
"""The answer area and the reader beside it."""


class AskDesk:
    """Answers for the Ask page. A conversation is kept by the browser, which sends it with each follow-up.

    Args:
        engine: Answers questions over the library.
        folder: The library's folder.
        read: Returns an article for the reader, opened at a span.
    """

    def __init__(self, engine: Engine, folder: Path, read: Callable[[str, int, int], Json]) -> None:
        self.engine = engine
        self.read = read
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
        answer = self.engine.ask(followed.question)
        constraints = tuple(dict.fromkeys((*followed.carried, *answer.plan.constraints)))
        answer = replace(answer, plan=replace(answer.plan, constraints=constraints))
        numbering = numbered(answer, before)
        shown = answer_view(answer, link, self._copies(answer), numbering) | {
            "key": self.answers.keep(Kept(link, answer, numbering)),
            "turn": len(link.before),
            "conversation": conversation_json((*link.before, turn_of(followed, answer))),
            "numbering": numbering_json(numbering),
            "numbered": len(before),
        }
        yield shown, self._beside(answer)

    def _beside(self, answer: Answer) -> Json:
        """Return the reader as it stands beside a new answer: at the first passage that is cited."""
        first = first_citation(answer)
        if first is None:
            return article_view.closed_reader()
        return self.read(first.article.id, first.start, first.end) | {"quiet": True}

    def _copies(self, answer: Answer) -> dict[str, int]:
        """Count the other outlets of each cited story, by near-duplicate group."""
        groups = {card.group for card in cited_cards(answer)}
        outlets: dict[str, set[str]] = {}
        for card in self.engine.library.store.articles() if groups else ():
            if card.group in groups:
                outlets.setdefault(card.group, set()).add(card.outlet or card.id)
        return {group: len(names) - 1 for group, names in outlets.items()}
