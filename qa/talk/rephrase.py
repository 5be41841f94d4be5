"""An earlier question asked again with another question word, name, time or topic. Pure, on plain text."""

import re

from index.patterns import regex
from qa.names import MONTHS, NAME
from qa.wording import CRITICISE_VERBS, PRAISE_VERBS, base_forms

_AUX = r"(?i:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|might|may|must)"
_DO = r"(?i:do|does|did|has|have|had|will|would|can|could|should|might|may|must)"
_DET = "(?:the|a|an|his|her|its|their|any|some)"
_SUBJECT = rf"(?:{_DET} (?:[a-z][\w-]* ){{0,2}}?[a-z][\w-]*|(?:[Tt]he )?{NAME.pattern})"
_MOST = regex(r"\s+(?:the )?(?:most|least|best|worst|loudest|more often|most often)(?=\s*\??$)")
_ADJUNCT = regex(rf"(?i:when|where|why|how|on what day|in what year)\s+(?P<rest>{_AUX}\b.*)")
_POLAR = regex(rf"(?P<aux>{_AUX}) (?P<rest>.*)")
_ASKING_NOUN = regex(r"(?i:which|what|how many|how much)\s*")
_THING = r"(?:(?i:how many|how much)|(?i:which|what|how many|how much) (?:[a-z][\w-]* ){0,3}?[a-z][\w-]*)"
_OF_OBJECT = regex(
    rf"(?P<asked>(?i:whom?|what)|{_THING}) (?P<aux>{_DO}) (?P<actor>{_SUBJECT}) "
    r"(?P<verb>(?!(?:of|in|on|at|for|with|by|to|from|that)\b)[a-z]+"
    r"(?: to (?!be\b)[a-z]+(?! [A-Z]))?)(?P<tail>.*)"
)
_PREPOSITION = regex(r" (?:about|on|in|at|with|for|from|of|during|after|before|against|under|when|by)\b")
_OF_ACTOR_BE = regex(rf"(?P<asked>(?i:who|what)|{_THING}) (?P<aux>{_AUX}) (?P<rest>(?!(?:the|an?) )[a-z].*)")
_OF_ACTOR = regex(
    rf"(?P<asked>(?i:who|what)|{_THING}) (?P<rest>(?!{_AUX}\b)(?:[a-z]+(?:ed|s)|[a-z]+) .*|[a-z]+)"
)
_MONTH = rf"(?:{'|'.join(MONTHS)})"
_YEAR = r"(?:19|20)\d\d"
_TIME_WORDS = (
    r"(?:(?:early|late|mid|the (?:summer|autumn|fall|spring|winter) of)[ -])?"
    rf"(?:{_MONTH}(?: \d{{1,2}}(?:st|nd|rd|th)?)?,?(?: {_YEAR})?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH}(?: {_YEAR})?|{_YEAR}s?)"
)
_ALIKE = (("", "about", "on", "regarding"), ("for", "against"), ("against", "for"))
"""Prepositions that stand for each other: "for the deal" and then "against it"."""

_DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_SPAN = r"(?:weeks?|months?|years?|days?|summer|autumn|fall|spring|winter"
TIME = regex(
    r"\b(?:(?:in|on|since|before|after|during|until|by|from|for) )?"
    rf"(?:{_TIME_WORDS}(?: (?:to|and|until|-) {_TIME_WORDS})?"
    r"|(?:the )?(?:last|this|next|past|previous|following) (?:(?:two|three|four|few|\d+) )?"
    rf"{_SPAN}|{_DAY}|{_MONTH})"
    rf"|(?:on |last |this |next )?{_DAY}|yesterday|today|recently|(?:the )?day before)\b"
)
"""A time that limits a question: "in September", "since March 2016", "last week", "on Tuesday"."""


def body_of(question: str) -> str:
    """Return a question without its question mark and the white space around it."""
    return question.strip().rstrip("?!. ").strip()


