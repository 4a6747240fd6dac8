"""What two citizen numbers that differ may still have in common: place and day of birth, or what a mask leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MASK = "*"
FITS_MASK, SAME_BIRTH = 1, 2
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECK_DIGITS = np.array([ord(digit) for digit in "10x98765432"], dtype=np.uint32)
BIRTH_END = 14  # six digits of place and eight of the day of birth


@dataclass(frozen=True)
class CitizenNumbers:
    """Of each distinct number: a code for its first fourteen digits (-1 where it has not so many), and its mask."""

    texts: NDArray[Any]
    birth: NDArray[np.int32]
    is_masked: NDArray[np.bool_]
    is_valid: NDArray[np.bool_]

    def both_valid(self, one: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Return the pairs of two valid numbers: their being close is no slip of the pen, as a slip breaks the check digit."""
        result: NDArray[np.bool_] = self.is_valid[one] & self.is_valid[other]
        return result

    def levels(self, one: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.int8]:
        """Return the level of each pair of numbers by these parts; 0 where they have nothing in common."""
        same = (self.birth[one] >= 0) & (self.birth[one] == self.birth[other])
        level = np.where(same, SAME_BIRTH, 0).astype(np.int8)
        for place in np.flatnonzero(self.is_masked[one] | self.is_masked[other]):
            level[place] = FITS_MASK if fits(self.texts[one[place]], self.texts[other[place]]) else 0
        return level


def cut_citizen_numbers(texts: NDArray[Any]) -> CitizenNumbers:
    """Return the parts of distinct numbers."""
    is_masked = np.array([MASK in text for text in texts], dtype=bool)
    heads = [text[:BIRTH_END] if len(text) > BIRTH_END and MASK not in text[:BIRTH_END] else "" for text in texts]
    _, birth = np.unique(np.array(heads, dtype=str), return_inverse=True) if heads else (None, np.zeros(0, np.int64))
    has_head = np.array([bool(head) for head in heads], dtype=bool)
    return CitizenNumbers(texts, np.where(has_head, birth, -1).astype(np.int32), is_masked, have_check_digit(texts))


def have_check_digit(texts: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which texts are eighteen digits with the right check digit at the end."""
    shaped = np.array(
        [text if len(text) == len(WEIGHTS) + 1 and text[:-1].isdecimal() else "" for text in texts], dtype="U18"
    )
    result: NDArray[np.bool_] = shaped != ""
    if result.any():
        digits = shaped[result].view(np.uint32).reshape(-1, len(WEIGHTS) + 1)
        remainder = ((digits[:, :-1].astype(np.int64) - ord("0")) * WEIGHTS).sum(1) % len(CHECK_DIGITS)
        result[result] = CHECK_DIGITS[remainder] == digits[:, -1]
    return result


def fits(one: str, other: str) -> bool:
    """Return whether two numbers of one length are equal wherever neither is masked."""
    return len(one) == len(other) and all(MASK in pair or pair[0] == pair[1] for pair in zip(one, other, strict=True))
