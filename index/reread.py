"""Reading stored articles again for names and statements, after the rules that find them have changed."""

from collections.abc import Callable
from dataclasses import dataclass

from index.errors import InputError
from index.library import Library

__all__ = ["RereadReport", "reread"]


@dataclass(frozen=True, slots=True)
class RereadReport:
    """What one `reread` did: articles read, how many statements they had and have, what is left."""

    articles: int
    statements_before: int
    statements: int
    left: int


def reread(
    library: Library,
    *,
    everything: bool = False,
    progress: Callable[[int, int], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> RereadReport:
    """Find the names and statements of stored articles again; nothing is embedded again.

    Each article is one transaction, so an interrupted run loses nothing and, run again, goes on.

    Args:
        library: Open for writing.
        everything: Whether articles that the present rules have read are read again too.
        progress: Called with how many articles are done and how many there are to do.
        stop: Asked before each article; True ends the run.

    Raises:
        InputError: The library is open for reading only.
        ModelError: The language pipeline cannot be loaded.
    """
    if not library.writable:
        raise InputError(f"The library {library.path} is open for reading only.", "Open it with write=True.")
    store = library.store
    waiting = tuple(card.id for card in store.articles()) if everything else store.outdated()
    before = after = done = 0
    for identity in waiting:
        if stop is not None and stop():
            break
        analysis = library.analyse(store.text(identity), store.sentences(identity))
        before += len(store.analysis(identity).statements)
        after += len(analysis.statements)
        store.reanalyse(identity, analysis)
        done += 1
        if progress is not None:
            progress(done, len(waiting))
    store.save()
    return RereadReport(done, before, after, len(waiting) - done)
