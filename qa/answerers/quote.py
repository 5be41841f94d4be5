"""Questions about somebody's words: what X said about Y, what X called Y, who said "..."."""

import re
from collections.abc import Sequence
from time import perf_counter

from index.ledger import find
from index.library import Library
from index.schema import LedgerEntry
from qa.answerers.articles import mentioning
from qa.answerers.draft import Draft, Signals
from qa.answerers.fact import answer_fact
from qa.evidence import EvidenceSentence, missing_names, rate, stems_of, weigh
from qa.schema import Citation, Plan, Question

SHOWN = 3
_QUOTED = re.compile(r"“([^”]+)”?|\"([^\"]+)\"|''([^']+)''|‘([^’]+)’")


def answer_quote(library: Library, question: Question, plan: Plan) -> Draft:
    """Answer with the statements of the speaker that speak of what was asked; facts where there are none."""
    started = perf_counter()
    assert plan.speaker is not None
    articles = mentioning(library, (plan.speaker,), plan.filter)
    entries = find(library.store.ledger(filter=articles), speaker=plan.speaker) if articles else []
    elapsed = (perf_counter() - started) * 1000
    sentences = _rated(library, plan, entries)
    if not sentences:
        return answer_fact(library, question, plan)
    best = sentences[0]
    around = [best.text, *best.around, best.article.title]
    topic = tuple(name for name in plan.names if name != plan.speaker)
    shown = [sentence for sentence in sentences if sentence.score >= 0.7 * best.score][:SHOWN]
    return Draft(
        shown=tuple(sentence.citation() for sentence in shown),
        short_answer=_words_used(best, plan) if plan.head else None,
        statements=len(entries),
        signals=Signals(
            coverage=best.covered_near,
            similarity=best.similarity,
            missing=missing_names(topic, [*around, library.store.article(best.article.id).text]),
        ),
        nearest=tuple(sentence.citation() for sentence in sentences[:SHOWN]),
        retrieve_ms=elapsed,
    )


def _rated(library: Library, plan: Plan, entries: Sequence[LedgerEntry]) -> list[EvidenceSentence]:
    """Return the statements as evidence, best first."""
    if not entries:
        return []
    spans = {(entry.article.id, entry.statement.start): entry for entry in entries}
    sentences = [_evidence(library, entry) for entry in spans.values()]
    weights = weigh(plan.terms, plan.names, sentences)
    by_words = rate(sentences, weights)[:24]
    asked = " ".join((plan.speaker or "", *plan.terms))
    vectors = library.embedder.embed([asked, *(sentence.text for sentence in by_words)])
    return rate(by_words, weights, {n: float(vectors[0] @ row) for n, row in enumerate(vectors[1:])})


def _evidence(library: Library, entry: LedgerEntry) -> EvidenceSentence:
    store, article_id = library.store, entry.article.id
    text = store.article(article_id).text
    start, end = entry.statement.start, entry.statement.end
    before = text[max(text.rfind("\n\n", 0, start - 2), 0) : start][-300:]
    after = text[end : end + 300]
    return EvidenceSentence(
        article=entry.article,
        start=start,
        end=end,
        text=text[start:end],
        around=(before, after),
        mentions=store.mentions_between(article_id, start, end),
        stems=stems_of(text[start:end]),
        near=stems_of(f"{before} {after} {entry.article.title}"),
        retrieval=0.5 if entry.statement.voice.value == "reported" else 1.0,
    )


def _words_used(sentence: EvidenceSentence, plan: Plan) -> str | None:
    """Return the quoted words of the sentence, the run nearest after the target where there are several."""
    runs = list(_QUOTED.finditer(sentence.text))
    if not runs:
        return None
    target = sentence.text.find((plan.target or "").split()[-1]) if plan.target else -1
    after = [run for run in runs if run.start() > target >= 0]
    chosen = (after or runs)[0]
    words = next(group for group in chosen.groups() if group)
    return words.strip().rstrip(",.")


def citations_of(entries: Sequence[LedgerEntry]) -> tuple[Citation, ...]:
    """Return the entries' words as citations, each span once."""
    unique = {(entry.article.id, entry.statement.start, entry.statement.end): entry for entry in entries}
    return tuple(
        Citation(entry.article, entry.statement.start, entry.statement.end, entry.quote)
        for entry in unique.values()
    )
