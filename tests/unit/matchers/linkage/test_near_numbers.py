from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from matchers.linkage.near_numbers import DIFFERENT, NEAR, SAME_DIGITS, compare_numbers, pack_numbers

DIGITS = st.text("0123", min_size=1, max_size=7) | st.text("0123456789", min_size=1, max_size=7)


def level(one: str, other: str) -> int:
    packed = pack_numbers(np.array([one, other], dtype=object))
    return int(compare_numbers(packed[:1], packed[1:])[0])


@given(DIGITS, DIGITS)
def test_numbers_are_near_by_value_or_by_one_slip_as_letters_are_counted(one: str, other: str) -> None:
    slip = OSA.distance(one, other) == 1 and max(len(one), len(other)) >= 3
    near = NEAR if slip or abs(int(one) - int(other)) <= 2 else DIFFERENT
    assert level(one, other) == level(other, one) == (SAME_DIGITS if one == other else near)


@given(DIGITS, st.sampled_from(["abc", "号", "# "]))
def test_letters_beside_the_digits_do_not_count(digits: str, letters: str) -> None:
    assert level(letters + digits, digits) == SAME_DIGITS
    assert level(letters, digits) == level(letters, letters * 2) == DIFFERENT
