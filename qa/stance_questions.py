"""Questions about who praised or criticised whom, read with their direction. Pure."""

import re
from dataclasses import dataclass

from index.schema import Stance
from qa.names import Party, split_party
from qa.schema import Kind, Plan, Wanted
from qa.wording import STANCE_NOUNS, base_forms, content_stems, kind_of_noun, stance_of_verb

_GOOD = r"(?:good|nice|kind|warm|positive|complimentary)"
_BAD = r"(?:bad|harsh|unkind|negative)"
_THING = r"(?:anything|something|things|words)"
_HAD = r"\b(?:ha[ds]|have) (?:had )?"
_EVALUATIONS = tuple(
    (re.compile(pattern, re.I), verb)
    for pattern, verb in (
        (r"\bsp(?:oke|eaks?|oken) (?:well|best|highly|warmly) of\b", "praised"),
        (r"\bsp(?:oke|eaks?|oken) (?:ill|badly|worst) of\b", "criticised"),
        (rf"\bsa(?:id|ys?) {_THING} {_GOOD} (?:about|of)\b", "praised"),
        (rf"\bsa(?:id|ys?) {_THING} {_BAD} (?:about|of)\b", "criticised"),
        (rf"{_HAD}(?:{_THING} )?{_GOOD}(?: words| things)?(?: to say)? (?:for|about|of)\b", "praised"),
        (rf"{_HAD}(?:{_THING} )?{_BAD}(?: words| things)?(?: to say)? (?:for|about|of)\b", "criticised"),
        (r"\bg(?:ive[sn]?|ave) ((?:the )?[\w’' ]{3,40}?) credit\b", r"praised \1"),
        (r"\b(?:found|finds?) fault with\b", "criticised"),
        (r"\b(?:was|is|were|are) critical of\b|\b(?:took|takes?) aim at\b", "criticised"),
        (r"\b(?:came|comes?|coming) out (?:for|in support of)\b", "endorsed"),
    )
)
_MOST = re.compile(
    r"\b(?:the )?(?:most(?: often)?|more (?:often )?than any\w*(?: else)?|hardest|harshest|loudest)\b", re.I
)
_FURTHER_VERBS = re.compile(
    r"^(?:\s*,?(?:\s+(?:or|and))?\s+[a-z]+(?=\s*,|\s+(?:or|and)\b|\s+(?:the\s+)?[A-Z“\"]|\s*$))+"
)
_EVERYDAY = frozenset("support back champion welcome recommend defend celebrate fault blame".split())
"""Stance verbs with everyday meanings too: read as a stance only beside a capitalised party."""
_AUXILIARIES = frozenset("did does do has have had".split())
_PRONOUNS = frozenset("him her them it us me you".split())
_PASSIVES = frozenset("was were is are been being got".split())
_BEFORE_NOUN = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "in",
        "on",
        "for",
        "with",
        "no",
        "any",
        "this",
        "that",
        "their",
        "his",
        "her",
        "its",
        "such",
        "under",
        "after",
    ]
)
_OPENERS = frozenset(["who", "whom", "which", "what"])


@dataclass(frozen=True, slots=True)
class _Clause:
    """A question cut at its stance verb: "which company | thanked | Howard Lutnick for his support"."""

    opener: str
    before: list[str]
    verb: str
    stance: Stance
    after: str


def read_statements(text: str) -> Plan | None:
    """Read "who praised X most?", "whom did X attack?", "who was thanked by X?", "did X endorse Y?".

    Returns:
        A plan whose missing side (speaker or target) is the one asked for, or None for other questions.
    """
    normal = text.strip().rstrip("?").strip()
    for pattern, verb in _EVALUATIONS:
        normal = pattern.sub(verb, normal)
    clause = _cut(normal)
    if clause is None or any(word.lower() in ("say", "call", "describe") for word in clause.before):
        return None
    ranked = bool(_MOST.search(normal))
    if clause.opener in _OPENERS:
        if clause.before and clause.before[-1].lower() in _PASSIVES and not clause.verb.endswith("ing"):
            return _passive(clause, ranked)
        if any(word.lower() in _AUXILIARIES for word in clause.before[:-1]):
            return _object_wanted(clause, ranked)
        return _subject_wanted(clause, ranked)
    return _yes_no(clause)


