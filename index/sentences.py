"""Cut English news text into sentences by rules, as spans of the text.

A stop (. ! ? or an ellipsis, with the quotes and brackets that close on it) ends a sentence when white space
follows it and what comes next can begin one. Whether a full stop only ends an abbreviation is decided by the
word before it and the word after it: "in the U.S. The next" is cut, "U.S. President" is not. Where the two
readings cannot be told apart, the text stays together: a sentence too long still quotes a speaker in full, a
sentence cut short does not.

The work is linear in the length of the text: one pass of a pattern that never backtracks into its runs, and
a bounded look at the words on either side of each stop.
"""

import re
from collections.abc import Iterator
from typing import TypeAlias

from index.patterns import regex
from index.schema import Sentence

__all__ = ["split_sentences"]

_Range: TypeAlias = tuple[int, int]

_OPENERS = "\"'“‘«„([{`"
_CLOSERS = "\"'”’»)\\]}"
_CLOSING_QUOTES = frozenset("\"'”’»")
_OPENING_QUOTES = frozenset('"“«„`')
_BULLETS = "•▪◦●■►▶‣*·"

_PARAGRAPH_BREAK = regex(r"\n\s*\n")

# A stop (or a spaced ellipsis) with what closes on it, the space after it, and the start of a word that is
# not in lower case, brand names such as iPhone apart. The look-behinds keep a long run of stops from being
# tried again at each of its places, the possessive quantifiers from being tried at each of its lengths.
_STOP = regex(
    rf"(?<![.!?…])(?<!\.\ )(?P<stop>[.!?…]++(?:\ \.++)*+)"
    rf"(?P<closers>[{_CLOSERS}]*+(?:\s[”»])?+(?:\[\d{{1,3}}\])?+)"
    rf"\s++(?P<openers>[{_OPENERS}]*+)(?=[^\sa-z{_OPENERS}—–.,:;!?…)-]|[a-z]{{1,2}}[A-Z])"
)
_REVERSED_WORD = regex(r"\w(?:\.?[\w&])*+")
_NEXT_WORD = regex(r"[^\W_]{1,20}(?P<initial>\.)?")
_LINE_START = regex(
    rf"\n(?=[ \t]*+(?:[{_BULLETS}]|[-–—]\s|\(?\d{{1,3}}[.)]\s|[{_OPENERS}]*+(?:[^\W_a-z]|[a-z]{{1,2}}[A-Z])))"
)
_ACRONYM = regex(r"(?:[^\W\d_]\.)+[^\W\d_]")
_ENUMERATOR = regex(r"\d{1,3}|[A-Za-z]|[ivx]{2,4}")

# 'The "Who?" Trump asked' : a capitalised name, then a verb of saying, carries the quoted question on.
_ATTRIBUTION = regex(
    r"(?:(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Prof)\.\s)?(?:[^\W\da-z_][\w'’-]{0,30}\s){1,3}"
    r"(?:said|says|asked|asks|wrote|writes|added|replied|tweeted|posted|joked|shouted|exclaimed|wondered)\b"
)


def _words(lines: str) -> frozenset[str]:
    return frozenset(lines.split())


_TITLES = _words(
    """
    Mr Mrs Ms Mx Dr Sen Sens Rep Reps Gen Gov Govs Lt Col Sgt Capt Cmdr Cdr Maj Adm Brig Cpl Pfc Pvt
    Prof Profs Rev Hon Pres Supt Det Insp Atty Messrs Mme Mlle Msgr Amb Asst Assoc Dep Mt Ft vs v cf viz
    e.g i.e eg ie c ca approx Vol pp p Ald Comdr Treas Secy
    """
)
"""Always followed by the rest of their phrase: no sentence ends here."""

_BEFORE_NUMBERS = _words(
    """
    No Nos no nos Fig Figs Art Sec Ch Op par Pt
    """
)
"""No sentence ends here before a number; elsewhere they are words like any other ("No.")."""

_ABBREVIATIONS = _words(
    """
    Jr Sr Inc Corp Co Cos Ltd Bros Esq LLC Ph.D PhD Ph St Sts Ste Ave Blvd Rd Hwy Dept Univ Assn etc al
    est Est Calif Fla Pa Mass Conn Ariz Ala Ark Colo Del Ga Ill Ind Kan Ky La Md Mich Minn Miss Mo Mont
    Neb Nev Okla Ore Tenn Tex Va Vt Wash Wis Wyo Mon Tue Tues Wed Thu Thur Thurs Fri N S E W Intl Natl
    Govt Gov't Ret ret
    """
)
"""May end a sentence or stand inside one: it ends when the next word is one that begins sentences."""

_MONTHS = _words(
    """
    Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec
    """
)

_AFTER_CLOCK = _words(
    """
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Tues Wed Thu Thurs Fri Sat Sun
    January February March April May June July August September October November December Jan Feb Mar
    Apr Jun Jul Aug Sep Sept Oct Nov Dec ET EST EDT CT CST CDT MT MST MDT PT PST PDT GMT UTC BST CET
    CEST AEST AEDT IST JST Eastern Central Mountain Pacific Atlantic Greenwich Beijing Moscow
    """
)
"""What may follow "10 a.m." within its sentence."""

