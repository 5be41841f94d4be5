"""Questions about somebody's words: what X said about Y, what X called Y, who said "..."."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from time import perf_counter

from index.ledger import read
from index.library import Library
from index.patterns import regex
from index.schema import LedgerEntry, MentionKind, Stance, Voice
from index.statements.lexicon import naming_verbs, speech_verbs
from index.statements.names import is_named, same_name
from qa.answerers.citing import citations_of
from qa.answerers.draft import Draft, Signals
from qa.answerers.fact import READ_CHARS, answer_fact
from qa.evidence import EvidenceSentence, date_words, matching, missing_names, rate, stems_of, weigh
from qa.schema import Citation, Plan, Question
from qa.settings import AnswerSettings

SHOWN = 4
_BEFORE, _AFTER = 500, 300
"""Characters around a statement in which the words of the question may stand."""
_BESIDE = 200
"""Characters before and after quoted words in which their speaker's name is looked for."""
_NEAR_VERB = 4
"""Words between a speaker's name and the verb of saying."""
_NEAREST = 0.5
"""Confidence that the nearest person says the words."""
_DEEDS = {Stance.PRAISE: "praises", Stance.CRITICISE: "criticises", Stance.NEUTRAL: "mentions"}
_THING = 1.4
COMPARED = 16
"""Statements whose meaning is compared with the question's; the best by words alone."""
_QUOTED = regex(r"“([^”]+)”?|\"([^\"]+)\"|''([^']+)''|(?<!\w)‘([^’]+)’(?!\w)")
_NAMING = regex(
    r"\b(?:call|declar|describ|dub|label|brand|liken|compar|character|regard|refer|deem|portray|was|is|as)\w*",
    re.I,
)


@cache
def reporting_verbs() -> frozenset[str]:
    """Every form of the verbs that report words or give names."""
    return frozenset(speech_verbs()) | frozenset(naming_verbs())


def answer_quote(library: Library, question: Question, plan: Plan, settings: AnswerSettings) -> Draft:
    """Answer with the statements of the speaker that speak of what was asked; facts where there are none."""
    if plan.speaker is None:
        return _who_said(library, question, plan, settings)
    started = perf_counter()
    said = read(library, speaker=plan.speaker, filter=plan.filter)
    about = _about(library, plan) if plan.target else frozenset()
    entries = [
        entry
        for entry in said
        if plan.stance is None
        or (entry.statement.stance is plan.stance and (not plan.target or _place(entry) in about))
    ]
    sentences = _rated(library, plan, entries, about)
    elapsed = (perf_counter() - started) * 1000
    if not sentences and said:
        deed = f"{plan.speaker} {_DEEDS[plan.stance]} {plan.target or 'anyone'}" if plan.stance else ""
        return Draft(reason=f"No statement was found in which {deed}.", retrieve_ms=elapsed)
    if not sentences:
        return _from_passages(library, question, plan, settings)
    best = sentences[0]
    return Draft(
        shown=_with_continuations(best, sentences),
        short_answer=_quoted_words(best.text, plan),
        statements=len(entries),
        signals=Signals(
            coverage=best.covered_near,
            similarity=best.similarity,
            missing=_missing(library, plan, best),
        ),
        nearest=tuple(sentence.citation() for sentence in sentences[:3]),
        retrieve_ms=elapsed,
    )


def _place(entry: LedgerEntry) -> tuple[str, int]:
    return entry.article.id, entry.statement.start


def _about(library: Library, plan: Plan) -> frozenset[tuple[str, int]]:
    """Return where the speaker's statements about the target stand."""
    entries = read(library, speaker=plan.speaker, target=plan.target, filter=plan.filter)
    return frozenset(_place(entry) for entry in entries)


def _missing(library: Library, plan: Plan, statement: EvidenceSentence) -> tuple[str, ...]:
    """Return the names asked about that the statement is not about.

    The target must stand in the statement or beside it, unless the ledger says that it is meant; other names
    ("... on the Hannity show") anywhere in the article. A statement that holds nothing of the question
    itself speaks of something else, whatever stands beside it.
    """
    card = statement.article
    names = tuple(name for name in plan.names if name != plan.speaker)
    if plan.target and stems_of(plan.target) <= statement.stems:
        names = tuple(name for name in names if name != plan.target)
    elif plan.terms and not matching(plan.terms, statement.stems):
        return (plan.target,) if plan.target else ()
    beside = " ".join((statement.text, *statement.around, card.title, date_words(card.published)))
    article = library.store.text(card.id)
    return tuple(
        name for name in names if missing_names((name,), [beside if name == plan.target else article, beside])
    )


def _from_passages(library: Library, question: Question, plan: Plan, settings: AnswerSettings) -> Draft:
    """Answer from passages where the ledger has no statement of the speaker.

    The sentence must name the speaker and report words: hold a verb of saying, or quotation marks.
    """
    draft = answer_fact(library, question, plan, settings)
    speaker = plan.speaker or ""
    for citation in draft.shown:
        others = [name for name in plan.names if name != speaker]
        if (
            _reports(citation.quote, speaker)
            and _names(library, citation, speaker)
            and not missing_names(others, [citation.quote])
        ):
            return replace(draft, shown=(citation,), short_answer=_quoted_words(citation.quote, plan))
    return Draft(reason=f"No words of {speaker} on this were found.", nearest=draft.nearest)


