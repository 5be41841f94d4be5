"""The sentences of an extractive answer: each is what its article says at its place."""

from collections.abc import Sequence
from dataclasses import replace

from index.stores.protocol import Store
from qa.schema import AnswerSentence, Citation, Support

GONE = "the article no longer holds these words"


def verify(store: Store, shown: Sequence[Citation]) -> tuple[AnswerSentence, ...]:
    """Turn the sentences of a draft into checked answer sentences.

    A sentence whose citation is exactly the words at that place of the article is quoted. One whose words
    stand elsewhere in the article (it was re-read since) is cited where they stand. One whose words are
    gone keeps its text, loses the citation and is marked weak: nothing is dropped in silence.
    """
    return tuple(_checked(store, citation) for citation in shown)


def _checked(store: Store, citation: Citation) -> AnswerSentence:
    found = placed(store, citation)
    if found is None:
        return AnswerSentence(citation.quote, Support.WEAK, (), 0.0, (GONE,))
    return AnswerSentence(citation.quote, Support.QUOTED, (found,))


def placed(store: Store, citation: Citation) -> Citation | None:
    """Return a citation where its words stand in the article now, None where they are gone."""
    text = store.text(citation.article.id)
    if text[citation.start : citation.end] == citation.quote and citation.quote:
        return citation
    place = text.find(citation.quote) if citation.quote else -1
    return replace(citation, start=place, end=place + len(citation.quote)) if place >= 0 else None
