"""A question and a passage as the word pieces that the reader reads. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.wording import STOP_WORDS

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["LONGEST", "Pair", "pair_up"]

LONGEST = 128
"""Word pieces of a question and a passage together; what stands beyond is not read."""
_LONGEST_QUESTION = 48


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a passage side by side.

    Attributes:
        pieces: [CLS] question [SEP] passage [SEP].
        first: Where the passage begins in `pieces`.
        matched: The places of the pieces of the passage that the question has too, those of stop words apart.
        offsets: The range of characters of each piece of the passage.
    """

    pieces: tuple[int, ...]
    first: int
    matched: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]


def pair_up(tokenizer: "Tokenizer", question: str, passages: Sequence[str]) -> list[Pair]:
    """Put the question before each passage."""
    asked = tokenizer.encode(question, add_special_tokens=False).ids[:_LONGEST_QUESTION]
    opening = (_piece(tokenizer, "[CLS]"), *asked, _piece(tokenizer, "[SEP]"))
    content = frozenset(piece for piece in asked if not _is_small(tokenizer.id_to_token(piece) or ""))
    room = LONGEST - len(opening) - 1
    pairs = []
    for passage in passages:
        encoding = tokenizer.encode(passage, add_special_tokens=False)
        own = encoding.ids[:room]
        matched = tuple(len(opening) + place for place, piece in enumerate(own) if piece in content)
        pieces = (*opening, *own, opening[-1])
        pairs.append(Pair(pieces, len(opening), matched, tuple(encoding.offsets[:room])))
    return pairs


def _piece(tokenizer: "Tokenizer", name: str) -> int:
    number = tokenizer.token_to_id(name)
    assert number is not None, (
        f"no BERT tokenizer: it has no {name}"
    )  # the encoder's own, checked when loaded
    return number


def _is_small(piece: str) -> bool:
    """Whether a piece carries no content: a stop word, or a single character that is no digit."""
    return piece in STOP_WORDS or (len(piece) == 1 and not piece.isdigit())
