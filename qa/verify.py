"""Checks each sentence of an answer against the articles it cites."""

from collections.abc import Sequence

from index.stores.protocol import Store
from qa.schema import AnswerSentence, Citation, Support


def verify(store: Store, shown: Sequence[Citation]) -> tuple[AnswerSentence, ...]:
    """Turn the sentences of a draft into checked answer sentences.

    A sentence whose citation is exactly the words at that place of the article is quoted. One whose words
    stand elsewhere in the article (it was re-read since) is cited where they stand. One whose words are
    gone keeps its text, loses the citation and is marked weak: nothing is dropped in silence.
    """
    return tuple(_checked(store, citation) for citation in shown)


def _checked(store: Store, citation: Citation) -> AnswerSentence:
    text = store.article(citation.article.id).text
    if text[citation.start : citation.end] == citation.quote:
        return AnswerSentence(citation.quote, Support.QUOTED, (citation,))
    place = text.find(citation.quote)
    if place < 0:
        return AnswerSentence(citation.quote, Support.WEAK, ())
    moved = Citation(citation.article, place, place + len(citation.quote), citation.quote)
    return AnswerSentence(citation.quote, Support.QUOTED, (moved,))
