"""The commands of `python -m index` on statements, on who is who, and on what readers say of both."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from index.command_line import (
    DONE,
    INTERRUPTED,
    Say,
    as_json,
    counting_bar,
    filter_of,
    stop_on_signal,
)
from index.library import ALIAS_FILE, Library

if TYPE_CHECKING:
    from index.people import Party
    from index.schema import Correction, LedgerEntry


def statements(options: argparse.Namespace, say: Say) -> int:
    """List who said what about whom."""
    from index.export import statements_csv, statements_json
    from index.ledger import read
    from index.people import directory, unknown_name
    from index.schema import UNCLEAR, Stance

    with Library.open(options.library) as library:
        people = directory(library)
        for name in (options.speaker, options.target):
            if name is not None and not people.meant_by(name):
                raise unknown_name(people, name)
        entries = read(
            library,
            speaker=options.speaker,
            target=options.target,
            stance=Stance(options.stance) if options.stance else None,
            filter=filter_of(options),
        )
    unclear = [entry for entry in entries if entry.statement.confidence < UNCLEAR]
    shown = unclear if options.unclear else entries
    if options.csv:
        # The rows carry their own line ends.
        say(statements_csv(shown).removesuffix("\r\n"))
    elif options.json:
        say(statements_json(shown))
    else:
        for entry in shown:
            for line in _statement_lines(entry, unclear=entry.statement.confidence < UNCLEAR):
                say(line)
        also = f", {len(unclear):,} of them unclear" if unclear and not options.unclear else ""
        sys.stderr.write(f"{len(shown):,} statements{also}\n")
    return DONE


def _statement_lines(entry: "LedgerEntry", *, unclear: bool) -> list[str]:
    one, card = entry.statement, entry.article
    traits = [one.stance.value, *([f"strength {one.strength}"] if one.strength else []), one.voice.value]
    traits += [f"reported by {one.reported_by}"] if one.reported_by else []
    traits += ["unclear"] if unclear else []
    traits += ["corrected"] if entry.corrected else []
    quote = " ".join(entry.quote.split())
    day = card.published[:10] if card.published else "undated"
    return [
        f"{entry.speaker} -> {entry.target or '(nobody named)'}: {', '.join(traits)}",
        f"    {quote}",
        f"    {card.title} ({card.outlet or card.file}, {day}) {card.id} [{one.start}:{one.end}]",
    ]


def people(options: argparse.Namespace, say: Say) -> int:
    """List who is who, or change it."""
    return _PEOPLE[options.action or "list"](options, say)


def _list_people(options: argparse.Namespace, say: Say) -> int:
    from index.people import directory

    with Library.open(options.library) as library:
        found = directory(library).parties.values()
    wanted = (options.text or "").casefold()
    shown = [
        party
        for party in sorted(found, key=lambda one: (-one.statements, one.name))
        if party.kind is not None and _has(party, wanted)
    ]
    if options.json:
        say(as_json([asdict(party) for party in shown]))
        return DONE
    for party in shown:
        others = [f"{form} ({count})" for form, count in party.forms if form != party.name]
        forms = f"  also {', '.join(others)}" if others else ""
        said, about = f"{party.speaker:>6,} said", f"{party.target:>6,} about"
        say(f"{said} {about}  {party.name}  [{party.kind.value if party.kind else ''}]{forms}")
    return DONE


def _has(party: "Party", text: str) -> bool:
    return any(text in name.casefold() for name in (party.name, *(form for form, _ in party.forms)))


def _merge(options: argparse.Namespace, say: Say) -> int:
    from index.alias_edits import merge

    with Library.open(options.library) as library:
        name = merge(library, options.names, options.shown)
        say(f"{', '.join(options.names)}: one, called {name}  ({library.path / ALIAS_FILE})")
    return DONE


def _split(options: argparse.Namespace, say: Say) -> int:
    from index.alias_edits import split

    with Library.open(options.library) as library:
        split(library, options.name, options.forms)
        say(f"{', '.join(options.forms)}: not {options.name}  ({library.path / ALIAS_FILE})")
    return DONE


def _unmerge(options: argparse.Namespace, say: Say) -> int:
    from index.alias_edits import unmerge

    with Library.open(options.library) as library:
        unmerge(library, options.name)
        say(f"{options.name}: as the articles have it  ({library.path / ALIAS_FILE})")
    return DONE


_PEOPLE: dict[str, Callable[[argparse.Namespace, Say], int]] = {
    "list": _list_people,
    "merge": _merge,
    "split": _split,
    "unmerge": _unmerge,
}


def corrections(options: argparse.Namespace, say: Say) -> int:
    """List, undo or export the readers' corrections."""
    from index.corrections import placed, undo

    if options.undo is not None:
        with Library.open(options.library, write=True) as library:
            undo(library, options.undo)
        say(f"correction {options.undo} undone")
        return DONE
    with Library.open(options.library) as library:
        if options.gold is not None:
            return _export_gold(library, options, say)
        made = library.store.corrections()
        at = {one.number: place for place, one in placed(library).items()}
    if options.json:
        say(as_json([{**asdict(one), "applies_to": at.get(one.number)} for one in made]))
        return DONE
    for one in made:
        say(_correction_line(one, applies=one.number in at))
    return DONE


def _correction_line(one: "Correction", *, applies: bool) -> str:
    was = f"{one.speaker} -> {one.target}, {one.stance.value}"
    now = f"{one.new_speaker} -> {one.new_target}, {one.new_stance.value}" if one.is_statement else "none"
    if now == was:
        now = "confirmed"
    waits = "" if applies else "  (its words are not in the library now)"
    note = f"  {one.note}" if one.note else ""
    quote = " ".join(one.quote.split())
    return f"{one.number:>4}  {one.made_at[:10]}  {was}  =>  {now}{note}{waits}\n      {quote}"


def _export_gold(library: Library, options: argparse.Namespace, say: Say) -> int:
    from index.correction_gold import gold_rows
    from index.errors import LibraryStorageError

    rows = gold_rows(library)
    try:
        options.gold.write_text(
            "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8"
        )
    except OSError as error:
        raise LibraryStorageError(f"{options.gold} cannot be written: {error.strerror}.") from error
    say(f"{len(rows)} questions in {options.gold}")
    return DONE


def reread(options: argparse.Namespace, say: Say) -> int:
    """Find the statements of stored articles again."""
    from index.reread import reread as read_again

    with Library.open(options.library, write=True) as library, stop_on_signal() as stop:
        report = read_again(
            library, everything=options.all, progress=counting_bar(quiet=options.quiet), stop=stop
        )
    say(
        f"{report.articles:,} articles read again: {report.statements:,} statements, "
        f"{report.statements_before:,} before"
    )
    if report.left:
        sys.stderr.write(
            f"Interrupted, {report.left:,} articles left. Run the same command again to go on.\n"
        )
        return INTERRUPTED
    return DONE


def upgrade(options: argparse.Namespace, say: Say) -> int:
    """Bring a library of an earlier version up to date."""
    with Library.open(options.library, write=True) as library:
        library.store.save()
        found = library.store.stats()
    say(f"format {found.format_version}")
    if found.outdated:
        say(
            f"The statements of {found.outdated:,} articles were found by an earlier version; "
            "python -m index reread finds them again."
        )
    return DONE


COMMANDS: dict[str, Callable[[argparse.Namespace, Say], int]] = {
    "statements": statements,
    "people": people,
    "corrections": corrections,
    "reread": reread,
    "upgrade": upgrade,
}
