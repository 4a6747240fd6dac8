"""One place or address inside the other: an office writes the county before the township, and the next one the village too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchers.linkage.compiled import compiled, inlined
from matchers.linkage.signatures import INSIDE, SHORTEST_INSIDE, Level, bytes_of, letter_at

FIRST_HAN, LAST_RARE_HAN, FIRST_USUAL_HAN, LAST_HAN = 0x3400, 0x4DBF, 0x4E00, 0x9FFF
BLANK = ord(" ")
FNV_BASIS, FNV_PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
WORD_CUT = re.compile(r"[0-9a-z]{2}")  # both sides of an edge that would cut a number or a word in two
Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Worded:
    """Distinct texts by their words: `words[starts[code] : starts[code + 1]]` are the numbers of a text's words, in order."""

    texts: Any
    starts: Ints
    words: NDArray[np.uint64]
    lengths: Ints
    is_han: NDArray[np.bool_]

    def levels(self, one: Ints, other: Ints) -> Level:
        """Return INSIDE for each pair of unequal texts of which one is inside the other, else 0.

        All words of the shorter text stand in the longer, or its characters as a run where it is Chinese.
        """
        swapped = self.lengths[one] > self.lengths[other]
        shorter, longer = np.where(swapped, other, one), np.where(swapped, one, other)
        level = np.where(words_inside(self.starts, self.words, (shorter, longer)), np.int8(INSIDE), np.int8(0))
        level[self.lengths[shorter] < SHORTEST_INSIDE] = 0
        han = np.flatnonzero(self.is_han[shorter] & (self.lengths[shorter] >= SHORTEST_INSIDE))
        level[han] = self.runs(shorter[han], longer[han])
        return level

    def runs(self, shorter: Ints, longer: Ints) -> Level:
        """Return INSIDE for each pair of texts of which the first stands in the second as a run; pairs repeat."""
        pairs, place = np.unique(shorter.astype(np.int64) * len(self.texts) + longer, return_inverse=True)
        both = (self.texts.take(pa.array(code)).to_pylist() for code in np.divmod(pairs, len(self.texts)))
        return np.array([INSIDE * is_run(*texts) for texts in zip(*both, strict=True)], np.int8)[place]


def read_words(texts: Any) -> Worded:
    """Return the texts of an Arrow array by their words."""
    ends, letters = bytes_of(texts)
    starts = np.append(0, np.cumsum(pc.count_substring(texts, " ").to_numpy() + 1)).astype(np.int32)
    words, lengths = np.empty(starts[-1], np.uint64), np.empty(len(texts), np.int32)
    is_han = np.zeros(len(texts), np.bool_)
    number_words((ends, letters), (starts, words), (lengths, is_han))
    return Worded(texts, starts, words, lengths, is_han)


@compiled
def number_words(
    texts: tuple[Ints, NDArray[np.uint8]], out: tuple[Ints, NDArray[np.uint64]], about: tuple[Ints, NDArray[np.bool_]]
) -> None:
    """Write, in place, the words of every text as numbers, in order, its length, and whether it is Chinese.

    A word's number is the hash of its characters (FNV-1a, 64 bits): that two of a thousand million words share one has a
    chance of one in forty.
    """
    ends, letters = texts
    starts, words = out
    lengths, is_han = about
    for text in range(len(lengths)):
        place, length, word, number = ends[text], 0, starts[text], FNV_BASIS
        while place < ends[text + 1]:
            letter, place = letter_at(letters, place)
            length += 1
            is_han[text] |= FIRST_HAN <= letter <= LAST_HAN and not LAST_RARE_HAN < letter < FIRST_USUAL_HAN
            if letter == BLANK:
                put(words, (starts[text], word), number)
                word, number = word + 1, FNV_BASIS
            else:
                number = (number ^ np.uint64(letter)) * FNV_PRIME
        put(words, (starts[text], word), number)
        lengths[text] = length


@inlined
def put(words: NDArray[np.uint64], places: tuple[int, int], word: np.uint64) -> None:
    """Put a word, in place, among those of its text before it, in order."""
    first, place = places
    while place > first and words[place - 1] > word:
        words[place] = words[place - 1]
        place -= 1
    words[place] = word


@compiled
def words_inside(starts: Ints, words: NDArray[np.uint64], pairs: tuple[Ints, Ints]) -> NDArray[np.bool_]:
    """Return for each pair of texts whether all words of the first, repeats included, stand in the second."""
    result = np.zeros(len(pairs[0]), np.bool_)
    for pair in range(len(result)):
        one, other = pairs[0][pair], pairs[1][pair]
        place, end, left = starts[other], starts[other + 1], starts[one + 1] - starts[one]
        for word in range(starts[one], starts[one + 1]):
            while place < end and words[place] < words[word]:
                place += 1
            if place == end or words[place] != words[word]:
                break
            place += 1
            left -= 1
        result[pair] = left == 0
    return result


def is_run(shorter: str, longer: str) -> bool:
    """Return whether a text stands in another one without a number or a word being cut in two."""
    place = longer.find(shorter)
    while place >= 0:
        end = place + len(shorter)
        edges = (longer[max(place - 1, 0) : place + 1], longer[end - 1 : end + 1])
        if not any(WORD_CUT.fullmatch(edge) for edge in edges):
            return True
        place = longer.find(shorter, place + 1)
    return False
