"""What the page "Who said what" does: read the ledger, open quotes, correct statements.

Like `ui.desk`, this is the edge: what goes wrong becomes a value with a message.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

from index import corrections, ledger
from index.correction_gold import gold_rows
from index.errors import InputError
from index.export import statements_csv, statements_json
from index.library import Library
from index.people import directory
from index.schema import ArticleCard, Filter, LedgerEntry, Stance, Statement
from ui import asked as asking
from ui import statements_view as view
from ui.asked import Asked
from ui.chart_view import chart_view
from ui.problems import problem
from ui.serving import Download, Fields
from ui.statements_view import Cell, Sorted
from ui.view import Json

MAX_SUGGESTIONS = 1500
KEPT = 4

Page = tuple[Json | None, Json, Json, Json]
"""The form (None where it stays as it is), the table, the chart and the quotes."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A correction as the form sends it; names as the page shows them, an empty target for nobody."""

    article: str
    ordinal: int
    is_statement: bool
    speaker: str
    target: str
    stance: str

    @classmethod
    def of(cls, sent: Mapping[str, Any]) -> "Wish":
        """Take what the page sent apart.

        Raises:
            InputError: A part is missing or of another kind.
        """
        try:
            wish = cls(
                str(sent["article"]),
                int(sent["ordinal"]),
                sent["is_statement"] is not False,
                " ".join(str(sent["speaker"]).split()),
                " ".join(str(sent["target"]).split()),
                Stance(sent["stance"]).value,
            )
        except (KeyError, TypeError, ValueError):
            raise InputError("The correction cannot be read.", "Load the page again.") from None
        if max(len(wish.speaker), len(wish.target)) > asking.MAX_NAME:
            raise InputError(f"A name has more than {asking.MAX_NAME} characters.", "Shorten it.")
        return wish