def asked_with(word: str, question: str, answer: str = "") -> str | None:
    """Return the question of `word` about what an earlier question asked; None where it asks of no event.

    Args:
        word: "Why", "When", "Where", "How", "How long".
        question: The earlier question.
        answer: Its answer in a few words, where it has one.

    >>> asked_with("When", "Did Ito visit Brackwell?")
    'When did Ito visit Brackwell?'
    >>> asked_with("Why", "Who praised Ito most?", "Lena Brandt")
    'Why is it that Lena Brandt praised Ito?'
    """
    body = body_of(_MOST.sub("", question))
    if found := _ADJUNCT.fullmatch(body) or _POLAR.fullmatch(body):
        rest = _small(found.group("rest") if "aux" not in found.groupdict() else body)
        return f"{word} {re.sub('^is it that', 'was it that', rest) if word == 'When' else rest}?"
    if re.match(r"(?i:how [a-z]+ (?:is|are|was|were)) ", body):
        return None
    if found := _OF_OBJECT.fullmatch(body):
        tail = found.group("tail")
        thing = _named(found.group("asked"), answer)
        if not thing and (not tail.strip() or _PREPOSITION.match(tail)):
            thing = "this"
        parts = (found.group("aux").lower(), found.group("actor"), found.group("verb"), thing)
        return f"{word} {' '.join(part for part in parts if part)}{tail}?"
    if found := _OF_ACTOR_BE.fullmatch(body):
        who = _actor(found.group("asked"), answer)
        return f"{word} {found.group('aux').lower()} {who} {found.group('rest')}?"
    if found := _OF_ACTOR.fullmatch(body):
        who = _actor(found.group("asked"), answer)
        return _cleft(word, f"{who} {found.group('rest')}")
    told = _told(body)
    return _cleft(word, told) if told else None


def _cleft(word: str, told: str) -> str:
    told = re.sub(r"^(?:The|An?|This|That)\b", lambda article: article.group().lower(), told)
    return f"{word} {'was' if word == 'When' else 'is'} it that {told}?"


def _told(body: str) -> str:
    """Return what a question tells before it asks: "Ito spoke in which city?" -> "Ito spoke"."""
    first = re.split(r"(?<=[a-z0-9])[.] ", body, maxsplit=1)
    asks = re.search(
        r"(?:,? (?:in|on|of|from|to|with|at|by|for|as|after))? (?:which|what|whom?|how)\b", first[0]
    )
    told = first[0][: asks.start()] if asks else first[0] if len(first) > 1 else ""
    return "" if len(told.split()) < 3 or re.match(rf"(?i:who|what|which|how|{_AUX})\b", told) else told


def _actor(asked: str, answer: str) -> str:
    """Return who acted: the answer, or "companies" where "which companies" was not answered."""
    return _named(asked, answer) or ("somebody" if asked.lower() == "who" else "something")


def _named(asked: str, answer: str) -> str:
    """Return the answer, with the noun asked for where it is a number; the noun where there is none."""
    noun = "" if asked.lower() in ("who", "whom", "what") else _ASKING_NOUN.sub("", asked)
    if not noun or noun in answer:
        return answer
    if answer[:1].isdigit():
        return f"{answer} {noun}"
    return answer if answer and not asked.lower().startswith("how") else f"the {noun}"


def of_all(question: str) -> str:
    """Return the question for everybody who did what an earlier question asked of one.

    >>> of_all("Who praised Ito most?"), of_all("Did Brandt praise Ito?")
    ('Who praised Ito?', 'Who praised Ito?')
    >>> of_all("What did Ito say about the ferry?")
    'Who spoke about the ferry?'
    """
    body = body_of(_MOST.sub("", question))
    if said := re.match(rf"(?i:what) (?:did|does|has) {_SUBJECT} (?:say|said) (about .*)", body):
        return f"Who spoke {said.group(1)}?"
    did = re.match(rf"(?:[Dd]id|[Dd]oes|[Hh]as) {_SUBJECT} (?P<verb>[a-z]+)(?P<rest> .*)", body)
    if did and did.group("verb") in PRAISE_VERBS | CRITICISE_VERBS:
        return f"Who {_past(did.group('verb'))}{did.group('rest')}?"
    return f"{body}?"


def _past(verb: str) -> str:
    """Return the past of a regular verb."""
    if verb.endswith("e"):
        return f"{verb}d"
    return f"{verb[:-1]}ied" if re.search(r"[^aeiou]y$", verb) else f"{verb}ed"


