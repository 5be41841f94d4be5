"""Questions of fact: a short answer and the verbatim sentences that carry it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from time import perf_counter

from index.library import Library
from index.patterns import regex
from index.search import search
from qa.answerers.conflict import with_versions
from qa.answerers.draft import Draft, Signals
from qa.choices import Picked, pick, widen
from qa.days import day_meant, written
from qa.descriptions import describe
from qa.evidence import EvidenceSentence, date_words, gather, missing_names, rate, weigh
from qa.names_needed import names_needed
from qa.reader import load_reader
from qa.referring.notes import Readings, pointed_mentions
from qa.schema import Citation, Plan, Question, Wanted
from qa.settings import AnswerSettings
from qa.short_answers import ShortAnswer, best_answers, coordinated

COMPARED = 10
"""Sentences whose meaning is compared with the question's: the best by words alone. Of sixteen, none further
down came first in 156 questions."""
READ_CHARS = 600
"""Of a longer sentence only the beginning is compared; models read about so much at once."""
READ = 6
"""Sentences in which the reader looks for the answer; with eight, 3 of 198 short answers are others, none of
them better."""
SHOWN = 3
NEAREST = 3


_YEAR = regex(r"\b(?:1[5-9]|20)\d\d\b")


def answer_fact(library: Library, question: Question, plan: Plan, settings: AnswerSettings) -> Draft:
    """Answer from the best sentences of the passages that search finds."""
    started = perf_counter()
    sentences = read_evidence(library, question, plan, settings)
    picked = _picked(library, question, plan, sentences) if question.choices else None
    elapsed = (perf_counter() - started) * 1000
    if not sentences:
        return Draft(reason="No article matches the question and its filters.", retrieve_ms=elapsed)
    if plan.wanted is Wanted.DESCRIPTION:
        draft = _described(plan, sentences)
    else:
        answers = _answers(library, question, plan, sentences) if plan.wanted is not Wanted.YES_NO else []
        draft = _drafted(library, question, plan, sentences, answers)
        draft = draft if picked else with_versions(draft, plan, answers, sentences)
    if picked:
        draft = _with_choice(library, question, plan, draft, picked)
    nearest = tuple(sentence.citation() for sentence in sentences[:NEAREST])
    return replace(draft, nearest=nearest, retrieve_ms=elapsed)


def _answers(
    library: Library, question: Question, plan: Plan, sentences: Sequence[EvidenceSentence]
) -> list[ShortAnswer]:
    if plan.wanted is Wanted.PERSON:
        sentences = [*_with_pointed(library, sentences[:READ]), *sentences[READ:]]
    readings = load_reader().score(question.text, [sentence.text for sentence in sentences[:READ]])
    return best_answers(plan, sentences, readings=readings)


def _with_pointed(library: Library, sentences: Sequence[EvidenceSentence]) -> Iterator[EvidenceSentence]:
    """Yield the sentences with words such as "he" among their mentions, under the name that they mean."""
    articles = Readings(library.store)
    for sentence in sentences:
        pointed = pointed_mentions(articles, sentence.article.id, sentence.start, sentence.end)
        mentions = sorted((*sentence.mentions, *pointed), key=lambda one: one.start)
        yield replace(sentence, mentions=tuple(mentions)) if pointed else sentence


def _drafted(
    library: Library,
    question: Question,
    plan: Plan,
    sentences: Sequence[EvidenceSentence],
    answers: Sequence[ShortAnswer],
) -> Draft:
    """Show the best sentence with the short answer read from it, or without one."""
    chosen = answers[0] if answers else None
    best = chosen.sentence if chosen else sentences[0]
    day = _day_of(chosen) if chosen and plan.wanted is Wanted.DATE else None
    name = written(day) if day else (chosen.name if chosen else None)
    several = tuple(coordinated(plan, chosen)) if chosen and plan.many else ()
    return Draft(
        shown=_shown(best, sentences, chosen),
        short_answer=name if len(several) < 2 else None,
        reason=f"“{chosen.text}” is read from the article’s date, {best.article.published}."
        if chosen and day
        else "",
        short_answers=several,
        signals=Signals(
            coverage=best.covered_near,
            similarity=best.similarity,
            candidate=chosen.score if chosen and plan.wanted is not Wanted.CLAUSE else None,
            missing=_missing(library, question, plan, best),
            agreement=chosen.sources if chosen else 0,
            margin=_margin(answers),
        ),
    )


def _missing(library: Library, question: Question, plan: Plan, best: EvidenceSentence) -> tuple[str, ...]:
    """Return the question's names and years that the article of the sentence does not hold."""
    card = best.article
    grounds = [library.store.text(card.id), card.title, card.outlet or "", date_words(card.published)]
    names = names_needed(question.text, plan.names)
    return missing_names((*names, *_YEAR.findall(question.text)), grounds)


