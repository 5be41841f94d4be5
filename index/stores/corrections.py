"""Corrections as rows of `library.sqlite`, each with a checksum of its own."""

import hashlib
from collections.abc import Iterator
from sqlite3 import Connection
from typing import Any

from index.schema import Correction, Stance
from index.stores.database import Database
from index.stores.writing import bump_generation

_COLUMNS = (
    "article, source, quote, speaker, target, stance, is_statement, new_speaker, new_target, new_stance, "
    "note, made_at"
)


def read_corrections(database: Database) -> list[Correction]:
    """Return all corrections, oldest first."""
    return [_from_row(row) for row in database.rows(f"SELECT number, {_COLUMNS} FROM corrections ORDER BY 1")]


def write_correction(connection: Connection, correction: Correction) -> int:
    """Store a correction and return its number."""
    values = _values(correction)
    cursor = connection.execute(
        f"INSERT INTO corrections ({_COLUMNS}, checksum) VALUES ({', '.join('?' * (len(values) + 1))})",
        (*values, _checksum(values)),
    )
    bump_generation(connection)
    return int(cursor.lastrowid or 0)


def delete_correction(connection: Connection, number: int) -> bool:
    """Delete a correction and return whether it was there."""
    gone = connection.execute("DELETE FROM corrections WHERE number = ?", (number,)).rowcount > 0
    if gone:
        bump_generation(connection)
    return gone


def correction_problems(database: Database) -> Iterator[str]:
    """Yield a line for each correction whose row is not as it was written."""
    for number, checksum, *values in database.rows(
        f"SELECT number, checksum, {_COLUMNS} FROM corrections ORDER BY number"
    ):
        if _checksum(tuple(values)) != checksum:
            yield f"correction {number}: its row is not the one that was written (checksum)"


def correction_rows(database: Database) -> list[tuple[Any, ...]]:
    """Return what all corrections say, in an order that does not depend on when they were made."""
    return sorted((_values(one)[:-1] for one in read_corrections(database)), key=repr)


def _values(correction: Correction) -> tuple[Any, ...]:
    return (
        correction.article,
        correction.source,
        correction.quote,
        correction.speaker,
        correction.target,
        correction.stance.value,
        int(correction.is_statement),
        correction.new_speaker,
        correction.new_target,
        correction.new_stance.value,
        correction.note,
        correction.made_at,
    )


def _from_row(row: tuple[Any, ...]) -> Correction:
    number, article, source, quote, speaker, target, stance, is_statement, *changed = row
    new_speaker, new_target, new_stance, note, made_at = changed
    return Correction(
        article=article,
        source=source,
        quote=quote,
        speaker=speaker,
        target=target,
        stance=Stance(stance),
        is_statement=bool(is_statement),
        new_speaker=new_speaker,
        new_target=new_target,
        new_stance=Stance(new_stance),
        note=note,
        made_at=made_at,
        number=number,
    )


def _checksum(values: tuple[Any, ...]) -> str:
    return hashlib.sha256(repr(values).encode("utf-8", "surrogatepass")).hexdigest()
