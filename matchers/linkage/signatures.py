"""Cheap ceilings: how alike two texts can be at most, from the letters in them, without comparing the texts."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matchers.linkage.compiled import AHEAD, compiled, fetch_ahead, inlined

BUCKETS = 32
MOST_BEYOND = 31
SIZES = 64  # lengths a ceiling is worked out for; whatever is longer may be alike
Level = NDArray[np.int8]
Ints = NDArray[np.int32]
Sizes = NDArray[np.int64]
# Two numbers per text. The first has a bit per letter bucket that occurs, and one where it occurs again. The second holds,
# from its lowest bit, the first letter (21 bits), the length (6), how many letters are a third or later of their bucket
# (5), and the code of the value (32), all ones where it is missing.
Signed = NDArray[np.uint64]
LENGTH, BEYOND, CODE = np.uint64(21), np.uint64(27), np.uint64(32)
FIRST_LETTER, LAST_LENGTH, LAST_BEYOND = np.uint64((1 << 21) - 1), np.uint64(SIZES - 1), np.uint64(MOST_BEYOND)
NO_CODE = np.uint64(0xFFFFFFFF)
SAME_FIRST = np.uint64(1 << 18)
MISSING, UNDECIDED = -1, -2
# Of each row a number that alike values share though their letters differ (-1 none), and the level they may reach by it.
Hidden = tuple[NDArray[np.int32], int]


def sign(texts: Any) -> Signed:
    """Return the signatures of an Arrow array of distinct texts, each with its place as its code."""
    return sign_bytes(*bytes_of(texts))


def bytes_of(texts: Any) -> tuple[Ints, NDArray[np.uint8]]:
    """Return an Arrow array of texts in UTF-8: a text's bytes are `letters[ends[place] : ends[place + 1]]`."""
    if not len(texts):
        return np.zeros(1, np.int32), np.zeros(0, np.uint8)
    if texts.type != pa.string():  # other arrays of texts have longer offsets, and compiled loops check no bounds
        raise TypeError("texts must be an Arrow array of strings")
    _, offsets, letters = texts.buffers()
    ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return ends, np.frombuffer(letters or b"\0", np.uint8)


@compiled
def sign_bytes(ends: Ints, letters: NDArray[np.uint8]) -> Signed:
    """Return the signatures of texts in UTF-8."""
    signs = np.empty((len(ends) - 1, 2), np.uint64)
    for text in range(len(signs)):
        once, twice, first, length, beyond = 0, 0, 0, 0, 0
        place = ends[text]
        while place < ends[text + 1]:
            letter, place = letter_at(letters, place)
            seen = 1 << (letter % BUCKETS)
            beyond += (twice & seen) != 0
            twice |= once & seen
            once |= seen
            first = letter if length == 0 else first
            length += 1
        size = SIZES - 1 if beyond > MOST_BEYOND else min(length, SIZES - 1)
        signs[text, 0] = np.uint64(once | twice << BUCKETS)
        signs[text, 1] = np.uint64(first | size << 21 | min(beyond, MOST_BEYOND) << 27 | text << 32)
    return signs


@inlined
def letter_at(letters: NDArray[np.uint8], place: int) -> tuple[Any, int]:
    """Return the character whose bytes begin at a place, and where the next one begins (UTF-8, RFC 3629)."""
    head = np.int64(letters[place])
    size = 1 if head < 0x80 else 2 if head < 0xE0 else 3 if head < 0xF0 else 4
    letter = head if size == 1 else head & (0x7F >> size)
    for further in range(1, size):
        letter = letter << 6 | np.int64(letters[place + further]) & 0x3F
    return letter, place + size


def of_rows(signs: Signed, codes: Ints) -> Signed:
    """Return the signature of each row's value; a row without one has the code of a missing value."""
    missing = np.array([[0, np.iinfo(np.uint64).max << int(CODE) & np.iinfo(np.uint64).max]], np.uint64)
    return taken(np.concatenate([signs, missing]), np.where(codes < 0, len(signs), codes))


def taken(signs: Signed, places: NDArray[Any]) -> Signed:
    """Return some signatures; both numbers are fetched at once."""
    whole = np.ascontiguousarray(signs).view(np.complex128)[:, 0]
    result: Signed = np.take(whole, places)[:, None].view(np.uint64)
    return result


