"""What the rest of a cluster says of a pair in it: who is one person with a third is one person with whom the third is one.

A pair is weighed by what its two records say. That they stand in one cluster says more: if A is C and C is B, then A is B,
however little A and B have in common. So inside a cluster a pair is at least as sure as the less sure of its two records'
places in it, which is the average weight of a record to all others there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.clustering import HIGHEST_BITS, LOWEST_BITS, UNPROPOSED_BITS, Ints, Reals
from matchers.linkage.scoring import Scored


def fit(labels: Ints, scored: Scored) -> Reals:
    """Return the average weight, in bits, of each row to the rest of its cluster; 0 for a row alone."""
    left, right = scored.pairs.left, scored.pairs.right
    inside = labels[left] == labels[right]
    held = np.clip(scored.weight[inside], LOWEST_BITS, HIGHEST_BITS)
    ends = np.concatenate([left[inside], right[inside]])
    total = np.bincount(ends, weights=np.concatenate([held, held]), minlength=len(labels))
    proposed = np.bincount(ends, minlength=len(labels))
    others = np.bincount(labels, minlength=len(labels))[labels] - 1
    average: Reals = (total + UNPROPOSED_BITS * (others - proposed)) / np.maximum(others, 1)
    return average


def together(labels: Ints, scored: Scored) -> Reals:
    """Return the weight of each pair in bits, what the rest of its cluster says included."""
    left, right = scored.pairs.left, scored.pairs.right
    place = fit(labels, scored)
    inside: NDArray[np.bool_] = labels[left] == labels[right]
    return np.where(inside, np.maximum(scored.weight, np.minimum(place[left], place[right])), scored.weight)