class StatementsDesk:
    """The page's one way to the ledger.

    Args:
        library: Open for reading, for as long as the page stands.
        folder: The library's folder; opened for writing for each correction.
    """

    def __init__(self, library: Library, folder: Path) -> None:
        self.library = library
        self.folder = folder
        self._kept: dict[Asked, tuple[object, Sorted]] = {}
        self._keeping = Lock()

    # --- reading

    def found(self, asked: Asked) -> Sorted:
        """Return the statements asked for; the last few are kept until the library changes."""
        state = self.library.state()
        with self._keeping:
            kept = self._kept.pop(asked, None)
            if kept is None or kept[0] != state:
                kept = state, view.sort_out(self._read(asked), asked)
            self._kept[asked] = kept
            while len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
        return kept[1]

    def _read(self, asked: Asked) -> list[LedgerEntry]:
        wanted = [stance for stance in Stance if asked.wants(stance)]
        # Most statements judge nobody: they are not even read unless they are wanted.
        return [
            entry
            for stance in ([None] if len(wanted) == len(Stance) else wanted)
            for entry in ledger.read(
                self.library,
                speaker=asked.speaker or None,
                target=asked.target or None,
                stance=stance,
                filter=asked.filter,
            )
        ]

    def page(self, asked: Asked) -> Page:
        """Return the whole page; quotes are open when a side is chosen."""
        found = self.found(asked)
        chosen = asked.speaker or asked.target
        quotes = view.quotes_view(found, Cell(), asked) if chosen else view.closed_quotes()
        form = view.form_view(asked, self._names(), self._outlets())
        return form, self.table(asked), self._chart(asked, found), quotes

    def failed(self, error: Exception) -> Page:
        """Return the page that says what is wrong with what was asked."""
        message, remedy = problem(error)
        wrong: Json = {"state": "error", "message": message, "remedy": remedy}
        return None, wrong, {"bars": [], "undated": ""}, view.closed_quotes()

    def table(self, asked: Asked, row_page: int = 1, column_page: int = 1) -> Json:
        """Return one page of the table."""
        return view.table_view(self.found(asked), asked, row_page, column_page)

    def _chart(self, asked: Asked, found: Sorted) -> Json:
        return chart_view(found.counted) | {"asked": asking.fields_of(asked)}

    def quotes(self, asked: Asked, cell: Cell, page: int = 1) -> Json:
        """Return one page of a cell's quotes."""
        return view.quotes_view(self.found(asked), cell, asked, page)

    def again(self, table: Json, quotes: Json) -> tuple[Json, Json, Json]:
        """Return table, chart and quotes as they are now, on the pages that these values of theirs show."""
        sent: dict[str, Any] = dict(table)
        asked = asking.read_asked(sent.get("asked", {}))
        drawn = self.table(asked, int(sent.get("row_page", 1)), int(sent.get("column_page", 1)))
        chart = self._chart(asked, self.found(asked))
        open_quotes: dict[str, Any] = dict(quotes)
        if open_quotes.get("state") != "open":
            return drawn, chart, view.closed_quotes()
        cell = Cell(open_quotes["cell"]["speaker"], open_quotes["cell"]["target"])
        return drawn, chart, self.quotes(asked, cell, int(open_quotes["page"]))

    def _names(self) -> list[str]:
        parties = [party for party in directory(self.library).parties.values() if party.kind]
        parties.sort(key=lambda party: (-party.statements, party.name))
        return [party.name for party in parties[:MAX_SUGGESTIONS]]

    def _outlets(self) -> list[str]:
        return [name for name, _ in self.library.store.outlets()[: asking.MAX_NAMES]]

    # --- corrections

    def corrections(self) -> Json:
        """Return the readers' corrections."""
        made = self.library.store.corrections()
        cards: dict[str, ArticleCard] = {}
        for article in {one.article for one in made}:
            if self.library.store.has(article):
                cards[article] = self.library.store.card(article)
        return view.corrections_view(made, cards)

    def correct(self, wish: Wish) -> Json:
        """Store a correction; return the line that says so, with the numbers to undo it by.

        Raises:
            InputError: The statement is not there any more, or a name is missing.
            LibraryInUseError: Another process is writing to the library.
        """
        copies = self._copies(wish.article, wish.ordinal)
        with Library.open(self.folder, write=True) as library:
            made = [
                corrections.correct(library, entry, _corrected(entry, wish) if wish.is_statement else None)
                for entry in copies
            ]
        after = view.after_text(made[0])
        return {"text": f"Saved: {after}.", "kind": "good", "undo": [one.number for one in made]}

    def _copies(self, article: str, ordinal: int) -> list[LedgerEntry]:
        """Return the statement and, as it counts once, the same words read alike in copies of the article."""
        limits = Filter(articles=(article,))
        entries = [one for one in ledger.read(self.library, filter=limits) if one.ordinal == ordinal]
        if not entries:
            raise InputError("This statement is not in the library any more.", "Load the page again.")
        entry = entries[0]
        alike = ledger.read(self.library, speaker=entry.speaker, stance=entry.statement.stance)
        return [entry, *(one for one in alike if view.is_copy(one, entry))]

    def undo(self, numbers: Sequence[int]) -> Json:
        """Take corrections back; return the line that says so.

        Raises:
            InputError: There is no such correction.
            LibraryInUseError: Another process is writing to the library.
        """
        with Library.open(self.folder, write=True) as library:
            for number in numbers:
                corrections.undo(library, number)
        return {"text": "The correction is taken back.", "kind": "good"}

    # --- files to take along

    def downloads(self) -> dict[str, Download]:
        """Return the files that the page offers: what is shown, and the corrections as gold questions."""

        def shown(make: Callable[[Sequence[LedgerEntry]], str]) -> Callable[[Fields], str]:
            def export(fields: Fields) -> str:
                found = self.found(asking.read_asked(fields))
                return make([*found.counted, *found.unclear])

            return export

        def gold(_: Fields) -> str:
            return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in gold_rows(self.library))

        return {
            # Table programs take the text for UTF-8 only when it begins with this mark.
            "/statements.csv": Download(
                "text/csv", shown(lambda entries: f"\ufeff{statements_csv(entries)}")
            ),
            "/statements.json": Download("application/json", shown(statements_json)),
            "/corrections.jsonl": Download("application/x-ndjson", gold),
        }


def _corrected(entry: LedgerEntry, wish: Wish) -> Statement:
    """Return the statement as wished; a name that was left as shown stays as it stands in the article."""
    statement = entry.statement
    return replace(
        statement,
        speaker=statement.speaker if wish.speaker == entry.speaker else wish.speaker,
        target=statement.target if wish.target == (entry.target or "") else wish.target or None,
        stance=Stance(wish.stance),
    )
