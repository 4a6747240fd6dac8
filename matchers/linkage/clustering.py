"""Groups records into persons: average-link agglomeration with conflicts, inside connected components."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.compiled import AHEAD, compiled, fetch_ahead
from matchers.linkage.large_groups import agglomerate_large
from matchers.linkage.small_groups import LARGEST, agglomerate_small

Ints = NDArray[np.int64]
Reals = NDArray[np.float64]
Rows = NDArray[np.int32]

UNPROPOSED_BITS = -1.5  # what a pair no rule proposed counts for: weakly against
TOLD_APART = -np.inf  # the weight of a pair that a number tells apart
TOLD_APART_BITS = -7.0  # half of what one number counts for: numbers have slips
LOWEST_BITS, HIGHEST_BITS = -3.0, 14.0  # one pair must not outvote all the others, and doubts about one person repeat


@dataclass(frozen=True)
class Edges:
    """Weighed pairs of rows."""

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    weight: Reals


@dataclass(frozen=True)
class Conflicts:
    """What forbids two rows to be one person: the same exclusive source (-1 none), or different certain ids (0 none)."""

    exclusive: Ints
    certain_id: Ints


Complete = Callable[[Edges, float], Edges]  # returns the pairs of components with what else is known of them


def cluster(
    row_count: int, edges: Edges, rules: tuple[Conflicts, float], complete: Complete = lambda edges, _: edges
) -> Ints:
    """Return for each row the smallest row of its cluster, by what forbids joining and the weight it takes.

    What is not settled by all pairs of a component speaking for it is grouped by the pairs that `complete` makes of its own.
    Below even odds weights count from the threshold: what speaks against joining must not come to speak for it, or
    whoever is nobody's neighbour is everybody's.
    """
    conflicts, threshold = rules
    if threshold < 0.0:
        edges, threshold = Edges(edges.left, edges.right, edges.weight - threshold), 0.0
    joining = edges.weight > threshold
    component = components(row_count, edges.left[joining], edges.right[joining])
    order = pairs_inside(component, edges.left, edges.right)
    left, right, weight = edges.left[order], edges.right[order], edges.weight[order]
    settled = unanimous(component, Edges(left, right, weight), (conflicts, threshold))
    label = np.where(settled[component], component, np.arange(row_count, dtype=np.int64))
    hard = ~settled[component[left]]
    unsettled = complete(Edges(left[hard], right[hard], weight[hard]), threshold)
    agglomerate_all(label, component, unsettled, (conflicts, threshold))
    return label


@compiled
def components(row_count: int, left: Rows, right: Rows) -> Rows:
    """Return the smallest row that pairs connect each row with: union-find with halved paths (Tarjan and van Leeuwen 1984)."""
    root = np.arange(row_count).astype(np.int32)
    for pair in range(len(left)):
        one, other = left[pair], right[pair]
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        while root[other] != other:
            root[other] = root[root[other]]
            other = root[other]
        root[max(one, other)] = min(one, other)
    for row in range(len(root)):  # a root is smaller than its rows
        root[row] = root[root[row]]
    return root


@compiled
def pairs_inside(group: Rows | Ints, left: Rows, right: Rows) -> Ints:
    """Return the places of the pairs whose rows are in one group."""
    places, found = np.empty(len(left), np.int64), 0
    for pair in range(len(left)):
        fetch_ahead(group, right[min(pair + AHEAD, len(left) - 1)])
        if group[left[pair]] == group[right[pair]]:
            places[found] = pair
            found += 1
    return places[:found].copy()


def unanimous(component: NDArray[np.int32], edges: Edges, rules: tuple[Conflicts, float]) -> NDArray[np.bool_]:
    """Return the components in which every pair speaks for joining and nothing forbids it: no order can split them."""
    conflicts, threshold = rules
    sizes = np.bincount(component)
    speaking = np.bincount(component[edges.left[edges.weight > threshold]], minlength=len(sizes))
    result: NDArray[np.bool_] = speaking == sizes * (sizes - 1) // 2
    return result & ~has_conflict(component, conflicts, len(sizes))


def has_conflict(component: NDArray[np.int32], conflicts: Conflicts, count: int) -> NDArray[np.bool_]:
    """Return the components that hold two rows of one exclusive source, or two certain ids."""
    result = np.zeros(count, bool)
    rows = np.flatnonzero(conflicts.exclusive >= 0)
    keys = component[rows].astype(np.int64) * (int(conflicts.exclusive.max(initial=0)) + 1) + conflicts.exclusive[rows]
    distinct, times = np.unique(keys, return_counts=True)
    result[distinct[times > 1] // (int(conflicts.exclusive.max(initial=0)) + 1)] = True
    rows = np.flatnonzero(conflicts.certain_id != 0)
    pairs = np.unique(np.stack([component[rows].astype(np.int64), conflicts.certain_id[rows]], 1), axis=0)
    result[np.bincount(pairs[:, 0], minlength=count) > 1] = True
    return result


def agglomerate_all(label: Ints, component: NDArray[np.int32], edges: Edges, rules: tuple[Conflicts, float]) -> None:
    """Agglomerate inside each component that is not settled, writing the smallest row of each cluster into `label`."""
    if not len(edges.left):
        return
    conflicts, threshold = rules
    home = component[edges.left]
    order = np.lexsort((edges.right, edges.left, home))
    bounds = np.concatenate([[0], np.flatnonzero(np.diff(home[order])) + 1, [len(order)]])
    left, right, weight = edges.left[order], edges.right[order], edges.weight[order]
    is_small = np.bincount(component)[home[order[bounds[:-1]]]] <= LARGEST
    for start, end in zip(bounds[:-1][~is_small].tolist(), bounds[1:][~is_small].tolist(), strict=True):
        large = (left[start:end], right[start:end], held_bits(weight[start:end]))
        rows, roots = agglomerate_large(
            large, (conflicts.exclusive, conflicts.certain_id), (threshold, UNPROPOSED_BITS)
        )
        label[rows] = roots
    kept = np.repeat(is_small, np.diff(bounds))
    starts = np.concatenate([[0], np.cumsum(np.diff(bounds)[is_small])])
    small = (left[kept].astype(np.int64), right[kept].astype(np.int64), held_bits(weight[kept]), starts)
    agglomerate_small(label, small, (conflicts.exclusive, conflicts.certain_id), (threshold, UNPROPOSED_BITS))


def held_bits(weight: Reals) -> Reals:
    """Return what pairs count for in a cluster: no one pair outvotes all the others."""
    held = np.where(weight == TOLD_APART, TOLD_APART_BITS, np.clip(weight, LOWEST_BITS, HIGHEST_BITS))
    return held.astype(np.float64)
