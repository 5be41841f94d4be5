"""Ways of finding passages that were tried beside search's settings, so that they can be tried again.

Pseudo-relevance feedback takes the first passages of a first search for relevant: their telling words (as in
Rocchio's and RM3's methods) or the mean of their vectors join the question. Diversity gives later passages of
an article, or of an outlet, a lower place. `python -m benchmarks.retrieval --trials` measures them.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from index.library import Library
from index.schema import Hit
from index.search import SearchSettings, search
from index.stores.found import Found, Sought, taken
from index.terms import STOP_WORDS, search_terms

Finder = Callable[[Library, str, int, SearchSettings], list[Hit]]
_WORD = re.compile(r"[^\W\d_][\w’'-]{2,}")
_POOL = 3
"""Times as many passages as wanted, among which diversity chooses."""


def as_shipped(library: Library, question: str, k: int, settings: SearchSettings) -> list[Hit]:
    """Search as the product does."""
    return search(library, question, k=k, settings=settings)


def by_words(passages: int, terms: int, weight: float) -> Finder:
    """Search again with telling words of the first passages, whose BM25 counts `weight` of the question's."""

    def find(library: Library, question: str, k: int, settings: SearchSettings) -> list[Hit]:
        first = search(library, question, k=max(k, passages), settings=settings)[:passages]
        telling = _telling(library, question, first, terms)
        if not telling:
            return search(library, question, k=k, settings=settings)
        led = _Led(library, words=(" ".join(search_terms(question)), telling, weight))
        return search(cast(Library, led), question, k=k, settings=settings)

    return find


def by_vectors(passages: int, weight: float) -> Finder:
    """Search again with the question's vector moved towards the mean of the first passages' vectors."""

    def find(library: Library, question: str, k: int, settings: SearchSettings) -> list[Hit]:
        first = search(library, question, k=max(k, passages), settings=settings)[:passages]
        if not first:
            return []
        near = library.embedder.embed([hit.text for hit in first]).mean(axis=0)
        moved = library.comparer.question_vector(question) + weight * near
        led = _Led(library, vector=moved / np.linalg.norm(moved))
        return search(cast(Library, led), question, k=k, settings=settings)

    return find


def spread(of: Callable[[Hit], str], kept: float) -> Finder:
    """Lower each passage's score to `kept` of it for every earlier passage with the same `of`."""

    def find(library: Library, question: str, k: int, settings: SearchSettings) -> list[Hit]:
        return _spread(search(library, question, k=_POOL * k, settings=settings), of, kept, k)

    return find


def unlike(weight: float) -> Finder:
    """Choose by maximal marginal relevance: `weight` of the likeness to a passage chosen already is lost."""

    def find(library: Library, question: str, k: int, settings: SearchSettings) -> list[Hit]:
        hits = search(library, question, k=_POOL * k, settings=settings)
        if not hits:
            return []
        vectors = library.embedder.embed([hit.text for hit in hits])
        alike = vectors @ vectors.T
        chosen: list[int] = []
        while len(chosen) < min(k, len(hits)):
            left = [place for place in range(len(hits)) if place not in chosen]
            worth = {
                place: hits[place].scores.fused
                - weight * max((float(alike[place, other]) for other in chosen), default=0.0)
                for place in left
            }
            chosen.append(max(left, key=lambda place: (worth[place], -place)))
        return _ranked([hits[place] for place in chosen])

    return find


TRIALS: dict[str, Finder] = {
    **{
        f"words fed back, {passages}/{terms}/{weight}": by_words(passages, terms, weight)
        for passages, terms, weight in ((3, 5, 0.2), (3, 10, 0.2), (3, 10, 0.4), (5, 10, 0.2), (10, 20, 0.2))
    },
    **{
        f"vectors fed back, {passages}/{weight}": by_vectors(passages, weight)
        for passages, weight in ((3, 0.1), (3, 0.3), (3, 0.6), (5, 0.3), (1, 0.3))
    },
    **{
        f"articles spread, {kept}": spread(lambda hit: hit.article.id, kept)
        for kept in (1.0, 0.95, 0.9, 0.8, 0.5)
    },
    **{
        f"outlets spread, {kept}": spread(lambda hit: hit.article.outlet or hit.article.id, kept)
        for kept in (0.98, 0.95, 0.9)
    },
    **{f"unlike passages, {weight}": unlike(weight) for weight in (0.1, 0.3)},
}
"""By name: passages/terms/weight of feedback, the share of a score kept by diversity.

Diversity chooses among three times as many passages, whose neighbours are joined; 1.0 does that alone."""