@inlined
def bits_set(number: np.uint64) -> np.uint64:
    """Return how many bits of a number are set, by adding neighbours (Warren 2013, Hacker's Delight, 5-1)."""
    number -= number >> np.uint64(1) & np.uint64(0x5555555555555555)
    number = (number & np.uint64(0x3333333333333333)) + (number >> np.uint64(2) & np.uint64(0x3333333333333333))
    number = (number + (number >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (number * np.uint64(0x0101010101010101)) >> np.uint64(56)


@inlined
def place_in_ceilings(letters: tuple[np.uint64, np.uint64], rest: tuple[np.uint64, np.uint64]) -> np.uint64:
    """Return where a table of ceilings tells what two unequal texts can reach, from both numbers of both signatures."""
    about, beside = rest
    shared = bits_set(letters[0] & letters[1]) + min(about >> BEYOND & LAST_BEYOND, beside >> BEYOND & LAST_BEYOND)
    place = min(shared, LAST_LENGTH) | (beside >> LENGTH & LAST_LENGTH) << np.uint64(6)
    place |= (about >> LENGTH & LAST_LENGTH) << np.uint64(12)
    return place | SAME_FIRST if ((about ^ beside) & FIRST_LETTER) == np.uint64(0) else place


@compiled
def alike(table: Level, signs: Signed, pairs: tuple[Ints, Ints]) -> Level:
    """Return the highest level each pair of rows with unequal texts can reach."""
    result = np.empty(len(pairs[0]), np.int8)
    for place in range(len(result)):
        later = min(place + AHEAD, len(result) - 1)
        fetch_ahead(signs, (pairs[0][later], 0))
        fetch_ahead(signs, (pairs[1][later], 0))
        one, other = pairs[0][place], pairs[1][place]
        result[place] = table[place_in_ceilings((signs[one, 0], signs[other, 0]), (signs[one, 1], signs[other, 1]))]
    return result


@compiled
def quick_levels(pairs: tuple[Ints, Ints], signed: tuple[Signed, Level], hidden: Hidden, equal: int) -> Level:
    """Return the level of each pair of rows as far as signatures say: equal, missing, different, or at most n as -2 - n.

    An empty table of ceilings leaves every unequal pair undecided up to the level below equality.
    """
    left, right = pairs
    signs, table = signed
    group, level_in_group = hidden
    has_table, has_group = len(table) > 0, len(group) > 0
    result = np.empty(len(left), np.int8)
    for place in range(len(left)):
        one, other = left[place], right[place]
        about, beside = signs[one, 1], signs[other, 1]
        first, second = about >> CODE, beside >> CODE
        if first == NO_CODE or second == NO_CODE:
            result[place] = MISSING
        elif first == second:
            result[place] = equal
        else:
            highest = equal - 1
            if has_table:
                highest = int(table[place_in_ceilings((signs[one, 0], signs[other, 0]), (about, beside))])
            if has_group and group[one] >= 0 and group[one] == group[other]:
                highest = max(highest, level_in_group)
            result[place] = UNDECIDED - highest if highest > 0 else 0
    return result


@compiled
def exact_levels(codes: Ints, left: Ints, right: Ints) -> Level:
    """Return whether each pair of rows has the same value: 1, 0, or missing."""
    level = np.empty(len(left), np.int8)
    for place in range(len(left)):
        one, other = codes[left[place]], codes[right[place]]
        level[place] = MISSING if one < 0 or other < 0 else one == other
    return level


@cache
def ceilings(kind: str) -> Level:
    """Return the table of the ceilings of a kind: by whether the first letters are equal, both lengths, and letters shared."""
    size = np.arange(SIZES)
    first, one, other, shared = np.meshgrid(np.arange(2), size, size, size, indexing="ij", sparse=True)
    found = {**CEILINGS, "inside": inside_ceiling}[kind](shared, one, other, first == 1)
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
    """Return the highest level two texts can reach; all letters of the shorter may be inside the longer."""
    level = reached(jaro_winkler_ceiling(shared, one, other, same_first) + 1e-4, TEXT_STEPS)
    return np.maximum(level, inside_ceiling(shared, one, other, same_first))


def inside_ceiling(shared: Sizes, one: Sizes, other: Sizes, _: NDArray[np.bool_]) -> Level:
    """Return INSIDE where all letters of the shorter text may stand in the longer."""
    shorter = np.minimum(one, other)
    return np.where((shared >= shorter) & (shorter >= SHORTEST_INSIDE), INSIDE, 0).astype(np.int8)


def email_ceiling(shared: Sizes, one: Sizes, other: Sizes, _: NDArray[np.bool_]) -> Level:
    """Return the highest level two email addresses can reach."""
    return reached(
        1.0 - fewest_slips(shared, one, other) / np.maximum(np.maximum(one, other), 1) + 1e-4, (EMAIL_ALIKE,)
    )


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
    return np.where(near, np.where(one == other, 3, 2), shared > 0).astype(np.int8)


def full_name_ceiling(shared: Sizes, one: Sizes, other: Sizes, _: NDArray[np.bool_]) -> Level:
    """Return the highest level two full names can reach: the same words have all letters in common, contained ones theirs."""
    level = np.where(shared >= 3, 3, shared >= 1)
    level = np.where(shared >= np.minimum(one, other), 4, level)
    return np.where((shared >= one) & (one == other), 5, level).astype(np.int8)


EMAIL_ALIKE = 0.75  # of the letters of an email address at least
INITIAL = 2  # the level of a Latin name and its initial
INSIDE = 2  # the level of two texts of which one is inside the other
SHORTEST_INSIDE = 2  # letters; of a shorter text it says nothing that it stands in another one
TEXT_STEPS = (0.75, 0.9, 0.9)  # no likeness reaches INSIDE: it is passed on the way to "very alike"
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
