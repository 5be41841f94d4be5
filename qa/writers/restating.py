"""Whether a sentence says no more than a sentence of an article: word by word and tie by tie.

A model that invents uses the article's own words and names; what it invents are the ties between them: who
did it, to whom, how much of what. So every content word of the sentence must stand in the article's, and
every tie between two of them must be there too, read from both parse trees: who does what, what is whose,
what goes with which preposition. Nothing that turns the meaning may have been left out: "not", "may",
"refused to", "former", "more than", "said".

It is strict: a free paraphrase does not pass. What passes can be relied on. Pure, but for the parser.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.statements.pipeline import parse
from qa.evidence import is_derived
from qa.wording import stem

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_CONTENT = frozenset(["NOUN", "PROPN", "VERB", "ADJ", "NUM", "ADV"])
_CLASSES = {
    "NNP": "PROPN",
    "NNPS": "PROPN",
    "NN": "NOUN",
    "VB": "VERB",
    "JJ": "ADJ",
    "RB": "ADV",
    "CD": "NUM",
    "IN": "ADP",
    "TO": "ADP",
    "DT": "DET",
    "PDT": "DET",
    "PRP$": "DET",
}
_SUBJECT = frozenset(["nsubj", "csubj", "agent"])
_OBJECT = frozenset(["dobj", "nsubjpass", "csubjpass", "dative", "oprd"])
_BE = frozenset("be is are was were am been being 's ’s 're".split())
_SAY = frozenset("say said says saying tell told tells state stated states announce announced".split())
_MODALS = frozenset("may might can could would will shall should must 'll ’ll 'd ’d wo ca need ought".split())
_NOT = frozenset(
    "not n't n’t never no nor neither none nobody nothing hardly barely scarcely without".split()
)
_DOUBT = frozenset("if unless whether until though although except".split())
_LIMITS = frozenset(
    "more less fewer least most up nearly almost over under only least half twice below above another other "
    "first second third last next former acting alleged deputy vice would-be interim fake self-styled "
    "proposed planned possible potential suspected supposed so-called ex expected unlikely likely once "
    "some few several many all every each both allegedly reportedly partly".split()
)
_LEAST_WORDS = 4
_TRIALS = 5_000
"""Choices of words that are tried before a sentence counts as not held."""
_NEVER_LAST = frozenset(["DT", "IN", "CC", "TO", "PRP$", "WDT", "WP", "WRB", "PDT", "MD"])
"""Classes of words with which no statement ends, unless it was broken off."""
_ATTRIBUTES = re.compile(
    r"\b(?:said|says?|told|tells?|added|argued|argues|claimed|claims|insisted|wrote|writes|warned|warns|estimated|"
    r"estimates|acknowledged|according to|announced|stated|called|calls|believes?|thinks?)\b"
)
_ATTRIBUTED = re.compile(
    r"[,”\"][”\"’]?\s+(?!and |but |who |which |or )(?:[\w.’'-]+\s+){0,6}?"
    r"(?:said|says|told|added|argued|claimed|insisted|wrote|warned|estimated|acknowledged)\b(?! that)|"
    r"\b[Aa]ccording to(?: \w+)?"
)
"""Words at the side of a statement that say whose it is: "..., the department said", "according to"."""
_STANDING_FOR = frozenset("he she it they this that these those one others both we i you".split())
_LIGHT = frozenset("also however then there here now just very still already too mr mrs ms dr".split())


@dataclass(frozen=True, slots=True)
class Held:
    """The words of an article that a sentence is held against.

    Attributes:
        sentences: The cited sentences.
        people: Names that "he", "she", "they" or "it" may stand for there; with more than one they stand for
            nobody.
        spoken: For each sentence whether it stands in somebody's speech; none does where this is empty.
    """

    sentences: tuple[str, ...]
    people: tuple[str, ...] = ()
    spoken: tuple[bool, ...] = ()


def says_no_more(text: str, held: Held) -> str:
    """Return "" when the cited sentences say all that a sentence says, else what they do not say."""
    claim = parse([text])[0]
    source = [tree for tree in parse(list(held.sentences)) if len(tree)]
    if not _is_sentence(claim):
        return "it is no whole sentence"
    matches = _Matches(claim, source, held)
    nobody = next((token for token in claim if _stands_for_another(token)), None)
    if nobody is not None:
        return f"it does not say who or what “{nobody.text}” is"
    named = {verb.i for verb in claim if matches.in_apposition(verb)}
    for token in claim:
        if _carries(token) and token.i not in named and not matches.of(token):
            return f"“{token.text}” is not in the cited words"
    ties = [tie for tie in _ties(claim) if tie.head.i not in named]
    loose = matches.first_loose(ties)
    if loose:
        return f"the cited words do not tie “{loose.child.text}” to “{loose.head.text}” in this way"
    return _without_speaker(claim, matches, held) or _left_out(claim, matches)


def _without_speaker(claim: "Doc", matches: "_Matches", held: Held) -> str:
    """Return what is missing where the words are somebody's and the claim tells them as the article's own."""
    if _ATTRIBUTES.search(claim.text) or any(mark in claim.text for mark in '“”"'):
        return ""
    root = next((token for token in claim if token.dep_ == "ROOT"), None)
    for found in matches.of(root) if root is not None else ():
        text = found.doc.text
        if found.lower_ in _SAY:
            continue
        at = held.sentences.index(text) if text in held.sentences else -1
        before = text[: found.idx]
        in_marks = before.count("“") > before.count("”") or before.count('"') % 2 == 1
        if in_marks or (0 <= at < len(held.spoken) and held.spoken[at]):
            return "these are somebody's words, and it does not say whose"
        said = _ATTRIBUTED.search(text)
        if said:
            return f"“{said.group().strip(' ,”')}”, on which the cited statement hangs"
    return ""


def _is_sentence(tree: "Doc") -> bool:
    """Whether a tree is a whole statement: nothing asked, nothing broken off, a finite verb on top."""
    spoken = [token for token in tree if not token.is_punct and token.text.strip()]
    if len(spoken) < _LEAST_WORDS or tree.text.rstrip(' ”"').endswith("?"):
        return False
    last = spoken[-1]
    broken_off = last.tag_ in _NEVER_LAST or last.lower_ in _BE or last.dep_ in ("nsubj", "nsubjpass")
    if broken_off or spoken[0].tag_ in ("WP", "WDT", "WRB", "WP$"):
        return False
    return any(token.dep_ == "ROOT" and _is_finite(token) for token in tree)


def _is_finite(verb: "Token") -> bool:
    below = {child.dep_ for child in verb.children}
    if not below & {"nsubj", "nsubjpass", "csubj", "csubjpass", "expl"}:
        return False
    return verb.tag_ in ("VBD", "VBZ", "VBP") or bool(below & {"aux", "auxpass", "cop"})


def _stands_for_another(token: "Token") -> bool:
    """Whether a subject is a pronoun with nothing before it that it could stand for.

    Which of the article's people it means cannot be read from the sentence.
    """
    subject = token.dep_ in ("nsubj", "nsubjpass") and token.lower_ in _STANDING_FOR
    owner = token.tag_ == "PRP$" and token.head.dep_ in ("nsubj", "nsubjpass")
    if not subject and not owner:
        return False
    before = token.doc[: token.i]
    return not any(
        other.tag_[:2] == "NN" and other.dep_ in ("nsubj", "nsubjpass", "pobj", "dobj") for other in before
    )


def _carries(token: "Token") -> bool:
    """Whether a word carries meaning that must be found."""
    lowered = token.lower_
    if lowered in _LIGHT or token.is_punct or not any(map(str.isalnum, lowered)):
        return False
    if lowered in _NOT or lowered in _LIMITS or lowered in _DOUBT:
        return True
    if _pos(token) == "AUX":
        return token.dep_ not in ("aux", "auxpass")
    return _pos(token) in _CONTENT


def _pos(token: "Token") -> str:
    """Return a word's class. The pipeline leaves them out, but they follow from its finer tags."""
    if (
        token.tag_ == "MD"
        or token.dep_ in ("aux", "auxpass")
        or (token.lower_ in _BE and token.tag_[:2] == "VB")
    ):
        return "AUX"
    return _CLASSES.get(token.tag_, _CLASSES.get(token.tag_[:2], ""))


