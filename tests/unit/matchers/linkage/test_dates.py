from __future__ import annotations

import numpy as np
import pytest

from matchers.linkage.dates import (
    DIFFERENT,
    EQUAL,
    EQUAL_PLACEHOLDER,
    NEXT_YEAR,
    ONE_SLIP,
    SAME_YEAR,
    TWO_PARTS,
    compare_dates,
    pack_dates,
)


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("19800512", "19800512", EQUAL),
        ("19800101", "19800101", EQUAL_PLACEHOLDER),
        ("19800512", "19800513", ONE_SLIP),
        ("19800512", "19810512", ONE_SLIP),
        ("19800521", "19800512", ONE_SLIP),  # neighbours exchanged
        ("19800512", "19801205", ONE_SLIP),  # day and month exchanged
        ("19800512", "19800527", TWO_PARTS),
        ("19800512", "19670512", TWO_PARTS),
        ("19800512", "19801127", SAME_YEAR),
        ("19800000", "19800512", SAME_YEAR),
        ("19800000", "19800000", SAME_YEAR),
        ("19800500", "19800512", TWO_PARTS),
        ("19800512", "19671127", DIFFERENT),
        ("19800512", "19811127", NEXT_YEAR),
        ("19790512", "19801127", NEXT_YEAR),
        ("19991231", "20000102", NEXT_YEAR),
        ("18990512", "19001127", NEXT_YEAR),
        ("19800512", "19871127", DIFFERENT),
        ("19000512", "19671127", DIFFERENT),
    ],
)
def test_two_dates_get_the_level_their_digits_deserve_in_either_order(one: str, other: str, level: int) -> None:
    packed = pack_dates(np.array([one, other]))
    assert compare_dates(packed[:1], packed[1:]).tolist() == [level]
    assert compare_dates(packed[1:], packed[:1]).tolist() == [level]
