"""How alike two birth dates are, by arithmetic on their digits."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

DIFFERENT, SAME_YEAR, TWO_PARTS, ONE_SLIP, EQUAL_PLACEHOLDER, EQUAL = range(6)
Digits = NDArray[np.int8]


def date_digits(values: NDArray[Any]) -> Digits:
    """Return YYYYMMDD texts as eight digits each."""
    if not len(values):
        return np.zeros((0, 8), np.int8)
    text = np.ascontiguousarray(values.astype("S8"))
    return (text.view(np.uint8).reshape(-1, 8) - ord("0")).astype(np.int8)


def compare_dates(one: Digits, other: Digits) -> NDArray[np.int8]:
    """Return the level of agreement of each pair of dates.

    One slip is one digit, two neighbouring digits exchanged, or day and month exchanged. A 1 January is what offices
    write when only the year is known, so its being equal says less.
    """
    same = one == other
    year, month, day = same[:, :4].all(1), same[:, 4:6].all(1), same[:, 6:].all(1)
    known_month, known_day = one[:, 4:6].any(1) & other[:, 4:6].any(1), one[:, 6:].any(1) & other[:, 6:].any(1)
    crossed = (one[:, 4:6] == other[:, 6:]).all(1) & (one[:, 6:] == other[:, 4:6]).all(1)
    level = np.zeros(len(one), np.int8)
    level[year] = SAME_YEAR
    level[((year & (month | day)) | (month & day)) & known_month & known_day] = TWO_PARTS
    level[year & month & ~(known_day)] = TWO_PARTS
    slip = ((~same).sum(1) == 1) | exchanged(one, other, same) | (year & crossed)
    level[slip & known_month & known_day] = ONE_SLIP
    equal = same.all(1)
    level[equal] = EQUAL
    level[equal & (one[:, 4:] == np.array([0, 1, 0, 1], np.int8)).all(1)] = EQUAL_PLACEHOLDER
    level[equal & ~(known_month & known_day)] = SAME_YEAR
    return level


def exchanged(one: Digits, other: Digits, same: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which pairs differ by two neighbouring digits that changed places."""
    differs = (~same).sum(1) == 2
    result = np.zeros(len(one), bool)
    for place in range(7):
        crossed = (one[:, place] == other[:, place + 1]) & (one[:, place + 1] == other[:, place])
        result |= differs & ~same[:, place] & ~same[:, place + 1] & crossed
    return result
