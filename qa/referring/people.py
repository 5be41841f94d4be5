"""Whom "he" and "she" mean: the one person of that gender whom the sentences before are about. Pure.

Where two people fit, or somebody without a name could be meant, nobody is.
"""

import re
from collections.abc import Sequence

from index.patterns import regex
from index.schema import Mention, MentionKind, Sentence
from index.statements.names import Gender
from qa.referring.setting import PAST, Setting
from qa.wording import STOP_WORDS

GENDER: dict[str, Gender] = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f", "hers": "f"}
PRONOUN = regex(r"\b(?:he|him|his|she|her|hers)\b", re.I)
_SUBJECT: dict[Gender, re.Pattern[str]] = {
    "m": regex(r"\bhe\b", re.I),
    "f": regex(r"\bshe\b", re.I),
}
_LOOKS_AHEAD = regex(
    r"\W*(?:when|while|as|after|before|if|though|although|because|since|once|until|despite|in|on|at|by|for"
    r"|with|during|even|unlike|like|from|to|under|besides|whether|just|given)\b",
    re.I,
)
_CAPITALISED = regex(r"(?<![\w’'-])[A-Z][\w’'-]*")
_ACTS = regex(rf"\s(?:[a-z]+ed|[a-z]+s|had|will|would|could|may|might|{'|'.join(sorted(PAST))})\b")
_SPEAKS = regex(
    r"\s(?:\w+ly\s|also\s|then\s)?(?:says?|said|adds|added|told|tells|writes|wrote|notes|noted|continued)\b"
)
_BESIDE = regex(r",\s(?:who|an?|the)\b")
"""What is told of somebody right behind the name."""
_OPENING = regex(r"\W*\w+ing\b")
_DEEP = 6
"""Pronouns that are followed back, one meaning the same as the one before it."""


def person_meant(setting: Setting, at: int, gender: Gender, deep: int = 0) -> Mention | None:
    """Return where the person that a pronoun means is named; None where it is not sure who that is.

    Args:
        setting: The article around it.
        at: Where the pronoun begins.
        gender: Of the pronoun.
        deep: How many pronouns were followed back to this one.
    """
    number = setting.number_at(at)
    if deep > _DEEP or number < 0 or setting.is_quoted(at):
        return None
    own = setting.sentences[number]
    if _may_be_unnamed(setting, own.start, at):
        return None
    here = _fitting(setting, own.start, at, gender)
    if here:
        pronoun = _subject_pronoun(setting, own, gender)
        if pronoun is not None and pronoun < here[0].start:
            return person_meant(setting, pronoun, gender, deep + 1)
        found = _single(here)
        return found if found and any(setting.is_subject(one) for one in here) else None
    if _may_look_ahead(setting, own, at):
        return None
    besides = {one.name for one in setting.cast.between(own.start, own.end, MentionKind.PERSON)}
    found = _spoken_of_before(setting, number, gender, at, deep)
    if found is None or found.name in besides:
        return None
    known = setting.cast.genders.get(found.name) is not None
    return found if known or not _speaks_of_both(setting, found, own, gender) else None


def speaker_meant_by(setting: Setting, at: int, gender: Gender) -> Mention | None:
    """Return where the person is named whom the ledger has speaking in the place of a pronoun.

    The ledger's reading is taken where the nearest sentence that names anybody who fits is about that person.
    """
    own = setting.sentences[setting.number_at(at)]
    speakers = {
        one.speaker for one in setting.statements if one.speaker_span and one.speaker_span.start == at
    }
    if len(speakers) != 1 or _fitting(setting, own.start, at, gender):
        return None
    name = speakers.pop()
    for sentence in setting.before(setting.number_at(at)):
        fitting = _fitting(setting, sentence.start, sentence.end, gender)
        if fitting:
            first = fitting[0]
            sure = first.name == name and setting.cast.genders.get(name) == gender
            return first if sure and _opens_with(setting, sentence, first) else None
    return None


def _opens_with(setting: Setting, sentence: Sentence, one: Mention) -> bool:
    """Whether a sentence is about whom it names first: not so in "Meeting Ito, Brandt smiled"."""
    return setting.is_subject(one) and not _OPENING.match(setting.text, sentence.start, one.start)


def _speaks_of_both(setting: Setting, found: Mention, own: Sentence, gender: Gender) -> bool:
    """Whether pronouns around somebody whose name tells no gender may mean that one and somebody else."""
    there = setting.sentences[setting.number_at(found.start)]
    here = _pronouns(setting, own)
    return here != {gender} or bool(_pronouns(setting, there))


def _pronouns(setting: Setting, sentence: Sentence) -> set[Gender]:
    """Return the genders of the pronouns of a sentence outside quotations."""
    return {
        GENDER[one.group().lower()]
        for one in PRONOUN.finditer(setting.text, sentence.start, sentence.end)
        if not setting.is_quoted(one.start())
    }


