"""From a question to passages: the one entry to the text of the articles.

A question is searched twice, by its words (BM25) and by its meaning (cosine of the vectors), and the two
lists are fused. What the reader would look for letter by letter (names, numbers, quoted phrases) has a
promised place. Chunks then become passages: neighbours are joined, copies of one wire story are collapsed.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from index.errors import InputError
from index.fuse import ordered, reciprocal_rank, scaled, weighted_sum, with_reserved
from index.joining import Passage, Shelf, join_passages
from index.library import Library
from index.rerankers.protocol import Reranker
from index.schema import Filter, Hit, Scores
from index.stores.protocol import ChunkScore, Store
from index.terms import exact_terms, holds, search_terms, word_pairs


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


class _Candidate(NamedTuple):
    """A chunk that some part found, with its scores; a tuple, as each question makes a thousand of them."""

    chunk: int
    article: str
    ordinal: int
    start: int
    end: int
    fused: float
    words: float | None
    vector: float | None

    def scored(self, fused: float) -> "_Candidate":
        """Return the candidate with another fused score."""
        chunk, article, ordinal, start, end, _, words, vector = self
        return _Candidate(chunk, article, ordinal, start, end, round(fused, 9), words, vector)

    def passage(self, *, promised: bool = False) -> Passage:
        """Return the chunk as a passage of its own."""
        scores = Scores(self.fused, self.words, self.vector)
        return Passage(self.article, self.start, self.end, scores, promised=promised)


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
    shelf = Shelf(library.store)
    exact = _exact_lists(library.store, question, filter, settings)
    candidates = _candidates(library, question, exact, filter, settings)
    candidates = _with_phrases(candidates, library.store, question, settings.phrases)
    shelf.fetch(candidate.article for candidate in candidates)
    if settings.as_of is not None:
        candidates = [_aged(candidate, shelf, settings, settings.as_of) for candidate in candidates]
    candidates = _with_articles(candidates, settings.article)
    if settings.reranker and candidates:
        candidates = _reranked(candidates, library.reranker(settings.reranker), question, shelf, settings)
    by_chunk = {candidate.chunk: candidate for candidate in candidates}
    order = [candidate.chunk for candidate in _best_first(candidates)]
    shelf.fetch_texts(by_chunk[chunk].article for chunk in order[:k])
    # The first place is always the best by score: asking for one passage gives the first of ten.
    places = math.ceil((k - 1) * settings.promised)
    promised = _promised(exact, [by_chunk[chunk] for chunk in order], shelf, k, places)
    chosen = with_reserved(order, promised, k)
    placed = set(chosen)
    passages = join_passages(
        [by_chunk[chunk].passage(promised=chunk in promised) for chunk in chosen],
        [by_chunk[chunk].passage() for chunk in order if chunk not in placed],
        shelf,
        k,
        settings.passage_chars,
    )
    return _hits(passages, shelf, dated=bool(filter.published_from or filter.published_to))


def _candidates(
    library: Library,
    question: str,
    exact: dict[str, list[ChunkScore]],
    limits: Filter,
    settings: SearchSettings,
) -> list[_Candidate]:
    """Return every chunk that some part proposes, with its scores."""
    words: list[ChunkScore] = []
    vectors: list[ChunkScore] = []
    if settings.words > 0:
        words = library.store.search_words(" ".join(search_terms(question)), settings.depth, limits)
    if settings.words < 1:
        vector = library.comparer.question_vector(question)
        vectors = library.store.search_vectors(vector, settings.depth, limits)
    word_scores = {found.chunk: found.score for found in words}
    vector_scores = {found.chunk: found.score for found in vectors}
    fuse = weighted_sum if settings.fusion is Fusion.WEIGHTED_SUM else reciprocal_rank
    fused = fuse([word_scores, vector_scores], [settings.words, 1 - settings.words])
    everything = {found.chunk: found for part in (words, vectors, *exact.values()) for found in part}
    return [
        _Candidate(
            chunk,
            found.article,
            found.ordinal,
            found.start,
            found.end,
            round(fused.get(chunk, 0.0), 9),
            word_scores.get(chunk),
            vector_scores.get(chunk),
        )
        for chunk, found in everything.items()
    ]


def _with_phrases(
    candidates: Sequence[_Candidate], store: Store, question: str, weight: float
) -> list[_Candidate]:
    """Return the candidates with the pairs of the question's words that they hold side by side in the score.

    `fused * (1 - weight) + weight * top * share`: `top` is the best fused score, and `share` weighs the pairs
    held by log(1 + n / (1 + df)), df of the n candidates holding the pair.
    """
    pairs = word_pairs(question) if weight > 0 and candidates else []
    chunks = [candidate.chunk for candidate in candidates]
    holding = [store.chunks_holding(pair, chunks) for pair in pairs]
    if not any(holding):
        return list(candidates)
    rarity = [math.log(1 + len(chunks) / (1 + len(found))) for found in holding]
    top = max(candidate.fused for candidate in candidates)
    raised = []
    for candidate in candidates:
        held = sum(weighs for weighs, found in zip(rarity, holding, strict=True) if candidate.chunk in found)
        share = held / sum(rarity)
        raised.append(candidate.scored(candidate.fused * (1 - weight) + weight * top * share))
    return raised


def _best_first(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Return the candidates by score; ties by article and place."""
    by_chunk = {candidate.chunk: candidate for candidate in candidates}
    order = ordered(
        {candidate.chunk: candidate.fused for candidate in candidates},
        lambda chunk: (by_chunk[chunk].article, by_chunk[chunk].ordinal),
    )
    return [by_chunk[chunk] for chunk in order]