_SENTENCE_STARTERS = _words(
    """
    The A An He She It They We I You This That These Those There Here In On At As By For From With After
    Before During Since Until While When Where Why How What Who Whom Whose Which If Unless Though
    Although Because But And Or So Yet Nor However Moreover Meanwhile Still Then Now Also Each Every
    Some Many Most Several Such Another All Any Not No None His Her Its Their Our My Your Despite
    According Among Amid Between Through Throughout Without Within Instead Even Only Just Once Perhaps
    Maybe To Of Does Did Is Are Was Were Has Have Had Can Could Would Should Earlier Later Today
    Yesterday Nearly About More Less Additionally Nevertheless Furthermore Indeed Finally Recently
    Separately Asked
    """
)
"""Words that begin sentences and are hardly ever the next word of a name."""

_EXCLAIMING_NAMES = frozenset(["Yahoo", "Jeopardy", "Jeb", "Yum"])

_LABEL_BEFORE_NAME = frozenset(["Credit", "Credits", "Photo", "Video", "Source"])
"""A label whose "..." stands for the name that follows it ("Credit... Jane Doe")."""


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of `text`, in order, with the number of the paragraph each stands in.

    Paragraphs are separated by an empty line and no sentence crosses one. The spans are disjoint, begin and
    end with a character that is not white space, and together cover every such character of `text`.

    Example:
        >>> text = "He met Mr. Bo in the U.S. The talk failed."
        >>> [text[sentence.start : sentence.end] for sentence in split_sentences(text)]
        ['He met Mr. Bo in the U.S.', 'The talk failed.']
    """
    sentences: list[Sentence] = []
    for number, paragraph in enumerate(_paragraphs(text)):
        for block in _blocks(text, *paragraph):
            sentences.extend(Sentence(start, end, number) for start, end in _sentences_of(text, *block))
    return tuple(sentences)


def _paragraphs(text: str) -> Iterator[_Range]:
    """Yield the stretches between empty lines that hold anything but white space."""
    start = 0
    for gap in _PARAGRAPH_BREAK.finditer(text):
        yield from _trimmed(text, start, gap.start())
        start = gap.end()
    yield from _trimmed(text, start, len(text))


def _blocks(text: str, start: int, end: int) -> Iterator[_Range]:
    """Cut a paragraph before each line that begins as an entry, a label or a sentence does.

    A line that goes on in lower case continues the one before: only the page was too narrow.
    """
    for line in _LINE_START.finditer(text, start, end):
        yield from _trimmed(text, start, line.start())
        start = line.end()
    yield from _trimmed(text, start, end)


def _sentences_of(text: str, start: int, end: int) -> Iterator[_Range]:
    """Cut a block at the stops that end a sentence."""
    for match in _STOP.finditer(text, start, end):
        if _ends_sentence(text, match, start):
            yield start, match.end("closers")
            start = match.start("openers")
    yield start, end


def _trimmed(text: str, start: int, end: int) -> Iterator[_Range]:
    """Yield the range without the white space at its ends, or nothing when that is all it holds."""
    kept = text[start:end].lstrip()
    if kept:
        yield end - len(kept), end - len(kept) + len(kept.rstrip())


def _ends_sentence(text: str, match: re.Match[str], sentence_start: int) -> bool:
    """Whether the stop that `match` found ends the sentence that began at `sentence_start`."""
    stop, closers = match.group("stop", "closers")
    after_quote = bool(closers) and not _CLOSING_QUOTES.isdisjoint(closers)
    word = _word_before(text, match.start(), sentence_start)
    if stop != ".":
        if after_quote and _is_attribution(text, match):
            return False
        if stop[0] in "!?":
            return not (stop == "!" and not closers and word in _EXCLAIMING_NAMES)
        return word not in _LABEL_BEFORE_NAME
    if after_quote or not word:
        return True
    if match.start() - len(word) <= sentence_start + 1 and _ENUMERATOR.fullmatch(word):
        return False  # "1. First point": the number of a list entry
    return _full_stop_ends(text, match, word)


def _full_stop_ends(text: str, match: re.Match[str], word: str) -> bool:
    """Whether a lone full stop after `word` ends the sentence or only an abbreviation."""
    following = _NEXT_WORD.match(text, match.end())
    next_word = following[0] if following else ""
    if word in _TITLES:
        return False
    if word in _MONTHS or word in _BEFORE_NUMBERS:
        return not next_word[:1].isdigit()
    if word.lower() in ("a.m", "p.m"):
        return next_word.rstrip(".") not in _AFTER_CLOCK
    if len(word) == 1 and word.isalpha():
        return next_word in _SENTENCE_STARTERS  # another initial ("A.") is none: it carries its stop
    if word in _ABBREVIATIONS or _ACRONYM.fullmatch(word):
        return next_word in _SENTENCE_STARTERS or not _OPENING_QUOTES.isdisjoint(match["openers"])
    return True


def _is_attribution(text: str, match: re.Match[str]) -> bool:
    """Whether the words after a quotation name who said it, as in '“Why?” Mr. Trump asked'."""
    following = _NEXT_WORD.match(text, match.end())
    if match["openers"] or following is None or following[0] in _SENTENCE_STARTERS:
        return False
    return _ATTRIBUTION.match(text, match.end()) is not None


def _word_before(text: str, stop: int, sentence_start: int) -> str:
    """Return the word that ends at `stop`, with its inner full stops; the tail of it when it is long."""
    backwards = text[max(sentence_start, stop - 12) : stop][::-1]
    word = _REVERSED_WORD.match(backwards)
    return word[0][::-1] if word else ""
