"""What a reading says of a candidate answer found by rules. Pure.

The two weights and the discount were set on the open questions of SQuAD and RGB, over a coarse grid; on those
of RealTime QA, which were left out, they raise the word F1 by .06 (see `weights/CARD.md`).
"""

import math

from qa.reader.model import Found, Reading

__all__ = ["OWN", "agreement", "own_span"]

OWN = 0.5
"""Of what a candidate found by rules counts so much counts one that only the reader found."""
_SENTENCE = 0.5
_SPAN = 0.5
_USUAL = 0.15
"""What is taken off, so that the scores of chosen candidates mean what they did without a reader."""
_SOFTNESS = 3.0
"""By how much log-odds are flattened: the reader is surer of itself than it should be."""


def agreement(reading: Reading | None, start: int, end: int) -> float:
    """Return the factor, .86 to 2.34, for a candidate at this range of the passage.

    It grows with the odds that the passage holds an answer at all, and with those of the reader's own spans
    by how far they overlap the candidate. A passage that was not read counts as one without an answer.
    """
    if reading is None:
        return math.exp(-_USUAL)
    near = (_share(span, reading) * _overlap(span, start, end) for span in reading.spans)
    grown = _SENTENCE * _soft(reading.margin) + _SPAN * max(near, default=0.0)
    return math.exp(grown - _USUAL)


def own_span(reading: Reading | None) -> Found | None:
    """Return what the reader itself would answer, if it read the passage."""
    return reading.spans[0] if reading and reading.spans else None


def _share(span: Found, reading: Reading) -> float:
    return _soft(span.log_probability - reading.no_answer)


def _soft(odds: float) -> float:
    """Return log-odds as a share, 0 to 1."""
    return 1 / (1 + math.exp(-max(min(odds, 30.0), -30.0) / _SOFTNESS))


def _overlap(span: Found, start: int, end: int) -> float:
    """Return the shared part of two ranges over what they cover together."""
    shared = min(end, span.end) - max(start, span.start)
    return max(shared, 0) / (max(end, span.end) - min(start, span.start))