def _reranked(
    candidates: Sequence[_Candidate],
    reranker: Reranker,
    question: str,
    shelf: Shelf,
    settings: SearchSettings,
) -> list[_Candidate]:
    """Return the candidates with the best of them in the reranker's order, before all others.

    Their score is `(1 + scaled) / 2`, less what their age costs; the others come below the least of these.
    """
    best_first = _best_first(candidates)
    best, others = best_first[:RERANKED], best_first[RERANKED:]
    texts = []
    for one in best:
        card = shelf.card(one.article)
        texts.append(f"{card.title if card else ''}\n{shelf.text(one.article)[one.start : one.end]}")
    made = scaled(dict(enumerate(reranker.scores(question, texts))))
    top = max(candidate.fused for candidate in candidates) or 1.0
    reordered = [one.scored((1 + made[place]) / 2) for place, one in enumerate(best)]
    if settings.as_of is not None:
        reordered = [_aged(one, shelf, settings, settings.as_of) for one in reordered]
    least = min(one.fused for one in reordered)
    return reordered + [one.scored(least * one.fused / top) for one in others]


def _with_articles(candidates: Sequence[_Candidate], weight: float) -> list[_Candidate]:
    """Return the candidates with a share of their article's best score: an answer stands near its topic."""
    best: dict[str, float] = {}
    for candidate in candidates:
        best[candidate.article] = max(best.get(candidate.article, 0.0), candidate.fused)
    return [
        candidate.scored(candidate.fused * (1 - weight) + weight * best[candidate.article])
        for candidate in candidates
    ]


def _exact_lists(
    store: Store, question: str, limits: Filter, settings: SearchSettings
) -> dict[str, list[ChunkScore]]:
    """Return, for each exact term of the question, the `depth` chunks most likely to hold it.

    For a term that is no commoner than that, these are all that hold it.
    """
    if not settings.promised or not settings.words:
        return {}
    # The store searches a word that falls apart into several as a phrase.
    return {
        term: store.search_words("-".join(term.split()), settings.depth, limits)
        for term in exact_terms(question)
    }


def _promised(
    exact: dict[str, list[ChunkScore]], candidates: Sequence[_Candidate], shelf: Shelf, k: int, places: int
) -> list[int]:
    """Return chunks to keep so that no exact term of the question is lost, most important first.

    The first holds more of the terms than any other; each further one holds most of those still unmet. Among
    equals the better score wins. The word index only proposes (it stems, and it sees the title): the text
    of the chunk decides.

    Args:
        exact: Chunks that may hold each term.
        candidates: All candidates, best first.
        shelf: The articles.
        k: How many of the candidates have a place anyway; they may hold any term.
        places: How many chunks at most.
    """
    if not exact:
        return []
    proposed = {candidate.chunk: set(exact) for candidate in candidates[:k]}
    for term, found in exact.items():
        for one in found:
            proposed.setdefault(one.chunk, set()).add(term)
    proposing = [candidate for candidate in candidates if candidate.chunk in proposed]
    held: dict[int, set[str]] = {}
    promised: list[int] = []
    unmet = set(exact)
    while unmet and len(promised) < places:
        best, most = 0, 0
        for candidate in proposing:
            chunk = candidate.chunk
            # Reading the text is what costs, so only chunks that could win are read, and each once.
            if len(proposed[chunk] & unmet) <= most:
                continue
            if chunk not in held:
                text = shelf.text(candidate.article)[candidate.start : candidate.end]
                held[chunk] = {term for term in proposed[chunk] if holds(text, term)}
            if len(held[chunk] & unmet) > most:
                best, most = chunk, len(held[chunk] & unmet)
        if not most:
            break
        promised.append(best)
        unmet -= held[best]
    return promised


def _aged(candidate: _Candidate, shelf: Shelf, settings: SearchSettings, as_of: date) -> _Candidate:
    """Return the candidate with its fused score lowered by its distance from the days before `as_of`.

    `fused * (1 - recency * (1 - 2 ** -(outside / HALF_LIFE_DAYS)))`, `outside` being the days between the
    article and the window; an undated article loses half of `recency`.
    """
    card = shelf.card(candidate.article)
    published = card.published if card else None
    lost = 0.5
    if published:
        lost = _lost(published[:10], as_of, settings.recency_days)
    return candidate.scored(candidate.fused * (1 - settings.recency * lost))


@lru_cache(maxsize=1024)
def _lost(day: str, as_of: date, recency_days: int) -> float:
    """Return the share of `recency` that an article of this ISO day loses, 0 to 1."""
    age = (as_of - date.fromisoformat(day)).days
    outside = max(0, age - recency_days, -age)
    return 1 - float(2.0 ** -(outside / HALF_LIFE_DAYS))


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
