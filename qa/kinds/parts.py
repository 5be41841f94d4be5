"""Questions of two or three parts: "who won the election and by how many votes?". Pure.

Only what asks twice is split: a question word, an auxiliary or a preposition must come again. An ordinary
"and" ("what did Brandt and Ito agree on?") joins names or deeds of one question.
"""

import re
from collections.abc import Iterator

from index.patterns import regex
from qa.gaps import is_past
from qa.wording import STOP_WORDS

GOES_ON = regex(r"And (?=[a-z])")
"""How a part begins that leans on the one before it: "And by how many votes?"."""
MOST = 3
"""Parts of one question; what has more is not split."""
_SHORT = 12
"""Words of each half of a question of two "did ... and did ..."; longer ones ask whether all of it is so."""
_AUX = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)(?:n['’]t)?(?=\s)"
_MAIN_TOO = r"(?:is|are|was|were|has|have|had)(?:n['’]t)?(?=\s)"
"""Auxiliaries that are verbs by themselves too: "and is the youngest ever" asks nothing."""
_PREPOSITION = (
    r"(?:about|after|against|at|before|between|by|during|for|from|in|of|on|since|to|under|until|with)"
)
_WH = r"(?:who|whom|whose|what|which|when|where|why|how)"
_QUESTION_WORD = rf"(?:{_PREPOSITION} )?{_WH}\b"
_NOUN = r"(?!(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b)[\w’'%-]+"
_ASKED = (
    rf"(?:{_PREPOSITION} )?(?:(?:how (?:many|much)|which|what|whose)(?: {_NOUN}){{1,3}}?"
    r"|how (?:many|much|long|often|far|old|tall|big|large|high|fast)|who|whom|what|which|when|where|why|how)"
)
"""A question word with its noun: "by how many votes", "when", "which company"."""
_DEEDS = STOP_WORDS | frozenset("came went sank stood sat lay cost hit cut set quit".split())
"""Words that are no noun behind a question word, beside the irregular verbs that are known."""
_TRAILING = ("else", "exactly", "so", "for", "from", "to", "with", "by")
_BARE = regex(rf"(?:{_ASKED}(?: (?:{'|'.join(_TRAILING)}))?|since when|how come)", re.I)
"""What may stand for a whole part: "and why?", "and by how many votes?"."""
_INVERTED = regex(rf"{_ASKED} {_AUX} \S", re.I)
_OF_SUBJECT = regex(
    rf"(?:{_PREPOSITION} )?(?:who|what|(?:which|what|how many|how much) {_NOUN})\b"
    r"(?! (?:he|she|it|they|we)\b) \S",
    re.I,
)
"""A part whose question word is its subject: "who came second", "how many people were hurt"."""
_POLAR = regex(
    rf"(?:(?!{_MAIN_TOO}){_AUX} (?:the |a |an |any|some|no |he\b|she\b|it\b|they\b|there\b|[A-Z])"
    rf"|{_MAIN_TOO} (?:he|she|it|they|there)\b)"
)
_POLAR_TOO = regex(rf"{_AUX} (?:the |any|he\b|she\b|it\b|they\b|there\b|[A-Z])")
_JOINT = regex(
    rf"\s*[,;–—]?\s+(?:and|but)(?: also| then| if so,?| if not,?)?\s+(?={_QUESTION_WORD}|{_AUX})", re.I
)
_LISTED = regex(rf",\s+(?={_QUESTION_WORD})", re.I)
_OPENING = regex(
    r"^(?:(?:please|can you|could you|i (?:would like|want) to know|i wonder|do you know|find out)[, ]+)*"
    r"(?:(?:tell|show) (?:me|us)|say|explain)?[,:]?\s*(?=(?:about |by |in |for |to )?"
    rf"{_WH}\b)",
    re.I,
)
_WHOLE_CLAUSE = regex(rf"{_ASKED} {_AUX} \S+ \S", re.I)
_TOGETHER = regex(
    rf"^(?P<one>{_ASKED})(?:, (?P<two>{_ASKED}),?)? and (?P<last>{_ASKED}) (?P<rest>{_AUX}.+)$", re.I
)
"""Question words side by side before one clause: "when and where was it held?"."""
_COUNTED = regex(
    rf"^(?P<one>how many(?: {_NOUN})?) and (?P<last>(?:which|what) {_NOUN}) (?P<rest>\S.*)$", re.I
)
_ACTED = rf"(?:who|which {_NOUN}|how many {_NOUN}) [a-z]+"
_SHARED = regex(
    rf"^(?P<one>(?i:{_ACTED})) and (?P<last>{_ACTED}) (?P<rest>(?:the |an? |his |her |its |[A-Z]).*)$"
)
"""Two verbs before one object: "who praised and who criticised Brandt?"."""
_WHAT_DID = "what (?:did|does|do|has|have)"
_SAID = regex(
    rf"^(?P<one>{_WHAT_DID} .+? (?P<verb>say|think|claim|write|promise|argue)) and "
    rf"(?P<last>{_WHAT_DID} .+? (?P=verb)) (?P<rest>(?:about|on|of)\b.+)$",
    re.I,
)
_TOPIC = r"(?:[\w’'.%-]+ ){0,4}[\w’'.%-]+"
_TOPICS = regex(
    rf"^(?P<head>(?:{_WHAT_DID}\b|how (?:many|much)\b|how (?:did|does|do)\b|when\b|why\b).+?) "
    rf"(?P<preposition>about|on|in|from|for|to|at|against|with) (?P<one>{_TOPIC}),? "
    rf"and (?:also )?(?P=preposition) (?P<two>{_TOPIC})$",
    re.I,
)
"""One preposition twice: "what did Brandt say about the ferry and about the dam?"."""
_STARTS = regex(rf"^(?:{_QUESTION_WORD}|{_AUX})", re.I)
_RELATIVE = regex(r"\b(?:who|whom|whose|which|that|where|when|why|how|what|whether|if)\b", re.I)
_QUOTED = regex(r"[“\"][^”\"]*[”\"]")


def read_parts(text: str) -> tuple[str, ...]:
    """Return the parts of a question that asks several things, in order; empty where it asks one.

    A part that begins with "And" may lean on the ones before it (`qa.talk.parts` makes it whole).

    >>> read_parts("When and where was the summit held?")
    ('When was the summit held?', 'Where was the summit held?')
    >>> read_parts("Who won the election and by how many votes?")
    ('Who won the election?', 'And by how many votes?')
    """
    plain = " ".join(text.split())
    # Nothing is split inside a quotation.
    masked = _QUOTED.sub(lambda found: "Q" * len(found.group()), plain)
    opening = _OPENING.match(masked)
    shared = _sharing(plain[opening.end() if opening else 0 :].rstrip("?!. ")) if masked == plain else ()
    sentences = _sentences(masked)
    spans = sentences if len(sentences) > 1 else _spans(masked)
    if shared:
        return _questions(shared)
    parts = [f"{plain[start].lower()}{plain[start + 1 : end]}" for start, end in spans]
    return _questions(tuple(f"and {part}" if at else part for at, part in enumerate(parts)))


def _questions(parts: tuple[str, ...]) -> tuple[str, ...]:
    whole = tuple(f"{part[:1].upper()}{part[1:]}?" for one in parts if (part := one.strip(" ,;?!.")))
    return whole if 1 < len(whole) <= MOST else ()


def _sharing(body: str) -> tuple[str, ...]:
    """Return the parts of question words or topics that share a clause."""
    if " and " not in body.lower():
        return ()
    if found := _TOGETHER.match(body):
        asked = [one for one in found.group("one", "two", "last") if one]
        if all(map(_names_no_deed, asked)):
            return tuple(f"{one} {found.group('rest')}" for one in _with_noun(asked))
    for pattern in (_COUNTED, _SHARED, _SAID):
        if found := pattern.match(body):
            asked = list(_with_noun([*found.group("one", "last")]))
            return tuple(f"{one} {found.group('rest')}" for one in asked)
    if found := _TOPICS.match(body):
        head, preposition = found.group("head"), found.group("preposition")
        if not re.search(r"\b(?:between|both|according)\b", head):
            return tuple(f"{head} {preposition} {found.group(one)}" for one in ("one", "two"))
    return ()


def _names_no_deed(asked: str) -> bool:
    """Whether the words after a question word are its noun, not a verb: "how many people" or "who won"."""
    opening = re.match(rf"(?:{_PREPOSITION} )?(?:how (?:many|much)|{_WH})\b", asked, re.I)
    nouns = asked[opening.end() if opening else 0 :].lower().split()
    nouns = nouns[:-1] if nouns[-1:] and nouns[-1] in _TRAILING else nouns
    return not any(noun.endswith("ed") or is_past(noun) or noun in _DEEDS for noun in nouns)


def _with_noun(asked: list[str]) -> Iterator[str]:
    """Yield the question words, "how many" and "which" with the noun of the next one where they have none."""
    last = re.fullmatch(r"(?:how (?:many|much)|which|what|whose) (?P<noun>.+)", asked[-1], re.I)
    for one in asked:
        lacks = re.fullmatch(r"how many|which|whose", one, re.I)
        yield f"{one} {last.group('noun')}" if lacks and last else one


def _spans(text: str) -> list[tuple[int, int]]:
    """Return where the parts of a question stand that each ask for themselves; empty where it is one."""
    opening = _OPENING.match(text)
    told = bool(opening and opening.end())
    start = opening.end() if opening else 0
    spans: list[tuple[int, int]] = []
    body = text.rstrip("?!. ")
    for joint in _JOINT.finditer(body, start):
        following = _next_joint(body, joint.end())
        before = _listed(body, start, joint.start())
        if _asks(body[slice(*before[0])], body[joint.end() : following], told=told):
            spans += before
            start = joint.end()
    return [*spans, (start, len(body))] if spans else []


def _sentences(text: str) -> list[tuple[int, int]]:
    """Return the sentences where each of them is a question: "Who won? And by how many votes?"."""
    spans = []
    for found in re.finditer(r"(?:(?:And|But)\s+)?(?P<asks>[^?]+)\?", text.strip(), re.I):
        start = found.start("asks") + len(found.group("asks")) - len(found.group("asks").lstrip())
        lead = re.match(r"(?:and|but|also)[, ]+", text[start:], re.I)
        start += lead.end() if lead else 0
        if not _STARTS.match(text[start : found.end()]):
            return []
        spans.append((start, found.end("asks")))
    return spans if text.rstrip().endswith("?") else []


def _next_joint(body: str, after: int) -> int:
    found = _JOINT.search(body, after)
    return found.start() if found else len(body)


def _listed(body: str, start: int, end: int) -> list[tuple[int, int]]:
    """Split "who won, when" at its comma, which a later "and" has shown to be one of a list."""
    for comma in _LISTED.finditer(body, start, end):
        if is_bare(body[comma.end() : end]) and _is_whole(body[start : comma.start()]):
            return [(start, comma.start()), (comma.end(), end)]
    return [(start, end)]


def _asks(before: str, after: str, *, told: bool) -> bool:
    """Whether the words after "and" are a question beside the one before, not a part of it."""
    if not _is_whole(before) or re.match(r"whose\b", after, re.I):
        return False
    if is_bare(after):
        return not _embeds(before)
    if _STARTS.match(after) and re.match(_AUX, after, re.I):
        return _is_polar(before, after)
    if _INVERTED.match(after) and not re.match(rf"(?:who|which|what|whose) {_MAIN_TOO}", after, re.I):
        return bool(_WHOLE_CLAUSE.match(after)) or not _embeds(before)
    if told and re.match(_QUESTION_WORD, after, re.I):
        return not re.match(r"which (?:is|are|was|were|has|have|had)\b", after, re.I)
    relative = re.match(r"which (?:is|are|was|were|has|have|had|will|would|can|could)\b", after, re.I)
    return bool(_OF_SUBJECT.match(after)) and not relative and not _embeds(before)


def _is_whole(before: str) -> bool:
    """Whether the words are a question by themselves: a question word with a verb."""
    return bool(_STARTS.match(before)) and len(before.split()) > 1 and not is_bare(before)


def is_bare(words: str) -> bool:
    """Whether the words are a question word with its noun and nothing else: "by how many votes"."""
    return bool(_BARE.fullmatch(words)) and _names_no_deed(words)


def _embeds(before: str) -> bool:
    """Whether a clause in the question may go on after "and": "the man who fled and who was caught"."""
    opening = re.match(rf"(?:{_PREPOSITION} )?(?:{_WH}|{_AUX})", before, re.I)
    return bool(_RELATIVE.search(before, opening.end() if opening else 0))


def _is_polar(before: str, after: str) -> bool:
    """Whether "and did ..." asks for yes or no by itself."""
    if max(len(before.split()), len(after.split())) > _SHORT:
        return False
    beside = re.match(_AUX, before, re.I)
    return bool((_POLAR_TOO if beside else _POLAR).match(after)) and bool(beside or not _embeds(before))
