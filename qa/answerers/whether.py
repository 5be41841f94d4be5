"""Yes-or-no questions of fact: yes or no only where a sentence says so, with what speaks for and against."""

from collections.abc import Sequence
from datetime import date
from time import perf_counter

from index.library import Library
from index.patterns import regex
from qa.answerers.draft import Draft, Signals
from qa.answerers.reading import Read, read_widely, without_copies
from qa.evidence import EvidenceSentence, date_words, matching, missing_names, stems_of
from qa.gaps import read_gap, verb_root
from qa.polarity import Claim, Polarity, polarity, read_claim
from qa.schema import Citation, Group, Plan, Question
from qa.settings import AnswerSettings
from qa.wording import stem, words

PASSAGES = 16
READ = 30
SHOWN = 3
_LONG_APART = 365
"""Sentences for each side."""
_HELD = 0.75
"""Share of what the question says beside its verb that a sentence must hold, or name right before it."""
_OWN = 0.5
"""Share that it must hold itself, unless it begins with a pronoun for what stands before it."""
_PRONOUN = regex(
    r"(?P<thing>It|They|The (?:company|group|firm|government|town|country|ship|team))\b"
    r"|(?:He|She|The (?:minister|president|mayor|senator))\b"
)


def answer_whether(library: Library, question: Question, plan: Plan, settings: AnswerSettings) -> Draft:
    """Answer yes or no where sentences say so; both sides where they contradict each other; else abstain."""
    started = perf_counter()
    read = read_widely(library, question, plan, settings, passages=PASSAGES)
    sentences = without_copies(read.sentences)[:READ]
    claim = read_claim(question.text, claim_verb(question.text))
    nearest = tuple(one.citation() for one in sentences[:3])
    grounds = _grounds(library, sentences[:3])
    missing = missing_names(plan.names, grounds) if grounds else ()
    so, not_so, open_ = weigh_claim(claim, plan, sentences) if claim and not missing else ([], [], [])
    elapsed = (perf_counter() - started) * 1000
    if not so and not not_so:
        return Draft(
            reason=_silent(read, missing, open_), nearest=_nearest(open_, nearest), retrieve_ms=elapsed
        )
    return _decided(so[:SHOWN], not_so[:SHOWN], nearest, elapsed)


def claim_verb(text: str) -> str:
    """Return the root of a yes-or-no question's verb: "join" of "Did Kazakhstan join the accords?"."""
    return read_gap(f"When {text[:1].lower()}{text[1:]}").verb


def weigh_claim(
    claim: Claim, plan: Plan, sentences: Sequence[EvidenceSentence]
) -> tuple[list[EvidenceSentence], list[EvidenceSentence], list[EvidenceSentence]]:
    """Return the sentences that say it is so, that it is not, and that leave it open, best first."""
    found: dict[Polarity, list[EvidenceSentence]] = {one: [] for one in Polarity}
    for sentence in sentences:
        if _speaks_of(claim, plan, sentence):
            found[polarity(claim, sentence.text)].append(sentence)
    return found[Polarity.SO], found[Polarity.NOT_SO], found[Polarity.OPEN]


def _speaks_of(claim: Claim, plan: Plan, sentence: EvidenceSentence) -> bool:
    """Whether a sentence holds what the question says beside its verb, most of it itself."""
    terms = tuple(dict.fromkeys((*claim.subject, *claim.rest)))
    if not terms:  # "was anybody bribed?"
        return claim.verbal and claim.pivot in {verb_root(word.group()) for word in words(sentence.text)}
    own = matching(terms, sentence.stems)
    beside = matching(terms, sentence.near | sentence.far) - own
    named = [stem(word.group()) for name in plan.names for word in list(words(name))[-1:]]
    if any(name not in own and name not in beside for name in named):
        return False
    subject = claim.subject[-1:]
    if subject and subject[0] in named and subject[0] not in own and not _stands_for(claim, sentence):
        return False
    figures = [term for term in terms if any(sign.isdigit() for sign in term)]
    if any(figure not in own and figure not in beside for figure in figures):
        return False
    wanted = matching(claim.rest, sentence.stems) if claim.rest else frozenset()
    if claim.rest and len(wanted) < _OWN * len(claim.rest):
        return False
    held = len(own) >= _OWN * len(terms) or _stands_for(claim, sentence)
    return held and len(own) + len(beside) >= _HELD * len(terms)


