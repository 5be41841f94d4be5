"""What all commands of `python -m index` share: exit codes, filters, JSON, stopping in good order."""

import argparse
import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from index.schema import Filter

Say = Callable[[str], None]

DONE, PROBLEMS, SOME_FAILED, INTERRUPTED = 0, 1, 3, 130


def filter_of(options: argparse.Namespace) -> Filter:
    """Return the filter that the options ask for."""
    return Filter(
        outlets=tuple(options.outlet),
        authors=tuple(options.author),
        published_from=options.published_from,
        published_to=options.published_to,
    )


def as_json(value: Any, indent: int | None = 2) -> str:  # noqa: ANN401 - anything JSON can hold
    """Return a value as JSON, letters as they are."""
    return json.dumps(value, ensure_ascii=False, indent=indent)


@contextmanager
def stop_on_signal() -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C or SIGTERM into a wish to stop; the second one stops at once."""
    asked: list[int] = []

    def note(number: int, _frame: object) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)

    former = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
