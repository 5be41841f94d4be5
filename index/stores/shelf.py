"""The part of the local store that keeps statements and what readers say of them."""

# ruff: noqa: A002 - "filter" is the word the reader knows

from collections.abc import Sequence

from index.schema import Analysis, Correction, Filter, LedgerEntry, Stance
from index.stores import corrections, statements, writing
from index.stores.database import Database
from index.stores.protocol import EVERYTHING, StatementName


class StatementShelf:
    """Statements and corrections of one library; see `index.stores.protocol.Store`."""

    database: Database

    def ledger(
        self,
        stance: Stance | None = None,
        filter: Filter = EVERYTHING,
        *,
        speakers: Sequence[str] | None = None,
        targets: Sequence[str] | None = None,
    ) -> list[LedgerEntry]:
        """Return statements with their articles, ordered by article id and place.

        Names in `speakers` and `targets` are looked up as written, through an index.
        """
        return statements.ledger_entries(self.database, stance, filter, speakers, targets)

    def statement_names(self) -> list[StatementName]:
        """Return every name of a speaker or target, each kind apart, ordered by name."""
        return statements.statement_names(self.database)

    def analysis(self, article_id: str) -> Analysis:
        """Return the names and statements of one article with the version of the rules that found them."""
        return statements.analysis_of(self.database, article_id)

    def reanalyse(self, article_id: str, analysis: Analysis) -> None:
        """Put other names and statements in the place of an article's own, in one step."""
        with self.database.transaction() as connection:
            writing.replace_analysis(connection, article_id, analysis)

    def outdated(self) -> tuple[str, ...]:
        """Return articles whose statements an older version of the rules has found, ordered by id."""
        return statements.outdated(self.database)

    def article_of_source(self, key: str) -> str | None:
        """Return the id of the article that a source now gives, None without one."""
        return statements.article_of_source(self.database, key)

    def corrections(self) -> list[Correction]:
        """Return the readers' corrections, oldest first; those of absent articles too."""
        return corrections.read_corrections(self.database)

    def add_correction(self, correction: Correction) -> int:
        """Store a correction and return its number; on return it is on disk."""
        with self.database.transaction() as connection:
            return corrections.write_correction(connection, correction)

    def remove_correction(self, number: int) -> bool:
        """Delete a correction and return whether it was there."""
        with self.database.transaction() as connection:
            return corrections.delete_correction(connection, number)

    def generation(self) -> int:
        """Return the number of changes so far: while it stays, everything read stays true."""
        return self.database.generation()

    def lost(self, since: float) -> tuple[int, int]:  # noqa: ARG002 - one folder is there or not
        """Return how many parts answers had to do without since then, and how many parts there are."""
        return 0, 1