def _cut(text: str) -> _Clause | None:
    """Cut at the first stance verb that is used as a verb and stands outside quotation marks."""
    unquoted = re.sub(r"[\"“][^\"”]*[\"”]", lambda quoted: " " * len(quoted.group()), text)
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
        return _Clause(
            tokens[0].group().lower(), words, token.group(), stance, _after_enumeration(text[token.end() :])
        )
    return None


def _after_enumeration(text: str) -> str:
    """Drop the further verbs of ", thank or endorse X" and the words that mean "most"."""
    without = _FURTHER_VERBS.sub("", text) if re.match(r"\s*(?:,|or\b|and\b)", text) else text
    return " ".join(_MOST.sub(" ", without).split())


def _plan(
    clause: _Clause,
    *,
    ranked: bool,
    wanted: Wanted,
    speaker: Party | None,
    target: Party | None,
    context: str,
) -> Plan:
    sides = [party.name for party in (speaker, target) if party]
    return Plan(
        kind=Kind.STATEMENTS,
        wanted=wanted,
        many=wanted is not Wanted.YES_NO and not ranked,
        ranked=ranked,
        stance=clause.stance,
        speaker=speaker.name if speaker else None,
        target=target.name if target else None,
        names=tuple(sides),
        terms=content_stems(context),
    )


def _subject_wanted(clause: _Clause, ranked: bool) -> Plan | None:
    target = split_party(clause.after)
    everyday = any(form in _EVERYDAY for form in base_forms(clause.verb))
    if target is None or target.name in _PRONOUNS or (everyday and target.name.islower()):
        return None
    described = " ".join(clause.before)
    return _plan(
        clause,
        ranked=ranked,
        wanted=_wanted_of(clause.before),
        speaker=None,
        target=target,
        context=f"{_qualities(described)} {target.rest}",
    )


def _object_wanted(clause: _Clause, ranked: bool) -> Plan | None:
    position = next(n for n, word in enumerate(clause.before) if word.lower() in _AUXILIARIES)
    speaker = split_party(" ".join(clause.before[position + 1 :]))
    if speaker is None:
        return None
    return _plan(
        clause,
        ranked=ranked,
        wanted=_wanted_of(clause.before[:position]),
        speaker=speaker,
        target=None,
        context=clause.after,
    )


def _passive(clause: _Clause, ranked: bool) -> Plan | None:
    by = re.search(r"\bby\s+(.+)", clause.after)
    if by is None and not ranked:
        return None
    speaker = split_party(by.group(1)) if by else None
    if speaker and not speaker.name[0].isupper():
        speaker = None  # "by other named people": anybody
    return _plan(
        clause,
        ranked=ranked,
        wanted=_wanted_of(clause.before),
        speaker=speaker,
        target=None,
        context=speaker.rest if speaker else "",
    )


def _yes_no(clause: _Clause) -> Plan | None:
    speaker = split_party(" ".join(clause.before))
    target = split_party(clause.after)
    if speaker is None or target is None:
        return None
    return _plan(
        clause, ranked=False, wanted=Wanted.YES_NO, speaker=speaker, target=target, context=target.rest
    )


def _wanted_of(noun_words: list[str]) -> Wanted:
    """Return what the words after "which" ask for; plain "who" asks for a person or a body."""
    for word in noun_words:
        wanted = kind_of_noun(word.lower())
        if wanted:
            return wanted if wanted in (Wanted.PERSON, Wanted.ORGANISATION, Wanted.PLACE) else Wanted.NAME
    return Wanted.NAME


def _qualities(described: str) -> str:
    """Return what limits the ones asked for ("Wisconsin" of "Wisconsin Republicans"), without head nouns."""
    return " ".join(
        word for word in described.split() if not kind_of_noun(word.lower()) and word.lower() != "named"
    )


def stance_asked(text: str) -> Stance | None:
    """Return the stance of "in praise of", "to criticise" and the like in the rest of a question."""
    for word in text.lower().split():
        stance = STANCE_NOUNS.get(word) or stance_of_verb(word)
        if stance:
            return stance
    return None
