"""Near-duplicates in different shards: which local groups make one story.

Each shard knows the near-duplicates among its own articles. A file beside the shards holds the links between
articles of different shards, and what follows from them: which groups of which shards are one story. As in
one library, a story is what links connect, named by its smallest article id.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from index.stores.database import translated
from index.stores.disk import sync_folder

Links = set[tuple[str, str]]
"""Pairs of article ids, the smaller one first."""

Joined = dict[str, str]
"""The story of each group of one shard that has copies in other shards, by the group's name."""

_TABLES = """
CREATE TABLE links (one TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (one, other)) WITHOUT ROWID;
CREATE TABLE joined (
    shard INTEGER NOT NULL, name TEXT NOT NULL, story TEXT NOT NULL, PRIMARY KEY (shard, name)
) WITHOUT ROWID;
"""


def join(links: Iterable[tuple[str, str]], homes: Mapping[str, tuple[int, str]]) -> dict[int, Joined]:
    """Return the story of every group that links connect with another one, by shard and group.

    Args:
        links: Pairs of article ids.
        homes: The shard and the group there of each article; links of others are passed over.

    Example:
        >>> join([("b", "c")], {"b": (0, "a"), "c": (1, "c")})
        {0: {'a': 'a'}, 1: {'c': 'a'}}
    """
    leader: dict[tuple[int, str], tuple[int, str]] = {}

    def lead(group: tuple[int, str]) -> tuple[int, str]:
        while leader[group] != group:
            leader[group] = leader[leader[group]]
            group = leader[group]
        return group

    for one, other in sorted(links):
        if one not in homes or other not in homes:
            continue
        first, second = homes[one], homes[other]
        leader.setdefault(first, first)
        leader.setdefault(second, second)
        # The smaller name leads, so that it names the story.
        small, large = sorted((lead(first), lead(second)), key=lambda group: group[1])
        leader[large] = small
    stories: dict[int, Joined] = {}
    for group in sorted(leader):
        stories.setdefault(group[0], {})[group[1]] = lead(group)[1]
    return stories


def write_stories(path: Path, links: Iterable[tuple[str, str]], joined: Mapping[int, Joined]) -> None:
    """Write the file of one version, whole or not at all."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    with translated(path.parent):
        connection = sqlite3.connect(temporary, isolation_level=None)
        try:
            connection.executescript(f"BEGIN; {_TABLES}")
            connection.executemany("INSERT INTO links VALUES (?, ?)", sorted(links))
            rows = [
                (shard, *row) for shard, groups in sorted(joined.items()) for row in sorted(groups.items())
            ]
            connection.executemany("INSERT INTO joined VALUES (?, ?, ?)", rows)
            connection.execute("COMMIT")
        finally:
            connection.close()
    temporary.replace(path)
    sync_folder(path.parent)


def read_links(path: Path) -> Links:
    """Return all links between shards."""
    return {(one, other) for one, other in _rows(path, "SELECT one, other FROM links")}


def read_joined(path: Path, shard: int) -> Joined:
    """Return the stories of a shard's groups that have copies in other shards."""
    return dict(_rows(path, "SELECT name, story FROM joined WHERE shard = ?", shard))


def _rows(path: Path, query: str, *values: int) -> Iterator[tuple[str, str]]:
    with translated(path.parent):
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            yield from connection.execute(query, values).fetchall()
        finally:
            connection.close()
