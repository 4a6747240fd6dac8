"""How alike two house numbers, flats or other small numbers are, by arithmetic on their digits packed into one number."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.compiled import compiled, inlined

DIFFERENT, NEAR, SAME_DIGITS = range(3)
NEAR_BY = 2  # numbers that are not farther apart: the next house on the same side, one child more
SHORTEST_SLIP = 3  # digits of the longer number: most numbers of two digits are one slip from each other
MOST_DIGITS = 7  # of a number that is looked at; whatever is longer is equal or different
VALUE_BITS, DIGIT_BITS = 24, 28
NO_DIGIT = re.compile("[^0-9]+")
Packed = NDArray[np.uint64]


def pack_numbers(values: NDArray[Any]) -> Packed:
    """Return the digits of texts as one number each: how many, a hexadecimal digit for every one, and their value.

    Letters are left out (12a, 3单元502室). A text without digits, or with too many, is 0.
    """
    return np.array([packed(NO_DIGIT.sub("", text)) for text in values], dtype=np.uint64)


def packed(digits: str) -> int:
    """Return digits as one number."""
    if not 0 < len(digits) <= MOST_DIGITS:
        return 0
    return (len(digits) << DIGIT_BITS | int(digits, 16)) << VALUE_BITS | int(digits)


@compiled
def compare_numbers(one: Packed, other: Packed) -> NDArray[np.int8]:
    """Return the level of each pair of numbers whose texts are not equal."""
    result = np.empty(len(one), np.int8)
    for place in range(len(one)):
        result[place] = nearness(one[place], other[place])
    return result


@inlined
def nearness(first: np.uint64, second: np.uint64) -> int:
    """Return the level of two packed numbers whose texts are not equal."""
    one, other = int(first), int(second)
    level = DIFFERENT
    if one == 0 or other == 0:
        level = DIFFERENT
    elif one == other:
        level = SAME_DIGITS
    elif abs((one & 0xFFFFFF) - (other & 0xFFFFFF)) <= NEAR_BY or is_one_slip(one >> VALUE_BITS, other >> VALUE_BITS):
        level = NEAR
    return level


@inlined
def is_one_slip(one: int, other: int) -> bool:
    """Return whether two numbers differ by a digit changed, dropped, added or exchanged with its neighbour."""
    longer, shorter = max(one, other), min(one, other)
    size, lack = longer >> DIGIT_BITS, (longer >> DIGIT_BITS) - (shorter >> DIGIT_BITS)
    longer, shorter = longer & 0xFFFFFFF, shorter & 0xFFFFFFF
    left = size - lack  # digits of the shorter number that are not yet known to be the end of both
    while left > 0 and (longer ^ shorter) & 0xF == 0:
        longer, shorter, left = longer >> 4, shorter >> 4, left - 1
    turned = (longer & 0xF) << 4 | longer >> 4 & 0xF
    exchanged = longer >> 8 == shorter >> 8 and turned == shorter & 0xFF
    slip = longer >> 4 == shorter >> 4 or exchanged if lack == 0 else longer >> 4 == shorter
    return size >= SHORTEST_SLIP and lack <= 1 and slip
