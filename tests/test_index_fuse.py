"""Fusion against its formulas, and the promises that search builds on."""

import math
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fuse import (
    aged,
    ordered,
    reciprocal_rank,
    scaled,
    weighted_sum,
    with_articles,
    with_phrases,
    with_reserved,
)

NONE = math.nan
SCORE = st.one_of(st.just(NONE), st.floats(-1e300, 1e300))
PART = st.lists(SCORE, max_size=12)
PARTS = st.integers(0, 12).flatmap(
    lambda size: st.lists(st.lists(SCORE, min_size=size, max_size=size), min_size=1, max_size=4)
)


def weights_for(parts):
    return st.lists(st.floats(0.001, 1e6), min_size=len(parts), max_size=len(parts))


WEIGHTED = PARTS.flatmap(lambda parts: st.tuples(st.just(parts), weights_for(parts)))


def arrays(parts):
    return [np.array(part, np.float64) for part in parts]


def there(part):
    return [score for score in part if not math.isnan(score)]


@given(PART)
def test_scaled_scores_lie_between_0_and_1_and_keep_their_order(part):
    found = scaled(np.array(part, np.float64)).tolist()
    assert [math.isnan(score) for score in found] == [math.isnan(score) for score in part]
    assert all(0 <= score <= 1 for score in there(found))
    if there(part):
        assert found[part.index(max(there(part)))] == 1
    for one, other in ((one, other) for one in range(len(part)) for other in range(len(part))):
        if part[one] > part[other]:
            assert found[one] >= found[other]


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=12))
def test_scaling_does_not_depend_on_unit_or_origin(part):
    scores = np.array(part, np.float64)
    assert scaled(8.0 * scores - 64.0) == pytest.approx(scaled(scores))


@pytest.mark.parametrize("fuse", [weighted_sum, reciprocal_rank])
@given(weighted=WEIGHTED)
def test_every_chunk_is_fused(fuse, weighted):
    parts, weights = weighted
    fused = fuse(arrays(parts), weights)
    assert fused.shape == (len(parts[0]),)
    assert (np.isfinite(fused) & (fused >= 0)).all()


@given(WEIGHTED)
def test_the_weighted_sum_is_the_mean_that_its_formula_says(weighted):
    parts, weights = weighted
    moved = [scaled(part).tolist() for part in arrays(parts)]
    for row, score in enumerate(weighted_sum(arrays(parts), weights).tolist()):
        expected = math.fsum(
            weight * part[row]
            for part, weight in zip(moved, weights, strict=True)
            if not math.isnan(part[row])
        ) / math.fsum(weights)
        assert score == pytest.approx(expected, abs=1e-12)
        assert score <= 1 + 1e-9


@given(WEIGHTED)
def test_reciprocal_rank_is_what_its_formula_says(weighted):
    parts, weights = weighted
    for row, score in enumerate(reciprocal_rank(arrays(parts), weights, constant=60).tolist()):
        expected = sum(
            weight / (60 + 1 + sum(other > part[row] for other in part))
            for part, weight in zip(parts, weights, strict=True)
            if not math.isnan(part[row])
        )
        assert score == pytest.approx(expected)


@pytest.mark.parametrize("fuse", [weighted_sum, reciprocal_rank])
@given(weighted=WEIGHTED, seed=st.randoms())
def test_the_order_of_chunks_and_parts_does_not_matter(fuse, weighted, seed):
    parts, weights = weighted
    pairs = list(zip(parts, weights, strict=True))
    seed.shuffle(pairs)
    rows = list(range(len(parts[0])))
    seed.shuffle(rows)
    shuffled = [[part[row] for row in rows] for part, _ in pairs]
    again = fuse(arrays(shuffled), [weight for _, weight in pairs])
    assert again == pytest.approx(fuse(arrays(parts), weights)[rows])


@pytest.mark.parametrize("fuse", [weighted_sum, reciprocal_rank])
@given(other=st.lists(st.integers(0, 50), min_size=10, max_size=10), place=st.integers(0, 9))
def test_a_better_score_in_one_part_never_lowers_the_rank(fuse, other, place):
    part = [float(key) for key in range(10)]
    better = [*part[:place], 9.0, *part[place + 1 :]]
    before = fuse(arrays([part, other]), [1.0, 1.0])
    after = fuse(arrays([better, other]), [1.0, 1.0])
    assert (after > after[place]).sum() <= (before > before[place]).sum()


