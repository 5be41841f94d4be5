"""Sources set side by side: what each says of a thing, where they agree, where they differ, who is silent."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from time import perf_counter

from index.ledger import read as read_ledger
from index.library import Library
from index.patterns import regex
from index.schema import ArticleCard, LedgerEntry, MentionKind, Stance
from qa.amounts import amounts_in
from qa.answerers.draft import Draft, Signals
from qa.answerers.metadata import mentions_of
from qa.answerers.reading import read_widely, without_copies
from qa.answerers.summary import read_article
from qa.evidence import EvidenceSentence, matching, missing_names, stems_of
from qa.salience import bags, choose, is_sentence, salience
from qa.schema import Citation, Group, Plan, Question
from qa.settings import AnswerSettings
from qa.side_by_side import Compared, compare_texts
from qa.wording import stem

PASSAGES = 10
SHOWN = 3
"""Sentences of each side."""
READ = 8
"""Sentences of each side whose figures and days are compared."""
_FITTING = 0.7
"""Of the best sentence's fit, what another sentence must reach."""
_SPEAKS = 0.34
"""Share of the topic's terms that a side's sentence must hold, or else the side is silent."""
SIDES = 4
_ONE_TIME_DAYS = 60
_FIGURE_ASKED = regex(
    r"\b(?:how (?:many|much|big|large|long)|number|figure|size|cost|price|when|date)\b", re.I
)


@dataclass(frozen=True, slots=True)
class SideRead:
    """One source and its sentences on the topic, best first; none where it is silent."""

    name: str
    sentences: tuple[Citation, ...]


def answer_comparison(library: Library, question: Question, plan: Plan, settings: AnswerSettings) -> Draft:
    """Answer "do both articles mention X?", or set the sources' sentences side by side."""
    started = perf_counter()
    if plan.about in ("both", "all", "any"):
        return _mentioned(library, plan, started)
    read = _read_sides(library, question, plan, settings)
    elapsed = (perf_counter() - started) * 1000
    return _side_by_side(library, plan, read, elapsed)


def _mentioned(library: Library, plan: Plan, started: float) -> Draft:
    """Say whether all, both or any of the articles under the filter mention the thing, and quote them."""
    cards = library.store.articles(plan.filter)
    what = plan.head or " ".join(plan.terms)
    ids = set(library.store.count_mentioning([what], plan.filter))
    holding = [card for card in cards if card.id in ids]
    silent = [card for card in cards if card.id not in ids]
    elapsed = (perf_counter() - started) * 1000
    if not cards:
        return Draft(reason="No article passes the filters.", retrieve_ms=elapsed)
    needed = 1 if plan.about == "any" else (2 if plan.about == "both" else len(cards))
    yes = len(holding) >= needed and bool(holding)
    reason = "" if yes or not silent else f"Not in: {'; '.join(card.title for card in silent[:5])}."
    shown = mentions_of(library, holding[:8], what)
    groups = [Group(_title(one.article), "", (n,)) for n, one in enumerate(shown)]
    groups += [Group(_title(card), f"does not mention {what}") for card in silent[:SIDES]]
    return Draft(
        shown=shown,
        groups=tuple(groups),
        short_answer="yes" if yes else "no",
        signals=Signals(coverage=1.0, exhaustive=True),
        reason=reason,
        mentions=(what,),
        retrieve_ms=elapsed,
    )


def _title(card: ArticleCard) -> str:
    return ", ".join(part for part in (card.outlet, (card.published or "")[:10]) if part) or card.title


def _read_sides(library: Library, question: Question, plan: Plan, settings: AnswerSettings) -> list[SideRead]:
    """Read each source that the question names; where it names none, the outlets that speak of the topic."""
    outlets = {name for name, _ in library.store.outlets()}
    if not plan.sides:
        return _of_everybody(library, question, plan, settings)
    sides = []
    for name in plan.sides:
        if name in outlets:
            narrowed = replace(plan, filter=replace(plan.filter, outlets=(name,)))
            sides.append(SideRead(name, _on_topic(library, question, narrowed, settings)))
        else:
            sides.append(SideRead(name, _of_party(library, question, plan, settings, name)))
    return sides


def _on_topic(
    library: Library, question: Question, plan: Plan, settings: AnswerSettings
) -> tuple[Citation, ...]:
    """Return what articles under the filter say of the topic; without one, what they say most centrally."""
    if not plan.terms:
        return _central(library, plan)
    read = read_widely(library, question, plan, settings, words=plan.head, passages=PASSAGES)
    return tuple(one.citation() for one in _fitting(plan, without_copies(read.sentences))[:READ])


def _fitting(plan: Plan, sentences: Sequence[EvidenceSentence]) -> list[EvidenceSentence]:
    """Keep the sentences that speak of the topic themselves."""
    held = [one for one in sentences if len(matching(plan.terms, one.stems)) >= _SPEAKS * len(plan.terms)]
    if not held or missing_names(_topic_names(plan), [one.text for one in held] + [" ".join(held[0].around)]):
        return []
    return [one for one in held if one.score >= _FITTING * held[0].score]


