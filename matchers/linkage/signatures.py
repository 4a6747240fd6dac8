"""Cheap ceilings: how alike two texts can be at most, from the letters in them, without comparing the texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BUCKETS = 32
AT_ONCE = 100_000
Level = NDArray[np.int8]
Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Signatures:
    """Of each distinct value: its length, a bit per letter bucket that occurs (and occurs again), its first letters.

    `beyond` counts letters that occur a third time or more, which the bits do not show.
    """

    length: NDArray[np.int16]
    bits: NDArray[np.uint64]
    beyond: NDArray[np.int16]
    first: NDArray[np.int32]
    head: NDArray[np.int32]

    def shared(self, one: Ints, other: Ints) -> NDArray[np.int16]:
        """Return how many letters two values can have in common at most."""
        common = np.bitwise_count(self.bits[one] & self.bits[other]).astype(np.int16)
        result: NDArray[np.int16] = common + np.minimum(self.beyond[one], self.beyond[other])
        return result


def sign(values: NDArray[Any]) -> Signatures:
    """Return the signatures of distinct values."""
    parts = [sign_some(values[start : start + AT_ONCE]) for start in range(0, max(len(values), 1), AT_ONCE)]
    length, bits, beyond, first = (np.concatenate([part[place] for part in parts]) for place in range(4))
    heads = np.array([text.partition(" ")[0] if " " in text else "" for text in values], dtype=object)
    _, head = np.unique(heads.astype(str), return_inverse=True) if len(values) else (None, np.zeros(0, np.int64))
    head = np.where(heads == "", -1, head)
    return Signatures(length, bits, beyond, first, head.astype(np.int32))


def sign_some(values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return length, bits, letters beyond the bits, and first letter of some values."""
    length = np.fromiter((len(text) for text in values), np.int64, len(values))
    letters = np.frombuffer("".join(values).encode("utf-32-le", "surrogatepass"), np.uint32)
    owner = np.repeat(np.arange(len(values)), length)
    seen = np.bincount(owner * BUCKETS + (letters % BUCKETS), minlength=len(values) * BUCKETS)
    counts = np.minimum(seen, 255).reshape(len(values), BUCKETS)
    once, twice = (np.packbits(counts >= times, axis=1).view(np.uint32)[:, 0].astype(np.uint64) for times in (1, 2))
    beyond = length - np.minimum(counts, 2).sum(1)
    starts = np.cumsum(length) - length
    first = np.where(length > 0, np.append(letters, 0)[np.minimum(starts, len(letters))], 0)
    return length.astype(np.int16), once | (twice << np.uint64(32)), beyond.astype(np.int16), first.astype(np.int32)


def jaro_winkler_ceiling(signs: Signatures, one: Ints, other: Ints) -> NDArray[np.float32]:
    """Return the highest Jaro-Winkler likeness two values can have."""
    shared = signs.shared(one, other).astype(np.float32)
    length_one, length_other = np.maximum(signs.length[one], 1), np.maximum(signs.length[other], 1)
    jaro = (shared / length_one + shared / length_other + 1.0) / 3.0
    jaro = np.where(shared == 0, 0.0, np.minimum(jaro, 1.0))
    prefix = np.where(signs.first[one] == signs.first[other], 0.4, 0.0)
    result: NDArray[np.float32] = (jaro + prefix * (1.0 - jaro)).astype(np.float32)
    return result


def fewest_slips(signs: Signatures, one: Ints, other: Ints) -> NDArray[np.int16]:
    """Return the fewest letters that must be changed, dropped, added or exchanged to make two values equal."""
    longest = np.maximum(signs.length[one], signs.length[other])
    result: NDArray[np.int16] = np.maximum(longest - signs.shared(one, other), 0)
    return result


def reached(likeness: NDArray[Any], bounds: tuple[float, ...]) -> Level:
    """Return how many of the rising bounds each likeness reaches."""
    result: Level = np.digitize(likeness, np.array(bounds)).astype(np.int8)
    return result


def name_ceiling(signs: Signatures, one: Ints, other: Ints) -> Level:
    """Return the highest level two Latin names can reach, slots aside."""
    return reached(jaro_winkler_ceiling(signs, one, other) + 1e-4, (0.7, 0.82, 0.92))


def text_ceiling(signs: Signatures, one: Ints, other: Ints) -> Level:
    """Return the highest level two texts can reach."""
    return reached(jaro_winkler_ceiling(signs, one, other) + 1e-4, (0.75, 0.9))


def email_ceiling(signs: Signatures, one: Ints, other: Ints) -> Level:
    """Return the highest level two email addresses can reach."""
    return reached(jaro_winkler_ceiling(signs, one, other) + 1e-4, (0.9,))


def number_ceiling(signs: Signatures, one: Ints, other: Ints) -> Level:
    """Return the highest level two numbers can reach."""
    return reached(-fewest_slips(signs, one, other), (-2.0, -1.0))


def postcode_ceiling(signs: Signatures, one: Ints, other: Ints) -> Level:
    """Return the highest level two postcodes can reach, heads aside."""
    near: Level = (fewest_slips(signs, one, other) <= 1).astype(np.int8)
    return near


def initial_ceiling(signs: Signatures, one: Ints, other: Ints) -> Level:
    """Return the level of two middle names, which the first letters settle."""
    same: Level = (signs.first[one] == signs.first[other]).astype(np.int8)
    return same


def han_ceiling(signs: Signatures, one: Ints, other: Ints) -> Level:
    """Return the highest level two Chinese names can reach, sounds aside."""
    shared = signs.shared(one, other)
    near = fewest_slips(signs, one, other) <= 1
    return np.where(near, 2, shared > 0).astype(np.int8)


def full_name_ceiling(signs: Signatures, one: Ints, other: Ints) -> Level:
    """Return the highest level two full names can reach, in any order of words."""
    shared = signs.shared(one, other).astype(np.float32)
    shortest = np.minimum(signs.length[one], signs.length[other])
    total = np.maximum(signs.length[one] + signs.length[other], 1)
    ceiling = reached(200.0 * shared / total + 1e-3, (65.0, 82.0, 99.9))
    ceiling[ceiling == 3] = 4
    return np.where((shared >= 0.9 * shortest) & (ceiling < 4), 3, ceiling).astype(np.int8)


CEILINGS: dict[str, Callable[[Signatures, Ints, Ints], Level]] = {
    "name": name_ceiling,
    "text": text_ceiling,
    "email": email_ceiling,
    "number": number_ceiling,
    "postcode": postcode_ceiling,
    "initial": initial_ceiling,
    "han_name": han_ceiling,
    "full_name": full_name_ceiling,
}
