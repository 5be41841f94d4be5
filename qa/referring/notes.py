"""Notes beside the sentences of an answer: what their words that point elsewhere mean.

A sentence is shown as it stands in its article, so whom "he" means is told beside it. A note rests on the
place of the same article that names what is meant; where that is not sure, there is none.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from index.patterns import regex
from index.schema import Analysis, ArticleCard, Mention, MentionKind
from index.statements.cast import Cast, meet_cast
from index.statements.names import fold, is_body, parse_name
from index.stores.protocol import Store
from qa.referring.bodies import NOUNS, OFFICES, bodies_meant, roles_meant
from qa.referring.people import GENDER, PRONOUN, person_meant, speaker_meant_by
from qa.referring.setting import Setting, look_around
from qa.referring.several import rest_meant, several_meant, they_meant
from qa.referring.speaking import speaker_meant
from qa.schema import AnswerSentence, Citation, Referent
from qa.talk.referents import joined

_POINTS = regex(
    r"\b(?:he|him|his|she|hers?|they|I|my|me|the two|both|the pair|the duo|the couple|the rest"
    rf"|the (?:{'|'.join(NOUNS)})|the (?:[A-Z][\w.-]+\s)?(?:{OFFICES}))\b",
    re.I,
)
_OFFICE = regex(rf"\bthe\s(?:[A-Z][\w.-]+\s)?(?:{OFFICES})\b", re.I)
_LONG = 600
"""Characters of a sentence up to which it is cited whole; of a longer one the name alone is."""
_PERSON = regex(r"[^\W\d_][^\W\d_]*(?:[ .’'-]{1,2}[^\W\d_]+){0,5}\.?")
_PART = regex(r"[A-Z][\w’'-]+(?: and|,? &) $")
_NAME = regex(r"[^\W_][^\n/|@]{1,60}")


@dataclass(frozen=True, slots=True)
class Pointing:
    """Words that point elsewhere: their place in the article, and where what they mean is named.

    `form` puts the names together, as "{1} without {0}"; empty for a plain list.
    """

    start: int
    end: int
    named: tuple[Mention, ...]
    form: str = ""


@dataclass(slots=True)
class Readings:
    """Articles read once for all sentences of an answer, by id; casts also by whether offices are read."""

    store: Store
    analyses: dict[str, Analysis] = field(default_factory=dict)
    casts: dict[tuple[str, bool], Cast] = field(default_factory=dict)

    def setting(self, article_id: str, shown: tuple[int, int]) -> Setting:
        """Return the setting of characters shown of an article."""
        text = self.store.text(article_id)
        with_roles = _OFFICE.search(text, *shown) is not None
        if article_id not in self.analyses:
            self.analyses[article_id] = self.store.analysis(article_id)
        analysis = self.analyses[article_id]
        if (article_id, with_roles) not in self.casts:
            self.casts[article_id, with_roles] = meet_cast(text, analysis.mentions, with_roles=with_roles)
        cast = self.casts[article_id, with_roles]
        return look_around(text, self.store.sentences(article_id), cast, analysis.statements, shown)


def with_referents(store: Store, sentences: Iterable[AnswerSentence]) -> tuple[AnswerSentence, ...]:
    """Return the sentences with what their pointing words mean; only those that quote one place get notes."""
    readings = Readings(store)
    return tuple(_noted(readings, one) for one in sentences)


def _noted(readings: Readings, sentence: AnswerSentence) -> AnswerSentence:
    if len(sentence.citations) != 1 or sentence.citations[0].quote != sentence.text:
        return sentence
    if not _POINTS.search(sentence.text):
        return sentence
    cited = sentence.citations[0]
    setting = readings.setting(cited.article.id, (cited.start, cited.end))
    return replace(sentence, referents=referents_in(setting, cited.article))


def referents_in(setting: Setting, card: ArticleCard) -> tuple[Referent, ...]:
    """Return what the pointing words of the characters shown mean, each meaning once, in order of place."""
    start, end = setting.shown
    found: dict[str, Referent] = {}
    for one in sorted(pointings(setting), key=lambda one: one.start):
        if not one.form and all(_is_shown(setting, mention) for mention in one.named):
            continue
        places = [_fullest(setting, mention, one.start) for mention in one.named]
        if any(place is None for place in places):
            continue
        kept = [place for place in places if place is not None]
        names = [setting.text[place.start : place.end] for place in kept]
        meaning = one.form.format(*names) if one.form else joined(names)
        citations = tuple(dict.fromkeys(_cited(setting, card, place) for place in kept))
        words = setting.text[one.start : one.end]
        found.setdefault(meaning, Referent(words, one.start - start, one.end - start, meaning, citations))
    return tuple(one for one in found.values() if one.end <= end - start)


def pointings(setting: Setting) -> Iterator[Pointing]:
    """Yield the words shown that point elsewhere and whose meaning is sure."""
    start, end = setting.shown
    seen: set[str] = set()
    for found in PRONOUN.finditer(setting.text, start, end):
        gender = GENDER[found.group().lower()]
        if gender in seen or setting.is_quoted(found.start()):
            continue
        seen.add(gender)
        meant = person_meant(setting, found.start(), gender) or speaker_meant_by(
            setting, found.start(), gender
        )
        if meant is not None:
            yield Pointing(found.start(), found.end(), (meant,))
    for number in range(setting.first, len(setting.sentences)):
        if setting.sentences[number].start >= end:
            break
        they = they_meant(setting, number)
        if they and they[0] >= start:
            yield Pointing(*they)
    for places in (bodies_meant, roles_meant, several_meant):
        yield from (Pointing(*one) for one in places(setting, start, end))
    rest = rest_meant(setting, start, end)
    if rest:
        yield Pointing(rest[0], rest[1], (rest[2], rest[3]), "{1} without {0}")
    speaker = speaker_meant(setting, start, end)
    if speaker:
        yield Pointing(*speaker)


def _is_shown(setting: Setting, meant: Mention) -> bool:
    """Whether the characters shown name somebody or something themselves."""
    start, end = setting.shown
    if any(one.name == meant.name for one in setting.cast.between(start, end, meant.kind)):
        return True
    last = fold(meant.name).split()[-1]
    return (
        meant.kind is MentionKind.PERSON and last in fold(setting.text[start:end]).replace("'", " ").split()
    )


def _fullest(setting: Setting, meant: Mention, at: int) -> Mention | None:
    """Return the place nearest before `at`, else the first behind, that has the full name; None for no name.

    Where several people of an article share a surname, the name is taken as it is written where it was found.
    """
    text = setting.text
    shape = _PERSON if meant.kind is MentionKind.PERSON else _NAME
    if not shape.fullmatch(meant.name) or (meant.kind is MentionKind.PERSON and is_body(meant.name)):
        return None
    if meant.kind is MentionKind.ORGANISATION and _is_part(setting, meant):
        return None
    if meant.kind is MentionKind.PERSON and _shares_surname(setting, meant.name):
        return meant
    full = [
        one
        for one in setting.cast.mentions
        if one.kind is meant.kind and one.name == meant.name and text[one.start : one.end] == meant.name
    ]
    before = [one for one in full if one.start < at]
    return before[-1] if before else full[0] if full else meant


def _is_part(setting: Setting, meant: Mention) -> bool:
    """Whether a name is only the end of one: "Seafarers Union" of "Dockers and Seafarers Union"."""
    before = _PART.search(setting.text[max(meant.start - 40, 0) : meant.start])
    return bool(before) and setting.cast.at(meant.start - 6, meant.start - 5) is None


def _shares_surname(setting: Setting, name: str) -> bool:
    surname = parse_name(name).surname
    others = {
        other for other in setting.cast.counts if other != name and parse_name(other).surname == surname
    }
    return bool(others)


def _cited(setting: Setting, card: ArticleCard, named: Mention) -> Citation:
    """Return the sentence that a name stands in, or of a very long one the name alone."""
    sentence = setting.sentences[setting.number_at(named.start)]
    start, end = (sentence.start, sentence.end)
    if end < named.end or end - start > _LONG:
        start, end = named.start, named.end
    return Citation(card, start, end, setting.text[start:end])


def pointed_mentions(readings: Readings, article_id: str, start: int, end: int) -> tuple[Mention, ...]:
    """Return words of a range that point to one person, as mentions under the name that they mean.

    So "he" may answer who said something, by name.
    """
    text = readings.store.text(article_id)
    if not _POINTS.search(text, start, end):
        return ()
    setting = readings.setting(article_id, (start, end))
    return tuple(
        Mention(one.start, one.end, one.named[0].kind, place.name)
        for one in pointings(setting)
        if [meant.kind for meant in one.named] == [MentionKind.PERSON]
        and (place := _fullest(setting, one.named[0], one.start)) is not None
    )
