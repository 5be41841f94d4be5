"""Corrections as gold questions for evaluation: what a reader has checked, a later version must get right."""

from collections.abc import Iterator
from typing import Any

from index.corrections import placed
from index.ledger import read
from index.library import Library
from index.people import Directory, directory
from index.schema import Correction, Filter, LedgerEntry, Stance
from index.statements.names import is_named, possessor

__all__ = ["gold_rows"]

_VERBS = {Stance.PRAISE: "praise", Stance.CRITICISE: "criticise"}

_Judgement = tuple[str, str, Stance]


def gold_rows(library: Library) -> list[dict[str, Any]]:
    """Return yes-or-no questions out of the corrections of articles that are in the library.

    What a reader says a statement is gives a question with the answer "yes". What it was wrongly taken for
    gives one with the answer "no", unless the articles hold another such statement. Evidence are its words.
    """
    people, places = directory(library), placed(library)
    rows: list[dict[str, Any]] = []
    asked: set[_Judgement] = set()
    for (article, ordinal), correction in sorted(places.items()):
        entry = next(
            one for one in library.store.ledger(filter=Filter(articles=(article,))) if one.ordinal == ordinal
        )
        for row, judgement in _rows_of(library, people, correction, entry):
            if judgement not in asked:
                asked.add(judgement)
                rows.append(row)
    return rows


def _rows_of(
    library: Library, people: Directory, correction: Correction, entry: LedgerEntry
) -> Iterator[tuple[dict[str, Any], _Judgement]]:
    was = _judgement(people, correction.speaker, correction.target, correction.stance)
    now = None
    if correction.is_statement:
        now = _judgement(people, correction.new_speaker, correction.new_target, correction.new_stance)
    if now is not None:
        yield _row(correction, now, "yes", entry), now
    if was is not None and was != now:
        speaker, target, stance = was
        if not read(library, speaker=speaker, target=target, stance=stance):
            yield _row(correction, was, "no", entry), was


def _judgement(people: Directory, speaker: str, target: str | None, stance: Stance) -> _Judgement | None:
    """Return who judges whom under library-wide names, None where nobody named judges anybody named."""
    if target is None or stance not in _VERBS:
        return None
    names = people.name_of(speaker), people.name_of(possessor(target) or target)
    return (*names, stance) if all(map(is_named, names)) and names[0] != names[1] else None


def _row(correction: Correction, judgement: _Judgement, answer: str, entry: LedgerEntry) -> dict[str, Any]:
    speaker, target, stance = judgement
    return {
        "id": f"correction-{correction.number}-{answer}",
        "question": f"Did {speaker} {_VERBS[stance]} {target}?",
        "type": "yes_no",
        "answerable": True,
        "answers": [answer],
        "evidence": [{"article": entry.article.file, "quote": entry.quote}],
        "note": correction.note or f"corrected by a reader, {correction.made_at[:10]}",
    }
