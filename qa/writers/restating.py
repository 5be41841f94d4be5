"""Whether a sentence says no more than a sentence of an article: word by word and tie by tie.

A model that invents uses the article's own words and names; what it invents are the ties between them: who
did it, to whom, how much of what. So every content word of the sentence must stand in the article's, and
every tie between two of them must be there too, read from both parse trees: who does what, what is whose,
what goes with which preposition. Nothing that turns the meaning may have been left out: "not", "may",
"refused to", "former", "more than", "said".

It is strict: a free paraphrase does not pass. What passes can be relied on. Pure, but for the parser.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.patterns import regex
from index.statements.pipeline import parse
from qa.wording import stem
from qa.writers.ties import Tie, tied_there, ties_of
from qa.writers.trees import BE, SAY, carries, same_word, word_class
from qa.writers.turning import left_out

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_LEAST_WORDS = 4
_TRIALS = 5_000
"""Choices of words that are tried before a sentence counts as not held."""
_NEVER_LAST = frozenset(["DT", "IN", "CC", "TO", "PRP$", "WDT", "WP", "WRB", "PDT", "MD"])
"""Classes of words with which no statement ends, unless it was broken off."""
_ATTRIBUTES = regex(
    r"\b(?:said|says?|told|tells?|added|argued|argues|claimed|claims|insisted|wrote|writes|warned|warns|estimated|"
    r"estimates|acknowledged|according to|announced|stated|called|calls|believes?|thinks?)\b"
)
_ATTRIBUTED = regex(
    r"[,”\"][”\"’]?\s+(?!and |but |who |which |or )(?:[\w.’'-]+\s+){0,6}?"
    r"(?:said|says|told|added|argued|claimed|insisted|wrote|warned|estimated|acknowledged)\b(?! that)|"
    r"\b[Aa]ccording to(?: \w+)?"
)
"""Words at the side of a statement that say whose it is: "..., the department said", "according to"."""
_STANDING_FOR = frozenset("he she it they this that these those one others both we i you".split())


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
        if carries(token) and token.i not in named and not matches.of(token):
            return f"“{token.text}” is not in the cited words"
    ties = [tie for tie in ties_of(claim) if tie.head.i not in named]
    loose = matches.first_loose(ties)
    if loose:
        return f"the cited words do not tie “{loose.child.text}” to “{loose.head.text}” in this way"
    return _without_speaker(claim, matches, held) or left_out(claim, matches.of)


def _without_speaker(claim: "Doc", matches: "_Matches", held: Held) -> str:
    """Return what is missing where the words are somebody's and the claim tells them as the article's own."""
    if _ATTRIBUTES.search(claim.text) or any(mark in claim.text for mark in '“”"'):
        return ""
    root = next((token for token in claim if token.dep_ == "ROOT"), None)
    for found in matches.of(root) if root is not None else ():
        text = found.doc.text
        if found.lower_ in SAY:
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
    broken_off = last.tag_ in _NEVER_LAST or last.lower_ in BE or last.dep_ in ("nsubj", "nsubjpass")
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
        exact = [other for other in self._tokens if same_word(token, other)]
        yield from exact
        if word_class(token) == "PROPN" and not exact:
            yield from self._named_elsewhere(token)

    def _named_elsewhere(self, token: "Token") -> "Iterator[Token]":
        """Yield what stands for a name: the surname of the full name, or the one pronoun's owner."""
        part = stem(token.text)
        full = [name for name in self._held.people if part in map(stem, name.split())]
        if len(full) != 1:
            return
        surname = stem(full[0].split()[-1])
        named = [
            other for other in self._tokens if word_class(other) == "PROPN" and stem(other.text) == surname
        ]
        if named:
            yield from named
        elif len(self._held.people) == 1:
            yield from (other for other in self._tokens if other.lower_ in ("he", "she", "his", "her", "him"))

    def first_loose(self, ties: "Sequence[Tie]") -> "Tie | None":
        """Return a tie that the article lacks, None when it has them all.

        Each word of the claim is one word of the article in all of its ties: with "58 percent" and "46
        percent" in the article, "percent" cannot be the one for the turnout and the other for the figure.
        """
        loose = next((tie for tie in ties if not any(self._ends(tie, {}))), None)
        if loose or not ties:
            return loose
        return None if self._fits(ties, 0, {}, [_TRIALS]) else ties[-1]

    def _fits(self, ties: "Sequence[Tie]", at: int, chosen: "dict[int, Token]", trials: list[int]) -> bool:
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

    def _ends(self, tie: "Tie", chosen: "dict[int, Token]") -> "Iterator[tuple[Token, Token]]":
        """Yield the pairs of words of the article that hold a tie."""
        heads = (chosen[tie.head.i],) if tie.head.i in chosen else self.of(tie.head)
        children = (chosen[tie.child.i],) if tie.child.i in chosen else self.of(tie.child)
        for head in heads:
            for child in children:
                if head.doc is child.doc and tied_there(head, child, tie.role):
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
