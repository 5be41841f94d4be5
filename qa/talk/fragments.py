"""Follow-ups that are no whole question ("and in September?", "why?"), completed from the last one. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from index.patterns import regex
from index.schema import MentionKind
from index.statements.names import same_name
from qa.names import NAME, names_in
from qa.outlets import read_outlets
from qa.schema import Constraint, Wanted
from qa.talk.pronouns import first_left
from qa.talk.referents import joined, noun_phrases
from qa.talk.rephrase import (
    TIME,
    about_topic,
    asked_with,
    at_time,
    body_of,
    counted,
    did_they,
    of_all,
    with_actor,
    with_name,
)
from qa.talk.turns import Conversation, Names, Turn

LEAD = regex(
    r"(?:(?:and|but|so|or|also|then|ok|okay|well|now|no|sorry|what about|how about|what of|i meant?"
    r"|is it the same (?:in|for|with))\b[,:]?\s*)+",
    re.I,
)
"""How a question begins that goes on from the last one."""

_THAT = r"(?:that|this|it|so)"
_WAS = rf"(?: (?:was|were|is) {_THAT}| did {_THAT} (?:happen|take place|occur))?"
_DID = (
    rf"(?:did|does|do|would|has) (?:he|she|they|{NAME.pattern}) "
    rf"(?:say|do|think|claim|call [a-z]+|want|write) {_THAT}"
)
_ASKING = {
    rf"(?:why|how come)(?: (?:so|not)|{_WAS}| {_DID})|what(?: is| was|’s|'s) the reason": "Why",
    rf"when(?:{_WAS}| {_DID})|on (?:what|which) (?:day|date)|what (?:day|date) was {_THAT}": "When",
    rf"where(?:{_WAS}| {_DID})|in (?:what|which) (?:place|city|country|town)": "Where",
    rf"how(?: so| exactly|{_WAS}| {_DID})": "How",
    r"how long": "How long",
    r"how often": "How often",
    r"since when": "Since when",
}
_OTHERS = regex(
    r"(?:who|anyone|anybody|whom|which others?) else(?: did(?: that| so)?)?|(?:any|which|what) others|others"
    r"|(?:and )?everyone else|who are the others",
    re.I,
)
_HOW_MANY = regex(
    r"how (?:many|much)(?: (?:are|were|was|is) (?:there|that|it)| of them| exactly| in (?:all|total))?", re.I
)
_IDENTIFIED = regex(
    r"(?:which|what|who) [a-z ]*?(?:is|was|were|are) (?:it|that|this|they|those)"
    r"|(?:which|what|how many|how much) (?!(?:is|was|are|were|did|does|do)\b)[a-z-]+(?: [a-z-]+)?",
    re.I,
)
"""A question that only names what is wanted: "which company was it?", "how many ferries?"."""
_LOOKED_BACK = 4
_TOPIC = regex(r"(?P<preposition>about|on|regarding|with|to|for|against|of) (?P<topic>.+)", re.I)
_ACTED = regex(
    r"(?:did|does|do|was|is|has|have|had|will|would|can|could) (?P<name>.+?)"
    r"(?: (?:too|also|as well|do (?:so|it|that)))?",
    re.I,
)
_TIMED = regex(
    r"(?:in|on|since|before|after|during|until|by|from|for|last|this|next|the|yesterday|today)\b", re.I
)
_DAY_AT_END = regex(r"^[A-Z][a-z]+ \d{1,2}(?:st|nd|rd|th)?$|day$")
_CLIPPED = regex(r" (?:too|also|as well|instead|then|though|again)$", re.I)
_SAYING = regex(r"\b(?:say|says|said|call|called|claim|tell|told|think|describe)\b")
_LAST_THING = regex(rf"(?:{NAME.pattern} )?\b[a-z]{{3,}}s$")
_LONG_ANSWER = 8


@dataclass(frozen=True, slots=True)
class Completed:
    """A follow-up made whole.

    Attributes:
        text: The whole question.
        carried: What was carried over for it.
        focus: What it put in the place of the earlier question's words.
        outlet: The outlet it limits itself to, empty where it names none.
    """

    text: str
    carried: tuple[Constraint, ...]
    focus: str = ""
    outlet: str = ""


@dataclass(frozen=True, slots=True)
class Different:
    """What a follow-up puts in the place of the earlier words: `focus`, or an outlet of the library."""

    focus: str = ""
    outlet: str = ""


NOTHING_ELSE = Different()


@dataclass(frozen=True, slots=True)
class Setting:
    """What a follow-up is read against: the conversation, the library's names, what was taken away."""

    conversation: Conversation
    names: Names
    without: frozenset[str]

    @property
    def turn(self) -> Turn:
        """The last turn."""
        return self.conversation[-1]

    def earlier(self, about: re.Pattern[str] | None = None) -> Iterator[Turn]:
        """Yield the last turns that match, newest first; the last turn where none does."""
        fitting = [turn for turn in reversed(self.conversation) if not about or about.search(turn.text)]
        yield from fitting[:_LOOKED_BACK] or [self.turn]