def test_equal_scores_share_a_rank():
    assert reciprocal_rank(arrays([[5, 5, 1]]), [1.0], constant=0).tolist() == [1.0, 1.0, 1 / 3]


def test_a_part_of_weight_0_changes_nothing():
    assert weighted_sum(arrays([[1, 3, NONE], [NONE, NONE, 2]]), [1.0, 0.0]).tolist() == [0.0, 1.0, 0.0]


@pytest.mark.parametrize("fuse", [weighted_sum, reciprocal_rank])
@pytest.mark.parametrize("weights", [[], [1.0], [0.0, 0.0], [-1.0, 2.0], [math.nan, 1.0], [math.inf, 1.0]])
def test_weights_that_make_no_sense_are_refused(fuse, weights):
    with pytest.raises(ValueError, match=r"[Ww]eights"):
        fuse(arrays([[1.0], [1.0]]), weights)


def test_a_negative_constant_is_refused():
    with pytest.raises(ValueError, match="negative"):
        reciprocal_rank(arrays([[1.0]]), [1.0], constant=-1)


def test_scores_apart_by_rounding_alone_are_ties():
    assert ordered(np.array([0.3, 0.1 + 0.2, 0.4])) == [2, 0, 1]


def test_a_phrase_counts_more_the_fewer_chunks_hold_it():
    fused = np.array([0.8, 0.4, 0.4, 0.0])
    holding = np.array([[False, True, False, False], [True, True, True, False], [False] * 4])
    rare, common, unheld = (math.log(1 + 4 / (1 + count)) for count in (1, 3, 0))
    whole = rare + common + unheld
    shares = [common / whole, (rare + common) / whole, common / whole, 0]
    expected = [0.75 * score + 0.25 * 0.8 * share for score, share in zip(fused, shares, strict=True)]
    assert with_phrases(fused, holding, 0.25) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("holding", [np.zeros((2, 3), bool), np.zeros((0, 3), bool)])
def test_without_a_phrase_held_scores_stay(holding):
    assert with_phrases(np.array([0.5, 0.2, 0.0]), holding, 0.2).tolist() == [0.5, 0.2, 0.0]


def test_a_chunk_shares_its_articles_best_score():
    found = with_articles(np.array([0.2, 0.9, 0.6, 0.0]), np.array([1, 0, 1, 2]), 0.5)
    assert found.tolist() == [0.4, 0.9, 0.6, 0.0]
    assert with_articles(np.zeros(0), np.zeros(0, np.int64), 0.5).tolist() == []


@pytest.mark.parametrize(
    ("before", "kept"),
    [(0, 1.0), (10, 1.0), (11, 1 - 0.4 * (1 - 2 ** (-1 / 30))), (40, 0.8), (-30, 0.8), (100_000, 0.6)],
)
def test_age_costs_what_its_formula_says(before, kept):
    day = date(2025, 11, 7)
    days = np.array([(day - timedelta(before)).toordinal(), 0])
    found = aged(np.array([1.0, 1.0]), days, day, recency=0.4, window=10, half_life=30)
    assert found.tolist() == [pytest.approx(kept, abs=1e-9), 0.8]


@given(
    st.lists(st.integers(0, 40), unique=True, max_size=30),
    st.lists(st.integers(0, 60), max_size=10),
    st.integers(0, 15),
)
def test_reserved_keys_get_in_and_the_best_of_the_rest_stay(order, reserved, k):
    found = with_reserved(order, reserved, k)
    promised = list(dict.fromkeys(reserved))[:k]
    assert len(found) == len(set(found)) <= k
    assert set(promised) <= set(found)
    others = [key for key in found if key not in promised]
    assert others == [key for key in order if key not in promised][: len(others)]
    assert len(found) == min(k, len(set(order[:k]) | set(promised)))
    if set(promised) <= set(order[:k]):
        assert found == order[:k]