class _Matches:
    """Which words of the cited sentences each word of a claim may be."""

    def __init__(self, claim: "Doc", source: "Sequence[Doc]", held: Held) -> None:
        self._held = held
        self._tokens = [token for tree in source for token in tree]
        self._found = {token.i: tuple(self._search(token)) for token in claim}

    def of(self, token: "Token") -> "tuple[Token, ...]":
        """Return the words that a word of the claim may be."""
        return self._found[token.i]

    def _search(self, token: "Token") -> "Iterator[Token]":
        exact = [other for other in self._tokens if _same_word(token, other)]
        yield from exact
        if _pos(token) == "PROPN" and not exact:
            yield from self._named_elsewhere(token)

    def _named_elsewhere(self, token: "Token") -> "Iterator[Token]":
        """Yield what stands for a name: the surname of the full name, or the one pronoun's owner."""
        part = stem(token.text)
        full = [name for name in self._held.people if part in map(stem, name.split())]
        if len(full) != 1:
            return
        surname = stem(full[0].split()[-1])
        named = [other for other in self._tokens if _pos(other) == "PROPN" and stem(other.text) == surname]
        if named:
            yield from named
        elif len(self._held.people) == 1:
            yield from (other for other in self._tokens if other.lower_ in ("he", "she", "his", "her", "him"))

    def first_loose(self, ties: "Sequence[_Tie]") -> "_Tie | None":
        """Return a tie that the article lacks, None when it has them all.

        Each word of the claim is one word of the article in all of its ties: with "58 percent" and "46
        percent" in the article, "percent" cannot be the one for the turnout and the other for the figure.
        """
        loose = next((tie for tie in ties if not any(self._ends(tie, {}))), None)
        if loose or not ties:
            return loose
        return None if self._fits(ties, 0, {}, [_TRIALS]) else ties[-1]

    def _fits(self, ties: "Sequence[_Tie]", at: int, chosen: "dict[int, Token]", trials: list[int]) -> bool:
        """Whether the ties from `at` on can be had with the words chosen so far."""
        if at == len(ties):
            return True
        for head, child in self._ends(ties[at], chosen):
            trials[0] -= 1
            if trials[0] < 0:
                return False
            if self._fits(ties, at + 1, {**chosen, ties[at].head.i: head, ties[at].child.i: child}, trials):
                return True
        return False

    def _ends(self, tie: "_Tie", chosen: "dict[int, Token]") -> "Iterator[tuple[Token, Token]]":
        """Yield the pairs of words of the article that hold a tie."""
        heads = (chosen[tie.head.i],) if tie.head.i in chosen else self.of(tie.head)
        children = (chosen[tie.child.i],) if tie.child.i in chosen else self.of(tie.child)
        for head in heads:
            for child in children:
                if head.doc is child.doc and _tied_there(head, child, tie.role):
                    yield head, child

    def in_apposition(self, verb: "Token") -> bool:
        """Whether "X is the Y" stands as "X, the Y, ..." in the article."""
        if verb.lower_ not in ("is", "are", "was", "were"):
            return False
        subjects = [child for child in verb.children if child.dep_ == "nsubj"]
        named = [child for child in verb.children if child.dep_ == "attr"]
        if len(subjects) != 1 or len(named) != 1 or any(child.dep_ == "neg" for child in verb.children):
            return False
        return any(
            one.doc is other.doc and other.dep_ == "appos" and other.head.i == one.i
            for one in self.of(subjects[0])
            for other in self.of(named[0])
        )


