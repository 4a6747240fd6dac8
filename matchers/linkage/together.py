"""What the rest of a cluster says of a pair in it: who is one person with a third is one person with whom the third is one.

A pair is weighed by what its two records say. That they stand in one cluster says more: if A is C and C is B, then A is B,
however little A and B have in common. So inside a cluster a pair is at least as sure as the less sure of its two records'
places in it, which is the average weight of a record to all others there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.clustering import HIGHEST_BITS, LOWEST_BITS, UNPROPOSED_BITS, Ints, Reals, Rows
from matchers.linkage.compiled import compiled
from matchers.linkage.scoring import Scored


def fit(labels: Ints, scored: Scored) -> Reals:
    """Return the average weight, in bits, of each row to the rest of its cluster; 0 for a row alone."""
    total, proposed = np.zeros(len(labels)), np.zeros(len(labels), np.int64)
    add_held(labels, (scored.pairs.left, scored.pairs.right), scored.weight, (total, proposed))
    others = np.bincount(labels, minlength=len(labels))[labels] - 1
    average: Reals = (total + UNPROPOSED_BITS * (others - proposed)) / np.maximum(others, 1)
    return average


@compiled
def add_held(labels: Ints, pairs: tuple[Rows, Rows], weight: Reals, out: tuple[Reals, Ints]) -> None:
    """Add, in place, what the pairs inside clusters count for to both their rows, and how many pairs a row has."""
    total, proposed = out
    for ends in pairs:
        for pair in range(len(weight)):
            if labels[pairs[0][pair]] == labels[pairs[1][pair]]:
                total[ends[pair]] += min(max(weight[pair], LOWEST_BITS), HIGHEST_BITS)
                proposed[ends[pair]] += 1


def together(labels: Ints, scored: Scored, place: Reals) -> Reals:
    """Return the weight of each pair in bits, what the rest of its cluster says of its rows' places in it included."""
    left, right = scored.pairs.left, scored.pairs.right
    inside: NDArray[np.bool_] = labels[left] == labels[right]
    return np.where(inside, np.maximum(scored.weight, np.minimum(place[left], place[right])), scored.weight)
