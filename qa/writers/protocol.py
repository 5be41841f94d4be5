"""What a language model has to offer here: it streams text for a prompt, or says in plain words why not."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from index.errors import DatelineError
from qa.schema import AnswerSentence


class WriterError(DatelineError):
    """A language model that cannot be reached, fails or stops half way.

    Its text is shown to the reader as `Written.status`, so it names no key and repeats no words of a server.
    """


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt; `role` is "system" or "user"."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a model may be given and may write.

    Attributes:
        prompt_tokens: Tokens of all messages together, counted in cl100k_base.
        answer_tokens: Tokens of what it writes; it is cut off there.
        passages: Passages it is given at most.
    """

    prompt_tokens: int = 3_000
    answer_tokens: int = 500
    passages: int = 6


class Writer(Protocol):
    """A language model that writes from passages."""

    @property
    def model(self) -> str:
        """Return the model's name, as shown to the reader."""

    @property
    def limits(self) -> Limits:
        """Return how much it may be given and may write."""

    def stream(self, messages: tuple[Message, ...]) -> Iterator[str]:
        """Yield the model's text piece by piece, and "" now and then while there is nothing new.

        Closing the iterator ends the request at once.

        Raises:
            WriterError: There is no text, or no more: what happened and what to do about it.
        """


@dataclass(frozen=True, slots=True)
class WrittenDelta:
    """What is new while a model writes.

    Attributes:
        sentence: A further sentence, checked; None when the model is still at it.
        characters: How much it has written so far, to show that it is at work.
    """

    sentence: AnswerSentence | None
    characters: int
