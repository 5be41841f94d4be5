"""What came when: sentences ordered by the day that they name, or else by the day of their article."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from time import perf_counter

from index.library import Library
from index.schema import Filter
from qa.answerers.draft import Draft, Signals
from qa.answerers.events import Dated, date_sentence, day_printed, find_event
from qa.answerers.reading import Read, by_meaning, read_widely, without_copies
from qa.evidence import EvidenceSentence, missing_names
from qa.occasions import occasions_in
from qa.salience import alike, bags, choose, is_sentence
from qa.schema import Citation, Group, Plan, Question, When
from qa.settings import AnswerSettings
from qa.wording import content_stems, words

PASSAGES = 24
READ = 60
SHOWN = 8
COMPARED = 4
_MATTER_WORDS = 30
_FITTING = 0.5
"""Of the best sentence's score, what another must reach."""
_AFTER_EVENT = 0.6
"""Confidence that what is told of the same matter, after an event or before it, answers the question."""
_WEEK = timedelta(days=7)
_SAME = 0.5
"""Cosine of words from which two sentences tell the same event."""
_NEAR, _NEAR_EVENT = 0.6, 0.35
"""Of the most that a sentence and its passage hold of the topic, what another and its own must hold."""


def answer_temporal(library: Library, question: Question, plan: Plan, settings: AnswerSettings) -> Draft:
    """Answer with sentences in the order of their days, after or before what the question says."""
    started = perf_counter()
    when = plan.when or When("timeline")
    if when.event and when.other and when.relation != "between":
        draft = _order(library, question, plan, settings)
    else:
        draft = _listed(library, question, plan, settings)
    return replace(draft, retrieve_ms=(perf_counter() - started) * 1000)


def _order(library: Library, question: Question, plan: Plan, settings: AnswerSettings) -> Draft:
    """Say which of two events came first, where both have a day."""
    when = plan.when or When("order")
    found = [find_event(library, question, plan, settings, one) for one in (when.event, when.other)]
    unknown = [event for event, one in zip((when.event, when.other), found, strict=True) if one is None]
    one, other = found
    if one is None or other is None or one.first is None or other.first is None:
        reason = f"No sentence tells when {' or '.join(f'“{event}”' for event in unknown) or 'both'} was."
        return Draft(reason=reason, nearest=tuple(each.sentence.citation() for each in found if each))
    first_before = (one.last or one.first) < other.first
    other_before = (other.last or other.first) < one.first
    ordered = sorted(((one, when.event), (other, when.other)), key=lambda pair: str(pair[0].first))
    shown = tuple(dict.fromkeys(each.sentence.citation() for each, _ in ordered))
    told = "; ".join(
        f"{event}: {each.label}{'' if each.named else ' (day of the article)'}" for each, event in ordered
    )
    if not first_before and not other_before:
        return Draft(reason=f"Their days do not tell which came first: {told}.", nearest=shown)
    answer = when.event if first_before else when.other
    if when.relation in ("before", "after"):
        answer = "yes" if first_before == (when.relation == "before") else "no"
    return Draft(
        shown=shown,
        short_answer=answer,
        groups=_by_day([each for each, _ in ordered]) if len(shown) == len(ordered) else (),
        signals=Signals(coverage=0.8 if one.named and other.named else 0.6, exhaustive=True),
        reason=f"{told[:1].upper()}{told[1:]}.",
    )


def _listed(library: Library, question: Question, plan: Plan, settings: AnswerSettings) -> Draft:
    when = plan.when or When("timeline")
    limits, notes, anchors = _limits(library, question, plan, settings)
    if limits is None:
        return Draft(reason=notes[0])
    narrowed = replace(plan, filter=_published(plan.filter, limits))
    topic = plan.head or " ".join((*_events(when), *(_matter(anchor) for anchor in anchors)))
    if not topic:
        return _of_that_time(library, question, plan, settings, limits)
    topic_plan = replace(narrowed, terms=content_stems(topic))
    read = read_widely(library, question, topic_plan, settings, words=topic, passages=PASSAGES)
    sentences = without_copies(read.sentences)[:READ]
    if not sentences:
        return Draft(reason=f"No article in that time speaks of {topic}.", notes=notes)
    rated = by_meaning(library, topic, topic_plan, sentences, COMPARED) + sentences[COMPARED:]
    missing = missing_names(plan.names, _grounds(library, rated))
    # The event itself is no measure of what came of it.
    rated = [one for one in rated if not _retells(one, anchors)]
    near = _NEAR if plan.head or not anchors else _NEAR_EVENT
    dated = [date_sentence(one, topic_plan.terms) for one in _telling(rated, near)]
    kept = [one for one in dated if _within(one, limits)]
    chosen = _latest(kept) if when.relation == "latest" else _spread(kept)
    draft = _draft(when, chosen, read, notes, missing)
    if (
        anchors and chosen and not missing
    ):  # the event and its day were found: its words say no more of the rest
        return replace(draft, signals=Signals(coverage=_AFTER_EVENT, exhaustive=True))
    return draft


