"""Where gold evidence stands in a library: names of articles to ids, quotes to characters."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from eval.schema import Evidence, Located, Place
from index.errors import InputError
from index.library import Library
from index.schema import ArticleCard
from index.terms import search_terms

SEARCHED = 30
"""Chunks looked at for a quote whose article is not named."""
MAX_WORDS = 12
"""Words of a quote that its chunk is searched by."""

_ALIKE = ("'’‘ʼ`´", '"“”„«»', "-‐‑‒–—−", " \u00a0\u2009\u202f")
_CLASSES = {one: f"[{re.escape(alike)}]" for alike in _ALIKE for one in alike}
_WORD = re.compile(r"\w+")


def find_quote(text: str, quote: str) -> Iterator[tuple[int, int]]:
    """Yield each range of the text that holds a quote, in order.

    Any white space stands for any other, and so do the kinds of quotation mark, apostrophe and dash; nothing
    else may differ.

    Example:
        >>> list(find_quote("He said  “no”.", 'said "no"'))
        [(3, 13)]
    """
    words = ["".join(_CLASSES.get(one, re.escape(one)) for one in word) for word in quote.split()]
    if words:
        yield from (match.span() for match in re.finditer(r"\s+".join(words), text))


class Locator:
    """Finds gold evidence in one library. Article names are looked up in a table made once."""

    def __init__(self, library: Library) -> None:
        self._store = library.store
        self._cards: dict[str, ArticleCard] = {}
        self._groups: defaultdict[str, list[str]] = defaultdict(list)
        self._names: defaultdict[str, list[str]] = defaultdict(list)
        self._tables: set[str] = set()
        for card in self._store.articles():
            self._cards[card.id] = card
            self._groups[card.group].append(card.id)
            table, _, row = card.file.partition("#")
            if row:
                self._tables.add(table)
            for name in {card.id, card.file, row, _plain_url(card.url or ""), card.title.casefold()}:
                self._names[name].append(card.id)

    def card(self, article: str) -> ArticleCard | None:
        """Return an article's card; None where the library has no such article."""
        return self._cards.get(article)

    def articles(self, name: str) -> tuple[str, ...]:
        """Return the ids of the articles meant by a file name, row id, URL, title or id, nothing if none is.

        A title that several articles share means each of them.
        """
        for key in (name, _plain_url(name), name.casefold()):
            if key and key in self._names:
                return tuple(self._names[key])
        for asked in (name, *(f"{table}#{name}" for table in sorted(self._tables))):
            try:
                return (self._store.resolve(asked),)
            except InputError:
                continue
        return ()

    def locate(self, evidence: Evidence) -> Located:
        """Return the articles that evidence means, with their near-duplicates, and where its quote stands."""
        named = self.articles(evidence.article) if evidence.article else self.holders(evidence.quote)
        groups = {self._cards[article].group for article in named if article in self._cards}
        articles = tuple(dict.fromkeys((*named, *(one for group in groups for one in self._groups[group]))))
        if not evidence.quote:
            return Located(evidence, articles, tuple(Place(article) for article in articles))
        places = tuple(
            Place(article, start, end)
            for article in articles
            for start, end in find_quote(self._store.text(article), evidence.quote)
        )
        return Located(evidence, articles, places)

    def outlets(self, located: Sequence[Located]) -> tuple[str, ...]:
        """Return the outlets of the articles that hold the evidence, each once, ordered by name."""
        cards = [self._cards[one.articles[0]] for one in located if one.articles]
        return tuple(sorted({card.outlet for card in cards if card.outlet}))

    def nearest(self, evidence: Evidence) -> str:
        """Return the sentence that shares most words with a quote, from its article or the whole library."""
        wanted = set(_words(evidence.quote))
        named = self.articles(evidence.article) if evidence.article else ()
        best, best_share = "", 0.0
        for article in named or self._candidates(evidence.quote)[:5]:
            text = self._store.text(article)
            for sentence in self._store.sentences(article):
                words = set(_words(text[sentence.start : sentence.end]))
                share = 2 * len(words & wanted) / max(len(words) + len(wanted), 1)
                if share > best_share:
                    best, best_share = text[sentence.start : sentence.end], share
        return best

    def holders(self, quote: str) -> tuple[str, ...]:
        """Return the articles in which a quote stands word for word."""
        return tuple(
            article
            for article in self._candidates(quote)
            if any(True for _ in find_quote(self._store.text(article), quote))
        )

    def _candidates(self, quote: str) -> list[str]:
        words = " ".join(sorted(search_terms(quote), key=len, reverse=True)[:MAX_WORDS])
        found = self._store.search_words(words, SEARCHED) if words else []
        return list(dict.fromkeys(chunk.article for chunk in found))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _plain_url(url: str) -> str:
    """Return a URL without scheme, "www.", query, fragment and last slash; "" for what is no URL."""
    if "://" not in url:
        return ""
    address = re.split(r"[?#]", url.split("://", 1)[1], maxsplit=1)[0]
    return address.removeprefix("www.").rstrip("/").casefold()