def _stands_for(claim: Claim, sentence: EvidenceSentence) -> bool:
    """Whether a pronoun at a sentence's beginning can be the subject: a person is named right before it."""
    found = _PRONOUN.match(sentence.text)
    if found is None or not claim.subject:
        return False
    before = stems_of(sentence.around[0])
    return bool(found.group("thing")) or claim.subject[-1] in before


def _decided(
    so: Sequence[EvidenceSentence],
    not_so: Sequence[EvidenceSentence],
    nearest: tuple[Citation, ...],
    elapsed: float,
) -> Draft:
    shown = [*so, *not_so]
    groups = (
        Group("for", _sources(so), tuple(range(len(so)))),
        Group("against", _sources(not_so), tuple(range(len(so), len(shown)))),
    )
    answer = None if so and not_so else "yes" if so else "no"
    best = max(shown, key=lambda one: one.score)
    reason = _of_days(shown) if answer else _both(so, not_so)
    return Draft(
        shown=tuple(one.citation() for one in shown),
        short_answer=answer,
        groups=groups,
        signals=Signals(
            coverage=round(min(best.covered_near, 1.0) * (1.0 if answer else 0.6), 3),
            similarity=best.similarity,
            agreement=len({one.article.group or one.article.id for one in shown}),
            exhaustive=True,
        ),
        reason=reason,
        nearest=nearest,
        retrieve_ms=elapsed,
    )


def _of_days(shown: Sequence[EvidenceSentence]) -> str:
    """Warn where the sentences are of articles long apart, which may speak of different occasions."""
    days = sorted((one.article.published or "")[:10] for one in shown if one.article.published)
    if len(days) < 2 or (date.fromisoformat(days[-1]) - date.fromisoformat(days[0])).days < _LONG_APART:
        return ""
    return (
        f"The sentences are of articles from {days[0]} to {days[-1]}; they may speak of different occasions."
    )


def _both(so: Sequence[EvidenceSentence], not_so: Sequence[EvidenceSentence]) -> str:
    """Say that the articles contradict each other, and what the newest says."""
    days = [max((one.article.published or "" for one in side), default="")[:10] for side in (so, not_so)]
    newest = ""
    if days[0] != days[1] and all(days):
        newest = f" The newest, of {max(days)}, says {'yes' if days[0] > days[1] else 'no'}."
    return f"The articles say both.{newest}"


def _sources(sentences: Sequence[EvidenceSentence]) -> str:
    if not sentences:
        return "no sentence was found"
    cards = [one.article for one in sentences]
    return "; ".join(
        dict.fromkeys(f"{card.outlet or card.file}, {(card.published or 'undated')[:10]}" for card in cards)
    )


def _silent(read: Read, missing: Sequence[str], open_: Sequence[EvidenceSentence]) -> str:
    if missing:
        names = " or ".join(f"“{name}”" for name in missing)
        return f"The passages that come closest do not mention {names}."
    if open_:
        return f"The articles speak of it as planned, asked for or possible, not as a fact; {read.told}."
    return f"No sentence says that it is so, or that it is not; {read.told}."


def _nearest(open_: Sequence[EvidenceSentence], nearest: tuple[Citation, ...]) -> tuple[Citation, ...]:
    return tuple(dict.fromkeys((*(one.citation() for one in open_), *nearest)))[:3]


def _grounds(library: Library, sentences: Sequence[EvidenceSentence]) -> list[str]:
    texts = []
    for one in sentences:
        card = one.article
        texts += [
            library.store.text(card.id),
            card.title,
            card.outlet or "",
            date_words(card.published),
        ]
    return texts
