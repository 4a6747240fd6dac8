"""Rows of one file that go with the same row of another file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.clustering import Edges

Rows = NDArray[np.int32]
MOST_RIVALS = 20  # of one row in one file that are held against each other; bounds the work


def rivals(edges: Edges, source: NDArray[np.int64], threshold: float) -> tuple[Rows, Rows]:
    """Return each pair of rows of one file that both have a weight above the threshold with one row of another file."""
    joining = edges.weight > threshold
    ends = edges.left[joining], edges.right[joining]
    middle, beside = np.concatenate(ends), np.concatenate(ends[::-1])
    order = np.lexsort((beside, source[beside], middle))
    middle, beside = middle[order], beside[order]
    found = [np.zeros(0, np.int64)]
    for apart in range(1, min(MOST_RIVALS, len(middle))):
        one, other = beside[:-apart], beside[apart:]
        together = (middle[:-apart] == middle[apart:]) & (source[one] == source[other])
        found.append((one[together].astype(np.int64) << 32) | other[together])
    packed = np.unique(np.concatenate(found))
    return (packed >> 32).astype(np.int32), (packed & 0xFFFFFFFF).astype(np.int32)