def asked_again(text: str, setting: Setting) -> Completed | None:
    """Complete a bare question word: "why?", "when was that?", "who else?", "how many?", "which company?"."""
    body = body_of(text)
    if not _OTHERS.fullmatch(body):
        body = body_of(LEAD.sub("", text, count=1))
    word = next((word for pattern, word in _ASKING.items() if re.fullmatch(pattern, body, re.I)), None)
    again: Callable[[Turn], str | None]
    if word:
        again = partial(_asked_with, word)
    elif _OTHERS.fullmatch(body):
        again = _asked_of_all
    elif _HOW_MANY.fullmatch(body):
        again = _counted
    else:
        return in_context(body, setting) if _IDENTIFIED.fullmatch(body) else None
    for turn in setting.earlier(_SAYING if _SAYING.search(body) else None):
        whole = again(turn)
        if whole:
            return _of_turn(turn, text, whole, setting)
    return in_context(body, setting)


def _asked_with(word: str, turn: Turn) -> str | None:
    return asked_with(word, turn.text, _answer(turn))


def _counted(turn: Turn) -> str | None:
    return counted(turn.text)


def _asked_of_all(turn: Turn) -> str | None:
    return of_all(turn.text) if re.match(r"(?:who|whom|which|what|did|does|has)\b", turn.text, re.I) else None


def completed(text: str, setting: Setting) -> Completed | None:
    """Complete what names only what is different: a time, an outlet, a topic, a name, another actor."""
    lead = LEAD.match(text)
    body = _CLIPPED.sub("", body_of(text[lead.end() :] if lead else text))
    if not body:
        return None
    readers: tuple[Callable[[str, Setting], Completed | None], ...] = (
        _other_time,
        _other_outlet,
        _other_topic,
        _other_actor,
        _other_name,
    )
    for reader in readers:
        found = reader(body, setting)
        if found:
            return found
    return _other_thing(body, setting) if lead else None


def in_context(text: str, setting: Setting) -> Completed | None:
    """Add what the last questions are about to one that does not say it: "how many people died?"."""
    about = next((found for turn in setting.earlier() if (found := _about(turn))), "")
    if not about:
        return None
    chip = Constraint(f"carried:about:{about.lower()}"[:200], "carried", text, f"about {about}")
    if chip.id in setting.without:
        return None
    return Completed(f"{body_of(text)} ({about})?", (chip,))


def _about(turn: Turn) -> str:
    """Return what a turn is about in a few words; empty where it does not say."""
    return joined(turn.names[:2]) or "".join(f"the {phrase}" for phrase in noun_phrases(turn.text)[:1])


def _of_question(
    words: str, text: str, setting: Setting, focus: str = "", outlet: str = ""
) -> Completed | None:
    return _of_turn(setting.turn, words, text, setting, Different(focus, outlet))


def _of_turn(
    turn: Turn, words: str, text: str, setting: Setting, different: Different = NOTHING_ELSE
) -> Completed | None:
    """Return the question that was made of an earlier one; None where that reading was taken away."""
    chip = Constraint(
        id=f"carried:question:{turn.text.lower()}"[:200],
        kind="carried",
        words=words,
        meaning=f"asked of “{turn.text}”",
    )
    if chip.id in setting.without:
        return None
    return Completed(text, (chip,), different.focus, different.outlet)


def _answer(turn: Turn) -> str:
    """Return the answer in a few words, where it is a thing that can be named."""
    if turn.wanted in (Wanted.YES_NO, Wanted.CLAUSE, Wanted.DESCRIPTION) or len(turn.answers) != 1:
        return ""
    return turn.answers[0] if len(turn.answers[0].split()) <= _LONG_ANSWER else ""


def _other_time(body: str, setting: Setting) -> Completed | None:
    found = TIME.fullmatch(body)
    if not found:
        return None
    if not _TIMED.match(body):
        body = f"{'on' if _DAY_AT_END.search(body) else 'in'} {body}"
    return _of_question(body, at_time(setting.turn.text, body), setting)


def _other_outlet(body: str, setting: Setting) -> Completed | None:
    name = re.sub(r"^(?:(?:in|according to|for|from|by|at) )?(?:the )?", "", body, flags=re.I)
    read = read_outlets(f"according to {name}", setting.names.outlets)
    if len(read.names) != 1 or read.rest.strip().lower() not in ("according to", ""):
        return None
    turn = setting.turn
    before = read_outlets(turn.text, setting.names.outlets)
    written = [found.group(1) for note in before.notes if (found := re.match("“(.+?)” read", note))]
    text = with_name(turn.text, written[0], name) if written else turn.text
    return _of_question(body, text, setting, focus=name, outlet=read.names[0])