def _same_word(one: "Token", other: "Token") -> bool:
    left, right = one.lower_, other.lower_
    if left == right:
        return True
    for family in (_BE, _SAY):
        if left in family or right in family:
            return left in family and right in family
    if _pos(one) == "PROPN" or _pos(other) == "PROPN":
        return stem(left) == stem(right)
    if one.like_num or other.like_num:
        return left.replace(",", "") == right.replace(",", "")
    stems = stem(left), stem(right)
    return stems[0] == stems[1] or (
        _pos(one) == _pos(other) and is_derived(*stems) and len(min(stems, key=len)) > 5
    )


@dataclass(frozen=True, slots=True)
class _Tie:
    """Two words of a sentence that carry meaning and hang together."""

    head: "Token"
    child: "Token"
    role: str


def _ties(tree: "Doc") -> "Iterator[_Tie]":
    """Yield the ties of a sentence."""
    for token in tree:
        if not _carries(token):
            continue
        head, role = _head_of(token)
        if head is not None and head.i != token.i:
            yield _Tie(head, token, role)
        for subject in _subjects(token):
            yield _Tie(token, subject, _OBJ if _is_passive(token) else _SUBJ)


_SUBJ, _OBJ, _OTHER = "subject", "object", "other"


def _head_of(token: "Token") -> "tuple[Token | None, str]":
    """Return the next word above that carries meaning, with prepositions as the role, and the role."""
    role = _role(token)
    above = token.head
    while above.i != above.head.i and not _carries(above):
        if above.dep_ == "agent":
            role = _SUBJ
        elif _pos(above) == "ADP" and role == _OTHER:
            role = above.lower_
        above = above.head
    if above.i == token.i or not _carries(above):
        return None, role
    return above, role