def _telling(library: Library, question: str, hits: Sequence[Hit], most: int) -> list[str]:
    """Return the words that stand in most of the passages and in few articles, without the question's own."""
    known = {word.lower() for word in search_terms(question)}
    counts: Counter[str] = Counter()
    for hit in hits:
        said = {word.lower() for word in _WORD.findall(hit.text)}
        counts.update(word for word in said if word not in STOP_WORDS and word not in known)
    articles, holding = _frequencies(library)
    worth = {
        word: count * math.log(1 + articles / (1 + holding[word]))
        for word, count in counts.items()
        if count > 1
    }
    return sorted(worth, key=lambda word: (-worth[word], word))[:most]


_counted: dict[int, tuple[int, Counter[str]]] = {}


def _frequencies(library: Library) -> tuple[int, Counter[str]]:
    """Return how many articles there are, and how many of them hold each word; counted once a library."""
    if id(library) not in _counted:
        cards = library.store.articles()
        holding: Counter[str] = Counter()
        for card in cards:
            holding.update({word.lower() for word in _WORD.findall(library.store.article(card.id).text)})
        _counted[id(library)] = (len(cards), holding)
    return _counted[id(library)]


class _Led:
    """What search asks of a library, with what was fed back: another vector, or words beside the question's.

    Attributes:
        store: The library's, but for its search by words.
        comparer: The library's question vectors, or the one given in their place.
    """

    def __init__(
        self,
        library: Library,
        *,
        words: tuple[str, list[str], float] | None = None,
        vector: NDArray[np.float32] | None = None,
    ) -> None:
        self.store = _LedStore(library, words)
        self.comparer = _LedComparer(library, vector)


class _LedComparer:
    def __init__(self, library: Library, vector: NDArray[np.float32] | None) -> None:
        self._library, self._vector = library, vector

    def question_vector(self, question: str) -> NDArray[np.float32]:
        return self._library.comparer.question_vector(question) if self._vector is None else self._vector


class _LedStore:
    def __init__(self, library: Library, words: tuple[str, list[str], float] | None) -> None:
        self._store, self._words = library.store, words

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._store, name)

    def find(self, sought: Sought) -> Found:
        if self._words is None or sought.words[:1] != self._words[:1]:
            return self._store.find(sought)
        _, telling, weight = self._words
        # Its own list of words, the last: what it finds is added to what the question's words find.
        found = self._store.find(replace(sought, words=(*sought.words, " ".join(telling))))
        neither = np.isnan(found.words[0]) & np.isnan(found.words[-1])
        added = np.nan_to_num(found.words[0]) + weight * np.nan_to_num(found.words[-1])
        words = found.words[:-1].copy()
        words[0] = np.where(neither, np.nan, added)
        return taken(replace(found, words=words), sought.k)


def _spread(hits: Sequence[Hit], of: Callable[[Hit], str], kept: float, k: int) -> list[Hit]:
    left, chosen = list(hits), list[Hit]()
    seen: Counter[str] = Counter()
    while left and len(chosen) < k:
        best = max(left, key=lambda hit: (hit.scores.fused * kept ** seen[of(hit)], -hit.rank))
        left.remove(best)
        chosen.append(best)
        seen[of(best)] += 1
    return _ranked(chosen)


def _ranked(hits: Sequence[Hit]) -> list[Hit]:
    return [replace(hit, rank=place) for place, hit in enumerate(hits, 1)]
