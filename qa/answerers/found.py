"""The statements of the ledger that a question asks for, and those that it does not count."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.ledger import read
from index.library import Library
from index.schema import UNCLEAR, Filter, LedgerEntry, Stance, Voice
from index.statements.names import AUTHOR
from qa.answerers.articles import mentioning
from qa.evidence import stems_of
from qa.families import NOUNS, is_of_family
from qa.schema import Plan, Question, Wanted
from qa.topics import rate_topic
from qa.wording import stem, words

_TOPIC_NEEDED = 0.28
"""Least fit to the topic (see `qa.topics`) of a statement about what was asked."""
_TOPIC_SHARE = 0.62
"""Of the best statement's fit, what another must reach to be about the same."""
_ARTICLES = ("a", "an", "the")
_VERBS = {Stance.PRAISE: "praises", Stance.CRITICISE: "criticises", Stance.NEUTRAL: "mentions"}


_ALIKE = 0.5
"""Cosine with the question of a statement that says the same in other words."""
_COMPARED = 8
_READ_CHARS = 600


@dataclass(frozen=True, slots=True)
class Found:
    """What the ledger holds for a question.

    Attributes:
        judging: All clear statements of these parties that praise or criticise.
        stance: Those with the stance asked for; `kept` those of them of the kind and on the topic asked for.
        unclear: Statements with the stance asked for that are too unclear to count.
        notes: How the question was narrowed, for the reader.
    """

    judging: tuple[LedgerEntry, ...] = ()
    stance: tuple[LedgerEntry, ...] = ()
    kept: tuple[LedgerEntry, ...] = ()
    unclear: tuple[LedgerEntry, ...] = ()
    notes: tuple[str, ...] = ()


def look_up(library: Library, question: Question, plan: Plan) -> Found:
    """Find the statements that the plan asks for, the strongest first."""
    entries = [_with_author(entry, plan) for entry in _read(library, plan)]
    entries.sort(key=_standing)
    clear = [entry for entry in entries if entry.statement.confidence >= UNCLEAR]
    asked = [entry for entry in clear if plan.stance in (None, entry.statement.stance)]
    doubtful = [
        entry
        for entry in entries
        if entry.statement.confidence < UNCLEAR and plan.stance in (None, entry.statement.stance)
    ]
    of_family, notes = _of_family(asked, plan)
    kept = _on_topic(library, question, plan, of_family)
    return Found(
        judging=tuple(entry for entry in clear if entry.statement.stance is not Stance.NEUTRAL),
        stance=tuple(asked),
        kept=tuple(kept),
        unclear=tuple(_on_topic(library, question, plan, doubtful)),
        notes=notes,
    )


def _read(library: Library, plan: Plan) -> list[LedgerEntry]:
    """Return the parties' statements; a target in lower case ("the media") is looked for by its words."""
    entries = _judging(library, plan, plan.target, plan.filter)
    if entries or not plan.target or not plan.target.islower():
        return entries
    if read(library, speaker=plan.speaker, target=plan.target, filter=plan.filter):
        return []
    limits = mentioning(library, (plan.target,), plan.filter)
    if limits is None:
        return []
    wanted = stems_of(plan.target)
    return [
        entry
        for entry in _judging(library, plan, None, limits)
        if entry.statement.target and wanted <= stems_of(entry.statement.target)
    ]


def _judging(library: Library, plan: Plan, target: str | None, limits: Filter) -> list[LedgerEntry]:
    """Return statements by article and place; those that judge nobody, most of all, only where they count."""
    stances = (None,) if plan.stance in (None, Stance.NEUTRAL) else (Stance.PRAISE, Stance.CRITICISE)
    entries = [
        entry
        for stance in stances
        for entry in read(library, speaker=plan.speaker, target=target, stance=stance, filter=limits)
    ]
    return sorted(entries, key=lambda entry: (entry.article.id, entry.statement.start, entry.ordinal))


def _standing(entry: LedgerEntry) -> tuple[int, bool, float]:
    statement = entry.statement
    return -statement.strength, statement.voice is not Voice.DIRECT, -statement.confidence


def _with_author(entry: LedgerEntry, plan: Plan) -> LedgerEntry:
    """Give a statement in the article's own voice its author's name, where authors are asked for too."""
    if "author" not in plan.including or entry.statement.speaker != AUTHOR or not entry.article.authors:
        return entry
    author = entry.article.authors[0]
    return replace(entry, speaker=author, statement=replace(entry.statement, speaker=author))


def _of_family(entries: Sequence[LedgerEntry], plan: Plan) -> tuple[list[LedgerEntry], tuple[str, ...]]:
    """Keep thanks, endorsements and so on where these are asked for; where there are none, keep all praise.

    A question that wants yes or no keeps none then: praise is no endorsement.
    """
    if not plan.family:
        return list(entries), ()
    kept = [entry for entry in entries if is_of_family(entry, plan.family)]
    if kept or plan.wanted is Wanted.YES_NO or not entries:
        return kept, ()
    return list(entries), (f"no {NOUNS[plan.family]} was found, so all praise is counted",)


def _on_topic(
    library: Library, question: Question, plan: Plan, entries: Sequence[LedgerEntry]
) -> list[LedgerEntry]:
    """Keep the statements that are about what the question adds ("... over the contract")."""
    if plan.about == "called":
        return [entry for entry in entries if _holds(entry.quote, plan.head)]
    if not plan.terms or not entries:
        return list(entries)
    rated = rate_topic(library.store, plan.terms, entries)
    best = max(
        (fit.share for fit, entry in zip(rated, entries, strict=True) if entry.statement.speaker != AUTHOR),
        default=0.0,
    )
    needed = max(_TOPIC_NEEDED, _TOPIC_SHARE * best)
    fitting = [(entry, fit) for entry, fit in zip(entries, rated, strict=True) if fit.share >= needed]
    alike = _alike(library, question, [entry for entry, fit in fitting if not fit.told])
    return [entry for entry, fit in fitting if fit.told or id(entry) in alike]


def _alike(library: Library, question: Question, entries: Sequence[LedgerEntry]) -> set[int]:
    """Return which of the first few statements mean what the question does, though in other words."""
    compared = entries[:_COMPARED]
    if not compared:
        return set()
    texts = [" ".join(entry.quote.split())[:_READ_CHARS] for entry in compared]
    near = library.comparer.similarities(question.text, texts)
    return {id(entry) for entry, similarity in zip(compared, near, strict=True) if similarity >= _ALIKE}


def _holds(quote: str, asked: str) -> bool:
    """Whether a statement holds the words of "whom did X call a liar?", in order, in any of their forms."""
    stems = [stem(found.group()) for found in words(asked) if found.group().lower() not in _ARTICLES]
    held = [stem(found.group()) for found in words(quote)]
    return any(held[n : n + len(stems)] == stems for n in range(len(held) - len(stems) + 1))


def deed(plan: Plan) -> str:
    """Return what the statements do: "Ito praises anyone", "anyone thanks Brandt"."""
    verb = f"{plan.family}s" if plan.family else _VERBS[plan.stance] if plan.stance else "judges"
    return f"{plan.speaker or 'anyone'} {verb} {plan.target or 'anyone'}"
