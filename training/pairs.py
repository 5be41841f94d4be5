"""Pairs of a sentence and cited words of articles, faithful and not, to fit and try the checker on."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

from index.schema import ArticleCard, Mention, Sentence, Span
from index.stores.protocol import Store
from qa.schema import Citation
from qa.verify.figures import figures
from training.altered import Given, alter, names_elsewhere, retell

__all__ = ["Pair", "half_of", "pairs_from"]

_LEAST_WORDS, _MOST_CHARS = 9, 320


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence, what it cites, how it was made, and whether the cited words bear it out."""

    text: str
    cited: tuple[Citation, ...]
    how: str
    faithful: bool


def half_of(article_id: str) -> str:
    """Return "fit" or "test": each article is in one, by its id alone."""
    return "fit" if sha256(article_id.encode()).digest()[0] % 2 else "test"


def pairs_from(store: Store, half: str, articles: int, a_sentence: int = 2) -> Iterator[Pair]:
    """Yield the pairs made from sentences of some articles of one half, the same ones each time.

    Args:
        store: The articles.
        half: "fit" or "test".
        articles: How many articles at most.
        a_sentence: How many sentences of each are used.
    """
    cards = sorted((card for card in store.articles() if half_of(card.id) == half), key=lambda card: card.id)
    for card in cards[:articles]:
        draw = random.Random(f"{half} {card.id}")
        sentences = store.sentences(card.id)
        fitting = [place for place in range(1, len(sentences) - 1) if _fits(store, card, sentences[place])]
        draw.shuffle(fitting)
        for place in sorted(fitting[:a_sentence]):
            yield from _pairs_of(store, card, place, draw)


def _fits(store: Store, card: ArticleCard, sentence: Sentence) -> bool:
    words = store.article(card.id).text[sentence.start : sentence.end]
    return (
        len(words.split()) >= _LEAST_WORDS
        and len(words) <= _MOST_CHARS
        and "\n" not in words
        and words[-1] in '.”"'
    )


def _pairs_of(store: Store, card: ArticleCard, place: int, draw: random.Random) -> Iterator[Pair]:
    sentences, text = store.sentences(card.id), store.article(card.id).text
    here, after = sentences[place], sentences[place + 1]
    own, following = _citation(card, text, here), _citation(card, text, after)
    given = given_from(store, card, place)
    faithful = retell(given, draw)
    for made in faithful:
        yield Pair(made.text, (own, following) if made.both else (own,), made.how, True)
    for made in alter(given, draw):
        yield Pair(made.text, (own,), made.how, False)
    others = [one for one in sentences if abs(one.start - here.start) > 600 and one.end - one.start > 60]
    if faithful and others:  # the same words, cited from elsewhere in the article
        wrong = _citation(card, text, draw.choice(others))
        yield Pair(faithful[0].text, (wrong,), "wrong place", False)


def given_from(store: Store, card: ArticleCard, place: int) -> Given:
    """Return a sentence of an article with what is around it."""
    sentences, text = store.sentences(card.id), store.article(card.id).text
    here, before, after = sentences[place], sentences[place - 1], sentences[place + 1]
    around = text[before.start : after.end]
    beside = text[before.start : before.end] + " " + text[after.start : after.end]
    mentions = store.mentions_between(card.id, here.start, here.end)
    speakers = [
        one.speaker_span for one in store.analysis(card.id).statements
        if one.speaker_span and here.start <= one.speaker_span.start and one.speaker_span.end <= here.end
    ]  # fmt: skip
    return Given(
        text=text[here.start : here.end],
        following=text[after.start : after.end],
        mentions=tuple(_moved(one, here.start) for one in mentions),
        elsewhere=names_elsewhere(store.mentions(card.id), around),
        figures=tuple(one.text for one in figures(beside) if one.text[0].isdigit() and not one.unit),
        speaker=_name(text, speakers),
    )


def _moved(mention: Mention, by: int) -> Mention:
    return replace(mention, start=mention.start - by, end=mention.end - by)


def _name(text: str, spans: list[Span]) -> str:
    names = [text[span.start : span.end] for span in spans]
    return next(
        (name for name in names if name[:1].isupper() and name not in ("He", "She", "They", "It", "I")), ""
    )


def _citation(card: ArticleCard, text: str, sentence: Sentence) -> Citation:
    return Citation(card, sentence.start, sentence.end, text[sentence.start : sentence.end])
