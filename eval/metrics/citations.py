"""Citations: verbatim, against gold evidence, and borne out in the sense of ALCE."""

import re
from collections.abc import Sequence
from typing import Protocol

from eval.given import Given, Sentence
from eval.schema import Located, Result, Score
from index.terms import search_terms

_NUMBER = re.compile(r"\d[\d.,]*")
_WORD = re.compile(r"\w+")


class SupportModel(Protocol):
    """Says whether a claim follows from a text (ALCE uses a natural language inference model)."""

    def supports(self, premise: str, claim: str) -> bool:
        """Return whether the premise bears out the claim."""


class WordSupport:
    """Bears out a claim whose numbers and names all stand in the text, with most of its content words.

    Needs no model. It cannot tell a claim from its denial: a sentence that says the contrary in the same
    words passes, so for systems that write their own sentences give an inference model instead.
    """

    def __init__(self, share: float = 0.8) -> None:
        self.share = share

    def supports(self, premise: str, claim: str) -> bool:
        """Return whether enough of the claim's words stand in the premise."""
        held = set(_WORD.findall(premise.casefold()))
        numbers = {one.strip(".,") for one in _NUMBER.findall(premise)}
        if not {one.strip(".,") for one in _NUMBER.findall(claim)} <= numbers:
            return False
        words = [word for term in search_terms(claim) for word in _WORD.findall(term)]
        # The first word of a sentence has its capital from the place it stands in.
        names = {word.casefold() for word in words[1:] if word[:1].isupper()}
        found = sum(word.casefold() in held for word in words)
        return bool(words) and names <= held and found >= self.share * len(words)


WORDS = WordSupport()


def citation_scores(result: Result, given: Given, support: SupportModel = WORDS) -> dict[str, Score]:
    """Return the citation scores that apply.

    Precision and recall apply to answerable questions with gold evidence, also when nothing is cited (0).
    Gold evidence is seldom all that could be cited, so precision is a lower bound. Shares over citations and
    sentences apply where there are any.
    """
    scores: dict[str, Score] = {}
    outcome = result.outcome
    if outcome.citations:
        scores["citation.verbatim"] = Score(outcome.verbatim / outcome.citations, outcome.citations)
    if given.sentences:
        uncited = sum(not sentence.cited for sentence in given.sentences)
        scores["citation.uncited"] = Score(uncited / len(given.sentences), len(given.sentences))
    if not result.case.answerable:
        return scores
    if result.located:
        scores["citation.precision"] = Score(precision(given, result.located))
        scores["citation.recall"] = Score(recall(given, result.located))
    scores["citation.support_recall"] = Score(support_recall(given.sentences, support))
    scores["citation.support_precision"] = Score(support_precision(given.sentences, support))
    return scores


def precision(given: Given, located: Sequence[Located]) -> float:
    """Return the share of the cited places that overlap a place of gold evidence, 0 when nothing is cited."""
    gold = [place for one in located for place in one.places]
    right = [any(place.overlaps(other) for other in gold) for place in given.cited]
    return sum(right) / len(right) if right else 0.0


def recall(given: Given, located: Sequence[Located]) -> float:
    """Return the share of the pieces of gold evidence that some citation overlaps."""
    cited = [any(place.overlaps(other) for place in one.places for other in given.cited) for one in located]
    return sum(cited) / len(cited)


def support_recall(sentences: Sequence[Sentence], support: SupportModel) -> float:
    """Return the share of sentences that their citations together bear out, 0 without sentences.

    Citation recall of ALCE (Gao et al. 2023, "Enabling Large Language Models to Generate Text with
    Citations", section 4).
    """
    borne = [support.supports(" ".join(one.quotes), one.text) for one in sentences]
    return sum(borne) / len(borne) if borne else 0.0


def support_precision(sentences: Sequence[Sentence], support: SupportModel) -> float:
    """Return the share of citations that are needed, 0 without citations.

    Citation precision of ALCE: a citation counts when its sentence is borne out by all its citations, and
    either this one alone bears it out or the others without it do not.
    """
    needed = []
    for sentence in sentences:
        borne = support.supports(" ".join(sentence.quotes), sentence.text)
        for number, quote in enumerate(sentence.quotes):
            others = " ".join((*sentence.quotes[:number], *sentence.quotes[number + 1 :]))
            needed.append(
                borne
                and (support.supports(quote, sentence.text) or not support.supports(others, sentence.text))
            )
    return sum(needed) / len(needed) if needed else 0.0
