"""One article as it is read around a sentence: who is named where, outside quotations. Pure."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.patterns import regex
from index.schema import Mention, MentionKind, Sentence, Statement
from index.statements.cast import Cast
from index.statements.names import is_named
from index.statements.quotes import Quote, find_quotes
from qa.schema import Wanted
from qa.wording import kind_of_noun

REACH = 8
"""Sentences before the one shown in which what it points to may be named."""

_MORE_PEOPLE = frozenset(
    """
    man woman boy girl teenager officer suspect victim spokesman spokeswoman spokesperson official driver
    shooter gunman attacker defendant teacher student doctor nurse patient soldier father mother son daughter
    brother sister husband wife child baby uncle aunt friend partner girlfriend boyfriend neighbor neighbour
    passenger pilot player resident witness worker employee reporter anchor agent deputy trooper client
    survivor owner fan voter expert caller writer candidate aide adviser advisor ally critic source nominee
    successor predecessor rival opponent colleague counterpart boss manager coach star singer rapper actor
    actress comedian prosecutor detective priest bishop pastor guard mogul runner striker goalkeeper
    quarterback pitcher batter swimmer skater boxer golfer champion winner host veteran inmate prisoner
    someone somebody everyone everybody anyone anybody nobody person
    """.split()
)
_PERSON_PHRASE = regex(
    r"(?:\b(?:an?|the|his|her|their|its|our|my|one|another|this|that|each|every|first|last)|[\w#]+[’']s)\s"
    r"(?P<nouns>(?:[\w#’'-]+\s){0,3}[a-z][a-z-]+)|\b(?:some|every|any|no)(?:one|body)\b",
    re.I,
)
_ANYBODY = regex(r"\bone\s(?:can|could|may|might|must|should|would|does|has|is|was)\b", re.I)
_PLURAL_PEOPLE = regex(
    r"\b(?:people|men|women|children|officials|officers|residents|voters|workers|students|teachers|victims"
    r"|families|police|authorities|players|members|leaders|lawmakers|researchers|scientists|experts|critics"
    r"|supporters|protesters|investigators|prosecutors|lawyers|doctors|soldiers|troops|migrants|immigrants"
    r"|democrats|republicans|parents|fans|users|customers|companies|countries|states|nations|teams)\b",
    re.I,
)
PAST = frozenset(
    """
    said told made took went came got gave left met led ran lost held began became found kept knew put saw
    sent spoke spent thought wrote paid fell grew rose won sold cut set let drew stood fought built bought
    brought sat felt heard hit hurt beat broke chose drove ate flew forgot threw taught swore sang
    """.split()
)
"""Past forms of common verbs that do not end in "ed"."""
_NO_SUBJECT = regex(
    r"\b(?:of|by|with|for|from|to|against|at|in|on|about|over|after|before|under|than|like|behind"
    r"|including|between|near|and|or|rival)\s(?:the\s)?(?:\w+\.?\s){0,2}$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Setting:
    """The sentences that a shown one stands among.

    Attributes:
        text: The article; all offsets point into it.
        sentences: Its sentences in order.
        cast: Its mentions, and what is known of its people.
        statements: Who says what in it.
        quotes: Quotations of the paragraphs around the shown sentence.
        first: Number of the first sentence shown; `shown` are the characters shown.
    """

    text: str
    sentences: tuple[Sentence, ...]
    cast: Cast
    statements: tuple[Statement, ...]
    quotes: tuple[Quote, ...]
    first: int
    shown: tuple[int, int]

    def number_at(self, place: int) -> int:
        """Return the number of the sentence that holds a place."""
        return bisect_right([one.start for one in self.sentences], place) - 1

    def is_quoted(self, place: int) -> bool:
        """Whether a place stands in a quotation."""
        return any(one.start <= place < one.end for one in self.quotes)

    def named(self, start: int, end: int, *kinds: MentionKind) -> list[Mention]:
        """Return who or what is named in a range outside quotations."""
        return [
            one
            for one in self.cast.between(start, end, *kinds)
            if not self.is_quoted(one.start) and is_named(one.name)
        ]

    def before(self, number: int) -> Iterator[Sentence]:
        """Yield the sentences before one, the nearest first."""
        yield from reversed(self.sentences[max(number - REACH, 0) : number])

    def words(self, start: int, end: int) -> str:
        """Return the words of a range, with quotations and names blanked out, so that places stay."""
        kept = list(self.text[start:end])
        spans = [(one.start, one.end) for one in self.quotes]
        spans += [(one.start, one.end) for one in self.cast.between(start, end, *MentionKind)]
        for first, last in spans:
            for place in range(max(first, start), min(last, end)):
                kept[place - start] = "#"
        return "".join(kept)

    def unnamed_person(self, start: int, end: int) -> int | None:
        """Return where somebody without a name is spoken of in a range ("the suspect"), None for nowhere.

        What stands beside a name ("the mayor, Ana Ito", "Ito, a lawyer") speaks of the one named.
        """
        words = self.words(start, end)
        anybody = _ANYBODY.search(words)
        if anybody:
            return start + anybody.start()
        for found in _PERSON_PHRASE.finditer(words):
            nouns = list(re.finditer(r"[a-z][a-z-]+", words[found.start() : found.end()]))
            place = found.start()
            for noun in nouns:
                behind = place + noun.end()
                if not _is_person_noun(noun.group()) or re.match(r"[\w’'-]", words[behind : behind + 1]):
                    continue
                apposed = re.search(r"#,\s$", words[:place])
                titled = re.match(r",?\s#|\s(?:of|for|at)\s(?:the\s)?#+,\s#|\sand\s[\w\s]+#", words[behind:])
                if not apposed and not titled:
                    return start + place
        return None

    def is_subject(self, one: Mention) -> bool:
        """Whether a name stands where its sentence says whom it is about, and is nobody's owner."""
        if self.text[one.end : one.end + 2] in ("’s", "'s", "’ ", "' "):
            return False
        start = self.sentences[self.number_at(one.start)].start
        return not _NO_SUBJECT.search(self.text[start : one.start])

    def several_people(self, start: int, end: int) -> bool:
        """Whether several are spoken of in a range without their names ("officials")."""
        return _PLURAL_PEOPLE.search(self.words(start, end)) is not None


def _is_person_noun(word: str) -> bool:
    return word in _MORE_PEOPLE or kind_of_noun(word) is Wanted.PERSON


def look_around(
    text: str,
    sentences: Sequence[Sentence],
    cast: Cast,
    statements: Sequence[Statement],
    shown: tuple[int, int],
) -> Setting:
    """Return the setting of the characters shown of an article."""
    starts = [one.start for one in sentences]
    first = max(bisect_right(starts, shown[0]) - 1, 0)
    last = max(bisect_right(starts, max(shown[1] - 1, shown[0])) - 1, 0)
    paragraphs: dict[int, tuple[int, int]] = {}
    for one in sentences[max(first - 2 * REACH, 0) : last + 1]:
        start, end = paragraphs.get(one.paragraph, (one.start, one.end))
        paragraphs[one.paragraph] = (min(start, one.start), max(end, one.end))
    quotes = [quote for start, end in paragraphs.values() for quote in find_quotes(text, start, end)]
    return Setting(text, tuple(sentences), cast, tuple(statements), tuple(quotes), first, shown)