def _picked(
    library: Library, question: Question, plan: Plan, sentences: Sequence[EvidenceSentence]
) -> Picked | None:
    """Return the option that the question's evidence and that of its options speak for."""
    known = {(sentence.article.id, sentence.start) for sentence in sentences}
    further = widen(library.store, question, plan.filter)
    new = [sentence for sentence in further if (sentence.article.id, sentence.start) not in known]
    return pick(question, plan, [*sentences, *new])


def _with_choice(library: Library, question: Question, plan: Plan, draft: Draft, picked: Picked) -> Draft:
    """Show the option picked, and first the sentence that speaks for it.

    The option is the short answer too where it stands in that sentence letter by letter.
    """
    sentence = picked.sentence
    if sentence is None:
        return replace(draft, choice=picked.option)
    (similarity,) = library.comparer.similarities(question.text, [sentence.text[:READ_CHARS]])
    verbatim = picked.option in sentence.text
    first = sentence.citation()
    others = tuple(one for one in draft.shown if one != first and picked.option in one.quote)
    return replace(
        draft,
        choice=picked.option,
        shown=(first, *others)[:SHOWN],
        short_answer=picked.option if verbatim else None,
        short_answers=(),
        reason="",
        signals=Signals(
            coverage=min(picked.score, 1.0),
            similarity=similarity,
            candidate=min(picked.score, 1.0),
            missing=_missing(library, question, plan, sentence),
            agreement=1,
            margin=picked.lead,
        ),
    )


def _margin(answers: Sequence[ShortAnswer]) -> float:
    """Return the lead of the first answer over the second, as a share of its score."""
    if not answers or answers[0].score <= 0:
        return 0.0
    return 1.0 - (answers[1].score / answers[0].score if len(answers) > 1 else 0.0)


def _day_of(chosen: ShortAnswer) -> date | None:
    """Return the day that a weekday means in its article."""
    sentence = chosen.sentence
    before = sentence.text[: chosen.start - sentence.start]
    return day_meant(chosen.name, before, sentence.article.published)


def _described(plan: Plan, sentences: Sequence[EvidenceSentence]) -> Draft:
    """Answer "who is X?" with what an article says beside the name."""
    found = describe(plan.names[0], sentences) if plan.names else None
    best = found[1] if found else sentences[0]
    missing = missing_names(plan.names, [best.text])
    return Draft(
        shown=(best.citation(),),
        short_answer=found[0] if found else None,
        signals=Signals(best.covered_near, best.similarity, 1.0 if found else None, missing),
    )


def read_evidence(
    library: Library, question: Question, plan: Plan, settings: AnswerSettings
) -> list[EvidenceSentence]:
    """Search, read the sentences of the passages, and rate them by words and by meaning; best first."""
    dated = replace(settings.search, as_of=question.asked_on)
    hits = search(library, question.text, k=settings.passages, filter=plan.filter, settings=dated)
    sentences = gather(library.store, hits)
    if not sentences:
        return []
    weights = weigh(plan.terms, plan.names, sentences)
    by_words = rate(sentences, weights, asked_on=question.asked_on)
    compared = by_words[:COMPARED]
    texts = [sentence.text[:READ_CHARS] for sentence in compared]
    similarities = dict(enumerate(library.comparer.similarities(question.text, texts)))
    return rate(by_words, weights, similarities, asked_on=question.asked_on)


def _shown(
    best: EvidenceSentence, sentences: Sequence[EvidenceSentence], chosen: ShortAnswer | None
) -> tuple[Citation, ...]:
    """Return the best sentence and others that hold the same answer, or come close where there is none."""
    shown = [best]
    for sentence in sentences:
        if len(shown) == SHOWN:
            break
        copy = any(
            sentence.article.group == other.article.group != "" and sentence.article.id != other.article.id
            for other in shown
        )
        if sentence is best or copy or sentence.score < 0.6 * best.score:
            continue
        if chosen is None or chosen.text in sentence.text:
            shown.append(sentence)
    return tuple(sentence.citation() for sentence in shown)
