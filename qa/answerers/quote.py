"""Questions about somebody's words: what X said about Y, what X called Y, who said "..."."""

import re
from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

from index.ledger import find
from index.library import Library
from index.schema import LedgerEntry, Stance, Voice
from index.statements import is_named
from qa.answerers.articles import mentioning
from qa.answerers.citing import citations_of
from qa.answerers.draft import Draft, Signals
from qa.answerers.fact import READ_CHARS, answer_fact
from qa.evidence import EvidenceSentence, date_words, missing_names, rate, stems_of, weigh
from qa.schema import Citation, Plan, Question

SHOWN = 4
_DEEDS = {Stance.PRAISE: "praises", Stance.CRITICISE: "criticises", Stance.NEUTRAL: "mentions"}
COMPARED = 16
"""Statements whose meaning is compared with the question's; the best by words alone."""
_QUOTED = re.compile(r"“([^”]+)”?|\"([^\"]+)\"|''([^']+)''|(?<!\w)‘([^’]+)’(?!\w)")
_NAMING = re.compile(
    r"\b(?:call|declar|describ|dub|label|brand|liken|compar|character|regard|refer|deem|portray|was|is|as)\w*",
    re.I,
)


def answer_quote(library: Library, question: Question, plan: Plan) -> Draft:
    """Answer with the statements of the speaker that speak of what was asked; facts where there are none."""
    if plan.speaker is None:
        return _who_said(library, question, plan)
    started = perf_counter()
    articles = mentioning(library, (plan.speaker,), plan.filter)
    said = find(library.store.ledger(filter=articles), speaker=plan.speaker) if articles else []
    entries = find(said, target=plan.target, stance=plan.stance) if plan.stance else said
    sentences = _rated(library, plan, entries)
    elapsed = (perf_counter() - started) * 1000
    if not sentences and said:
        deed = f"{plan.speaker} {_DEEDS[plan.stance]} {plan.target or 'anyone'}" if plan.stance else ""
        return Draft(reason=f"No statement was found in which {deed}.", retrieve_ms=elapsed)
    if not sentences:
        return _from_passages(library, question, plan)
    best = sentences[0]
    topic = tuple(name for name in plan.names if name != plan.speaker)
    return Draft(
        shown=_with_continuations(best, sentences),
        short_answer=_quoted_words(best.text, plan),
        statements=len(entries),
        signals=Signals(
            coverage=best.covered_near,
            similarity=best.similarity,
            missing=_missing(topic, best, plan.target),
        ),
        nearest=tuple(sentence.citation() for sentence in sentences[:3]),
        retrieve_ms=elapsed,
    )


def _missing(names: Sequence[str], statement: EvidenceSentence, target: str | None) -> tuple[str, ...]:
    """Return the names asked about that neither the statement nor what stands beside it holds."""
    card = statement.article
    beside = " ".join((statement.text, *statement.around, card.title, date_words(card.published)))
    resolved = bool(target) and stems_of(target or "") <= statement.stems
    return tuple(name for name in missing_names(names, [beside]) if not (resolved and name == target))


def _from_passages(library: Library, question: Question, plan: Plan) -> Draft:
    """Answer from passages where the ledger has no statement of the speaker."""
    draft = answer_fact(library, question, plan)
    named = (plan.speaker,) if plan.speaker and not plan.speaker.islower() else ()
    if not draft.shown or missing_names(named, [draft.shown[0].quote]):
        return Draft(reason=f"No words of {plan.speaker} on this were found.", nearest=draft.nearest)
    return replace(draft, short_answer=_quoted_words(draft.shown[0].quote, plan))


def _rated(library: Library, plan: Plan, entries: Sequence[LedgerEntry]) -> list[EvidenceSentence]:
    """Return the statements as evidence, best first."""
    if not entries:
        return []
    spans = {(entry.article.id, entry.statement.start): entry for entry in entries}
    about = {id(entry) for entry in find(entries, target=plan.target)} if plan.target else set()
    sentences = [
        _evidence(library, entry, plan.target if id(entry) in about else None) for entry in spans.values()
    ]
    weights = weigh(plan.terms, plan.names, sentences)
    by_words = rate(sentences, weights)[:COMPARED]
    asked = " ".join((plan.speaker or "", *plan.terms))
    vectors = library.embedder.embed([asked, *(sentence.text[:READ_CHARS] for sentence in by_words)])
    rated = rate(by_words, weights, {n: float(vectors[0] @ row) for n, row in enumerate(vectors[1:])})
    if not plan.head:
        return rated
    named = [replace(sentence, score=sentence.score * _naming(sentence, plan)) for sentence in rated]
    return sorted(named, key=lambda sentence: (-sentence.score, sentence.article.id, sentence.start))