def _events(when: When) -> tuple[str, ...]:
    return tuple(event for event in (when.event, when.other) if event)


def _matter(anchor: Citation) -> str:
    """Return what an event was about: the words of the sentence that tells it, without its figures."""
    kept = [word.group() for word in words(anchor.quote) if not any(sign.isdigit() for sign in word.group())]
    return " ".join(kept[:_MATTER_WORDS])


@dataclass(frozen=True, slots=True)
class _Limits:
    """The days asked for, inclusive; None leaves a side open."""

    first: date | None = None
    last: date | None = None


def _limits(
    library: Library, question: Question, plan: Plan, settings: AnswerSettings
) -> tuple[_Limits | None, tuple[str, ...], tuple[Citation, ...]]:
    """Return the days that limit the question, notes on how events were dated, and the events' sentences."""
    when = plan.when or When("timeline")
    if not when.event:
        return _Limits(_day(when.first), _day(when.last)), (), ()
    found = []
    for event in (when.event, when.other) if when.relation == "between" else (when.event,):
        one = find_event(library, question, plan, settings, event)
        if one is None or one.first is None:
            return None, (f"No sentence tells when “{event}” was.",), ()
        found.append((event, one))
    notes = tuple(
        f"“{event}” read as {one.label}{'' if one.named else ', the day of its article'}"
        for event, one in found
    )
    anchors = tuple(one.sentence.citation() for _, one in found)
    start, end = found[0][1], found[-1][1]
    one_day = timedelta(days=1)
    if when.relation == "between":
        return _Limits(start.first, end.last), notes, anchors
    if when.relation == "before":
        return _Limits(None, start.first - one_day if start.first else None), notes, anchors
    return _Limits(start.last + one_day if start.last else None, None), notes, anchors


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _published(chosen: Filter, limits: _Limits) -> Filter:
    """Narrow the articles to those that can tell: what happened is not reported before it happened."""
    if limits.first is None or chosen.published_from:
        return chosen
    return replace(chosen, published_from=limits.first.isoformat())


def _within(one: Dated, limits: _Limits) -> bool:
    """Whether a sentence tells of a day within the limits, in an article that can have seen it."""
    if one.first is None or one.last is None:
        return limits == _Limits()
    printed = one.sentence.article.published
    if limits.first:
        begins = one.first if one.last - one.first <= _WEEK else one.last
        if begins < limits.first or (printed and printed[:10] < limits.first.isoformat()):
            return False
    return not (limits.last and one.last > limits.last)


def _telling(sentences: Sequence[EvidenceSentence], near: float) -> list[EvidenceSentence]:
    touching = [one for one in sentences if one.covered > 0]
    best = max((one.score for one in touching), default=0.0)
    most = max((one.covered_near for one in touching), default=0.0)
    return [
        one
        for one in touching
        if one.score >= min(near, _FITTING) * best
        and one.covered_near >= near * most
        and is_sentence(one.text)
    ]


def _spread(dated: Sequence[Dated]) -> list[Dated]:
    """Choose the best that tell different things, and put them in the order of their days."""
    vectors = bags([one.sentence.text for one in dated])
    scores = [one.sentence.score * (1.0 if one.named else 0.8) for one in dated]
    most = max(scores, default=1.0) or 1.0
    chosen = [dated[n] for n in choose([score / most for score in scores], vectors, SHOWN)]
    return sorted(chosen, key=_order_key)


def _order_key(one: Dated) -> tuple[str, str, str, int]:
    sentence = one.sentence
    return str(one.first or "9"), sentence.article.published or "", sentence.article.id, sentence.start


def _retells(one: EvidenceSentence, anchors: Sequence[Citation]) -> bool:
    """Whether a sentence only tells the event again that the question starts from."""
    bag = bags([one.text, *(anchor.quote for anchor in anchors)])
    return any(alike(bag[0], other) >= _SAME for other in bag[1:])


