"""A reader's word on single statements: kept apart from them, and applied whenever the ledger is read.

A correction finds its statement again when the article is read anew, and waits when the article is removed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from difflib import SequenceMatcher

from index.errors import InputError
from index.library import Library
from index.schema import Correction, Filter, LedgerEntry, Stance, Statement
from index.statements.names import same_name
from index.stores.protocol import StatementName

__all__ = ["Place", "applied", "correct", "corrected_names", "placed", "undo"]

Place = tuple[str, int]
"""A statement's article and its place among the article's statements."""

_SAME_WORDS = 0.5
"""Share of the shorter quote, in one run of words, that two readings of one statement have in common."""

_CLEAR = 2
"""Strength of a statement that a reader says is no neutral one."""


def correct(library: Library, entry: LedgerEntry, right: Statement | None, *, note: str = "") -> Correction:
    """Store what a reader says of a statement; it counts from now on, in place of any earlier correction.

    A statement that is returned unchanged is thereby confirmed: it is no longer unclear.

    Args:
        library: Open for writing.
        entry: The statement, as `index.ledger.read` returned it.
        right: What it should be, such as `dataclasses.replace(entry.statement, stance=Stance.PRAISE)`; its
            speaker, target and stance are taken. None where the words are no statement.
        note: The reader's remark.

    Raises:
        InputError: The library is open for reading only, the article has been read anew meanwhile, or a name
            is empty.
    """
    _check_writable(library)
    place = (entry.article.id, entry.ordinal)
    found = [one for one in library.store.ledger(filter=_only(entry.article.id)) if one.ordinal == place[1]]
    if not found or found[0].quote != entry.quote:
        raise InputError(
            f"The article {entry.article.id} has been read anew meanwhile.", "Look the statement up again."
        )
    original, now = found[0].statement, right or found[0].statement
    speaker, target = " ".join(now.speaker.split()), " ".join((now.target or "").split()) or None
    if not speaker:
        raise InputError("A statement needs a speaker.", "Write a name, or mark it as no statement.")
    correction = Correction(
        article=entry.article.id,
        source=library.store.sources_of(entry.article.id)[0].key,
        quote=entry.quote,
        speaker=original.speaker,
        target=original.target,
        stance=original.stance,
        is_statement=right is not None,
        new_speaker=speaker,
        new_target=target,
        new_stance=now.stance,
        note=" ".join(note.split()),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    former = placed(library).get(place)
    number = library.store.add_correction(correction)
    if former is not None:
        library.store.remove_correction(former.number)
    return replace(correction, number=number)


def undo(library: Library, number: int) -> None:
    """Forget a correction: the statement counts again as it was found.

    Raises InputError where there is no such correction or the library is open for reading only.
    """
    _check_writable(library)
    if not library.store.remove_correction(number):
        raise InputError(
            f"There is no correction {number}.", "python -m index corrections lists them with their numbers."
        )


def placed(library: Library) -> Mapping[Place, Correction]:
    """Return the corrections of statements that are in the library, by the place of the statement."""
    return library.kept(_placed)


def _placed(library: Library) -> dict[Place, Correction]:
    by_article: dict[str, list[Correction]] = {}
    for one in library.store.corrections():
        home = one.article if library.store.has(one.article) else library.store.article_of_source(one.source)
        if home is not None:
            by_article.setdefault(home, []).append(one)
    found: dict[Place, Correction] = {}
    for article, corrections in by_article.items():
        entries = library.store.ledger(filter=_only(article))
        # The latest word on a statement counts, should two readings of it have become one.
        for correction in reversed(corrections):
            entry = statement_meant(
                correction, [one for one in entries if (article, one.ordinal) not in found]
            )
            if entry is not None:
                found[article, entry.ordinal] = correction
    return found


def statement_meant(correction: Correction, entries: Sequence[LedgerEntry]) -> LedgerEntry | None:
    """Return the entry of an article that a correction speaks of, None when the words are gone.

    It has the same words, or half of them in one run, and two of speaker, target and stance are what they
    were; where a reading was rejected altogether, all three.
    """
    best, most = None, (0, 0.0)
    for entry in entries:
        one = entry.statement
        equal = (
            same_name(one.speaker, correction.speaker)
            + (one.target == correction.target or _same_target(one.target, correction.target))
            + (one.stance is correction.stance)
        )
        if equal < (2 if correction.is_statement else 3):
            continue
        shared = 1.0 if entry.quote == correction.quote else _shared_words(entry.quote, correction.quote)
        if shared >= _SAME_WORDS and (equal, shared) > most:
            best, most = entry, (equal, shared)
    return best


def _same_target(left: str | None, right: str | None) -> bool:
    return left is not None and right is not None and same_name(left, right)


def _shared_words(left: str, right: str) -> float:
    """Return the longest run of common words as a share of the shorter text."""
    one, two = left.casefold().split(), right.casefold().split()
    match = SequenceMatcher(None, one, two, autojunk=False).find_longest_match()
    return match.size / max(min(len(one), len(two)), 1)


def corrected_names(library: Library) -> list[StatementName]:
    """Return how corrections change which names stand in statements: new ones more, old ones less."""
    changes: list[StatementName] = []
    places = placed(library)
    for entry in _entries_at(library, places):
        one, correction = entry.statement, places[entry.article.id, entry.ordinal]
        changes.append(StatementName(one.speaker, one.speaker_kind, -1, 0))
        if one.target is not None:
            changes.append(StatementName(one.target, one.target_kind, 0, -1))
        if not correction.is_statement:
            continue
        kept = correction.new_speaker == one.speaker
        changes.append(StatementName(correction.new_speaker, one.speaker_kind if kept else None, 1, 0))
        if correction.new_target is not None:
            kept = correction.new_target == one.target
            changes.append(StatementName(correction.new_target, one.target_kind if kept else None, 0, 1))
    return changes


def _entries_at(library: Library, places: Mapping[Place, Correction]) -> list[LedgerEntry]:
    articles = tuple(sorted({article for article, _ in places}))
    entries = library.store.ledger(filter=Filter(articles=articles)) if articles else []
    return [entry for entry in entries if (entry.article.id, entry.ordinal) in places]


def applied(entry: LedgerEntry, correction: Correction) -> LedgerEntry | None:
    """Return an entry as a correction leaves it; None where it is no statement."""
    if not correction.is_statement:
        return None
    one = entry.statement
    speaker_stays = correction.new_speaker == one.speaker
    target_stays = correction.new_target == one.target
    strength = one.strength
    if correction.new_stance is not one.stance:
        strength = 0 if correction.new_stance is Stance.NEUTRAL else max(strength, _CLEAR)
    statement = replace(
        one,
        speaker=correction.new_speaker,
        target=correction.new_target,
        stance=correction.new_stance,
        strength=strength,
        speaker_span=one.speaker_span if speaker_stays else None,
        target_span=one.target_span if target_stays else None,
        speaker_kind=one.speaker_kind if speaker_stays else None,
        target_kind=one.target_kind if target_stays else None,
        confidence=1.0,
    )
    return replace(
        entry, statement=statement, speaker=statement.speaker, target=statement.target, corrected=True
    )


def _only(article: str) -> Filter:
    return Filter(articles=(article,))


def _check_writable(library: Library) -> None:
    if not library.writable:
        raise InputError(f"The library {library.path} is open for reading only.", "Open it with write=True.")
