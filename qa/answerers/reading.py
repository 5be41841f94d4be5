"""Reading more than the top few passages: for answers that rest on many articles."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.library import Library
from index.search import search
from qa.evidence import EvidenceSentence, gather, rate, weigh
from qa.schema import Plan, Question
from qa.settings import AnswerSettings

PASSAGES = 24
_READ_CHARS = 600
_EVERYWHERE = 3
"""Articles that hold the same words, when these are no one article's."""


@dataclass(frozen=True, slots=True)
class Read:
    """The sentences of the passages that search found, best first, and how much was read for them."""

    sentences: tuple[EvidenceSentence, ...] = ()
    passages: int = 0
    articles: int = 0

    @property
    def told(self) -> str:
        """What was read, for the reader: "the 24 passages that fit best were read, from 17 articles"."""
        if self.passages == 1:
            return "the one passage that fits was read"
        of = f"from {self.articles} article{'' if self.articles == 1 else 's'}"
        return f"the {self.passages} passages that fit best were read, {of}"


def read_widely(
    library: Library,
    question: Question,
    plan: Plan,
    settings: AnswerSettings,
    *,
    words: str = "",
    passages: int = PASSAGES,
) -> Read:
    """Search for the question (or for `words` of it) and rate the sentences of many passages by their words.

    Args:
        library: An open library.
        question: What was asked; its day ranks the passages.
        plan: Its terms and names weigh the sentences, its filter limits the articles.
        settings: How passages are found.
        words: Searched for in place of the question.
        passages: How many.
    """
    text = words or question.text
    if not any(map(str.isalnum, text)):
        return Read()
    dated = replace(settings.search, as_of=question.asked_on)
    hits = search(library, text, k=passages, filter=plan.filter, settings=dated)
    sentences = gather(library.store, hits)
    weights = weigh(plan.terms, plan.names, sentences)
    return Read(tuple(rate(sentences, weights)), len(hits), len({hit.article.id for hit in hits}))


def by_meaning(
    library: Library, text: str, plan: Plan, sentences: Sequence[EvidenceSentence], compared: int
) -> list[EvidenceSentence]:
    """Return the first `compared` sentences rated by their meaning too, best first."""
    kept = list(sentences[:compared])
    if not kept:
        return []
    weights = weigh(plan.terms, plan.names, sentences)
    near = library.comparer.similarities(text, [one.text[:_READ_CHARS] for one in kept])
    return rate(kept, weights, dict(enumerate(near)))


def without_copies(sentences: Sequence[EvidenceSentence]) -> list[EvidenceSentence]:
    """Return the sentences without those of near-duplicate articles, without repeats and standing lines.

    What several articles hold word for word is a line of their outlet ("Subscribe to ...").
    """
    texts = [" ".join(one.text.lower().split()) for one in sentences]
    groups = [one.article.group or one.article.id for one in sentences]
    printed: dict[str, set[str]] = {}
    for said, group in zip(texts, groups, strict=True):
        printed.setdefault(said, set()).add(group)
    kept: list[EvidenceSentence] = []
    owners: dict[str, str] = {}
    for one, said, group in zip(sentences, texts, groups, strict=True):
        copy = owners.setdefault(group, one.article.id) != one.article.id
        if not copy and 0 < len(printed[said]) < _EVERYWHERE:
            printed[said] = set()
            kept.append(one)
    return kept