def _naming(sentence: EvidenceSentence, plan: Plan) -> float:
    """Return 1.4 when the sentence quotes what its speaker calls the target, less when it does not."""
    target = (plan.target or "").split()[-1:] or [""]
    for quoted in _QUOTED.finditer(sentence.text):
        lead = sentence.text[max(quoted.start() - 80, 0) : quoted.start()]
        if target[0] in lead and _NAMING.search(lead[lead.find(target[0]) - 30 if target[0] else 0 :]):
            return 1.4
    return 1.0 if _QUOTED.search(sentence.text) else 0.8


def _evidence(library: Library, entry: LedgerEntry, target: str | None) -> EvidenceSentence:
    """Return a statement as evidence; a target that the ledger resolved counts as named in it."""
    store, card = library.store, entry.article
    text = store.article(card.id).text
    start, end = entry.statement.start, entry.statement.end
    before = text[max(text.rfind("\n\n", 0, max(start - 2, 0)), 0) : start][-300:]
    after = text[end : end + 300].split("\n\n")[0]
    return EvidenceSentence(
        article=card,
        start=start,
        end=end,
        text=text[start:end],
        around=(before, after),
        mentions=store.mentions_between(card.id, start, end),
        stems=stems_of(f"{text[start:end]} {target or ''}"),
        near=stems_of(f"{before} {after}"),
        far=stems_of(f"{card.title} {card.outlet or ''} {date_words(card.published)}"),
        retrieval=0.5 if entry.statement.voice is Voice.REPORTED else 1.0,
    )


def _with_continuations(
    best: EvidenceSentence, sentences: Sequence[EvidenceSentence]
) -> tuple[Citation, ...]:
    """Return the best statement, what the speaker goes on to say beside it, and others nearly as good."""
    beside = [
        other
        for other in sentences
        if other.article.id == best.article.id and other is not best and abs(other.start - best.end) <= 3
    ]
    others = [
        other
        for other in sentences
        if other is not best and other not in beside and other.score >= 0.75 * best.score
    ]
    return tuple(sentence.citation() for sentence in [best, *beside, *others][:SHOWN])


def _quoted_words(text: str, plan: Plan) -> str | None:
    """Return the quoted words of a sentence; of several runs the first after the target, if that is asked."""
    runs = [run for run in _QUOTED.finditer(text) if any(run.groups())]
    if not runs:
        return None
    target = text.find(plan.target.split()[-1]) if plan.target else -1
    after = [run for run in runs if run.start() > target >= 0] if plan.head else []
    words = next(group for group in (after or runs)[0].groups() if group)
    return words.strip().rstrip(",.")


def _who_said(library: Library, question: Question, plan: Plan) -> Draft:
    """Find whose words the question quotes: the speaker of the statement that holds them."""
    started = perf_counter()
    wanted = _plain(plan.head)
    holding = [
        chunk.article
        for chunk in library.store.search_words(plan.head, 20, plan.filter)
        if wanted in _plain(library.store.article(chunk.article).text[chunk.start : chunk.end])
    ]
    if not holding:
        return answer_fact(library, question, plan)
    limits = replace(plan.filter, articles=tuple(dict.fromkeys(holding)))
    said = [
        entry
        for entry in library.store.ledger(filter=limits)
        if wanted in _plain(entry.quote) and is_named(entry.statement.speaker)
    ]
    elapsed = (perf_counter() - started) * 1000
    if not said:
        return answer_fact(library, question, plan)
    shown = citations_of(said)
    return Draft(
        shown=shown[:SHOWN],
        short_answer=said[0].statement.speaker,
        statements=len(shown),
        signals=Signals(coverage=1.0, exhaustive=True),
        mentions=(said[0].statement.speaker,),
        retrieve_ms=elapsed,
    )


def _plain(text: str) -> str:
    """Return letters and digits only, lower-cased, so that quotation marks and dashes do not matter."""
    return " ".join(re.findall(r"\w+", text.lower().replace("’", "").replace("'", "")))
