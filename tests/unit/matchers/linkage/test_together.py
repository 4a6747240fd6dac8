from __future__ import annotations

import numpy as np
import pytest

from matchers.linkage.proposing import Pairs
from matchers.linkage.scoring import Scored
from matchers.linkage.together import fit, together


def weighed(*pairs: tuple[int, int, float]) -> Scored:
    left, right = (np.array([pair[end] for pair in pairs], np.int32) for end in (0, 1))
    numbered = Pairs(left, right, np.zeros(len(pairs), np.int16))
    weights = np.array([pair[2] for pair in pairs])
    return Scored(numbered, weights, np.ones(len(pairs), bool), np.zeros((len(pairs), 0), np.int8))


# Records 0, 1 and 2 are one person, 3 is somebody else.
LABELS = np.array([0, 0, 0, 3])
SCORED = weighed((0, 1, 9.0), (1, 2, 11.0), (0, 2, -2.0), (2, 3, -1.0))


def test_who_is_one_with_a_third_is_one_with_whom_the_third_is_one() -> None:
    assert together(LABELS, SCORED, fit(LABELS, SCORED)).tolist() == [9.0, 11.0, 3.5, -1.0]


def test_a_record_fits_by_its_average_to_the_rest_of_its_cluster() -> None:
    assert fit(LABELS, SCORED).tolist() == [3.5, 10.0, 4.5, 0.0]
    unproposed = weighed((0, 1, 9.0), (1, 2, 11.0))
    assert fit(LABELS, unproposed)[0] == pytest.approx((9.0 - 1.5) / 2)


def test_pairs_of_different_clusters_are_left_as_they_are() -> None:
    apart = np.arange(4)
    assert together(apart, SCORED, fit(apart, SCORED)).tolist() == SCORED.weight.tolist()
