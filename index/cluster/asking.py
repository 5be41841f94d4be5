"""Asking the shards of a cluster library: all of them, one, or those that certain articles lie in."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from index.cluster.manifest import Manifest, shard_of
from index.cluster.memory import Memory
from index.cluster.shards import Call, Shards
from index.cluster.word_counts import WordCounts
from index.errors import ShardLostError
from index.stores.local import unknown_article

__all__ = ["ClusterAsking", "View"]

_KEPT = frozenset({"outlets", "newest_article", "extent_of", "extent_mentioning", "phrases_held"})
"""What a shard is asked once for a version: short answers that questions ask for again and again."""


@dataclass(frozen=True, slots=True)
class View:
    """One version of a cluster library as it is read.

    Attributes:
        manifest: What it is made of.
        shards: How its shards are reached.
        memory: What was read of it.
        words: How many chunks hold each word; None for a library that is being changed.
    """

    manifest: Manifest
    shards: Shards
    memory: Memory
    words: WordCounts | None


class ClusterAsking(ABC):
    """Asks the shards of a cluster library, however they are reached, and keeps what they have said."""

    @abstractmethod
    def _view(self) -> View:
        """Return the present version."""

    def _ask(self, view: View, calls: Mapping[int, Call]) -> dict[int, Any]:
        """Return what shards answer; those that do not answer are left out."""
        return view.shards.ask(calls)

    def _all(self, method: str, *arguments: Any, **options: Any) -> list[tuple[int, Any]]:  # noqa: ANN401
        """Ask every shard the same; return the answers of those that answer, by shard.

        The arguments of a method in `_KEPT` must be hashable.
        """
        view = self._view()
        call, count = Call(method, arguments, options), view.shards.count
        answers: dict[int, Any] = {}
        if method in _KEPT:
            known = view.memory.answers.known((shard, method, arguments) for shard in range(count))
            answers = {shard: answer for (shard, _, _), answer in known.items()}
        if len(answers) < count:
            come = self._ask(view, {shard: call for shard in range(count) if shard not in answers})
            if method in _KEPT:
                view.memory.answers.keep({(shard, method, arguments): one for shard, one in come.items()})
            answers |= come
        if not answers:
            raise ShardLostError(f"None of the {count} parts of the library answers.", _CHECK)
        return sorted(answers.items())

    def _each(self, method: str, *arguments: Any, **options: Any) -> list[Any]:  # noqa: ANN401
        return [answer for _, answer in self._all(method, *arguments, **options)]

    def _one(self, shard: int, method: str, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        """Ask one shard, or raise ShardLostError."""
        view = self._view()
        answers = self._ask(view, {shard: Call(method, arguments, options)})
        if shard not in answers:
            raise _silent(shard, view.shards.count)
        return answers[shard]

    def _home(self, article_id: str) -> int:
        return shard_of(article_id, self._view().shards.count)

    def _of(self, article_id: str, method: str, *arguments: Any) -> Any:  # noqa: ANN401
        """Ask the shard of an article about it."""
        return self._one(self._home(article_id), method, article_id, *arguments)

    def _by_id(self, method: str, article_ids: Iterable[str], *, needed: bool = False) -> dict[str, Any]:
        """Return what shards say of articles that are there, by id; those not kept are asked for.

        With `needed`, a shard that does not answer raises ShardLostError.
        """
        view = self._view()
        kept, count = view.memory.articles[method], view.shards.count
        asked = list(article_ids)
        found = kept.known(asked)
        wanted: dict[int, list[str]] = {}
        for identity in dict.fromkeys(asked):
            if identity not in found:
                wanted.setdefault(shard_of(identity, count), []).append(identity)
        if wanted:
            answers = self._ask(view, {shard: Call(method, (ids,)) for shard, ids in wanted.items()})
            silent = sorted(wanted.keys() - answers.keys())
            if needed and silent:
                raise _silent(silent[0], count)
            come = {identity: one for some in answers.values() for identity, one in some.items()}
            kept.keep(come)
            found |= come
        return found

    def _the(self, method: str, article_id: str) -> Any:  # noqa: ANN401
        """Return what is said of one article, or raise InputError naming the id."""
        found = self._by_id(method, [article_id], needed=True)
        if article_id not in found:
            raise unknown_article(article_id)
        return found[article_id]


def _silent(shard: int, count: int) -> ShardLostError:
    return ShardLostError(f"Part {shard} of {count} of the library does not answer.", _CHECK)


_CHECK = "Look at the nodes with: python -m index cluster status"
