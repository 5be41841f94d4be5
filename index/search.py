"""From a question to passages: the one entry to the text of the articles.

A question is searched twice, by its words (BM25) and by its meaning (cosine of the vectors), and the two
lists are fused. What the reader would look for letter by letter (names, numbers, quoted phrases) has a
promised place. Chunks then become passages: neighbours are joined, copies of one wire story are collapsed.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from index.errors import InputError
from index.fuse import (
    aged,
    ordered,
    reciprocal_rank,
    rounded,
    scaled,
    weighted_sum,
    with_articles,
    with_phrases,
    with_reserved,
)
from index.joining import Passage, Shelf, join_passages, spare_for
from index.library import Library
from index.rerankers.protocol import Reranker
from index.schema import Filter, Hit, Scores
from index.stores.found import Found, Sought
from index.terms import exact_terms, held_terms, search_terms, word_pairs


class Fusion(StrEnum):
    """How the scores of the parts become one; see `index.fuse`."""

    WEIGHTED_SUM = "weighted sum of scaled scores"
    RECIPROCAL_RANK = "reciprocal rank"


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """How passages are found and cut. The defaults were chosen by measuring: benchmarks/retrieval.py.

    Attributes:
        words: Weight of the words' BM25 in the fused score, 0 to 1; the vectors have the rest. A part of no
            weight is not asked; without words nothing is promised either.
        phrases: Weight of the question's pairs of neighbouring words that a chunk holds side by side, 0 to 1;
            the fused score has the rest.
        article: How much of a chunk's score is that of its article's best chunk, 0 to 1.
        reranker: A cross-encoder's folder or hub name, which orders the RERANKED best chunks; "" for none.
        fusion: How the parts are put together.
        depth: How many chunks each part proposes; twice the passages asked for where that is more.
        promised: Share of the k places kept for chunks that hold the question's names, numbers and quoted
            phrases, 0 to 1.
        passage_chars: Longest passage that joining neighbours may make.
        as_of: The day the question is asked, for news about "this week"; None ranks all dates alike.
        recency: How much of the score a day long before or after `as_of` may cost, 0 to 1.
        recency_days: Articles of these days up to `as_of` lose nothing; older and later ones lose more with
            their distance.
    """

    words: float = 0.5
    phrases: float = 0.2
    article: float = 0.3
    reranker: str = ""
    fusion: Fusion = Fusion.WEIGHTED_SUM
    depth: int = 100
    promised: float = 0.3
    passage_chars: int = 2400
    as_of: date | None = None
    recency: float = 0.4
    recency_days: int = 10

    def __post_init__(self) -> None:
        for name in ("words", "phrases", "article", "promised", "recency"):
            if not 0 <= getattr(self, name) <= 1:
                raise InputError(f"SearchSettings.{name} is {getattr(self, name)}.", "Give 0 to 1.")
        for name in ("depth", "passage_chars", "recency_days"):
            if getattr(self, name) < 1:
                raise InputError(f"SearchSettings.{name} is {getattr(self, name)}.", "Give 1 or more.")


DEFAULT = SearchSettings()
RERANKED = 30
"""Chunks that a reranker reads for one question."""
HALF_LIFE_DAYS = 30
"""How far outside the days before `as_of` an article loses half of what `recency` can cost it."""
NOTHING = Filter()


def search(
    library: Library,
    question: str,
    *,
    k: int = 10,
    filter: Filter = NOTHING,  # noqa: A002
    settings: SearchSettings = DEFAULT,
) -> list[Hit]:
    """Return the k best passages for a question, best first.

    Fewer come back when the filter leaves fewer. The result depends on the library's contents and the
    arguments alone: ties go by article id, then by place in the article.

    Args:
        library: An open library.
        question: A question or plain words, in any case and of any length.
        k: How many passages, 1 or more.
        filter: Limits the articles; undated ones pass every date range and their hits are marked.
        settings: Weights and sizes.

    Raises:
        InputError: A question without words, k below 1, or a date in the filter that is none.
    """
    if not any(map(str.isalnum, question)):
        raise InputError("The question holds no words.", "Ask in words, such as: who praised the summit?")
    if k < 1:
        raise InputError(f"{k} passages were asked for.", "Ask for 1 or more.")
    settings = replace(settings, depth=max(settings.depth, 2 * k))
    sought, exact = _sought(library, question, filter, settings)
    found = library.store.find(sought)
    shelf = Shelf(library.store)
    fused = _fused(found, settings)
    if settings.reranker and len(fused):
        reranker = library.reranker(settings.reranker)
        fused = _reranked(found, fused, reranker, question, shelf, settings)
    ranked = _Ranked(found, fused, ordered(fused), shelf)
    ranked.fetch(k)
    # The first place is always the best by score: asking for one passage gives the first of ten.
    places = math.ceil((k - 1) * settings.promised)
    promised = _promised(exact, ranked, k, places)
    chosen = with_reserved(ranked.order, promised, k)
    placed = set(chosen)
    passages = join_passages(
        ranked.passages(chosen, promised=promised),
        ranked.passages(row for row in ranked.order if row not in placed),
        shelf,
        k,
        settings.passage_chars,
    )
    return _hits(passages, shelf, dated=bool(filter.published_from or filter.published_to))


@dataclass(frozen=True, slots=True)
class _Ranked:
    """The chunks found with their fused scores; a chunk is named by its row in the columns.

    Attributes:
        order: The rows, best first.
        shelf: Where their texts are.
    """

    found: Found
    fused: NDArray[np.float64]
    order: list[int]
    shelf: Shelf

    def fetch(self, k: int) -> None:
        """Read at once what k passages will need, of the chunks that may become one or a copy of one."""
        rows = self.order[: k + spare_for(k)]
        articles = [self.found.articles[place] for place in self.found.article[rows].tolist()]
        # Chunks that may hold an exact term are looked at too, though few of their texts are read.
        proposed = np.flatnonzero(~np.isnan(self.found.words[1:]).all(axis=0))
        # np.union1d would import numpy.ma, for a few hundred numbers.
        expected = self.found.chunks[sorted({*rows, *proposed.tolist()})].tolist()
        self.shelf.expect(articles[:k], articles, expected)
        self.shelf.fetch(self.found.chunks[rows].tolist(), articles)
        self.shelf.fetch_texts(articles[:k])

    def passages(self, rows: Iterable[int], promised: Sequence[int] = ()) -> Iterator[Passage]:
        """Yield chunks as passages of their own; those that are gone are passed over."""
        for row in rows:
            chunk = self.shelf.chunk(int(self.found.chunks[row]))
            card = self.shelf.card(chunk.article) if chunk else None
            if chunk and card:
                words, vector = self.found.words[:1, row].tolist(), self.found.vector[row].item()
                scores = Scores(self.fused[row].item(), _score(*words), _score(vector))
                spans = chunk.start, chunk.end
                yield Passage(chunk.article, card.group, *spans, scores, promised=row in promised)


def _score(score: float = math.nan) -> float | None:
    return None if math.isnan(score) else score


def _sought(
    library: Library, question: str, limits: Filter, settings: SearchSettings
) -> tuple[Sought, list[str]]:
    """Return what to ask of the store, and the exact terms of the question: all lists of words but the first.

    For a term that is no commoner than `depth`, its list is all that hold it.
    """
    words, exact = [], []
    if settings.words > 0:
        exact = exact_terms(question) if settings.promised else []
        # The store searches a word that falls apart into several as a phrase.
        words = [" ".join(search_terms(question)), *("-".join(term.split()) for term in exact)]
    vector = library.comparer.question_vector(question) if settings.words < 1 else None
    pairs = word_pairs(question) if settings.phrases > 0 else []
    return Sought(tuple(words), vector, tuple(pairs), settings.depth, limits), exact


def _fused(found: Found, settings: SearchSettings) -> NDArray[np.float64]:
    """Return one score for each chunk found."""
    words = found.words[0] if len(found.words) else np.full(len(found.chunks), np.nan)
    fuse = weighted_sum if settings.fusion is Fusion.WEIGHTED_SUM else reciprocal_rank
    fused = rounded(fuse([words, found.vector], [settings.words, 1 - settings.words]))
    fused = with_phrases(fused, found.holding, settings.phrases)
    return with_articles(_aged(fused, found, settings), found.article, settings.article)


def _aged(fused: NDArray[np.float64], found: Found, settings: SearchSettings) -> NDArray[np.float64]:
    """Return the scores less what their articles' age costs on the day of asking, if one is set."""
    if settings.as_of is None:
        return fused
    return aged(
        fused,
        found.days[found.article],
        settings.as_of,
        recency=settings.recency,
        window=settings.recency_days,
        half_life=HALF_LIFE_DAYS,
    )


