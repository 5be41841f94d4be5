"""The part of the local store that knows which files and pages its articles were read from."""

from collections.abc import Sequence

from index.schema import Article
from index.stores import writing
from index.stores.database import Database
from index.stores.protocol import FileStamp, KnownSource, Source


class SourceShelf:
    """Files and sources of one library; see `index.stores.protocol.Store`."""

    database: Database

    def files(self) -> dict[str, FileStamp]:
        """Return every file that was read completely, by path."""
        rows = self.database.rows("SELECT path, size, mtime_ns, sha256 FROM files")
        return {row[0]: FileStamp(*row) for row in rows}

    def articles_by_path(self) -> dict[str, int]:
        """Return the number of articles that come from each file."""
        return dict(self.database.rows("SELECT path, count(*) FROM sources GROUP BY path"))

    def sources_in(self, path: str) -> dict[str, KnownSource]:
        """Return the sources read from one file, by key."""
        return {source.key: source for source in self._sources("sources.path = ?", path)}

    def sources_of(self, article_id: str) -> tuple[KnownSource, ...]:
        """Return the sources of one article, ordered by key."""
        return tuple(self._sources("articles.id = ?", article_id))

    def _sources(self, condition: str, value: str) -> list[KnownSource]:
        rows = self.database.rows(
            "SELECT sources.key, sources.file, sources.page, articles.id FROM sources "
            f"JOIN articles ON articles.number = sources.article WHERE {condition} ORDER BY sources.key",
            (value,),
        )
        return [KnownSource(*row) for row in rows]

    def restored(self, key: str) -> frozenset[str]:
        """Return SHA-256 of the removed texts that a reader has put back for this source."""
        return writing.restored_spans(self.database.read(), key)

    def attach(self, article: Article, source: Source) -> None:
        """Add a source to an article that is already there."""
        with self.database.transaction() as connection:
            writing.attach_source(connection, article, source)

    def detach(self, keys: Sequence[str]) -> int:
        """Forget these sources; return how many articles went with them."""
        with self.database.transaction() as connection:
            return writing.detach_sources(connection, keys)

    def mark_read(self, stamps: Sequence[FileStamp]) -> None:
        """Record that these files hold nothing new."""
        if stamps:
            with self.database.transaction() as connection:
                writing.write_stamps(connection, stamps)

    def forget_files(self, paths: Sequence[str]) -> int:
        """Forget files and all sources in them; return how many articles went."""
        with self.database.transaction() as connection:
            keys = [
                row[0]
                for row in connection.execute(
                    "SELECT key FROM sources WHERE path IN (SELECT value FROM json_each(?)) ORDER BY key",
                    (writing.ids_json(paths),),
                )
            ]
            connection.executemany("DELETE FROM files WHERE path = ?", [(path,) for path in paths])
            return writing.detach_sources(connection, keys)
