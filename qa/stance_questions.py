"""Questions about who praised or criticised whom, read with their direction. Pure."""

import re
from dataclasses import dataclass, replace

from index.patterns import regex
from index.schema import Stance
from qa.families import family_of
from qa.names import Party, split_party
from qa.parties import is_party
from qa.schema import Kind, Plan, Wanted
from qa.stance_wording import with_one_verb
from qa.wording import STANCE_NOUNS, base_forms, content_stems, kind_of_noun, stance_of_verb

_MOST = regex(
    r"\b(?:the )?(?:most(?: often)?|more (?:often )?than any\w*(?: else)?|hardest|harshest|loudest)\b", re.I
)
_FURTHER_VERBS = regex(
    r"^(?:\s*,?(?:\s+(?:or|and))?\s+[a-z]+(?=\s*,|\s+(?:or|and)\b|\s+(?:the\s+)?[A-Z“\"]|\s*$))+"
)
_EVERYDAY = frozenset(
    "support back champion welcome recommend defend celebrate fault blame sue oppose".split()
)
"""Stance verbs with everyday meanings too: read as a stance only beside a capitalised party."""
_AUXILIARIES = frozenset("did does do has have had".split())
_PRONOUNS = frozenset("him her them it us me you".split())
_ANYBODY = frozenset("anyone anybody someone somebody nobody people everyone".split())
_PASSIVES = frozenset("was were is are been being got".split())
_BEFORE_NOUN = frozenset(
    """the a an of in on for with no any this that their his her its such under after which what whose
    in""".split()
)
_OPENERS = frozenset(["who", "whom", "which", "what"])
_NOBODY = frozenset(["when", "where", "why", "how"])
"""What no question begins with that asks for somebody; no other way of saying it begins so."""
_VAGUE = frozenset(
    """named people person persons politician politicians figure figures leader leaders rival rivals man
    woman men women leading prominent top other others person organisation organisations organization
    organizations body bodies party public individual individuals else ever also all individual outlet
    outlets used use candidate candidates company companies firm firms group groups country countries or and
    was were is are been""".split()
)
"""Words before the verb that say nothing by which the ones asked for could be told from others."""
_OFFICE = frozenset("bid candidacy campaign presidential presidency run race nomination".split())
"""What somebody is endorsed for; an article that reports the endorsement need not name it."""
_SELF = regex(r",?\s*\b(?:including|counting|and also)\s+(?:the\s+)?(authors?|writers?|reporters?)\b", re.I)


