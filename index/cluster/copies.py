"""Finding near-duplicates in different shards while a cluster library is being changed."""

from collections.abc import Iterable, Sequence

from index.cluster.part import Part
from index.cluster.stories import Joined, Links, join

AT_ONCE = 200
"""Articles whose texts are in memory at once while their copies in other shards are looked for."""


class Copies:
    """The near-duplicates in different shards, brought up to date when somebody asks.

    Args:
        links: Those of the version that is being changed.
        linked: For each shard, the number of its last article whose copies elsewhere are known.
    """

    def __init__(self, links: Links, linked: Iterable[int]) -> None:
        self.links = links
        self.linked = list(linked)
        self.joined: dict[int, Joined] = {}
        self._state: tuple[int, ...] = ()

    def settle(self, parts: Sequence[Part], changed: Sequence[int]) -> None:
        """Look for the copies of what is new in the changed shards, and tell all shards their stories."""
        state = tuple(part.store.generation() for part in parts)
        if state == self._state:
            return
        for shard in changed:
            self._link_new(shard, parts)
        named = [identity for pair in self.links for identity in pair]
        homes = {
            identity: (shard, group)
            for shard, part in enumerate(parts)
            for identity, group in part.groups_of(named).items()
        }
        self.links = {(one, other) for one, other in self.links if one in homes and other in homes}
        self.joined = join(self.links, homes)
        for shard, part in enumerate(parts):
            part.joined = self.joined.get(shard, {})
        self._state = state

    def _link_new(self, shard: int, parts: Sequence[Part]) -> None:
        while some := parts[shard].added_after(self.linked[shard], AT_ONCE):
            for article in some:
                for other, part in enumerate(parts):
                    if other != shard:
                        found = part.copies_of(article)
                        self.links |= {(min(article.id, one), max(article.id, one)) for one in found}
            self.linked[shard] = some[-1].number
