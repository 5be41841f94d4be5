"""What an article argues: its claims in the author's own voice, not what it reports of others."""

import re
from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

from index.library import Library
from index.patterns import regex
from index.schema import ArticleCard, Voice
from index.statements.names import AUTHOR
from qa.answerers.draft import Draft, Signals
from qa.answerers.metadata import articles_meant
from qa.answerers.quote import answer_quote, reporting_verbs
from qa.answerers.summary import read_article
from qa.evidence import matching, missing_names, stems_of
from qa.salience import bags, choose, salience
from qa.schema import Citation, Kind, Plan, Question
from qa.settings import AnswerSettings

SHOWN = 5
_CUES: tuple[tuple[str, float], ...] = (
    (r"\b(?:should|must|ought to|needs? (?:to|an?)|has to|have to|let (?:me|us)|it is time)\b", 1.0),
    (r"\b(?:I|we) (?:am|believe|think|argue|doubt|hope|fear|would|suspect|contend)\b|\bin my view\b", 1.0),
    (r"\b(?:unlikely|likely|impossible|inevitabl\w+|bound to|every chance|chances)\b", 0.8),
    (r"\b(?:however|nevertheless|in (?:reality|fact|truth|short)|after all|therefore|thus)\b", 0.6),
    (r"\b(?:(?:is|are|was|were|does|do|has|have) (?:not|no|never)|isn’t|aren’t|doesn’t|don’t)\b", 0.5),
    (r"\b(?:although|even (?:though|if)|far from|rather than|not because|the (?:real|true)|merely)\b", 0.5),
    (r"\b(?:remains?|means? that|proves?|shows? that|suggests? that|explains?|the reason|because)\b", 0.4),
    (r"\b(?:could|would|will|cannot|can’t|won’t|may|might)\b", 0.4),
    (r"\b(?:never|always|nothing|nobody|only|everyone|too|so (?:\w+) that|more (?:\w+ )?than)\b", 0.3),
    (
        r"\b(?:risk|danger|fail\w*|mistake|problem|challenge|difficult\w*|serious|important\w*|simpl[ey]"
        r"|effective|dangerous|wrong|right|deserves?|better|worse|strangest|enough|valuable|successful)\b",
        0.4,
    ),
)
_COMPILED = tuple((regex(pattern, re.I), weight) for pattern, weight in _CUES)
_QUOTATION = regex(r"“[^”]{12,}”?|\"[^\"]{12,}\"")
_ATTRIBUTED = regex(
    r"\b(?:according to|told (?:reporters|the)|in (?:an|the) interview|spokes(?:man|woman|person))\b", re.I
)
_EDGE = 0.5
"""What the place at an article's beginning or end adds: that is where columns say what they hold."""
_ENDS, _BEGINS = 0.25, 0.2
"""Shares of an article that count as its end and its beginning."""
_LEAST = 0.3
"""Least weight of cues of a sentence that argues."""
_TOPIC = 0.5
"""Share of the question's topic that a claim must hold, or stand beside."""


def answer_argument(library: Library, question: Question, plan: Plan, settings: AnswerSettings) -> Draft:
    """Answer with the claims that an article makes in its author's voice, on the topic if one is given."""
    started = perf_counter()
    if plan.speaker and not _authors(library, plan):
        return answer_quote(library, question, replace(plan, kind=Kind.QUOTE), settings)
    cards = _meant(library, question, plan, settings)
    if not cards:
        return Draft(reason=_which(library, plan), retrieve_ms=_since(started))
    card = cards[0]
    # "Averill's argument about the audit": who argues is no topic.
    authors = stems_of(" ".join(card.authors))
    names = tuple(name for name in plan.names if not stems_of(name) <= authors)
    plan = replace(plan, names=names, terms=tuple(term for term in plan.terms if term not in authors))
    text = library.store.text(card.id)
    missing = missing_names(plan.names, [text, card.title])
    sentences = read_article(library, card)
    own = _own_voice(library, card, sentences)
    chosen = [] if missing else _claims(plan, sentences, own)
    if not chosen:
        about = f" of {plan.head}" if plan.head else ""
        return Draft(
            reason=f"The author of “{card.title}” claims nothing{about} in their own voice.",
            nearest=tuple(sentences[:3]) if not plan.terms else (),
            retrieve_ms=_since(started),
        )
    return Draft(
        shown=tuple(sentences[position] for position in chosen),
        signals=Signals(coverage=1.0, exhaustive=True),
        reason=f"What “{card.title}”{_by(card)} says in its own voice; words of quoted people are left out.",
        mentions=plan.names,
        retrieve_ms=_since(started),
    )


