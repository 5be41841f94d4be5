"""What can be tried when tuning: settings of search and of answering, and the size of chunks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from eval.metrics.catalogue import CATALOGUE, HEADLINE
from index.errors import InputError
from index.rechunk import LEAST_TOKENS
from index.settings import SEARCH_KINDS
from qa.settings import KINDS, AnswerSettings, with_values

MOST_TRIALS = 500
CHUNKS = "chunk_tokens"
NAMES: dict[str, type] = {**KINDS, CHUNKS: int}
"""Everything that can be tried, with its type."""
RETRIEVAL = ("passage.", "article.", "retrieved.")
"""How the names of metrics begin that judge what is retrieved; the others judge the answer."""

Values = Mapping[str, object]
"""Settings by name; those not named stay as they are."""


@dataclass(frozen=True, slots=True)
class Combination:
    """Settings to try. `chunk_tokens` is None where the library is used as it is."""

    values: Values
    answering: AnswerSettings
    chunk_tokens: int | None


def grid_of(texts: Sequence[str]) -> dict[str, tuple[object, ...]]:
    """Return the values to try for each setting, from texts such as "words=0.3,0.5".

    Raises:
        InputError: There is no such setting, or a value is none.
    """
    grid: dict[str, tuple[object, ...]] = {}
    for text in texts:
        name, _, values = text.partition("=")
        kind = NAMES.get(name.strip())
        if kind is None:
            raise InputError(f"There is no setting {name.strip()!r}.", f"There are {', '.join(NAMES)}.")
        try:
            grid[name.strip()] = tuple(kind(one.strip()) for one in values.split(","))
        except ValueError as error:
            raise InputError(f"{text!r}: {error}.", f"Write {name}=VALUE,VALUE.") from error
    count = 1
    for tried in grid.values():
        count *= len(tried)
    if count > MOST_TRIALS:
        raise InputError(f"{count} combinations are too many.", f"Try {MOST_TRIALS} at most.")
    return grid


def combinations_of(
    grid: Mapping[str, Sequence[object]], base: AnswerSettings, own_tokens: int
) -> list[Combination]:
    """Return the settings as they are, then every combination of the grid.

    Args:
        grid: Values to try for each setting.
        base: The settings as they are.
        own_tokens: Size of the library's own chunks, which need no copy.

    Raises:
        InputError: A value cannot be used.
    """
    made = [Combination({}, base, None)]
    for chosen in product(*grid.values()):
        values = dict(zip(grid, chosen, strict=True))
        tokens = values.get(CHUNKS)
        if isinstance(tokens, int) and tokens < LEAST_TOKENS:
            raise InputError(f"{CHUNKS} is {tokens}.", f"Give {LEAST_TOKENS} or more.")
        answering = with_values(base, {name: value for name, value in values.items() if name != CHUNKS})
        made.append(
            Combination(
                values, answering, tokens if isinstance(tokens, int) and tokens != own_tokens else None
            )
        )
    return made


def metric_for(grid: Mapping[str, Sequence[object]], named: str | None) -> str:
    """Return what to make greatest: the metric named, or the one that the settings of the grid bear on.

    Raises:
        InputError: There is no such metric, or a setting has no part in it.
    """
    if named is None:
        return "passage.nDCG@10" if grid.keys() <= SEARCH_KINDS.keys() else HEADLINE
    if named not in CATALOGUE:
        raise InputError(f"There is no metric {named!r}.", f"Such as {HEADLINE} or passage.nDCG@10.")
    idle = [name for name in grid if name not in SEARCH_KINDS and name != CHUNKS]
    if named.startswith(RETRIEVAL) and idle:
        raise InputError(
            f"{' and '.join(idle)} has no part in {named}.", f"Tune it by the answers: --metric {HEADLINE}."
        )
    return named
