"""What cited words rest on: themselves, the sentences beside them, who is named and who speaks there."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.schema import Mention, MentionKind, Sentence
from index.stores.protocol import Store
from qa.schema import Citation

_NAMING_KINDS = (MentionKind.PERSON, MentionKind.ORGANISATION, MentionKind.PLACE)
NEIGHBOURS = 1
"""Sentences on either side of the cited words that may bear out a name, a figure or a date."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One cited place.

    Attributes:
        cited: The cited words; `before` and `after` the sentences beside them.
        mentions: Full names of whoever is named in all of these.
        speakers: Full names of whoever speaks in the cited words, or beside them where nobody does.
        article: The article's text; `sentences` its sentences.
    """

    citation: Citation
    cited: str
    before: str
    after: str
    mentions: tuple[str, ...]
    speakers: tuple[str, ...]
    article: str
    sentences: tuple[str, ...]

    @property
    def window(self) -> str:
        """The cited words with their neighbours."""
        return " ".join(part for part in (self.before, self.cited, self.after) if part)

    @property
    def heading(self) -> str:
        """What the article's card says: title, outlet, authors."""
        card = self.citation.article
        return ". ".join(part for part in (card.title, card.outlet or "", *card.authors) if part)


def read_ground(store: Store, citation: Citation) -> Ground:
    """Read one cited place from the library."""
    article_id = citation.article.id
    text = store.text(article_id)
    sentences = store.sentences(article_id)
    first, last = _range(sentences, citation.start, citation.end)
    before = _words(text, sentences[max(first - NEIGHBOURS, 0) : first])
    after = _words(text, sentences[last + 1 : last + 1 + NEIGHBOURS])
    start = sentences[max(first - NEIGHBOURS, 0)].start if sentences else citation.start
    end = sentences[min(last + NEIGHBOURS, len(sentences) - 1)].end if sentences else citation.end
    mentions = store.mentions_between(article_id, min(start, citation.start), max(end, citation.end))
    return Ground(
        citation=citation,
        cited=citation.quote,
        before=before,
        after=after,
        mentions=_full_names(mentions),
        speakers=_speakers(store, citation, (start, end)),
        article=text,
        sentences=tuple(text[one.start : one.end] for one in sentences),
    )


def _range(sentences: Sequence[Sentence], start: int, end: int) -> tuple[int, int]:
    """Return the first and last sentence that the characters touch."""
    touched = [place for place, one in enumerate(sentences) if one.start < end and start < one.end]
    return (touched[0], touched[-1]) if touched else (0, -1)


def _words(text: str, sentences: Sequence[Sentence]) -> str:
    return " ".join(text[one.start : one.end] for one in sentences)


def _full_names(mentions: Sequence[Mention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.name for one in mentions if one.kind in _NAMING_KINDS))


def _speakers(store: Store, citation: Citation, window: tuple[int, int]) -> tuple[str, ...]:
    statements = store.analysis(citation.article.id).statements
    for start, end in ((citation.start, citation.end), window):
        found = [one for one in statements if one.start < end and start < one.end]
        names = [name for one in found for name in (one.speaker, one.reported_by) if name]
        if names:
            return tuple(dict.fromkeys(names))
    return ()
