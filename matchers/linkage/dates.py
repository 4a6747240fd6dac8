"""How alike two birth dates are, by arithmetic on their digits packed into one number, four bits each."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.compiled import compiled, inlined

DIFFERENT, NEXT_YEAR, SAME_YEAR, TWO_PARTS, ONE_SLIP, EQUAL_PLACEHOLDER, EQUAL = range(7)
Packed = NDArray[np.uint32]
DIGITS = 8


def pack_dates(values: NDArray[Any]) -> Packed:
    """Return YYYYMMDD texts as one number each, a hexadecimal digit for every decimal one."""
    return np.array([int(text, 16) for text in values], dtype=np.uint32)


@compiled
def compare_dates(one: Packed, other: Packed) -> NDArray[np.int8]:
    """Return the level of agreement of each pair of dates.

    One slip is one digit, two neighbouring digits exchanged, or day and month exchanged. A 1 January is what offices
    write when only the year is known, so its being equal says less.
    """
    result = np.empty(len(one), np.int8)
    for place in range(len(one)):
        result[place] = level_of(one[place], other[place])
    return result


@inlined
def level_of(first: np.unsignedinteger, second: np.unsignedinteger) -> int:
    """Return the level of agreement of two packed dates."""
    one, other = int(first), int(second)
    same_year, same_month = one >> 16 == other >> 16, one >> 8 & 0xFF == other >> 8 & 0xFF
    whole = is_whole(one) and is_whole(other)
    level = DIFFERENT
    if one == other:
        level = SAME_YEAR if not whole else EQUAL_PLACEHOLDER if one & 0xFFFF == 0x0101 else EQUAL
    elif whole and has_one_slip(one, other):
        level = ONE_SLIP
    elif (same_year or same_month) and agree_on_two(one, other, whole):
        level = TWO_PARTS
    elif same_year:
        level = SAME_YEAR
    elif abs(year_of(one) - year_of(other)) == 1:  # whoever is asked for an age is often one year off
        level = NEXT_YEAR
    return level


@inlined
def agree_on_two(one: int, other: int, whole: bool) -> bool:
    """Return whether two dates agree on two of year, month and day; on year and month where a day is not given."""
    year, month, day = one >> 16 == other >> 16, one >> 8 & 0xFF == other >> 8 & 0xFF, one & 0xFF == other & 0xFF
    return (year and (month or day)) or (month and day) if whole else year and month and one & 0xFF00 > 0


@inlined
def is_whole(date: int) -> bool:
    """Return whether a date has a month and a day."""
    return date & 0xFF00 > 0 and date & 0xFF > 0


@inlined
def year_of(date: int) -> int:
    """Return the year as a number."""
    return (date >> 28) * 1000 + (date >> 24 & 0xF) * 100 + (date >> 20 & 0xF) * 10 + (date >> 16 & 0xF)


@inlined
def has_one_slip(one: int, other: int) -> bool:
    """Return whether two dates differ by one digit, by two neighbours exchanged, or by day and month exchanged."""
    apart = one ^ other
    count, first = 0, 0
    for digit in range(DIGITS):
        if apart >> 4 * digit & 0xF:
            first = digit if count == 0 else first
            count += 1
    pair, turned = one >> 4 * first & 0xFF, other >> 4 * first & 0xFF
    neighbours = count == 2 and apart >> (4 * first + 4) & 0xF > 0 and pair == (turned >> 4 | (turned & 0xF) << 4)
    day_and_month = one >> 16 == other >> 16 and one >> 8 & 0xFF == other & 0xFF and one & 0xFF == other >> 8 & 0xFF
    return count == 1 or neighbours or day_and_month
