"""Questions that want several names: each with the sentences that say it, read from many passages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import perf_counter

from index.library import Library
from index.patterns import regex
from index.schema import MentionKind
from qa.answerers.draft import Draft, Signals
from qa.answerers.mentioned import answer_mentioned
from qa.answerers.reading import by_meaning, read_widely, without_copies
from qa.countries import is_kind_of_place
from qa.evidence import EvidenceSentence, date_words, matching, missing_names
from qa.gaps import verb_root
from qa.polarity import is_denied
from qa.schema import Group, Plan, Question, Side, Wanted
from qa.settings import AnswerSettings
from qa.short_answers import ShortAnswer, best_answers, coordinated
from qa.wording import base_forms, stem, words

COMPARED = 4
"""Sentences rated by their meaning too."""
READ = 40
LISTED = 15
_NEAR, _ALIKE, _SCORE_OF_CLOSEST = 0.5, 0.45, 0.9
"""Share of the terms, likeness of meaning, and share of the best score of sentences in other words."""
_LOOSE = 0.5
_LOOSELY = " No sentence uses the words of the question; these come closest."
OF_ONE = 2
"""Sentences shown of one answer."""
_SCORE = 0.62
"""Of the best answer's score another needs so much."""
_COVERED = 0.8
"""Of the most that a sentence holds of the question (the noun asked for left out) another must hold."""
_LEAST_COVERED = 0.6
_BODY_ENDS = ("the", "a", "an")


@dataclass(frozen=True, slots=True)
class Named:
    """One answer of a list and the sentences that say it."""

    name: str
    sentences: tuple[EvidenceSentence, ...]


def answer_list(library: Library, question: Question, plan: Plan, settings: AnswerSettings) -> Draft:
    """Name all that the sentences of many passages give as an answer, and say how much was read."""
    if plan.about:
        return answer_mentioned(library, question, plan, settings)
    started = perf_counter()
    read = read_widely(library, question, plan, settings)
    sentences = without_copies(read.sentences)[:READ]
    rated = by_meaning(library, question.text, plan, sentences, COMPARED) + sentences[COMPARED:]
    named = list_names(plan, rated)
    loose = not named
    named = named or list_names(
        replace(plan, verb="", side=Side.ANY), _closest(library, question, plan, sentences), 0.0
    )
    elapsed = (perf_counter() - started) * 1000
    nearest = tuple(one.citation() for one in rated[:3])
    if not named:
        what = plan.head or "answer"
        reason = (
            f"No {what} that fit were found; {read.told}." if rated else "No article matches the question."
        )
        return Draft(reason=reason, nearest=nearest, retrieve_ms=elapsed)
    best = named[0].sentences[0]
    card = best.article
    grounds = [library.store.text(card.id), card.title, card.outlet or "", date_words(card.published)]
    shown, groups = _shown(named)
    names = tuple(one.name for one in named)
    articles = len({one.article.group or one.article.id for one in shown})
    return Draft(
        shown=tuple(one.citation() for one in shown),
        groups=groups,
        short_answer=names[0] if len(names) == 1 else None,
        short_answers=names,
        signals=Signals(
            coverage=best.covered_near,
            similarity=best.similarity,
            candidate=_LOOSE if loose else 1.0,
            missing=missing_names(plan.names, grounds),
            agreement=articles,
        ),
        reason=f"Named in {articles} article{'' if articles == 1 else 's'}; {read.told}."
        f" Others may be named elsewhere.{_LOOSELY if loose else ''}",
        nearest=nearest,
        retrieve_ms=elapsed,
    )


def _closest(
    library: Library, question: Question, plan: Plan, sentences: Sequence[EvidenceSentence]
) -> list[EvidenceSentence]:
    """Return the sentences that say in other words what is asked; none unless they hold most of it."""
    unsaid = {stem(plan.head), plan.verb}
    topic = replace(plan, terms=tuple(term for term in plan.terms if verb_root(term) not in unsaid | {""}))
    rated = by_meaning(library, question.text, topic, sentences, 2 * COMPARED) if topic.terms else []
    near = [one for one in rated if one.covered_near >= _NEAR and one.similarity >= _ALIKE]
    return [one for one in near if one.score >= _SCORE_OF_CLOSEST * near[0].score][:OF_ONE]


def list_names(
    plan: Plan, sentences: Sequence[EvidenceSentence], least: float = _LEAST_COVERED
) -> list[Named]:
    """Return the names that sentences give as answers, best first, aliases joined.

    A sentence counts when it holds nearly as many of the question's terms as the best one; a name in it when
    it stands on the side of the question's verb where the answer does. All members of an enumeration count
    when one does.
    """
    told = [one for one in sentences if _tells(plan, one)]
    best = max((_covered(plan, one) for one in told), default=0.0)
    fitting = [one for one in told if _covered(plan, one) >= max(_COVERED * best, least)]
    answers = [one for one in best_answers(plan, fitting, limit=len(fitting)) if _placed(plan, one)]
    if not answers:
        return []
    needed = _SCORE * answers[0].score
    found: dict[str, list[EvidenceSentence]] = {}
    for answer in answers:
        if answer.score < needed or len(found) >= LISTED or not _is_kind(plan, answer.name, answer.sentence):
            continue
        for name in coordinated(plan, answer):
            own = _key(name, found)
            if not _can_be(plan, name, answer.sentence):
                continue
            holding = [answer.sentence, *(one for one in fitting if _holds(one, own) or _holds(one, name))]
            kept = found.setdefault(own, [])
            kept += [one for one in dict.fromkeys(holding) if one not in kept]
    return [Named(name, tuple(_of_articles(held))) for name, held in list(found.items())[:LISTED]]


