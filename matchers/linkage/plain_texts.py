"""Compares short texts in plain letters, as nearly all are, without making Python's texts of them.

The measures are rapidfuzz's, which compares all others: a bit for every letter of a text, as long as it has no more than 64.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.compiled import AHEAD, compiled, fetch_ahead, inlined
from matchers.linkage.model import Reals
from matchers.linkage.signatures import bytes_of

NOT_PLAIN = -1
MOST_LETTERS = 64
PLAIN_LETTERS = 128  # of ASCII
WINKLER_FROM, PREFIX_WEIGHT, LONGEST_PREFIX = 0.7, 0.1, 4
ONE = np.uint64(1)
NOTHING = np.uint64(0)
Codes = NDArray[np.int32]
Bytes = NDArray[np.uint8]
Text = tuple[int, int]  # where its bytes begin and end


def jaro_winkler(texts: Any, one: Codes, other: Codes) -> Reals:
    """Return the Jaro-Winkler likeness (Winkler 1990) of pairs of texts of an Arrow array; NOT_PLAIN where one is not plain."""
    ends, letters = bytes_of(texts)
    return jaro_winklers(ends, letters, (one, other))


def slips(texts: Any, one: Codes, other: Codes) -> NDArray[np.int16]:
    """Return how many letters pairs of texts of an Arrow array differ by; NOT_PLAIN where one is not plain.

    A slip is a letter changed, dropped, added or exchanged with its neighbour, none of them touched twice (optimal string
    alignment).
    """
    ends, letters = bytes_of(texts)
    return slip_counts(ends, letters, (one, other))


@inlined
def is_plain(letters: Bytes, begin: int, end: int) -> bool:
    """Return whether a text is short, not empty, and in plain letters."""
    every = np.uint8(0)
    for place in range(begin, end):
        every |= letters[place]
    return bool(every < PLAIN_LETTERS) and 0 < end - begin <= MOST_LETTERS


@inlined
def fetch_texts(ends: Codes, letters: Bytes, codes: Codes, pair: int) -> None:
    """Ask for the memory of the texts of pairs that follow: where each begins, and a little later its letters."""
    last = len(codes) - 1
    fetch_ahead(ends, codes[min(pair + 2 * AHEAD, last)])
    fetch_ahead(letters, ends[codes[min(pair + AHEAD, last)]])


@inlined
def both_texts(ends: Codes, letters: Bytes, pairs: tuple[Codes, Codes], pair: int) -> tuple[Text, Text, bool]:
    """Return where both texts of a pair stand, and whether both are plain; those of later pairs are asked for."""
    fetch_texts(ends, letters, pairs[0], pair)
    fetch_texts(ends, letters, pairs[1], pair)
    one, other = pairs[0][pair], pairs[1][pair]
    first, second = (ends[one], ends[one + 1]), (ends[other], ends[other + 1])
    return first, second, is_plain(letters, first[0], first[1]) and is_plain(letters, second[0], second[1])


@compiled
def jaro_winklers(ends: Codes, letters: Bytes, pairs: tuple[Codes, Codes]) -> Reals:
    """Return the likeness of each pair; see jaro_winkler."""
    result = np.empty(len(pairs[0]))
    places = np.zeros(PLAIN_LETTERS, np.uint64)
    for pair in range(len(result)):
        first, second, plain = both_texts(ends, letters, pairs, pair)
        result[pair] = NOT_PLAIN
        if plain:
            result[pair] = with_prefix(jaro(letters, first, second, places), letters, first, second)
    return result


@inlined
def with_prefix(likeness: float, letters: Bytes, first: Text, second: Text) -> float:
    """Return a Jaro likeness with what Winkler adds for texts that begin alike."""
    prefix, most = 0, min(first[1] - first[0], second[1] - second[0], LONGEST_PREFIX)
    if likeness > WINKLER_FROM:
        while prefix < most and letters[first[0] + prefix] == letters[second[0] + prefix]:
            prefix += 1
    return likeness + prefix * PREFIX_WEIGHT * (1.0 - likeness)


@compiled
def jaro(letters: Bytes, first: Text, second: Text, places: NDArray[np.uint64]) -> float:
    """Return the Jaro likeness of two plain texts; `places` is all zero before and after."""
    begin, start = first[0], second[0]
    length, other = first[1] - begin, second[1] - start
    for place in range(length):
        places[letters[begin + place]] |= ONE << np.uint64(place)
    reach = max(length, other) // 2 - 1  # below zero for single letters, which are met where they stand
    window = (ONE << np.uint64(max(reach, 0) + 1)) - ONE
    met, met_other, common = NOTHING, NOTHING, 0
    for place in range(other):
        found = places[letters[start + place]] & window & ~met
        if found != NOTHING:
            met |= found & (~found + ONE)
            met_other |= ONE << np.uint64(place)
            common += 1
        window = window << ONE | (ONE if place < reach else NOTHING)
    exchanged = 0
    for place in range(other):  # the letters met of both, in order: those that differ stand exchanged
        if met_other >> np.uint64(place) & ONE:
            lowest = met & (~met + ONE)
            exchanged += (places[letters[start + place]] & lowest) == NOTHING
            met ^= lowest
    for place in range(length):
        places[letters[begin + place]] = NOTHING
    if common == 0:
        return 0.0
    return (common / length + common / other + (common - exchanged // 2) / common) / 3.0


@compiled
def slip_counts(ends: Codes, letters: Bytes, pairs: tuple[Codes, Codes]) -> NDArray[np.int16]:
    """Return the slips of each pair; see slips. All rows of the table of edits are one number (Hyyrö 2003)."""
    result = np.empty(len(pairs[0]), np.int16)
    places = np.zeros(PLAIN_LETTERS, np.uint64)
    for pair in range(len(result)):
        first, second, plain = both_texts(ends, letters, pairs, pair)
        result[pair] = osa(letters, first, second, places) if plain else NOT_PLAIN
    return result


@compiled
def osa(letters: Bytes, first: Text, second: Text, places: NDArray[np.uint64]) -> int:
    """Return the slips between two plain texts; `places` is all zero before and after."""
    begin, end = first
    for place in range(begin, end):
        places[letters[place]] |= ONE << np.uint64(place - begin)
    up, down, level, before, count = ~NOTHING, NOTHING, NOTHING, NOTHING, end - begin
    last = ONE << np.uint64(end - begin - 1)
    for place in range(second[0], second[1]):
        found = places[letters[place]]
        exchanged = ((~level & found) << ONE) & before
        level = ((((found & up) + up) ^ up) | found | down) | exchanged
        more, less = down | ~(level | up), level & up
        count += int((more & last) != NOTHING) - int((less & last) != NOTHING)
        more, less = more << ONE | ONE, less << ONE
        up, down, before = less | ~(level | more), more & level, found
    for place in range(begin, end):
        places[letters[place]] = NOTHING
    return count
