"""Summaries of one article or of a topic over time: whole sentences, chosen for coverage and diversity."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

from index.library import Library
from index.schema import ArticleCard
from index.search import search
from qa.answerers.draft import Draft, Signals
from qa.answerers.metadata import articles_meant
from qa.answerers.reading import read_widely, without_copies
from qa.evidence import EvidenceSentence, matching, missing_names, stems_of
from qa.salience import bags, choose, salience
from qa.schema import Citation, Group, Plan, Question
from qa.settings import AnswerSettings

OF_ARTICLE, OF_TOPIC = 5, 8
"""Sentences of a summary."""
PASSAGES = 32
_OF_ONE_ARTICLE = 2
"""Sentences that one article gives to the summary of a topic."""
_FITTING = 0.6
"""Of the best sentence's fit to the topic, what another must reach."""
_LEAD = 800
"""Characters of an article's beginning."""
_COVERED = 0.5
"""Share of a topic's terms that its best sentence must hold or stand beside."""


def answer_summary(library: Library, question: Question, plan: Plan, settings: AnswerSettings) -> Draft:
    """Summarise the article that is meant; a topic from all articles that speak of it."""
    started = perf_counter()
    if plan.about == "article":
        cards = articles_meant(library, question, plan, settings.search)
        cards = [card for card in cards if not plan.terms or _leads_with(library, card, plan)]
        cards = cards or _by_title(library, question, plan, settings)
        if cards:
            return summarise_article(library, cards[0], started)
        if not plan.terms:
            count = len(library.store.articles(plan.filter))
            reason = f"{count} articles fit. Say which one, by its title, outlet or what it is about."
            return Draft(reason=reason, retrieve_ms=_since(started))
    if not plan.terms:
        return _everything(library, plan, started)
    return _of_topic(library, question, plan, settings, started)


def _leads_with(library: Library, card: ArticleCard, plan: Plan) -> bool:
    """Whether an article speaks of what it is called at its beginning, not only somewhere."""
    beginning = f"{card.title} {card.outlet or ''} {library.store.text(card.id)[:_LEAD]}"
    return 2 * len(matching(plan.terms, stems_of(beginning))) >= len(plan.terms)


def _by_title(
    library: Library, question: Question, plan: Plan, settings: AnswerSettings
) -> list[ArticleCard]:
    """Return the article whose title holds most of what the question calls it; none where less than half."""
    hits = (
        search(library, question.text, k=5, filter=plan.filter, settings=settings.search)
        if plan.terms
        else []
    )
    held = [(len(matching(plan.terms, stems_of(hit.article.title))), hit.article) for hit in hits]
    most = max((count for count, _ in held), default=0)
    return [card for count, card in held if count == most][:1] if 2 * most >= len(plan.terms) > 0 else []


def summarise_article(library: Library, card: ArticleCard, started: float) -> Draft:
    """Summarise one article by its most central sentences, in their order."""
    sentences = [one for one in read_article(library, card) if one.quote.strip() != card.title.strip()]
    texts = [one.quote for one in sentences]
    vectors = bags(texts)
    chosen = sorted(choose(salience(texts, vectors, lead=True), vectors, OF_ARTICLE))
    return Draft(
        shown=tuple(sentences[position] for position in chosen),
        signals=Signals(coverage=1.0, exhaustive=True),
        reason=f"{len(chosen)} of the {len(sentences)} sentences of “{card.title}”, in its order.",
        mentions=(),
        retrieve_ms=_since(started),
    )


def read_article(library: Library, card: ArticleCard) -> list[Citation]:
    """Return all sentences of an article."""
    text = library.store.text(card.id)
    return [
        Citation(card, one.start, one.end, text[one.start : one.end])
        for one in library.store.sentences(card.id)
    ]