def _latest(dated: Sequence[Dated]) -> list[Dated]:
    """Choose sentences of the newest articles, newest first."""
    days = sorted({(one.sentence.article.published or "")[:10] for one in dated}, reverse=True)
    chosen: list[Dated] = []
    for day in days:
        of_day = [one for one in dated if (one.sentence.article.published or "")[:10] == day]
        vectors = bags([one.sentence.text for one in of_day])
        room = min(3, SHOWN // 2 + 1 - len(chosen))
        chosen += [of_day[n] for n in choose([one.sentence.score for one in of_day], vectors, room)]
        if len(chosen) > SHOWN // 2:
            break
    return [replace(one, first=day_printed(one), last=day_printed(one)) for one in chosen]


def _by_day(dated: Sequence[Dated]) -> tuple[Group, ...]:
    groups: list[Group] = []
    for position, one in enumerate(dated):
        outlet = one.sentence.article.outlet or one.sentence.article.file
        note = outlet if one.named else f"{outlet}, day of the article"
        if groups and groups[-1].label == one.label:
            last = groups[-1]
            notes = last.note if note in last.note.split("; ") else f"{last.note}; {note}"
            groups[-1] = replace(last, note=notes, sentences=(*last.sentences, position))
        else:
            groups.append(Group(one.label, note, (position,)))
    return tuple(groups)


def _draft(
    when: When, chosen: Sequence[Dated], read: Read, notes: tuple[str, ...], missing: tuple[str, ...]
) -> Draft:
    if not chosen:
        return Draft(reason=f"Nothing in that time was found; {read.told}.", notes=notes)
    best = max((one.sentence for one in chosen), key=lambda one: one.score)
    order = "newest first" if when.relation == "latest" else "in the order of their days"
    return Draft(
        shown=tuple(one.sentence.citation() for one in chosen),
        groups=_by_day(chosen),
        signals=Signals(coverage=min(best.covered_near, 1.0), similarity=best.similarity, missing=missing),
        reason=f"{len(chosen)} sentences {order}; {read.told}.",
        notes=notes,
        nearest=tuple(one.sentence.citation() for one in chosen[:3]),
    )


def _grounds(library: Library, sentences: Sequence[EvidenceSentence]) -> list[str]:
    firsts = {one.article.id: one.article for one in sentences[:12]}
    texts = [library.store.text(identity) for identity in firsts]
    return [*texts, *(card.title for card in firsts.values())]


def _of_that_time(
    library: Library, question: Question, plan: Plan, settings: AnswerSettings, limits: _Limits
) -> Draft:
    """Answer "what happened in October?": how articles of that time begin, and what others say of it."""
    begun, total = _leads(library, plan, limits)
    read = read_widely(library, question, plan, settings, words=_dates_of(question.text), passages=PASSAGES)
    told = [date_sentence(one) for one in without_copies(read.sentences) if is_sentence(one.text)]
    told = [one for one in told if one.named and _within(one, limits)]
    known = {citation.article.group or citation.article.id for _, citation in begun}
    others = [one for one in told if (one.sentence.article.group or one.sentence.article.id) not in known]
    dated = [*begun, *((one.label, one.sentence.citation()) for one in others[: max(SHOWN - len(begun), 2)])]
    if not dated:
        return Draft(reason="No dated article or sentence is of that time.")
    dated.sort(key=lambda pair: (pair[0], pair[1].article.id, pair[1].start))
    groups: dict[str, list[int]] = {}
    for position, (label, _) in enumerate(dated):
        groups.setdefault(label, []).append(position)
    return Draft(
        shown=tuple(citation for _, citation in dated),
        groups=tuple(Group(label, "", tuple(places)) for label, places in groups.items()),
        signals=Signals(coverage=1.0, exhaustive=True),
        reason=f"How {len(begun)} of {total} articles of that time begin"
        + (f", and {len(dated) - len(begun)} sentences of others that name it." if others else "."),
    )


def _dates_of(text: str) -> str:
    """Return the words of a question that name its days or months."""
    found = occasions_in(text, date.today().isoformat())
    return " ".join(text[one.start : one.end] for one in found) or text


def _leads(library: Library, plan: Plan, limits: _Limits) -> tuple[list[tuple[str, Citation]], int]:
    """Return the first sentence of each article of the time with its day, and how many articles there are."""
    chosen = replace(
        plan.filter,
        published_from=limits.first.isoformat() if limits.first else plan.filter.published_from,
        published_to=limits.last.isoformat() if limits.last else plan.filter.published_to,
    )
    cards = [card for card in library.store.articles(chosen) if card.published]
    unique = list({card.group or card.id: card for card in reversed(cards)}.values())
    begun = []
    library.store.read_ahead([card.id for card in unique[:SHOWN]])
    for card in unique[:SHOWN]:
        text = library.store.text(card.id)
        spans = [(one.start, one.end) for one in library.store.sentences(card.id)]
        whole = [(start, end) for start, end in spans if is_sentence(text[start:end])]
        if whole or spans:
            start, end = (whole or spans)[0]
            begun.append(((card.published or "")[:10], Citation(card, start, end, text[start:end])))
    return begun, len(unique)
