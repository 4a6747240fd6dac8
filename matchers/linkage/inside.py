"""One place or address inside the other: an office writes the county before the township, and the next one the village too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchers.linkage.compiled import compiled
from matchers.linkage.signatures import INSIDE, SHORTEST_INSIDE, Level

HAN = "[\u3400-\u4dbf\u4e00-\u9fff]"
WORD_CUT = re.compile(r"[0-9a-z]{2}")  # both sides of an edge that would cut a number or a word in two
Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Worded:
    """Distinct texts by their words: `words[starts[code] : starts[code + 1]]` are the numbers of a text's words, in order."""

    texts: NDArray[Any]
    starts: Ints
    words: Ints
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
        texts = zip(self.texts[pairs // len(self.texts)], self.texts[pairs % len(self.texts)], strict=True)
        return np.array([INSIDE * is_run(*both) for both in texts], np.int8)[place]


def read_words(texts: Any) -> Worded:
    """Return the texts of an Arrow array by their words."""
    split = pc.split_pattern(texts, " ")
    starts = split.offsets.to_numpy().astype(np.int32)
    words = split.flatten().dictionary_encode().indices.to_numpy().astype(np.int32)
    sort_words(starts, words)
    is_han = pc.match_substring_regex(texts, HAN).to_numpy(zero_copy_only=False)
    return Worded(
        texts.to_numpy(zero_copy_only=False), starts, words, pc.utf8_length(texts).to_numpy().astype(np.int32), is_han
    )


@compiled
def sort_words(starts: Ints, words: Ints) -> None:
    """Sort, in place, the words of every text."""
    for text in range(len(starts) - 1):  # by insertion: texts have few words
        for place in range(starts[text] + 1, starts[text + 1]):
            word, lower = words[place], place
            while lower > starts[text] and words[lower - 1] > word:
                words[lower] = words[lower - 1]
                lower -= 1
            words[lower] = word


@compiled
def words_inside(starts: Ints, words: Ints, pairs: tuple[Ints, Ints]) -> NDArray[np.bool_]:
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