@dataclass(frozen=True, slots=True)
class _Clause:
    """A question cut at its stance verb: "which company | thanked | Howard Lutnick for his support"."""

    opener: str
    before: list[str]
    verb: str
    stance: Stance
    after: str
    family: str
    ranked: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a clause asks for: the kind of answer, how the ones asked for are described, and the topic."""

    wanted: Wanted
    described: str = ""
    context: str = ""


def read_statements(text: str) -> Plan | None:
    """Read "who praised X most?", "whom did X attack?", "who was thanked by X?", "did X endorse Y?".

    Returns:
        A plan whose missing side (speaker or target) is the one asked for, or None for other questions.
    """
    if text.split(" ", 1)[0].lower() in _NOBODY:
        return None
    including = ("author",) if _SELF.search(text) else ()
    plain = with_one_verb(_SELF.sub("", text))
    found = _read_naming(plain) or _read_clause(plain)
    return replace(found, including=including) if found else None


def _read_clause(normal: str) -> Plan | None:
    clause = _cut(normal)
    if clause is None or any(word.lower() in ("say", "call", "describe") for word in clause.before):
        return None
    if clause.opener in _OPENERS:
        if clause.before and clause.before[-1].lower() in _PASSIVES and not clause.verb.endswith("ing"):
            return _passive(clause)
        if clause.before and clause.before[0].lower() in _PASSIVES and clause.after.startswith("by"):
            return _agent_wanted(clause)
        if any(word.lower() in _AUXILIARIES for word in clause.before[:-1]):
            return _object_wanted(clause)
        return _subject_wanted(clause)
    return _yes_no(clause)


def _cut(text: str) -> _Clause | None:
    """Cut at the first stance verb that is used as a verb and stands outside quotation marks."""
    unquoted = re.sub(r"[\"“][^\"”]*[\"”]|\([^)]*\)", lambda aside: " " * len(aside.group()), text)
    tokens = list(re.finditer(r"[\w’'.-]+", unquoted))
    if not tokens or tokens[0].group().lower() not in _OPENERS | _AUXILIARIES | _PASSIVES:
        return None
    for position, token in enumerate(tokens[1:], start=1):
        stance = stance_of_verb(token.group())
        before = tokens[position - 1].group().lower()
        if stance is None or not token.group().islower() or before in _BEFORE_NOUN:
            continue
        words = [found.group() for found in tokens[1:position]]
        while words and (
            words[-1].endswith("ly") or words[-1].lower() in ("most", "ever", "also", "all", "the")
        ):
            words.pop()
        rest = text[token.end() :]
        after = _after_enumeration(rest)
        verbs = [token.group(), *re.findall(r"[a-z]+", rest[: max(len(rest) - len(after), 0)])]
        family = family_of(verb for verb in verbs if stance_of_verb(verb))
        ranked = bool(_MOST.search(text))
        return _Clause(tokens[0].group().lower(), words, token.group(), stance, after, family, ranked)
    return None


def _after_enumeration(text: str) -> str:
    """Drop the further verbs of ", thank or endorse X" and the words that mean "most"."""
    without = _FURTHER_VERBS.sub("", text) if re.match(r"\s*(?:,|or\b|and\b)", text) else text
    return " ".join(_MOST.sub(" ", without).split())


def _plan(clause: _Clause, asked: _Asked, speaker: Party | None, target: Party | None) -> Plan:
    sides = [party.name for party in (speaker, target) if party]
    return Plan(
        kind=Kind.STATEMENTS,
        wanted=asked.wanted,
        many=asked.wanted is not Wanted.YES_NO and not clause.ranked,
        ranked=clause.ranked and asked.wanted is not Wanted.YES_NO,
        stance=clause.stance,
        family=clause.family,
        speaker=speaker.name if speaker else None,
        target=target.name if target else None,
        names=tuple(sides),
        described=asked.described,
        terms=_topic(asked.context, clause),
    )


def _topic(context: str, clause: _Clause) -> tuple[str, ...]:
    """Return the stems of what the statements must be about."""
    kept = [word for word in context.split() if not stance_of_verb(word.strip(",."))]
    if clause.stance is Stance.PRAISE:
        kept = [word for word in kept if word.lower().strip(",.") not in _OFFICE]
    return content_stems(" ".join(kept))


def _subject_wanted(clause: _Clause) -> Plan | None:
    target = split_party(clause.after)
    everyday = any(form in _EVERYDAY for form in base_forms(clause.verb))
    if target is None or target.name in _PRONOUNS or (everyday and target.name.islower()):
        return None
    described, setting = _told_apart(clause.before)
    asked = _Asked(_wanted_of(clause.before), described, f"{setting} {target.rest}")
    return _plan(clause, asked, None, target)


def _object_wanted(clause: _Clause) -> Plan | None:
    position = next(n for n, word in enumerate(clause.before) if word.lower() in _AUXILIARIES)
    speaker = split_party(" ".join(clause.before[position + 1 :]))
    if speaker is None:
        return None
    of_whom = _possessor_of(clause.before[:position])
    if of_whom:
        return _plan(clause, _Asked(Wanted.CLAUSE, context=clause.after), speaker, of_whom)
    noun = clause.before[:position]
    return _plan(clause, _Asked(_wanted_of(noun), _told_apart(noun)[0], clause.after), speaker, None)


def _possessor_of(words: list[str]) -> Party | None:
    """Return Ito of "which of Ito's proposals did X praise": what is asked for is a thing of his."""
    if not words or words[0].lower() != "of":
        return None
    owned = split_party(" ".join(words[1:]))
    return owned if owned and owned.rest and owned.name[0].isupper() else None


def _passive(clause: _Clause) -> Plan | None:
    by = re.search(r"\bby\b\s*(.*)", clause.after)
    if by is None and not clause.ranked:
        return None
    speaker = split_party(by.group(1)) if by and by.group(1) else None
    if speaker and not speaker.name[0].isupper():
        speaker = None  # "by other named people": anybody
    context = speaker.rest if speaker else ""
    asked = _Asked(_wanted_of(clause.before), _told_apart(clause.before)[0], context)
    return _plan(clause, asked, speaker, None)


def _agent_wanted(clause: _Clause) -> Plan | None:
    """Read "who was Ito praised by?"."""
    target = split_party(" ".join(clause.before[1:]))
    if target is None:
        return None
    return _plan(clause, _Asked(Wanted.NAME, context=clause.after.removeprefix("by")), None, target)


def _yes_no(clause: _Clause) -> Plan | None:
    speaker = split_party(" ".join(clause.before))
    by = re.match(r"by\s+(.+)", clause.after)
    if clause.opener in _PASSIVES | {"has", "have", "had"} and by:
        target, speaker = speaker, split_party(by.group(1))
        context = speaker.rest if speaker else ""
    elif speaker and _is_passive(clause):
        target, speaker, context = speaker, Party("anybody", ""), clause.after
    else:
        target = split_party(clause.after)
        context = target.rest if target else ""
    if speaker is None or target is None:
        return None
    speaker, target = (None if party.name.lower() in _ANYBODY else party for party in (speaker, target))
    return _plan(clause, _Asked(Wanted.YES_NO, context=context), speaker, target)


def _is_passive(clause: _Clause) -> bool:
    """Whether "has Ito been accused of X?" or "was Ito blamed?" asks what was done to Ito, by anybody."""
    perfect = clause.opener in ("has", "have", "had") and clause.before[-1:] == ["been"]
    simple = clause.opener in _PASSIVES and clause.verb.endswith("ed") and "have" not in clause.before
    return (perfect or simple) and not clause.verb.endswith("ing")


_CALLED = regex(
    r"^(?P<asked>who(?:m|)|which [\w’' -]+?|what [\w’' -]+?) (?:did|does|has|have) (?P<speaker>.+?) "
    r"(?:call(?:ed)?|brand(?:ed)?|label(?:led|ed)?|dub(?:bed)?|described? as|included? among|count among"
    r"|liken(?:ed)? to|compare[d]? (?:to|with)|accuse[d]? of being) (?P<words>[^?]+)$",
    re.I,
)


def _read_naming(text: str) -> Plan | None:
    """Read "whom did X call a liar?": the target is asked for, by words that the statement must hold."""
    found = _CALLED.match(text)
    if not found:
        return None
    speaker = split_party(found.group("speaker"))
    if speaker is None or speaker.rest or not found.group("words").strip(' "“”'):
        return None
    asked = found.group("asked").split()[1:]
    if not asked and found.group("asked").lower() not in ("who", "whom"):
        return None
    return Plan(
        kind=Kind.STATEMENTS,
        wanted=_wanted_of(asked),
        many=True,
        speaker=speaker.name,
        names=(speaker.name,),
        about="called",
        head=re.sub(r"[\"“”?]", "", found.group("words")).strip(),
        terms=content_stems(found.group("words")),
    )


def _wanted_of(noun_words: list[str]) -> Wanted:
    """Return what the words after "which" ask for; plain "who" asks for a person or a body."""
    kinds = {kind for word in noun_words if (kind := kind_of_noun(word.lower()))}
    kinds &= {Wanted.PERSON, Wanted.ORGANISATION, Wanted.PLACE}
    first = next((kind_of_noun(word.lower()) for word in noun_words if kind_of_noun(word.lower())), None)
    if "or" in noun_words and len(kinds) > 1:
        return Wanted.NAME
    return first if first in kinds and first else Wanted.NAME


def _told_apart(words: list[str]) -> tuple[str, str]:
    """Split the words before the verb into a description of the ones asked for and the occasion.

    Names in the description belong to the occasion as well.

    Example: "Ohio candidates used the debate to" -> "Ohio candidates" and "Ohio the debate to".
    """
    occasion = next((n for n, word in enumerate(words) if word in ("used", "use")), len(words))
    excepted = next((n for n, word in enumerate(words) if word == "than"), occasion)
    described = words[: min(occasion, max(excepted - 1, 0) if excepted < occasion else occasion)]
    kept = [word for word in described if word.lower() not in _VAGUE]
    kept = kept[: _end_of_description(kept)]
    # "Wisconsin Republicans" are told by what the article is about, too; their party is no topic.
    places = [word for word in kept if word[0].isupper() and not is_party(word)]
    return " ".join(kept), " ".join([*places, *words[occasion + 1 :]])


def _end_of_description(words: list[str]) -> int:
    """Return where "said they were" and the like begin."""
    ends = ("said", "say", "says", "did", "has", "have", "had")
    return next((n for n, word in enumerate(words) if word in ends), len(words))


def stance_asked(text: str) -> Stance | None:
    """Return the stance of "in praise of", "to criticise" and the like in the rest of a question."""
    for word in text.lower().split():
        stance = STANCE_NOUNS.get(word) or stance_of_verb(word)
        if stance:
            return stance
    return None
