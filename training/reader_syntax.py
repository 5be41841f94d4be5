"""Turn the clauses of a parsed sentence into questions that one of their phrases answers.

Nothing here is learned or looked up elsewhere: a phrase is taken out of its clause, the question word that
fits its kind goes in front or in its place, and the verb is put into the form that a question wants.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from training.reader_phrases import (
    VAGUE,
    answer_of,
    count_of,
    entity_at,
    full_form,
    kinds,
    named,
    title_of,
    trimmed,
    written,
)

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

__all__ = ["Asked", "ask"]

_SUBJECTS = frozenset(("nsubj", "nsubjpass"))
_NEEDED = frozenset(("dobj", "attr", "acomp", "xcomp", "ccomp", "prt", "agent", "oprd", "dative", "pobj"))
_OPTIONAL = {"prep": 0.25, "advmod": 0.5, "npadvmod": 0.5, "advcl": 0.8}
"""Parts of a clause that a question may do without, and how often it does."""
_SPEECH = frozenset("say tell add write note report call".split())
_DURATIONS = frozenset("year years month months week weeks day days hour hours minute minutes".split())


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the range of the sentence that answers it, and how it was made."""

    question: str
    start: int
    end: int
    made: str


def ask(sentence: "Doc", chance: random.Random) -> Iterator[Asked]:
    """Yield the questions that a sentence answers; which modifiers they keep is left to `chance`."""
    yield from _about_names(sentence, chance)
    for verb in sentence:
        clause = _Clause.read(verb)
        if clause:
            yield from clause.questions(chance)


def _about_names(sentence: "Doc", chance: random.Random) -> Iterator[Asked]:
    """Ask who or what a name is, from "X, the mayor of Y," and "actor X"."""
    for name in sentence.ents:
        for beside in name.root.children:
            if beside.dep_ != "appos" or beside.i < name.end:
                continue
            described = trimmed(beside)
            if beside.tag_ in ("NN", "NNS") and 2 <= len(described) <= 12 and not beside.ent_type_:
                word = "Who" if name.label_ == "PERSON" else "What"
                yield _make(f"{word} is {written(named(name))}?", described, "appos")
                if described[0].lower_ in ("the", "a", "an", "his", "her", "its", "their"):
                    yield _make(f"{word} is {written(described)}?", named(name), "appos")
        if name.label_ == "PERSON" and name.root.dep_ == "appos" and name.root.head.tag_ in ("NN", "NNP"):
            role = [token for token in trimmed(name.root.head) if token.i < name.start and token.tag_ != ","]
            if 2 <= len(role) <= 8 and not name.root.head.ent_type_:
                yield _make(f"Who is {written(role)}?", named(name), "role")
        title = title_of(name)
        if len(title) > 1 and chance.random() < 0.4:
            yield _make(f"Who is the {written(title)}?", named(name), "role")
        if name.root.dep_ == "poss" and len(trimmed(name.root.head)) <= 8:
            yield from _owned(name, chance)


def _owned(name: "Span", chance: random.Random) -> Iterator[Asked]:
    head = name.root.head
    after = [token for token in trimmed(head) if token.i > name.end]
    if not after or head.dep_ not in _SUBJECTS or head.head.pos_ not in ("VERB", "AUX"):
        return
    clause = _Clause.read(head.head)
    if clause is None:
        return
    word = "whose" if name.label_ == "PERSON" else f"{chance.choice(kinds(name)).split(' or ')[0]}'s"
    if word.startswith(("who's", "where", "what's")):
        word = "whose"
    yield _make(_sentence([word, written(after), clause.predicate(chance, ())]), named(name), "owner")


