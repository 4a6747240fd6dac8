"""Cheap ceilings: how alike two texts can be at most, from the letters in them, without comparing the texts."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

BUCKETS = 32
AT_ONCE = 100_000
SIZES = 64  # lengths a ceiling is worked out for; whatever is longer may be alike
Level = NDArray[np.int8]
Ints = NDArray[np.int32]
Sizes = NDArray[np.int64]
# Two numbers per text. The first has a bit per letter bucket that occurs, and one where it occurs again. The second holds,
# from its lowest bit, the first letter (21 bits), the length (6), how many letters are a third or later of their bucket
# (5), and the code of the value (32), all ones where it is missing.
Signed = NDArray[np.uint64]
LENGTH, BEYOND, CODE = np.uint32(21), np.uint32(27), np.uint64(32)
FIRST_LETTER, LAST_LENGTH, LAST_BEYOND = np.uint32((1 << 21) - 1), np.uint32(SIZES - 1), np.uint32(31)


def sign(values: NDArray[Any]) -> Signed:
    """Return the signatures of distinct values, each with its place as its code."""
    parts = [sign_some(values[start : start + AT_ONCE]) for start in range(0, max(len(values), 1), AT_ONCE)]
    signs = np.concatenate(parts)
    signs[:, 1] |= np.arange(len(signs), dtype=np.uint64) << CODE
    return signs


def sign_some(values: NDArray[Any]) -> Signed:
    """Return the signatures of some values, without codes."""
    length = np.fromiter(map(len, values), np.int64, len(values))
    letters = np.frombuffer("".join(values).encode("utf-32-le", "surrogatepass"), np.uint32)
    bit = np.uint32(1) << (letters % np.uint32(BUCKETS))
    starts = np.cumsum(length) - length
    order = np.argsort(-length, kind="stable")  # the longest first: those with a next letter are the first so many
    longer = len(values) - np.cumsum(np.bincount(length, minlength=1))
    begin = starts[order]
    once, twice = np.zeros(len(values), np.uint32), np.zeros(len(values), np.uint32)
    beyond = np.zeros(len(values), np.uint16)
    for place, count in enumerate(longer[:-1].tolist()):
        seen = bit[begin[:count] + place]
        beyond[:count] += (twice[:count] & seen) != 0
        twice[:count] |= once[:count] & seen
        once[:count] |= seen
    signs = np.empty((len(values), 2), np.uint64)
    signs[order, 0] = once | twice.astype(np.uint64) << np.uint64(BUCKETS)
    first = np.append(letters, np.uint32(0))[np.minimum(begin, len(letters))].astype(np.uint64)
    size = np.where(beyond > LAST_BEYOND, SIZES - 1, np.minimum(length[order], SIZES - 1)).astype(np.uint64)
    more = np.minimum(beyond, LAST_BEYOND).astype(np.uint64)
    signs[order, 1] = np.where(length[order] > 0, first, np.uint64(0)) | size << LENGTH | more << BEYOND
    return signs


def of_rows(signs: Signed, codes: Ints) -> Signed:
    """Return the signature of each row's value; a row without one has the code of a missing value."""
    missing = np.array([[0, np.iinfo(np.uint64).max << int(CODE) & np.iinfo(np.uint64).max]], np.uint64)
    return taken(np.concatenate([signs, missing]), np.where(codes < 0, len(signs), codes))


def taken(signs: Signed, places: NDArray[Any]) -> Signed:
    """Return some signatures; both numbers are fetched at once."""
    whole = np.ascontiguousarray(signs).view(np.complex128)[:, 0]
    result: Signed = np.take(whole, places)[:, None].view(np.uint64)
    return result


def alike(table: Level, one: Signed, other: Signed) -> Level:
    """Return the highest level each pair of unequal texts can reach, out of a table of ceilings."""
    about, beside = one[:, 1].astype(np.uint32), other[:, 1].astype(np.uint32)  # without the codes
    shared = np.bitwise_count(one[:, 0] & other[:, 0])
    shared += np.minimum((about >> BEYOND).astype(np.uint8), (beside >> BEYOND).astype(np.uint8))
    place = np.minimum(shared, SIZES - 1).astype(np.uint32)
    place |= (beside >> LENGTH & LAST_LENGTH) << np.uint32(6)
    place |= (about >> LENGTH & LAST_LENGTH) << np.uint32(12)
    place |= (((about ^ beside) & FIRST_LETTER) == 0).astype(np.uint32) << np.uint32(18)
    result: Level = table[place]
    return result


