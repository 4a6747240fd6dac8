"""Average-link agglomeration of small components: every pair of rows in one table, so that weighing anew is a sum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.compiled import compiled

LARGEST = 64  # rows; whoever has more is agglomerated by neighbours, as the table grows with the square
Ints = NDArray[np.int64]
Reals = NDArray[np.float64]
Tables = tuple[Reals, NDArray[np.int32], NDArray[np.bool_]]


@compiled
def fill(tables: Tables, rows: Ints, edges: tuple[Ints, Ints, Reals], conflicts: tuple[Ints, Ints]) -> None:
    """Write, in place, the weight and number of weighed pairs between each two rows, and whether they may not be one."""
    weight, count, apart = tables
    exclusive, certain = conflicts
    for one in range(len(rows)):
        for other in range(len(rows)):
            a, b = rows[one], rows[other]
            weight[one, other], count[one, other] = 0.0, 0
            apart[one, other] = (exclusive[a] >= 0 and exclusive[a] == exclusive[b]) or (
                certain[a] != 0 and certain[b] != 0 and certain[a] != certain[b]
            )
    left, right, bits = edges
    for place in range(len(left)):
        one, other = np.searchsorted(rows, left[place]), np.searchsorted(rows, right[place])
        weight[one, other] = weight[other, one] = bits[place]
        count[one, other] = count[other, one] = 1


@compiled
def best_pair(tables: Tables, sizes: Ints, bounds: tuple[float, float]) -> tuple[int, int]:
    """Return the two clusters with the highest average weight above the threshold, the first of equal ones; -1 for none."""
    weight, count, apart = tables
    threshold, unproposed = bounds
    best, found = threshold, (-1, -1)
    for one in range(len(sizes)):
        if not sizes[one]:
            continue
        for other in range(one + 1, len(sizes)):
            if not sizes[other] or not count[one, other] or apart[one, other]:
                continue
            possible = sizes[one] * sizes[other]
            average = (weight[one, other] + unproposed * (possible - count[one, other])) / possible
            if average > best:
                best, found = average, (one, other)
    return found


@compiled
def join(tables: Tables, sizes: Ints, kept: int, gone: int) -> None:
    """Add, in place, what one cluster has in common with every other to another's."""
    weight, count, apart = tables
    sizes[kept] += sizes[gone]
    sizes[gone] = 0
    for third in range(len(sizes)):
        weight[kept, third] += weight[gone, third]
        weight[third, kept] = weight[kept, third]
        count[kept, third] += count[gone, third]
        count[third, kept] = count[kept, third]
        apart[kept, third] |= apart[gone, third]
        apart[third, kept] = apart[kept, third]


@compiled
def agglomerate_small(
    label: Ints, edges: tuple[Ints, Ints, Reals, Ints], conflicts: tuple[Ints, Ints], bounds: tuple[float, float]
) -> None:
    """Write, in place, the smallest row of each row's cluster, component by component.

    The edges of a component, at most LARGEST rows, stand together; the last array says where each component's begin.
    """
    left, right, bits, starts = edges
    weight, count = np.empty((LARGEST, LARGEST)), np.empty((LARGEST, LARGEST), np.int32)
    apart = np.empty((LARGEST, LARGEST), np.bool_)
    for number in range(len(starts) - 1):
        begin, end = starts[number], starts[number + 1]
        rows = np.unique(np.concatenate((left[begin:end], right[begin:end])))
        size = len(rows)
        tables = (weight[:size, :size], count[:size, :size], apart[:size, :size])
        fill(tables, rows, (left[begin:end], right[begin:end], bits[begin:end]), conflicts)
        sizes, home = np.ones(size, np.int64), np.arange(size)
        kept, gone = best_pair(tables, sizes, bounds)
        while kept >= 0:
            join(tables, sizes, kept, gone)
            home[home == gone] = kept
            kept, gone = best_pair(tables, sizes, bounds)
        for place in range(size):
            label[rows[place]] = rows[home[place]]
