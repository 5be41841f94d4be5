"""Questions about the articles themselves: who wrote them, when they appeared, which mention something."""

import re
from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

from index.library import Library
from index.patterns import regex
from index.schema import ArticleCard
from index.search import SearchSettings, search
from qa.answerers.draft import Draft, Signals
from qa.evidence import matching, stems_of
from qa.names import MONTHS
from qa.salience import is_sentence
from qa.schema import Citation, Plan, Question
from qa.settings import AnswerSettings

LISTED = 20
_OBJECT = regex(
    r"\b(?:mention|discuss|cover|cite|name|quote|about|refer to|talk about|report on|deal with|concern)"
    r"(?:s|ing|ed)?\s+(?:the |a |an )?(?P<what>[^?]+)",
    re.I,
)


def answer_metadata(library: Library, question: Question, plan: Plan, settings: AnswerSettings) -> Draft:
    """Answer from the articles' metadata, citing the words of the article that carry it if there are any."""
    started = perf_counter()
    if plan.about == "articles":
        draft = _which_articles(library, question, plan)
    else:
        draft = _about_article(library, question, plan, settings.search)
    return replace(draft, retrieve_ms=(perf_counter() - started) * 1000)


def _which_articles(library: Library, question: Question, plan: Plan) -> Draft:
    found = _OBJECT.search(question.text)
    what = found.group("what").strip() if found else ""
    cards = library.store.articles(plan.filter)
    if what:
        ids = set(library.store.count_mentioning([what], plan.filter))
        cards = [card for card in cards if card.id in ids]
    if not cards:
        return Draft(reason=f"No article mentions {what}." if what else "No article passes the filters.")
    titles = tuple(card.title for card in cards)
    return Draft(
        shown=mentions_of(library, cards[:LISTED], what),
        short_answers=titles[:LISTED],
        signals=Signals(coverage=1.0, exhaustive=True),
        mentions=(what,) if what else (),
    )


def mentions_of(library: Library, cards: Sequence[ArticleCard], what: str) -> tuple[Citation, ...]:
    """Return the first sentence of each article that mentions `what`, or its first sentence."""
    library.store.read_ahead([card.id for card in cards])
    return tuple(_mention_of(library, card, what) for card in cards)


def _mention_of(library: Library, card: ArticleCard, what: str) -> Citation:
    """Return the first sentence of the article that mentions `what`, or its first sentence."""
    text = library.store.text(card.id)
    sentences = library.store.sentences(card.id)
    wanted = stems_of(what)
    whole = [one for one in sentences if is_sentence(text[one.start : one.end])] if not what else []
    best = max(
        whole or sentences,
        key=lambda sentence: (
            what.lower() in text[sentence.start : sentence.end].lower(),
            len(matching(wanted, stems_of(text[sentence.start : sentence.end]))),
            -sentence.start,
        ),
    )
    return Citation(card, best.start, best.end, text[best.start : best.end])


def _about_article(library: Library, question: Question, plan: Plan, settings: SearchSettings) -> Draft:
    cards = articles_meant(library, question, plan, settings)
    if not cards:
        fitting = 0 if plan.terms else len(library.store.articles(plan.filter))
        which = f"{fitting} articles fit the question. Say which one, by its title or what it is about."
        return Draft(reason=which if fitting else "No article fits the question.")
    card = cards[0]
    values = {
        "authors": card.authors,
        "published": (card.published,) if card.published else (),
        "outlet": (card.outlet,) if card.outlet else (),
        "title": (card.title,),
    }[plan.about]
    if not values:
        return Draft(
            reason=f"The article “{card.title}” does not say ({plan.about}).",
            signals=Signals(exhaustive=True),
        )
    citations = tuple(dict.fromkeys(_where(library, card, plan.about, value) for value in values))
    return Draft(
        shown=citations,
        short_answer=", ".join(values),
        short_answers=values if plan.many and len(values) > 1 else (),
        signals=Signals(coverage=1.0, exhaustive=True),
        mentions=(card.title,),
    )


def articles_meant(
    library: Library, question: Question, plan: Plan, settings: SearchSettings
) -> list[ArticleCard]:
    """Return the articles the question may mean, best first: the filter's one, or what search finds.

    Search must find most of the question's terms in the article, so that a question about an article that
    is not in the library is not answered with another.
    """
    cards = library.store.articles(plan.filter)
    if not plan.terms:
        return cards if len(cards) == 1 else _of_genre(library, question.text, plan)
    meant: dict[str, ArticleCard] = {}
    for hit in search(library, question.text, k=5, filter=plan.filter, settings=settings):
        text = f"{hit.article.title} {library.store.text(hit.article.id)}"
        if len(matching(plan.terms, stems_of(text))) >= 0.75 * len(plan.terms):
            meant[hit.article.id] = hit.article
    in_title = {key: len(matching(plan.terms, stems_of(card.title))) for key, card in meant.items()}
    genre = {card.id for card in _of_genre(library, question.text, plan)}
    return sorted(meant.values(), key=lambda card: (card.id not in genre, -in_title[card.id]))


_GENRES = {
    "opinion": ("opinion", "columnist", "commentary", "editorial", "op-ed"),
    "column": ("columnist", "column", "opinion"),
    "columnist": ("columnist", "column", "opinion"),
    "editorial": ("editorial", "editorial board", "opinion"),
    "op-ed": ("op-ed", "opinion", "columnist"),
    "commentary": ("commentary", "commentator", "opinion"),
    "essay": ("essay", "essayist"),
    "explainer": ("explained", "explainer"),
    "interview": ("interview",),
    "profile": ("profile",),
}
_GENRE = regex(rf"\b({'|'.join(_GENRES)})\b", re.I)
_HEAD, _FOOT = 200, 400
"""Characters at an article's beginning and end in which it says what kind of article it is."""


def _of_genre(library: Library, text: str, plan: Plan) -> list[ArticleCard]:
    """Return the articles that say of themselves, at their edges, that they are of the kind asked for."""
    found = _GENRE.search(text)
    if not found:
        return []
    cues = _GENRES[found.group().lower()]
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, cues))})\b", re.I)
    ids = set(library.store.count_mentioning(cues, plan.filter))
    cards = [card for card in library.store.articles(plan.filter) if card.id in ids]
    kept = []
    for card in cards[:_LOOKED_AT]:
        article = library.store.article(card.id)
        edges = f"{article.text[:_HEAD]} {article.text[-_FOOT:]} {article.metadata.url or ''}"
        if pattern.search(edges):
            kept.append(card)
    return kept


_LOOKED_AT = 200


def _where(library: Library, card: ArticleCard, about: str, value: str) -> Citation:
    """Return the sentence of the article that bears the value, or its first sentence."""
    text = library.store.text(card.id)
    sentences = library.store.sentences(card.id)
    wanted = _date_words(value) if about == "published" else [value]
    for sentence in sentences:
        words = text[sentence.start : sentence.end]
        if any(form in words for form in wanted):
            return Citation(card, sentence.start, sentence.end, words)
    first = sentences[0]
    return Citation(card, first.start, first.end, text[first.start : first.end])


def _date_words(published: str) -> list[str]:
    """Return the ways a page may print an ISO date: "Nov. 7, 2025", "November 7", "7 November 2025"."""
    year, month, day = published[:4], MONTHS[int(published[5:7]) - 1], str(int(published[8:10]))
    short = [month[:3], f"{month[:3]}.", f"{month[:4]}."]
    return [f"{name} {day}, {year}" for name in (month, *short)] + [
        f"{day} {month} {year}",
        f"{day} {month[:3]} {year}",
        published[:10],
    ]
