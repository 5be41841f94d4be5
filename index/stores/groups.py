"""Near-duplicate groups in `library.sqlite`: links between articles and the groups they make.

Whether two articles are linked depends on their texts alone, and a group is what links connect, named by its
smallest article id; so groups never depend on the order of adding and removing.
"""

from sqlite3 import Connection

from index.duplicates import CANDIDATE_SHARE, same_story, shingles, sketch


def link(connection: Connection, number: int, signature: bytes) -> None:
    """Store an article's sketch, link it with its near-duplicates and settle the groups concerned."""
    hashes = sketch(signature)
    alike = candidates(connection, hashes)
    connection.executemany(
        "INSERT OR IGNORE INTO sketches VALUES (?, ?)", [(value, number) for value in hashes]
    )
    connection.execute("UPDATE articles SET sketch_size = ? WHERE number = ?", (len(hashes), number))
    if alike:
        own = shingles(_text(connection, number))
        for other in alike:
            if same_story(own, shingles(_text(connection, other))):
                connection.executemany(
                    "INSERT OR IGNORE INTO links VALUES (?, ?)", [(number, other), (other, number)]
                )
    _name_group(connection, number)


def unlink(connection: Connection, number: int) -> None:
    """Take an article out of its group and settle what is left of it."""
    former = connection.execute("SELECT other FROM links WHERE one = ?", (number,)).fetchall()
    connection.execute("DELETE FROM sketches WHERE article = ?", (number,))
    connection.execute("DELETE FROM links WHERE one = ?1 OR other = ?1", (number,))
    connection.execute("UPDATE articles SET group_id = id WHERE number = ?", (number,))
    for (other,) in former:
        _name_group(connection, other)


def candidates(connection: Connection, hashes: list[int]) -> list[int]:
    """Return the articles that share enough of the sketch to be worth comparing."""
    if not hashes:
        return []
    # Counting first: most articles share a turn of phrase or two, and need not be looked at.
    rows = connection.execute(
        "SELECT shared.article FROM (SELECT article, count(*) AS hashes FROM sketches "
        f"WHERE hash IN ({', '.join(map(str, hashes))}) GROUP BY article HAVING count(*) >= 2) AS shared "
        "CROSS JOIN articles ON articles.number = shared.article "
        "WHERE shared.hashes >= ? * min(?, articles.sketch_size) ORDER BY shared.article",
        (CANDIDATE_SHARE, len(hashes)),
    )
    return [int(row[0]) for row in rows]


def _text(connection: Connection, number: int) -> str:
    text: str = connection.execute("SELECT text FROM texts WHERE article = ?", (number,)).fetchone()[0]
    return text


def _name_group(connection: Connection, number: int) -> None:
    """Name the group around an article by the smallest id in it."""
    members = [
        row[0]
        for row in connection.execute(
            "WITH RECURSIVE linked (number) AS (VALUES (?) UNION "
            "SELECT links.other FROM links JOIN linked ON links.one = linked.number) "
            "SELECT number FROM linked",
            (number,),
        )
    ]
    marks = ", ".join(map(str, members))
    connection.execute(
        f"UPDATE articles SET group_id = (SELECT min(id) FROM articles WHERE number IN ({marks})) "
        f"WHERE number IN ({marks})"
    )
