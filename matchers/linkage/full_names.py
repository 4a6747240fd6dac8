"""How alike two full names are, word by word: which word is the surname is not known, nor in which order they stand."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

Words = NDArray[np.int32]  # of each name the numbers of its words, -1 behind the last
Sizes = tuple[NDArray[np.int32], NDArray[np.int32]]
MOST_WORDS = 6  # of a name that are looked at
NOTHING, INITIAL, ALIKE, EQUAL = range(4)
DIFFERENT, ONE_WORD, SOME_WORDS, NEARLY_CONTAINED, CONTAINED, SAME_WORDS = range(6)
DIGIT = re.compile("[0-9]")
ALIKE_FROM = 0.9  # Jaro-Winkler, as of a given name that is very alike
SHORTEST_SLIP = 4  # letters of the longer word, for one wrong letter to be a slip


def full_name_levels(first: NDArray[Any], second: NDArray[Any]) -> NDArray[np.int8]:
    """Return the level of two full names that are not equal.

    To have one word in common is what a family does. Names are nearly contained where every word of the shorter stands in
    the longer but for slips and initials.
    """
    words, (one, other), sizes = cut_words(first, second)
    found = matched(words, one, other)
    whole, nearly = (found >= ALIKE).sum(1), (found >= INITIAL).sum(1)
    equal = (found == EQUAL).sum(1)
    shorter, longer = np.minimum(*sizes), np.maximum(*sizes)
    level: NDArray[np.int8] = np.minimum(whole, SOME_WORDS).astype(np.int8)
    level[(whole >= 1) & (nearly == shorter) & (shorter >= 2)] = NEARLY_CONTAINED
    level[(equal == shorter) & (shorter >= 2)] = CONTAINED
    level[(equal == longer) & (longer >= 1)] = SAME_WORDS
    return level


def cut_words(first: NDArray[Any], second: NDArray[Any]) -> tuple[NDArray[Any], tuple[Words, Words], Sizes]:
    """Return the distinct words of two columns of names, those of each name, and how many there are of each name."""
    cut = pc.utf8_split_whitespace(pa.array(np.concatenate([first, second]), pa.string()))
    coded = cut.flatten().dictionary_encode()
    sizes = np.diff(cut.offsets.to_numpy())
    place = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    row = np.repeat(np.arange(len(sizes)), sizes)
    kept = place < MOST_WORDS
    words = np.full((len(sizes), min(MOST_WORDS, int(sizes.max(initial=1)))), -1, np.int32)
    words[row[kept], place[kept]] = coded.indices.to_numpy()[kept]
    parts = slice(None, len(first)), slice(len(first), None)
    of_names, counts = (words[parts[0]], words[parts[1]]), (sizes[parts[0]], sizes[parts[1]])
    return coded.dictionary.to_numpy(zero_copy_only=False), of_names, counts


def matched(words: NDArray[Any], one: Words, other: Words) -> NDArray[np.int8]:
    """Return for each word of the first name how well it fits a word of the second; each is taken once, the best first."""
    fit = word_fits(words, one, other)
    found = np.zeros(one.shape, np.int8)
    taken = np.zeros(other.shape, bool)
    for wanted in (EQUAL, ALIKE, INITIAL):
        for here, there in product(range(one.shape[1]), range(other.shape[1])):
            fits = np.flatnonzero(fit[here, there] == wanted)
            fits = fits[(found[fits, here] == NOTHING) & ~taken[fits, there]]
            found[fits, here] = wanted
            taken[fits, there] = True
    return found


def word_fits(words: NDArray[Any], one: Words, other: Words) -> NDArray[np.int8]:
    """Return by places how well the words of first names fit those of second ones; a pair of words is compared once."""
    here, there = np.broadcast_arrays(one.T[:, None, :], other.T[None, :, :])
    both = (here >= 0) & (there >= 0)
    fit = np.where(both & (here == there), EQUAL, NOTHING).astype(np.int8)
    rest = both & (here != there)
    low, high = np.minimum(here[rest], there[rest]).astype(np.int64), np.maximum(here[rest], there[rest])
    pairs, place = np.unique(low * len(words) + high, return_inverse=True)
    fit[rest] = fits_of_words(words[pairs // max(len(words), 1)], words[pairs % max(len(words), 1)])[place]
    return fit


def fits_of_words(first: NDArray[Any], second: NDArray[Any]) -> NDArray[np.int8]:
    """Return how well two unequal words fit: an initial, a slip, or alike; another number is another thing."""
    lengths = np.array([(len(a), len(b)) for a, b in zip(first, second, strict=True)], np.int64).reshape(-1, 2)
    slip = (cpdist(first, second, scorer=OSA.distance, workers=2) <= 1) & (lengths.max(1) >= SHORTEST_SLIP)
    alike = cpdist(first, second, scorer=JaroWinkler.similarity, workers=2) >= ALIKE_FROM
    has_number = np.array([bool(DIGIT.search(a) or DIGIT.search(b)) for a, b in zip(first, second, strict=True)], bool)
    same_first = np.array([a[:1] == b[:1] for a, b in zip(first, second, strict=True)], bool)
    is_initial = (lengths.min(1) == 1) & same_first
    result: NDArray[np.int8] = np.where(
        is_initial, INITIAL, np.where((slip | alike) & (lengths.min(1) > 1) & ~has_number, ALIKE, NOTHING)
    ).astype(np.int8)
    return result