@cache
def ceilings(kind: str) -> Level:
    """Return the table of the ceilings of a kind: by whether the first letters are equal, both lengths, and letters shared."""
    size = np.arange(SIZES)
    first, one, other, shared = np.meshgrid(np.arange(2), size, size, size, indexing="ij", sparse=True)
    found = CEILINGS[kind](shared, one, other, first == 1)
    table = np.broadcast_to(found, (2, SIZES, SIZES, SIZES)).copy()
    table[:, -1] = table[:, :, -1] = found.max()
    return table.ravel()


def jaro_winkler_ceiling(shared: Sizes, one: Sizes, other: Sizes, same_first: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the highest Jaro-Winkler likeness of texts of two lengths that share so many letters."""
    jaro = (shared / np.maximum(one, 1) + shared / np.maximum(other, 1) + 1.0) / 3.0
    jaro = np.where(shared == 0, 0.0, np.minimum(jaro, 1.0))
    result: NDArray[np.float64] = jaro + np.where(same_first, 0.4, 0.0) * (1.0 - jaro)
    return result


def fewest_slips(shared: Sizes, one: Sizes, other: Sizes) -> Sizes:
    """Return the fewest letters that must be changed, dropped, added or exchanged to make two texts equal."""
    return np.maximum(np.maximum(one, other) - shared, 0)


def reached(likeness: NDArray[Any], bounds: tuple[float, ...]) -> Level:
    """Return how many of the rising bounds each likeness reaches."""
    result = np.zeros(likeness.shape, np.int8)
    for bound in bounds:
        result += likeness >= np.float64(bound)
    return result


def name_ceiling(shared: Sizes, one: Sizes, other: Sizes, same_first: NDArray[np.bool_]) -> Level:
    """Return the highest level two Latin names can reach, short forms and slots aside; one may be the other's initial."""
    level = reached(jaro_winkler_ceiling(shared, one, other, same_first) + 1e-4, (0.7, 0.82, 0.92))
    return np.maximum(level, np.where(same_first & (np.minimum(one, other) == 1), INITIAL, 0)).astype(np.int8)


def text_ceiling(shared: Sizes, one: Sizes, other: Sizes, same_first: NDArray[np.bool_]) -> Level:
    """Return the highest level two texts can reach."""
    return reached(jaro_winkler_ceiling(shared, one, other, same_first) + 1e-4, (0.75, 0.9))


def email_ceiling(shared: Sizes, one: Sizes, other: Sizes, same_first: NDArray[np.bool_]) -> Level:
    """Return the highest level two email addresses can reach."""
    return reached(jaro_winkler_ceiling(shared, one, other, same_first) + 1e-4, (0.9,))


def number_ceiling(shared: Sizes, one: Sizes, other: Sizes, _: NDArray[np.bool_]) -> Level:
    """Return the highest level two numbers can reach."""
    return reached(-fewest_slips(shared, one, other), (-2.0, -1.0))


def postcode_ceiling(shared: Sizes, one: Sizes, other: Sizes, _: NDArray[np.bool_]) -> Level:
    """Return the highest level two postcodes can reach, heads aside."""
    near: Level = (fewest_slips(shared, one, other) <= 1).astype(np.int8)
    return near


def initial_ceiling(shared: Sizes, one: Sizes, other: Sizes, same_first: NDArray[np.bool_]) -> Level:
    """Return the level of two middle names, which the first letters settle."""
    same: Level = np.broadcast_to(same_first, np.broadcast(shared, one, other, same_first).shape).astype(np.int8)
    return same


def han_ceiling(shared: Sizes, one: Sizes, other: Sizes, _: NDArray[np.bool_]) -> Level:
    """Return the highest level two Chinese names can reach, sounds aside."""
    near = fewest_slips(shared, one, other) <= 1
    return np.where(near, 2, shared > 0).astype(np.int8)


def full_name_ceiling(shared: Sizes, one: Sizes, other: Sizes, _: NDArray[np.bool_]) -> Level:
    """Return the highest level two full names can reach: the same words have all letters in common, contained ones theirs."""
    level = np.where(shared >= 3, 3, shared >= 1)
    level = np.where(shared >= np.minimum(one, other), 4, level)
    return np.where((shared >= one) & (one == other), 5, level).astype(np.int8)


INITIAL = 2  # the level of a Latin name and its initial
CEILINGS: dict[str, Callable[[Sizes, Sizes, Sizes, NDArray[np.bool_]], Level]] = {
    "name": name_ceiling,
    "text": text_ceiling,
    "email": email_ceiling,
    "number": number_ceiling,
    "postcode": postcode_ceiling,
    "initial": initial_ceiling,
    "han_name": han_ceiling,
    "full_name": full_name_ceiling,
}
