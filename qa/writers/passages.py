"""What a model is given: the words that the answer cites and what stands around them, then other passages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.errors import InputError
from index.schema import ArticleCard, Hit, Sentence, Span
from index.stores.protocol import Store
from qa.schema import Answer, Citation
from qa.writers.disguises import READ, addresses_software

AROUND = 2
"""Sentences given on each side of cited words."""
_FIRST = 8
"""Cited places looked at; of a long count the first are enough."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one article, in their order, that may be shown to a model and cited.

    Attributes:
        sentences: Their places in the article's text.
    """

    article: ArticleCard
    text: str
    sentences: tuple[Span, ...]

    @property
    def words(self) -> str:
        """Return the passage's words as they stand in the article."""
        return " ".join(span.of(self.text) for span in self.sentences)


@dataclass(frozen=True, slots=True)
class Selection:
    """The passages for a model, and how many articles were kept from it for the orders in them."""

    passages: tuple[Passage, ...]
    withheld: int = 0


def select_passages(store: Store, answer: Answer, hits: Sequence[Hit], most: int) -> Selection:
    """Choose the passages for a model: first what the answer cites, then other hits of the search.

    An article that gives orders to software anywhere is left out whole, cited or not: what stands beside an
    order may be a part of it.
    """
    found: dict[str, list[Span]] = {}
    kept: dict[str, _Shelved] = {}
    for citation in _cited(answer):
        _add(store, citation.article, Span(citation.start, citation.end), AROUND, found, kept)
    cited = set(found)
    for hit in hits:
        if sum(kept[article].clean for article in found) >= most:
            break
        if not cited & {hit.article.id, *hit.also_in}:
            _add(store, hit.article, Span(hit.start, hit.end), 0, found, kept)
    passages = tuple(
        Passage(kept[article].card, kept[article].text, spoken)
        for article, places in found.items()
        if kept[article].clean and (spoken := tuple(sorted(set(places), key=lambda span: span.start)))
    )
    return Selection(passages[:most], sum(not one.clean for one in kept.values()))


@dataclass(frozen=True, slots=True)
class _Shelved:
    """An article that passages are cut from; `clean` when nothing in it speaks to software."""

    card: ArticleCard
    text: str
    sentences: tuple[Sentence, ...]
    clean: bool


def _cited(answer: Answer) -> Iterator[Citation]:
    places = [citation for sentence in answer.sentences for citation in sentence.citations]
    if answer.tally:
        places += [citation for row in answer.tally.rows for citation in row.evidence]
    yield from list(dict.fromkeys(places))[:_FIRST]


def _add(
    store: Store,
    card: ArticleCard,
    place: Span,
    around: int,
    found: dict[str, list[Span]],
    kept: dict[str, _Shelved],
) -> None:
    """Note the sentences at and around a place of an article; an article that is gone is passed over."""
    if card.id not in kept:
        try:
            text, sentences = store.text(card.id), tuple(store.sentences(card.id))
        except InputError:
            return
        heading = " \n ".join((card.title, *card.authors, card.outlet or ""))
        clean = not addresses_software(heading) and not addresses_software(text[:READ])
        kept[card.id] = _Shelved(card, text, sentences, clean)
    sentences = kept[card.id].sentences
    inside = [at for at, one in enumerate(sentences) if one.start < place.end and one.end > place.start]
    if inside:
        wanted = range(max(inside[0] - around, 0), min(inside[-1] + around + 1, len(sentences)))
        found.setdefault(card.id, []).extend(Span(sentences[at].start, sentences[at].end) for at in wanted)