def _other_topic(body: str, setting: Setting) -> Completed | None:
    found = _TOPIC.fullmatch(body)
    if not found or len(body.split()) > 8:
        return None
    preposition, topic = found.group("preposition").lower(), found.group("topic")
    has_one = re.compile(rf"\b(?:{'for|against' if preposition in ('for', 'against') else preposition})\b")
    turn = next(setting.earlier(has_one))
    text = about_topic(turn.text, preposition, topic)
    return _of_turn(turn, body, text, setting, Different(topic)) if text else None


def _other_actor(body: str, setting: Setting) -> Completed | None:
    """Read "did Brandt too?"."""
    found = _ACTED.fullmatch(body)
    if not found or not _is_name(found.group("name")):
        return None
    name = found.group("name")
    text = with_actor(setting.turn.text, name) or did_they(setting.turn.text, name)
    return _of_question(body, text, setting, focus=name) if text else None


def _other_name(body: str, setting: Setting) -> Completed | None:
    """Put a name in the place of one of the earlier question's; of several that fit, say which."""
    if not _is_name(body):
        return None
    name, turn = re.sub(r"^the ", "", body), setting.turn
    if any(same_name(name, one) for one in (*turn.answers, *turn.people)):
        text = did_they(turn.text, name)
        if text:
            return _of_question(body, text, setting, focus=name)
    slots = _slots(name, setting)
    if not slots:
        beside = f"in {body}" if setting.names.kind(name) is MentionKind.PLACE else f"({body})"
        return _of_question(body, f"{body_of(turn.text)} {beside}?", setting, focus=name)
    # The chip names what the new name takes the place of, so that taking it away gives the next place.
    meant = first_left(f"{name} for", slots, setting.without)
    if meant is None:
        return None
    old = meant[0]
    note = f", not of {slots[slots.index(old) + 1]}" if slots.index(old) + 1 < len(slots) else ""
    chip = Constraint(meant[1].id, "carried", body, f"“{body}” in the place of {old}{note}")
    whole = _of_question(body, _with_name(turn.text, old, name), setting, focus=name)
    return Completed(whole.text, (*whole.carried, chip), name) if whole else None


def _with_name(question: str, old: str, new: str) -> str:
    """Put a name in the place of another, which may have an article that the new one has not ("the US")."""
    with_article = f"the {old}"
    return with_name(question, with_article if with_article in question else old, new)


def _slots(name: str, setting: Setting) -> list[str]:
    """Return the names of the last question that another name may take the place of, likeliest first."""
    turn, names = setting.turn, setting.names
    outlets = read_outlets(turn.text, names.outlets).rest
    there = [one for one in names_in(turn.text) if one in outlets]
    kind = names.kind(name)
    same = [one for one in there if not same_name(one, name) and with_name(turn.text, one, name) != turn.text]

    def order(one: str) -> tuple[bool, bool, int]:
        other = names.kind(one)
        alike = kind == other or (kind is None and other is MentionKind.PERSON) or other is None
        return not (turn.focus and same_name(one, turn.focus)), not alike, there.index(one)

    return sorted(same, key=order)


def _other_thing(body: str, setting: Setting) -> Completed | None:
    """Put a topic in small letters in the place of the earlier question's: "and the ferry contract?"."""
    if (
        _is_name(body)
        or len(body.split()) > 6
        or re.match(r"(?:who|what|when|where|why|how|which|did|does|do|is|are|was|were)\b", body, re.I)
    ):
        return None
    text = about_topic(setting.turn.text, "", body)
    if text is None:
        phrases = [one for one in noun_phrases(setting.turn.text) if not _is_asked(one, setting.turn.text)]
        bare = re.sub(r"^(?:the|a|an) ", "", body)
        last = _LAST_THING.search(body_of(setting.turn.text))
        old = phrases[0] if phrases else last.group() if last else ""
        text = with_name(setting.turn.text, old, bare) if old else None
    return _of_question(body, text, setting, focus=body) if text else None


def _is_asked(phrase: str, question: str) -> bool:
    """Say whether a noun phrase is what the question asks for: "companies" in "which companies"."""
    return bool(re.search(rf"(?:which|what|how many) {re.escape(phrase)}", question, re.I))


def _is_name(text: str) -> bool:
    return bool(re.fullmatch(rf"(?:[Tt]he )?{NAME.pattern}(?:['’]s?)?", text)) and not TIME.fullmatch(text)
