"""Near-duplicates: copies of one wire story, cut versions and updates, told apart from other coverage.

A text is a set of word shingles. Its sketch keeps the shingles whose hash falls below a fixed bound (about
one in `SAMPLING`), so two sketches estimate how much of the smaller text stands in the larger one whatever
their lengths, and sketches can be compared through an index of hashes without scanning. Candidates that the
sketches propose are decided on all shingles.
"""

import re
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

SHINGLE_WORDS = 5
SAMPLING = 8
MIN_SHINGLES = 50
"""Texts of fewer shingles are never linked: among saved pages they are mostly notices, the same on each."""

MIN_CONTAINMENT = 0.75
"""Share of the smaller text's shingles that must stand in the larger one. On news, versions of one story
share more; articles of one outlet on the same event that repeat their background share less."""

MAX_SIZE_RATIO = 4
"""A text that is more than so many times longer is not a version of the other, but may hold it in passing:
a live page, a round-up, or a page whose notices are all that the other one consists of."""

CANDIDATE_SHARE = 0.5
"""Share of the smaller sketch that must be shared before the texts are compared: well below
`MIN_CONTAINMENT`, as a sketch is a sample, but above what pages of one template have in common."""

Hashes = NDArray[np.uint64]

_WORD = re.compile(r"\w+")
_MASK = np.uint64((1 << 48) - 1)
_BOUND = np.uint64((1 << 48) // SAMPLING)


def shingles(text: str) -> Hashes:
    """Return the 48-bit hashes of all runs of `SHINGLE_WORDS` words, ascending, each once."""
    words = _WORD.findall(text.casefold())
    if len(words) < SHINGLE_WORDS:
        return np.zeros(0, dtype=np.uint64)
    codes = np.fromiter((crc32(word.encode("utf-8", "replace")) for word in words), dtype=np.uint64)
    count = len(words) - SHINGLE_WORDS + 1
    mixed = np.zeros(count, dtype=np.uint64)
    for place in range(SHINGLE_WORDS):
        mixed = _mix(mixed ^ codes[place : place + count])
    return np.unique(mixed & _MASK)


def signature(text: str) -> bytes:
    """Return the text's sketch: its sampled shingle hashes, ascending, 8 bytes each, little-endian."""
    found = shingles(text)
    return found[found < _BOUND].astype("<u8").tobytes()


def sketch(stored: bytes) -> list[int]:
    """Return the hashes of a signature."""
    return [int(value) for value in np.frombuffer(stored, dtype="<u8")]


def containment(one: Hashes, other: Hashes) -> float:
    """Return the share of the smaller shingle set that is also in the larger one, 0.0 when one is empty."""
    smaller = min(len(one), len(other))
    if smaller == 0:
        return 0.0
    return len(np.intersect1d(one, other, assume_unique=True)) / smaller


def same_story(one: Hashes, other: Hashes) -> bool:
    """Return whether two texts, given by all their shingles, are versions of one."""
    smaller, larger = sorted((len(one), len(other)))
    if smaller < MIN_SHINGLES or larger > MAX_SIZE_RATIO * smaller:
        return False
    return containment(one, other) >= MIN_CONTAINMENT


def _mix(values: Hashes) -> Hashes:
    """Scramble 64-bit values so that any bit of the input moves every bit of the output (splitmix64)."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