def _role(token: "Token") -> str:
    if token.dep_ in _SUBJECT:
        return _SUBJ
    if token.dep_ in _OBJECT:
        return _OBJ
    if token.dep_ == "attr":
        return "is"
    return _OTHER


def _is_passive(verb: "Token") -> bool:
    return any(child.dep_ in ("nsubjpass", "auxpass") for child in verb.children)


def _subjects(verb: "Token") -> "Iterator[Token]":
    """Yield the subjects that a verb shares with the verb it is joined to or that governs it."""
    if verb.dep_ in ("conj", "xcomp") and not any(
        child.dep_ in ("nsubj", "nsubjpass") for child in verb.children
    ):
        yield from (
            child for child in verb.head.children if child.dep_ in ("nsubj", "nsubjpass") and _carries(child)
        )


def _tied_there(head: "Token", child: "Token", role: str) -> bool:
    """Whether two words of the article's sentence hang together in a role."""
    if head.i == child.i:
        return True
    if role == _SUBJ:
        return child in _doers(head)
    if role == _OBJ:
        return child in _sufferers(head)
    if role == "is":
        return _path(head, child, 1)
    above, there = _head_of(child)
    if above is not None and above.i == head.i:
        return role in (there, _OTHER) or there == _OTHER
    return _path(head, child, 1) or _joined(head, child, role)


def _joined(head: "Token", child: "Token", role: str) -> bool:
    """Whether the child is one of a list of which the first is tied to the head, or an apposition to it."""
    step = child
    for _ in range(4):
        if step.dep_ not in ("conj", "appos", "compound", "nmod", "amod", "nummod", "poss", "flat"):
            return False
        step = step.head
        if step.i == head.i:
            return True
        above, there = _head_of(step)
        if above is not None and above.i == head.i:
            return role in (there, _OTHER)
    return False


def _path(one: "Token", other: "Token", most: int) -> bool:
    """Whether two words are the ends of at most so many ties."""
    for start, end in ((one, other), (other, one)):
        step, count = start, 0
        while count < most:
            above, _ = _head_of(step)
            if above is None:
                break
            step, count = above, count + 1
            if step.i == end.i:
                return True
    return False


def _with_listed(tokens: "Iterator[Token]") -> "Iterator[Token]":
    """Yield words with those joined to them by "and" or a comma, and the parts of their names."""
    for token in tokens:
        yield token
        for child in token.children:
            named = "PROPN" in (_pos(token), _pos(child))
            if child.dep_ in ("conj", "flat") or (child.dep_ in ("appos", "compound") and named):
                yield from _with_listed(iter([child]))


def _doers(verb: "Token") -> "list[Token]":
    """Return who does what a verb says, shared and relative subjects included."""
    if _is_passive(verb):
        agents = (child for child in verb.children if child.dep_ == "agent")
        return list(_with_listed(word for agent in agents for word in agent.children))
    return _before(verb, ("nsubj", "csubj"))


def _sufferers(verb: "Token") -> "list[Token]":
    """Return whom or what a verb acts on."""
    if _is_passive(verb):
        return _before(verb, ("nsubjpass", "csubjpass"))
    direct = (
        child for child in verb.children if child.dep_ in ("dobj", "dative", "oprd", "attr", "ccomp", "xcomp")
    )
    found = list(_with_listed(direct))
    if verb.dep_ == "acl" and verb.tag_ == "VBN":
        found += _with_listed(iter([verb.head]))
    return found