def _reports(sentence: str, speaker: str) -> bool:
    """Whether a sentence quotes somebody, or has a verb of saying right beside the speaker's last name."""
    if _QUOTED.search(sentence):
        return True
    found = re.findall(r"\w+", sentence.lower())
    name = (re.findall(r"\w+", speaker.lower()) or [""])[-1]
    places = [n for n, word in enumerate(found) if word == name]
    return any(
        word in reporting_verbs() for n in places for word in found[max(n - _NEAR_VERB, 0) : n + _NEAR_VERB]
    )


def _names(library: Library, citation: Citation, speaker: str) -> bool:
    """Whether a sentence names the speaker, by the person's own name or the words of a description."""
    if speaker.islower():
        return stems_of(speaker) <= stems_of(citation.quote)
    mentions = library.store.mentions_between(citation.article.id, citation.start, citation.end)
    return any(same_name(mention.name, speaker) for mention in mentions)


def _rated(
    library: Library, plan: Plan, entries: Sequence[LedgerEntry], about: frozenset[tuple[str, int]]
) -> list[EvidenceSentence]:
    """Return the statements as evidence, best first; `about` is where those about the target stand."""
    if not entries:
        return []
    spans = {_place(entry): entry for entry in entries}
    library.store.read_ahead([entry.article.id for entry in entries])
    sentences = [
        _evidence(library, entry, plan.target if place in about else None) for place, entry in spans.items()
    ]
    weights = weigh(plan.terms, plan.names, sentences)
    by_words = rate(sentences, weights)[:COMPARED]
    asked = " ".join((plan.speaker or "", *plan.terms))
    near = library.comparer.similarities(asked, [sentence.text[:READ_CHARS] for sentence in by_words])
    rated = rate(by_words, weights, dict(enumerate(near)))
    if not plan.head:
        return rated
    named = [
        replace(sentence, score=sentence.score * _naming(sentence, plan) * _of_thing(sentence, plan))
        for sentence in rated
    ]
    return sorted(named, key=lambda sentence: (-sentence.score, sentence.article.id, sentence.start))


def _of_thing(sentence: EvidenceSentence, plan: Plan) -> float:
    """Return 1.4 for a statement that holds the thing asked about ("the wall that X wants")."""
    return _THING if plan.thing and matching((plan.thing,), sentence.stems) else 1.0


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
    text = store.text(card.id)
    start, end = entry.statement.start, entry.statement.end
    before, after = text[max(start - _BEFORE, 0) : start], text[end : end + _AFTER]
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


def _who_said(library: Library, question: Question, plan: Plan, settings: AnswerSettings) -> Draft:
    """Find whose words the question quotes: the speaker of the statement that holds them."""
    started = perf_counter()
    wanted = _plain(plan.head)
    holding = [
        chunk.article
        for chunk in library.store.search_words(plan.head, 20, plan.filter)
        if wanted in _plain(library.store.text(chunk.article)[chunk.start : chunk.end])
    ]
    elapsed = (perf_counter() - started) * 1000
    if not holding:
        return Draft(reason="No article holds these words.", retrieve_ms=elapsed)
    limits = replace(plan.filter, articles=tuple(dict.fromkeys(holding)))
    said = [
        entry
        for entry in read(library, filter=limits)
        if wanted in _plain(entry.quote) and is_named(entry.speaker)
    ]
    elapsed = (perf_counter() - started) * 1000
    if not said:
        beside = _said_beside(library, plan, limits.articles, elapsed)
        return beside or answer_fact(library, question, plan, settings)
    said.sort(key=lambda entry: (-entry.statement.confidence, len(entry.quote)))
    shown = citations_of(said)
    return Draft(
        shown=shown[:SHOWN],
        short_answer=said[0].speaker,
        statements=len(shown),
        signals=Signals(coverage=round(said[0].statement.confidence, 3), exhaustive=True),
        mentions=(said[0].speaker,),
        retrieve_ms=elapsed,
    )


def _said_beside(library: Library, plan: Plan, articles: Sequence[str], elapsed: float) -> Draft | None:
    """Name the person who stands nearest to the quoted words; None where nobody stands beside them."""
    words = r"\W+".join(re.escape(word) for word in re.findall(r"\w+", plan.head))
    for identity in articles:
        text = library.store.text(identity)
        found = re.search(words, text, re.I)
        if found is None:
            continue
        first = max(text.rfind("\n\n", 0, found.start()) + 2, found.start() - _BESIDE)
        last = min(text.find("\n\n", found.end()) % (len(text) + 1), found.end() + _BESIDE)
        people = [
            mention
            for mention in library.store.mentions_between(identity, first, last)
            if mention.kind is MentionKind.PERSON and not found.start() <= mention.start < found.end()
        ]
        if people:
            # "...", said X comes before X said "...".
            nearest = min(people, key=lambda one: (one.start < found.start(), abs(one.start - found.end())))
            start, end = min(first, nearest.start), max(found.end(), nearest.end)
            sentences = library.store.sentences(identity)
            touched = [one for one in sentences if one.start < end and start < one.end]
            covered = [one for one in touched if one.end > min(found.start(), nearest.start)]
            start, end = covered[0].start, covered[-1].end
            return Draft(
                shown=(Citation(library.store.card(identity), start, end, text[start:end]),),
                short_answer=nearest.name,
                signals=Signals(coverage=_NEAREST, exhaustive=True),
                reason=f"The words stand beside the name of {nearest.name}; who says them was not read.",
                mentions=(nearest.name,),
                retrieve_ms=elapsed,
            )
    return None


def _plain(text: str) -> str:
    """Return letters and digits only, lower-cased, so that quotation marks and dashes do not matter."""
    return " ".join(re.findall(r"\w+", text.lower().replace("’", "").replace("'", "")))
