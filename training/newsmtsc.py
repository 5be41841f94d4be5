"""Read NewsMTSC: sentences of news in which the stance towards named targets was judged by people.

Hamborg and Donnay, "NewsMTSC: A Dataset for (Multi-)Target-dependent Sentiment Classification in Political
News Articles", EACL 2021. The labels are under the MIT licence; the sentences belong to their publishers.
"""

import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.schema import Span

__all__ = ["Judged", "digest", "mentions_of", "names_in", "read_judged", "rename", "stances_of"]

_POLARITIES = {2: 0, 4: 1, 6: 2}
_PRONOUNS = frozenset("he she him her his hers they them their it its i me my we us our you your who".split())
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence with its targets and how each was judged: 0 criticised, 1 neutral, 2 praised."""

    article: str
    sentence: str
    targets: tuple[Span, ...]
    stances: tuple[int, ...]


def read_judged(path: Path) -> list[Judged]:
    """Read a file of the set, one sentence a line."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    return [
        Judged(
            # "allsides_1000_401_25_NAME_0_6": event 1000, article 401, sentence 25.
            article="_".join(row["primary_gid"].split("_")[:3]),
            sentence=row["sentence_normalized"],
            targets=tuple(Span(target["from"], target["to"]) for target in row["targets"]),
            stances=tuple(_POLARITIES[int(target["polarity"])] for target in row["targets"]),
        )
        for row in rows
    ]


def mentions_of(rows: Sequence[Judged]) -> list[tuple[str, Span]]:
    """Return every target with its sentence, as `StanceModel.probabilities` takes them."""
    return [(row.sentence, target) for row in rows for target in row.targets]


def stances_of(rows: Sequence[Judged]) -> NDArray[np.int64]:
    """Return how every target was judged, in the order of `mentions_of`."""
    return np.array([stance for row in rows for stance in row.stances], dtype=np.int64)


def names_in(rows: Sequence[Judged]) -> list[str]:
    """Return every target that is a short name, as often as it is one."""
    texts = [target.of(row.sentence) for row in rows for target in row.targets]
    return [text for text in texts if _is_name(text)]


def rename(row: Judged, names: Sequence[str], random_state: random.Random) -> Judged:
    """Return the sentence with other names for its targets, judged as before; pronouns stay as they are.

    A model that sees the same praise given to many names learns less about the names. A sentence whose
    targets overlap is returned as it is.
    """
    pairs = sorted(zip(row.targets, row.stances, strict=True), key=lambda pair: pair[0].start)
    if any(one.end > other.start for (one, _), (other, _) in pairwise(pairs)):
        return row
    sentence, taken, targets = "", 0, []
    for target, _ in pairs:
        sentence += row.sentence[taken : target.start]
        text = target.of(row.sentence)
        text = random_state.choice(names) if _is_name(text) else text
        targets.append(Span(len(sentence), len(sentence) + len(text)))
        sentence, taken = sentence + text, target.end
    stances = tuple(stance for _, stance in pairs)
    return Judged(row.article, sentence + row.sentence[taken:], tuple(targets), stances)


def _is_name(text: str) -> bool:
    return text.lower() not in _PRONOUNS and text[:1].isupper() and len(text) <= _LONGEST_NAME


def digest(path: Path) -> str:
    """Return the sha256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