@dataclass(frozen=True, slots=True)
class _Clause:
    """A verb with its subject, auxiliaries and the parts after it."""

    verb: "Token"
    subject: "Token"
    auxiliaries: "list[Token]"
    parts: "list[Token]"
    negated: bool

    @classmethod
    def read(cls, verb: "Token") -> "_Clause | None":
        """Return the clause of a finite verb whose subject is a noun, or nothing."""
        if verb.pos_ not in ("VERB", "AUX") or verb.dep_ not in ("ROOT", "ccomp", "conj", "advcl", "relcl"):
            return None
        own = [child for child in verb.children if child.dep_ in _SUBJECTS]
        if not own and verb.dep_ == "conj" and verb.head.pos_ == "VERB":
            own = [child for child in verb.head.children if child.dep_ in _SUBJECTS]
        auxiliaries = [
            child for child in verb.children if child.dep_ in ("aux", "auxpass") and child.i < verb.i
        ]
        finite = verb.tag_ in ("VBD", "VBZ", "VBP") or bool(auxiliaries)
        if len(own) != 1 or not finite or own[0].i > verb.i or any(aux.lower_ == "to" for aux in auxiliaries):
            return None
        subject = own[0]
        if verb.dep_ == "relcl" and subject.lower_ in ("who", "which", "that"):
            subject = verb.head  # "a man who was held": the man was held
        if subject.lower_ in VAGUE or subject.tag_ in ("PRP", "WP", "WDT", "DT", "EX", "CD", "VBG"):
            return None
        parts = [
            child
            for child in verb.children
            if child.i != subject.i and (child.dep_ in _NEEDED or child.dep_ in _OPTIONAL)
            and not (child.i < verb.i and child.dep_ in ("advcl", "ccomp"))
        ]  # fmt: skip
        negated = any(child.dep_ == "neg" for child in verb.children)
        return cls(verb, subject, auxiliaries, parts, negated)

    def questions(self, chance: random.Random) -> Iterator[Asked]:
        """Yield questions for each phrase of the clause that can be an answer."""
        if self.verb.lemma_ in _SPEECH and chance.random() < 0.6:
            return
        yield from self._by_subject(chance)
        for part in self.parts:
            if part.dep_ in ("dobj", "attr", "oprd") and part.i > self.verb.i:
                yield from self._by_object(part, chance)
            elif part.dep_ in ("prep", "agent", "npadvmod"):
                yield from self._by_adverbial(part, chance)
            elif part.dep_ in ("advcl", "xcomp"):
                yield from self._by_reason(part, chance)
        yield from self._in_place(chance)

    def predicate(self, chance: random.Random, without: "Sequence[Token]") -> str:
        """Return verb and parts as in a statement, without some parts."""
        before = [full_form(aux) for aux in self.auxiliaries] + (["not"] if self.negated else [])
        verb = full_form(self.verb) if self.verb.lemma_ == "be" else self.verb.text
        return " ".join([*before, verb, *self._kept(chance, without)])

    def _kept(self, chance: random.Random, without: "Sequence[Token]") -> list[str]:
        skipped = {token.i for token in without}
        kept = []
        for part in self.parts:
            if part.i in skipped or chance.random() < self._dropped(part):
                continue
            kept.append(written(trimmed(part, clauses=part.dep_ in ("ccomp", "xcomp", "advcl"))))
        return [part for part in kept if part]

    def _dropped(self, part: "Token") -> float:
        if part.dep_ in _OPTIONAL:
            dated = any(token.ent_type_ in ("DATE", "TIME") for token in part.subtree)
            return max(_OPTIONAL[part.dep_], 0.6 if dated else 0.0)
        return 0.0

    def _turned(self, chance: random.Random, without: "Sequence[Token]") -> str | None:
        """Return auxiliary, subject and the rest in the order of a question."""
        about = written(trimmed(self.subject))
        if not about or self.subject.lower_ in VAGUE:
            return None
        tail = self._kept(chance, without)
        negation = ["not"] if self.negated else []
        if self.auxiliaries:
            others = [full_form(aux) for aux in self.auxiliaries[1:]]
            return " ".join(
                [full_form(self.auxiliaries[0]), about, *negation, *others, self.verb.text, *tail]
            )
        if self.verb.lemma_ == "be":
            return " ".join([full_form(self.verb), about, *negation, *tail])
        helper = {"VBD": "did", "VBZ": "does", "VBP": "do"}[self.verb.tag_]
        return " ".join([helper, about, *negation, self.verb.lemma_, *tail])

    def _by_subject(self, chance: random.Random) -> Iterator[Asked]:
        predicate = self.predicate(chance, ())
        if len(predicate.split()) < 3:
            return
        number = count_of(self.subject)
        if number:
            noun = written([token for token in trimmed(self.subject) if token.i > number[-1].i])
            yield _make(_sentence([f"how many {noun}", predicate]), number, "count")
            return
        answer, words = answer_of(self.subject)
        if answer:
            yield _make(_sentence([chance.choice(words), predicate]), answer, "subject")

    def _by_object(self, part: "Token", chance: random.Random) -> Iterator[Asked]:
        turned = self._turned(chance, (part,))
        if not turned or len(turned.split()) < 3:
            return
        number = count_of(part)
        if number:
            noun = written([token for token in trimmed(part) if token.i > number[-1].i])
            yield _make(_sentence([f"how many {noun}", turned]), number, "count")
            return
        if part.ent_type_ == "MONEY":
            yield _make(
                _sentence([chance.choice(("how much", "how much money")), turned]),
                named(entity_at(part)),
                "money",
            )
            return
        if part.ent_type_ == "PERCENT":
            words = chance.choice(("what percentage", "how much", "what share"))
            yield _make(_sentence([words, turned]), named(entity_at(part)), "percent")
            return
        answer, words_for = answer_of(part)
        if answer:
            yield _make(_sentence([chance.choice(words_for), turned]), answer, "object")

    def _by_adverbial(self, part: "Token", chance: random.Random) -> Iterator[Asked]:
        inner = (
            part if part.dep_ == "npadvmod" else next((c for c in part.children if c.dep_ == "pobj"), None)
        )
        turned = self._turned(chance, (part,))
        if inner is None or not turned:
            return
        if part.lower_ in ("because", "due"):
            yield _make(_sentence(["why", turned]), trimmed(inner, clauses=True), "why")
            return
        name = entity_at(inner)
        if name is None:
            return
        preposition = part.text.lower() if part.dep_ != "npadvmod" else ""
        yield from self._by_name(name, preposition, turned, chance)

    def _by_name(self, name: "Span", preposition: str, turned: str, chance: random.Random) -> Iterator[Asked]:
        label, span = name.label_, named(name)
        if label in ("DATE", "TIME"):
            if name.root.lower_ in _DURATIONS and any(token.like_num for token in name):
                word = "how long"
            elif preposition in ("in", "on", "at", "since", "during", "") and not any(
                t.like_num for t in name[:1]
            ):
                word = chance.choice(
                    ("when", "when", "when", "on what day" if "day" in name.text.lower() else "when")
                )
            elif name.text.isdigit():
                word = chance.choice(("when", "in what year", "in which year", "what year"))
            else:
                word = "when"
            yield _make(_sentence([word, turned]), span, "date")
        elif label in ("GPE", "LOC", "FAC") and preposition in ("in", "at", "near", "on", "from", "to"):
            if chance.random() < 0.5 and preposition in ("in", "at", "near"):
                yield _make(_sentence(["where", turned]), span, "place")
            else:
                yield from self._stranded(name, preposition, turned, chance)
        elif label in ("MONEY", "PERCENT"):
            word = {"MONEY": "how much", "PERCENT": "what percentage"}[label]
            front = f"{preposition} {word}" if preposition and chance.random() < 0.5 else word
            yield _make(_sentence([front, turned]), span, label.lower())
        elif label in ("PERSON", "ORG", "NORP", "EVENT", "WORK_OF_ART", "PRODUCT", "LAW"):
            yield from self._stranded(name, preposition, turned, chance)

    def _stranded(
        self, name: "Span", preposition: str, turned: str, chance: random.Random
    ) -> Iterator[Asked]:
        word = chance.choice(kinds(name))
        if word == "where":
            word = "which place"
        if preposition and preposition != "by" and word != "who" and chance.random() < 0.5:
            front, end = f"{preposition} {word}", ""
        else:
            front, end = word, preposition
        yield _make(_sentence([front, turned, end]), named(name), "prepositional")

    def _by_reason(self, part: "Token", chance: random.Random) -> Iterator[Asked]:
        marks = [child for child in part.children if child.dep_ == "mark"]
        purpose = [child for child in part.children if child.dep_ == "aux" and child.lower_ == "to"]
        turned = self._turned(chance, (part,))
        if not turned or part.i < self.verb.i:
            return
        if marks and marks[0].lower_ in ("because", "since"):
            answer = [token for token in part.subtree if token.i > marks[0].i]
            yield _make(_sentence(["why", turned]), answer, "why")
        elif purpose and part.dep_ == "advcl" and len(turned.split()) > 4:
            yield _make(_sentence(["why", turned]), [t for t in part.subtree if t.i >= purpose[0].i], "why")

    def _in_place(self, chance: random.Random) -> Iterator[Asked]:
        """Ask in the order of the statement: "X was arrested in which city?"."""
        tokens = trimmed(self.verb, clauses=True)
        names = [
            name
            for name in self.verb.doc.ents
            if tokens and tokens[0].i < name.start and name.end <= tokens[-1].i + 1
        ]
        if not names or not 6 <= len(tokens) <= 28 or self.verb.dep_ in ("relcl", "conj", "advcl"):
            return
        name = chance.choice(names)
        inside = {token.i for token in name}
        if name.label_ in ("DATE", "TIME"):
            word = chance.choice(("when", "what date"))
        elif name.label_ in ("CARDINAL", "QUANTITY"):
            word = "how many"
        elif name.label_ in ("MONEY", "PERCENT"):
            word = "how much"
        elif name.label_ == "ORDINAL":
            return
        else:
            word = chance.choice(kinds(name))
        before = written([token for token in tokens if token.i < name.start])
        after = written([token for token in tokens if token.i >= name.end and token.i not in inside])
        if chance.random() < 0.3:
            yield _make(_sentence([word, after, before]), named(name), "cloze")
        else:
            yield _make(_sentence([before, word, after]), named(name), "in place")


def _sentence(parts: Sequence[str]) -> str:
    words = " ".join(" ".join(parts).split())
    return f"{words[:1].upper()}{words[1:]}?"


def _make(question: str, answer: "Sequence[Token]", made: str) -> Asked:
    start = answer[0].idx if answer else 0
    end = answer[-1].idx + len(answer[-1]) if answer else 0
    return Asked(question, start, end, made)
