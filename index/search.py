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

from index.errors import InputError
from index.fuse import ordered, reciprocal_rank, weighted_sum, with_reserved
from index.joining import Passage, Shelf, join_passages
from index.library import Library
from index.schema import Filter, Hit, Scores
from index.stores.protocol import ChunkScore, Store
from index.terms import exact_terms, holds, search_terms


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
    fusion: Fusion = Fusion.WEIGHTED_SUM
    depth: int = 100
    promised: float = 0.3
    passage_chars: int = 2400
    as_of: date | None = None
    recency: float = 0.2
    recency_days: int = 10

    def __post_init__(self) -> None:
        for name in ("words", "promised", "recency"):
            if not 0 <= getattr(self, name) <= 1:
                raise InputError(f"SearchSettings.{name} is {getattr(self, name)}.", "Give 0 to 1.")
        for name in ("depth", "passage_chars", "recency_days"):
            if getattr(self, name) < 1:
                raise InputError(f"SearchSettings.{name} is {getattr(self, name)}.", "Give 1 or more.")


DEFAULT = SearchSettings()
HALF_LIFE_DAYS = 30
"""How far outside the days before `as_of` an article loses half of what `recency` can cost it."""
NOTHING = Filter()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A chunk that some part found."""

    chunk: int
    article: str
    ordinal: int
    start: int
    end: int
    scores: Scores

    def passage(self, *, promised: bool = False) -> Passage:
        """Return the chunk as a passage of its own."""
        return Passage(self.article, self.start, self.end, self.scores, promised=promised)


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
    shelf.fetch(candidate.article for candidate in candidates)
    if settings.as_of is not None:
        candidates = [_aged(candidate, shelf, settings, settings.as_of) for candidate in candidates]
    by_chunk = {candidate.chunk: candidate for candidate in candidates}
    order = ordered(
        {candidate.chunk: candidate.scores.fused for candidate in candidates},
        lambda chunk: (by_chunk[chunk].article, by_chunk[chunk].ordinal),
    )
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
            Scores(round(fused.get(chunk, 0.0), 9), word_scores.get(chunk), vector_scores.get(chunk)),
        )
        for chunk, found in everything.items()
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
        age = (as_of - date.fromisoformat(published[:10])).days
        outside = max(0, age - settings.recency_days, -age)
        lost = 1 - 2.0 ** -(outside / HALF_LIFE_DAYS)
    fused = round(candidate.scores.fused * (1 - settings.recency * lost), 9)
    return replace(candidate, scores=replace(candidate.scores, fused=fused))


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
