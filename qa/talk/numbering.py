"""Numbers of citations: a passage keeps its number through a conversation. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, TypeAlias

from index.errors import InputError
from qa.schema import Answer, Citation

Passage: TypeAlias = tuple[str, int, int]
"""An article's id and the characters of it that are cited."""

Numbering: TypeAlias = tuple[Passage, ...]
"""The passages cited so far; the number of each is its position, counted from 1."""

MAX_PASSAGES = 20_000


def passage_of(citation: Citation) -> Passage:
    """Return the passage that a citation cites."""
    return citation.article.id, citation.start, citation.end


def citations_in(answer: Answer) -> Iterator[Citation]:
    """Yield what an answer cites: its sentences, a model's own words, the statements counted."""
    for sentence in chain(answer.sentences, answer.written.sentences if answer.written else ()):
        yield from sentence.citations
    for row in answer.tally.rows if answer.tally else ():
        yield from row.evidence


def shown_in(answer: Answer) -> Iterator[Citation]:
    """Yield every citation that is shown: the cited, the unclear, and where it abstains the nearest."""
    return chain(citations_in(answer), answer.unclear, answer.nearest if answer.abstained else ())


def numbered(answer: Answer, before: Numbering = ()) -> Numbering:
    """Return the numbering after this answer: what was numbered before keeps its number, new passages go on.

    >>> numbered(Answer("q", plan, abstained=True), (("a", 0, 9),))  # doctest: +SKIP
    (('a', 0, 9),)
    """
    return tuple(dict.fromkeys(chain(before, map(passage_of, shown_in(answer)))))


def numbers_of(numbering: Numbering) -> dict[Passage, int]:
    """Return the number of each passage."""
    return {passage: number for number, passage in enumerate(numbering, 1)}


def marks(citations: Iterable[Citation], numbers: dict[Passage, int]) -> str:
    """Return the numbers of citations as text, each once: "[1][4]"."""
    return "".join(f"[{number}]" for number in dict.fromkeys(numbers[passage_of(one)] for one in citations))


def numbering_json(numbering: Numbering) -> list[list[Any]]:
    """Return the numbering as plain JSON, to be kept beside a conversation."""
    return [list(passage) for passage in numbering]


def read_numbering(value: object) -> Numbering:
    """Return the numbering that `numbering_json` gave.

    Raises:
        InputError: It is none.
    """
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > MAX_PASSAGES:
        raise InputError("The numbers of the citations cannot be read.", "Begin a new conversation.")
    found: list[Passage] = []
    for one in value:
        match one:
            case [str(article), int(start), int(end)] if 0 <= start <= end:
                found.append((article, start, end))
            case _:
                raise InputError("A citation's number cannot be read.", "Begin a new conversation.")
    return tuple(dict.fromkeys(found))
