"""One place or address inside the other: an office writes the county before the township, and the next one the village too."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.signatures import INSIDE, SHORTEST_INSIDE, Level

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
WORD_CUT = re.compile(r"[0-9a-z]{2}")  # both sides of an edge that would cut a number or a word in two


def inside_levels(first: NDArray[Any], second: NDArray[Any]) -> Level:
    """Return INSIDE for each pair of unequal texts of which one is inside the other, else 0."""
    pairs = zip(first, second, strict=True)
    return np.array([INSIDE * is_inside(*sorted(pair, key=len)) for pair in pairs], dtype=np.int8)


def is_inside(shorter: str, longer: str) -> bool:
    """Return whether all words of the shorter text stand in the longer, or its characters as a run where it is Chinese."""
    if len(shorter) < SHORTEST_INSIDE:
        return False
    if HAN.search(shorter):
        return is_run(shorter, longer)
    return Counter(shorter.split(" ")) <= Counter(longer.split(" "))


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
