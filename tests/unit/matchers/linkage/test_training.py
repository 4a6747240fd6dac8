from __future__ import annotations

import numpy as np
import pyarrow as pa

from matchers.linkage.coded import CodedColumn
from matchers.linkage.fields import Field
from matchers.linkage.random_pairs import equal_shares, naive_shares
from matchers.linkage.training import count_patterns, estimate, keeping_equals

FIELDS = (Field("given_name", "exact"), Field("birth_date", "exact"), Field("phone", "exact"), Field("email", "exact"))
SAME, STRANGER = (0.9, 0.95, 0.8, 0.85), (0.02, 0.01, 0.05, 0.03)


def drawn_levels(count: int, agree: tuple[float, ...], seed: int) -> np.ndarray:
    draw = np.random.default_rng(seed)
    return (draw.random((count, len(agree))) < np.array(agree)).astype(np.int8)


NAIVE = tuple(np.array([0.0, 0.1 * m + 0.9 * u]) for m, u in zip(SAME, STRANGER, strict=True))


def test_em_finds_the_probabilities_the_pairs_were_drawn_with() -> None:
    levels = np.concatenate([drawn_levels(20_000, SAME, 1), drawn_levels(180_000, STRANGER, 2)])
    model = estimate(FIELDS, count_patterns(levels, 1.0, 20_000), naive_shares(FIELDS, levels, NAIVE), 200_000.0)
    assert abs(model.same_share - 0.1) < 0.01
    assert np.allclose([part.same[1] for part in model.fields], SAME, atol=0.02)
    # The true matches among the random pairs are not credited to strangers.
    assert np.allclose([part.stranger[1] for part in model.fields], STRANGER, atol=0.01)


def test_a_missing_value_says_nothing() -> None:
    levels = np.concatenate([drawn_levels(20_000, SAME, 1), drawn_levels(180_000, STRANGER, 2)])
    levels[::2, 3] = -1
    model = estimate(FIELDS, count_patterns(levels, 1.0, 20_000), naive_shares(FIELDS, levels, NAIVE), 200_000.0)
    assert np.allclose([part.same[1] for part in model.fields], SAME, atol=0.02)


def test_how_often_strangers_share_a_value_is_counted_and_not_guessed() -> None:
    column = CodedColumn(np.array([0, 0, 0, 1, -1], np.int32), pa.array(["a", "b"]), np.array([3, 1]))
    shares = equal_shares(column, np.array([1, 1], np.int8), np.zeros(5, np.int64), is_link=False)
    assert shares.tolist() == [0.0, 0.5]  # 6 of the 12 ordered pairs of four records
    across = equal_shares(column, np.array([1, 1], np.int8), np.array([0, 0, 1, 1, 1]), is_link=True)
    assert across.tolist() == [0.0, 0.5]  # a | a b: 2 records against 2, 2 of 4 pairs


def test_what_a_sample_of_random_pairs_never_meets_is_learnt_from_the_proposed_strangers() -> None:
    fields = (Field("full_name", "full_name"), Field("email", "exact"))
    proposed = np.concatenate(
        [np.tile(np.array([[4, 1]], np.int8), (50, 1)), np.tile(np.array([[4, 0]], np.int8), (400, 1))]
    )
    equal = (np.array([0.0] * 6 + [1e-9]), np.array([0.0, 1e-6]))
    for met, expected in ((0, 400 / 1e7), (900, 900 / 100_900)):
        sample = np.concatenate([np.zeros((100_000, 2), np.int8), np.tile(np.array([[4, 0]], np.int8), (met, 1))])
        naive = naive_shares(fields, sample, equal)
        model = estimate(fields, count_patterns(proposed, 1.0, 5_000), naive, 1e7)
        assert np.isclose(model.fields[0].stranger[4], expected, rtol=0.15)


def test_in_full_names_housemates_share_a_surname_and_no_more() -> None:
    fields = (Field("full_name", "full_name"), Field("address", "exact", is_shared=True))
    house, same, other = np.array([[1, 1]], np.int8), np.array([[6, 1]], np.int8), np.array([[0, 0]], np.int8)
    drawn = np.concatenate([np.tile(house, (600, 1)), np.tile(same, (300, 1)), np.tile(other, (9_100, 1))])
    equal = (np.array([0.0] * 6 + [0.001]), np.array([0.0, 0.001]))
    sample = np.tile(other, (10_000, 1))
    sample[:200, 0] = 1
    model = estimate(fields, count_patterns(drawn, 1.0, 1_000), naive_shares(fields, sample, equal), 1e6)
    whole = model.fields[0]
    assert whole.housemate[1] > 0.9
    assert np.allclose(whole.housemate[3:], whole.stranger[3:])


def test_patterns_keep_their_counts() -> None:
    patterns = count_patterns(np.array([[1, -1], [1, -1], [0, 1]], np.int8), 2.0, 3)
    assert sorted(zip(map(tuple, patterns.levels.tolist()), patterns.counts.tolist(), strict=True)) == [
        ((0, 1), 2.0),
        ((1, -1), 4.0),
    ]


def test_what_values_say_stays_relative_to_how_often_strangers_are_equal() -> None:
    born = Field("birth_date", "date")
    before, found = np.full(7, 1 / 7), np.array([0.4, 0.2, 0.1, 0.1, 0.1, 0.05, 0.05])
    kept = keeping_equals(born, found, before)
    assert np.allclose(kept[5:], 1 / 7)
    assert np.isclose(kept.sum(), 1.0)
    assert np.allclose(kept[:5] / kept[0], found[:5] / found[0])
    spoken = Field("spoken_name", "spoken_name")
    assert (keeping_equals(spoken, found[:4], before[:4]) == found[:4]).all()
