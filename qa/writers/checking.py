"""Each sentence that a model wrote is held against the passages it was given, wherever it says they are."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property

from index.patterns import regex
from index.schema import Span
from index.stores.protocol import Store
from qa.evidence import matching, stems_of
from qa.schema import AnswerSentence, Citation, Support
from qa.verify import Checker
from qa.verify.grounds import read_ground
from qa.verify.quotations import find_in, folded, quotations
from qa.wording import STOP_WORDS, content_stems, stem, words
from qa.writers.passages import Passage
from qa.writers.reading import Heard
from qa.writers.restating import Held, says_no_more

_PAIR_GAIN = 0.15
"""A second sentence is cited with the first where it holds this much more of the words."""
_ELSEWHERE_GAIN = 0.25
"""A passage that holds this much more of the words is cited in place of the one that the model named."""
_CLOSE_ENOUGH = 0.5
"""Share of a sentence's words that a place must hold to be cited for it."""
_NEAR_QUOTE = 0.8
"""Likeness from which a quotation is taken to be meant for the article's words."""
_SHORTEST_QUOTE = 3
_FOREIGN = 0.25
"""Share of words from nowhere above which a sentence is left out."""
_LEAST_WORDS = 2
_META = regex(
    r"^(?:according to|as (?:stated|reported|mentioned) in|in|from|based on) (?:the|this|these|both|all|an?) "
    r"(?:\w+ )?(?:passage|article|text|source|report|information)s?(?: (?:provided|given|above))?,? |"
    r"^(?:the|this|one) (?:passage|article|text|source|report)s? "
    r"(?:says?|states?|reports?|mentions?|notes?) that ",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one sentence.

    Attributes:
        sentence: It, checked; None when it holds words from nowhere and is left out.
        repaired: Whether a quotation in it was put right.
    """

    sentence: AnswerSentence | None
    repaired: bool = False


class SentenceCheck:
    """Checks the sentences of one text.

    Args:
        store: Where the articles are.
        checker: Compares a sentence with cited words.
        keys: The passages that the model was given, by the keys that it knows them by.
        cited: Citations of the extractive answer; they are used again for the same words.
        question: What was asked; its words are nobody's invention.
    """

    def __init__(
        self,
        store: Store,
        checker: Checker,
        keys: Mapping[str, Passage],
        cited: Sequence[Citation],
        question: str,
    ) -> None:
        self._store = store
        self._checker = checker
        self._keys = keys
        self._cited = cited
        self._question = question

    def check(self, heard: Heard) -> Verdict:
        """Return a sentence with its citations and its support."""
        named = [self._keys[key] for key in heard.keys]
        text, repaired = self._with_real_quotes(heard.text, named)
        claim = _META.sub("", text)
        claim = claim[:1].upper() + claim[1:]
        places = self._places(claim, named)
        citations = tuple(dict.fromkeys(self._citation(place) for place in places))
        sentence = self._judged(text, claim, citations)
        if sentence.support is Support.WEAK and self._is_from_nowhere(text):
            return Verdict(None)
        return Verdict(sentence, repaired)

    def _judged(self, text: str, claim: str, citations: tuple[Citation, ...]) -> AnswerSentence:
        checked = self._checker.check(claim, citations)
        if checked.support is Support.QUOTED and len(citations) == 1:
            return replace(checked, text=_as_printed(checked.text, citations[0]))
        if checked.support is not Support.SUPPORTED:
            return replace(checked, text=text)
        more = says_no_more(claim, self._held(citations))
        if not more:
            return replace(checked, text=text)
        return replace(
            checked,
            text=text,
            support=Support.WEAK,
            score=min(checked.score, 0.49),
            problems=(*checked.problems, more),
        )

    def _held(self, citations: Sequence[Citation]) -> Held:
        grounds = [read_ground(self._store, citation) for citation in citations]
        people = tuple(dict.fromkeys(name for ground in grounds for name in ground.mentions))
        found = [one for citation in citations for one in _sentences_in(self._store, citation)]
        return Held(tuple(text for text, _ in found), people, tuple(spoken for _, spoken in found))

    def _places(self, claim: str, named: Sequence[Passage]) -> "list[_Place]":
        """Return where the words of a sentence stand: in each passage it names, or in the best of all."""
        wanted = content_stems(claim)
        if not wanted:
            return []
        places = [place for passage in named if (place := _best_place(wanted, passage))]
        elsewhere = max(
            (place for passage in self._keys.values() if (place := _best_place(wanted, passage))),
            key=lambda place: place.share,
            default=None,
        )
        held = max((place.share for place in places), default=0.0)
        if elsewhere and elsewhere.share > held + (_ELSEWHERE_GAIN if places else 0.0):
            places = [elsewhere]
        return [place for place in places if place.share >= _CLOSE_ENOUGH]

    def _citation(self, place: "_Place") -> Citation:
        """Return a place as a citation, the extractive answer's own where it covers the same words."""
        for citation in self._cited:
            same = citation.article.id == place.passage.article.id
            if same and citation.start <= place.span.start and place.span.end <= citation.end:
                return citation
        passage = place.passage
        return Citation(passage.article, place.span.start, place.span.end, place.span.of(passage.text))

    def _with_real_quotes(self, text: str, named: Sequence[Passage]) -> tuple[str, bool]:
        """Put the articles' words in the place of quotations that are nearly theirs."""
        repaired = False
        passages = [*named, *(one for one in self._keys.values() if one not in named)]
        for quote in reversed(quotations(text)):
            if any(find_in(folded(passage.words), quote.words) for passage in passages):
                continue
            real = next((found for one in passages if (found := _nearest_words(quote.words, one))), None)
            if real:
                text = text[: quote.start] + real + text[quote.end :]
                repaired = True
        return text, repaired

    @cached_property
    def _known(self) -> frozenset[str]:
        texts: Iterable[str] = (
            part
            for passage in self._keys.values()
            for part in (
                passage.words,
                passage.article.title,
                passage.article.outlet or "",
                *passage.article.authors,
            )
        )
        return frozenset().union(stems_of(self._question), *map(stems_of, texts))

    def _is_from_nowhere(self, text: str) -> bool:
        """Whether a sentence names, counts or says things that no passage holds."""
        found = [match for match in words(text) if match.group().lower() not in STOP_WORDS]
        foreign = [match for match in found if not matching([stem(match.group())], self._known)]
        if any(_stands_out(match, text) for match in foreign):
            return True
        return len(foreign) > _FOREIGN * len(found) or len(found) - len(foreign) < _LEAST_WORDS


def _stands_out(match: "re.Match[str]", text: str) -> bool:
    """Whether a word is a name, a number or a code rather than a plain word."""
    word = match.group()
    opens = (
        not text[: match.start()].strip(" “\"'‘(") or text[: match.start()].rstrip(" “\"'‘(")[-1:] in ".:!?"
    )
    return (
        any(map(str.isdigit, word))
        or any(map(str.isupper, word[1:]))
        or (word[:1].isupper() and not opens)
        or re.search(r"[_/+@#$%^~=]|-.*-", word) is not None
        or not word.isascii()
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """One or two neighbouring sentences of a passage, and the share of a sentence's words they hold."""

    passage: Passage
    span: Span
    share: float


def _best_place(wanted: Sequence[str], passage: Passage) -> _Place | None:
    """Return where most of the words stand; one sentence rather than two."""
    held = [matching(wanted, stems_of(span.of(passage.text))) for span in passage.sentences]
    if not held:
        return None
    single = max(range(len(held)), key=lambda at: len(held[at]))
    best = Span(passage.sentences[single].start, passage.sentences[single].end)
    share = len(held[single]) / len(wanted)
    for at in range(len(held) - 1):
        first, second = passage.sentences[at], passage.sentences[at + 1]
        both = len(held[at] | held[at + 1]) / len(wanted)
        beside = not passage.text[first.end : second.start].strip()
        if beside and both >= share + _PAIR_GAIN:
            best, share = Span(first.start, second.end), both
    return _Place(passage, best, share)


def _nearest_words(quote: str, passage: Passage) -> str | None:
    """Return the passage's words that a quotation is nearly, None where none are near enough."""
    wanted = [stem(match.group()) for match in words(quote)]
    if len(wanted) < _SHORTEST_QUOTE:
        return None
    best: tuple[float, str] | None = None
    for span in passage.sentences:
        sentence = span.of(passage.text)
        tokens = list(words(sentence))
        for length in range(max(len(wanted) - 2, 2), len(wanted) + 3):
            for at in range(len(tokens) - length + 1):
                window = [stem(token.group()) for token in tokens[at : at + length]]
                ratio = SequenceMatcher(None, wanted, window, autojunk=False).ratio()
                if ratio >= _NEAR_QUOTE and (best is None or ratio > best[0]):
                    best = ratio, sentence[tokens[at].start() : tokens[at + length - 1].end()]
    return best[1] if best else None


def _as_printed(text: str, citation: Citation) -> str:
    """Return the article's own characters where a sentence is all that is cited."""
    bare = citation.quote.strip()
    return bare if folded(text).rstrip(".") == folded(bare).rstrip(".") else text


def _sentences_in(store: Store, citation: Citation) -> list[tuple[str, bool]]:
    """Return the cited sentences, each with whether it begins inside somebody's speech."""
    text = store.text(citation.article.id)
    return [
        (text[max(one.start, citation.start) : min(one.end, citation.end)], _in_speech(text, one.start))
        for one in store.sentences(citation.article.id)
        if one.start < citation.end and citation.start < one.end
    ]


def _in_speech(text: str, at: int) -> bool:
    """Whether a place of a text stands between quotation marks opened in the same paragraph."""
    before = text[text.rfind("\n\n", 0, at) + 1 : at]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1
