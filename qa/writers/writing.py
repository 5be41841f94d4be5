"""An answer in a language model's own words: asked, read, checked sentence by sentence while it writes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from index.aliases import read_aliases
from index.library import ALIAS_FILE, Library
from index.schema import Hit
from qa.schema import Answer, AnswerSentence, Citation, Written
from qa.verify import Checker, Entailment
from qa.writers.checking import SentenceCheck
from qa.writers.passages import select_passages
from qa.writers.prompt import build_prompt
from qa.writers.protocol import Message, Writer, WriterError, WrittenDelta
from qa.writers.reading import Heard, Reading
from qa.writers.settings import PROMPT_TOKENS

_ABSTAINED = "The articles don't say, so the model was not asked: it could only guess."
_NOTHING_TO_CITE = (
    "This answer was looked up, not read in passages, so there is nothing for a model to put in words."
)
_NO_ROOM = (
    f"Not one passage fits beside the question in what the model may be given. Raise {PROMPT_TOKENS}, "
    "or ask a shorter question."
)
_ONLY_ORDERS = (
    "The model was not asked: all that is cited stands in articles that give orders to software or hide text."
)
_REFUSED = "The model found no answer in the passages. The answer above stands."
_EMPTY = "The model wrote nothing that can be read as an answer. The answer above stands; try another model."
_REPEATS = 3
"""A model that says the same thing over so often goes round in circles."""
MOST_SENTENCES = 12
"""Sentences taken from one text; a model that writes more was asked for four."""


def write_answer(
    library: Library,
    answer: Answer,
    hits: Sequence[Hit],
    writer: Writer,
    entailment: Entailment | None = None,
) -> Iterator[WrittenDelta | Written]:
    """Have a model put an answer in its own words; yield each checked sentence, at the end the whole.

    Nothing that the model wrote is yielded before it was checked. Every other item is a `WrittenDelta`, the
    last one the complete `Written`. Whatever goes wrong is told in its `status`; nothing is raised for it.
    Closing the iterator ends the request.

    Args:
        library: Where the articles are.
        answer: The extractive answer. When it abstains, or cites nothing, the model is not asked.
        hits: Passages beside the ones that the answer cites, best first.
        writer: The model.
        entailment: A model of natural language inference that checks its sentences too.
    """
    reason = _not_asked(answer)
    if reason:
        yield Written(writer.model, status=reason)
        return
    selection = select_passages(library.store, answer, hits, writer.limits.passages)
    if not selection.passages:
        yield Written(writer.model, status=_ONLY_ORDERS)
        return
    prompt = build_prompt(answer.question, selection.passages, writer.limits.prompt_tokens)
    if prompt is None:
        yield Written(writer.model, status=_NO_ROOM)
        return
    check = SentenceCheck(
        library.store,
        Checker(library.store, library.embedder, entailment, read_aliases(library.path / ALIAS_FILE)),
        prompt.keys,
        cited_by(answer),
        answer.question,
    )
    account = _Account(check, Reading(tuple(prompt.keys)), selection.withheld)
    yield from _written(writer, prompt.messages, account)


def _not_asked(answer: Answer) -> str:
    if answer.abstained:
        return _ABSTAINED
    return "" if cited_by(answer) else _NOTHING_TO_CITE


def cited_by(answer: Answer) -> tuple[Citation, ...]:
    """Return every citation of an answer, in the order in which they are numbered."""
    places = [citation for sentence in answer.sentences for citation in sentence.citations]
    if answer.tally:
        places += [citation for row in answer.tally.rows for citation in row.evidence]
    return tuple(dict.fromkeys(places))


def _written(
    writer: Writer, messages: tuple[Message, ...], account: "_Account"
) -> Iterator[WrittenDelta | Written]:
    failure = ""
    pieces = writer.stream(messages)
    try:
        for piece in pieces:
            new = [account.take(heard) for heard in account.reading.add(piece)]
            yield from (WrittenDelta(one, account.reading.characters) for one in new if one)
            if not new:
                yield WrittenDelta(None, account.reading.characters)
            if account.is_done:
                break
    except WriterError as error:
        failure = str(error)
    finally:
        # An iterator of a generator function; a writer may hand out any other.
        close = getattr(pieces, "close", None)
        if close:
            close()
    # After a failure the last words may be half a sentence, which says something else than the whole.
    last = [heard for heard in account.reading.end() if not failure or _is_whole(heard.text)]
    new = [account.take(heard) for heard in last]
    yield from (WrittenDelta(one, account.reading.characters) for one in new if one)
    yield account.written(writer.model, failure)


def _is_whole(text: str) -> bool:
    return text.rstrip("”\"’')")[-1:] in (".", "!", "?")


@dataclass(slots=True)
class _Account:
    """What has become of a model's text so far."""

    check: SentenceCheck
    reading: Reading
    withheld: int
    kept: list[AnswerSentence] = field(default_factory=list)
    from_nowhere: int = 0
    repaired: int = 0
    repeated: int = 0

    @property
    def is_done(self) -> bool:
        """Whether more of the text can bring nothing."""
        return self.repeated >= _REPEATS or len(self.kept) + self.from_nowhere >= MOST_SENTENCES

    def take(self, heard: Heard) -> AnswerSentence | None:
        """Check a sentence; return it if it is to be shown."""
        if self.is_done:
            return None
        verdict = self.check.check(heard)
        if verdict.sentence is None:
            self.from_nowhere += 1
            return None
        if any(one.text == verdict.sentence.text for one in self.kept):
            self.repeated += 1
            return None
        self.repaired += verdict.repaired
        self.kept.append(verdict.sentence)
        return verdict.sentence

    def written(self, model: str, failure: str) -> Written:
        """Return the whole, with everything that is to be said of it."""
        remarks = [failure, *self._remarks()]
        if not self.kept and not failure and not self.from_nowhere:
            remarks.insert(0, _REFUSED if self.reading.refused else _EMPTY)
        return Written(
            model=model,
            sentences=tuple(self.kept),
            cut=tuple(self.reading.cut),
            status=" ".join(remark for remark in remarks if remark),
        )

    def _remarks(self) -> Iterator[str]:
        if self.from_nowhere:
            were = _count(self.from_nowhere, "sentence was", "sentences were")
            yield f"{were} left out for names, figures or words that no passage holds."
        if self.repaired:
            have = _count(self.repaired, "altered quotation has", "altered quotations have")
            yield f"{have} been given the article's own words."
        if self.repeated >= _REPEATS:
            yield "The model went round in circles and was stopped."
        elif self.is_done:
            yield f"The model was stopped after {MOST_SENTENCES} sentences."
        if self.withheld:
            were = _count(self.withheld, "article was", "articles were")
            yield f"{were} not given to the model for orders to software or hidden text in them."


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
