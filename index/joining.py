"""From chunks to passages: neighbours are joined, copies of one wire story are collapsed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.schema import ArticleCard, Scores
from index.stores.protocol import Store, StoredChunk

COPIED = 0.6
"""Share of a chunk's word triples that a passage of a near-duplicate article must hold to stand for it."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one article with its scores and the near-duplicate articles that say the same.

    `group` is the story that its article tells. `promised` marks one that holds an exact term of the
    question: it is not given up for a copy, which may be an earlier version with another number.
    """

    article: str
    group: str
    start: int
    end: int
    scores: Scores
    also_in: frozenset[str] = frozenset()
    promised: bool = False


class Shelf:
    """The chunks and articles that one search looks at, each read once.

    An article that another process removes meanwhile reads as None, and its chunks are passed over.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._chunks: dict[int, StoredChunk | None] = {}
        self._cards: dict[str, ArticleCard | None] = {}
        self._texts: dict[str, str] = {}

    def expect(self, texts: Sequence[str], cards: Sequence[str], chunks: Sequence[int]) -> None:
        """Say what will be read: texts and cards of articles, and where chunks stand."""
        self._store.read_ahead(texts, cards=cards, chunks=chunks)

    def fetch(self, chunks: Sequence[int], articles: Sequence[str]) -> None:
        """Read at once where several chunks stand, and the cards of several articles."""
        found = {chunk.chunk: chunk for chunk in self._store.chunks(chunks)}
        self._chunks |= {chunk: found.get(chunk) for chunk in chunks}
        cards = self._store.cards(sorted(set(articles)))
        self._cards |= {article: cards.get(article) for article in articles}

    def chunk(self, number: int) -> StoredChunk | None:
        """Return where a chunk stands, None where it is gone."""
        if number not in self._chunks:
            self._chunks[number] = next(iter(self._store.chunks([number])), None)
        return self._chunks[number]

    def chunk_text(self, number: int) -> str:
        """Return a chunk's text, empty where it is gone."""
        chunk = self.chunk(number)
        return "" if chunk is None else self.text(chunk.article)[chunk.start : chunk.end]

    def card(self, article: str) -> ArticleCard | None:
        """Return the article's card, None where it is gone."""
        if article not in self._cards:
            self._cards[article] = self._store.cards([article]).get(article)
        return self._cards[article]

    def text(self, article: str) -> str:
        """Return the article's text, empty where it is gone."""
        if article not in self._texts:
            self.fetch_texts([article])
        return self._texts[article]

    def fetch_texts(self, articles: Iterable[str]) -> None:
        """Read the texts of several articles at once."""
        wanted = sorted(set(articles) - self._texts.keys())
        if wanted:
            found = self._store.texts(wanted)
            for article in wanted:
                self._texts[article] = found.get(article, "")
                if article not in found:
                    self._cards[article] = None


def spare_for(k: int) -> int:
    """Return how many chunks after k passages are looked at: they may be copies of one."""
    return 2 * k + 10


def join_passages(
    chosen: Iterable[Passage], rest: Iterable[Passage], shelf: Shelf, k: int, longest: int
) -> list[Passage]:
    """Return at most k passages: chunks with their chosen neighbours joined and copies collapsed.

    Args:
        chosen: The chunks that have a place.
        rest: Further chunks, best first; they fill the places that joining and collapsing set free.
        shelf: The articles.
        k: How many passages.
        longest: No joined passage is longer than this many characters.
    """
    passages: list[Passage] = []
    for candidate in chosen:
        _place(passages, candidate, shelf, longest)
    spare = spare_for(k)
    for candidate in rest:
        if len(passages) < k:
            _place(passages, candidate, shelf, longest)
        elif spare:
            # What comes next is no passage any more, but it may be a copy of one.
            spare -= 1
            _collapsed(passages, candidate, shelf)
        else:
            break
    return passages


def _place(passages: list[Passage], candidate: Passage, shelf: Shelf, longest: int) -> None:
    """Join the candidate to a passage, collapse it into one, or make it one; no two passages overlap."""
    if not candidate.promised and _collapsed(passages, candidate, shelf):
        return
    joined = candidate
    text = shelf.text(candidate.article)
    place = len(passages)
    for position in reversed(range(len(passages))):
        other = passages[position]
        if other.article != joined.article or not _touch(text, joined, other):
            continue
        union = _union(joined, other)
        if union.end - union.start <= longest:
            joined, place = union, position
            del passages[position]
        else:
            # What both hold stays with the passage that came first, which scores better.
            joined = _without(joined, other, text)
    if joined.start < joined.end:
        passages.insert(place, joined)


def _without(passage: Passage, other: Passage, text: str) -> Passage:
    """Return the passage without what `other` holds, cut at white space; empty where nothing is left."""
    start, end = passage.start, passage.end
    if start < other.start:
        end = min(end, other.start)
    else:
        start = min(end, max(start, other.end))
    left = text[start:end]
    return replace(
        passage, start=end - len(left.lstrip()), end=start + len(left.rstrip()) if left.strip() else end
    )


def _touch(text: str, one: Passage, other: Passage) -> bool:
    """Return whether two passages of one text overlap or have only white space between them."""
    first, second = sorted((one, other), key=lambda passage: passage.start)
    return not text[first.end : second.start].strip()


def _union(one: Passage, other: Passage) -> Passage:
    return Passage(
        one.article,
        one.group,
        min(one.start, other.start),
        max(one.end, other.end),
        Scores(
            max(one.scores.fused, other.scores.fused),
            _highest(one.scores.words, other.scores.words),
            _highest(one.scores.vector, other.scores.vector),
        ),
        one.also_in | other.also_in,
        one.promised or other.promised,
    )


def _highest(one: float | None, other: float | None) -> float | None:
    found = [score for score in (one, other) if score is not None]
    return max(found, default=None)


def _collapsed(passages: list[Passage], candidate: Passage, shelf: Shelf) -> bool:
    """Return whether a passage of another copy of the same story says the same; it notes the copy."""
    for position, passage in enumerate(passages):
        if passage.group != candidate.group or passage.article == candidate.article:
            continue
        triples = _triples(shelf.text(candidate.article)[candidate.start : candidate.end])
        shared = triples & _triples(shelf.text(passage.article)[passage.start : passage.end])
        if len(shared) >= COPIED * len(triples):
            passages[position] = replace(passage, also_in=passage.also_in | {candidate.article})
            return True
    return False


def _triples(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return {tuple(words[place : place + 3]) for place in range(max(1, len(words) - 2))}
