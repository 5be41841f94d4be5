"""From the ledger's entries to the table of "Who said what" and the list of quotes, as plain values. Pure.

What is counted here is counted as the answers count: copies of one wire story are one, and unclear statements
are none.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from index.schema import UNCLEAR, ArticleCard, Correction, LedgerEntry, Stance, Statement, Voice
from index.statements.names import AUTHOR, is_named
from ui import asked as asking
from ui.article_view import runs_of
from ui.asked import APART, Asked
from ui.view import NO_TITLE, Json, count_text, date_text

Side: TypeAlias = Literal["speaker", "target"]

ROWS = 15
COLUMNS = 6
QUOTES = 20
CORRECTIONS = 50

AUTHOR_LABEL = "The articles’ own voice"
NOBODY_LABEL = "nobody named"

STANCE_WORDS = {Stance.PRAISE: "praise", Stance.CRITICISE: "criticism", Stance.NEUTRAL: "no judgement"}
STRENGTH_WORDS = {0: "", 1: "mild", 2: "clear", 3: "extreme"}
VOICE_WORDS = {
    Voice.DIRECT: "in direct words",
    Voice.PARTLY_QUOTED: "partly quoted",
    Voice.REPORTED: "reported",
    Voice.AUTHOR: "the article’s own voice",
}


@dataclass(frozen=True, slots=True)
class Sorted:
    """Entries as the page treats them.

    Attributes:
        counted: What the counts and the chart hold; each wire story once.
        unclear: What is shown apart and never counted; empty unless asked for.
        apart: How many statements are not shown, by reason (a key of `APART`).
        copies: In how many further copies of its article each counted or unclear statement stands.
    """

    counted: tuple[LedgerEntry, ...]
    unclear: tuple[LedgerEntry, ...]
    apart: Mapping[str, int]
    copies: Mapping[tuple[str, int], int]


@dataclass(frozen=True, slots=True)
class Cell:
    """One speaker, one target, or both; None for anybody. A target "" is nobody named."""

    speaker: str | None = None
    target: str | None = None

    def holds(self, entry: LedgerEntry) -> bool:
        """Say whether the entry belongs to the cell."""
        return self.speaker in (None, entry.speaker) and self.target in (None, entry.target or "")


def reason_apart(entry: LedgerEntry) -> str:
    """Return why a statement is kept apart: a key of `APART`, empty when it is not."""
    if entry.statement.confidence < UNCLEAR:
        return "unclear"
    if entry.statement.speaker == AUTHOR:
        return "author"
    if not is_named(entry.speaker):
        return "unnamed"
    return "self" if entry.speaker == entry.target else ""


def sort_out(entries: Iterable[LedgerEntry], asked: Asked) -> Sorted:
    """Sort entries into what is counted, shown apart, and left out; strongest first, then newest."""
    reasons: defaultdict[str, list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        if asked.wants(entry.statement.stance):
            reasons[reason_apart(entry)].append(entry)
    wanted = [entry for reason in ("", *(asked.also - {"unclear"})) for entry in reasons[reason]]
    counted, copies = _without_copies(wanted)
    unclear, more = _without_copies(reasons["unclear"] if "unclear" in asked.also else [])
    left = {name: reasons[name] for name in APART if name not in asked.also and reasons[name]}
    apart = {name: len(_without_copies(entries)[0]) for name, entries in left.items()}
    return Sorted(_strongest_first(counted), _strongest_first(unclear), apart, {**copies, **more})


def _strongest_first(entries: Iterable[LedgerEntry]) -> tuple[LedgerEntry, ...]:
    by_place = sorted(entries, key=lambda entry: (entry.article.id, entry.statement.start, entry.ordinal))
    newest = sorted(by_place, key=lambda entry: entry.article.published or "", reverse=True)
    return tuple(sorted(newest, key=lambda entry: (-entry.statement.strength, -entry.statement.confidence)))


def _without_copies(
    entries: Iterable[LedgerEntry],
) -> tuple[list[LedgerEntry], dict[tuple[str, int], int]]:
    """Keep of each story's copies the one with most statements of a kind; count the others of each kept."""
    stories: defaultdict[object, defaultdict[str, list[LedgerEntry]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        story = entry.article.group or entry.article.id
        key = (story, entry.speaker, entry.target, entry.statement.stance)
        stories[key][entry.article.id].append(entry)
    kept: list[LedgerEntry] = []
    copies: dict[tuple[str, int], int] = {}
    for articles in stories.values():
        best = max(sorted(articles.items()), key=lambda item: len(item[1]))[1]
        kept += best
        copies |= {identity(entry): len(articles) - 1 for entry in best if len(articles) > 1}
    return kept, copies


def is_copy(one: LedgerEntry, other: LedgerEntry) -> bool:
    """Say whether two entries are one statement in two copies of a story."""
    return (
        one.article.id != other.article.id
        and one.article.group == other.article.group
        and (one.speaker, one.target) == (other.speaker, other.target)
        and one.statement.stance is other.statement.stance
        and one.quote.split() == other.quote.split()
    )


def identity(entry: LedgerEntry) -> tuple[str, int]:
    """Return what tells one statement of the library from all others."""
    return entry.article.id, entry.ordinal


# --- form and table ----------------------------------------------------------------------------------------


def form_view(asked: Asked, names: Sequence[str], outlets: Sequence[str]) -> Json:
    """Return the form: what is asked for, and the names and outlets that it suggests."""
    return {
        "asked": asking.fields_of(asked),
        "names": list(names),
        "outlets": list(dict.fromkeys((*asked.filter.outlets, *outlets))),
        "stances": [{"value": value, "label": label} for value, label in asking.STANCES.items()],
        "apart": [{"value": value, "label": label} for value, (label, _) in APART.items()],
        "query": asking.query_of(asked),
    }


def table_view(found: Sorted, asked: Asked, row_page: int = 1, column_page: int = 1) -> Json:
    """Return one page of the table: speakers by targets or, once one side is chosen, the other side alone."""
    side: Side = "target" if asked.speaker and not asked.target else "speaker"
    rows = _by_side(found.counted, side)
    crossed = not asked.speaker and not asked.target
    columns = _by_side(found.counted, "target") if crossed else {}
    row_names, row_page, row_pages = page_of(list(rows), row_page, ROWS)
    column_names, column_page, column_pages = page_of(list(columns), column_page, COLUMNS)
    return {
        "asked": asking.fields_of(asked),
        "side": side,
        "columns": [{"name": name, "label": label_of(name, "target")} for name in column_names],
        "rows": [_row(name, rows[name], side, column_names) for name in row_names],
        "most": max((_judged(entries) for entries in rows.values()), default=0),
        "row_page": row_page,
        "row_pages": row_pages,
        "row_count": count_text(len(rows), side),
        "column_page": column_page,
        "column_pages": column_pages,
        "column_count": count_text(len(columns), "target"),
        "text": _summary(found.counted),
        "apart": apart_text(found.apart),
        "query": asking.query_of(asked),
    }


def _by_side(entries: Iterable[LedgerEntry], side: Side) -> dict[str, list[LedgerEntry]]:
    """Group entries by name: most statements first, then most articles; whoever is not named comes last."""
    groups: defaultdict[str, list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        groups[name_of(entry, side)].append(entry)
    return dict(
        sorted(
            groups.items(),
            key=lambda item: (item[0] == "", -len(item[1]), -len({e.article.id for e in item[1]}), item[0]),
        )
    )


def name_of(entry: LedgerEntry, side: Side) -> str:
    """Return the library-wide name on one side of an entry; "" for nobody named."""
    return entry.speaker if side == "speaker" else entry.target or ""


def label_of(name: str, side: Side) -> str:
    """Return a name as the page shows it."""
    if not name:
        return NOBODY_LABEL
    return AUTHOR_LABEL if side == "speaker" and name == AUTHOR else name


def _row(name: str, entries: Sequence[LedgerEntry], side: Side, columns: Sequence[str]) -> Json:
    by_target = _by_side(entries, "target")
    return {
        "name": name,
        "label": label_of(name, side),
        "articles": len({entry.article.group or entry.article.id for entry in entries}),
        "total": counts_of(entries),
        "cells": [counts_of(by_target[column]) if column in by_target else None for column in columns],
    }


def counts_of(entries: Iterable[LedgerEntry]) -> dict[str, int]:
    """Count entries by stance."""
    stances = Counter(entry.statement.stance for entry in entries)
    return {stance.value: stances[stance] for stance in Stance}


def _judged(entries: Sequence[LedgerEntry]) -> int:
    return sum(entry.statement.stance is not Stance.NEUTRAL for entry in entries)


def page_of(names: Sequence[str], page: int, size: int) -> tuple[Sequence[str], int, int]:
    """Return the names on a page, the page's number moved into range, and how many pages there are."""
    pages = max(1, -(-len(names) // size))
    page = min(max(page, 1), pages)
    return names[(page - 1) * size : page * size], page, pages


def _summary(entries: Sequence[LedgerEntry]) -> str:
    """Return in one line what was found."""
    counts = counts_of(entries)
    stories = len({entry.article.group or entry.article.id for entry in entries})
    parts = [
        count_text(counts[stance.value], "statement") + words
        for stance, words in (
            (Stance.PRAISE, " of praise"),
            (Stance.CRITICISE, " of criticism"),
            (Stance.NEUTRAL, " without a judgement"),
        )
        if counts[stance.value]
    ]
    if not parts:
        return "No such statement was found."
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"{listed} in {count_text(stories, 'article')}."


def apart_text(apart: Mapping[str, int]) -> str:
    """Say what is not counted: "Not counted: 3 by unnamed speakers, 2 unclear."."""
    parts = [f"{count:,} {APART[name][1]}" for name, count in apart.items()]
    return f"Not counted: {', '.join(parts)}." if parts else ""


# --- quotes ------------------------------------------------------------------------------------------------


def closed_quotes() -> Json:
    """Return the list of quotes before a cell is chosen."""
    return {"state": "closed"}


def quotes_view(found: Sorted, cell: Cell, asked: Asked, page: int = 1) -> Json:
    """Return one page of a cell's quotes, counted ones first, each with what was read out of it."""
    counted = [entry for entry in found.counted if cell.holds(entry)]
    unclear = [entry for entry in found.unclear if cell.holds(entry)]
    listed = [*counted, *unclear]
    pages = max(1, -(-len(listed) // QUOTES))
    page = min(max(page, 1), pages)
    first = (page - 1) * QUOTES
    quotes = [
        quote_view(entry, number, found.copies.get(identity(entry), 0))
        for number, entry in enumerate(listed[first : first + QUOTES], first + 1)
    ]
    narrow = asking.narrowed(asked, cell.speaker, cell.target)
    return {
        "state": "open",
        "asked": asking.fields_of(asked),
        "cell": {"speaker": cell.speaker, "target": cell.target},
        "heading": _heading(cell, asked, listed),
        "text": _summary(counted) if counted or not unclear else "Only unclear statements were found.",
        "quotes": [quote for quote in quotes if quote["reason"] != "unclear"],
        "unclear": [quote for quote in quotes if quote["reason"] == "unclear"],
        "unclear_count": len(unclear),
        "page": page,
        "pages": pages,
        # Nobody cannot be asked for, and the page itself needs no link.
        "address": asking.address_of(narrow) if cell.target != "" and narrow != asked else "",
    }


def _heading(cell: Cell, asked: Asked, listed: Sequence[LedgerEntry]) -> str:
    """Say whose statements about whom these are; a typed name is given as the library has it."""
    names = []
    sides: tuple[tuple[Side, str | None, str], ...] = (
        ("speaker", cell.speaker, asked.speaker),
        ("target", cell.target, asked.target),
    )
    for side, chosen, typed in sides:
        found = {name_of(entry, side) for entry in listed}
        if chosen is not None:
            names.append(label_of(chosen, side))
        elif typed and len(found) == 1:
            names.append(label_of(found.pop(), side))
        else:
            names.append(typed or "anybody")
    return f"{names[0][:1].upper()}{names[0][1:]} on {names[1]}"


def quote_view(entry: LedgerEntry, number: int, copies: int = 0) -> Json:
    """Return one statement: its words, where they stand, and who is read to say what about whom in them."""
    statement = entry.statement
    return {
        "n": number,
        "article": entry.article.id,
        "ordinal": entry.ordinal,
        "start": statement.start,
        "end": statement.end,
        "runs": _runs(entry),
        "speaker": label_of(entry.speaker, "speaker"),
        "target": label_of(entry.target or "", "target"),
        "named": {"speaker": entry.speaker, "target": entry.target or ""},
        "stance": statement.stance.value,
        "stance_text": _stance_text(statement),
        "voice": VOICE_WORDS[statement.voice],
        "cue": statement.cue,
        "reported_by": statement.reported_by or "",
        "reason": reason_apart(entry),
        "corrected": entry.corrected,
        "also": f"also in {count_text(copies, 'copy', 'copies')} of the article" if copies else "",
        **_where(entry.article),
    }


def _stance_text(statement: Statement) -> str:
    words = (STRENGTH_WORDS.get(statement.strength, ""), STANCE_WORDS[statement.stance])
    return " ".join(word for word in words if word).capitalize()


def _where(card: ArticleCard) -> Json:
    return {
        "title": card.title or NO_TITLE,
        "outlet": card.outlet or "",
        "published": date_text(card.published),
        "dated": bool(card.published),
    }


def _runs(entry: LedgerEntry) -> list[Json]:
    """Cut the quote so that the words naming speaker and target and the cue can be told from the others."""
    statement = entry.statement
    parts = (
        (statement.speaker_span, "speaker"),
        (statement.target_span, "target"),
        (statement.cue_span, "cue"),
    )
    spans = sorted(
        (span.start - statement.start, span.end - statement.start, kind) for span, kind in parts if span
    )
    inside = [span for span in spans if 0 <= span[0] < span[1] <= len(entry.quote)]
    return runs_of(entry.quote, 0, len(entry.quote), inside)


# --- corrections -------------------------------------------------------------------------------------------


def corrections_view(corrections: Sequence[Correction], cards: Mapping[str, ArticleCard]) -> Json:
    """Return the readers' corrections, newest first; `cards` holds the articles that are still there."""
    groups: defaultdict[tuple[str, ...], list[Correction]] = defaultdict(list)
    for one in sorted(corrections, key=lambda one: -one.number):
        # The same words corrected in each copy of a story are one correction to the reader.
        groups[" ".join(one.quote.split()), _before(one), after_text(one)].append(one)
    rows = [_correction(members, cards) for members in groups.values()]
    return {"count": len(rows), "rows": rows[:CORRECTIONS], "more": max(0, len(rows) - CORRECTIONS)}


def _correction(members: Sequence[Correction], cards: Mapping[str, ArticleCard]) -> Json:
    titles = [cards[one.article].title or NO_TITLE for one in members if one.article in cards]
    return {
        "numbers": [one.number for one in members],
        "quote": members[0].quote,
        "title": titles[0] if titles else "an article that is no longer in the library",
        "before": _before(members[0]),
        "after": after_text(members[0]),
    }


def _before(correction: Correction) -> str:
    return reading_text(correction.speaker, correction.target, correction.stance)


def after_text(correction: Correction) -> str:
    """Return how a statement is to be read."""
    if not correction.is_statement:
        return "not a statement"
    return reading_text(correction.new_speaker, correction.new_target, correction.new_stance)


def reading_text(speaker: str, target: str | None, stance: Stance) -> str:
    """Return how a statement is read: "Arden on the harbour: praise"."""
    return f"{label_of(speaker, 'speaker')} on {label_of(target or '', 'target')}: {STANCE_WORDS[stance]}"
