"""How alike two birth dates are, by arithmetic on their digits packed into one number, four bits each."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

DIFFERENT, NEXT_YEAR, SAME_YEAR, TWO_PARTS, ONE_SLIP, EQUAL_PLACEHOLDER, EQUAL = range(7)
Packed = NDArray[np.uint32]

MONTH, DAY = np.uint32(0xFF00), np.uint32(0xFF)
NEW_YEARS_DAY = np.uint32(0x0101)
LOWEST_BITS = np.uint32(0x11111111)


def pack_dates(values: NDArray[Any]) -> Packed:
    """Return YYYYMMDD texts as one number each, a hexadecimal digit for every decimal one."""
    return np.array([int(text, 16) for text in values], dtype=np.uint32)


def compare_dates(one: Packed, other: Packed) -> NDArray[np.int8]:
    """Return the level of agreement of each pair of dates.

    One slip is one digit, two neighbouring digits exchanged, or day and month exchanged. A 1 January is what offices
    write when only the year is known, so its being equal says less.
    """
    apart = one ^ other
    year, month, day = apart >> 16 == 0, apart & MONTH == 0, apart & DAY == 0
    whole = is_whole(one) & is_whole(other)
    two_parts = ((year & (month | day)) | (month & day)) & whole
    level = np.where(year, SAME_YEAR, DIFFERENT).astype(np.int8)
    level[in_neighbouring_years(one, other)] = NEXT_YEAR
    level[two_parts | (year & month & ~whole & (one & MONTH > 0))] = TWO_PARTS
    level[has_one_slip(one, other, apart) & whole] = ONE_SLIP
    equal = apart == 0
    level[equal] = np.where(one[equal] & np.uint32(0xFFFF) == NEW_YEARS_DAY, EQUAL_PLACEHOLDER, EQUAL)
    level[equal & ~whole] = SAME_YEAR
    return level


def in_neighbouring_years(one: Packed, other: Packed) -> NDArray[np.intp]:
    """Return the places of the pairs whose years follow each other: whoever is asked for an age is often one year off."""
    first, second = (one >> 16).astype(np.int32), (other >> 16).astype(np.int32)
    apart = np.abs(first - second)
    maybe = np.flatnonzero((apart == 1) | (apart == 0x7) | (apart == 0x67) | (apart == 0x667))
    low, step = np.minimum(first[maybe], second[maybe]), apart[maybe]
    carried = ((step == 0x7) & (low & 0xF == 9)) | ((step == 0x67) & (low & 0xFF == 0x99)) | (low & 0xFFF == 0x999)
    result: NDArray[np.intp] = maybe[(step == 1) | carried]
    return result


def is_whole(dates: Packed) -> NDArray[np.bool_]:
    """Return which dates have a month and a day."""
    result: NDArray[np.bool_] = (dates & MONTH > 0) & (dates & DAY > 0)
    return result


def has_one_slip(one: Packed, other: Packed, apart: Packed) -> NDArray[np.bool_]:
    """Return which pairs differ by one digit, by two neighbours exchanged, or by day and month exchanged."""
    digits = (apart | apart >> 1 | apart >> 2 | apart >> 3) & LOWEST_BITS
    count = np.bitwise_count(digits)
    slip: NDArray[np.bool_] = count == 1
    maybe = np.flatnonzero((count == 2) | ((count <= 4) & (apart >> 16 == 0) & (count > 1)))
    slip[maybe] |= exchanged(one[maybe], other[maybe])
    return slip


def exchanged(one: Packed, other: Packed) -> NDArray[np.bool_]:
    """Return which pairs become equal when two neighbouring digits, or day and month, change places in one of them."""
    result = (one & ~np.uint32(0xFFFF)) | (one & MONTH) >> 8 | (one & DAY) << 8 == other
    for place in range(0, 28, 4):
        low, high = np.uint32(0xF << place), np.uint32(0xF << (place + 4))
        turned = (one & ~(low | high)) | (one & low) << np.uint32(4) | (one & high) >> np.uint32(4)
        result |= turned == other
    return np.asarray(result)