def counted(question: str) -> str | None:
    """Return how many there are of what an earlier question asked for; None where nothing can be counted.

    >>> counted("Which companies signed the ferry contract?"), counted("Were people killed in the fire?")
    ('How many companies signed the ferry contract?', 'How many people were killed in the fire?')
    """
    body = body_of(_MOST.sub("", question))
    if re.match(r"how (?:many|much)\b", body, re.I):
        return f"{body}?"
    if found := re.match(r"who(?! (?:is|was)\b) (.*)", body, re.I):
        return f"How many people {found.group(1)}?"
    if found := re.match(
        r"(?:which|what) (?:of the )?(?!(?:is|was|does|has)\b)"
        r"((?:[a-z][\w-]* ){0,3}?[a-z][\w-]*(?:s|people|men|women)) (.*)",
        body,
        re.I,
    ):
        return f"How many {found.group(1)} {found.group(2)}?"
    if found := re.match(
        r"((?:were|are|have|do|did|will) )(?:any |the |some )?"
        r"((?:[a-z][\w-]* )??(?:[a-z]+s|people|men|women|children)) (.*)",
        body,
        re.I,
    ):
        return f"How many {found.group(2)} {found.group(1).lower()}{found.group(3)}?"
    objects = re.match(
        rf"(?P<aux>(?i:did|does|do|will|has|have)) (?P<actor>{_SUBJECT}) (?P<verb>[a-z]+) "
        r"(?P<noun>(?:[a-z][\w-]* )??[a-z]+s)\b(?P<tail>.*)",
        body,
    )
    if objects:
        aux, actor, verb, noun, tail = objects.group("aux", "actor", "verb", "noun", "tail")
        return f"How many {noun} {aux.lower()} {actor} {verb}{tail}?"
    return None


def at_time(question: str, time: str) -> str:
    """Return the question for another time; it takes the place of the time in the question, if there is one.

    >>> at_time("What did Ito say about tariffs in August?", "in September")
    'What did Ito say about tariffs in September?'
    """
    body = body_of(question)
    found = TIME.search(body)
    if found:
        return f"{body[: found.start()]}{time}{body[found.end() :]}?"
    return f"{body} {time}?"


def about_topic(question: str, preposition: str, topic: str) -> str | None:
    """Return the question about another topic; None where it has no topic to take the place of.

    >>> about_topic("What did Ito say about the ferry in May?", "about", "the dam")
    'What did Ito say about the dam in May?'
    """
    body = body_of(question)
    time = TIME.search(body)
    tail = body[time.start() :] if time and time.start() > 0 else ""
    head = body[: len(body) - len(tail)].rstrip()
    wanted = [
        word for word in next((words for words in _ALIKE if preposition in words), (preposition,)) if word
    ]
    places = [found for word in wanted if (found := re.search(rf"\b{word}\b (?!it that)", head, re.I))]
    if not places:
        return None if preposition == "" else f"{head} {preposition} {topic}{' ' if tail else ''}{tail}?"
    at = places[0]
    kept = preposition if preposition in ("for", "against") else at.group().strip()
    return f"{head[: at.start()]}{kept} {topic}{' ' if tail else ''}{tail}?"


def with_name(question: str, old: str, new: str) -> str:
    """Return the question with one name in the place of another; where both are in it they change places."""
    token = "\0"
    swapped = re.sub(rf"\b{re.escape(old)}\b", token, question)
    swapped = re.sub(rf"\b{re.escape(new)}\b", old, swapped)
    return swapped.replace(token, new)


def did_they(question: str, name: str) -> str | None:
    """Return whether this one did what an earlier question asked who did; None for other questions.

    >>> did_they("Who praised Ito most?", "Brandt")
    'Did Brandt praise Ito?'
    """
    body = body_of(_MOST.sub("", question))
    found = re.match(r"(?:who|which [a-z -]+?) (?P<verb>[a-z]+(?:ed|t|n|ht))\b(?P<tail>.*)", body, re.I)
    if not found:
        return None
    verb = found.group("verb").lower()
    known = next((form for form in base_forms(verb) if form in PRAISE_VERBS | CRITICISE_VERBS), None)
    if known:
        return f"Did {name} {known}{found.group('tail')}?"
    return f"Is it true that {name} {verb}{found.group('tail')}?"


def with_actor(question: str, name: str) -> str | None:
    """Return a yes-or-no question about another actor: "Did Ito come?" -> "Did Brandt come?"."""
    found = re.match(rf"(?P<aux>{_AUX}) (?P<actor>{_SUBJECT})(?P<rest> .*)", body_of(question))
    return f"{found.group('aux')} {name}{found.group('rest')}?" if found else None


def _small(text: str) -> str:
    """Return the text with its first word in small letters, unless it is a name."""
    first = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if re.fullmatch(_AUX, first, re.I) else text
