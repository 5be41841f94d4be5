"""Fusion against its formulas, and the promises that search builds on."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fuse import ordered, reciprocal_rank, scaled, weighted_sum, with_reserved

SCORES = st.dictionaries(st.integers(0, 30), st.floats(-1e300, 1e300), max_size=12)
PARTS = st.lists(SCORES, min_size=1, max_size=4)


def weights_for(parts):
    return st.lists(st.floats(0.001, 1e6), min_size=len(parts), max_size=len(parts))


WEIGHTED = PARTS.flatmap(lambda parts: st.tuples(st.just(parts), weights_for(parts)))


@given(SCORES)
def test_scaled_scores_lie_between_0_and_1_and_keep_their_order(part):
    found = scaled(part)
    assert found.keys() == part.keys()
    assert all(0 <= score <= 1 for score in found.values())
    if part:
        assert found[max(part, key=lambda key: part[key])] == 1
    for one in part:
        for other in part:
            if part[one] > part[other]:
                assert found[one] >= found[other]


@given(st.dictionaries(st.integers(0, 30), st.integers(-1000, 1000), min_size=2, max_size=12))
def test_scaling_does_not_depend_on_unit_or_origin(part):
    moved = {key: 8.0 * score - 64.0 for key, score in part.items()}
    assert scaled(moved) == pytest.approx(scaled(part))


@pytest.mark.parametrize("fuse", [weighted_sum, reciprocal_rank])
@given(weighted=WEIGHTED)
def test_every_key_of_every_part_is_fused_and_none_else(fuse, weighted):
    parts, weights = weighted
    fused = fuse(parts, weights)
    assert fused.keys() == set().union(*parts)
    assert all(math.isfinite(score) and score >= 0 for score in fused.values())


@given(WEIGHTED)
def test_the_weighted_sum_is_the_mean_that_its_formula_says(weighted):
    parts, weights = weighted
    fused = weighted_sum(parts, weights)
    for key, score in fused.items():
        expected = math.fsum(
            weight * scaled(part).get(key, 0.0) for part, weight in zip(parts, weights, strict=True)
        ) / math.fsum(weights)
        assert score == pytest.approx(expected, abs=1e-12)
        assert score <= 1 + 1e-9


@given(WEIGHTED)
def test_reciprocal_rank_is_what_its_formula_says(weighted):
    parts, weights = weighted
    fused = reciprocal_rank(parts, weights, constant=60)
    for key, score in fused.items():
        expected = sum(
            weight / (60 + 1 + sum(other > part[key] for other in part.values()))
            for part, weight in zip(parts, weights, strict=True)
            if key in part
        )
        assert score == pytest.approx(expected)


@pytest.mark.parametrize("fuse", [weighted_sum, reciprocal_rank])
@given(weighted=WEIGHTED, seed=st.randoms())
def test_the_order_of_keys_and_parts_does_not_matter(fuse, weighted, seed):
    parts, weights = weighted
    pairs = list(zip(parts, weights, strict=True))
    seed.shuffle(pairs)
    shuffled = []
    for part, _ in pairs:
        keys = list(part)
        seed.shuffle(keys)
        shuffled.append({key: part[key] for key in keys})
    again = fuse(shuffled, [weight for _, weight in pairs])
    assert again == pytest.approx(fuse(parts, weights))
    place = {key: ("", key) for key in again}.__getitem__
    assert ordered(fuse(parts, [1.0] * len(parts)), place) == ordered(
        fuse(shuffled, [1.0] * len(parts)), place
    )


@pytest.mark.parametrize("fuse", [weighted_sum, reciprocal_rank])
@given(
    other=st.dictionaries(st.integers(0, 9), st.integers(0, 50), min_size=10, max_size=10),
    place=st.integers(0, 9),
)
def test_a_better_score_in_one_part_never_lowers_the_rank(fuse, other, place):
    part = {key: float(key) for key in range(10)}
    better = {**part, place: 9.0}
    before = fuse([part, other], [1.0, 1.0])
    after = fuse([better, other], [1.0, 1.0])
    assert sum(score > after[place] for score in after.values()) <= sum(
        score > before[place] for score in before.values()
    )


def test_equal_scores_share_a_rank():
    assert reciprocal_rank([{1: 5.0, 2: 5.0, 3: 1.0}], [1.0], constant=0) == {1: 1.0, 2: 1.0, 3: 1 / 3}


def test_a_part_of_weight_0_changes_nothing_but_adds_its_keys():
    assert weighted_sum([{1: 1.0, 2: 3.0}, {7: 2.0}], [1.0, 0.0]) == {1: 0.0, 2: 1.0, 7: 0.0}


@pytest.mark.parametrize("fuse", [weighted_sum, reciprocal_rank])
@pytest.mark.parametrize("weights", [[], [1.0], [0.0, 0.0], [-1.0, 2.0], [math.nan, 1.0], [math.inf, 1.0]])
def test_weights_that_make_no_sense_are_refused(fuse, weights):
    with pytest.raises(ValueError, match=r"[Ww]eights"):
        fuse([{1: 1.0}, {2: 1.0}], weights)


def test_a_negative_constant_is_refused():
    with pytest.raises(ValueError, match="negative"):
        reciprocal_rank([{1: 1.0}], [1.0], constant=-1)


def test_scores_apart_by_rounding_alone_are_ties():
    assert ordered({1: 0.3, 2: 0.1 + 0.2, 3: 0.4}, lambda key: ("article", key)) == [3, 1, 2]


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