def _authors(library: Library, plan: Plan) -> tuple[str, ...]:
    """Return the authors of articles whom the question names."""
    named = [stems_of(name) for name in plan.names]
    return tuple(
        author for author, _ in library.store.authors() if any(one <= stems_of(author) for one in named)
    )


def _meant(library: Library, question: Question, plan: Plan, settings: AnswerSettings) -> list[ArticleCard]:
    """Return the articles meant: of the author named, by all that is asked, or the one under the filter."""
    authors = _authors(library, plan)
    if authors and not plan.filter.authors:
        plan = replace(plan, filter=replace(plan.filter, authors=authors))
        terms = tuple(term for term in plan.terms if term not in stems_of(" ".join(authors)))
        plan = replace(plan, terms=terms)
    cards = articles_meant(library, question, plan, settings.search)
    return cards or articles_meant(library, question, replace(plan, terms=()), settings.search)


def _which(library: Library, plan: Plan) -> str:
    count = len(library.store.articles(plan.filter))
    return f"{count} articles fit the question. Say which one, by its title, outlet or what it is about."


def _by(card: ArticleCard) -> str:
    return f" by {', '.join(card.authors)}" if card.authors else ""


def _own_voice(library: Library, card: ArticleCard, sentences: Sequence[Citation]) -> list[bool]:
    """Return for each sentence whether the author speaks in it, as far as the ledger and the words tell."""
    statements = library.store.analysis(card.id).statements
    others = [one for one in statements if one.speaker != AUTHOR and one.voice is not Voice.AUTHOR]
    verbs = reporting_verbs()
    own = [name for author in card.authors for name in author.split()[-1:]]
    return [
        said.quote.strip() != card.title.strip()
        and not any(name in said.quote for name in own)  # "X is a columnist for The Courier"
        and not any(one.start < said.end and said.start < one.end for one in others)
        and not _QUOTATION.search(said.quote)
        and not said.quote.startswith(("“", '"'))
        and not _ATTRIBUTED.search(said.quote)
        and not _reports(library, said, verbs)
        for said in sentences
    ]


def _reports(library: Library, said: Citation, verbs: frozenset[str]) -> bool:
    """Whether a sentence tells what a person said: a verb of saying in the past beside a name or pronoun."""
    found = [word.lower() for word in re.findall(r"[\w’]+", said.quote)]
    spoken = [n for n, word in enumerate(found) if word in verbs and word.endswith(("ed", "d", "ght", "ys"))]
    if not spoken:
        return False
    mentions = library.store.mentions_between(said.article.id, said.start, said.end)
    named = {word.lower() for mention in mentions for word in mention.name.split()} | {"he", "she", "they"}
    return any(set(found[max(n - 3, 0) : n]) & named for n in spoken)


def _claims(plan: Plan, sentences: Sequence[Citation], own: Sequence[bool]) -> list[int]:
    """Return the positions of the author's claims to show, in the article's order."""
    texts = [one.quote for one in sentences]
    vectors = bags(texts)
    central = salience(texts, vectors, lead=False)
    fits = _fits(plan, texts)
    scores = []
    for position, text in enumerate(texts):
        cues = sum(weight for pattern, weight in _COMPILED if pattern.search(text))
        argues = own[position] and cues >= _LEAST and fits[position] >= (_TOPIC if plan.terms else 0.0)
        place = position / max(len(texts) - 1, 1)
        edge = _EDGE if place <= _BEGINS or place >= 1 - _ENDS else 0.0
        value = min(cues, 2.0) / 2 + central[position] + edge + fits[position]
        scores.append(value if argues and central[position] > 0 else 0.0)
    if not any(scores) and plan.terms:
        scores = [
            central[n] + fits[n] if own[n] and fits[n] >= _TOPIC and central[n] > 0 else 0.0
            for n in range(len(texts))
        ]
    return sorted(choose(scores, vectors, SHOWN))


def _fits(plan: Plan, texts: Sequence[str]) -> list[float]:
    """Return the share of the topic's terms that each sentence holds, those beside it at half."""
    if not plan.terms:
        return [0.0] * len(texts)
    held = [matching(plan.terms, stems_of(text)) for text in texts]
    fits = []
    for position, here in enumerate(held):
        before = held[position - 1] if position else frozenset()
        fits.append((len(here) + 0.5 * len(before - here)) / len(plan.terms) if here else 0.0)
    return fits


def _since(started: float) -> float:
    return (perf_counter() - started) * 1000