_PUBLIC = regex(
    r"\b(?:Ministry|Department|Council|Parliament|Congress|Senate|House|Court|Police|Government|University|Union"
    r"|Institute|Commission|Chamber|Committee|Party|Church|Army|Agency|Administration)\b"
)
_KINDS = {
    Wanted.PERSON: MentionKind.PERSON,
    Wanted.ORGANISATION: MentionKind.ORGANISATION,
    Wanted.PLACE: MentionKind.PLACE,
}
_TRADE = frozenset(
    "company firm airline automaker maker retailer bank startup employer corporation brand".split()
)


def _is_kind(plan: Plan, name: str, sentence: EvidenceSentence) -> bool:
    """Whether a name is read as the kind of thing asked for; its fellows in an enumeration need not be."""
    kinds = {one.kind for one in sentence.mentions if one.name == name or name in one.name.split(", ")}
    return not kinds or _KINDS.get(plan.wanted) in kinds


def _can_be(plan: Plan, name: str, sentence: EvidenceSentence) -> bool:
    """Whether a name can be what was asked for: no ministry is a company, and no outlet its own source."""
    if name in (sentence.article.outlet, *sentence.article.authors):
        return False
    if plan.wanted is Wanted.PLACE and is_kind_of_place(name, plan.head) is False:
        return False
    singular = _TRADE.intersection(base_forms(plan.head.lower()))
    return not (singular and _PUBLIC.search(name))


def _covered(plan: Plan, sentence: EvidenceSentence) -> float:
    """Return the share of the terms that a sentence holds, without the noun asked for ("countries")."""
    terms = [term for term in plan.terms if term != stem(plan.head)] or list(plan.terms)
    return len(matching(terms, sentence.stems)) / len(terms) if terms else 1.0


def _tells(plan: Plan, sentence: EvidenceSentence) -> bool:
    """Whether a sentence holds the question's verb, undenied; where none was read, any may tell."""
    if not plan.verb or plan.verb not in {verb_root(term) for term in plan.terms} | set(plan.terms):
        return True
    tokens = [word.group() for word in words(sentence.text)]
    places = [n for n, word in enumerate(tokens) if verb_root(word) == plan.verb]
    if not places:
        return bool(matching((plan.verb,), sentence.stems))
    return not all(is_denied(tokens, at) for at in places)


def _placed(plan: Plan, answer: ShortAnswer) -> bool:
    """Whether a name stands on the answer's side of the question's verb; passives turn the sides."""
    if not plan.verb or plan.side is Side.ANY:
        return True
    tokens = list(words(answer.sentence.text))
    start = answer.start - answer.sentence.start
    places = [n for n, token in enumerate(tokens) if verb_root(token.group()) == plan.verb]
    if not places:
        return True
    for at in places:
        passive = any(token.group().lower() == "by" for token in tokens[at + 1 : at + 4])
        before = start < tokens[at].start()
        if before == ((plan.side is Side.BEFORE) != passive):
            return True
    return False


def _key(name: str, known: dict[str, list[EvidenceSentence]]) -> str:
    """Return the fuller name under which the same one was met: "Trump" joins "Donald Trump"."""
    mine = _plain(name)
    for other in known:
        theirs = _plain(other)
        if mine == theirs or mine[-len(theirs) :] == theirs or theirs[-len(mine) :] == mine:
            return other
    return name


def _plain(name: str) -> tuple[str, ...]:
    return tuple(stem(word.group()) for word in words(name) if word.group().lower() not in _BODY_ENDS)


def _holds(sentence: EvidenceSentence, name: str) -> bool:
    return any(mention.name == name for mention in sentence.mentions) or f" {name} " in f" {sentence.text} "


def _of_articles(sentences: Sequence[EvidenceSentence]) -> list[EvidenceSentence]:
    """Return the first sentence of each article, a few in all."""
    firsts = {one.article.group or one.article.id: one for one in reversed(sentences)}
    return sorted(firsts.values(), key=lambda one: -one.score)[:OF_ONE]


def _shown(named: Sequence[Named]) -> tuple[list[EvidenceSentence], tuple[Group, ...]]:
    """Return each sentence once, and groups of the names that the same sentences say."""
    shown: list[EvidenceSentence] = []
    labels: dict[int, list[str]] = {}
    for one in named:
        new = [sentence for sentence in one.sentences if sentence not in shown]
        shown += new
        home = shown.index((new or list(one.sentences))[0])
        labels.setdefault(home, []).append(one.name)
    starts = sorted(labels)
    ends = [*starts[1:], len(shown)]
    groups = tuple(
        Group(", ".join(labels[start]), _from(shown[start:end]), tuple(range(start, end)))
        for start, end in zip(starts, ends, strict=True)
    )
    return shown, groups


def _from(sentences: Sequence[EvidenceSentence]) -> str:
    return "; ".join(
        dict.fromkeys(
            ", ".join(part for part in (one.article.outlet, (one.article.published or "")[:10]) if part)
            for one in sentences
        )
    )