def _of_topic(
    library: Library, question: Question, plan: Plan, settings: AnswerSettings, started: float
) -> Draft:
    read = read_widely(library, question, plan, settings, words=plan.head, passages=PASSAGES)
    sentences = without_copies(read.sentences)
    elapsed = _since(started)
    best = sentences[0] if sentences else None
    nearest = tuple(one.citation() for one in sentences[:3])
    if best is None or best.covered_near < _COVERED:
        return Draft(reason=f"No article speaks of {plan.head}.", nearest=nearest, retrieve_ms=elapsed)
    grounds = [library.store.text(one.article.id) for one in sentences[:5]]
    missing = missing_names(plan.names, [*grounds, *(one.article.title for one in sentences[:5])])
    most = max(one.covered_near for one in sentences)
    fitting = [
        one
        for one in sentences
        if one.covered > 0 and one.score >= _FITTING * best.score and one.covered_near >= _FITTING * most
    ]
    chosen = _chosen(fitting)
    chosen.sort(key=lambda one: (one.article.published or "", one.article.id, one.start))
    return Draft(
        shown=tuple(one.citation() for one in chosen),
        groups=by_day([(one.article.published, one.article) for one in chosen]),
        signals=Signals(coverage=min(best.covered_near, 1.0), exhaustive=not missing, missing=missing),
        reason=f"{len(chosen)} sentences chosen from {len(fitting)} that fit; {read.told}.",
        nearest=nearest,
        retrieve_ms=elapsed,
    )


def _chosen(sentences: Sequence[EvidenceSentence]) -> list[EvidenceSentence]:
    """Choose sentences that fit the topic, are central to what is said of it, and tell different things."""
    texts = [one.text for one in sentences]
    vectors = bags(texts)
    most = max((one.score for one in sentences), default=1.0) or 1.0
    scores = [
        share * (0.5 + 0.5 * one.score / most)
        for share, one in zip(salience(texts, vectors, lead=False), sentences, strict=True)
    ]
    counts: Counter[str] = Counter()

    def allowed(chosen: Sequence[int], position: int) -> bool:
        counts.clear()
        counts.update(sentences[one].article.id for one in chosen)
        return counts[sentences[position].article.id] < _OF_ONE_ARTICLE

    return [sentences[position] for position in choose(scores, vectors, OF_TOPIC, allowed)]


def by_day(dated: Sequence[tuple[str | None, ArticleCard]]) -> tuple[Group, ...]:
    """Return a group for each run of sentences of one day, labelled by it, with the outlets as its note."""
    groups: list[Group] = []
    for position, (day, card) in enumerate(dated):
        label = (day or "undated")[:10]
        outlet = card.outlet or card.file
        if groups and groups[-1].label == label:
            last = groups[-1]
            note = last.note if outlet in last.note.split("; ") else f"{last.note}; {outlet}"
            groups[-1] = replace(last, note=note, sentences=(*last.sentences, position))
        else:
            groups.append(Group(label, outlet, (position,)))
    return tuple(groups)


def _everything(library: Library, plan: Plan, started: float) -> Draft:
    """Summarise all articles under the filter by the best sentence of each, the newest of them."""
    cards = library.store.articles(plan.filter)[:OF_TOPIC]
    if not cards:
        return Draft(reason="No article passes the filters.", retrieve_ms=_since(started))
    firsts = []
    for card in sorted(cards, key=lambda one: (one.published or "", one.id)):
        sentences = read_article(library, card)
        texts = [one.quote for one in sentences]
        vectors = bags(texts)
        firsts += [sentences[n] for n in choose(salience(texts, vectors, lead=True), vectors, 1)]
    total = len(library.store.articles(plan.filter))
    return Draft(
        shown=tuple(firsts),
        groups=by_day([(one.article.published, one.article) for one in firsts]),
        signals=Signals(coverage=1.0, exhaustive=True),
        reason=f"One sentence of each of the {len(firsts)} newest of {total} articles.",
        retrieve_ms=_since(started),
    )


def _since(started: float) -> float:
    return (perf_counter() - started) * 1000