def _before(verb: "Token", roles: Sequence[str]) -> "list[Token]":
    """Return a verb's grammatical subjects; those of the verb it is joined to where it has none."""
    step = verb
    for _ in range(3):
        own = [child for child in step.children if child.dep_ in (*roles, "nsubj", "nsubjpass")]
        own = own if step.i != verb.i else [child for child in own if child.dep_ in roles]
        relative = [child for child in own if child.tag_ in ("WP", "WDT")]
        if relative and step.dep_ == "relcl":
            return list(_with_listed(iter([step.head])))
        if own:
            return list(_with_listed(iter(own)))
        if step.dep_ not in ("conj", "xcomp"):
            break
        step = step.head
    if verb.dep_ == "acl" and verb.tag_ == "VBG":
        return list(_with_listed(iter([verb.head])))
    return []


def _left_out(claim: "Doc", matches: _Matches) -> str:
    """Return what the claim has left out that turns the meaning of the words it kept; "" for nothing."""
    for token in claim:
        found = matches.of(token)
        if not found or not _carries(token):
            continue
        missing = [_lost(token, other, claim) for other in found]
        if all(missing):
            return missing[0]
    return ""


def _lost(token: "Token", other: "Token", claim: "Doc") -> str:
    """Return what stands with a word of the article and not with the same word of the claim."""
    own, there = _turning(token), _turning(other)
    if _pos(other) in ("VERB", "AUX"):
        if own != there:
            return f"“{' '.join(sorted(own ^ there))}” beside “{token.text}”"
        return _dropped_from_denial(other, claim) or _governed(other, claim)
    lost = {word for word in there if word in _NOT | _LIMITS} - own
    if lost:
        return f"“{' '.join(sorted(lost))}” before “{token.text}”"
    if _pos(other) == "NUM" and other.dep_ == "nummod" and not _stands_in(other.head, claim):
        return f"“{other.head.text}” after “{token.text}”"
    return _dropped_from_denial(other, claim) if there & _NOT else ""


def _dropped_from_denial(word: "Token", claim: "Doc") -> str:
    """Return what a denial is limited to and the claim leaves out: "no wish" for "no wish to pay less"."""
    below = list(word.children)
    if not any(child.lower_ in _NOT for child in below):
        below = [
            under for child in below if child.dep_ in ("dobj", "attr", "pobj") for under in child.children
        ]
        if not any(child.lower_ in _NOT for child in below):
            return ""
    for child in below:
        narrowing = child.dep_ in ("acl", "relcl", "xcomp", "ccomp", "prep", "advcl", "dobj", "attr", "acomp")
        held = [under for under in child.subtree if _carries(under)] if narrowing else []
        if held and not any(_stands_in(under, claim) for under in held):
            return f"“{held[0].text}”, to which the denial is limited"
    return ""


def _stands_in(word: "Token", claim: "Doc") -> bool:
    return any(_same_word(token, word) for token in claim)


def _turning(token: "Token") -> frozenset[str]:
    """Return the words right under a word that turn its meaning."""
    marks = _MODALS | _NOT | _DOUBT if _pos(token) in ("VERB", "AUX") else _NOT | _LIMITS
    below = {child.lower_ for child in token.children} & marks
    if _pos(token) not in ("VERB", "AUX"):
        below |= {
            under.lower_
            for child in token.children
            if _pos(child) in ("NUM", "DET")
            for under in child.children
        } & marks
    same = {
        "n't": "not",
        "n’t": "not",
        "'ll": "will",
        "’ll": "will",
        "wo": "will",
        "ca": "can",
        "'d": "would",
        "’d": "would",
    }
    return frozenset(same.get(word, word) for word in below)


def _governed(verb: "Token", claim: "Doc") -> str:
    """Return the verb on which the article's statement hangs ("refused to") where the claim drops it."""
    words = {stem(token.text) for token in claim}
    step = verb
    while step.dep_ in ("ccomp", "xcomp", "pcomp", "conj", "advcl", "acl"):
        above = step.head
        if step.dep_ in ("ccomp", "xcomp", "pcomp") and _pos(above) in ("VERB", "ADJ", "NOUN", "AUX"):
            held = stem(above.text) in words or (
                above.lower_ in _SAY and bool({stem(w) for w in _SAY} & words)
            )
            if not held:
                return f"“{above.text}”, on which the cited statement hangs"
        if step.dep_ == "acl" and step.tag_ == "VB" and stem(above.text) not in words:
            return f"“{above.text}”, on which the cited statement hangs"
        step = above
    return ""