def _spoken_of_before(setting: Setting, number: int, gender: Gender, at: int, deep: int) -> Mention | None:
    """Return whom the sentences before the one with a pronoun (at `at`) are about.

    Over a sentence about something else only one who speaks, or who is named most, is still meant.
    """
    skipped = False
    speaks = _SPEAKS.match(setting.text, _end_of_word(setting.text, at)) is not None
    for sentence in setting.before(number):
        if not speaks and _quotes_pronoun(setting, sentence, gender):
            return None
        fitting = _fitting(setting, sentence.start, sentence.end, gender)
        pronoun = _subject_pronoun(setting, sentence, gender)
        if pronoun is not None and not any(one.start < pronoun for one in fitting):
            opens = len(setting.text[sentence.start : pronoun].split()) <= 1
            return person_meant(setting, pronoun, gender, deep + 1) if opens or not fitting else None
        if fitting:
            found = _single(fitting)
            if found is None or _may_be_unnamed(setting, sentence.start, fitting[0].start):
                return None
            if skipped and not speaks:
                most = max(setting.cast.counts.values())
                if setting.cast.counts[found.name] < most:
                    return None
            if setting.is_subject(fitting[0]):
                return fitting[0]
            return found if _is_only_one(setting, sentence, gender, found) else None
        if not _speaks_of_nobody(setting, sentence, quoted=skipped):
            return None
        skipped = skipped or not setting.is_quoted(sentence.start)
    return None


def _quotes_pronoun(setting: Setting, sentence: Sentence, gender: Gender) -> bool:
    """Whether somebody of that gender is spoken of in a quotation: "We are happy for him," Ito said."""
    pronouns = PRONOUN.finditer(setting.text, sentence.start, sentence.end)
    return any(GENDER[one.group().lower()] == gender and setting.is_quoted(one.start()) for one in pronouns)


def _end_of_word(text: str, at: int) -> int:
    while at < len(text) and text[at].isalpha():
        at += 1
    return at


def _speaks_of_nobody(setting: Setting, sentence: Sentence, *, quoted: bool) -> bool:
    """Whether a sentence can stand between a pronoun and the name without being about somebody else.

    Args:
        setting: The article.
        sentence: The sentence; it names nobody who fits.
        quoted: Whether it must be a quotation, another sentence having stood between already.
    """
    if setting.is_quoted(sentence.start) and setting.is_quoted(sentence.end - 2):
        return True
    return not quoted and not _may_be_unnamed(setting, sentence.start, sentence.end)


def _may_be_unnamed(setting: Setting, start: int, end: int) -> bool:
    """Whether a range speaks of somebody without a name, or by a name that was not read as a person's."""
    return setting.unnamed_person(start, end) is not None or _has_other_name(setting, start, end)


def _tells(text: str, at: int) -> bool:
    """Whether what stands before a place is somebody who does or is something there."""
    return bool(_ACTS.match(text, at) or _BESIDE.match(text, at))


def _has_other_name(setting: Setting, start: int, end: int) -> bool:
    words = setting.words(start, end)
    for found in _CAPITALISED.finditer(words):
        first = not words[: found.start()].strip(" “\"‘'(-•–—")
        if found.group().lower().split("'")[0].split("’")[0] in STOP_WORDS or found.group() == "I":
            continue
        if not first or _tells(words, found.end()):
            return True
    if any(_BESIDE.match(setting.text, one.end) for one in setting.named(start, end, MentionKind.PLACE)):
        return True
    for one in setting.named(start, end, MentionKind.ORGANISATION, MentionKind.OTHER, MentionKind.WORK):
        alone = " " not in setting.text[one.start : one.end]
        article = setting.text[max(one.start - 4, 0) : one.start].lower() == "the "
        if alone and not article and setting.is_subject(one) and _tells(setting.text, one.end):
            return True
    return False


def _is_only_one(setting: Setting, sentence: Sentence, gender: Gender, found: Mention) -> bool:
    """Whether a sentence and the two before it name no other person of that gender."""
    number = setting.number_at(sentence.start)
    start = setting.sentences[max(number - 2, 0)].start
    near = _fitting(setting, start, sentence.end, gender)
    return {one.name for one in near} == {found.name} and not _may_be_unnamed(setting, start, sentence.start)


def _fitting(setting: Setting, start: int, end: int, gender: Gender) -> list[Mention]:
    """Return the people named in a range who may be of a gender."""
    return [
        one
        for one in setting.named(start, end, MentionKind.PERSON)
        if setting.cast.genders.get(one.name, gender) == gender
    ]


def _single(people: Sequence[Mention]) -> Mention | None:
    return people[-1] if len({one.name for one in people}) == 1 else None


def _subject_pronoun(setting: Setting, sentence: Sentence, gender: Gender) -> int | None:
    for found in _SUBJECT[gender].finditer(setting.text, sentence.start, sentence.end):
        if not setting.is_quoted(found.start()):
            return found.start()
    return None


def _may_look_ahead(setting: Setting, sentence: Sentence, at: int) -> bool:
    """Whether a pronoun may mean somebody named behind it: "When he arrived, Ito spoke"."""
    people = setting.named(at, sentence.end, MentionKind.PERSON)
    if not people and setting.unnamed_person(at, sentence.end) is None:
        return False
    owner = setting.text[at : at + 3].lower() in ("his", "her")
    return owner or bool(_LOOKS_AHEAD.match(setting.text, sentence.start, at))