def _reranked(
    found: Found,
    fused: NDArray[np.float64],
    reranker: Reranker,
    question: str,
    shelf: Shelf,
    settings: SearchSettings,
) -> NDArray[np.float64]:
    """Return scores that put the best chunks in the reranker's order, before all others.

    Their score is `(1 + scaled) / 2`, less what their age costs; the others come below the least of these.
    """
    best = np.array(ordered(fused)[:RERANKED])
    texts = []
    for chunk, article in zip(found.chunks[best].tolist(), found.article[best].tolist(), strict=True):
        card = shelf.card(found.articles[article])
        texts.append(f"{card.title if card else ''}\n{shelf.chunk_text(chunk)}")
    made = np.full(len(fused), np.nan)
    made[best] = rounded((1 + scaled(np.array(reranker.scores(question, texts), np.float64))) / 2)
    made = _aged(made, found, settings)
    others = rounded(np.nanmin(made) * fused / (fused.max() or 1.0))
    return np.where(np.isnan(made), others, made)


def _promised(exact: Sequence[str], ranked: _Ranked, k: int, places: int) -> list[int]:
    """Return rows to keep so that no exact term of the question is lost, most important first.

    The first holds more of the terms than any other; each further one holds most of those still unmet. Among
    equals the better score wins. The word index only proposes (it stems, and it sees the title): the text
    of the chunk decides.

    Args:
        exact: The terms, of which each has a list of words after the first.
        ranked: All chunks.
        k: How many of them have a place anyway; these may hold any term.
        places: How many rows at most.
    """
    proposed = {row: set(exact) for row in ranked.order[:k]}
    for term, scores in zip(exact, ranked.found.words[1:], strict=True):
        for row in np.flatnonzero(~np.isnan(scores)).tolist():
            proposed.setdefault(row, set()).add(term)
    proposing = [row for row in ranked.order if row in proposed]
    held: dict[int, set[str]] = {}
    promised: list[int] = []
    unmet = set(exact)
    while unmet and len(promised) < places:
        best, most = 0, 0
        for row in proposing:
            # Reading the text is what costs, so only chunks that could win are read, and each once.
            if len(proposed[row] & unmet) <= most:
                continue
            if row not in held:
                text = ranked.shelf.chunk_text(int(ranked.found.chunks[row]))
                held[row] = held_terms(text, proposed[row])
            if len(held[row] & unmet) > most:
                best, most = row, len(held[row] & unmet)
        if not most:
            break
        promised.append(best)
        unmet -= held[best]
    return promised


def _hits(passages: Sequence[Passage], shelf: Shelf, *, dated: bool) -> list[Hit]:
    best_first = sorted(
        passages, key=lambda passage: (-round(passage.scores.fused, 9), passage.article, passage.start)
    )
    hits: list[Hit] = []
    for passage in best_first:
        card = shelf.card(passage.article)
        text = shelf.text(passage.article)[passage.start : passage.end]
        if card is None or not text:
            continue
        hits.append(
            Hit(
                rank=len(hits) + 1,
                article=card,
                start=passage.start,
                end=passage.end,
                text=text,
                scores=passage.scores,
                also_in=tuple(sorted(passage.also_in)),
                undated=dated and card.published is None,
            )
        )
    return hits
