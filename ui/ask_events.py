"""What the events of the Ask page do, from what the browser sends to what it shows."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import gradio as gr

from index.errors import InputError
from index.schema import Filter
from qa.schema import Question
from qa.talk.links import Link, read_link
from qa.talk.numbering import Numbering, read_numbering
from qa.talk.turn_json import read_conversation
from ui import article_view, view
from ui.desk import Desk, read_filter, read_question
from ui.problems import problem
from ui.serving import Fields
from ui.view import Json

Shown: TypeAlias = tuple[Json, Json, Json]
"""The answer, the reader and the line of complaints."""
Names: TypeAlias = Sequence[str] | None
Limits: TypeAlias = tuple[Names, Names, str | None, str | None]
"""What the reader chose: outlets, authors, first and last day."""


class AskEvents:
    """The handlers of the Ask page.

    Args:
        desk: What they do it with.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def _show(self, read: Callable[[], tuple[Link, Numbering]]) -> Iterator[Shown]:
        """Yield the states of an answer; `read` says what is asked, and may find that it cannot be."""
        try:
            for drawn, beside in self.desk.ask(*read()):
                yield drawn, beside, self.desk.asking.complaints.offer(str(drawn.get("key", "")))
        except Exception as error:  # noqa: BLE001 - shown in the answer area, logged where unexpected
            yield view.error_view(*problem(error)), article_view.closed_reader(), {"state": "none"}

    def ask_anew(self, text: str, outlets: Names, authors: Names, first: str, last: str) -> Iterator[Shown]:
        """Answer the question of the box on top: a new conversation begins."""
        yield from self._show(lambda: (new_question(text, read_filter(outlets, authors, first, last)), ()))

    def ask_in_conversation(
        self, outlets: Names, authors: Names, first: str, last: str, event: gr.EventData
    ) -> Iterator[Shown]:
        """Answer a follow-up, or the newest question once more under other limits."""
        yield from self._show(lambda: read_sent(event._data, read_filter(outlets, authors, first, last)))

    def drop_filter(
        self, outlets: Names, authors: Names, first: str, last: str, event: gr.EventData
    ) -> Iterator[tuple[object, ...]]:
        """Take a filter of the reader's away and ask the same again."""
        left = without_filter((outlets, authors, first, last), event._data)
        for states in self._show(lambda: read_sent(event._data, read_filter(*left))):
            yield *left, *states

    def arrive(self, request: gr.Request) -> tuple[object, ...]:
        """Fill in what the address asks for, and nothing else: the reader may be typing already."""
        address = request.query_params
        overview = self.desk.overview()
        return (
            address.get("q") or gr.skip(),
            _choose(address.getlist("outlet"), overview.outlets),
            _choose(address.getlist("author"), overview.authors),
            address.get("from") or gr.skip(),
            address.get("until") or gr.skip(),
            self.desk.idle(),
            {name: address.getlist(name) for name in address},
        )

    def answer_address(self, fields: Fields | None, recalled: str) -> Iterator[Shown]:
        """Answer the question that the address asks, if it asks one.

        Args:
            fields: The fields of the address.
            recalled: The numbers of the passages cited before it, as JSON; empty where nothing was.
        """
        if fields and any(fields.get("q", ())):
            yield from self._show(lambda: read_address(fields, recalled))
        else:
            yield gr.skip(), gr.skip(), gr.skip()

    def write_out(self, event: gr.EventData) -> Iterator[Json]:
        """Have the language model put the answer in its own words, below what the articles say."""
        key = str(event._data.get("key", ""))
        try:
            yield from self.desk.asking.write(key)
        except Exception as error:  # noqa: BLE001 - shown below the answer, logged where unexpected
            yield {"state": "written", "key": key, "writing": False, "status": " ".join(problem(error))}

    def open_source(self, event: gr.EventData) -> Json:
        """Open the article of a citation."""
        place = event._data
        return self.desk.shown(place["article"], place.get("start"), place.get("end"))

    def take_example(self, event: gr.EventData) -> str:
        """Put an example into the box."""
        return str(event._data["question"])

    def begin_anew(self) -> tuple[object, ...]:
        """Clear the page for a new question; the filters stay."""
        return "", self.desk.idle(), article_view.closed_reader(), {"state": "none"}


def new_question(text: str, chosen: Filter) -> Link:
    """Return a question that follows no other.

    Raises:
        InputError: It is empty or too long.
    """
    return Link(Question(read_question(text), filter=chosen))


def read_address(fields: Fields, recalled: str) -> tuple[Link, Numbering]:
    """Return the question that an address asks, with the numbers given so far, as JSON.

    Raises:
        InputError: Something of it cannot be read.
    """
    link = read_link(fields)
    if link is None:
        raise InputError("There is no question.", "Type one, or choose an example.")
    # Outside its conversation a question is numbered from 1.
    return link, read_numbering(json.loads(recalled)) if recalled and link.before else ()


def read_sent(sent: Mapping[str, Any], chosen: Filter) -> tuple[Link, Numbering]:
    """Return the question of a conversation as the page sends it, with the numbers given so far.

    Args:
        sent: "text" of the question, "without" what it would be limited to, "conversation" and "numbering".
        chosen: The filters that the reader has set.

    Raises:
        InputError: Something of it cannot be read.
    """
    left_out = tuple(str(one) for one in sent.get("without") or ())
    question = Question(read_question(str(sent.get("text") or "")), filter=chosen, without=left_out)
    before = read_conversation(sent.get("conversation") or [])
    return Link(question, before), read_numbering(sent.get("numbering") or [])


def without_filter(limits: Limits, taken: Mapping[str, Any]) -> Limits:
    """Return the filters without the one that is taken away: its "kind" and "value"."""
    outlets, authors, first, last = limits
    kind, value = taken.get("kind"), taken.get("value")
    return (
        [name for name in outlets or () if (kind, name) != ("outlet", value)],
        [name for name in authors or () if (kind, name) != ("author", value)],
        "" if kind == "from" else first,
        "" if kind == "until" else last,
    )


def _choose(names: Sequence[str], choices: Sequence[str]) -> gr.Dropdown:
    """Offer the choices, with those names chosen that are among them: Gradio refuses any other value."""
    known = [name for name in names if name in choices]
    return gr.Dropdown(choices=list(choices), value=known) if known else gr.Dropdown(choices=list(choices))