def _topic_names(plan: Plan) -> tuple[str, ...]:
    return tuple(name for name in plan.names if name not in plan.sides)


def _central(library: Library, plan: Plan) -> tuple[Citation, ...]:
    cards = library.store.articles(plan.filter)[:SHOWN]
    chosen: list[Citation] = []
    for card in cards:
        sentences = read_article(library, card)
        texts = [one.quote for one in sentences]
        vectors = bags(texts)
        central = salience(texts, vectors, lead=True)
        chosen += [sentences[n] for n in choose(central, vectors, READ // len(cards))]
    return tuple(chosen)


def _of_party(
    library: Library, question: Question, plan: Plan, settings: AnswerSettings, name: str
) -> tuple[Citation, ...]:
    """Return what a person or body says of the topic: its statements, and sentences that name it.

    A sentence that names another side too belongs to neither, unless the ledger says whose it is.
    """
    wanted = frozenset(plan.terms)
    named, figure = stems_of(name), _unit_asked(plan.head)
    others = [stems_of(side) for side in plan.sides if side != name]
    asked = replace(plan, terms=(*plan.terms, *named), names=(*plan.names, name))
    found = read_widely(
        library, question, asked, settings, words=f"{name} {plan.head}", passages=2 * PASSAGES
    )
    said = _statements_of(library, plan, name, {one.article.id for one in found.sentences})
    told = []
    for one in without_copies(found.sentences):
        before = stems_of(one.around[0])
        theirs = any(other <= one.stems for other in others)
        own = _names(one, name) or (named <= before and not any(other <= before for other in others))
        held = len(matching(wanted, one.stems)) + 0.5 * len(matching(wanted, one.near - one.stems))
        if figure and any(amount.unit == figure for amount in amounts_in(one.text)):
            held += 1.0
        if own and not theirs and is_sentence(one.text) and held >= _SPEAKS * len(wanted):
            told.append((held, one.citation()))
    spans: list[Citation] = []
    for _, citation in sorted((*said, *told), key=lambda pair: -pair[0]):
        if not any(_overlap(citation, other) for other in spans):
            spans.append(citation)
    return tuple(spans[:READ])


def _is_asked(plan: Plan, entry: LedgerEntry) -> bool:
    """Whether a statement judges somebody whom the question names beside its sides."""
    target = stems_of(entry.target or "")
    return any(stems_of(name) <= target for name in plan.names if name not in plan.sides)


def _names(sentence: EvidenceSentence, name: str) -> bool:
    """Whether a sentence holds the name, a person's last name at least."""
    last = name.split()[-1]
    people = [one for one in sentence.mentions if one.kind is MentionKind.PERSON]
    return stems_of(name) <= sentence.stems or any(one.name.split()[-1:] == [last] for one in people)


def _overlap(one: Citation, other: Citation) -> bool:
    """Whether two citations share words, or are the same words of two copies of one story."""
    if one.article.id == other.article.id:
        return one.start < other.end and other.start < one.end
    return one.article.group == other.article.group != "" or one.quote == other.quote


def _statements_of(
    library: Library, plan: Plan, name: str, articles: Collection[str]
) -> list[tuple[float, Citation]]:
    """Return the speaker's statements in these articles that touch the topic, each with how much it holds."""
    wanted = frozenset(plan.terms)
    said = []
    limits = replace(plan.filter, articles=tuple(sorted(articles)))
    entries = read_ledger(library, speaker=name, filter=limits) if articles else []
    library.store.read_ahead([entry.article.id for entry in entries])
    for entry in entries:
        text = library.store.text(entry.article.id)
        start, end = entry.statement.start, entry.statement.end
        around = stems_of(text[max(start - 300, 0) : end + 300])
        own = matching(wanted, stems_of(f"{entry.quote} {entry.target or ''}"))
        held = len(own) + 0.5 * len(matching(wanted, around) - own)
        if held >= max(_SPEAKS * len(wanted), 0.5 if wanted else 0.0):
            judges = bool(
                entry.target and entry.statement.stance is not Stance.NEUTRAL and _is_asked(plan, entry)
            )
            said.append((held + 0.25 + judges, Citation(entry.article, start, end, entry.quote)))
    return said


def _of_everybody(
    library: Library, question: Question, plan: Plan, settings: AnswerSettings
) -> list[SideRead]:
    read = read_widely(library, question, plan, settings, words=plan.head, passages=2 * PASSAGES)
    sides: dict[str, list[Citation]] = {}
    for one in _fitting(plan, without_copies(read.sentences)) if plan.terms else []:
        sides.setdefault(one.article.outlet or one.article.title, []).append(one.citation())
    return [SideRead(name, tuple(said[:READ])) for name, said in list(sides.items())[:SIDES]]


def _side_by_side(library: Library, plan: Plan, sides: Sequence[SideRead], elapsed: float) -> Draft:
    speaking = [side for side in sides if side.sentences]
    silent = [side.name for side in sides if not side.sentences]
    about = _about(plan)
    if not speaking:
        named = " nor ".join(silent) if silent else "any source"
        reason = f"Neither {named} speaks{about}." if len(silent) > 1 else f"No source speaks{about}."
        return Draft(reason=reason, retrieve_ms=elapsed)
    shown: list[Citation] = []
    groups = []
    for side in sides:
        own = [one for one in side.sentences if one not in shown][:SHOWN]
        note = "" if own else f"says nothing{about}"
        groups.append(Group(side.name, note, tuple(range(len(shown), len(shown) + len(own)))))
        shown += own
    told = [(side.name, [one.quote for one in side.sentences]) for side in speaking]
    compared = compare_texts(told, _day(speaking), _unit_asked(plan.head) if _at_one_time(speaking) else "")
    stances = _stances(library, plan, speaking)
    return Draft(
        shown=tuple(shown),
        groups=tuple(groups),
        short_answer=_verdict(plan, compared, stances, silent),
        signals=Signals(coverage=1.0 if len(speaking) > 1 else 0.6, exhaustive=True),
        reason=_told(compared, stances, speaking, silent, about),
        retrieve_ms=elapsed,
    )


def _day(sides: Sequence[SideRead]) -> str | None:
    """Return the newest day of the articles compared, by which days without a year are read."""
    return max((one.article.published or "" for side in sides for one in side.sentences), default="") or None


def _at_one_time(sides: Sequence[SideRead]) -> bool:
    """Whether the sides' first sentences are of articles close in time, so that they can be of one event."""
    days = [side.sentences[0].article.published for side in sides]
    dated = sorted(date.fromisoformat(day[:10]) for day in days if day)
    return len(dated) < 2 or (dated[-1] - dated[0]).days <= _ONE_TIME_DAYS


def _verdict(plan: Plan, compared: Compared, stances: str, silent: Sequence[str]) -> str | None:
    """Return yes or no where figures or stances decide it; for "say", the figures that differ."""
    if plan.about == "say" or silent:
        return "; ".join(compared.differing[:1]) or None
    differ = bool(compared.differing) or "differ" in stances
    # That both give some figure or day is no agreement, unless it is a figure that was asked about.
    same = "agree" in stances or bool(compared.shared and _FIGURE_ASKED.search(plan.head))
    if not differ and not same:
        return None
    if plan.about == "differ":
        return "; ".join(compared.differing) or ("yes" if differ else "no")
    return "no" if differ else "yes"


def _told(
    compared: Compared, stances: str, speaking: Sequence[SideRead], silent: Sequence[str], about: str
) -> str:
    parts = []
    if silent:
        parts.append(f"Only {speaking[0].name} speaks{about}; {' and '.join(silent)} says nothing{about}.")
    if compared.shared:
        parts.append(f"All say: {'; '.join(compared.shared)}.")
    if compared.differing:
        parts.append(f"They differ: {'; '.join(compared.differing)}.")
    if stances:
        parts.append(stances)
    if not parts:
        parts.append("No figure, day or stance decides it; their words are side by side.")
    return " ".join(parts)


def _stances(library: Library, plan: Plan, sides: Sequence[SideRead]) -> str:
    """Say how two people judge the one whom the question names."""
    targets = [name for name in plan.names if name not in plan.sides]
    if len(targets) != 1 or len(sides) != 2:
        return ""
    judged = []
    for side in sides:
        entries = read_ledger(library, speaker=side.name, target=targets[0], filter=plan.filter)
        shown = {(one.article.id, one.start) for one in side.sentences}
        held = [one for one in entries if (one.article.id, one.statement.start) in shown]
        judged.append(_mostly([entry.statement.stance for entry in held]))
    if None in judged:
        return ""
    verbs = {Stance.PRAISE: "praises", Stance.CRITICISE: "criticises"}
    told = " and ".join(
        f"{side.name} {verbs[stance]} {targets[0]}"
        for side, stance in zip(sides, judged, strict=True)
        if stance
    )
    return f"Their stances {'agree' if judged[0] is judged[1] else 'differ'}: {told}."


def _mostly(stances: Sequence[Stance]) -> Stance | None:
    """Return the stance of at least two thirds of the statements that judge; None where they are mixed."""
    praise, blame = stances.count(Stance.PRAISE), stances.count(Stance.CRITICISE)
    if not praise and not blame:
        return None
    if praise >= 2 * blame:
        return Stance.PRAISE
    return Stance.CRITICISE if blame >= 2 * praise else None


def _unit_asked(topic: str) -> str:
    """Return the unit of the figure asked for: "%" for "how much of", "peopl" for "how many people"."""
    if re.match(r"(?:how much of|(?:what |which )?(?:share|percentage|proportion|part) of)\b", topic, re.I):
        return "%"
    found = re.match(r"how many ([\w-]+)", topic, re.I)
    return stem(found.group(1)) if found else ""


def _about(plan: Plan) -> str:
    question = re.match(r"(?:how|what|who|which|when|where|why|whether)\b", plan.head, re.I)
    return " of this" if question else f" of {plan.head}" if plan.head else ""
