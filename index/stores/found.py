"""What a question asks of a store, and what the store finds, as columns. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.schema import Filter

Numbers = NDArray[np.int64]
Scores = NDArray[np.float64]


class Scored(NamedTuple):
    """Chunks that one search proposes: their numbers and scores, shape (m,) each, in no order."""

    chunks: Numbers
    scores: Scores


NO_CHUNKS = Scored(np.zeros(0, np.int64), np.zeros(0))


@dataclass(frozen=True, slots=True)
class Sought:
    """What a question asks of a store, all in one call.

    Attributes:
        words: Plain lists of words, each searched by itself by BM25; any word of a list may match.
        vector: Searched by cosine, shape (dimension,) and unit length; None for no such search.
        phrases: Words in a row, in any of their forms, that the chunks found may hold.
        k: How many chunks each search proposes at most.
        filter: Limits the articles.
    """

    words: tuple[str, ...]
    vector: NDArray[np.float32] | None
    phrases: tuple[str, ...]
    k: int
    filter: Filter


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The n chunks that the searches of a question propose, ordered by article id, then place in the article.

    Attributes:
        chunks: Their numbers, shape (n,); those of one article ascend.
        articles: The ids of their a articles, ascending.
        days: The articles' days of publication as `date.toordinal` has them, 0 where unknown; shape (a,).
        article: For each chunk the place of its article in `articles`, shape (n,).
        words: BM25 in each list of words, NaN where the chunk is not among its k best; shape (lists, n).
        vector: The cosine, NaN likewise; shape (n,).
        holding: Which of the phrases each chunk's text holds, shape (phrases, n).
    """

    chunks: Numbers
    articles: tuple[str, ...]
    days: Numbers
    article: Numbers
    words: Scores
    vector: Scores
    holding: NDArray[np.bool_]


def nothing_found(sought: Sought) -> Found:
    """Return the columns of no chunk."""
    none = np.zeros(0, np.int64)
    words, holding = np.zeros((len(sought.words), 0)), np.zeros((len(sought.phrases), 0), bool)
    return Found(none, (), none, none, words, np.zeros(0), holding)


def column(chunks: Numbers, found: Scored) -> Scores:
    """Return the scores of ascending chunk numbers, NaN for those that a search does not propose.

    Args:
        chunks: Numbers, among which all those found are.
        found: What the search proposes.

    Example:
        >>> column(np.array([3, 5, 8]), Scored(np.array([8, 3]), np.array([0.5, 0.25]))).tolist()
        [0.25, nan, 0.5]
    """
    scores = np.full(len(chunks), np.nan)
    scores[np.searchsorted(chunks, found.chunks)] = found.scores
    return scores


def best_of(scores: Scores, k: int) -> NDArray[np.bool_]:
    """Return which scores are among the k best: NaN never is, of equal ones the first are.

    Example:
        >>> best_of(np.array([0.5, np.nan, 0.9, 0.5]), 2).tolist()
        [True, False, True, False]
    """
    best = ~np.isnan(scores)
    if best.sum() > k:
        best[:] = False
        best[np.argsort(-scores, kind="stable")[:k]] = True
    return best


def taken(found: Found, k: int) -> Found:
    """Return the k best of each search, and no chunk that is none of these.

    Example: what several shards found, put together in order, becomes what one library finds.
    """
    words = np.array([np.where(best_of(scores, k), scores, np.nan) for scores in found.words])
    words = words.reshape(found.words.shape)
    vector = np.where(best_of(found.vector, k), found.vector, np.nan)
    kept = ~(np.isnan(words).all(axis=0) & np.isnan(vector))
    places, article = np.unique(found.article[kept], return_inverse=True)
    return Found(
        found.chunks[kept],
        tuple(found.articles[place] for place in places.tolist()),
        found.days[places],
        article,
        words[:, kept],
        vector[kept],
        found.holding[:, kept],
    )


def put_together(parts: Sequence[Found]) -> Found:
    """Return the chunks of several libraries, which share no article, as columns of one."""
    articles = [identity for part in parts for identity in part.articles]
    days = np.concatenate([part.days for part in parts])
    first = np.cumsum([0, *(len(part.articles) for part in parts)])
    article = np.concatenate([part.article + begin for part, begin in zip(parts, first, strict=False)])
    # Where each article goes when all are sorted by id.
    order = np.array(sorted(range(len(articles)), key=articles.__getitem__), np.int64)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    article = rank[article]
    chunks = np.concatenate([part.chunks for part in parts])
    rows = np.lexsort((chunks, article))
    return Found(
        chunks[rows],
        tuple(articles[place] for place in order.tolist()),
        days[order],
        article[rows],
        np.concatenate([part.words for part in parts], axis=1)[:, rows],
        np.concatenate([part.vector for part in parts])[rows],
        np.concatenate([part.holding for part in parts], axis=1)[:, rows],
    )
